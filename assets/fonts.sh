#!/bin/sh
# Placeholder until the fonts land.
mkdir -p "$1/fonts" && mkdir -p "$1" && cp -R "$(dirname "$0")/cells" "$1/"
