/// Elementary functions with the same bits on every machine, compiler and instruction set. They
/// use + - * / and integer operations on the bits only; no table, no fused multiply-add, no libm.
/// NaN gives NaN, and infinities and signed zeros give what IEEE 754 asks. The array forms give
/// the very bits of the scalar ones; x and y of an array form must not overlap.
///
/// Largest error seen against long double references (tests/unit/test_vmath.c holds them to it):
///   exp 0.8 ulp, log 0.9, log1p 0.9, sin and cos 0.8, tanh 1.4, sigmoid 1.2, softplus and
///   logsigmoid 1.6, for every x, subnormal results included
///   source  Cody & Waite, Software Manual for the Elementary Functions (1980), for the range
///           reductions; Payne & Hanek, Radian reduction (1983), for |x| > 2^20 in sin and cos
#ifndef CORE_VMATH_H
#define CORE_VMATH_H

/// e^x: infinity above 709.78, subnormal below -708.4, 0 below -745.14.
double vm_exp(double x);
/// Natural logarithm: -infinity at 0, NaN below.
double vm_log(double x);
/// log(1 + x), exact for small x: -infinity at -1, NaN below.
double vm_log1p(double x);
/// Hyperbolic tangent, with full relative accuracy near 0.
double vm_tanh(double x);
/// The logistic function 1 / (1 + e^-x), with full relative accuracy for very negative x.
double vm_sigmoid(double x);
/// log(1 + e^x), without overflow and without a threshold.
double vm_softplus(double x);
/// log(sigmoid(x)) = -softplus(-x).
double vm_logsigmoid(double x);
/// Sine and cosine of radians, exact reduction for every finite x.
double vm_sin(double x);
double vm_cos(double x);

/// y[i] = f(x[i]) for i < n.
void vm_exp_n(int n, const double *x, double *y);
void vm_log_n(int n, const double *x, double *y);
void vm_log1p_n(int n, const double *x, double *y);
void vm_tanh_n(int n, const double *x, double *y);
void vm_sigmoid_n(int n, const double *x, double *y);
void vm_softplus_n(int n, const double *x, double *y);
void vm_logsigmoid_n(int n, const double *x, double *y);
void vm_sin_n(int n, const double *x, double *y);
void vm_cos_n(int n, const double *x, double *y);

#endif
