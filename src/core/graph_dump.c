// A graph as text: one line an item, the word at its start saying what it is, so that grep finds
// it and golden tests compare it.
#include <string.h>

#include "core/graph.h"

static const char *const part_kinds[] = {"feed", "embedding", "layer", "head", "loss"};
static const char *const compares[] = {"<", "<=", ">", ">=", "=="};
static const char *const init_kinds[] = {"constant", "uniform", "glorot", "orthogonal",
                                         "identity", "normal",  "chrono"};
static const char *const loss_kinds[] = {"none", "cross-entropy", "binary-cross-entropy", "mse",
                                         "probe"};

static void dump_part(const Graph *g, int i, Buf *out) {
    const Part *p = &g->parts[i];
    buf_printf(out, "part %d %s %s %s hidden %d input %d output %d nodes %d..%d", i,
               part_kinds[p->kind], p->name, p->backward ? "backward" : "forward", p->hidden,
               p->input, p->output, p->first, p->last);
    if (p->stretch) buf_printf(out, " %s", p->stretch == STRETCH_PROMPT ? "prompt" : "answer");
    if (p->first_start <= p->last_start)
        buf_printf(out, " starts %d..%d", p->first_start, p->last_start);
    buf_puts(out, "\n");
}

static void dump_param(const Param *p, Buf *out) {
    buf_printf(out, "param %s %dx%d at %d node %d init %s(%.6g)\n", p->full, p->dim.rows,
               p->dim.cols, p->offset, p->node, init_kinds[p->init.kind], p->init.a);
}

static void dump_equation(const Equation *e, Buf *out) {
    buf_printf(out, "equation %s nodes %d..%d steps %d", e->full, e->first, e->last, e->n_steps);
    if (e->start >= 0) buf_printf(out, " start %d", e->start);
    if (e->handed >= 0) buf_printf(out, " handed %d", e->handed);
    if (e->remembered) buf_puts(out, " remembered");
    buf_puts(out, "\n");
}

static void dump_arg(const Graph *g, Arg arg, Buf *out) {
    buf_printf(out, " %d", arg.node);
    const Node *n = &g->nodes[arg.node];
    const char *name = n->op == OP_PARAM ? g->params[n->param].full
                       : n->equation >= 0 && g->equations[n->equation].node == arg.node
                           ? g->equations[n->equation].full
                           : NULL;
    if (name) buf_printf(out, ":%s", name);
    if (arg.lag) buf_printf(out, "[t-%d]", arg.lag);
}

static void dump_node(const Graph *g, int i, Buf *out) {
    const Node *n = &g->nodes[i];
    buf_printf(out, "node %d ", i);
    if (n->equation >= 0) buf_printf(out, "%s", g->equations[n->equation].full);
    if (n->step) buf_printf(out, ".%d", n->step);
    buf_printf(out, "%s%s %dx%d", n->equation >= 0 ? " " : "", op_defs[n->op].name, n->dim.rows,
               n->dim.cols);
    if (n->op == OP_PARAM) buf_printf(out, " %s", g->params[n->param].full);
    if (n->op == OP_CONST) buf_printf(out, " %.17g", n->number);
    if (n->op == OP_SLICE) buf_printf(out, " rows %d..%d of", n->lo, n->lo + n->dim.rows - 1);
    if (n->op == OP_WHERE) buf_printf(out, " %s", compares[n->compare]);
    for (int k = 0; k < n->n_args; k++) dump_arg(g, n->args[k], out);
    if (n->steady) buf_puts(out, " steady");
    if (n->fused) buf_puts(out, " fused");
    buf_puts(out, "\n");
}

void graph_dump(const Graph *g, Buf *out) {
    buf_printf(out, "graph data %d x %d output %d target %d loss %d %s weights %d\n", g->data, g->x,
               g->output, g->target, g->loss, loss_kinds[g->loss_kind], g->n_weights);
    for (int i = 0; i < g->n_parts; i++) dump_part(g, i, out);
    for (int i = 0; i < g->n_params; i++) dump_param(&g->params[i], out);
    for (int i = 0; i < g->n_equations; i++) dump_equation(&g->equations[i], out);
    for (int i = 0; i < g->n_nodes; i++) dump_node(g, i, out);
}
