#!/bin/sh
# Animations and films, read back by other programs; encoders that are missing or die.
. "$(dirname "$0")/lib"
unset DISPLAY WAYLAND_DISPLAY
range="--from forward:2:f --to forward:2:o --by equation --size 640x400"
export_1() { "$gatewalk" export 1 "$@"; }

a_gif_without_motion_has_a_frame_a_step() {
    export_1 --format gif $range --no-motion -o "$out/still.gif" && [ "$(identify "$out/still.gif" | wc -l)" = 5 ]
}
# 4 motions of 0.8 s at 12 pictures a second, 5 steps; as long as its subtitles, to a hundredth
a_gif_moves_for_as_long_as_it_says() {
    export_1 --format gif $range --subtitles srt --hold 0.5 -o "$out/a.gif" && [ "$(identify "$out/a.gif" | wc -l)" = 45 ] &&
        [ "$(identify -format '%T\n' "$out/a.gif" | awk '{ s += $1 } END { print s }')" = 570 ] &&
        grep -q -- '--> 00:00:05,700' "$out/a.srt"
}
a_gif_shows_the_stage() {
    convert "$out/still.gif" -coalesce "$out/gif.png" && export_1 --format png --at forward:2:o --size 640x400 -o "$out/o.png" &&
        [ "$(compare -metric RMSE "$out/o.png" "$out/gif-4.png" null: 2>&1 | sed 's/.*(0\.0[0-1].*/near/')" = near ]
}
a_webp_animates() {
    export_1 --format webp $range --fps 10 -o "$out/a.webp" && head -c 12 "$out/a.webp" | grep -aq WEBP &&
        [ "$(grep -ao ANMF "$out/a.webp" | wc -l)" -gt 30 ]
}
a_film_has_its_length_and_chapters() {
    export_1 --format $1 $range --hold 0.5 --subtitles $2 -o "$out/a.$1" &&
        ffprobe -v error -show_entries format=duration:stream=width,height -show_chapters "$out/a.$1" >"$out/probe" &&
        grep -q 'duration=5.7' "$out/probe" && grep -q width=640 "$out/probe" && grep -q 'forget gate' "$out/probe" &&
        ffprobe -v error -show_entries stream=codec_name -of csv=p=0 "$out/a.$2" | grep -qE '^(subrip|webvtt)$' &&
        [ "$(ffprobe -v error -count_packets -show_entries stream=nb_read_packets -of csv=p=0 "$out/a.$2")" = 5 ]
}
pictures() { ffprobe -v error -count_packets -show_entries stream=nb_read_packets -select_streams v -of csv=p=0 "$1" | head -1; }
motion_has_as_many_pictures_as_asked() { # 4 motions of 0.8 s, 5 steps, the last one twice
    export_1 --format mp4 $range --hold 0.5 --fps 10 -o "$out/ten.mp4" && [ "$(pictures "$out/ten.mp4")" = 38 ] &&
        export_1 --format mp4 $range --hold 0.5 --no-motion -o "$out/still.mp4" && [ "$(pictures "$out/still.mp4")" = 6 ] &&
        ffprobe -v error -show_entries format=duration "$out/still.mp4" | grep -q 'duration=2.5'
}
motion_is_in_the_film() { # half way through the first one, the picture is neither that before nor that after
    for at in 0.2 0.9 1.5; do ffmpeg -v error -y -ss $at -i "$out/a.mp4" -frames:v 1 "$out/at-$at.png" </dev/null || return 1; done
    ! cmp -s "$out/at-0.2.png" "$out/at-0.9.png" && ! cmp -s "$out/at-0.9.png" "$out/at-1.5.png"
}
phases_are_chapters() {
    export_1 --format mp4 --from forward:6:h --to backward:6:h --by equation --size 320x200 --hold 0.2 --no-motion -o "$out/c.mp4" &&
        ffprobe -v error -show_chapters -of json "$out/c.mp4" >"$out/c.json" &&
        jq -e '[.chapters[].tags.title] | any(test("Loss")) and any(test("Backward"))' "$out/c.json" >/dev/null &&
        jq -e '[.chapters[] | [.start_time, .end_time]] | [.[1:][][0]] == [.[:-1][][1]]' "$out/c.json" >/dev/null
}
burnt_in_sentences_leave_the_stage_in_place() {
    export_1 --format gif $range --no-motion --subtitles burn -o "$out/burnt.gif" && convert "$out/burnt.gif" -coalesce "$out/burnt.png" || return 1
    for k in 0 1 2 3 4; do # the name of the panel stands where it stood
        convert "$out/burnt-$k.png" -crop 90x12+236+115 rgba:- | cksum
    done | uniq | wc -l | grep -qx 1 && ! cmp -s "$out/burnt-4.png" "$out/gif-4.png"
}
the_same_bytes() {
    for f in gif webp mp4 webm; do
        export_1 --format $f $range --hold 0.5 -o "$out/1.$f" && export_1 --format $f $range --hold 0.5 --jobs 2 -o "$out/2.$f" &&
            cmp "$out/1.$f" "$out/2.$f" || return 1
    done
}
a_film_goes_to_standard_output() {
    for f in gif webp mp4; do
        export_1 --format $f $range --hold 0.5 -o - >"$out/piped.$f" && cmp "$out/piped.$f" "$out/1.$f" || return 1
    done
}
wrong_words_are_told() {
    for w in "--fps 0" "--fps 61" "--fps many" "--hold 0" "--subtitles loud"; do
        exits 2 "$gatewalk" export 1 --format gif $range $w -o "$out/w.gif" && says "${w% *}" && [ ! -e "$out/w.gif" ] || return 1
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
    TMPDIR=$out && export TMPDIR
    exits 3 "$gatewalk" export 1 --format gif $range -o /dev/full && exits 3 "$gatewalk" export 1 --format webm $range --hold 0.2 -o /dev/full
    code=$?
    unset TMPDIR
    [ $code = 0 ] && [ -z "$(find "$out" -name '*.part')" ]
}

expect "a GIF without motion has a frame a step" a_gif_without_motion_has_a_frame_a_step
expect "a GIF moves for as long as it says" a_gif_moves_for_as_long_as_it_says
expect "a GIF shows the stage" a_gif_shows_the_stage
expect "a WebP animates" a_webp_animates
expect "an MP4 has its length, chapters and subtitles" a_film_has_its_length_and_chapters mp4 srt
expect "a WebM has its length, chapters and subtitles" a_film_has_its_length_and_chapters webm vtt
expect "motion has as many pictures as asked" motion_has_as_many_pictures_as_asked
expect "motion is in the film" motion_is_in_the_film
expect "scenes and phases are chapters without gaps" phases_are_chapters
expect "burnt-in sentences leave the stage in place" burnt_in_sentences_leave_the_stage_in_place
expect "the same input gives the same bytes" the_same_bytes
expect "a film goes to standard output" a_film_goes_to_standard_output
expect "wrong words are told" wrong_words_are_told
expect "without an encoder it ends with 3 and names the package" no_encoder
expect "an encoder that dies ends with 3 and leaves nothing" an_encoder_that_dies
expect "an interrupt leaves nothing of a film" an_interrupt_leaves_nothing
expect "an interrupted run keeps whole frames only" an_interrupted_run_keeps_whole_frames
expect "nowhere to write ends with 3" nowhere_to_write
finish
