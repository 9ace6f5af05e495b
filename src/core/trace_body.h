/// The inside of a trace, shared by trace*.c, forward.c, bptt.c and wide.c only.
///
/// The values kept of one place stand side by side in a frame, and frames follow each other, so an
/// operand's address is one multiply and one add whatever its lag. Gradients lie in frames of their
/// own. Steady values have a block that begins with a copy of the parameters, in the order of the
/// flat block. What is not kept stands in the room while its timestep runs (core/trace_layout.h).
#ifndef CORE_TRACE_BODY_H
#define CORE_TRACE_BODY_H

#include <stddef.h>

#include "core/op_rows.h"
#include "core/trace.h"
#include "core/trace_layout.h"

/// One number, or several side by side, at every place: block + at + place * step. The step is 0
/// for what is steady and for what stands in the room.
typedef struct {
    double *block;
    ptrdiff_t at, step;
} Row;

/// Where an argument is read: its row, with the lag already taken off, or `before` in the first
/// `lag` timesteps.
typedef struct {
    Row row;
    const double *before; // start value or zeros
    bool is_handed;       // before a decoder's first timestep the encoder's value is read ...
    Row handed;           // ... which stands here, with the lag taken off
    int lag;              // -1 for a steady operand: it has no before
    bool single;          // as Exec has it
} Operand;

/// What is known of a node before any run.
typedef struct {
    OpForward *forward;   // NULL: holds a value
    OpBackward *backward; // NULL: passes no gradient
    OpCall call;
    const Operand *operands;
    double *turned;   // of a parameter times a column: its transpose, else NULL
    long turned_step; // from one row of that to the next
    int wanted;       // numbers of the column that want a gradient, the first ones
    Row value, grad;
    int count; // numbers: elements times width, or the elements of a `single`
    int stops; // the node itself if it lets no gradient back, else -1
    int seeds; // the node whose gradient `backward` takes: itself, or the loss if fused
    int part;
    bool steady;
    Stretch stretch;  // of its part
    bool backs;       // its part reads from the last timestep
    unsigned spreads; // in a wide trace: bit k is set where argument k is one number of a sequence,
                      // which is repeated over the rows
    bool single;      // in a wide trace: one value for all sequences, as a constant or a matrix
    bool repeats;     // an equal stack before it has the value
    bool recalls;     // it reads something with a lag
    bool keeps;       // its gradient stands in a frame of its own
    bool borrows;     // its gradient is another's, or is computed only to be shown
} Exec;

/// Timesteps of which what was not kept has been computed anew, to be shown: place p in slot
/// (p - 1) % slots, until another place takes the slot.
typedef struct {
    double *numbers; // [slots][room]
    int *places;     // [slots] whose numbers; 0: nobody's
    bool *there;     // [slots][2 * n_nodes] values and gradients that are computed
    int slots;       // 0 in training
} Again;

struct Trace {
    const Graph *graph;
    Layout layout;
    Nudge nudge;       // of the run going on; by 0: none
    const Trace *held; // whose results that let no gradient back the runs take; NULL: their own
    int steps;
    int width;    // sequences side by side: element i of sequence j stands at i * width + j
    int piece;    // timesteps that gradients go back at most, in pieces; 0: all
    int reach;    // above 0: the losses of each piece go back so far from its end, piece by piece
    double *sums; // [n_weights] over the pieces then
    int from, to; // places that a pass back goes through
    int losses_from; // first place whose loss counts in it
    Sequence seq;
    double loss;
    double scale;           // of one timestep's loss in it
    double *values, *grads; // frames; place 1 stands at 0
    double *room;           // what is not kept, of the place that runs
    Again again;
    double *steady, *steady_grads;
    double *turned;             // transposes of the parameters that Exec.turned points to
    double *packed;             // of runs: matrices below each other, biases behind each other
    double *starts_grads;       // gradients of start values, equation after equation
    double *zeros;              // as many as the largest node has; nobody writes here
    double *scratch, *scratch2; // likewise, for shares
    double *strip;              // [8 * most rows of a matrix] for op_product_ragged
    const double **args;        // for the operation that runs
    Exec *execs;                // [n_nodes]
    Exec *runs;                 // [layout.n_runs] one call for a node or for several
    int skipped[STRETCHES];     // places before those of a stretch, in this run
    bool *taken;                // [steps + 1] places with a loss (all of them for a probe)
    uint8_t *live;              // [steps + 1][n_nodes] the loss depends on it; steady: row 0
    bool *start_live;           // [n_equations]
    // of a wide trace only, for wide.c: gradients and values with a row for each timestep
    double *laid_d, *laid_x;
    int *places;                     // [2 * steps]
    double *spread[OP_MAX_ARGS + 1]; // each as large as the largest node: arguments, and a share
};

static inline double *row_at(const Row *r, int place) {
    return r->block + (r->at + place * r->step);
}

/// The value, or the gradient, of a node where the run puts it: what is not kept holds until the
/// next place runs.
static inline double *exec_value(const Exec *x, int place) {
    return row_at(&x->value, place);
}

static inline double *exec_grad(const Exec *x, int place) {
    return row_at(&x->grad, place);
}

/// Does the loss depend on what stands at this node and place? Steady nodes: place 0.
static inline uint8_t *live_at(const Trace *tr, int place, int node) {
    return &tr->live[(size_t)place * (size_t)tr->graph->n_nodes + (size_t)node];
}

/// The timestep of a node's part at a place, from 1.
static inline int exec_timestep(const Trace *tr, const Exec *x, int place) {
    return x->backs ? tr->steps + 1 - place : place - tr->skipped[x->stretch];
}

/// What an operand with a lag reads before the first timestep of its part.
static inline const double *exec_before(const Operand *o, int place) {
    return o->is_handed && place > o->lag ? row_at(&o->handed, place) : o->before;
}

/// Fills args with what the node reads at a place.
static inline void exec_gather(const Trace *tr, const Exec *x, int place, const double **args) {
    const Operand *o = x->operands;
    if (!x->recalls) {
        for (int k = 0; k < x->call.n_args; k++, o++) args[k] = row_at(&o->row, place);
        return;
    }
    int t = exec_timestep(tr, x, place);
    for (int k = 0; k < x->call.n_args; k++, o++)
        args[k] = t > o->lag ? row_at(&o->row, place) : exec_before(o, place);
}

/// Does a gradient of truncated BPTT stop between the place of a value and the one that reads it?
static inline bool cuts_off(const Trace *tr, int place, int reader, bool backs) {
    if (tr->piece == 0 || tr->reach > 0 || place == reader) return false;
    int from = backs ? tr->steps - place : place - 1, to = backs ? tr->steps - reader : reader - 1;
    return from / tr->piece != to / tr->piece;
}

/// Does this use of a steady or time-varying value at `place` count: inside the sequence, and
/// with the loss depending on it?
static inline bool pull_counts(const Trace *tr, const Pull *p, int place) {
    int at = place + p->shift;
    if (p->shift != 0) {
        if (at < tr->from || at > tr->to) return false;
        if (cuts_off(tr, place, at, tr->execs[p->user].backs)) return false;
    }
    if (p->answers && place <= tr->seq.prompt) return false;
    return *live_at(tr, at, p->source);
}

/// Fills in t for the parts of a decoder, which depends on the prompt, or for all others.
void trace_fill_timesteps(const Trace *tr, bool answer);

/// What was computed anew is of another run from now on.
void forget_shown(Trace *tr);

/// Runs an operation forward at a place, into `value`. One thread at a time.
void exec_run(const Trace *tr, const Exec *x, int place, double *value);

/// The share of argument k that comes through x at a place, from the gradient dy of what x seeds
/// from. One thread at a time.
void exec_share(const Trace *tr, const Exec *x, int k, int place, const double *dy, double *share);

/// Is the share of argument k that of x in W @ x of a wide trace, which is a product too?
static inline bool exec_is_product(const Trace *tr, const Exec *x, int k) {
    return tr->width > 1 && k == 1 && x->wanted > 0;
}

/// Adds such a share to `sum`. One thread at a time.
void exec_add_product(const Trace *tr, const Exec *x, int place, const double *dy, double *sum);

#endif
