/// Feeding back: what a network said at a timestep becomes its input at the next. Each way is a
/// built-in text in the cell language, so that it is walked, typeset and differentiated like
/// everything else.
#ifndef CORE_FEED_H
#define CORE_FEED_H

#include "core/graph.h"

typedef struct {
    const char *name; // as in a lesson: "largest"
    bool is_symbol;   // gives a column with a single 1, not the numbers as they are
    bool draws;       // by a random number u, an input of its own
} FeedDef;

/// Rows by FeedKind; FEED_NONE has no name.
extern const FeedDef feed_defs[FEED_COUNT];

/// The equations: y at t-1 becomes `name` at t.
///   temperature  of a feed that draws: above 1 evens the probabilities out, below 1 sharpens them
///   owner        arena a
const char *feed_text(Arena *a, FeedKind kind, const char *name, double temperature);

/// The random numbers for a sequence of `steps` timesteps, in [0, 1). Every seed and every i give
/// others, the same ones the same.
void feed_draws(uint64_t seed, int64_t i, int steps, double *draws);

#endif
