/// Every value and every gradient of every operation at every timestep of one sequence: recorded,
/// or computed anew from what is, to the same bits.
/// A `place` counts timesteps from the left, from 1 to T, whatever way a layer reads.
#ifndef CORE_TRACE_H
#define CORE_TRACE_H

#include "core/graph.h"

/// One sequence with its targets, and where the loss is taken.
typedef struct {
    int steps;             // T >= 1
    int input;             // rows of the data node
    const double *inputs;  // (T, input)
    int target;            // rows of the target; 0 without loss
    const double *targets; // (T, target); rows without a loss are ignored. Classes are one-hot.
    const bool *has_loss;  // (T)
    bool sum;              // reduction: sum instead of mean
    int prompt;            // with a decoder: the encoder runs at places 1 .. prompt, the decoder at
                           // those after it; 1 <= prompt < T
    int fed;               // with a feed: from this place on the input is what the network said at
                           // the place before, whatever `inputs` has there; 0: nowhere, else >= 2
    const double *draws;   // (T) random numbers in [0, 1) for g->draw
    int mask;              // numbers of all masks of g->masks together; 0 without dropout
    const double *masks;   // (T, mask) each 0 or 1/(1 - p)
} Sequence;

typedef struct Trace Trace;

/// Bytes that trace_new will take for this graph and T, or SIZE_MAX if they cannot be counted.
size_t trace_bytes(const Graph *g, int steps);

enum { TRACE_MAX_GIB = 4 };

/// An empty trace for sequences of `steps` timesteps.
///   owner   arena a
Trace *trace_new(Arena *a, const Graph *g, int steps);

/// From now on gradients go back a limited way only (every 0: all the way). The sequence is cut
/// into pieces of `every` timesteps, and the losses of a piece go back from its end (from where it
/// would end, if it is the last and shorter) through `back` >= every timesteps: what is read of
/// those before (c[t-1] at the first of them) counts as given; values pass through all. With back =
/// every each layer counts its pieces from where it begins to read. Else the parameters' gradients
/// are the sums over the pieces, those of values are of no use, the trace is of one sequence, and
/// trace_can_reach must hold.
///   source  truncated BPTT with k1 = every and k2 = back; BPTT(h; h') with h = k2 and h' = k1 of
///           Williams & Peng 1990
///   owner   what it needs: arena a, that of the trace
void trace_truncate(Arena *a, Trace *tr, int every, int back);

/// The length of the pieces at whose borders the gradients of values stop; 0 where they do not.
int trace_piece(const Trace *tr);

/// Can gradients go back further than a piece is long: do all parts read forward? A decoder goes on
/// where its encoder ends, so that the last `back` timesteps may lie in both. What reads backward
/// has nothing to say before the end is there, so that no loss could go back from the middle.
bool trace_can_reach(const Graph *g);

/// Can several sequences run side by side, as the columns of each value? True of networks whose
/// values are columns and that use each matrix once, as in W @ x or W' @ x.
bool trace_can_widen(const Graph *g);

/// An empty trace for training, for `width` sequences of the same length side by side; a width
/// above 1 needs trace_can_widen. It keeps only what BPTT reads: no function takes it but
/// trace_forward_wide, trace_backward, trace_loss_of, trace_right_of, trace_add_grads and
/// trace_truncate.
///   owner   arena a
Trace *trace_new_wide(Arena *a, const Graph *g, int steps, int width);

/// Runs as many sequences as the trace is wide; they share T, has_loss, the reduction, prompt and
/// fed. Without `params` (NULL), with those of the run before.
void trace_forward_wide(Trace *tr, const Sequence *const *seqs, const double *params);

/// The loss of the sequence in this column, from 0.
double trace_loss_of(const Trace *tr, int column);

/// How many answers of the sequence in this column are right, and adds to *answers how many it has:
/// see Score in core/train.h.
int64_t trace_right_of(const Trace *tr, int column, int64_t *answers);

/// Adds the gradients of all parameters to `sum`, sequence after sequence: the bits are those of
/// adding what each sequence gives alone.
void trace_add_grads(const Trace *tr, double *sum);

/// Takes a sequence without running it: what runs where is known then (trace_runs), no value is.
void trace_take(Trace *tr, const Sequence *seq);

/// Runs the network forward: fills every value, start values included, and the loss.
///   params  flat block of g->n_weights; borrowed until the next run
void trace_forward(Trace *tr, const Sequence *seq, const double *params);

/// One number to move: element `at` (from 0) of a node's value at a place. Of steady nodes only
/// parameters can be moved, which is at every place at once.
typedef struct {
    int node, place, at;
    double by;
} Nudge;

/// From now on what lets no gradient back (stop, the choice of a symbol) hands on in this trace
/// what it handed on in the run that `as` records (NULL: what it finds). A gradient that is cut
/// there is the slope of the loss with that held: stop(a) is a number that does not follow a.
///   owner   `as` is borrowed
void trace_hold_stops(Trace *tr, const Trace *as);

/// The loss of the run that `run` records, with one number moved the moment it is there, and with
/// its stops held.
///   spare  a trace of the same graph and length; its values are overwritten
double trace_nudged(Trace *spare, const Trace *run, Nudge nudge);

/// Backpropagation through time (Werbos 1990) over what trace_forward filled: every gradient.
/// The gradient of a value at a place is the sum of the shares of its uses, in the order of
/// g->uses. That of a steady node: timestep after timestep from place 1, each summed over the uses
/// first; then the start values that it gives, then its uses in other start expressions. All zero
/// without a loss, and for constants, t and targets, which are no variables of the loss.
void trace_backward(Trace *tr);

/// What the trace records: its graph, T, and the sequence and parameters of the last run (the
/// parameters are a copy; the rows of the sequence belong to whoever gave them).
const Graph *trace_graph(const Trace *tr);
int trace_steps(const Trace *tr);
const Sequence *trace_sequence(const Trace *tr);
const double *trace_params(const Trace *tr);

/// The mean (or sum) over the timesteps with a loss; NaN without a loss.
double trace_loss(const Trace *tr);

/// What one timestep's loss is multiplied by in it: 1/N, 1/(N x elements), or 1.
double trace_loss_scale(const Trace *tr);

/// True if this part runs at this place: an encoder and a decoder at their own stretch, the feed
/// where an output is fed back, the loss only where one is taken, the head there, where its output
/// is fed back, and everywhere without a loss.
bool trace_runs(const Trace *tr, int part, int place);

/// True if the node has a number at this place: its part runs there, or it is given.
bool trace_holds(const Trace *tr, int node, int place);

/// The value of a node at a place, rows x cols, row-major. Steady nodes ignore the place. A value
/// that the trace does not keep (core/trace_layout.h) is computed anew, with the same bits.
///   range   1 <= place <= T
///   owner   the trace, until its next run; what it does not keep only until a place is asked for
///           that is a multiple of 64 timesteps away. So this, trace_grad, trace_arg, trace_share
///           and trace_param_share are not for two threads at once on one trace
const double *trace_value(const Trace *tr, int node, int place);

/// d loss / d value, same shape, through everything that uses the value, at all timesteps.
const double *trace_grad(const Trace *tr, int node, int place);

/// The node that holds what `node` was at this place: the encoder's before the decoder's first
/// timestep, of an equation that begins with it; else the node itself.
int trace_home(const Trace *tr, int node, int place);

/// The value that argument k of `node` reads at `place`: with a lag, from another place, or the
/// start value, or zeros for x before the first timestep.
const double *trace_arg(const Trace *tr, int node, int k, int place);

/// The place that argument k of `node` reads at `place`; 0 if that is before the sequence.
int trace_arg_place(const Trace *tr, int node, int k, int place);

/// The node that argument k of `node` reads at `place`: in a decoder, before its first timestep,
/// the encoder's.
int trace_arg_node(const Trace *tr, int node, int k, int place);

/// The place at which `use` reads the value that stands at `place`; 0 if that is outside.
int trace_use_place(const Trace *tr, Use use, int place);

/// Does truncation keep the gradient that comes to `use` from the value at `place`?
bool trace_cuts(const Trace *tr, Use use, int place);

/// The part of the gradient of argument k that comes through `node` at `place`, in the shape of
/// the argument. Computed anew from what is recorded; the same bits that were summed.
void trace_share(const Trace *tr, int node, int k, int place, double *share);

/// The value and the total gradient before the first timestep of an equation's node. Of an equation
/// that begins with the encoder's last state: that state, and what the decoder's reads of it add to
/// its gradient.
const double *trace_start(const Trace *tr, int equation);
const double *trace_start_grad(const Trace *tr, int equation);

/// The gradient of all parameters, flat as the parameters.
const double *trace_param_grads(const Trace *tr);

/// The part of a parameter's gradient that comes from one timestep, in its shape.
void trace_param_share(const Trace *tr, int param, int place, double *share);

#endif
