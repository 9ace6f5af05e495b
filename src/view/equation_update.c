// The optimizer's rule for one element of a parameter: a line for each thing it makes, in symbols,
// then with its numbers, then the result.
#include <string.h>

#include "lesson/explain_update.h"
#include "view/equation_step.h"
#include "view/equation_write.h"
#include "view/tex.h"

static const char *heading(Arena *a, const View *v, const EqWork *work) {
    bool zh = v->lang == LANG_ZH;
    const Lesson *l = v->lesson;
    const char *unit = eq_unit_words(a, v, work->node, work->unit);
    const char *name = explain_optimizer(l, v->lang);
    return arena_printf(a, zh ? "%s，第 %lld 步%s%s" : "%s, STEP %lld%s%s",
                        zh ? name : eq_capitals(a, name), (long long)l->update->t,
                        *unit ? " · " : "", unit);
}

/// "g = dL/dW = -0.005, w = 0.18": what the rule begins with. A batch's mean has a bar over it.
static const char *given(Arena *a, const View *v, const EqWork *work, const UpdateLine *line,
                         int param) {
    int unit = dim_count(v->lesson->graph->nodes[work->node].dim) > 1 ? work->unit : 0;
    const char *gradient = tex_gradient(a, v, work->node, 0, unit, true);
    if (v->lesson->update->batch) gradient = arena_printf(a, "\\overline{%s}", gradient);
    return arena_printf(a, "%s = %s = \\color{backward}{%s},\001 \\quad w = %s = %s", line->symbol,
                        gradient, line->text, view_node_tex(a, v, work->node, 0, unit),
                        explain_old_weight(a, v->lesson, param, work->unit, v->lang));
}

static const char *made(Arena *a, const UpdateLine *line) {
    bool end = line->kind == LINE_CHANGE || line->kind == LINE_WEIGHT;
    Buf out = buf_new(a);
    buf_printf(&out, "%s = %s", line->symbol, line->rule);
    bool numbers = strcmp(line->numbers, line->text) != 0;
    if (numbers) buf_printf(&out, "\001{}= %s", line->numbers);
    buf_printf(&out, end ? "\001{}= \\color{good}{\\mathbf{%s}}" : "\001{}= %s", line->text);
    return buf_str(&out);
}

/// What lies between moments and change stands on one line: "m = ... = 0.1, v = ... = 0.2". Moves
/// *k to the last of it.
static const char *asides(Arena *a, const UpdateLine *lines, int n, int *k) {
    Buf out = buf_new(a);
    for (;; ++*k) {
        const UpdateLine *line = &lines[*k];
        bool more = *k + 1 < n && line[1].kind == LINE_DERIVED;
        buf_printf(&out, "%s = %s = %s%s", line->symbol, line->rule, line->text,
                   more ? ",\001 \\quad " : "");
        if (!more) return buf_str(&out);
    }
}

void eq_tell_update(Scene *s, const View *v, const EqWork *work, EqStory *story) {
    Arena *a = s->arena;
    int n, param = v->lesson->graph->nodes[work->node].param;
    const UpdateLine *lines = explain_update(a, v->lesson, param, work->unit, v->lang, &n);
    story->heading = heading(a, v, work);
    story->brief = eq_unit_words(a, v, work->node, work->unit);
    for (int k = 0; k < n; k++) {
        bool first = lines[k].kind == LINE_GRADIENT, aside = lines[k].kind == LINE_DERIVED;
        const char *tex = first ? given(a, v, work, &lines[k], param) : made(a, &lines[k]);
        if (aside) tex = asides(a, lines, n, &k);
        eq_lines_add(s, &story->lines, tex, ink(aside ? ROLE_MUTED : ROLE_TEXT), aside ? 0.95 : 1,
                     aside || first ? 1 : 0);
    }
}
