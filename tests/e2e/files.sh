#!/bin/sh
# Lessons that take weights and data from files, and numbers written for other programs.
. "$(dirname "$0")/lib"

lesson() { # FILE MODEL DATA WEIGHTS
    printf -- '---\ntitle: t\nmodel: {%s}\ndata: {%s}\nweights: {%s}\n---\n# One\ntext\n' "$2" "$3" "$4" >"$out/$1"
}
net='cell: lstm, hidden: 4, head: softmax, loss: cross-entropy'

weights_come_back() {
    lesson before.md "$net" 'task: recall-first' 'seed: 3'
    for ending in safetensors npz; do
        "$gatewalk" train "$out/before.md" --steps 0 -o "$out/w.$ending" >"$out/train.out" || return 1
        lesson after.md "$net" 'task: recall-first' "file: w.$ending"
        "$gatewalk" trace "$out/before.md" --format csv -o "$out/before.csv" || return 1
        "$gatewalk" trace "$out/after.md" --format csv -o "$out/after.csv" || return 1
        cmp "$out/before.csv" "$out/after.csv" || return 1
    done
}
a_damaged_file_is_refused() {
    lesson bad.md "$net" 'task: recall-first' 'file: bad.npz'
    head -c 100 "$out/w.npz" >"$out/bad.npz"
    exits 1 "$gatewalk" check "$out/bad.md" && silent && says 'bad.npz: error: '
}
a_table_is_read_by_its_row() {
    cp lessons/data/nile_1871_1970.csv "$out/nile.csv"
    lesson nile.md 'cell: lstm, head: linear, loss: mse' 'csv: nile.csv, columns: [value], window: 12' 'seed: 1'
    [ "$("$gatewalk" trace "$out/nile.md" --format json | jq -c '[.timesteps, .inputs[0]]')" = '[12,[1120]]' ] || return 1
    sed 's/^1873,.*/1873,?/' lessons/data/nile_1871_1970.csv >"$out/nile.csv"
    exits 1 "$gatewalk" check "$out/nile.md" && says "nile.csv: error: row 3 (line 4), column 'value': '?' is no number"
}
npz_is_an_archive() {
    "$gatewalk" trace "$out/before.md" --format npz -o "$out/t.npz" || return 1
    [ "$(head -c 2 "$out/t.npz")" = PK ] && grep -q 'grad/W_f.npy' "$out/t.npz"
}

expect "weights written by train give the same run" weights_come_back
expect "a damaged file of weights is refused" a_damaged_file_is_refused
expect "a table is read, and refused with its row" a_table_is_read_by_its_row
expect "a trace is written as NPZ" npz_is_an_archive
finish
