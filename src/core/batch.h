/// Many sequences, shared out in blocks to all processors: their gradients or their scores.
/// Internal to core/train.c.
#ifndef CORE_BATCH_H
#define CORE_BATCH_H

#include "core/train.h"

typedef struct Batches Batches;

/// Room for batches of up to `most` sequences of this job.
///   params  what the sequences run with; borrowed, may change from batch to batch
///   owner   arena a; its threads and traces end with batches_free
Batches *batches_new(Arena *a, const TrainJob *job, int most, const double *params);
void batches_free(Batches *b);

/// The sum of the gradients of sequences first .. first + count - 1 of the job's source, with the
/// masks of training; returns the sum of their losses. Blocks in order, in each the sequences in
/// order, whoever computes them and when.
///   grad  flat as the parameters
double batches_gradient(Batches *b, int64_t first, int count, double *grad);

/// Adds what these sequences score, in the same order.
void batches_score(Batches *b, int64_t first, int count, Score *score);

#endif
