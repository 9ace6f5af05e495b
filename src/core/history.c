// Training is a function of (specification, source, first weights), and a source gives any sequence
// by its number; so parameters and optimizer state are all that has to be kept to go on from a step
// as training went on. Keyframes are spread evenly, from before the first step.
//
// Invariant: keyframe k holds what is there when k * spacing steps are done.
#include "core/history.h"

#include <assert.h>
#include <string.h>

struct History {
    Arena *arena;
    TrainSpec spec;
    TrainJob job; // with the specification above
    int spacing;  // 0: no keyframes
    size_t n;     // numbers of a keyframe: parameters, then state
    int steps;    // recorded
    double *losses;
    double **frames; // [spec.steps / spacing + 1], NULL where training did not get
    // while it trains
    const double *params;
    const Trained *at;
    TrainProgress *progress;
    void *progress_context;
};

static size_t frame_numbers(const TrainSpec *spec, int n_weights) {
    return (size_t)n_weights * (1 + (size_t)optim_defs[spec->optimizer].n_state);
}

/// Keyframes of a whole training: before the first step, and after each `spacing` of the others
/// that another step follows.
static int frame_count(const TrainSpec *spec, int spacing) {
    return spec->steps > 0 ? (spec->steps - 1) / spacing + 1 : 0;
}

int history_spacing(const TrainSpec *spec, int n_weights, size_t limit) {
    double frame = (double)frame_numbers(spec, n_weights) * sizeof(double);
    if (frame > (double)limit) return 0;
    int spacing = 1;
    while (frame_count(spec, spacing) * frame > (double)limit) spacing *= 2;
    return spacing;
}

double history_bytes(const TrainSpec *spec, int n_weights, size_t limit) {
    int spacing = history_spacing(spec, n_weights, limit);
    double losses = (double)spec->steps * sizeof(double);
    if (spacing == 0) return losses;
    double frame = (double)frame_numbers(spec, n_weights) * sizeof(double) + sizeof(double *);
    return losses + frame_count(spec, spacing) * frame;
}

History *history_new(Arena *a, const TrainJob *job, size_t limit) {
    History *h = ARENA_NEW(a, History);
    int n = job->graph->n_weights, spacing = history_spacing(job->spec, n, limit);
    *h = (History){.arena = a,
                   .spec = *job->spec,
                   .job = *job,
                   .spacing = spacing,
                   .n = frame_numbers(job->spec, n),
                   .losses = ARENA_ARRAY(a, double, job->spec->steps)};
    h->job.spec = &h->spec;
    if (spacing) h->frames = ARENA_ARRAY(a, double *, frame_count(job->spec, spacing) + 1);
    return h;
}

static void keep_frame(History *h, int64_t done) {
    if (h->spacing == 0 || done % h->spacing != 0 || done >= h->spec.steps) return;
    size_t n = (size_t)h->job.graph->n_weights;
    double *frame = ARENA_ARRAY(h->arena, double, h->n + 1);
    memcpy(frame, h->params, n * sizeof *frame);
    memcpy(frame + n, h->at->state, (h->n - n) * sizeof *frame);
    h->frames[done / h->spacing] = frame;
}

static bool record(void *context, int step, double loss) {
    History *h = context;
    h->losses[step - 1] = loss;
    h->steps = step;
    keep_frame(h, step);
    return !h->progress || h->progress(h->progress_context, step, loss);
}

bool history_train(History *h, TrainProgress *progress, void *progress_context, double *params,
                   Trained *at) {
    assert(h->steps == 0);
    *at = trained_new(h->arena, h->job.graph, &h->spec);
    h->params = params;
    h->at = at;
    h->progress = progress;
    h->progress_context = progress_context;
    keep_frame(h, 0);
    bool whole = train_on(h->arena, &h->job, h->spec.steps, record, h, params, at);
    h->params = NULL;
    h->at = NULL;
    return whole;
}

int history_steps(const History *h) {
    return h->steps;
}
const double *history_losses(const History *h) {
    return h->losses;
}

double history_kept(const History *h, int *spacing) {
    double kept = 0;
    *spacing = h->spacing;
    for (int k = 0; h->spacing && k * h->spacing < h->spec.steps; k++)
        if (h->frames[k]) kept += (double)h->n * sizeof(double);
    return kept;
}

bool history_open(const History *h, Arena *a, int t, TrainProgress *progress,
                  void *progress_context, Moment *out) {
    assert(h->spacing > 0 && t >= 1 && t <= h->steps);
    size_t n = (size_t)h->job.graph->n_weights;
    int k = (t - 1) / h->spacing;
    const double *frame = h->frames[k];
    *out = (Moment){.from = trained_new(a, h->job.graph, &h->spec),
                    .params = ARENA_ARRAY(a, double, n + 1),
                    .grad = ARENA_ARRAY(a, double, n + 1)};
    out->from.steps = (int64_t)k * h->spacing;
    memcpy(out->params, frame, n * sizeof *frame);
    memcpy(out->from.state, frame + n, (h->n - n) * sizeof *frame);
    if (!train_on(a, &h->job, t - 1, progress, progress_context, out->params, &out->from))
        return false;
    out->loss = train_gradient(a, &h->job, t, out->params, out->grad);
    return true;
}
