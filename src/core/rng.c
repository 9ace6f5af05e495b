// Random numbers by integer arithmetic alone, and normal numbers by the program's own logarithm
// and cosine, so that a seed gives the same run on every machine.
// xoshiro256** (Blackman & Vigna 2018), its state filled by splitmix64 as they advise: a state of
// zeros, the one bad state, cannot arise.
#include "core/rng.h"

#include <assert.h>
#include <math.h>

#include "core/vmath.h"

static uint64_t splitmix(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

Rng rng_new(uint64_t seed) {
    Rng r;
    for (int i = 0; i < 4; i++) r.s[i] = splitmix(&seed);
    return r;
}

static uint64_t rotate_left(uint64_t x, int by) {
    return (x << by) | (x >> (64 - by));
}

uint64_t rng_next(Rng *r) {
    uint64_t *s = r->s, result = rotate_left(s[1] * 5, 7) * 9, carried = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= carried;
    s[3] = rotate_left(s[3], 45);
    return result;
}

double rng_uniform(Rng *r) {
    return (double)(rng_next(r) >> 11) * 0x1p-53;
}

int rng_below(Rng *r, int n) {
    assert(n > 0);
    uint64_t range = (uint64_t)n;
    uint64_t extra = (UINT64_MAX % range + 1) % range; // numbers above the last full multiple of n
    for (;;) {
        uint64_t bits = rng_next(r);
        if (bits <= UINT64_MAX - extra) return (int)(bits % range);
    }
}

double rng_normal(Rng *r) {
    const double two_pi = 6.283185307179586;
    double u = 1.0 - rng_uniform(r); // in (0, 1], where the logarithm is finite
    double v = rng_uniform(r);
    return sqrt(-2.0 * vm_log(u)) * vm_cos(two_pi * v);
}
