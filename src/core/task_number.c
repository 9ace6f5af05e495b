// Tasks of arithmetic over time.
//
// Sources: adding and multiplication, Hochreiter & Schmidhuber (1997), experiments 4 and 5; adding
// in the later form, Le et al. (2015).
#include "core/task_rows.h"

void task_parity(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    (void)s;
    int odd = 0;
    for (int t = 0; t < steps; t++) {
        int bit = rng_below(rng, 2);
        odd ^= bit;
        out->inputs[t] = bit;
        out->classes[t] = odd;
    }
}

/// A value in [0, 1) and a marker; one mark in each half. The target is the sum of the marked
/// values so far, whole at the end.
void task_adding(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    (void)s;
    int half = steps / 2;
    int first = rng_below(rng, half), second = half + rng_below(rng, steps - half);
    double sum = 0;
    for (int t = 0; t < steps; t++) {
        double value = rng_uniform(rng), mark = t == first || t == second;
        out->inputs[2 * t] = value;
        out->inputs[2 * t + 1] = mark;
        sum += mark * value;
        out->targets[t] = sum;
    }
}

/// Pairs as in 1997: the first marked one is among the first tenth, the second among the others of
/// the first half, both of the shortest T; the first and the last pair have the marker -1. If the
/// first marked pair is the first of all, `otherwise` stands for its value, which cannot be told.
static void marked_pairs(const TaskSpec *s, Rng *rng, int steps, double low, double otherwise,
                         double *x1, double *x2, TaskSequence *out) {
    int length = s->option[0], tenth = length / 10 > 1 ? length / 10 : 1, half = length / 2;
    int first = rng_below(rng, tenth), second;
    do second = 1 + rng_below(rng, half - 1);
    while (second == first && half > 2);
    for (int t = 0; t < steps; t++) {
        out->inputs[2 * t] = low + (1 - low) * rng_uniform(rng);
        out->inputs[2 * t + 1] = t == 0 || t == steps - 1 ? -1 : t == first || t == second;
    }
    *x1 = first == 0 ? otherwise : out->inputs[2 * first];
    *x2 = out->inputs[2 * second];
}

void task_adding_1997(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    double x1, x2;
    marked_pairs(s, rng, steps, -1, 0, &x1, &x2, out);
    for (int t = 0; t < steps; t++) out->targets[t] = 0.5 + (x1 + x2) / 4;
}

void task_multiplication(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    double x1, x2;
    marked_pairs(s, rng, steps, 0, 1, &x1, &x2, out);
    for (int t = 0; t < steps; t++) out->targets[t] = x1 * x2;
}

/// A bit of each number per timestep, the smallest first; the last timestep brings the carry out.
void task_binary_addition(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    (void)s;
    int carry = 0;
    for (int t = 0; t < steps; t++) {
        int a = t + 1 < steps ? rng_below(rng, 2) : 0, b = t + 1 < steps ? rng_below(rng, 2) : 0;
        out->inputs[2 * t] = a;
        out->inputs[2 * t + 1] = b;
        out->classes[t] = (a + b + carry) % 2;
        carry = (a + b + carry) / 2;
    }
}
