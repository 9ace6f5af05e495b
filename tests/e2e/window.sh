#!/bin/sh
# The window, driven by scripts of actions on SDL's dummy driver, which must be asked for by name.
. "$(dirname "$0")/lib"
unset DISPLAY WAYLAND_DISPLAY
XDG_CONFIG_HOME=$(cd "$out" && pwd)/config
export XDG_CONFIG_HOME
settings=$XDG_CONFIG_HOME/gatewalk/settings.json

# Runs the lines on standard input in a window opened with the given words.
drive() {
    cat >"$out/script" && SDL_VIDEODRIVER=dummy timeout 60 "$gatewalk" "$@" --script "$out/script"
}
without_a_display_one_line() {
    "$gatewalk" 1 >"$out/o" 2>"$out/e"
    [ $? = 3 ] && [ ! -s "$out/o" ] && [ "$(wc -l <"$out/e")" = 1 ] &&
        grep -q "gatewalk export" "$out/e"
}
a_wrong_address_is_2() {
    drive 1 --at sideways:3 </dev/null 2>/dev/null
    [ $? = 2 ]
}
steps_go_there_and_back() {
    printf '%s\n' "goto forward:2:f" print step-forward print step-back print quit |
        drive 1 >"$out/o" &&
        [ "$(sed -n 1p "$out/o")" = "$(sed -n 3p "$out/o")" ] &&
        [ "$(sed -n 1p "$out/o")" != "$(sed -n 2p "$out/o")" ]
}
what_was_left_is_found_again() {
    printf '%s\n' "goto backward:2:c" "theme dark" "language zh" "bigger" quit | drive 1 &&
        printf '%s\n' print quit | drive 1 >"$out/o" &&
        grep -q "at backward:2:c.* theme dark lang zh" "$out/o" &&
        printf '%s\n' print quit | drive >"$out/o" && grep -q "screen chooser" "$out/o"
}
damaged_settings_are_set_aside() {
    echo '{"theme": ' >"$settings" && printf '%s\n' print quit | drive 1 >"$out/o" 2>"$out/e" &&
        grep -q "settings.json.damaged" "$out/e" && [ -e "$settings.damaged" ] &&
        grep -q "theme light" "$out/o"
}
the_same_pixels_whichever_way() {
    printf '%s\n' "theme light" "goto backward:2:c" "screenshot $out/a.png" step-forward step-back \
        "theme dark" "theme light" help escape "screenshot $out/b.png" quit | drive 1 &&
        cmp "$out/a.png" "$out/b.png"
}
a_step_moves_and_arrives_where_a_jump_does() {
    printf '%s\n' "theme light" "goto forward:3:f.1" "motion 1" step-forward "pass 250" "screenshot $out/m1.png" \
        "pass 900" "screenshot $out/m2.png" step-back "pass 900" step-forward "pass 250" "screenshot $out/m3.png" \
        "motion 0" first "goto forward:3:f.2" "screenshot $out/m4.png" quit | drive 1 &&
        cmp "$out/m1.png" "$out/m3.png" && ! cmp -s "$out/m1.png" "$out/m2.png" || return 1
    # the part of the picture without the message about motion and its switch
    crop=1024x300+0+60
    [ "$(convert "$out/m2.png" -crop $crop rgba:- | cksum)" = "$(convert "$out/m4.png" -crop $crop rgba:- | cksum)" ]
}
motion_is_kept_as_it_was_switched() {
    printf '%s\n' "motion 0" quit | drive 1 && grep -q '"motion": false' "$settings" &&
        printf '%s\n' "motion 1" quit | drive 1 && grep -q '"motion": true' "$settings" &&
        printf '%s\n' step-forward quit | drive 1 && grep -q '"motion": true' "$settings"
}
a_question_is_guessed_and_revealed() {
    printf '%s\n' "scene 2" print "ask-guess 0 0.9" print "ask-reveal 0" print "ask-again 0" print \
        "key 0" "key ." "key 1" print "key Return" print "scene 5" "ask-choose 0 3" \
        "key Return" print quit | drive 1 >"$out/o" &&
        [ "$(grep -o 'asks [^ ]*' "$out/o" | tr '\n' ' ')" = \
            "asks - asks ? asks right asks - asks ? asks wrong asks right " ]
}
a_number_asked_for_is_hidden_until_it_is_revealed() {
    printf '%s\n' "theme light" "language en" "scene 2" "screenshot $out/a.png" "ask-reveal 0" \
        "screenshot $out/b.png" "ask-again 0" "screenshot $out/c.png" quit | drive 1 &&
        cmp "$out/a.png" "$out/c.png" && ! cmp -s "$out/a.png" "$out/b.png"
}
an_author_sees_edits_live() {
    cp lessons/01-forward.md "$out/live.md"
    printf '%s\n' "goto forward:3:f" "wait 2500" print "wait 2500" print quit >"$out/live.script"
    SDL_VIDEODRIVER=dummy timeout 60 "$gatewalk" "$out/live.md" --script "$out/live.script" \
        >"$out/o" &
    driver=$!
    sleep 1
    sed -i 's/hidden: 4/hiden: 4/' "$out/live.md"
    sleep 2.5
    sed -i 's/hiden: 4/hidden: 4/' "$out/live.md"
    wait $driver && sed -n 1p "$out/o" | grep -q "screen mistakes" &&
        sed -n 2p "$out/o" | grep -q "screen lesson .* at forward:3:f"
}

an_optimizer_step_is_opened_and_left() {
    printf '%s\n' "goto @3/backward:2:c" "screenshot $out/a.png" print moment-next \
        "screenshot $out/b.png" print "rewind 1" release print moment-previous print \
        "goto @3" "screenshot $out/c.png" quit | drive 1 >"$out/o" &&
        [ "$(grep -o 'at [^ ]*' "$out/o" | tr '\n' ' ')" = \
            "at @3/backward:2:c.1 at @4/backward:2:c.1 at backward:2:c.1 at @6/backward:2:c.1 " ] &&
        cmp "$out/a.png" "$out/c.png" && ! cmp -s "$out/a.png" "$out/b.png" &&
        printf '%s\n' print quit | drive 1 >"$out/o" && grep -q "at @3/backward:2:c" "$out/o" &&
        printf '%s\n' print quit | drive 1 --at @5/loss >"$out/o" && grep -q "at @5/loss" "$out/o" &&
        exits 2 drive 1 --at @7/loss </dev/null
}

a_step_of_dropout_is_left_and_found_again() {
    printf '%s\n' "goto @2/forward:2:h_drop" print moment-next print moment-next print \
        moment-previous print step-forward print quit |
        drive tests/fuzz/corpus/lesson/dropout.md >"$out/o" &&
        [ "$(grep -o 'at [^ ]*' "$out/o" | tr '\n' ' ')" = "at @2/forward:2:h_drop at @3/forward:2:h_drop \
at forward:2:h.2 at @3/forward:2:h.2 at @3/forward:2:h_drop " ]
}

expect "without a display: one line, exit code 3" without_a_display_one_line
expect "a wrong step address is wrong usage" a_wrong_address_is_2
expect "a step back is where the step forward began" steps_go_there_and_back
expect "position, theme and language are kept between starts" what_was_left_is_found_again
expect "damaged settings are set aside, and that is said" damaged_settings_are_set_aside
expect "the same state is the same pixels, whichever way it was reached" the_same_pixels_whichever_way
expect "a step moves, and arrives where a jump does" a_step_moves_and_arrives_where_a_jump_does
expect "motion is kept as it was switched" motion_is_kept_as_it_was_switched
expect "a question is guessed by script and by keys, and graded" a_question_is_guessed_and_revealed
expect "what a question asks for is hidden until revealed" \
    a_number_asked_for_is_hidden_until_it_is_revealed
expect "an optimizer step is opened by address and keys, and found again" \
    an_optimizer_step_is_opened_and_left
expect "a step of dropout is left and found again" a_step_of_dropout_is_left_and_found_again
expect "an author sees edits live, mistakes too, and keeps the place" an_author_sees_edits_live
finish
