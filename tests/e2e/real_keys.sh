#!/bin/sh
# A real window under Xvfb and openbox, driven by keys and mouse through a whole lesson. What was
# reached is read from the settings it keeps on closing; screenshots stay in the output folder.
. "$(dirname "$0")/lib"
. tests/e2e/xlib

steps_by_keys() {
    open_window lessons/01-forward.md || return 1
    keys Home Right Right Right Right Left
    shoot steps
    close_window && kept '.at == "forward:1:f.3" and .step_by == "operation"'
}
grains_by_keys() {
    open_window lessons/01-forward.md || return 1
    keys Home Up Right Right # equations: f, i
    shoot grains
    close_window && kept '.at == "forward:1:i.3" and .step_by == "equation"'
}
address_by_keys() {
    open_window lessons/02-backward.md || return 1
    keys g
    xdotool type --delay 25 "backward:3:c.3"
    shoot address
    keys Return
    shoot arrived
    close_window && kept '.at == "backward:3:c.3"'
}
a_whole_lesson_scene_by_scene() {
    open_window lessons/02-backward.md || return 1
    keys Home Prior Prior Prior Prior Prior Prior Prior Prior Prior Prior
    n=0
    while [ $n -lt 8 ]; do
        shoot "scene-$n"
        keys Next
        n=$((n + 1))
    done
    close_window && kept '.scene == 7' &&
        [ "$(cksum "$out"/scene-[0-7].png | cut -d' ' -f1 | sort -u | wc -l)" = 8 ]
}
theme_language_and_scale_are_kept() {
    open_window lessons/01-forward.md || return 1
    keys d l plus
    shoot dark-chinese
    close_window && kept '.theme == "dark" and .language == "zh" and .scale > 100' || return 1
    open_window lessons/01-forward.md || return 1
    shoot dark-chinese-again
    keys d d d l minus
    close_window && kept '.theme == "light" and .language == "en" and .scale == 100'
}
the_key_table_opens_and_closes() {
    open_window lessons/01-forward.md || return 1
    shoot before
    keys question
    shoot help
    keys Escape
    shoot after
    close_window || return 1
    ! cmp -s "$out/before.png" "$out/help.png" && cmp "$out/before.png" "$out/after.png"
}
the_mouse_lights_and_pins() {
    open_window lessons/01-forward.md --at forward:4:c || return 1
    xdotool mousemove --window "$id" 640 790
    sleep 0.3
    shoot calm
    xdotool mousemove --window "$id" 389 165 # a square of the timeline
    sleep 0.6
    shoot hovered
    xdotool click 1
    xdotool mousemove --window "$id" 640 790
    sleep 0.6
    shoot pinned
    close_window || return 1
    ! cmp -s "$out/calm.png" "$out/hovered.png" && ! cmp -s "$out/calm.png" "$out/pinned.png"
}
dragging_the_bar_scrubs() {
    open_window lessons/01-forward.md || return 1
    keys Home
    xdotool mousemove --window "$id" 950 769 mousedown 1 mousemove --window "$id" 1000 769 mousemove --window "$id" 1080 769 mouseup 1
    sleep 0.4
    shoot scrubbed
    close_window && kept '.at | startswith("backward:")'
}
sizes_reflow() {
    open_window lessons/02-backward.md --at backward:4:c || return 1
    for size in "1024 640" "1600 980" "1200 700"; do
        # shellcheck disable=SC2086
        xdotool windowsize --sync "$id" $size 2>/dev/null
        sleep 0.5
        shoot "size-$(echo "$size" | tr ' ' x)"
    done
    close_window
}
a_wrong_lesson_opens_the_mistakes() {
    printf -- '---\ntitle: T\nmodel: {cell: lstn}\ndata: {task: recall-first}\n---\n# A\n' >"$out/wrong.md"
    open_window "$out/wrong.md" || return 1
    shoot mistakes
    sed -i 's/lstn/lstm/' "$out/wrong.md"
    for _ in 1 2 3 4 5 6 7 8 9 10; do # a busy machine notices late
        sleep 1
        shoot mended
        cmp -s "$out/mistakes.png" "$out/mended.png" || break
    done
    close_window || return 1
    ! cmp -s "$out/mistakes.png" "$out/mended.png"
}

training_by_keys() {
    open_window lessons/01-forward.md || return 1
    keys g
    xdotool type --delay 25 "backward:2:c"
    keys Return bracketleft bracketleft o bracketleft
    shoot training
    close_window && kept '.at == "@5/backward:2:c.1"'
}

tabs_by_keys() {
    open_window lessons/02-backward.md --at backward:3:c || return 1
    shoot tab-1
    keys F6 F6 F6 F6 # the tabs come first of what is at the right
    for n in 2 3 4 5; do
        keys Tab Return
        shoot "tab-$n"
    done
    close_window || return 1
    [ "$(cksum "$out"/tab-[1-5].png | cut -d' ' -f1 | sort -u | wc -l)" = 5 ]
}

expect "arrow keys step there and back" steps_by_keys
expect "up and down change the grain" grains_by_keys
expect "g goes to a typed address" address_by_keys
expect "keys go through training" training_by_keys
expect "keys choose each tab at the right" tabs_by_keys
expect "a whole lesson, scene by scene" a_whole_lesson_scene_by_scene
expect "theme, language and scale are kept between starts" theme_language_and_scale_are_kept
expect "the key table opens and closes" the_key_table_opens_and_closes
expect "the mouse lights a number up and pins it" the_mouse_lights_and_pins
expect "dragging the bar scrubs" dragging_the_bar_scrubs
expect "the window reflows at any size" sizes_reflow
expect "a wrong lesson opens the page of mistakes, and reloads when mended" a_wrong_lesson_opens_the_mistakes
finish
