#!/bin/sh
# Every public function has a /// comment above it (one may stand over a group of declarations
# without blank lines between), and every header begins with what it is for.
cd "$(dirname "$0")/../.." || exit 1
bad=0
for h in $(find src -name '*.h'); do
    awk -v file="$h" '
        NR == 1 && !/^\/\/\// { print file ":1: a header begins with /// and what it is for"; bad = 1 }
        /^[ \t]*\/\/\// { said = 1; next }
        /^[ \t]*$/ { said = 0; next }
        /^[A-Za-z_].*[A-Za-z0-9_]\(.*/ && !/^(typedef|static|enum|struct)/ {
            if (!said) { print file ":" NR ": no comment: " $0; bad = 1 } }
        END { exit bad }' "$h" || bad=1
done
exit $bad
