// How a gradient passes one operation: what comes in, the slope it is multiplied by, and the
// products that add up where an argument met several numbers.
#include <math.h>

#include "core/op.h"
#include "lesson/explain.h"

int explain_result(const Graph *g, int node, int k, int unit) {
    const Node *n = &g->nodes[node];
    Dim from = g->nodes[n->args[k].node].dim;
    int r = (unit - 1) / from.cols, c = (unit - 1) % from.cols;
    if (n->op == OP_TRANSPOSE) return c * n->dim.cols + r + 1;
    if (n->op == OP_MATMUL && k == 0) return r * n->dim.cols + 1;
    if (n->op == OP_MATMUL) return c + 1;
    if (n->op == OP_OUTER) return k == 0 ? r * n->dim.cols + 1 : r + 1;
    return unit <= dim_count(n->dim) ? unit : 1;
}

double explain_slope(Arena *a, const Lesson *l, Path path, int unit) {
    const Graph *g = l->graph;
    const Node *n = &g->nodes[path.user];
    const double *args[OP_MAX_ARGS];
    Dim dims[OP_MAX_ARGS];
    if (n->n_args > OP_MAX_ARGS || n->fused || !op_defs[n->op].backward) return NAN;
    for (int i = 0; i < n->n_args; i++) {
        args[i] = trace_arg(l->trace, path.user, i, path.place);
        dims[i] = g->nodes[n->args[i].node].dim;
    }
    OpCall call = {.dim = n->dim,
                   .n_args = n->n_args,
                   .arg_dim = dims,
                   .arg = args,
                   .compare = n->compare,
                   .lo = n->lo,
                   .fused = false};
    double *dy = ARENA_ARRAY(a, double, dim_count(n->dim));
    double *share = ARENA_ARRAY(a, double, dim_count(dims[path.arg]));
    dy[explain_result(g, path.user, path.arg, unit) - 1] = 1;
    const double *y = trace_value(l->trace, path.user, path.place);
    op_defs[n->op].backward(&call, y, dy, path.arg, share);
    return share[unit - 1];
}

double explain_incoming(const Lesson *l, Path path, int result) {
    const Graph *g = l->graph;
    const Node *n = &g->nodes[path.user];
    for (int i = 0; n->fused && i < g->n_uses[path.user]; i++) {
        int reader = g->uses[path.user][i].node;
        const Node *loss = &g->nodes[reader];
        bool fits = loss->op == OP_CROSS_ENTROPY || loss->op == OP_BINARY_CROSS_ENTROPY;
        int at = dim_count(loss->dim) == 1 ? 1 : result;
        if (fits) return trace_grad(l->trace, reader, path.place)[at - 1];
    }
    return trace_grad(l->trace, path.user, path.place)[result - 1];
}

Term *explain_back_terms(Arena *a, const Lesson *l, Path path, int unit, int *count) {
    const Graph *g = l->graph;
    const Node *n = &g->nodes[path.user];
    *count = 0;
    if (n->op != OP_MATMUL && n->op != OP_OUTER) return NULL;
    int k = path.arg;
    const double *dy = trace_grad(l->trace, path.user, path.place);
    Dim from = g->nodes[n->args[k].node].dim, to = n->dim;
    Dim other = g->nodes[n->args[1 - k].node].dim;
    bool outer = n->op == OP_OUTER;
    int r = (unit - 1) / from.cols, c = (unit - 1) % from.cols;
    *count = outer ? dim_count(other) : k == 0 ? to.cols : to.rows;
    Term *terms = ARENA_ARRAY(a, Term, *count);
    for (int i = 0; i < *count; i++) {
        int d = outer    ? (k == 0 ? r * to.cols + i : i * to.cols + r)
                : k == 0 ? r * to.cols + i
                         : i * to.cols + c;
        int v = outer ? i : k == 0 ? c * other.cols + i : i * other.cols + r;
        Number met = explain_argument(l, path.user, 1 - k, path.place, v + 1);
        Number grad = {path.user, path.place, 0, d + 1, dy[d]};
        terms[i] = (Term){grad, met, true, dy[d] * met.value};
    }
    return terms;
}
