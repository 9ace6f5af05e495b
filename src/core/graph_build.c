// A network is one graph: feed, embedding, layers (the forward half of a layer before its reverse
// half, a decoder's after the encoder's), head, loss. Each part becomes a draft, which finds the
// mistakes; drafts without any become nodes. A part that follows a wrong one is drafted all the
// same, since the shape of an output does not depend on its expression: so all mistakes are found
// in one run.
#include <string.h>

#include "core/feed.h"
#include "core/graph_fuse.h"
#include "core/graph_make.h"
#include "core/loss.h"
#include "core/parse.h"
#include "core/shape.h"

typedef struct {
    Builder b;
    Graph *g;
    int errors; // mistakes before the building
    int node;   // what the next part reads; 0 after a mistake
    Dim dim;    // its shape
    Dim x_dim;  // of what the first layer reads
    int half;   // node of the forward half of a bidirectional layer, for the stack
    Dim half_dim;
} Network;

static int errors_now(const Diags *d) {
    return d->count + d->left_out;
}

static bool clean(const Network *w) {
    return errors_now(w->b.diags) == w->errors;
}

static bool spec_error(const Network *w, Span span, const char *what) {
    return diag_error(w->b.diags, w->b.spec->source, span, "%s", what);
}

// ---- drafts

// Would the cell be right if its input were as large as its state? Then its author meant that.
static const char *input_hint(Network *w, DraftSpec part) {
    if (part.kind != PART_LAYER || part.input == part.hidden || part.input_dims[0].cols != 1)
        return NULL;
    Diags quiet = diags_new(w->b.scratch);
    int input = part.input;
    part.input = part.input_dims[0].rows = part.hidden;
    Draft *d = draft_new(w->b.scratch, w->b.spec, &part, &quiet);
    shape_infer(d);
    if (!shape_check(d) || errors_now(&quiet)) return NULL;
    return arena_printf(w->b.scratch,
                        "; the cell needs input and hidden to be the same, here they are %d and %d",
                        input, part.hidden);
}

static bool shapes_fit(Network *w, Draft *d, const DraftSpec *part) {
    shape_infer(d);
    Diags quiet = diags_new(w->b.scratch), *loud = d->diags;
    d->diags = &quiet;
    bool ok = shape_check(d);
    d->diags = loud;
    if (ok) return true;
    d->hint = input_hint(w, *part);
    return shape_check(d);
}

// Drafts a part and, if the network has no mistake so far, makes it. Afterwards w->node and
// w->dim are its output.
static void add_part(Network *w, DraftSpec spec, Part part, const int *inputs) {
    arena_reset(w->b.scratch);
    w->b.pending = NULL;
    w->b.cap_pending = 0;
    Draft *d = draft_new(w->b.scratch, w->b.spec, &spec, w->b.diags);
    int n_order;
    int *order = graph_order(d, &n_order);
    shapes_fit(w, d, &spec);
    int output = draft_find(d, spec.cell->output);
    w->dim = output >= 0 && d->names[output].kind == NAME_EQUATION ? d->names[output].dim
                                                                   : (Dim){spec.hidden, 1};
    w->node = 0;
    if (clean(w) && w->b.n_nodes + (int64_t)d->n_terms > GRAPH_MAX_NODES)
        spec_error(w, w->b.spec->span, "the network has too many operations");
    if (!clean(w)) return;
    int index = make_part(&w->b, d, order, n_order, part, inputs);
    w->node = w->b.parts[index].output;
}

static int add_input(Network *w, Dim dim) {
    return make_node(&w->b,
                     (Node){.op = OP_INPUT, .dim = dim, .part = w->b.n_parts, .equation = -1});
}

// ---- parts

/// The feed stands first, since what it gives is read by all others; the node it reads is not there
/// yet and is filled in by join_feed.
static void add_feed(Network *w) {
    const NetSpec *spec = w->b.spec;
    bool draws = feed_defs[spec->feed].draws;
    const char *name = spec->embedding ? "s" : "x";
    const char *text = feed_text(w->b.arena, spec->feed, name, spec->temperature);
    if (draws) w->g->draw = add_input(w, (Dim){1, 1});
    int inputs[] = {-1, w->g->draw};
    DraftSpec part = {.kind = PART_FEED,
                      .cell = builtin_parse(w->b.arena, text),
                      .hidden = spec->input,
                      .input = spec->input,
                      .input_names = {"y", "u"},
                      .input_dims = {w->dim, {1, 1}},
                      .n_inputs = draws ? 2 : 1};
    w->g->feed_part = w->b.n_parts;
    add_part(w, part, (Part){.name = "feed", .prefix = "feed."}, inputs);
}

/// The network's output goes to where the feed reads it.
static void join_feed(Network *w) {
    Graph *g = w->g;
    const NetSpec *spec = w->b.spec;
    Dim input = {spec->input, 1};
    if (!dim_equal(w->dim, input)) {
        diag_error(w->b.diags, spec->source, spec->feed_span,
                   "what the network says is fed back as its next input, but it says %s and reads "
                   "%s",
                   shape_words(w->b.scratch, w->dim), shape_words(w->b.scratch, input));
        return;
    }
    if (!clean(w)) return;
    Part *part = &w->b.parts[g->feed_part];
    part->input = g->output;
    for (int i = part->first; i <= part->last; i++) {
        Node *n = &w->b.nodes[i];
        Arg *args = ARENA_ARRAY(w->b.arena, Arg, n->n_args);
        for (int k = 0; k < n->n_args; k++)
            args[k] = n->args[k].node < 0 ? (Arg){g->output, n->args[k].lag} : n->args[k];
        n->args = args;
    }
}

static void add_embedding(Network *w) {
    const NetSpec *spec = w->b.spec;
    const CellAst *cell = builtin_parse(w->b.arena, embedding_text);
    DraftSpec part = {.kind = PART_EMBEDDING,
                      .cell = cell,
                      .hidden = spec->embedding,
                      .input = spec->input,
                      .input_names = {"s"},
                      .input_dims = {w->dim},
                      .n_inputs = 1};
    int column = w->node;
    add_part(w, part, (Part){.name = "embedding", .prefix = "embedding."}, &column);
}

static Part layer_part(Network *w, const LayerSpec *layer) {
    Arena *a = w->b.arena;
    const char *network = layer->decoder ? DECODER_PREFIX : "";
    const char *prefix =
        layer->layer > 1 ? arena_printf(a, "%slayer%d.", network, layer->layer) : network;
    bool encodes = w->b.spec->layers[w->b.spec->n_layers - 1].decoder;
    return (Part){.name = arena_printf(a, "%slayer%d%s", network, layer->layer,
                                       layer->reverse ? ".reverse" : ""),
                  .prefix = layer->reverse ? arena_printf(a, "%sreverse.", prefix) : prefix,
                  .backward = layer->backward,
                  .layer = layer->layer,
                  .stretch = layer->decoder ? STRETCH_ANSWER
                             : encodes      ? STRETCH_PROMPT
                                            : STRETCH_ALL};
}

static void add_layer(Network *w, const LayerSpec *layer, int x, Dim x_dim) {
    DraftSpec part = {.kind = PART_LAYER,
                      .cell = layer->cell,
                      .layer = layer,
                      .hidden = layer->hidden,
                      .input = x_dim.rows,
                      .input_names = {"x"},
                      .input_dims = {x_dim},
                      .n_inputs = 1};
    add_part(w, part, layer_part(w, layer), &x);
}

// [forward; reverse], the last node of the reverse half: what follows reads it at every timestep.
static void add_stack(Network *w) {
    Dim top = w->half_dim, under = w->dim;
    if (top.cols != under.cols || (int64_t)top.rows + under.rows > SHAPE_MAX_SIDE) {
        spec_error(w, w->b.spec->span, "the outputs of the two directions cannot be stacked");
        return;
    }
    w->dim = (Dim){top.rows + under.rows, top.cols};
    if (!clean(w)) return;
    Arg *args = ARENA_ARRAY(w->b.arena, Arg, 2);
    args[0].node = w->half;
    args[1].node = w->node;
    Part *part = &w->b.parts[w->b.n_parts - 1];
    w->node = part->last = make_node(&w->b, (Node){.op = OP_STACK,
                                                   .dim = w->dim,
                                                   .part = w->b.n_parts - 1,
                                                   .equation = -1,
                                                   .n_args = 2,
                                                   .args = args});
}

static int output_equation(const Builder *b, const Part *part) {
    int e = b->n_equations - 1;
    while (b->equations[e].node != part->output) e--;
    return e;
}

/// Is what this layer says dropped out? Of a bidirectional layer both halves are, each by its own
/// mask, before they are stacked. The last layer is only if a head reads it, and an encoder's last
/// is read by nobody.
static bool drops_out(const NetSpec *spec, int layer) {
    if (!spec->dropout) return false;
    int next = layer + 1;
    if (next < spec->n_layers && spec->layers[next].reverse) next++;
    if (next == spec->n_layers) return spec->head != NULL;
    return spec->layers[next].decoder == spec->layers[layer].decoder;
}

// What follows reads the output times a mask. Both stand in the part whose output they change.
static void add_dropout(Network *w) {
    if (!clean(w)) return;
    Part *part = &w->b.parts[w->b.n_parts - 1];
    w->node = part->last = make_dropout(&w->b, output_equation(&w->b, part), part);
}

// A decoder reads the same x as the encoder, at other places.
static void begin_decoder(Network *w) {
    w->g->decoder_part = w->b.n_parts;
    w->node = w->g->x;
    w->dim = w->x_dim;
}

enum { LAYERS_AFTER_MISTAKE = 100 }; // further ones are not looked at

static void add_layers(Network *w) {
    const NetSpec *spec = w->b.spec;
    int x = w->node;
    Dim x_dim = w->dim;
    for (int i = 0; i < spec->n_layers; i++) {
        const LayerSpec *layer = &spec->layers[i];
        if (!clean(w) && i >= LAYERS_AFTER_MISTAKE) return;
        if (layer->decoder && (i == 0 || !layer[-1].decoder)) begin_decoder(w);
        if (!layer->reverse) {
            x = w->node;
            x_dim = w->dim;
        }
        w->half = w->node;
        w->half_dim = w->dim;
        add_layer(w, layer, x, x_dim);
        if (drops_out(spec, i)) add_dropout(w);
        if (layer->reverse) add_stack(w);
    }
    if (w->g->decoder_part >= 0 && clean(w) && w->b.n_handed == 0)
        spec_error(
            w, spec->decoder_span,
            "nothing of the encoder reaches the decoder: it begins with what the encoder's "
            "layer of the same number remembers under the same name, and no name is in both");
}

static void add_head(Network *w) {
    const NetSpec *spec = w->b.spec;
    DraftSpec part = {.kind = PART_HEAD,
                      .cell = spec->head,
                      .hidden = w->dim.rows,
                      .input = w->dim.rows,
                      .output_rows = spec->head_rows,
                      .input_names = {"h"},
                      .input_dims = {w->dim},
                      .n_inputs = 1};
    int h = w->node;
    w->g->head_part = w->b.n_parts;
    Stretch stretch = w->g->decoder_part < 0 ? STRETCH_ALL : STRETCH_ANSWER;
    add_part(w, part, (Part){.name = "head", .prefix = "head.", .stretch = stretch}, &h);
}

static void add_loss(Network *w) {
    const LossDef *def = &loss_defs[w->b.spec->loss];
    const CellAst *cell = builtin_parse(w->b.arena, def->text);
    w->g->target = add_input(w, w->dim);
    int inputs[] = {w->node, w->g->target};
    DraftSpec part = {.kind = PART_LOSS,
                      .cell = cell,
                      .hidden = w->dim.rows,
                      .input = w->dim.rows,
                      .input_names = {"y", "target"},
                      .input_dims = {w->dim, w->dim},
                      .n_inputs = 2};
    w->g->loss_part = w->b.n_parts;
    Stretch stretch = w->g->decoder_part < 0 ? STRETCH_ALL : STRETCH_ANSWER;
    add_part(w, part, (Part){.name = "loss", .prefix = "loss.", .stretch = stretch}, inputs);
    w->g->loss = w->node;
}

// ---- the whole

static bool size_ok(Network *w, const char *what, int value, int least) {
    if (value >= least && value <= SHAPE_MAX_SIDE) return true;
    return diag_error(w->b.diags, w->b.spec->source, w->b.spec->span,
                      "%s is from %d to %d, and this is %d", what, least, SHAPE_MAX_SIDE, value);
}

/// One place is done after the other in a network that hands on from place to place.
static bool check_order(Network *w) {
    const NetSpec *spec = w->b.spec;
    bool decodes = spec->layers[spec->n_layers - 1].decoder;
    for (int i = 0; i < spec->n_layers && (decodes || spec->feed); i++)
        if (spec->layers[i].backward)
            return spec_error(w, spec->span,
                              decodes ? "with a decoder all layers read forward: a layer that "
                                        "reads backward ends at the first timestep, and has no "
                                        "last state to hand on"
                                      : "what the network says can be fed back only if all layers "
                                        "read forward: one that reads backward begins at the end, "
                                        "which is not there yet");
    if (decodes && spec->layers[0].decoder)
        return spec_error(w, spec->span, "a decoder needs an encoder before it");
    return true;
}

static bool check_spec(Network *w) {
    const NetSpec *spec = w->b.spec;
    bool ok = size_ok(w, "the input size", spec->input, 1);
    ok = size_ok(w, "embedding", spec->embedding, 0) && ok;
    ok = size_ok(w, "the number of classes", spec->head_rows, 0) && ok;
    for (int i = 0; i < spec->n_layers; i++)
        ok = size_ok(w, "hidden", spec->layers[i].hidden, 1) && ok;
    if (spec->n_layers < 1) return spec_error(w, spec->span, "a network needs a layer");
    return check_order(w) && ok;
}

static void check_starts(Network *w) {
    const NetSpec *spec = w->b.spec;
    const char **words = ARENA_ARRAY(w->b.scratch, const char *, w->b.n_equations + 1);
    int n = 0;
    for (int i = 0; i < w->b.n_equations; i++)
        if (w->b.parts[w->b.equations[i].part].kind == PART_LAYER)
            words[n++] = w->b.equations[i].full;
    for (int i = 0; i < spec->n_starts; i++) {
        int needs = w->b.start_needs[i], given = spec->starts[i].n;
        const char *full = spec->starts[i].full, *near = nearest_word(full, words);
        if (needs && needs != given)
            diag_error(w->b.diags, spec->source, spec->starts[i].span,
                       "%s has %d value%s, but %d %s given", full, needs, needs == 1 ? "" : "s",
                       given, given == 1 ? "is" : "are");
        if (needs) continue;
        diag_error(w->b.diags, spec->source, spec->starts[i].span,
                   "no layer has an equation %s that could start%s%s%s", full, near ? "; is " : "",
                   near ? near : "", near ? " meant?" : "");
    }
}

// Told before anything of that size is asked for.
static void check_weights(Network *w) {
    const double gib = sizeof(double) / 1073741824.0;
    if (w->b.n_weights > SHAPE_MAX_WEIGHTS)
        diag_error(w->b.diags, w->b.spec->source, w->b.spec->span,
                   "the parameters of this network take %.1f GiB; the limit is %.1f GiB",
                   (double)w->b.n_weights * gib, SHAPE_MAX_WEIGHTS * gib);
}

static void take_over(Network *w) {
    Graph *g = w->g;
    const Builder *b = &w->b;
    g->nodes = b->nodes;
    g->n_nodes = b->n_nodes;
    g->equations = b->equations;
    g->n_equations = b->n_equations;
    g->parts = b->parts;
    g->n_parts = b->n_parts;
    g->params = b->params;
    g->n_params = b->n_params;
    g->n_weights = (int)b->n_weights;
    g->masks = b->masks;
    g->n_masks = b->n_masks;
}

static void add_parts(Network *w) {
    const NetSpec *spec = w->b.spec;
    w->dim = (Dim){spec->input, 1};
    if (spec->feed)
        add_feed(w);
    else
        w->node = add_input(w, w->dim);
    w->g->data = w->node;
    if (spec->embedding) add_embedding(w);
    w->g->x = w->node;
    w->x_dim = w->dim;
    add_layers(w);
    if (spec->head) add_head(w);
    w->g->output = w->node;
    if (spec->feed) join_feed(w);
    if (spec->loss != LOSS_NONE) add_loss(w);
}

static bool build(Network *w) {
    if (!check_spec(w)) return false;
    add_parts(w);
    if (clean(w)) check_starts(w);
    check_weights(w);
    if (!clean(w)) return false;
    take_over(w);
    if (!graph_fuse(w->b.arena, w->g, w->b.spec, w->b.diags)) return false;
    graph_link_uses(w->b.arena, w->g);
    return true;
}

Graph *graph_build(Arena *a, const NetSpec *spec, Diags *diags) {
    Arena *scratch = arena_new();
    Network w = {.b = {.arena = a,
                       .scratch = scratch,
                       .spec = spec,
                       .diags = diags,
                       .start_needs = ARENA_ARRAY(a, int, spec->n_starts + 1)},
                 .g = ARENA_NEW(a, Graph),
                 .errors = errors_now(diags)};
    *w.g = (Graph){.target = -1,
                   .feed_part = -1,
                   .draw = -1,
                   .decoder_part = -1,
                   .head_part = -1,
                   .loss_part = -1,
                   .loss = -1,
                   .loss_kind = spec->loss};
    bool ok = build(&w);
    arena_free(scratch);
    return ok ? w.g : NULL;
}

int graph_find_equation(const Graph *g, const char *full) {
    for (int i = 0; i < g->n_equations; i++)
        if (strcmp(g->equations[i].full, full) == 0) return i;
    return -1;
}

const Equation *graph_dropout(const Graph *g, int node) {
    int e = g->nodes[node].equation;
    if (e >= 0) return g->equations[e].mask >= 0 ? &g->equations[e] : NULL;
    bool mask = g->n_masks > 0 && g->nodes[node].op == OP_INPUT;
    for (e = 0; mask && e < g->n_equations; e++)
        if (g->equations[e].mask == node) return &g->equations[e];
    return NULL;
}

const char *graph_mask_name(const Equation *dropout) {
    return dropout->ast->value->args[1]->name;
}

int graph_find_param(const Graph *g, const char *full) {
    for (int i = 0; i < g->n_params; i++)
        if (strcmp(g->params[i].full, full) == 0) return i;
    return -1;
}

bool graph_cuts(const Graph *g, int reader) {
    OpKind op = g->nodes[reader].op;
    if (op == OP_STOP) return true;
    bool cuts = op >= OP_STACK && op <= OP_SPREAD && g->n_uses[reader] > 0;
    for (int i = 0; i < g->n_uses[reader] && cuts; i++)
        cuts = graph_cuts(g, g->uses[reader][i].node);
    return cuts;
}

OpKind graph_stops(const Graph *g) {
    for (int i = 0; i < g->n_nodes; i++) {
        const OpDef *def = &op_defs[g->nodes[i].op];
        if (def->forward && !def->backward) return g->nodes[i].op;
    }
    return OP_COUNT;
}

int graph_handed(const Graph *g, int reader, Arg arg) {
    const Node *n = &g->nodes[arg.node];
    if (arg.lag == 0 || n->equation < 0 || n->part != g->nodes[reader].part) return -1;
    const Equation *e = &g->equations[n->equation];
    return e->handed >= 0 && e->node == arg.node ? g->equations[e->handed].node : -1;
}
