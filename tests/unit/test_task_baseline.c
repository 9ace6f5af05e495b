// The baseline of every task: what the best guess from this timestep's input alone loses, measured
// on many sequences, against the number that the table of tasks states.
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "core/task.h"

enum { SEQUENCES = 4000, KEYS = 64, CLASSES = 64, LONGEST = 64 };

static Arena *arena;

/// What is known without memory: the symbol, or the bits of inputs that are bits.
static int key_of(const TaskDef *def, const TaskSequence *q, int t) {
    if (q->symbols) return q->symbols[t];
    int key = 0;
    for (int i = 0; i < def->n_inputs && def->n_inputs <= 2; i++) {
        double x = q->inputs[t * def->n_inputs + i];
        if (x != 0 && x != 1) return 0;
        key = 2 * key + (int)x;
    }
    return key;
}

/// Mean squared error around the mean of each number of the target.
static double squared_error(const TaskSpec *spec) {
    int width = task_targets(spec);
    double *sum = ARENA_ARRAY(arena, double, 2 * width), n = 0, error = 0;
    for (int i = 0; i < SEQUENCES; i++) {
        TaskSequence q = task_sequence_new(arena, spec);
        task_generate(spec, i, &q);
        for (int t = task_defs[spec->kind].last ? q.steps - 1 : 0; t < q.steps; t++, n++)
            for (int k = 0; k < width; k++) {
                double y = q.targets[t * width + k];
                sum[2 * k] += y;
                sum[2 * k + 1] += y * y;
            }
    }
    for (int k = 0; k < width; k++) error += sum[2 * k + 1] / n - sum[2 * k] / n * (sum[2 * k] / n);
    return error / width;
}

/// Cross-entropy of the frequencies of classes, one distribution for each key.
static double entropy(const TaskSpec *spec) {
    const TaskDef *def = &task_defs[spec->kind];
    double(*count)[CLASSES] = arena_alloc(arena, LONGEST * KEYS, sizeof *count), n = 0, loss = 0;
    memset(count, 0, LONGEST * KEYS * sizeof *count);
    assert_true(task_steps(spec) <= LONGEST);
    for (int i = 0; i < SEQUENCES; i++) {
        TaskSequence q = task_sequence_new(arena, spec);
        task_generate(spec, i, &q);
        for (int t = def->last ? q.steps - 1 : 0; t < q.steps; t++, n++)
            count[KEYS * t + key_of(def, &q, t)][q.classes[t]]++;
    }
    for (int key = 0; key < LONGEST * KEYS; key++) {
        double all = 0;
        for (int c = 0; c < CLASSES; c++) all += count[key][c];
        for (int c = 0; c < CLASSES; c++)
            if (count[key][c] > 0) loss -= count[key][c] * log(count[key][c] / all);
    }
    return loss / n;
}

/// The first number with a point in a text.
static double number_in(const char *text) {
    for (; *text; text++)
        if (*text >= '0' && *text <= '9') {
            char *end;
            double value = strtod(text, &end);
            if (memchr(text, '.', (size_t)(end - text))) return value;
            text = end - 1;
        }
    return NAN;
}

static void test_every_baseline_is_what_a_guess_without_memory_loses(void **state) {
    (void)state;
    for (int k = 0; k < TASK_COUNT; k++) {
        TaskSpec spec = task_spec((TaskKind)k);
        const TaskDef *def = &task_defs[k];
        bool classes = def->targets_are_symbols || def->n_classes;
        double got = classes ? entropy(&spec) : squared_error(&spec);
        double said = number_in(def->baseline);
        if (!(fabs(got - said) < 0.02 * said))
            fail_msg("%s: measured %.4f, and the table says %s", def->name, got, def->baseline);
        arena_reset(arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_every_baseline_is_what_a_guess_without_memory_loses),
    };
    arena = arena_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
