// The loss is a sum over timesteps, and so is every gradient: a run in which only one of them
// counts gives its item. The values are those of the run itself; each item costs one more run,
// once.
#include "core/blame.h"

#include <string.h>

#define MOST_BYTES ((size_t)16 << 20) // of the traces of all runs together

struct Blame {
    Arena *arena;
    const Trace *trace;
    Trace *spare;
    int count;
    int *place;      // [count]
    int width;       // numbers of all equations at one place
    int *offset;     // [n_equations]
    double **grads;  // [count] (T, width); NULL: not asked for yet
    Sequence single; // the sequence with one loss
    bool *has_loss;
    double *targets;
};

static bool is_probe(const Trace *trace) {
    return trace_graph(trace)->loss_kind == LOSS_PROBE;
}

/// Does a timestep have a loss, or (a probe takes all) a weight in it?
static bool counts(const Trace *trace, int place) {
    const Sequence *q = trace_sequence(trace);
    if (!is_probe(trace)) return q->has_loss[place - 1];
    const double *row = q->targets + (size_t)(place - 1) * (size_t)q->target;
    for (int k = 0; k < q->target; k++)
        if (row[k] != 0) return true;
    return false;
}

static void lay_equations(Blame *b) {
    const Graph *g = trace_graph(b->trace);
    b->offset = ARENA_ARRAY(b->arena, int, g->n_equations + 1);
    for (int e = 0; e < g->n_equations; e++) {
        b->offset[e] = b->width;
        b->width += dim_count(g->nodes[g->equations[e].node].dim);
    }
}

Blame *blame_new(Arena *a, const Trace *trace) {
    const Graph *g = trace_graph(trace);
    int steps = trace_steps(trace), count = 0;
    if (g->loss < 0 || steps < 2) return NULL;
    for (int t = 1; t <= steps; t++) count += counts(trace, t);
    if (count < 2 || trace_bytes(g, steps) > MOST_BYTES / (size_t)count) return NULL;
    Blame *b = ARENA_NEW(a, Blame);
    *b = (Blame){.arena = a, .trace = trace, .single = *trace_sequence(trace)};
    b->place = ARENA_ARRAY(a, int, count);
    for (int t = 1; t <= steps; t++)
        if (counts(trace, t)) b->place[b->count++] = t;
    b->grads = ARENA_ARRAY(a, double *, count);
    lay_equations(b);
    return b;
}

int blame_count(const Blame *b) {
    return b->count;
}

int blame_place(const Blame *b, int k) {
    return b->place[k - 1];
}

/// Leaves the loss of one timestep in the sequence.
static void single_out(Blame *b, int place) {
    const Sequence *q = trace_sequence(b->trace);
    int steps = q->steps, target = q->target;
    if (!b->spare) {
        b->spare = trace_new(b->arena, trace_graph(b->trace), steps);
        b->has_loss = ARENA_ARRAY(b->arena, bool, steps);
        b->targets = ARENA_ARRAY(b->arena, double, steps *target);
        b->single.has_loss = b->has_loss;
        b->single.targets = b->targets;
    }
    for (int t = 1; t <= steps; t++) {
        size_t at = (size_t)(t - 1) * (size_t)target, n = (size_t)target * sizeof *b->targets;
        bool kept = t == place || !is_probe(b->trace);
        b->has_loss[t - 1] = t == place;
        if (kept)
            memcpy(b->targets + at, q->targets + at, n);
        else
            memset(b->targets + at, 0, n);
    }
}

static double *run_of(Blame *b, int k) {
    const Graph *g = trace_graph(b->trace);
    int steps = trace_steps(b->trace);
    single_out(b, b->place[k - 1]);
    trace_forward(b->spare, &b->single, trace_params(b->trace));
    trace_backward(b->spare);
    double scale = trace_loss_scale(b->trace) / trace_loss_scale(b->spare);
    double *grads = ARENA_ARRAY(b->arena, double, steps * b->width);
    for (int e = 0; e < g->n_equations; e++) {
        int node = g->equations[e].node, n = dim_count(g->nodes[node].dim);
        for (int t = 1; t <= steps; t++) {
            if (!trace_holds(b->spare, node, t)) continue; // no loss there: zeros
            const double *from = trace_grad(b->spare, node, t);
            double *to = grads + (size_t)(t - 1) * (size_t)b->width + b->offset[e];
            for (int u = 0; u < n; u++) to[u] = scale * from[u];
        }
    }
    return grads;
}

const double *blame_grad(Blame *b, int equation, int place, int k) {
    double **grads = &b->grads[k - 1];
    if (!*grads) *grads = run_of(b, k);
    return *grads + (size_t)(place - 1) * (size_t)b->width + b->offset[equation];
}
