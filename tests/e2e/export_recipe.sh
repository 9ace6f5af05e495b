#!/bin/sh
# Recipes: all pictures of a course in one call; only what changed is made again.
. "$(dirname "$0")/lib"
unset DISPLAY WAYLAND_DISPLAY
recipe=$out/course.yaml

write_recipe() {
    cp lessons/01-forward.md "$out/mine.md"
    cp assets/cells/gru.cell "$out/mine.cell"
    printf 'year,flow\n1,2\n2,3\n3,5\n4,4\n5,6\n' >"$out/flow.csv"
    printf '%s\n' --- 'title: Own' 'model: {cell: ./mine.cell, hidden: 2, head: linear, loss: mse}' \
        'data: {csv: flow.csv, columns: [flow], window: 3}' --- '# Own' >"$out/own.md"
    cat >"$recipe" <<'END'
all: {theme: print, size: 800x500}
make:
  - {lesson: mine.md, format: svg, at: "forward:3:f", output: a.svg}
  - {lesson: 2, format: png, from: "forward:1", to: "forward:3", by: timestep, output: frames}
  - {lesson: 1, format: pdf, at: "backward:2", caption: true, lang: zh, output: b.pdf}
  - {lesson: own.md, format: csv, output: own.csv}
END
}
# makes NAME...: a run makes these, in this order, and no others
makes() {
    exits 0 "$gatewalk" export --recipe "$recipe" || return 1
    for name; do echo "$out/$name"; done >"$out/wanted"
    sed 's/^[0-9/]* //' "$out/exits.err" | diff - "$out/wanted"
}
all_are_made() {
    write_recipe
    makes a.svg frames b.pdf own.csv && [ -s "$out/a.svg" ] && [ -s "$out/b.pdf" ] && [ "$(ls "$out/frames" | wc -l)" = 3 ]
}
a_changed_lesson_is_made_again() { sed -i 's/digits: 3/digits: 2/' "$out/mine.md"; makes a.svg; }
what_a_lesson_is_made_of_counts() {
    sed -i 's/tanh(W_n/tanh(0.5 * W_n/' "$out/mine.cell"; makes own.csv || return 1
    sed -i 's/4,4/4,7/' "$out/flow.csv"; makes own.csv || return 1
    cp lessons/01-forward.zh.md "$out/mine.zh.md"; makes a.svg || return 1
    sed -i 's/符号/记号/' "$out/mine.zh.md"; makes a.svg
}
a_lost_file_is_made_again() {
    rm "$out/b.pdf" "$out/frames/0002-forward-2.png"; makes frames b.pdf && [ -s "$out/b.pdf" ]
}
a_changed_entry_is_made_again() { sed -i 's/lang: zh/lang: en/' "$recipe"; makes b.pdf; }
frames_that_went_are_removed() {
    echo mine >"$out/frames/0004-forward-4.png" && sed -i 's/to: "forward:3"/to: "forward:2"/' "$recipe" &&
        makes frames && [ "$(ls "$out/frames" | tr '\n' ' ')" = "0001-forward-1.png 0002-forward-2.png 0004-forward-4.png " ]
}
another_program_makes_it_again() { # the same built with sanitizers
    exits 0 build/asan/gatewalk export --recipe "$recipe" && [ "$(grep -c . "$out/exits.err")" = 4 ] &&
        exits 0 build/asan/gatewalk export --recipe "$recipe" && [ ! -s "$out/exits.err" ]
}
jobs_change_no_byte() {
    rm -rf "$out/one" && mkdir "$out/one" && cp "$out/a.svg" "$out/b.pdf" "$out/own.csv" "$out/frames/0002-forward-2.png" "$out/one" &&
        rm "$out/.course.yaml.made" && exits 0 "$gatewalk" export --recipe "$recipe" --jobs 3 && [ "$(grep -c . "$out/exits.err")" = 4 ] &&
        for f in a.svg b.pdf own.csv frames/0002-forward-2.png; do cmp "$out/$f" "$out/one/$(basename $f)" || return 1; done && makes
}
what_goes_wrong_does_not_stop_the_others() {
    printf 'make:\n  - {lesson: 1, format: svg, at: "forward:99:f", output: no.svg}\n  - {lesson: 1, format: svg, output: a.svg/x.svg}\n  - {lesson: 1, format: svg, output: new/yes.svg}\n' >"$out/some.yaml"
    exits 1 "$gatewalk" export --recipe "$out/some.yaml" && says 'some.yaml:2:5: error: .*99' && says 'cannot write .*a.svg: Not a directory' && [ -s "$out/new/yes.svg" ] &&
        ! ls "$out"/*.part 2>/dev/null && exits 1 "$gatewalk" export --recipe "$out/some.yaml" && ! grep -q yes.svg "$out/exits.err"
}
an_interrupt_keeps_what_is_done() {
    printf 'make:\n  - {lesson: 1, format: svg, output: first.svg}\n  - {lesson: 1, format: png, all: true, by: unit, output: long}\n  - {lesson: 1, format: svg, output: last.svg}\n' >"$out/long.yaml"
    "$gatewalk" export --recipe "$out/long.yaml" 2>"$out/long.err" & pid=$!
    until [ -e "$out/long" ] && [ "$(ls "$out/long" | wc -l)" -gt 2 ]; do sleep 0.05; done
    kill -INT $pid
    wait $pid
    [ $? = 130 ] && [ -s "$out/first.svg" ] && [ ! -e "$out/last.svg" ] && ! ls "$out"/long/*.part 2>/dev/null &&
        sed -i 's/by: unit/by: scene/' "$out/long.yaml" && exits 0 "$gatewalk" export --recipe "$out/long.yaml" &&
        ! grep -q first.svg "$out/exits.err" && [ -s "$out/last.svg" ]
}
mistakes_have_their_place() {
    printf 'make:\n  - {lesson: 1, fromat: png, output: x.png}\n  - {lesson: 1, format: pgn, output: y}\n  - {lesson: 1, format: png, output: z}\n  - {lesson: 2, format: svg, output: z}\n  - 7\nmaek: []\n' >"$out/bad.yaml"
    exits 1 "$gatewalk" export --recipe "$out/bad.yaml" && says 'bad.yaml:2:17: .*fromat; did you mean format?' && says 'needs lesson, format and output' &&
        says 'bad.yaml:3:5: .*pgn' && says 'bad.yaml:5:5: .*another entry' && says 'bad.yaml:6:5: .*map' && says 'bad.yaml:7:1: .*maek' && [ ! -e "$out/z" ] &&
        printf 'make: 3\n' >"$out/bad.yaml" && exits 1 "$gatewalk" export --recipe "$out/bad.yaml" && says 'bad.yaml:1:7: .*list called make' &&
        printf 'make:\n\t- x\n' >"$out/bad.yaml" && exits 1 "$gatewalk" export --recipe "$out/bad.yaml" && says 'bad.yaml:2:1' &&
        exits 1 "$gatewalk" export --recipe "$out/none.yaml" && exits 2 "$gatewalk" export 1 --recipe "$recipe" &&
        exits 2 "$gatewalk" export --recipe "$recipe" --jobs 0 && exits 2 "$gatewalk" export --recipe "$recipe" --jobs 99
}
folders_are_made() {
    printf 'make:\n  - {lesson: 1, format: csv, output: week 1/ü/numbers.csv}\n' >"$out/deep.yaml" &&
        exits 0 "$gatewalk" export --recipe "$out/deep.yaml" && [ -s "$out/week 1/ü/numbers.csv" ] &&
        printf 'make:\n  - {lesson: 1, format: csv, output: ""}\n' >"$out/deep.yaml" &&
        exits 1 "$gatewalk" export --recipe "$out/deep.yaml" && says 'deep.yaml:2:5: .*needs lesson, format and output'
}
damage_is_no_harm() { printf 'gatewalk-made 1\n>x\n<y\n=zz\n= \n\377\n' >"$out/.course.yaml.made"; makes a.svg frames b.pdf own.csv; }
a_record_from_elsewhere_harms_nothing() { # it names a pipe, which would never end, and others' files
    rm -f "$out/pipe" && mkfifo "$out/pipe" && echo mine >"$out/frames/notes.txt" && echo mine >"$out/0001-x.png" &&
        printf 'gatewalk-made 1\n=0123456789abcdef %s\n<%s\n<%s\n>%s\n>%s\n' "$out/frames" "$out/pipe" /dev/zero "$out/frames/notes.txt" "$out/0001-x.png" >"$out/.course.yaml.made" &&
        makes a.svg frames b.pdf own.csv && [ -s "$out/frames/notes.txt" ] && [ -s "$out/0001-x.png" ]
}

expect "all that a recipe lists is made" all_are_made
expect "what has not changed is not made again" makes
expect "a changed lesson is made again" a_changed_lesson_is_made_again
expect "a changed cell, data or twin makes its lesson again" what_a_lesson_is_made_of_counts
expect "a lost file is made again, a frame too" a_lost_file_is_made_again
expect "a changed entry is made again" a_changed_entry_is_made_again
expect "frames that an entry no longer has are removed, others are left" frames_that_went_are_removed
expect "another program makes all again" another_program_makes_it_again
expect "jobs change no byte" jobs_change_no_byte
expect "what goes wrong is told and does not stop the others" what_goes_wrong_does_not_stop_the_others
expect "an interrupt ends with 130 and keeps what is done" an_interrupt_keeps_what_is_done
expect "mistakes have their place" mistakes_have_their_place
expect "folders that are missing are made" folders_are_made
expect "a damaged record makes all again" damage_is_no_harm
expect "a record from elsewhere harms nothing" a_record_from_elsewhere_harms_nothing
finish
