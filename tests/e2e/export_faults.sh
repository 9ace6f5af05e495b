#!/bin/sh
# Exports on which something goes wrong: a full disk, a folder that cannot be written, an interrupt.
# Each ends with its code and a sentence, and leaves no half-written file.
. "$(dirname "$0")/lib"
unset DISPLAY WAYLAND_DISPLAY
formats="png svg pdf html gif webp mp4 tex tikz npz json csv"

# with_disk OPTIONS COMMAND...: runs a command while a small disk is at $out/disk
with_disk() {
    options=$1
    shift
    mkdir -p "$out/disk" && mount -t tmpfs -o "$options" tmpfs "$out/disk" || return 1
    "$@"
    status=$?
    umount "$out/disk"
    return $status
}
can_mount() { with_disk size=4k true 2>/dev/null; }

nothing_is_left() { # on the disk
    [ -z "$(ls -A "$out/disk")" ] || { ls -lA "$out/disk"; return 1; }
}
does_not_fit() { # FORMAT
    exits 3 "$gatewalk" export 1 --format "$1" --at forward:3:c --size 1600x1000 -o "$out/disk/x.$1" &&
        says 'gatewalk: .' && nothing_is_left
}
nothing_fits() { for f in $formats; do does_not_fit "$f" || return 1; done; }
only_whole_frames() {
    for jobs in 1 2; do
        exits 3 "$gatewalk" export 1 --format png --all --by timestep --size 1600x1000 --jobs $jobs -o "$out/disk/run" &&
            says 'No space' && [ -z "$(find "$out/disk" -name '*.part')" ] &&
            for png in "$out/disk/run"/*.png; do identify "$png" >/dev/null || return 1; done || return 1
        rm -rf "$out/disk/run"
    done
}
full_disk() { with_disk size=4k nothing_fits; }
half_full_disk() { with_disk size=600k only_whole_frames; }
pages_until_full() {
    exits 3 "$gatewalk" export 1 --format pdf --all --by timestep -o "$out/disk/x.pdf" && says 'No space' && nothing_is_left
}
full_on_the_way() { with_disk size=100k pages_until_full; }

refuses() { # FORMAT
    exits 3 "$gatewalk" export 1 --format "$1" --at forward:3:c -o "$out/disk/x.$1" && says 'gatewalk: .'
}
nothing_is_written() { for f in $formats; do refuses "$f" || return 1; done; }
read_only_folder() { with_disk size=4k,ro nothing_is_written; }
a_file_is_no_folder() {
    echo >"$out/file"
    for f in $formats; do
        exits 3 "$gatewalk" export 1 --format "$f" --at forward:3:c -o "$out/file/x.$f" && says "$out/file" || return 1
    done
}
a_full_device() {
    for f in $formats; do
        exits 3 "$gatewalk" export 1 --format "$f" --at forward:3:c -o /dev/full && says 'gatewalk: .' || return 1
    done
}

# stopped FORMAT SIGNAL OPTIONS...: ends an export when it has begun to write; nothing half made stays
stopped() {
    format=$1 signal=$2
    shift 2
    rm -rf "$out/stop"
    mkdir "$out/stop"
    "$gatewalk" export 1 --format "$format" --all --by unit "$@" -o "$out/stop/x" 2>"$out/stop.err" &
    pid=$!
    tries=0
    while [ -z "$(find "$out/stop" -type f)" ] && [ $tries -lt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
    kill "-$signal" $pid
    wait $pid
    code=$?
    [ $code = 130 ] || { echo "$format, $signal: exit code $code"; cat "$out/stop.err"; return 1; }
    [ -z "$(find "$out/stop" -name '*.part')" ] || { find "$out/stop"; return 1; }
    [ "$format" = png ] || [ "$format" = svg ] || [ -z "$(find "$out/stop" -type f)" ]
}
interrupts() {
    for format in png svg pdf gif webp mp4; do stopped $format TERM --size 1600x1000 || return 1; done
    stopped png HUP --jobs 2 --size 1600x1000 && stopped pdf HUP
}
whole_frames_after_an_interrupt() {
    stopped png TERM --jobs 2 --size 800x500 &&
        for png in "$out/stop/x"/*.png; do identify "$png" >/dev/null || return 1; done
}
the_old_file_stays() {
    export_one() { "$gatewalk" export 1 --format pdf --at forward:3:c -o "$out/old.pdf"; }
    export_one && cp "$out/old.pdf" "$out/copy.pdf" || return 1
    "$gatewalk" export 1 --format pdf --all --by unit -o "$out/old.pdf" 2>/dev/null &
    pid=$!
    while ! ls "$out"/old.pdf.*.part >/dev/null 2>&1 && kill -0 $pid 2>/dev/null; do sleep 0.05; done
    kill -TERM $pid
    wait $pid
    [ $? = 130 ] && cmp "$out/old.pdf" "$out/copy.pdf" && ! ls "$out"/old.pdf.*.part 2>/dev/null
}
nothing_or_too_much() {
    for size in 0x0 1000000x1 1x1000000 -5x10 800 x; do
        exits 2 "$gatewalk" export 1 --format png --size "$size" -o "$out/n.png" && says 'size' || return 1
    done
    for option in scale width font jobs per-page hold; do
        for value in 0 1000000 -1 x; do
            exits 2 "$gatewalk" export 1 --format pdf --layout sheet --$option $value -o "$out/n.pdf" && says "$option" || return 1
        done
    done
    exits 2 "$gatewalk" export 1 --format png --size 30000x30000 -o "$out/n.png" && says 'million' && [ ! -e "$out/n.png" ]
}

if can_mount; then
    expect "a disk without room ends with 3 and is left empty, in each format" full_disk
    expect "a disk that fills up keeps whole frames only" half_full_disk
    expect "a PDF that does not fit leaves nothing" full_on_the_way
    expect "a folder that cannot be written ends with 3, in each format" read_only_folder
else
    echo "skipped the tests with small disks: they need the right to mount one"
fi
expect "a path through a file ends with 3, in each format" a_file_is_no_folder
expect "a full device ends with 3, in each format" a_full_device
expect "an interrupt ends with 130 and leaves nothing half made" interrupts
expect "frames that were made before an interrupt are whole" whole_frames_after_an_interrupt
expect "an interrupt leaves the file that was there" the_old_file_stays
expect "sizes and counts of nothing or of a million are refused" nothing_or_too_much
finish
