// Tasks of holding something over time.
//
// Sources: copying, Hochreiter & Schmidhuber (1997) in the form of Arjovsky et al. (2016); the
// others, Hochreiter & Schmidhuber (1997), experiments 2, 3 and 6. Places of events are the paper's
// at its length, in proportion at any other, and do not move with the option `vary`.
#include <math.h>

#include "core/task_rows.h"

/// A B or the like first, then only filler: nothing but memory can tell at the end what came first.
void task_recall_first(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    int first = rng_below(rng, task_filler(s));
    for (int t = 0; t < steps; t++) {
        out->symbols[t] = t == 0 ? first : task_filler(s);
        out->classes[t] = first;
    }
}

/// The symbols, `delay` fillers, the delimiter, then fillers; the symbols again at the end. The
/// alphabet ends in delimiter and filler. T = delay + 2 span + 1.
void task_copy_memory(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    int span = s->option[0], delay = s->option[1];
    int blank = task_filler(s), delimiter = blank - 1;
    for (int t = 0; t < steps; t++) {
        out->symbols[t] = t < span ? rng_below(rng, delimiter) : blank;
        if (t == span + delay) out->symbols[t] = delimiter;
    }
    for (int t = 0; t < steps; t++)
        out->classes[t] = t <= span + delay ? blank : out->symbols[t - span - delay - 1];
}

int task_copy_memory_steps(const TaskSpec *s) {
    return s->option[1] + 2 * s->option[0] + 1;
}

/// A symbol now and then, filler between; the target is the latest symbol.
void task_latch(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    int latest = 0, every = s->option[1];
    for (int t = 0; t < steps; t++) {
        bool event = t == 0 || rng_below(rng, every) == 0;
        if (event) latest = rng_below(rng, task_filler(s));
        out->symbols[t] = event ? latest : task_filler(s);
        out->classes[t] = latest;
    }
}

/// The symbols, the delimiter, then the symbols from the last to the first. T = 2 span + 1.
void task_reversal(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    int span = s->option[0], blank = task_filler(s), delimiter = blank - 1;
    for (int t = 0; t < steps; t++) {
        out->symbols[t] = t < span ? rng_below(rng, delimiter) : t == span ? delimiter : blank;
        out->classes[t] = t <= span ? blank : out->symbols[2 * span - t];
    }
}

int task_reversal_steps(const TaskSpec *s) {
    return 2 * s->option[0] + 1;
}

/// Of tasks that end by repeating `span` symbols.
int task_span_prompt(const TaskSpec *s) {
    return task_steps(s) - s->option[0];
}

/// Experiment 3: the class is the sign of the first N numbers, the rest is noise of variance 0.2.
/// Variant 2 has the noise on the first N too; variant 3 has it on the targets instead, 0.2 and 0.8
/// and noise of variance 0.1.
void task_two_sequence(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    int first = s->option[2], variant = s->option[3];
    bool one = rng_below(rng, 2) == 0;
    double target = one;
    if (variant == 3) target = (one ? 0.2 : 0.8) + sqrt(0.1) * rng_normal(rng);
    for (int t = 0; t < steps; t++) {
        double noise = sqrt(0.2) * rng_normal(rng);
        out->inputs[t] = t >= first ? noise : (one ? 1 : -1) + (variant == 2 ? noise : 0);
        out->targets[t] = target;
    }
}

/// A place from low to high percent of the shortest T, never the first or the last one.
static int place(const TaskSpec *s, Rng *rng, int low, int high) {
    int steps = s->option[0];
    int from = (int)((int64_t)steps * low / 100), to = (int)((int64_t)steps * high / 100);
    int at = from + rng_below(rng, to - from + 1);
    return at < 1 ? 1 : at > steps - 2 ? steps - 2 : at;
}

/// Experiment 6: E, distractors with an X or Y at some places, B. The alphabet is the distractors,
/// then X Y E B. The class is the word of X and Y, read as a binary number.
static void order(const TaskSpec *s, Rng *rng, int steps, const int *places, int n,
                  TaskSequence *out) {
    int distractors = s->n_symbols - 4, class = 0;
    for (int t = 0; t < steps; t++) out->symbols[t] = rng_below(rng, distractors);
    out->symbols[0] = distractors + 2;
    out->symbols[steps - 1] = distractors + 3;
    for (int i = 0; i < n; i++) {
        int bit = rng_below(rng, 2);
        out->symbols[places[i]] = distractors + bit;
        class = 2 * class + bit;
    }
    for (int t = 0; t < steps; t++) out->classes[t] = class;
}

/// 6a: t1 in 10 to 20, t2 in 50 to 60 of 100; XX XY YX YY are Q R S U.
void task_order_two(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    int places[] = {place(s, rng, 10, 20), place(s, rng, 50, 60)};
    order(s, rng, steps, places, 2, out);
}

/// 6b: t1 in 10 to 20, t2 in 33 to 43, t3 in 66 to 76 of 100; XXX to YYY are Q R S U V A B C.
void task_order_three(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    int places[] = {place(s, rng, 10, 20), place(s, rng, 33, 43), place(s, rng, 66, 76)};
    order(s, rng, steps, places, 3, out);
}

/// Experiments 2a and 2b: y or x, distractors, and at the end the first symbol is the next one. The
/// alphabet is the distractors, then x y; with T of them it is the paper's, with fewer they recur.
static void lag(const TaskSpec *s, Rng *rng, int steps, bool random, TaskSequence *out) {
    int distractors = s->n_symbols - 2, first = distractors + rng_below(rng, 2);
    for (int t = 0; t < steps; t++)
        out->symbols[t] = t == 0   ? first
                          : random ? rng_below(rng, distractors)
                                   : (t - 1) % distractors;
    for (int t = 0; t < steps; t++) out->classes[t] = t + 1 < steps ? out->symbols[t + 1] : first;
}

void task_lag_a(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    lag(s, rng, steps, false, out);
}

void task_lag_b(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    lag(s, rng, steps, true, out);
}

/// Experiment 2c: b, then y or x, then q + k distractors with k geometric (another one with
/// probability 9/10), then e, at which the answer is wanted. What is left of T leads up to b, as
/// distractors, or with `lead` 0 is left out. The alphabet is the distractors, then e b x y.
void task_lag_c(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    int distractors = s->n_symbols - 4, between = s->option[1];
    int first = distractors + 2 + rng_below(rng, 2);
    bool leads = s->option[2] > 0;
    while (between < steps - 3 && rng_below(rng, 10) != 0) between++;
    if (between > steps - 3) between = steps - 3;
    if (!leads) out->steps = steps = between + 3;
    for (int t = 0; t < steps; t++) {
        out->symbols[t] = rng_below(rng, distractors);
        out->classes[t] = first;
    }
    out->symbols[steps - 1] = distractors;
    out->symbols[steps - 2 - between] = first;
    out->symbols[steps - 3 - between] = distractors + 1;
}

int task_lag_c_shortest(const TaskSpec *s) {
    int whole = s->option[0] - 3;
    return s->option[2] > 0 ? s->option[0] : 3 + (s->option[1] < whole ? s->option[1] : whole);
}
