#!/bin/sh
# Pictures without a display: one step, a range, all; sizes, panels, themes, failures.
. "$(dirname "$0")/lib"
unset DISPLAY WAYLAND_DISPLAY

size_of() { identify -format '%wx%h' "$1"; }
one_step_at_a_size() {
    "$gatewalk" export 1 --format png --at forward:3:f --size 1600x1000 --scale 1 -o "$out/one.png" &&
        [ "$(size_of "$out/one.png")" = 1600x1000 ]
}
scale_multiplies() {
    "$gatewalk" export 1 --format png --at forward:3:f --size 800x500 --scale 2 -o "$out/two.png" &&
        [ "$(size_of "$out/two.png")" = 1600x1000 ]
}
a_range_is_named_by_address() {
    "$gatewalk" export 1 --format png --from forward:2:f --to forward:2:h --by equation \
        --size 1024x640 -o "$out/range" && [ "$(ls "$out/range" | wc -l)" = 6 ] &&
        [ -e "$out/range/0001-forward-2-f.png" ] && [ -e "$out/range/0006-forward-2-h.png" ]
}
all_by_timestep() {
    "$gatewalk" export 2 --format png --all --by timestep --size 1024x640 -o "$out/all" &&
        ls "$out/all" | grep -q backward-1
}
each_panel_alone() {
    for p in $("$gatewalk" list panels); do
        "$gatewalk" export 1 --format png --at backward:3:c --panel "$p" --size 700x500 -o "$out/$p.png" || return 1
    done
}
the_same_bytes() {
    "$gatewalk" export 1 --format png --at forward:3:f --size 1600x1000 -o "$out/again.png" && cmp "$out/one.png" "$out/again.png"
}
disk_full_leaves_nothing() {
    mkdir -p "$out/small" || return 1
    mount -t tmpfs -o size=64k tmpfs "$out/small" 2>/dev/null || return 0 # needs root
    "$gatewalk" export 1 --format png --all --by timestep --size 1600x1000 -o "$out/small" 2>"$out/small.err"
    code=$?
    left=$(find "$out/small" -name '*.part' | wc -l)
    umount "$out/small"
    [ $code = 3 ] && [ "$left" = 0 ] && [ -s "$out/small.err" ]
}
in_both_languages_and_all_themes() {
    for lang in en zh; do for theme in $("$gatewalk" list themes); do
        "$gatewalk" export 2 --format png --at backward:3:c --lang $lang --theme "$theme" --size 1600x1000 \
            -o "$out/stage-$lang-$theme.png" || return 1
    done; done
}

expect "one step has the size asked for" one_step_at_a_size
expect "scale multiplies the pixels" scale_multiplies
expect "a range of equations is named by address" a_range_is_named_by_address
expect "all timesteps, backward ones too" all_by_timestep
expect "each panel alone" each_panel_alone
expect "the same input gives the same bytes" the_same_bytes
expect "both languages and all themes" in_both_languages_and_all_themes
expect "a full disk ends with 3 and leaves nothing half written" disk_full_leaves_nothing
finish
