/// Proof of a gradient by two real runs: the loss with a number a little larger, and a little
/// smaller.
#ifndef LESSON_PROOF_H
#define LESSON_PROOF_H

#include "lesson/lesson.h"

typedef struct Proof Proof;

/// What the two runs say of one number.
typedef struct {
    double epsilon; // how far the number was moved
    double slope;   // (L(v + epsilon) - L(v - epsilon)) / 2 epsilon
    double noise;   // what rounding of the loss leaves in the slope
} Nudged;

/// Room for proofs about a trace; NULL for a trace so large that two runs would be felt,
/// and for one whose gradients are truncated: no run has that slope.
///   owner   arena a
Proof *proof_new(Arena *a, const Trace *trace);

/// Moves element `unit` (from 1) of a node at a place, or says false: without a proof, and for
/// numbers that no run can move by themselves. The last answer is kept, so that asking for it in
/// every frame costs nothing.
bool proof_ask(Proof *p, int node, int place, int unit, Nudged *out);

#endif
