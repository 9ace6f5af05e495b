#!/bin/sh
# Recipes: all pictures of a course in one call; only what changed is made again.
. "$(dirname "$0")/lib"
unset DISPLAY WAYLAND_DISPLAY
recipe=$out/course.yaml

write_recipe() {
    cp lessons/01-forward.md "$out/mine.md"
    cat >"$recipe" <<'END'
all: {theme: print, size: 800x500}
make:
  - {lesson: mine.md, format: svg, at: "forward:3:f", output: a.svg}
  - {lesson: 2, format: png, from: "forward:1", to: "forward:3", by: timestep, output: frames}
  - {lesson: 1, format: pdf, at: "backward:2", caption: true, lang: zh, output: b.pdf}
END
}
all_are_made() {
    write_recipe
    exits 0 "$gatewalk" export --recipe "$recipe" && [ "$(grep -c . "$out/exits.err")" = 3 ] &&
        [ -s "$out/a.svg" ] && [ -s "$out/b.pdf" ] && [ "$(ls "$out/frames" | wc -l)" = 3 ]
}
nothing_is_made_twice() { exits 0 "$gatewalk" export --recipe "$recipe" && [ ! -s "$out/exits.err" ]; }
a_changed_lesson_is_made_again() {
    sed -i 's/digits: 3/digits: 2/' "$out/mine.md"
    exits 0 "$gatewalk" export --recipe "$recipe" && [ "$(cat "$out/exits.err")" = "$out/a.svg" ]
}
a_lost_file_is_made_again() {
    rm "$out/b.pdf"
    exits 0 "$gatewalk" export --recipe "$recipe" && [ "$(cat "$out/exits.err")" = "$out/b.pdf" ] && [ -s "$out/b.pdf" ]
}
a_changed_entry_is_made_again() {
    sed -i 's/lang: zh/lang: en/' "$recipe"
    exits 0 "$gatewalk" export --recipe "$recipe" && [ "$(cat "$out/exits.err")" = "$out/b.pdf" ]
}
mistakes_have_their_place() {
    printf 'make:\n  - {lesson: 1, fromat: png, output: x.png}\n' >"$out/bad.yaml"
    exits 1 "$gatewalk" export --recipe "$out/bad.yaml" && says 'bad.yaml:2:.*fromat' && says 'needs lesson, format and output' &&
        printf 'make: 3\n' >"$out/bad.yaml" && exits 1 "$gatewalk" export --recipe "$out/bad.yaml" && says 'list called make' &&
        exits 1 "$gatewalk" export --recipe "$out/none.yaml" && exits 2 "$gatewalk" export 1 --recipe "$recipe"
}

expect "all that a recipe lists is made" all_are_made
expect "what has not changed is not made again" nothing_is_made_twice
expect "a changed lesson is made again" a_changed_lesson_is_made_again
expect "a lost file is made again" a_lost_file_is_made_again
expect "a changed entry is made again" a_changed_entry_is_made_again
expect "mistakes have their place" mistakes_have_their_place
finish
