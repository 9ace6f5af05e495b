// A gradient is the sum of what comes back through everything that read the value. A path begins
// at the next gradient that has a name and goes back through the operations of that equation, each
// multiplying by its local derivative. Where an operation mixes elements (a matrix product, a
// number that spread), the path is a sum of products with the gradients of its result.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/sign.h"
#include "view/equation_step.h"
#include "view/equation_write.h"
#include "view/panels.h"

/// One use of the value, wiring followed to the operation that computes with it.
typedef struct {
    int node, arg, place;
    int from; // element of the argument
} Way;

typedef struct {
    Scene *s;
    const View *v;
    const EqWork *work;
    const Graph *g;
    const Trace *tr;
    bool chained; // on to the next named gradient, not only one operation
    Way *ways;
    int n_ways, cap_ways;
} Back;

// ---- who uses an element

/// The element of a stack or slice that element `unit` of its argument becomes; 0: none.
static int wired_to(const Graph *g, const Node *n, int arg, int unit) {
    if (n->op == OP_SLICE) {
        int at = unit - (n->lo - 1) * n->dim.cols;
        return at >= 1 && at <= dim_count(n->dim) ? at : 0;
    }
    for (int k = 0; n->op == OP_STACK && k < arg; k++)
        unit += dim_count(g->nodes[n->args[k].node].dim);
    return unit;
}

static void find_ways(Back *b, int node, int place, int unit) {
    for (int i = 0; i < b->g->n_uses[node]; i++) {
        Use use = b->g->uses[node][i];
        const Node *user = &b->g->nodes[use.node];
        if (user->steady || op_defs[user->op].backward == NULL) continue;
        int at = b->g->nodes[node].steady ? place : trace_use_place(b->tr, use, place);
        if (at < 1 || (!b->g->nodes[node].steady && trace_cuts(b->tr, use, place))) continue;
        bool wiring = eq_is_wiring(b->g, use.node) && user->op != OP_SPREAD;
        if (wiring) {
            int to = wired_to(b->g, user, use.arg, unit);
            if (to) find_ways(b, use.node, at, to);
            continue;
        }
        if (b->g->nodes[node].steady && user->part != b->g->nodes[node].part) continue;
        Way way = {use.node, use.arg, at, unit};
        ARENA_PUSH(b->s->arena, b->ways, b->n_ways, b->cap_ways, way);
    }
}

/// This timestep first, then those further away; within one as the trace adds them.
static void order_ways(Back *b) {
    for (int k = 1; k < b->n_ways; k++) {
        Way way = b->ways[k];
        int i = k, far = abs(way.place - b->work->place);
        for (; i > 0 && abs(b->ways[i - 1].place - b->work->place) > far; i--)
            b->ways[i] = b->ways[i - 1];
        b->ways[i] = way;
    }
}

/// What comes back on a way. Of a matrix times a column one element is one product; a share of the
/// whole matrix would be made for nothing.
static double share_of(Back *b, Way way) {
    const Node *n = &b->g->nodes[way.node];
    Dim d = b->g->nodes[n->args[way.arg].node].dim;
    if (n->op == OP_MATMUL && way.arg == 0 && n->dim.cols == 1) {
        int row = (way.from - 1) / d.cols, col = (way.from - 1) % d.cols;
        return trace_grad(b->tr, way.node, way.place)[row] *
               trace_arg(b->tr, way.node, 1, way.place)[col];
    }
    double *share = ARENA_ARRAY(b->s->arena, double, dim_count(d));
    trace_share(b->tr, way.node, way.arg, way.place, share);
    return share[way.from - 1];
}

// ---- local derivatives

/// Does one element of the argument reach one element of the result only?
static bool is_single(const Graph *g, Way way) {
    const Node *n = &g->nodes[way.node];
    int arg = dim_count(g->nodes[n->args[way.arg].node].dim), own = dim_count(n->dim);
    switch ((int)n->op) {
    case OP_MATMUL: return way.arg == 0 ? n->dim.cols == 1 : n->dim.rows == 1;
    case OP_OUTER: return own == 1;
    case OP_SOFTMAX: return n->fused;
    case OP_SUM:
    case OP_MEAN:
    case OP_VAR:
    case OP_DOT:
    case OP_TRANSPOSE:
    case OP_CROSS_ENTROPY: return true;
    default: return arg == own;
    }
}

/// The element of the result that a single element reaches.
static int reached(const Graph *g, Way way) {
    const Node *n = &g->nodes[way.node];
    int unit = way.from;
    if (unit == 0) return 0;
    if (dim_count(n->dim) == 1) return 1;
    Dim d = g->nodes[n->args[way.arg].node].dim;
    if (n->op == OP_MATMUL) // a row of the matrix times a column, or a row vector times columns
        return way.arg == 0 ? (unit - 1) / d.cols + 1 : (unit - 1) % d.cols + 1;
    if (n->op == OP_TRANSPOSE) return (unit - 1) % d.cols * n->dim.cols + (unit - 1) / d.cols + 1;
    return unit;
}

/// The operation whose result carries the gradient that comes in: a fused softmax or sigmoid
/// takes it from the loss.
static int source_of(const Graph *g, int node) {
    if (!g->nodes[node].fused) return node;
    for (int i = 0; i < g->n_uses[node]; i++) {
        OpKind op = g->nodes[g->uses[node][i].node].op;
        if (op == OP_CROSS_ENTROPY || op == OP_BINARY_CROSS_ENTROPY) return g->uses[node][i].node;
    }
    return node;
}

/// The template of the local derivative; "" where it is 1.
static const char *factor_tex(const Graph *g, Way way) {
    const Node *n = &g->nodes[way.node];
    if (n->fused) return "#y - #1";
    switch ((int)n->op) {
    case OP_ADD:
    case OP_COPY:
    case OP_SPREAD:
    case OP_SUM:
    case OP_TRANSPOSE: return "";
    case OP_SUB: return way.arg ? "(-1)" : "";
    case OP_NEG: return "(-1)";
    case OP_MUL: return way.arg ? "#0" : "#1";
    case OP_DIV: return way.arg ? "\\left(-\\tfrac{#0}{#1^{2}}\\right)" : "\\tfrac{1}{#1}";
    case OP_CROSS_ENTROPY: return "\\left(-\\tfrac{#1}{#0}\\right)";
    case OP_BINARY_CROSS_ENTROPY: return "\\tfrac{#0 - #1}{#0\\,(1 - #0)}";
    default: return op_defs[n->op].slope_tex;
    }
}

/// The other operand's element where the local derivative of a product is just that.
static bool other_factor(const EqWriter *w, Way way, int to, Element *out) {
    const Node *n = &w->g->nodes[way.node];
    int other = 1 - way.arg, unit = to;
    if (n->op != OP_MUL && n->op != OP_MATMUL && n->op != OP_DOT && n->op != OP_OUTER) return false;
    Dim d = w->g->nodes[n->args[other].node].dim, own = w->g->nodes[n->args[way.arg].node].dim;
    if (n->op == OP_MUL) unit = eq_unit_of(w->g, way.node, other, to);
    if (n->op == OP_DOT) unit = way.from;
    if (n->op == OP_OUTER) unit = 1;
    if (n->op == OP_MATMUL)
        unit =
            way.arg == 0 ? (way.from - 1) % own.cols * d.cols + 1 : (way.from - 1) / own.cols + 1;
    *out = eq_argument(w, way.node, other, way.place, unit);
    return true;
}

static double slope_at(Back *b, const EqWriter *w, Way way, int to) {
    const Node *n = &b->g->nodes[way.node];
    double y = trace_value(b->tr, way.node, way.place)[to - 1];
    if (op_defs[n->op].slope && !n->fused)
        return op_defs[n->op].slope(eq_argument(w, way.node, 0, way.place, to).value, y);
    if (n->fused) {
        const double *target = trace_arg(b->tr, way.node, 1, way.place);
        return y - target[to - 1];
    }
    if (n->op == OP_SUB || n->op == OP_NEG) return -1;
    int source = source_of(b->g, way.node);
    int unit = dim_count(b->g->nodes[source].dim) == 1 ? 1 : to;
    double in = trace_grad(b->tr, source, way.place)[unit - 1];
    return in != 0 ? share_of(b, way) / in : 0;
}

// ---- a path in symbols and in numbers

/// The only way on from the inside of an equation; false where it ends or mixes.
static bool next_way(Back *b, int node, int place, int unit, Way *out) {
    if (!b->chained || eq_is_named(b->g, node)) return false;
    Back only = *b;
    only.ways = NULL;
    only.n_ways = only.cap_ways = 0;
    find_ways(&only, node, place, unit);
    if (only.n_ways != 1 || !is_single(b->g, only.ways[0])) return false;
    *out = only.ways[0];
    return true;
}

/// The sign between two factors: of elements, or of whole columns (unit 0).
static void put_dot(EqWriter *w, int unit) {
    if (!w->numbers) buf_puts(w->out, unit ? " \\cdot " : " \\odot ");
}

static void put_factor(Back *b, EqWriter *w, Way way, int to, bool alone) {
    const char *tex = factor_tex(b->g, way);
    Element other;
    if (to && other_factor(w, way, to, &other)) {
        put_dot(w, to);
        EqWriter flat = *w;
        flat.depth = 0;
        eq_put(&flat, other, true);
        return;
    }
    if (tex && !*tex && !alone) return;
    put_dot(w, to);
    if (w->numbers) {
        eq_number(w, tex && !*tex ? 1 : slope_at(b, w, way, to), NULL, true, true);
        return;
    }
    if (!tex)
        buf_printf(w->out, "\\operatorname{%s}'", op_defs[b->g->nodes[way.node].op].name);
    else if (!*tex)
        buf_puts(w->out, "1");
    else {
        bool sum = eq_is_sum(tex);
        w->closed++;
        if (sum) buf_puts(w->out, "(");
        eq_put_template(w, tex, way.node, way.place, to);
        if (sum) buf_puts(w->out, ")");
        w->closed--;
    }
}

static void put_gradient(Back *b, EqWriter *w, int node, int place, int unit) {
    if (!w->numbers) {
        int named = dim_count(b->g->nodes[node].dim) > 1 ? unit : 0;
        buf_puts(w->out, tex_gradient(w->a, b->v, node, place, named, true));
        return;
    }
    double in = trace_grad(b->tr, node, place)[unit - 1];
    eq_number(w, in, eq_id(w, 'g', node, place, unit), true, true);
}

/// The gradient of an element of `node`, from the next named one on; returns where that is.
static int put_chain(Back *b, EqWriter *w, int node, int place, int unit) {
    Way way;
    if (!next_way(b, node, place, unit, &way)) {
        put_gradient(b, w, node, place, unit);
        return node;
    }
    int to = reached(b->g, way), source = source_of(b->g, way.node);
    int end = source == way.node ? put_chain(b, w, way.node, way.place, to) : source;
    if (source != way.node)
        put_gradient(b, w, source, way.place, dim_count(b->g->nodes[source].dim) == 1 ? 1 : to);
    put_factor(b, w, way, to, false);
    return end;
}

/// The name of the gradient inside an equation: that of the equation, or of the matrix where it
/// has several products.
static const char *delta_name(const EqWriter *w, int node) {
    const Graph *g = w->g;
    const Equation *q = &g->equations[g->nodes[node].equation];
    int products = 0;
    for (int k = q->first; k <= q->last; k++) products += g->nodes[k].op == OP_MATMUL;
    int matrix = g->nodes[node].op == OP_MATMUL ? g->nodes[node].args[0].node : node;
    Buf name = buf_new(w->a);
    bool by_matrix = products > 1 && g->nodes[matrix].op == OP_PARAM;
    tex_name(&name, by_matrix ? g->params[g->nodes[matrix].param].name : q->name, NULL, NULL, NULL);
    return buf_str(&name);
}

/// The gradient of an operation's result, element j: by its name, or as a delta that a line of
/// its own explains.
static void put_delta(EqWriter *w, int node, int place, const char *index) {
    const Equation *q = &w->g->equations[w->g->nodes[node].equation];
    const char *comma = *index ? "," : "";
    buf_printf(w->out, "\\term{g:%d:%d:0}{", node, place);
    if (eq_is_named(w->g, node)) {
        buf_puts(w->out, "\\partial L/\\partial ");
        tex_name(w->out, q->name, arena_printf(w->a, "%d%s%s", place, comma, index), NULL, NULL);
    } else {
        buf_printf(w->out, "\\delta^{%s}_{%d%s%s}", delta_name(w, node), place, comma, index);
    }
    buf_puts(w->out, "}");
}

/// A column of the matrix times the gradient of the product; sums over the result of others.
static void put_mixed_symbols(Back *b, EqWriter *w, Way way) {
    const Node *n = &b->g->nodes[way.node];
    buf_puts(w->out, "\\sum_j ");
    if (n->op == OP_MATMUL && way.arg == 1) {
        Element m = eq_argument(w, way.node, 0, way.place, 0);
        int row = (way.from - 1) / b->g->nodes[n->args[1].node].dim.cols + 1;
        if (b->g->nodes[m.node].op == OP_PARAM) {
            buf_printf(w->out, "\\term{v:%d:0:0}{", m.node);
            tex_name(w->out, b->g->params[b->g->nodes[m.node].param].name,
                     arena_printf(w->a, "j%d", row), NULL, NULL);
            buf_puts(w->out, "}");
        } else {
            buf_printf(w->out, "(%s)_{j%d}", view_node_tex(w->a, b->v, m.node, way.place, 0), row);
        }
        buf_puts(w->out, "\\,");
    }
    put_delta(w, way.node, way.place, "j");
}

static bool put_mixed_numbers(Back *b, EqWriter *w, Way way) {
    const Node *n = &b->g->nodes[way.node];
    Dim own = b->g->nodes[n->args[way.arg].node].dim;
    const double *in = trace_grad(b->tr, way.node, way.place);
    bool product = n->op == OP_MATMUL && way.arg == 1;
    int count = product ? n->dim.rows : dim_count(n->dim);
    if (!product && n->op != OP_ADD && n->op != OP_SPREAD && n->op != OP_MUL) return false;
    int row = (way.from - 1) / own.cols, col = (way.from - 1) % own.cols;
    for (int i = 0; i < count; i++) {
        if (!eq_term(w, i, count)) continue;
        int to = product ? i * n->dim.cols + col + 1 : i + 1;
        EqWriter flat = *w;
        flat.depth = 0;
        bool times = product || n->op == OP_MUL;
        if (product)
            eq_put(&flat,
                   eq_argument(w, way.node, 0, way.place,
                               i * b->g->nodes[n->args[0].node].dim.cols + row + 1),
                   true);
        else if (times)
            eq_put(&flat,
                   eq_argument(w, way.node, 1 - way.arg, way.place,
                               eq_unit_of(b->g, way.node, 1 - way.arg, to)),
                   true);
        eq_number(w, in[to - 1], eq_id(w, 'g', way.node, way.place, to), times, true);
    }
    return true;
}

/// One path; returns the node whose gradient it begins with. Numbers only where they say more
/// than the share.
static int put_path(Back *b, EqWriter *w, Way way) {
    if (!is_single(b->g, way)) {
        bool told = true;
        if (w->numbers)
            told = put_mixed_numbers(b, w, way);
        else
            put_mixed_symbols(b, w, way);
        if (!told) eq_number(w, share_of(b, way), NULL, false, true);
        return way.node;
    }
    int to = reached(b->g, way), source = source_of(b->g, way.node), end = source;
    if (source != way.node)
        put_gradient(b, w, source, way.place, dim_count(b->g->nodes[source].dim) == 1 ? 1 : to);
    else
        end = put_chain(b, w, way.node, way.place, to);
    put_factor(b, w, way, to, end == way.node || source != way.node);
    return end;
}

// ---- the story

static const char *count_words(Arena *a, bool zh, int n) {
    static const char *const en[] = {"NO PATH",    "ONE PATH",   "TWO PATHS", "THREE PATHS",
                                     "FOUR PATHS", "FIVE PATHS", "SIX PATHS"};
    static const char *const cn[] = {"没有", "一", "两", "三", "四", "五", "六"};
    if (zh) {
        const char *tail = n > 1 ? "条路径，相加" : "条路径";
        return n < 7 ? arena_printf(a, "%s%s", cn[n], n ? tail : "路径")
                     : arena_printf(a, "%d %s", n, tail);
    }
    const char *words = n < 7 ? en[n] : arena_printf(a, "%d PATHS", n);
    return n > 1 ? arena_printf(a, "%s, ADDED", words) : arena_printf(a, "%s BACK", words);
}

static const char *back_heading(Back *b) {
    Arena *a = b->s->arena;
    bool zh = b->v->lang == LANG_ZH, param = b->g->nodes[b->work->node].steady;
    const char *unit = eq_unit_words(a, b->v, b->work->node, b->work->unit);
    const char *what = count_words(a, zh, b->n_ways);
    if (param) what = arena_printf(a, zh ? "t = %d 的一份" : "THE SHARE OF t = %d", b->work->place);
    if (!*unit) return what;
    return arena_printf(a, zh ? "%s：%s" : "%s: %s", unit, what);
}

/// What the path came through, for the bar.
static void name_path(Back *b, Way way, int end, EqPath *path) {
    Arena *a = b->s->arena;
    bool zh = b->v->lang == LANG_ZH;
    int q = b->g->nodes[end].equation;
    bool loss = b->g->nodes[end].part == b->g->loss_part;
    const char *name = loss ? "L" : q >= 0 ? sign_name(a, b->g->equations[q].name) : "";
    int place = way.place;
    path->name = zh ? arena_printf(a, "经过 t = %d 的 %s", place, name)
                    : arena_printf(a, "through %s at t = %d", name, place);
    path->letter = name;
    path->role = q >= 0 ? view_role(b->v->lesson, end) : ROLE_BACKWARD;
    if (path->role == ROLE_TEXT) path->role = ROLE_BACKWARD;
}

static double total_of(Back *b) {
    const EqWork *work = b->work;
    const Node *n = &b->g->nodes[work->node];
    if (n->op == OP_PARAM) {
        double sum = 0; // of its uses at this timestep, in the order of the trace
        for (int k = 0; k < b->n_ways; k++) sum += share_of(b, b->ways[k]);
        return sum;
    }
    return trace_grad(b->tr, work->node, work->place)[work->unit - 1];
}

static void put_left(Back *b, EqWriter *w) {
    const EqWork *work = b->work;
    put_gradient(b, w, work->node, work->place, work->unit);
    if (b->g->nodes[work->node].steady) buf_printf(w->out, "\\big|_{t=%d}", work->place);
    buf_puts(w->out, " = ");
}

/// Decimals that leave three digits of the total, so that a small gradient does not round away.
static int digits_of_total(Back *b) {
    int digits = b->v->lesson->digits, most = digits + 4;
    int kept = say_decimals(fabs(total_of(b)), digits, 3);
    return kept < most ? kept : most;
}

/// The sum of the shares and their total.
static const char *put_total(Back *b, const EqStory *story) {
    Buf out = buf_new(b->s->arena);
    EqWriter w = eq_writer(b->s->arena, b->v, &out);
    w.numbers = true;
    w.digits = digits_of_total(b);
    double total = total_of(b);
    for (int k = 0; k < story->n_paths && story->n_paths > 1; k++) {
        buf_puts(&out, k ? "\001{}+ " : "{}= ");
        eq_number(&w, story->paths[k].share, NULL, false, k > 0);
    }
    if (story->n_paths > 1) buf_puts(&out, "\001");
    buf_puts(&out, "{}= \\color{backward}{\\mathbf{");
    bool param = b->g->nodes[b->work->node].op == OP_PARAM;
    eq_number(&w, total,
              param ? NULL : eq_id(&w, 'g', b->work->node, b->work->place, b->work->unit), false,
              false);
    buf_puts(&out, "}}");
    return buf_str(&out);
}

static void find_curve(Back *b, EqCurve *curve) {
    for (int k = 0; k < b->n_ways; k++) {
        Way way = b->ways[k];
        const Node *n = &b->g->nodes[way.node];
        if (!op_defs[n->op].slope || n->op == OP_NEG || n->fused) continue;
        Buf none = {0};
        EqWriter w = eq_writer(NULL, b->v, &none);
        Element x = eq_argument(&w, way.node, 0, way.place, way.from);
        *curve = (EqCurve){way.node,
                           x.value,
                           trace_value(b->tr, way.node, way.place)[way.from - 1],
                           true,
                           view_role(b->v->lesson, way.node),
                           ref_value(x.node, x.at, x.unit),
                           ref_value(way.node, way.place, way.from)};
        return;
    }
}

static void tell_loss(Back *b, EqStory *story) {
    Arena *a = b->s->arena;
    Buf first = buf_new(a), last = buf_new(a);
    EqWriter w = eq_writer(a, b->v, &first);
    int over = (int)floor(1 / trace_loss_scale(b->tr) + 0.5);
    put_left(b, &w);
    buf_printf(&first, over > 1 ? "\\tfrac{1}{%d}" : "1", over);
    EqWriter r = eq_writer(a, b->v, &last);
    buf_puts(&last, "{}= \\color{backward}{\\mathbf{");
    eq_number(&r, total_of(b), eq_id(&r, 'g', b->work->node, b->work->place, 1), false, false);
    buf_puts(&last, "}}");
    story->heading = b->v->lang == LANG_ZH ? "从这里开始" : "WHERE IT BEGINS";
    eq_lines_add(b->s, &story->lines, buf_str(&first), ink(ROLE_TEXT), 1.06, 0);
    eq_lines_add(b->s, &story->lines, buf_str(&last), ink(ROLE_TEXT), 1.06, 0);
}

/// What each delta stands for, as a whole column.
static const char *explain_deltas(Back *b) {
    Buf out = buf_new(b->s->arena);
    EqWriter w = eq_writer(b->s->arena, b->v, &out);
    for (int k = 0; k < b->n_ways; k++) {
        int node = b->ways[k].node, place = b->ways[k].place;
        bool told = is_single(b->g, b->ways[k]) || eq_is_named(b->g, node);
        for (int i = 0; i < k; i++) told |= b->ways[i].node == node && b->ways[i].place == place;
        if (told) continue;
        if (out.len) buf_puts(&out, ",\\;\001 ");
        put_delta(&w, node, place, "");
        buf_puts(&out, " = ");
        put_chain(b, &w, node, place, 0);
    }
    return out.len ? buf_str(&out) : NULL;
}

/// A matrix: its whole share as an outer product, before one element of it.
static const char *whole_share(Back *b) {
    const Node *n = &b->g->nodes[b->work->node];
    if (n->op != OP_PARAM || n->dim.cols == 1 || b->n_ways != 1) return NULL;
    Way way = b->ways[0];
    const Node *user = &b->g->nodes[way.node];
    if (user->op != OP_MATMUL || way.arg != 0) return NULL;
    Buf out = buf_new(b->s->arena);
    EqWriter w = eq_writer(b->s->arena, b->v, &out);
    put_gradient(b, &w, b->work->node, b->work->place, 0);
    buf_printf(&out, "\\big|_{t=%d} = \001", b->work->place);
    bool brackets = !eq_is_named(b->g, way.node);
    if (brackets) buf_puts(&out, "(");
    put_chain(b, &w, way.node, way.place, 0);
    if (brackets) buf_puts(&out, ")");
    Element x = eq_argument(&w, way.node, 1, way.place, 0);
    buf_puts(&out, "\\,{");
    bool inner = eq_is_wiring(b->g, x.node) || !eq_is_named(b->g, x.node);
    if (inner && b->g->nodes[x.node].op > OP_START)
        buf_puts(&out, view_node_tex(b->s->arena, b->v, x.node, way.place, 0));
    else
        eq_put(&w, x, true);
    buf_puts(&out, "}^{\\top}");
    return buf_str(&out);
}

/// The chain rule without its inner operations, for what would be too long to read.
static const char *short_symbols(Back *b) {
    Buf out = buf_new(b->s->arena);
    EqWriter w = eq_writer(b->s->arena, b->v, &out), none = w;
    Buf unread = buf_new(b->s->arena);
    none.out = &unread;
    put_left(b, &w);
    const EqWork *work = b->work;
    for (int k = 0; k < b->n_ways; k++) {
        Way way = b->ways[k];
        int end = put_path(b, &none, way);
        int unit =
            is_single(b->g, way) && dim_count(b->g->nodes[end].dim) > 1 ? reached(b->g, way) : 0;
        if (k) buf_puts(&out, "\001{}+ ");
        buf_puts(&out, tex_gradient(w.a, b->v, end, way.place, unit, true));
        const char *name = view_node_tex(w.a, b->v, end, way.place, unit);
        const char *own =
            view_node_tex(w.a, b->v, work->node, work->place,
                          dim_count(b->g->nodes[work->node].dim) > 1 ? work->unit : 0);
        buf_printf(&out, " \\cdot \\partial %s/\\partial %s", name, own);
    }
    return buf_str(&out);
}

static void tell_paths(Back *b, EqStory *story) {
    enum { LONG = 64 }; // em
    Arena *a = b->s->arena;
    Buf symbols = buf_new(a), numbers = buf_new(a);
    EqWriter w = eq_writer(a, b->v, &symbols), n = eq_writer(a, b->v, &numbers);
    n.numbers = true;
    n.grad_digits = digits_of_total(b);
    put_left(b, &w);
    buf_puts(&numbers, "{}= ");
    for (int k = 0; k < b->n_ways; k++) {
        EqPath path = {.share = share_of(b, b->ways[k])};
        if (k) buf_puts(&symbols, "\001{}+ "), buf_puts(&numbers, "\001{}+ ");
        int end = put_path(b, &w, b->ways[k]);
        put_path(b, &n, b->ways[k]);
        name_path(b, b->ways[k], end, &path);
        ARENA_PUSH(a, story->paths, story->n_paths, story->cap_paths, path);
    }
    if (b->n_ways == 0) buf_puts(&symbols, "0");
    eq_lines_add(b->s, &story->lines, whole_share(b), ink(ROLE_TEXT), 1.06, 2);
    EqLines full = {0};
    eq_lines_add(b->s, &full, buf_str(&symbols), ink(ROLE_TEXT), 1.06, 0);
    bool is_long = eq_lines_width(&full) > LONG;
    if (is_long)
        eq_lines_add(b->s, &story->lines, short_symbols(b), ink(ROLE_TEXT), 1, 0);
    else
        story->lines.at[story->lines.n++] = full.at[0];
    if (!is_long) eq_lines_add(b->s, &story->lines, explain_deltas(b), ink(ROLE_MUTED), 0.85, 2);
    if (b->n_ways) eq_lines_add(b->s, &story->lines, buf_str(&numbers), ink(ROLE_MUTED), 0.95, 1);
    eq_lines_add(b->s, &story->lines, put_total(b, story), ink(ROLE_TEXT), 1.06, 0);
}

void eq_tell_backward(Scene *s, const View *v, const EqWork *work, EqStory *story) {
    const Graph *g = v->lesson->graph;
    Back b = {.s = s, .v = v, .work = work, .g = g, .tr = v->lesson->trace};
    b.chained =
        eq_is_named(g, work->node) || g->nodes[work->node].step == 0 || v->grain >= GRAIN_EQUATION;
    if (work->node == g->loss) {
        tell_loss(&b, story);
        return;
    }
    find_ways(&b, work->node, work->place, work->unit);
    order_ways(&b);
    story->heading = back_heading(&b);
    story->brief = eq_unit_words(s->arena, v, work->node, work->unit);
    tell_paths(&b, story);
    find_curve(&b, &story->curve);
}
