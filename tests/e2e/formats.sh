#!/bin/sh
# Sentences of the pages on cells, lessons and the command line, each tried on the program.
. "$(dirname "$0")/lib"

front='---\ntitle: T\nmodel: {cell: gru, hidden: 2'
cell() { printf 'cell a "A"\n%b' "$1" >"$out/a.cell"; } # BODY
lesson() { printf '%b' "$front$1\n---\n# T\n" >"$out/a.md"; } # REST of the model, then data
right() { exits 0 "$gatewalk" check "$1" && silent && [ ! -s "$out/exits.err" ]; }
wrong() { exits 1 "$gatewalk" check "$1" && silent && shift && for m; do says "$m" || return 1; done; }
only() { [ "$(grep -c ': error: ' "$out/exits.err")" = "$1" ]; } # so many mistakes
json() { "$gatewalk" trace "$1" --format json | jq -e "$2" >/dev/null; }

keywords_are_names() {
    cell 'param = W @ x\nconst = param\nstart = const\nzh = start\nsource = zh\nnote = source\ncell = note\nsize = 3 * cell\ninit = size\noutput = init\nh = output\nsize size = 4\ninit W = 0\n' &&
        right "$out/a.cell" && json "$out/a.cell" '.layers[0].values | keys | length == 11'
}
reserved_names_are_refused() {
    cell 'input = W @ x\nhidden = 1\nt = 1\nx = 1\ntanh = 1\nh = W @ x\n' &&
        wrong "$out/a.cell" ':2:1: error: input is reserved' ':6:1: error: tanh is a function' && only 5
}
numbers_are_strict() {
    cell 'h = W @ x + .5\ng = 1. * h\nf = 1e999\nconst k = 1e400\n' && wrong "$out/a.cell" ':2:13:' ':3:5:' ':4:5:' ':5:11:' && only 4
}
names_are_compared_in_nfc() {
    cell 'o\0314\0203 = W @ x\nh = tanh(\0303\0265)\n' && right "$out/a.cell"
}
byte_order_mark_and_crlf() {
    printf '\357\273\277cell a "A"\r\nh = W @ x\r\n' >"$out/a.cell" && right "$out/a.cell" &&
        printf '\357\273\277---\r\ntitle: T\r\nmodel: {cell: gru, hiden: 2}\r\ndata: {inputs: [1]}\r\n---\r\n# T\r\n' >"$out/a.md" &&
        wrong "$out/a.md" ':3:20: error: .*hidden' && only 1
}
control_letters_are_told() {
    cell 'h = W @ x # \0001\nc = h "a\0007b"\n# \0377\n' && wrong "$out/a.cell" ':2:13:' ':3:9:' ':4:3:' '\\x07' '\\xFF' && only 3
}
a_wrong_slice_is_one_mistake() {
    cell 'h = W @ h[t-1][3:2]\n' && wrong "$out/a.cell" ':2:9: .*rows 3 to 2' && only 1 &&
        cell 'h = W @ h[t-1][hidden/3 : 2]\n' && wrong "$out/a.cell" '4 / 3 does not come out even' && only 1
}
an_open_shape_is_the_whole() {
    cell 'h = max(0, a * (b + 1)) + s\nparam s : 1\n' && json "$out/a.cell" '.params | .a.shape == [4] and .b.shape == [4] and .s.shape == [1]'
}
capitals_have_two_sides() {
    cell 'size S = 1\nS = sum(x)\nh = S * U + W @ x\nparam U : 1 x 1\n' &&
        json "$out/a.cell" '.params.U.shape == [1, 1] and .params.U.value[0][0] and .layers[0].start == {} and (.head == null)'
}
both_stacks_are_one_above_the_other() {
    cell 'h = tanh(W @ [h[t-1], x] + [a, [b; c]])\nparam a : 1\nparam b : 2\n' && json "$out/a.cell" '.params | .W.shape == [4, 7] and .c.shape == [1]' &&
        cell 'h = [a; b, c]\n' && wrong "$out/a.cell" ':2:10: error: .*one of them throughout' && only 1
}
infinities_are_texts() {
    cell 'c = 1 / (t - 1)\nh = (c - c) * (W @ x)\n' &&
        json "$out/a.cell" '.layers[0].values | .c[0][0] == "Infinity" and .h[0][0] == "NaN"'
}
start_expressions_learn() {
    cell 'h = tanh(h[t-3] + W @ x)\nstart h = 2 * k\n' &&
        json "$out/a.cell" '(.params.k.value | map(2 * .)) == .layers[0].start.h
            and (.params.k.grad as $g | .layers[0].start_grads.h | map(2 * .)) == .params.k.grad' &&
        exits 0 "$gatewalk" gradcheck "$out/a.cell"
}
every_timestep_before_the_first_has_the_start() {
    cell 'c = W @ x\nh = c[t-1] + 10 * c[t-2] + 100 * c[t-9]\nstart c = 1\n' &&
        json "$out/a.cell" '.layers[0].values.h[0] == [111, 111, 111, 111] and .layers[0].start_grads.c[0] == 100'
}
null_is_a_symbol_among_symbols() {
    lesson ', head: softmax, loss: cross-entropy}\ndata: {inputs: [y, no, null, 1e3, "7", y], targets: [no, null, y, "7", 1e3, no]}' &&
        json "$out/a.md" '(.inputs | map(index(1))) == [0, 1, 2, 3, 4, 0] and (.head.values.y[0] | length) == 5' &&
        lesson ', head: softmax, loss: cross-entropy, loss_at: [2]}\ndata: {inputs: [a, b], targets: [null, b]}' && right "$out/a.md" &&
        lesson ', head: softmax, loss: cross-entropy, loss_at: [2]}\ndata: {inputs: [a, b], targets: [~, ~]}' && wrong "$out/a.md" 'needs a target'
}
targets_of_bce_lie_between_0_and_1() {
    lesson ', head: sigmoid, loss: binary-cross-entropy}\ndata: {inputs: [1, 2], targets: [0.5, 1.5]}' && wrong "$out/a.md" ':4:39: .*from 0 to 1' && only 1
}
both_counts_are_named() {
    lesson ', head: linear, loss: mse, loss_at: [1, 3]}\ndata: {inputs: [1, 2, 3], targets: [1]}' && wrong "$out/a.md" '1 entry.* 3, .* 2, '
}
loss_at_is_read_with_any_loss() {
    lesson ', loss_at: first}\ndata: {inputs: [1, 2, 3]}' && wrong "$out/a.md" 'model.loss_at'
}
all_mistakes_of_start_and_values() {
    lesson '}\ndata: {inputs: [1, 2], start: {q: [1, 2], h: [1], layer2.h: [1, 2]}}\nweights: {values: {W_q: [[1]], W_z: [[1]]}}' &&
        wrong "$out/a.md" ':4:32: ' ':4:43: .*h has 2 values' ':4:51: ' ":5:20: .*'W_r'" ':5:37: .*2×3' && only 5
}
losses_are_those_of_the_page() {
    lesson ', loss: mse, loss_at: last, reduction: sum}\ndata: {inputs: [1, 2], targets: [[3, 4]], start: {h: [0, 0]}}' &&
        json "$out/a.md" '(.layers[0].values.h[1] | (.[0] - 3) * (.[0] - 3) + (.[1] - 4) * (.[1] - 4)) - .loss | fabs < 1e-12' &&
        lesson ', loss: none}\ndata: {inputs: [1, 2]}' && json "$out/a.md" '.loss == null and ([.params[].grad | flatten[]] | all(. == 0))'
}
heads_have_no_param_lines() {
    lesson ', head: "y = tanh(A @ h)[1:1]"}\ndata: {inputs: [1, 2]}' && wrong "$out/a.md" ':3:47: .*z = A @ h' && only 1 &&
        lesson ', head: "z = tanh(A @ h); y = z[1:1]", classes: 1}\ndata: {inputs: [1, 2]}' && right "$out/a.md"
}
memory_is_predicted() {
    printf '%b' '---\ntitle: T\nmodel: {cell: gru, hidden: 10000}\ndata: {task: recall-first, length: 10000}\n---\n' >"$out/a.md" && wrong "$out/a.md" ':3:28: .*GiB'
}
lines_count_in_the_lesson() {
    lesson '}\ndata: {inputs: [1, 2]}' && printf '```step\nat: forwrd:1\nfocus: [zz]\n```\n' >>"$out/a.md" &&
        wrong "$out/a.md" ':8:5: .*forward' ':9:9: .*zz' && only 2
}
a_step_in_every_format() {
    cp lessons/01-forward.md "$out/a.md" && for format in text json csv npz; do
        exits 0 "$gatewalk" trace "$out/a.md" --format $format --at backward:2:c -o "$out/step.$format" && silent && [ -s "$out/step.$format" ] || return 1
    done
    jq -r '[.value, .grad] | transpose[] | "c.1,2,\(.[0]),\(.[1])"' "$out/step.json" >"$out/wanted" || return 1
    sed '1d; s/,2,[0-9]*,1,/,2,/' "$out/step.csv" | awk -F, '{ printf "%s,%s,%.9g,%.9g\n", $1, $2, $3, $4 }' >"$out/got"
    awk -F, '{ printf "c.1,%s,%.9g,%.9g\n", $2, $3, $4 }' "$out/wanted" | diff - "$out/got" && [ "$(wc -l <"$out/got")" = 4 ] &&
        exits 2 "$gatewalk" trace "$out/a.md" --ops && exits 2 "$gatewalk" trace "$out/a.md" --format json --ops --at loss
}
lessons_hold_no_control_letters() {
    lesson '}\ndata: {inputs: ["a\\e[31m", "b\\0", "c\\t"]}' && wrong "$out/a.md" ':4:17: error: .*U+001B' ':4:28: error: .*NUL' && only 2
}
what_is_tried_is_a_number() {
    lesson '}\ndata: {inputs: [1, 2]}' && printf '```try\nset: b_r = x\n```\n```try\nset: b_r = -2.5\n```\n```try\nset: hidden = 8\n```\n```try\nset: b_r =\n```\n' >>"$out/a.md" &&
        wrong "$out/a.md" ':8:6: .*no number' ':17:6: ' && only 2 && : >"$out/a.md" && wrong "$out/a.md" 'a.md:1:1: error: the file is empty'
}
links_are_written_through() {
    rm -f "$out/link" "$out/led-to" && ln -s led-to "$out/link" &&
        exits 0 "$gatewalk" trace assets/cells/gru.cell -o "$out/link" && [ -L "$out/link" ] && [ -s "$out/led-to" ]
}
pipes_and_folders_are_no_outputs() {
    rm -f "$out/pipe" && mkfifo "$out/pipe" && { cat "$out/pipe" >"$out/piped" & } &&
        exits 0 "$gatewalk" trace assets/cells/gru.cell -o "$out/pipe" && wait && [ -p "$out/pipe" ] && [ -s "$out/piped" ] &&
        exits 3 "$gatewalk" trace assets/cells/gru.cell -o "$out" && silent
}
a_folder_is_no_lesson() {
    exits 1 "$gatewalk" trace "$out/" && silent && says 'folder' && wrong "$out" 'folder' && wrong "$out/pipe" 'pipe'
}
closed_output_is_3() {
    for words in "--help" "--version" "list cells" "trace 1" "check --help"; do
        # shellcheck disable=SC2086
        exits 3 sh -c "'$gatewalk' $words >&-" && exits 3 sh -c "'$gatewalk' $words >/dev/full" || return 1
    done
}
words_after_dashes_are_files() {
    cp lessons/01-forward.md "$out/-l.md" && (cd "$out" && "$program" check -- -l.md && "$program" trace -- -l.md >/dev/null)
}
an_interrupt_is_130() {
    printf '%b' '---\ntitle: T\nmodel: {cell: lstm, hidden: 500}\ndata: {task: recall-first, length: 9000}\n---\n' >"$out/long.md"
    rm -f "$out/long.json"*
    exits 130 timeout --preserve-status -s INT 1 "$gatewalk" trace "$out/long.md" --format json -o "$out/long.json" &&
        silent && ! ls "$out"/long.json* 2>/dev/null
}
paths_stay_in_the_folder() {
    mkdir -p "$out/sub" && printf 'a,b\n1,2\n3,4\n' >"$out/sub/x.csv" && ln -sf /etc/passwd "$out/leads-out.csv"
    lesson '}\ndata: {csv: sub/../sub/x.csv}' && right "$out/a.md" || return 1
    for path in ../x.csv sub/../../x.csv /etc/passwd leads-out.csv; do
        lesson "}\ndata: {csv: $path}" && wrong "$out/a.md" ':4:13: ' && only 1 || return 1
    done
}
rules_of_init() {
    cell 'h = W_h @ x + V @ h[t-1] + b_f + b_g + c\ninit b_f = 1\ninit * = 0.5\ninit b* = 2\ninit W* = 3\ninit W* = 4\ninit V = identity\n' &&
        json "$out/a.cell" '.params | map_values(.value | flatten | unique) == {W_h: [4], V: [0, 1], b_f: [1], b_g: [2], c: [0.5]}'
}
limits_of_the_page() {
    deep=$(printf '%200s' '' | tr ' ' '('); shut=$(printf '%200s' '' | tr ' ' ')'); long=$(printf '%200s' '' | tr ' ' a)
    cell "h = ${deep}W @ x$shut\n$long = h\n" && right "$out/a.cell" &&
        cell "h = ($deep W @ x$shut)\n${long}a = h\n" && wrong "$out/a.cell" ':2:205: error: .*200 deep' ':3:1: error: .*200 characters' && only 2
}
program=$(realpath "$gatewalk")

expect "keywords are names where = follows" keywords_are_names
expect "reserved names and functions cannot be assigned" reserved_names_are_refused
expect "numbers need digits on both sides and fit a double" numbers_are_strict
expect "names are compared in NFC" names_are_compared_in_nfc
expect "a byte order mark and CRLF are accepted" byte_order_mark_and_crlf
expect "control letters and bad UTF-8 are mistakes in comments and labels" control_letters_are_told
expect "a wrong slice is one mistake" a_wrong_slice_is_one_mistake
expect "what spreads has the shape of the whole" an_open_shape_is_the_whole
expect "a capital letter has rows and columns, even 1x1" capitals_have_two_sides
expect "[a, b] is stacked as [a; b] is, one above the other" both_stacks_are_one_above_the_other
expect "NaN and infinities are texts" infinities_are_texts
expect "a start expression's parameters take part in everything" start_expressions_learn
expect "every timestep before the first has the start value, at every lag" every_timestep_before_the_first_has_the_start
expect "symbols are read as text whatever YAML makes of them" null_is_a_symbol_among_symbols
expect "targets of binary cross-entropy lie between 0 and 1" targets_of_bce_lie_between_0_and_1
expect "a wrong count of targets names both" both_counts_are_named
expect "loss_at is checked without a loss, too" loss_at_is_read_with_any_loss
expect "all mistakes of start values and weights are told in one run" all_mistakes_of_start_and_values
expect "losses are what the page says" losses_are_those_of_the_page
expect "an open shape in a head is told without a param line" heads_have_no_param_lines
expect "a network too large is refused with its size" memory_is_predicted
expect "lines count in the lesson, inside YAML and blocks too" lines_count_in_the_lesson
expect "trace gives one step in every format" a_step_in_every_format
expect "control letters are mistakes in lessons, escaped ones too" lessons_hold_no_control_letters
expect "what a try block sets is a number" what_is_tried_is_a_number
expect "a symbolic link is written through, never replaced" links_are_written_through
expect "a pipe is written to, a folder is not" pipes_and_folders_are_no_outputs
expect "a folder or a pipe is no lesson" a_folder_is_no_lesson
expect "a closed or full standard output is told" closed_output_is_3
expect "words after -- are no options" words_after_dashes_are_files
expect "paths stay in the lesson's folder" paths_stay_in_the_folder
expect "the longest init rule wins, else the later one" rules_of_init
expect "200 brackets and 200 characters, and no more" limits_of_the_page
expect "an interrupt ends with 130 and leaves no part of a file" an_interrupt_is_130
finish
