// The training loop: sequences in, one update a step. The same specification, source and first
// weights always give the same weights: the gradient of a batch is the sum over blocks of BLOCK
// sequences, of the sum over the block's sequences, each in order, whoever computes them and when.
#include "core/train.h"

#include <assert.h>
#include <string.h>

#include "core/feed.h"
#include "core/pool.h"
#include "core/rng.h"

enum {
    BLOCK = 16,
    SIDE_BY_SIDE = 8 // sequences run at once, at most: as many as the widest vectors hold numbers,
                     // since the timesteps of more would only crowd the cache
};

/// What one thread keeps: a trace that fits the sequences it had last.
typedef struct {
    Arena *arena; // of the trace alone
    Trace *trace;
    int steps, width;
    int asked, widest; // so many timesteps, and how many such sequences may run side by side
} Runner;

/// Sequences start .. start + count - 1 of a batch, and what they give.
typedef struct {
    int start, count;
    double loss;  // sum over the sequences
    double *grad; // likewise, flat as the parameters
} Block;

typedef struct {
    const TrainJob *job;
    const Graph *graph;
    const TrainSpec *spec;
    bool widens; // may run several sequences at once
    Arena *batch_arena;
    Sequence *batch; // copies of this step's sequences, in batch_arena
    const double *params;
    Block *blocks;
    int n_blocks;
    Pool *pool;
    Runner runners[POOL_MAX];
} Trainer;

TrainSpec train_spec(OptimKind optimizer) {
    TrainSpec spec = {.optimizer = optimizer, .batch = 1};
    memcpy(spec.with, optim_defs[optimizer].with, sizeof spec.with);
    return spec;
}

// ---- the batch

static void *copy(Arena *a, const void *from, size_t count, size_t size) {
    void *to = arena_alloc(a, count, size);
    if (count > 0) memcpy(to, from, count * size);
    return to;
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

/// The random numbers of a feed that draws, one for each timestep.
static void draw_numbers(const Trainer *t, int64_t i, Sequence *q) {
    if (t->graph->draw < 0) return;
    double *draws = ARENA_ARRAY(t->batch_arena, double, q->steps);
    feed_draws(t->spec->seed, i + 1, q->steps, draws);
    q->draws = draws;
}

/// A source's memory holds until its next sequence only, so each is copied.
static void fetch(const Trainer *t, int64_t i, Sequence *to) {
    Arena *a = t->batch_arena;
    const Sequence *from = t->job->source(t->job->context, i);
    size_t steps = (size_t)from->steps;
    *to = *from;
    to->inputs = copy(a, from->inputs, steps * (size_t)from->input, sizeof(double));
    to->targets = copy(a, from->targets, steps * (size_t)from->target, sizeof(double));
    if (from->has_loss) to->has_loss = copy(a, from->has_loss, steps, sizeof(bool));
    train_masks(a, t->graph, t->spec, i, to);
    draw_numbers(t, i, to);
}

// ---- a block

static Trace *trace_for(const Trainer *t, Runner *r, int steps, int width) {
    if (r->trace && r->steps == steps && r->width == width) return r->trace;
    arena_reset(r->arena);
    r->steps = steps;
    r->width = width;
    r->trace = trace_new_wide(r->arena, t->graph, steps, width);
    int every = t->spec->truncate, back = t->spec->reach;
    trace_truncate(r->arena, r->trace, every, back > every ? back : every);
    return r->trace;
}

/// Can these run side by side?
static bool alike(const Sequence *a, const Sequence *b) {
    if (a->prompt != b->prompt || a->fed != b->fed) return false;
    if (a->steps != b->steps || a->sum != b->sum || !a->has_loss != !b->has_loss) return false;
    return !a->has_loss || memcmp(a->has_loss, b->has_loss, (size_t)a->steps * sizeof(bool)) == 0;
}

/// How many sequences of this length may run side by side; long ones would fill the memory.
static int widest(const Trainer *t, Runner *r, int steps) {
    const size_t most = (size_t)256 << 20; // bytes
    if (!t->widens) return 1;
    if (r->asked == steps) return r->widest;
    size_t fit = most / trace_bytes(t->graph, steps);
    r->asked = steps;
    r->widest = fit < 1 ? 1 : fit > SIDE_BY_SIDE ? SIDE_BY_SIDE : (int)fit;
    return r->widest;
}

static void run_block(void *context, int job, int thread) {
    Trainer *t = context;
    Block *block = &t->blocks[job];
    const Sequence *first = &t->batch[block->start], *column[SIDE_BY_SIDE];
    memset(block->grad, 0, (size_t)t->graph->n_weights * sizeof(double));
    block->loss = 0;
    for (int done = 0, width; done < block->count; done += width) {
        const Sequence *head = &first[done];
        width = 1;
        int most = widest(t, &t->runners[thread], head->steps);
        while (width < most && done + width < block->count && alike(head, &first[done + width]))
            width++;
        for (int j = 0; j < width; j++) column[j] = &head[j];
        Trace *tr = trace_for(t, &t->runners[thread], head->steps, width);
        trace_forward_wide(tr, column, t->params);
        trace_backward(tr);
        trace_add_grads(tr, block->grad);
        for (int j = 0; j < width; j++) block->loss += trace_loss_of(tr, j);
    }
}

/// The mean gradient and the mean loss of the batch of optimizer step `step`, from 1.
static double batch_gradient(Trainer *t, int64_t step, double *grad) {
    int n = t->graph->n_weights, batch = t->spec->batch;
    int64_t first = (step - 1) * batch;
    arena_reset(t->batch_arena);
    t->batch = ARENA_ARRAY(t->batch_arena, Sequence, batch);
    for (int b = 0; b < batch; b++) fetch(t, first + b, &t->batch[b]);
    pool_run(t->pool, t->n_blocks, run_block, t);
    double loss = 0;
    memset(grad, 0, (size_t)n * sizeof(double));
    for (int k = 0; k < t->n_blocks; k++) {
        loss += t->blocks[k].loss;
        const double *one = t->blocks[k].grad;
        for (int i = 0; i < n; i++) grad[i] += one[i];
    }
    for (int i = 0; i < n; i++) grad[i] /= batch;
    return loss / batch;
}

// ---- the loop

void train_update(const TrainSpec *spec, int n, int64_t t, double *grad, double *state,
                  double *params) {
    double with[OPTION_COUNT];
    memcpy(with, spec->with, sizeof with);
    with[OPTION_RATE] *= schedule_factor(&spec->schedule, t);
    if (spec->clip_value > 0) grad_clip_value(n, spec->clip_value, grad);
    if (spec->clip > 0) grad_clip(n, spec->clip, grad);
    optim_defs[spec->optimizer].step(n, with, t, grad, state, params);
}

static Trainer *trainer_new(Arena *a, const TrainJob *job, const double *params) {
    Trainer *t = ARENA_NEW(a, Trainer);
    const TrainSpec *spec = job->spec;
    int blocks = (spec->batch + BLOCK - 1) / BLOCK;
    *t = (Trainer){.job = job,
                   .graph = job->graph,
                   .spec = spec,
                   .widens = spec->batch > 1 && spec->reach <= spec->truncate &&
                             trace_can_widen(job->graph),
                   .batch_arena = arena_new(),
                   .params = params,
                   .blocks = ARENA_ARRAY(a, Block, blocks),
                   .n_blocks = blocks,
                   .pool = pool_new(blocks > 1 ? spec->threads : 1)};
    for (int k = 0; k < blocks; k++) {
        int start = k * BLOCK, rest = spec->batch - start;
        t->blocks[k] = (Block){start, rest < BLOCK ? rest : BLOCK, 0,
                               ARENA_ARRAY(a, double, job->graph->n_weights + 1)};
    }
    for (int i = 0; i < pool_size(t->pool); i++) t->runners[i].arena = arena_new();
    return t;
}

static void trainer_free(Trainer *t) {
    for (int i = 0; i < pool_size(t->pool); i++) arena_free(t->runners[i].arena);
    pool_free(t->pool);
    arena_free(t->batch_arena);
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
    Trainer *trainer = trainer_new(a, job, params);
    bool going = true;
    while (at->steps < last && going) {
        int64_t step = at->steps + 1;
        double loss = batch_gradient(trainer, step, grad);
        train_update(spec, n, step, grad, at->state, params);
        at->steps = step;
        going = !progress || progress(progress_context, (int)step, loss);
    }
    trainer_free(trainer);
    return going;
}

double train_gradient(Arena *a, const TrainJob *job, int64_t t, const double *params,
                      double *grad) {
    Trainer *trainer = trainer_new(a, job, params);
    double loss = batch_gradient(trainer, t, grad);
    trainer_free(trainer);
    return loss;
}

bool train(Arena *a, const Graph *g, const TrainSpec *spec, SequenceSource *source, void *context,
           TrainProgress *progress, void *progress_context, double *params) {
    TrainJob job = {g, spec, source, context};
    Trained at = trained_new(a, g, spec);
    return train_on(a, &job, spec->steps, progress, progress_context, params, &at);
}
