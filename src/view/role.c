// Which role a value plays, and so its colour. What an equation does decides where that is plain:
// the output is h, a state that is carried is c, what multiplies a state's past is a forget gate,
// what multiplies the new is an input gate, and the new is the candidate. Letters decide the rest,
// since z is an update gate in one paper and a block input in another.
#include <string.h>

#include "view/panels.h"

enum { DEEP = 6 }; // of operations that are followed

// clang-format off
static const struct { const char *name; Role role; bool gate; } letters[] = {
    {"f", ROLE_F, false}, {"i", ROLE_I, false}, {"g", ROLE_G, false}, {"o", ROLE_O, false},
    {"c", ROLE_C, false}, {"h", ROLE_H, false}, {"x", ROLE_X, false}, {"y", ROLE_Y, false},
    {"n", ROLE_G, false}, {"z", ROLE_F, true}, {"r", ROLE_O, true}};
static const char *const words[ROLE_COUNT] = {
    [ROLE_F] = "f", [ROLE_I] = "i", [ROLE_G] = "g", [ROLE_O] = "o", [ROLE_C] = "c",
    [ROLE_H] = "h", [ROLE_X] = "x", [ROLE_Y] = "y"};
// clang-format on

const char *view_role_word(Role role) {
    return role >= 0 && role < ROLE_COUNT ? words[role] : NULL;
}

// The node whose numbers these are, through what only copies or spreads them.
static int source_of(const Graph *g, int node) {
    const Node *n = &g->nodes[node];
    while ((n->op == OP_SPREAD || n->op == OP_COPY) && n->args[0].lag == 0) {
        node = n->args[0].node;
        n = &g->nodes[node];
    }
    return node;
}

// Does it stay in [0, 1], or is it an exponential, which gates without a bound?
static bool opens(const Graph *g, int node, int depth) {
    node = source_of(g, node);
    const Node *n = &g->nodes[node];
    if (depth > DEEP) return false;
    switch ((int)n->op) {
    case OP_SIGMOID:
    case OP_HARD_SIGMOID:
    case OP_HARD_SIGMOID_KERAS:
    case OP_EXP: return true;
    case OP_ADD:
    case OP_MUL:
        return n->args[0].lag + n->args[1].lag == 0 && opens(g, n->args[0].node, depth + 1) &&
               opens(g, n->args[1].node, depth + 1);
    case OP_SUB: { // 1 - z
        const Node *whole = &g->nodes[source_of(g, n->args[0].node)];
        return whole->op == OP_CONST && n->args[1].lag == 0 && opens(g, n->args[1].node, depth + 1);
    }
    case OP_DIV: return n->args[0].lag == 0 && opens(g, n->args[0].node, depth + 1);
    default: return false;
    }
}

// Is an equation's own past part of it without weights in between, so that it is carried?
static bool carries(const Graph *g, const Equation *e, int node, int depth) {
    const Node *n = &g->nodes[node];
    if (depth > 2 * DEEP || n->op == OP_MATMUL || node < e->first || node > e->last) return false;
    for (int k = 0; k < n->n_args; k++) {
        if (n->args[k].lag > 0 && n->args[k].node == e->node) return true;
        if (n->args[k].lag == 0 && carries(g, e, n->args[k].node, depth + 1)) return true;
    }
    return false;
}

static bool reads_past(const Graph *g, const Equation *e, Arg arg) {
    if (arg.lag > 0) return arg.node == e->node;
    return arg.node >= e->first && arg.node <= e->last && carries(g, e, arg.node, 0);
}

typedef struct {
    bool keeps, writes;           // multiplies the past, the new
    bool rest_keeps, rest_writes; // what is left of it (1 - z) does
    bool is_new;                  // is what is written
} Deeds;

// Is this sum the equation itself, or a term of that?
static bool adds_up(const Graph *g, const Equation *e, int node) {
    while (node != e->node && g->n_uses[node] == 1) {
        node = g->uses[node][0].node;
        if (g->nodes[node].op != OP_ADD && g->nodes[node].op != OP_SUB) return false;
    }
    return node == e->node;
}

// Follows a value within one carried equation, from one of its readers on.
static void follow(const Graph *g, const Equation *e, int node, int arg, bool gate, bool rest,
                   Deeds *out, int depth) {
    const Node *n = &g->nodes[node];
    if (depth > DEEP || node < e->first || node > e->last) return;
    bool through = n->op == OP_SPREAD || n->op == OP_COPY || n->op == OP_OUTER;
    if (n->op == OP_SUB && gate && arg == 1) through = rest = true;
    if (n->op == OP_SIGMOID || (gate && (n->op == OP_ADD || n->op == OP_DIV))) through = gate;
    if (n->op == OP_MUL) {
        Arg other = n->args[1 - arg];
        bool past = reads_past(g, e, other);
        bool other_gate = other.lag == 0 && opens(g, other.node, 0);
        if (gate && past) *(rest ? &out->rest_keeps : &out->keeps) = true;
        if (gate && !past && other_gate) through = true;
        if (gate && !past && !other_gate) *(rest ? &out->rest_writes : &out->writes) = true;
        if (!gate && other_gate && !past) out->is_new = true;
        if (!gate) return;
    }
    if (n->op == OP_ADD && !gate && depth == 0 && adds_up(g, e, node)) out->is_new = true;
    if (!through) return;
    for (int k = 0; k < g->n_uses[node]; k++) {
        Use use = g->uses[node][k];
        if (use.lag == 0) follow(g, e, use.node, use.arg, gate, rest, out, depth + 1);
    }
}

static Role role_of_letter(const char *name, bool gate) {
    for (size_t k = 0; k < sizeof letters / sizeof *letters; k++)
        if (!strcmp(letters[k].name, name) && (gate || !letters[k].gate)) return letters[k].role;
    return ROLE_TEXT;
}

// What the equations that carry a state do with a value; ROLE_TEXT where nothing is plain.
static Role role_of_use(const Graph *g, const Equation *e, bool gate, Role letter) {
    Deeds part = {0};
    for (int k = 0; k < g->n_uses[e->node]; k++) {
        Use use = g->uses[e->node][k];
        int q = g->nodes[use.node].equation;
        if (use.lag > 0 || q < 0 || &g->equations[q] == e) continue;
        const Equation *to = &g->equations[q];
        if (to->part == e->part && carries(g, to, to->node, 0))
            follow(g, to, use.node, use.arg, gate, false, &part, 0);
    }
    bool forget = part.keeps || part.rest_keeps, input = part.writes || part.rest_writes;
    if (forget && input && (letter == ROLE_F || letter == ROLE_I)) {
        bool own = strlen(e->name) == 1 && strchr("fi", e->name[0]);
        if (own) return letter;
    }
    if (part.keeps) return ROLE_F;
    if (part.writes) return ROLE_I;
    return part.rest_keeps ? ROLE_I : part.rest_writes ? ROLE_F : part.is_new ? ROLE_G : ROLE_TEXT;
}

static bool has_name(const Graph *g, int part, const char *name) {
    for (int k = 0; k < g->n_equations; k++)
        if (g->equations[k].part == part && !strcmp(g->equations[k].name, name)) return true;
    return false;
}

Role view_graph_role(const Graph *g, int node) {
    if (node < 0) return ROLE_TEXT;
    if (node == g->x || node == g->data) return ROLE_X;
    int q = g->nodes[node].equation;
    if (q < 0 || g->nodes[node].steady) return ROLE_TEXT;
    const Equation *e = &g->equations[q];
    const Part *p = &g->parts[e->part];
    bool gate = opens(g, e->node, 0);
    bool bounded = gate && g->nodes[e->node].op != OP_EXP;
    Role letter = role_of_letter(e->name, bounded);
    if (p->kind != PART_LAYER) return letter;
    if (p->output == e->node && (!strcmp(e->name, "h") || !has_name(g, e->part, "h")))
        return ROLE_H;
    Role use = role_of_use(g, e, gate, letter);
    if (gate) return use != ROLE_TEXT ? use : letter;
    bool carried = carries(g, e, e->node, 0);
    if (e->remembered && p->output != e->node && (carried || letter == ROLE_TEXT)) return ROLE_C;
    return use != ROLE_TEXT ? use : letter;
}

Role view_role(const Lesson *lesson, int node) {
    return view_graph_role(lesson->graph, node);
}
