#!/bin/sh
# Layers (README, "Where things are"): a file includes only its own layer and those before it, a
# library belongs to the layers named here, and nobody but the arena allocates.
cd "$(dirname "$0")/../.." || exit 1
bad=0

grep -rn --include='*.[ch]' '^#include "' src | awk '
    BEGIN { n = split("core files lesson view export app main", L, " "); for (i = 1; i <= n; i++) rank[L[i]] = i }
    { split($0, f, ":"); split(f[1], p, "/"); from = (p[3] == "") ? "main" : p[2]
      split($0, q, "\""); to = q[2]; if (to ~ /\//) sub(/\/.*/, "", to); else to = "main"
      if (!(to in rank)) { print f[1] ":" f[2] ": include must start with a layer: " q[2]; bad = 1 }
      else if (rank[to] > rank[from]) { print f[1] ":" f[2] ": " from " may not include " q[2]; bad = 1 } }
    END { exit bad }' || bad=1

# pattern, where it may stand (extended regular expressions), what to say
rule() {
    found=$(grep -rnE --include='*.[ch]' "$1" src | grep -vE "^($2)" | grep -vE '^[^:]*:[0-9]*: *(//|\*)')
    [ -z "$found" ] && return
    printf '%s\n' "$found" | while IFS=: read -r file line rest; do echo "$file:$line: $3"; done
    bad=1
}
rule '\b(SDL|TTF)_[A-Z]' 'src/app/' 'SDL belongs to src/app'
rule '\b(cairo|pango|hb|FT)_[a-z_]+ *\(' 'src/(view|export|app)/' 'drawing libraries belong to view, export and app'
rule '\byaml_[a-z_]+_(initialize|delete|parse|load) *\(' 'src/lesson/' 'libyaml belongs to src/lesson'
rule '\bmd_parse *\(' 'src/lesson/' 'md4c belongs to src/lesson'
rule '\butf8proc_' 'src/core/unicode' 'utf8proc belongs to src/core/unicode.c'
rule '(^|[^_a-zA-Z>.])(malloc|calloc|realloc) *\(' 'src/core/arena\.c' 'memory comes from an arena (core/arena.h)'
rule '(^|[^_a-zA-Z])(exit|abort) *\(' 'src/([a-z_]*|core/arena)\.c' 'only main and the arena end the program'
rule '(^|[^_a-zA-Z])(printf|puts|putchar|perror) *\(|(^|[^_a-zA-Z])fprintf *\( *std(out|err)' 'src/([a-z_]*|core/arena)\.c|src/app/' 'only main and the window print'
rule '(^|[^_a-zA-Z])(exp|log|tanh|sin|cos|pow|log1p|expm1|cosh|sinh) *\(' 'src/(view|export|app|lesson)/' 'numbers of a run come from core/vmath.h, the same on every machine'
exit $bad
