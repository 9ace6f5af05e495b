#!/bin/sh
# Lines of at most 100 characters (tables between clang-format off and on may be wider), no tabs,
# no trailing blanks, no names that clash with X11 and windows.h.
cd "$(dirname "$0")/../.." || exit 1
bad=0
for f in $(find src tests -name '*.[ch]'); do
    LC_ALL=C awk -v file="$f" '
        /clang-format off/ { table = 1 } /clang-format on/ { table = 0 }
        /\t/ { print file ":" NR ": a tab"; bad = 1 }
        /[ ]$/ { print file ":" NR ": blanks at the end of the line"; bad = 1 }
        { line = $0; gsub(/[\200-\277]/, "", line) } # continuation bytes are no characters
        !table && length(line) > 100 { print file ":" NR ": " length(line) " characters, 100 at most"; bad = 1 }
        /typedef .*[ *](Cursor|Window|Font|Display|Drawable|Rectangle);/ { print file ":" NR ": this name belongs to X11 or Windows"; bad = 1 }
        END { exit bad }' "$f" || bad=1
done
exit $bad
