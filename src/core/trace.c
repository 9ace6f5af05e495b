// The storage of a trace: its layout, the size of it before it is made, and who reads what where.
// Everything that does not depend on the numbers (addresses of operands, lists of uses that pass
// gradient) is worked out once, so that running one operation is a gather of pointers and a call.
//
// Invariant: a node's value and gradient stand where Exec.offset says, for every place, and every
// place that does not run holds zeros.
#include "core/trace.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/trace_body.h"

static bool mul_ok(size_t a, size_t b, size_t *out) {
    if (b != 0 && a > SIZE_MAX / b) return false;
    *out = a * b;
    return true;
}

static bool add_ok(size_t a, size_t b, size_t *out) {
    if (a > SIZE_MAX - b) return false;
    *out = a + b;
    return true;
}

/// Adds count * size to *total.
static bool take(size_t *total, size_t count, size_t size) {
    size_t bytes;
    return mul_ok(count, size, &bytes) && add_ok(*total, bytes, total);
}

// What the nodes of a graph add up to.
typedef struct {
    size_t frame;   // doubles that vary with time
    size_t steady;  // doubles that do not, parameters first
    size_t starts;  // doubles of start gradients
    size_t largest; // doubles of the largest node
    size_t operands, pulls;
    size_t args; // of the node that has most
} Sizes;

static bool is_value(OpKind op) {
    return op <= OP_START;
}

/// Does argument k of this node get a share of its gradient? A loss passes its gradient to y
/// alone (the z beside it is there for the value's sake), and a fused node's target gets none.
static bool passes(const Node *n, int k) {
    bool loss = n->op == OP_CROSS_ENTROPY || n->op == OP_BINARY_CROSS_ENTROPY;
    if ((loss || n->fused) && k > 0) return false;
    return op_defs[n->op].backward != NULL;
}

/// Constants, t and targets are no variables of the loss: they get no gradient.
static bool wants_grad(const Graph *g, int node) {
    OpKind op = g->nodes[node].op;
    return op != OP_CONST && op != OP_TIMESTEP && node != g->target;
}

/// Is this read of an equation by its own part, so that start values stand before it?
static bool reads_start(const Graph *g, int reader, Arg arg) {
    const Node *n = &g->nodes[arg.node];
    return arg.lag > 0 && n->equation >= 0 && n->part == g->nodes[reader].part;
}

static bool equation_has_start(const Graph *g, int equation) {
    const Equation *e = &g->equations[equation];
    if (e->remembered || e->start >= 0) return true;
    for (int i = 0; i < g->n_uses[e->node]; i++) {
        Use u = g->uses[e->node][i];
        if (reads_start(g, u.node, (Arg){e->node, u.lag})) return true;
    }
    return false;
}

/// Is this a parameter whose only use is as W in W @ x?
static bool is_left_factor(const Graph *g, int node) {
    if (g->nodes[node].op != OP_PARAM || g->n_uses[node] != 1) return false;
    Use u = g->uses[node][0];
    const Node *user = &g->nodes[u.node];
    return user->op == OP_MATMUL && u.arg == 0 && !user->steady && user->dim.cols == 1;
}

/// In a trace of several sequences: does the node have one value for all of them?
static bool is_single(const Graph *g, int node) {
    return g->nodes[node].op == OP_CONST || is_left_factor(g, node);
}

static bool arg_can_widen(const Graph *g, const Node *n, int k) {
    const Node *arg = &g->nodes[n->args[k].node];
    if (arg->op == OP_CONST) return n->op >= OP_ADD && n->op <= OP_DIV;
    bool left = is_left_factor(g, n->args[k].node);
    if (n->op == OP_MATMUL) return left == (k == 0);
    bool element = n->op >= OP_ADD && n->op <= OP_HARD_SIGMOID_KERAS && n->op != OP_TRANSPOSE;
    return !left && (!element || arg->dim.rows == n->dim.rows);
}

/// Operations that treat the columns of their arguments alike, if those have the same height.
static bool op_can_widen(OpKind op) {
    return op == OP_STACK_ROWS || op == OP_SLICE || (op >= OP_COPY && op <= OP_MATMUL) ||
           op == OP_NEG || (op >= OP_SIGMOID && op <= OP_SUM) || op == OP_STOP || op == OP_PICK ||
           op == OP_DRAW || op == OP_CROSS_ENTROPY || op == OP_BINARY_CROSS_ENTROPY;
}

bool trace_can_widen(const Graph *g) {
    for (int i = 0; i < g->n_nodes; i++) {
        const Node *n = &g->nodes[i];
        if (is_single(g, i)) continue;
        if (n->dim.cols != 1 || (!is_value(n->op) && !op_can_widen(n->op))) return false;
        for (int k = 0; k < n->n_args; k++)
            if (!arg_can_widen(g, n, k)) return false;
    }
    return true;
}

static bool sizes_of(const Graph *g, size_t width, Sizes *s) {
    *s = (Sizes){.steady = (size_t)g->n_weights};
    for (int i = 0; i < g->n_nodes; i++) {
        const Node *n = &g->nodes[i];
        size_t count;
        if (!mul_ok((size_t)n->dim.rows, (size_t)n->dim.cols, &count)) return false;
        bool single = width == 1 || is_single(g, i);
        if (!single && !mul_ok(count, width, &count)) return false;
        if (count > s->largest) s->largest = count;
        if ((size_t)n->n_args > s->args) s->args = (size_t)n->n_args;
        s->operands += (size_t)n->n_args;
        if (n->op == OP_PARAM && single) continue; // stands among the parameters
        if (!add_ok(n->steady ? s->steady : s->frame, count, n->steady ? &s->steady : &s->frame))
            return false;
    }
    for (int i = 0; i < g->n_nodes; i++) s->pulls += (size_t)g->n_uses[i];
    for (int e = 0; e < g->n_equations; e++) {
        const Node *n = &g->nodes[g->equations[e].node];
        if (equation_has_start(g, e) && !take(&s->starts, (size_t)dim_count(n->dim), width))
            return false;
    }
    return s->frame <= PTRDIFF_MAX / sizeof(double) && s->steady <= PTRDIFF_MAX / sizeof(double);
}

static size_t most_rows(const Graph *g) {
    int rows = 1;
    for (int i = 0; i < g->n_params; i++)
        if (g->params[i].dim.rows > rows) rows = g->params[i].dim.rows;
    return (size_t)rows;
}

size_t trace_bytes(const Graph *g, int steps) {
    Sizes s;
    size_t frames, live, nodes = (size_t)g->n_nodes, total = sizeof(Trace);
    bool ok = steps >= 0 && sizes_of(g, 1, &s) && mul_ok(s.frame, (size_t)steps, &frames) &&
              mul_ok((size_t)steps + 1, nodes, &live) && take(&total, frames, 2 * sizeof(double)) &&
              take(&total, 8 * most_rows(g) + 8, sizeof(double)) &&
              take(&total, s.steady, 2 * sizeof(double)) &&
              take(&total, (size_t)g->n_weights, sizeof(double)) &&
              take(&total, s.starts, sizeof(double)) &&
              take(&total, s.largest, 3 * sizeof(double)) &&
              take(&total, s.operands, sizeof(Operand) + sizeof(Dim)) &&
              take(&total, s.args, sizeof(double *)) && take(&total, s.pulls, sizeof(Pull)) &&
              take(&total, nodes + 1, sizeof(Exec) + sizeof(int)) &&
              take(&total, (size_t)g->n_equations, sizeof(ptrdiff_t) + sizeof(bool)) &&
              take(&total, (size_t)steps + 1, sizeof(bool)) && take(&total, live, 1);
    return ok && total <= PTRDIFF_MAX ? total : SIZE_MAX;
}

static void place_nodes(Trace *tr) {
    const Graph *g = tr->graph;
    ptrdiff_t varying = 0, steady = g->n_weights;
    for (int i = 0; i < g->n_nodes; i++) {
        const Node *n = &g->nodes[i];
        Exec *x = &tr->execs[i];
        x->single = tr->width == 1 || is_single(g, i);
        x->count = dim_count(n->dim) * (x->single ? 1 : tr->width);
        x->same = i;
        x->steady = n->steady;
        x->part = n->part;
        x->seeds = i;
        x->backs = n->part >= 0 && g->parts[n->part].backward;
        x->stretch = n->part >= 0 && !n->steady ? g->parts[n->part].stretch : STRETCH_ALL;
        bool param = n->op == OP_PARAM && x->single;
        x->offset = param ? g->params[n->param].offset : n->steady ? steady : varying;
        if (param) continue;
        *(n->steady ? &steady : &varying) += x->count;
    }
    assert(varying == tr->frame);
}

static bool same_stack(const Node *a, const Node *b) {
    if (a->op != OP_STACK_ROWS || b->op != OP_STACK_ROWS || a->n_args != b->n_args) return false;
    for (int k = 0; k < a->n_args; k++)
        if (a->args[k].node != b->args[k].node || a->args[k].lag != b->args[k].lag) return false;
    return a->steady == b->steady;
}

/// Gates stack the same [h; x]: in training one stack serves them all.
static void share_stacks(Trace *tr) {
    const Graph *g = tr->graph;
    for (int p = 0; p < g->n_parts; p++) {
        int last = -1;
        for (int i = g->parts[p].first; i <= g->parts[p].last; i++) {
            if (g->nodes[i].op != OP_STACK_ROWS) continue;
            if (last >= 0 && same_stack(&g->nodes[i], &g->nodes[last]))
                tr->execs[i].same = tr->execs[last].same;
            last = i;
        }
    }
}

static void place_starts(Trace *tr) {
    const Graph *g = tr->graph;
    ptrdiff_t at = 0;
    for (int e = 0; e < g->n_equations; e++) {
        tr->start_at[e] = -1;
        if (!equation_has_start(g, e)) continue;
        tr->start_at[e] = at;
        at += tr->execs[g->equations[e].node].count;
    }
}

static Operand operand_of(const Trace *tr, int reader, Arg arg) {
    const Graph *g = tr->graph;
    const Exec *x = &tr->execs[tr->execs[arg.node].same];
    if (x->steady) return (Operand){.block = tr->steady, .offset = x->offset, .lag = -1};
    Operand o = {.block = tr->values, .stride = tr->frame, .lag = arg.lag, .before = tr->zeros};
    int back = tr->execs[reader].backs ? arg.lag : -arg.lag;
    o.offset = x->offset + (back - 1) * tr->frame;
    if (!reads_start(g, reader, arg)) return o;
    int equation = g->nodes[arg.node].equation, handed = g->equations[equation].handed;
    o.before = trace_start(tr, handed < 0 ? equation : handed);
    if (handed < 0) return o;
    o.is_handed = true;
    o.handed = tr->execs[g->equations[handed].node].offset + (back - 1) * tr->frame;
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

/// Is this a parameter times a column? Such products read the parameter transposed, column by
/// column, so that the sums for all rows run side by side.
static bool reads_turned(const Graph *g, const Node *n) {
    return n->op == OP_MATMUL && n->dim.cols == 1 && g->nodes[n->args[0].node].op == OP_PARAM;
}

/// The shape in which an operation sees a node.
static Dim seen_dim(const Trace *tr, int node) {
    Dim dim = tr->graph->nodes[node].dim;
    return tr->execs[node].single ? dim : (Dim){dim.rows, tr->width};
}

static void prepare_execs(Arena *a, Trace *tr, size_t n_operands) {
    const Graph *g = tr->graph;
    Operand *operands = ARENA_ARRAY(a, Operand, n_operands);
    Dim *dims = ARENA_ARRAY(a, Dim, n_operands);
    for (int i = 0; i < g->n_nodes; i++) {
        const Node *n = &g->nodes[i];
        Exec *x = &tr->execs[i];
        if (is_value(n->op)) continue;
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
        if (reads_turned(g, n)) x->turned = tr->turned + tr->execs[n->args[0].node].offset;
        for (int k = 0; k < n->n_args; k++) {
            *operands++ = operand_of(tr, i, n->args[k]);
            *dims++ = seen_dim(tr, n->args[k].node);
        }
    }
}

/// Where in the gradient of its user the share of an argument stands as it is; -1 if it does not.
static ptrdiff_t moved_share(const Trace *tr, int node, Use u) {
    const Node *user = &tr->graph->nodes[u.node];
    bool first = user->op == OP_SUB && u.arg == 0;
    bool same = tr->execs[node].count == tr->execs[u.node].count;
    if (user->op == OP_ADD || user->op == OP_COPY || first) return same ? 0 : -1;
    if (user->op != OP_STACK_ROWS) return -1;
    ptrdiff_t at = 0;
    for (int k = 0; k < u.arg; k++) at += tr->execs[user->args[k].node].count;
    return at;
}

static void list_pulls(Trace *tr) {
    const Graph *g = tr->graph;
    int at = 0;
    for (int i = 0; i < g->n_nodes; i++) {
        tr->first_pull[i] = at;
        if (!wants_grad(g, i)) continue;
        for (int k = 0; k < g->n_uses[i]; k++) {
            Use u = g->uses[i][k];
            if (!passes(&g->nodes[u.node], u.arg)) continue;
            int shift = tr->execs[u.node].backs ? -u.lag : u.lag;
            bool given = g->nodes[g->nodes[u.node].args[u.arg].node].part != g->nodes[u.node].part;
            tr->pulls[at++] =
                (Pull){u.node, u.arg, shift, given && tr->execs[u.node].stretch == STRETCH_ANSWER,
                       moved_share(tr, i, u)};
        }
    }
    tr->first_pull[g->n_nodes] = at;
}

void trace_fill_timesteps(const Trace *tr, bool answer) {
    for (int i = 0; i < tr->graph->n_nodes; i++) {
        const Exec *x = &tr->execs[i];
        if (tr->graph->nodes[i].op != OP_TIMESTEP || answer != (x->stretch == STRETCH_ANSWER))
            continue;
        for (int place = 1; place <= tr->steps; place++)
            for (int e = 0; e < x->count; e++)
                exec_value(tr, x, place)[e] = exec_timestep(tr, x, place);
    }
}

/// Fills what no run changes: constants, the lesson's start values, and t.
static void fill_constants(Trace *tr) {
    const Graph *g = tr->graph;
    for (int i = 0; i < g->n_nodes; i++) {
        const Node *n = &g->nodes[i];
        Exec *x = &tr->execs[i];
        if (n->op == OP_CONST)
            for (int e = 0; e < x->count; e++) tr->steady[x->offset + e] = n->number;
        for (int e = 0; n->op == OP_START && n->values && e < x->count; e++)
            tr->steady[x->offset + e] = n->values[e / tr->width];
    }
    trace_fill_timesteps(tr, false);
}

/// Room for what wide.c lays out: as much as the largest matrix asks for.
static void make_layout(Arena *a, Trace *tr) {
    const Graph *g = tr->graph;
    size_t rows = 1, cols = 1, runs = (size_t)tr->width * (size_t)tr->steps;
    for (int i = 0; i < g->n_params; i++) {
        Dim dim = g->params[i].dim;
        if (!is_left_factor(g, g->params[i].node)) continue;
        if ((size_t)dim.rows > rows) rows = (size_t)dim.rows;
        if ((size_t)dim.cols > cols) cols = (size_t)dim.cols;
    }
    tr->laid_d = ARENA_ARRAY(a, double, runs *rows);
    tr->laid_x = ARENA_ARRAY(a, double, runs *(cols + 8)); // rows are padded to whole vectors
    tr->places = ARENA_ARRAY(a, int, 2 * tr->steps);
}

static Trace *make(Arena *a, const Graph *g, int steps, int width, bool training) {
    assert(steps >= 1 && width >= 1 && (width == 1 || trace_can_widen(g)));
    Sizes s;
    bool sized = sizes_of(g, (size_t)width, &s);
    assert(sized && "sizes are refused with trace_bytes before");
    (void)sized;
    size_t nodes = (size_t)g->n_nodes, places = (size_t)steps + 1;
    Trace *tr = ARENA_NEW(a, Trace);
    tr->graph = g;
    tr->steps = steps;
    tr->width = width;
    tr->loss = NAN;
    tr->frame = (ptrdiff_t)s.frame;
    // op_product_ragged may read a little beyond the last value
    tr->values = arena_alloc(a, (size_t)steps * s.frame + 8, sizeof(double));
    tr->grads = arena_alloc(a, (size_t)steps, s.frame * sizeof(double));
    tr->steady = ARENA_ARRAY(a, double, s.steady);
    tr->turned = ARENA_ARRAY(a, double, g->n_weights);
    tr->steady_grads = ARENA_ARRAY(a, double, s.steady);
    tr->starts_grads = ARENA_ARRAY(a, double, s.starts);
    tr->start_at = ARENA_ARRAY(a, ptrdiff_t, g->n_equations);
    tr->zeros = ARENA_ARRAY(a, double, s.largest);
    tr->strip = ARENA_ARRAY(a, double, 8 * most_rows(g));
    tr->scratch = ARENA_ARRAY(a, double, s.largest);
    tr->scratch2 = ARENA_ARRAY(a, double, s.largest);
    tr->args = ARENA_ARRAY(a, const double *, s.args);
    tr->execs = ARENA_ARRAY(a, Exec, nodes);
    tr->pulls = ARENA_ARRAY(a, Pull, s.pulls);
    tr->first_pull = ARENA_ARRAY(a, int, nodes + 1);
    tr->taken = ARENA_ARRAY(a, bool, places);
    tr->live = arena_alloc(a, places, nodes);
    tr->start_live = ARENA_ARRAY(a, bool, g->n_equations);
    place_nodes(tr);
    if (training) share_stacks(tr);
    if (width > 1) make_layout(a, tr);
    place_starts(tr);
    prepare_execs(a, tr, s.operands);
    list_pulls(tr);
    fill_constants(tr);
    return tr;
}

Trace *trace_new(Arena *a, const Graph *g, int steps) {
    return make(a, g, steps, 1, false);
}

Trace *trace_new_wide(Arena *a, const Graph *g, int steps, int width) {
    return make(a, g, steps, width, true);
}

void trace_truncate(Trace *tr, int piece) {
    assert(piece >= 0);
    tr->piece = piece;
}

const Graph *trace_graph(const Trace *tr) {
    return tr->graph;
}
int trace_steps(const Trace *tr) {
    return tr->steps;
}
const Sequence *trace_sequence(const Trace *tr) {
    return &tr->seq;
}
const double *trace_params(const Trace *tr) {
    return tr->steady;
}
double trace_loss(const Trace *tr) {
    return tr->loss;
}
const double *trace_param_grads(const Trace *tr) {
    return tr->steady_grads;
}

/// Is the input at this place what the network said at the place before?
static bool is_fed(const Trace *tr, int place) {
    return tr->seq.fed > 0 && place >= tr->seq.fed && place <= tr->steps;
}

bool trace_runs(const Trace *tr, int part, int place) {
    const Part *p = &tr->graph->parts[part];
    assert(place >= 1 && place <= tr->steps);
    if (p->stretch && (p->stretch == STRETCH_PROMPT) != (place <= tr->seq.prompt)) return false;
    if (p->kind == PART_FEED) return is_fed(tr, place);
    if (p->kind != PART_HEAD && p->kind != PART_LOSS) return true;
    if (tr->graph->loss_part < 0 || tr->taken[place]) return true;
    return p->kind == PART_HEAD && is_fed(tr, place + 1);
}

bool trace_holds(const Trace *tr, int node, int place) {
    const Node *n = &tr->graph->nodes[node];
    bool given = n->op <= OP_START || n->part < 0 || node == tr->graph->data;
    return given || trace_runs(tr, n->part, place);
}

const double *trace_value(const Trace *tr, int node, int place) {
    assert(tr->execs[node].steady || (place >= 1 && place <= tr->steps));
    return exec_value(tr, &tr->execs[node], place);
}

const double *trace_grad(const Trace *tr, int node, int place) {
    assert(tr->execs[node].steady || (place >= 1 && place <= tr->steps));
    return exec_grad(tr, &tr->execs[node], place);
}

/// Is argument k read before the first timestep of the node's part?
static bool reads_before(const Trace *tr, int node, int k, int place) {
    int lag = tr->graph->nodes[node].args[k].lag;
    return lag > 0 && exec_timestep(tr, &tr->execs[node], place) <= lag;
}

int trace_arg_place(const Trace *tr, int node, int k, int place) {
    Arg arg = tr->graph->nodes[node].args[k];
    int at = tr->execs[node].backs ? place + arg.lag : place - arg.lag;
    if (at < 1 || at > tr->steps) return 0;
    bool before = reads_before(tr, node, k, place);
    return before && graph_handed(tr->graph, node, arg) < 0 ? 0 : at;
}

int trace_arg_node(const Trace *tr, int node, int k, int place) {
    Arg arg = tr->graph->nodes[node].args[k];
    int handed = graph_handed(tr->graph, node, arg);
    return handed >= 0 && reads_before(tr, node, k, place) ? handed : arg.node;
}

const double *trace_arg(const Trace *tr, int node, int k, int place) {
    const Operand *o = &tr->execs[node].operands[k];
    if (reads_before(tr, node, k, place)) return exec_before(o, place);
    return o->block + (o->offset + place * o->stride);
}

int trace_use_place(const Trace *tr, Use use, int place) {
    const Exec *x = &tr->execs[use.node];
    if (x->steady) return 0;
    int at = x->backs ? place - use.lag : place + use.lag;
    if (at < 1 || at > tr->steps || !trace_runs(tr, x->part, at)) return 0;
    Arg arg = tr->graph->nodes[use.node].args[use.arg];
    bool before = x->stretch == STRETCH_ANSWER && reads_before(tr, use.node, use.arg, at);
    return before && graph_handed(tr->graph, use.node, arg) < 0 ? 0 : at;
}

const double *trace_start(const Trace *tr, int equation) {
    const Equation *e = &tr->graph->equations[equation];
    if (e->handed >= 0 && tr->seq.prompt > 0)
        return trace_value(tr, tr->graph->equations[e->handed].node, tr->seq.prompt);
    return e->start < 0 ? tr->zeros : tr->steady + tr->execs[e->start].offset;
}

const double *trace_start_grad(const Trace *tr, int equation) {
    ptrdiff_t at = tr->start_at[equation];
    return at < 0 ? tr->zeros : tr->starts_grads + at;
}

void trace_share(const Trace *tr, int node, int k, int place, double *share) {
    const Graph *g = tr->graph;
    const Node *n = &g->nodes[node];
    const Exec *x = &tr->execs[node];
    int row = x->steady ? 0 : place;
    bool live = tr->live[(size_t)row * (size_t)g->n_nodes + (size_t)node];
    if (live && passes(n, k) && wants_grad(g, n->args[k].node))
        exec_share(tr, x, k, place, share);
    else
        memset(share, 0, (size_t)tr->execs[n->args[k].node].count * sizeof(double));
}
