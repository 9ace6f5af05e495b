/// The inside of a trace, shared by trace.c, forward.c and bptt.c only.
///
/// All time-varying values of one place stand side by side in a frame, and frames follow each
/// other, so an operand's address is one multiply and one add whatever its lag. Gradients lie in
/// a second block of the same layout. Steady values have a block of their own that begins with a
/// copy of the parameters, in the order of the flat block.
#ifndef CORE_TRACE_BODY_H
#define CORE_TRACE_BODY_H

#include <stddef.h>

#include "core/op_rows.h"
#include "core/trace.h"

/// Where an argument is read: block + offset + place * stride, or `before` in the first `lag`
/// timesteps.
typedef struct {
    const double *block;
    ptrdiff_t offset;     // with the lag already taken off
    ptrdiff_t stride;     // the frame, or 0 for a steady operand
    const double *before; // start value or zeros
    bool is_handed;       // before a decoder's first timestep the encoder's value is read ...
    ptrdiff_t handed;     // ... which stands here, as `offset` says
    int lag;              // -1 for a steady operand: it has no before
} Operand;

/// What is known of a node before any run.
typedef struct {
    OpForward *forward;   // NULL: holds a value
    OpBackward *backward; // NULL: passes no gradient
    OpCall call;
    const Operand *operands;
    const double *turned; // of a parameter times a column: its transpose, else NULL
    ptrdiff_t offset;     // within a frame, or within the steady block
    int count;            // numbers: elements times width, or the elements of a `single`
    int seeds;            // the node whose gradient `backward` takes: itself, or the loss if fused
    int part;
    bool steady;
    Stretch stretch; // of its part
    bool backs;      // its part reads from the last timestep
    bool single;     // in a wide trace: one value for all sequences, as a constant or a matrix
    int same; // in training: the node that computes this value; itself, but for repeated stacks
} Exec;

/// A use that passes gradient, seen from the node that is used at some place: argument `arg` of
/// `user` at place + shift.
typedef struct {
    int user, arg, shift;
    bool answers;    // a decoder reads what it is given: of the prompt nothing, whatever the lag
    ptrdiff_t moved; // sums and stacks only hand their gradient on: from where in it; else -1
} Pull;

struct Trace {
    const Graph *graph;
    Nudge nudge; // of the run going on; by 0: none
    int steps;
    int width; // sequences side by side: element i of sequence j stands at i * width + j
    int piece; // timesteps that gradients go back at most, in pieces; 0: all
    Sequence seq;
    double loss;
    double scale;           // of one timestep's loss in it
    ptrdiff_t frame;        // doubles in one frame
    double *values, *grads; // frames; place 1 stands at 0
    double *steady, *steady_grads;
    double *turned;       // [n_weights] transposes of the parameters that Exec.turned points to
    double *starts_grads; // gradients of start values, equation after equation
    ptrdiff_t *start_at;  // [n_equations] into it; -1 where no lag reads
    const double *zeros;  // as many as the largest node has
    double *scratch, *scratch2; // likewise, for shares
    double *strip;              // [8 * most rows of a matrix] for op_product_ragged
    const double **args;        // for the operation that runs forward
    Exec *execs;                // [n_nodes]
    Pull *pulls;                // of all nodes
    int *first_pull;            // [n_nodes + 1]
    int skipped[STRETCHES];     // places before those of a stretch, in this run
    bool *taken;                // [steps + 1] places with a loss (all of them for a probe)
    uint8_t *live;              // [steps + 1][n_nodes] the loss depends on it; steady: row 0
    bool *start_live;           // [n_equations]
    // of a wide trace only, for wide.c: gradients and values with a row for each timestep
    double *laid_d, *laid_x;
    int *places; // [2 * steps]
};

/// The value, or the gradient, of a node in its block.
static inline double *exec_at(const Trace *tr, const Exec *x, double *frames, double *steady,
                              int place) {
    return x->steady ? steady + x->offset : frames + (x->offset + (place - 1) * tr->frame);
}

static inline double *exec_value(const Trace *tr, const Exec *x, int place) {
    return exec_at(tr, x, tr->values, tr->steady, place);
}

static inline double *exec_grad(const Trace *tr, const Exec *x, int place) {
    return exec_at(tr, x, tr->grads, tr->steady_grads, place);
}

/// The timestep of a node's part at a place, from 1.
static inline int exec_timestep(const Trace *tr, const Exec *x, int place) {
    return x->backs ? tr->steps + 1 - place : place - tr->skipped[x->stretch];
}

/// What an operand with a lag reads before the first timestep of its part.
static inline const double *exec_before(const Operand *o, int place) {
    return o->is_handed && place > o->lag ? o->block + (o->handed + place * o->stride) : o->before;
}

/// Fills args with what the node reads at a place.
static inline void exec_gather(const Trace *tr, const Exec *x, int place, const double **args) {
    int t = exec_timestep(tr, x, place);
    for (int k = 0; k < x->call.n_args; k++) {
        const Operand *o = &x->operands[k];
        args[k] = t > o->lag ? o->block + (o->offset + place * o->stride) : exec_before(o, place);
    }
}

/// Does a gradient of truncated BPTT stop between the place of a value and the one that reads it?
static inline bool cuts_off(const Trace *tr, int place, int reader, bool backs) {
    if (tr->piece == 0 || place == reader) return false;
    int from = backs ? tr->steps - place : place - 1, to = backs ? tr->steps - reader : reader - 1;
    return from / tr->piece != to / tr->piece;
}

/// Does this use of a steady or time-varying value at `place` count: inside the sequence, and
/// with the loss depending on it?
static inline bool pull_counts(const Trace *tr, const Pull *p, int place) {
    int at = place + p->shift;
    if (at < 1 || at > tr->steps) return false;
    if (p->shift && cuts_off(tr, place, at, tr->execs[p->user].backs)) return false;
    if (p->answers && place <= tr->seq.prompt) return false;
    return tr->live[(size_t)at * (size_t)tr->graph->n_nodes + (size_t)p->user];
}

/// Fills in t for the parts of a decoder, which depends on the prompt, or for all others.
void trace_fill_timesteps(const Trace *tr, bool answer);

/// The share of x in W @ x of a wide trace: W stands transposed, row by row.
static inline void exec_share_turned(const Trace *tr, const Exec *x, int place, double *share) {
    Dim dim = x->call.arg_dim[0];
    op_product(&(OpProduct){.rows = dim.cols,
                            .cols = tr->width,
                            .terms = dim.rows,
                            .a = x->turned,
                            .a_row = dim.rows,
                            .a_term = 1,
                            .b = exec_grad(tr, x, place),
                            .b_term = tr->width,
                            .y = share,
                            .y_row = tr->width});
}

/// The share of argument k that comes through x at a place, from values and gradients recorded.
static inline void exec_share(const Trace *tr, const Exec *x, int k, int place, double *share) {
    // Only stacks have more arguments, and they move gradients without reading a value.
    const double *args[OP_MAX_ARGS];
    OpCall call = x->call;
    if (call.n_args <= OP_MAX_ARGS) {
        exec_gather(tr, x, place, args);
        call.arg = args;
    }
    if (x->turned && tr->width > 1 && k == 1)
        exec_share_turned(tr, x, place, share);
    else
        x->backward(&call, exec_value(tr, x, place), exec_grad(tr, &tr->execs[x->seeds], place), k,
                    share);
}

#endif
