// The gradients of the parameters from a trace of several sequences. Each sequence's gradient is
// summed over its timesteps first, and then added: so sequences side by side give the very bits of
// one after the other.
//
// A matrix W in W @ x has the gradient sum over t of d[t] x[t]^T, one in W' @ x that of x[t]
// d[t]^T. For each sequence that is one product, once d and x are laid out with a row for each
// timestep.
#include <string.h>

#include "core/trace_body.h"
#include "core/vector.h"

enum { LANES = 8 };

/// The places at which the product's gradient counts; how many.
static int live_places(const Trace *tr, int user, int *places) {
    int n = 0;
    for (int place = 1; place <= tr->steps; place++)
        if (*live_at(tr, place, layout_source(&tr->layout, user))) places[n++] = place;
    return n;
}

/// From one sequence to the next: not a whole number of pages, which would crowd into one corner of
/// the cache.
static size_t sequence_size(const Trace *tr, size_t row) {
    return (size_t)tr->steps * row + LANES;
}

static size_t padded(int cols) {
    return ((size_t)cols + LANES - 1) / LANES * LANES;
}

/// One side of the sum: the gradients of a product, or what it read beside the matrix.
typedef struct {
    bool grads;
    double *to;
    size_t row; // from one timestep to the next
} Side;

static void lay_side(const Trace *tr, int user, const int *places, int n, Side side) {
    const Exec *x = &tr->execs[user];
    int rows = side.grads ? x->call.dim.rows : x->call.arg_dim[1].rows;
    for (int k = 0; k < n; k++) {
        const double *args[OP_MAX_ARGS];
        exec_gather(tr, x, places[k], args);
        op_turn((Dim){rows, tr->width}, side.grads ? exec_grad(x, places[k]) : args[1],
                side.to + (size_t)k * side.row, (long)sequence_size(tr, side.row));
    }
}

/// What stands in laid_x, so that gates that read the same need not lay it out again.
typedef struct {
    int node, lag, n; // node -1: nothing that another product reads
    const int *places;
} Laid;

static bool laid_already(const Laid *had, const Laid *wanted) {
    return had->node >= 0 && had->node == wanted->node && had->lag == wanted->lag &&
           had->n == wanted->n &&
           memcmp(had->places, wanted->places, (size_t)had->n * sizeof(int)) == 0;
}

/// Adds d^T x of so many sequences, one after the other.
static void add_products(const Trace *tr, Dim dim, int n, int first, int sequences, double *sum) {
    size_t row = padded(dim.cols), d = sequence_size(tr, (size_t)dim.rows);
    size_t x = sequence_size(tr, row);
    op_product_ragged(&(OpProduct){.rows = dim.rows,
                                   .cols = dim.cols,
                                   .terms = n,
                                   .a = tr->laid_d + (size_t)first * d,
                                   .a_row = 1,
                                   .a_term = dim.rows,
                                   .b = tr->laid_x + (size_t)first * x,
                                   .b_term = (long)row,
                                   .y = sum,
                                   .y_row = dim.cols,
                                   .adds = sequences,
                                   .a_next = (long)d,
                                   .b_next = (long)x},
                      tr->strip);
}

static void add_columns(const Trace *tr, const Exec *x, double *sum) {
    const double *grad = exec_grad(x, 0);
    int rows = x->count / tr->width;
    for (int j = 0; j < tr->width; j++)
        for (int i = 0; i < rows; i++) sum[i] += grad[i * tr->width + j];
}

/// Adds the sum of n rows; `all` is room for one.
VECTOR_CLONES static void add_rows(int n, int count, const double *restrict rows,
                                   double *restrict all, double *restrict sum) {
    for (int i = 0; i < count; i++) all[i] = rows[i];
    for (int k = 1; k < n; k++) {
        rows += count;
        for (int i = 0; i < count; i++) all[i] += rows[i];
    }
    for (int i = 0; i < count; i++) sum[i] += all[i];
}

/// Adds the gradient of what is added to a product whose gradients, of n timesteps, are laid out.
static void add_beside(const Trace *tr, int rows, int n, double *sum) {
    for (int j = 0; j < tr->width && n > 0; j++)
        add_rows(n, rows, tr->laid_d + (size_t)j * sequence_size(tr, (size_t)rows), tr->scratch,
                 sum);
}

/// Adds the gradient of a matrix; how many timesteps count. `had` is what the one before left laid
/// out, and then what this one does. `now` and `before` are rooms for places, of which `had` may
/// hold the second.
static int add_matrix(const Trace *tr, const Param *p, int **now, int **before, Laid *had,
                      double *sum) {
    const Graph *g = tr->graph;
    int user = layout_product(g, p->node), n = live_places(tr, user, *now);
    if (n == 0) return 0;
    Arg arg = g->nodes[user].args[1];
    bool turned = g->nodes[g->nodes[user].args[0].node].op == OP_TRANSPOSE;
    Laid wanted = {turned ? -1 : tr->layout.seats[arg.node].same, arg.lag, n, *now};
    if (!laid_already(had, &wanted)) {
        lay_side(tr, user, *now, n, (Side){turned, tr->laid_x, padded(p->dim.cols)});
        *had = wanted;
        int *swap = *before;
        *before = *now;
        *now = swap;
    }
    lay_side(tr, user, had->places, n, (Side){!turned, tr->laid_d, (size_t)p->dim.rows});
    // as many sequences at once as leave room in the cache for the values of a tile
    enum { ROOM = 128 };
    int some = n < ROOM ? ROOM / n : 1;
    for (int j = 0; j < tr->width; j += some)
        add_products(tr, p->dim, n, j, j + some < tr->width ? some : tr->width - j, sum);
    return n;
}

void trace_add_grads(const Trace *tr, double *sum) {
    const Graph *g = tr->graph;
    if (tr->width == 1) {
        for (int i = 0; i < g->n_weights; i++) sum[i] += tr->steady_grads[i];
        return;
    }
    Laid had = {.node = -1};
    int *now = tr->places, *before = tr->places + tr->steps;
    for (int i = 0, n = 0; i < g->n_params; i++) {
        const Param *p = &g->params[i];
        const Exec *x = &tr->execs[p->node];
        if (x->single)
            n = add_matrix(tr, p, &now, &before, &had, sum + p->offset);
        else if (tr->layout.seats[p->node].beside)
            add_beside(tr, p->dim.rows, n, sum + p->offset);
        else
            add_columns(tr, x, sum + p->offset);
    }
}
