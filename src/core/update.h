/// One optimizer step, kept number by number: gradient, clipping, what the optimizer remembers, new
/// weight.
#ifndef CORE_UPDATE_H
#define CORE_UPDATE_H

#include "core/train.h"

/// An optimizer step: after training with the gradient of one run, or one of training with that of
/// its batch. All arrays are flat as the
/// parameters are, those of state n_state times as long.
typedef struct {
    OptimKind optimizer;
    int64_t t;                 // the optimizer step it is, from 1
    int batch;                 // sequences whose mean gradient it takes; 0: that of the run shown
    double with[OPTION_COUNT]; // the optimizer's options; the rate is that of this step
    double batch_loss;         // their mean loss
    double clip_value, clip;   // as the specification has them; 0: none
    double norm;               // of the whole gradient, after clip_value
    double scale;              // what `clip` multiplied the gradient by: 1 or less
    int n, n_state;
    const double *grad, *clipped;
    const double *state_before, *state; // [n_state][n]
    const double *before, *after;       // weights
} Update;

/// Takes the step, as training would: the same function, the same bits.
///   from    where training stands; state NULL: it has not begun
///   params  n weights, left as they are
///   owner   arena a
Update *update_new(Arena *a, const TrainSpec *spec, const Trained *from, int n, const double *grad,
                   const double *params);

/// Bytes that update_new takes.
double update_bytes(const TrainSpec *spec, int n);

#endif
