// The trace for people and for spreadsheets.
#include <math.h>
#include <string.h>

#include "core/address.h"
#include "export/numbers.h"
#include "lesson/explain_update.h"
#include "lesson/say.h"

static void line(Buf *out, const Lesson *l, const char *name, const char *what,
                 const double *values, int n) {
    buf_printf(out, "  %-14s %-5s", name, what);
    for (int i = 0; i < n; i++)
        buf_printf(out, " %s%s", values[i] < 0 || isnan(values[i]) ? "" : " ",
                   say_number(out->arena, values[i], l->digits, false, LANG_EN));
    buf_puts(out, "\n");
}

/// Is this the input, which has been told?
static bool is_x(const Graph *g, const Equation *eq) {
    return eq->node == g->x && g->x == g->data;
}

static void equation_lines(Buf *out, const Lesson *l, int e, int place) {
    const Equation *eq = &l->graph->equations[e];
    int n = dim_count(l->graph->nodes[eq->node].dim);
    if (is_x(l->graph, eq) || !trace_runs(l->trace, eq->part, place)) return;
    line(out, l, eq->full, "", trace_value(l->trace, eq->node, place), n);
    if (l->graph->loss_part >= 0)
        line(out, l, "", "grad", trace_grad(l->trace, eq->node, place), n);
}

static void param_lines(Buf *out, const Lesson *l, const Param *p) {
    for (int r = 0; r < p->dim.rows; r++) {
        size_t at = (size_t)p->offset + (size_t)r * (size_t)p->dim.cols;
        line(out, l, r ? "" : p->full, "", trace_params(l->trace) + at, p->dim.cols);
        if (l->graph->loss_part >= 0)
            line(out, l, "", "grad", trace_param_grads(l->trace) + at, p->dim.cols);
    }
}

void trace_text(const Lesson *lesson, Buf *out) {
    const Graph *g = lesson->graph;
    const Trace *tr = lesson->trace;
    buf_printf(out, "%s\n%d timesteps", lesson->title[LANG_EN], trace_steps(tr));
    if (g->loss_part >= 0)
        buf_printf(out, ", loss %s",
                   say_number(out->arena, trace_loss(tr), lesson->digits, false, LANG_EN));
    buf_puts(out, "\n");
    for (int place = 1; place <= trace_steps(tr); place++) {
        int n = dim_count(g->nodes[g->x].dim);
        buf_printf(out, "\nt = %d\n", place);
        line(out, lesson, "x", "", trace_value(tr, g->x, place), n);
        if (g->loss_part >= 0) line(out, lesson, "", "grad", trace_grad(tr, g->x, place), n);
        for (int e = 0; e < g->n_equations; e++) equation_lines(out, lesson, e, place);
    }
    if (g->n_params > 0) buf_puts(out, "\nparameters\n");
    for (int i = 0; i < g->n_params; i++) param_lines(out, lesson, &g->params[i]);
}

static void csv_rows(Buf *out, const char *name, int place, Dim dim, const double *value,
                     const double *grad) {
    for (int i = 0; i < dim_count(dim); i++) {
        buf_printf(out, "%s,%d,%d,%d,", name, place, i / dim.cols + 1, i % dim.cols + 1);
        trace_number(out, value[i]);
        buf_puts(out, ",");
        trace_number(out, grad[i]);
        buf_puts(out, "\n");
    }
}

static const char csv_head[] = "name,timestep,row,column,value,gradient\n";

void trace_csv(const Lesson *lesson, Buf *out) {
    const Graph *g = lesson->graph;
    const Trace *tr = lesson->trace;
    buf_puts(out, csv_head);
    for (int e = 0; e < g->n_equations; e++)
        if (g->equations[e].remembered)
            csv_rows(out, g->equations[e].full, 0, g->nodes[g->equations[e].node].dim,
                     trace_start(tr, e), trace_start_grad(tr, e));
    for (int place = 1; place <= trace_steps(tr); place++) {
        csv_rows(out, "x", place, g->nodes[g->x].dim, trace_value(tr, g->x, place),
                 trace_grad(tr, g->x, place));
        for (int e = 0; e < g->n_equations; e++) {
            const Equation *eq = &g->equations[e];
            if (!is_x(g, eq) && trace_runs(tr, eq->part, place))
                csv_rows(out, eq->full, place, g->nodes[eq->node].dim,
                         trace_value(tr, eq->node, place), trace_grad(tr, eq->node, place));
        }
    }
    for (int i = 0; i < g->n_params; i++) {
        const Param *p = &g->params[i];
        csv_rows(out, p->full, 0, p->dim, trace_params(tr) + p->offset,
                 trace_param_grads(tr) + p->offset);
    }
}

// ---- one step

const char *trace_node_name(Arena *a, const Graph *g, int node) {
    const Node *n = &g->nodes[node];
    if (node == g->x) return "x";
    if (n->op == OP_PARAM) return g->params[n->param].full;
    if (n->equation < 0) return arena_printf(a, "%s#%d", op_defs[n->op].name, node);
    const char *full = g->equations[n->equation].full;
    return n->step ? arena_printf(a, "%s.%d", full, n->step) : arena_printf(a, "%s#%d", full, node);
}

static StepNumbers loss_numbers(Arena *a, const Lesson *l, Phase phase) {
    double *both = ARENA_ARRAY(a, double, 2);
    both[0] = trace_loss(l->trace);
    both[1] = 1;
    return (StepNumbers){.name = "loss",
                         .phase = phase,
                         .is_loss = true,
                         .dim = {1, 1},
                         .value = both,
                         .grad = both + 1};
}

StepNumbers step_numbers(Arena *a, const Lesson *l, Playhead at) {
    if (at.at < 1) return (StepNumbers){0};
    Step s = walk_step(l->walk, at.at - 1);
    if (s.node < 0) return loss_numbers(a, l, s.phase);
    const Node *n = &l->graph->nodes[s.node];
    int place = s.place > 0 ? s.place : 1;
    StepNumbers out = {.name = trace_node_name(a, l->graph, s.node),
                       .phase = s.phase,
                       .is_param = n->op == OP_PARAM,
                       .place = s.phase == PHASE_UPDATE ? 0 : place,
                       .dim = n->dim,
                       .value = trace_value(l->trace, s.node, place)};
    if (s.phase == PHASE_UPDATE) {
        out.grad = l->update->grad + l->graph->params[n->param].offset;
        out.after = l->update->after + l->graph->params[n->param].offset;
    } else if (out.is_param) {
        double *share = ARENA_ARRAY(a, double, dim_count(n->dim));
        trace_param_share(l->trace, n->param, place, share);
        out.grad = share;
    } else {
        out.grad = trace_grad(l->trace, s.node, place);
    }
    return out;
}

void trace_step_csv(const Lesson *lesson, Playhead at, Buf *out) {
    StepNumbers n = step_numbers(out->arena, lesson, at);
    buf_puts(out, csv_head);
    if (n.name) csv_rows(out, n.name, n.place, n.dim, n.value, n.grad);
}

// The parts of a gradient, one line each, that add up to it.
static void shares(Buf *out, const Lesson *l, int node, int place) {
    const Graph *g = l->graph;
    int n = dim_count(g->nodes[node].dim);
    double *share = ARENA_ARRAY(out->arena, double, n);
    for (int u = 0; u < g->n_uses[node]; u++) {
        Use use = g->uses[node][u];
        int reads_at = trace_use_place(l->trace, use, place);
        if (reads_at < 1 || !trace_runs(l->trace, g->nodes[use.node].part, reads_at)) continue;
        trace_share(l->trace, use.node, use.arg, reads_at, share);
        line(out, l, "share", "", share, n);
        out->len--; // the end of the line: the path's name goes behind the numbers
        buf_printf(out, "   %s\n", say_name(out->arena, l, use.node, reads_at, 0, LANG_EN));
    }
}

static void gradient_lines(Buf *out, const Lesson *l, Step s, int count) {
    const Node *n = &l->graph->nodes[s.node];
    if (n->op == OP_PARAM) {
        double *share = ARENA_ARRAY(out->arena, double, count);
        trace_param_share(l->trace, n->param, s.place, share);
        line(out, l, "this timestep", "", share, count);
    } else {
        shares(out, l, s.node, s.place);
        line(out, l, "gradient", "", trace_grad(l->trace, s.node, s.place), count);
    }
}

static void update_lines(Buf *out, const Lesson *l, Step s, int count) {
    const Update *u = l->update;
    int at = l->graph->params[l->graph->nodes[s.node].param].offset;
    line(out, l, "gradient", "", u->grad + at, count);
    if (u->clip > 0 || u->clip_value > 0) line(out, l, "clipped", "", u->clipped + at, count);
    line(out, l, "change", "", explain_changes(out->arena, l, l->graph->nodes[s.node].param),
         count);
    line(out, l, "new value", "", u->after + at, count);
}

void trace_step_text(const Lesson *lesson, Playhead at, Buf *out) {
    Arena *a = out->arena;
    const Graph *g = lesson->graph;
    buf_printf(out, "%s\n%s\n", address_format(a, lesson->walk, at, GRAIN_UNIT),
               say_step(a, lesson, at, GRAIN_OPERATION, LANG_EN));
    if (at.at < 1) return;
    Step s = walk_step(lesson->walk, at.at - 1);
    if (s.node < 0) return;
    const Node *n = &g->nodes[s.node];
    int count = dim_count(n->dim);
    for (int k = 0; k < n->n_args && s.phase != PHASE_BACKWARD; k++)
        line(out, lesson, "from", "", trace_arg(lesson->trace, s.node, k, s.place),
             dim_count(g->nodes[n->args[k].node].dim));
    line(out, lesson, "value", "", trace_value(lesson->trace, s.node, s.place), count);
    if (s.phase == PHASE_BACKWARD) gradient_lines(out, lesson, s, count);
    if (s.phase == PHASE_UPDATE) update_lines(out, lesson, s, count);
}
