// Operations that make a symbol, a column with a single 1, out of what a network said. Their
// results jump and do not slope, so no gradient passes.
#include <string.h>

#include "core/op_rows.h"

/// The row of the largest number of a column, the first of several; rows lie `cols` apart.
static int largest(int rows, int cols, const double *a) {
    int best = 0;
    for (int i = 1; i < rows; i++)
        if (a[i * cols] > a[best * cols]) best = i;
    return best;
}

/// The row that u falls on when the numbers of a column are laid end to end. Rounding may leave the
/// end below u: it is then the last row that has any length.
static int fallen_on(int rows, int cols, const double *p, double u) {
    double sum = 0.0;
    int last = 0;
    for (int i = 0; i < rows; i++) {
        if (!(p[i * cols] > 0.0)) continue;
        sum += p[i * cols];
        if (u < sum) return i;
        last = i;
    }
    return last;
}

void op_pick_forward(const OpCall *call, double *y) {
    int rows = call->dim.rows, cols = call->dim.cols;
    memset(y, 0, (size_t)op_count(call) * sizeof *y);
    for (int j = 0; j < cols; j++) y[largest(rows, cols, call->arg[0] + j) * cols + j] = 1.0;
}

void op_draw_forward(const OpCall *call, double *y) {
    int rows = call->dim.rows, cols = call->dim.cols;
    memset(y, 0, (size_t)op_count(call) * sizeof *y);
    for (int j = 0; j < cols; j++)
        y[fallen_on(rows, cols, call->arg[0] + j, call->arg[1][j]) * cols + j] = 1.0;
}
