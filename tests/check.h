/// What cmocka lacks: closeness of numbers, and texts compared with golden files.
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above first
#include <cmocka.h>

#include <math.h>

/// Fails unless |a - b| <= relative * max(|a|, |b|) or both are the same infinity or NaN.
#define CHECK_NEAR(a, b, relative) check_near((a), (b), (relative), __FILE__, __LINE__)

static inline void check_near(double a, double b, double relative, const char *file, int line) {
    if (a == b || (isnan(a) && isnan(b))) return;
    double size = fmax(fabs(a), fabs(b));
    if (fabs(a - b) <= relative * size) return;
    print_error("%.17g and %.17g differ by %.3g, relatively %.3g\n", a, b, fabs(a - b),
                fabs(a - b) / size);
    _fail(file, line);
}

/// RUN names a test function once, for the list in main.
#define RUN(test) cmocka_unit_test(test)

#endif
