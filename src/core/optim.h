/// Optimizers, defined exactly as PyTorch defines them.
#ifndef CORE_OPTIM_H
#define CORE_OPTIM_H

#include <stdint.h>

typedef enum { OPTIM_SGD, OPTIM_ADAM, OPTIM_COUNT } OptimKind;

/// One optimizer: a row of a table. Defined exactly as PyTorch does.
typedef struct {
    const char *name;
    int n_state; // numbers kept per weight
    /// One update; t counts updates from 1, state starts as zeros (n * n_state numbers).
    void (*step)(int n, double rate, int64_t t, const double *grad, double *state, double *params);
} OptimDef;

extern const OptimDef optim_defs[OPTIM_COUNT];

/// Scales the whole gradient down to the norm `largest`, as PyTorch's clip_grad_norm_ does: by
/// min(1, largest / (norm + 1e-6)). Returns the norm before.
///   source  Pascanu, Mikolov & Bengio 2013
double grad_clip(int n, double largest, double *grad);

#endif
