// Taking numbers apart along the graph. Everything is read from the trace; the only arithmetic is
// the products and signs of the terms themselves, and shares come from trace_share, so that they
// are to the bit what was added.
#include "lesson/explain.h"

#include <string.h>

#include "core/op.h"

static const Node *node_of(const Lesson *l, int node) {
    return &l->graph->nodes[node];
}

/// The argument of a stack that holds row or column `at` (from 0), with `at` counted within it.
static int stacked(const Graph *g, const Node *n, int *row) {
    for (int k = 0; k < n->n_args; k++) {
        int rows = g->nodes[n->args[k].node].dim.rows;
        if (*row < rows) return k;
        *row -= rows;
    }
    return 0;
}

/// Where wiring takes its element from: the argument, and the element there.
static int through_wiring(const Graph *g, const Node *n, int unit, int *from) {
    int cols = n->dim.cols, r = (unit - 1) / cols, c = (unit - 1) % cols, k = 0;
    if (n->op == OP_STACK) k = stacked(g, n, &r);
    if (n->op == OP_SLICE) r += n->lo - 1;
    if (n->op == OP_SPREAD) r = c = 0;
    *from = r * g->nodes[n->args[k].node].dim.cols + c + 1;
    return k;
}

static bool is_wiring(OpKind op) {
    return op >= OP_STACK && op <= OP_SPREAD;
}

Number explain_argument(const Lesson *l, int node, int k, int place, int unit) {
    const Graph *g = l->graph;
    for (;;) {
        Arg arg = g->nodes[node].args[k];
        const Node *n = &g->nodes[arg.node];
        int from = n->steady ? 0 : trace_arg_place(l->trace, node, k, place);
        bool leaf = !is_wiring(n->op) || n->n_args == 0 || arg.lag > 0;
        if (leaf || (n->equation >= 0 && g->equations[n->equation].node == arg.node))
            return (Number){n->steady ? arg.node : trace_arg_node(l->trace, node, k, place), from,
                            arg.lag, unit, trace_arg(l->trace, node, k, place)[unit - 1]};
        node = arg.node;
        k = through_wiring(g, n, unit, &unit);
    }
}

int explain_element(const Graph *g, int node, int k, int unit) {
    const Node *n = &g->nodes[node];
    Dim from = g->nodes[n->args[k].node].dim;
    int r = (unit - 1) / n->dim.cols, c = (unit - 1) % n->dim.cols;
    if (dim_count(from) == 1) return 1;
    if (n->op == OP_OUTER) return (k == 0 ? r : c) + 1;
    if (n->op == OP_TRANSPOSE) return c * from.cols + r + 1;
    if (is_wiring(n->op)) through_wiring(g, n, unit, &unit);
    return unit <= dim_count(from) ? unit : 1;
}

// ---- terms ----

typedef struct {
    Arena *arena;
    const Lesson *lesson;
    int place;
    Term *list;
    int n, cap;
} Terms;

static void add_term(Terms *t, Number a, const Number *b, double sign) {
    Term term = {.a = a, .product = b != NULL, .share = sign * a.value};
    if (b) {
        term.b = *b;
        term.share = sign * (a.value * b->value);
    }
    ARENA_PUSH(t->arena, t->list, t->n, t->cap, term);
}

static void add_products(Terms *t, int node, int unit, double sign) {
    const Node *n = node_of(t->lesson, node);
    bool dot = n->op == OP_DOT;
    Dim left = node_of(t->lesson, n->args[0].node)->dim;
    int inner = dot ? left.rows : left.cols;
    int r = dot ? 0 : (unit - 1) / n->dim.cols, c = dot ? 0 : (unit - 1) % n->dim.cols;
    for (int i = 0; i < inner; i++) {
        int ua = dot ? i + 1 : r * left.cols + i + 1, ub = dot ? i + 1 : i * n->dim.cols + c + 1;
        Number a = explain_argument(t->lesson, node, 0, t->place, ua);
        Number b = explain_argument(t->lesson, node, 1, t->place, ub);
        add_term(t, a, &b, sign);
    }
}

static void add_elements(Terms *t, int node, double sign) {
    const Node *n = node_of(t->lesson, node);
    int count = dim_count(node_of(t->lesson, n->args[0].node)->dim);
    for (int u = 1; u <= count; u++)
        add_term(t, explain_argument(t->lesson, node, 0, t->place, u), NULL,
                 n->op == OP_MEAN ? sign / count : sign);
}

static Number element(const Terms *t, int node, int k, int unit) {
    int u = explain_element(t->lesson->graph, node, k, unit);
    return explain_argument(t->lesson, node, k, t->place, u);
}

static bool adds_up(OpKind op) {
    return op == OP_MATMUL || op == OP_DOT || op == OP_SUM || op == OP_MEAN || op == OP_ADD ||
           op == OP_SUB;
}

Term *explain_terms(Arena *a, const Lesson *l, int node, int place, int unit, int *count) {
    Terms t = {.arena = a, .lesson = l, .place = place};
    OpKind op = node_of(l, node)->op;
    if (op == OP_MATMUL || op == OP_DOT) add_products(&t, node, unit, 1);
    if (op == OP_SUM || op == OP_MEAN) add_elements(&t, node, 1);
    if (op == OP_ADD || op == OP_SUB) {
        add_term(&t, element(&t, node, 0, unit), NULL, 1);
        add_term(&t, element(&t, node, 1, unit), NULL, op == OP_SUB ? -1 : 1);
    }
    *count = t.n;
    return t.list;
}

/// Is it a step on the way to the same equation, so that it can be written out?
static bool is_inner(const Lesson *l, Number x, int equation) {
    const Node *n = node_of(l, x.node);
    return n->step > 0 && x.lag == 0 && n->equation == equation && equation >= 0 &&
           l->graph->equations[equation].node != x.node;
}

enum { DEEPEST = 64 };

static void write_out(Terms *t, int node, int unit, double sign, int depth);

static void write_side(Terms *t, int node, int k, int unit, double sign, int depth) {
    Number x = element(t, node, k, unit);
    OpKind op = node_of(t->lesson, x.node)->op;
    bool more = adds_up(op) || op == OP_MUL || op == OP_NEG;
    if (more && depth < DEEPEST && is_inner(t->lesson, x, node_of(t->lesson, node)->equation))
        write_out(t, x.node, x.unit, sign, depth + 1);
    else
        add_term(t, x, NULL, sign);
}

static void write_out(Terms *t, int node, int unit, double sign, int depth) {
    OpKind op = node_of(t->lesson, node)->op;
    if (op == OP_MATMUL || op == OP_DOT) {
        add_products(t, node, unit, sign);
    } else if (op == OP_SUM || op == OP_MEAN) {
        add_elements(t, node, sign);
    } else if (op == OP_MUL) {
        Number b = element(t, node, 1, unit);
        add_term(t, element(t, node, 0, unit), &b, sign);
    } else {
        write_side(t, node, 0, unit, op == OP_NEG ? -sign : sign, depth);
        if (op == OP_ADD || op == OP_SUB)
            write_side(t, node, 1, unit, op == OP_SUB ? -sign : sign, depth);
    }
}

Explained explain_value(Arena *a, const Lesson *l, int node, int place, int unit) {
    Explained e = {.inner = node};
    enum { MOST = sizeof e.functions / sizeof *e.functions };
    while (e.n_functions < MOST) {
        const Node *n = node_of(l, e.inner);
        bool function = op_defs[n->op].slope && n->op != OP_NEG && n->n_args >= 1;
        if (!function) break;
        Number x = explain_argument(l, e.inner, 0, place, unit);
        if (!is_inner(l, x, n->equation)) break;
        e.functions[e.n_functions++] = e.inner;
        e.inner = x.node;
        unit = x.unit;
    }
    const Node *n = node_of(l, e.inner);
    e.value = trace_value(l->trace, e.inner, n->steady ? 1 : place)[unit - 1];
    Terms t = {.arena = a, .lesson = l, .place = place};
    if (adds_up(n->op) || n->op == OP_MUL || n->op == OP_NEG) write_out(&t, e.inner, unit, 1, 0);
    e.terms = t.list;
    e.n_terms = t.n;
    return e;
}

// ---- paths ----

/// `inside`: within the node's own equation each operation is a path of its own.
static Path *same_path(Path *list, int n, Path p, bool inside) {
    if (p.equation < 0 || inside) return NULL;
    for (int i = 0; i < n; i++)
        if (list[i].equation == p.equation && list[i].place == p.place) return &list[i];
    return NULL;
}

/// The share of one element. Of a weight in a product with a column it is a single product, of a
/// bias the gradient itself: the whole share, as large as the matrix, need not be made.
static double share_of(Arena *a, const Lesson *l, Use use, int at, int unit, double **scratch) {
    const Node *n = node_of(l, use.node);
    Dim dim = node_of(l, n->args[use.arg].node)->dim;
    if (n->op == OP_ADD && dim.rows == n->dim.rows && dim.cols == n->dim.cols)
        return trace_grad(l->trace, use.node, at)[unit - 1];
    if (n->op == OP_MATMUL && use.arg == 0 && n->dim.cols == 1) {
        double dy = trace_grad(l->trace, use.node, at)[(unit - 1) / dim.cols];
        return dy == 0 ? 0 : dy * trace_arg(l->trace, use.node, 1, at)[(unit - 1) % dim.cols];
    }
    if (!*scratch) *scratch = ARENA_ARRAY(a, double, dim_count(dim));
    trace_share(l->trace, use.node, use.arg, at, *scratch);
    return (*scratch)[unit - 1];
}

Path *explain_cuts(Arena *a, const Lesson *l, int node, int place, int *count) {
    const Graph *g = l->graph;
    Path *list = NULL;
    int found = 0, cap = 0;
    for (int i = 0; i < g->n_uses[node]; i++) {
        Use use = g->uses[node][i];
        int at = trace_use_place(l->trace, use, place);
        bool truncated = at >= 1 && trace_cuts(l->trace, use, place);
        if (at < 1 || !(truncated || graph_cuts(g, use.node))) continue;
        Path p = {use.node, use.arg, at, g->nodes[use.node].equation, false, truncated, 0};
        if (!same_path(list, found, p, false)) ARENA_PUSH(a, list, found, cap, p);
    }
    *count = found;
    return list;
}

Path *explain_paths(Arena *a, const Lesson *l, int node, int place, int unit, int *count) {
    const Graph *g = l->graph;
    const Node *n = &g->nodes[node];
    double *scratch = NULL;
    Path *list = NULL;
    int found = 0, cap = 0;
    for (int i = 0; i < g->n_uses[node]; i++) {
        Use use = g->uses[node][i];
        const Node *user = &g->nodes[use.node];
        int at = trace_use_place(l->trace, use, place);
        if (at < 1 || user->steady || graph_cuts(g, use.node)) continue;
        if (trace_cuts(l->trace, use, place)) continue;
        double share = share_of(a, l, use, at, unit, &scratch);
        Path p = {use.node, use.arg, at, user->equation, false, false, share};
        Path *same = same_path(list, found, p, p.equation == n->equation && at == place);
        if (same) {
            same->share += p.share;
            same->merged = true;
        } else {
            ARENA_PUSH(a, list, found, cap, p);
        }
    }
    *count = found;
    return list;
}
