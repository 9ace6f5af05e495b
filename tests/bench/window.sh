#!/bin/sh
# What only a window can tell: process start to the first frame on the screen, and the processor
# time of an idle window. Needs Xvfb; prints a table. usage: window.sh START (build/.../start)
cd "$(dirname "$0")/../.." || exit 1
command -v Xvfb >/dev/null || { echo "| the window | Xvfb is not installed | | |"; exit 0; }
display=:$((90 + $$ % 900))
folder=build/bench-window
mkdir -p $folder
Xvfb $display -screen 0 1920x1080x24 -fbdir $folder >/dev/null 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; rm -rf $folder' EXIT
sleep 1
export DISPLAY=$display XDG_CONFIG_HOME=$folder/config
printf '\n| the window | | | |\n| --- | --- | --- | --- |\n'
"$1" $folder/Xvfb_screen0 1920 1080 15 build/gatewalk lessons/01-forward.md |
    awk '{ printf "| start of the process to the first frame on the screen, warm caches | median %d ms | worst of 15 %d ms | of the median waiting for a busy processor %d ms |\n", $1, $2, $3 }'
build/gatewalk lessons/01-forward.md >/dev/null 2>&1 &
window=$!
sleep 2
ticks() { awk '{ print $14 + $15 }' /proc/$window/stat; }
before=$(ticks)
sleep 10
after=$(ticks)
kill $window 2>/dev/null
echo "| an idle window, 10 s | $(((after - before) * 1000 / $(getconf CLK_TCK))) ms of processor time | | |"
