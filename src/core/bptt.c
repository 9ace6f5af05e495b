// Backpropagation through time (Werbos 1990) over a filled trace. A gradient is pulled: once all
// readers of a value have theirs, the value's gradient is the sum of the shares that come through
// the readers, in the order of graph->uses. The shares are what trace_share computes, so any
// gradient on the screen is, to the bit, the sum of the parts shown beside it.
//
// Where the loss does not depend on a value, its gradient is zero and it is not `live`: its own
// slopes, infinite or not, then count for nothing (no 0 times infinity).
//
// Order of summation. A value at a place: its uses in order. A start value: timesteps from the
// first, and in each the uses in order. A steady value: places from 1, each as one share (the sum
// over its uses); then the start values it gives, in order of equations; then its uses in other
// start expressions.
#include <assert.h>
#include <string.h>

#include "core/trace.h"
#include "core/trace_body.h"
#include "core/trace_bundle.h"
#include "core/vector.h"

VECTOR_CLONES static void add(double *restrict to, const double *restrict from, int n) {
    for (int i = 0; i < n; i++) to[i] += from[i];
}

/// Puts down the first part of a sum, adds the others.
static void put(double *to, const double *from, int n, bool *any) {
    if (*any)
        add(to, from, n);
    else
        memcpy(to, from, (size_t)n * sizeof(double));
    *any = true;
}

static void clear(double *to, int n) {
    memset(to, 0, (size_t)n * sizeof(double));
}

/// The share that comes through a use, from the gradient that the run has put there.
static void run_share(const Trace *tr, const Pull *p, int place, double *share) {
    const Exec *x = &tr->execs[p->user];
    exec_share(tr, x, p->arg, place, exec_grad(&tr->execs[x->seeds], place), share);
}

/// Sums the shares of a node's uses at a place. False, and nothing written, if there are none.
static bool pull_shares(const Trace *tr, int node, int place, double *sum, double *scratch) {
    const Pull *end = &tr->layout.pulls[tr->layout.first_pull[node + 1]];
    int n = tr->execs[node].count;
    bool any = false;
    for (const Pull *p = &tr->layout.pulls[tr->layout.first_pull[node]]; p < end; p++) {
        const Exec *user = &tr->execs[p->user];
        int at = place + p->shift;
        if (user->steady || !pull_counts(tr, p, place)) continue;
        if (p->moved >= 0)
            put(sum, exec_grad(user, at) + p->moved, n, &any);
        else if (any && exec_is_product(tr, user, p->arg))
            exec_add_product(tr, user, at, exec_grad(user, at), sum);
        else {
            run_share(tr, p, at, any ? scratch : sum);
            if (any) add(sum, scratch, n);
        }
        any = true;
    }
    return any;
}

static void settle(const Trace *tr, int node, int place) {
    const Exec *x = &tr->execs[node];
    double *grad = exec_grad(x, place);
    bool any = pull_shares(tr, node, place, grad, tr->scratch);
    if (!any && x->keeps) clear(grad, x->count);
    *live_at(tr, place, node) = any;
}

static void seed_loss(const Trace *tr, int place) {
    int loss = tr->graph->loss;
    for (int j = 0; j < tr->width; j++)
        exec_grad(&tr->execs[loss], place)[j] = trace_loss_scale(tr);
    *live_at(tr, place, loss) = true;
}

/// Do all gradients count from which this call takes the shares?
static bool all_live(const Trace *tr, const Run *run, int place) {
    for (int k = 0; k < run->n; k++)
        if (!*live_at(tr, place, layout_source(&tr->layout, tr->layout.order[run->first + k])))
            return false;
    return true;
}

/// The sum of what products pass to the stack that they share, product after product.
static void sum_run(const Trace *tr, const Run *run, int stack, int place) {
    const Layout *l = &tr->layout;
    const Pull *pulls = &l->pulls[l->first_pull[stack]];
    const Exec *head = &tr->execs[l->order[run->first]];
    int rows[BUNDLE_SUMMED];
    for (int k = 0; k < run->n; k++)
        rows[k] = (int)(tr->execs[pulls[k].user].turned - head->turned);
    op_row_sums_blocks((int)run->wanted,
                       &(OpBlocks){.blocks = run->n,
                                   .terms = head->call.dim.rows,
                                   .rows = rows,
                                   .step = (long)run->step,
                                   .m = tr->packed + run->packed,
                                   .x = exec_grad(head, place)},
                       exec_grad(&tr->execs[stack], place));
}

/// Settles what is one call; node by node where not all of it counts.
static void settle_back(const Trace *tr, const Back *b, int place) {
    const Layout *l = &tr->layout;
    const int *nodes = &l->order[b->first];
    if (b->run < 0 || !all_live(tr, &l->runs[b->run], place)) {
        for (int k = b->n - 1; k >= 0; k--) settle(tr, nodes[k], place);
        return;
    }
    const Exec *x = &tr->runs[b->run];
    if (x->turned)
        sum_run(tr, &l->runs[b->run], nodes[0], place);
    else
        exec_share(tr, x, b->arg, place, exec_grad(x, place),
                   exec_grad(&tr->execs[nodes[0]], place));
    for (int k = 0; k < b->n; k++) *live_at(tr, place, nodes[k]) = true;
}

static void back_place(const Trace *tr, int p, int place) {
    const Graph *g = tr->graph;
    const Part *part = &g->parts[p];
    const Layout *l = &tr->layout;
    bool runs = trace_runs(tr, p, place);
    for (int k = l->first_back[p + 1] - 1; k >= l->first_back[p] && runs; k--) {
        const Back *b = &l->backs[k];
        if (l->order[b->first] == g->loss && place >= tr->losses_from)
            seed_loss(tr, place);
        else
            settle_back(tr, b, place);
    }
    for (int i = part->first; i <= part->last && !runs; i++) {
        if (tr->execs[i].keeps) clear(exec_grad(&tr->execs[i], place), tr->execs[i].count);
        *live_at(tr, place, i) = false;
    }
}

/// In the reverse of the order in which forward.c runs them.
static void back_parts(const Trace *tr) {
    const Graph *g = tr->graph;
    bool fed = tr->seq.fed > 0;
    for (int t = tr->to; fed && t >= tr->from; t--)
        for (int p = g->n_parts - 1; p >= 0; p--) back_place(tr, p, t);
    for (int p = g->n_parts - 1; !fed && p >= 0; p--)
        for (int t = tr->to; t >= tr->from; t--)
            back_place(tr, p, g->parts[p].backward ? tr->steps + 1 - t : t);
}

/// The gradients of the data. Where an output is fed back that takes its place, and is settled;
/// where none is, nothing of it passes to an output.
static void back_data(const Trace *tr) {
    const Graph *g = tr->graph;
    for (int place = tr->from; place <= tr->to; place++) {
        if (g->feed_part >= 0 && trace_runs(tr, g->feed_part, place)) continue;
        if (!tr->execs[g->data].keeps) continue;
        settle(tr, g->data, place);
        if (g->feed_part >= 0) *live_at(tr, place, g->data) = false;
    }
}

/// Is this a read, with a lag, by its own part or by the decoder that it is handed to?
static bool reads_state(const Trace *tr, const Pull *p, const Exec *own) {
    const Node *user = &tr->graph->nodes[p->user];
    return tr->execs[p->user].part == own->part || &tr->execs[user->args[p->arg].node] != own;
}

/// The gradient of the value before the first timestep: every read from there adds to it.
static void settle_start(Trace *tr, int equation) {
    const Graph *g = tr->graph;
    int node = g->equations[equation].node, n = tr->execs[node].count, longest = 0;
    const Exec *own = &tr->execs[node];
    bool any = false;
    double *sum = tr->starts_grads + tr->layout.start_at[equation];
    const Pull *first = &tr->layout.pulls[tr->layout.first_pull[node]];
    const Pull *end = &tr->layout.pulls[tr->layout.first_pull[node + 1]];
    clear(sum, n);
    for (const Pull *p = first; p < end; p++) {
        int lag = own->backs ? -p->shift : p->shift;
        if (reads_state(tr, p, own) && lag > longest) longest = lag;
    }
    int skipped = tr->skipped[own->stretch];
    if (tr->from > skipped + 1) longest = 0; // the pass does not come to the start
    if (tr->piece > 0 && tr->reach == 0 && longest > tr->piece - skipped % tr->piece)
        longest = tr->piece - skipped % tr->piece;
    for (int t = 1; t <= longest && t + skipped <= tr->to; t++) {
        int place = own->backs ? tr->steps + 1 - t : t + skipped;
        for (const Pull *p = first; p < end; p++) {
            int lag = own->backs ? -p->shift : p->shift;
            if (!reads_state(tr, p, own) || lag < t || !*live_at(tr, place, p->source)) continue;
            run_share(tr, p, place, tr->scratch);
            put(sum, tr->scratch, n, &any);
        }
    }
    tr->start_live[equation] = any;
}

static bool is_once(const Trace *tr, int node) {
    return tr->layout.seats[node].once;
}

/// Is the parameter used once, as W in W @ column or in W' @ column? The products of all timesteps
/// are then added row by row while the row is in the cache: the same sums in the same order.
static const Pull *only_product(const Trace *tr, int node) {
    if (!layout_is_left_factor(tr->graph, node)) return NULL;
    const Pull *p = &tr->layout.pulls[tr->layout.first_pull[node]];
    return is_once(tr, p->user) ? &tr->layout.pulls[tr->layout.first_pull[p->user]] : p;
}

/// row = or += d[r] * x for each of the rows.
VECTOR_CLONES static void add_outer(int rows, int cols, const double *restrict d,
                                    const double *restrict x, bool any, double *restrict sum) {
    for (int r = 0; r < rows; r++, sum += cols) {
        if (any)
            for (int c = 0; c < cols; c++) sum[c] += d[r] * x[c];
        else
            for (int c = 0; c < cols; c++) sum[c] = d[r] * x[c];
    }
}

/// Where the frames of all places that count follow each other, the sum is one product.
static bool sum_at_once(const Trace *tr, const Pull *p, Dim dim, double *sum) {
    const Exec *user = &tr->execs[p->user];
    const Operand *x = &user->operands[1];
    bool turned = is_once(tr, tr->graph->nodes[p->user].args[0].node);
    const Row *left = turned ? &x->row : &user->grad, *right = turned ? &user->grad : &x->row;
    int first = tr->from, last = tr->to;
    while (first <= last && !*live_at(tr, first, p->source)) first++;
    while (last > first && !*live_at(tr, last, p->source)) last--;
    if (x->lag != 0 || first > last) return false;
    for (int place = first; place <= last; place++)
        if (!*live_at(tr, place, p->source)) return false;
    enum { AT_ONCE = 64 }; // timesteps whose numbers stay in the cache while all rows take them
    for (int place = first, n; place <= last; place += n) {
        n = last - place + 1 < AT_ONCE ? last - place + 1 : AT_ONCE;
        op_product_ragged(&(OpProduct){.rows = dim.rows,
                                       .cols = dim.cols,
                                       .terms = n,
                                       .a = row_at(left, place),
                                       .a_row = 1,
                                       .a_term = left->step,
                                       .b = row_at(right, place),
                                       .b_term = right->step,
                                       .y = sum,
                                       .y_row = dim.cols,
                                       .goes_on = place > first},
                          tr->strip);
    }
    return true;
}

static bool sum_products(const Trace *tr, const Pull *p, Dim dim, double *sum) {
    const Exec *user = &tr->execs[p->user];
    bool turned = is_once(tr, tr->graph->nodes[p->user].args[0].node);
    if (sum_at_once(tr, p, dim, sum)) return true;
    enum { IN_CACHE = 2048 }; // numbers of the sum that are worked on at a time
    int block = dim.cols < IN_CACHE ? IN_CACHE / dim.cols : 1;
    bool any = false;
    for (int from = 0; from < dim.rows; from += block) {
        int rows = dim.rows - from < block ? dim.rows - from : block;
        any = false;
        for (int place = tr->from; place <= tr->to; place++) {
            if (!*live_at(tr, place, p->source)) continue;
            exec_gather(tr, user, place, tr->args);
            const double *grad = exec_grad(user, place), *x = tr->args[1];
            add_outer(rows, dim.cols, (turned ? x : grad) + from, turned ? grad : x, any,
                      sum + (size_t)from * (size_t)dim.cols);
            any = true;
        }
    }
    return any;
}

/// Is the steady value used once, where its share stands as it is, as b in W @ x + b? The sum
/// then takes it from there.
static const Pull *only_moved(const Trace *tr, int node) {
    int first = tr->layout.first_pull[node];
    const Pull *p = &tr->layout.pulls[first];
    bool one = tr->layout.first_pull[node + 1] - first == 1;
    return one && p->moved >= 0 && !tr->execs[p->user].steady ? p : NULL;
}

static bool sum_moved(const Trace *tr, const Pull *p, int n, double *sum) {
    bool any = false;
    for (int place = tr->from; place <= tr->to; place++)
        if (*live_at(tr, place, p->source))
            put(sum, exec_grad(&tr->execs[p->user], place) + p->moved, n, &any);
    return any;
}

static void settle_steady(const Trace *tr, int node) {
    const Graph *g = tr->graph;
    const Exec *x = &tr->execs[node];
    double *sum = exec_grad(x, 0);
    const Pull *product = only_product(tr, node), *moved = only_moved(tr, node);
    bool any = product && sum_products(tr, product, g->nodes[node].dim, sum);
    if (moved) any = sum_moved(tr, moved, x->count, sum);
    for (int place = tr->from; !product && !moved && place <= tr->to; place++) {
        if (any && pull_shares(tr, node, place, tr->scratch, tr->scratch2))
            add(sum, tr->scratch, x->count);
        else if (!any)
            any = pull_shares(tr, node, place, sum, tr->scratch2);
    }
    for (int e = 0; e < g->n_equations; e++)
        if (g->equations[e].start == node && tr->start_live[e])
            put(sum, trace_start_grad(tr, e), x->count, &any);
    for (int i = tr->layout.first_pull[node]; i < tr->layout.first_pull[node + 1]; i++) {
        const Exec *user = &tr->execs[tr->layout.pulls[i].user];
        if (!user->steady || !*live_at(tr, 0, tr->layout.pulls[i].source)) continue;
        run_share(tr, &tr->layout.pulls[i], 0, tr->scratch);
        put(sum, tr->scratch, x->count, &any);
    }
    if (!any) clear(sum, x->count);
    *live_at(tr, 0, node) = any;
}

static bool is_leaf(OpKind op) {
    return op == OP_PARAM || op == OP_START;
}

static void back_steady(Trace *tr) {
    const Graph *g = tr->graph;
    for (int e = 0; e < g->n_equations; e++)
        if (tr->layout.start_at[e] >= 0) settle_start(tr, e);
    for (int p = g->n_parts - 1; p >= 0; p--)
        for (int i = g->parts[p].last_start; i >= g->parts[p].first_start; i--)
            if (tr->execs[i].forward && tr->execs[i].steady) settle_steady(tr, i);
    // matrices of a wide trace, and what is summed up with them, wait for trace_add_grads
    for (int i = 0; i < g->n_nodes; i++) {
        bool waits = tr->width > 1 && (tr->execs[i].single || tr->layout.seats[i].beside);
        if (is_leaf(g->nodes[i].op) && !waits) settle_steady(tr, i);
    }
}

/// One pass over the places from tr->from to tr->to, and the gradients of what is steady.
static void back_pass(Trace *tr) {
    back_parts(tr);
    back_data(tr);
    back_steady(tr);
}

/// Truncated BPTT whose passes overlap: each takes the losses of one piece, and goes back over
/// pieces before it.
static void back_pieces(Trace *tr) {
    int n = tr->graph->n_weights, every = tr->piece;
    clear(tr->sums, n);
    for (int begin = 1; begin <= tr->steps; begin += every) {
        int whole = begin + every - 1, first = whole - tr->reach + 1;
        tr->losses_from = begin;
        tr->from = first < 1 ? 1 : first;
        tr->to = whole < tr->steps ? whole : tr->steps;
        back_pass(tr);
        add(tr->sums, tr->steady_grads, n);
    }
    memcpy(tr->steady_grads, tr->sums, (size_t)n * sizeof(double));
    tr->from = tr->losses_from = 1;
    tr->to = tr->steps;
}

void trace_backward(Trace *tr) {
    if (tr->graph->loss < 0) return; // gradients are zero from the start
    forget_shown(tr);
    if (tr->reach > 0)
        back_pieces(tr);
    else
        back_pass(tr);
}

void trace_param_share(const Trace *tr, int param, int place, double *share) {
    const Param *p = &tr->graph->params[param];
    int first = tr->layout.first_pull[p->node], user = tr->layout.pulls[first].user;
    if (tr->layout.first_pull[p->node + 1] > first && is_once(tr, user))
        trace_share(tr, user, 0, place, share);
    else if (!pull_shares(tr, p->node, place, share, tr->scratch))
        clear(share, dim_count(p->dim));
}
