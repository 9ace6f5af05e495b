#!/bin/sh
# The page for a browser, stepped through in Chromium.
. "$(dirname "$0")/lib"
unset DISPLAY WAYLAND_DISPLAY
page=$out/page.html

a_page_of_sixty_steps_is_small() {
    "$gatewalk" export 1 --format html --from forward:2:f.1 --to forward:4:g.3 --by operation -o "$page" &&
        [ "$(stat -c %s "$page")" -lt 2000000 ]
}
it_needs_no_network() { ! grep -oE '(src|href)="?[^" >]*|url\(([^)d#]|d[^a])[^)]*' "$page" | grep -v 'url(data:'; }
it_has_both_languages() { grep -q 'At t = 3 the forget gate' "$page" || grep -q 'forget gate f' "$page" && grep -q '遗忘门' "$page"; }
the_same_bytes() {
    "$gatewalk" export 1 --format html --from forward:2:f.1 --to forward:4:g.3 --by operation -o "$out/again.html" &&
        cmp "$page" "$out/again.html"
}
without_a_range_it_holds_all_steps() {
    "$gatewalk" export 2 --format html --by timestep -o "$out/all.html" && grep -q 'backward:1' "$out/all.html"
}
browser() { timeout 60 chromium --headless=new --no-sandbox --disable-gpu "$@" 2>/dev/null; }
a_browser_opens_it_at_a_step() {
    browser --dump-dom "file://$(realpath "$page")#forward:3:c" >"$out/dom.html" &&
        grep -q '<code id="address">forward:3:c.3</code>' "$out/dom.html" && grep -q '<g id="frame"><rect' "$out/dom.html"
}
keys_step_forward_and_back() {
    sed 's|</body>|<script>for (const k of ["ArrowRight","ArrowRight","ArrowLeft","l"]) document.dispatchEvent(new KeyboardEvent("keydown",{key:k}))</script></body>|' \
        "$page" >"$out/keys.html"
    browser --dump-dom "file://$(realpath "$out/keys.html")" >"$out/dom.html" &&
        grep -q '<output id="count" for="scrub">2 / ' "$out/dom.html" && grep -q '<html lang="zh-CN">' "$out/dom.html"
}
it_prints_a_page_a_step() {
    "$gatewalk" export 1 --format html --from forward:2:f --to forward:2:h --by equation -o "$out/six.html" &&
        browser --print-to-pdf="$(realpath "$out")/six.pdf" "file://$(realpath "$out/six.html")" &&
        pdfinfo "$out/six.pdf" | grep -q 'Pages: *6'
}

expect "a page of sixty steps is below 2 MB" a_page_of_sixty_steps_is_small
expect "the page needs no network" it_needs_no_network
expect "the page has both languages" it_has_both_languages
expect "the same input gives the same bytes" the_same_bytes
expect "without a range the page holds all steps" without_a_range_it_holds_all_steps
expect "a browser opens the page at a step" a_browser_opens_it_at_a_step
expect "keys step forward, back and change the language" keys_step_forward_and_back
expect "the page prints a page a step" it_prints_a_page_a_step
finish
