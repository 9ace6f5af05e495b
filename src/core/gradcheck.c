// Central differences, for comparison with BPTT: D(h) = (L(w + h) - L(w - h)) / 2h is off by
// about h^2, and (4 D(h/2) - D(h)) / 3 by about h^4 (Richardson 1911). A large h keeps rounding
// small, but may step over a kink or out of a function's domain, so h shrinks until two estimates
// agree as well as rounding lets them. BPTT's own answer plays no part in that choice.
//
// A gradient that stop cuts is a partial one: L is taken with what each stop handed on held.
#include "core/gradcheck.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef struct {
    Trace *trace;
    const Sequence *seq;
    double *params;
    double noise; // rounding of the loss
} Check;

static double loss_at(Check *c, int i, double value) {
    double kept = c->params[i];
    c->params[i] = value;
    trace_forward(c->trace, c->seq, c->params);
    c->params[i] = kept;
    return trace_loss(c->trace);
}

static double difference(Check *c, int i, double h) {
    // The distance is that between the numbers as rounded.
    double up = c->params[i] + h, down = c->params[i] - h;
    return (loss_at(c, i, up) - loss_at(c, i, down)) / (up - down);
}

// h as a part of the weight (of 1 for small weights): the first, and how often it is halved.
#define FIRST_H 0x1p-7
enum { HALVINGS = 16 };

static double slope(Check *c, int i) {
    double h = FIRST_H * fmax(1.0, fabs(c->params[i]));
    double wide = difference(c, i, h), last = NAN, best = NAN, best_doubt = INFINITY;
    for (int k = 0; k < HALVINGS; k++) {
        h /= 2;
        double narrow = difference(c, i, h), estimate = narrow + (narrow - wide) / 3;
        double rounding = c->noise / h, change = fabs(estimate - last);
        double doubt = fmax(change, rounding);
        if (!isnan(change) && doubt < best_doubt) {
            best = estimate;
            best_doubt = doubt;
        }
        if (change <= fmax(2 * rounding, 1e-9 * fabs(estimate))) break;
        wide = narrow;
        last = estimate;
    }
    return best;
}

void gradcheck(Arena *a, const Graph *g, const Sequence *seq, const double *params,
               GradCheck *rows) {
    double *moved = ARENA_ARRAY(a, double, g->n_weights);
    memcpy(moved, params, (size_t)g->n_weights * sizeof(double));
    Trace *exact = trace_new(a, g, seq->steps);
    trace_forward(exact, seq, params);
    trace_backward(exact);
    const double *grads = trace_param_grads(exact);
    // a loss is a sum over timesteps of what has been rounded a few times each
    double noise = 8 * DBL_EPSILON * fmax(1.0, fabs(trace_loss(exact)));
    Check c = {trace_new(a, g, seq->steps), seq, moved, noise};
    trace_hold_stops(c.trace, exact);
    // Rounding leaves noise / h in the slope; the floor is as much larger as digits are asked for.
    double floor = noise / FIRST_H * 1e7;
    for (int p = 0; p < g->n_params; p++) {
        rows[p] = (GradCheck){.param = p};
        for (int e = 0; e < dim_count(g->params[p].dim); e++) {
            int i = g->params[p].offset + e;
            double nudged = slope(&c, i), bptt = grads[i];
            double size = fmax(fmax(fabs(bptt), fabs(nudged)), floor);
            double relative = bptt == nudged ? 0.0 : fabs(bptt - nudged) / size;
            if (e > 0 && !(relative > rows[p].worst) && !isnan(relative)) continue;
            rows[p] = (GradCheck){p, isnan(relative) ? INFINITY : relative, e, bptt, nudged};
        }
    }
}
