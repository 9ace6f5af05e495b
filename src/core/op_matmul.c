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

// Eight sums in one variable, or in as many registers as the machine needs for them.
typedef double Eight __attribute__((vector_size(64), aligned(8), may_alias));

// Macros, as a function that returns a vector is called differently on each machine.
#define EIGHT(at) (*(const Eight *)(at))
#define PUT_EIGHT(at, v) (*(Eight *)(at) = (v))

// clang-format off
// The first 8 * EIGHTS sums of op_row_sums but for `over` of them: the last eight begin that much
// earlier, so that they end with the row. The sums that are computed twice are the same both times.
#define UNROLL _Pragma("GCC unroll 8")
#define SUMS(EIGHTS)                                                                               \
    static inline __attribute__((always_inline)) void sums_##EIGHTS(                               \
        long step, int terms, int over, const double *m, const double *x, double *y) {             \
        const double *last = m + (EIGHTS - 1) * 8 - over;                                          \
        Eight sum[EIGHTS];                                                                         \
        UNROLL for (int e = 0; e < EIGHTS - 1; e++) sum[e] = EIGHT(m + 8 * e) * x[0];              \
        sum[EIGHTS - 1] = EIGHT(last) * x[0];                                                      \
        for (int k = 1; k < terms; k++) {                                                          \
            m += step;                                                                             \
            last += step;                                                                          \
            UNROLL for (int e = 0; e < EIGHTS - 1; e++) sum[e] += EIGHT(m + 8 * e) * x[k];         \
            sum[EIGHTS - 1] += EIGHT(last) * x[k];                                                 \
        }                                                                                          \
        UNROLL for (int e = 0; e < EIGHTS - 1; e++) PUT_EIGHT(y + 8 * e, sum[e]);                  \
        PUT_EIGHT(y + (EIGHTS - 1) * 8 - over, sum[EIGHTS - 1]);                                   \
    }

// The same for op_row_sums_blocks, whose rows have numbers to spare: whole eights are computed, and
// what is over is not put down. A sum may begin with -0: added to anything it leaves every bit.
#define NOTHING ((Eight){-0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0})
#define BLOCK_SUMS(EIGHTS)                                                                         \
    static inline __attribute__((always_inline)) void block_sums_##EIGHTS(                         \
        const OpBlocks *b, int first, int n, double *y) {                                          \
        Eight all[EIGHTS];                                                                         \
        UNROLL for (int e = 0; e < EIGHTS; e++) all[e] = NOTHING;                                  \
        for (int i = 0; i < b->blocks; i++) {                                                      \
            const double *m = b->m + b->rows[i] * b->step + first, *x = b->x + b->rows[i];         \
            Eight sum[EIGHTS];                                                                     \
            UNROLL for (int e = 0; e < EIGHTS; e++) sum[e] = EIGHT(m + 8 * e) * x[0];              \
            for (int k = 1; k < b->terms; k++) {                                                   \
                m += b->step;                                                                      \
                UNROLL for (int e = 0; e < EIGHTS; e++) sum[e] += EIGHT(m + 8 * e) * x[k];         \
            }                                                                                      \
            UNROLL for (int e = 0; e < EIGHTS; e++) all[e] += sum[e];                              \
        }                                                                                          \
        double whole[8 * EIGHTS];                                                                  \
        double *to = n == 8 * EIGHTS ? y : whole;                                                  \
        UNROLL for (int e = 0; e < EIGHTS; e++) PUT_EIGHT(to + 8 * e, all[e]);                     \
        for (int i = 0; to == whole && i < n; i++) y[i] = whole[i];                                \
    }

SUMS(1) SUMS(2) SUMS(3) SUMS(4) SUMS(5) SUMS(6) SUMS(7) SUMS(8)
BLOCK_SUMS(1) BLOCK_SUMS(2) BLOCK_SUMS(4)
    // clang-format on

    // Fewer than eight sums in all: four, two or one at a time.
    static inline
    __attribute__((always_inline)) void few_sums(int count, long step, int terms, const double *m,
                                                 const double *x, double *y) {
    double sum[4];
    for (int i = 0; i < count; i++) sum[i] = m[i] * x[0];
    for (int k = 1; k < terms; k++)
        for (int i = 0; i < count; i++) sum[i] += m[k * step + i] * x[k];
    for (int i = 0; i < count; i++) y[i] = sum[i];
}

// With m a transposed matrix: the very sums of matrix_times_column, in the same order.
VECTOR_CLONES void op_row_sums(int n, long step, int terms, const double *m, const double *x,
                               double *y) {
    int i = 0;
    for (; i + 64 <= n; i += 64) sums_8(step, terms, 0, m + i, x, y + i);
    if (n < 8) {
        for (; i + 4 <= n; i += 4) few_sums(4, step, terms, m + i, x, y + i);
        for (; i + 2 <= n; i += 2) few_sums(2, step, terms, m + i, x, y + i);
        for (; i < n; i++) few_sums(1, step, terms, m + i, x, y + i);
        return;
    }
    int eights = (n - i + 7) / 8, over = eights * 8 - (n - i);
    m += i;
    y += i;
    switch (eights) {
    case 1: sums_1(step, terms, over, m, x, y); break;
    case 2: sums_2(step, terms, over, m, x, y); break;
    case 3: sums_3(step, terms, over, m, x, y); break;
    case 4: sums_4(step, terms, over, m, x, y); break;
    case 5: sums_5(step, terms, over, m, x, y); break;
    case 6: sums_6(step, terms, over, m, x, y); break;
    case 7: sums_7(step, terms, over, m, x, y); break;
    case 8: sums_8(step, terms, over, m, x, y); break;
    default: break; // a whole number of 64
    }
}

VECTOR_CLONES void op_row_sums_blocks(int n, const OpBlocks *b, double *y) {
    int i = 0;
    for (; n - i > 16; i += 32) block_sums_4(b, i, n - i < 32 ? n - i : 32, y + i);
    for (; n - i > 8; i += 16) block_sums_2(b, i, n - i < 16 ? n - i : 16, y + i);
    for (; n - i > 0; i += 8) block_sums_1(b, i, n - i < 8 ? n - i : 8, y + i);
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
    matrix_times_column((Dim){1, op_arg_count(call, 0)}, call->arg[0], call->arg[1], y);
}

void op_dot_backward(const OpCall *call, const double *y, const double *dy, int k, double *share) {
    (void)y;
    row_scaled(op_arg_count(call, k), dy[0], call->arg[1 - k], share);
}
