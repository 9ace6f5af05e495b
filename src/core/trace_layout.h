/// Where each number of a trace stands, worked out from the graph alone. Internal to trace*.c,
/// forward.c, bptt.c and wide.c.
///
/// What BPTT or the eye needs at every timestep stands in frames, one a timestep: one for values
/// and one for gradients. What can be had again from those, place by place, with the same code and
/// so the same bits, does not: it stands in the room, which serves every timestep in turn.
/// - Equal stacks, as the [h; x] of the gates, are one.
/// - A product that only sums read passes: its value is used up in its own timestep.
/// - A gradient with one source that hands it on unchanged (as b's from a + b) is its source's.
/// - A gradient with one source that is used up in its own timestep passes.
/// - Of equal stacks only the sum of the gradients is kept, where it begins every sum it is part
/// of.
/// - A transposed parameter, as an embedding's E', is computed once a run, and its gradient only to
/// be shown: that of the parameter is summed from the product itself.
#ifndef CORE_TRACE_LAYOUT_H
#define CORE_TRACE_LAYOUT_H

#include <stddef.h>

#include "core/graph.h"

/// A use that passes gradient, seen from the node that is used at some place: argument `arg` of
/// `user` at place + shift.
typedef struct {
    int user, arg, shift;
    int source;      // whose gradient holds the user's: it counts where that does
    bool answers;    // a decoder reads what it is given: of the prompt nothing, whatever the lag
    ptrdiff_t moved; // sums and stacks only hand their gradient on: from where in it; else -1
} Pull;

typedef enum {
    GRAD_NONE,   // zeros: no variable of the loss, or no loss
    GRAD_KEPT,   // in the frames of gradients, or with the steady ones
    GRAD_HANDED, // part of the lender's, kept or passing
    GRAD_PASSES  // in the room
} GradKind;

/// Where a node's value and gradient stand: offsets in a frame, in the steady block, or in the
/// room.
typedef struct {
    ptrdiff_t count; // numbers: elements times width, or the elements of a `single`
    ptrdiff_t value_at, grad_at;
    ptrdiff_t own_at; // in the room, of a gradient that is computed anew to be shown; else -1
    Pull own;         // what it is then computed from
    GradKind grad;
    ptrdiff_t turned_at, turned_step; // of a parameter times a column: where the parameter stands
                                      // transposed, and from one of its columns to the next
    ptrdiff_t wanted; // of the same: so many numbers of the column want a gradient, the first ones
    int depth;        // the longest way to it from what its timestep reads
    int run;          // whose one call computes the value; -1 if none
    int lender;       // GRAD_HANDED: whose gradient holds it
    int same;         // the node that computes this value: itself, but for repeated stacks
    int next;         // the next stack that is the same as this one; -1 if there is none
    int sum;          // of equal stacks whose gradients are kept as one: the first of them; else -1
    bool single;      // in a wide trace: one value for all sequences, as a constant or a matrix
    bool value_passes; // in the room
    bool once;         // a transposed parameter that is a left factor: one value for all timesteps
    bool turns;        // it is a parameter times a column, of one sequence
    bool beside;       // in a wide trace, of b in W @ x + b, the parameter behind W: its gradient
                       // is summed up with that of W
} Seat;

/// Nodes order[first .. first + n - 1] run forward as one call (core/trace_bundle.h).
typedef struct {
    int first, n;
    ptrdiff_t rows;   // of all of them together; element by element: all their numbers
    ptrdiff_t packed; // of matrices: where their rows stand, all below each other, `step` apart and
                      // only the `wanted` first numbers of each; of biases: where they stand
    ptrdiff_t step, wanted;
} Run;

/// The gradients of nodes order[first .. first + n - 1] are settled as one call: as the shares of
/// argument `arg` of a run, or, of one node, as the sum of what a run of products passes to it.
/// Without a run (-1): one node, from its pulls.
typedef struct {
    int first, n, run, arg;
} Back;

typedef struct {
    int width;
    bool training;
    Seat *seats;     // [n_nodes]
    int *order;      // [n_nodes] the operations of each part as they run
    Run *runs;       // part by part, in order of execution
    int *first_run;  // [n_parts + 1]
    Back *backs;     // part by part, in the order of their runs: backward in reverse
    int *first_back; // [n_parts + 1]
    int n_runs, n_backs;
    Pull *pulls;         // of all nodes, in the order of summation
    int *first_pull;     // [n_nodes + 1]
    ptrdiff_t *start_at; // [n_equations] into the gradients of start values; -1 where no lag reads
    // doubles: of one frame of values and of gradients, of the room, of steady values (parameters
    // first), of gradients of start values, of the largest node
    size_t frame, grad_frame, room, steady, starts, largest;
    size_t turned, packed; // of transposed and of packed parameters
    size_t run_args;       // of the runs of several nodes
    size_t operands, n_pulls;
    size_t args; // of the node that has most
} Layout;

/// The layout for `width` sequences side by side. `training` keeps only what BPTT reads: what is
/// not kept then cannot be shown.
///   owner   arena a
///   errors  false if the numbers cannot be counted
bool layout_make(Arena *a, const Graph *g, int width, bool training, Layout *out);

/// Does a node hold a value that is given, not computed?
bool layout_is_value(OpKind op);

/// Does argument k of this node get a share of its gradient?
bool layout_passes(const Node *n, int k);

/// Constants, t and targets are no variables of the loss: they get no gradient.
bool layout_wants_grad(const Graph *g, int node);

/// Is this read of an equation by its own part, so that start values stand before it?
bool layout_reads_start(const Graph *g, int reader, Arg arg);

/// Is this a matrix whose only use is as W in W @ x: a parameter, or one that is transposed first,
/// as E in E' @ x, where the transpose is such a matrix too?
bool layout_is_left_factor(const Graph *g, int node);

/// Does the operation go element by element?
bool layout_is_element(OpKind op);

/// In a trace of several sequences: does the node have one value for all of them? A left factor
/// has, and a constant where all that read it take one number for many.
bool layout_is_single(const Graph *g, int node);

/// The product in which the parameter has its only use, if it is a left factor.
int layout_product(const Graph *g, int param);

/// The node whose gradient holds a node's own: itself, but where it is handed.
static inline int layout_source(const Layout *l, int node) {
    return l->seats[node].grad == GRAD_HANDED ? l->seats[node].lender : node;
}

#endif
