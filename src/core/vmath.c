// The public functions over the kernels. Scalar and array forms are the same inline code, and
// IEEE arithmetic gives a vector lane the bits it gives a single number. Only sin and cos have a
// second path, for |x| > 2^20: there the angle is multiplied by as many bits of 2/pi as its
// exponent calls for, in whole-number arithmetic (Payne & Hanek 1983).
#include "core/vmath.h"

#include <stdbool.h>

#include "core/vector.h"
#include "core/vmath_kernels.h"

// The first 1280 bits of 2/pi after the point, behind two words of nothing.
static const uint32_t two_over_pi[] = {
    0x00000000u, 0x00000000u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u,
    0x3c439041u, 0xfe5163abu, 0xdebbc561u, 0xb7246e3au, 0x424dd2e0u, 0x06492eeau, 0x09d1921cu,
    0xfe1deb1cu, 0xb129a73eu, 0xe88235f5u, 0x2ebb4484u, 0xe99c7026u, 0xb45f7e41u, 0x3991d639u,
    0x835339f4u, 0x9c845f8bu, 0xbdf9283bu, 0x1ff897ffu, 0xde05980fu, 0xef2f118bu, 0x5a0a6d1fu,
    0x6d367ecfu, 0x27cb09b7u, 0x4f463f66u, 0x9e5fea2du, 0x7527bac7u, 0xebe5f17bu, 0x3d0739f7u,
    0x8a5292eau, 0x6bfb5fb1u, 0x1f8d5d08u, 0x56033046u, 0xfc7b6babu, 0xf0cfbc20u, 0x9af4361du};

enum { WINDOW = 8, POINT = 7 }; // limbs of 32 bits: of 2/pi that matter, and of the fraction

// The low 8 limbs of |x| * 2/pi * 2^(32 * POINT), lowest first. Words of 2/pi that only add
// multiples of 4 quarter turns are left out. The error is below 2^-140.
static void quarter_turns(double x, uint32_t product[WINDOW]) {
    uint64_t bits = vk_bits(x) & ~VK_SIGN;
    uint64_t mantissa = (bits & 0x000fffffffffffffu) | 0x0010000000000000u;
    int exponent = (int)(bits >> 52) - 1075 + 32; // of the mantissa, plus 32: 0 or more
    int shift = exponent % 32, first = exponent / 32;
    uint64_t low = mantissa << shift;
    uint32_t m[3] = {(uint32_t)low, (uint32_t)(low >> 32),
                     shift ? (uint32_t)(mantissa >> (64 - shift)) : 0};
    for (int i = 0; i < WINDOW; i++) product[i] = 0;
    for (int j = 0; j < 3; j++) {
        uint64_t carry = 0;
        for (int i = 0; i + j < WINDOW; i++) {
            uint64_t word = two_over_pi[first + WINDOW - 1 - i];
            carry += word * m[j] + product[i + j];
            product[i + j] = (uint32_t)carry;
            carry >>= 32;
        }
    }
}

// (hi + lo) * pi/2 as r + low, |hi| <= 1/2. Dekker's product stands in for a fused one.
static void times_half_pi(double hi, double lo, double *r, double *low) {
    const double h = 0x1.921fb54442d18p+0, l = 0x1.1a62633145c07p-54;
    const double h1 = 0x1.921fb54000000p+0, h2 = h - h1;
    double t = hi * 0x1.0000002p27;
    double a1 = t - (t - hi), a2 = hi - a1;
    double p = hi * h;
    double lost = ((a1 * h1 - p) + a1 * h2 + a2 * h1) + a2 * h2;
    double tail = lost + (hi * l + lo * h);
    *r = p + tail;
    *low = (p - *r) + tail;
}

// As vk_reduce for any finite x beyond its range.
static uint64_t reduce_far(double x, double *r, double *low) {
    uint32_t product[WINDOW];
    quarter_turns(x, product);
    uint64_t quarter = product[POINT];
    bool above_half = product[POINT - 1] >> 31;
    if (above_half) { // the next quarter turn is nearer, from the other side
        quarter++;
        uint64_t carry = 1;
        for (int i = 0; i < POINT; i++) {
            carry += (uint32_t)~product[i];
            product[i] = (uint32_t)carry;
            carry >>= 32;
        }
    }
    double hi = 0, lo = 0, weight = 0x1p-32;
    for (int i = POINT - 1; i >= 0; i--, weight *= 0x1p-32) {
        double limb = product[i] * weight;
        double sum = hi + limb, back = sum - hi;
        lo += (hi - (sum - back)) + (limb - back);
        hi = sum;
    }
    times_half_pi(hi, lo, r, low);
    bool negative = vk_bits(x) >> 63;
    if (negative != above_half) {
        *r = -*r;
        *low = -*low;
    }
    return negative ? (uint64_t)0 - quarter : quarter;
}

// sin(x + turn pi/2) beyond the reach of the kernels.
static double sin_far(double x, uint64_t turn) {
    if (!(vk_abs(x) < VK_INFINITY)) return VK_NAN;
    double r, low;
    uint64_t quarter = reduce_far(x, &r, &low);
    return vk_sin_quarter(quarter + turn, r, low);
}

static bool is_far(double x) {
    return !(vk_abs(x) <= VK_REDUCED_MAX);
}

double vm_exp(double x) {
    return vk_exp(x);
}
double vm_log(double x) {
    return vk_log(x);
}
double vm_log1p(double x) {
    return vk_log1p(x);
}
double vm_tanh(double x) {
    return vk_tanh(x);
}
double vm_sigmoid(double x) {
    return vk_sigmoid(x);
}
double vm_softplus(double x) {
    return vk_softplus(x);
}
double vm_logsigmoid(double x) {
    return vk_logsigmoid(x);
}
double vm_sin(double x) {
    return is_far(x) ? sin_far(x, 0) : vk_sin(x);
}
double vm_cos(double x) {
    return is_far(x) ? sin_far(x, 1) : vk_cos(x);
}

// ---- arrays

enum {
    AT_ONCE = 128, // numbers that take a step together
    FEW = 24,      // so few are not worth the steps
    LANES = 8      // numbers of a whole vector
};

#define IN_STEPS(NAME)                                                                             \
    static inline __attribute__((always_inline)) void NAME##_in_steps(                             \
        int many, const double *restrict x, double *restrict y) {                                  \
        const unsigned n = (unsigned)many & ~(LANES - 1u); /* for the compiler to know */          \
        double r[AT_ONCE], rest[AT_ONCE], k[AT_ONCE], p[AT_ONCE];                                  \
        for (unsigned i = 0; i < n; i++) {                                                         \
            VkReduced v = vk_##NAME##_begin(x[i]);                                                 \
            r[i] = v.r;                                                                            \
            rest[i] = v.rest;                                                                      \
            k[i] = v.k;                                                                            \
        }                                                                                          \
        for (unsigned i = 0; i < n; i++) p[i] = vk_exp_series(r[i]);                               \
        for (unsigned i = 0; i < n; i++)                                                           \
            y[i] = vk_##NAME##_end(x[i], (VkReduced){r[i], rest[i], k[i]}, p[i]);                  \
    }                                                                                              \
    VECTOR_CLONES void vm_##NAME##_n(int n, const double *restrict x, double *restrict y) {        \
        int whole = n < FEW ? 0 : n & -LANES;                                                      \
        for (int i = 0; i < whole; i += AT_ONCE)                                                   \
            NAME##_in_steps(whole - i < AT_ONCE ? whole - i : AT_ONCE, x + i, y + i);              \
        for (int i = whole; i < n; i++) y[i] = vk_##NAME(x[i]);                                    \
    }

// clang-format off
IN_STEPS(exp)
IN_STEPS(tanh)
IN_STEPS(sigmoid)

VECTOR_CLONES void vm_log_n(int n, const double *restrict x, double *restrict y) {
    for (int i = 0; i < n; i++) y[i] = vk_log(x[i]);
}

VECTOR_CLONES void vm_log1p_n(int n, const double *restrict x, double *restrict y) {
    for (int i = 0; i < n; i++) y[i] = vk_log1p(x[i]);
}

VECTOR_CLONES void vm_softplus_n(int n, const double *restrict x, double *restrict y) {
    for (int i = 0; i < n; i++) y[i] = vk_softplus(x[i]);
}

VECTOR_CLONES void vm_logsigmoid_n(int n, const double *restrict x, double *restrict y) {
    for (int i = 0; i < n; i++) y[i] = vk_logsigmoid(x[i]);
}
// clang-format on

// The kernel runs over everything; the few that lie far out are then done again.
void vm_sin_n(int n, const double *restrict x, double *restrict y) {
    for (int i = 0; i < n; i++) y[i] = vk_sin(x[i]);
    for (int i = 0; i < n; i++)
        if (is_far(x[i])) y[i] = sin_far(x[i], 0);
}

void vm_cos_n(int n, const double *restrict x, double *restrict y) {
    for (int i = 0; i < n; i++) y[i] = vk_cos(x[i]);
    for (int i = 0; i < n; i++)
        if (is_far(x[i])) y[i] = sin_far(x[i], 1);
}
