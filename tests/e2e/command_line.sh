#!/bin/sh
# The command line, as its page says: results on standard output, messages on standard error, exit
# codes 0, 1, 2 and 3.
. "$(dirname "$0")/lib"
lesson=lessons/01-forward.md

usage_is_2() {
    for words in "frobnicate" "trace" "trace nothing-like-it" "trace 1 --format xml" "say 1 --lang fr" \
        "say 1 --at forward:99" "say 1 --at sideways" "list" "list penguins" "check" \
        "train" "train 1 --steps -1" "train 1 -o weights.txt" "train nothing-like-it" "export 1" "export 1 --format png --theme pink -o x" "export 1 --format png --size 0x10 -o x" \
        "export 1 --format png --panel nothing -o x" "trace 1 --unknown" "999"; do
        # shellcheck disable=SC2086
        exits 2 "$gatewalk" $words && silent || return 1
    done
}
what_cannot_be_shown_is_told_in_digits() {
    exits 2 "$gatewalk" say $lesson --at "$(printf 'forward:1:\377')" && says '.xFF. is not UTF-8' && silent &&
        exits 2 "$gatewalk" "$(printf '\033[31mfoo')" && says '^gatewalk: .x1B.31mfoo is no command' &&
        exits 3 "$gatewalk" trace $lesson -o "$(printf '/nowhere/\033x')" && says 'cannot write /nowhere/.x1Bx'
}
what_is_misspelled_is_told() {
    exits 2 "$gatewalk" trcae $lesson --format json && says 'trcae is no command.*did you mean gatewalk trace?' &&
        exits 2 "$gatewalk" trace $lesson --fromat json && says 'unknown option --fromat; did you mean --format?' &&
        exits 2 "$gatewalk" 999 --at loss && says '999 is no command, no file' && exits 2 "$gatewalk" trace $lesson --steps 3
}
every_command_has_help() {
    for c in check list trace say gradcheck train export; do "$gatewalk" $c --help | grep -q "gatewalk $c" || return 1; done
}
json_has_what_the_page_says() {
    "$gatewalk" trace $lesson --format json >"$out/trace.json" &&
        jq -e '.format == "gatewalk-trace" and .version == 1 and .timesteps == 6
            and (.inputs | length) == 6 and (.inputs[0] | length) == 3
            and (.input_grads | length) == 6
            and .params.W_f.shape == [4, 7] and (.params.W_f.value | length) == 4
            and (.params.b_f.value | length) == 4
            and .layers[0].name == "layer1" and .layers[0].cell == "lstm"
            and .layers[0].direction == "forward"
            and (.layers[0].values | keys) == ["c", "f", "g", "h", "i", "o"]
            and (.layers[0].values.c | length) == 6 and (.layers[0].grads.c[0] | length) == 4
            and .layers[0].start == {"c": [0, 0, 0, 0], "h": [0, 0, 0, 0]}
            and .head.values.y[0] == null and (.head.values.y[5] | length) == 2
            and (.head.values.y[5] | add | . > 0.999999 and . < 1.000001)' "$out/trace.json"
}
ops_have_shares_that_add_up() {
    "$gatewalk" trace $lesson --format json --ops | jq -e '
        [.ops[] | select(.name == "c.3")] | .[0] as $c
        | [range(0; 5)] | all(. as $t
            | ([$c.shares[].values[$t] | select(. != null) | .[0]] | add) as $sum
            | ($sum - $c.grads[$t][0] | fabs) <= 1e-15 * ($sum | fabs))'
}
two_runs_give_the_same_bytes() {
    "$gatewalk" trace $lesson --format json >"$out/again.json" && cmp "$out/trace.json" "$out/again.json"
}
each_step_is_said_once() {
    "$gatewalk" say $lesson --all >"$out/say.en" && "$gatewalk" say $lesson --lang zh >"$out/say.zh" &&
        [ "$(wc -l <"$out/say.en")" = "$(wc -l <"$out/say.zh")" ] &&
        [ "$(wc -l <"$out/say.en")" -gt 200 ] && ! grep -vqP '[\x{4e00}-\x{9fff}]' "$out/say.zh"
}
training_tells_how_far_it_is() {
    script -qc "$gatewalk train $lesson --steps 3000" /dev/null </dev/null | tr '\r' '\n' >"$out/o" &&
        grep -qE 'training, [0-9]+ s left \[#*\.*\] [0-9]+ of 3000, loss [0-9]' "$out/o" &&
        grep -q '^opens  @1/ to @3000/: weights kept every .* of at most 64 MiB' "$out/o" &&
        "$gatewalk" train $lesson --steps 3000 2>"$out/e" >"$out/o" && [ ! -s "$out/e" ]
}
an_optimizer_step_is_opened() {
    for k in 3 4; do
        "$gatewalk" trace $lesson --format json --at "@$k/update:1:b_f" -o "$out/u$k.json" || return 1
    done
    jq -e -n --slurpfile a "$out/u3.json" --slurpfile b "$out/u4.json" \
        '$a[0].step == "@3/update:1:b_f" and $a[0].updated == $b[0].value and $a[0].value != $b[0].value' \
        >"$out/o" &&
        "$gatewalk" say $lesson --at @3/forward:3:f >"$out/said3" &&
        "$gatewalk" say $lesson --at forward:3:f >"$out/said" && ! cmp -s "$out/said3" "$out/said" &&
        "$gatewalk" export $lesson --at @2/backward:1:c --panel training --format png -o "$out/t.png" &&
        [ -s "$out/t.png" ] || return 1
    for wrong in @0/loss @7/loss @99/loss @x/loss @3 @; do
        exits 2 "$gatewalk" say $lesson --at $wrong || return 1
        exits 2 "$gatewalk" export $lesson --at $wrong --format png -o "$out/no.png" || return 1
    done
}
full_output_is_3() {
    exits 3 "$gatewalk" trace $lesson --format json -o /dev/full && says "/dev/full" &&
        exits 3 sh -c "'$gatewalk' trace $lesson >/dev/full" && [ -c /dev/full ]
}
mistakes_go_to_standard_error() {
    printf 'cell bad\nf = sigmoyd(W @ x)\nh = f +\n' >"$out/bad.cell"
    exits 1 "$gatewalk" check "$out/bad.cell" && silent && says 'bad.cell:2:5: error:' && says '\^\^\^' &&
        says 'bad.cell:3:' && says 'sigmoid'
}
no_display_is_one_line() {
    exits 3 env -u DISPLAY -u WAYLAND_DISPLAY "$gatewalk" 1 && silent &&
        [ "$(wc -l <"$out/exits.err")" = 1 ] && says 'gatewalk export'
}
training_tells_how_well_it_does_what_is_held_out() {
    printf -- '---\ntitle: T\nmodel: {cell: lstm, hidden: 6, head: softmax, loss: cross-entropy, loss_at: last}\ndata: {task: recall-first, length: 4, test: 400}\ntrain: {steps: 150, batch: 8, rate: 0.03}\n---\n# A\n' >"$out/held-out.md"
    "$gatewalk" train "$out/held-out.md" >"$out/o" && grep -qE '^held out 400 sequences: loss [0-9.]+, [0-9.]+% right \([0-9]+ of 400\)$' "$out/o" &&
        awk '/^held out/ { exit !($7 + 0 > 95) }' "$out/o"
}
training_lowers_the_loss() {
    "$gatewalk" train $lesson --steps 200 >"$out/trained" &&
        awk '/^loss before/ { before = $3 } /^loss after/ { after = $3 } END { exit !(after < before) }' "$out/trained"
}
trained_weights_are_written_whole() {
    for kind in safetensors npz; do
        "$gatewalk" train $lesson --steps 2 -o "$out/w.$kind" && [ -s "$out/w.$kind" ] || return 1
    done
    exits 3 "$gatewalk" train $lesson --steps 2 -o "$out/no-such-folder/w.npz" &&
        exits 1 "$gatewalk" train assets/cells/gru.cell --steps 2
}
an_interrupt_keeps_the_weights() {
    rm -f "$out/kept.npz"
    exits 130 timeout --preserve-status -s INT 1 "$gatewalk" train $lesson --steps 1000000 -o "$out/kept.npz"
    [ $status = 130 ] && [ -s "$out/kept.npz" ] && grep -q "^loss after" "$out/exits.out"
}
a_cell_is_a_lesson() { "$gatewalk" trace assets/cells/gru.cell --format json | jq -e '.timesteps == 5 and .head == null'; }

missing_assets_are_3() {
    rm -rf "$out/bare" && mkdir -p "$out/bare" && cp "$gatewalk" "$out/bare/gatewalk"
    exits 3 "$out/bare/gatewalk" check $lesson && grep -q "shipped cells are missing" "$out/exits.err"
}

expect "help and version are asked for and given" sh -c "$gatewalk --help | grep -q check && $gatewalk --version"
expect "what cannot be shown in a message stands there as digits" what_cannot_be_shown_is_told_in_digits
expect "what is misspelled is told with the nearest word" what_is_misspelled_is_told
expect "every command has help" every_command_has_help
expect "wrong usage ends with 2 and an empty standard output" usage_is_2
expect "every shipped lesson and cell is right" sh -c "$gatewalk check lessons/*.md assets/cells/*.cell assets/cells/*/*.cell"
expect "a lesson is found by number and by slug" sh -c "$gatewalk say 1 --at loss && $gatewalk say forward --at loss"
expect "the trace as JSON has what the page says" json_has_what_the_page_says
expect "every operation's gradient is the sum of its shares" ops_have_shares_that_add_up
expect "two runs give the same bytes" two_runs_give_the_same_bytes
expect "each step is said in English and in Chinese" each_step_is_said_once
expect "BPTT agrees with central differences" sh -c "$gatewalk gradcheck 1 && $gatewalk gradcheck 2 && $gatewalk gradcheck assets/cells/gru.cell"
no_loss_nothing_to_compare() {
    printf -- '---\ntitle: T\nmodel: {cell: lstm}\ndata: {inputs: [[1, 0], [0, 1]]}\n---\n# A\n' >"$out/no-loss.md"
    "$gatewalk" gradcheck "$out/no-loss.md" | grep -q '^ok: without a loss'
}
expect "without a loss gradcheck has nothing to compare" no_loss_nothing_to_compare
expect "training lowers the loss" training_lowers_the_loss
expect "training tells how well it does what is held out" training_tells_how_well_it_does_what_is_held_out
expect "trained weights are written as safetensors and as NPZ" trained_weights_are_written_whole
expect "training tells on a terminal how far it is, its loss and the time left" \
    training_tells_how_far_it_is
expect "an interrupted training keeps its weights" an_interrupt_keeps_the_weights
expect "any optimizer step is opened, and leads to the next one" an_optimizer_step_is_opened
expect "a full disk ends with 3" full_output_is_3
expect "mistakes go to standard error with their places" mistakes_go_to_standard_error
expect "without a display the window says so in one line" no_display_is_one_line
expect "a program without its assets ends with 3, and says so" missing_assets_are_3
expect "a cell file is a lesson" a_cell_is_a_lesson
finish
