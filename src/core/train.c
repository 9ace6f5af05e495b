// The training loop: sequences in, one update a step. The same specification, source and first
// weights always give the same weights; core/batch.c says in which order gradients are summed.
#include "core/train.h"

#include <assert.h>
#include <string.h>

#include "core/batch.h"
#include "core/rng.h"

TrainSpec train_spec(OptimKind optimizer) {
    TrainSpec spec = {.optimizer = optimizer, .batch = 1};
    memcpy(spec.with, optim_defs[optimizer].with, sizeof spec.with);
    return spec;
}

void train_masks(Arena *a, const Graph *g, const TrainSpec *spec, int64_t i, Sequence *q) {
    if (g->n_masks == 0) return;
    q->mask = 0;
    for (int m = 0; m < g->n_masks; m++) q->mask += dim_count(g->nodes[g->masks[m]].dim);
    size_t n = (size_t)q->steps * (size_t)q->mask;
    double *masks = ARENA_ARRAY(a, double, n);
    double p = spec->dropout, kept = p < 1 ? 1.0 / (1.0 - p) : 0.0;
    Rng rng = rng_new(spec->seed + 0x9e3779b97f4a7c15u * ((uint64_t)i + 1));
    for (size_t k = 0; k < n; k++) masks[k] = rng_uniform(&rng) < p ? 0.0 : kept;
    q->masks = masks;
}

/// The mean gradient and the mean loss of the batch of optimizer step `step`, from 1.
static double mean_gradient(Batches *b, const TrainJob *job, int64_t step, double *grad) {
    int n = job->graph->n_weights, batch = job->spec->batch;
    double loss = batches_gradient(b, (step - 1) * batch, batch, grad);
    for (int i = 0; i < n; i++) grad[i] /= batch;
    return loss / batch;
}

void train_update(const TrainSpec *spec, int n, int64_t t, double *grad, double *state,
                  double *params) {
    double with[OPTION_COUNT];
    memcpy(with, spec->with, sizeof with);
    with[OPTION_RATE] *= schedule_factor(&spec->schedule, t);
    if (spec->clip_value > 0) grad_clip_value(n, spec->clip_value, grad);
    if (spec->clip > 0) grad_clip(n, spec->clip, grad);
    optim_defs[spec->optimizer].step(n, with, t, grad, state, params);
}

Trained trained_new(Arena *a, const Graph *g, const TrainSpec *spec) {
    size_t states = (size_t)optim_defs[spec->optimizer].n_state;
    return (Trained){0, ARENA_ARRAY(a, double, (size_t)g->n_weights *states + 1)};
}

bool train_on(Arena *a, const TrainJob *job, int64_t last, TrainProgress *progress,
              void *progress_context, double *params, Trained *at) {
    const TrainSpec *spec = job->spec;
    assert(spec->batch >= 1 && spec->optimizer < OPTIM_COUNT);
    if (at->steps >= last) return true;
    int n = job->graph->n_weights;
    double *grad = ARENA_ARRAY(a, double, n + 1);
    Batches *batches = batches_new(a, job, spec->batch, params);
    bool going = true;
    while (at->steps < last && going) {
        int64_t step = at->steps + 1;
        double loss = mean_gradient(batches, job, step, grad);
        train_update(spec, n, step, grad, at->state, params);
        at->steps = step;
        going = !progress || progress(progress_context, (int)step, loss);
    }
    batches_free(batches);
    return going;
}

double train_gradient(Arena *a, const TrainJob *job, int64_t t, const double *params,
                      double *grad) {
    Batches *batches = batches_new(a, job, job->spec->batch, params);
    double loss = mean_gradient(batches, job, t, grad);
    batches_free(batches);
    return loss;
}

bool train_score(Arena *a, const TrainJob *job, int64_t first, int64_t count, const double *params,
                 ScoreProgress *progress, void *context, Score *out) {
    enum { AT_ONCE = 256 }; // sequences in memory
    int most = count < AT_ONCE ? (int)count : AT_ONCE;
    *out = (Score){0};
    Batches *batches = batches_new(a, job, most, params);
    bool going = true;
    for (int64_t done = 0; done < count && going; done += most) {
        batches_score(batches, first + done, done + most < count ? most : (int)(count - done), out);
        going = !progress || progress(context, done + most < count ? done + most : count, count);
    }
    batches_free(batches);
    return going;
}

bool train(Arena *a, const Graph *g, const TrainSpec *spec, SequenceSource *source, void *context,
           TrainProgress *progress, void *progress_context, double *params) {
    TrainJob job = {g, spec, source, context};
    Trained at = trained_new(a, g, spec);
    return train_on(a, &job, spec->steps, progress, progress_context, params, &at);
}
