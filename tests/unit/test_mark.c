// What is drawn of a shape, whatever draws it.
#include "view/mark.h"

#include "check.h"
#include "view/text.h"

static Scene some_scene(TextEngine **e) {
    *e = text_engine_fixed();
    return scene_new(arena_new(), *e, 200, 100);
}

static void leave(Scene *s, TextEngine *e) {
    arena_free(s->arena);
    text_engine_free(e);
}

// The marks of the scene's k-th shape.
static MarkWalk at_shape(const Scene *s, ThemeKind theme, double scale, int k) {
    MarkWalk w = mark_walk(s, theme, scale, -1);
    for (int i = 0; i <= k; i++) assert_true(mark_next(&w));
    return w;
}

static void assert_box(Box b, double x, double y, double w, double h) {
    assert_float_equal(b.x, x, 1e-12);
    assert_float_equal(b.y, y, 1e-12);
    assert_float_equal(b.w, w, 1e-12);
    assert_float_equal(b.h, h, 1e-12);
}

static void test_a_boxs_edges_fall_on_whole_pixels_of_the_scale(void **state) {
    (void)state;
    TextEngine *e;
    Scene s = some_scene(&e);
    scene_box(&s, (Box){1.3, 1.3, 3, 4}, 2, ink(ROLE_PANEL), ink(ROLE_LINE), 1, NO_REF);
    assert_box(at_shape(&s, THEME_LIGHT, 1, 0).marks[0].box, 1, 1, 3, 4);
    assert_box(at_shape(&s, THEME_LIGHT, 2, 0).marks[0].box, 1.5, 1.5, 3, 4);
    assert_box(at_shape(&s, THEME_LIGHT, 0, 0).marks[0].box, 1.3, 1.3, 3, 4);
    leave(&s, e);
}

static void test_a_circle_stays_one_wherever_it_lies(void **state) {
    (void)state;
    TextEngine *e;
    Scene s = some_scene(&e);
    for (int k = 0; k < 10; k++)
        scene_circle(&s, 20 + 0.1 * k, 20 + 0.07 * k, 2.1, ink(ROLE_WIRE), NO_INK, 0, NO_REF);
    for (MarkWalk w = mark_walk(&s, THEME_LIGHT, 1, -1); mark_next(&w);)
        assert_true(w.marks[0].box.w == 4 && w.marks[0].box.h == 4);
    leave(&s, e);
}

static void test_a_boxs_line_lies_inside_its_edge_and_a_rings_on_it(void **state) {
    (void)state;
    Mark m = {.kind = MARK_BOX, .box = {10, 10, 20, 20}, .radius = 4, .line_width = 2};
    double radius;
    assert_box(mark_line(&m, &radius), 11, 11, 18, 18);
    assert_float_equal(radius, 3, 0);
    m.kind = MARK_RING;
    assert_box(mark_line(&m, &radius), 10, 10, 20, 20);
    assert_float_equal(radius, 4, 0);
}

static void test_an_upright_line_becomes_a_rectangle_and_a_dotted_one_stays(void **state) {
    (void)state;
    TextEngine *e;
    Scene s = some_scene(&e);
    scene_line(&s, 10.2, 10, 10.2, 40, ink(ROLE_LINE), 1, NO_REF);
    scene_line(&s, 10.2, 10, 10.2, 40, ink(ROLE_LINE), 1, NO_REF)->dash = DASH_DOTTED;
    scene_line(&s, 10, 10, 20, 40, ink(ROLE_LINE), 1, NO_REF);
    MarkWalk w = at_shape(&s, THEME_LIGHT, 1, 0);
    assert_int_equal(w.marks[0].kind, MARK_BOX);
    assert_box(w.marks[0].box, 10, 10, 1, 30);
    assert_int_equal(w.marks[0].fill.role, ROLE_LINE);
    assert_int_equal(at_shape(&s, THEME_LIGHT, 1, 1).marks[0].kind, MARK_PATH);
    assert_int_equal(at_shape(&s, THEME_LIGHT, 1, 2).marks[0].kind, MARK_PATH);
    leave(&s, e);
}

static void test_in_print_a_minus_is_hatched_between_fill_and_line(void **state) {
    (void)state;
    TextEngine *e;
    Scene s = some_scene(&e);
    Box b = {10, 10, 13, 13};
    scene_box(&s, b, 3, ink_level(ROLE_VALUE, -0.5), ink(ROLE_LINE), 1, NO_REF);
    scene_box(&s, b, 3, ink_level(ROLE_VALUE, 0.5), ink(ROLE_LINE), 1, NO_REF);
    assert_int_equal(at_shape(&s, THEME_LIGHT, 1, 0).n, 1);
    assert_int_equal(at_shape(&s, THEME_PRINT, 1, 1).n, 1);
    MarkWalk w = at_shape(&s, THEME_PRINT, 1, 0);
    assert_int_equal(w.n, 3);
    assert_int_equal(w.marks[1].kind, MARK_HATCH);
    assert_false(ink_shows(w.marks[0].stroke));
    assert_false(ink_shows(w.marks[2].fill));
    const Mark *hatch = &w.marks[1];
    assert_box(hatch->box, 11, 11, 11, 11);
    for (int k = 0; k < hatch->n_path; k += 2)
        assert_true(hatch->path[k].x < 22 && hatch->path[k + 1].x >= 11);
    leave(&s, e);
}

static void test_rings_come_after_all_shapes(void **state) {
    (void)state;
    TextEngine *e;
    Scene s = some_scene(&e);
    Box b = {10, 10, 13, 13};
    scene_box(&s, b, 3, ink(ROLE_PANEL), NO_INK, 0, NO_REF)->hot = true;
    scene_box(&s, b, 3, ink(ROLE_PANEL), NO_INK, 0, NO_REF);
    MarkWalk w = at_shape(&s, THEME_LIGHT, 1, 2);
    assert_true(w.ring && w.shape == &s.shapes[0]);
    assert_int_equal(w.n, 2);
    assert_int_equal(w.marks[1].kind, MARK_RING);
    assert_false(mark_next(&w));
    leave(&s, e);
}

static void test_what_draws_nothing_is_gone_through_without_marks(void **state) {
    (void)state;
    TextEngine *e;
    Scene s = some_scene(&e);
    scene_box(&s, (Box){0, 0, 9, 9}, 0, NO_INK, NO_INK, 0, ref_value(3, 1, 1));
    scene_line(&s, 0, 0, 0, 9, ink(ROLE_LINE), 0, NO_REF);
    MarkWalk w = mark_walk(&s, THEME_LIGHT, 1, -1);
    for (int k = 0; k < 2; k++) {
        assert_true(mark_next(&w));
        assert_int_equal(w.n, 0);
    }
    assert_false(mark_next(&w));
    leave(&s, e);
}

static void test_only_the_shapes_of_one_panel_are_gone_through(void **state) {
    (void)state;
    TextEngine *e;
    Scene s = some_scene(&e);
    for (s.panel = 0; s.panel < 3; s.panel++)
        scene_box(&s, (Box){0, 0, 9, 9}, 0, ink(ROLE_PANEL), NO_INK, 0, NO_REF);
    MarkWalk w = mark_walk(&s, THEME_LIGHT, 1, 1);
    assert_true(mark_next(&w));
    assert_int_equal(w.shape->panel, 1);
    assert_false(mark_next(&w));
    leave(&s, e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_boxs_edges_fall_on_whole_pixels_of_the_scale),
        cmocka_unit_test(test_a_circle_stays_one_wherever_it_lies),
        cmocka_unit_test(test_a_boxs_line_lies_inside_its_edge_and_a_rings_on_it),
        cmocka_unit_test(test_an_upright_line_becomes_a_rectangle_and_a_dotted_one_stays),
        cmocka_unit_test(test_in_print_a_minus_is_hatched_between_fill_and_line),
        cmocka_unit_test(test_rings_come_after_all_shapes),
        cmocka_unit_test(test_what_draws_nothing_is_gone_through_without_marks),
        cmocka_unit_test(test_only_the_shapes_of_one_panel_are_gone_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
