// The training loop: sequences in, one update a step. It keeps no state of its own, so the same
// specification, source and first weights always give the same weights.
#include "core/train.h"

#include <assert.h>
#include <string.h>

typedef struct {
    Arena *arena; // of the trace alone, so that sequences of other lengths reuse its memory
    const Graph *graph;
    Trace *trace;
} Runner;

static Trace *trace_for(Runner *r, int steps) {
    if (r->trace && trace_steps(r->trace) == steps) return r->trace;
    arena_reset(r->arena);
    return r->trace = trace_new(r->arena, r->graph, steps);
}

/// The mean gradient and the mean loss of the sequences first .. first + batch - 1.
static double batch_gradient(Runner *r, SequenceSource *source, void *context, int64_t first,
                             int batch, const double *params, double *grad) {
    int n = r->graph->n_weights;
    double loss = 0;
    memset(grad, 0, (size_t)n * sizeof(double));
    for (int b = 0; b < batch; b++) {
        const Sequence *seq = source(context, first + b);
        Trace *tr = trace_for(r, seq->steps);
        trace_forward(tr, seq, params);
        trace_backward(tr);
        loss += trace_loss(tr);
        const double *one = trace_param_grads(tr);
        for (int i = 0; i < n; i++) grad[i] += one[i];
    }
    for (int i = 0; i < n; i++) grad[i] /= batch;
    return loss / batch;
}

TrainSpec train_spec(OptimKind optimizer) {
    TrainSpec spec = {.optimizer = optimizer, .batch = 1};
    memcpy(spec.with, optim_defs[optimizer].with, sizeof spec.with);
    return spec;
}

/// Clips the gradient and moves the weights: optimizer step t.
static void update(const TrainSpec *spec, int n, int64_t t, double *grad, double *state,
                   double *params) {
    double with[OPTION_COUNT];
    memcpy(with, spec->with, sizeof with);
    with[OPTION_RATE] *= schedule_factor(&spec->schedule, t);
    if (spec->clip_value > 0) grad_clip_value(n, spec->clip_value, grad);
    if (spec->clip > 0) grad_clip(n, spec->clip, grad);
    optim_defs[spec->optimizer].step(n, with, t, grad, state, params);
}

bool train(Arena *a, const Graph *g, const TrainSpec *spec, SequenceSource *source, void *context,
           TrainProgress *progress, void *progress_context, double *params) {
    assert(spec->batch >= 1 && spec->optimizer < OPTIM_COUNT);
    const OptimDef *optim = &optim_defs[spec->optimizer];
    int n = g->n_weights;
    double *grad = ARENA_ARRAY(a, double, n);
    double *state = ARENA_ARRAY(a, double, (size_t)n *(size_t)optim->n_state);
    Runner runner = {.arena = arena_new(), .graph = g};
    bool going = true;
    for (int step = 1; step <= spec->steps && going; step++) {
        int64_t first = (int64_t)(step - 1) * spec->batch;
        double loss = batch_gradient(&runner, source, context, first, spec->batch, params, grad);
        update(spec, n, step, grad, state, params);
        going = !progress || progress(progress_context, step, loss);
    }
    arena_free(runner.arena);
    return going;
}
