// Sentences for an embedding: a symbol's row of a table, which is what the product of the
// transposed table with a column of zeros and a single 1 comes to.
#include "lesson/say_words.h"

#define END                                                                                        \
    { NULL, NULL }

/// The symbol that the data is at a place; NULL if it is none.
static const char *symbol_at(const Say *s, int place) {
    const Graph *g = s->graph;
    const double *x = trace_value(s->trace, g->data, place);
    int rows = g->nodes[g->data].dim.rows, row = -1;
    for (int i = 0; i < rows; i++) {
        if (x[i] == 0) continue;
        if (x[i] != 1 || row >= 0) return NULL;
        row = i;
    }
    if (row < 0) return NULL;
    bool zh = s->lang == LANG_ZH;
    return s->lesson->symbols ? s->lesson->symbols[row]
                              : arena_printf(s->arena, zh ? "第 %d 个" : "number %d", row + 1);
}

static bool is_embedded(const Graph *g, int part) {
    return part >= 0 && g->parts[part].kind == PART_EMBEDDING;
}

const char *say_embedded(const Say *s, int node, int place) {
    const Graph *g = s->graph;
    if (node != g->x || !is_embedded(g, g->nodes[node].part)) return NULL;
    const char *symbol = symbol_at(s, place);
    if (!symbol) return NULL;
    int table = graph_find_param(g, "embedding.E"), numbers = dim_count(g->nodes[node].dim);
    const Slot slots[] = {{"t", say_count(s, place)},
                          {"symbol", symbol},
                          {"table", say_symbol(s, g->params[table].node)},
                          {"eq", say_equation(s, g->nodes[node].equation)},
                          {"list", say_values(s, trace_value(s->trace, node, place), numbers)},
                          END};
    return say_put(s, SAY_EMBEDDED, slots);
}

const char *say_embedded_back(const Say *s, int node, int place) {
    const Node *n = &s->graph->nodes[node];
    if (n->op != OP_PARAM || !is_embedded(s->graph, s->graph->params[n->param].part)) return "";
    const char *symbol = symbol_at(s, place);
    const Slot slots[] = {{"symbol", symbol}, END};
    return symbol ? say_put(s, SAY_EMBEDDED_BACK, slots) : "";
}
