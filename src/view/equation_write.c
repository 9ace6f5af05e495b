// Elements of operations as TeX. An operation's look comes from its row in op_defs; only the
// operations that add up many numbers have a form of their own here, in one table.
//
// Invariant: EQ_BREAK and EQ_DROP stand outside all braces, so that every piece between them is
// TeX of its own.
#include "view/equation_write.h"

#include <math.h>
#include <string.h>

// ---- elements

EqWriter eq_writer(Arena *a, const View *v, Buf *out) {
    return (EqWriter){.v = v,
                      .g = v->lesson->graph,
                      .tr = v->lesson->trace,
                      .a = a,
                      .out = out,
                      .digits = v->lesson->digits};
}

bool eq_is_named(const Graph *g, int node) {
    int q = g->nodes[node].equation;
    return q >= 0 && g->equations[q].node == node;
}

bool eq_is_wiring(const Graph *g, int node) {
    OpKind op = g->nodes[node].op;
    return op >= OP_STACK && op <= OP_SPREAD && !eq_is_named(g, node);
}

/// Where element `unit` of a stack, slice or spread comes from: argument *k, its element.
static int wired_from(const Graph *g, const Node *n, int unit, int *k) {
    *k = 0;
    if (n->op == OP_SPREAD) return dim_count(g->nodes[n->args[0].node].dim) == 1 ? 1 : unit;
    if (n->op == OP_SLICE) return unit + (n->lo - 1) * n->dim.cols;
    if (n->op == OP_STACK) {
        for (; *k < n->n_args - 1; ++*k) {
            int count = dim_count(g->nodes[n->args[*k].node].dim);
            if (unit <= count) break;
            unit -= count;
        }
        return unit;
    }
    int row = (unit - 1) / n->dim.cols, col = (unit - 1) % n->dim.cols;
    for (; *k < n->n_args - 1; ++*k) {
        int cols = g->nodes[n->args[*k].node].dim.cols;
        if (col < cols) break;
        col -= cols;
    }
    return row * g->nodes[n->args[*k].node].dim.cols + col + 1;
}

Element eq_argument(const EqWriter *w, int node, int k, int place, int unit) {
    const Graph *g = w->g;
    for (;;) {
        const Node *n = &g->nodes[node];
        int from = n->args[k].node;
        if (unit == 0 || !eq_is_wiring(g, from)) {
            const double *x = trace_arg(w->tr, node, k, place);
            bool steady = g->nodes[from].steady;
            return (Element){.node = steady ? from : trace_arg_node(w->tr, node, k, place),
                             .unit = unit,
                             .part = n->part,
                             .place = place,
                             .lag = n->args[k].lag,
                             .at = steady ? 0 : trace_arg_place(w->tr, node, k, place),
                             .value = unit ? x[unit - 1] : NAN};
        }
        node = from;
        unit = wired_from(g, &g->nodes[node], unit, &k);
    }
}

Element eq_element(const EqWriter *w, int node, int place, int unit) {
    const Node *n = &w->g->nodes[node];
    double value = unit ? trace_value(w->tr, node, place)[unit - 1] : NAN;
    return (Element){node, unit, n->part, place, 0, n->steady ? 0 : place, value};
}

int eq_unit_of(const Graph *g, int node, int k, int unit) {
    return unit && dim_count(g->nodes[g->nodes[node].args[k].node].dim) == 1 ? 1 : unit;
}

int eq_height(const Graph *g, int node) {
    int height = 0;
    for (int k = 0; k < g->nodes[node].n_args; k++) {
        int from = g->nodes[node].args[k].node;
        bool inner = g->nodes[from].op > OP_START && !eq_is_named(g, from);
        int below = !inner ? 0 : eq_height(g, from) - eq_is_wiring(g, from);
        if (below > height) height = below;
    }
    return height + 1;
}

// ---- numbers and names

const char *eq_role_word(Role role) {
    const char *word = view_role_word(role);
    return word ? word : "text";
}

const char *eq_id(const EqWriter *w, char kind, int node, int place, int unit) {
    return arena_printf(w->a, "%c:%d:%d:%d", kind, node, w->g->nodes[node].steady ? 0 : place,
                        unit);
}

/// Does nothing stand before the next thing that a sign could stick to?
static bool opens(const Buf *out) {
    size_t n = out->len;
    while (n > 0 && out->data[n - 1] == ' ') n--;
    return n == 0 || strchr("({=", out->data[n - 1]);
}

void eq_number(EqWriter *w, double value, const char *id, bool factor, bool inner) {
    int digits = id && *id == 'g' && w->grad_digits ? w->grad_digits : w->digits;
    const char *text = say_number(w->a, value, digits, !isfinite(value), w->v->lang);
    if (id && view_hidden(w->v, view_resolve((void *)w->v, id))) {
        buf_printf(w->out, "\\term{%s}{\\mathbf{?}}", id);
        return;
    }
    bool brackets = factor || (inner && value < 0 && !opens(w->out));
    if (id) buf_printf(w->out, "\\term{%s}{", id);
    if (brackets) buf_puts(w->out, "(");
    const char *almost = "≈";
    size_t sign = strlen(almost);
    if (isfinite(value) && strncmp(text, almost, sign) == 0)
        buf_printf(w->out, "{\\approx}%s", text + sign);
    else if (isfinite(value))
        buf_puts(w->out, text);
    else
        buf_printf(w->out, "\\color{warn}{\\text{%s}}", text);
    if (brackets) buf_puts(w->out, ")");
    if (id) buf_puts(w->out, "}");
}

static void put_name(EqWriter *w, Element e) {
    const Node *n = &w->g->nodes[e.node];
    Expr leaf = {.kind = EXPR_NAME, .lag = e.lag};
    bool own = n->equation >= 0 && n->part == e.part;
    // what a decoder begins with is named by the name that it reads, which tex_leaf resolves
    own = own || (e.lag > 0 && n->equation >= 0 && w->g->parts[n->part].stretch == STRETCH_PROMPT &&
                  w->g->parts[e.part].stretch == STRETCH_ANSWER);
    if (n->op == OP_CONST) {
        if (n->expr && n->expr->kind == EXPR_NAME)
            tex_leaf(w->out, w->v->lesson, e.part, n->expr, e.place, 0);
        else
            tex_number(w->out, n->number);
        return;
    }
    if (n->op == OP_TIMESTEP)
        leaf.name = "t", e.place = 0;
    else if (n->op == OP_PARAM)
        leaf.name = w->g->params[n->param].name;
    else
        leaf.name = own ? w->g->equations[n->equation].name : tex_input_name(w->g, e.part, e.node);
    tex_leaf(w->out, w->v->lesson, e.part, &leaf, e.place, dim_count(n->dim) > 1 ? e.unit : 0);
}

static bool is_inner(const Graph *g, int node) {
    return g->nodes[node].op > OP_START && !eq_is_named(g, node);
}

/// Does the operation's TeX fall apart in a product?
static bool is_loose(const EqWriter *w, int node) {
    switch ((int)w->g->nodes[node].op) {
    case OP_ADD:
    case OP_SUB:
    case OP_NEG:
    case OP_SUM:
    case OP_DOT:
    case OP_MATMUL:
    case OP_CROSS_ENTROPY:
    case OP_WHERE: return true;
    default: return false;
    }
}

void eq_put(EqWriter *w, Element e, bool factor) {
    OpKind op = w->g->nodes[e.node].op;
    bool inner = is_inner(w->g, e.node), open = inner && (!w->numbers || w->depth > 0);
    bool brackets = open && factor && (is_loose(w, e.node) || (w->numbers && op == OP_MUL));
    if (open) {
        if (brackets) buf_puts(w->out, "(");
        if (e.unit == 0 && op != OP_ADD && op != OP_SUB && op != OP_MUL)
            buf_puts(w->out, view_node_tex(w->a, w->v, e.node, e.place, 0));
        else
            eq_put_operation(w, e.node, e.place, e.unit);
        if (brackets) buf_puts(w->out, ")");
    } else if (w->numbers && (op == OP_CONST || op == OP_TIMESTEP) && isfinite(e.value)) {
        bool sign = factor || (e.value < 0 && !opens(w->out)); // as in the text of the cell
        if (sign) buf_puts(w->out, "(");
        tex_number(w->out, e.value);
        if (sign) buf_puts(w->out, ")");
    } else if (w->numbers) {
        eq_number(w, e.value, eq_id(w, 'v', e.node, e.at, e.unit), factor, true);
    } else {
        put_name(w, e);
    }
}

// ---- sums of many terms

bool eq_term(EqWriter *w, int k, int n) {
    enum { MOST = 40, MOST_CLOSED = 4 };
    int most = w->closed ? MOST_CLOSED : MOST;
    bool cut = n > most, last = k == n - 1;
    if (cut && k == most - 2) {
        if (!w->closed) buf_put(w->out, "\001", 1);
        buf_puts(w->out, "{}+ \\cdots ");
    }
    if (cut && k >= most - 2 && !last) return false;
    if (k > 0) {
        if (!w->closed) buf_put(w->out, last ? "\001" : "\002", 1);
        buf_puts(w->out, "{}+ ");
    }
    return true;
}

/// The argument as a whole, in brackets where an index stands behind it.
static void put_whole(EqWriter *w, int node, int k, int place, bool indexed) {
    const Node *arg = &w->g->nodes[w->g->nodes[node].args[k].node];
    bool inner = is_inner(w->g, w->g->nodes[node].args[k].node);
    bool brackets = inner && indexed && arg->op != OP_STACK;
    if (brackets) buf_puts(w->out, "(");
    if (inner)
        buf_puts(w->out, view_node_tex(w->a, w->v, w->g->nodes[node].args[k].node, place, 0));
    else
        put_name(w, eq_argument(w, node, k, place, 0));
    if (brackets) buf_puts(w->out, ")");
}

/// W_{f} of node's argument k with an index "2,k" behind it.
static void put_indexed(EqWriter *w, int node, int k, int place, const char *index) {
    int from = w->g->nodes[node].args[k].node;
    bool inner = is_inner(w->g, from);
    if (inner) {
        put_whole(w, node, k, place, true);
        buf_printf(w->out, "_{%s}", index);
        return;
    }
    const Node *n = &w->g->nodes[from];
    if (n->op == OP_PARAM) {
        buf_printf(w->out, "\\term{%s}{", eq_id(w, 'v', from, 0, 0));
        tex_name(w->out, w->g->params[n->param].name, index, NULL, NULL);
        buf_puts(w->out, "}");
        return;
    }
    buf_puts(w->out, "(");
    put_name(w, eq_argument(w, node, k, place, 0));
    buf_printf(w->out, ")_{%s}", index);
}

/// Products of pairs of elements, added up.
typedef struct {
    int n;
    int left, left_step;   // element of argument 0, and from term to term
    int right, right_step; // of argument 1
} Pairs;

static void put_pairs(EqWriter *w, int node, int place, Pairs p) {
    EqWriter flat = *w;
    flat.depth = 0; // each factor as its number
    for (int i = 0; i < p.n; i++) {
        if (!eq_term(&flat, i, p.n)) continue;
        eq_put(&flat, eq_argument(w, node, 0, place, p.left + i * p.left_step), true);
        eq_put(&flat, eq_argument(w, node, 1, place, p.right + i * p.right_step), true);
    }
}

static void put_matmul(EqWriter *w, int node, int place, int unit) {
    const Node *n = &w->g->nodes[node];
    Dim a = w->g->nodes[n->args[0].node].dim, b = w->g->nodes[n->args[1].node].dim;
    int row = (unit - 1) / n->dim.cols, col = (unit - 1) % n->dim.cols;
    if (w->numbers) {
        put_pairs(w, node, place, (Pairs){a.cols, row * a.cols + 1, 1, col + 1, b.cols});
        return;
    }
    buf_puts(w->out, "\\sum_k ");
    put_indexed(w, node, 0, place, a.rows > 1 ? arena_printf(w->a, "%d k", row + 1) : "k");
    buf_puts(w->out, "\\,");
    put_indexed(w, node, 1, place, b.cols > 1 ? arena_printf(w->a, "k%d", col + 1) : "k");
}

static void put_dot(EqWriter *w, int node, int place, int unit) {
    (void)unit;
    int n = dim_count(w->g->nodes[w->g->nodes[node].args[0].node].dim);
    if (w->numbers) {
        put_pairs(w, node, place, (Pairs){n, 1, 1, 1, 1});
        return;
    }
    buf_puts(w->out, "\\sum_k ");
    put_indexed(w, node, 0, place, "k");
    buf_puts(w->out, "\\,");
    put_indexed(w, node, 1, place, "k");
}

static void put_outer(EqWriter *w, int node, int place, int unit) {
    const Node *n = &w->g->nodes[node];
    int row = (unit - 1) / n->dim.cols, col = (unit - 1) % n->dim.cols;
    eq_put(w, eq_argument(w, node, 0, place, row + 1), true);
    if (!w->numbers) buf_puts(w->out, " \\cdot ");
    eq_put(w, eq_argument(w, node, 1, place, col + 1), true);
}

static void put_transpose(EqWriter *w, int node, int place, int unit) {
    Dim d = w->g->nodes[node].dim;
    int row = (unit - 1) / d.cols, col = (unit - 1) % d.cols;
    eq_put(w, eq_argument(w, node, 0, place, col * d.rows + row + 1), false);
}

static void put_terms(EqWriter *w, int node, int place) {
    int n = dim_count(w->g->nodes[w->g->nodes[node].args[0].node].dim);
    EqWriter flat = *w;
    flat.depth = w->depth > 0 ? w->depth - 1 : 0;
    for (int i = 0; i < n; i++)
        if (eq_term(&flat, i, n)) eq_put(&flat, eq_argument(w, node, 0, place, i + 1), false);
}

static void put_sum(EqWriter *w, int node, int place, int unit) {
    (void)unit;
    int n = dim_count(w->g->nodes[w->g->nodes[node].args[0].node].dim);
    bool mean = w->g->nodes[node].op == OP_MEAN;
    if (mean) buf_printf(w->out, "\\tfrac{1}{%d}", n);
    if (!w->numbers) {
        buf_puts(w->out, "\\sum_k ");
        put_indexed(w, node, 0, place, "k");
        return;
    }
    if (mean) buf_puts(w->out, "\\,(");
    put_terms(w, node, place);
    if (mean) buf_puts(w->out, ")");
}

static void put_var(EqWriter *w, int node, int place, int unit) {
    (void)unit;
    int n = dim_count(w->g->nodes[w->g->nodes[node].args[0].node].dim);
    if (!w->numbers) {
        buf_printf(w->out, "\\tfrac{1}{%d}\\sum_k (", n);
        put_indexed(w, node, 0, place, "k");
        buf_puts(w->out, " - \\mu)^{2}");
        return;
    }
    double mean = 0;
    const double *x = trace_arg(w->tr, node, 0, place);
    for (int i = 0; i < n; i++) mean += x[i] / n;
    EqWriter flat = *w;
    flat.depth = 0;
    buf_printf(w->out, "\\tfrac{1}{%d}\\,(", n);
    for (int i = 0; i < n; i++) {
        if (!eq_term(&flat, i, n)) continue;
        buf_puts(w->out, "(");
        eq_put(&flat, eq_argument(w, node, 0, place, i + 1), false);
        buf_puts(w->out, " - ");
        eq_number(&flat, mean, NULL, false, true);
        buf_puts(w->out, ")^{2}");
    }
    buf_puts(w->out, ")");
}

static void put_exp(EqWriter *w, Element e) {
    buf_puts(w->out, "e^{");
    eq_put(w, e, false);
    buf_puts(w->out, "}");
}

static void put_softmax(EqWriter *w, int node, int place, int unit) {
    Dim d = w->g->nodes[node].dim;
    EqWriter flat = *w;
    flat.depth = 0;
    flat.closed++;
    buf_puts(w->out, "\\dfrac{");
    if (w->numbers) {
        put_exp(&flat, eq_argument(w, node, 0, place, unit));
        buf_puts(w->out, "}{");
        for (int i = 0; i < d.rows; i++)
            if (eq_term(&flat, i, d.rows))
                put_exp(&flat,
                        eq_argument(w, node, 0, place, i * d.cols + (unit - 1) % d.cols + 1));
    } else {
        buf_puts(w->out, "e^{");
        put_indexed(w, node, 0, place, arena_printf(w->a, "%d", unit));
        buf_puts(w->out, "}}{\\sum_k e^{");
        put_indexed(w, node, 0, place, "k");
        buf_puts(w->out, "}");
    }
    buf_puts(w->out, "}");
}

/// A function of a whole column, and the row of its result that is asked for: "pick(y_4)_1".
static void put_choice(EqWriter *w, int node, int place, int unit) {
    enum { SHOWN = 6 };
    const Node *n = &w->g->nodes[node];
    int rows = w->numbers ? n->dim.rows : 1;
    buf_printf(w->out, "\\operatorname{%s}(", op_defs[n->op].name);
    for (int i = 0; i < rows && i < SHOWN; i++) {
        if (i) buf_puts(w->out, ", ");
        eq_put(w, eq_argument(w, node, 0, place, w->numbers ? i + 1 : 0), false);
    }
    if (rows > SHOWN) buf_puts(w->out, ", \\ldots");
    if (n->op == OP_DRAW) buf_puts(w->out, ";\\;");
    if (n->op == OP_DRAW) eq_put(w, eq_argument(w, node, 1, place, 1), false);
    buf_printf(w->out, ")_{%d}", unit);
}

/// Minus the logarithm at the right class; the sum over all of them where the target is no class.
static void put_cross_entropy(EqWriter *w, int node, int place, int unit) {
    (void)unit;
    int n = dim_count(w->g->nodes[w->g->nodes[node].args[0].node].dim), right = 0;
    const double *target = trace_arg(w->tr, node, 1, place);
    bool one = true;
    for (int i = 0; i < n; i++) {
        if (target[i] == 0) continue;
        one = one && target[i] == 1 && !right;
        right = i + 1;
    }
    buf_puts(w->out, "-");
    if (one && right) {
        buf_puts(w->out, "\\log ");
        eq_put(w, eq_argument(w, node, 0, place, right), false);
        return;
    }
    buf_puts(w->out, w->numbers ? "(" : "\\sum_k ");
    for (int i = 0; w->numbers && i < n; i++) {
        if (!eq_term(w, i, n)) continue;
        eq_put(w, eq_argument(w, node, 1, place, i + 1), true);
        buf_puts(w->out, "\\log ");
        eq_put(w, eq_argument(w, node, 0, place, i + 1), false);
    }
    if (w->numbers) {
        buf_puts(w->out, ")");
        return;
    }
    put_indexed(w, node, 1, place, "k");
    buf_puts(w->out, " \\log ");
    put_indexed(w, node, 0, place, "k");
}

// ---- templates

static bool next_is(const char *s, const char *what) {
    return strncmp(s, what, strlen(what)) == 0;
}

bool eq_is_sum(const char *tex) {
    int depth = 0;
    for (const char *s = tex; *s; s++) {
        if (*s == '{' || *s == '(') depth++;
        if (*s == '}' || *s == ')') depth--;
        if (depth == 0 && (*s == '+' || *s == '-')) return true;
    }
    return false;
}

/// tanh(c)^2 as mathematicians write it: tanh^2(c).
static bool put_power(EqWriter *w, int node, int place, int unit) {
    const char *tex = op_defs[w->g->nodes[node].op].tex;
    if (w->numbers || !is_inner(w->g, node) || !tex || !next_is(tex, "\\operatorname{"))
        return false;
    const char *end = strchr(tex, '}');
    buf_put(w->out, tex, (size_t)(end - tex) + 1);
    buf_puts(w->out, "^{2}");
    eq_put_template(w, end + 1, node, place, unit);
    return true;
}

static void put_argument(EqWriter *w, int node, int k, int place, int unit, bool closed) {
    OpKind op = w->g->nodes[node].op;
    bool factor = op == OP_MUL || op == OP_MOD || op == OP_NEG || (op == OP_SUB && k == 1);
    EqWriter inner = *w;
    inner.depth--;
    inner.closed += closed;
    if (k >= w->g->nodes[node].n_args) return;
    Element e = eq_argument(w, node, k, place, eq_unit_of(w->g, node, k, unit));
    bool bare = w->numbers && op != OP_MUL && inner.depth <= 0; // a sign needs brackets, no more
    if (w->numbers && (op == OP_SUB || op == OP_NEG) && (bare || !is_inner(w->g, e.node)))
        factor = false;
    eq_put(&inner, e, factor);
}

/// The result's own name or, inside an equation, the operation that makes it.
static void put_result(EqWriter *w, int node, int place, int unit, bool squared) {
    if (squared && put_power(w, node, place, unit)) return;
    eq_put(w, eq_element(w, node, place, unit), false);
    if (squared) buf_puts(w->out, "^{2}");
}

static const char *relation(Compare c) {
    static const char *const signs[] = {"<", "\\le", ">", "\\ge", "="};
    return signs[c];
}

void eq_put_template(EqWriter *w, const char *tex, int node, int place, int unit) {
    bool grows = strstr(tex, "\\left") || strstr(tex, "\\begin");
    int depth = 0;
    for (const char *s = tex; *s; s++) {
        bool closed = grows || depth > 0 || w->closed;
        if (*s == '{') depth++;
        if (*s == '}') depth--;
        if (next_is(s, "\\odot") && unit > 0) {
            if (!w->numbers) buf_puts(w->out, "\\cdot");
            s += strlen("\\odot") - 1;
        } else if (*s == '#' && s[1] == 'y') {
            bool squared = next_is(s + 2, "^{2}");
            put_result(w, node, place, unit, squared);
            s += squared ? strlen("y^{2}") : 1;
        } else if (*s == '#' && s[1] == 'r') {
            buf_puts(w->out, relation(w->g->nodes[node].compare));
            s++;
        } else if (*s == '#') {
            put_argument(w, node, *++s - '0', place, unit, closed);
        } else if ((*s == '+' || *s == '-') && s > tex && !closed) {
            buf_printf(w->out, "\001{}%c", *s);
        } else {
            buf_put(w->out, s, 1);
        }
    }
}

typedef void PutOperation(EqWriter *w, int node, int place, int unit);

static PutOperation *form_of(OpKind op) {
    static PutOperation *const forms[OP_COUNT] = {[OP_MATMUL] = put_matmul,
                                                  [OP_DOT] = put_dot,
                                                  [OP_OUTER] = put_outer,
                                                  [OP_TRANSPOSE] = put_transpose,
                                                  [OP_SUM] = put_sum,
                                                  [OP_MEAN] = put_sum,
                                                  [OP_VAR] = put_var,
                                                  [OP_SOFTMAX] = put_softmax,
                                                  [OP_PICK] = put_choice,
                                                  [OP_DRAW] = put_choice,
                                                  [OP_CROSS_ENTROPY] = put_cross_entropy};
    return forms[op];
}

void eq_put_operation(EqWriter *w, int node, int place, int unit) {
    const Node *n = &w->g->nodes[node];
    PutOperation *form = unit > 0 ? form_of(n->op) : NULL;
    if (form)
        form(w, node, place, unit);
    else if (op_defs[n->op].tex)
        eq_put_template(w, op_defs[n->op].tex, node, place, unit);
    else
        eq_put(w, eq_argument(w, node, 0, place, unit), false);
}
