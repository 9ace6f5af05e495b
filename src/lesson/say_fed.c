// Sentences for what passes from one timestep or one network to the next: an output that becomes
// the next input, and the encoder's last state with which a decoder begins.
#include "core/feed.h"
#include "lesson/say_words.h"

#define END                                                                                        \
    { NULL, NULL }

bool say_is_fed(const Say *s, int node, int place) {
    int feed = s->graph->feed_part;
    return feed >= 0 && node == s->graph->data && trace_runs(s->trace, feed, place);
}

/// Which way the outputs go back, told from the operation that makes the input.
static FeedKind feed_kind(const Graph *g) {
    OpKind op = g->nodes[g->data].op;
    return op == OP_PICK ? FEED_LARGEST : op == OP_DRAW ? FEED_SAMPLE : FEED_VALUE;
}

/// The row that is 1.
static int chosen(const Say *s, int place) {
    const double *x = trace_value(s->trace, s->graph->data, place);
    int rows = s->graph->nodes[s->graph->data].dim.rows, row = 0;
    while (row + 1 < rows && x[row] != 1) row++;
    return row;
}

const char *say_fed(const Say *s, int place) {
    FeedKind kind = feed_kind(s->graph);
    int row = chosen(s, place);
    const double *x = trace_value(s->trace, s->graph->data, place);
    bool zh = s->lang == LANG_ZH, named = s->lesson->symbols && feed_defs[kind].is_symbol;
    const char *symbol = named ? arena_printf(s->arena, "“%s”", s->lesson->symbols[row])
                               : arena_printf(s->arena, zh ? "第 %d 个" : "number %d", row + 1);
    const Slot slots[] = {{"t", say_count(s, place)},
                          {"before", say_count(s, place - 1)},
                          {"symbol", symbol},
                          {"x", say_data(s)},
                          {"list", say_values(s, x, s->graph->nodes[s->graph->data].dim.rows)},
                          END};
    return say_put(s,
                   kind == FEED_LARGEST  ? SAY_FED_LARGEST
                   : kind == FEED_SAMPLE ? SAY_FED_SAMPLE
                                         : SAY_FED_VALUE,
                   slots);
}

const char *say_fed_back(const Say *s, int place) {
    const char *y = say_symbol_at(s, s->graph->output, place - 1, 0, place);
    const Slot slots[] = {{"y", y}, END};
    bool stops = feed_defs[feed_kind(s->graph)].is_symbol;
    return say_put(s, stops ? SAY_FED_BACK_STOPS : SAY_FED_BACK, slots);
}

const char *say_handed(const Say *s, int node, int place) {
    const Node *n = &s->graph->nodes[node];
    for (int k = 0; k < n->n_args; k++) {
        int arg = n->args[k].node, from = trace_arg_node(s->trace, node, k, place);
        const Node *wiring = &s->graph->nodes[arg];
        const char *deeper = "";
        if (wiring->step == 0 && wiring->n_args > 0) deeper = say_handed(s, arg, place);
        if (*deeper) return deeper;
        if (from == arg) continue;
        int at = trace_arg_place(s->trace, node, k, place);
        const Slot slots[] = {
            {"name", arena_printf(s->arena, "%s[t−%d]", say_symbol(s, arg), n->args[k].lag)},
            {"from", at > 0 ? say_symbol_at(s, from, at, 0, place) : say_symbol(s, from)},
            END};
        return say_put(s, SAY_HANDED, slots);
    }
    return "";
}
