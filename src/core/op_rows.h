/// The functions behind the rows of op_defs. Internal: only core/op_*.c, their tests and
/// core/forward.c use it.
#ifndef CORE_OP_ROWS_H
#define CORE_OP_ROWS_H

#include "core/op.h"

/// Rows times columns of argument k, of the result.
static inline int op_arg_count(const OpCall *call, int k) {
    return call->arg_dim[k].rows * call->arg_dim[k].cols;
}
static inline int op_count(const OpCall *call) {
    return call->dim.rows * call->dim.cols;
}

/// Sequences side by side, at least 1.
static inline int op_width(const OpCall *call) {
    return call->width > 1 ? call->width : 1;
}

/// 0 for a 1x1 argument that spreads over a larger result, else 1: element i of the result reads
/// element i * stride of the argument.
static inline int op_stride(const OpCall *call, int k) {
    return op_arg_count(call, k) == 1 ? 0 : 1;
}

/// Puts a gradient per element of the result into the share of argument k: assigned, or, for an
/// argument that spreads, summed from element 0 on. Called for i = 0, 1, ... in order.
static inline void op_put(double *share, int stride, int i, double value) {
    if (stride || i == 0)
        share[i] = value;
    else
        share[0] += value;
}

// op_wire.c: moving numbers
/// Transposes: the number in row r and column c goes to to[c * step + r].
void op_turn(Dim dim, const double *from, double *to, long step);

OpForward op_copy_forward, op_spread_forward, op_transpose_forward, op_stack_forward,
    op_slice_forward;
OpBackward op_copy_backward, op_spread_backward, op_transpose_backward, op_stack_backward,
    op_slice_backward;

// op_arith.c: element by element, with 1x1 arguments spread
OpForward op_add_forward, op_sub_forward, op_mul_forward, op_div_forward, op_neg_forward,
    op_mod_forward;
OpBackward op_add_backward, op_sub_backward, op_mul_backward, op_div_backward, op_neg_backward,
    op_mod_backward;

// op_matmul.c
/// y = the sum of `terms` rows of n numbers, `step` apart, each times its x; the first terms first.
void op_row_sums(int n, long step, int terms, const double *m, const double *x, double *y);

/// Blocks of `terms` rows each, in one matrix m and one column x.
typedef struct {
    int blocks, terms;
    const int *rows; // [blocks] the first row of each
    long step;       // from one row of m to the next: at least n up to a whole number of 8, and 24
                     // numbers behind the last row can be read
    const double *m, *x;
} OpBlocks;

/// y = the sum, over the blocks in their order, of what op_row_sums gives for each.
void op_row_sums_blocks(int n, const OpBlocks *b, double *y);

/// A product of which each number is one sum: y[r, c] = the sum over k of a[r, k] b[k, c].
typedef struct {
    int rows, cols, terms;
    const double *a;
    long a_row, a_term; // from one row of a to the next, from one term to the next
    const double *b;
    long b_term; // from one row of b to the next, which may be longer than `cols`
    double *y;
    long y_row;
    bool goes_on; // y holds the sum of the terms before these
    int adds;     // above 0: so many products, each sum added to what y holds once it is complete
    long a_next, b_next; // then: from one product's a and b to those of the next
} OpProduct;

/// Computes it, terms in ascending order, columns side by side. It goes on or adds, not both.
void op_product(const OpProduct *p);

/// The same where the rows of b may be read up to 7 numbers beyond their columns, which spares
/// computing the last columns one by one. `strip` is room for 8 * rows numbers.
void op_product_ragged(const OpProduct *p, double *strip);

OpForward op_matmul_forward, op_outer_forward, op_dot_forward;
OpBackward op_matmul_backward, op_outer_backward, op_dot_backward;

// op_func.c: functions of one argument
OpForward op_sigmoid_forward, op_tanh_forward, op_relu_forward, op_exp_forward, op_log_forward,
    op_sqrt_forward, op_abs_forward, op_sin_forward, op_cos_forward, op_softplus_forward,
    op_logsigmoid_forward, op_hard_sigmoid_forward, op_hard_sigmoid_keras_forward;
OpBackward op_sigmoid_backward, op_tanh_backward, op_relu_backward, op_exp_backward,
    op_log_backward, op_sqrt_backward, op_abs_backward, op_sin_backward, op_cos_backward,
    op_softplus_backward, op_logsigmoid_backward, op_hard_sigmoid_backward,
    op_hard_sigmoid_keras_backward;
OpSlope op_neg_slope, op_sigmoid_slope, op_tanh_slope, op_relu_slope, op_exp_slope, op_log_slope,
    op_sqrt_slope, op_abs_slope, op_sin_slope, op_cos_slope, op_softplus_slope, op_logsigmoid_slope,
    op_hard_sigmoid_slope, op_hard_sigmoid_keras_slope;

// op_reduce.c: many numbers to one, and softmax
OpForward op_softmax_forward, op_sum_forward, op_mean_forward, op_var_forward;
OpBackward op_softmax_backward, op_sum_backward, op_mean_backward, op_var_backward;

// op_choose.c: one of several
OpForward op_max_forward, op_min_forward, op_clip_forward, op_where_forward;
OpBackward op_max_backward, op_min_backward, op_clip_backward, op_where_backward;

// op_pick.c: a symbol out of a column of numbers
OpForward op_pick_forward, op_draw_forward;

// op_loss.c
OpForward op_cross_entropy_forward, op_binary_cross_entropy_forward;
OpBackward op_cross_entropy_backward, op_binary_cross_entropy_backward;

#endif
