// The sentences of the table of operations (core/op.h lists their slots), filled for one element.
#include <math.h>
#include <string.h>

#include "lesson/say_words.h"

/// A negative number that is not the first of a line stands in brackets.
static const char *factor(const Say *s, double value, bool first) {
    bool bracket = signbit(value) && value != 0 && !isnan(value) && !first;
    return arena_printf(s->arena, bracket ? "(%s)" : "%s", say_value(s, value));
}

static void put_term(const Say *s, Buf *out, const Term *t, bool first) {
    bool minus = !t->product && t->share == -t->a.value && t->a.value != 0;
    if (!first) buf_puts(out, minus ? " − " : " + ");
    buf_puts(out, factor(s, t->a.value, first));
    if (t->product) buf_printf(out, " × %s", factor(s, t->b.value, false));
}

enum { TERMS_ALL = 8, TERMS_LARGEST = 6 };

/// The size from which on a term is among the largest of a long list.
static double threshold(const Term *terms, int n) {
    double size[TERMS_LARGEST] = {0};
    for (int i = 0; i < n; i++) {
        double v = isnan(terms[i].share) ? INFINITY : fabs(terms[i].share);
        for (int k = 0; k < TERMS_LARGEST; k++) {
            if (v <= size[k]) continue;
            double smaller = size[k];
            size[k] = v;
            v = smaller;
        }
    }
    return size[TERMS_LARGEST - 1];
}

const char *say_terms(const Say *s, const Term *terms, int n) {
    Buf out = buf_new(s->arena);
    double least = n > TERMS_ALL ? threshold(terms, n) : -1;
    int most = n > TERMS_ALL ? TERMS_LARGEST : TERMS_ALL, shown = 0;
    for (int i = 0; i < n && shown < most; i++) {
        if (fabs(terms[i].share) < least) continue;
        put_term(s, &out, &terms[i], shown++ == 0);
    }
    if (n == 0) buf_puts(&out, "0");
    if (n > shown)
        buf_printf(&out, s->lang == LANG_ZH ? " + …（另有 %d 项）" : " + … (%d more)", n - shown);
    return buf_str(&out);
}

/// Sentences after a colon begin small, save for names.
static const char *after_colon(const Say *s, const char *sentence) {
    bool name = !strncmp(sentence, "Keras", 5);
    bool word = sentence[0] >= 'A' && sentence[0] <= 'Z' &&
                (sentence[1] == ' ' || (sentence[1] >= 'a' && sentence[1] <= 'z'));
    if (name || !word) return sentence;
    char *copy = arena_copy(s->arena, sentence, strlen(sentence));
    copy[0] = (char)(copy[0] - 'A' + 'a');
    return copy;
}

enum { SLOTS = 24 };

typedef struct {
    Slot list[SLOTS + 1];
    int n;
} Slots;

static void slot(Slots *out, const char *key, const char *text) {
    if (out->n < SLOTS) out->list[out->n++] = (Slot){key, text};
}

static const char *const name_keys[OP_MAX_ARGS] = {"a", "b", "c", "d"};
static const char *const value_keys[OP_MAX_ARGS] = {"va", "vb", "vc", "vd"};

/// Is it a whole number by what it is made of: counts, timesteps?
static bool is_whole(const Graph *g, int node) {
    const Node *n = &g->nodes[node];
    if (n->op == OP_CONST) return n->number == floor(n->number);
    if (n->op == OP_MOD) return is_whole(g, n->args[0].node) && is_whole(g, n->args[1].node);
    return n->op == OP_TIMESTEP;
}

/// The number of a node: without decimals where it counts.
static const char *number_of(const Say *s, int node, double value) {
    bool whole = is_whole(s->graph, node) && fabs(value) < 1e9;
    return whole ? say_number(s->arena, value, 0, true, s->lang) : say_value(s, value);
}

/// What a choice says beside its numbers.
static void put_choice(const Say *s, Slots *out, int node, int place, int unit) {
    const Node *n = &s->graph->nodes[node];
    double value[OP_MAX_ARGS];
    for (int k = 0; k < OP_MAX_ARGS; k++)
        value[k] =
            trace_arg(s->trace, node, k, place)[explain_element(s->graph, node, k, unit) - 1];
    static const char *const words[2][LANG_COUNT] = {{"does not hold", "不成立"},
                                                     {"holds", "成立"}};
    bool holds = op_holds(n->compare, value[0], value[1]);
    slot(out, "relation", say_relations[n->compare]);
    slot(out, "holds", words[holds][s->lang]);
    slot(out, "refused", say_value(s, value[holds ? 3 : 2]));
}

static void put_arguments(const Say *s, Slots *out, int node, int place, int unit, int here) {
    const Node *n = &s->graph->nodes[node];
    for (int k = 0; k < n->n_args && k < OP_MAX_ARGS; k++) {
        Arg arg = n->args[k];
        int at = trace_arg_place(s->trace, node, k, place);
        const double *values = trace_arg(s->trace, node, k, place);
        int u = explain_element(s->graph, node, k, unit);
        int from = trace_arg_node(s->trace, node, k, place), lag = from == arg.node ? arg.lag : 0;
        slot(out, name_keys[k], say_symbol_at(s, from, at, lag, here));
        slot(out, value_keys[k], number_of(s, arg.node, values[u - 1]));
    }
    if (n->op == OP_WHERE) put_choice(s, out, node, place, unit);
}

/// How many numbers the operation sums up or averages.
static int summed(const Graph *g, const Node *n) {
    return n->n_args ? dim_count(g->nodes[n->args[0].node].dim) : 1;
}

const char *say_forward_unit(const Say *s, int node, int place, int unit) {
    const Node *n = &s->graph->nodes[node];
    bool one = (n->op == OP_SUM || n->op == OP_MEAN) && summed(s->graph, n) == 1;
    const char *row = op_defs[one ? OP_COPY : n->op].say[s->lang];
    Slots out = {.n = 0};
    int n_terms;
    const Term *terms = explain_terms(s->arena, s->lesson, node, place, unit, &n_terms);
    slot(&out, "name", say_symbol(s, node));
    slot(&out, "y", number_of(s, node, trace_value(s->trace, node, place)[unit - 1]));
    slot(&out, "n", say_count(s, summed(s->graph, n)));
    slot(&out, "terms", say_terms(s, terms, n_terms));
    put_arguments(s, &out, node, place, unit, place);
    return after_colon(s, say_fill(s->arena, row, out.list));
}

// ---- backward ----

static void put_other(const Say *s, Slots *out, int node, int k, int place, int result, int unit,
                      int here) {
    const Node *n = &s->graph->nodes[node];
    if (n->n_args != 2) return;
    Arg arg = n->args[1 - k];
    int at = trace_arg_place(s->trace, node, 1 - k, place);
    int u = n->op == OP_DOT ? unit : explain_element(s->graph, node, 1 - k, result);
    int from = trace_arg_node(s->trace, node, 1 - k, place), lag = from == arg.node ? arg.lag : 0;
    const char *name = say_symbol_at(s, from, at, lag, here);
    slot(out, "other", name);
    slot(out, "vother", say_value(s, trace_arg(s->trace, node, 1 - k, place)[u - 1]));
}

const char *say_backward_unit(const Say *s, int node, int place, int unit, Path path) {
    const Graph *g = s->graph;
    const Node *user = &g->nodes[path.user];
    int result = explain_result(g, path.user, path.arg, unit);
    int uses = dim_count(user->dim);
    bool spreads = op_defs[user->op].shape == SHAPE_RULE_SPREAD && uses > 1 &&
                   dim_count(g->nodes[node].dim) == 1;
    const char *row = user->fused ? op_say_back_fused[s->lang]
                      : spreads   ? op_say_back_spread[s->lang]
                                  : op_defs[user->op].say_back[s->lang];
    Slots out = {.n = 0};
    const double *y = trace_value(s->trace, path.user, path.place);
    slot(&out, "name", say_symbol_at(s, path.user, path.place, 0, place));
    slot(&out, "y", say_value(s, y[result - 1]));
    slot(&out, "n", say_count(s, spreads ? uses : summed(g, user)));
    slot(&out, "to", say_symbol(s, node));
    slot(&out, "g", say_value(s, explain_incoming(s->lesson, path, result)));
    slot(&out, "share", say_value(s, path.share));
    if (strstr(row, "{slope}"))
        slot(&out, "slope", say_value(s, explain_slope(s->arena, s->lesson, path, unit)));
    int n_terms;
    const Term *terms = explain_back_terms(s->arena, s->lesson, path, unit, &n_terms);
    slot(&out, "terms", say_terms(s, terms, n_terms));
    put_other(s, &out, path.user, path.arg, path.place, result, unit, place);
    put_arguments(s, &out, path.user, path.place, result, place);
    return after_colon(s, say_fill(s->arena, row, out.list));
}
