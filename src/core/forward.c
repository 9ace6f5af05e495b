// The forward pass: part by part, and in each part timestep by timestep in the direction that it
// reads, every operation fills its value. A part never reads a later part, so this order gives
// what the walk's order (parts side by side) gives, with better use of the cache. Where outputs are
// fed back that is not so, and the walk's order is taken.
//
// The network's equations stand in the graph; nothing here knows what an LSTM is.
#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/op_rows.h"
#include "core/trace.h"
#include "core/trace_body.h"

/// Packs the matrices of a run of products, row below row, for op_row_sums_blocks.
static double *pack_matrix(const Run *run, const Exec *x, double *to) {
    Dim dim = x->call.arg_dim[0];
    const double *from = row_at(&x->operands[0].row, 0);
    for (int r = 0; r < dim.rows; r++, from += dim.cols, to += run->step)
        memcpy(to, from, (size_t)run->wanted * sizeof(double));
    return to;
}

/// Packs what several nodes read of parameters, each in its place.
static void pack_run(const Trace *tr, const Run *run) {
    const Layout *l = &tr->layout;
    const Node *head = &tr->graph->nodes[l->order[run->first]];
    double *to = tr->packed + run->packed;
    for (int i = 0; i < run->n && l->seats[l->order[run->first]].turns; i++)
        to = pack_matrix(run, &tr->execs[l->order[run->first + i]], to);
    for (int k = 0; k < head->n_args && !l->seats[l->order[run->first]].turns; k++) {
        if (tr->graph->nodes[head->args[k].node].op != OP_PARAM) continue;
        double *at = to;
        for (int i = 0; i < run->n; i++) {
            const Exec *x = &tr->execs[l->order[run->first + i]];
            memcpy(at, row_at(&x->operands[k].row, 0), (size_t)x->count * sizeof(double));
            at += x->count;
        }
        to += (run->rows + 7) / 8 * 8;
    }
}

/// Copies the parameters, and transposes those that products want so.
static void read_params(Trace *tr, const double *params) {
    const Graph *g = tr->graph;
    memcpy(tr->steady, params, (size_t)g->n_weights * sizeof(double));
    const Nudge *nudge = &tr->nudge;
    if (nudge->by != 0 && tr->execs[nudge->node].steady)
        exec_value(&tr->execs[nudge->node], 0)[nudge->at] += nudge->by;
    for (int p = 0; p < g->n_params && tr->width > 1; p++) {
        const Exec *x = &tr->execs[g->params[p].node];
        for (int e = 0; e < x->count && !x->single; e++)
            exec_value(x, 0)[e] = params[g->params[p].offset + e / tr->width];
    }
    for (int i = 0; i < g->n_nodes; i++) {
        const Exec *x = &tr->execs[i];
        if (x->turned)
            op_turn(x->call.arg_dim[0], row_at(&x->operands[0].row, 0), x->turned, x->turned_step);
    }
    for (int r = 0; r < tr->layout.n_runs && tr->width == 1; r++)
        if (tr->layout.runs[r].n > 1) pack_run(tr, &tr->layout.runs[r]);
}

static void clear_place(const Trace *tr, const Part *part, int place) {
    for (int i = part->first; i <= part->last; i++) {
        const Exec *x = &tr->execs[i];
        if (x->forward && i != tr->graph->data && !x->repeats && x->value.step)
            memset(exec_value(x, place), 0, (size_t)x->count * sizeof(double));
    }
}

/// Moves the number that this run is to move, now that it is there.
static void move_number(const Trace *tr, int place) {
    const Nudge *nudge = &tr->nudge;
    const Exec *x = &tr->execs[nudge->node];
    if (nudge->by == 0 || nudge->place != place || x->steady) return;
    exec_value(x, place)[nudge->at] += nudge->by;
}

static bool reads(const Node *n, int node) {
    for (int k = 0; k < n->n_args; k++)
        if (n->args[k].node == node) return true;
    return false;
}

static bool is_shared(const Trace *tr, int node) {
    return tr->layout.seats[node].next >= 0 || tr->layout.seats[node].same != node;
}

/// Runs a node and moves its number. Of equal stacks, which stand in one place, the number moves
/// only while the reader of the one that is meant runs.
static void run_moved(const Trace *tr, int node, int place) {
    const Nudge *nudge = &tr->nudge;
    const Exec *x = &tr->execs[node];
    bool shared = is_shared(tr, nudge->node);
    bool reader = shared && reads(&tr->graph->nodes[node], nudge->node);
    double *number = exec_value(&tr->execs[nudge->node], place) + nudge->at;
    double before = reader ? *number : 0;
    if (reader) move_number(tr, place);
    exec_run(tr, x, place, exec_value(x, place));
    if (reader) *number = before;
    if (node == nudge->node && !shared) move_number(tr, place);
}

static void run_place(const Trace *tr, int p, int place) {
    const Part *part = &tr->graph->parts[p];
    if (!trace_runs(tr, p, place)) {
        clear_place(tr, part, place);
        return;
    }
    const Layout *l = &tr->layout;
    for (int i = part->first; i <= part->last && tr->nudge.by != 0; i++) {
        const Exec *x = &tr->execs[i];
        if (x->forward && !x->repeats) run_moved(tr, i, place);
    }
    for (int r = l->first_run[p]; r < l->first_run[p + 1] && tr->nudge.by == 0; r++)
        exec_run(tr, &tr->runs[r], place, exec_value(&tr->runs[r], place));
}

static void run_parts(const Trace *tr) {
    const Graph *g = tr->graph;
    bool fed = tr->seq.fed > 0;
    for (int t = 1; fed && t <= tr->steps; t++)
        for (int p = 0; p < g->n_parts; p++) run_place(tr, p, t);
    for (int p = 0; !fed && p < g->n_parts; p++)
        for (int t = 1; t <= tr->steps; t++)
            run_place(tr, p, g->parts[p].backward ? tr->steps + 1 - t : t);
}

static void run_start(const Trace *tr, const Exec *x) {
    if (x->forward && x->steady) exec_run(tr, x, 0, exec_value(x, 0));
}

/// What is the same at every timestep.
static void run_starts(const Trace *tr) {
    const Graph *g = tr->graph;
    for (int i = 0; i < g->n_nodes; i++)
        if (tr->layout.seats[i].once) exec_run(tr, &tr->execs[i], 1, exec_value(&tr->execs[i], 1));
    for (int p = 0; p < g->n_parts; p++)
        for (int i = g->parts[p].first_start; i <= g->parts[p].last_start; i++)
            run_start(tr, &tr->execs[i]);
}

/// Puts a sequence's numbers into its column of a node.
static void put_column(const Trace *tr, int node, int place, int column, const double *from) {
    double *to = exec_value(&tr->execs[node], place) + column;
    int rows = tr->execs[node].count / tr->width;
    for (int i = 0; i < rows; i++) to[(size_t)i * (size_t)tr->width] = from[i];
}

static void read_masks(const Trace *tr, const Sequence *seq, int column) {
    const Graph *g = tr->graph;
    int at = 0;
    for (int m = 0; m < g->n_masks; m++) {
        for (int place = 1; place <= tr->steps; place++)
            put_column(tr, g->masks[m], place, column,
                       seq->masks + (size_t)(place - 1) * (size_t)seq->mask + at);
        at += tr->execs[g->masks[m]].count / tr->width;
    }
    assert(seq->mask == at);
}

/// Copies a sequence into the input nodes, so that the trace stands on its own afterwards.
static void read_column(const Trace *tr, const Sequence *seq, int column) {
    const Graph *g = tr->graph;
    assert(seq->steps == tr->steps && seq->input == dim_count(g->nodes[g->data].dim));
    assert(g->target < 0 || seq->target == dim_count(g->nodes[g->target].dim));
    for (int place = 1; place <= tr->steps; place++)
        put_column(tr, g->data, place, column,
                   seq->inputs + (size_t)(place - 1) * (size_t)seq->input);
    for (int place = 1; g->draw >= 0 && seq->fed && place <= tr->steps; place++)
        put_column(tr, g->draw, place, column, seq->draws + place - 1);
    read_masks(tr, seq, column);
    if (g->target < 0) return;
    for (int place = 1; place <= tr->steps; place++)
        put_column(tr, g->target, place, column,
                   tr->taken[place] ? seq->targets + (size_t)(place - 1) * (size_t)seq->target
                                    : tr->zeros);
}

static void read_sequences(Trace *tr, const Sequence *const *seqs) {
    const Graph *g = tr->graph;
    const Sequence *first = seqs[0];
    tr->seq = *first;
    tr->seq.has_loss = tr->taken + 1;
    assert((g->decoder_part < 0) == (first->prompt == 0) && first->prompt < first->steps);
    assert(first->fed == 0 || (g->feed_part >= 0 && first->fed > 1));
    tr->skipped[STRETCH_ANSWER] = first->prompt;
    if (g->decoder_part >= 0) trace_fill_timesteps(tr, true);
    bool probe = g->loss_kind == LOSS_PROBE;
    for (int place = 1; place <= tr->steps; place++)
        tr->taken[place] =
            g->loss_part >= 0 && place > first->prompt && (probe || first->has_loss[place - 1]);
    for (int column = 0; column < tr->width; column++) read_column(tr, seqs[column], column);
}

/// What the sum of the losses is divided by: the number of timesteps with a loss for
/// cross-entropy, times the elements for the losses that count each element; 1 for sums.
static double loss_divisor(const Trace *tr) {
    const Graph *g = tr->graph;
    if (g->loss_part < 0 || tr->seq.sum || g->loss_kind == LOSS_PROBE) return 1.0;
    double n = 0;
    for (int place = 1; place <= tr->steps; place++) n += tr->taken[place];
    if (g->loss_kind == LOSS_CROSS_ENTROPY) return n;
    return n * dim_count(g->nodes[g->output].dim);
}

double trace_loss_scale(const Trace *tr) {
    return tr->scale;
}

double trace_loss_of(const Trace *tr, int column) {
    const Graph *g = tr->graph;
    if (g->loss < 0) return NAN;
    double sum = 0;
    for (int place = 1; place <= tr->steps; place++)
        if (tr->taken[place]) sum += exec_value(&tr->execs[g->loss], place)[column];
    return sum / loss_divisor(tr);
}

/// Is the largest number of the output where that of the target is? Numbers lie `width` apart.
static bool same_class(int rows, int width, const double *y, const double *target) {
    int said = 0, meant = 0;
    for (int i = 1; i < rows; i++) {
        if (y[i * width] > y[said * width]) said = i;
        if (target[i * width] > target[meant * width]) meant = i;
    }
    return said == meant;
}

int64_t trace_right_of(const Trace *tr, int column, int64_t *answers) {
    const Graph *g = tr->graph;
    int rows = g->target < 0 ? 0 : dim_count(g->nodes[g->target].dim), width = tr->width;
    int64_t right = 0;
    for (int place = 1; place <= tr->steps; place++) {
        if (!tr->taken[place]) continue;
        const double *y = exec_value(&tr->execs[g->output], place) + column;
        const double *target = exec_value(&tr->execs[g->target], place) + column;
        bool classes = g->loss_kind == LOSS_CROSS_ENTROPY;
        if (classes) right += same_class(rows, width, y, target);
        *answers += classes;
        for (int i = 0; i < rows && g->loss_kind == LOSS_BINARY_CROSS_ENTROPY; i++, ++*answers)
            right += (y[i * width] > 0.5) == (target[i * width] > 0.5);
    }
    return right;
}

void trace_forward_wide(Trace *tr, const Sequence *const *seqs, const double *params) {
    const Graph *g = tr->graph;
    forget_shown(tr);
    if (params) read_params(tr, params);
    read_sequences(tr, seqs);
    tr->scale = 1.0 / loss_divisor(tr);
    if (tr->nudge.node == g->data) move_number(tr, tr->nudge.place);
    run_starts(tr);
    run_parts(tr);
    tr->loss = trace_loss_of(tr, 0);
}

void trace_take(Trace *tr, const Sequence *seq) {
    assert(tr->width == 1);
    read_sequences(tr, &seq);
}

void trace_forward(Trace *tr, const Sequence *seq, const double *params) {
    assert(tr->width == 1);
    trace_forward_wide(tr, &seq, params);
}

double trace_nudged(Trace *spare, const Trace *run, Nudge nudge) {
    assert(spare->graph == run->graph && spare->steps == run->steps && spare->width == 1);
    spare->nudge = nudge;
    trace_hold_stops(spare, run);
    trace_forward(spare, &run->seq, run->steady);
    trace_hold_stops(spare, NULL);
    spare->nudge = (Nudge){0};
    return spare->loss;
}
