// Which numbers are kept, and where: see trace_layout.h for the rules. They hold for any cell,
// since each looks only at who reads a number, when, and whether a backward function needs it (the
// columns `spares_...` of op_defs).
//
// What is computed anew is always one step away from what is kept: a value that passes has only
// arguments that are kept, and a gradient that passes a source that is kept. In training, where
// nothing is shown, values may pass in chains.
#include "core/trace_layout.h"

#include <stdint.h>

#include "core/trace_bundle.h"

bool layout_is_value(OpKind op) {
    return op <= OP_START;
}

bool layout_passes(const Node *n, int k) {
    // A loss passes its gradient to y alone (the z beside it is there for the value's sake), and a
    // fused node's target gets none.
    bool loss = n->op == OP_CROSS_ENTROPY || n->op == OP_BINARY_CROSS_ENTROPY;
    if ((loss || n->fused) && k > 0) return false;
    return op_defs[n->op].backward != NULL;
}

bool layout_wants_grad(const Graph *g, int node) {
    OpKind op = g->nodes[node].op;
    return op != OP_CONST && op != OP_TIMESTEP && node != g->target;
}

/// The same in this layout: in training the data gets none either, as nothing depends on it.
static bool wants_grad(const Graph *g, const Layout *l, int node) {
    bool given = node == g->data && g->nodes[node].op == OP_INPUT;
    return layout_wants_grad(g, node) && !(l->training && given);
}

/// Is this a parameter times a column? Such products read the parameter transposed, column by
/// column, so that the sums for all rows run side by side.
static bool is_turned(const Graph *g, const Node *n) {
    return n->op == OP_MATMUL && n->dim.cols == 1 && g->nodes[n->args[0].node].op == OP_PARAM;
}

bool layout_reads_start(const Graph *g, int reader, Arg arg) {
    const Node *n = &g->nodes[arg.node];
    return arg.lag > 0 && n->equation >= 0 && n->part == g->nodes[reader].part;
}

static bool is_left_in_product(const Graph *g, int node) {
    if (g->n_uses[node] != 1) return false;
    Use u = g->uses[node][0];
    const Node *user = &g->nodes[u.node];
    return user->op == OP_MATMUL && u.arg == 0 && u.lag == 0 && !user->steady &&
           user->dim.cols == 1;
}

/// Is this a transpose, in a timestep, of a parameter that is used nowhere else?
static bool transposes_param(const Graph *g, const Node *n) {
    if (n->op != OP_TRANSPOSE || n->steady) return false;
    return g->nodes[n->args[0].node].op == OP_PARAM && g->n_uses[n->args[0].node] == 1;
}

bool layout_is_left_factor(const Graph *g, int node) {
    const Node *n = &g->nodes[node];
    if (transposes_param(g, n)) return is_left_in_product(g, node);
    if (n->op != OP_PARAM || g->n_uses[node] != 1) return false;
    int user = g->uses[node][0].node;
    if (transposes_param(g, &g->nodes[user])) return is_left_in_product(g, user);
    return is_left_in_product(g, node);
}

bool layout_is_element(OpKind op) {
    return op == OP_SPREAD || (op >= OP_COPY && op <= OP_DIV) || op == OP_NEG ||
           (op >= OP_SIGMOID && op <= OP_HARD_SIGMOID_KERAS) || (op >= OP_MAX && op <= OP_STOP);
}

bool layout_is_single(const Graph *g, int node) {
    if (g->nodes[node].op != OP_CONST) return layout_is_left_factor(g, node);
    for (int i = 0; i < g->n_uses[node]; i++)
        if (!layout_is_element(g->nodes[g->uses[node][i].node].op)) return false;
    return true;
}

int layout_product(const Graph *g, int param) {
    int user = g->uses[param][0].node;
    return g->nodes[user].op == OP_TRANSPOSE ? g->uses[user][0].node : user;
}

// ---- sizes

// Of numbers in all: blocks of a few for each of them can still be counted in bytes.
static const size_t MOST = PTRDIFF_MAX / 64;

static bool mul_ok(size_t a, size_t b, size_t *out) {
    if (b != 0 && a > SIZE_MAX / b) return false;
    *out = a * b;
    return true;
}

/// Counts each node's numbers; false if all of them together cannot be counted.
static bool count(const Graph *g, size_t width, Layout *l) {
    size_t total = 0;
    for (int i = 0; i < g->n_nodes; i++) {
        const Node *n = &g->nodes[i];
        Seat *s = &l->seats[i];
        s->single = width == 1 || layout_is_single(g, i);
        s->once = n->op == OP_TRANSPOSE && layout_is_left_factor(g, i);
        size_t numbers;
        if (!mul_ok((size_t)n->dim.rows, (size_t)n->dim.cols, &numbers)) return false;
        if (!s->single && !mul_ok(numbers, width, &numbers)) return false;
        if (numbers > MOST - total) return false;
        total += numbers;
        s->count = (ptrdiff_t)numbers;
        if (numbers > l->largest) l->largest = numbers;
        if ((size_t)n->n_args > l->args) l->args = (size_t)n->n_args;
        l->operands += (size_t)n->n_args;
    }
    return true;
}

// ---- equal stacks

static bool same_stack(const Node *a, const Node *b) {
    if (a->op != OP_STACK || b->op != OP_STACK || a->n_args != b->n_args) return false;
    for (int k = 0; k < a->n_args; k++)
        if (a->args[k].node != b->args[k].node || a->args[k].lag != b->args[k].lag) return false;
    return a->steady == b->steady;
}

/// Gates stack the same [h; x]: one stack serves them all.
static void share_stacks(const Graph *g, Layout *l) {
    for (int p = 0; p < g->n_parts; p++) {
        int last = -1;
        for (int i = g->parts[p].first; i <= g->parts[p].last; i++) {
            if (g->nodes[i].op != OP_STACK) continue;
            if (last >= 0 && same_stack(&g->nodes[i], &g->nodes[last])) {
                l->seats[i].same = l->seats[last].same;
                l->seats[last].next = i;
            }
            last = i;
        }
    }
}

/// Does a stack go into one product with a matrix and nowhere else?
static bool only_multiplied(const Graph *g, int stack) {
    if (g->n_uses[stack] != 1) return false;
    Use u = g->uses[stack][0];
    const Node *n = &g->nodes[u.node];
    return n->op == OP_MATMUL && u.arg == 1 && u.lag == 0 && n->part == g->nodes[stack].part &&
           g->nodes[n->args[0].node].op == OP_PARAM;
}

/// Are the stacks that equal `first` the first uses that pass a gradient to `node`, one after the
/// other? A state that is handed to a decoder has no reads of its own part after it.
static bool come_first(const Graph *g, const Layout *l, int first, int k, int node, bool handed) {
    int use = 0;
    for (int stack = first; stack >= 0; stack = l->seats[stack].next, use++) {
        for (; use < g->n_uses[node]; use++) {
            Use u = g->uses[node][use];
            bool own = handed && u.lag > 0 && g->nodes[u.node].part == g->nodes[node].part;
            if (!own && layout_passes(&g->nodes[u.node], u.arg)) break;
        }
        if (use == g->n_uses[node]) return false;
        if (g->uses[node][use].node != stack || g->uses[node][use].arg != k) return false;
    }
    return true;
}

/// Do all sums of shares that equal stacks are part of begin with theirs? Then theirs may be summed
/// first. A read from further back than one timestep is summed apart for each timestep before the
/// first.
static bool begins_sums(const Graph *g, const Layout *l, int first) {
    const Node *n = &g->nodes[first];
    for (int k = 0; k < n->n_args; k++) {
        int node = n->args[k].node, handed = graph_handed(g, first, n->args[k]);
        if (n->args[k].lag > 1) return false;
        if (!wants_grad(g, l, node)) continue;
        if (!come_first(g, l, first, k, node, false)) return false;
        if (handed >= 0 && !come_first(g, l, first, k, handed, true)) return false;
    }
    return true;
}

static void sum_stacks(const Graph *g, Layout *l) {
    for (int i = 0; i < g->n_nodes; i++) {
        Seat *s = &l->seats[i];
        if (s->same != i || s->next < 0) continue;
        bool sums = begins_sums(g, l, i);
        for (int stack = i; stack >= 0 && sums; stack = l->seats[stack].next)
            sums = only_multiplied(g, stack);
        for (int stack = i; stack >= 0 && sums; stack = l->seats[stack].next)
            l->seats[stack].sum = i;
    }
}

// ---- who pulls

/// Where in the gradient of its user the share of an argument stands as it is; -1 if it does not.
static ptrdiff_t moved_share(const Graph *g, const Layout *l, int node, Use u) {
    const Node *user = &g->nodes[u.node];
    bool first = user->op == OP_SUB && u.arg == 0;
    bool same = l->seats[node].count == l->seats[u.node].count;
    if (user->op == OP_ADD || user->op == OP_COPY || first) return same ? 0 : -1;
    if (user->op != OP_STACK) return -1;
    ptrdiff_t at = 0;
    for (int k = 0; k < u.arg; k++) at += l->seats[user->args[k].node].count;
    return at;
}

static Pull pull_of(const Graph *g, const Layout *l, int node, Use u) {
    const Node *user = &g->nodes[u.node];
    bool backs = user->part >= 0 && g->parts[user->part].backward;
    bool decoder =
        user->part >= 0 && !user->steady && g->parts[user->part].stretch == STRETCH_ANSWER;
    bool given = g->nodes[user->args[u.arg].node].part != user->part;
    return (Pull){.user = u.node,
                  .arg = u.arg,
                  .shift = backs ? -u.lag : u.lag,
                  .answers = given && decoder,
                  .moved = moved_share(g, l, node, u)};
}

/// A stack that stands for its equals in a sum pulls for all of them, and they are not pulled.
static int list_pulls_of(const Graph *g, const Layout *l, int node, Pull *pulls) {
    int n = 0;
    if (l->seats[node].sum >= 0) {
        for (int stack = node; stack >= 0 && l->seats[node].sum == node;
             stack = l->seats[stack].next)
            pulls[n++] = pull_of(g, l, stack, g->uses[stack][0]);
        return n;
    }
    for (int k = 0; k < g->n_uses[node]; k++) {
        Use u = g->uses[node][k];
        int sum = l->seats[u.node].sum;
        if (layout_passes(&g->nodes[u.node], u.arg) && (sum < 0 || sum == u.node))
            pulls[n++] = pull_of(g, l, node, u);
    }
    return n;
}

static void list_pulls(Arena *a, const Graph *g, Layout *l) {
    for (int i = 0; i < g->n_nodes; i++) l->n_pulls += (size_t)g->n_uses[i];
    l->pulls = ARENA_ARRAY(a, Pull, l->n_pulls);
    l->first_pull = ARENA_ARRAY(a, int, g->n_nodes + 1);
    int at = 0;
    for (int i = 0; i < g->n_nodes; i++) {
        l->first_pull[i] = at;
        if (wants_grad(g, l, i)) at += list_pulls_of(g, l, i, l->pulls + at);
    }
    l->first_pull[g->n_nodes] = at;
}

// ---- which gradients are kept

/// Do all arguments take their shares in the timestep of the node itself, before the next one?
static bool used_up(const Graph *g, const Layout *l, int node) {
    const Node *n = &g->nodes[node];
    for (int k = 0; k < n->n_args; k++) {
        int arg = n->args[k].node;
        if (!layout_passes(n, k) || !wants_grad(g, l, arg)) continue;
        const Node *from = &g->nodes[arg];
        if (layout_is_value(from->op) || from->steady || l->seats[arg].once ||
            from->part != n->part || n->args[k].lag > 0)
            return false;
    }
    return true;
}

/// The only source of a node's gradient, if that is an operation later in the same timestep.
static const Pull *only_source(const Graph *g, const Layout *l, int node) {
    const Pull *p = &l->pulls[l->first_pull[node]];
    if (l->first_pull[node + 1] - l->first_pull[node] != 1 || node == g->loss) return NULL;
    bool later = p->shift == 0 && p->user > node && !g->nodes[p->user].steady;
    return later ? p : NULL;
}

static GradKind kind_of(const Graph *g, Layout *l, int node) {
    const Node *n = &g->nodes[node];
    Seat *s = &l->seats[node];
    if (n->steady) return GRAD_KEPT;
    bool given = layout_is_value(n->op) && node != g->data;
    if (g->loss < 0 || given || !wants_grad(g, l, node)) return GRAD_NONE;
    if (s->sum >= 0) return s->sum == node ? GRAD_KEPT : GRAD_PASSES;
    const Pull *p = only_source(g, l, node);
    if (s->once) {
        s->own = *p;
        return GRAD_PASSES;
    }
    if (node == g->data && n->op != OP_INPUT) return GRAD_KEPT; // what is fed back may not count
    if (!p) return GRAD_KEPT;
    const Seat *source = &l->seats[p->user];
    int lender = source->grad == GRAD_HANDED ? source->lender : p->user;
    bool kept = l->seats[lender].grad == GRAD_KEPT, here = used_up(g, l, node) && node != g->data;
    if (p->moved >= 0 && (kept || here)) {
        s->lender = lender;
        return GRAD_HANDED;
    }
    if (!kept || !here || g->nodes[p->user].part != n->part) return GRAD_KEPT;
    s->own = *p;
    return GRAD_PASSES;
}

static void choose_grads(const Graph *g, Layout *l) {
    for (int i = g->n_nodes - 1; i >= 0; i--) l->seats[i].grad = kind_of(g, l, i);
    for (int i = 0; i < g->n_nodes; i++)
        if (l->seats[i].sum >= 0) l->seats[i].own = pull_of(g, l, i, g->uses[i][0]);
    for (size_t i = 0; i < (size_t)l->first_pull[g->n_nodes]; i++)
        l->pulls[i].source = layout_source(l, l->pulls[i].user);
    for (int i = 0; i < g->n_nodes; i++)
        l->seats[i].own.source = layout_source(l, l->seats[i].own.user);
}

static bool starts_equation(const Graph *g, int node) {
    for (int e = 0; e < g->n_equations; e++)
        if (g->equations[e].start == node) return true;
    return false;
}

/// Does this parameter get the gradient of the product with the one before it, and nothing else, as
/// b in W @ x + b?
static bool is_beside(const Graph *g, const Layout *l, int param) {
    int node = g->params[param].node, matrix = param > 0 ? g->params[param - 1].node : -1;
    if (matrix < 0 || !l->seats[matrix].single || l->seats[node].single) return false;
    int product = g->uses[matrix][0].node;
    const Pull *p = &l->pulls[l->first_pull[node]];
    bool one = l->first_pull[node + 1] - l->first_pull[node] == 1 && !starts_equation(g, node);
    return one && p->moved == 0 && !g->nodes[p->user].steady &&
           g->nodes[product].op == OP_MATMUL && layout_source(l, product) == p->source &&
           l->seats[node].count == l->seats[product].count;
}

static void choose_beside(const Graph *g, Layout *l) {
    for (int i = 0; i < g->n_params && l->width > 1; i++)
        l->seats[g->params[i].node].beside = is_beside(g, l, i);
}

// ---- which values are kept

/// Marks what its readers need later than when they run, or in a backward function.
static void mark_needed(const Graph *g, bool *needed, bool *is_read) {
    needed[g->data] = true; // it may be computed, where an output is fed back
    for (int e = 0; e < g->n_equations; e++)
        if (g->equations[e].handed >= 0) needed[g->equations[g->equations[e].handed].node] = true;
    for (int i = 0; i < g->n_nodes; i++)
        for (int k = 0; k < g->nodes[i].n_args; k++) {
            Arg arg = g->nodes[i].args[k];
            is_read[arg.node] = true;
            if (arg.lag > 0 || g->nodes[i].steady || g->nodes[i].part != g->nodes[arg.node].part ||
                !op_defs[g->nodes[i].op].spares_args)
                needed[arg.node] = true;
        }
}

static void choose_values(Arena *scratch, const Graph *g, bool training, Layout *l) {
    bool *needed = ARENA_ARRAY(scratch, bool, g->n_nodes);
    bool *is_read = ARENA_ARRAY(scratch, bool, g->n_nodes);
    mark_needed(g, needed, is_read);
    for (int i = 0; i < g->n_nodes; i++) {
        const Node *n = &g->nodes[i];
        Seat *s = &l->seats[i];
        bool shared = s->same != i || s->next >= 0;
        if (layout_is_value(n->op) || n->steady || shared || needed[i] || !is_read[i]) continue;
        if (n->fused || !op_defs[n->op].spares_result) continue;
        s->value_passes = true;
        if (training) continue;
        if (n->equation >= 0 && g->equations[n->equation].node == i) s->value_passes = false;
        for (int k = 0; k < n->n_args; k++)
            if (l->seats[n->args[k].node].value_passes) s->value_passes = false;
    }
}

// ---- places

static ptrdiff_t take(size_t *block, ptrdiff_t numbers) {
    ptrdiff_t at = (ptrdiff_t)*block;
    *block += (size_t)numbers;
    return at;
}

static void place_values(const Graph *g, Layout *l) {
    l->steady = (size_t)g->n_weights;
    for (int k = 0; k < g->n_nodes; k++) {
        int i = l->order[k];
        const Node *n = &g->nodes[i];
        Seat *s = &l->seats[i];
        if (n->op == OP_PARAM && s->single)
            s->value_at = g->params[n->param].offset; // stands among the parameters
        else if (s->same != i)
            continue;
        else
            s->value_at = take(n->steady || s->once ? &l->steady
                               : s->value_passes    ? &l->room
                                                    : &l->frame,
                               s->count);
    }
    for (int i = 0; i < g->n_nodes; i++) l->seats[i].value_at = l->seats[l->seats[i].same].value_at;
}

static void place_grads(const Graph *g, Layout *l) {
    for (int k = 0; k < g->n_nodes; k++) {
        int i = l->order[k];
        Seat *s = &l->seats[i];
        bool shown = s->grad == GRAD_PASSES || s->sum >= 0;
        s->own_at = shown && !(s->once && l->training) ? take(&l->room, s->count) : -1;
        if (g->nodes[i].steady)
            s->grad_at = s->value_at;
        else if (s->grad == GRAD_KEPT)
            s->grad_at = take(&l->grad_frame, s->count);
        else
            s->grad_at = s->own_at;
    }
    for (int i = g->n_nodes - 1; i >= 0; i--) {
        Seat *s = &l->seats[i];
        const Pull *p = &l->pulls[l->first_pull[i]];
        if (s->grad == GRAD_HANDED) s->grad_at = l->seats[p->user].grad_at + p->moved;
    }
}

static bool equation_has_start(const Graph *g, int equation) {
    const Equation *e = &g->equations[equation];
    if (e->remembered || e->start >= 0) return true;
    for (int i = 0; i < g->n_uses[e->node]; i++) {
        Use u = g->uses[e->node][i];
        if (layout_reads_start(g, u.node, (Arg){e->node, u.lag})) return true;
    }
    return false;
}

static void place_starts(Arena *a, const Graph *g, Layout *l) {
    l->start_at = ARENA_ARRAY(a, ptrdiff_t, g->n_equations);
    for (int e = 0; e < g->n_equations; e++)
        l->start_at[e] =
            equation_has_start(g, e) ? take(&l->starts, l->seats[g->equations[e].node].count) : -1;
}

/// How many numbers of the column that a matrix is multiplied by want a gradient: all, or the first
/// parts of a stack.
static ptrdiff_t wanted_of(const Graph *g, const Layout *l, int column) {
    const Node *n = &g->nodes[column];
    if (n->op != OP_STACK) return n->dim.rows;
    ptrdiff_t all = 0, wanted = 0;
    for (int k = 0; k < n->n_args; k++) {
        all += g->nodes[n->args[k].node].dim.rows;
        if (wants_grad(g, l, n->args[k].node)) wanted = all;
    }
    return wanted;
}

static void mark_turned(const Graph *g, Layout *l) {
    for (int i = 0; i < g->n_nodes; i++) {
        bool turns = is_turned(g, &g->nodes[i]);
        l->seats[i].turns = turns && l->width == 1;
        if (turns) l->seats[i].wanted = wanted_of(g, l, g->nodes[i].args[1].node);
    }
}

bool layout_make(Arena *a, const Graph *g, int width, bool training, Layout *out) {
    *out =
        (Layout){.width = width, .training = training, .seats = ARENA_ARRAY(a, Seat, g->n_nodes)};
    for (int i = 0; i < g->n_nodes; i++)
        out->seats[i] =
            (Seat){.same = i, .next = -1, .sum = -1, .lender = -1, .run = -1, .own_at = -1};
    if (!count(g, (size_t)width, out)) return false;
    Arena *scratch = arena_new();
    share_stacks(g, out);
    sum_stacks(g, out);
    list_pulls(a, g, out);
    choose_grads(g, out);
    choose_beside(g, out);
    choose_values(scratch, g, training, out);
    mark_turned(g, out);
    bundle_order(a, g, out);
    place_values(g, out);
    place_grads(g, out);
    bundle_make(a, g, out);
    place_starts(a, g, out);
    arena_free(scratch);
    return true;
}
