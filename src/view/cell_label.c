// What is written in the items of a cell's picture: the sign of an operation, a function with what
// is always the same in it, the weights of a layer, a short expression.
#include <string.h>

#include "view/cell_fold.h"
#include "view/tex.h"

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
    for (int k = cell_first_node(d); k <= n; k++) {
        const Node *node = &d->g->nodes[k];
        if (root[k] != n || !cell_is_product(d, k)) continue;
        int given = node->op == OP_DOT ? 1 - cell_moving(d, k) : 0;
        const Node *matrix = &d->g->nodes[node->args[given].node];
        if (count++ == FEW || matrix->op != OP_PARAM) return "W\\,\\cdot";
        if (count > 1) buf_puts(&out, ", ");
        tex_name(&out, d->g->params[matrix->param].name, NULL, NULL, NULL);
    }
    if (!count) return "W\\,\\cdot";
    return count > 1 ? buf_str(&out) : arena_printf(d->s->arena, "%s\\,\\cdot", buf_str(&out));
}

// "4 \sigma - 2": a function and what follows it, down to the function; NULL where there is none.
// The function and how many operations that are.
static const char *tail_tex(const CellDiagram *d, const int *root, int n, int *function,
                            int *count) {
    const Node *node = &d->g->nodes[n];
    ++*count;
    if (cell_is_function(node)) return *function = n, function_word(d, node);
    int moving = cell_moving(d, n);
    const char *sign = point_sign(node->op);
    if (moving < 0 || !sign || node->args[moving].lag > 0) return NULL;
    int from = node->args[moving].node;
    if (root[from] != root[n]) return NULL;
    const char *inner = tail_tex(d, root, from, function, count);
    const char *with = inner ? steady_tex(d, node->args[1 - moving].node) : NULL;
    if (!with) return NULL;
    Arena *a = d->s->arena;
    OpKind under = d->g->nodes[from].op;
    bool times = node->op == OP_MUL || node->op == OP_DIV;
    bool sum = under == OP_ADD || under == OP_SUB;
    if (sum && (times || (node->op == OP_SUB && moving == 1)))
        inner = arena_printf(a, "(%s)", inner);
    if (node->op == OP_MUL) return arena_printf(a, "%s\\,%s", with, inner);
    return moving == 1 ? arena_printf(a, "{%s}%s%s", with, sign, inner)
                       : arena_printf(a, "{%s}%s{%s}", inner, sign, with);
}

bool cell_is_end(const CellDiagram *d, int node) {
    int e = d->g->nodes[node].equation;
    return e >= 0 && d->g->equations[e].node == node;
}

const char *cell_short_tex(const CellDiagram *d, int node) {
    enum { SIZE = 14, WIDEST = 124 };
    const Node *n = &d->g->nodes[node];
    if (!n->expr) return NULL;
    Buf out = buf_new(d->s->arena);
    tex_expr(&out, n->expr, NULL, NULL);
    const char *tex = buf_str(&out);
    bool tall = strstr(tex, "\\frac") || strstr(tex, "\\begin");
    return tall || scene_formula_width(d->s, tex, SIZE) > WIDEST ? NULL : tex;
}

// Does the item read one value only? Which, then.
static bool reads_one(const CellDiagram *d, const int *root, int item, Arg *source) {
    *source = (Arg){-1, 0};
    for (int n = cell_first_node(d); n <= item; n++)
        for (int k = 0; root[n] == item && k < d->g->nodes[n].n_args; k++) {
            Arg arg = d->g->nodes[n].args[k];
            if (arg.lag == 0 && (d->still[arg.node] || root[arg.node] == item)) continue;
            if (source->node < 0) *source = arg;
            if (arg.node != source->node || arg.lag != source->lag) return false;
        }
    return source->node >= 0;
}

// "k(\phi)": an equation as a function of the one value that it reads.
static const char *applied_tex(const CellDiagram *d, int item, Arg source) {
    const Graph *g = d->g;
    int of = g->nodes[source.node].equation;
    bool timestep = g->nodes[source.node].op == OP_TIMESTEP;
    const char *time = source.lag ? arena_printf(d->s->arena, "t-%d", source.lag) : NULL;
    Buf out = buf_new(d->s->arena);
    tex_name(&out, g->equations[g->nodes[item].equation].name, NULL, NULL, NULL);
    buf_puts(&out, "(");
    tex_name(&out, of >= 0 ? g->equations[of].name : timestep ? "t" : "x", time, NULL, NULL);
    buf_puts(&out, ")");
    return buf_str(&out);
}

static int nodes_of(const CellDiagram *d, const int *root, int item) {
    int count = 0;
    for (int n = cell_first_node(d); n <= item; n++) count += root[n] == item;
    return count;
}

static void label_layer(const CellDiagram *d, const int *root, CellItem *item) {
    int count = 0;
    const char *tail = tail_tex(d, root, item->node, &item->curve, &count);
    item->kind = CELL_LAYER;
    item->has_curve = tail && d->g->nodes[item->curve].op != OP_SOFTMAX;
    bool function = tail && item->curve == item->node;
    item->tex = function ? function_tex(d, &d->g->nodes[item->node])
                : tail   ? tail
                         : weights_tex(d, root, item->node);
    item->brief = tail ? function_word(d, &d->g->nodes[item->curve]) : "W";
}

// Of several operations that are no layer: a function with what follows it, or a short formula, or
// all of one value.
static void label_group(const CellDiagram *d, const int *root, CellItem *item) {
    Arg source;
    int count = 0, function = 0;
    const Node *node = &d->g->nodes[item->node];
    const char *tail = tail_tex(d, root, item->node, &function, &count);
    const char *expression = cell_short_tex(d, item->node);
    item->kind = CELL_FUNCTION;
    item->brief = point_sign(node->op) ? point_sign(node->op) : function_word(d, node);
    if (tail && count == nodes_of(d, root, item->node))
        item->tex = tail;
    else if (expression)
        item->tex = expression;
    else if (reads_one(d, root, item->node, &source))
        item->tex = item->brief = applied_tex(d, item->node, source);
    else
        item->tex = function_tex(d, node); // a choice with its condition
}

static void label_operation(const CellDiagram *d, CellItem *item) {
    const Node *node = &d->g->nodes[item->node];
    const char *half = half_tex(d, node), *sign = point_sign(node->op);
    if (node->op == OP_STACK) {
        item->kind = CELL_JOIN;
    } else if (half) {
        item->kind = CELL_FUNCTION;
        item->tex = half;
        item->brief = sign;
    } else if (sign) {
        item->kind = CELL_POINT;
        item->tex = sign;
    } else {
        item->kind = CELL_FUNCTION;
        item->tex = function_tex(d, node);
        item->brief = function_word(d, node);
    }
}

CellItem cell_label(const CellDiagram *d, const int *root, int n) {
    CellItem item = {.node = n, .gate = view_is_gate(d->g, n)};
    bool layer = false;
    for (int k = cell_first_node(d); k <= n && !layer; k++)
        layer = root[k] == n && cell_is_product(d, k);
    if (layer)
        label_layer(d, root, &item);
    else if (nodes_of(d, root, n) > 1)
        label_group(d, root, &item);
    else
        label_operation(d, &item);
    return item;
}
