#!/bin/sh
# LaTeX and TikZ; set by pdflatex where that is installed.
. "$(dirname "$0")/lib"
unset DISPLAY WAYLAND_DISPLAY
range="--from forward:2:h --to backward:5:c --by equation"

set_by_latex() {
    command -v pdflatex >/dev/null || return 0
    (cd "$out" && pdflatex -interaction=nonstopmode -halt-on-error "$1" >"$1.run" 2>&1) || { tail -20 "$out/$1.run"; return 1; }
    pdftotext "$out/${1%.tex}.pdf" - | grep -q "$2"
}
equations_in_symbols_and_numbers() {
    "$gatewalk" export 1 --format tex $range -o "$out/t.tex" && grep -q 'odot' "$out/t.tex" &&
        grep -q 'begin{bmatrix}0.443' "$out/t.tex" && grep -q 'begin{tabular}' "$out/t.tex" && ! grep -q 'term{' "$out/t.tex" &&
        set_by_latex t.tex 'hidden state'
}
the_cell_as_tikz() {
    "$gatewalk" export 1 --format tikz --at forward:3:c -o "$out/c.tex" && grep -q 'begin{tikzpicture}' "$out/c.tex" &&
        ! grep -q 'term{' "$out/c.tex" && set_by_latex c.tex 0.745
}
every_panel_as_tikz() {
    for p in timeline equations value; do
        "$gatewalk" export 1 --format tikz --panel $p --width 120 --at backward:3:c -o "$out/$p.tex" && set_by_latex $p.tex . || return 1
    done
}
every_shipped_lesson() {
    for l in $("$gatewalk" list lessons | awk '{ print $1 }'); do
        "$gatewalk" export "$l" --format tex --all --by timestep -o "$out/l$l.tex" && set_by_latex "l$l.tex" . || return 1
    done
}
the_same_bytes() {
    "$gatewalk" export 1 --format tex $range -o "$out/t2.tex" && cmp "$out/t.tex" "$out/t2.tex"
}

expect "equations in symbols and numbers, and tables" equations_in_symbols_and_numbers
expect "the cell as TikZ" the_cell_as_tikz
expect "every panel as TikZ" every_panel_as_tikz
expect "every shipped lesson as LaTeX" every_shipped_lesson
expect "the same input gives the same bytes" the_same_bytes
finish
