/// The history of a training: the loss of every optimizer step, and parameters every so many of
/// them, from which any step between is replayed, to the bit.
#ifndef CORE_HISTORY_H
#define CORE_HISTORY_H

#include "core/train.h"

typedef struct History History;

/// At most so many bytes of parameters and optimizer state are kept of a lesson's training; what
/// is between is replayed.
enum { HISTORY_MAX_BYTES = 64 << 20 };

/// How many optimizer steps lie from one keyframe to the next: the smallest power of two with which
/// all keyframes of the whole training fit into `limit` bytes. 0 if not a single one does: then
/// only losses are kept.
int history_spacing(const TrainSpec *spec, int n_weights, size_t limit);

/// Bytes that the history of a whole training takes, losses included.
double history_bytes(const TrainSpec *spec, int n_weights, size_t limit);

/// An empty history.
///   job    copied, and so is its specification; graph and source must live as long as the history
///   limit  bytes of keyframes
///   owner  arena a
History *history_new(Arena *a, const TrainJob *job, size_t limit);

/// Trains as train does, and records; once. `at` is where it stopped.
///   errors  false if stopped by progress: the history then ends with the step it stopped after
bool history_train(History *h, TrainProgress *progress, void *progress_context, double *params,
                   Trained *at);

/// How many optimizer steps are recorded.
int history_steps(const History *h);

/// The loss of each step's batch: step t at t - 1.
const double *history_losses(const History *h);

/// Bytes of keyframes that are kept, and the optimizer steps from one to the next.
double history_kept(const History *h, int *spacing);

/// What optimizer step t begins with, and the gradient it takes.
typedef struct {
    Trained from;   // t - 1 steps done
    double *params; // before the step
    double *grad;   // mean over the step's batch, before clipping
    double loss;    // likewise
} Moment;

/// Opens optimizer step t, 1 <= t <= history_steps: replays from the keyframe before it. Only where
/// the spacing is not 0.
///   owner   *out: arena a
///   errors  false if stopped by progress, which hears of each step replayed
bool history_open(const History *h, Arena *a, int t, TrainProgress *progress,
                  void *progress_context, Moment *out);

#endif
