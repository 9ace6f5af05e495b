// Any bytes as a cell: parsed, built alone, in two bidirectional layers, under a head with a loss,
// and as encoder and decoder with feedback; what is built keeps every promise of graph.h, what is
// not has a mistake.
#include <assert.h>
#include <stdint.h>

#include "core/graph.h"
#include "core/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void build(const NetSpec *spec) {
    Arena *a = arena_new();
    Diags d = diags_new(a);
    Graph *g = graph_build(a, spec, &d);
    Buf out = buf_new(a);
    assert((g != NULL) == diags_ok(&d));
    if (g) {
        const char *why;
        assert(graph_check(g, &why));
        graph_dump(g, &out);
    } else {
        diags_print(&d, &out);
    }
    assert(out.len > 0);
    arena_free(a);
}

static void build_all(Arena *a, const CellAst *cell, Diags *d) {
    static const char head_text[] = "y = softmax(W_y @ h + b_y)";
    Source head = {"head", head_text, sizeof head_text - 1};
    LayerSpec layers[4];
    for (int i = 0; i < 4; i++)
        layers[i] = (LayerSpec){.cell = cell,
                                .hidden = 2 + i / 2,
                                .layer = 1 + i / 2,
                                .backward = i % 2,
                                .reverse = i % 2};
    NetSpec spec = {.source = cell->source,
                    .span = NO_SPAN,
                    .loss_span = NO_SPAN,
                    .input = 2,
                    .layers = layers,
                    .n_layers = 1};
    build(&spec);
    spec.n_layers = 4;
    spec.embedding = 2;
    spec.loss = LOSS_MSE;
    build(&spec);
    spec.n_layers = 1;
    spec.head = head_parse(a, &head, (Span){0, head.len}, d);
    spec.head_rows = 3;
    spec.loss = LOSS_CROSS_ENTROPY;
    build(&spec);
    LayerSpec two[2] = {layers[0], layers[0]};
    two[1].decoder = true;
    spec.layers = two;
    spec.n_layers = 2;
    spec.head_rows = 2;
    spec.feed = FEED_SAMPLE;
    spec.temperature = 0.5;
    build(&spec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new();
    Source source = {"fuzz.cell", arena_alloc(a, size + 1, 1), size};
    for (size_t i = 0; i < size; i++) ((char *)source.text)[i] = (char)data[i];
    Diags d = diags_new(a);
    const CellAst *cell = cell_parse(a, &source, &d);
    if (cell) build_all(a, cell, &d);
    arena_free(a);
    return 0;
}
