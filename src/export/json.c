// The trace as JSON. It is written straight into a text, never built as a tree: a long trace has
// tens of millions of numbers.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/address.h"
#include "export/numbers.h"

void trace_number(Buf *out, double value) {
    if (isnan(value)) {
        buf_puts(out, "NaN");
    } else if (isinf(value)) {
        buf_puts(out, value > 0 ? "Infinity" : "-Infinity");
    } else {
        char text[32];
        for (int digits = 15; digits <= 17; digits++) {
            snprintf(text, sizeof text, "%.*g", digits, value);
            if (strtod(text, NULL) == value) break;
        }
        buf_puts(out, text);
    }
}

// JSON has no number for NaN and infinities: they are words.
static void number(Buf *out, double value) {
    const char *quote = isfinite(value) ? "" : "\"";
    buf_puts(out, quote);
    trace_number(out, value);
    buf_puts(out, quote);
}

static void string(Buf *out, const char *text) {
    buf_puts(out, "\"");
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            buf_printf(out, "\\%c", *c);
        else if ((unsigned char)*c < 0x20)
            buf_printf(out, "\\u%04x", (unsigned)(unsigned char)*c);
        else
            buf_put(out, c, 1);
    }
    buf_puts(out, "\"");
}

// A key in an object that already holds `nth` others.
static void key(Buf *out, int nth, const char *name) {
    if (nth > 0) buf_puts(out, ", ");
    string(out, name);
    buf_puts(out, ": ");
}

static void flat(Buf *out, const double *values, int n) {
    buf_puts(out, "[");
    for (int i = 0; i < n; i++) {
        if (i > 0) buf_puts(out, ", ");
        number(out, values[i]);
    }
    buf_puts(out, "]");
}

static void block(Buf *out, const double *values, Dim dim, bool nested) {
    if (!nested) {
        flat(out, values, dim_count(dim));
        return;
    }
    buf_puts(out, "[");
    for (int r = 0; r < dim.rows; r++) {
        if (r > 0) buf_puts(out, ", ");
        flat(out, values + (size_t)r * (size_t)dim.cols, dim.cols);
    }
    buf_puts(out, "]");
}

typedef const double *Series(const Trace *tr, int node, int place);

// A row per timestep; null where the part does not run.
static void history(Buf *out, const Trace *tr, int node, Series *at) {
    const Node *n = &trace_graph(tr)->nodes[node];
    buf_puts(out, "[");
    for (int place = 1; place <= trace_steps(tr); place++) {
        if (place > 1) buf_puts(out, ", ");
        if (trace_holds(tr, node, place))
            block(out, at(tr, node, place), n->dim, n->dim.cols > 1);
        else
            buf_puts(out, "null");
    }
    buf_puts(out, "]");
}

static void equations_of(Buf *out, const Trace *tr, int part, Series *at) {
    const Graph *g = trace_graph(tr);
    int count = 0;
    buf_puts(out, "{");
    for (int e = 0; e < g->n_equations; e++) {
        if (g->equations[e].part != part) continue;
        key(out, count++, g->equations[e].name);
        history(out, tr, g->equations[e].node, at);
    }
    buf_puts(out, "}");
}

typedef const double *AtStart(const Trace *tr, int equation);

static void starts_of(Buf *out, const Trace *tr, int part, AtStart *at) {
    const Graph *g = trace_graph(tr);
    int count = 0;
    buf_puts(out, "{");
    for (int e = 0; e < g->n_equations; e++) {
        const Equation *eq = &g->equations[e];
        if (eq->part != part || !eq->remembered) continue;
        Dim dim = g->nodes[eq->node].dim;
        key(out, count++, eq->name);
        block(out, at(tr, e), dim, dim.cols > 1);
    }
    buf_puts(out, "}");
}

static void layer(Buf *out, const Trace *tr, int part) {
    const Part *p = &trace_graph(tr)->parts[part];
    key(out, 0, "name");
    string(out, p->name);
    key(out, 1, "cell");
    string(out, p->cell->name);
    key(out, 2, "direction");
    string(out, p->backward ? "backward" : "forward");
    key(out, 3, "values");
    equations_of(out, tr, part, trace_value);
    key(out, 4, "grads");
    equations_of(out, tr, part, trace_grad);
    key(out, 5, "start");
    starts_of(out, tr, part, trace_start);
    key(out, 6, "start_grads");
    starts_of(out, tr, part, trace_start_grad);
}

static void layers(Buf *out, const Trace *tr) {
    const Graph *g = trace_graph(tr);
    int count = 0;
    buf_puts(out, "[");
    for (int p = 0; p < g->n_parts; p++) {
        if (g->parts[p].kind != PART_LAYER) continue;
        buf_puts(out, count++ ? ",\n  {" : "\n  {");
        layer(out, tr, p);
        buf_puts(out, "}");
    }
    buf_puts(out, "]");
}

static void params(Buf *out, const Trace *tr) {
    const Graph *g = trace_graph(tr);
    buf_puts(out, "{");
    for (int i = 0; i < g->n_params; i++) {
        const Param *p = &g->params[i];
        bool nested = p->is_matrix || p->dim.cols > 1;
        buf_puts(out, i ? ",\n  " : "\n  ");
        string(out, p->full);
        buf_puts(out, ": {\"shape\": ");
        if (nested)
            buf_printf(out, "[%d, %d]", p->dim.rows, p->dim.cols);
        else
            buf_printf(out, "[%d]", p->dim.rows);
        key(out, 1, "value");
        block(out, trace_params(tr) + p->offset, p->dim, nested);
        key(out, 2, "grad");
        block(out, trace_param_grads(tr) + p->offset, p->dim, nested);
        buf_puts(out, "}");
    }
    buf_puts(out, "}");
}

// The head, or what makes an output the next input.
static void part_of(Buf *out, const Trace *tr, int part) {
    if (part < 0) {
        buf_puts(out, "null");
        return;
    }
    buf_puts(out, "{");
    key(out, 0, "values");
    equations_of(out, tr, part, trace_value);
    key(out, 1, "grads");
    equations_of(out, tr, part, trace_grad);
    buf_puts(out, "}");
}

static void share_history(Buf *out, const Trace *tr, int node, Use use) {
    const Graph *g = trace_graph(tr);
    Dim dim = g->nodes[node].dim;
    double *share = ARENA_ARRAY(out->arena, double, dim_count(dim));
    buf_puts(out, "[");
    for (int place = 1; place <= trace_steps(tr); place++) {
        int reads_at = trace_use_place(tr, use, place);
        if (place > 1) buf_puts(out, ", ");
        if (reads_at < 1 || !trace_runs(tr, g->nodes[use.node].part, reads_at)) {
            buf_puts(out, "null");
            continue;
        }
        trace_share(tr, use.node, use.arg, reads_at, share);
        block(out, share, dim, dim.cols > 1);
    }
    buf_puts(out, "]");
}

static void operation(Buf *out, const Trace *tr, int node) {
    const Graph *g = trace_graph(tr);
    key(out, 0, "name");
    string(out, trace_node_name(out->arena, g, node));
    key(out, 1, "op");
    string(out, op_defs[g->nodes[node].op].name);
    key(out, 2, "values");
    history(out, tr, node, trace_value);
    key(out, 3, "grads");
    history(out, tr, node, trace_grad);
    key(out, 4, "shares");
    buf_puts(out, "[");
    for (int u = 0; u < g->n_uses[node]; u++) {
        Use use = g->uses[node][u];
        buf_puts(out, u ? ", {" : "{");
        key(out, 0, "consumer");
        string(out, trace_node_name(out->arena, g, use.node));
        key(out, 1, "argument");
        buf_printf(out, "%d", use.arg + 1);
        key(out, 2, "lag");
        buf_printf(out, "%d", use.lag);
        key(out, 3, "values");
        share_history(out, tr, node, use);
        buf_puts(out, "}");
    }
    buf_puts(out, "]");
}

static void operations(Buf *out, const Trace *tr) {
    const Graph *g = trace_graph(tr);
    int count = 0;
    buf_puts(out, "[");
    for (int n = 0; n < g->n_nodes; n++) {
        if (g->nodes[n].steady || (g->nodes[n].equation < 0 && n != g->x)) continue;
        buf_puts(out, count++ ? ",\n  {" : "\n  {");
        operation(out, tr, n);
        buf_puts(out, "}");
    }
    buf_puts(out, "]");
}

void trace_json(const Lesson *lesson, bool ops, Buf *out) {
    const Trace *tr = lesson->trace;
    const Graph *g = lesson->graph;
    buf_puts(out, "{\"format\": \"gatewalk-trace\", \"version\": 1");
    key(out, 1, "lesson");
    string(out, lesson->title[LANG_EN]);
    key(out, 2, "timesteps");
    buf_printf(out, "%d", trace_steps(tr));
    key(out, 3, "loss");
    if (g->loss_part < 0)
        buf_puts(out, "null");
    else
        number(out, trace_loss(tr));
    if (g->decoder_part >= 0) {
        key(out, 4, "prompt");
        buf_printf(out, "%d", trace_sequence(tr)->prompt);
    }
    if (g->feed_part >= 0) {
        key(out, 5, "fed");
        buf_printf(out, "%d", trace_sequence(tr)->fed);
    }
    buf_puts(out, ",\n \"inputs\": ");
    history(out, tr, g->x, trace_value);
    buf_puts(out, ",\n \"input_grads\": ");
    history(out, tr, g->x, trace_grad);
    buf_puts(out, ",\n \"params\": ");
    params(out, tr);
    buf_puts(out, ",\n \"layers\": ");
    layers(out, tr);
    buf_puts(out, ",\n \"head\": ");
    part_of(out, tr, g->head_part);
    if (g->feed_part >= 0) {
        buf_puts(out, ",\n \"feed\": ");
        part_of(out, tr, g->feed_part);
    }
    if (ops) {
        buf_puts(out, ",\n \"ops\": ");
        operations(out, tr);
    }
    buf_puts(out, "}\n");
}

void trace_step_json(const Lesson *lesson, Playhead at, Buf *out) {
    StepNumbers n = step_numbers(out->arena, lesson, at);
    bool matrix = n.dim.cols > 1;
    buf_puts(out, "{");
    key(out, 0, "step");
    string(out, address_format(out->arena, lesson->walk, at, GRAIN_UNIT));
    if (n.is_loss) {
        key(out, 1, "loss");
        number(out, *n.value);
    } else if (n.name) {
        key(out, 1, "name");
        string(out, n.name);
        key(out, 2, "value");
        block(out, n.value, n.dim, matrix);
        if (n.after || (n.phase == PHASE_BACKWARD && !n.is_param)) {
            key(out, 3, "grad");
            block(out, n.grad, n.dim, matrix);
        }
        if (n.after) {
            key(out, 4, "updated");
            block(out, n.after, n.dim, matrix);
        }
    }
    buf_puts(out, "}\n");
}
