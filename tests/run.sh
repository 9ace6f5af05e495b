#!/bin/sh
# Every test there is, with one count at the end. Logs are in build/test/.
cd "$(dirname "$0")/.." || exit 1
log=build/test
rm -rf "$log"
mkdir -p "$log"
passed=0
failed=0
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

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

# Runs each program named on standard input, with one argument, as many at once as there are
# processors; leaves NAME.log and NAME.status in a folder of the log.
side_by_side() { # FOLDER [ARGUMENT]
    mkdir -p "$log/$1"
    xargs -P "$jobs" -n 1 sh -c '
        name=$(basename "$2"); timeout 170 "$2" $1 >"$0/$name.log" 2>&1; echo $? >"$0/$name.status"
    ' "$log/$1" "${2:-}"
}

tally() { # STATUS-FILE GOOD BAD NAME: adds up one program's checks and says how it went
    bad=$3
    [ "$(cat "$1")" != 0 ] && [ "$bad" = 0 ] && bad=1
    passed=$((passed + $2))
    failed=$((failed + bad))
    if [ "$bad" = 0 ]; then echo "ok      $4: $2"; return; fi
    echo "FAILED  $4: $bad"
    grep -vE '^(\[( RUN| *OK|=====)|ok )' "${1%.status}.log" | tail -60
}

cmocka_count() { # PASSED|FAILED FILE: adds up the counts of a cmocka log
    sed -n "s/^\[  $1  \][^0-9]*\([0-9][0-9]*\) test(s).*/\1/p" "$2" | awk '{ n += $1 } END { print n + 0 }'
}

unit() { # FLAVOUR: every unit test
    for t in build/obj/"$1"/tests/test_*; do
        case "$t" in *.d) ;; *) echo "$t" ;; esac
    done | side_by_side "$1"
    for s in "$log/$1"/*.status; do
        out=${s%.status}.log
        tally "$s" "$(cmocka_count PASSED "$out")" "$(cmocka_count FAILED "$out")" \
            "$1 $(basename "$out" .log)"
    done
}

for flavour in release headless asan; do
    step "the $flavour flavour builds" make -s -j"$jobs" FLAVOUR=$flavour all
done
for flavour in release asan; do
    step "the tests build ($flavour)" make -s -j"$jobs" FLAVOUR=$flavour tests-built
done
for script in tests/lint/*.sh; do step "lint: $(basename "$script" .sh)" "$script"; done
unit release
export ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1 # libraries keep their caches
unit asan
step "every fuzz corpus replays" make -s FLAVOUR=asan replay
ls tests/e2e/*.sh | side_by_side e2e "$log"
for s in "$log"/e2e/*.status; do
    out=${s%.status}.log
    grep -E '^(ok|FAILED) ' "$out"
    tally "$s" "$(grep -c '^ok ' "$out")" "$(grep -c '^FAILED ' "$out")" "$(basename "$out" .log)"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
