/// A small run without a lesson file, for tests of what is drawn: symbols A B . in, the first one
/// to be named at the end.
#ifndef TESTS_MADE_LESSON_H
#define TESTS_MADE_LESSON_H

#include <string.h>

#include "check.h"
#include "core/init.h"
#include "core/parse.h"
#include "lesson/lesson.h"

typedef struct {
    const char *cell; // file
    int hidden, steps;
    int layers;         // of that cell, one on another
    bool bidirectional; // the first layer reads both ways
    bool numbers;       // three numbers a timestep go in, not symbols
} MadeSpec;

static inline const CellAst *made_cell(Arena *a, const char *path, Diags *d) {
    const Source *source = source_read(a, path, CELL_MAX_BYTES, d);
    return source ? cell_parse(a, source, d) : NULL;
}

static inline Graph *made_graph(Arena *a, MadeSpec m, Diags *d) {
    static const char head[] = "y = softmax(W_y @ h + b_y)";
    Source *source = ARENA_NEW(a, Source);
    *source = (Source){"made", head, sizeof head - 1};
    LayerSpec *layers = ARENA_ARRAY(a, LayerSpec, 2 * m.layers + 1);
    const CellAst *cell = made_cell(a, m.cell, d);
    int n = 0;
    for (int k = 1; k <= m.layers; k++) {
        layers[n++] = (LayerSpec){.cell = cell, .hidden = m.hidden, .layer = k};
        if (m.bidirectional && k == 1)
            layers[n++] = (LayerSpec){
                .cell = cell, .hidden = m.hidden, .layer = 1, .backward = true, .reverse = true};
    }
    NetSpec spec = {.source = source,
                    .input = 3,
                    .layers = layers,
                    .n_layers = n,
                    .head = head_parse(a, source, (Span){0, source->len}, d),
                    .head_rows = 2,
                    .loss = LOSS_CROSS_ENTROPY};
    return graph_build(a, &spec, d);
}

static inline Sequence made_sequence(Arena *a, MadeSpec m, int *symbols, int *classes) {
    Sequence seq = {.steps = m.steps, .input = 3, .target = 2};
    double *x = ARENA_ARRAY(a, double, 3 * m.steps), *y = ARENA_ARRAY(a, double, 2 * m.steps);
    bool *has_loss = ARENA_ARRAY(a, bool, m.steps);
    for (int t = 0; t < m.steps; t++) {
        symbols[t] = t == 0 ? 0 : 2;
        classes[t] = t == m.steps - 1 ? 0 : -1;
        for (int k = 0; m.numbers && k < 3; k++) x[3 * t + k] = ((t * 5 + k * 3) % 7 - 3) / 3.0;
        if (!m.numbers) x[3 * t + symbols[t]] = 1;
        y[2 * t] = 1;
    }
    has_loss[m.steps - 1] = true;
    seq.inputs = x;
    seq.targets = y;
    seq.has_loss = has_loss;
    return seq;
}

/// Builds and runs it: forward, backward, walk. Fails the test if it cannot.
///   owner   arena a
static inline Lesson *made_lesson(Arena *a, MadeSpec m) {
    static const char *const symbols[] = {"A", "B", "·", NULL};
    Diags d = diags_new(a);
    Lesson *l = ARENA_NEW(a, Lesson);
    l->graph = made_graph(a, m, &d);
    if (!l->graph) {
        Buf why = buf_new(a);
        diags_print(&d, &why);
        print_error("%s\n", buf_str(&why));
    }
    assert_non_null(l->graph);
    int *in = ARENA_ARRAY(a, int, m.steps), *classes = ARENA_ARRAY(a, int, m.steps);
    l->sequence = made_sequence(a, m, in, classes);
    l->symbols = symbols;
    l->input_symbols = m.numbers ? NULL : in;
    l->target_classes = classes;
    l->digits = 4;
    l->grain = GRAIN_OPERATION;
    double *params = ARENA_ARRAY(a, double, l->graph->n_weights);
    params_init(l->graph, 3, params);
    l->params = params;
    l->trace = trace_new(a, l->graph, m.steps);
    trace_forward(l->trace, &l->sequence, params);
    trace_backward(l->trace);
    l->walk = walk_new(a, l->trace);
    l->cell = l->graph->parts[0].cell;
    return l;
}

#endif
