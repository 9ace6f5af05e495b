// The same lesson with other cells, beside its own: what each network has and says, and how what
// its cell hands on, and the gradient of that, grow or shrink from timestep to timestep, on one
// axis. Nothing of it is told before the lesson's own number is there.
#include <math.h>

#include "view/norms.h"

/// The lesson after training, which is what the other cells are compared with.
static const Lesson *own_lesson(const View *v) {
    return v->lesson->trained ? v->lesson->trained : v->lesson;
}

bool panel_compare_has(const View *v) {
    return own_lesson(v)->n_compared > 0;
}

// ---- what each network has and says

/// The last timestep with a loss; 0 without.
static int last_loss(const Lesson *l) {
    int place = l->graph->loss < 0 ? 0 : trace_steps(l->trace);
    while (place > 0 && !trace_runs(l->trace, l->graph->loss_part, place)) place--;
    return place;
}

/// Is the loss there at the playhead? While a question is open it may be what is asked for.
static bool loss_is_told(const View *v) {
    int place = last_loss(v->lesson);
    return v->n_hidden == 0 && place > 0 &&
           view_known(v, ref_value(v->lesson->graph->loss, place, 1));
}

/// "says A: right", "says 0.71 for 0.75"; NULL where the answer is several numbers.
static const char *answer_words(const Value *p, const Trace *tr, int place) {
    const Lesson *l = own_lesson(p->v);
    const Graph *g = trace_graph(tr);
    int rows = dim_count(g->nodes[g->output].dim), best = 0;
    if (place < 1 || !trace_holds(tr, g->output, place) || g->loss_kind == LOSS_PROBE) return NULL;
    const double *y = trace_value(tr, g->output, place);
    if (!l->target_classes && rows > 1) return NULL;
    if (!l->target_classes)
        return arena_printf(p->s->arena, p->zh ? "回答 %s，应为 %s" : "says %s for %s",
                            value_number(p, y[0]),
                            value_number(p, trace_value(tr, g->target, place)[0]));
    for (int k = 1; k < rows; k++)
        if (y[k] > y[best]) best = k;
    bool right = best == l->target_classes[place - 1];
    const char *form = p->zh   ? right ? "回答 %s，正确" : "回答 %s，错误"
                       : right ? "says %s: right"
                               : "says %s: wrong";
    return arena_printf(p->s->arena, form, view_class_name(p->s->arena, p->v, best));
}

/// "loss 0.693"
static const char *loss_words(const Value *p, const Trace *tr) {
    double loss = trace_loss(tr);
    int digits = isfinite(loss) && loss != 0 ? say_decimals(fabs(loss), p->digits, 3) : p->digits;
    return arena_printf(p->s->arena, p->zh ? "损失 %s" : "loss %s",
                        say_number(p->s->arena, loss, digits, true, p->v->lang));
}

/// Two lines: name and loss; the number of weights and the answer.
static void draw_cell(Value *p, const Trace *tr, const char *name, bool told) {
    const Graph *g = trace_graph(tr);
    const char *loss = g->loss < 0          ? ""
                       : told               ? loss_words(p, tr)
                       : p->v->n_hidden > 0 ? p->zh ? "损失：请先预测" : "loss: predict it first"
                       : p->zh              ? "损失：尚未计算"
                                            : "loss: not computed yet";
    const char *answer = told ? answer_words(p, tr, last_loss(own_lesson(p->v))) : NULL;
    double w = scene_text_width(p->s, loss, value_style(p, TYPE_PLAIN));
    Box row = box_cut_top(&p->left, 17 * p->unit);
    value_text(p, row.x, row.y + 12.5 * p->unit, name, TYPE_STRONG, ALIGN_LEFT, ink(ROLE_TEXT),
               NO_REF, row.w - w - 8);
    value_text(p, row.x + row.w, row.y + 12.5 * p->unit, loss, TYPE_PLAIN, ALIGN_RIGHT,
               ink(told ? ROLE_TEXT : ROLE_MUTED), NO_REF, row.w);
    row = box_cut_top(&p->left, 19 * p->unit);
    const char *count =
        arena_printf(p->s->arena, p->zh ? "%d 个参数" : "%d parameters", g->n_weights);
    w = answer ? scene_text_width(p->s, answer, value_style(p, TYPE_PLAIN)) + 8 : 0;
    value_text(p, row.x, row.y + 11 * p->unit, count, TYPE_PLAIN, ALIGN_LEFT, ink(ROLE_MUTED),
               NO_REF, row.w - w);
    if (answer)
        value_text(p, row.x + row.w, row.y + 11 * p->unit, answer, TYPE_PLAIN, ALIGN_RIGHT,
                   ink(ROLE_TEXT), NO_REF, row.w);
}

static void draw_cells(Value *p) {
    const Lesson *own = own_lesson(p->v);
    NormLine lines[NORMS_LINES];
    int n = norms_compared(p, false, lines);
    bool told = loss_is_told(p->v);
    const char *note = own->train.steps == 0 ? NULL : p->zh ? "训练之后" : "after training";
    value_heading(p, p->zh ? "同一课，不同的单元" : "ONE LESSON, SEVERAL CELLS", note, 0);
    for (int k = 0; k < n; k++) draw_cell(p, lines[k].trace, lines[k].cell, told);
    if (own->compared_drawn)
        value_line(p, p->zh ? "其余单元的初始权重由种子抽取" : "the others' weights begin as drawn",
                   TYPE_PLAIN, ink(ROLE_MUTED));
}

// ---- over time

static void draw_chart(Value *p, bool grad, double height) {
    NormLine lines[NORMS_LINES];
    int n = norms_compared(p, grad, lines);
    const char *title = grad    ? p->zh ? "输出的梯度，反向" : "OUTPUT'S GRADIENT, BACKWARD"
                        : p->zh ? "输出，正向"
                                : "OUTPUT, FORWARD";
    if (!norms_chart(p, title, grad, lines, n, grad ? n : 0, height) || !grad) return;
    for (int k = 0; k < n; k++)
        norms_row(p, NULL, lines[k].cell, norms_gradient_words(p, &lines[k]));
}

void panel_compare_draw(Scene *s, const View *v, Box area) {
    Value p = value_plain(s, v, area);
    if (area.w < 60) return;
    scene_clip(s, area);
    if (!panel_compare_has(v)) {
        value_line(&p, p.zh ? "这一课不与别的单元比较" : "This lesson compares no cells",
                   TYPE_PLAIN, ink(ROLE_MUTED));
        scene_unclip(s);
        return;
    }
    draw_cells(&p);
    box_cut_top(&p.left, 6 * p.unit);
    bool both = v->lesson->graph->loss >= 0;
    double words = (own_lesson(v)->n_compared + 1) * value_row(&p) * 1.1;
    double high = both ? (p.left.h - 10 * p.unit + words) / 2 : 0;
    if (both && high - words < NORMS_LEAST * p.unit) high = p.left.h; // one chart that can be read
    if (both) draw_chart(&p, true, fmin(high, p.left.h));
    box_cut_top(&p.left, 10 * p.unit);
    if (p.left.h >= NORMS_LEAST * p.unit) draw_chart(&p, false, p.left.h);
    scene_unclip(s);
}
