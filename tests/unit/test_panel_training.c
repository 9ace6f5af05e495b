// The training panel: drawn within its room for any training, in both languages.
#include <math.h>
#include <string.h>

#include "check.h"
#include "core/history.h"
#include "made_lesson.h"
#include "view/text.h"
#include "view/training_curve.h"

enum { LENGTHS = 6 };

typedef struct {
    Arena *arena;
    TextEngine *text;
    Lesson *lesson;
} Fixture;

static const Sequence *same(void *context, int64_t i) {
    (void)i;
    return context;
}

static Fixture begin(int steps) {
    Fixture f = {arena_new(), text_engine_fixed(), NULL};
    MadeSpec m = {"assets/cells/lstm.cell", 3, 4, 1, false, false};
    Lesson *l = f.lesson = made_lesson(f.arena, m);
    l->train = train_spec(OPTIM_SGD);
    l->train.steps = steps;
    TrainJob job = {l->graph, &l->train, same, &l->sequence};
    History *h = history_new(f.arena, &job, HISTORY_MAX_BYTES);
    Trained at;
    double *params = ARENA_ARRAY(f.arena, double, l->graph->n_weights);
    memcpy(params, l->params, (size_t)l->graph->n_weights * sizeof *params);
    history_train(h, NULL, NULL, params, &at);
    l->history = h;
    l->untrained = trace_loss(l->trace);
    return f;
}

static void end(Fixture *f) {
    text_engine_free(f->text);
    arena_free(f->arena);
}

static Scene draw(const Fixture *f, Lang lang, double w, double h) {
    View v = {.lesson = f->lesson, .lang = lang, .grain = GRAIN_OPERATION};
    Scene s = scene_new(f->arena, f->text, w, h);
    stage_draw_panel(&s, &v, PANEL_TRAINING, (Box){0, 0, w, h});
    return s;
}

/// The losses, changed after the fact.
static double *losses_of(const Fixture *f) {
    return (double *)history_losses(f->lesson->history);
}

static void check_sizes(const Fixture *f) {
    static const double sizes[][2] = {{212, 560}, {300, 250}, {400, 900}, {900, 380}, {260, 110}};
    int steps = history_steps(f->lesson->history), moments[] = {0, 1, (steps + 1) / 2, steps};
    for (int lang = 0; lang < LANG_COUNT; lang++)
        for (int m = 0; m < 4; m++)
            for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
                f->lesson->moment = moments[m];
                Scene s = draw(f, (Lang)lang, sizes[i][0], sizes[i][1]);
                Buf out = buf_new(f->arena);
                if (scene_collisions(&s, &out) > 0)
                    fail_msg("%d steps, at %d, %.0f x %.0f:\n%s", steps, moments[m], sizes[i][0],
                             sizes[i][1], buf_str(&out));
            }
}

static void test_nothing_stands_on_anything_else(void **state) {
    (void)state;
    static const int lengths[LENGTHS] = {1, 2, 7, 60, 700, 5000};
    for (int k = 0; k < LENGTHS; k++) {
        Fixture f = begin(lengths[k]);
        for (int log = 0; log < 2; log++) {
            for (int t = 0; t < lengths[k]; t++)
                losses_of(&f)[t] = log ? pow(0.99, t % 2000) : 0.6 + 0.1 * (t % 3);
            check_sizes(&f);
        }
        end(&f);
    }
}

static const Shape *labelled(const Scene *s, const char *begins) {
    for (int k = 0; k < s->count; k++)
        if (s->shapes[k].label && strncmp(s->shapes[k].label, begins, strlen(begins)) == 0)
            return &s->shapes[k];
    return NULL;
}

static bool says(const Scene *s, const char *text) {
    for (int k = 0; k < s->count; k++)
        if (s->shapes[k].text && strstr(s->shapes[k].text, text)) return true;
    return false;
}

static void test_the_curve_says_what_it_shows(void **state) {
    (void)state;
    Fixture f = begin(50);
    for (int t = 0; t < 50; t++) losses_of(&f)[t] = 0.75 - 0.01 * t;
    f.lesson->moment = 20;
    Scene en = draw(&f, LANG_EN, 400, 600), zh = draw(&f, LANG_ZH, 400, 600);
    assert_non_null(labelled(&en, "The loss over 50 optimizer steps: from 0.7500 to 0.2600"));
    assert_non_null(labelled(&zh, "50 个优化步的损失曲线：从 0.7500 到 0.2600"));
    assert_true(says(&en, "Before step 20") && says(&zh, "第 20 步之前"));
    assert_true(says(&en, "linear scale") && says(&en, "@20") && says(&en, "64 MiB at most"));
    for (int t = 0; t < 50; t++) losses_of(&f)[t] = pow(0.8, t);
    en = draw(&f, LANG_EN, 400, 600);
    assert_true(says(&en, "log scale"));
    end(&f);
}

static void test_losses_that_are_no_numbers_are_told_and_leave_a_gap(void **state) {
    (void)state;
    Fixture f = begin(30);
    losses_of(&f)[11] = NAN;
    losses_of(&f)[12] = INFINITY;
    check_sizes(&f);
    f.lesson->moment = 0;
    Scene s = draw(&f, LANG_EN, 400, 600);
    assert_true(says(&s, "from step 12 on"));
    int moves = 0;
    const Shape *curve = labelled(&s, "The loss over");
    for (int k = 0; k < curve->n_path; k++) moves += curve->path[k].verb == PATH_MOVE;
    assert_int_equal(moves, 2);
    assert_int_equal(curve->n_path, 28);
    for (int t = 0; t < 30; t++) losses_of(&f)[t] = NAN;
    check_sizes(&f);
    end(&f);
}

static void test_a_share_of_the_width_is_a_step_and_back(void **state) {
    (void)state;
    Fixture f = begin(7);
    for (int t = 0; t <= 7; t++)
        assert_int_equal(training_moment_at(f.lesson, training_share(f.lesson, t)), t);
    assert_int_equal(training_moment_at(f.lesson, -3), 1);
    assert_int_equal(training_moment_at(f.lesson, 3), 0);
    end(&f);
}

static void test_a_lesson_without_training_says_so(void **state) {
    (void)state;
    Fixture f = begin(1);
    f.lesson->history = NULL;
    Scene s = draw(&f, LANG_EN, 400, 600);
    assert_true(says(&s, "This lesson is not trained"));
    end(&f);
}

// ---- its place on the stage

static StageLayout layout(const Fixture *f, const char *const *panels, bool tabs, int side) {
    f->lesson->panels = panels;
    View v = {.lesson = f->lesson, .tabs = tabs, .side = side};
    return stage_layout(&v, (Box){0, 0, 1600, 1000});
}

static void test_one_panel_at_a_time_stands_at_the_side(void **state) {
    (void)state;
    Fixture f = begin(3);
    static const char *const both[] = {"cell", "training", "value", NULL};
    static const char *const value[] = {"cell", "value", NULL}, *const none[] = {"cell", NULL};
    StageLayout l = layout(&f, both, false, 0);
    assert_true(l.box[PANEL_TRAINING].w > 0 && l.box[PANEL_VALUE].w == 0 && l.tabs.h == 0);
    l = layout(&f, value, false, PANEL_TRAINING); // a choice is for tabs
    assert_true(l.box[PANEL_TRAINING].w == 0 && l.box[PANEL_VALUE].w > 0);
    l = layout(&f, value, true, PANEL_TRAINING);
    assert_true(l.box[PANEL_TRAINING].w > 0 && l.box[PANEL_VALUE].w == 0);
    assert_true(l.n_tabs == 5 && l.tabs.h > 0 && l.tabs.y == l.box[PANEL_TRAINING].y);
    l = layout(&f, none, true, PANEL_TRAINING);
    assert_true(l.box[PANEL_TRAINING].w == 0 && l.n_tabs == 0);
    f.lesson->history = NULL; // then there is nothing in it to choose
    l = layout(&f, value, true, PANEL_TRAINING);
    assert_true(l.box[PANEL_VALUE].w > 0 && l.n_tabs == 4);
    assert_int_equal(l.tab[3], PANEL_MEMORY);
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_nothing_stands_on_anything_else),
        RUN(test_the_curve_says_what_it_shows),
        RUN(test_losses_that_are_no_numbers_are_told_and_leave_a_gap),
        RUN(test_a_share_of_the_width_is_a_step_and_back),
        RUN(test_a_lesson_without_training_says_so),
        RUN(test_one_panel_at_a_time_stands_at_the_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
