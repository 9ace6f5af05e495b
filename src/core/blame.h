/// What the loss of each timestep alone sends back: the total gradient of a value, itemised by the
/// losses that it comes from.
#ifndef CORE_BLAME_H
#define CORE_BLAME_H

#include "core/trace.h"

typedef struct Blame Blame;

/// Room for the items of a trace that has gone backward; NULL without a loss, with the loss of one
/// timestep only, and where going back once for each would be felt.
///   owner   arena a; the trace must live as long, and not run again
Blame *blame_new(Arena *a, const Trace *trace);

/// How many timesteps have a loss, and where the k-th stands.
///   range   1 <= k <= count
int blame_count(const Blame *b);
/// See blame_count.
int blame_place(const Blame *b, int k);

/// The gradient of an equation's value at a place by the k-th loss alone, in the shape of the
/// value; over all k they add up to trace_grad, but for rounding.
///   owner   b
const double *blame_grad(Blame *b, int equation, int place, int k);

#endif
