// What a trace answers. Most of it stands recorded; what does not (core/trace_layout.h) is computed
// anew from what does, by the code that computed it first, and stays in its slot until another
// timestep takes that.
#include "core/trace.h"

#include <assert.h>
#include <string.h>

#include "core/trace_body.h"

void trace_truncate(Arena *a, Trace *tr, int every, int back) {
    bool reaches = every > 0 && back > every && every < tr->steps;
    assert(every >= 0 && back >= every);
    assert(!reaches || (tr->width == 1 && trace_can_reach(tr->graph)));
    tr->piece = every;
    tr->reach = reaches ? back : 0;
    if (reaches && !tr->sums) tr->sums = ARENA_ARRAY(a, double, tr->graph->n_weights);
}

int trace_piece(const Trace *tr) {
    return tr->reach == 0 && tr->piece < tr->steps ? tr->piece : 0;
}

bool trace_can_reach(const Graph *g) {
    for (int p = 0; p < g->n_parts; p++)
        if (g->parts[p].backward) return false;
    return true;
}

void trace_hold_stops(Trace *tr, const Trace *as) {
    assert(!as || (as->graph == tr->graph && as->steps == tr->steps && tr->width == 1));
    tr->held = as;
}

const Graph *trace_graph(const Trace *tr) {
    return tr->graph;
}
int trace_steps(const Trace *tr) {
    return tr->steps;
}
const Sequence *trace_sequence(const Trace *tr) {
    return &tr->seq;
}
const double *trace_params(const Trace *tr) {
    return tr->steady;
}
double trace_loss(const Trace *tr) {
    return tr->loss;
}
const double *trace_param_grads(const Trace *tr) {
    return tr->steady_grads;
}

/// Is the input at this place what the network said at the place before?
static bool is_fed(const Trace *tr, int place) {
    return tr->seq.fed > 0 && place >= tr->seq.fed && place <= tr->steps;
}

bool trace_runs(const Trace *tr, int part, int place) {
    const Part *p = &tr->graph->parts[part];
    assert(place >= 1 && place <= tr->steps);
    if (p->stretch && (p->stretch == STRETCH_PROMPT) != (place <= tr->seq.prompt)) return false;
    if (p->kind == PART_FEED) return is_fed(tr, place);
    if (p->kind != PART_HEAD && p->kind != PART_LOSS) return true;
    if (tr->graph->loss_part < 0 || tr->taken[place]) return true;
    return p->kind == PART_HEAD && is_fed(tr, place + 1);
}

bool trace_holds(const Trace *tr, int node, int place) {
    const Node *n = &tr->graph->nodes[node];
    bool given = n->op <= OP_START || n->part < 0 || node == tr->graph->data;
    return given || trace_runs(tr, n->part, place);
}

int trace_home(const Trace *tr, int node, int place) {
    const Graph *g = tr->graph;
    int equation = g->nodes[node].equation;
    if (equation < 0 || place > tr->seq.prompt || g->equations[equation].node != node) return node;
    int handed = g->equations[equation].handed;
    return handed < 0 ? node : g->equations[handed].node;
}

// ---- values and gradients

/// Repeats what is one number of each sequence over the rows of the result. Rare, so kept out of
/// the way of every other operation.
__attribute__((noinline)) static void spread_args(const Trace *tr, const Exec *x) {
    int width = tr->width;
    for (int k = 0; k < x->call.n_args; k++) {
        if (!(x->spreads >> k & 1)) continue;
        const double *from = tr->args[k];
        double *to = tr->spread[k];
        int apart = x->operands[k].single ? 0 : 1;
        for (int i = 0; i < x->call.dim.rows; i++, to += width)
            for (int j = 0; j < width; j++) to[j] = from[j * apart];
        tr->args[k] = tr->spread[k];
    }
}

static inline void gather(const Trace *tr, const Exec *x, int place) {
    exec_gather(tr, x, place, tr->args);
    if (x->spreads) spread_args(tr, x);
}

/// The share of a number that was repeated: the sum over the rows, from the first.
static void sum_rows(const Trace *tr, const Exec *x, const double *all, double *share) {
    int width = tr->width, numbers = x->call.dim.rows * width;
    for (int j = 0; j < width; j++) share[j] = all[j];
    for (int i = width; i < numbers; i += width)
        for (int j = 0; j < width; j++) share[j] += all[i + j];
}

void exec_run(const Trace *tr, const Exec *x, int place, double *value) {
    gather(tr, x, place);
    if (tr->held && x->stops >= 0)
        memcpy(value, trace_value(tr->held, x->stops, place), (size_t)x->count * sizeof(double));
    else if (x->turned)
        op_row_sums(x->count, x->turned_step, x->call.arg_dim[1].rows, x->turned, tr->args[1],
                    value);
    else
        x->forward(&x->call, value);
}

/// The share of x in W @ x of a wide trace: W^T dy, of x only what wants a gradient.
static void share_columns(const Trace *tr, const Exec *x, const double *dy, bool adds,
                          double *share) {
    Dim dim = x->call.arg_dim[0];
    op_product(&(OpProduct){.rows = x->wanted,
                            .cols = tr->width,
                            .terms = dim.rows,
                            .a = tr->args[0],
                            .a_row = 1,
                            .a_term = dim.cols,
                            .b = dy,
                            .b_term = tr->width,
                            .y = share,
                            .y_row = tr->width,
                            .adds = adds});
}

void exec_add_product(const Trace *tr, const Exec *x, int place, const double *dy, double *sum) {
    gather(tr, x, place);
    share_columns(tr, x, dy, true, sum);
}

void exec_share(const Trace *tr, const Exec *x, int k, int place, const double *dy, double *share) {
    gather(tr, x, place);
    bool spreads = x->spreads >> k & 1;
    double *own = spreads ? tr->spread[OP_MAX_ARGS] : share;
    if (exec_is_product(tr, x, k))
        share_columns(tr, x, dy, false, share);
    else
        x->backward(&x->call, exec_value(x, place), dy, k, own);
    if (spreads) sum_rows(tr, x, own, share);
}

void forget_shown(Trace *tr) {
    for (int i = 0; i < tr->again.slots; i++) tr->again.places[i] = 0;
}

/// Where a number that is not kept stands once it is computed anew; *there tells if it is, and is
/// true from now on.
static double *again(const Trace *tr, int node, int place, bool grad, bool *there) {
    const Again *all = &tr->again;
    assert(all->slots > 0 && "a trace for training shows nothing");
    size_t slot = (size_t)(place - 1) % (size_t)all->slots;
    size_t nodes = (size_t)tr->graph->n_nodes;
    bool *of_slot = all->there + slot * 2 * nodes;
    if (all->places[slot] != place) memset(of_slot, 0, 2 * nodes * sizeof *of_slot);
    all->places[slot] = place;
    bool *one = of_slot + 2 * (size_t)node + grad;
    *there = *one;
    *one = true;
    const Seat *s = &tr->layout.seats[node];
    return all->numbers + slot * tr->layout.room + (grad ? s->own_at : s->value_at);
}

static const double *value_again(const Trace *tr, int node, int place) {
    const Exec *x = &tr->execs[node];
    if (!trace_runs(tr, x->part, place)) return tr->zeros;
    bool there;
    double *value = again(tr, node, place, false, &there);
    if (!there) exec_run(tr, x, place, value);
    return value;
}

/// Does the gradient of a node's value at a place count?
static bool counts(const Trace *tr, int node, int place) {
    const Seat *s = &tr->layout.seats[node];
    if (s->own_at >= 0) return pull_counts(tr, &s->own, place);
    return *live_at(tr, tr->execs[node].steady ? 0 : place, layout_source(&tr->layout, node));
}

static const double *grad_again(const Trace *tr, int node, int place) {
    const Pull *p = &tr->layout.seats[node].own;
    if (!counts(tr, node, place)) return tr->zeros;
    bool there;
    double *grad = again(tr, node, place, true, &there);
    const Exec *user = &tr->execs[p->user];
    if (!there)
        exec_share(tr, user, p->arg, place, exec_grad(&tr->execs[user->seeds], place), grad);
    return grad;
}

const double *trace_value(const Trace *tr, int node, int place) {
    const Exec *x = &tr->execs[node];
    const Seat *s = &tr->layout.seats[node];
    assert(x->steady || (place >= 1 && place <= tr->steps));
    if (s->once && !trace_runs(tr, x->part, place)) return tr->zeros;
    return s->value_passes ? value_again(tr, node, place) : exec_value(x, place);
}

const double *trace_grad(const Trace *tr, int node, int place) {
    const Exec *x = &tr->execs[node];
    const Seat *s = &tr->layout.seats[node];
    assert(x->steady || (place >= 1 && place <= tr->steps));
    if (s->own_at >= 0) return grad_again(tr, node, place);
    if (s->grad != GRAD_HANDED || tr->layout.seats[s->lender].own_at < 0)
        return exec_grad(x, place);
    // of a gradient that passes, or of one that equal stacks have as a sum
    const Seat *lender = &tr->layout.seats[s->lender];
    if (lender->grad == GRAD_KEPT) return exec_grad(x, place);
    return grad_again(tr, s->lender, place) + (s->grad_at - lender->own_at);
}

/// Is argument k read before the first timestep of the node's part?
static bool reads_before(const Trace *tr, int node, int k, int place) {
    int lag = tr->graph->nodes[node].args[k].lag;
    return lag > 0 && exec_timestep(tr, &tr->execs[node], place) <= lag;
}

int trace_arg_place(const Trace *tr, int node, int k, int place) {
    Arg arg = tr->graph->nodes[node].args[k];
    int at = tr->execs[node].backs ? place + arg.lag : place - arg.lag;
    if (at < 1 || at > tr->steps) return 0;
    bool before = reads_before(tr, node, k, place);
    return before && graph_handed(tr->graph, node, arg) < 0 ? 0 : at;
}

int trace_arg_node(const Trace *tr, int node, int k, int place) {
    Arg arg = tr->graph->nodes[node].args[k];
    int handed = graph_handed(tr->graph, node, arg);
    return handed >= 0 && reads_before(tr, node, k, place) ? handed : arg.node;
}

const double *trace_arg(const Trace *tr, int node, int k, int place) {
    const Operand *o = &tr->execs[node].operands[k];
    if (reads_before(tr, node, k, place)) return exec_before(o, place);
    int arg = tr->graph->nodes[node].args[k].node;
    return trace_value(tr, arg, o->lag < 0 ? place : trace_arg_place(tr, node, k, place));
}

int trace_use_place(const Trace *tr, Use use, int place) {
    const Exec *x = &tr->execs[use.node];
    if (x->steady) return 0;
    int at = x->backs ? place - use.lag : place + use.lag;
    if (at < 1 || at > tr->steps || !trace_runs(tr, x->part, at)) return 0;
    Arg arg = tr->graph->nodes[use.node].args[use.arg];
    bool before = x->stretch == STRETCH_ANSWER && reads_before(tr, use.node, use.arg, at);
    return before && graph_handed(tr->graph, use.node, arg) < 0 ? 0 : at;
}

bool trace_cuts(const Trace *tr, Use use, int place) {
    int at = trace_use_place(tr, use, place);
    return at > 0 && cuts_off(tr, place, at, tr->execs[use.node].backs);
}

const double *trace_start(const Trace *tr, int equation) {
    const Equation *e = &tr->graph->equations[equation];
    if (e->handed >= 0 && tr->seq.prompt > 0)
        return exec_value(&tr->execs[tr->graph->equations[e->handed].node], tr->seq.prompt);
    return e->start < 0 ? tr->zeros : exec_value(&tr->execs[e->start], 0);
}

const double *trace_start_grad(const Trace *tr, int equation) {
    ptrdiff_t at = tr->layout.start_at[equation];
    return at < 0 ? tr->zeros : tr->starts_grads + at;
}

void trace_share(const Trace *tr, int node, int k, int place, double *share) {
    const Graph *g = tr->graph;
    const Node *n = &g->nodes[node];
    const Exec *x = &tr->execs[node];
    int lag = x->backs ? -n->args[k].lag : n->args[k].lag, from = place - lag;
    bool inside = from >= 1 && from <= tr->steps,
         cut = inside && cuts_off(tr, from, place, x->backs);
    if (!cut && counts(tr, node, place) && layout_passes(n, k) &&
        layout_wants_grad(g, n->args[k].node))
        exec_share(tr, x, k, place, trace_grad(tr, x->seeds, place), share);
    else
        memset(share, 0, (size_t)tr->execs[n->args[k].node].count * sizeof(double));
}
