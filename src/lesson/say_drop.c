// Sentences for dropout: what a mask lets through, and what of a gradient comes back through it.
#include "lesson/say_words.h"

#define END                                                                                        \
    { NULL, NULL }

/// "units 1, 3 and 4", or how many where they are too many to list.
static const char *units(const Say *s, const double *mask, int n, bool kept) {
    enum { LISTED = 8 };
    int count = 0, told = 0;
    for (int i = 0; i < n; i++) count += (mask[i] != 0) == kept;
    Buf out = buf_new(s->arena);
    bool zh = s->lang == LANG_ZH;
    if (count > LISTED)
        return arena_printf(s->arena, zh ? " %d 个单元（共 %d 个）" : "%d of %d units", count, n);
    buf_puts(&out, zh ? "第 " : count == 1 ? "unit " : "units ");
    for (int i = 0; i < n; i++) {
        if ((mask[i] != 0) != kept) continue;
        if (told) buf_puts(&out, zh ? "、" : told == count - 1 ? " and " : ", ");
        buf_printf(&out, "%d", i + 1);
        told++;
    }
    if (zh) buf_puts(&out, " 个单元");
    return buf_str(&out);
}

/// One of three sentences that stand together in the table: of some, of all and of none.
static const char *masked(const Say *s, const Equation *dropout, int place, SayKind first) {
    const Node *product = &s->graph->nodes[dropout->node];
    const double *mask = trace_value(s->trace, dropout->mask, place);
    int n = dim_count(product->dim), kept = 0;
    double factor = 0;
    for (int i = 0; i < n; i++)
        if (mask[i] != 0) factor = mask[i], kept++;
    const Slot slots[] = {{"t", say_count(s, place)},
                          {"of", say_symbol(s, product->args[0].node)},
                          {"kept", units(s, mask, n, true)},
                          {"dropped", units(s, mask, n, false)},
                          {"factor", arena_printf(s->arena, "%.4g", factor)},
                          END};
    int row = kept == n ? 1 : kept == 0 ? 2 : 0;
    return say_put(s, (SayKind)((int)first + row), slots);
}

const char *say_dropped(const Say *s, int node, int place) {
    const Equation *dropout = graph_dropout(s->graph, node);
    return dropout ? masked(s, dropout, place, SAY_DROP) : NULL;
}

const char *say_dropped_back(const Say *s, int node, int place) {
    const Graph *g = s->graph;
    for (int i = 0; i < g->n_uses[node]; i++) {
        const Equation *dropout = graph_dropout(g, g->uses[node][i].node);
        if (dropout) return masked(s, dropout, place, SAY_DROP_BACK);
    }
    return "";
}
