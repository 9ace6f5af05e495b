// BPTT says how the loss would change if a number grew; here the number is made to grow. The error
// of the central difference falls with the square of epsilon, that of rounding grows with 1 over
// it; 1e-4 leaves about nine digits of a slope that is not tiny.
//
// Invariant: an answer that is kept belongs to the trace that the proof was made for, whose run
// does not change after the lesson has loaded.
#include "lesson/proof.h"

#include <float.h>
#include <math.h>

#define EPSILON 1e-4
#define MOST_BYTES ((size_t)2 << 20)

struct Proof {
    const Trace *trace;
    Trace *spare;
    Nudge asked; // by 0: nothing yet
    Nudged answer;
};

Proof *proof_new(Arena *a, const Trace *trace) {
    const Graph *g = trace_graph(trace);
    if (g->loss < 0 || trace_piece(trace) > 0) return NULL;
    if (trace_bytes(g, trace_steps(trace)) > MOST_BYTES) return NULL;
    Proof *p = ARENA_NEW(a, Proof);
    *p = (Proof){.trace = trace, .spare = trace_new(a, g, trace_steps(trace))};
    return p;
}

/// A loss that is computed from what goes into y does not see y move.
static bool is_bypassed(const Graph *g, int node) {
    bool logs = g->loss_kind == LOSS_CROSS_ENTROPY || g->loss_kind == LOSS_BINARY_CROSS_ENTROPY;
    return logs && node == g->output;
}

static bool can_move(const Trace *trace, int node, int place) {
    const Graph *g = trace_graph(trace);
    const Node *n = &g->nodes[node];
    if (n->op == OP_CONST || n->op == OP_TIMESTEP || node == g->target) return false;
    if (n->op == OP_PARAM) return true;
    if (n->steady || place < 1 || place > trace_steps(trace) || is_bypassed(g, node)) return false;
    return trace_holds(trace, node, place);
}

bool proof_ask(Proof *p, int node, int place, int unit, Nudged *out) {
    if (!p || !can_move(p->trace, node, place)) return false;
    const Graph *g = trace_graph(p->trace);
    if (g->nodes[node].op == OP_PARAM) place = 1; // moved at every place at once
    double value = trace_value(p->trace, node, place)[unit - 1];
    double epsilon = EPSILON * fmax(1, fabs(value));
    Nudge up = {node, place, unit - 1, epsilon}, down = {node, place, unit - 1, -epsilon};
    bool kept = p->asked.by != 0 && p->asked.node == node && p->asked.place == place &&
                p->asked.at == unit - 1;
    if (!kept) {
        double rise = trace_nudged(p->spare, p->trace, up) - trace_nudged(p->spare, p->trace, down);
        double noise = 4 * DBL_EPSILON * fmax(1, fabs(trace_loss(p->trace))) / epsilon;
        p->answer = (Nudged){epsilon, rise / (2 * epsilon), noise};
        p->asked = up;
    }
    *out = p->answer;
    return true;
}
