// Operations that move numbers and compute nothing. Their gradients travel the same way back;
// where one number went to many places, what comes back is summed from the first place on.
#include <string.h>

#include "core/op_rows.h"
#include "core/vector.h"

static void copy(const double *from, double *to, int n) {
    memcpy(to, from, (size_t)n * sizeof *to);
}

void op_copy_forward(const OpCall *call, double *y) {
    copy(call->arg[0], y, op_count(call));
}

void op_copy_backward(const OpCall *call, const double *y, const double *dy, int k, double *share) {
    (void)y, (void)k;
    copy(dy, share, op_count(call));
}

void op_spread_forward(const OpCall *call, double *y) {
    int stride = op_stride(call, 0);
    for (int i = 0; i < op_count(call); i++) y[i] = call->arg[0][i * stride];
}

void op_spread_backward(const OpCall *call, const double *y, const double *dy, int k,
                        double *share) {
    (void)y, (void)k;
    int stride = op_stride(call, 0);
    for (int i = 0; i < op_count(call); i++) op_put(share, stride, i, dy[i]);
}

// Four numbers, picked out of two times four.
typedef double Four __attribute__((vector_size(32), aligned(8), may_alias));
#ifdef __clang__
#define PICK(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
typedef long long FourPlaces __attribute__((vector_size(32)));
#define PICK(a, b, ...) __builtin_shuffle(a, b, (FourPlaces){__VA_ARGS__})
#endif

static inline __attribute__((always_inline)) void turn_four(const double *from, long row,
                                                            double *to, long step) {
    Four a = *(const Four *)from, b = *(const Four *)(from + row);
    Four c = *(const Four *)(from + 2 * row), d = *(const Four *)(from + 3 * row);
    Four ab_even = PICK(a, b, 0, 4, 2, 6), ab_odd = PICK(a, b, 1, 5, 3, 7);
    Four cd_even = PICK(c, d, 0, 4, 2, 6), cd_odd = PICK(c, d, 1, 5, 3, 7);
    *(Four *)to = PICK(ab_even, cd_even, 0, 1, 4, 5);
    *(Four *)(to + step) = PICK(ab_odd, cd_odd, 0, 1, 4, 5);
    *(Four *)(to + 2 * step) = PICK(ab_even, cd_even, 2, 3, 6, 7);
    *(Four *)(to + 3 * step) = PICK(ab_odd, cd_odd, 2, 3, 6, 7);
}

// In strips of columns: as many as there are numbers in a line of the cache.
VECTOR_CLONES void op_turn(Dim dim, const double *restrict from, double *restrict to, long step) {
    enum { STRIP = 8, FOUR = 4 };
    const long cols = dim.cols;
    const int whole = dim.rows & -FOUR;
    for (int first = 0; first < dim.cols; first += STRIP) {
        int end = dim.cols - first < STRIP ? dim.cols : first + STRIP;
        for (int r = 0; r < whole; r += FOUR) {
            const double *row = from + r * cols;
            int c = first;
            for (; c + FOUR <= end; c += FOUR) turn_four(row + c, cols, to + c * step + r, step);
            for (; c < end; c++)
                for (int e = 0; e < FOUR; e++) to[c * step + r + e] = row[e * cols + c];
        }
        for (int r = whole; r < dim.rows; r++)
            for (int c = first; c < end; c++) to[c * step + r] = from[r * cols + c];
    }
}

void op_transpose_forward(const OpCall *call, double *y) {
    op_turn(call->arg_dim[0], call->arg[0], y, call->dim.cols);
}

void op_transpose_backward(const OpCall *call, const double *y, const double *dy, int k,
                           double *share) {
    (void)y, (void)k;
    op_turn(call->dim, dy, share, call->dim.rows);
}

void op_stack_forward(const OpCall *call, double *y) {
    for (int k = 0; k < call->n_args; k++) {
        copy(call->arg[k], y, op_arg_count(call, k));
        y += op_arg_count(call, k);
    }
}

void op_stack_backward(const OpCall *call, const double *y, const double *dy, int k,
                       double *share) {
    (void)y;
    for (int above = 0; above < k; above++) dy += op_arg_count(call, above);
    copy(dy, share, op_arg_count(call, k));
}

void op_slice_forward(const OpCall *call, double *y) {
    copy(call->arg[0] + (call->lo - 1) * call->dim.cols, y, op_count(call));
}

void op_slice_backward(const OpCall *call, const double *y, const double *dy, int k,
                       double *share) {
    (void)y, (void)k;
    for (int i = 0; i < op_arg_count(call, 0); i++) share[i] = 0.0;
    copy(dy, share + (call->lo - 1) * call->dim.cols, op_count(call));
}
