// Tasks of signals: a wave, a moving picture, sound, and features without a meaning.
#include <string.h>

#include "core/task_rows.h"
#include "core/vmath.h"

static const double two_pi = 6.283185307179586;

/// A sine with a phase of its own and noise on it; the target is the next value without noise.
void task_sine(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    double period = s->option[1], noise = s->option[2] / 100.0, phase = rng_uniform(rng);
    for (int t = 0; t < steps; t++) {
        out->inputs[t] = vm_sin(two_pi * (t / period + phase)) + noise * rng_normal(rng);
        out->targets[t] = vm_sin(two_pi * ((t + 1) / period + phase));
    }
}

/// Moves by one and turns back at the walls.
static void bounce(int *at, int *step) {
    if (*at + *step < 0 || *at + *step >= DOT_SIDE) *step = -*step;
    *at += *step;
}

/// A dot in a picture of 5x5 goes straight or askew and bounces off the walls; the target is the
/// next picture. One picture does not tell the way it goes.
void task_moving_dot(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    (void)s;
    enum { PIXELS = DOT_SIDE * DOT_SIDE };
    int x = rng_below(rng, DOT_SIDE), y = rng_below(rng, DOT_SIDE), dx, dy;
    do {
        dx = rng_below(rng, 3) - 1;
        dy = rng_below(rng, 3) - 1;
    } while (dx == 0 && dy == 0);
    memset(out->inputs, 0, (size_t)steps * PIXELS * sizeof *out->inputs);
    memset(out->targets, 0, (size_t)steps * PIXELS * sizeof *out->targets);
    for (int t = 0; t < steps; t++) {
        out->inputs[(size_t)t * PIXELS + (size_t)(y * DOT_SIDE + x)] = 1;
        bounce(&x, &dx);
        bounce(&y, &dy);
        out->targets[(size_t)t * PIXELS + (size_t)(y * DOT_SIDE + x)] = 1;
    }
}

/// Frames of eight bands, as of a spoken vowel: energy around two formants, which glide for a frame
/// when the vowel changes, and noise. The class is the vowel: a, i, u.
void task_formants(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    static const double formants[VOWELS][2] = {{3, 4.5}, {0.8, 6.2}, {0.8, 2.5}}; // in bands
    int every = s->option[1], vowel = rng_below(rng, VOWELS), before = vowel;
    double noise = s->option[2] / 100.0;
    for (int t = 0; t < steps; t++) {
        before = vowel;
        if (t > 0 && t % every == 0) vowel = (vowel + 1 + rng_below(rng, VOWELS - 1)) % VOWELS;
        for (int band = 0; band < BANDS; band++) {
            double energy = 0;
            for (int k = 0; k < 2; k++) {
                double off = band - (formants[vowel][k] + formants[before][k]) / 2;
                energy += vm_exp(-off * off);
            }
            out->inputs[(size_t)t * BANDS + (size_t)band] = energy + noise * rng_normal(rng);
        }
        out->classes[t] = vowel;
    }
}

/// Three numbers in [-1, 1); the target is tanh(a . x[t] + b . x[t-1]), with a and b the same in
/// all sequences of a seed.
void task_features(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    Rng fixed = rng_new(s->seed ^ UINT64_C(0x9E3779B97F4A7C15));
    double a[FEATURES], b[FEATURES];
    for (int i = 0; i < FEATURES; i++) {
        a[i] = 2 * rng_uniform(&fixed) - 1;
        b[i] = 2 * rng_uniform(&fixed) - 1;
    }
    for (int t = 0; t < steps; t++) {
        double sum = 0, *x = out->inputs + (size_t)t * FEATURES;
        for (int i = 0; i < FEATURES; i++) {
            x[i] = 2 * rng_uniform(rng) - 1;
            sum += a[i] * x[i] + (t > 0 ? b[i] * x[i - FEATURES] : 0);
        }
        out->targets[t] = vm_tanh(sum);
    }
}
