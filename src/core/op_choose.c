// Operations that hand on one of their arguments: the gradient goes where the number came from,
// exactly 0 elsewhere. A 1x1 argument spreads; its share is summed from the first element on.
#include <math.h>

#include "core/op_rows.h"

// Which of two numbers goes on, as PyTorch's maximum does: NaN wins over everything.
static double larger(double a, double b) {
    if (isnan(a) || isnan(b)) return a + b;
    return a > b ? a : b;
}

static double smaller(double a, double b) {
    if (isnan(a) || isnan(b)) return a + b;
    return a < b ? a : b;
}

static double at(const OpCall *call, int k, int i) {
    return call->arg[k][i * op_stride(call, k)];
}

void op_max_forward(const OpCall *call, double *y) {
    for (int i = 0; i < op_count(call); i++) y[i] = larger(at(call, 0, i), at(call, 1, i));
}

void op_min_forward(const OpCall *call, double *y) {
    for (int i = 0; i < op_count(call); i++) y[i] = smaller(at(call, 0, i), at(call, 1, i));
}

// A tie splits half and half; with a NaN both sides receive, as in PyTorch.
static void extreme_backward(const OpCall *call, const double *dy, int k, bool max, double *share) {
    int stride = op_stride(call, k);
    for (int i = 0; i < op_count(call); i++) {
        double mine = at(call, k, i), other = at(call, 1 - k, i);
        bool loses = max ? mine < other : mine > other;
        op_put(share, stride, i, loses ? 0.0 : mine == other ? 0.5 * dy[i] : dy[i]);
    }
}

void op_max_backward(const OpCall *call, const double *y, const double *dy, int k, double *share) {
    (void)y;
    extreme_backward(call, dy, k, true, share);
}

void op_min_backward(const OpCall *call, const double *y, const double *dy, int k, double *share) {
    (void)y;
    extreme_backward(call, dy, k, false, share);
}

// min(max(a, lo), hi): hi wins where the bounds cross.
void op_clip_forward(const OpCall *call, double *y) {
    for (int i = 0; i < op_count(call); i++)
        y[i] = smaller(larger(at(call, 0, i), at(call, 1, i)), at(call, 2, i));
}

// Does the gradient at element i go to argument k? Within the bounds and at them to a, outside to
// the bound that held.
static bool clip_passes(const OpCall *call, int k, int i) {
    double a = at(call, 0, i), lo = at(call, 1, i), hi = at(call, 2, i);
    if (k == 0) return !(a < lo) && !(a > hi);
    if (k == 1) return a < lo && lo < hi;
    return a > hi || lo > hi;
}

void op_clip_backward(const OpCall *call, const double *y, const double *dy, int k, double *share) {
    (void)y;
    int stride = op_stride(call, k);
    for (int i = 0; i < op_count(call); i++)
        op_put(share, stride, i, clip_passes(call, k, i) ? dy[i] : 0.0);
}

bool op_holds(Compare compare, double a, double b) {
    switch (compare) {
    case COMPARE_LT: return a < b;
    case COMPARE_LE: return a <= b;
    case COMPARE_GT: return a > b;
    case COMPARE_GE: return a >= b;
    case COMPARE_EQ: return a == b;
    }
    return false;
}

// The argument that goes on at element i: 2 or 3.
static int chosen(const OpCall *call, int i) {
    return op_holds(call->compare, at(call, 0, i), at(call, 1, i)) ? 2 : 3;
}

void op_where_forward(const OpCall *call, double *y) {
    for (int i = 0; i < op_count(call); i++) y[i] = at(call, chosen(call, i), i);
}

void op_where_backward(const OpCall *call, const double *y, const double *dy, int k,
                       double *share) {
    (void)y;
    int stride = op_stride(call, k);
    for (int i = 0; i < op_count(call); i++)
        op_put(share, stride, i, chosen(call, i) == k ? dy[i] : 0.0);
}
