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

/// One step: its address and sentence, the value or gradient it settles, operands or shares.
void trace_step_text(const Lesson *lesson, Playhead at, Buf *out);

/// One step as JSON: step, name, value, grad.
void trace_step_json(const Lesson *lesson, Playhead at, Buf *out);

#endif
