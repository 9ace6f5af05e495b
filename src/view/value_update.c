// What the optimizer makes of a parameter's gradient: the value panel's part for the update phase.
#include <math.h>

#include "lesson/explain_update.h"
#include "view/value.h"

/// How far clipping to a norm shortened the whole gradient.
static void draw_clip(Value *p) {
    const Update *u = p->lesson->update;
    if (!(u->clip > 0)) return;
    const char *number = say_number(p->s->arena, u->scale, p->lesson->digits, true, p->v->lang);
    value_pair(p, p->zh ? "裁剪系数" : "clip factor", u->scale < 1 ? number : "1", ink(ROLE_TEXT),
               NO_REF);
}

static void draw_line(Value *p, const UpdateLine *line) {
    const char *text = line->text;
    if (line->kind == LINE_CHANGE && line->value > 0) text = arena_printf(p->s->arena, "+%s", text);
    Ink fill = line->kind == LINE_GRADIENT                              ? ink(ROLE_BACKWARD)
               : line->kind == LINE_CHANGE || line->kind == LINE_WEIGHT ? ink(ROLE_GOOD)
                                                                        : ink(ROLE_TEXT);
    if (!isfinite(line->value)) fill = ink(ROLE_WARN);
    value_pair(p, line->name, text, fill, line->kind == LINE_GRADIENT ? p->ref : NO_REF);
}

void value_update(Value *p) {
    const Node *node = &p->g->nodes[p->ref.node];
    if (!p->lesson->update || node->op != OP_PARAM || !p->grad || !p->known) return;
    if (view_phase(p->v) != PHASE_UPDATE || !view_is_updated(p->v, p->ref.node, p->ref.unit))
        return;
    Arena *a = p->s->arena;
    int n;
    const UpdateLine *lines =
        explain_update(a, p->lesson, node->param, p->ref.unit, p->v->lang, &n);
    const char *note =
        arena_printf(a, p->zh ? "%s，第 %lld 步" : "%s, step %lld",
                     explain_optimizer(p->lesson, p->v->lang), (long long)p->lesson->update->t);
    if (!value_heading(p, p->zh ? "更新" : "THE UPDATE", note, 3 * value_row(p))) return;
    // a low panel keeps what matters most: where it was, how far it moves, where it is
    bool all = p->left.h >= (n + 3) * 1.1 * value_row(p);
    value_pair(p, p->zh ? "原值" : "old value",
               explain_old_weight(a, p->lesson, node->param, p->ref.unit, p->v->lang),
               ink(ROLE_TEXT), NO_REF);
    for (int k = 0; k < n; k++) {
        if (!all && (lines[k].kind == LINE_DERIVED || lines[k].kind == LINE_RATE)) continue;
        draw_line(p, &lines[k]);
        if (lines[k].kind == LINE_GRADIENT && all) draw_clip(p);
    }
    box_cut_top(&p->left, 8 * p->unit);
}
