// The one function that changes the state, on a real lesson, without a window.
#include <stdio.h>
#include <string.h>

#include "app/state.h"
#include "app/step_reason.h"
#include "check.h"
#include "core/address.h"

static const char cell_file[] = "build/assets/cells/lstm.cell";

typedef struct {
    Arena *arena, *scratch;
    World world;
} Fixture;

static Fixture fixture;

static int begin(void **state) {
    Fixture *f = &fixture;
    *f = (Fixture){.arena = arena_new(), .scratch = arena_new()};
    static const Places places = {"build/assets", "lessons"};
    Diags mistakes = diags_new(f->arena);
    f->world.lesson = lesson_load(f->arena, cell_file, &places, NULL, NULL, &mistakes);
    f->world.scratch = f->scratch;
    *state = f;
    return f->world.lesson ? 0 : -1;
}

static int end(void **state) {
    Fixture *f = *state;
    arena_free(f->arena);
    arena_free(f->scratch);
    return 0;
}

static AppState run(const Fixture *f, AppState s, Action a) {
    return app_update(s, a, &f->world);
}

static AppState run_text(const Fixture *f, AppState s, ActionKind kind, const char *text) {
    Action a = action(kind);
    a.text = text;
    return app_update(s, a, &f->world);
}

static AppState opened(const Fixture *f) {
    return run(f, app_state_new(), action(ACT_LOADED));
}

static void test_a_new_state_is_paused_on_the_chooser(void **state) {
    (void)state;
    AppState s = app_state_new();
    assert_int_equal(s.screen, SCREEN_CHOOSER);
    assert_false(s.playing);
}

static void test_opening_a_lesson_never_starts_it(void **state) {
    AppState s = opened(*state);
    assert_int_equal(s.screen, SCREEN_LESSON);
    assert_false(s.playing);
}

static void test_every_action_has_a_handler_that_survives_every_screen(void **state) {
    const Fixture *f = *state;
    AppState screens[] = {app_state_new(), opened(f), opened(f), opened(f),
                          opened(f),       opened(f), opened(f)};
    screens[2] = run(f, screens[2], action(ACT_HELP));
    screens[3] = run(f, screens[3], action(ACT_ASK_ADDRESS));
    screens[4] = run_text(f, screens[4], ACT_FAILED, "x.md");
    screens[5] = run(f, screens[5], action(ACT_EXPORT));
    screens[6] = run(f, screens[5], action_with(ACT_EXPORT_FIELD, SET_NAME));
    for (size_t i = 0; i < sizeof screens / sizeof *screens; i++)
        for (int k = 0; k < ACT_COUNT; k++)
            for (int arg = -2; arg < 7; arg++) {
                Action a = action_with((ActionKind)k, arg);
                a.text = "forward:1";
                a.number = arg;
                a.ref = ref_control(ACT_PHASE, arg);
                AppState s = run(f, screens[i], a);
                assert_true(s.at.at >= 0 && s.at.at <= walk_count(f->world.lesson->walk));
                assert_true(s.scroll >= 0);
                assert_true(s.theme < THEME_COUNT && s.lang < LANG_COUNT && s.grain < GRAIN_COUNT);
                assert_true(s.zoom >= 0 && s.zoom < ZOOM_COUNT);
            }
}

static void test_the_same_action_gives_the_same_state(void **state) {
    const Fixture *f = *state;
    AppState s = opened(f), before = s;
    AppState one = run(f, s, action(ACT_STEP_FORWARD)), two = run(f, s, action(ACT_STEP_FORWARD));
    assert_int_equal(one.at.at, two.at.at);
    assert_memory_equal(&s, &before, sizeof s);
}

static void test_back_undoes_forward_at_every_grain_and_step(void **state) {
    const Fixture *f = *state;
    for (int g = 0; g < GRAIN_OPTIMIZER; g++) { // which goes through training, see below
        AppState s = run(f, opened(f), action(ACT_FIRST));
        s = run(f, s, action_with(ACT_GRAIN, g));
        for (int guard = 0; guard < 100000; guard++) {
            AppState next = run(f, s, action(ACT_STEP_FORWARD));
            if (next.at.at == s.at.at && next.at.unit == s.at.unit) break;
            AppState back = run(f, next, action(ACT_STEP_BACK));
            assert_int_equal(back.at.at, s.at.at);
            assert_int_equal(back.at.unit, s.at.unit);
            s = next;
        }
        assert_int_equal(s.at.at, walk_count(f->world.lesson->walk));
    }
}

static void test_play_steps_on_ticks_and_stops_at_the_end(void **state) {
    const Fixture *f = *state;
    AppState s = run(f, opened(f), action(ACT_LAST));
    s = run(f, s, action(ACT_STEP_BACK));
    s = run(f, s, action(ACT_TICK));
    assert_int_not_equal(s.at.at, walk_count(f->world.lesson->walk)); // it is not playing
    s = run(f, s, action(ACT_PLAY));
    s = run(f, s, action(ACT_TICK));
    s = run(f, s, action(ACT_TICK));
    assert_int_equal(s.at.at, walk_count(f->world.lesson->walk));
    assert_false(s.playing);
}

static void test_goto_goes_and_a_wrong_address_says_why(void **state) {
    const Fixture *f = *state;
    AppState s = run_text(f, opened(f), ACT_GOTO, "backward:2:c");
    assert_string_equal(address_format(f->scratch, f->world.lesson->walk, s.at, GRAIN_EQUATION),
                        "backward:2:c");
    AppState wrong = run_text(f, s, ACT_GOTO, "sideways:2");
    assert_int_equal(wrong.at.at, s.at.at);
    assert_true(strlen(wrong.toast) > 0);
    assert_int_equal(wrong.toasts, s.toasts + 1);
}

static void test_a_wrong_address_is_told_in_the_language_shown(void **state) {
    const Fixture *f = *state;
    static const char *const wrong[] = {
        "sideways:2",   "forwart:2",     "forward:x",        "forward:9",      "forward:0:f",
        "forward:3:zz", "forward:3:ff",  "forward:3:f.9",    "forward:3:c[9]", "forward:3:f[0]",
        "forward:3:f[", "forward:3:W_f", "backward:2:W_f.1", "loss:1:f",       "forward:2:loss",
        "update:1:W_f", "@3/forward:2",  "@0/forward:1",     "@x/forward:1",   "forward:3:f.0"};
    AppState zh = run(f, opened(f), action_with(ACT_LANGUAGE, LANG_ZH));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        AppState s = run_text(f, zh, ACT_GOTO, wrong[i]);
        assert_true(s.toasts > zh.toasts);
        bool chinese = false;
        for (const char *c = s.toast; *c; c++) chinese |= (unsigned char)*c >= 0xE3;
        if (!chinese) fail_msg("%s: %s", wrong[i], s.toast);
    }
    assert_string_equal(step_reason(f->scratch, "there is no 'ff' here; is 'f' meant?", LANG_ZH),
                        "这里没有“ff”；是指“f”吗？");
    assert_string_equal(step_reason(f->scratch, "f has 3 operations, so there is no f.4", LANG_ZH),
                        "f 有 3 步运算，没有 f.4");
    assert_string_equal(step_reason(f->scratch, "something else", LANG_ZH), "something else");
    assert_string_equal(step_reason(f->scratch, "there is no 'a' here", LANG_EN),
                        "there is no 'a' here");
}

static void test_the_field_takes_letters_and_keeps_a_wrong_address_open(void **state) {
    const Fixture *f = *state;
    AppState s = run(f, opened(f), action(ACT_ASK_ADDRESS));
    s = run_text(f, s, ACT_TYPE, "forward:9遗");
    s = run(f, s, action(ACT_ERASE)); // a whole character
    assert_string_equal(s.field, "forward:9");
    s = run(f, s, action(ACT_SUBMIT));
    assert_int_equal(s.dialog, DIALOG_ADDRESS);
    assert_true(strlen(s.field_error) > 0);
    s = run(f, s, action(ACT_ERASE));
    s = run_text(f, s, ACT_TYPE, "3");
    s = run(f, s, action(ACT_SUBMIT));
    assert_int_equal(s.dialog, DIALOG_NONE);
    assert_string_equal(address_format(f->scratch, f->world.lesson->walk, s.at, GRAIN_TIMESTEP),
                        "forward:3");
}

static void test_a_field_never_overflows(void **state) {
    const Fixture *f = *state;
    AppState s = run(f, opened(f), action(ACT_ASK_ADDRESS));
    for (int i = 0; i < 300; i++) s = run_text(f, s, ACT_TYPE, "遗");
    assert_true(strlen(s.field) < MAX_FIELD_BYTES);
    assert_int_equal(strlen(s.field) % 3, 0);
}

static void test_a_click_pins_a_number_and_again_lets_it_go(void **state) {
    const Fixture *f = *state;
    Action a = action(ACT_CLICK);
    a.ref = ref_value(f->world.lesson->graph->output, 2, 1);
    AppState s = run(f, opened(f), a);
    assert_true(ref_same(s.pinned, a.ref));
    assert_int_equal(run(f, s, a).pinned.kind, REF_NONE);
    assert_int_equal(run(f, s, action(ACT_ESCAPE)).pinned.kind, REF_NONE);
    s = run(f, s, action(ACT_STEP_FORWARD)); // what a hand pinned stays
    assert_true(ref_same(s.pinned, a.ref));
}

static void test_enter_on_the_ring_does_what_a_click_does(void **state) {
    Fixture *f = *state;
    const Stop stops[] = {{ref_control(ACT_THEME, THEME_DARK), {0, 0, 9, 9}, 0},
                          {ref_control(ACT_LANGUAGE, LANG_ZH), {0, 0, 9, 9}, 0}};
    f->world.stops = stops;
    f->world.n_stops = 2;
    AppState s = run(f, opened(f), action(ACT_FOCUS_NEXT));
    assert_int_equal(run(f, s, action(ACT_ACTIVATE)).theme, THEME_DARK);
    s = run(f, s, action(ACT_FOCUS_NEXT));
    assert_int_equal(run(f, s, action(ACT_ACTIVATE)).lang, LANG_ZH);
    s = run(f, s, action(ACT_FOCUS_NEXT)); // around
    assert_true(ref_same(s.key_focus, stops[0].ref));
    s = run(f, s, action(ACT_FOCUS_PREVIOUS));
    assert_true(ref_same(s.key_focus, stops[1].ref));
    f->world.n_stops = 0;
}

static void test_scrubbing_reaches_every_step_and_matches_its_share(void **state) {
    const Fixture *f = *state;
    const Walk *w = f->world.lesson->walk;
    for (int at = 0; at <= walk_count(w); at++) {
        double share = scrub_share(w, at);
        assert_true(share >= 0 && share <= 1);
        assert_int_equal(scrub_at(w, share), at);
    }
    Action a = action(ACT_SCRUB);
    a.number = 1;
    AppState s = run(f, opened(f), a);
    assert_int_equal(s.at.at, walk_count(w));
    assert_true(s.scrubbing);
    assert_false(run(f, s, action(ACT_RELEASE)).scrubbing);
}

static void test_reading_a_lesson_again_keeps_the_playhead(void **state) {
    const Fixture *f = *state;
    AppState s = run_text(f, opened(f), ACT_GOTO, "backward:2:c");
    Action again = action_with(ACT_LOADED, 0);
    again.text = "backward:2:c";
    AppState after = run(f, s, again);
    assert_int_equal(after.at.at, s.at.at);
    again.text = "backward:2:gone"; // the equation is no more
    assert_int_equal(run(f, s, again).screen, SCREEN_LESSON);
}

static void test_mistakes_show_and_the_chooser_is_one_key_away(void **state) {
    const Fixture *f = *state;
    AppState s = run_text(f, opened(f), ACT_FAILED, "wrong.md");
    assert_int_equal(s.screen, SCREEN_MISTAKES);
    assert_string_equal(s.lesson_path, "wrong.md");
    assert_int_equal(run(f, s, action(ACT_RELOAD)).want, WANT_RELOAD);
    assert_int_equal(run(f, s, action(ACT_CHOOSER)).screen, SCREEN_CHOOSER);
}

// ---- questions: a scene of two, put into the lesson of the fixture

typedef struct {
    LessonScene scene;
    AskBlock asks[2];
    Lesson lesson;
    World world;
} Asking;

static Asking asking(const Fixture *f) {
    return (Asking){.asks = {{.kind = ASK_NUMBER, .of = "f[1] at forward:2", .tolerance = 0.05},
                             {.kind = ASK_CLICK, .of = "c[1] at forward:2"}},
                    .lesson = *f->world.lesson,
                    .world = f->world};
}

static AppState open_asking(Asking *q) {
    q->scene = (LessonScene){.title = "", .asks = q->asks, .n_asks = 2};
    q->lesson.scenes[LANG_EN] = q->lesson.scenes[LANG_ZH] = &q->scene;
    q->lesson.n_scenes = 1;
    q->world.lesson = &q->lesson;
    return app_update(app_state_new(), action(ACT_LOADED), &q->world);
}

static AppState type_digits(AppState s, const char *digits, const World *w) {
    for (const char *c = digits; *c; c++) {
        char one[2] = {*c, '\0'};
        Action a = action(ACT_TYPE);
        a.text = one;
        s = app_update(s, a, w);
    }
    return s;
}

static void test_a_guess_is_made_revealed_and_made_again(void **state) {
    Asking q = asking(*state);
    AppState s = open_asking(&q);
    Action a = action_with(ACT_ASK_GUESS, 0);
    a.number = 0.25;
    s = app_update(s, a, &q.world);
    assert_int_equal(s.guesses[0].stage, GUESS_MADE);
    assert_true(s.guesses[0].number == 0.25);
    s = app_update(s, action(ACT_ACTIVATE), &q.world); // Enter
    assert_int_equal(s.guesses[0].stage, GUESS_REVEALED);
    a.number = 0.5; // too late
    s = app_update(s, a, &q.world);
    assert_true(s.guesses[0].number == 0.25);
    s = app_update(s, action_with(ACT_ASK_AGAIN, 0), &q.world);
    assert_int_equal(s.guesses[0].stage, GUESS_NONE);
}

static void test_the_number_asked_for_is_hidden_until_it_is_revealed(void **state) {
    Asking q = asking(*state);
    AppState s = open_asking(&q);
    View v = app_view(&s, &q.world);
    const Graph *g = q.lesson.graph;
    int f = g->equations[graph_find_equation(g, "f")].node;
    assert_true(view_hidden(&v, ref_value(f, 2, 1)));
    assert_false(view_hidden(&v, ref_value(f, 1, 1)) || view_hidden(&v, ref_grad(f, 2, 1)));
    s = app_update(s, action_with(ACT_ASK_REVEAL, 0), &q.world);
    v = app_view(&s, &q.world);
    assert_false(view_hidden(&v, ref_value(f, 2, 1)));
}

static void test_digits_are_typed_into_the_guess(void **state) {
    Asking q = asking(*state);
    AppState s = type_digits(open_asking(&q), "0.7", &q.world);
    assert_true(s.guesses[0].number == 0.7);
    assert_int_equal(s.key_focus.kind, REF_ASK);
    AppState odd = type_digits(s, ".-x5", &q.world); // what makes no number is not taken
    assert_true(odd.guesses[0].number == 0.75);
    s = app_update(s, action(ACT_ERASE), &q.world);
    s = app_update(s, action(ACT_ERASE), &q.world);
    s = app_update(s, action(ACT_ERASE), &q.world);
    assert_int_equal(s.guesses[0].stage, GUESS_NONE);
    s = type_digits(s, "99999999999999999999999999", &q.world); // and never overflows
    assert_true(strlen(s.guesses[0].typed) < GUESS_TYPED);
}

static void test_arrows_move_a_slider_in_focus_and_not_the_playhead(void **state) {
    Asking q = asking(*state);
    AppState s = type_digits(open_asking(&q), "0.5", &q.world);
    int at = s.at.at;
    s = app_update(s, action(ACT_STEP_FORWARD), &q.world);
    CHECK_NEAR(s.guesses[0].number, 0.52, 1e-9);
    s = app_update(s, action(ACT_STEP_BACK), &q.world);
    CHECK_NEAR(s.guesses[0].number, 0.5, 1e-9);
    assert_int_equal(s.at.at, at);
    s = app_update(s, action(ACT_ESCAPE), &q.world);
    s = app_update(s, action(ACT_STEP_FORWARD), &q.world);
    assert_int_equal(s.at.at, at + 1);
}

static void test_a_dragged_slider_is_held_until_release(void **state) {
    Asking q = asking(*state);
    Action a = action_with(ACT_ASK_DRAG, 0);
    a.number = 0.3;
    AppState s = app_update(open_asking(&q), a, &q.world);
    assert_int_equal(s.dragging, 1);
    CHECK_NEAR(s.guesses[0].number, 0.3, 1e-9);
    s = app_update(s, action(ACT_RELEASE), &q.world);
    assert_int_equal(s.dragging, 0);
}

static void test_a_click_on_the_stage_answers_a_question_that_wants_one(void **state) {
    Asking q = asking(*state);
    const Graph *g = q.lesson.graph;
    Action a = action(ACT_CLICK);
    a.ref = ref_value(g->equations[graph_find_equation(g, "c")].node, 2, 1);
    AppState s = app_update(open_asking(&q), a, &q.world);
    assert_int_equal(s.guesses[1].stage, GUESS_MADE);
    s = app_update(s, action(ACT_ACTIVATE), &q.world);
    assert_int_equal(s.guesses[1].stage, GUESS_REVEALED);
    View v = app_view(&s, &q.world);
    assert_true(ref_same(v.marked, a.ref));
}

static void test_reading_again_keeps_guesses_of_questions_that_stayed(void **state) {
    Asking q = asking(*state);
    AppState s = type_digits(open_asking(&q), "0.7", &q.world);
    s = app_update(s, action_with(ACT_ASK_REVEAL, 1), &q.world);
    q.asks[0].of = "f[2] at forward:2"; // the author changed the first one
    s = app_update(s, action(ACT_LOADED), &q.world);
    assert_int_equal(s.guesses[0].stage, GUESS_NONE);
    assert_int_equal(s.guesses[1].stage, GUESS_REVEALED);
}

static void test_the_scale_leaves_room_in_every_window(void **state) {
    (void)state;
    static const int sizes[][2] = {
        {1024, 640}, {1280, 800}, {1600, 1000}, {1920, 1080}, {3840, 2160}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int z = 0; z < ZOOM_COUNT; z++) {
            AppState s = app_state_new();
            s.width = sizes[i][0];
            s.height = sizes[i][1];
            s.zoom = z;
            assert_true(s.width / app_scale(&s) >= MIN_WIDTH - 1e-9);
            assert_true(s.height / app_scale(&s) >= MIN_HEIGHT - 1e-9);
        }
}

static void test_a_text_is_cut_between_characters(void **state) {
    (void)state;
    char small[6];
    state_put(small, sizeof small, "遗忘门");
    assert_string_equal(small, "遗");
}

static void test_a_scene_that_stands_at_its_focus_pins_nothing(void **state) {
    (void)state;
    Arena *a = arena_new();
    static const Places places = {"build/assets", "lessons"};
    Diags mistakes = diags_new(a);
    World w = {.lesson = lesson_load(a, "lessons/01-forward.md", &places, NULL, NULL, &mistakes),
               .scratch = a};
    assert_non_null(w.lesson);
    AppState s = app_update(app_state_new(), action(ACT_LOADED), &w);
    for (int k = 0; k < w.lesson->n_scenes; k++) {
        s = app_update(s, action_with(ACT_SCENE, k), &w);
        const StepBlock *block = &w.lesson->scenes[LANG_EN][k].step;
        if (!block->focus || strcmp(block->at, "forward:1:g") != 0) continue;
        assert_int_equal(s.pinned.kind, REF_NONE); // focus: [i, g], and the step is g
        arena_free(a);
        return;
    }
    fail_msg("no such scene");
}

static AppState pass(const Fixture *f, AppState s, double ms) {
    Action a = action(ACT_PASS);
    a.number = ms;
    return run(f, s, a);
}

static bool moves_after(const Fixture *f, AppState s, Action a) {
    s = run(f, s, a);
    return app_moves(&s);
}

static void test_a_step_moves_until_its_time_has_passed(void **state) {
    const Fixture *f = *state;
    AppState s = run(f, run(f, opened(f), action(ACT_FIRST)), action(ACT_STEP_FORWARD));
    assert_true(app_moves(&s));
    assert_int_equal(s.at.at, 1); // the state is there at once
    assert_int_equal(app_before(&s).at.at, 0);
    s = pass(f, s, s.moving.length - 1);
    assert_true(app_moves(&s));
    s = pass(f, s, 1);
    assert_false(app_moves(&s));
    assert_true(s.moving.length == 0);
}

static void test_any_key_ends_a_motion_and_goes_on(void **state) {
    const Fixture *f = *state;
    AppState s = run(f, run(f, opened(f), action(ACT_FIRST)), action(ACT_STEP_FORWARD));
    assert_false(moves_after(f, s, action(ACT_THEME)));
    assert_false(moves_after(f, s, action(ACT_HELP)));
    assert_true(moves_after(f, s, action(ACT_HOVER)));
    assert_true(moves_after(f, s, action(ACT_RELEASE)));
    assert_true(moves_after(f, s, action_with(ACT_RESIZE, 900)));
}

static void test_a_key_held_down_does_not_lag(void **state) {
    const Fixture *f = *state;
    AppState s = run(f, opened(f), action(ACT_FIRST));
    for (int k = 0; k < 12; k++) {
        s = run(f, s, action(ACT_STEP_FORWARD));
        assert_int_equal(s.at.at, k + 1);
        assert_int_equal(app_moves(&s), k == 0);
        s = pass(f, s, 33);
    }
    s = pass(f, s, 1000);
    s = run(f, s, action(ACT_STEP_FORWARD));
    assert_true(app_moves(&s));
}

static void test_only_single_steps_move(void **state) {
    const Fixture *f = *state;
    AppState s = run(f, opened(f), action(ACT_FIRST));
    s = run_text(f, s, ACT_GOTO, "backward:1:c");
    assert_false(app_moves(&s));
    Action drag = action(ACT_SCRUB);
    drag.number = 0.3;
    assert_false(moves_after(f, s, drag));
    AppState back = run(f, s, action(ACT_STEP_BACK));
    assert_true(app_moves(&back));
    AppState again = run(f, pass(f, back, 1000), action(ACT_STEP_FORWARD));
    assert_true(again.moving.length > back.moving.length);
    s = run(f, s, action_with(ACT_GRAIN, GRAIN_PHASE));
    assert_false(moves_after(f, s, action(ACT_STEP_FORWARD)));
}

static void test_play_leaves_a_pause_after_each_motion(void **state) {
    const Fixture *f = *state;
    for (int speed = 0; speed < SPEED_COUNT; speed++) {
        AppState s = run(f, run(f, opened(f), action(ACT_FIRST)), action_with(ACT_SPEED, speed));
        s = run(f, run(f, s, action(ACT_PLAY)), action(ACT_TICK));
        assert_int_equal(s.at.at, 1);
        assert_true(s.moving.length <= 0.7 * 1000 / play_speeds[speed]);
        assert_true(s.moving.length == 0 || s.moving.length >= MOTION_LEAST);
    }
}

static void test_the_switch_turns_motion_off(void **state) {
    const Fixture *f = *state;
    AppState s = run(f, run(f, opened(f), action(ACT_FIRST)), action(ACT_MOTION));
    assert_false(s.motion);
    assert_true(s.toast[0] != '\0');
    assert_false(moves_after(f, s, action(ACT_STEP_FORWARD)));
    assert_true(run(f, s, action_with(ACT_MOTION, 1)).motion);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_a_new_state_is_paused_on_the_chooser),
        RUN(test_opening_a_lesson_never_starts_it),
        RUN(test_every_action_has_a_handler_that_survives_every_screen),
        RUN(test_the_same_action_gives_the_same_state),
        RUN(test_back_undoes_forward_at_every_grain_and_step),
        RUN(test_play_steps_on_ticks_and_stops_at_the_end),
        RUN(test_goto_goes_and_a_wrong_address_says_why),
        RUN(test_a_wrong_address_is_told_in_the_language_shown),
        RUN(test_the_field_takes_letters_and_keeps_a_wrong_address_open),
        RUN(test_a_field_never_overflows),
        RUN(test_a_click_pins_a_number_and_again_lets_it_go),
        RUN(test_enter_on_the_ring_does_what_a_click_does),
        RUN(test_scrubbing_reaches_every_step_and_matches_its_share),
        RUN(test_reading_a_lesson_again_keeps_the_playhead),
        RUN(test_mistakes_show_and_the_chooser_is_one_key_away),
        RUN(test_a_guess_is_made_revealed_and_made_again),
        RUN(test_the_number_asked_for_is_hidden_until_it_is_revealed),
        RUN(test_digits_are_typed_into_the_guess),
        RUN(test_arrows_move_a_slider_in_focus_and_not_the_playhead),
        RUN(test_a_scene_that_stands_at_its_focus_pins_nothing),
        RUN(test_a_dragged_slider_is_held_until_release),
        RUN(test_a_click_on_the_stage_answers_a_question_that_wants_one),
        RUN(test_reading_again_keeps_guesses_of_questions_that_stayed),
        RUN(test_the_scale_leaves_room_in_every_window),
        RUN(test_a_text_is_cut_between_characters),
        RUN(test_a_step_moves_until_its_time_has_passed),
        RUN(test_any_key_ends_a_motion_and_goes_on),
        RUN(test_a_key_held_down_does_not_lag),
        RUN(test_only_single_steps_move),
        RUN(test_play_leaves_a_pause_after_each_motion),
        RUN(test_the_switch_turns_motion_off),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
