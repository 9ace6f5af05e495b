// Operations that move numbers and compute nothing. Their gradients travel the same way back;
// where one number went to many places, what comes back is summed from the first place on.
#include <string.h>

#include "core/op_rows.h"

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

// (rows, cols) to (cols, rows).
static void transpose(Dim dim, const double *from, double *to) {
    for (int i = 0; i < dim.rows; i++)
        for (int j = 0; j < dim.cols; j++) to[j * dim.rows + i] = from[i * dim.cols + j];
}

void op_transpose_forward(const OpCall *call, double *y) {
    transpose(call->arg_dim[0], call->arg[0], y);
}

void op_transpose_backward(const OpCall *call, const double *y, const double *dy, int k,
                           double *share) {
    (void)y, (void)k;
    transpose(call->dim, dy, share);
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
