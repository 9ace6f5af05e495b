// `compare`: a cell beside the lesson's own is run as the lesson would be with it, to the bit; the
// panel draws them on one axis and tells nothing ahead of the playhead.
#include <stdlib.h>
#include <string.h>

#include "lesson/moment.h"
#include "panel_fixture.h"
#include "text_lesson.h"

static Arena *arena;

static int set_up(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static const char trained[] =
    "model: {cell: %s, hidden: 3, head: softmax, loss: cross-entropy, loss_at: last}\n"
    "data: {task: recall-first, length: 5, seed: 7}\n"
    "weights: {seed: 3}\n"
    "train: {optimizer: adam, rate: 0.05, steps: 20, batch: 4, clip: 1}\n%s";

/// A front matter of the form with this cell and this `compare`.
static const char *front(const char *form, const char *cell, const char *compare) {
    if (*compare) compare = arena_printf(arena, "compare: %s\n", compare);
    return arena_printf(arena, form, cell, compare);
}

static Lesson *load(const char *form, const char *cell, const char *compare) {
    return text_lesson(arena, front(form, cell, compare), "# One\n");
}

static void check_same(const Compared *c, const Lesson *l) {
    assert_int_equal(c->graph->n_weights, l->graph->n_weights);
    size_t bytes = (size_t)l->graph->n_weights * sizeof(double);
    assert_memory_equal(c->params, l->params, bytes);
    assert_memory_equal(trace_param_grads(c->trace), trace_param_grads(l->trace), bytes);
    double a = trace_loss(c->trace), b = trace_loss(l->trace);
    assert_memory_equal(&a, &b, sizeof a);
    for (int k = 0; k < l->graph->n_parts; k++)
        assert_int_equal(c->graph->parts[k].kind, l->graph->parts[k].kind);
}

// ---- runs

static void test_a_compared_cell_has_the_numbers_of_a_lesson_with_it(void **state) {
    (void)state;
    static const char *const forms[] = {
        trained,
        // stacked, both ways, dropout in training
        "model: {cell: %s, hidden: 3, layers: 2, direction: bidirectional, dropout: 0.3,\n"
        "        head: softmax, loss: cross-entropy, loss_at: every}\n"
        "data: {inputs: [A, B, A, C], targets: [B, A, C, A], symbols: [A, B, C]}\n"
        "weights: {seed: 5}\n"
        "train: {optimizer: sgd, rate: 0.1, steps: 6, batch: 2, truncate: 2}\n%s",
        // an encoder and a decoder with an embedding
        "model: {cell: %s, hidden: 2, embedding: 2, decoder: {}, head: softmax,\n"
        "        loss: cross-entropy}\n"
        "data: {task: reversal, span: 3, seed: 1}\n%s",
        // without a head, a probe
        "model: {cell: %s, hidden: 2, loss: probe}\n"
        "data: {inputs: [1, 2, 3], targets: [[0, 0], [0, 0], [1, 1]]}\n%s"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        Lesson *l = load(forms[i], "lstm", "[rnn, gru, lstm-peephole]");
        assert_int_equal(l->n_compared, 3);
        assert_false(l->compared_drawn);
        check_same(&l->compared[0], load(forms[i], "rnn", ""));
        check_same(&l->compared[1], load(forms[i], "gru", ""));
        check_same(&l->compared[2], load(forms[i], "lstm-peephole", ""));
        Lesson *plain = load(forms[i], "lstm", "");
        assert_int_equal(plain->n_compared, 0);
        assert_memory_equal(l->params, plain->params,
                            (size_t)plain->graph->n_weights * sizeof(double));
    }
}

static void test_of_given_weights_those_of_the_head_are_shared(void **state) {
    (void)state;
    static const char form[] =
        "model: {cell: %s, hidden: 1, head: linear, loss: mse}\n"
        "data: {inputs: [1, 2, 3], targets: [[0], [0], [1]], start: {c: [2]}}\n"
        "weights: {seed: 3, values: {head.W_y: [[0.5]], head.b_y: [2], b_f: [9]}}\n%s";
    static const char other[] =
        "model: {cell: %s, hidden: 1, head: linear, loss: mse}\n"
        "data: {inputs: [1, 2, 3], targets: [[0], [0], [1]]}\n"
        "weights: {seed: 3, values: {head.W_y: [[0.5]], head.b_y: [2]}}\n%s";
    Lesson *l = load(form, "lstm", "gru");
    assert_int_equal(l->n_compared, 1);
    assert_true(l->compared_drawn);
    check_same(&l->compared[0], load(other, "gru", ""));
    assert_non_null(l->notes[0]); // c is no state of a GRU
    assert_non_null(strstr(l->notes[0], "gru has start values of its own"));
}

static void test_what_is_compared_is_not_run_where_the_lesson_alone_is_asked_for(void **state) {
    (void)state;
    Diags d;
    Training alone = {.steps = -1, .alone = true};
    Lesson *l = text_lesson_read(arena, front(trained, "lstm", "[rnn]"), "# One\n", &alone, &d);
    assert_non_null(l);
    assert_int_equal(l->n_compared, 0);
}

static bool stop_at_five(void *context, int step, double loss) {
    (void)context, (void)loss;
    return step < 5;
}

static void test_a_training_that_was_stopped_is_compared_with_none(void **state) {
    (void)state;
    Diags d;
    Training t = {.steps = -1, .progress = stop_at_five};
    Lesson *l = text_lesson_read(arena, front(trained, "lstm", "[rnn]"), "# One\n", &t, &d);
    assert_non_null(l);
    assert_int_equal(history_steps(l->history), 5);
    assert_int_equal(l->n_compared, 0);
}

// ---- mistakes

static const char *mistakes(const char *text) {
    Diags d;
    Training training = {.steps = -1};
    assert_null(text_lesson_read(arena, text, "# One\n", &training, &d));
    assert_int_equal(d.count, 1);
    Buf out = buf_new(arena);
    diags_print(&d, &out);
    return buf_str(&out);
}

static void test_mistakes_of_compare_stand_where_they_are(void **state) {
    (void)state;
    static const struct {
        const char *compare, *place, *says;
    } bad[] = {
        {"[rnn, grru]", ":7:16:", "did you mean 'gru'?"},
        {"[rnn, gru, rnn]", ":7:21:", "rnn stands twice"},
        {"lstm", ":7:10:", "the lesson's own cell"},
        {"[rnn, gru, mgu, janet]", ":7:26:", "at most 3 cells"},
        {"[../x.cell]", ":7:11:", "may not leave the folder"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *said = mistakes(front(trained, "lstm", bad[i].compare));
        if (!strstr(said, bad[i].says) || !strstr(said, bad[i].place)) fail_msg("%s", said);
    }
}

static void test_a_cell_that_does_not_fit_says_why(void **state) {
    (void)state;
    // what it hands on is shorter than hidden, and so than the rows of the probe
    const char *text = front("model: {cell: %s, hidden: 3, loss: probe}\n"
                             "data: {inputs: [1, 2], targets: [[0, 0, 0], [1, 0, 1]]}\n%s",
                             "lstm", "[rnn, lstm-projection]");
    const char *said = mistakes(text);
    Diags d;
    Training none = {.steps = -1, .none = true};
    assert_null(text_lesson_read(arena, text, "# One\n", &none, &d)); // checked without a run
    if (!strstr(said, "lstm-projection cannot be compared here: ")) fail_msg("%s", said);
}

static void test_what_needs_too_much_memory_together_is_refused(void **state) {
    (void)state;
    static const char form[] = "model: {cell: %s, hidden: 64, head: linear, loss: mse}\n"
                               "data: {task: adding, length: 600000, seed: 1}\n%s";
    Diags d;
    Training none = {.steps = -1, .none = true};
    assert_non_null(text_lesson_read(arena, front(form, "rnn", ""), "# One\n", &none, &d));
    assert_null(text_lesson_read(arena, front(form, "rnn", "[lstm, gru]"), "# One\n", &none, &d));
    Buf out = buf_new(arena);
    diags_print(&d, &out);
    if (!strstr(buf_str(&out), "the lesson and what is compared with it need"))
        fail_msg("%s", buf_str(&out));
}

// ---- the panel

static Fixture begin_compared(const char *form, const char *cell, const char *compare) {
    Fixture f = begin_empty();
    f.view.lesson = load(form, cell, compare);
    f.view.grain = GRAIN_OPERATION;
    return f;
}

static Scene draw(Fixture *f, double w, double h) {
    arena_reset(f->frame);
    Scene s = scene_new(f->frame, f->text, w, h);
    stage_draw_panel(&s, &f->view, PANEL_COMPARE, (Box){0, 0, w, h});
    return s;
}

static bool says(const Scene *s, const char *text) {
    for (int k = 0; k < s->count; k++) {
        const Shape *shape = &s->shapes[k];
        if ((shape->text && strstr(shape->text, text)) ||
            (shape->label && strstr(shape->label, text)))
            return true;
    }
    return false;
}

static void test_only_a_lesson_that_compares_has_the_panel(void **state) {
    (void)state;
    Fixture f = begin_compared(trained, "lstm", "");
    assert_false(panel_defs[PANEL_COMPARE].has(&f.view));
    Scene s = draw(&f, 348, 780);
    assert_true(says(&s, "This lesson compares no cells"));
    end(&f);
    f = begin_compared(trained, "lstm", "[rnn]");
    assert_true(panel_defs[PANEL_COMPARE].has(&f.view));
    end(&f);
}

static void test_the_panel_tells_nothing_ahead_of_the_playhead(void **state) {
    (void)state;
    Fixture f = begin_compared(trained, "lstm", "[rnn, gru]");
    go(&f, "forward:3:h");
    Scene s = draw(&f, 348, 780);
    assert_true(says(&s, "loss: not computed yet") && !says(&s, "says "));
    assert_true(says(&s, "rnn: norm of the output at t = 3: "));
    assert_false(says(&s, "at t = 4") || says(&s, "norm of the gradient of the output at"));
    go(&f, "backward:3:h");
    s = draw(&f, 348, 780);
    assert_true(says(&s, "says ") && !says(&s, "not computed yet"));
    assert_true(says(&s, "gru: norm of the gradient of the output at t = 3: "));
    assert_false(says(&s, "norm of the gradient of the output at t = 2"));
    f.view.hidden[f.view.n_hidden++] = NO_REF; // a question asks for the loss
    s = draw(&f, 348, 780);
    assert_true(says(&s, "loss: predict it first") && !says(&s, "says "));
    f.view.n_hidden = 0;
    f.view.lang = LANG_ZH;
    s = draw(&f, 348, 780);
    assert_true(says(&s, "gru：时间步 3 的输出的梯度的范数：") && says(&s, "回答 "));
    end(&f);
}

static void test_an_answer_is_a_class_or_one_number(void **state) {
    (void)state;
    static const char form[] = "model: {cell: %s, hidden: 1, head: linear, loss: mse}\n"
                               "data: {inputs: [1, 2], targets: [0.25, 0.75]}\n"
                               "weights: {values: {head.W_y: [[0]], head.b_y: [0.5]}}\n%s";
    Fixture f = begin_compared(form, "lstm", "[gru]");
    go(&f, "backward");
    Scene s = draw(&f, 348, 780);
    assert_true(says(&s, "says 0.500 for 0.750") && says(&s, "loss 0.062"));
    assert_false(says(&s, "begin as drawn"));
    end(&f);
    static const char none[] = "model: {cell: %s, hidden: 2}\ndata: {inputs: [1, 2]}\n%s";
    f = begin_compared(none, "lstm", "[gru]");
    go(&f, "forward:2:h");
    s = draw(&f, 348, 780);
    assert_true(says(&s, "gru: norm of the output at t = 2") && !says(&s, "loss"));
    end(&f);
}

static void test_in_a_moment_of_training_the_panel_is_of_what_came_of_it(void **state) {
    (void)state;
    Fixture f = begin_compared(trained, "lstm", "[rnn]");
    const char *why;
    const Lesson *moment = moment_open(arena, f.view.lesson, 3, NULL, NULL, &why);
    assert_non_null(moment);
    go(&f, "backward");
    Scene after = draw(&f, 348, 780);
    const char *loss = NULL;
    for (int k = 0; k < after.count && !loss; k++)
        if (after.shapes[k].text && strncmp(after.shapes[k].text, "loss ", 5) == 0)
            loss = arena_copy(arena, after.shapes[k].text, strlen(after.shapes[k].text));
    f.view.lesson = moment;
    f.view.at = (Playhead){walk_count(moment->walk), 0};
    Scene s = draw(&f, 348, 780);
    assert_non_null(loss);
    assert_true(says(&s, loss) && says(&s, "after training"));
    end(&f);
}

static void test_nothing_stands_on_anything_else(void **state) {
    (void)state;
    static const double sizes[][2] = {{212, 470}, {264, 600}, {348, 830}, {900, 380}, {640, 900}};
    Fixture f =
        begin_compared(trained, "found/no-carousel", "[lstm-peephole-full, gru-after, rnn]");
    int count = walk_count(f.view.lesson->walk);
    for (int at = 0; at <= count; at += 7)
        for (int lang = 0; lang < LANG_COUNT; lang++)
            for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
                f.view.at = (Playhead){at, 0};
                f.view.lang = (Lang)lang;
                Scene s = draw(&f, sizes[i][0], sizes[i][1]);
                Buf out = buf_new(f.frame);
                if (scene_collisions(&s, &out))
                    fail_msg("step %d, %.0f x %.0f:\n%s", at, sizes[i][0], sizes[i][1],
                             buf_str(&out));
            }
    end(&f);
}

static void test_the_scene_is_that_of_the_golden_file(void **state) {
    (void)state;
    Fixture f = begin_compared(trained, "lstm", "[rnn, gru]");
    go(&f, "backward:2:c");
    Scene s = draw(&f, 348, 780);
    assert_true(golden_scene(f.arena, "compare-backward", &s));
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_a_compared_cell_has_the_numbers_of_a_lesson_with_it),
        RUN(test_of_given_weights_those_of_the_head_are_shared),
        RUN(test_what_is_compared_is_not_run_where_the_lesson_alone_is_asked_for),
        RUN(test_a_training_that_was_stopped_is_compared_with_none),
        RUN(test_mistakes_of_compare_stand_where_they_are),
        RUN(test_a_cell_that_does_not_fit_says_why),
        RUN(test_what_needs_too_much_memory_together_is_refused),
        RUN(test_only_a_lesson_that_compares_has_the_panel),
        RUN(test_the_panel_tells_nothing_ahead_of_the_playhead),
        RUN(test_an_answer_is_a_class_or_one_number),
        RUN(test_in_a_moment_of_training_the_panel_is_of_what_came_of_it),
        RUN(test_nothing_stands_on_anything_else),
        RUN(test_the_scene_is_that_of_the_golden_file),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
