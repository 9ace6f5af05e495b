/// Optimizers, defined exactly as PyTorch defines them: one row of a table each.
#ifndef CORE_OPTIM_H
#define CORE_OPTIM_H

#include <stdbool.h>
#include <stdint.h>

typedef enum {
    OPTIM_SGD,
    OPTIM_MOMENTUM, // sgd with other defaults
    OPTIM_NESTEROV, // likewise
    OPTIM_RMSPROP,
    OPTIM_ADAGRAD,
    OPTIM_ADAM,
    OPTIM_ADAMW,
    OPTIM_COUNT
} OptimKind;

/// What an optimizer can be told. Switches are 0 or 1.
typedef enum {
    OPTION_RATE,
    OPTION_MOMENTUM,
    OPTION_DAMPENING,  // what a new gradient loses on its way into the momentum
    OPTION_NESTEROV,   // switch
    OPTION_DECAY,      // of weights: times the weight, added to the gradient (AdamW: apart from it)
    OPTION_EPS,        // added to the root that the gradient is divided by
    OPTION_SMOOTHING,  // share of the old mean of squares in the new one
    OPTION_CENTERED,   // switch: the variance in place of the mean of squares
    OPTION_RATE_DECAY, // the rate is divided by 1 + (t - 1) times this
    OPTION_BETA1,      // share of the old mean gradient in the new one
    OPTION_BETA2,      // and of its square
    OPTION_AMSGRAD,    // switch: the largest mean of squares so far
    OPTION_COUNT
} OptimOption;

typedef struct {
    const char *name; // as a lesson writes it
    double lo, hi;
    bool is_switch;
} OptimOptionDef;

extern const OptimOptionDef optim_options[OPTION_COUNT];

/// One update of n weights. t counts updates from 1; state starts as zeros, n numbers for each of
/// n_state. `with` holds every option; those that the optimizer does not take are 0.
typedef void OptimStep(int n, const double *with, int64_t t, const double *grad, double *state,
                       double *params);

/// One optimizer.
///   source  PyTorch 1.13, torch.optim; Kingma & Ba 2015; Loshchilov & Hutter 2019 (AdamW); Duchi,
///           Hazan & Singer 2011; Tieleman & Hinton 2012 and Graves 2013 (RMSprop, centred)
typedef struct {
    const char *name;
    int n_state; // numbers kept per weight
    OptimStep *step;
    unsigned takes;            // a bit for each option
    double with[OPTION_COUNT]; // what the options are without being told
} OptimDef;

extern const OptimDef optim_defs[OPTIM_COUNT];

/// Does it take this option?
bool optim_takes(OptimKind kind, OptimOption option);

/// Clamps every number of the gradient to at most `largest` either way, as clip_grad_value_ does.
void grad_clip_value(int n, double largest, double *grad);

/// Scales the whole gradient down to the norm `largest`, as PyTorch's clip_grad_norm_ does: by
/// min(1, largest / (norm + 1e-6)). Returns the norm before.
///   source  Pascanu, Mikolov & Bengio 2013
double grad_clip(int n, double largest, double *grad);

#endif
