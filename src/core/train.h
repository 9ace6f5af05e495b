/// Random numbers, initialisers, optimizers and the training loop.
#ifndef CORE_TRAIN_H
#define CORE_TRAIN_H

#include "core/trace.h"

/// Same numbers on every machine. (xoshiro256**, Blackman & Vigna 2018, seeded by splitmix64.)
typedef struct {
    uint64_t s[4];
} Rng;

Rng rng_new(uint64_t seed);
uint64_t rng_next(Rng *r);
/// Uniform in [0, 1), 53 bits.
double rng_uniform(Rng *r);
/// Uniform in 0 .. n-1, without bias.
int rng_below(Rng *r, int n);
/// Standard normal (Box & Muller 1958).
double rng_normal(Rng *r);

/// Fills the flat block of parameters by the init rules.
void params_init(const Graph *g, uint64_t seed, double *params);

typedef enum { OPTIM_SGD, OPTIM_ADAM, OPTIM_COUNT } OptimKind;

/// One optimizer: a row of a table. Defined exactly as PyTorch does.
typedef struct {
    const char *name;
    int n_state; // numbers kept per weight
    void (*step)(int n, double rate, int64_t t, const double *grad, double *state, double *params);
} OptimDef;

extern const OptimDef optim_defs[OPTIM_COUNT];

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

/// BPTT against central differences for every parameter.
typedef struct {
    int param;          // index into g->params
    double worst;       // largest relative difference in it
    int worst_at;       // element, from 0
    double bptt, nudged; // the two gradients there
} GradCheck;

/// Fills one row per parameter. The difference is |a - b| / max(|a|, |b|, floor), the floor
/// from the rounding that central differences cannot avoid.
void gradcheck(Arena *a, const Graph *g, const Sequence *seq, const double *params,
               GradCheck *rows);

enum { GRADCHECK_DIGITS = 7 }; // agreement asked for: 1e-7

#endif
