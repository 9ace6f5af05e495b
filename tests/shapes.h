/// Training jobs of known shapes, for measurements and for hashes: one layer and a dense head on
/// random sequences. Core alone, so that it builds wherever the core does.
#ifndef TESTS_SHAPES_H
#define TESTS_SHAPES_H

#include <string.h>

#include "core/init.h"
#include "core/parse.h"
#include "core/rng.h"
#include "core/train.h"
#include "lstm_text.h"

typedef struct {
    const char *name;
    int input, hidden, output, steps, batch;
    bool classes, last; // cross-entropy, else squared error; loss at the last step only
    int rounds;         // optimizer steps
} Shape;


static inline const Source *shape_source(Arena *a, const char *path, const char *text) {
    Source *s = ARENA_NEW(a, Source);
    *s = (Source){path, text, strlen(text)};
    return s;
}

/// The network; NULL if the cell has mistakes.
static inline Graph *shape_graph(Arena *a, const Shape *s, const char *cell) {
    Diags d = diags_new(a);
    const char *text = s->classes ? "y = softmax(W_y @ h + b_y)" : "y = W_y @ h + b_y";
    const Source *lesson = shape_source(a, "shape.md", text);
    LayerSpec layer = {.cell = cell_parse(a, shape_source(a, "shape.cell", cell), &d),
                       .hidden = s->hidden,
                       .layer = 1};
    NetSpec spec = {.source = lesson,
                    .span = NO_SPAN,
                    .input = s->input,
                    .layers = &layer,
                    .n_layers = 1,
                    .head = head_parse(a, lesson, (Span){0, lesson->len}, &d),
                    .head_rows = s->output,
                    .loss = s->classes ? LOSS_CROSS_ENTROPY : LOSS_MSE,
                    .loss_span = NO_SPAN};
    return layer.cell && spec.head ? graph_build(a, &spec, &d) : NULL;
}

static inline Sequence shape_sequence(Arena *a, const Shape *s, Rng *rng) {
    double *x = ARENA_ARRAY(a, double, s->steps * s->input);
    double *y = ARENA_ARRAY(a, double, s->steps * s->output);
    bool *has_loss = ARENA_ARRAY(a, bool, s->steps);
    for (int i = 0; i < s->steps * s->input; i++) x[i] = 2 * rng_uniform(rng) - 1;
    for (int t = 0; t < s->steps; t++) {
        has_loss[t] = !s->last || t == s->steps - 1;
        for (int i = 0; i < s->output && !s->classes; i++)
            y[t * s->output + i] = 2 * rng_uniform(rng) - 1;
        if (s->classes) y[t * s->output + rng_below(rng, s->output)] = 1;
    }
    return (Sequence){.steps = s->steps,
                      .input = s->input,
                      .inputs = x,
                      .target = s->output,
                      .targets = y,
                      .has_loss = has_loss};
}

/// A batch of sequences that comes again and again.
typedef struct {
    Sequence *sequences;
    int n;
} ShapeData;

static inline ShapeData shape_data(Arena *a, const Shape *s) {
    Rng rng = rng_new(1);
    ShapeData d = {ARENA_ARRAY(a, Sequence, s->batch), s->batch};
    for (int i = 0; i < s->batch; i++) d.sequences[i] = shape_sequence(a, s, &rng);
    return d;
}

static inline const Sequence *shape_next(void *context, int64_t i) {
    const ShapeData *d = context;
    return &d->sequences[i % d->n];
}

#endif
