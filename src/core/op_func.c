// Functions of one argument, element by element. Each has its slope as a function of argument and
// result, and the share of the gradient is slope times what comes in. At a kink the slope is
// PyTorch's; where it is 0 at a kink's flat side the share is exactly 0, whatever comes in.
#include <math.h>

#include "core/op_rows.h"
#include "core/vector.h"
#include "core/vmath.h"

// backward from the slope.
#define BACKWARD(NAME)                                                                             \
    void op_##NAME##_backward(const OpCall *call, const double *y, const double *dy, int k,        \
                              double *share) {                                                     \
        (void)k;                                                                                   \
        const double *x = call->arg[0];                                                            \
        for (int i = 0; i < op_count(call); i++) share[i] = dy[i] * op_##NAME##_slope(x[i], y[i]); \
    }

// The same where a slope of 0 cuts off even an infinite gradient.
#define BACKWARD_CUT(NAME)                                                                         \
    void op_##NAME##_backward(const OpCall *call, const double *y, const double *dy, int k,        \
                              double *share) {                                                     \
        (void)k;                                                                                   \
        const double *x = call->arg[0];                                                            \
        for (int i = 0; i < op_count(call); i++) {                                                 \
            double slope = op_##NAME##_slope(x[i], y[i]);                                          \
            share[i] = slope == 0.0 ? 0.0 : dy[i] * slope;                                         \
        }                                                                                          \
    }

double op_sigmoid_slope(double x, double y) {
    (void)x;
    return y * (1.0 - y);
}

void op_sigmoid_forward(const OpCall *call, double *y) {
    vm_sigmoid_n(op_count(call), call->arg[0], y);
}

VECTOR_CLONES static void sigmoid_slopes(int n, const double *restrict y, const double *restrict dy,
                                         double *restrict share) {
    for (int i = 0; i < n; i++) share[i] = dy[i] * (y[i] * (1.0 - y[i]));
}

// Fused with binary cross-entropy: d loss / d x is y - target, nothing overflows.
void op_sigmoid_backward(const OpCall *call, const double *y, const double *dy, int k,
                         double *share) {
    int n = op_count(call);
    if (k > 0) // the target is data
        for (int i = 0; i < n; i++) share[i] = 0.0;
    else if (call->fused)
        for (int i = 0; i < n; i++) share[i] = (y[i] - call->arg[1][i]) * dy[i];
    else
        sigmoid_slopes(n, y, dy, share);
}

double op_tanh_slope(double x, double y) {
    (void)x;
    return (1.0 - y) * (1.0 + y); // 1 - y^2 without its cancellation near |y| = 1
}

void op_tanh_forward(const OpCall *call, double *y) {
    vm_tanh_n(op_count(call), call->arg[0], y);
}

VECTOR_CLONES static void tanh_slopes(int n, const double *restrict y, const double *restrict dy,
                                      double *restrict share) {
    for (int i = 0; i < n; i++) share[i] = dy[i] * ((1.0 - y[i]) * (1.0 + y[i]));
}

void op_tanh_backward(const OpCall *call, const double *y, const double *dy, int k, double *share) {
    (void)k;
    tanh_slopes(op_count(call), y, dy, share);
}

double op_relu_slope(double x, double y) {
    (void)y;
    return x <= 0.0 ? 0.0 : 1.0;
}

void op_relu_forward(const OpCall *call, double *y) {
    for (int i = 0; i < op_count(call); i++) y[i] = call->arg[0][i] <= 0.0 ? 0.0 : call->arg[0][i];
}

BACKWARD_CUT(relu)

double op_exp_slope(double x, double y) {
    (void)x;
    return y;
}

void op_exp_forward(const OpCall *call, double *y) {
    vm_exp_n(op_count(call), call->arg[0], y);
}

BACKWARD(exp)

double op_log_slope(double x, double y) {
    (void)y;
    return 1.0 / x;
}

void op_log_forward(const OpCall *call, double *y) {
    vm_log_n(op_count(call), call->arg[0], y);
}

BACKWARD(log)

double op_sqrt_slope(double x, double y) {
    (void)x;
    return 0.5 / y;
}

void op_sqrt_forward(const OpCall *call, double *y) {
    for (int i = 0; i < op_count(call); i++) y[i] = sqrt(call->arg[0][i]);
}

BACKWARD(sqrt)

double op_abs_slope(double x, double y) {
    (void)y;
    return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x; // 0 at 0, NaN at NaN
}

void op_abs_forward(const OpCall *call, double *y) {
    for (int i = 0; i < op_count(call); i++) y[i] = fabs(call->arg[0][i]);
}

BACKWARD_CUT(abs)

double op_sin_slope(double x, double y) {
    (void)y;
    return vm_cos(x);
}

void op_sin_forward(const OpCall *call, double *y) {
    vm_sin_n(op_count(call), call->arg[0], y);
}

BACKWARD(sin)

double op_cos_slope(double x, double y) {
    (void)y;
    return -vm_sin(x);
}

void op_cos_forward(const OpCall *call, double *y) {
    vm_cos_n(op_count(call), call->arg[0], y);
}

BACKWARD(cos)

double op_softplus_slope(double x, double y) {
    (void)y;
    return vm_sigmoid(x);
}

void op_softplus_forward(const OpCall *call, double *y) {
    vm_softplus_n(op_count(call), call->arg[0], y);
}

BACKWARD(softplus)

double op_logsigmoid_slope(double x, double y) {
    (void)y;
    return vm_sigmoid(-x);
}

void op_logsigmoid_forward(const OpCall *call, double *y) {
    vm_logsigmoid_n(op_count(call), call->arg[0], y);
}

BACKWARD(logsigmoid)

// Into [0, 1]; NaN passes.
static double into_unit(double v) {
    return v < 0.0 ? 0.0 : v > 1.0 ? 1.0 : v;
}

double op_hard_sigmoid_slope(double x, double y) {
    (void)y;
    return x <= -3.0 || x >= 3.0 ? 0.0 : 1.0 / 6.0;
}

void op_hard_sigmoid_forward(const OpCall *call, double *y) {
    for (int i = 0; i < op_count(call); i++) y[i] = into_unit((call->arg[0][i] + 3.0) / 6.0);
}

BACKWARD_CUT(hard_sigmoid)

// clip(0.2 a + 0.5, 0, 1) to the bit, so the bounds are asked of that, not of a.
double op_hard_sigmoid_keras_slope(double x, double y) {
    (void)y;
    double v = 0.2 * x + 0.5;
    return v < 0.0 || v > 1.0 ? 0.0 : 0.2;
}

void op_hard_sigmoid_keras_forward(const OpCall *call, double *y) {
    for (int i = 0; i < op_count(call); i++) y[i] = into_unit(0.2 * call->arg[0][i] + 0.5);
}

BACKWARD_CUT(hard_sigmoid_keras)
