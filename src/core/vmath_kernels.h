/// The arithmetic of core/vmath.h, one inline function each, without branches: every choice is
/// between two numbers already computed, so that a loop over any of them becomes vector code.
/// Whoever includes this must be compiled without contraction into fused multiply-adds.
///
/// All polynomials are the functions' own Taylor series on a reduced range, long enough for the
/// first term left out to be below 0.03 ulp; the divisions in them are constants.
#ifndef CORE_VMATH_KERNELS_H
#define CORE_VMATH_KERNELS_H

#include <stdint.h>
#include <string.h>

static inline uint64_t vk_bits(double x) {
    uint64_t b;
    memcpy(&b, &x, sizeof b);
    return b;
}

static inline double vk_double(uint64_t b) {
    double x;
    memcpy(&x, &b, sizeof x);
    return x;
}

#define VK_SIGN 0x8000000000000000u
#define VK_INFINITY vk_double(0x7ff0000000000000u)
#define VK_NAN vk_double(0x7ff8000000000000u)

// Adding it rounds a small number to a whole one, which then stands in the low bits.
#define VK_ROUND 0x1.8p52

// ln 2 and pi/2 in parts, the first ones short, so that a small whole number times them is exact.
#define VK_LN2_HI 0x1.62e42fefa2000p-1
#define VK_LN2_LO 0x1.9ef35793c7673p-41
#define VK_INV_LN2 0x1.71547652b82fep+0
#define VK_HALF_PI_1 0x1.921fb54400000p+0
#define VK_HALF_PI_2 0x1.0b4611a600000p-34
#define VK_HALF_PI_3 0x1.3198a2e000000p-69
#define VK_HALF_PI_4 0x1.b839a252049c1p-104
#define VK_TWO_OVER_PI 0x1.45f306dc9c883p-1

static inline double vk_abs(double x) {
    return vk_double(vk_bits(x) & ~VK_SIGN);
}

/// |x| with the sign of `sign`.
static inline double vk_with_sign(double x, double sign) {
    return vk_double((vk_bits(x) & ~VK_SIGN) | (vk_bits(sign) & VK_SIGN));
}

/// 2^k for the whole number in the low bits of `rounded` = k + VK_ROUND; |k| <= 1022.
static inline double vk_power_of_two(double rounded) {
    return vk_double(0x3ff0000000000000u + (vk_bits(rounded) << 52));
}

/// A number, and what it leaves of the exact one.
typedef struct {
    double high, low;
} VkPair;

// Exponentials, and tanh and sigmoid with them, take three steps: x is reduced, the series is
// summed up, and the result is put together (..._begin, vk_exp_series, ..._end). A loop over many
// numbers takes one step at a time: each is short enough for a processor to have several numbers
// under way, where all three in one are a single long chain.

/// x = k ln 2 + r + rest with k whole and |r| <= 0.35.
typedef struct {
    double r, rest, k;
} VkReduced;

static inline VkReduced vk_reduce_exp(double x) {
    double k = (x * VK_INV_LN2 + VK_ROUND) - VK_ROUND;
    double hi = x - k * VK_LN2_HI, lo = k * VK_LN2_LO;
    double r = hi - lo;
    return (VkReduced){r, (hi - r) - lo, k};
}

/// p in e^r = 1 + r + r^2 p.
static inline double vk_exp_series(double r) {
    double p = 1.0 / 6227020800.0;
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    return p * r + 0.5;
}

/// e^(r + rest) - 1.
static inline VkPair vk_expm1_small(VkReduced v, double p) {
    double tail = v.r * v.r * p + v.rest;
    double q = v.r + tail;
    return (VkPair){q, (v.r - q) + tail};
}

/// e^x = 2^k e^(r + rest). The power of two goes in as two factors: 2^k itself may be out of range
/// where the result is not.
static inline VkPair vk_exp_parts(VkReduced v, double p) {
    VkPair q = vk_expm1_small(v, p);
    double s = 1.0 + q.high;
    double tail = ((1.0 - s) + q.high) + q.low;
    double y = s + tail;
    double half = v.k * 0.5 + VK_ROUND;
    double other = (v.k - (half - VK_ROUND)) + VK_ROUND;
    double p1 = vk_power_of_two(half), p2 = vk_power_of_two(other);
    return (VkPair){y * p1 * p2, ((s - y) + tail) * p1 * p2};
}

static inline VkReduced vk_exp_begin(double x) {
    double a = x > 710.0 ? 710.0 : x;
    return vk_reduce_exp(a < -746.0 ? -746.0 : a);
}

static inline double vk_exp_end(double x, VkReduced v, double p) {
    (void)x;
    return vk_exp_parts(v, p).high;
}

static inline double vk_exp(double x) {
    VkReduced v = vk_exp_begin(x);
    return vk_exp_end(x, v, vk_exp_series(v.r));
}

/// log(1 + f) less its leading terms f - f^2/2, for 1 + f in [sqrt(1/2), sqrt(2)). With
/// s = f / (2 + f), log(1 + f) = 2 s + 2 s^3/3 + 2 s^5/5 + ... and 2 s = f - f^2/2 + s f^2/2.
static inline double vk_log_rest(double f, double half_square) {
    double s = f / (2.0 + f);
    double z = s * s;
    double p = 2.0 / 23.0;
    p = p * z + 2.0 / 21.0;
    p = p * z + 2.0 / 19.0;
    p = p * z + 2.0 / 17.0;
    p = p * z + 2.0 / 15.0;
    p = p * z + 2.0 / 13.0;
    p = p * z + 2.0 / 11.0;
    p = p * z + 2.0 / 9.0;
    p = p * z + 2.0 / 7.0;
    p = p * z + 2.0 / 5.0;
    p = p * z + 2.0 / 3.0;
    return s * (half_square + z * p);
}

/// Splits a positive normal number into m in [sqrt(1/2), sqrt(2)) and k, x = 2^k m.
static inline double vk_split(double x, double *k) {
    const uint64_t sqrt_half = 0x3fe6a09e667f3bcdu, one = 0x3ff0000000000000u;
    uint64_t b = vk_bits(x) + (one - sqrt_half);
    // the exponent as a number: it is put below the point of 2^52
    *k = (vk_double(0x4330000000000000u | (b >> 52)) - 0x1p52) - 1023.0;
    return vk_double((b & 0x000fffffffffffffu) + sqrt_half);
}

static inline double vk_log(double x) {
    double scaled = x < 0x1p-1022 ? x * 0x1p54 : x;
    double k;
    double f = vk_split(scaled, &k) - 1.0;
    k = x < 0x1p-1022 ? k - 54.0 : k;
    double half_square = 0.5 * f * f;
    double rest = vk_log_rest(f, half_square) + k * VK_LN2_LO;
    double y = k * VK_LN2_HI + (f - (half_square - rest));
    y = x < VK_INFINITY ? y : x; // infinity and NaN
    y = x == 0.0 ? -VK_INFINITY : y;
    return x < 0.0 ? VK_NAN : y;
}

/// As vk_log of u = 1 + x, with what was lost in that sum brought back; where u needs no scaling
/// (k = 0), f is x itself and nothing was lost.
static inline double vk_log1p(double x) {
    double u = 1.0 + x;
    double bb = u - 1.0;
    double lost = (1.0 - (u - bb)) + (x - bb);
    double k;
    double m = vk_split(u, &k);
    double f = k == 0.0 ? x : m - 1.0;
    double correction = k == 0.0 ? 0.0 : lost / u;
    double half_square = 0.5 * f * f;
    double rest = vk_log_rest(f, half_square) + (k * VK_LN2_LO + correction);
    double y = k * VK_LN2_HI + (f - (half_square - rest));
    y = vk_abs(x) < 0x1p-54 ? x : y; // keeps -0
    y = x < VK_INFINITY ? y : x;     // infinity and NaN
    y = x == -1.0 ? -VK_INFINITY : y;
    return x < -1.0 ? VK_NAN : y;
}

static inline VkReduced vk_tanh_begin(double x) {
    double a = vk_abs(x) * 2.0;
    return vk_reduce_exp(a > 44.0 ? 44.0 : a); // from 2|x| = 38.2 on, the nearest double is 1
}

/// With e = e^(2|x|) - 1 = 2^k q + (2^k - 1): tanh |x| = e / (e + 2). For k = 0 nothing cancels.
/// What e and e + 2 lose by rounding is brought back by the quotient's derivatives, in which
/// 1 / (e + 2) is (1 - y) / 2.
static inline double vk_tanh_end(double x, VkReduced v, double p) {
    VkPair q = vk_expm1_small(v, p);
    double power = vk_power_of_two(v.k + VK_ROUND);
    double e = power * q.high + (power - 1.0);
    double e_low = (((power - 1.0) - e) + power * q.high) + power * q.low;
    double d = e + 2.0;
    double d_low = (e < 2.0 ? e - (d - 2.0) : 2.0 - (d - e)) + e_low;
    double y = e / d;
    y = y + (e_low - y * d_low) * (0.5 * (1.0 - y));
    return vk_with_sign(y, x);
}

static inline double vk_tanh(double x) {
    VkReduced v = vk_tanh_begin(x);
    return vk_tanh_end(x, v, vk_exp_series(v.r));
}

static inline VkReduced vk_sigmoid_begin(double x) {
    double a = -vk_abs(x);
    return vk_reduce_exp(a < -746.0 ? -746.0 : a);
}

/// 1 / (1 + e^-|x|) or e^-|x| / (1 + e^-|x|): the exponential never overflows. Roundings are
/// brought back as in tanh; 1 / (1 + e) is y for x >= 0 and 1 - y below.
static inline double vk_sigmoid_end(double x, VkReduced v, double p) {
    VkPair e = vk_exp_parts(v, p);
    double d = 1.0 + e.high;
    double d_low = ((1.0 - d) + e.high) + e.low;
    double y = (x < 0.0 ? e.high : 1.0) / d;
    double top_low = x < 0.0 ? e.low : 0.0;
    double inverse = x < 0.0 ? 1.0 - y : y;
    return y + (top_low - y * d_low) * inverse;
}

static inline double vk_sigmoid(double x) {
    VkReduced v = vk_sigmoid_begin(x);
    return vk_sigmoid_end(x, v, vk_exp_series(v.r));
}

/// max(x, 0) + log(1 + e^-|x|).
static inline double vk_softplus(double x) {
    double tail = vk_log1p(vk_exp(-vk_abs(x)));
    return (x > 0.0 ? x : 0.0) + tail;
}

static inline double vk_logsigmoid(double x) {
    return -vk_softplus(-x);
}

/// The largest |x| that three short parts of pi/2 reduce: k then has at most 20 bits.
#define VK_REDUCED_MAX 0x1p20

/// sin(r + low) and cos(r + low) for |r| <= pi/4, `low` what r leaves of the reduced angle.
static inline double vk_sin_small(double r, double low) {
    double z = r * r;
    double p = 1.0 / 355687428096000.0;
    p = p * z - 1.0 / 1307674368000.0;
    p = p * z + 1.0 / 6227020800.0;
    p = p * z - 1.0 / 39916800.0;
    p = p * z + 1.0 / 362880.0;
    p = p * z - 1.0 / 5040.0;
    p = p * z + 1.0 / 120.0;
    p = p * z - 1.0 / 6.0;
    return r + (r * z * p + low * (1.0 - 0.5 * z));
}

static inline double vk_cos_small(double r, double low) {
    double z = r * r;
    double p = 1.0 / 20922789888000.0;
    p = p * z - 1.0 / 87178291200.0;
    p = p * z + 1.0 / 479001600.0;
    p = p * z - 1.0 / 3628800.0;
    p = p * z + 1.0 / 40320.0;
    p = p * z - 1.0 / 720.0;
    p = p * z + 1.0 / 24.0;
    double half = 0.5 * z;
    double w = 1.0 - half;
    return w + (((1.0 - w) - half) + (z * z * p - r * low));
}

/// sin of (quarter turns * pi/2 + r + low); the quarter's two low bits count.
static inline double vk_sin_quarter(uint64_t quarter, double r, double low) {
    double s = vk_sin_small(r, low), c = vk_cos_small(r, low);
    double y = (quarter & 1) ? c : s;
    return vk_double(vk_bits(y) ^ ((quarter & 2) << 62));
}

/// x = k pi/2 + r + low for |x| <= VK_REDUCED_MAX; k stands in the low bits of the result. Four
/// parts of pi/2 leave an error below 2^-132, and no double is nearer than 2^-62 to a multiple.
static inline uint64_t vk_reduce(double x, double *r, double *low) {
    double rounded = x * VK_TWO_OVER_PI + VK_ROUND;
    double k = rounded - VK_ROUND;
    double a = x - k * VK_HALF_PI_1; // exact
    double kb = k * VK_HALF_PI_2, kc = k * VK_HALF_PI_3;
    double b = a - kb; // b and c with what their roundings lose (Knuth's sum of two)
    double bb = b - a;
    double lost_b = (a - (b - bb)) - (kb + bb);
    double c = b - kc;
    double cc = c - b;
    double lost_c = (b - (c - cc)) - (kc + cc);
    double tail = (lost_b + lost_c) - k * VK_HALF_PI_4;
    *r = c + tail;
    *low = (c - *r) + tail;
    return vk_bits(rounded);
}

static inline double vk_sin(double x) {
    double r, low;
    uint64_t quarter = vk_reduce(x, &r, &low);
    double y = vk_sin_quarter(quarter, r, low);
    return vk_abs(x) < 0x1p-27 ? x : y; // keeps -0
}

static inline double vk_cos(double x) {
    double r, low;
    uint64_t quarter = vk_reduce(x, &r, &low);
    return vk_sin_quarter(quarter + 1, r, low);
}

#endif
