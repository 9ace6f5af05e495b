// What a cell's picture consists of, read from the graph. Every node of the parts shown belongs to
// one item: products with weights, biases and the function after them fold into one layer, wiring
// that only spreads disappears, and every other operation is an item of its own. An item's wires
// are the arguments of its nodes that come from outside of it, so that the picture cannot say
// anything that is not computed.
#include <string.h>

#include "view/cell_layout.h"
#include "view/tex.h"

static bool is_shown(const CellDiagram *d, int node) {
    int part = d->g->nodes[node].part;
    bool op = op_defs[d->g->nodes[node].op].forward != NULL && !d->still[node];
    return op && part >= d->first_part && part <= d->last_part;
}

static int first_node(const CellDiagram *d) {
    return d->g->parts[d->first_part].first;
}

// Of a layer, without the stack that puts both directions on each other.
static int last_node(const CellDiagram *d) {
    const Part *p = &d->g->parts[d->last_part];
    int last = p->last;
    while (last > p->first && d->g->nodes[last].equation < 0) last--;
    return last;
}

// What is made of numbers and parameters alone, like 1 - alpha.
static bool *still_nodes(const CellDiagram *d) {
    const Graph *g = d->g;
    bool *still = ARENA_ARRAY(d->s->arena, bool, g->n_nodes);
    for (int n = 0; n < g->n_nodes; n++) {
        const Node *node = &g->nodes[n];
        still[n] = node->steady || node->op == OP_CONST || node->op == OP_PARAM;
        if (still[n] || node->n_args == 0 || node->equation < 0) continue;
        if (g->equations[node->equation].node == n) continue; // a name is worth an item
        still[n] = true;
        for (int k = 0; k < node->n_args; k++)
            still[n] &=
                node->args[k].lag == 0 && node->args[k].node < n && still[node->args[k].node];
    }
    return still;
}

// ---- folding

static bool is_linear(const CellDiagram *d, const Node *n) {
    if (n->op == OP_ADD || n->op == OP_SUB || n->op == OP_NEG || n->op == OP_COPY) return true;
    if (n->op == OP_MATMUL) return d->still[n->args[0].node];
    if (n->op != OP_MUL) return false;
    for (int k = 0; k < 2; k++) // weights of their own for every unit, as peepholes
        if (d->g->nodes[n->args[k].node].op == OP_PARAM) return true;
    return false;
}

static bool is_function(const Node *n) {
    return n->op == OP_SOFTMAX || (op_defs[n->op].slope && n->op != OP_NEG);
}

// May this node be part of the layer of the only one that reads it?
static bool may_fold(const CellDiagram *d, const int *root, int n) {
    const Graph *g = d->g;
    const Node *node = &g->nodes[n];
    if (g->n_uses[n] != 1 || g->uses[n][0].lag > 0) return false;
    int user = g->uses[n][0].node;
    if (!is_shown(d, user) || g->nodes[user].equation != node->equation) return false;
    if (node->op == OP_STACK) return g->nodes[user].op == OP_MATMUL && root[user] >= 0;
    if (!is_linear(d, node)) return false;
    return is_function(&g->nodes[user]) || (root[user] >= 0 && is_linear(d, &g->nodes[user]));
}

// root[n]: the last node of n's layer. Only what multiplies by weights is a layer.
static int *fold(CellDiagram *d) {
    const Graph *g = d->g;
    int *root = ARENA_ARRAY(d->s->arena, int, g->n_nodes);
    bool *learned = ARENA_ARRAY(d->s->arena, bool, g->n_nodes);
    for (int n = 0; n < g->n_nodes; n++) root[n] = -1;
    for (int n = last_node(d); n >= first_node(d); n--) {
        if (!is_shown(d, n)) continue;
        root[n] = n;
        if (may_fold(d, root, n)) root[n] = root[g->uses[n][0].node];
        if (g->nodes[n].op == OP_MATMUL && is_linear(d, &g->nodes[n])) learned[root[n]] = true;
    }
    for (int n = first_node(d); n <= last_node(d); n++)
        if (root[n] >= 0 && !learned[root[n]]) root[n] = n;
    return root;
}

// ---- items

static int add_item(CellDiagram *d, CellItem item) {
    if (d->n_items >= CELL_MAX_ITEMS) {
        d->too_large = true;
        return d->n_items - 1;
    }
    ARENA_PUSH(d->s->arena, d->items, d->n_items, d->cap_items, item);
    return d->n_items - 1;
}

int cell_item_find(const CellDiagram *d, CellKind kind, int node, int lag) {
    for (int k = 0; k < d->n_items; k++) {
        const CellItem *i = &d->items[k];
        if (i->kind == kind && i->node == node && i->lag == lag) return k;
    }
    return -1;
}

static int find_or_add(CellDiagram *d, CellKind kind, int node, int lag) {
    int k = cell_item_find(d, kind, node, lag);
    return k >= 0 ? k : add_item(d, (CellItem){.kind = kind, .node = node, .lag = lag});
}

static const char *point_sign(OpKind op) {
    switch ((int)op) {
    case OP_ADD: return "+";
    case OP_SUB: return "-";
    case OP_MUL: return "\\times";
    case OP_DIV: return "\\div";
    case OP_NEG: return "-";
    case OP_MATMUL: return "\\cdot";
    case OP_COPY: return "=";
    default: return NULL;
    }
}

// A steady operand as it is written: a number or a name.
static const char *steady_tex(const CellDiagram *d, int node) {
    const Node *n = &d->g->nodes[node];
    Buf out = buf_new(d->s->arena);
    bool named = n->expr && n->expr->kind == EXPR_NAME;
    if (n->op == OP_CONST && named)
        tex_name(&out, n->expr->name, NULL, NULL, NULL);
    else if (n->op == OP_CONST)
        tex_number(&out, n->number);
    else if (n->op == OP_PARAM)
        tex_name(&out, d->g->params[n->param].name, NULL, NULL, NULL);
    else if (n->expr) // an expression of such
        tex_expr(&out, n->expr, NULL, NULL);
    else
        return NULL;
    bool sum = n->op == OP_ADD || n->op == OP_SUB;
    return sum ? arena_printf(d->s->arena, "(%s)", buf_str(&out)) : buf_str(&out);
}

// "1 -", "2 \times": an operation with one operand that is always the same.
static const char *half_tex(const CellDiagram *d, const Node *n) {
    const char *sign = point_sign(n->op);
    if (!sign || n->n_args != 2) return NULL;
    for (int k = 0; k < 2; k++) {
        if (!d->still[n->args[k].node]) continue;
        const char *with = steady_tex(d, n->args[k].node);
        if (!with || strlen(with) > 24) return NULL;
        bool swap = n->op == OP_ADD || n->op == OP_MUL; // reads better with the sign first
        if (k == 0 && !swap) return arena_printf(d->s->arena, "{%s}%s", with, sign);
        return arena_printf(d->s->arena, "%s{%s}", sign, with);
    }
    return NULL;
}

static const char *function_word(const CellDiagram *d, const Node *n) {
    if (n->op == OP_SIGMOID) return "\\sigma";
    if (n->op == OP_LOGSIGMOID) return "\\log\\sigma";
    if (n->op == OP_SLICE)
        return arena_printf(d->s->arena, "[%d{:}%d]", n->lo, n->lo + n->dim.rows - 1);
    if (n->op == OP_TRANSPOSE) return "{}^{\\top}";
    if (n->op == OP_CROSS_ENTROPY || n->op == OP_BINARY_CROSS_ENTROPY) return "-\\log";
    if (n->op == OP_HARD_SIGMOID || n->op == OP_HARD_SIGMOID_KERAS) return "\\hat{\\sigma}";
    if (n->op == OP_SUM) return "\\Sigma";
    if (n->op == OP_ABS) return "|\\,\\cdot\\,|";
    return arena_printf(d->s->arena, "\\mathrm{%s}", op_defs[n->op].name);
}

// The condition of a choice: "\phi < \rho ?".
static const char *choice_tex(const CellDiagram *d, const Node *n) {
    static const char *const relations[] = {"<", "\\le", ">", "\\ge", "="};
    if (!n->expr || n->expr->kind != EXPR_OP || n->expr->op != OP_WHERE) return "\\mathrm{where}";
    Buf out = buf_new(d->s->arena);
    tex_expr(&out, n->expr->args[0], NULL, NULL);
    buf_printf(&out, " %s ", relations[n->compare]);
    tex_expr(&out, n->expr->args[1], NULL, NULL);
    return arena_printf(d->s->arena, "%s\\,?", buf_str(&out));
}

// A function with those of its operands that no wire brings: exp(nu), mod T, w^T x.
static const char *function_tex(const CellDiagram *d, const Node *n) {
    const char *word = function_word(d, n);
    const char *given[OP_MAX_ARGS] = {NULL};
    int still = 0;
    if (n->op == OP_WHERE) return choice_tex(d, n);
    for (int k = 0; k < n->n_args && k < OP_MAX_ARGS; k++) {
        bool fixed = n->args[k].lag == 0 && d->still[n->args[k].node];
        given[k] = fixed ? steady_tex(d, n->args[k].node) : NULL;
        still += given[k] != NULL;
    }
    if (!still || n->n_args > OP_MAX_ARGS) return word;
    Arena *a = d->s->arena;
    if (n->op == OP_MOD && given[1]) return arena_printf(a, "%s\\,%s", word, given[1]);
    if (n->op == OP_DOT && still == 1)
        return arena_printf(a, "{%s}^{\\top}\\cdot", given[given[0] ? 0 : 1]);
    Buf out = buf_new(a);
    buf_printf(&out, "%s(", word);
    for (int k = 0; k < n->n_args; k++)
        buf_printf(&out, "%s%s", k ? ", " : "", given[k] ? given[k] : "\\cdot");
    buf_puts(&out, ")");
    return buf_str(&out);
}

// The matrices of a layer without a function, as far as there are few.
static const char *weights_tex(const CellDiagram *d, const int *root, int n) {
    enum { FEW = 3 };
    int count = 0;
    Buf out = buf_new(d->s->arena);
    for (int k = first_node(d); k <= n; k++) {
        const Node *node = &d->g->nodes[k];
        if (root[k] != n || node->op != OP_MATMUL) continue;
        const Node *matrix = &d->g->nodes[node->args[0].node];
        if (count++ == FEW || matrix->op != OP_PARAM) return "W\\,\\cdot";
        if (count > 1) buf_puts(&out, ", ");
        tex_name(&out, d->g->params[matrix->param].name, NULL, NULL, NULL);
    }
    if (!count) return "W\\,\\cdot";
    return count > 1 ? buf_str(&out) : arena_printf(d->s->arena, "%s\\,\\cdot", buf_str(&out));
}

static void add_operation(CellDiagram *d, const int *root, int n) {
    const Node *node = &d->g->nodes[n];
    bool layer = false;
    for (int k = first_node(d); k < n && !layer; k++) layer = root[k] == n;
    CellItem item = {.node = n, .gate = view_is_gate(d->g, n)};
    const char *half = half_tex(d, node), *sign = point_sign(node->op);
    if (layer || (node->op == OP_MATMUL && is_linear(d, node))) {
        item.kind = CELL_LAYER;
        item.has_curve = is_function(node) && node->op != OP_SOFTMAX;
        item.tex = is_function(node) ? function_tex(d, node) : weights_tex(d, root, n);
        item.brief = is_function(node) ? function_word(d, node) : "W";
    } else if (node->op == OP_STACK) {
        item.kind = CELL_JOIN;
    } else if (half) {
        item.kind = CELL_FUNCTION;
        item.tex = half;
        item.brief = sign;
    } else if (sign) {
        item.kind = CELL_POINT;
        item.tex = sign;
    } else {
        item.kind = CELL_FUNCTION;
        item.has_curve = is_function(node) && node->op != OP_SOFTMAX;
        item.tex = function_tex(d, node);
        item.brief = function_word(d, node);
    }
    d->item_of[n] = add_item(d, item);
}

// ---- wires

static int *wire_ends(CellDiagram *d, int from, int to) {
    for (int k = 0; k < d->n_wires; k++)
        if (d->wires[k].from == from && d->wires[k].to == to) return NULL;
    CellWire w = {.from = from, .to = to};
    ARENA_PUSH(d->s->arena, d->wires, d->n_wires, d->cap_wires, w);
    return &d->wires[d->n_wires - 1].from;
}

// What an argument comes from, through wiring that only spreads; -1 for what never changes.
static int source_of(CellDiagram *d, Arg arg) {
    const Node *n = &d->g->nodes[arg.node];
    while (n->op == OP_SPREAD && arg.lag == 0 && is_shown(d, arg.node)) {
        arg = n->args[0];
        n = &d->g->nodes[arg.node];
    }
    if (arg.lag == 0 && d->still[arg.node]) return -1;
    if (arg.lag == 0 && d->item_of[arg.node] >= 0) return d->item_of[arg.node];
    return find_or_add(d, CELL_IN, arg.node, arg.lag);
}

static void add_wires(CellDiagram *d, const int *root) {
    for (int n = first_node(d); n <= last_node(d) && !d->too_large; n++) {
        if (root[n] < 0 || d->item_of[root[n]] < 0) continue;
        const Node *node = &d->g->nodes[n];
        int n_args = node->n_args;
        if (node->fused) n_args = 1; // the target belongs to the loss
        if (node->op == OP_CROSS_ENTROPY || node->op == OP_BINARY_CROSS_ENTROPY) n_args = 2;
        for (int k = 0; k < n_args; k++) {
            Arg arg = node->args[k];
            if (arg.lag == 0 && root[arg.node] >= 0 && root[arg.node] == root[n]) continue;
            int from = source_of(d, arg);
            if (from >= 0) wire_ends(d, from, d->item_of[root[n]]);
        }
    }
}

static void add_outs(CellDiagram *d) {
    const Graph *g = d->g;
    for (int k = 0; k < g->n_equations; k++) {
        const Equation *e = &g->equations[k];
        if (e->part < d->first_part || e->part > d->last_part) continue;
        const Part *p = &g->parts[e->part];
        bool layer = p->kind <= PART_LAYER;
        bool end = d->last_part == d->first_part || e->part == d->last_part;
        if (!(layer && e->remembered) && !(end && p->output == e->node) && e->node != g->loss)
            continue;
        int from = source_of(d, (Arg){e->node, 0});
        if (from < 0) continue;
        int to = find_or_add(d, CELL_OUT, e->node, 0);
        wire_ends(d, from, to);
    }
}

// ---- joins

static int inputs_of(const CellDiagram *d, int item, int *out, int cap) {
    int n = 0;
    for (int k = 0; k < d->n_wires; k++)
        if (d->wires[k].to == item && n < cap) out[n++] = d->wires[k].from;
    return n;
}

static bool same_inputs(const CellDiagram *d, int a, int b) {
    enum { CAP = 8 };
    int x[CAP], y[CAP];
    int n = inputs_of(d, a, x, CAP), m = inputs_of(d, b, y, CAP);
    if (n != m || n < 2 || n == CAP) return false;
    for (int i = 0; i < n; i++) {
        bool found = false;
        for (int j = 0; j < n; j++) found |= x[i] == y[j];
        if (!found || d->items[x[i]].kind != CELL_IN) return false;
    }
    return true;
}

static void remove_wires(CellDiagram *d, int to) {
    int kept = 0;
    for (int k = 0; k < d->n_wires; k++)
        if (d->wires[k].to != to) d->wires[kept++] = d->wires[k];
    d->n_wires = kept;
}

// Layers that read the same inputs read them from one place where these join.
static void join_inputs(CellDiagram *d) {
    enum { CAP = 8 };
    int n = d->n_items;
    for (int a = 0; a < n; a++) {
        int in[CAP], join = -1, same[CELL_MAX_ITEMS], n_same = 0;
        if (d->items[a].kind != CELL_LAYER) continue;
        for (int b = a + 1; b < n; b++)
            if (d->items[b].kind == CELL_LAYER && same_inputs(d, a, b)) same[n_same++] = b;
        if (!n_same) continue;
        int n_in = inputs_of(d, a, in, CAP);
        join = add_item(d, (CellItem){.kind = CELL_JOIN, .node = -1});
        same[n_same++] = a;
        for (int k = 0; k < n_in; k++) wire_ends(d, in[k], join);
        for (int k = 0; k < n_same; k++) {
            remove_wires(d, same[k]);
            wire_ends(d, join, same[k]);
        }
    }
}

void cell_items(CellDiagram *d) {
    const Graph *g = d->g;
    d->item_of = ARENA_ARRAY(d->s->arena, int, g->n_nodes);
    d->still = still_nodes(d);
    for (int n = 0; n < g->n_nodes; n++) d->item_of[n] = -1;
    if (last_node(d) - first_node(d) > 8 * CELL_MAX_ITEMS) {
        d->too_large = true;
        return;
    }
    int *root = fold(d);
    for (int n = first_node(d); n <= last_node(d) && !d->too_large; n++)
        if (root[n] == n && g->nodes[n].op != OP_SPREAD) add_operation(d, root, n);
    add_wires(d, root);
    add_outs(d);
    if (!d->too_large) join_inputs(d);
    for (int n = first_node(d); n <= last_node(d); n++)
        if (root[n] >= 0) d->item_of[n] = d->item_of[root[n]];
}
