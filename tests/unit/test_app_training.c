// Going through training in the window: the same step of the walk in another optimizer step.
#include <string.h>

#include "app/input.h"
#include "check.h"
#include "lesson/moment.h"
#include "view/text.h"

typedef struct {
    Arena *arena;
    World world;
    int steps;
} Fixture;

static Fixture fixture;

static int begin(void **state) {
    Fixture *f = &fixture;
    *f = (Fixture){.arena = arena_new()};
    static const Places places = {"build/assets", "lessons"};
    Diags mistakes = diags_new(f->arena);
    f->world.lesson =
        lesson_load(f->arena, "lessons/01-forward.md", &places, NULL, NULL, &mistakes);
    f->world.scratch = f->arena;
    *state = f;
    if (!f->world.lesson) return -1;
    f->steps = moment_count(f->world.lesson);
    return f->steps > 3 ? 0 : -1;
}

static int end(void **state) {
    arena_free(((Fixture *)*state)->arena);
    return 0;
}

static AppState run(const Fixture *f, AppState s, Action a) {
    return app_update(s, a, &f->world);
}

static AppState go(const Fixture *f, AppState s, const char *address) {
    Action a = action(ACT_GOTO);
    a.text = address;
    return run(f, s, a);
}

static AppState opened(const Fixture *f) {
    return go(f, run(f, app_state_new(), action(ACT_LOADED)), "backward:2:c");
}

static void test_a_lesson_opens_after_training(void **state) {
    assert_int_equal(opened(*state).moment, 0);
}

static void test_keys_go_through_training_and_stay_at_the_step(void **state) {
    const Fixture *f = *state;
    AppState s = opened(f);
    Playhead at = s.at;
    for (int t = f->steps; t >= 1; t--) {
        s = run(f, s, input_key(&s, SDLK_LEFTBRACKET, false, false, false));
        assert_int_equal(s.moment, t);
    }
    s = run(f, s, action(ACT_MOMENT_PREVIOUS));
    assert_int_equal(s.moment, 1); // there is nothing before it
    for (int t = 2; t <= f->steps; t++) {
        s = run(f, s, input_key(&s, SDLK_o, false, false, false));
        assert_int_equal(s.moment, t);
    }
    s = run(f, s, action(ACT_MOMENT_NEXT));
    s = run(f, s, action(ACT_MOMENT_NEXT));
    assert_int_equal(s.moment, 0); // after training, which is the end
    assert_true(s.at.at == at.at && s.at.unit == at.unit);
}

static void test_addresses_name_the_optimizer_step(void **state) {
    const Fixture *f = *state;
    AppState s = go(f, opened(f), "@2/forward:3:f");
    assert_int_equal(s.moment, 2);
    s = go(f, s, "@3"); // the same step of the walk
    assert_int_equal(s.moment, 3);
    AppState plain = go(f, s, "forward:3:f");
    assert_int_equal(plain.moment, 0);
    assert_true(plain.at.at == s.at.at && plain.at.unit == s.at.unit);
    AppState wrong = go(f, s, "@99/forward:3:f");
    assert_int_equal(wrong.moment, 3);
    assert_non_null(strstr(wrong.toast, "there is no optimizer step 99"));
    assert_non_null(strstr(go(f, s, "@99").toast, "there is no optimizer step 99"));
    s = run(f, s, action(ACT_ASK_ADDRESS));
    assert_string_equal(s.field, "@3/");
}

static void test_arrows_at_the_coarsest_grain_go_through_training(void **state) {
    const Fixture *f = *state;
    AppState s = run(f, opened(f), action_with(ACT_GRAIN, GRAIN_PHASE));
    s = run(f, s, action(ACT_GRAIN_COARSER));
    assert_int_equal(s.grain, GRAIN_OPTIMIZER);
    s = run(f, s, action(ACT_GRAIN_COARSER));
    assert_int_equal(s.grain, GRAIN_OPTIMIZER);
    Playhead at = s.at;
    s = run(f, s, action(ACT_STEP_BACK));
    assert_int_equal(s.moment, f->steps);
    s = run(f, s, action(ACT_STEP_FORWARD));
    assert_int_equal(s.moment, 0);
    assert_int_equal(s.at.at, at.at);
}

static void test_play_at_that_grain_plays_the_training(void **state) {
    const Fixture *f = *state;
    AppState s = run(f, opened(f), action_with(ACT_GRAIN, GRAIN_OPTIMIZER));
    s = run(f, s, action(ACT_PLAY));
    for (int t = 1; t <= f->steps; t++) {
        assert_true(s.playing);
        assert_int_equal(s.moment, t);
        s = run(f, s, action(ACT_TICK));
    }
    assert_int_equal(s.moment, 0);
    s = run(f, s, action(ACT_TICK));
    assert_false(s.playing);
}

static void test_a_lesson_without_training_has_no_such_grain(void **state) {
    const Fixture *f = *state;
    Arena *a = arena_new();
    static const Places places = {"build/assets", "lessons"};
    Diags d = diags_new(a);
    World w = {.scratch = a};
    w.lesson = lesson_load(a, "build/assets/cells/lstm.cell", &places, NULL, NULL, &d);
    AppState s = run(f, opened(f), action_with(ACT_GRAIN, GRAIN_OPTIMIZER));
    s = app_update(s, action(ACT_LOADED), &w);
    assert_true(s.grain < GRAIN_OPTIMIZER);
    s = app_update(s, action_with(ACT_GRAIN, GRAIN_PHASE), &w);
    s = app_update(s, action(ACT_GRAIN_COARSER), &w);
    assert_int_equal(s.grain, GRAIN_PHASE);
    s = app_update(s, action(ACT_MOMENT_PREVIOUS), &w);
    s = app_update(s, action_with(ACT_MOMENT, 1), &w);
    Action rewind = action(ACT_REWIND);
    s = app_update(s, rewind, &w);
    assert_int_equal(s.moment, 0);
    arena_free(a);
}

static void test_dragging_the_curve_reaches_every_step(void **state) {
    const Fixture *f = *state;
    AppState s = opened(f);
    int seen = 0;
    for (int k = 0; k <= 100; k++) {
        Action a = action(ACT_REWIND);
        a.number = k / 100.0;
        AppState next = run(f, s, a);
        assert_true(next.rewinding);
        seen += next.moment != s.moment;
        s = next;
    }
    assert_int_equal(seen, f->steps + 1);
    assert_int_equal(s.moment, 0);
    assert_false(run(f, s, action(ACT_RELEASE)).rewinding);
}

static void test_a_scene_opens_in_its_own_optimizer_step(void **state) {
    const Fixture *f = *state;
    AppState s = go(f, opened(f), "@2/forward:3:f");
    for (int k = 0; k < f->world.lesson->n_scenes; k++) {
        const StepBlock *step = &f->world.lesson->scenes[LANG_EN][k].step;
        s = run(f, go(f, s, "@2/forward:3:f"), action_with(ACT_SCENE, k));
        assert_int_equal(s.moment, step->given && step->at ? 0 : 2);
    }
}

// ---- the tabs

static AppFrame build(const Fixture *f, const AppState *s, TextEngine *text, Arena *a) {
    AppFrame frame;
    frame_build(&frame, a, text, s, &f->world, "");
    return frame;
}

static void test_a_tab_is_chosen_by_a_click_and_a_number_brings_its_own_back(void **state) {
    const Fixture *f = *state;
    Arena *a = arena_new();
    TextEngine *text = text_engine_fixed();
    AppState s = opened(f);
    s.width = 1600;
    s.height = 1000;
    AppFrame frame = build(f, &s, text, a);
    Box tab;
    assert_true(frame.region[PANEL_VALUE].w > 0 && frame.region[PANEL_TRAINING].w == 0);
    assert_true(frame_find(&frame, (Ref){REF_TAB, PANEL_TRAINING, 0, 0}, &tab));
    s = run(f, s, input_press(&s, &frame, tab.x + tab.w / 2, tab.y + tab.h / 2));
    frame = build(f, &s, text, a);
    assert_true(frame.region[PANEL_VALUE].w == 0 && frame.region[PANEL_TRAINING].w > 0);
    Box curve;
    assert_true(frame_find(&frame, (Ref){REF_CURVE, 0, 0, 0}, &curve));
    s = run(f, s, input_press(&s, &frame, curve.x, curve.y + curve.h / 2));
    assert_int_equal(s.moment, 1);
    s = run(f, s, input_point(&s, &frame, curve.x + curve.w + 500, 0));
    assert_int_equal(s.moment, 0);
    s = run(f, s, action(ACT_RELEASE));
    Action click = action(ACT_CLICK);
    click.ref = ref_value(f->world.lesson->graph->equations[0].node, 1, 1);
    s = run(f, s, click);
    frame = build(f, &s, text, a);
    assert_true(frame.region[PANEL_VALUE].w > 0);
    text_engine_free(text);
    arena_free(a);
}

static void test_a_number_stays_in_the_tab_that_tells_of_it(void **state) {
    const Fixture *f = *state;
    Arena *a = arena_new();
    TextEngine *text = text_engine_fixed();
    AppState s = opened(f);
    s.width = 1600;
    s.height = 1000;
    const Graph *g = f->world.lesson->graph;
    static const PanelKind tabs[] = {PANEL_WEIGHTS, PANEL_GRADIENTS, PANEL_MEMORY};
    for (int k = 0; k < 3; k++) {
        AppFrame frame = build(f, &s, text, a);
        Box tab;
        assert_true(frame_find(&frame, (Ref){REF_TAB, tabs[k], 0, 0}, &tab));
        s = run(f, s, input_press(&s, &frame, tab.x + tab.w / 2, tab.y + tab.h / 2));
        frame = build(f, &s, text, a);
        assert_true(frame.region[tabs[k]].w > 0);
        int n;
        const Stop *stops = frame_stops(&frame, &n);
        int first = 0;
        while (stops[first].panel != (int)tabs[k]) first++;
        assert_int_equal(stops[first].ref.kind, REF_TAB); // the keyboard comes to the tabs first
        Action click = action(ACT_CLICK);
        click.ref = ref_value(g->params[0].node, 0, 1 + k);
        s = run(f, s, click);
        frame = build(f, &s, text, a);
        assert_true(frame.region[k < 2 ? tabs[k] : PANEL_VALUE].w > 0);
    }
    text_engine_free(text);
    arena_free(a);
}

static void test_tabs_go_on_in_a_second_row_where_there_is_little_room(void **state) {
    const Fixture *f = *state;
    AppState s = opened(f);
    View v = app_view(&s, &f->world);
    StageLayout wide = stage_layout(&v, (Box){0, 0, 1600, 860});
    StageLayout narrow = stage_layout(&v, (Box){0, 0, 1024, 500});
    assert_int_equal(wide.tab_row[wide.n_tabs - 1], 0);
    assert_int_equal(narrow.tab_row[narrow.n_tabs - 1], 1);
    assert_int_equal(narrow.tab_row[0], 0);
    v.lang = LANG_ZH;
    narrow = stage_layout(&v, (Box){0, 0, 1024, 500});
    assert_int_equal(narrow.tab_row[narrow.n_tabs - 1], 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_a_lesson_opens_after_training),
        RUN(test_keys_go_through_training_and_stay_at_the_step),
        RUN(test_addresses_name_the_optimizer_step),
        RUN(test_arrows_at_the_coarsest_grain_go_through_training),
        RUN(test_play_at_that_grain_plays_the_training),
        RUN(test_a_lesson_without_training_has_no_such_grain),
        RUN(test_dragging_the_curve_reaches_every_step),
        RUN(test_a_scene_opens_in_its_own_optimizer_step),
        RUN(test_a_number_stays_in_the_tab_that_tells_of_it),
        RUN(test_tabs_go_on_in_a_second_row_where_there_is_little_room),
        RUN(test_a_tab_is_chosen_by_a_click_and_a_number_brings_its_own_back),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
