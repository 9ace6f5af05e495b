// Moments of training: the lesson as it was before any of its optimizer steps.
#include "lesson/moment.h"

#include <string.h>

#include "check.h"
#include "core/address.h"
#include "core/gradcheck.h"
#include "export/options.h"
#include "lesson/explain.h"
#include "lesson/question.h"
#include "lesson/say.h"
#include "text_lesson.h"

static Arena *arena;

static const char task[] =
    "model: {cell: lstm, hidden: 3, head: softmax, loss: cross-entropy, loss_at: last, layers: 2, "
    "dropout: 0.2}\n"
    "data: {task: recall-first, length: 5, seed: 2}\n"
    "weights: {seed: 4}\n";

typedef struct {
    int stop_after; // 0: not at all
    int calls;
} Stop;

static bool count_steps(void *context, int step, double loss) {
    (void)loss;
    Stop *s = context;
    s->calls++;
    return step != s->stop_after;
}

static Lesson *read(const char *front, const char *body, int stop_after, Diags *d) {
    Stop *stop = ARENA_NEW(arena, Stop);
    stop->stop_after = stop_after;
    Training training = {.steps = -1, .progress = count_steps, .context = stop};
    return text_lesson_read(arena, front, body, &training, d);
}

static const char *trained_for(int steps, const char *more) {
    return arena_printf(arena, "%strain: {optimizer: adam, rate: 0.05, steps: %d, batch: 3%s}\n",
                        task, steps, more);
}

static Lesson *load(const char *front, const char *body) {
    Diags d;
    Lesson *lesson = read(front, body, 0, &d);
    Buf b = buf_new(arena);
    diags_print(&d, &b);
    if (!lesson) print_error("%s", buf_str(&b));
    assert_non_null(lesson);
    return lesson;
}

static const Lesson *open(const Lesson *l, int moment) {
    const char *why = "stopped";
    const Lesson *opened = moment_open(arena, l, moment, NULL, NULL, &why);
    if (!opened) print_error("%s\n", why);
    assert_non_null(opened);
    return opened;
}

static const char *refused(const Lesson *l, int moment) {
    const char *why = NULL;
    assert_null(moment_open(arena, l, moment, NULL, NULL, &why));
    return why;
}

static void test_a_moment_is_the_lesson_trained_for_fewer_steps(void **state) {
    (void)state;
    const Lesson *l = load(trained_for(9, ", clip: 0.3, truncate: 2"), "");
    size_t bytes = (size_t)l->graph->n_weights * sizeof(double);
    for (int t = 1; t <= 9; t++) {
        const Lesson *moment = open(l, t);
        const Lesson *other = load(trained_for(t - 1, ", clip: 0.3, truncate: 2"), "");
        assert_memory_equal(moment->params, other->params, bytes);
        other = open(load(trained_for(t, ", clip: 0.3, truncate: 2"), ""), t); // with the masks
        assert_memory_equal(trace_param_grads(moment->trace), trace_param_grads(other->trace),
                            bytes);
        assert_true(trace_loss(moment->trace) == trace_loss(other->trace));
        assert_int_equal(moment->moment, t);
        assert_ptr_equal(moment->trained, l);
        assert_int_equal(walk_count(moment->walk), walk_count(l->training_walk));
    }
}

static void test_the_update_of_a_moment_leads_to_the_next_one(void **state) {
    (void)state;
    const Lesson *l = load(trained_for(6, ", clip: 0.3"), "");
    size_t bytes = (size_t)l->graph->n_weights * sizeof(double);
    for (int t = 1; t <= 6; t++) {
        const Lesson *moment = open(l, t);
        const double *next = t < 6 ? open(moment, t + 1)->params : l->params;
        assert_int_equal(moment->update->t, t);
        assert_int_equal(moment->update->batch, 3);
        assert_true(moment->update->batch_loss == history_losses(l->history)[t - 1]);
        assert_memory_equal(moment->update->before, moment->params, bytes);
        assert_memory_equal(moment->update->after, next, bytes);
    }
    assert_int_equal(l->update->batch, 0); // after training: the gradient of the run that is shown
}

static void test_moment_0_is_the_lesson_after_training(void **state) {
    (void)state;
    const Lesson *l = load(trained_for(2, ""), "");
    assert_ptr_equal(open(l, 0), l);
    assert_ptr_equal(open(open(l, 2), 0), l);
}

static void test_an_optimizer_step_that_is_not_there_is_refused(void **state) {
    (void)state;
    const Lesson *l = load(trained_for(6, ""), "");
    assert_string_equal(refused(l, 8), "there is no optimizer step 8: training has 6");
    assert_string_equal(refused(l, 7), "training ends with optimizer step 6; what stands after it "
                                       "has no '@7/' before it");
    assert_string_equal(refused(load(task, ""), 1),
                        "there is no optimizer step 1: the lesson has no training");
}

static void test_a_stopped_training_has_the_steps_it_took(void **state) {
    (void)state;
    Diags d;
    const Lesson *l = read(trained_for(6, ""), "", 4, &d);
    assert_non_null(l);
    assert_int_equal(history_steps(l->history), 4);
    assert_memory_equal(open(l, 4)->update->after, l->params,
                        (size_t)l->graph->n_weights * sizeof(double));
    assert_non_null(strstr(refused(l, 6), "training has 4"));
}

static void test_a_replay_that_is_stopped_opens_nothing(void **state) {
    (void)state;
    // so many steps that keyframes are apart
    const Lesson *l = load("model: {cell: lstm, hidden: 64, head: linear, loss: mse, "
                           "loss_at: last}\n"
                           "data: {inputs: [1, 2], targets: [1]}\n"
                           "train: {optimizer: adam, steps: 300}\n",
                           "");
    int spacing;
    assert_true(history_kept(l->history, &spacing) <= HISTORY_MAX_BYTES);
    assert_true(spacing > 1);
    Stop stop = {.stop_after = spacing + 1};
    const char *why = "nothing";
    assert_null(moment_open(arena, l, 2 * spacing, count_steps, &stop, &why));
    assert_null(why);
    assert_int_equal(stop.calls, 1);
    stop = (Stop){0};
    assert_non_null(moment_open(arena, l, 2 * spacing, count_steps, &stop, &why));
    assert_int_equal(stop.calls, spacing - 1);
}

static void test_addresses_open_their_moment(void **state) {
    (void)state;
    const Lesson *l = load(trained_for(6, ""), ""), *shown = l;
    Playhead at, plain;
    const char *why;
    assert_true(moment_find(arena, &shown, "backward:2:c", &plain, &why));
    assert_ptr_equal(shown, l);
    assert_true(moment_find(arena, &shown, "@4/backward:2:c", &at, &why));
    assert_int_equal(shown->moment, 4);
    plain = moment_step(l, 0, 4, plain);
    assert_true(at.at == plain.at && at.unit == plain.unit);
    assert_string_equal(address_format(arena, shown->walk, at, GRAIN_EQUATION), "@4/backward:2:c");
    const Lesson *fourth = shown;
    assert_true(moment_find(arena, &shown, "@4/loss", &at, &why));
    assert_ptr_equal(shown, fourth);
    assert_true(moment_find(arena, &shown, "loss", &at, &why));
    assert_ptr_equal(shown, l);
    assert_false(moment_find(arena, &shown, "@9/loss", &at, &why));
    assert_string_equal(why, "there is no optimizer step 9: training has 6");
    assert_false(moment_find(arena, &shown, "@4", &at, &why));
    assert_false(moment_find(arena, &shown, "@4/forward:99", &at, &why));
    assert_ptr_equal(shown, l);
}

static void test_a_moment_says_whose_gradient_its_update_takes(void **state) {
    (void)state;
    const Lesson *l = load(trained_for(6, ""), ""), *shown = l;
    Playhead at;
    const char *why;
    assert_true(moment_find(arena, &shown, "@3/update:1:b_f[1]", &at, &why));
    assert_non_null(strstr(say_step(arena, shown, at, GRAIN_UNIT, LANG_EN), "batch gradient"));
    assert_non_null(strstr(say_step(arena, shown, at, GRAIN_UNIT, LANG_ZH), "小批量梯度"));
    at = moment_step(l, 3, 0, at);
    assert_null(strstr(say_step(arena, l, at, GRAIN_UNIT, LANG_EN), "batch gradient"));
}

static const char scenes[] = "# one\n```step\nat: forward:2:f\n```\n"
                             "# two\n```step\nat: \"@3/forward:2:f\"\n```\n"
                             "```ask\nof: \"f[1]\"\n```\n"
                             "# three\n```step\nat: \"@5/forward:1:f\"\n```\n";

static void test_scenes_open_in_their_moments(void **state) {
    (void)state;
    const Lesson *l = load(trained_for(6, ""), scenes);
    int n;
    Frame *frames =
        frames_list(arena, l, BY_SCENE, (Playhead){0, 0}, (Playhead){walk_count(l->walk), 0}, &n);
    assert_int_equal(n, 3);
    static const char *const names[] = {"0001-forward-2-f.3", "0002-step-3-forward-2-f.3",
                                        "0003-step-5-forward-1-f.3"};
    static const int moments[] = {0, 3, 5};
    for (int k = 0; k < n; k++) {
        assert_string_equal(frames[k].name, names[k]);
        assert_int_equal(frames[k].lesson->moment, moments[k]);
    }
    Playhead at;
    int moment;
    const char *why;
    assert_true(moment_read(arena, l, "@3/forward:2:i", &moment, &at, &why));
    assert_int_equal(frame_scene(arena, open(l, 3), at), 1);
    assert_int_equal(frame_scene(arena, l, at), 0);
    assert_int_equal(frame_scene(arena, open(l, 2), at), 0);
    Asked asked;
    assert_true(question_read(open(l, 3), 1, "f[1]", &asked));
    assert_int_equal(asked.place, 2);
}

static void test_a_run_of_frames_goes_through_training(void **state) {
    (void)state;
    const Lesson *l = load(trained_for(6, ""), "");
    ExportWords w = {.word = "x", .format = "png", .by = "optimizer-step", .path = "p"};
    static const struct {
        const char *from, *to, *first, *last;
        int n;
    } runs[] = {{"@2/backward:2:c", NULL, "0001-step-2-backward-2-c", "0006-backward-2-c", 6},
                {NULL, "@3/loss", "0001-step-1-loss", "0003-step-3-loss", 3},
                {"@5/forward:1:f.2", "@5/loss", "0001-step-5-forward-1-f.2",
                 "0001-step-5-forward-1-f.2", 1},
                {"loss", NULL, "0001-loss", "0001-loss", 1}};
    const char *why = "";
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        w.from = runs[i].from;
        w.to = runs[i].to;
        Export e;
        int n;
        assert_true(export_read(arena, &w, &e, &why));
        assert_true(export_read_steps(arena, open(l, 4), &w, &e, &why)); // wherever one stands
        Frame *frames = export_frames(arena, &e, &n, &why);
        assert_int_equal(n, runs[i].n);
        assert_string_equal(frames[0].name, runs[i].first);
        assert_string_equal(frames[n - 1].name, runs[i].last);
    }
    Export e;
    w.from = "@4/loss";
    w.to = "@2/loss";
    assert_true(export_read(arena, &w, &e, &why));
    assert_false(export_read_steps(arena, l, &w, &e, &why));
    assert_string_equal(why, "--from lies behind --to in training");
    assert_false(export_read_steps(arena, load(task, ""), &w, &e, &why));
}

static void test_a_scene_may_focus_on_what_is_dropped_out(void **state) {
    (void)state;
    const char *focus = "focus: [layer2.h_drop]\n```\n";
    load(trained_for(6, ""), arena_printf(arena, "# a\n```step\nat: \"@3/forward:2\"\n%s", focus));
    Diags d;
    const char *after = arena_printf(arena, "# a\n```step\nat: forward:2\n%s", focus);
    assert_null(read(trained_for(6, ""), after, 0, &d)); // after training nothing is
}

static void test_mistaken_addresses_of_scenes_are_told(void **state) {
    (void)state;
    static const char *const bad[][2] = {
        {"# a\n```step\nat: \"@7/forward:2:f\"\n```\n", "training ends with optimizer step 6"},
        {"# a\n```step\nat: \"@9/forward:2:f\"\n```\n", "there is no optimizer step 9"},
        {"# a\n```step\nat: \"@3/forward:9\"\n```\n", "there is no timestep 9"},
        {"# a\n```step\nat: \"@3\"\n```\n", "a step of the walk follows it"},
        {"# a\n```ask\nof: \"f[1] at @3/forward:1\"\n```\n", "leave out '@3/'"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Diags d;
        assert_null(read(trained_for(6, ""), bad[i][0], 0, &d));
        Buf b = buf_new(arena);
        diags_print(&d, &b);
        if (!strstr(buf_str(&b), bad[i][1])) fail_msg("%s", buf_str(&b));
    }
}

// What training drops out: between layers, of both directions, inside a head, before it.
static const char *const dropouts[] = {
    "cell: lstm, hidden: 3, layers: 2",
    "cell: gru, hidden: 3, layers: 2, direction: bidirectional",
    "cell: lstm, hidden: 9",
};

static const char *dropping(const char *model) {
    return arena_printf(
        arena,
        "model: {%s, head: softmax, classes: 3, loss: cross-entropy, loss_at: last, "
        "dropout: 0.4}\n"
        "data: {inputs: [1, -0.5, 0.3, 2], targets: [1]}\n"
        "weights: {seed: 4}\n"
        "train: {optimizer: adam, rate: 0.05, steps: 5}\n",
        model);
}

static void test_a_moment_with_dropout_runs_what_training_ran(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof dropouts / sizeof *dropouts; i++) {
        const Lesson *l = load(dropping(dropouts[i]), "");
        assert_int_equal(l->graph->n_masks, 0);
        for (int t = 1; t <= 5; t++) {
            const Lesson *m = open(l, t);
            const char *why;
            if (!graph_check(m->graph, &why)) fail_msg("%s", why);
            assert_true(m->graph->n_masks > 0);
            assert_true(trace_loss(m->trace) == history_losses(l->history)[t - 1]);
            for (int k = 0; k < m->graph->n_weights; k++) // 0 may be -0
                assert_true(trace_param_grads(m->trace)[k] == m->update->grad[k]);
        }
    }
}

static void test_a_moment_goes_back_in_the_pieces_of_training(void **state) {
    (void)state;
    static const char text[] =
        "model: {cell: lstm, hidden: 3, head: softmax, loss: cross-entropy%s}\n"
        "data: {inputs: [1, 2, 3, 4, 5], targets: [0, 1, 1, 0, 1]}\n"
        "train: {optimizer: adam, rate: 0.05, steps: 4, truncate: 2}\n";
    static const char *const more[] = {"", ", direction: bidirectional"};
    for (int k = 0; k < 2; k++) {
        const Lesson *l = load(arena_printf(arena, text, more[k]), ""), *m = open(l, 3);
        assert_null(m->proof);
        assert_int_equal(trace_piece(m->trace), 2);
        assert_int_equal(trace_piece(l->trace), 0);
        for (int i = 0; i < m->graph->n_weights; i++)
            assert_true(trace_param_grads(m->trace)[i] == m->update->grad[i]);
        // of c at timestep 2 nothing comes from 3, where the second piece begins
        int c = m->graph->equations[graph_find_equation(m->graph, "c")].node, paths, cuts;
        explain_paths(arena, m, c, 2, 1, &paths);
        explain_cuts(arena, m, c, 2, &cuts);
        assert_true(paths == 1 && cuts == 1);
        explain_cuts(arena, m, c, 1, &cuts);
        assert_int_equal(cuts, 0);
    }
}

static void test_gradients_through_masks_are_those_of_central_differences(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof dropouts / sizeof *dropouts; i++) {
        const Lesson *m = open(load(dropping(dropouts[i]), ""), 3);
        GradCheck *rows = ARENA_ARRAY(arena, GradCheck, m->graph->n_params);
        gradcheck(arena, m->graph, &m->sequence, m->params, rows);
        for (int p = 0; p < m->graph->n_params; p++) assert_true(rows[p].worst < GRADCHECK_BOUND);
    }
}

static void test_a_step_of_dropout_is_a_number_times_its_mask(void **state) {
    (void)state;
    const Lesson *l = load(trained_for(6, ""), ""), *m = l;
    Playhead at;
    const char *why;
    assert_false(moment_find(arena, &m, "forward:2:h_drop", &at, &why));
    assert_true(moment_find(arena, &m, "@4/forward:2:layer2.h_drop", &at, &why));
    assert_string_equal(address_format(arena, m->walk, at, GRAIN_EQUATION),
                        "@4/forward:2:layer2.h_drop");
    const Equation *dropout = graph_dropout(m->graph, walk_step(m->walk, at.at - 1).node);
    int h = graph_find_equation(m->graph, "layer2.h"), dropped = 0;
    for (int place = 1; place <= 5; place++)
        for (int u = 0; u < 3; u++) {
            double mask = trace_value(m->trace, dropout->mask, place)[u];
            double value = trace_value(m->trace, m->graph->equations[h].node, place)[u];
            dropped += mask == 0;
            assert_true(mask == 0 || mask == 1.0 / (1.0 - 0.2));
            assert_true(trace_value(m->trace, dropout->node, place)[u] == value * mask);
        }
    assert_in_range(dropped, 1, 14);
}

static void test_a_step_is_found_again_with_and_without_masks(void **state) {
    (void)state;
    const Lesson *l = load(trained_for(6, ""), ""), *m = open(l, 4);
    assert_true(walk_count(m->walk) > walk_count(l->walk));
    for (int i = 0; i <= walk_count(l->walk); i++) {
        Playhead there = moment_step(l, 0, 4, (Playhead){i, 0});
        assert_int_equal(moment_step(m, 4, 0, there).at, i);
        const char *name = address_format(arena, m->walk, there, GRAIN_OPERATION);
        if (i)
            assert_string_equal(strchr(name, '/') + 1,
                                address_format(arena, l->walk, (Playhead){i, 0}, GRAIN_OPERATION));
    }
    Playhead drop, back, plain;
    int moment;
    const char *why;
    assert_true(moment_read(arena, l, "@4/backward:2:h_drop[2]", &moment, &drop, &why));
    assert_true(moment_read(arena, l, "backward:2:h", &moment, &plain, &why));
    back = moment_step(l, 4, 0, drop);
    assert_string_equal(address_format(arena, l->walk, back, GRAIN_UNIT), "backward:2:h.2[2]");
}

static int begin(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int end(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_a_moment_is_the_lesson_trained_for_fewer_steps),
        RUN(test_the_update_of_a_moment_leads_to_the_next_one),
        RUN(test_moment_0_is_the_lesson_after_training),
        RUN(test_an_optimizer_step_that_is_not_there_is_refused),
        RUN(test_a_stopped_training_has_the_steps_it_took),
        RUN(test_a_replay_that_is_stopped_opens_nothing),
        RUN(test_addresses_open_their_moment),
        RUN(test_a_moment_says_whose_gradient_its_update_takes),
        RUN(test_scenes_open_in_their_moments),
        RUN(test_a_run_of_frames_goes_through_training),
        RUN(test_a_scene_may_focus_on_what_is_dropped_out),
        RUN(test_mistaken_addresses_of_scenes_are_told),
        RUN(test_a_moment_with_dropout_runs_what_training_ran),
        RUN(test_a_moment_goes_back_in_the_pieces_of_training),
        RUN(test_gradients_through_masks_are_those_of_central_differences),
        RUN(test_a_step_of_dropout_is_a_number_times_its_mask),
        RUN(test_a_step_is_found_again_with_and_without_masks),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
