#!/bin/sh
# SVG and PDF read back by other programs.
. "$(dirname "$0")/lib"
unset DISPLAY WAYLAND_DISPLAY
export_1() { "$gatewalk" export 1 "$@"; }

svg_is_xml_and_has_text() {
    export_1 --format svg --at forward:3:c --caption -o "$out/a.svg" && xmllint --noout "$out/a.svg" &&
        grep -q '<title>the cell state c, unit 1, at t = 3: ' "$out/a.svg" &&
        grep -q 'id="v-c-3-1"' "$out/a.svg" && grep -q '@font-face' "$out/a.svg" &&
        grep -q '>Five dots later</text>' "$out/a.svg"
}
svg_does_not_give_away_what_is_not_computed() {
    export_1 --format svg --at forward:3:f -o "$out/f.svg" &&
        grep -q 'the cell state c, unit 1, at t = 3: not computed yet' "$out/f.svg"
}
svg_ids_are_unique() {
    [ -z "$(grep -o ' id="[^"]*"' "$out/a.svg" | sort | uniq -d)" ]
}
svg_looks_like_the_png() {
    export_1 --format png --at forward:3:c --caption -o "$out/a.png" &&
        rsvg-convert "$out/a.svg" -o "$out/a-svg.png" &&
        [ "$(compare -metric RMSE "$out/a.png" "$out/a-svg.png" null: 2>&1 | sed 's/.*(0\.\(0[0-6]\).*/near/')" = near ]
}
outlines_need_no_font() {
    export_1 --format svg --outlines --at forward:3:c --lang zh -o "$out/o.svg" && xmllint --noout "$out/o.svg" &&
        ! grep -q '<text' "$out/o.svg" && ! grep -q 'font-face{' "$out/o.svg"
}
a_figure_has_its_width() {
    export_1 --format svg --panel timeline --width 84 --font 8 --theme print --at backward:3:c -o "$out/t.svg" &&
        grep -q 'width="84mm"' "$out/t.svg" && grep -q 'id="hatch"' "$out/t.svg" &&
        export_1 --format pdf --panel timeline --width 84 --font 8 --at backward:3:c -o "$out/t.pdf" &&
        pdfinfo "$out/t.pdf" | grep -q 'Page size: *238'
}
plain() { qpdf --qdf --object-streams=disable "$1" -; }
pdf_is_whole() { qpdf --check "$1" >"$out/qpdf.out" 2>&1 && ! grep -qi warning "$out/qpdf.out"; }
pdf_has_a_page_a_step() {
    export_1 --format pdf --from forward:2 --to forward:3 --by equation -o "$out/r.pdf" && pdf_is_whole "$out/r.pdf" &&
        pdfinfo "$out/r.pdf" | grep -q 'Pages: *7' && pdfinfo "$out/r.pdf" | grep -q 'Title: *One symbol' &&
        pdftotext "$out/r.pdf" - | grep -q 'the forget gate f is' &&
        qpdf --json "$out/r.pdf" | grep -q '"title": "forward:3:f"'
}
pdf_is_in_chinese() {
    export_1 --format pdf --at forward:3:f --lang zh --caption -o "$out/zh.pdf" && pdf_is_whole "$out/zh.pdf" &&
        pdftotext "$out/zh.pdf" - | grep -q '遗忘门' && plain "$out/zh.pdf" | grep -aq '/Lang (zh-CN)' &&
        ! pdffonts "$out/zh.pdf" | tail -n +3 | grep -q ' no  *no '
}
each_layout() {
    for l in sheet handout worksheet key slides; do
        export_1 --format pdf --layout $l --from forward:2 --to forward:3 --by equation -o "$out/$l.pdf" &&
            pdf_is_whole "$out/$l.pdf" || return 1
    done
    [ "$(pdfinfo "$out/slides.pdf" | sed -n 's/Page size: *//p')" = '1200 x 675 pts' ] &&
        jq -e '.pages | length == 7' "$out/slides.pdfpc" &&
        [ "$(plain "$out/slides.pdf" | grep -ac '/Subtype /Text')" = 7 ]
}
only_the_key_has_the_answers() {
    answer=$("$gatewalk" trace 1 --at forward:3:h | awk '/^  value/ { print $2 }')
    pdftotext "$out/key.pdf" - | grep -qF -- "$answer" && ! pdftotext "$out/worksheet.pdf" - | grep -qF -- "$answer"
}
a_gradient_is_asked_by_its_paths() {
    for l in worksheet key; do
        export_1 --format pdf --layout $l --from backward:3:h --to backward:3:c --by equation -o "$out/back-$l.pdf" &&
            pdftotext "$out/back-$l.pdf" "$out/back-$l.txt" &&
            grep -qF 'through h at t = 3' "$out/back-$l.txt" || return 1
    done
    answer=$("$gatewalk" say 1 --at backward:3:c.3 | grep -oE '[−0-9.]+' | tail -n 1 | sed 's/[.]$//')
    [ -n "$answer" ] && grep -qF '? is the result of exercise 1.' "$out/back-worksheet.txt" &&
        grep -qF -- "$answer" "$out/back-key.txt" && ! grep -qF -- "$answer" "$out/back-worksheet.txt"
}
the_same_bytes() {
    for f in svg pdf; do
        export_1 --format $f --at backward:2:c -o "$out/1.$f" && export_1 --format $f --at backward:2:c -o "$out/2.$f" &&
            cmp "$out/1.$f" "$out/2.$f" || return 1
    done
}
any_number_of_jobs() {
    for f in png svg; do
        for jobs in 1 3; do
            export_1 --format $f --from forward:1 --to forward:3 --by equation --size 800x500 --jobs $jobs \
                -o "$out/$f$jobs" || return 1
        done
        diff -r "$out/${f}1" "$out/${f}3" || return 1
    done
}
# One of two processes is halted: the other draws all but the two frames that the first has in hand.
a_slow_process_holds_up_nobody() {
    "$gatewalk" export 1 --format svg --all --by operation --jobs 2 -o "$out/slow" &
    pid=$!
    tries=0
    while [ "$(find "$out/slow" -type f 2>/dev/null | wc -l)" = 0 ] && [ $tries -lt 400 ]; do sleep 0.05; tries=$((tries + 1)); done
    slow=$(cut -d' ' -f1 "/proc/$pid/task/$pid/children")
    kill -STOP "$slow" || return 1
    missing() { [ "$(find "$out/slow" -name '*.svg' | wc -l)" -lt "$1" ]; }
    while missing 277 && [ $tries -lt 800 ]; do sleep 0.05; tries=$((tries + 1)); done
    found=$(find "$out/slow" -name '*.svg' | wc -l)
    kill -CONT "$slow"
    wait $pid && [ "$found" -ge 277 ] && ! missing 279
}
a_screen_reader_is_told() {
    export_1 --format pdf --at forward:3:c --caption -o "$out/tags.pdf" && pdf_is_whole "$out/tags.pdf" &&
        pdfinfo "$out/tags.pdf" | grep -q 'Tagged: *yes' &&
        plain "$out/tags.pdf" | grep -aq '/Alt (the forget gate f, unit 1, at t = 1: 0.876)' &&
        plain "$out/tags.pdf" | grep -aq '/Alt (the forget gate f, unit 1, at t = 4: not computed yet)' &&
        pdfinfo -struct-text "$out/tags.pdf" | grep -q 'the same equation, one timestep on' &&
        pdfinfo -struct-text "$out/tags.pdf" | grep -q 'Sect "The cell"' &&
        [ -z "$(pdfinfo -struct-text "$out/tags.pdf" 2>&1 >/dev/null)" ]
}
a_pdf_looks_like_the_png() {
    export_1 --format png --at backward:3:c --theme dark -o "$out/look.png" &&
        export_1 --format pdf --at backward:3:c --theme dark -o "$out/look.pdf" &&
        pdftoppm -r 96 -png -singlefile "$out/look.pdf" "$out/look-pdf" &&
        [ "$(compare -metric RMSE "$out/look.png" "$out/look-pdf.png" null: 2>&1 | sed 's/.*(0\.\(0[0-6]\).*/near/')" = near ]
}
outlines_of_a_pdf() {
    export_1 --format pdf --outlines --at forward:3:c --lang zh -o "$out/o.pdf" && pdf_is_whole "$out/o.pdf" &&
        [ "$(pdffonts "$out/o.pdf" | wc -l)" = 2 ] && plain "$out/o.pdf" | grep -aq '/ActualText'
}
web_links_stay() {
    sed 's/^# .*/&\n\nSee [the paper](https:\/\/example.org\/a)./' lessons/01-forward.md >"$out/links.md" &&
    "$gatewalk" export "$out/links.md" --format pdf -o "$out/links.pdf" && pdf_is_whole "$out/links.pdf" &&
        pdfinfo -url "$out/links.pdf" | grep -q 'https://example.org/a'
}
contact_sheets() {
    for f in png svg pdf; do
        export_1 --format $f --layout sheet --all --by timestep -o "$out/sheet.$f" || return 1
    done
    xmllint --noout "$out/sheet.svg" && [ "$(identify -format %w "$out/sheet.png")" -gt 1500 ] &&
        export_1 --format png --layout sheet --per-page 4 --all --by timestep -o "$out/sheets" &&
        [ "$(ls "$out/sheets")" = "$(printf 'sheet-%04d.png\n' 1 2 3 4 5)" ] &&
        exits 2 "$gatewalk" export 1 --format png --layout sheet --all -o "$out/x.png" && says 'do not fit'
}
handouts_of_so_many() {
    export_1 --format pdf --layout handout --per-page 2 --all --by timestep -o "$out/h2.pdf" &&
        pdfinfo "$out/h2.pdf" | grep -q 'Pages: *9'
}
a_caption_is_whole() {
    export_1 --format pdf --panel cell --width 84 --font 8 --caption --at backward:3:c -o "$out/caption.pdf" &&
        pdftotext "$out/caption.pdf" - | tr '\n' ' ' | grep -qF "$("$gatewalk" say 1 --at backward:3:c | sed 's/.* //')" &&
        ! pdftotext "$out/caption.pdf" - | grep -q '…'
}
a_legend_when_asked() {
    for lang in en zh; do for theme in $("$gatewalk" list themes); do
        export_1 --format svg --legend --at backward:3:c --lang $lang --theme "$theme" -o "$out/legend-$lang-$theme.svg" || return 1
    done; done
    grep -q '>gradient, signed square root</text>' "$out/legend-en-light.svg" &&
        grep -q '>尚未计算</text>' "$out/legend-zh-print.svg" && ! grep -q 'closed to open' "$out/a.svg" &&
        export_1 --format pdf --legend --panel cell --width 84 --font 8 --at forward:3:c -o "$out/lf.pdf" &&
        pdfinfo "$out/lf.pdf" | grep -q 'Page size: *238' && pdftotext "$out/lf.pdf" - | grep -q 'not computed yet'
}
bad_calls() {
    exits 2 "$gatewalk" export 1 --format pdf --size 0x0 -o "$out/x.pdf" &&
        exits 2 "$gatewalk" export 1 --format pdf --size 1000000x1000000 -o "$out/x.pdf" &&
        exits 2 "$gatewalk" export 1 --format svg --layout slides -o "$out/x.svg" &&
        exits 2 "$gatewalk" export 1 --format pdf --per-page 3 -o "$out/x.pdf" && says layout &&
        exits 2 "$gatewalk" export 1 --format svg --width 80 --size 800x600 -o "$out/x.svg" &&
        exits 2 "$gatewalk" export 1 --format doc -o "$out/x" && says 'svg' && [ ! -e "$out/x.pdf" ]
}
full_disk() {
    for f in svg pdf png; do exits 3 "$gatewalk" export 1 --format $f --at forward:3 -o /dev/full || return 1; done
}
no_such_folder() {
    exits 3 "$gatewalk" export 1 --format pdf -o "$out/none/x.pdf" && says none
}

expect "an SVG is XML with real text, titles, ids and fonts" svg_is_xml_and_has_text
expect "an SVG does not give away what is not computed" svg_does_not_give_away_what_is_not_computed
expect "ids in an SVG are unique" svg_ids_are_unique
expect "an SVG looks like the PNG" svg_looks_like_the_png
expect "outlines need no font" outlines_need_no_font
expect "a figure has its width on paper" a_figure_has_its_width
expect "a PDF has a page a step, bookmarks and sentences" pdf_has_a_page_a_step
expect "a Chinese PDF can be searched and names its language" pdf_is_in_chinese
expect "each layout makes pages" each_layout
expect "only the key has the answers" only_the_key_has_the_answers
expect "a gradient is asked by its paths" a_gradient_is_asked_by_its_paths
expect "the same input gives the same bytes" the_same_bytes
expect "a PDF tells a screen reader what each shape stands for" a_screen_reader_is_told
expect "a PDF looks like the PNG" a_pdf_looks_like_the_png
expect "a PDF of outlines needs no font and keeps its text" outlines_of_a_pdf
expect "links to the web stay links" web_links_stay
expect "contact sheets as one picture, as several, as pages" contact_sheets
expect "handouts with as many to a page as asked for" handouts_of_so_many
expect "a figure grows with its caption, which is whole" a_caption_is_whole
expect "a legend when asked, in both languages and all themes" a_legend_when_asked
expect "any number of jobs gives the same files" any_number_of_jobs
expect "a slow process does not hold up the others" a_slow_process_holds_up_nobody
expect "bad calls end with 2" bad_calls
expect "a full device ends with 3" full_disk
expect "a folder that is not there ends with 3" no_such_folder
finish
