/// BPTT against central differences.
#ifndef CORE_GRADCHECK_H
#define CORE_GRADCHECK_H

#include "core/trace.h"

/// BPTT against central differences for every parameter.
typedef struct {
    int param;           // index into g->params
    double worst;        // largest relative difference in it
    int worst_at;        // element, from 0
    double bptt, nudged; // the two gradients there
} GradCheck;

/// Fills one row per parameter. What stop hands on is held, as its gradient is cut. The difference
/// is |a - b| / max(|a|, |b|, floor), the floor from the rounding that central differences cannot
/// avoid.
void gradcheck(Arena *a, const Graph *g, const Sequence *seq, const double *params,
               GradCheck *rows);

#define GRADCHECK_BOUND 1e-7 // the relative difference that a right gradient stays under

#endif
