// How a trace is made: its size before it is, its blocks, and what every operation reads where.
// Everything that does not depend on the numbers is worked out once, so that running one operation
// is a gather of pointers and a call.
//
// Invariant: what a node keeps stands where its rows say, for every place, and every place that
// does not run holds zeros.
#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/trace_body.h"

enum { SPARE = 64 }; // doubles behind and before packed parameters, for whole lines of the cache
enum { SPARE_AT_END = 8 }; // op_product_ragged may read a little beyond the last number
enum { SLOTS = 64 };       // timesteps that can be shown at once without computing anything twice

// ---- side by side

/// Is argument k one number where the result has several of a sequence? It is repeated then, before
/// the operation runs. Of two arguments a constant need not be.
static bool arg_spreads(const Graph *g, const Node *n, int k) {
    const Node *arg = &g->nodes[n->args[k].node];
    if (!layout_is_element(n->op)) return false;
    return arg->op == OP_CONST ? n->n_args == 1 : arg->dim.rows != n->dim.rows;
}

static bool arg_can_widen(const Graph *g, const Node *n, int k) {
    bool left = layout_is_left_factor(g, n->args[k].node);
    return n->op == OP_MATMUL ? left == (k == 0) : !left;
}

/// Operations that treat the columns of their arguments alike.
static bool op_can_widen(OpKind op) {
    return op != OP_TRANSPOSE && op != OP_OUTER;
}

bool trace_can_widen(const Graph *g) {
    for (int i = 0; i < g->n_nodes; i++) {
        const Node *n = &g->nodes[i];
        if (layout_is_single(g, i)) continue;
        if (n->dim.cols != 1 || !op_can_widen(n->op)) return false;
        for (int k = 0; k < n->n_args; k++)
            if (!arg_can_widen(g, n, k)) return false;
    }
    return true;
}

// ---- size

/// Adds count * size to *total.
static bool add(size_t *total, size_t count, size_t size) {
    if (count != 0 && size > (SIZE_MAX - *total) / count) return false;
    *total += count * size;
    return true;
}

static size_t most_rows(const Graph *g) {
    int rows = 1;
    for (int i = 0; i < g->n_params; i++)
        if (g->params[i].dim.rows > rows) rows = g->params[i].dim.rows;
    return (size_t)rows;
}

static size_t slots_for(int steps) {
    return steps < SLOTS ? (size_t)steps : SLOTS;
}

static bool sum_up(const Graph *g, const Layout *l, size_t steps, size_t *total) {
    size_t nodes = (size_t)g->n_nodes, equations = (size_t)g->n_equations;
    size_t places = steps + 1, slots = slots_for((int)steps);
    *total = sizeof(Trace) + 2 * SPARE_AT_END * sizeof(double);
    return add(total, nodes, sizeof(Seat) + sizeof(Exec)) && add(total, 1, sizeof(int)) &&
           add(total, l->n_pulls, sizeof(Pull)) &&
           add(total, equations, sizeof(ptrdiff_t) + sizeof(bool)) &&
           add(total, l->frame * sizeof(double), steps) &&
           add(total, l->grad_frame * sizeof(double), steps) &&
           add(total, l->room * sizeof(double), slots + 1) && add(total, 2 * nodes, slots) &&
           add(total, slots, sizeof(int)) && add(total, l->steady, 2 * sizeof(double)) &&
           add(total, l->turned + l->packed + SPARE, sizeof(double)) &&
           add(total, 2 * nodes + 2 * ((size_t)g->n_parts + 1), sizeof(int)) &&
           add(total, nodes, sizeof(Run) + sizeof(Back)) &&
           add(total, (size_t)l->n_runs, sizeof(Exec)) &&
           add(total, l->run_args, sizeof(Operand) + sizeof(Dim)) &&
           add(total, l->starts, sizeof(double)) && add(total, l->largest, 3 * sizeof(double)) &&
           add(total, 8 * most_rows(g), sizeof(double)) && add(total, l->args, sizeof(double *)) &&
           add(total, l->operands, sizeof(Operand) + sizeof(Dim)) && add(total, nodes, places) &&
           add(total, places, sizeof(bool)) && *total <= PTRDIFF_MAX;
}

size_t trace_bytes(const Graph *g, int steps) {
    Arena *scratch = arena_new();
    Layout l;
    size_t total;
    bool ok =
        steps >= 0 && layout_make(scratch, g, 1, false, &l) && sum_up(g, &l, (size_t)steps, &total);
    arena_free(scratch);
    return ok ? total : SIZE_MAX;
}

// ---- operations

static Row value_row(const Trace *tr, int node) {
    const Seat *s = &tr->layout.seats[node];
    if (tr->graph->nodes[node].steady || s->once) return (Row){tr->steady, s->value_at, 0};
    if (s->value_passes) return (Row){tr->room, s->value_at, 0};
    ptrdiff_t frame = (ptrdiff_t)tr->layout.frame;
    return (Row){tr->values, s->value_at - frame, frame};
}

static Row grad_row(const Trace *tr, int node) {
    const Seat *s = &tr->layout.seats[node];
    GradKind kind = s->grad == GRAD_HANDED ? tr->layout.seats[s->lender].grad : s->grad;
    if (tr->graph->nodes[node].steady) return (Row){tr->steady_grads, s->grad_at, 0};
    if (kind == GRAD_NONE) return (Row){tr->zeros, 0, 0};
    if (kind == GRAD_PASSES) return (Row){tr->room, s->grad_at, 0};
    ptrdiff_t frame = (ptrdiff_t)tr->layout.grad_frame;
    return (Row){tr->grads, s->grad_at - frame, frame};
}

static Operand operand_of(const Trace *tr, int reader, Arg arg) {
    Operand o = {.row = tr->execs[arg.node].value, .lag = -1, .single = tr->execs[arg.node].single};
    if (tr->execs[arg.node].steady) return o;
    o.lag = arg.lag;
    o.before = tr->zeros;
    ptrdiff_t back = tr->execs[reader].backs ? arg.lag : -arg.lag;
    o.row.at += back * o.row.step;
    if (!layout_reads_start(tr->graph, reader, arg)) return o;
    int equation = tr->graph->nodes[arg.node].equation;
    int handed = tr->graph->equations[equation].handed;
    o.before = trace_start(tr, handed < 0 ? equation : handed);
    if (handed < 0) return o;
    o.is_handed = true;
    o.handed = tr->execs[tr->graph->equations[handed].node].value;
    o.handed.at += back * o.handed.step;
    return o;
}

/// The loss that a fused node is one with: its reader among the losses.
static int fused_loss(const Graph *g, int node) {
    for (int i = 0; i < g->n_uses[node]; i++) {
        OpKind op = g->nodes[g->uses[node][i].node].op;
        if (op == OP_CROSS_ENTROPY || op == OP_BINARY_CROSS_ENTROPY) return g->uses[node][i].node;
    }
    assert(!"a fused node is read by its loss");
    return node;
}

/// The shape in which an operation sees a node.
static Dim seen_dim(const Trace *tr, int node) {
    Dim dim = tr->graph->nodes[node].dim;
    return tr->execs[node].single ? dim : (Dim){dim.rows, tr->width};
}

static void place_execs(Trace *tr) {
    const Graph *g = tr->graph;
    for (int i = 0; i < g->n_nodes; i++) {
        const Node *n = &g->nodes[i];
        const Seat *s = &tr->layout.seats[i];
        Exec *x = &tr->execs[i];
        x->single = s->single;
        x->count = (int)s->count;
        x->steady = n->steady;
        x->part = n->part;
        x->stops = op_defs[n->op].forward && !op_defs[n->op].backward ? i : -1;
        x->seeds = i;
        x->backs = n->part >= 0 && g->parts[n->part].backward;
        x->stretch = n->part >= 0 && !n->steady ? g->parts[n->part].stretch : STRETCH_ALL;
        x->repeats = s->same != i;
        x->keeps = s->grad == GRAD_KEPT;
        x->value = value_row(tr, i);
        x->grad = grad_row(tr, i);
    }
}

static void prepare_execs(Arena *a, Trace *tr) {
    const Graph *g = tr->graph;
    Operand *operands = ARENA_ARRAY(a, Operand, tr->layout.operands);
    Dim *dims = ARENA_ARRAY(a, Dim, tr->layout.operands);
    for (int i = 0; i < g->n_nodes; i++) {
        const Node *n = &g->nodes[i];
        Exec *x = &tr->execs[i];
        if (layout_is_value(n->op)) continue;
        x->forward = op_defs[n->op].forward;
        x->backward = op_defs[n->op].backward;
        x->operands = operands;
        x->call = (OpCall){.dim = seen_dim(tr, i),
                           .width = tr->width,
                           .n_args = n->n_args,
                           .arg_dim = dims,
                           .arg = tr->args,
                           .compare = n->compare,
                           .lo = n->lo,
                           .fused = n->fused};
        if (n->fused) x->seeds = fused_loss(g, i);
        if (tr->layout.seats[i].turns) x->turned = tr->turned + tr->layout.seats[i].turned_at;
        x->wanted = (int)tr->layout.seats[i].wanted;
        x->turned_step = (long)tr->layout.seats[i].turned_step;
        for (int k = 0; k < n->n_args; k++) {
            bool spreads = tr->width > 1 && arg_spreads(g, n, k);
            if (spreads) x->spreads |= 1u << k;
            *operands = operand_of(tr, i, n->args[k]);
            x->recalls |= operands++->lag > 0;
            *dims++ = spreads ? x->call.dim : seen_dim(tr, n->args[k].node);
        }
    }
}

/// Several nodes become one: as tall as all of them, with their parameters packed.
static void join(const Trace *tr, const Run *run, Exec *x, Operand *operands, Dim *dims) {
    const Node *n = &tr->graph->nodes[tr->layout.order[run->first]];
    ptrdiff_t packed = run->packed;
    for (int k = 0; k < n->n_args; k++) {
        operands[k] = x->operands[k];
        dims[k] = x->turned && k == 1 ? x->call.arg_dim[1] : (Dim){(int)run->rows, 1};
        if (x->turned || tr->graph->nodes[n->args[k].node].op != OP_PARAM) continue;
        operands[k].row = (Row){tr->packed, packed, 0};
        packed += (run->rows + 7) / 8 * 8;
    }
    x->operands = operands;
    x->call.arg_dim = dims;
    x->call.dim = (Dim){(int)run->rows, 1};
    x->count = (int)run->rows;
}

static void prepare_runs(Arena *a, Trace *tr) {
    const Layout *l = &tr->layout;
    Operand *operands = ARENA_ARRAY(a, Operand, l->run_args);
    Dim *dims = ARENA_ARRAY(a, Dim, l->run_args);
    for (int r = 0; r < l->n_runs; r++) {
        const Run *run = &l->runs[r];
        int head = l->order[run->first];
        tr->runs[r] = tr->execs[head];
        if (run->n == 1) continue;
        join(tr, run, &tr->runs[r], operands, dims);
        operands += tr->graph->nodes[head].n_args;
        dims += tr->graph->nodes[head].n_args;
    }
}

void trace_fill_timesteps(const Trace *tr, bool answer) {
    for (int i = 0; i < tr->graph->n_nodes; i++) {
        const Exec *x = &tr->execs[i];
        if (tr->graph->nodes[i].op != OP_TIMESTEP || answer != (x->stretch == STRETCH_ANSWER))
            continue;
        for (int place = 1; place <= tr->steps; place++)
            for (int e = 0; e < x->count; e++)
                exec_value(x, place)[e] = exec_timestep(tr, x, place);
    }
}

/// Fills what no run changes: constants, the lesson's start values, and t.
static void fill_constants(Trace *tr) {
    const Graph *g = tr->graph;
    for (int i = 0; i < g->n_nodes; i++) {
        const Node *n = &g->nodes[i];
        const Exec *x = &tr->execs[i];
        double *steady = n->steady ? exec_value(x, 0) : NULL;
        for (int e = 0; n->op == OP_CONST && e < x->count; e++) steady[e] = n->number;
        for (int e = 0; n->op == OP_START && n->values && e < x->count; e++)
            steady[e] = n->values[e / tr->width];
    }
    trace_fill_timesteps(tr, false);
}

// ---- blocks

/// Room for what wide.c lays out, as much as the largest matrix asks for, and for what is spread.
static void make_rows(Arena *a, Trace *tr) {
    const Graph *g = tr->graph;
    size_t rows = 1, cols = 1, runs = (size_t)tr->width * (size_t)tr->steps;
    for (int i = 0; i < g->n_params; i++) {
        Dim dim = g->params[i].dim;
        if (!layout_is_left_factor(g, g->params[i].node)) continue;
        if ((size_t)dim.rows > rows) rows = (size_t)dim.rows;
        if ((size_t)dim.cols > cols) cols = (size_t)dim.cols;
    }
    size_t spare = 8 * (size_t)tr->width; // between sequences
    tr->laid_d = ARENA_ARRAY(a, double, runs *rows + spare);
    tr->laid_x =
        ARENA_ARRAY(a, double, runs *(cols + 8) + spare); // rows are padded to whole vectors
    tr->places = ARENA_ARRAY(a, int, 2 * tr->steps);
    for (int k = 0; k <= OP_MAX_ARGS; k++)
        tr->spread[k] = ARENA_ARRAY(a, double, tr->layout.largest);
}

static void make_again(Arena *a, Trace *tr) {
    size_t slots = slots_for(tr->steps);
    tr->again = (Again){.numbers = ARENA_ARRAY(a, double, slots * tr->layout.room),
                        .places = ARENA_ARRAY(a, int, slots),
                        .there = arena_alloc(a, slots, 2 * (size_t)tr->graph->n_nodes),
                        .slots = (int)slots};
}

static void make_blocks(Arena *a, Trace *tr) {
    const Graph *g = tr->graph;
    const Layout *l = &tr->layout;
    size_t steps = (size_t)tr->steps;
    tr->values = ARENA_ARRAY(a, double, steps * l->frame + SPARE_AT_END);
    tr->grads = ARENA_ARRAY(a, double, steps * l->grad_frame + SPARE_AT_END);
    tr->room = ARENA_ARRAY(a, double, l->room);
    tr->steady = ARENA_ARRAY(a, double, l->steady);
    double *packed = ARENA_ARRAY(a, double, l->turned + l->packed + SPARE);
    tr->turned = packed + (64 - (uintptr_t)packed % 64) % 64 / sizeof(double);
    tr->packed = tr->turned + l->turned;
    tr->steady_grads = ARENA_ARRAY(a, double, l->steady);
    tr->starts_grads = ARENA_ARRAY(a, double, l->starts);
    tr->zeros = ARENA_ARRAY(a, double, l->largest);
    tr->strip = ARENA_ARRAY(a, double, 8 * most_rows(g));
    tr->scratch = ARENA_ARRAY(a, double, l->largest);
    tr->scratch2 = ARENA_ARRAY(a, double, l->largest);
    tr->args = ARENA_ARRAY(a, const double *, l->args);
    tr->execs = ARENA_ARRAY(a, Exec, g->n_nodes);
    tr->runs = ARENA_ARRAY(a, Exec, l->n_runs);
    tr->taken = ARENA_ARRAY(a, bool, steps + 1);
    tr->live = arena_alloc(a, steps + 1, (size_t)g->n_nodes);
    tr->start_live = ARENA_ARRAY(a, bool, g->n_equations);
}

static Trace *make(Arena *a, const Graph *g, int steps, int width, bool training) {
    assert(steps >= 1 && width >= 1 && (width == 1 || trace_can_widen(g)));
    Trace *tr = ARENA_NEW(a, Trace);
    *tr = (Trace){.graph = g, .steps = steps, .width = width, .loss = NAN};
    tr->from = tr->losses_from = 1;
    tr->to = steps;
    bool counted = layout_make(a, g, width, training, &tr->layout);
    assert(counted && "sizes are refused with trace_bytes before");
    (void)counted;
    make_blocks(a, tr);
    if (!training) make_again(a, tr);
    if (width > 1) make_rows(a, tr);
    place_execs(tr);
    prepare_execs(a, tr);
    prepare_runs(a, tr);
    fill_constants(tr);
    return tr;
}

Trace *trace_new(Arena *a, const Graph *g, int steps) {
    return make(a, g, steps, 1, false);
}

Trace *trace_new_wide(Arena *a, const Graph *g, int steps, int width) {
    return make(a, g, steps, width, true);
}
