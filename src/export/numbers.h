/// The trace as text, JSON, CSV and NPZ.
#ifndef EXPORT_NUMBERS_H
#define EXPORT_NUMBERS_H

#include "lesson/lesson.h"

/// The JSON of the command line's page, version 1; with `ops` every operation too, with each
/// consumer's share of its gradient. Numbers read back as the same doubles.
void trace_json(const Lesson *lesson, bool ops, Buf *out);

/// For people: timestep by timestep, a line per name, values and gradients at the lesson's digits.
void trace_text(const Lesson *lesson, Buf *out);

/// Long form, one row a number: name,timestep,row,column,value,gradient. Timestep 0 is the value
/// before the first one, and that of parameters.
void trace_csv(const Lesson *lesson, Buf *out);

/// Appends an NPZ archive: an array a name, timesteps x units; its gradient as grad/NAME.
///   errors  false if there is no memory for it
bool trace_npz(const Lesson *lesson, Buf *out);

/// Appends the shortest decimal that reads back as the same double; NaN, Infinity, -Infinity.
void trace_number(Buf *out, double value);

/// What a node is called: its equation and operation, "f.2"; wiring by its number, "f#12".
const char *trace_node_name(Arena *a, const Graph *g, int node);

/// The numbers of one step. Before the first step there is no name.
typedef struct {
    const char *name;
    Phase phase;
    bool is_loss, is_param;
    int place; // timestep; of the update 0
    Dim dim;
    const double *value, *grad; // of a parameter's step back: what comes from this timestep
    const double *after;        // update: the new weights
} StepNumbers;

/// They belong to the trace and the update, or to arena a.
StepNumbers step_numbers(Arena *a, const Lesson *lesson, Playhead at);

/// One step: its address and sentence, the value or gradient it settles, operands or shares.
void trace_step_text(const Lesson *lesson, Playhead at, Buf *out);

/// One step as JSON: step, name, value, grad.
void trace_step_json(const Lesson *lesson, Playhead at, Buf *out);

/// One step as rows of the CSV.
void trace_step_csv(const Lesson *lesson, Playhead at, Buf *out);

/// One step as arrays: timestep, NAME and grad/NAME; in the update after/NAME too.
///   errors  as trace_npz
bool trace_step_npz(const Lesson *lesson, Playhead at, Buf *out);

#endif
