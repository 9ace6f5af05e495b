#!/bin/sh
# The trace as numbers, read back by Python's csv and numpy.
. "$(dirname "$0")/lib"
unset DISPLAY WAYLAND_DISPLAY
python=/usr/bin/python3 # the system's, which has numpy
[ -x $python ] || python=python3

agree() { # LESSON: JSON, NPZ and CSV say the same
    for format in json npz csv; do
        "$gatewalk" export "$1" --format $format -o "$out/t.$format" &&
            "$gatewalk" trace "$1" --format $format -o "$out/trace.$format" &&
            cmp "$out/t.$format" "$out/trace.$format" || return 1
    done
    $python tests/e2e/read_trace.py "$out/t.json" "$out/t.npz" "$out/t.csv"
}
lesson() { printf '%b' "---\ntitle: T\nmodel: {$1}\n$2\n---\n# T\n" >"$out/l.md"; }
all_shipped_lessons() {
    for l in $("$gatewalk" list lessons | awk '{ print $1 }'); do agree "$l" || return 1; done
}
matrices() { agree assets/cells/mlstm.cell; }
two_layers_both_ways() {
    lesson 'cell: gru, hidden: 3, layers: 2, direction: bidirectional, head: softmax, loss: cross-entropy, loss_at: [2, 3]' \
        'data: {inputs: [a, b, c], targets: [a, b, a]}' && agree "$out/l.md"
}
not_a_number() {
    printf 'cell a "A"\nc = 1 / (t - 1)\nh = (c - c) * (W @ x)\n' >"$out/a.cell" && agree "$out/a.cell" && grep -q NaN "$out/t.csv"
}
one_that_numpy_reads() { # FORMAT
    $python -c 'import sys, numpy; a = numpy.load(sys.argv[1]); print(a["c"].shape); assert a["c"].shape == (6, 4) == a["grad/c"].shape' "$out/one.npz"
}
an_array_a_name() { "$gatewalk" export 1 --format npz -o "$out/one.npz" && one_that_numpy_reads; }
nowhere_to_write() {
    for format in json csv npz tex tikz html; do
        exits 3 "$gatewalk" export 1 --format $format --at forward:2:f -o /dev/full && says 'No space left' && silent &&
            exits 3 "$gatewalk" export 1 --format $format --at forward:2:f -o "$out/none/x.$format" && says 'No such file' &&
            exits 3 sh -c "'$gatewalk' export 1 --format $format --at forward:2:f -o - >&-" || return 1
    done
    [ -z "$(find "$out" -name '*.part')" ]
}
to_standard_output() {
    for format in json csv tex tikz html; do
        "$gatewalk" export 1 --format $format --at forward:2:f -o - >"$out/by-pipe" &&
            "$gatewalk" export 1 --format $format --at forward:2:f -o "$out/by-name" && cmp "$out/by-pipe" "$out/by-name" || return 1
    done
}

expect "all shipped lessons read back alike" all_shipped_lessons
expect "matrix states have an axis more" matrices
expect "stacked layers that read both ways have their names" two_layers_both_ways
expect "NaN and infinities are read back" not_a_number
expect "an array a name has a row for each timestep" an_array_a_name
expect "what cannot be written is told, ends with 3, and leaves nothing" nowhere_to_write
expect "a dash is standard output" to_standard_output
finish
