#!/bin/sh
# The same weights, bit for bit, from every kernel that this machine has and any number of threads.
make -s FLAVOUR=release bits
