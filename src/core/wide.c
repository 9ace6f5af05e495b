// The gradients of the parameters from a trace of several sequences. Each sequence's gradient is
// summed over its timesteps first, and then added: so sequences side by side give the very bits of
// one after the other.
//
// A matrix W in W @ x has the gradient sum over t of d[t] x[t]^T. For each sequence that is one
// product, once d and x are laid out with a row for each timestep.
#include <string.h>

#include "core/trace_body.h"
#include "core/vector.h"

enum { LANES = 8 };

/// Element i of sequence j goes to to[j * sequence + i].
VECTOR_CLONES static void lay(const double *restrict from, int rows, int width, size_t sequence,
                              double *restrict to) {
    for (int i = 0; i < rows; i++, from += width)
        for (int j = 0; j < width; j++) to[(size_t)j * sequence + (size_t)i] = from[j];
}

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

static void lay_gradients(const Trace *tr, int user, const int *places, int n) {
    int rows = tr->graph->nodes[user].dim.rows;
    size_t sequence = sequence_size(tr, (size_t)rows);
    for (int k = 0; k < n; k++)
        lay(exec_grad(&tr->execs[user], places[k]), rows, tr->width, sequence,
            tr->laid_d + (size_t)k * (size_t)rows);
}

static size_t padded(int cols) {
    return ((size_t)cols + LANES - 1) / LANES * LANES;
}

static void lay_values(const Trace *tr, int user, const int *places, int n) {
    int cols = tr->execs[user].call.arg_dim[0].cols;
    size_t row = padded(cols), sequence = sequence_size(tr, row);
    for (int k = 0; k < n; k++) {
        const double *args[OP_MAX_ARGS];
        exec_gather(tr, &tr->execs[user], places[k], args);
        lay(args[1], cols, tr->width, sequence, tr->laid_x + (size_t)k * row);
    }
}

/// What of the values is laid out, so that gates that read the same need not do it again.
typedef struct {
    int node, lag, n;
    const int *places;
} Laid;

static bool laid_already(const Laid *had, const Laid *wanted) {
    return had->node == wanted->node && had->lag == wanted->lag && had->n == wanted->n &&
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

void trace_add_grads(const Trace *tr, double *sum) {
    const Graph *g = tr->graph;
    if (tr->width == 1) {
        for (int i = 0; i < g->n_weights; i++) sum[i] += tr->steady_grads[i];
        return;
    }
    Laid had = {.node = -1};
    int *now = tr->places, *before = tr->places + tr->steps;
    for (int i = 0; i < g->n_params; i++) {
        const Param *p = &g->params[i];
        const Exec *x = &tr->execs[p->node];
        if (!x->single) {
            add_columns(tr, x, sum + p->offset);
            continue;
        }
        int user = g->uses[p->node][0].node, n = live_places(tr, user, now);
        if (n == 0) continue;
        Arg arg = g->nodes[user].args[1];
        Laid wanted = {tr->layout.seats[arg.node].same, arg.lag, n, now};
        if (had.node < 0 || !laid_already(&had, &wanted)) {
            lay_values(tr, user, now, n);
            had = wanted;
            int *swap = before;
            before = now;
            now = swap;
        }
        lay_gradients(tr, user, had.places, n);
        // as many sequences at once as leave room in the cache for the values of a tile
        enum { ROOM = 128 };
        int some = n < ROOM ? ROOM / n : 1;
        for (int j = 0; j < tr->width; j += some)
            add_products(tr, p->dim, n, j, j + some < tr->width ? some : tr->width - j,
                         sum + p->offset);
    }
}
