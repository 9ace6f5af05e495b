// Sentences for the optimizer's step. Their numbers are those of explain_update, so that a caption
// and the panels write the same digits; a change always stands with its sign.
#include <math.h>

#include "lesson/explain_update.h"
#include "lesson/say_words.h"

#define END                                                                                        \
    { NULL, NULL }

static const char *signed_text(const Say *s, const UpdateLine *line) {
    return line->value > 0 ? arena_printf(s->arena, "+%s", line->text) : line->text;
}

static bool is_told(UpdateLineKind kind) {
    return kind == LINE_GRADIENT || kind == LINE_CLIPPED || kind == LINE_MOMENT;
}

/// "gradient −0.005, first moment 0.001 and second moment 0.000002".
static const char *what_made(const Say *s, const UpdateLine *lines, int n) {
    Buf out = buf_new(s->arena);
    int last = 0;
    for (int k = 0; k < n; k++)
        if (is_told(lines[k].kind)) last = k;
    bool zh = s->lang == LANG_ZH;
    for (int k = 0; k <= last; k++) {
        if (!is_told(lines[k].kind)) continue;
        if (k) buf_puts(&out, zh ? "，" : k == last ? " and " : ", ");
        buf_printf(&out, zh ? "%s为 %s" : "%s %s", lines[k].name, lines[k].text);
    }
    return buf_str(&out);
}

static int largest_change(const double *changes, int n) {
    int at = 0;
    for (int i = 1; i < n; i++)
        if (isnan(changes[i]) || fabs(changes[i]) > fabs(changes[at])) at = i;
    return at;
}

static const char *unsigned_text(const UpdateLine *line, const Say *s) {
    const char *minus = "−";
    size_t n = sizeof "−" - 1;
    bool negative = line->value < 0;
    for (size_t i = 0; negative && i < n; i++) negative = line->text[i] == minus[i];
    return negative ? arena_printf(s->arena, "%s", line->text + n) : line->text;
}

const char *say_update(const Say *s, Step step, int unit) {
    int param = s->graph->nodes[step.node].param, n = dim_count(s->graph->nodes[step.node].dim);
    const double *changes = explain_changes(s->arena, s->lesson, param);
    bool one = unit > 0 || n == 1;
    int at = unit > 0 ? unit : largest_change(changes, n) + 1, count;
    const UpdateLine *lines = explain_update(s->arena, s->lesson, param, at, s->lang, &count);
    const UpdateLine *change = &lines[count - 2], *new_weight = &lines[count - 1];
    const char *where = say_unit(s, step.node, at);
    bool zh = s->lang == LANG_ZH;
    if (!one && n > 1 && zh)
        for (const char *comma = "，"; *comma && *where == *comma; comma++) where++;
    const Slot slots[] = {{"Opt", explain_optimizer(s->lesson, s->lang)},
                          {"opt", explain_optimizer_within(s->arena, s->lesson, s->lang)},
                          {"param", s->graph->params[param].full},
                          {"n", say_count(s, n)},
                          {"unit", where},
                          {"made", what_made(s, lines, count)},
                          {"size", unsigned_text(change, s)},
                          {"y", signed_text(s, change)},
                          {"old", explain_old_weight(s->arena, s->lesson, param, at, s->lang)},
                          {"new", new_weight->text},
                          END};
    bool still = !one && changes[at - 1] == 0;
    return say_put(s, one ? SAY_UPDATE_UNIT : still ? SAY_UPDATE_NONE : SAY_UPDATE, slots);
}

const char *say_update_done(const Say *s) {
    const Update *u = s->lesson->update;
    double most = 0;
    for (int i = 0; i < u->n; i++) {
        double change = fabs(u->after[i] - u->before[i]);
        if (isnan(change) || change > most) most = change;
    }
    int digits = isfinite(most) ? say_decimals(most, s->digits, 3) : s->digits;
    const Slot slots[] = {{"opt", explain_optimizer_within(s->arena, s->lesson, s->lang)},
                          {"n", say_count(s, u->n)},
                          {"t", arena_printf(s->arena, "%lld", (long long)u->t)},
                          {"y", say_number(s->arena, most, digits, true, s->lang)},
                          END};
    return say_put(s, SAY_UPDATE_DONE, slots);
}
