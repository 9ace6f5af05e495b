// Where a number goes: the equations that use it, with their numbers as far as the playhead has
// come. A product with it is written out; sums through weights are named side by side.
#include <math.h>
#include <string.h>

#include "view/tex.h"
#include "view/value.h"

enum { LINES_MOST = 3, NAMES_MOST = 8 };

/// One operation that uses the number.
typedef struct {
    int node, arg, place, unit; // unit: element of the result
} Goal;

typedef struct {
    Goal products[LINES_MOST]; // element by element, written out
    int n_products;
    Goal names[NAMES_MOST]; // the rest: results of equations
    int n_names, more;
} Goals;

static bool is_written_out(OpKind op) {
    return op == OP_MUL || op == OP_ADD || op == OP_SUB || op == OP_DIV || op == OP_MAX ||
           op == OP_MIN;
}

static void add_name(Goals *out, int node, int place) {
    for (int i = 0; i < out->n_names; i++)
        if (out->names[i].node == node && out->names[i].place == place) return;
    if (out->n_names < NAMES_MOST)
        out->names[out->n_names++] = (Goal){node, 0, place, 0};
    else
        out->more++;
}

static void add_use(const Value *p, Goals *out, Use use) {
    const Node *user = &p->g->nodes[use.node], *own = &p->g->nodes[p->ref.node];
    int place = own->steady ? view_place(p->v) : trace_use_place(p->trace, use, p->ref.place);
    if (place < 1 || user->steady || user->equation < 0) return;
    if (!trace_runs(p->trace, user->part, place)) return;
    bool same = user->dim.rows == p->dim.rows && user->dim.cols == p->dim.cols;
    if (is_written_out(user->op) && same && !own->steady && out->n_products < LINES_MOST)
        out->products[out->n_products++] = (Goal){use.node, use.arg, place, p->ref.unit};
    else
        add_name(out, p->g->equations[user->equation].node, place);
}

static Goals goals_of(const Value *p) {
    Goals out = {.n_names = 0};
    if (p->ref.place < 1 && !p->g->nodes[p->ref.node].steady) return out;
    for (int i = 0; i < p->g->n_uses[p->ref.node]; i++)
        add_use(p, &out, p->g->uses[p->ref.node][i]);
    return out;
}

// ---- one product

/// What stands around an operation in its equation.
typedef struct {
    const char *before, *after;
} Surround;

static Surround surround_of(const Value *p, int node) {
    const Equation *e = &p->g->equations[p->g->nodes[node].equation];
    const Node *last = &p->g->nodes[e->node];
    if (e->node == node) return (Surround){"", ""};
    bool sum = last->op == OP_ADD;
    if (sum && last->args[0].node == node) return (Surround){"", " + \\ldots"};
    if (sum && last->args[1].node == node) return (Surround){"\\ldots + ", ""};
    const char *tex = op_defs[last->op].tex, *at = tex ? strstr(tex, "#0") : NULL;
    bool function = at && !strchr(at + 1, '#') && strchr(tex, '#') == at;
    if (function && last->args[0].node == node)
        return (Surround){arena_copy(p->s->arena, tex, (size_t)(at - tex)), at + 2};
    return (Surround){"\\ldots\\;", "\\;\\ldots"};
}

/// "c_{3,2} = f_{3,2} ⊙ c_{2,2} + …".
static const char *product_tex(const Value *p, Goal goal) {
    const Node *n = &p->g->nodes[goal.node];
    const Equation *e = &p->g->equations[n->equation];
    Buf out = buf_new(p->s->arena);
    buf_printf(&out, "%s = ", value_tex(p, e->node, goal.place, goal.unit, false));
    Surround rest = surround_of(p, goal.node);
    buf_puts(&out, rest.before);
    for (const char *c = op_defs[n->op].tex; *c; c++) {
        if (*c != '#') {
            buf_put(&out, c, 1);
            continue;
        }
        int k = *++c - '0', u = explain_element(p->g, goal.node, k, goal.unit);
        Number x = explain_argument(p->lesson, goal.node, k, goal.place, u);
        buf_puts(&out, value_name(p, x));
    }
    buf_puts(&out, rest.after);
    return buf_str(&out);
}

/// What a gate does to the other factor, in words that hold for any cell.
static const char *gate_words(const Value *p, double gate, Number other) {
    bool state = other.lag > 0;
    const char *number = value_number(p, other.value);
    double percent = floor(100 * gate + 0.5);
    Arena *a = p->s->arena;
    if (p->zh && state) return arena_printf(a, "保留 %s 的 %.0f%%", number, percent);
    if (p->zh) return arena_printf(a, "让 %s 通过 %.0f%%", number, percent);
    if (state) return arena_printf(a, "keeps %.0f%% of %s", percent, number);
    return arena_printf(a, "lets %.0f%% of %s through", percent, number);
}

static const char *product_words(const Value *p, Goal goal) {
    const Node *n = &p->g->nodes[goal.node];
    static const char *const signs[] = {[OP_ADD] = "+", [OP_SUB] = "−",   [OP_MUL] = "×",
                                        [OP_DIV] = "/", [OP_MAX] = "max", [OP_MIN] = "min"};
    Number x[2];
    for (int k = 0; k < 2; k++) {
        int u = explain_element(p->g, goal.node, k, goal.unit);
        x[k] = explain_argument(p->lesson, goal.node, k, goal.place, u);
        bool before = x[k].place < 1;
        if (!before && !view_known(p->v, ref_value(x[k].node, x[k].place, x[k].unit)))
            return p->zh ? "还没有算到这里" : "not computed yet";
        if (view_hidden(p->v, ref_value(x[k].node, x[k].place, x[k].unit)))
            return p->zh ? "请先预测" : "predict it first";
    }
    Number own = x[goal.arg], other = x[1 - goal.arg];
    bool gate = n->op == OP_MUL && view_is_gate(p->g, own.node) && isfinite(own.value);
    if (gate && !view_is_gate(p->g, other.node)) return gate_words(p, own.value, other);
    double y = trace_value(p->trace, goal.node, goal.place)[goal.unit - 1];
    Ref to = ref_value(goal.node, goal.place, goal.unit);
    const char *result = view_known(p->v, to) && !view_hidden(p->v, to) ? value_number(p, y) : "?";
    return arena_printf(p->s->arena, "%s %s %s = %s", value_number(p, x[0].value), signs[n->op],
                        value_number(p, x[1].value), result);
}

static Name product_name(const Value *p, Goal goal) {
    const Equation *e = &p->g->equations[p->g->nodes[goal.node].equation];
    return value_fit(p, product_tex(p, goal), 15 * p->unit, e->label[p->v->lang], p->left.w,
                     INFINITY);
}

static double product_height(const Value *p, Goal goal) {
    Name name = product_name(p, goal);
    return name.ascent + name.descent + 23 * p->unit;
}

static void draw_product(Value *p, Goal goal) {
    Name name = product_name(p, goal);
    double height = product_height(p, goal);
    if (p->left.h < height) return;
    Box row = box_cut_top(&p->left, height);
    double baseline = row.y + name.ascent + name.descent + 12 * p->unit;
    Ref result = ref_value(goal.node, goal.place, goal.unit);
    value_put(p, name, row.x, row.y + name.ascent, ink(ROLE_TEXT));
    value_text(p, row.x, baseline, product_words(p, goal), TYPE_NUMBER, ALIGN_LEFT, ink(ROLE_MUTED),
               view_known(p->v, result) ? result : p->ref, row.w);
}

// ---- names

static void draw_names(Value *p, const Goals *goals) {
    Box row = box_cut_top(&p->left, 26 * p->unit);
    double x = row.x, end = row.x + row.w, size = 15 * p->unit, baseline = row.y + 15 * p->unit;
    bool through = goals->n_products > 0;
    const char *lead = p->zh ? through ? "也进入" : "进入" : through ? "and into" : "into";
    x += value_text(p, x, baseline, lead, TYPE_NUMBER, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF, row.w) +
         8 * p->unit;
    int left_out = goals->more;
    for (int i = 0; i < goals->n_names; i++) {
        Goal goal = goals->names[i];
        const char *tex = view_node_tex(p->s->arena, p->v, goal.node, goal.place, 0);
        double w = scene_formula_width(p->s, tex, size);
        if (x + w + 16 * p->unit > end) {
            left_out += goals->n_names - i;
            break;
        }
        scene_formula(p->s, x, baseline, tex, size, ALIGN_LEFT, ink(ROLE_TEXT), view_resolve,
                      (void *)p->v);
        x += w + 9 * p->unit;
    }
    if (left_out > 0)
        value_text(p, x, baseline, "…", TYPE_NUMBER, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF, end - x);
}

double value_goes_height(Value *p) {
    Goals goals = goals_of(p);
    if (goals.n_products + goals.n_names == 0) return 0;
    double lines = goals.n_names > 0 ? 26 * p->unit : 0;
    for (int i = 0; i < goals.n_products; i++) lines += product_height(p, goals.products[i]);
    return 32 * p->unit + lines;
}

void value_goes(Value *p, double room) {
    Goals goals = goals_of(p);
    (void)room;
    box_cut_top(&p->left, 8 * p->unit);
    if (!value_heading(p, p->zh ? "它到哪里去" : "WHERE IT GOES", NULL, 26 * p->unit)) return;
    for (int i = 0; i < goals.n_products; i++) draw_product(p, goals.products[i]);
    if (goals.n_names > 0) draw_names(p, &goals);
}
