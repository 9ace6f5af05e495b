// What made a number, and on which paths its gradient came: the parts of lesson/explain.h as rows
// of bars, then the steps that lead from their sum to the number.
#include <math.h>
#include <string.h>

#include "view/tex.h"
#include "view/value.h"

static Ref ref_of(Number x) {
    return ref_value(x.node, x.place, x.unit);
}

/// A number as TeX, in brackets where a sign would stand beside a sign.
static const char *number_tex(const Value *p, double x, bool bracket) {
    const char *text = value_exact(p, x);
    Buf out = buf_new(p->s->arena);
    bool minus = !strncmp(text, "−", strlen("−"));
    if (minus) text += strlen("−");
    bool plain = text[strspn(text, "0123456789.")] == '\0';
    if (minus && bracket) buf_puts(&out, "(");
    if (minus) buf_puts(&out, "-");
    buf_printf(&out, plain ? "%s" : "\\text{%s}", text);
    if (minus && bracket) buf_puts(&out, ")");
    return buf_str(&out);
}

// ---- terms

static BarRow term_row(const Value *p, Term t) {
    BarRow row = {.share = t.share, .ref = ref_of(t.a), .title = value_title(p, t.a.node)};
    row.tex = value_name(p, t.a);
    row.right = value_named(p, t.a);
    row.right_ref = ref_of(t.a);
    bool weight = p->g->nodes[t.a.node].steady;
    if (t.product) {
        const char *both = arena_printf(p->s->arena, "%s\\,%s", row.tex, value_name(p, t.b));
        row.tex = weight ? value_name(p, t.b) : both;
        row.ref = ref_of(weight ? t.b : t.a);
        row.title = value_title(p, t.b.node);
        row.left = row.right;
        row.left_ref = row.right_ref;
        row.right = value_named(p, t.b);
        row.right_ref = ref_of(t.b);
    }
    bool hidden = view_hidden(p->v, ref_of(t.a)) || (t.product && view_hidden(p->v, ref_of(t.b)));
    if (hidden) row.share = 0; // the bar would tell
    double made = t.product ? t.a.value * t.b.value : t.a.value;
    if (made != 0 && t.share == -made) row.tex = arena_printf(p->s->arena, "-%s", row.tex);
    return row;
}

static BarRow plain_row(const Value *p, Number x) {
    return term_row(p, (Term){.a = x, .share = x.value});
}

/// Of cross-entropy: the probabilities of the classes that count.
static BarRow *right_classes(const Value *p, int node, int place, int *count) {
    int n = dim_count(p->g->nodes[p->g->nodes[node].args[0].node].dim);
    BarRow *list = ARENA_ARRAY(p->s->arena, BarRow, n + 1);
    *count = 0;
    for (int u = 1; u <= n; u++) {
        Number y = explain_argument(p->lesson, node, 0, place, u);
        double target = explain_argument(p->lesson, node, 1, place, u).value;
        if (target != 0) list[(*count)++] = plain_row(p, y);
    }
    return list;
}

/// The rows of an operation that adds nothing up: its arguments at this element; for functions of
/// a whole block, the block.
static BarRow *argument_rows(const Value *p, int node, int place, int unit, int *count) {
    const Node *n = &p->g->nodes[node];
    if (n->op == OP_CROSS_ENTROPY) return right_classes(p, node, place, count);
    bool column = op_reads_column(n->op), block = column || n->op == OP_VAR;
    int n_args = n->fused || column ? 1 : n->n_args;
    if (n->op == OP_BINARY_CROSS_ENTROPY) n_args = 2; // the third is what y was made from
    Dim d = n_args ? p->g->nodes[n->args[0].node].dim : n->dim;
    int rows = column ? d.rows : block ? dim_count(d) : n_args;
    BarRow *list = ARENA_ARRAY(p->s->arena, BarRow, rows + 1);
    for (int i = 0; i < rows; i++) {
        int k = block ? 0 : i, u = explain_element(p->g, node, k, unit);
        if (column) u = i * d.cols + (unit - 1) % d.cols + 1;
        if (n->op == OP_VAR) u = i + 1;
        list[i] = plain_row(p, explain_argument(p->lesson, node, k, place, u));
    }
    *count = rows;
    return list;
}

/// "−log 0.991 = 0.009", where one class counts.
static const char *log_tex(const Value *p, int node, int place) {
    int n;
    const BarRow *rows = right_classes(p, node, place, &n);
    if (n != 1) return NULL;
    double loss = *trace_value(p->trace, node, place);
    return arena_printf(p->s->arena, "-\\log %s = %s", number_tex(p, rows[0].share, true),
                        number_tex(p, loss, false));
}

/// An operation with its numbers and its result: "σ(3.595) = 0.973". NULL if it has no such form.
static const char *step_tex(const Value *p, int node, int place, int unit) {
    static const char *const relations[] = {"<", "\\le ", ">", "\\ge ", "="};
    const Node *n = &p->g->nodes[node];
    const OpDef *def = &op_defs[n->op];
    if (n->op == OP_CROSS_ENTROPY) return log_tex(p, node, place);
    bool element = def->shape == SHAPE_RULE_SAME || def->shape == SHAPE_RULE_SPREAD;
    if (!def->tex || !element || op_reads_column(n->op) || n->op == OP_COPY) return NULL;
    Buf out = buf_new(p->s->arena);
    for (const char *c = def->tex; *c; c++) {
        if (*c != '#') {
            buf_put(&out, c, 1);
        } else if (*++c == 'r') {
            buf_puts(&out, relations[n->compare]);
        } else {
            int k = *c - '0', u = explain_element(p->g, node, k, unit);
            Number x = explain_argument(p->lesson, node, k, place, u);
            bool hidden = view_hidden(p->v, ref_of(x));
            buf_puts(&out, hidden ? "\\text{?}" : number_tex(p, x.value, !def->is_function));
        }
    }
    double y = trace_value(p->trace, node, place)[unit - 1];
    buf_printf(&out, " = %s", number_tex(p, y, false));
    return buf_str(&out);
}

static Name step_name(const Value *p, int node, int place) {
    const char *tex = step_tex(p, node, place, p->ref.unit);
    if (!tex) return (Name){0};
    return value_fit(p, tex, 15 * p->unit, "", p->left.w, INFINITY);
}

static double step_height(const Value *p, int node, int place) {
    Name name = step_name(p, node, place);
    return name.tex ? name.ascent + name.descent + 6 * p->unit : 0;
}

static void draw_step(Value *p, int node, int place) {
    Name name = step_name(p, node, place);
    double height = step_height(p, node, place);
    if (!name.tex || p->left.h < height) return;
    Box row = box_cut_top(&p->left, height);
    Shape *f = scene_formula(p->s, row.x, row.y + 3 * p->unit + name.ascent, name.tex, name.size,
                             ALIGN_LEFT, ink(ROLE_TEXT), NULL, NULL);
    f->ref = ref_value(node, p->g->nodes[node].steady ? 0 : place, p->ref.unit);
}

static const char *given(const Value *p) {
    const Node *n = &p->g->nodes[p->ref.node];
    bool zh = p->zh;
    if (p->ref.place < 1 && !n->steady) return zh ? "第一步之前的值" : "the value it starts from";
    if (n->op == OP_PARAM)
        return p->lesson->train.steps > 0 ? (zh ? "训练得到的参数" : "learned in training")
                                          : (zh ? "参数，由课程给定" : "a parameter, given");
    bool data = p->ref.node == p->g->data && !view_is_fed(p->v, p->ref.place);
    if (n->op == OP_INPUT && p->ref.node == p->g->draw)
        return zh ? "随机数，由种子决定" : "a random number, from the seed";
    if (n->op == OP_INPUT || data) return zh ? "来自数据" : "comes from the data";
    if (n->op == OP_CONST) return zh ? "常数" : "a constant";
    if (n->op == OP_START) return zh ? "初始值，由课程给定" : "a start value, given";
    if (n->op == OP_TIMESTEP) return zh ? "当前时间步的序号" : "the number of the timestep";
    return NULL;
}

void value_made(Value *p, double room) {
    double end = p->left.h - room;
    const char *heading = p->zh ? "它由什么得来" : "WHAT MADE IT", *fixed = given(p);
    if (!value_heading(p, heading, NULL, value_row(p))) return;
    if (fixed) {
        value_line(p, fixed, TYPE_PLAIN, ink(ROLE_MUTED));
        return;
    }
    int place = p->ref.place < 1 ? 1 : p->ref.place, n = 0;
    Explained e = explain_value(p->s->arena, p->lesson, p->ref.node, place, p->ref.unit);
    BarRow *rows = ARENA_ARRAY(p->s->arena, BarRow, e.n_terms + 1);
    for (; n < e.n_terms; n++) rows[n] = term_row(p, e.terms[n]);
    if (n == 0) rows = argument_rows(p, e.inner, place, p->ref.unit, &n);
    double below = e.n_terms > 0 ? value_row(p) * 1.1 : step_height(p, e.inner, place);
    for (int i = 0; i < e.n_functions; i++) below += step_height(p, e.functions[i], place);
    value_bars(p, rows, n, p->left.h - end - below);
    if (e.n_terms > 0)
        value_sum(p, n > 1 ? (p->zh ? "和" : "sum") : (p->zh ? "积" : "product"), e.value,
                  ref_value(e.inner, p->ref.place, p->ref.unit));
    else
        draw_step(p, e.inner, place);
    for (int i = e.n_functions - 1; i >= 0; i--) draw_step(p, e.functions[i], place);
}

// ---- paths

/// What a path leads through: the result of another equation, or an operation of the same.
static int through(const Value *p, Path path) {
    int own = p->g->nodes[p->ref.node].equation;
    bool other = path.equation >= 0 && (path.equation != own || path.place != p->ref.place);
    return other ? p->g->equations[path.equation].node : path.user;
}

static BarRow path_row(const Value *p, Path path) {
    int node = through(p, path);
    BarRow row = {.share = path.share, .ref = ref_grad(node, path.place, 0)};
    row.tex = view_node_tex(p->s->arena, p->v, node, path.place, 0);
    row.title = value_title(p, node);
    row.right = value_number(p, path.share);
    row.right_ref = row.ref;
    return row;
}

/// The products that one path's share is the sum of; one product where the slope is a number.
static BarRow *product_rows(const Value *p, Path path, int *count) {
    int n;
    const Term *terms = explain_back_terms(p->s->arena, p->lesson, path, p->ref.unit, &n);
    BarRow *rows = ARENA_ARRAY(p->s->arena, BarRow, n + 1);
    for (int i = 0; i < n; i++) {
        rows[i] = term_row(p, terms[i]);
        rows[i].tex = value_name(p, terms[i].b);
        rows[i].ref = rows[i].left_ref = ref_grad(path.user, path.place, terms[i].a.unit);
    }
    *count = n;
    if (n > 0) return rows;
    int result = explain_result(p->g, path.user, path.arg, p->ref.unit);
    double slope = explain_slope(p->s->arena, p->lesson, path, p->ref.unit);
    bool wide = dim_count(p->g->nodes[path.user].dim) > 1 && dim_count(p->dim) == 1;
    if (isnan(slope) || wide || path.merged || p->g->nodes[path.user].op == OP_SOFTMAX) {
        rows[0] = path_row(p, path);
    } else {
        Ref from = ref_grad(path.user, path.place, result);
        rows[0] = (BarRow){.tex = value_tex(p, path.user, path.place, result, true),
                           .title = value_title(p, path.user),
                           .share = path.share,
                           .ref = from,
                           .left = view_hidden(p->v, from)
                                       ? "?"
                                       : value_number(p, explain_incoming(p->lesson, path, result)),
                           .left_ref = from,
                           .right = value_number(p, slope)};
    }
    *count = 1;
    return rows;
}

/// "71% c_4" at one end of the bar.
static void draw_percent(const Value *p, const BarRow *row, double part, Box area, bool right) {
    const char *near = part > 0 && part < 0.005 ? "<1" : part < 1 && part > 0.995 ? ">99" : NULL;
    const char *percent = near ? near : arena_printf(p->s->arena, "%.0f", 100 * part);
    const char *tex = arena_printf(p->s->arena, "\\text{%s%%}\\;%s", percent, row->tex);
    double size = 12 * p->unit, w = scene_formula_width(p->s, tex, size);
    if (w > area.w / 2 - 4) return;
    scene_formula(p->s, right ? area.x + area.w - w : area.x, area.y + 27 * p->unit, tex, size,
                  ALIGN_LEFT, ink(ROLE_MUTED), view_resolve, (void *)p->v);
}

/// Two or more paths of one sign as parts of one bar, with their percentages.
static void draw_split(Value *p, const BarRow *rows, int n, double sum) {
    double height = 36 * p->unit, x = p->left.x;
    if (n < 2 || n > 3 || p->left.h < height || sum == 0 || !isfinite(sum)) return;
    for (int i = 0; i < n; i++)
        if (rows[i].share / sum <= 0) return;
    Box area = box_cut_top(&p->left, height);
    for (int i = 0; i < n; i++) {
        double part = rows[i].share / sum, w = part * (area.w - 2 * (n - 1));
        Role role = view_role(p->lesson, rows[i].ref.node);
        if (w >= 1)
            scene_box(p->s, (Box){x, area.y + 3, w, 9 * p->unit}, fmin(4, w / 2),
                      role == ROLE_TEXT ? ink(ROLE_BACKWARD) : ink(role), NO_INK, 0, rows[i].ref);
        bool last = i == n - 1;
        if (i == 0 || last) draw_percent(p, &rows[i], part, area, last);
        x += w + 2;
    }
}

/// The ways that stop cuts, a line each; and where the panel is about stop itself, its end.
static void draw_cuts(Value *p) {
    int n;
    Arena *a = p->s->arena;
    const Path *cuts = explain_cuts(a, p->lesson, p->ref.node, p->ref.place, &n);
    for (int i = 0; i < n; i++) {
        const char *name = cuts[i].equation < 0 ? value_title(p, cuts[i].user)
                                                : p->g->equations[cuts[i].equation].name;
        const char *form = p->zh ? "经由 t = %d 时的 %s" : "through %s at t = %d";
        const char *label = p->zh ? arena_printf(a, form, cuts[i].place, name)
                                  : arena_printf(a, form, name, cuts[i].place);
        const char *by = cuts[i].truncated ? p->zh ? "分段截断" : "cut into pieces"
                         : p->zh           ? "被 stop 截断"
                                           : "cut by stop";
        value_pair(p, label, by, ink(ROLE_MUTED), NO_REF);
    }
    if (p->g->nodes[p->ref.node].op == OP_STOP)
        value_line(p, p->zh ? "stop 不再往回传" : "stop hands none of it on", TYPE_PLAIN,
                   ink(ROLE_MUTED));
}

/// What stands where no way leads to the number.
static void draw_no_path(Value *p) {
    int cuts;
    explain_cuts(p->s->arena, p->lesson, p->ref.node, p->ref.place, &cuts);
    const char *text = p->ref.node == p->g->loss
                           ? p->zh ? "反向传播由此开始" : "here the way back begins"
                       : cuts > 0 ? p->zh ? "所有路径都被截断" : "every way to it is cut"
                       : p->zh    ? "损失与它无关"
                                  : "the loss does not depend on it";
    value_line(p, text, TYPE_PLAIN, ink(ROLE_MUTED));
    draw_cuts(p);
}

void value_paths(Value *p, double room) {
    Arena *a = p->s->arena;
    double end = p->left.h - room;
    bool zh = p->zh, steady = p->g->nodes[p->ref.node].steady;
    if (p->ref.place < 1) return;
    int n, count = 0;
    Path *paths = explain_paths(a, p->lesson, p->ref.node, p->ref.place, p->ref.unit, &n);
    const char *heading = zh ? n > 1 ? "各条路径" : "路径" : n > 1 ? "THE PATHS" : "THE PATH";
    const char *note =
        steady ? arena_printf(a, zh ? "时间步 %d" : "at timestep %d", p->ref.place) : NULL;
    if (!value_heading(p, heading, note, value_row(p))) return;
    if (p->ref.node == p->g->loss || n == 0) {
        draw_no_path(p);
        return;
    }
    BarRow *rows = n == 1 ? product_rows(p, paths[0], &count) : ARENA_ARRAY(a, BarRow, n);
    double sum = 0;
    for (int i = 0; i < n; i++) sum += paths[i].share;
    for (int i = 0; n > 1 && i < n; i++) rows[i] = path_row(p, paths[i]);
    if (n > 1) count = n;
    value_bars(p, rows, count, p->left.h - end - value_row(p) * 1.1);
    const char *label = steady      ? zh ? "本时间步的份额" : "this timestep's share"
                        : count > 1 ? zh ? "和" : "sum"
                        : zh        ? "传到这里"
                                    : "arrives as";
    value_sum(p, label, sum, p->ref);
    draw_cuts(p);
    if (n > 1 && p->left.h - end > 34 * p->unit) draw_split(p, rows, n, sum);
}
