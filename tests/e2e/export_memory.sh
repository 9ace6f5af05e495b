#!/bin/sh
# Memory does not grow with the number of frames: what hundreds of them take at most, against fifty.
. "$(dirname "$0")/lib"
unset DISPLAY WAYLAND_DISPLAY
python=/usr/bin/python3
[ -x $python ] || python=python3

# peak FORMAT RANGE...: the most memory that an export takes, in KB
peak() {
    format=$1
    shift
    $python - "$gatewalk" export 1 --format "$format" --by unit --size 640x400 "$@" -o "$out/m.$format" <<'EOF'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
EOF
}

# The caches of text and formulas fill up to a bound, so it is not quite the same.
stays_small() { # FORMAT RANGE...
    few=$(peak "$1" --to 'forward:1:o.2[1]') && rm -rf "$out/m.$1" && many=$(peak "$@") || return 1
    rm -rf "$out/m.$1"
    echo "$1: $few KB, $many KB"
    [ "$many" -lt $((2 * few)) ]
}
png() { stays_small png --to 'backward:6:W_f[2]'; }
svg() { stays_small svg --to 'backward:6:W_f[2]'; }
pdf() { stays_small pdf --all; }
gif() { stays_small gif --to 'backward:6:W_f[2]'; }
webp() { stays_small webp --to 'backward:6:W_f[2]'; }
html() { stays_small html --to 'backward:6:W_f[2]'; }

expect "500 frames of PNG take about the memory of 50" png
expect "500 frames of SVG take about the memory of 50" svg
expect "a PDF of 1700 pages takes about the memory of one of 50" pdf
expect "a GIF of 500 pictures takes about the memory of one of 50" gif
expect "a WebP of 500 pictures takes about the memory of one of 50" webp
expect "a page of 500 steps takes about the memory of one of 50" html
finish
