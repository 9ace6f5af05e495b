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

bool train(Arena *a, const Graph *g, const TrainSpec *spec, SequenceSource *source, void *context,
           TrainProgress *progress, void *progress_context, double *params) {
    assert(spec->batch >= 1 && spec->optimizer < OPTIM_COUNT);
    const OptimDef *optim = &optim_defs[spec->optimizer];
    int n = g->n_weights;
    double *grad = ARENA_ARRAY(a, double, n);
    double *state = ARENA_ARRAY(a, double, (size_t)n * (size_t)optim->n_state);
    Runner runner = {.arena = arena_new(), .graph = g};
    bool going = true;
    for (int step = 1; step <= spec->steps && going; step++) {
        int64_t first = (int64_t)(step - 1) * spec->batch;
        double loss = batch_gradient(&runner, source, context, first, spec->batch, params, grad);
        if (spec->clip > 0) grad_clip(n, spec->clip, grad);
        optim->step(n, spec->rate, step, grad, state, params);
        going = !progress || progress(progress_context, step, loss);
    }
    arena_free(runner.arena);
    return going;
}
