/// Small networks for tests: from the text of cells to a graph, a sequence and a trace.
#ifndef TESTS_NET_H
#define TESTS_NET_H

#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "core/graph.h"
#include "core/init.h"
#include "core/parse.h"
#include "core/rng.h"
#include "core/trace.h"
#include "lstm_text.h"

#define SOFTMAX_HEAD "y = softmax(W_y @ h + b_y)"
#define LINEAR_HEAD "y = W_y @ h + b_y"
#define SIGMOID_HEAD "y = sigmoid(W_y @ h + b_y)"

typedef struct {
    const char *cell; // equations, or a whole cell if it begins with "cell "
    bool backward, reverse;
    int layer;  // 0: the next one
    int hidden; // 0: 4
    bool decoder;
} NetLayer;

/// What a test asks for. Zeros: input 3, hidden 4, 5 timesteps, loss at every timestep.
typedef struct {
    NetLayer layers[6];
    const char *head;
    int head_rows; // 0: 3
    LossKind loss;
    int input, steps, embedding;
    uint64_t seed;
    const bool *has_loss;
    bool sum, dropout;
    FeedKind feed;
    double temperature; // 0: 1
    int prompt, fed;    // as Sequence has them
    StartSpec starts[4];
} NetText;

typedef struct {
    Arena *arena;
    Graph *graph;
    Trace *trace;
    Sequence seq;
    double *params, *inputs, *targets;
    bool *has_loss;
} Net;

static inline void net_expect_ok(Arena *a, const Diags *d) {
    if (diags_ok(d)) return;
    Buf b = buf_new(a);
    diags_print(d, &b);
    print_error("%s", buf_str(&b));
    fail();
}

static inline const Source *net_source(Arena *a, const char *path, const char *text) {
    Source *s = ARENA_NEW(a, Source);
    *s = (Source){path, text, strlen(text)};
    return s;
}

static inline const CellAst *net_cell(Arena *a, const char *text) {
    Diags d = diags_new(a);
    if (strncmp(text, "cell ", 5) != 0) text = arena_printf(a, "cell test \"Test\"\n%s", text);
    const CellAst *cell = cell_parse(a, net_source(a, "test.cell", text), &d);
    net_expect_ok(a, &d);
    return cell;
}

static inline Graph *net_graph(Arena *a, const NetText *text) {
    Diags d = diags_new(a);
    LayerSpec *layers = ARENA_ARRAY(a, LayerSpec, 6);
    int n = 0, n_starts = 0;
    for (; n < 6 && text->layers[n].cell; n++) {
        const NetLayer *l = &text->layers[n];
        layers[n] = (LayerSpec){.cell = net_cell(a, l->cell),
                                .hidden = l->hidden ? l->hidden : 4,
                                .layer = l->layer ? l->layer : n + 1,
                                .backward = l->backward,
                                .reverse = l->reverse,
                                .decoder = l->decoder};
    }
    while (n_starts < 4 && text->starts[n_starts].full) n_starts++;
    const Source *lesson = net_source(a, "test.md", text->head ? text->head : "");
    NetSpec spec = {.source = lesson,
                    .span = NO_SPAN,
                    .input = text->input ? text->input : 3,
                    .embedding = text->embedding,
                    .layers = layers,
                    .n_layers = n,
                    .loss = text->loss,
                    .loss_span = NO_SPAN,
                    .feed = text->feed,
                    .temperature = text->temperature ? text->temperature : 1,
                    .feed_span = NO_SPAN,
                    .starts = text->starts,
                    .n_starts = n_starts,
                    .dropout = text->dropout};
    if (text->head) {
        spec.head = head_parse(a, lesson, (Span){0, lesson->len}, &d);
        spec.head_rows = text->head_rows ? text->head_rows : 3;
    }
    net_expect_ok(a, &d);
    Graph *g = graph_build(a, &spec, &d);
    net_expect_ok(a, &d);
    return g;
}

/// Random inputs in +-1, and targets that suit the loss.
static inline void net_sequence(Net *net, const NetText *text) {
    Arena *a = net->arena;
    const Graph *g = net->graph;
    Rng r = rng_new(text->seed + 100);
    int steps = text->steps ? text->steps : 5, input = dim_count(g->nodes[g->data].dim);
    int target = g->target >= 0 ? dim_count(g->nodes[g->target].dim) : 0;
    net->inputs = ARENA_ARRAY(a, double, steps *input);
    net->targets = ARENA_ARRAY(a, double, steps *target + 1);
    net->has_loss = ARENA_ARRAY(a, bool, steps);
    for (int i = 0; i < steps * input; i++) net->inputs[i] = 2 * rng_uniform(&r) - 1;
    for (int t = 0; t < steps; t++) {
        net->has_loss[t] = text->has_loss ? text->has_loss[t] : true;
        for (int i = 0; i < target; i++) {
            double u = rng_uniform(&r);
            net->targets[t * target + i] = text->loss == LOSS_BINARY_CROSS_ENTROPY ? u : 2 * u - 1;
            if (text->loss == LOSS_CROSS_ENTROPY) net->targets[t * target + i] = 0;
        }
        if (text->loss == LOSS_CROSS_ENTROPY) net->targets[t * target + rng_below(&r, target)] = 1;
    }
    double *draws = ARENA_ARRAY(a, double, steps);
    for (int t = 0; t < steps; t++) draws[t] = rng_uniform(&r);
    net->seq = (Sequence){.steps = steps,
                          .prompt = text->prompt,
                          .fed = text->fed,
                          .draws = draws,
                          .input = input,
                          .inputs = net->inputs,
                          .target = target,
                          .targets = net->targets,
                          .has_loss = net->has_loss,
                          .sum = text->sum};
}

static inline void net_run(Net *net) {
    trace_forward(net->trace, &net->seq, net->params);
    trace_backward(net->trace);
}

/// A network with random weights, run forward and backward.
static inline Net net_make(const NetText *text) {
    Net net = {.arena = arena_new()};
    net.graph = net_graph(net.arena, text);
    net_sequence(&net, text);
    net.params = ARENA_ARRAY(net.arena, double, net.graph->n_weights);
    params_init(net.graph, text->seed + 1, net.params);
    net.trace = trace_new(net.arena, net.graph, net.seq.steps);
    net_run(&net);
    return net;
}

static inline void net_free(Net *net) {
    arena_free(net->arena);
}

static inline int net_node(const Net *net, const char *full) {
    int e = graph_find_equation(net->graph, full);
    if (e < 0) fail_msg("no equation %s", full);
    return net->graph->equations[e].node;
}

static inline double *net_param(const Net *net, const char *full) {
    int p = graph_find_param(net->graph, full);
    if (p < 0) fail_msg("no parameter %s", full);
    return net->params + net->graph->params[p].offset;
}

/// A shipped cell's text, from its `cell` line on.
static inline const char *net_cell_file(Arena *a, const char *path) {
    Diags d = diags_new(a);
    const Source *s = source_read(a, path, 1 << 20, &d);
    net_expect_ok(a, &d);
    const char *cell = strstr(s->text, "cell ");
    while (cell && cell > s->text && cell[-1] != '\n') cell = strstr(cell + 1, "cell ");
    assert_non_null(cell);
    return cell;
}

/// The same by name: "lstm", "greff/np".
static inline const char *net_shipped_cell(Arena *a, const char *name) {
    return net_cell_file(a, arena_printf(a, "assets/cells/%s.cell", name));
}

/// The text of every shipped cell, NULL at the end.
static inline const char **net_shipped_cells(Arena *a) {
    glob_t found;
    assert_int_equal(glob("assets/cells/*.cell", 0, NULL, &found), 0);
    glob("assets/cells/*/*.cell", GLOB_APPEND, NULL, &found);
    const char **texts = ARENA_ARRAY(a, const char *, found.gl_pathc + 1);
    for (size_t i = 0; i < found.gl_pathc; i++)
        texts[i] = net_cell_file(a, arena_printf(a, "%s", found.gl_pathv[i]));
    globfree(&found);
    return texts;
}

/// Networks that hand something on from place to place: what one says is its next input, as it is,
/// through an embedding, as a symbol, drawn by chance; encoders and decoders, one with lags that
/// reach far back, one that is given its inputs, others that feed back. For tables of NetText.
#define NETS_THAT_HAND_ON                                                                          \
    {.layers = {{LSTM_EQUATIONS}},                                                                 \
     .head = LINEAR_HEAD,                                                                          \
     .loss = LOSS_MSE,                                                                             \
     .feed = FEED_VALUE,                                                                           \
     .fed = 3},                                                                                    \
        {.layers = {{LSTM_EQUATIONS}, {"h = tanh(W @ [h[t-1]; x; x[t-1]] + b)\n"}},                \
         .embedding = 2,                                                                           \
         .head = SOFTMAX_HEAD,                                                                     \
         .loss = LOSS_CROSS_ENTROPY,                                                               \
         .feed = FEED_VALUE,                                                                       \
         .has_loss = ((const bool[16]){[4] = 1, [5] = 1, [9] = 1}),                                \
         .fed = 2},                                                                                \
        {.layers = {{LSTM_EQUATIONS}},                                                             \
         .head = SOFTMAX_HEAD,                                                                     \
         .loss = LOSS_CROSS_ENTROPY,                                                               \
         .feed = FEED_LARGEST,                                                                     \
         .fed = 3},                                                                                \
        {.layers = {{LSTM_EQUATIONS}},                                                             \
         .head = SOFTMAX_HEAD,                                                                     \
         .loss = LOSS_CROSS_ENTROPY,                                                               \
         .feed = FEED_SAMPLE,                                                                      \
         .temperature = 0.5,                                                                       \
         .fed = 2},                                                                                \
        {.layers = {{LSTM_EQUATIONS, .layer = 1},                                                  \
                    {LSTM_EQUATIONS, .layer = 2},                                                  \
                    {LSTM_EQUATIONS, .layer = 1, .decoder = true},                                 \
                    {"h = tanh(W @ h[t-1] + U @ h[t-3] + V @ [x; x[t-1]] + b * t)\n", .layer = 2,  \
                     .decoder = true}},                                                            \
         .head = LINEAR_HEAD,                                                                      \
         .loss = LOSS_MSE,                                                                         \
         .prompt = 2},                                                                             \
        {.layers = {{"h = tanh(W @ [h[t-1]; x] + h[t-2] + b)\nstart h = a\n", .layer = 1},         \
                    {"h = tanh(W @ [h[t-1]; x[t-1]] + h[t-4] + c[t-1])\nc = b * h\nstart c = v\n", \
                     .layer = 1, .decoder = true}},                                                \
         .head = LINEAR_HEAD,                                                                      \
         .loss = LOSS_MSE,                                                                         \
         .feed = FEED_VALUE,                                                                       \
         .prompt = 2,                                                                              \
         .fed = 4},                                                                                \
    {                                                                                              \
        .layers = {{LSTM_EQUATIONS, .layer = 1}, {LSTM_EQUATIONS, .layer = 1, .decoder = true}},   \
        .embedding = 2, .head = SOFTMAX_HEAD, .loss = LOSS_CROSS_ENTROPY, .feed = FEED_LARGEST,    \
        .prompt = 3, .fed = 5                                                                      \
    }

#endif
