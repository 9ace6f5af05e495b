// The two losses that are more than a formula of other operations: their values come from what
// went into the softmax or the sigmoid, where nothing overflows. The gradient for y itself is the
// textbook one, so that the walk can show it; the softmax or sigmoid before it does not use that
// but the fused form (see OpCall.fused).
#include "core/op_rows.h"
#include "core/vmath.h"

static void zero(int n, double *share) {
    for (int i = 0; i < n; i++) share[i] = 0.0;
}

// The place of the largest number, the first of equals; from one number to the next it is `step`.
static int largest(int n, int step, const double *z) {
    int at = 0;
    for (int i = step; i < n * step; i += step)
        if (z[i] > z[at]) at = i;
    return at;
}

// -sum of target log softmax(z); for a one-hot target logsumexp(z) - z[class]. The largest z is
// taken out of every exponent, and its own e^0 = 1 out of the sum, so that a loss near 0 keeps
// its digits. A 0 in the target counts as nothing, even against an infinite z.
static double cross_entropy(int n, int step, const double *target, const double *z) {
    int top = largest(n, step, z);
    enum { AT_ONCE = 64 };
    double rest = 0.0, loss = 0.0, part[AT_ONCE], power[AT_ONCE];
    for (int first = 0; first < n; first += AT_ONCE) {
        int m = n - first < AT_ONCE ? n - first : AT_ONCE;
        for (int i = 0; i < m; i++) part[i] = z[(first + i) * step] - z[top];
        vm_exp_n(m, part, power);
        for (int i = 0; i < m; i++)
            if ((first + i) * step != top) rest += power[i];
    }
    double log_sum = vm_log1p(rest);
    for (int i = 0; i < n * step; i += step)
        if (target[i] != 0.0) loss += target[i] * (log_sum - (z[i] - z[top]));
    return loss;
}

void op_cross_entropy_forward(const OpCall *call, double *y) {
    int width = op_width(call), n = op_arg_count(call, 2) / width;
    for (int j = 0; j < width; j++)
        y[j] = cross_entropy(n, width, call->arg[1] + j, call->arg[2] + j);
}

// -target / y for the probabilities y; target and z receive nothing here.
void op_cross_entropy_backward(const OpCall *call, const double *y, const double *dy, int k,
                               double *share) {
    (void)y;
    int n = op_arg_count(call, k);
    zero(n, share);
    if (k > 0) return;
    const double *p = call->arg[0], *target = call->arg[1];
    for (int i = 0; i < n; i++)
        if (target[i] != 0.0) share[i] = -target[i] / p[i] * dy[i % op_width(call)];
}

// weight * log(p), with 0 log 0 = 0.
static double weighted_log(double weight, double p) {
    return weight == 0.0 ? 0.0 : weight * vm_log(p);
}

// -(t log y + (1 - t) log(1 - y)). With z, log y = -softplus(-z) and log(1 - y) = -softplus(z).
void op_binary_cross_entropy_forward(const OpCall *call, double *y) {
    const double *p = call->arg[0], *target = call->arg[1];
    for (int i = 0; i < op_count(call); i++) {
        double t = target[i];
        if (call->n_args > 2) {
            double z = call->arg[2][i];
            y[i] = (t == 0.0 ? 0.0 : t * vm_softplus(-z)) +
                   (t == 1.0 ? 0.0 : (1.0 - t) * vm_softplus(z));
        } else {
            double other = t == 1.0 ? 0.0 : (1.0 - t) * vm_log1p(-p[i]);
            y[i] = -(weighted_log(t, p[i]) + other);
        }
    }
}

// -t / y + (1 - t) / (1 - y); a term of weight 0 is exactly 0.
void op_binary_cross_entropy_backward(const OpCall *call, const double *y, const double *dy, int k,
                                      double *share) {
    (void)y;
    int n = op_arg_count(call, k);
    zero(n, share);
    if (k > 0) return;
    for (int i = 0; i < n; i++) {
        double p = call->arg[0][i], t = call->arg[1][i];
        double one = t == 0.0 ? 0.0 : t / p;
        double zero_side = t == 1.0 ? 0.0 : (1.0 - t) / (1.0 - p);
        share[i] = (zero_side - one) * dy[i];
    }
}
