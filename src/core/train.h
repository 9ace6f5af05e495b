/// The training loop.
#ifndef CORE_TRAIN_H
#define CORE_TRAIN_H

#include <stdint.h>

#include "core/optim.h"
#include "core/schedule.h"
#include "core/trace.h"

typedef struct {
    OptimKind optimizer;
    double with[OPTION_COUNT]; // its options; train_spec gives those that nobody was told
    Schedule schedule;         // of the rate
    int steps;
    int batch;
    double clip_value; // largest number in the gradient, before `clip`; 0: any
    double clip;       // largest norm of the whole gradient; 0: any
    int truncate;      // trace_truncate: the length of a piece, or 0
    int reach;         // and how far its losses go back; 0: as far as the piece is long
    double dropout;    // of the graph's masks: share of numbers that are 0
    uint64_t seed;     // of the masks
    int threads;       // at most; 0: as many as there are processors. No number changes a bit.
} TrainSpec;

/// A specification for an optimizer with its options as PyTorch has them: no steps, batches of one,
/// no clipping, a constant rate.
TrainSpec train_spec(OptimKind optimizer);

/// Gives sequence number i of the training data; the memory it points to holds until the next.
typedef const Sequence *SequenceSource(void *context, int64_t i);

/// Called after every optimizer step; false stops training, keeping the weights.
typedef bool TrainProgress(void *context, int step, double loss);

/// Clips a gradient of n numbers in place and moves the weights: optimizer step t, from 1.
///   state  as OptimStep has it
void train_update(const TrainSpec *spec, int n, int64_t t, double *grad, double *state,
                  double *params);

/// What is trained, how, and on what.
typedef struct {
    const Graph *graph;
    const TrainSpec *spec;
    SequenceSource *source;
    void *context; // of source
} TrainJob;

/// Where training stands: what the next optimizer step begins from.
typedef struct {
    int64_t steps; // done
    double *state; // what the optimizer remembers, as OptimStep has it
} Trained;

/// Where training stands before its first step.
///   owner   state: arena a
Trained trained_new(Arena *a, const Graph *g, const TrainSpec *spec);

/// Trains params in place from where `at` stands until `last` steps are done: each step takes
/// `batch` sequences, the gradient being their mean. In one go or in several, the bits are the
/// same.
///   errors  false if stopped by progress (which may be NULL)
bool train_on(Arena *a, const TrainJob *job, int64_t last, TrainProgress *progress,
              void *progress_context, double *params, Trained *at);

/// The gradient that optimizer step t, from 1, takes at these parameters, before clipping; returns
/// the loss, likewise the mean over the batch.
double train_gradient(Arena *a, const TrainJob *job, int64_t t, const double *params, double *grad);

/// How well many sequences are done. An answer is a timestep with a loss: right where the largest
/// output is the target's class; with binary cross-entropy each number of it is one, and right on
/// its side of a half. Other losses have none.
typedef struct {
    double loss; // sum over the sequences
    int64_t sequences, answers, right;
} Score;

/// Called after some sequences; false stops the scoring.
typedef bool ScoreProgress(void *context, int64_t done, int64_t all);

/// Runs sequences first .. first + count - 1 of the job's source forward. Sums are in order, so
/// that no number of threads changes a bit.
///   errors  false if stopped by progress (which may be NULL); *out is of those that were run
bool train_score(Arena *a, const TrainJob *job, int64_t first, int64_t count, const double *params,
                 ScoreProgress *progress, void *context, Score *out);

/// Gives a sequence the masks that sequence i of the training data has: for each dropout of the
/// graph, and each timestep, 0 or what keeps the mean. A longer sequence has those of a shorter one
/// first.
///   owner   arena a
void train_masks(Arena *a, const Graph *g, const TrainSpec *spec, int64_t i, Sequence *q);

/// All steps of the specification from the beginning.
///   errors  false if stopped by progress
bool train(Arena *a, const Graph *g, const TrainSpec *spec, SequenceSource *source, void *context,
           TrainProgress *progress, void *progress_context, double *params);

#endif
