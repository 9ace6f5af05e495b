#!/bin/sh
# No mutable globals, function-local statics included, outside src/app: reads the object files.
# Tables of constants that hold addresses lie in .data.rel.ro and are fine.
cd "$(dirname "$0")/../.." || exit 1
bad=0
for o in $(find build/obj/release/src -name '*.o' ! -path '*/app/*'); do
    objdump -t "$o" | awk -v o="$o" '
        NF > 5 && $(NF - 2) ~ /^\.(data|bss|tdata|tbss)(\.[A-Za-z_]+)?$/ && $(NF - 2) !~ /^\.data\.rel\.ro/ && $NF !~ /^\./ {
            print o ": mutable global " $NF; bad = 1 } END { exit bad }' || bad=1
done
exit $bad
