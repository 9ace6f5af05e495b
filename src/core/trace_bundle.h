/// Several nodes as one call: gates that multiply the same [h; x] by a matrix each, or that go
/// through the same function, do the same to neighbouring numbers. Internal to trace*.c, forward.c
/// and bptt.c. It changes no bit: each number is computed as before, only beside others.
#ifndef CORE_TRACE_BUNDLE_H
#define CORE_TRACE_BUNDLE_H

#include "core/trace_layout.h"

enum { BUNDLE_SUMMED = 16 }; // products at most whose shares are summed in one call

/// Puts the operations of each part in the order of their depth, those that could be one call side
/// by side: out->order. Places are given out in this order.
///   owner   arena a
void bundle_order(Arena *a, const Graph *g, Layout *out);

/// Finds what is one call, forward and backward, once everything has its place.
///   owner   arena a
void bundle_make(Arena *a, const Graph *g, Layout *out);

#endif
