/// The training loop.
#ifndef CORE_TRAIN_H
#define CORE_TRAIN_H

#include <stdint.h>

#include "core/optim.h"
#include "core/trace.h"

typedef struct {
    OptimKind optimizer;
    double rate;
    int steps;
    int batch;
    double clip; // largest norm of the whole gradient; 0: none
    uint64_t seed;
} TrainSpec;

/// Gives sequence number i of the training data; the memory it points to holds until the next.
typedef const Sequence *SequenceSource(void *context, int64_t i);

/// Called after every optimizer step; false stops training, keeping the weights.
typedef bool TrainProgress(void *context, int step, double loss);

/// Trains params in place: each step takes `batch` sequences, the gradient being their mean.
///   errors  false if stopped by progress
bool train(Arena *a, const Graph *g, const TrainSpec *spec, SequenceSource *source, void *context,
           TrainProgress *progress, void *progress_context, double *params);

#endif
