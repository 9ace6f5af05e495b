#!/bin/sh
# arm64.sh PROGRAM FOLDER: compiles the core for arm64, runs it in an emulator and compares its hash
# with that of PROGRAM. Installs nothing.
compiler=aarch64-linux-gnu-gcc
emulator=qemu-aarch64
for tool in $compiler $emulator; do
    command -v $tool >/dev/null || {
        echo "make arm64 needs $tool; on Debian: apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user" >&2
        exit 1
    }
done
mkdir -p "$2"
# The header of utf8proc is the same everywhere; what is used of it stands in utf8proc_ascii.c.
# shellcheck disable=SC2086
eval $compiler $CC_FLAGS -O2 -Itests -idirafter /usr/include -static -o "$2/bits" \
    tests/bits/bits.c tests/bits/utf8proc_ascii.c src/core/*.c -lm -pthread || exit 1
here=$("$1" 2)
there=$($emulator "$2/bits" 2)
echo "this machine $here, arm64 $there"
[ "$here" = "$there" ]
