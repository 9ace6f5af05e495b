// What the stage is about: the number in focus, what it depends on, and whether the playhead has
// reached it. Panels ask here, so that they cannot disagree.
#include <limits.h>
#include <math.h>
#include <string.h>

#include "lesson/explain.h"
#include "view/panels.h"

static const Graph *graph_of(const View *v) {
    return v->lesson->graph;
}

static bool has_step(const View *v) {
    return v->at.at > 0 && walk_count(v->lesson->walk) > 0;
}

// The last step done; the first one to come before any.
static Step step_of(const View *v) {
    int count = walk_count(v->lesson->walk);
    if (count == 0) return (Step){PHASE_FORWARD, 1, graph_of(v)->output, -1};
    int at = v->at.at < 1 ? 0 : v->at.at > count ? count - 1 : v->at.at - 1;
    return walk_step(v->lesson->walk, at);
}

Phase view_phase(const View *v) {
    return has_step(v) ? step_of(v).phase : PHASE_FORWARD;
}

// The update is of all timesteps. The stage stays where the way back of the parameter's part ended,
// so that moving on from the backward phase does not make it jump.
static int place_of_update(const View *v, int param) {
    const Graph *g = graph_of(v);
    int part = g->params[param].part, steps = trace_steps(v->lesson->trace);
    bool backward = g->parts[part].backward;
    for (int k = 1; k <= steps; k++) {
        int place = backward ? steps + 1 - k : k;
        if (trace_runs(v->lesson->trace, part, place)) return place;
    }
    return steps;
}

int view_place(const View *v) {
    Step step = step_of(v);
    if (step.phase == PHASE_UPDATE) return place_of_update(v, graph_of(v)->nodes[step.node].param);
    return step.place > 0 ? step.place : trace_steps(v->lesson->trace);
}

int view_part(const View *v) {
    const Graph *g = graph_of(v);
    Step step = step_of(v);
    int part = step.node >= 0 ? g->nodes[step.node].part : -1;
    if (part >= 0 && g->parts[part].kind == PART_LAYER && step.node != g->data) return part;
    bool comes_in = part >= 0 && (step.node == g->data || g->parts[part].kind < PART_LAYER);
    for (int k = 0; comes_in && step.place > 0 && k < g->n_parts; k++)
        if (g->parts[k].kind == PART_LAYER && trace_runs(v->lesson->trace, k, step.place)) return k;
    for (int k = g->n_parts - 1; k >= 0; k--)
        if (g->parts[k].kind == PART_LAYER) return k;
    return 0;
}

int view_layers(const Graph *g, const Part *like) {
    int layers = 0;
    for (int k = 0; k < g->n_parts; k++)
        layers += g->parts[k].kind == PART_LAYER && g->parts[k].stretch == like->stretch;
    return layers;
}

bool view_is_fed(const View *v, int place) {
    int feed = graph_of(v)->feed_part;
    return feed >= 0 && trace_runs(v->lesson->trace, feed, place);
}

bool view_is_gate(const Graph *g, int node) {
    OpKind op = g->nodes[node].op;
    return op == OP_SIGMOID || op == OP_HARD_SIGMOID || op == OP_HARD_SIGMOID_KERAS ||
           op == OP_SOFTMAX;
}

Ink view_value_ink(const View *v, int node, double value) {
    if (!view_is_gate(graph_of(v), node)) return ink_level(ROLE_VALUE, value);
    Role role = view_role(v->lesson, node);
    return ink_level(role == ROLE_TEXT ? ROLE_O : role, value);
}

const char *view_class_name(Arena *a, const View *v, int k) {
    const Lesson *l = v->lesson;
    int n = 0;
    while (l->symbols && l->symbols[n]) n++;
    bool says_symbols = l->target_classes || graph_of(v)->feed_part >= 0;
    if (says_symbols && k < n) return l->symbols[k];
    return arena_printf(a, "%d", l->target_classes ? k : k + 1);
}

static int unit_of_scene(const View *v) {
    const Lesson *l = v->lesson;
    if (v->scene < 0 || v->scene >= l->n_scenes || !l->scenes[v->lang]) return 1;
    const StepBlock *step = &l->scenes[v->lang][v->scene].step;
    return step->given && step->unit > 0 ? step->unit : 1;
}

// Of a symbol that is fed back, the row that was taken; else 0.
static int taken_row(const View *v, int node, int place) {
    const Graph *g = graph_of(v);
    bool symbol = node == g->data && op_defs[g->nodes[node].op].is_internal;
    if (!symbol || place < 1 || !view_is_fed(v, place)) return 0;
    const double *x = trace_value(v->lesson->trace, node, place);
    for (int k = 0; k < g->nodes[node].dim.rows; k++)
        if (x[k] == 1) return k + 1;
    return 0;
}

Ref view_focus(const View *v) {
    if (v->focus.kind != REF_NONE) return v->focus;
    const Graph *g = graph_of(v);
    Step step = step_of(v);
    int node = step.node >= 0 ? step.node : g->loss;
    if (node < 0) return NO_REF;
    // a gradient of an equation is that of its result, which is settled before its operations
    if (v->grain == GRAIN_EQUATION && step.equation >= 0) node = g->equations[step.equation].node;
    int taken = taken_row(v, node, step.place);
    int unit = has_step(v) && v->at.unit > 0 ? v->at.unit : taken ? taken : unit_of_scene(v);
    if (unit > dim_count(g->nodes[node].dim)) unit = 1;
    if (step.phase == PHASE_UPDATE) return ref_grad(node, 0, unit);
    int place = view_place(v);
    return step.phase == PHASE_BACKWARD ? ref_grad(node, place, unit)
                                        : ref_value(node, place, unit);
}

bool view_known(const View *v, Ref ref) {
    const Graph *g = graph_of(v);
    if (ref.node < 0 || ref.node >= g->n_nodes) return false;
    int unit = ref.unit ? ref.unit : dim_count(g->nodes[ref.node].dim);
    const Walk *w = v->lesson->walk;
    bool before = ref.place < 1 && !g->nodes[ref.node].steady;
    if (ref.kind == REF_VALUE)
        return before || walk_value_known(w, v->at, ref.node, ref.place, unit);
    if (ref.kind == REF_GRAD && !before)
        return walk_grad_known(w, v->at, ref.node, ref.place, unit);
    return false;
}

bool view_is_updated(const View *v, int node, int unit) {
    if (!v->lesson->update || graph_of(v)->nodes[node].op != OP_PARAM) return false;
    int i = walk_find(v->lesson->walk, PHASE_UPDATE, node, 1);
    if (i < 0 || i >= v->at.at) return false;
    return i < v->at.at - 1 || v->at.unit == 0 || unit <= v->at.unit;
}

static const double *numbers(const View *v, Ref ref) {
    const Trace *tr = v->lesson->trace;
    const Node *node = &graph_of(v)->nodes[ref.node];
    if (ref.kind == REF_VALUE && view_is_updated(v, ref.node, ref.unit))
        return v->lesson->update->after + graph_of(v)->params[node->param].offset;
    int equation = node->equation;
    if (ref.place < 1 && !node->steady) {
        bool remembered = equation >= 0 && graph_of(v)->equations[equation].node == ref.node;
        if (!remembered) return NULL;
        return ref.kind == REF_GRAD ? trace_start_grad(tr, equation) : trace_start(tr, equation);
    }
    if (ref.place > trace_steps(tr)) return NULL;
    int place = ref.place < 1 ? 1 : ref.place;
    if (!node->steady && !trace_holds(tr, ref.node, place)) return NULL;
    return ref.kind == REF_GRAD ? trace_grad(tr, ref.node, place)
                                : trace_value(tr, ref.node, place);
}

double view_number(const View *v, Ref ref) {
    const Graph *g = graph_of(v);
    bool number = ref.kind == REF_VALUE || ref.kind == REF_GRAD;
    if (!number || ref.node < 0 || ref.node >= g->n_nodes) return NAN;
    if (ref.unit < 1 || ref.unit > dim_count(g->nodes[ref.node].dim)) return NAN;
    if (ref.kind == REF_GRAD && g->nodes[ref.node].op == OP_PARAM)
        return view_param_gradient(v, g->nodes[ref.node].param, ref.unit);
    const double *at = numbers(v, ref);
    return at ? at[ref.unit - 1] : NAN;
}

// ---- what a number depends on

typedef struct {
    const View *view;
    Ref *out;
    int n, cap, depth;
} Found;

static bool is_new(const Found *f, Ref ref) {
    for (int k = 0; k < f->n; k++)
        if (f->out[k].kind == ref.kind && f->out[k].node == ref.node &&
            f->out[k].place == ref.place && f->out[k].unit == ref.unit)
            return false;
    return true;
}

static bool find(Found *f, Ref ref) {
    if (f->n >= f->cap || !is_new(f, ref)) return false;
    f->out[f->n++] = ref;
    return true;
}

// A number that panels show by itself: the end of an equation, or something given.
static bool is_shown(const Graph *g, int node) {
    int equation = g->nodes[node].equation;
    return equation < 0 || g->equations[equation].node == node;
}

static int stacked_before(const Graph *g, const Node *node, int arg) {
    int rows = 0;
    for (int k = 0; k < arg; k++) rows += g->nodes[node->args[k].node].dim.rows;
    return rows;
}

enum { NONE = -1 }; // this element does not depend on that argument

// The element of argument k that element `unit` of a node is made from; 0 for all of them.
static int unit_down(const Graph *g, const Node *node, int k, int unit) {
    Dim to = node->dim, from = g->nodes[node->args[k].node].dim;
    if (unit == 0) return 0;
    if (dim_count(from) == 1) return 1;
    if (node->op == OP_STACK) {
        int at = unit - stacked_before(g, node, k) * to.cols;
        return at >= 1 && at <= dim_count(from) ? at : NONE;
    }
    if (node->op == OP_SLICE) return unit + (node->lo - 1) * from.cols;
    bool spreads = node->op != OP_MATMUL && node->op != OP_TRANSPOSE && !op_reads_column(node->op);
    bool same = to.rows == from.rows && to.cols == from.cols;
    return spreads && same ? unit : 0;
}

// The element of a node that element `unit` of its argument k goes into; 0 for all of them.
static int unit_up(const Graph *g, const Node *node, int k, int unit) {
    Dim to = node->dim;
    if (unit == 0) return 0;
    if (node->op == OP_STACK) return unit + stacked_before(g, node, k) * to.cols;
    if (node->op == OP_SLICE) {
        int at = unit - (node->lo - 1) * to.cols;
        return at >= 1 && at <= dim_count(to) ? at : NONE;
    }
    return unit_down(g, node, k, unit);
}

static void find_operands(Found *f, Ref ref) {
    const Graph *g = graph_of(f->view);
    const Node *node = &g->nodes[ref.node];
    if (f->depth > 64) return; // deeper than any equation that is lit as a whole
    f->depth++;
    for (int k = 0; k < node->n_args; k++) {
        int from = node->args[k].node;
        int unit = unit_down(g, node, k, ref.unit);
        int place = g->nodes[from].steady
                        ? 0
                        : trace_arg_place(f->view->lesson->trace, ref.node, k, ref.place);
        if (unit == NONE || g->nodes[from].op == OP_CONST) continue;
        if (!g->nodes[from].steady)
            from = trace_arg_node(f->view->lesson->trace, ref.node, k, ref.place);
        Ref operand = ref_value(from, place, unit);
        if (find(f, operand) && !is_shown(g, from)) find_operands(f, operand);
    }
    f->depth--;
}

static void find_uses(Found *f, Ref ref) {
    const Graph *g = graph_of(f->view);
    if (f->depth > 64 || g->nodes[ref.node].steady) return;
    f->depth++;
    for (int k = 0; k < g->n_uses[ref.node]; k++) {
        Use use = g->uses[ref.node][k];
        const Node *user = &g->nodes[use.node];
        int place = trace_use_place(f->view->lesson->trace, use, ref.place);
        int unit = unit_up(g, user, use.arg, ref.unit);
        if (place < 1 || unit == NONE || graph_cuts(g, use.node)) continue;
        if (trace_cuts(f->view->lesson->trace, use, ref.place)) continue;
        Ref gradient = ref_grad(use.node, place, unit);
        if (find(f, gradient) && !is_shown(g, use.node)) find_uses(f, gradient);
    }
    f->depth--;
}

// The end of the equation that a node inside it leads to, and the element there.
static int shown_end(const Graph *g, int node, int *unit) {
    while (!is_shown(g, node) && g->n_uses[node] > 0) {
        Use use = g->uses[node][0];
        int up = unit_up(g, &g->nodes[use.node], use.arg, *unit);
        node = use.node;
        *unit = up == NONE ? 0 : up;
    }
    return node;
}

// Of a parameter: what it meets at the timestep of the stage, and what is made of both there.
static void find_met(Found *f, Ref ref) {
    const Graph *g = graph_of(f->view);
    const Lesson *l = f->view->lesson;
    int place = ref.place > 0 ? ref.place : view_place(f->view), cols = g->nodes[ref.node].dim.cols;
    for (int k = 0; ref.unit > 0 && k < g->n_uses[ref.node]; k++) {
        Use use = g->uses[ref.node][k];
        const Node *user = &g->nodes[use.node];
        if (user->steady || user->equation < 0 || !trace_runs(l->trace, user->part, place))
            continue;
        int unit = unit_up(g, user, use.arg, ref.unit);
        if (user->op == OP_MATMUL && use.arg == 0) {
            int at = (ref.unit - 1) % cols * user->dim.cols + 1;
            Number x = explain_argument(l, use.node, 1, place, at);
            find(f, ref_value(x.node, x.place, x.unit));
            unit = (ref.unit - 1) / cols * user->dim.cols + 1;
        }
        if (unit == NONE) continue;
        int end = shown_end(g, use.node, &unit);
        find(f, ref.kind == REF_GRAD ? ref_grad(end, place, unit) : ref_value(end, place, unit));
    }
}

int view_related(const View *v, Ref ref, Ref *out, int cap) {
    Found f = {.view = v, .out = out, .cap = cap};
    if (ref.kind == REF_NONE || !find(&f, ref)) return 0;
    bool number = ref.kind == REF_VALUE || ref.kind == REF_GRAD;
    if (!number || ref.node < 0 || ref.node >= graph_of(v)->n_nodes) return f.n;
    if (graph_of(v)->nodes[ref.node].op == OP_PARAM)
        find_met(&f, ref);
    else if (ref.kind == REF_GRAD)
        find_uses(&f, ref);
    else if (ref.place >= 1)
        find_operands(&f, ref);
    return f.n;
}
