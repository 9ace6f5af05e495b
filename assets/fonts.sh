#!/bin/sh
# Collects what the program reads at run time: usage: assets/fonts.sh OUTDIR
# OUTDIR/cells gets the shipped cells, OUTDIR/fonts the fonts.
# Fonts come from Debian's font packages, or, with FONTS=folder in the environment, from that folder, which
# then holds the eight files under the names below (and their licences, *.txt or *.copyright).
set -eu

to=${1:?usage: assets/fonts.sh OUTDIR}
out=$to/fonts
packages="fonts-inter fonts-noto-cjk fonts-stix fonts-jetbrains-mono libharfbuzz-bin fontconfig"
names="Inter-Regular.otf Inter-Medium.otf Inter-Bold.otf Inter-Italic.otf NotoSansSC-Regular.otf
       NotoSansSC-Bold.otf Math.otf Mono-Regular.ttf"

missing() {
    echo "fonts: $1 is missing." >&2
    echo "fonts: on Debian: apt install $packages" >&2
    echo "fonts: elsewhere: make FONTS=FOLDER, with these files in it:" $names >&2
    exit 1
}

# take FILE NAME: copies one font
take() {
    [ -r "$1" ] || missing "$1"
    cp "$1" "$out/$2"
}

# licence PACKAGE
licence() {
    [ -r "/usr/share/doc/$1/copyright" ] || missing "/usr/share/doc/$1/copyright"
    cp "/usr/share/doc/$1/copyright" "$out/$1.copyright"
}

# All characters of GB 2312, and printable ASCII.
characters() {
    LC_ALL=C awk 'BEGIN {
        for (c = 32; c < 127; c++) printf "%c", c
        for (row = 161; row <= 247; row++)
            for (col = 161; col <= 254; col++) printf "%c%c", row, col
    }' | iconv -c -f GB2312 -t UTF-8 || true
}

# chinese WEIGHT: the Simplified Chinese face of a collection, cut to GB 2312
chinese() {
    file=/usr/share/fonts/opentype/noto/NotoSansCJK-$1.ttc
    [ -r "$file" ] || missing "$file"
    index=$(fc-query -f '%{index} %{family}\n' "$file" |
        awk '/Noto Sans CJK SC/ && !/Mono/ { print $1; exit }')
    [ -n "$index" ] || missing "Noto Sans CJK SC in $file"
    hb-subset --face-index="$index" --text-file="$out/characters.txt" --layout-features='*' \
        --output-file="$out/NotoSansSC-$1.otf" "$file"
}

mkdir -p "$out"
rm -rf "$to/cells" # those that were taken away go from there too
cp -R "$(dirname "$0")/cells" "$to/"
if [ -n "${FONTS:-}" ]; then
    for name in $names; do take "$FONTS/$name" "$name"; done
    for note in "$FONTS"/*.txt "$FONTS"/*.copyright; do
        if [ -r "$note" ]; then cp "$note" "$out/"; fi
    done
    exit 0
fi

for tool in hb-subset fc-query iconv; do
    command -v $tool >/dev/null || missing "the program $tool"
done
for face in Regular Medium Bold Italic; do
    take /usr/share/fonts/opentype/inter/Inter-$face.otf Inter-$face.otf
done
take /usr/share/fonts/opentype/stix-word/STIXMath-Regular.otf Math.otf
take /usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Regular.ttf Mono-Regular.ttf
characters >"$out/characters.txt"
chinese Regular
chinese Bold
rm -f "$out/characters.txt"
for package in fonts-inter fonts-noto-cjk fonts-stix fonts-jetbrains-mono; do licence $package; done
