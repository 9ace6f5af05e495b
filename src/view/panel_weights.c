// Every weight of the network as a square, with the one in focus by name: which weights the step is
// about, what they meet, and in the update how each one moves.
#include <float.h>
#include <math.h>
#include <string.h>

#include "core/norm.h"
#include "lesson/explain_update.h"
#include "view/matrices.h"
#include "view/tex.h"

bool panel_weights_has(const View *v) {
    return v->lesson->graph->n_params > 0;
}

/// The largest size of a parameter's numbers now and after training, so that the colours of one
/// moment are those of another.
static double largest_of(const Lesson *l, const Param *q) {
    const double *now = l->params + q->offset;
    const double *then = l->trained ? l->trained->params + q->offset : now;
    double most = 0;
    for (int k = 0; k < dim_count(q->dim); k++) {
        double a = fabs(now[k]), b = fabs(then[k]), x = a > b ? a : b;
        if (x > most && x <= DBL_MAX) most = x;
    }
    return most;
}

/// How many elements the optimizer has moved; they come one after the other.
static int moved_of(const Value *p, const Param *q) {
    int n = dim_count(q->dim), unit = p->v->at.unit;
    if (view_is_updated(p->v, q->node, n)) return n;
    return view_is_updated(p->v, q->node, 1) && unit < n ? unit : 0;
}

/// What is shown of a parameter: its weights, the new ones where the optimizer has been.
static Sheet sheet_of(const Value *p, int param) {
    const Param *q = &p->g->params[param];
    const Update *u = p->lesson->update;
    int n = dim_count(q->dim), moved = moved_of(p, q);
    const double *before = p->lesson->params + q->offset;
    Sheet sheet = {.x = before, .known = n, .largest = largest_of(p->lesson, q)};
    sheet.norm = norm_of(before, n);
    if (moved == 0) return sheet;
    double *mixed = ARENA_ARRAY(p->s->arena, double, n);
    memcpy(mixed, before, (size_t)n * sizeof *mixed);
    memcpy(mixed, u->after + q->offset, (size_t)moved * sizeof *mixed);
    sheet.x = mixed;
    sheet.norm = norm_of(mixed, n);
    const Walk *w = p->lesson->walk;
    bool just = walk_step(w, p->v->at.at - 1).node == q->node;
    if (just) sheet.moved = explain_changes(p->s->arena, p->lesson, param);
    sheet.n_moved = just ? moved : 0;
    return sheet;
}

/// What the weight does at this timestep: "W_{f,2,5} x_{3,1} = 1.18 · 1.00 = 1.18".
static void draw_deed(Value *p, const ParamBlock *b, Pick at) {
    int k = b->n_groups - 1, n;
    while (k > 0 && b->groups[k].at > at.col) k--;
    const ParamGroup *group = &b->groups[k];
    if (group->product < 0 || b->turned) return;
    int place = view_place(p->v), part = p->g->nodes[group->product].part;
    int wide = p->g->nodes[group->product].dim.cols;
    if (!trace_runs(p->trace, part, place)) return;
    const Term *terms =
        explain_terms(p->s->arena, p->lesson, group->product, place, at.row * wide + 1, &n);
    int i = group->from + at.col - group->at;
    if (i >= n || !terms[i].product) return;
    Number x = terms[i].b;
    Ref ref = ref_value(x.node, x.place, x.unit);
    if (!view_known(p->v, ref) || view_hidden(p->v, ref)) return;
    const char *tex = value_name(p, x);
    double height = value_row(p) * 1.15, size = 14 * p->unit;
    if (p->left.h < 12 * height) return;
    Box row = box_cut_top(&p->left, height);
    const char *numbers = arena_printf(p->s->arena, "× %s = %s", value_number(p, x.value),
                                       value_number(p, terms[i].share));
    TextStyle style = value_style(p, TYPE_NUMBER);
    double w = scene_text_width(p->s, numbers, style), baseline = row.y + 14 * p->unit;
    scene_text(p->s, row.x + row.w, baseline, numbers, style, ALIGN_RIGHT, ink(ROLE_TEXT), ref);
    const char *words = arena_printf(p->s->arena, p->zh ? "t = %d 时" : "at t = %d", place);
    double words_w = scene_text_width(p->s, words, value_style(p, TYPE_PLAIN)) + 6 * p->unit;
    if (words_w + scene_formula_width(p->s, tex, size) + 10 > row.w - w) return;
    value_text(p, row.x, baseline, words, TYPE_PLAIN, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF, row.w);
    scene_formula(p->s, row.x + words_w, baseline, tex, size, ALIGN_LEFT, ink(ROLE_TEXT),
                  view_resolve, (void *)p->v);
}

/// In the update: where it was, and how far it moved.
static void draw_change(Value *p) {
    if (!view_is_updated(p->v, p->ref.node, p->ref.unit)) return;
    int n, param = p->g->nodes[p->ref.node].param;
    Lang lang = p->v->lang;
    const UpdateLine *lines = explain_update(p->s->arena, p->lesson, param, p->ref.unit, lang, &n);
    value_pair(p, p->zh ? "原值" : "old value",
               explain_old_weight(p->s->arena, p->lesson, param, p->ref.unit, lang), ink(ROLE_TEXT),
               NO_REF);
    for (int k = 0; k < n; k++)
        if (lines[k].kind == LINE_CHANGE)
            value_pair(p, lines[k].name,
                       arena_printf(p->s->arena, lines[k].value > 0 ? "+%s" : "%s", lines[k].text),
                       ink(ROLE_GOOD), NO_REF);
}

void panel_weights_draw(Scene *s, const View *v, Box area) {
    Value p = value_plain(s, v, area);
    if (area.w < 60) return;
    scene_clip(s, area);
    if (!panel_weights_has(v)) {
        value_line(&p, p.zh ? "这个网络没有参数" : "This network has no parameters", TYPE_PLAIN,
                   ink(ROLE_MUTED));
        scene_unclip(s);
        return;
    }
    int n, work, unit;
    ParamBlock *blocks = blocks_of(&p, &n);
    Pick at = matrices_subject(&p, blocks, n, v->lesson->params, &work);
    int param = block_element(p.g, &blocks[at.block], at.row, at.col, &unit);
    p = value_begin(s, v, area, ref_value(p.g->params[param].node, 0, unit));
    int from = s->count;
    value_top(&p);
    value_words(&p);
    draw_deed(&p, &blocks[at.block], at);
    draw_change(&p);
    Sheet *sheets = ARENA_ARRAY(s->arena, Sheet, p.g->n_params);
    for (int k = 0; k < p.g->n_params; k++) sheets[k] = sheet_of(&p, k);
    Matrices m = {.p = &p, .blocks = blocks, .n = n, .sheets = sheets, .pick = at, .work = work};
    m.under = block_pick(&p, blocks, n, v->hover, v->lesson->params);
    box_cut_top(&p.left, 6 * p.unit);
    Box legend = box_cut_bottom(&p.left, 20 * p.unit);
    box_cut_bottom(&p.left, 6 * p.unit);
    matrices_draw(&m, p.left);
    matrices_legend(&m, legend);
    scene_unclip(s);
    matrices_unmark(s, v, from);
}
