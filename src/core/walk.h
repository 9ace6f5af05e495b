/// The finite list of steps of a run, and the playhead in it. Moving is all that stepping does.
#ifndef CORE_WALK_H
#define CORE_WALK_H

#include "core/trace.h"

typedef enum { PHASE_FORWARD, PHASE_LOSS, PHASE_BACKWARD, PHASE_UPDATE, PHASE_COUNT } Phase;

/// From finest to coarsest.
typedef enum {
    GRAIN_UNIT,
    GRAIN_OPERATION,
    GRAIN_EQUATION,
    GRAIN_TIMESTEP,
    GRAIN_PHASE,
    GRAIN_OPTIMIZER, // an optimizer step of training: a whole walk
    GRAIN_COUNT
} Grain;

/// One step: an operation forward, the gradient of an operation's result settled backward, or a
/// parameter moved by the optimizer.
typedef struct {
    Phase phase;
    int place;    // timestep, from 1; 0 for the total of the loss; always 1 in the update
    int node;     // the operation; the data node x or a parameter's node are backward steps too;
                  // -1 for the total of the loss
    int equation; // -1 for x, parameters and the total
} Step;

/// Forward: timestep by timestep, the parts that read forward side by side (layer 1, layer 2,
/// head at t = 1, then all at t = 2); a part that reads backward is a sweep of its own, and the
/// parts after it begin a new sweep. Loss: each timestep with a loss, then the total. Backward:
/// the same in reverse; after the equations of a part at a timestep come the timestep's shares
/// for the part's parameters, then x of the first layer. Update, of a walk that has it: parameter
/// by parameter.
typedef struct Walk Walk;

/// Where one is: `at` steps are done, the last of them step at - 1; with at = 0 nothing is.
/// `unit` is 0 when the whole step is done, else the step is done up to this element, from 1.
typedef struct {
    int at;
    int unit;
} Playhead;

/// The walk of a graph over a sequence.
///   owner   arena a
Walk *walk_new(Arena *a, const Trace *tr);

/// Adds the update after the backward phase: one step for each parameter. Once, and before any
/// playhead is in use; nothing without a loss.
void walk_add_update(Walk *w);

/// Says which optimizer step of training the weights stand before, from 1: addresses then begin
/// with it. A new walk is after training: 0.
void walk_set_moment(Walk *w, int moment);
int walk_moment(const Walk *w);

/// What the walk leads through.
const Graph *walk_graph(const Walk *w);

/// T of the sequence.
int walk_timesteps(const Walk *w);

/// Number of steps.
int walk_count(const Walk *w);

/// Step i, 0 <= i < count.
Step walk_step(const Walk *w, int i);

/// Elements of step i: what the unit grain counts.
int walk_units(const Walk *w, int i);

/// The index of the forward (or loss) step after which the node's value at a place is known;
/// wiring is known when its last operand is; inputs and parameters at -1. INT_MAX if never.
int walk_value_step(const Walk *w, int node, int place);

/// The index of the backward step after which the node's gradient at a place is known.
int walk_grad_step(const Walk *w, int node, int place);

/// Is the value (gradient) of this element known at the playhead?
bool walk_value_known(const Walk *w, Playhead p, int node, int place, int unit);
bool walk_grad_known(const Walk *w, Playhead p, int node, int place, int unit);

/// The index of the step of this node in a phase at a place; -1 if it has none there.
int walk_find(const Walk *w, Phase phase, int node, int place);

/// Steps [first, last] of a timestep in a phase: those of its last sweep there. False if none.
bool walk_timestep_range(const Walk *w, Phase phase, int place, int *first, int *last);

/// The playhead one step of this grain further, or back; the same one at the ends.
Playhead walk_next(const Walk *w, Playhead p, Grain grain);
Playhead walk_previous(const Walk *w, Playhead p, Grain grain);

/// The playhead at the same equation one timestep further in the direction of the walk.
Playhead walk_next_timestep(const Walk *w, Playhead p);

/// Steps [first, last] of a phase; false if the phase has none.
bool walk_phase_range(const Walk *w, Phase phase, int *first, int *last);

#endif
