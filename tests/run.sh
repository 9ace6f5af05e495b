#!/bin/sh
# Every test there is, with one count at the end. Logs are in build/test/.
cd "$(dirname "$0")/.." || exit 1
log=build/test
rm -rf "$log"
mkdir -p "$log"
passed=0
failed=0

verdict() { # STATUS NAME: counts one check that is not a cmocka test
    if [ "$1" = 0 ]; then passed=$((passed + 1)); echo "ok      $2"
    else failed=$((failed + 1)); echo "FAILED  $2"; fi
}

step() { # NAME COMMAND...: counts one command as one check
    name=$1; shift
    "$@" >"$log/step.log" 2>&1
    status=$?
    [ $status = 0 ] || cat "$log/step.log"
    verdict $status "$name"
}

unit() { # FLAVOUR: runs each test program, adding up what cmocka counts
    for t in build/obj/"$1"/tests/*; do
        case "$t" in *.d | *'*') continue ;; esac
        out="$log/$1-$(basename "$t").log"
        timeout 120 "$t" >"$out" 2>&1
        status=$?
        good=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test(s)\.*$/\1/p' "$out" | awk '{ n += $1 } END { print n + 0 }')
        bad=$(sed -n 's/^\[  FAILED  \].* \([0-9]*\) test(s).*$/\1/p' "$out" | awk '{ n += $1 } END { print n + 0 }')
        [ $status != 0 ] && [ "$bad" = 0 ] && bad=1
        passed=$((passed + good))
        failed=$((failed + bad))
        if [ "$bad" = 0 ]; then echo "ok      $1 $(basename "$t"): $good"; else echo "FAILED  $1 $(basename "$t"): $bad"; grep -vE '^\[( RUN| OK|=====)' "$out" | tail -60; fi
    done
}

jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
for flavour in release headless asan; do
    step "the $flavour flavour builds" make -s -j"$jobs" FLAVOUR=$flavour all
done
for flavour in release asan; do
    step "the tests build ($flavour)" make -s -j"$jobs" FLAVOUR=$flavour tests-built
done
for script in tests/lint/*.sh; do step "lint: $(basename "$script" .sh)" "$script"; done
unit release
ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1 unit asan
ASAN_OPTIONS=detect_leaks=0 step "every fuzz corpus replays" make -s FLAVOUR=asan replay
for script in tests/e2e/*.sh; do
    [ -e "$script" ] || continue
    timeout 120 "$script" "$log" >"$log/$(basename "$script").log" 2>&1
    status=$?
    grep -E '^(ok|FAILED) ' "$log/$(basename "$script").log"
    passed=$((passed + $(grep -c '^ok ' "$log/$(basename "$script").log")))
    bad=$(grep -c '^FAILED ' "$log/$(basename "$script").log")
    if [ $status != 0 ] && [ "$bad" = 0 ]; then
        bad=1
        echo "FAILED  $script ended with $status"
        tail -20 "$log/$(basename "$script").log"
    fi
    failed=$((failed + bad))
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
