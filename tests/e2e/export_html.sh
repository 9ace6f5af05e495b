#!/bin/sh
# The page for a browser: its size and bytes here, then page_steps.py goes through it in Chromium.
. "$(dirname "$0")/lib"
unset DISPLAY WAYLAND_DISPLAY
page=$out/sixty.html
sixty="--from forward:2:f.1 --to forward:4:g.3 --by operation"

a_page_of_sixty_steps_is_small() {
    "$gatewalk" export 1 --format html $sixty -o "$page" && [ "$(stat -c %s "$page")" -lt 2000000 ]
}
a_whole_lesson_is_small() {
    "$gatewalk" export 1 --format html -o "$out/lesson.html" && "$gatewalk" export 2 --format html -o "$out/blame.html" &&
        [ "$(stat -c %s "$out/lesson.html")" -lt 3000000 ] && [ "$(stat -c %s "$out/blame.html")" -lt 3000000 ]
}
it_needs_no_network() { ! grep -oE '(src|href)="?[^" >#][^" >]*|url\([^)][^)]*' "$page" | grep -v 'url(data:'; }
prose_is_read_without_the_program() { grep -q '<h2>The forget gate keeps</h2>' "$page" && grep -q '遗忘门' "$page"; }
the_same_bytes() { "$gatewalk" export 1 --format html $sixty -o "$out/again.html" && cmp "$page" "$out/again.html"; }
# A lesson with all that Markdown has, and questions that the shipped ones do not ask.
write_kinds() {
    cat >"$out/kinds.md" <<'END'
---
title: "Kinds <b>&amp;</b> </script>"
model: {cell: gru, hidden: 2, head: softmax, classes: 2, loss: cross-entropy}
data: {inputs: [a, b, a], targets: [b, a, b]}
---
# Lists, *tables* and `code` </script>

A [link](https://example.org/?a=1&b=2), [none](other.md), $\frac{\sqrt[3]{x}}{\hat y_{t-1}^2}$.

1. One
2. Two
   - nested $h_t$

     a second paragraph

> A quotation

| name | value |
| --- | --- |
| $x_t$ | `2` |

```python
print("</script><!--", 1 < 2)
```

```step
at: forward:2:h
```
```ask
kind: order
of: ["h[1] at forward:1", "h[1] at forward:2", "h[1] at forward:3"]
```
```ask
kind: choice
of: h[1] at forward:2
options: ["It is **positive**", "It is `negative`", "zero $0$"]
```

# Only prose

```step
panels: [prose]
```
END
}
others_for_the_browser() {
    write_kinds
    "$gatewalk" export "$out/kinds.md" --format html --by equation -o "$out/kinds.html" &&
        "$gatewalk" export 1 --format html --from forward:2:f --to forward:2:h --by equation -o "$out/run.html" &&
        "$gatewalk" export assets/cells/gru.cell --format html --by equation -o "$out/cell.html"
}
nowhere_to_write() {
    exits 3 "$gatewalk" export 1 --format html $sixty -o /dev/full && says 'No space left' && silent &&
        exits 3 "$gatewalk" export 1 --format html $sixty -o "$out/none/x.html" && says 'No such file' &&
        exits 130 timeout --preserve-status -s INT 0.5 "$gatewalk" export 1 --format html --by unit -o "$out/stopped.html" &&
        ! ls "$out"/stopped.html* 2>/dev/null
}

expect "a page of sixty steps is below 2 MB" a_page_of_sixty_steps_is_small
expect "a page of a whole lesson is below 3 MB" a_whole_lesson_is_small
expect "the page needs no network" it_needs_no_network
expect "prose is read without the program, in both languages" prose_is_read_without_the_program
expect "the same input gives the same bytes" the_same_bytes
expect "a range, a cell and any Markdown have pages too" others_for_the_browser
expect "what cannot be written is told, and an interrupt leaves nothing" nowhere_to_write
python=/usr/bin/python3
[ -x $python ] || python=python3
$python -B tests/e2e/page_steps.py "$out" || failures=$((failures + 1))
finish
