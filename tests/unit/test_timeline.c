// The stage of a run made here: the timeline's choices, what it may show when, and that texts
// never get in each other's way. tests/golden/scenes holds its shapes; GOLDEN=1 rewrites them.
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "panel_fixture.h"
#include "view/timeline.h"

#define LSTM "assets/cells/lstm.cell"
#define GRU "assets/cells/gru.cell"
#define RNN "assets/cells/rnn.cell"

static Scene timeline(Fixture *f, double w, double h) {
    Scene s = scene_new(f->arena, f->text, w, h);
    stage_draw_panel(&s, &f->view, PANEL_TIMELINE, (Box){0, 0, w, h});
    return s;
}

static const MadeSpec plain = {LSTM, 4, 6, 1, false, false};

// ---- the belt

static void check_belt(const char *cell, const char *belt, const char *gate) {
    Fixture f = begin((MadeSpec){cell, 3, 4, 1, false, false});
    const Graph *g = f.view.lesson->graph;
    int equation = timeline_belt(g, 0);
    assert_true(equation >= 0);
    assert_string_equal(g->equations[equation].name, belt);
    int node = timeline_gate(g, equation);
    if (!gate) assert_int_equal(node, -1);
    if (gate) assert_string_equal(g->equations[g->nodes[node].equation].name, gate);
    end(&f);
}

static void test_the_belt_is_the_state_that_comes_back_most_directly(void **state) {
    (void)state;
    check_belt(LSTM, "c", "f");
    check_belt(GRU, "h", "z");
    check_belt(RNN, "h", NULL);
}

// ---- what is shown when

static int count(const Scene *s, RefKind kind, int place, bool filled) {
    int n = 0;
    for (int k = 0; k < s->count; k++) {
        const Shape *shape = &s->shapes[k];
        if (shape->kind != SHAPE_BOX || shape->ref.kind != kind || shape->ref.unit == 0) continue;
        if (shape->ref.place != place) continue;
        bool ramp = shape->fill.role != ROLE_NONE && shape->fill.role != ROLE_SUNKEN;
        n += ramp == filled;
    }
    return n;
}

static void test_what_is_not_computed_is_an_empty_box(void **state) {
    (void)state;
    Fixture f = begin(plain);
    go(&f, "forward:3:i");
    Scene s = timeline(&f, 900, 250);
    assert_int_equal(count(&s, REF_VALUE, 2, true), 24);
    assert_int_equal(count(&s, REF_VALUE, 3, true), 8); // f and i
    assert_int_equal(count(&s, REF_VALUE, 3, false), 16);
    assert_int_equal(count(&s, REF_VALUE, 4, true), 0);
    assert_int_equal(count(&s, REF_VALUE, 4, false), 24);
    end(&f);
}

static void test_half_an_equation_shows_half_its_squares(void **state) {
    (void)state;
    Fixture f = begin(plain);
    go(&f, "forward:1:f.3[2]");
    Scene s = timeline(&f, 900, 250);
    assert_int_equal(count(&s, REF_VALUE, 1, true), 2);
    end(&f);
}

static void test_backward_shows_gradients_from_the_end(void **state) {
    (void)state;
    Fixture f = begin(plain);
    go(&f, "backward:4:c");
    Scene s = timeline(&f, 900, 250);
    assert_int_equal(count(&s, REF_GRAD, 6, true), 24);
    assert_int_equal(count(&s, REF_GRAD, 4, true), 12); // h, o, c
    assert_int_equal(count(&s, REF_GRAD, 3, true), 0);
    assert_int_equal(count(&s, REF_GRAD, 3, false), 24);
    end(&f);
}

static void test_a_square_has_the_ink_of_its_number(void **state) {
    (void)state;
    Fixture f = begin(plain);
    go(&f, "forward:2:c");
    const Graph *g = f.view.lesson->graph;
    int node = g->equations[graph_find_equation(g, "f")].node;
    double value = trace_value(f.view.lesson->trace, node, 2)[2];
    Scene s = timeline(&f, 900, 250);
    bool found = false;
    for (int k = 0; k < s.count; k++) {
        const Shape *shape = &s.shapes[k];
        Ref r = shape->ref;
        if (r.kind != REF_VALUE || r.node != node || r.place != 2 || r.unit != 3) continue;
        found = true;
        assert_int_equal(shape->fill.role, ROLE_F);
        CHECK_NEAR((double)shape->fill.level, value, 1e-6);
    }
    assert_true(found);
    end(&f);
}

static void test_hovering_a_number_lights_what_it_is_made_from(void **state) {
    (void)state;
    Fixture f = begin(plain);
    go(&f, "forward:3:h");
    const Graph *g = f.view.lesson->graph;
    int c = g->equations[graph_find_equation(g, "c")].node;
    int i = g->equations[graph_find_equation(g, "i")].node;
    f.view.hover = ref_value(c, 3, 2);
    Scene s = timeline(&f, 900, 250);
    int past = 0, gate = 0, other = 0;
    for (int k = 0; k < s.count; k++) {
        const Shape *shape = &s.shapes[k];
        if (!shape->hot || shape->kind != SHAPE_BOX) continue;
        past += shape->ref.node == c && shape->ref.place == 2 && shape->ref.unit == 2;
        gate += shape->ref.node == i && shape->ref.place == 3 && shape->ref.unit == 2;
        other += shape->ref.unit != 2;
    }
    assert_int_equal(past, 1);
    assert_int_equal(gate, 1);
    assert_int_equal(other, 0);
    end(&f);
}

static void test_a_gradient_is_lit_with_the_gradients_it_is_summed_from(void **state) {
    (void)state;
    Fixture f = begin(plain);
    go(&f, "backward:2:c");
    const Graph *g = f.view.lesson->graph;
    int c = g->equations[graph_find_equation(g, "c")].node;
    int h = g->equations[graph_find_equation(g, "h")].node;
    Ref lit[64];
    int n = view_related(&f.view, ref_grad(c, 2, 1), lit, 64);
    bool later = false, through_h = false;
    for (int k = 0; k < n; k++) {
        later |= lit[k].node == c && lit[k].place == 3 && lit[k].unit == 1;
        through_h |= lit[k].node == h && lit[k].place == 2 && lit[k].unit == 1;
    }
    assert_true(later && through_h);
    end(&f);
}

// ---- a lesson's focus

static float strength_of(const Scene *s, int node, int place) {
    for (int k = 0; k < s->count; k++) {
        const Shape *shape = &s->shapes[k];
        Ref r = shape->ref;
        if (r.kind == REF_VALUE && r.node == node && r.place == place && r.unit == 2)
            return shape->fill.strength;
    }
    return -1;
}

static void test_a_scene_dims_what_it_does_not_name_until_the_first_step(void **state) {
    (void)state;
    static const char *const focus[] = {"f", "c[t-1]", NULL};
    Fixture f = begin(plain);
    Lesson lesson = *f.view.lesson;
    LessonScene scene = {.step = {.given = true, .at = "forward:2:h", .focus = focus}};
    lesson.scenes[LANG_EN] = &scene;
    lesson.n_scenes = 1;
    f.view.lesson = &lesson;
    const Graph *g = lesson.graph;
    int gate = g->equations[graph_find_equation(g, "f")].node;
    int cell = g->equations[graph_find_equation(g, "c")].node;
    go(&f, "forward:2:h");
    Scene s = timeline(&f, 900, 250);
    assert_true(strength_of(&s, gate, 2) == 1 && strength_of(&s, cell, 1) == 1);
    assert_true(strength_of(&s, cell, 2) < 0.5f && strength_of(&s, cell, 2) > 0.1f);
    f.view.hover = ref_value(gate, 1, 1);
    s = timeline(&f, 900, 250);
    assert_true(strength_of(&s, cell, 2) == 1);
    f.view.hover = NO_REF;
    go(&f, "forward:3:f");
    s = timeline(&f, 900, 250);
    assert_true(strength_of(&s, cell, 2) == 1);
    end(&f);
}
// ---- nothing collides

static int collisions(Fixture *f, const char *address, double w, double h) {
    go(f, address);
    Scene s = scene_new(f->arena, f->text, w, h);
    stage_draw(&s, &f->view, (Box){0, 0, w, h});
    Buf out = buf_new(f->arena);
    int n = scene_collisions(&s, &out);
    if (n) print_error("%s at %.0f x %.0f:\n%s", address, w, h, buf_str(&out));
    return n;
}

static void test_no_text_overlaps_at_any_size(void **state) {
    (void)state;
    static const MadeSpec specs[] = {{LSTM, 4, 6, 1, false, false},
                                     {GRU, 3, 4, 1, false, true},
                                     {RNN, 64, 50, 1, false, false},
                                     {LSTM, 3, 9, 2, true, true},
                                     {LSTM, 20, 1, 1, false, true}};
    static const double sizes[][2] = {{1024, 526}, {1024, 640},  {1366, 660},
                                      {1920, 966}, {2560, 1300}, {3840, 2046}};
    int n = 0;
    for (size_t k = 0; k < sizeof specs / sizeof *specs; k++) {
        Fixture f = begin(specs[k]);
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
            for (int lang = 0; lang < LANG_COUNT; lang++) {
                f.view.lang = (Lang)lang;
                n += collisions(&f, "forward:1:h", sizes[i][0], sizes[i][1]);
                n += collisions(&f, "backward:1:h", sizes[i][0], sizes[i][1]);
            }
        end(&f);
    }
    assert_int_equal(n, 0);
}

static void test_a_stage_too_small_to_show_anything_is_drawn_all_the_same(void **state) {
    (void)state;
    Fixture f = begin(plain);
    go(&f, "backward:2:c");
    for (double w = 1; w < 700; w *= 1.7) {
        Scene s = scene_new(f.arena, f.text, w, w * 0.6);
        stage_draw(&s, &f.view, (Box){0, 0, w, w * 0.6});
        for (int k = 0; k < s.count; k++)
            assert_true(s.shapes[k].kind != SHAPE_TEXT || s.shapes[k].style.size > 0);
    }
    end(&f);
}

static void test_panels_stay_inside_and_apart(void **state) {
    (void)state;
    Fixture f = begin(plain);
    static const double sizes[][2] = {{1024, 526}, {1600, 890}, {3840, 2046}};
    for (size_t i = 0; i < 3; i++) {
        StageLayout l = stage_layout(&f.view, (Box){0, 0, sizes[i][0], sizes[i][1]});
        for (int k = 0; k < PANEL_COUNT; k++) {
            Box a = l.box[k];
            assert_true(a.x >= 0 && a.x + a.w <= sizes[i][0] && a.y + a.h <= sizes[i][1]);
            for (int j = 0; j < k; j++) {
                Box b = l.box[j];
                bool apart = a.w == 0 || b.w == 0 || a.x >= b.x + b.w || b.x >= a.x + a.w ||
                             a.y >= b.y + b.h || b.y >= a.y + a.h;
                assert_true(apart);
            }
        }
    }
    end(&f);
}

static void test_panels_that_a_lesson_leaves_out_give_their_room_away(void **state) {
    (void)state;
    Fixture f = begin(plain);
    static const char *const names[] = {"cell", NULL};
    Lesson lesson = *f.view.lesson;
    lesson.panels = names;
    f.view.lesson = &lesson;
    StageLayout l = stage_layout(&f.view, (Box){0, 0, 1000, 600});
    assert_true(l.box[PANEL_TIMELINE].w == 0 && l.box[PANEL_VALUE].w == 0);
    assert_true(l.box[PANEL_CELL].w > 950 && l.box[PANEL_CELL].h > 550);
    end(&f);
}

static void test_the_same_view_gives_the_same_picture(void **state) {
    (void)state;
    Fixture f = begin(plain);
    go(&f, "forward:3:c");
    Scene one = timeline(&f, 900, 250), two = timeline(&f, 900, 250);
    assert_true(scene_hash(&one, -1) == scene_hash(&two, -1));
    go(&f, "forward:3:o");
    Scene three = timeline(&f, 900, 250);
    assert_true(scene_hash(&one, -1) != scene_hash(&three, -1));
    end(&f);
}

// ---- golden scenes

static void test_timelines_are_golden(void **state) {
    (void)state;
    static const struct {
        const char *name;
        MadeSpec spec;
        const char *at;
    } rows[] = {{"timeline-lstm-forward", {LSTM, 2, 3, 1, false, false}, "forward:2:c"},
                {"timeline-lstm-backward", {LSTM, 2, 3, 1, false, false}, "backward:2:c"},
                {"timeline-gru-numbers", {GRU, 2, 3, 1, false, true}, "forward:3:z"},
                {"timeline-reverse", {LSTM, 2, 3, 1, true, false}, "forward:2:reverse.f"}};
    int wrong = 0;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        Fixture f = begin(rows[k].spec);
        go(&f, rows[k].at);
        Scene s = timeline(&f, 700, 220);
        wrong += !golden_scene(f.arena, rows[k].name, &s);
        end(&f);
    }
    assert_int_equal(wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_the_belt_is_the_state_that_comes_back_most_directly),
        RUN(test_what_is_not_computed_is_an_empty_box),
        RUN(test_half_an_equation_shows_half_its_squares),
        RUN(test_backward_shows_gradients_from_the_end),
        RUN(test_a_square_has_the_ink_of_its_number),
        RUN(test_hovering_a_number_lights_what_it_is_made_from),
        RUN(test_a_gradient_is_lit_with_the_gradients_it_is_summed_from),
        RUN(test_a_scene_dims_what_it_does_not_name_until_the_first_step),
        RUN(test_no_text_overlaps_at_any_size),
        RUN(test_a_stage_too_small_to_show_anything_is_drawn_all_the_same),
        RUN(test_panels_stay_inside_and_apart),
        RUN(test_panels_that_a_lesson_leaves_out_give_their_room_away),
        RUN(test_the_same_view_gives_the_same_picture),
        RUN(test_timelines_are_golden),
    };
    return cmocka_run_group_tests_name("timeline", tests, NULL, NULL);
}
