// Arithmetic element by element. A 1x1 argument spreads over the result; its share of the
// gradient is then the sum over all elements, from the first on.
#include <math.h>
#include <string.h>

#include "core/op_rows.h"
#include "core/vector.h"

// y[i] = EXPRESSION for every element, in which a and b are the two arguments there. The loop is
// written once per stride, so that the compiler sees plain vectors.
#define BINARY_FORWARD(NAME, EXPRESSION)                                                           \
    static inline void NAME##_strided(int n, const double *restrict va, int sa,                    \
                                      const double *restrict vb, int sb, double *restrict y) {     \
        for (int i = 0; i < n; i++) {                                                              \
            double a = va[i * sa], b = vb[i * sb];                                                 \
            y[i] = (EXPRESSION);                                                                   \
        }                                                                                          \
    }                                                                                              \
    VECTOR_CLONES void op_##NAME##_forward(const OpCall *call, double *y) {                        \
        int n = op_count(call), sa = op_stride(call, 0), sb = op_stride(call, 1);                  \
        const double *a = call->arg[0], *b = call->arg[1];                                         \
        if (sa && sb)                                                                              \
            NAME##_strided(n, a, 1, b, 1, y);                                                      \
        else if (sa)                                                                               \
            NAME##_strided(n, a, 1, b, 0, y);                                                      \
        else                                                                                       \
            NAME##_strided(n, a, 0, b, sb, y);                                                     \
    }

// clang-format off
BINARY_FORWARD(add, a + b)
BINARY_FORWARD(sub, a - b)
BINARY_FORWARD(mul, a * b)
BINARY_FORWARD(div, a / b)
BINARY_FORWARD(mod, a - b * floor(a / b))
// clang-format on

void op_neg_forward(const OpCall *call, double *y) {
    for (int i = 0; i < op_count(call); i++) y[i] = -call->arg[0][i];
}

void op_add_backward(const OpCall *call, const double *y, const double *dy, int k, double *share) {
    (void)y;
    int n = op_count(call);
    if (op_stride(call, k))
        memcpy(share, dy, (size_t)n * sizeof *share);
    else
        for (int i = 0; i < n; i++) op_put(share, 0, i, dy[i]);
}

void op_sub_backward(const OpCall *call, const double *y, const double *dy, int k, double *share) {
    (void)y;
    int stride = op_stride(call, k);
    for (int i = 0; i < op_count(call); i++) op_put(share, stride, i, k == 0 ? dy[i] : -dy[i]);
}

VECTOR_CLONES static void products(int n, const double *restrict a, const double *restrict b,
                                   double *restrict y) {
    for (int i = 0; i < n; i++) y[i] = a[i] * b[i];
}

void op_mul_backward(const OpCall *call, const double *y, const double *dy, int k, double *share) {
    (void)y;
    const double *other = call->arg[1 - k];
    int stride = op_stride(call, k), other_stride = op_stride(call, 1 - k);
    int n = op_count(call);
    if (stride && other_stride)
        products(n, dy, other, share);
    else
        for (int i = 0; i < n; i++) op_put(share, stride, i, dy[i] * other[i * other_stride]);
}

// d(a/b)/db = -a/b^2, taken as -(a/b)/b: b^2 may overflow where this does not.
void op_div_backward(const OpCall *call, const double *y, const double *dy, int k, double *share) {
    const double *b = call->arg[1];
    int stride = op_stride(call, k), b_stride = op_stride(call, 1);
    for (int i = 0; i < op_count(call); i++) {
        double d = dy[i] / b[i * b_stride];
        op_put(share, stride, i, k == 0 ? d : -(d * y[i]));
    }
}

void op_neg_backward(const OpCall *call, const double *y, const double *dy, int k, double *share) {
    (void)y, (void)k;
    for (int i = 0; i < op_count(call); i++) share[i] = -dy[i];
}

double op_neg_slope(double x, double y) {
    (void)x, (void)y;
    return -1.0;
}

// The floor is taken as a constant: 1 for a, -floor(a/n) for n.
void op_mod_backward(const OpCall *call, const double *y, const double *dy, int k, double *share) {
    (void)y;
    const double *a = call->arg[0], *n = call->arg[1];
    int stride = op_stride(call, k), sa = op_stride(call, 0), sn = op_stride(call, 1);
    for (int i = 0; i < op_count(call); i++)
        op_put(share, stride, i, k == 0 ? dy[i] : dy[i] * -floor(a[i * sa] / n[i * sn]));
}
