#!/bin/sh
# Animations and films, read back by other programs; encoders that are missing or die.
. "$(dirname "$0")/lib"
unset DISPLAY WAYLAND_DISPLAY
range="--from forward:2:f --to forward:2:o --by equation --size 640x400"
export_1() { "$gatewalk" export 1 "$@"; }

a_gif_has_a_frame_a_step() {
    export_1 --format gif $range -o "$out/a.gif" && [ "$(identify "$out/a.gif" | wc -l)" = 5 ]
}
a_gif_shows_the_stage() {
    convert "$out/a.gif" -coalesce "$out/gif.png" && export_1 --format png --at forward:2:o --size 640x400 -o "$out/o.png" &&
        [ "$(compare -metric RMSE "$out/o.png" "$out/gif-4.png" null: 2>&1 | sed 's/.*(0\.0[0-1].*/near/')" = near ]
}
a_webp_animates() {
    export_1 --format webp $range -o "$out/a.webp" && head -c 12 "$out/a.webp" | grep -aq WEBP && grep -aq ANMF "$out/a.webp"
}
a_film_has_its_length_and_chapters() {
    export_1 --format $1 $range --hold 0.5 --subtitles $2 -o "$out/a.$1" &&
        ffprobe -v error -show_entries format=duration:stream=width,height -show_chapters "$out/a.$1" >"$out/probe" &&
        grep -q 'duration=2.5' "$out/probe" && grep -q width=640 "$out/probe" && grep -q 'forget gate' "$out/probe" &&
        grep -q -- '-->' "$out/a.$2" && [ "$(grep -c -- '-->' "$out/a.$2")" = 5 ]
}
the_same_bytes() {
    for f in gif webp mp4 webm; do
        export_1 --format $f $range --hold 0.5 -o "$out/1.$f" && export_1 --format $f $range --hold 0.5 -o "$out/2.$f" &&
            cmp "$out/1.$f" "$out/2.$f" || return 1
    done
}
no_encoder() {
    mkdir -p "$out/bin" && PATH=$out/bin exits 3 "$gatewalk" export 1 --format mp4 $range -o "$out/none.mp4" &&
        says 'package ffmpeg' && [ ! -e "$out/none.mp4" ]
}
an_encoder_that_dies() {
    mkdir -p "$out/dying" && printf '#!/bin/sh\necho "no codec" >&2\nexit 1\n' >"$out/dying/ffmpeg" && chmod +x "$out/dying/ffmpeg" &&
        PATH=$(realpath "$out/dying"):$PATH exits 3 "$gatewalk" export 1 --format mp4 $range -o "$out/none.mp4" &&
        says 'no codec' && [ -z "$(find "$out" -name 'none*')" ]
}
an_interrupt_leaves_nothing() {
    "$gatewalk" export 1 --format mp4 --all --size 1600x900 -o "$out/late.mp4" 2>/dev/null &
    pid=$!
    sleep 1.5
    kill -INT $pid 2>/dev/null || kill -TERM $pid
    sleep 0.1
    kill -TERM $pid 2>/dev/null # a shell's background commands ignore the interrupt
    wait $pid
    code=$?
    echo "code $code"
    [ $code = 130 ] && [ -z "$(find "$out" -name 'late*')" ]
}
an_interrupted_run_keeps_whole_frames() {
    "$gatewalk" export 1 --format png --all --size 1600x900 --jobs 2 -o "$out/run" &
    pid=$!
    sleep 1
    kill -TERM $pid
    wait $pid
    code=$?
    echo "code $code"
    [ $code = 130 ] && [ -z "$(find "$out/run" -name '*.part')" ] && identify "$out"/run/*.png >/dev/null
}
nowhere_to_write() {
    for f in gif mp4; do exits 3 "$gatewalk" export 1 --format $f $range -o "$out/none/a.$f" && says none || return 1; done
    exits 3 "$gatewalk" export 1 --format gif $range -o /dev/full && exits 3 "$gatewalk" export 1 --format webm $range --hold 0.2 -o /dev/full
}

expect "a GIF has a frame a step" a_gif_has_a_frame_a_step
expect "a GIF shows the stage" a_gif_shows_the_stage
expect "a WebP animates" a_webp_animates
expect "an MP4 has its length, chapters and subtitles" a_film_has_its_length_and_chapters mp4 srt
expect "a WebM has its length, chapters and subtitles" a_film_has_its_length_and_chapters webm vtt
expect "the same input gives the same bytes" the_same_bytes
expect "without an encoder it ends with 3 and names the package" no_encoder
expect "an encoder that dies ends with 3 and leaves nothing" an_encoder_that_dies
expect "an interrupt leaves nothing of a film" an_interrupt_leaves_nothing
expect "an interrupted run keeps whole frames only" an_interrupted_run_keeps_whole_frames
expect "nowhere to write ends with 3" nowhere_to_write
finish
