// Good lessons: what the front matter says is what the network and the sequence are.
#include "check.h"

#include <string.h>

#include "core/address.h"
#include "text_lesson.h"

static Arena *arena;
static const Places places = {"assets", "lessons"};

static Lesson *load(const char *front, const char *body) {
    return text_lesson(arena, front, body);
}

static const char *mistakes(const char *front) {
    Diags d;
    assert_null(text_lesson_read(arena, front, "", &(Training){.steps = -1}, &d));
    Buf b = buf_new(arena);
    diags_print(&d, &b);
    return buf_str(&b);
}

static Dim shape(const Lesson *l, const char *param) {
    int i = graph_find_param(l->graph, param);
    assert_true(i >= 0);
    return l->graph->params[i].dim;
}

static void test_symbols_become_columns_in_order_of_appearance(void **state) {
    (void)state;
    Lesson *l = load("model: {cell: lstm, head: softmax, loss: cross-entropy, loss_at: last}\n"
                     "data: {inputs: [no, y, 1e3, \"7\", no], targets: [\"7\"]}\n",
                     "");
    assert_int_equal(l->sequence.input, 4);
    assert_string_equal(l->symbols[0], "no");
    assert_string_equal(l->symbols[2], "1e3");
    assert_string_equal(l->symbols[3], "7");
    assert_null(l->symbols[4]);
    assert_int_equal(l->input_symbols[4], 0);
    CHECK_NEAR(l->sequence.inputs[4 * 1 + 1], 1, 0);
    assert_int_equal(l->target_classes[4], 3);
    assert_int_equal(l->target_classes[3], -1);
    assert_int_equal(shape(l, "head.W_y").rows, 4);
    assert_true(l->sequence.has_loss[4] && !l->sequence.has_loss[3]);
    assert_true(trace_loss(l->trace) > 0);
}

static void test_plain_numbers_are_one_a_timestep(void **state) {
    (void)state;
    Lesson *l = load("model: {cell: rnn, hidden: 3, head: linear, loss: mse}\n"
                     "data: {inputs: [1, -2, .5], targets: [[1, 2], [3, 4], [5, .nan]]}\n",
                     "");
    assert_int_equal(l->sequence.input, 1);
    CHECK_NEAR(l->sequence.inputs[2], 0.5, 0);
    assert_int_equal(shape(l, "head.W_y").rows, 2);
    assert_null(l->symbols);
    assert_true(isnan(trace_loss(l->trace)));
}

static void test_binary_targets_are_numbers_and_classes_need_rows(void **state) {
    (void)state;
    Lesson *l = load("model: {cell: rnn, hidden: 3, head: sigmoid, loss: binary-cross-entropy}\n"
                     "data: {inputs: [1, 2], targets: [0, 1]}\n",
                     "");
    assert_int_equal(l->sequence.target, 1);
    l = load("model: {cell: rnn, hidden: 3, head: softmax, loss: cross-entropy}\n"
             "data: {inputs: [1, 2], targets: [0, 2]}\n",
             "");
    assert_int_equal(l->sequence.target, 3);
    CHECK_NEAR(l->sequence.targets[3 + 2], 1, 0);
    l = load("model: {cell: rnn, hidden: 3, head: softmax, loss: cross-entropy, classes: 5}\n"
             "data: {inputs: [1, 2], targets: [0, 2]}\n",
             "");
    assert_int_equal(l->sequence.target, 5);
}

static void test_the_rows_of_a_given_head_count_first(void **state) {
    (void)state;
    Lesson *l = load("model: {cell: rnn, hidden: 1, head: softmax, loss: cross-entropy, "
                     "classes: 2}\n"
                     "data: {inputs: [1, 2], targets: [0, 1]}\n"
                     "weights: {values: {head.W_y: [[1], [2], [3]], head.b_y: [1, 2, 3]}}\n",
                     "");
    assert_int_equal(l->sequence.target, 3);
    int i = graph_find_param(l->graph, "head.b_y");
    CHECK_NEAR(l->params[l->graph->params[i].offset + 2], 3, 0);
}

static void test_targets_without_a_loss_are_ignored(void **state) {
    (void)state;
    Lesson *l = load("model: {cell: rnn, head: softmax, loss: cross-entropy, loss_at: [3, 1]}\n"
                     "data: {inputs: [1, 2, 3], targets: [1, 9, 0]}\n",
                     "");
    assert_int_equal(l->sequence.target, 2);
    CHECK_NEAR(l->sequence.targets[2 * 0 + 1], 1, 0);
    CHECK_NEAR(l->sequence.targets[2 * 2 + 0], 1, 0);
}

static void test_a_probe_takes_every_timestep(void **state) {
    (void)state;
    Lesson *l = load("model: {cell: rnn, hidden: 2, loss: probe, loss_at: last}\n"
                     "data: {inputs: [1, 2], targets: [[0, 0], [1, -1]]}\n",
                     "");
    assert_true(l->sequence.has_loss[0] && l->sequence.sum);
    const double *h = trace_value(l->trace, l->graph->output, 2);
    CHECK_NEAR(trace_loss(l->trace), h[0] - h[1], 1e-12);
}

static void test_stacked_and_bidirectional_layers_have_prefixes(void **state) {
    (void)state;
    Lesson *l = load("model: {cell: [lstm, gru], hidden: [2, 3], direction: bidirectional}\n"
                     "data: {inputs: [1, 2], start: {c: [1, 2], reverse.c: [3, 4], "
                     "layer2.h: [1, 2, 3]}}\n"
                     "weights: {values: {layer2.reverse.b_z: [1, 2, 3]}}\n",
                     "");
    assert_int_equal(l->graph->n_parts, 4);
    assert_int_equal(shape(l, "layer2.W_z").cols, 3 + 4);
    assert_int_equal(shape(l, "reverse.W_f").rows, 2);
    int c = graph_find_equation(l->graph, "reverse.c");
    CHECK_NEAR(trace_start(l->trace, c)[1], 4, 0);
}

static void test_an_equation_may_be_the_head(void **state) {
    (void)state;
    Lesson *l = load("model: {cell: rnn, hidden: 3, head: \"y = softmax(W_y @ tanh(h) + b_y)\",\n"
                     "        loss: cross-entropy}\n"
                     "data: {task: parity, length: 4}\n",
                     "");
    assert_true(graph_find_equation(l->graph, "head.y") >= 0);
    l = load("model:\n  cell: rnn\n  head: 'y = (W_y'')'' @ h'\n"
             "data: {inputs: [1]}\n",
             "");
    assert_int_equal(shape(l, "head.W_y").rows, 4);
}

static void test_training_lowers_the_loss_of_every_task(void **state) {
    (void)state;
    for (int k = 0; k < TASK_COUNT; k++) {
        const TaskDef *def = &task_defs[k];
        bool classes = def->n_classes || def->targets_are_symbols;
        const char *model = classes ? "softmax, loss: cross-entropy" : "linear, loss: mse";
        double loss[2];
        for (int trained = 0; trained < 2; trained++) {
            const char *front =
                arena_printf(arena,
                             "model: {cell: lstm, hidden: 4, head: %s}\ndata: {task: %s}\n"
                             "train: {optimizer: adam, rate: 0.02, steps: %d, batch: 4, clip: 1}\n",
                             model, def->name, trained ? 100 : 0);
            loss[trained] = trace_loss(load(front, "")->trace);
        }
        if (k == TASK_RECALL_FIRST || k == TASK_COPY_MEMORY || k == TASK_EMBEDDED_REBER ||
            k == TASK_TEXT || k == TASK_FORMANTS)
            assert_true(loss[1] < loss[0]);
        else
            assert_true(isfinite(loss[1]));
        if (def->targets_are_sets) { // a row for what may come next, as an alternative
            Lesson *l = load(arena_printf(arena,
                                          "model: {cell: lstm, head: sigmoid, loss: "
                                          "binary-cross-entropy}\ndata: {task: %s}\n",
                                          def->name),
                             "");
            assert_int_equal(l->sequence.target, l->sequence.input);
        }
    }
}

static void test_scenes_hold_their_directives(void **state) {
    (void)state;
    Lesson *l =
        load("model: {cell: lstm, head: softmax, loss: cross-entropy}\n"
             "data: {task: parity, length: 4}\n"
             "view: {panels: [cell], by: equation, digits: 5}\n",
             "Before.\n# One\n```step\nat: forward:2:f\nunit: 2\nfocus: [f, c[t-1]]\n```\n"
             "### Deeper\n## Two\n```ask\nof: [f[1] at forward:1, \"dc[2] at backward:2\"]\n"
             "kind: larger\n```\n```note\nfree: [text\n```\n```c\nint x;\n```\n");
    assert_int_equal(l->n_scenes, 3);
    assert_string_equal(l->scenes[LANG_EN][1].title, "One");
    assert_string_equal(l->scenes[LANG_ZH][1].step.at, "forward:2:f");
    assert_string_equal(l->scenes[LANG_EN][1].step.focus[1], "c[t-1]");
    assert_int_equal(l->scenes[LANG_EN][2].n_asks, 1);
    assert_int_equal(l->scenes[LANG_EN][2].asks[0].kind, ASK_LARGER);
    assert_string_equal(l->scenes[LANG_EN][2].note, "free: [text\n");
    assert_int_equal(l->digits, 5);
    assert_int_equal(l->grain, GRAIN_EQUATION);
    assert_string_equal(l->panels[0], "cell");
}

static void test_a_cell_runs_as_a_lesson(void **state) {
    (void)state;
    Diags d = diags_new(arena);
    Lesson *l = lesson_load(arena, "assets/cells/lstm.cell", &places, NULL, NULL, &d);
    assert_non_null(l);
    assert_int_equal(l->sequence.steps, 5);
    assert_int_equal(l->sequence.input, 3);
    const double *h = trace_value(l->trace, l->graph->output, 5);
    CHECK_NEAR(trace_loss(l->trace), h[0] + h[1] + h[2] + h[3], 1e-12);
    assert_int_equal(l->n_scenes, 1);
}

static void test_shipped_lessons_are_found_by_number_and_slug(void **state) {
    (void)state;
    assert_string_equal(lesson_find(arena, "1", &places), "lessons/01-forward.md");
    assert_string_equal(lesson_find(arena, "01", &places), "lessons/01-forward.md");
    assert_string_equal(lesson_find(arena, "forward", &places), "lessons/01-forward.md");
    assert_non_null(lesson_find(arena, "lessons/01-forward.md", &places));
    assert_null(lesson_find(arena, "lessons/nothing.md", &places));
    assert_null(lesson_find(arena, "999", &places));
    int count;
    const LessonCard *cards = lesson_list(arena, &places, &count);
    assert_true(count >= 1);
    assert_int_equal(cards[0].number, 1);
    assert_string_not_equal(cards[0].title[LANG_EN], cards[0].title[LANG_ZH]);
}

static void test_all_shipped_lessons_load(void **state) {
    (void)state;
    int count;
    const LessonCard *cards = lesson_list(arena, &places, &count);
    for (int i = 0; i < count; i++) {
        Diags d = diags_new(arena);
        Lesson *l = lesson_load(arena, cards[i].path, &places, NULL, NULL, &d);
        if (!l) print_error("%s\n", cards[i].path);
        assert_non_null(l);
        assert_true(l->has_chinese);
    }
}

static void test_missing_targets_say_which_timestep(void **state) {
    (void)state;
    assert_non_null(strstr(mistakes("model: {cell: rnn, head: softmax, loss: cross-entropy}\n"
                                    "data: {inputs: [1, 2, 3], targets: [1, ~, 0]}\n"),
                           "4:40: error: timestep 2 has a loss"));
}

static void test_sequences_of_a_batch_may_have_lengths_of_their_own(void **state) {
    (void)state;
    const char *front = "model: {cell: lstm, hidden: 3, head: softmax, loss: cross-entropy%s}\n"
                        "data: {task: temporal-order, length: 12, vary: 6, seed: %d}\n"
                        "train: {steps: 40, batch: 8, rate: 0.05}\n";
    bool seen[19] = {false};
    for (int seed = 1; seed <= 12; seed++) {
        Lesson *l = load(arena_printf(arena, front, "", seed), "");
        int steps = l->sequence.steps;
        assert_in_range(steps, 12, 18);
        assert_int_equal(trace_steps(l->trace), steps);
        for (int t = 0; t < steps; t++) {
            assert_int_equal(l->sequence.has_loss[t], t == steps - 1);
            assert_int_equal(l->target_classes[t] >= 0, t == steps - 1);
        }
        assert_true(isfinite(trace_loss(l->trace)));
        seen[steps] = true;
    }
    assert_true(seen[12] + seen[13] + seen[14] + seen[15] + seen[16] + seen[17] + seen[18] > 3);
    // a place that the shortest sequence has not is none
    assert_non_null(strstr(mistakes(arena_printf(arena, front, ", loss_at: [13]", 1)),
                           "model.loss_at lists timesteps, here from 1 to 12, not 13"));
}

static void test_a_length_may_be_drawn_between_two(void **state) {
    (void)state;
    const char *front = "model: {cell: lstm, hidden: 3, head: softmax, loss: cross-entropy}\n"
                        "data: {task: %s, length: %s, seed: %d}\n"
                        "train: {steps: 3, batch: 20, rate: 0.05}\n";
    int seen = 0;
    for (int seed = 1; seed <= 40; seed++) {
        Lesson *l = load(arena_printf(arena, front, "recall-first", "[5, 8]", seed), "");
        assert_in_range(l->sequence.steps, 5, 8);
        assert_true(l->sequence.has_loss[l->sequence.steps - 1]);
        assert_true(isfinite(trace_loss(l->trace)));
        seen |= 1 << (l->sequence.steps - 5);
    }
    assert_int_equal(seen, 15);
    Lesson *one = load(arena_printf(arena, front, "recall-first", "[6, 6]", 1), "");
    Lesson *plain = load(arena_printf(arena, front, "recall-first", "6", 1), "");
    assert_memory_equal(one->params, plain->params, (size_t)one->graph->n_weights * sizeof(double));
    static const char *const bad[] = {"[8, 5]", "[0, 5]", "[5]", "[5, 6, 7]", "[a, b]", "[5, 6.5]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_non_null(strstr(mistakes(arena_printf(arena, front, "recall-first", bad[i], 1)),
                               "data.length must be a whole number from 1 on, or two, the shortest "
                               "and the longest: [6, 12]"));
    assert_non_null(
        strstr(mistakes(arena_printf(arena, front, "recall-first", "[5, 999999999]", 1)),
               "too large for memory"));
    assert_non_null(strstr(mistakes(arena_printf(arena, front, "embedded-reber", "[5, 9]", 1)),
                           "data.length must be a whole number"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_symbols_become_columns_in_order_of_appearance),
        RUN(test_plain_numbers_are_one_a_timestep),
        RUN(test_binary_targets_are_numbers_and_classes_need_rows),
        RUN(test_the_rows_of_a_given_head_count_first),
        RUN(test_targets_without_a_loss_are_ignored),
        RUN(test_a_probe_takes_every_timestep),
        RUN(test_stacked_and_bidirectional_layers_have_prefixes),
        RUN(test_an_equation_may_be_the_head),
        RUN(test_training_lowers_the_loss_of_every_task),
        RUN(test_scenes_hold_their_directives),
        RUN(test_a_cell_runs_as_a_lesson),
        RUN(test_shipped_lessons_are_found_by_number_and_slug),
        RUN(test_all_shipped_lessons_load),
        RUN(test_missing_targets_say_which_timestep),
        RUN(test_sequences_of_a_batch_may_have_lengths_of_their_own),
        RUN(test_a_length_may_be_drawn_between_two),
    };
    arena = arena_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
