/// Random numbers, the same on every machine.
#ifndef CORE_RNG_H
#define CORE_RNG_H

#include <stdint.h>

/// The generator's state.
///   source  xoshiro256**, Blackman & Vigna 2018; seeded by splitmix64
typedef struct {
    uint64_t s[4];
} Rng;

/// A generator that starts from a seed.
Rng rng_new(uint64_t seed);

/// 64 random bits.
uint64_t rng_next(Rng *r);

/// Uniform in [0, 1), 53 bits.
double rng_uniform(Rng *r);

/// Uniform in 0 .. n-1, without bias.
int rng_below(Rng *r, int n);

/// Standard normal (Box & Muller 1958).
double rng_normal(Rng *r);

#endif
