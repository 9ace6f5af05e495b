// The step is taken once, on copies, and everything that came of it is kept. So looking at an
// update changes nothing, and what is shown is what training would have done with this gradient.
#include "core/update.h"

#include <math.h>
#include <string.h>

static double *copy_of(Arena *a, const double *from, size_t n) {
    double *to = ARENA_ARRAY(a, double, n + 1);
    if (from && n > 0) memcpy(to, from, n * sizeof *to);
    return to;
}

/// The norm that clipping looks at, and what it multiplies by.
static void measure_clip(Arena *a, Update *u) {
    double *grad = copy_of(a, u->grad, (size_t)u->n);
    if (u->clip_value > 0) grad_clip_value(u->n, u->clip_value, grad);
    u->norm = grad_clip(u->n, INFINITY, grad); // the norm alone: nothing is scaled
    double factor = u->clip / (u->norm + 1e-6);
    u->scale = u->clip > 0 && factor < 1.0 ? factor : 1.0;
}

Update *update_new(Arena *a, const TrainSpec *spec, const Trained *from, int n, const double *grad,
                   const double *params) {
    Update *u = ARENA_NEW(a, Update);
    size_t weights = (size_t)n, states = weights * (size_t)optim_defs[spec->optimizer].n_state;
    *u = (Update){.optimizer = spec->optimizer,
                  .t = from->steps + 1,
                  .clip_value = spec->clip_value,
                  .clip = spec->clip,
                  .n = n,
                  .n_state = optim_defs[spec->optimizer].n_state};
    memcpy(u->with, spec->with, sizeof u->with);
    u->with[OPTION_RATE] *= schedule_factor(&spec->schedule, u->t);
    u->grad = copy_of(a, grad, weights);
    u->before = copy_of(a, params, weights);
    u->state_before = copy_of(a, from->state, states);
    measure_clip(a, u);
    double *clipped = copy_of(a, grad, weights), *after = copy_of(a, params, weights);
    double *state = copy_of(a, from->state, states);
    train_update(spec, n, u->t, clipped, state, after);
    u->clipped = clipped;
    u->state = state;
    u->after = after;
    return u;
}

double update_bytes(const TrainSpec *spec, int n) {
    enum { COPIES = 5 };
    return (COPIES + 2.0 * optim_defs[spec->optimizer].n_state) * n * (double)sizeof(double);
}
