// Optimizers as PyTorch defines them, operation by operation, so that their steps agree to the
// last digits. A new optimizer is a new row of the table; an option is a row of the other.
//
// Weight decay adds decay * weight to the gradient (L2), except in AdamW, which shrinks the weight
// by itself. Epsilon always stands outside the root.
#include "core/optim.h"

#include <math.h>

/// x to the power t by squaring: products only, the same on every machine.
static double power(double x, int64_t t) {
    double result = 1.0;
    for (; t > 0; t >>= 1, x *= x)
        if (t & 1) result *= x;
    return result;
}

// state: n momenta. The first gradient goes in whole. The rate stands outside the momentum, unlike
// in the form of Sutskever et al. 2013.
static void sgd_step(int n, const double *with, int64_t t, const double *grad, double *state,
                     double *params) {
    const double rate = with[OPTION_RATE], mu = with[OPTION_MOMENTUM];
    const double fresh = 1.0 - with[OPTION_DAMPENING];
    for (int i = 0; i < n; i++) {
        double g = grad[i] + with[OPTION_DECAY] * params[i];
        if (mu > 0) {
            state[i] = t == 1 ? g : mu * state[i] + fresh * g;
            g = with[OPTION_NESTEROV] > 0 ? g + mu * state[i] : state[i];
        }
        params[i] -= rate * g;
    }
}

// state: n means of squares, n means, n momenta.
static void rmsprop_step(int n, const double *with, int64_t t, const double *grad, double *state,
                         double *params) {
    (void)t;
    const double rate = with[OPTION_RATE], a = with[OPTION_SMOOTHING];
    double *square = state, *mean = state + n, *momentum = state + 2 * n;
    for (int i = 0; i < n; i++) {
        double g = grad[i] + with[OPTION_DECAY] * params[i];
        square[i] = a * square[i] + (1.0 - a) * g * g;
        double variance = square[i];
        if (with[OPTION_CENTERED] > 0) {
            mean[i] = a * mean[i] + (1.0 - a) * g;
            variance -= mean[i] * mean[i];
        }
        double move = g / (sqrt(variance) + with[OPTION_EPS]);
        if (with[OPTION_MOMENTUM] > 0)
            move = momentum[i] = with[OPTION_MOMENTUM] * momentum[i] + move;
        params[i] -= rate * move;
    }
}

// state: n sums of squares.
static void adagrad_step(int n, const double *with, int64_t t, const double *grad, double *state,
                         double *params) {
    double rate = with[OPTION_RATE] / (1.0 + (double)(t - 1) * with[OPTION_RATE_DECAY]);
    for (int i = 0; i < n; i++) {
        double g = grad[i] + with[OPTION_DECAY] * params[i];
        state[i] += g * g;
        params[i] -= rate * g / (sqrt(state[i]) + with[OPTION_EPS]);
    }
}

// Algorithm 1 of the paper, with epsilon added after the root is corrected for bias.
// state: n means of the gradient, n means of its square, n largest of those (AMSGrad).
static void adam_move(int n, const double *with, int64_t t, double decay, const double *grad,
                      double *state, double *params) {
    const double beta1 = with[OPTION_BETA1], beta2 = with[OPTION_BETA2];
    double *m = state, *v = state + n, *largest = state + 2 * n;
    double size = with[OPTION_RATE] / (1.0 - power(beta1, t));
    double root = sqrt(1.0 - power(beta2, t));
    for (int i = 0; i < n; i++) {
        double g = grad[i] + decay * params[i];
        m[i] = beta1 * m[i] + (1.0 - beta1) * g;
        v[i] = beta2 * v[i] + (1.0 - beta2) * g * g;
        double square = v[i];
        if (with[OPTION_AMSGRAD] > 0)
            square = largest[i] = square > largest[i] ? square : largest[i];
        params[i] -= size * m[i] / (sqrt(square) / root + with[OPTION_EPS]);
    }
}

static void adam_step(int n, const double *with, int64_t t, const double *grad, double *state,
                      double *params) {
    adam_move(n, with, t, with[OPTION_DECAY], grad, state, params);
}

static void adamw_step(int n, const double *with, int64_t t, const double *grad, double *state,
                       double *params) {
    double keep = 1.0 - with[OPTION_RATE] * with[OPTION_DECAY];
    for (int i = 0; i < n; i++) params[i] *= keep;
    adam_move(n, with, t, 0, grad, state, params);
}

#define BIT(option) (1u << OPTION_##option)
#define SGD_TAKES (BIT(RATE) | BIT(MOMENTUM) | BIT(DAMPENING) | BIT(NESTEROV) | BIT(DECAY))
#define ADAM_TAKES (BIT(RATE) | BIT(BETA1) | BIT(BETA2) | BIT(EPS) | BIT(DECAY) | BIT(AMSGRAD))
#define ADAM_WITH(decay)                                                                           \
    {                                                                                              \
        [OPTION_RATE] = 0.001, [OPTION_BETA1] = 0.9, [OPTION_BETA2] = 0.999, [OPTION_EPS] = 1e-8,  \
        [OPTION_DECAY] = (decay)                                                                   \
    }

#define BELOW_ONE 0x1.fffffffffffffp-1 // 1 would divide by zero

// clang-format off
const OptimOptionDef optim_options[OPTION_COUNT] = {
    [OPTION_RATE]       = {"rate", 0, INFINITY, false},
    [OPTION_MOMENTUM]   = {"momentum", 0, INFINITY, false},
    [OPTION_DAMPENING]  = {"dampening", 0, 1, false},
    [OPTION_NESTEROV]   = {"nesterov", 0, 1, true},
    [OPTION_DECAY]      = {"decay", 0, INFINITY, false},
    [OPTION_EPS]        = {"eps", 0, INFINITY, false},
    [OPTION_SMOOTHING]  = {"smoothing", 0, 1, false},
    [OPTION_CENTERED]   = {"centered", 0, 1, true},
    [OPTION_RATE_DECAY] = {"rate_decay", 0, INFINITY, false},
    [OPTION_BETA1]      = {"beta1", 0, BELOW_ONE, false},
    [OPTION_BETA2]      = {"beta2", 0, BELOW_ONE, false},
    [OPTION_AMSGRAD]    = {"amsgrad", 0, 1, true},
};

const OptimDef optim_defs[OPTIM_COUNT] = {
    [OPTIM_SGD]      = {"sgd", 1, sgd_step, SGD_TAKES, {[OPTION_RATE] = 0.01}},
    [OPTIM_MOMENTUM] = {"momentum", 1, sgd_step, SGD_TAKES,
                        {[OPTION_RATE] = 0.01, [OPTION_MOMENTUM] = 0.9}},
    [OPTIM_NESTEROV] = {"nesterov", 1, sgd_step, SGD_TAKES,
                        {[OPTION_RATE] = 0.01, [OPTION_MOMENTUM] = 0.9, [OPTION_NESTEROV] = 1}},
    [OPTIM_RMSPROP]  = {"rmsprop", 3, rmsprop_step,
                        BIT(RATE) | BIT(SMOOTHING) | BIT(EPS) | BIT(DECAY) | BIT(MOMENTUM) | BIT(CENTERED),
                        {[OPTION_RATE] = 0.01, [OPTION_SMOOTHING] = 0.99, [OPTION_EPS] = 1e-8}},
    [OPTIM_ADAGRAD]  = {"adagrad", 1, adagrad_step,
                        BIT(RATE) | BIT(RATE_DECAY) | BIT(EPS) | BIT(DECAY),
                        {[OPTION_RATE] = 0.01, [OPTION_EPS] = 1e-10}},
    [OPTIM_ADAM]     = {"adam", 3, adam_step, ADAM_TAKES, ADAM_WITH(0)},
    [OPTIM_ADAMW]    = {"adamw", 3, adamw_step, ADAM_TAKES, ADAM_WITH(0.01)},
};
// clang-format on

bool optim_takes(OptimKind kind, OptimOption option) {
    return (optim_defs[kind].takes >> option & 1u) != 0;
}

void grad_clip_value(int n, double largest, double *grad) {
    for (int i = 0; i < n; i++) {
        if (grad[i] > largest) grad[i] = largest;
        if (grad[i] < -largest) grad[i] = -largest;
    }
}

double grad_clip(int n, double largest, double *grad) {
    double squares = 0;
    for (int i = 0; i < n; i++) squares += grad[i] * grad[i];
    double norm = sqrt(squares), factor = largest / (norm + 1e-6);
    if (factor < 1.0)
        for (int i = 0; i < n; i++) grad[i] *= factor;
    return norm;
}
