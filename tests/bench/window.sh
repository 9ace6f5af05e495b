#!/bin/sh
# What only a window can tell, on a screen of its own (Xvfb). Prints four numbers, milliseconds: from
# the start of the process to the first frame, median and worst of 15; how much of the median it
# waited for a busy processor; the processor time of an idle window in 10 s.
# usage: window.sh START (build/.../start)
cd "$(dirname "$0")/../.." || exit 1
command -v Xvfb >/dev/null || exit 1
display=:$((90 + $$ % 900))
folder=build/bench-window
mkdir -p $folder
Xvfb $display -screen 0 1920x1080x24 -fbdir $folder >/dev/null 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; rm -rf $folder' EXIT
sleep 1
export DISPLAY=$display XDG_CONFIG_HOME=$folder/config
"$1" $folder/Xvfb_screen0 1920 1080 15 build/gatewalk lessons/01-forward.md || exit 1
build/gatewalk lessons/01-forward.md >/dev/null 2>&1 &
window=$!
sleep 2
ticks() { awk '{ print $14 + $15 }' /proc/$window/stat; }
before=$(ticks)
sleep 10
after=$(ticks)
kill $window 2>/dev/null
echo $(((after - before) * 1000 / $(getconf CLK_TCK)))
