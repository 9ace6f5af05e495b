/// How the gradients of parameters grow on the way back: the sums of their timesteps' shares, in
/// the order in which BPTT comes by. The trace has the shares and the whole; what lies between is
/// computed when it is asked for.
#ifndef CORE_SHARES_H
#define CORE_SHARES_H

#include "core/trace.h"

typedef struct Shares Shares;

/// Room for the sums of a trace that has gone backward; NULL without a loss, and where adding all
/// shares once would be felt.
///   owner   arena a; the trace must live as long, and not run again
Shares *shares_new(Arena *a, const Trace *trace);

/// How many timesteps give a share to this parameter: those at which its part runs.
int shares_count(const Shares *s, int param);

/// The timestep of the k-th share on the way back.
///   range   1 <= k <= count
int shares_place(const Shares *s, int param, int k);

/// The sum of the first k shares, in the parameter's shape; with all of them its gradient, to the
/// bit, with what start values give.
///   range   0 <= k <= count
///   owner   s, until the next question about this parameter
const double *shares_sum(Shares *s, int param, int k);

/// The Euclidean norm of the sum of the first k shares.
double shares_sum_norm(Shares *s, int param, int k);

/// Element `unit` (from 1) of a timestep's share, where shares are kept because nearly all of their
/// rows are 0, as those of an embedding; false elsewhere: the trace has it.
bool shares_element(Shares *s, int param, int place, int unit, double *out);

/// The largest size that any element has in any of the sums; 0 where none is finite.
double shares_largest(Shares *s, int param);

#endif
