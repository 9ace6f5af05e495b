// The trace as an NPZ archive, for numpy: an array for each name, a row for each timestep.
//   x, f, c, layer2.h, head.y   (T, units), or (T, rows, columns) for a matrix; NaN where the head
//                               does not run
//   start/c                     the value before the first timestep
//   W_f, head.b_y               parameters, in their own shape
//   grad/NAME                   the gradient of any of these, in the same shape
//   loss                        one number; only with a loss
#include <math.h>
#include <string.h>

#include "export/numbers.h"
#include "files/npz.h"

typedef struct {
    Arena *arena;
    const Lesson *lesson;
    Tensors all;
} Archive;

/// One array and its gradient. `steps` 0: one block without time.
static void add(Archive *z, const char *name, int steps, Dim dim, bool matrix, const double *value,
                const double *grad) {
    size_t shape[3];
    int rank = 0;
    if (steps) shape[rank++] = (size_t)steps;
    shape[rank++] = (size_t)dim.rows;
    if (matrix) shape[rank++] = (size_t)dim.cols;
    tensors_add(z->arena, &z->all, name, rank, shape, value);
    if (grad)
        tensors_add(z->arena, &z->all, arena_printf(z->arena, "grad/%s", name), rank, shape, grad);
}

/// What a node was at every timestep.
static void add_node(Archive *z, const char *name, int node, int part) {
    const Trace *tr = z->lesson->trace;
    Dim dim = z->lesson->graph->nodes[node].dim;
    size_t n = (size_t)dim_count(dim), steps = (size_t)trace_steps(tr);
    double *value = ARENA_ARRAY(z->arena, double, steps *n);
    double *grad = ARENA_ARRAY(z->arena, double, steps *n);
    for (size_t t = 0; t < steps; t++) {
        bool runs = part < 0 || trace_runs(tr, part, (int)t + 1);
        if (runs) {
            memcpy(value + t * n, trace_value(tr, node, (int)t + 1), n * sizeof *value);
            memcpy(grad + t * n, trace_grad(tr, node, (int)t + 1), n * sizeof *grad);
        }
        for (size_t i = 0; i < n && !runs; i++) value[t * n + i] = grad[t * n + i] = NAN;
    }
    add(z, name, (int)steps, dim, dim.cols > 1, value, grad);
}

static void add_equations(Archive *z) {
    const Graph *g = z->lesson->graph;
    for (int e = 0; e < g->n_equations; e++) {
        const Equation *eq = &g->equations[e];
        bool is_x = eq->node == g->x && g->x == g->data; // stands there already
        if (eq->part == g->loss_part || is_x) continue;
        add_node(z, eq->full, eq->node, eq->part);
        if (!eq->remembered) continue;
        Dim dim = g->nodes[eq->node].dim;
        add(z, arena_printf(z->arena, "start/%s", eq->full), 0, dim, dim.cols > 1,
            trace_start(z->lesson->trace, e), trace_start_grad(z->lesson->trace, e));
    }
}

bool trace_npz(const Lesson *lesson, Buf *out) {
    const Graph *g = lesson->graph;
    Archive z = {out->arena, lesson, {0}};
    add_node(&z, "x", g->x, -1);
    add_equations(&z);
    for (int i = 0; i < g->n_params; i++) {
        const Param *p = &g->params[i];
        add(&z, p->full, 0, p->dim, p->is_matrix, trace_params(lesson->trace) + p->offset,
            trace_param_grads(lesson->trace) + p->offset);
    }
    double loss = trace_loss(lesson->trace);
    // a cell may have a name like that itself, which is then the one that stands there
    if (g->loss_part >= 0 && !tensors_find(&z.all, "loss"))
        tensors_add(z.arena, &z.all, "loss", 0, NULL, &loss);
    return npz_write(&z.all, out);
}

bool trace_step_npz(const Lesson *lesson, Playhead at, Buf *out) {
    Archive z = {out->arena, lesson, {0}};
    StepNumbers n = step_numbers(z.arena, lesson, at);
    double place = n.place;
    if (n.is_loss)
        tensors_add(z.arena, &z.all, n.name, 0, NULL, n.value);
    else if (n.name)
        add(&z, n.name, 0, n.dim, n.dim.cols > 1, n.value, n.grad);
    if (n.after)
        add(&z, arena_printf(z.arena, "after/%s", n.name), 0, n.dim, n.dim.cols > 1, n.after, NULL);
    tensors_add(z.arena, &z.all, "timestep", 0, NULL, &place);
    return npz_write(&z.all, out);
}
