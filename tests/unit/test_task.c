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
        assert_true(q.classes || q.targets);
        assert_true(def->targets_are_sets == (q.classes && q.targets));
        int classes = def->n_classes ? def->n_classes : spec.n_symbols;
        for (int t = 0; t < task_steps(&spec); t++) {
            if (q.symbols) assert_in_range(q.symbols[t], 0, spec.n_symbols - 1);
            if (q.classes) assert_in_range(q.classes[t], 0, classes - 1);
            for (int i = 0; q.inputs && i < def->n_inputs; i++)
                assert_true(fabs(q.inputs[t * def->n_inputs + i]) < 10);
        }
    }
}

/// Are two sequences of the same spec the same?
static bool same(const TaskSpec *spec, const TaskSequence *a, const TaskSequence *b) {
    size_t n = (size_t)task_steps(spec), inputs = n * (size_t)task_defs[spec->kind].n_inputs;
    if (a->symbols) return memcmp(a->symbols, b->symbols, n * sizeof *a->symbols) == 0;
    return memcmp(a->inputs, b->inputs, inputs * sizeof *a->inputs) == 0;
}

static void test_the_same_number_gives_the_same_sequence(void **state) {
    (void)state;
    for (int k = 0; k < TASK_COUNT; k++) {
        TaskSpec spec = task_spec((TaskKind)k), other = spec;
        other.seed = 2;
        int differ = 0, differ_by_seed = 0;
        for (int i = 0; i < 30; i++) {
            TaskSequence a = generated(&spec, i), b = generated(&spec, i);
            TaskSequence next = generated(&spec, i + 1), seeded = generated(&other, i);
            size_t n = (size_t)task_steps(&spec);
            assert_true(same(&spec, &a, &b));
            if (a.classes) assert_memory_equal(a.classes, b.classes, n * sizeof *a.classes);
            if (a.targets)
                assert_memory_equal(a.targets, b.targets,
                                    n * (size_t)task_targets(&spec) * sizeof *a.targets);
            differ += !same(&spec, &a, &next);
            differ_by_seed += !same(&spec, &a, &seeded);
        }
        assert_true(differ > 5 && differ_by_seed > 5);
    }
}

static void test_every_task_is_whole_at_its_shortest(void **state) {
    (void)state;
    for (int k = 0; k < TASK_COUNT; k++) {
        TaskSpec spec = task_spec((TaskKind)k);
        for (int i = 0; task_defs[k].options[i].name; i++)
            spec.option[i] = task_defs[k].options[i].lo;
        for (int i = 0; i < 50; i++) {
            TaskSequence q = generated(&spec, i);
            for (int t = 0; q.symbols && t < task_steps(&spec); t++)
                assert_in_range(q.symbols[t], 0, spec.n_symbols - 1);
        }
    }
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

// ---- memory ----

static void test_reversal_repeats_backward(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_REVERSAL);
    TaskSequence q = generated(&spec, 2);
    assert_int_equal(task_steps(&spec), 9);
    assert_int_equal(q.symbols[4], 4);
    for (int t = 0; t < 4; t++) assert_int_equal(q.classes[5 + t], q.symbols[3 - t]);
}

static void test_temporal_order_is_in_its_places(void **state) {
    (void)state;
    for (int i = 0; i < 200; i++) {
        TaskSpec spec = task_spec(TASK_ORDER_TWO);
        spec.option[0] = 100;
        TaskSequence q = generated(&spec, i);
        int at[2], n = 0;
        for (int t = 0; t < 100; t++)
            if (q.symbols[t] == 4 || q.symbols[t] == 5) at[n++] = t;
        assert_int_equal(n, 2);
        assert_in_range(at[0], 10, 20);
        assert_in_range(at[1], 50, 60);
        assert_int_equal(q.symbols[0], 6);
        assert_int_equal(q.symbols[99], 7);
        assert_int_equal(q.classes[99], 2 * (q.symbols[at[0]] - 4) + q.symbols[at[1]] - 4);
        spec = task_spec(TASK_ORDER_THREE);
        spec.option[0] = 8;
        q = generated(&spec, i);
        int class = 0;
        for (int t = 0; t < 8; t++)
            if (q.symbols[t] == 4 || q.symbols[t] == 5) class = 2 * class + q.symbols[t] - 4, n++;
        assert_int_equal(n, 5);
        assert_int_equal(q.classes[7], class);
    }
}

static void test_two_sequences_differ_in_their_beginning(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_TWO_SEQUENCE);
    spec.option[0] = 500;
    spec.option[2] = 3;
    double squares = 0;
    for (int i = 0; i < 20; i++) {
        TaskSequence q = generated(&spec, i);
        for (int t = 0; t < 3; t++) CHECK_NEAR(q.inputs[t], q.targets[499] == 1 ? 1 : -1, 0);
        for (int t = 3; t < 500; t++) squares += q.inputs[t] * q.inputs[t] / (20 * 497);
    }
    CHECK_NEAR(squares, 0.2, 0.05);
}

static void test_two_sequences_with_noisy_targets_begin_without_noise(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_TWO_SEQUENCE);
    spec.option[2] = 3;
    spec.option[3] = 3;
    double sum = 0, squares = 0;
    for (int i = 0; i < 4000; i++) {
        TaskSequence q = generated(&spec, i);
        bool one = q.inputs[0] == 1;
        for (int t = 0; t < 3; t++) CHECK_NEAR(q.inputs[t], one ? 1 : -1, 0);
        double noise = q.targets[0] - (one ? 0.2 : 0.8);
        sum += noise / 4000;
        squares += noise * noise / 4000;
    }
    CHECK_NEAR(1 + sum, 1, 0.02);
    CHECK_NEAR(squares, 0.1, 0.1);
}

static void test_long_lags_ask_for_the_first_symbol_again(void **state) {
    (void)state;
    for (int i = 0; i < 50; i++) {
        TaskSpec spec = task_spec(TASK_LAG_A);
        TaskSequence q = generated(&spec, i);
        assert_in_range(q.symbols[0], 4, 5);
        for (int t = 1; t < 5; t++) assert_int_equal(q.symbols[t], t - 1);
        for (int t = 0; t < 4; t++) assert_int_equal(q.classes[t], q.symbols[t + 1]);
        assert_int_equal(q.classes[4], q.symbols[0]);
        spec = task_spec(TASK_LAG_C);
        q = generated(&spec, i);
        int b = -1;
        for (int t = 0; t < 15; t++) {
            assert_true(q.symbols[t] != 4);
            if (q.symbols[t] == 5) b = t;
        }
        assert_in_range(b, 0, 16 - 3 - 4); // at least `lag` distractors between
        assert_int_equal(q.symbols[15], 4);
        assert_int_equal(q.classes[15], q.symbols[b + 1]);
        assert_in_range(q.symbols[b + 1], 6, 7);
    }
}

// ---- numbers ----

static void test_adding_of_1997_and_multiplication_follow_their_markers(void **state) {
    (void)state;
    int hidden_first = 0;
    for (int i = 0; i < 300; i++) {
        for (int product = 0; product < 2; product++) {
            TaskSpec spec = task_spec(product ? TASK_MULTIPLICATION : TASK_ADDING_1997);
            TaskSequence q = generated(&spec, i);
            double x[2], low = product ? 0 : -1;
            int n = 0;
            for (int t = 0; t < 20; t++) {
                double mark = q.inputs[2 * t + 1];
                assert_true(q.inputs[2 * t] >= low && q.inputs[2 * t] < 1);
                assert_true(t == 0 || t == 19 ? mark == -1 : mark == 0 || mark == 1);
                if (mark == 1 && n < 2) x[n++] = q.inputs[2 * t];
                if (mark == 1) assert_in_range(t, 1, 10);
            }
            if (n == 1) { // the other is the first pair, whose marker is -1
                x[1] = product;
                hidden_first++;
            }
            double want = product ? x[0] * x[1] : 0.5 + (x[0] + x[1]) / 4;
            CHECK_NEAR(q.targets[19], want, 1e-15);
        }
    }
    assert_in_range(hidden_first, 200, 400); // half of the time with two candidates
}

static void test_binary_addition_carries(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_BINARY_ADDITION);
    for (int i = 0; i < 50; i++) {
        TaskSequence q = generated(&spec, i);
        int a = 0, b = 0, sum = 0;
        for (int t = 0; t < 8; t++) {
            a += (int)q.inputs[2 * t] << t;
            b += (int)q.inputs[2 * t + 1] << t;
            sum += q.classes[t] << t;
        }
        assert_int_equal(sum, a + b);
    }
}

// ---- lengths of their own ----

static void test_lengths_vary_within_their_option_and_events_stay_in_place(void **state) {
    (void)state;
    int longest = 0, shortest = 200;
    for (int i = 0; i < 300; i++) {
        TaskSpec spec = task_spec(TASK_ORDER_TWO);
        spec.option[0] = 100;
        spec.option[1] = 10;
        assert_int_equal(task_steps(&spec), 110);
        assert_int_equal(task_shortest(&spec), 100);
        TaskSequence q = generated(&spec, i);
        assert_in_range(q.steps, 100, 110);
        if (q.steps > longest) longest = q.steps;
        if (q.steps < shortest) shortest = q.steps;
        assert_int_equal(q.symbols[q.steps - 1], 7);
        int second = 0;
        for (int t = 0; t < q.steps; t++)
            if (q.symbols[t] == 4 || q.symbols[t] == 5) second = t;
        assert_in_range(second, 50, 60); // not in proportion to its own length
        spec = task_spec(TASK_ADDING_1997);
        spec.option[1] = 7;
        q = generated(&spec, i);
        assert_in_range(q.steps, 20, 27);
        assert_true(q.inputs[2 * q.steps - 1] == -1);
    }
    assert_true(longest == 110 && shortest == 100);
}

static void test_every_task_with_a_length_draws_it_between_two(void **state) {
    (void)state;
    int tasks = 0;
    for (int kind = 0; kind < TASK_COUNT; kind++) {
        if (!task_can_be_longer((TaskKind)kind)) continue;
        assert_string_equal(task_defs[kind].options[0].name, "length");
        tasks++;
        TaskSpec spec = task_spec((TaskKind)kind);
        int least = spec.option[0], seen[4] = {0};
        spec.longer = 3;
        assert_int_equal(task_shortest(&spec), least);
        assert_int_equal(task_steps(&spec), least + 3);
        for (int i = 0; i < 400; i++) {
            TaskSequence q = generated(&spec, i), again = generated(&spec, i);
            assert_in_range(q.steps, least, least + 3);
            assert_int_equal(again.steps, q.steps);
            seen[q.steps - least]++;
            for (int t = 0; t < q.steps && q.symbols; t++) {
                assert_in_range(q.symbols[t], 0, spec.n_symbols - 1);
                assert_int_equal(q.symbols[t], again.symbols[t]);
            }
        }
        for (int k = 0; k < 4; k++) assert_in_range(seen[k], 70, 130); // a hundred each
    }
    assert_true(tasks > 15);
}

static void test_the_long_lag_of_unknown_length_may_begin_at_its_beginning(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_LAG_C);
    spec.option[0] = 60;
    spec.option[2] = 0;
    assert_int_equal(task_shortest(&spec), 7);
    double sum = 0;
    for (int i = 0; i < 500; i++) {
        TaskSequence q = generated(&spec, i);
        assert_in_range(q.steps, 7, 60);
        assert_int_equal(q.symbols[0], 5);
        assert_int_equal(q.symbols[q.steps - 1], 4);
        assert_int_equal(q.classes[q.steps - 1], q.symbols[1]);
        sum += q.steps;
    }
    CHECK_NEAR(sum / 500, 3 + 4 + 9, 0.1); // nine more distractors are expected
}

// ---- other ----

static void test_sentiment_turns_around_behind_not(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_SENTIMENT);
    for (int i = 0; i < 100; i++) {
        TaskSequence q = generated(&spec, i);
        bool negated = false, good = false;
        for (int t = 0; t < 6; t++) {
            negated |= q.symbols[t] == 5;
            good |= q.symbols[t] >= 7 && q.symbols[t] < 10;
        }
        assert_int_equal(q.classes[5], good != negated);
    }
}

static void test_translation_says_the_number(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_TRANSLATION);
    for (int i = 0; i < 200; i++) {
        TaskSequence q = generated(&spec, i);
        int number = q.symbols[0] < 20 ? q.symbols[0] : 10 * (q.symbols[0] - 18);
        if (q.symbols[1] < 20) number += q.symbols[1];
        int said = q.classes[4] - 28 + (q.classes[3] == 39 ? 0 : 10 * (q.classes[3] - 28));
        assert_int_equal(number, said);
        assert_int_equal(q.symbols[2], 38);
        assert_int_equal(q.classes[2], 39);
    }
}

static void test_the_dot_stays_one_and_goes_where_the_target_says(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_MOVING_DOT);
    for (int i = 0; i < 30; i++) {
        TaskSequence q = generated(&spec, i);
        for (int t = 0; t < 10; t++) {
            double sum = 0;
            for (int k = 0; k < 25; k++) sum += q.inputs[25 * t + k];
            CHECK_NEAR(sum, 1, 0);
            if (t < 9)
                assert_memory_equal(q.targets + 25 * t, q.inputs + 25 * (t + 1),
                                    25 * sizeof(double));
        }
    }
}

static void test_a_sine_without_noise_is_its_own_next_value(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_SINE);
    spec.option[2] = 0;
    TaskSequence q = generated(&spec, 4);
    for (int t = 0; t < 23; t++) CHECK_NEAR(q.targets[t], q.inputs[t + 1], 1e-12);
    assert_true(fabs(q.inputs[0] - q.inputs[12]) < 1e-12); // the period
}

static void test_drawn_digits_have_ink_in_the_middle_only(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_DIGITS);
    bool seen[10] = {0};
    for (int i = 0; i < 100; i++) {
        TaskSequence q = generated(&spec, i);
        double ink = 0;
        for (int k = 0; k < 28 * 28; k++) {
            assert_true(q.inputs[k] >= 0 && q.inputs[k] <= 1);
            ink += q.inputs[k];
        }
        assert_true(ink > 20 && ink < 300);
        for (int k = 0; k < 28; k++) assert_true(q.inputs[k] == 0 && q.inputs[27 * 28 + k] == 0);
        seen[q.classes[27]] = true;
    }
    for (int k = 0; k < 10; k++) assert_true(seen[k]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_every_task_fills_all_of_its_arrays_within_bounds),
        RUN(test_the_same_number_gives_the_same_sequence),
        RUN(test_every_task_is_whole_at_its_shortest),
        RUN(test_recall_first_asks_for_the_first_symbol),
        RUN(test_parity_counts_ones),
        RUN(test_copy_memory_repeats_after_the_delimiter),
        RUN(test_adding_marks_one_number_in_each_half),
        RUN(test_reversal_repeats_backward),
        RUN(test_temporal_order_is_in_its_places),
        RUN(test_two_sequences_differ_in_their_beginning),
        RUN(test_two_sequences_with_noisy_targets_begin_without_noise),
        RUN(test_long_lags_ask_for_the_first_symbol_again),
        RUN(test_adding_of_1997_and_multiplication_follow_their_markers),
        RUN(test_binary_addition_carries),
        RUN(test_lengths_vary_within_their_option_and_events_stay_in_place),
        RUN(test_every_task_with_a_length_draws_it_between_two),
        RUN(test_the_long_lag_of_unknown_length_may_begin_at_its_beginning),
        RUN(test_sentiment_turns_around_behind_not),
        RUN(test_translation_says_the_number),
        RUN(test_the_dot_stays_one_and_goes_where_the_target_says),
        RUN(test_a_sine_without_noise_is_its_own_next_value),
        RUN(test_drawn_digits_have_ink_in_the_middle_only),
    };
    arena = arena_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
