// Blocks of BLOCK sequences, several of them side by side where they are alike. The gradient of a
// batch is the sum over its blocks, of the sum over the block's sequences, each in order, whoever
// computes them and when.
#include "core/batch.h"

#include <string.h>

#include "core/feed.h"
#include "core/pool.h"
#include "core/vector.h"

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
    int64_t round;     // in which the trace read the parameters; 0: it has none
    int asked, widest; // so many timesteps, and how many such sequences may run side by side
} Runner;

/// Sequences start .. start + count - 1 of a batch, and what they give.
typedef struct {
    int start, count;
    Score score;
    double *grad; // sum over the sequences, flat as the parameters
} Block;

struct Batches {
    const TrainJob *job;
    const Graph *graph;
    const TrainSpec *spec;
    bool widens; // may run several sequences at once
    bool scores; // runs forward only, and counts what is right
    Arena *batch_arena;
    Sequence *batch; // copies of these sequences, in batch_arena
    const double *params;
    int64_t round; // batches so far, with this one
    Block *blocks;
    Pool *pool;
    Runner runners[POOL_MAX];
};

// ---- the batch

static void *copy(Arena *a, const void *from, size_t count, size_t size) {
    void *to = arena_alloc(a, count, size);
    if (count > 0) memcpy(to, from, count * size);
    return to;
}

/// The random numbers of a feed that draws, one for each timestep.
static void draw_numbers(const Batches *t, int64_t i, Sequence *q) {
    if (t->graph->draw < 0) return;
    double *draws = ARENA_ARRAY(t->batch_arena, double, q->steps);
    feed_draws(t->spec->seed, i + 1, q->steps, draws);
    q->draws = draws;
}

/// A source's memory holds until its next sequence only, so each is copied.
static void fetch(const Batches *t, int64_t i, Sequence *to) {
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

static Trace *trace_for(const Batches *t, Runner *r, int steps, int width) {
    if (r->trace && r->steps == steps && r->width == width) return r->trace;
    arena_reset(r->arena);
    r->steps = steps;
    r->width = width;
    r->round = 0;
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
static int widest(const Batches *t, Runner *r, int steps) {
    const size_t most = (size_t)256 << 20; // bytes
    if (!t->widens) return 1;
    if (r->asked == steps) return r->widest;
    size_t fit = most / trace_bytes(t->graph, steps);
    r->asked = steps;
    r->widest = fit < 1 ? 1 : fit > SIDE_BY_SIDE ? SIDE_BY_SIDE : (int)fit;
    return r->widest;
}

static void count_right(const Trace *tr, int width, Score *score) {
    score->sequences += width;
    for (int j = 0; j < width; j++) score->right += trace_right_of(tr, j, &score->answers);
}

static void run_block(void *context, int job, int thread) {
    Batches *t = context;
    Block *block = &t->blocks[job];
    Runner *runner = &t->runners[thread];
    const Sequence *first = &t->batch[block->start], *column[SIDE_BY_SIDE];
    memset(block->grad, 0, (size_t)t->graph->n_weights * sizeof(double));
    block->score = (Score){0};
    for (int done = 0, width; done < block->count; done += width) {
        const Sequence *head = &first[done];
        width = 1;
        int most = widest(t, runner, head->steps);
        while (width < most && done + width < block->count && alike(head, &first[done + width]))
            width++;
        for (int j = 0; j < width; j++) column[j] = &head[j];
        Trace *tr = trace_for(t, runner, head->steps, width);
        trace_forward_wide(tr, column, runner->round == t->round ? NULL : t->params);
        runner->round = t->round;
        for (int j = 0; j < width; j++) block->score.loss += trace_loss_of(tr, j);
        if (t->scores) {
            count_right(tr, width, &block->score);
            continue;
        }
        trace_backward(tr);
        trace_add_grads(tr, block->grad);
    }
}

/// Runs sequences first .. first + count - 1; returns the number of their blocks.
static int run(Batches *b, int64_t first, int count) {
    int blocks = (count + BLOCK - 1) / BLOCK;
    arena_reset(b->batch_arena);
    b->batch = ARENA_ARRAY(b->batch_arena, Sequence, count);
    for (int i = 0; i < count; i++) fetch(b, first + i, &b->batch[i]);
    for (int k = 0; k < blocks; k++) {
        int start = k * BLOCK, rest = count - start;
        b->blocks[k].start = start;
        b->blocks[k].count = rest < BLOCK ? rest : BLOCK;
    }
    b->round++;
    pool_run(b->pool, blocks, run_block, b);
    return blocks;
}

/// Sums the gradients of so many blocks up, some numbers at a time while they are at hand.
VECTOR_CLONES static void sum_blocks(const Block *blocks, int n_blocks, int n, double *grad) {
    enum { AT_ONCE = 512 };
    for (int first = 0; first < n; first += AT_ONCE) {
        int some = n - first < AT_ONCE ? n - first : AT_ONCE;
        double *restrict sum = grad + first;
        for (int i = 0; i < some; i++) sum[i] = 0;
        for (int k = 0; k < n_blocks; k++) {
            const double *restrict one = blocks[k].grad + first;
            for (int i = 0; i < some; i++) sum[i] += one[i];
        }
    }
}

double batches_gradient(Batches *b, int64_t first, int count, double *grad) {
    b->scores = false;
    int blocks = run(b, first, count);
    double loss = 0;
    for (int k = 0; k < blocks; k++) loss += b->blocks[k].score.loss;
    sum_blocks(b->blocks, blocks, b->graph->n_weights, grad);
    return loss;
}

void batches_score(Batches *b, int64_t first, int count, Score *score) {
    b->scores = true;
    int blocks = run(b, first, count);
    for (int k = 0; k < blocks; k++) {
        const Score *one = &b->blocks[k].score;
        score->loss += one->loss;
        score->sequences += one->sequences;
        score->answers += one->answers;
        score->right += one->right;
    }
}

Batches *batches_new(Arena *a, const TrainJob *job, int most, const double *params) {
    Batches *b = ARENA_NEW(a, Batches);
    const TrainSpec *spec = job->spec;
    int blocks = (most + BLOCK - 1) / BLOCK;
    *b = (Batches){.job = job,
                   .graph = job->graph,
                   .spec = spec,
                   .widens =
                       most > 1 && spec->reach <= spec->truncate && trace_can_widen(job->graph),
                   .batch_arena = arena_new(),
                   .params = params,
                   .blocks = ARENA_ARRAY(a, Block, blocks),
                   .pool = pool_new(blocks > 1 ? spec->threads : 1)};
    for (int k = 0; k < blocks; k++)
        b->blocks[k].grad = ARENA_ARRAY(a, double, job->graph->n_weights + 1);
    for (int i = 0; i < pool_size(b->pool); i++) b->runners[i].arena = arena_new();
    return b;
}

void batches_free(Batches *b) {
    for (int i = 0; i < pool_size(b->pool); i++) arena_free(b->runners[i].arena);
    pool_free(b->pool);
    arena_free(b->batch_arena);
}
