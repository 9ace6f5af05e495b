// The matrix product and its two relatives. Every number of a result is one sum, whose order is
// fixed by its index: from the first product on, k (forward) or the row or column summed over
// (backward) ascending. Loops are arranged so that many such sums run side by side; no sum is
// ever split. So the bits depend neither on the width of the vectors nor on the blocking.
#include "core/op_rows.h"
#include "core/vector.h"

enum { SIDE_BY_SIDE = 8 }; // sums run together where each goes along a row

// y[r] = sum over c of m[r, c] v[c].
VECTOR_CLONES static void matrix_times_column(Dim dim, const double *restrict m,
                                              const double *restrict v, double *restrict y) {
    int n = dim.cols, r = 0;
    for (; r + SIDE_BY_SIDE <= dim.rows; r += SIDE_BY_SIDE) {
        const double *row = m + (long)r * n;
        double sum[SIDE_BY_SIDE];
        for (int s = 0; s < SIDE_BY_SIDE; s++) sum[s] = row[(long)s * n] * v[0];
        for (int c = 1; c < n; c++)
            for (int s = 0; s < SIDE_BY_SIDE; s++) sum[s] += row[(long)s * n + c] * v[c];
        for (int s = 0; s < SIDE_BY_SIDE; s++) y[r + s] = sum[s];
    }
    for (; r < dim.rows; r++) {
        const double *row = m + (long)r * n;
        double sum = row[0] * v[0];
        for (int c = 1; c < n; c++) sum += row[c] * v[c];
        y[r] = sum;
    }
}

// y[c] = or += a * row[c].
static inline void row_scaled(int n, double a, const double *restrict row, double *restrict y) {
    for (int c = 0; c < n; c++) y[c] = a * row[c];
}

static inline void row_added(int n, double a, const double *restrict row, double *restrict y) {
    for (int c = 0; c < n; c++) y[c] += a * row[c];
}

// (n,k) (k,m): row i of the result is the sum of the rows of b, times a[i, k], k ascending.
VECTOR_CLONES void op_matmul_forward(const OpCall *call, double *y) {
    const double *a = call->arg[0], *b = call->arg[1];
    int inner = call->arg_dim[0].cols, cols = call->dim.cols;
    if (cols == 1) {
        matrix_times_column(call->arg_dim[0], a, b, y);
        return;
    }
    op_product(&(OpProduct){.rows = call->dim.rows,
                            .cols = cols,
                            .terms = inner,
                            .a = a,
                            .a_row = inner,
                            .a_term = 1,
                            .b = b,
                            .b_term = cols,
                            .y = y,
                            .y_row = cols});
}

// dA = dY B^T: its row i is B times row i of dY, taken as a column.
VECTOR_CLONES static void backward_left(const OpCall *call, const double *dy, double *share) {
    const double *b = call->arg[1];
    int inner = call->arg_dim[0].cols, cols = call->dim.cols;
    for (int i = 0; i < call->dim.rows; i++) {
        double *row = share + (long)i * inner;
        if (cols == 1)
            row_scaled(inner, dy[i], b, row);
        else
            matrix_times_column(call->arg_dim[1], b, dy + (long)i * cols, row);
    }
}

// dB = A^T dY, the rows of A and dY ascending.
VECTOR_CLONES static void backward_right(const OpCall *call, const double *dy, double *share) {
    const double *a = call->arg[0];
    int inner = call->arg_dim[0].cols, cols = call->dim.cols;
    if (cols == 1) {
        op_row_sums(inner, inner, call->dim.rows, a, dy, share);
        return;
    }
    op_product(&(OpProduct){.rows = inner,
                            .cols = cols,
                            .terms = call->dim.rows,
                            .a = a,
                            .a_row = 1,
                            .a_term = inner,
                            .b = dy,
                            .b_term = cols,
                            .y = share,
                            .y_row = cols});
}

void op_matmul_backward(const OpCall *call, const double *y, const double *dy, int k,
                        double *share) {
    (void)y;
    if (k == 0)
        backward_left(call, dy, share);
    else
        backward_right(call, dy, share);
}

void op_outer_forward(const OpCall *call, double *y) {
    for (int i = 0; i < call->dim.rows; i++)
        row_scaled(call->dim.cols, call->arg[0][i], call->arg[1], y + (long)i * call->dim.cols);
}

// da = dY b, db = dY^T a.
void op_outer_backward(const OpCall *call, const double *y, const double *dy, int k,
                       double *share) {
    (void)y;
    int cols = call->dim.cols;
    if (k == 0) {
        matrix_times_column(call->dim, dy, call->arg[1], share);
        return;
    }
    row_scaled(cols, call->arg[0][0], dy, share);
    for (int i = 1; i < call->dim.rows; i++)
        row_added(cols, call->arg[0][i], dy + (long)i * cols, share);
}

void op_dot_forward(const OpCall *call, double *y) {
    const double *a = call->arg[0], *b = call->arg[1];
    int n = op_arg_count(call, 0), width = op_width(call);
    for (int j = 0; j < width; j++) y[j] = a[j] * b[j];
    for (int i = width; i < n; i += width)
        for (int j = 0; j < width; j++) y[j] += a[i + j] * b[i + j];
}

void op_dot_backward(const OpCall *call, const double *y, const double *dy, int k, double *share) {
    (void)y;
    int width = op_width(call);
    for (int i = 0; i < op_arg_count(call, k); i += width)
        for (int j = 0; j < width; j++) share[i + j] = dy[j] * call->arg[1 - k][i + j];
}
