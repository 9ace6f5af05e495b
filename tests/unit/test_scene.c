#include "check.h"

#include <string.h>

#include "view/scene.h"
#include "view/text.h"

static const TextStyle plain = {FONT_UI, WEIGHT_REGULAR, false, 10};

typedef struct {
    Arena *arena;
    TextEngine *text;
    Scene scene;
} Fixture;

static Fixture begin(void) {
    Fixture f = {arena_new(), text_engine_fixed(), {0}};
    f.scene = scene_new(f.arena, f.text, 200, 100);
    return f;
}

static void end(Fixture *f) {
    text_engine_free(f->text);
    arena_free(f->arena);
}

static const char *dump(Fixture *f) {
    Buf out = buf_new(f->arena);
    scene_dump(&f->scene, &out);
    return buf_str(&out);
}

static void test_a_dump_is_one_line_a_shape(void **state) {
    (void)state;
    Fixture f = begin();
    f.scene.panel = 2;
    scene_box(&f.scene, (Box){1, 2, 30, 4}, 3, ink_level(ROLE_VALUE, -0.5), NO_INK, 0,
              ref_value(7, 3, 2))
        ->label = "f, unit 2";
    scene_line(&f.scene, 0, 0, 10, 0, ink_soft(ROLE_WIRE, 0.35), 2, NO_REF)->dash = DASH_DASHED;
    scene_text(&f.scene, 100, 50, "gate", plain, ALIGN_CENTER, ink(ROLE_TEXT), NO_REF);
    assert_string_equal(dump(&f), "scene 200.0 100.0\n"
                                  "2 box 1.0 2.0 30.0 4.0 fill=value:-0.50 radius=3.0 "
                                  "ref=value(7,3,2) label=\"f, unit 2\"\n"
                                  "2 path 0.0 0.0 10.0 0.0 \"M0.0,0.0 L10.0,0.0\" "
                                  "stroke=wire*0.35 width=2.0 dashed\n"
                                  "2 text 88.0 42.0 24.0 10.0 \"gate\" 10.0 center fill=text\n");
    end(&f);
}

static void test_a_unit_of_a_lit_whole_is_hot_and_the_whole_of_a_lit_unit_is_not(void **state) {
    (void)state;
    Fixture f = begin();
    Box b = {0, 0, 10, 10};
    f.scene.lit[f.scene.n_lit++] = ref_value(4, 1, 0);
    f.scene.lit[f.scene.n_lit++] = ref_value(5, 1, 2);
    assert_true(scene_box(&f.scene, b, 0, ink(ROLE_C), NO_INK, 0, ref_value(4, 1, 3))->hot);
    assert_true(scene_box(&f.scene, b, 0, ink(ROLE_C), NO_INK, 0, ref_value(5, 1, 2))->hot);
    assert_false(scene_box(&f.scene, b, 0, ink(ROLE_C), NO_INK, 0, ref_value(5, 1, 0))->hot);
    assert_false(scene_box(&f.scene, b, 0, ink(ROLE_C), NO_INK, 0, ref_value(5, 1, 1))->hot);
    assert_false(scene_box(&f.scene, b, 0, ink(ROLE_C), NO_INK, 0, ref_value(4, 2, 3))->hot);
    assert_false(scene_box(&f.scene, b, 0, ink(ROLE_C), NO_INK, 0, ref_grad(4, 1, 3))->hot);
    assert_false(scene_box(&f.scene, b, 0, ink(ROLE_C), NO_INK, 0, NO_REF)->hot);
    end(&f);
}

static void test_the_topmost_shape_that_means_something_is_hit(void **state) {
    (void)state;
    Fixture f = begin();
    scene_box(&f.scene, (Box){0, 0, 50, 50}, 0, ink(ROLE_C), NO_INK, 0, ref_value(1, 1, 0));
    scene_box(&f.scene, (Box){10, 10, 20, 20}, 0, ink(ROLE_C), NO_INK, 0, ref_value(2, 1, 0));
    scene_box(&f.scene, (Box){0, 0, 90, 90}, 0, ink(ROLE_C), NO_INK, 0, NO_REF);
    scene_clip(&f.scene, (Box){60, 0, 10, 10});
    scene_box(&f.scene, (Box){0, 0, 90, 90}, 0, ink(ROLE_C), NO_INK, 0, ref_value(3, 1, 0));
    scene_unclip(&f.scene);
    assert_int_equal(scene_hit(&f.scene, 15, 15)->ref.node, 2);
    assert_int_equal(scene_hit(&f.scene, 5, 5)->ref.node, 1);
    assert_int_equal(scene_hit(&f.scene, 65, 5)->ref.node, 3);
    assert_null(scene_hit(&f.scene, 80, 80));
    end(&f);
}

static void test_a_thin_line_can_be_hit(void **state) {
    (void)state;
    Fixture f = begin();
    scene_line(&f.scene, 0, 20, 100, 20, ink(ROLE_WIRE), 1, ref_value(1, 1, 0));
    assert_non_null(scene_hit(&f.scene, 50, 22));
    assert_null(scene_hit(&f.scene, 50, 26));
    end(&f);
}

static uint64_t hash_with(Ink fill, const char *text, int panel, bool hot) {
    Fixture f = begin();
    f.scene.panel = panel;
    scene_box(&f.scene, (Box){0, 0, 5, 5}, 0, fill, NO_INK, 0, NO_REF)->hot = hot;
    scene_text(&f.scene, 10, 20, text, plain, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    uint64_t h = scene_hash(&f.scene, 1);
    end(&f);
    return h;
}

static void test_a_hash_changes_with_the_picture_only(void **state) {
    (void)state;
    uint64_t h = hash_with(ink(ROLE_C), "one", 1, false);
    assert_true(h == hash_with(ink(ROLE_C), "one", 1, false));
    assert_true(h != hash_with(ink(ROLE_H), "one", 1, false));
    assert_true(h != hash_with(ink_level(ROLE_C, 0.5), "one", 1, false));
    assert_true(h != hash_with(ink(ROLE_C), "two", 1, false));
    assert_true(h != hash_with(ink(ROLE_C), "one", 1, true));
    assert_true(hash_with(ink(ROLE_C), "one", 2, false) == hash_with(ink(ROLE_H), "x", 2, false));
}

static int collisions(Fixture *f) {
    Buf out = buf_new(f->arena);
    return scene_collisions(&f->scene, &out);
}

static void test_texts_that_overlap_are_found(void **state) {
    (void)state;
    Fixture f = begin();
    scene_text(&f.scene, 10, 20, "one", plain, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    scene_text(&f.scene, 40, 20, "two", plain, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    scene_text(&f.scene, 10, 32, "three", plain, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    assert_int_equal(collisions(&f), 0);
    scene_text(&f.scene, 20, 24, "x", plain, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    assert_int_equal(collisions(&f), 2);
    end(&f);
}

static void test_texts_that_leave_the_scene_are_found(void **state) {
    (void)state;
    Fixture f = begin();
    scene_text(&f.scene, 190, 20, "right", plain, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    scene_text(&f.scene, 10, 103, "below", plain, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    scene_text(&f.scene, 10, 300, "gone", plain, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    assert_int_equal(collisions(&f), 3);
    end(&f);
}

static void test_what_scrolls_out_of_its_clip_is_no_collision_but_a_cut_side_is(void **state) {
    (void)state;
    Fixture f = begin();
    scene_text(&f.scene, 10, 70, "under", plain, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    scene_clip(&f.scene, (Box){10, 10, 40, 40});
    scene_text(&f.scene, 10, 70, "scroll", plain, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    assert_int_equal(collisions(&f), 0);
    scene_text(&f.scene, 10, 30, "much too wide", plain, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    assert_int_equal(collisions(&f), 1);
    end(&f);
}

static void test_dimming_multiplies(void **state) {
    (void)state;
    Fixture f = begin();
    f.scene.strength = 0.5f;
    Shape *s = scene_box(&f.scene, (Box){0, 0, 1, 1}, 0, ink_soft(ROLE_C, 0.5), NO_INK, 0, NO_REF);
    CHECK_NEAR((double)s->fill.strength, 0.25, 1e-6);
    end(&f);
}

static void test_cutting_a_box_keeps_its_area(void **state) {
    (void)state;
    Box b = {0, 0, 100, 50};
    Box top = box_cut_top(&b, 10), right = box_cut_right(&b, 20);
    assert_true(top.h == 10 && top.w == 100 && right.x == 80 && right.h == 40 && right.y == 10);
    Box all = box_cut_left(&b, 500);
    assert_true(all.w == 80 && b.w == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_a_dump_is_one_line_a_shape),
        RUN(test_a_unit_of_a_lit_whole_is_hot_and_the_whole_of_a_lit_unit_is_not),
        RUN(test_the_topmost_shape_that_means_something_is_hit),
        RUN(test_a_thin_line_can_be_hit),
        RUN(test_a_hash_changes_with_the_picture_only),
        RUN(test_texts_that_overlap_are_found),
        RUN(test_texts_that_leave_the_scene_are_found),
        RUN(test_what_scrolls_out_of_its_clip_is_no_collision_but_a_cut_side_is),
        RUN(test_dimming_multiplies),
        RUN(test_cutting_a_box_keeps_its_area),
    };
    return cmocka_run_group_tests_name("scene", tests, NULL, NULL);
}
