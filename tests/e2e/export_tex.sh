#!/bin/sh
# LaTeX and TikZ, set by pdflatex, and by xelatex where there is Chinese; the pages stay beside.
. "$(dirname "$0")/lib"
unset DISPLAY WAYLAND_DISPLAY
range="--from forward:2:h --to backward:5:c --by equation"

set_by() { # PROGRAM FILE PATTERN...: it sets the file, and the page says all that
    (cd "$out" && "$1" -interaction=nonstopmode -halt-on-error "$2" >"$2.run" 2>&1) || { tail -20 "$out/$2.run"; return 1; }
    ! grep -E 'Missing character|LaTeX Font Warning' "$out/${2%.tex}.log" || return 1
    page=$out/${2%.tex}.pdf
    shift 2
    pdftotext -layout "$page" "$page.txt"
    for pattern; do grep -q "$pattern" "$page.txt" || { echo "no $pattern"; cat "$page.txt"; return 1; }; done
}
equations_in_symbols_and_numbers() {
    "$gatewalk" export 1 --format tex $range -o "$out/t.tex" && grep -q 'odot' "$out/t.tex" &&
        grep -q 'begin{bmatrix}0.443' "$out/t.tex" && grep -q 'begin{tabular}' "$out/t.tex" && ! grep -q 'term{' "$out/t.tex" &&
        set_by pdflatex t.tex 'hidden state' Values Gradients
}
cells_in_another_document() { # one run sets them all, each read by \input
    printf '%s\n' '\documentclass{article}\usepackage[margin=15mm]{geometry}\usepackage{amsmath,amssymb,tikz,standalone,fix-cm}' \
        '\begin{document}\noindent' >"$out/cells.tex"
    for cell in lstm gru rnn lstm-peephole mlstm; do for at in forward:3:h backward:2:h; do
        name=$cell-${at%%:*}
        "$gatewalk" export "assets/cells/$cell.cell" --format tikz --at $at --width 170 -o "$out/$name.tex" || return 1
        printf '%s\n' "\\input{$name}\\par\\bigskip\\noindent" >>"$out/cells.tex"
    done; done
    printf '%s\n' '\end{document}' >>"$out/cells.tex"
    set_by pdflatex cells.tex 'Long short-term memory' 'Gated recurrent unit' 'mLSTM of xLSTM' && pdftoppm -r 90 -png "$out/cells.pdf" "$out/cells"
}
the_cell_as_a_picture_of_its_own() {
    "$gatewalk" export 1 --format tikz --at forward:3:c -o "$out/c.tex" && grep -q 'begin{tikzpicture}' "$out/c.tex" &&
        ! grep -q 'term{' "$out/c.tex" && set_by pdflatex c.tex 0.745 tanh && pdfinfo "$out/c.pdf" | grep -q '^Pages: *1$'
}
every_panel_as_tikz() {
    for p in timeline equations value weights gradients memory; do
        "$gatewalk" export 1 --format tikz --panel $p --width 120 --at backward:3:c -o "$out/$p.tex" && set_by pdflatex $p.tex 3 || return 1
    done
}
every_shipped_lesson() {
    for l in $("$gatewalk" list lessons | awk '{ print $1 }'); do
        "$gatewalk" export "$l" --format tex --all --by timestep -o "$out/l$l.tex" && set_by pdflatex "l$l.tex" Values || return 1
    done
}
in_chinese() {
    "$gatewalk" export 1 --lang zh --format tex $range -o "$out/zh.tex" && set_by xelatex zh.tex 隐藏状态 梯度 &&
        "$gatewalk" export 1 --lang zh --format tikz --at forward:3:c -o "$out/czh.tex" && set_by xelatex czh.tex 长短期记忆网络 0.745
}
signs_are_as_they_look() {
    printf '%b' '---\ntitle: "50 % & <a|b> #1_x^2 ~ \\\\ {α ≤ ε → ∞}"\nmodel: {cell: gru, hidden: 2}\ndata: {inputs: [1]}\n---\n# T\n' >"$out/signs.md"
    "$gatewalk" export "$out/signs.md" --format tex --at forward:1:h -o "$out/signs.tex" &&
        set_by pdflatex signs.tex '50 % & < *a|b *> #1 x' 'α ≤ ε → ∞'
}
the_same_bytes() {
    "$gatewalk" export 1 --format tex $range -o "$out/t2.tex" && cmp "$out/t.tex" "$out/t2.tex"
}

expect "equations in symbols and numbers, and tables" equations_in_symbols_and_numbers
expect "cells as TikZ, forward and backward, read by another document" cells_in_another_document
expect "the cell as a picture of its own" the_cell_as_a_picture_of_its_own
expect "every panel as TikZ" every_panel_as_tikz
expect "every shipped lesson as LaTeX" every_shipped_lesson
expect "Chinese is set by XeLaTeX with ctex" in_chinese
expect "signs that TeX reserves or does not know are set" signs_are_as_they_look
expect "the same input gives the same bytes" the_same_bytes
finish
