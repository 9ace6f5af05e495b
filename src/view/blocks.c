// W_f and b_f belong together: both make the rows of f. A block is the parameters that an equation
// is the first to use and that have as many rows; its columns are grouped by what they meet, which
// is found by looking through the stack that a matrix is multiplied with.
#include <math.h>
#include <string.h>

#include "view/matrices.h"
#include "view/tex.h"

// ---- how a parameter is used

typedef struct {
    int node;    // that uses it first; -1: none
    int product; // matrix product whose left side it is, as it stands or turned; -1: none
    bool turned;
} Usage;

static Usage usage_of(const Graph *g, int param) {
    int node = g->params[param].node;
    Usage u = {-1, -1, false};
    for (int k = 0; k < g->n_uses[node] && u.product < 0; k++) {
        Use use = g->uses[node][k];
        bool turned = g->nodes[use.node].op == OP_TRANSPOSE && g->n_uses[use.node] > 0;
        Use in = turned ? g->uses[use.node][0] : use;
        if (u.node < 0) u.node = in.node;
        if (g->nodes[in.node].op == OP_MATMUL && in.arg == 0) u = (Usage){in.node, in.node, turned};
    }
    return u;
}

/// A timestep at which a part runs, the last that it reads: its lags are then its own.
static int place_of(const Value *p, int part) {
    int steps = trace_steps(p->trace);
    bool back = p->g->parts[part].backward;
    for (int k = 1; k <= steps; k++) {
        int place = back ? k : steps + 1 - k;
        if (trace_runs(p->trace, part, place)) return place;
    }
    return 0;
}

// ---- names

static const char *const *symbols_of(const Value *p, int node) {
    const Lesson *l = p->lesson;
    int n = 0;
    while (l->symbols && l->symbols[n]) n++;
    bool column = node == p->g->data && p->g->nodes[node].dim.rows == n;
    return n > 0 && column ? l->symbols : NULL;
}

static const char *const *classes_of(const Value *p, int node) {
    if (node != p->g->output || p->g->head_part < 0) return NULL;
    int n = dim_count(p->g->nodes[node].dim);
    const char **names = ARENA_ARRAY(p->s->arena, const char *, n + 1);
    for (int k = 0; k < n; k++) names[k] = view_class_name(p->s->arena, p->v, k);
    return names;
}

/// What an operand is called, at no timestep in particular: "h_{t-1}".
static const char *operand_tex(const Value *p, int part, Number x) {
    const Graph *g = p->g;
    int q = g->nodes[x.node].equation;
    bool own = q >= 0 && g->equations[q].node == x.node && g->equations[q].part == part;
    const char *name = own                              ? g->equations[q].name
                       : x.node == g->parts[part].input ? tex_input_name(g, part, x.node)
                                                        : NULL;
    if (!name) return view_node_tex(p->s->arena, p->v, x.node, 0, 0);
    Buf out = buf_new(p->s->arena);
    Expr leaf = {.kind = EXPR_NAME, .name = name, .lag = x.lag};
    tex_leaf(&out, p->lesson, part, &leaf, 0, 0);
    return buf_str(&out);
}

// ---- groups of columns

static void add_group(ParamBlock *b, ParamGroup group) {
    if (b->n_groups == BLOCK_GROUPS) { // more than have room for names
        b->groups[BLOCK_GROUPS - 1].n += group.n;
        b->groups[BLOCK_GROUPS - 1].tex = NULL;
        b->groups[BLOCK_GROUPS - 1].names = NULL;
    } else {
        b->groups[b->n_groups++] = group;
    }
    b->cols += group.n;
}

/// Columns of a matrix, by the operand that each one meets.
static void group_by_operand(const Value *p, ParamBlock *b, int param, Usage u, int place) {
    const Node *product = &p->g->nodes[u.product];
    int cols = p->g->params[param].dim.cols, part = product->part, wide = product->dim.cols;
    Number last = {.node = -1};
    for (int c = 0; c < cols; c++) {
        Number x = explain_argument(p->lesson, u.product, 1, place, c * wide + 1);
        ParamGroup *open = b->n_groups ? &b->groups[b->n_groups - 1] : NULL;
        bool goes_on = open && open->param == param && x.node == last.node && x.lag == last.lag &&
                       x.unit == last.unit + wide;
        last = x;
        if (goes_on) {
            open->n++;
            b->cols++;
        } else {
            add_group(b, (ParamGroup){.param = param,
                                      .product = u.product,
                                      .from = c,
                                      .n = 1,
                                      .at = b->cols,
                                      .number = x.unit,
                                      .tex = operand_tex(p, part, x),
                                      .names = symbols_of(p, x.node)});
        }
    }
}

static void add_param(const Value *p, ParamBlock *b, int param, Usage u) {
    const Param *q = &p->g->params[param];
    int place = u.product >= 0 ? place_of(p, p->g->nodes[u.product].part) : 0;
    b->params[b->n_params++] = param;
    if (place > 0 && !u.turned && p->g->nodes[u.product].equation >= 0) {
        group_by_operand(p, b, param, u, place);
        return;
    }
    Buf tex = buf_new(p->s->arena);
    size_t base = strcspn(q->name, "_"); // that of b_f stands for those of all gates
    tex_name(&tex, base ? arena_copy(p->s->arena, q->name, base) : q->name, NULL, NULL, NULL);
    const char *name = buf_str(&tex);
    if (u.turned && b->equation >= 0)
        name = view_node_tex(p->s->arena, p->v, p->g->equations[b->equation].node, 0, 0);
    add_group(b, (ParamGroup){.param = param,
                              .product = -1,
                              .n = q->dim.cols,
                              .at = b->cols,
                              .number = 1,
                              .tex = name});
}

static bool joins(const ParamBlock *b, int equation, const Param *q, Usage u) {
    return equation >= 0 && b->equation == equation && b->rows == q->dim.rows && !b->turned &&
           !u.turned && b->n_params < BLOCK_PARAMS;
}

static ParamBlock new_block(const Value *p, int equation, const Param *q, Usage u) {
    ParamBlock b = {.equation = equation, .part = q->part, .rows = q->dim.rows, .turned = u.turned};
    if (equation >= 0 && !u.turned) b.names = classes_of(p, p->g->equations[equation].node);
    if (u.turned && p->g->nodes[u.product].n_args > 1) {
        int place = place_of(p, p->g->nodes[u.product].part);
        if (place > 0)
            b.names = symbols_of(p, explain_argument(p->lesson, u.product, 1, place, 1).node);
    }
    return b;
}

ParamBlock *blocks_of(const Value *p, int *count) {
    const Graph *g = p->g;
    ParamBlock *list = ARENA_ARRAY(p->s->arena, ParamBlock, g->n_params + 1);
    *count = 0;
    for (int k = 0; k < g->n_params; k++) {
        Usage u = usage_of(g, k);
        int equation = u.node >= 0 ? g->nodes[u.node].equation : -1, at = 0;
        while (at < *count && !joins(&list[at], equation, &g->params[k], u)) at++;
        if (at == *count) list[(*count)++] = new_block(p, equation, &g->params[k], u);
        add_param(p, &list[at], k, u);
    }
    return list;
}

bool block_reads_same(const ParamBlock *a, const ParamBlock *b) {
    if (a->n_groups != b->n_groups || a->cols != b->cols || a->part != b->part) return false;
    for (int k = 0; k < a->n_groups; k++) {
        const ParamGroup *x = &a->groups[k], *y = &b->groups[k];
        // the last column is that of b_f here, of b_i there
        bool own = x->n == 1 && y->n == 1 && k == a->n_groups - 1 && k > 0;
        if (x->n != y->n || x->number != y->number || x->names != y->names) return false;
        if (!own && (!x->tex || !y->tex || strcmp(x->tex, y->tex) != 0)) return false;
    }
    return true;
}

// ---- elements

int block_element(const Graph *g, const ParamBlock *b, int row, int col, int *unit) {
    int k = b->n_groups - 1;
    while (k > 0 && b->groups[k].at > col) k--;
    const ParamGroup *group = &b->groups[k];
    int param = group->param, c = group->from + col - group->at;
    *unit = row * g->params[param].dim.cols + c + 1;
    return param;
}

static Pick pick_element(const Graph *g, const ParamBlock *blocks, int n, int param, int unit) {
    int cols = g->params[param].dim.cols, r = (unit - 1) / cols, c = (unit - 1) % cols;
    for (int k = 0; k < n; k++)
        for (int i = 0; i < blocks[k].n_groups; i++) {
            const ParamGroup *group = &blocks[k].groups[i];
            if (group->param == param && c >= group->from && c < group->from + group->n)
                return (Pick){k, r, group->at + c - group->from};
        }
    return (Pick){-1, 0, 0};
}

/// The row of the symbol that goes in at a timestep.
static int row_of_symbol(const Value *p, int place) {
    const Node *data = &p->g->nodes[p->g->data];
    if (place < 1 || place > trace_steps(p->trace)) return 0;
    const double *x = trace_value(p->trace, p->g->data, place);
    for (int k = 0; k < data->dim.rows; k++)
        if (x[k] == 1) return k;
    return 0;
}

// Of the first parameter, which a bias is not, if there is another one.
static int largest_col(const Graph *g, const ParamBlock *b, int row, const double *size) {
    int best = 0;
    double most = -1;
    for (int c = 0; c < b->cols; c++) {
        int unit, param = block_element(g, b, row, c, &unit);
        if (param != b->params[0]) continue;
        double x = fabs(size[g->params[param].offset + unit - 1]);
        if (x > most) most = x, best = c;
    }
    return best;
}

Pick block_pick(const Value *p, const ParamBlock *blocks, int n, Ref ref, const double *size) {
    const Graph *g = p->g;
    Pick none = {-1, 0, 0};
    if (ref.kind == REF_EQUATION && ref.node >= 0 && ref.node < g->n_equations)
        ref = ref_value(g->equations[ref.node].node, ref.place, 0);
    bool number = ref.kind == REF_VALUE || ref.kind == REF_GRAD;
    if (!number || ref.node < 0 || ref.node >= g->n_nodes) return none;
    const Node *node = &g->nodes[ref.node];
    int unit = ref.unit < 1 ? 1 : ref.unit;
    if (node->op == OP_PARAM) return pick_element(g, blocks, n, node->param, unit);
    for (int k = 0; node->equation >= 0 && k < n; k++) {
        const ParamBlock *b = &blocks[k];
        if (b->equation != node->equation) continue;
        if (b->turned) {
            int row = row_of_symbol(p, ref.place > 0 ? ref.place : view_place(p->v));
            return (Pick){k, row < b->rows ? row : 0, unit <= b->cols ? unit - 1 : 0};
        }
        int row = unit <= b->rows ? unit - 1 : 0;
        return (Pick){k, row, largest_col(g, b, row, size)};
    }
    return none;
}

Pick matrices_subject(const Value *p, const ParamBlock *blocks, int n, const double *size,
                      int *work) {
    View follows = *p->v;
    follows.focus = NO_REF;
    Ref step = view_focus(&follows), pinned = p->v->focus;
    Pick now = block_pick(p, blocks, n, step, size);
    Pick kept = block_pick(p, blocks, n, pinned, size);
    *work = now.block;
    if (kept.block >= 0) return kept;
    if (now.block >= 0) return now;
    int part = view_part(p->v), k = 0; // the step has no weights: those of its layer
    while (k < n - 1 && (blocks[k].part != part || blocks[k].equation < 0)) k++;
    const ParamBlock *b = &blocks[k];
    bool row = step.unit >= 1 && step.unit <= b->rows;
    Ref unit = ref_value(b->equation >= 0 ? p->g->equations[b->equation].node : -1, 0,
                         row ? step.unit : 1);
    Pick first = block_pick(p, blocks, n, unit, size);
    return first.block >= 0 ? first : (Pick){k, 0, 0};
}

void matrices_unmark(Scene *s, const View *v, int from) {
    for (int k = from; k < s->count; k++) {
        Ref a = s->shapes[k].ref, b = v->hover;
        s->shapes[k].hot = a.kind != REF_NONE && a.kind == b.kind && a.node == b.node &&
                           a.place == b.place && a.unit == b.unit;
    }
}
