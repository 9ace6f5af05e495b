#!/bin/sh
# No file over 700 lines, no function over 80. Aim: 150 to 600, and 30.
cd "$(dirname "$0")/../.." || exit 1
find src tests -name '*.[ch]' -exec wc -l {} + | awk '
    $2 != "total" && $1 > 700 { print $2 ": " $1 " lines, 700 at most"; bad = 1 } END { exit bad }'
files=$?
find src -name '*.c' -exec ctags -f - --fields=+ne --languages=C --kinds-C=f {} + 2>/dev/null | awk -F '\t' '
    { line = 0; end = 0
      for (i = 4; i <= NF; i++) { if ($i ~ /^line:/) line = substr($i, 6); if ($i ~ /^end:/) end = substr($i, 5) }
      if (end - line + 1 > 80) { print $2 ":" line ": " $1 " has " end - line + 1 " lines, 80 at most"; bad = 1 } }
    END { exit bad }'
functions=$?
[ $files = 0 ] && [ $functions = 0 ]
