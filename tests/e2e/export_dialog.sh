#!/bin/sh
# The export dialog and the clipboard in a real window: by mouse, by keyboard, and by scripts of
# actions where many formats are gone through. What is copied is read back by another program.
. "$(dirname "$0")/lib"
. tests/e2e/xlib
command -v xclip >/dev/null || { echo "FAILED  xclip is installed"; exit 1; }
HOME=$PWD/$out/home
export HOME
made=$HOME/Pictures
mkdir -p "$made"
lesson=$PWD/lessons/01-forward.md

# Runs the lines on standard input in a window; what it prints is in $out/said.
drive() {
    cat >"$out/script" && timeout 100 "$gatewalk" lessons/01-forward.md --script "$out/script" >"$out/said"
}
click() { xdotool mousemove --window "$id" "$1" "$2"; sleep 0.15; xdotool click 1; sleep 0.25; }
appears() { # FILE: within ten seconds
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        [ -e "$1" ] && return 0
        sleep 0.5
    done
    ls -R "$made"
    return 1
}
settles() { # FOLDER: until no more files come
    before=-1
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        now=$(ls "$1" | wc -l)
        [ "$now" -gt 0 ] && [ "$now" = "$before" ] && return 0
        before=$now
        sleep 1
    done
    return 1
}
whole() { # FOLDER: nothing but whole pictures in it
    [ -z "$(find "$made" -name '*.part')" ] && for f in "$1"/*.png; do identify "$f" || return 1; done
}

by_mouse() {
    open_window lessons/01-forward.md || return 1
    click 1217 26 # Export
    shoot opened
    click 237 114 # svg
    shoot svg
    click 1154 724 # Export
    appears "$made/forward-forward-0.svg" || appears "$made"/forward-forward-*.svg || return 1
    close_window && kept '.export.format == "svg"' && xmllint --noout "$made"/forward-*.svg &&
        ! cmp -s "$out/opened.png" "$out/svg.png"
}
by_keyboard() {
    open_window lessons/01-forward.md --at forward:3:f || return 1
    keys e Tab Left                # from svg to png
    keys Down Right Right Right    # all steps
    keys Tab Left Left Right Right # by timestep, there and back
    keys Tab Tab Tab               # pages, shows, size
    shoot keyboard
    i=0
    while [ $i -lt 6 ]; do keys Tab; i=$((i + 1)); done # scale, theme, language, with, folder, name
    xdotool type --delay 25 "by keys"
    keys Left Left Left Left ISO_Left_Tab Tab End
    shoot typed
    keys Return
    appears "$made/by keys" && settles "$made/by keys" || return 1
    shoot done
    close_window && kept '.export.steps == "all" and .export.by == "timestep"' && whole "$made/by keys" &&
        [ "$(ls "$made/by keys" | wc -l)" -gt 10 ]
}
esc_closes_and_changes_nothing() {
    rm -rf "$made"/*
    open_window lessons/01-forward.md || return 1
    shoot before
    keys e
    keys Escape
    shoot after
    close_window && [ -z "$(ls "$made")" ] && cmp "$out/before.png" "$out/after.png"
}
# What is copied as a command line, run in a shell, makes the same bytes.
the_command_line_makes_the_same() {
    PATH=$(dirname "$(readlink -f "$gatewalk")"):$PATH
    for format in png svg pdf html gif webp mp4 webm tex tikz json csv npz; do
        rm -rf "$made" && mkdir "$made"
        printf '%s\n' "goto backward:2:c" export "export-pick format $format" \
            "export-pick steps scene" "export-pick by timestep" "export-pick details caption" \
            "export-pick theme dark" "export-pick panels cell" "export-pick panels value" \
            copy-command clipboard export-run exported print quit | drive || return 1
        sed -n 1p "$out/said" >"$out/command"
        grep -q "toast Saved as" "$out/said" && grep -q "^gatewalk export /" "$out/command" ||
            { cat "$out/said"; return 1; }
        mv "$made" "$out/first" && mkdir "$made"
        sh "$out/command" && diff -r "$out/first" "$made" || return 1
        [ -n "$(ls "$made")" ] && rm -rf "$out/first" || return 1
    done
}
names_that_a_shell_would_split() {
    rm -rf "$made" && mkdir "$made"
    PATH=$(dirname "$(readlink -f "$gatewalk")"):$PATH
    printf '%s\n' export "export-pick format tex" "export-pick steps step" "export-field name" \
        "type it's \$HOME & \"more\"" copy-command clipboard quit | drive &&
        sed -n 1p "$out/said" >"$out/command" && sh "$out/command" &&
        [ -s "$made/it's \$HOME & \"more\".tex" ]
}
nothing_is_replaced_without_asking() {
    rm -rf "$made" && mkdir "$made" && echo mine >"$made/kept.tex"
    printf '%s\n' export "export-pick format tex" "export-field name" "type kept" export-run print \
        "screenshot $out/asked.png" "key Return" exported print export-run export-replace exported \
        print quit | drive && sed -n 2p "$out/said" | grep -q "dialog export" &&
        sed -n 3p "$out/said" | grep -q "Saved as" && grep -q documentclass "$made/kept.tex" || return 1
    echo mine >"$made/kept.tex"
    printf '%s\n' export "export-field name" "type kept" export-run "key Return" exported quit |
        drive && [ "$(cat "$made/kept.tex")" = mine ]
}
a_stop_leaves_whole_files() {
    rm -rf "$made" && mkdir "$made"
    printf '%s\n' export "export-pick format png" "export-pick steps all" "export-pick by unit" \
        export-run "wait 2500" "screenshot $out/running.png" "key Escape" exported print quit | drive
    grep -q "toast The export was stopped" "$out/said" || { cat "$out/said"; return 1; }
    n=$(ls "$made/forward" | wc -l)
    [ "$n" -gt 0 ] && [ "$n" -lt 1000 ] && whole "$made/forward" &&
        ! pgrep -f "gatewalk export $lesson" >/dev/null
}
closing_the_window_stops_it_too() {
    rm -rf "$made" && mkdir "$made"
    printf '%s\n' export "export-pick format webm" "export-pick steps all" "export-pick by unit" \
        export-run "wait 700" quit | drive
    [ -z "$(ls -A "$made")" ] && ! pgrep -f "gatewalk export $lesson" >/dev/null
}
what_cannot_be_is_said() {
    mkdir -p "$out/none"
    printf '%s\n' export "export-pick format csv" "export-field folder" "type /dev/null/x" export-run \
        exported print quit | drive && grep -q "toast Cannot write /dev/null/x/" "$out/said" || return 1
    printf '%s\n' "language zh" export "export-field folder" "type $made/no/such" export-run \
        exported print quit | drive && grep -q "没有这个文件夹" "$out/said" || return 1
    printf '%s\n' "language en" export "export-field folder" "type $made" "export-pick format mp4" \
        "export-pick steps step" "screenshot $out/no-ffmpeg.png" export-run exported print quit >"$out/script"
    PATH=$out/none "$gatewalk" lessons/01-forward.md --script "$out/script" >"$out/said"
    grep -q "ffmpeg.*not installed" "$out/said" || { cat "$out/said"; return 1; }
}
clipboard_holds() { # TARGET: what another program is given
    timeout 5 xclip -selection clipboard -t "$1" -o
}
pictures_are_copied() {
    open_window lessons/01-forward.md --at forward:3:f || return 1
    keys ctrl+c
    sleep 0.5
    clipboard_holds image/png >"$out/copied.png" && [ "$(identify -format %m "$out/copied.png")" = PNG ] || return 1
    keys ctrl+shift+c
    sleep 0.5
    clipboard_holds image/svg+xml >"$out/copied.svg" && xmllint --noout "$out/copied.svg" || return 1
    close_window
    clipboard_holds image/svg+xml | cmp - "$out/copied.svg" # it outlives the window
}
words_are_copied() {
    open_window lessons/01-forward.md --at backward:3:c || return 1
    keys ctrl+g
    [ "$(clipboard_holds UTF8_STRING)" = "backward:3:c.1" ] || return 1
    keys ctrl+e
    clipboard_holds UTF8_STRING | grep -q '^c_{3} = ' || return 1
    keys ctrl+shift+e
    clipboard_holds UTF8_STRING | grep -q 'begin{align\*}' || return 1
    close_window
}
a_missing_program_is_named() {
    mkdir -p "$out/none"
    printf '%s\n' copy-png print "language zh" copy-svg print quit >"$out/script"
    PATH=$out/none "$gatewalk" lessons/01-forward.md --script "$out/script" >"$out/said"
    sed -n 1p "$out/said" | grep -q "needs the program xclip.*package xclip" &&
        sed -n 2p "$out/said" | grep -q "软件包 xclip"
}

expect "the Export button, a click on a format, and a click on Export" by_mouse
expect "e, Tab, arrows, typing and Enter" by_keyboard
expect "Esc closes the dialog and nothing is changed" esc_closes_and_changes_nothing
expect "what is copied as a command line makes the same bytes, in every format" the_command_line_makes_the_same
expect "a name that a shell would split is quoted" names_that_a_shell_would_split
expect "nothing is replaced without asking" nothing_is_replaced_without_asking
expect "Esc stops a running export; whole files are left" a_stop_leaves_whole_files
expect "closing the window stops a film, and leaves nothing" closing_the_window_stops_it_too
expect "what cannot be written, or made, is said" what_cannot_be_is_said
expect "the picture is copied as PNG and as SVG" pictures_are_copied
expect "address and equation are copied" words_are_copied
expect "a program that is missing for copying is named with its package" a_missing_program_is_named
finish
