// A step forward in three lines: the operation for one element in symbols, the numbers put in down
// to the names, and the last operation on its own operands with the result.
#include <math.h>
#include <string.h>

#include "view/equation_step.h"
#include "view/equation_write.h"
#include "view/panels.h"

static bool is_zh(const View *v) {
    return v->lang == LANG_ZH;
}

const char *eq_unit_words(Arena *a, const View *v, int node, int unit) {
    Dim d = v->lesson->graph->nodes[node].dim;
    bool zh = is_zh(v);
    if (dim_count(d) == 1) return "";
    if (d.cols > 1)
        return arena_printf(a, zh ? "第 %d 行第 %d 列" : "ROW %d, COLUMN %d",
                            (unit - 1) / d.cols + 1, (unit - 1) % d.cols + 1);
    return arena_printf(a, zh ? "第 %d 单元" : "UNIT %d", unit);
}

EqWork eq_work(const View *v) {
    const Graph *g = v->lesson->graph;
    const Walk *w = v->lesson->walk;
    EqWork work = {PHASE_FORWARD, g->output, 1, 1, -1, v->at.at > 0};
    int count = walk_count(w);
    if (count == 0) return work;
    Step step = walk_step(w, v->at.at < 1 ? 0 : v->at.at > count ? count - 1 : v->at.at - 1);
    work.phase = step.phase;
    work.node = step.node;
    work.place = step.place;
    work.equation = step.equation;
    if (step.node < 0) return work;
    if (v->grain >= GRAIN_EQUATION && step.equation >= 0) {
        int whole = g->equations[step.equation].node;
        bool back = step.phase == PHASE_BACKWARD;
        Ref ref = back ? ref_grad(whole, step.place, 0) : ref_value(whole, step.place, 0);
        if (view_known(v, ref)) work.node = whole;
    }
    View free = *v;
    free.focus = NO_REF;
    int unit = v->at.unit, count_of = dim_count(g->nodes[work.node].dim);
    if (unit < 1 && v->focus.kind == REF_VALUE) unit = v->focus.unit;
    if (unit < 1 && v->focus.kind == REF_GRAD) unit = v->focus.unit;
    if (unit < 1) unit = view_focus(&free).unit;
    work.unit = unit >= 1 && unit <= count_of ? unit : 1;
    return work;
}

// ---- the total of the loss

static void tell_total(Scene *s, const View *v, EqStory *story) {
    const Trace *tr = v->lesson->trace;
    const Graph *g = v->lesson->graph;
    double scale = trace_loss_scale(tr);
    Buf symbols = buf_new(s->arena), numbers = buf_new(s->arena), result = buf_new(s->arena);
    EqWriter w = eq_writer(s->arena, v, &numbers);
    w.numbers = true;
    int n = 0, k = 0, last = 1;
    for (int p = 1; p <= trace_steps(tr); p++)
        if (trace_runs(tr, g->loss_part, p)) n++, last = p;
    int over = scale > 0 ? (int)floor(1 / scale + 0.5) : 1;
    if (n == 1 && over == 1) {
        buf_printf(&symbols, "L = %s", view_node_tex(s->arena, v, g->loss, last, 0));
    } else {
        if (over > 1) buf_printf(&symbols, "L = \\frac{1}{%d} \\sum_t L_t", over);
        if (over <= 1) buf_puts(&symbols, "L = \\sum_t L_t");
        buf_printf(&numbers, over > 1 ? "{}= \\frac{1}{%d}\\,(" : "{}= ", over);
        for (int p = 1; p <= trace_steps(tr); p++) {
            if (!trace_runs(tr, g->loss_part, p) || !eq_term(&w, k++, n)) continue;
            eq_number(&w, trace_value(tr, g->loss, p)[0], eq_id(&w, 'v', g->loss, p, 1), false,
                      k > 1);
        }
        if (over > 1) buf_puts(&numbers, ")");
    }
    EqWriter r = w;
    r.out = &result;
    buf_puts(&result, "{}= \\mathbf{");
    eq_number(&r, trace_loss(tr), NULL, false, false);
    buf_puts(&result, "}");
    story->heading = is_zh(v) ? "总损失" : over > 1 ? "THE LOSS: A MEAN" : "THE LOSS";
    eq_lines_add(s, &story->lines, buf_str(&symbols), ink(ROLE_TEXT), 1.06, 0);
    if (numbers.len) eq_lines_add(s, &story->lines, buf_str(&numbers), ink(ROLE_MUTED), 0.95, 1);
    eq_lines_add(s, &story->lines, buf_str(&result), ink(ROLE_TEXT), 1.06, 0);
}

// ---- one element

const char *eq_capitals(Arena *a, const char *text) {
    char *copy = arena_copy(a, text, strlen(text));
    for (char *c = copy; *c; c++)
        if (*c >= 'a' && *c <= 'z') *c = (char)(*c - 'a' + 'A');
    return copy;
}

static const char *heading(Arena *a, const View *v, const EqWork *work) {
    const Graph *g = v->lesson->graph;
    const char *unit = eq_unit_words(a, v, work->node, work->unit);
    const char *what = op_defs[g->nodes[work->node].op].title[v->lang];
    bool inner = !eq_is_named(g, work->node) && what;
    const char *numbers = is_zh(v) ? "代入数值" : "WITH ITS NUMBERS";
    const char *comma = is_zh(v) ? "，" : ", ";
    const char *front =
        inner ? arena_printf(a, "%s · ", is_zh(v) ? what : eq_capitals(a, what)) : "";
    if (!*unit) return arena_printf(a, "%s%s", front, numbers);
    return arena_printf(a, "%s%s%s%s", front, unit, comma, numbers);
}

static const char *symbols(Arena *a, const View *v, const EqWork *work) {
    Buf out = buf_new(a);
    EqWriter w = eq_writer(a, v, &out);
    if (eq_is_named(w.g, work->node)) {
        eq_put(&w, eq_element(&w, work->node, work->place, work->unit), false);
        buf_puts(&out, " = ");
    }
    eq_put_operation(&w, work->node, work->place, work->unit);
    return buf_str(&out);
}

static const char *numbers_at(Arena *a, const View *v, const EqWork *work, int depth) {
    Buf out = buf_new(a);
    EqWriter w = eq_writer(a, v, &out);
    w.numbers = true;
    w.depth = depth;
    buf_puts(&out, "{}= ");
    eq_put_operation(&w, work->node, work->place, work->unit);
    return buf_str(&out);
}

static const char *result(Arena *a, const View *v, const EqWork *work, const char *before) {
    Buf out = buf_new(a);
    EqWriter w = eq_writer(a, v, &out);
    double y = trace_value(w.tr, work->node, work->place)[work->unit - 1];
    const char *role = eq_role_word(view_role(v->lesson, work->node));
    buf_printf(&out, "%s%s{}= \\color{%s}{\\mathbf{", before, *before ? "\001" : "", role);
    eq_number(&w, y, eq_id(&w, 'v', work->node, work->place, work->unit), false, false);
    buf_puts(&out, "}}");
    return buf_str(&out);
}

static bool is_rename(OpKind op) {
    return op == OP_COPY || op == OP_SPREAD || op == OP_STOP || op == OP_TRANSPOSE;
}

static void find_curve(const View *v, const EqWork *work, EqCurve *curve) {
    const Graph *g = v->lesson->graph;
    const Node *n = &g->nodes[work->node];
    if (!op_defs[n->op].slope || n->op == OP_NEG) return;
    Buf none = {0};
    EqWriter w = eq_writer(NULL, v, &none);
    Element x =
        eq_argument(&w, work->node, 0, work->place, eq_unit_of(g, work->node, 0, work->unit));
    double y = trace_value(w.tr, work->node, work->place)[work->unit - 1];
    *curve = (EqCurve){work->node,
                       x.value,
                       y,
                       false,
                       view_role(v->lesson, work->node),
                       ref_value(x.node, x.at, x.unit),
                       ref_value(work->node, work->place, work->unit)};
    if (view_hidden(v, curve->ref_y)) curve->x = curve->y = NAN; // the line alone
}

void eq_tell_forward(Scene *s, const View *v, const EqWork *work, EqStory *story) {
    Arena *a = s->arena;
    if (work->node < 0) {
        tell_total(s, v, story);
        return;
    }
    const Graph *g = v->lesson->graph;
    int height = eq_height(g, work->node);
    const char *full = numbers_at(a, v, work, height), *last = numbers_at(a, v, work, 1);
    bool same = strcmp(full, last) == 0, plain = is_rename(g->nodes[work->node].op);
    story->heading = heading(a, v, work);
    story->brief = eq_unit_words(a, v, work->node, work->unit);
    eq_lines_add(s, &story->lines, symbols(a, v, work), ink(ROLE_TEXT), 1.06, 0);
    if (!plain) eq_lines_add(s, &story->lines, full, ink(ROLE_MUTED), 0.95, 1);
    if (!plain && height > 2 && v->grain >= GRAIN_EQUATION) {
        const char *middle = numbers_at(a, v, work, 2);
        if (strcmp(middle, full) != 0 && strcmp(middle, last) != 0)
            eq_lines_add(s, &story->lines, middle, ink(ROLE_MUTED), 0.95, 2);
    }
    eq_lines_add(s, &story->lines, result(a, v, work, same || plain ? "" : last), ink(ROLE_TEXT),
                 1.06, 0);
    find_curve(v, work, &story->curve);
}
