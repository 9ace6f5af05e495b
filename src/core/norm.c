// Numbers are divided by the largest of them, so that no square leaves the range of a double:
// gradients that vanish or explode are what these norms are there to show.
#include "core/norm.h"

#include <math.h>

double norm_of(const double *x, int n) {
    double most = 0, sum = 0;
    for (int k = 0; k < n; k++) {
        if (isnan(x[k])) return NAN;
        most = fmax(most, fabs(x[k]));
    }
    if (most == 0 || !isfinite(most)) return most;
    for (int k = 0; k < n; k++) sum += x[k] / most * (x[k] / most);
    return most * sqrt(sum);
}
