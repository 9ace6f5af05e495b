// Every task of the table, and what each promises about its targets.
#include "check.h"

#include <string.h>

#include "core/task.h"

static Arena *arena;

static TaskSequence generated(const TaskSpec *spec, int64_t i) {
    TaskSequence q = task_sequence_new(arena, spec);
    task_generate(spec, i, &q);
    return q;
}

static void test_every_task_fills_all_of_its_arrays_within_bounds(void **state) {
    (void)state;
    for (int k = 0; k < TASK_COUNT; k++) {
        const TaskDef *def = &task_defs[k];
        assert_non_null(def->name);
        assert_non_null(def->about[0]);
        assert_non_null(def->about[1]);
        assert_non_null(def->baseline);
        assert_int_equal(task_find(def->name), k);
        TaskSpec spec = task_spec((TaskKind)k);
        TaskSequence q = generated(&spec, 3);
        assert_true((q.symbols != NULL) != (q.inputs != NULL));
        assert_true((q.classes != NULL) != (q.targets != NULL));
        int classes = def->n_classes ? def->n_classes : spec.n_symbols;
        for (int t = 0; t < task_steps(&spec); t++) {
            if (q.symbols) assert_in_range(q.symbols[t], 0, spec.n_symbols - 1);
            if (q.classes) assert_in_range(q.classes[t], 0, classes - 1);
        }
    }
}

static void test_the_same_number_gives_the_same_sequence(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_PARITY);
    spec.option[0] = 64;
    TaskSequence a = generated(&spec, 5), b = generated(&spec, 5), c = generated(&spec, 6);
    assert_memory_equal(a.inputs, b.inputs, 64 * sizeof *a.inputs);
    assert_memory_not_equal(a.inputs, c.inputs, 64 * sizeof *a.inputs);
}

static void test_recall_first_asks_for_the_first_symbol(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_RECALL_FIRST);
    int seen[2] = {0};
    for (int i = 0; i < 50; i++) {
        TaskSequence q = generated(&spec, i);
        assert_int_equal(q.classes[5], q.symbols[0]);
        for (int t = 1; t < 6; t++) assert_int_equal(q.symbols[t], 2);
        seen[q.symbols[0]]++;
    }
    assert_true(seen[0] > 10 && seen[1] > 10);
}

static void test_parity_counts_ones(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_PARITY);
    TaskSequence q = generated(&spec, 1);
    int ones = 0;
    for (int t = 0; t < 8; t++) {
        ones += q.inputs[t] == 1;
        assert_int_equal(q.classes[t], ones % 2);
    }
}

static void test_copy_memory_repeats_after_the_delimiter(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_COPY_MEMORY);
    TaskSequence q = generated(&spec, 1);
    assert_int_equal(task_steps(&spec), 4 + 2 * 3 + 1);
    assert_int_equal(q.symbols[7], 4);
    for (int t = 0; t < 3; t++) assert_int_equal(q.classes[8 + t], q.symbols[t]);
    for (int t = 0; t < 8; t++) assert_int_equal(q.classes[t], 5);
}

static void test_adding_marks_one_number_in_each_half(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_ADDING);
    for (int i = 0; i < 20; i++) {
        TaskSequence q = generated(&spec, i);
        double marks[2] = {0}, sum = 0;
        for (int t = 0; t < 10; t++) {
            marks[t >= 5] += q.inputs[2 * t + 1];
            sum += q.inputs[2 * t] * q.inputs[2 * t + 1];
        }
        assert_true(marks[0] == 1 && marks[1] == 1);
        CHECK_NEAR(q.targets[9], sum, 1e-15);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_every_task_fills_all_of_its_arrays_within_bounds),
        RUN(test_the_same_number_gives_the_same_sequence),
        RUN(test_recall_first_asks_for_the_first_symbol),
        RUN(test_parity_counts_ones),
        RUN(test_copy_memory_repeats_after_the_delimiter),
        RUN(test_adding_marks_one_number_in_each_half),
    };
    arena = arena_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
