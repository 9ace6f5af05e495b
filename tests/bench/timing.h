/// What all measurements share: clocks, and what many times say together.
#ifndef TESTS_BENCH_TIMING_H
#define TESTS_BENCH_TIMING_H

#include <stdlib.h>
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

/// What n numbers say together.
typedef struct {
    int n;
    double least, quarter, median, three_quarters, p99, most;
} Spread;

/// Sorts the numbers, at least one, and sums them up.
static inline Spread spread_of(double *numbers, int n) {
    qsort(numbers, (size_t)n, sizeof *numbers, ascending);
    return (Spread){n,
                    numbers[0],
                    numbers[(n - 1) / 4],
                    numbers[n / 2],
                    numbers[n - 1 - (n - 1) / 4],
                    numbers[(int)(0.99 * (n - 1))],
                    numbers[n - 1]};
}

#endif
