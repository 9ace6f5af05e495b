/// How large a vector is.
#ifndef CORE_NORM_H
#define CORE_NORM_H

/// The Euclidean norm of n numbers, without overflow or underflow on the way; NaN if one is.
double norm_of(const double *x, int n);

#endif
