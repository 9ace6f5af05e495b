// Optimizers as PyTorch defines them, operation by operation, so that their steps agree to the
// last digits. A new optimizer is a new row of the table.
#include "core/optim.h"

#include <math.h>

static void sgd_step(int n, double rate, int64_t t, const double *grad, double *state,
                     double *params) {
    (void)t;
    (void)state;
    for (int i = 0; i < n; i++) params[i] -= rate * grad[i];
}

/// x to the power t by squaring: products only, the same on every machine.
static double power(double x, int64_t t) {
    double result = 1.0;
    for (; t > 0; t >>= 1, x *= x)
        if (t & 1) result *= x;
    return result;
}

// Kingma & Ba 2015, algorithm 1, with epsilon added after the root is corrected for bias.
// state: n means of the gradient, then n means of its square.
static void adam_step(int n, double rate, int64_t t, const double *grad, double *state,
                      double *params) {
    const double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
    double *m = state, *v = state + n;
    double size = rate / (1.0 - power(beta1, t)), root = sqrt(1.0 - power(beta2, t));
    for (int i = 0; i < n; i++) {
        m[i] = beta1 * m[i] + (1.0 - beta1) * grad[i];
        v[i] = beta2 * v[i] + (1.0 - beta2) * grad[i] * grad[i];
        params[i] -= size * m[i] / (sqrt(v[i]) / root + epsilon);
    }
}

const OptimDef optim_defs[OPTIM_COUNT] = {
    [OPTIM_SGD] = {"sgd", 0, sgd_step},
    [OPTIM_ADAM] = {"adam", 2, adam_step},
};

double grad_clip(int n, double largest, double *grad) {
    double squares = 0;
    for (int i = 0; i < n; i++) squares += grad[i] * grad[i];
    double norm = sqrt(squares), factor = largest / (norm + 1e-6);
    if (factor < 1.0)
        for (int i = 0; i < n; i++) grad[i] *= factor;
    return norm;
}
