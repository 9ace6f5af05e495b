#!/bin/sh
# What only a window can tell: process start to the first frame, and the processor time of an idle
# window. Needs Xvfb; prints rows of the table of make bench.
cd "$(dirname "$0")/../.." || exit 1
command -v Xvfb >/dev/null || { echo "| the window | Xvfb is not installed | | |"; exit 0; }
display=:$((90 + $$ % 900))
Xvfb $display -screen 0 1920x1080x24 >/dev/null 2>&1 &
server=$!
trap 'kill $server 2>/dev/null' EXIT
sleep 1
export DISPLAY=$display XDG_CONFIG_HOME=build/bench-config
mkdir -p build/bench-config
printf 'quit\n' >build/bench.script
for i in 1 2 3 4 5 6 7; do
    start=$(date +%s%N)
    build/gatewalk lessons/01-forward.md --script build/bench.script >/dev/null 2>&1
    echo $((($(date +%s%N) - start) / 1000000))
done | sort -n | awk '{ t[NR] = $1 } END {
    printf "| start of the process to the first frame in the window, and out | median %d ms | worst %d ms | |\n", t[int((NR + 1) / 2)], t[NR] }'
build/gatewalk lessons/01-forward.md >/dev/null 2>&1 &
window=$!
sleep 2
ticks() { awk '{ print $14 + $15 }' /proc/$window/stat; }
before=$(ticks)
sleep 10
after=$(ticks)
kill $window 2>/dev/null
echo "| an idle window, 10 s | $(((after - before) * 1000 / $(getconf CLK_TCK))) ms of processor time | | |"
