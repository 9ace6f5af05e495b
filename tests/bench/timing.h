/// What all measurements share: clocks and the order of times.
#ifndef TESTS_BENCH_TIMING_H
#define TESTS_BENCH_TIMING_H

#include <time.h>

/// Seconds on a clock: CLOCK_MONOTONIC, or CLOCK_PROCESS_CPUTIME_ID for this process alone.
static inline double seconds_on(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/// For qsort of doubles.
static inline int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

#endif
