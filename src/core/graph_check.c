// Every promise of graph.h, one small function each. The first broken one is named.
#include <string.h>

#include "core/graph.h"
#include "core/graph_fuse.h"
#include "core/shape.h"

typedef struct {
    const Graph *g;
    const char **why;
} Check;

static bool fails(Check *c, const char *why) {
    if (*c->why == NULL) *c->why = why;
    return false;
}

#define PROMISE(c, condition)                                                                      \
    if (!(condition)) return fails((c), #condition)

static bool within(int i, int n) {
    return i >= 0 && i < n;
}

static bool is_value(const Node *n) {
    return n->op <= OP_START;
}

// ---- nodes

static bool check_arg(Check *c, int reader, int k) {
    const Graph *g = c->g;
    const Node *n = &g->nodes[reader];
    Arg arg = n->args[k];
    PROMISE(c, within(arg.node, g->n_nodes));
    PROMISE(c, arg.lag >= 0);
    const Node *from = &g->nodes[arg.node];
    bool target = k > 0 && !graph_arg_carries(n, k) && arg.node == g->target;
    PROMISE(c, arg.lag > 0 || arg.node < reader || target);
    bool fed = n->part == g->feed_part && arg.node == g->output;
    PROMISE(c, from->part <= n->part || target || fed);
    PROMISE(c, !n->steady || from->steady);
    if (arg.lag == 0) return true;
    bool of_equation = from->equation >= 0 && g->equations[from->equation].node == arg.node;
    PROMISE(c, of_equation || arg.node == g->parts[n->part].input);
    PROMISE(c, from->part != n->part || !of_equation || g->equations[from->equation].remembered);
    return true;
}

static bool check_shape(Check *c, const Node *n) {
    const Graph *g = c->g;
    PROMISE(c, n->dim.rows >= 1 && n->dim.cols >= 1);
    PROMISE(c, (int64_t)n->dim.rows * n->dim.cols <= SHAPE_MAX_COUNT);
    if (is_value(n)) return true;
    Dim few[OP_MAX_ARGS] = {{0, 0}}, dim = n->dim;
    Dim first = g->nodes[n->args[0].node].dim;
    if (n->op == OP_STACK) {
        int64_t sum = 0;
        for (int k = 0; k < n->n_args; k++) sum += dim_count(g->nodes[n->args[k].node].dim);
        PROMISE(c, sum == dim_count(dim));
    } else if (n->op == OP_SLICE) {
        PROMISE(c, n->lo >= 1 && n->lo + dim.rows - 1 <= first.rows && dim.cols == first.cols);
    } else if (n->op == OP_SPREAD) {
        PROMISE(c, dim_single(first) && !dim_single(dim));
    } else {
        int n_args = n->fused ? 1 : n->n_args;
        PROMISE(c, n_args <= OP_MAX_ARGS);
        for (int k = 0; k < n_args; k++) few[k] = g->nodes[n->args[k].node].dim;
        PROMISE(c, shape_of(n->op, n_args, few, &dim));
        PROMISE(c, dim_equal(dim, n->dim));
    }
    return true;
}

static bool check_node(Check *c, int i) {
    const Graph *g = c->g;
    const Node *n = &g->nodes[i];
    PROMISE(c, within((int)n->op, OP_COUNT));
    PROMISE(c, within(n->part, g->n_parts));
    PROMISE(c, n->equation >= -1 && n->equation < g->n_equations);
    PROMISE(c, is_value(n) == (n->n_args == 0));
    PROMISE(c, !is_value(n) || n->equation < 0);
    PROMISE(c, n->op != OP_PARAM || (within(n->param, g->n_params) && n->steady));
    PROMISE(c, n->op != OP_START || (n->values && n->steady));
    PROMISE(c, n->op != OP_CONST || (dim_single(n->dim) && n->steady));
    PROMISE(c, !(n->op == OP_INPUT || n->op == OP_TIMESTEP) || !n->steady);
    PROMISE(c, (n->step > 0) == (n->equation >= 0 && op_defs[n->op].is_step));
    for (int k = 0; k < n->n_args; k++)
        if (!check_arg(c, i, k)) return false;
    return check_shape(c, n);
}

static bool check_uses(Check *c) {
    const Graph *g = c->g;
    int64_t carrying = 0, listed = 0;
    for (int i = 0; i < g->n_nodes; i++) {
        for (int k = 0; k < g->nodes[i].n_args; k++)
            if (graph_arg_carries(&g->nodes[i], k))
                carrying += graph_handed(g, i, g->nodes[i].args[k]) >= 0 ? 2 : 1;
        listed += g->n_uses[i];
        for (int u = 0; u < g->n_uses[i]; u++) {
            Use use = g->uses[i][u];
            PROMISE(c, within(use.node, g->n_nodes));
            PROMISE(c, within(use.arg, g->nodes[use.node].n_args));
            PROMISE(c, graph_arg_carries(&g->nodes[use.node], use.arg));
            Arg arg = g->nodes[use.node].args[use.arg];
            PROMISE(c, arg.node == i || graph_handed(g, use.node, arg) == i);
            PROMISE(c, arg.lag == use.lag);
            if (u == 0) continue;
            Use before = g->uses[i][u - 1];
            PROMISE(c, before.node < use.node || (before.node == use.node && before.arg < use.arg));
        }
    }
    PROMISE(c, carrying == listed);
    return true;
}

// ---- equations, parts, parameters

static bool is_mask(const Graph *g, int node) {
    for (int i = 0; i < g->n_masks; i++)
        if (g->masks[i] == node) return g->nodes[node].op == OP_INPUT;
    return false;
}

static bool check_equation(Check *c, int i) {
    const Graph *g = c->g;
    const Equation *e = &g->equations[i];
    PROMISE(c, e->name && e->full && e->label[0] && e->label[1] && e->ast);
    PROMISE(c, within(e->part, g->n_parts));
    const Part *part = &g->parts[e->part];
    PROMISE(c, e->first >= part->first && e->last <= part->last && e->first <= e->last);
    PROMISE(c, e->node == e->last);
    int step = 0;
    for (int n = e->first; n <= e->last; n++) {
        PROMISE(c, g->nodes[n].equation == i && g->nodes[n].part == e->part);
        PROMISE(c, !is_value(&g->nodes[n]));
        PROMISE(c, g->nodes[n].step == 0 || g->nodes[n].step == ++step);
    }
    PROMISE(c, step == e->n_steps && step >= 1);
    PROMISE(c, e->start >= -1 && e->start < g->n_nodes);
    PROMISE(c, e->start < 0 || e->remembered);
    PROMISE(c, e->handed >= -1 && e->handed < i && (e->handed < 0 || e->start < 0));
    PROMISE(c, e->handed < 0 || part->stretch == STRETCH_ANSWER);
    PROMISE(c, e->handed < 0 ||
                   dim_equal(g->nodes[g->equations[e->handed].node].dim, g->nodes[e->node].dim));
    PROMISE(c, e->start < 0 || g->nodes[e->start].steady);
    PROMISE(c, e->start < 0 || dim_equal(g->nodes[e->start].dim, g->nodes[e->node].dim));
    PROMISE(c, i == 0 || g->equations[i - 1].last < e->first);
    PROMISE(c, e->mask == -1 || (is_mask(g, e->mask) && e->mask == e->first - 1));
    PROMISE(c, e->mask == -1 || (e->first == e->last && g->nodes[e->node].op == OP_MUL));
    return true;
}

static bool check_part(Check *c, int i) {
    const Graph *g = c->g;
    const Part *p = &g->parts[i];
    PROMISE(c, p->name && p->prefix && p->cell);
    PROMISE(c, p->hidden >= 1);
    PROMISE(c, within(p->input, g->n_nodes) && within(p->output, g->n_nodes));
    PROMISE(c, p->first <= p->last && p->last < g->n_nodes);
    PROMISE(c, p->first_start <= p->last_start + 1 && p->last_start < p->first);
    PROMISE(c, g->nodes[p->output].part == i);
    PROMISE(c, i == 0 || g->parts[i - 1].last < p->first);
    PROMISE(c, i == 0 || g->parts[i - 1].kind <= p->kind);
    for (int n = p->first; n <= p->last; n++) {
        const Node *node = &g->nodes[n];
        PROMISE(c, !node->steady && node->part == i);
        if (is_mask(g, n)) continue;
        PROMISE(c, !is_value(node));
        PROMISE(c, node->equation >= 0 || node->op == OP_STACK);
    }
    for (int n = p->first_start; n <= p->last_start; n++)
        PROMISE(c, !is_value(&g->nodes[n]) && g->nodes[n].steady && g->nodes[n].part == i);
    return true;
}

static bool check_params(Check *c) {
    const Graph *g = c->g;
    int64_t offset = 0;
    for (int i = 0; i < g->n_params; i++) {
        const Param *p = &g->params[i];
        PROMISE(c, p->full && p->name);
        PROMISE(c, p->offset == offset);
        PROMISE(c, within(p->node, g->n_nodes) && g->nodes[p->node].param == i);
        PROMISE(c, g->nodes[p->node].op == OP_PARAM && dim_equal(g->nodes[p->node].dim, p->dim));
        PROMISE(c, p->is_matrix || p->dim.cols == 1);
        PROMISE(c, within(p->part, g->n_parts) && p->hidden >= 1);
        offset += dim_count(p->dim);
    }
    PROMISE(c, offset == g->n_weights && offset <= SHAPE_MAX_WEIGHTS);
    return true;
}

static bool check_whole(Check *c) {
    const Graph *g = c->g;
    PROMISE(c, g->n_parts >= 1 && g->n_nodes >= 1);
    PROMISE(c, within(g->x, g->n_nodes) && within(g->output, g->n_nodes));
    PROMISE(c, within(g->data, g->n_nodes));
    PROMISE(c, (g->feed_part < 0) == (g->nodes[g->data].op == OP_INPUT));
    PROMISE(c, g->feed_part < 0 || (g->feed_part == 0 && g->parts[0].output == g->data));
    PROMISE(c, g->feed_part < 0 || g->parts[0].input == g->output);
    PROMISE(c, g->draw < 0 || (g->feed_part == 0 && g->nodes[g->draw].op == OP_INPUT));
    PROMISE(c, g->decoder_part < 0 || g->parts[g->decoder_part].stretch == STRETCH_ANSWER);
    PROMISE(c, g->head_part < 0 || g->parts[g->head_part].kind == PART_HEAD);
    bool has_loss = g->loss_kind != LOSS_NONE;
    PROMISE(c, has_loss == (g->loss >= 0) && has_loss == (g->loss_part >= 0));
    PROMISE(c, has_loss == (g->target >= 0));
    if (!has_loss) return true;
    PROMISE(c, g->parts[g->loss_part].kind == PART_LOSS && g->loss_part == g->n_parts - 1);
    PROMISE(c, dim_single(g->nodes[g->loss].dim));
    PROMISE(c, g->nodes[g->target].op == OP_INPUT);
    PROMISE(c, dim_equal(g->nodes[g->target].dim, g->nodes[g->output].dim));
    return true;
}

bool graph_check(const Graph *g, const char **why) {
    const char *ignored;
    Check c = {g, why ? why : &ignored};
    *c.why = NULL;
    if (!check_whole(&c)) return false;
    for (int i = 0; i < g->n_nodes; i++)
        if (!check_node(&c, i)) return false;
    for (int i = 0; i < g->n_parts; i++)
        if (!check_part(&c, i)) return false;
    for (int i = 0; i < g->n_equations; i++)
        if (!check_equation(&c, i)) return false;
    return check_params(&c) && check_uses(&c);
}
