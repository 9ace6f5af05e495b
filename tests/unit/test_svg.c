#include "check.h"

#include <string.h>

#include "export/svg.h"
#include "made_lesson.h"

typedef struct {
    Arena *arena;
    TextEngine *text;
    Fonts *fonts;
    Look look;
    Frame frame;
} Fixture;

static Fixture begin(void) {
    Fixture f = {.arena = arena_new(), .text = text_engine_fixed()};
    f.fonts = fonts_new(f.text);
    MadeSpec spec = {"assets/cells/lstm.cell", 2, 3, 1, false, false};
    Lesson *l = made_lesson(f.arena, spec);
    l->title[LANG_EN] = l->title[LANG_ZH] = "Made & <tested>";
    f.look = (Look){.lesson = l, .panel = PANEL_TIMELINE, .width = 600, .height = 300, .scale = 1};
    int first, last;
    assert_true(walk_phase_range(l->walk, PHASE_FORWARD, &first, &last));
    f.frame = (Frame){{last + 1, 0}, GRAIN_OPERATION, 0, "x", NULL};
    return f;
}

static void end(Fixture *f) {
    fonts_free(f->fonts);
    text_engine_free(f->text);
    arena_free(f->arena);
}

static const char *document(Fixture *f) {
    Buf out = buf_new(f->arena);
    Scene s = picture_scene(f->arena, f->text, &f->look, &f->frame);
    svg_document(f->arena, f->fonts, &s, &f->look, &f->frame, &out);
    return buf_str(&out);
}

static void test_numbers_have_at_most_two_decimals(void **state) {
    (void)state;
    Arena *a = arena_new();
    Buf out = buf_new(a);
    const double xs[] = {0, -0.001, 1.005, 2.5, -3.25, 10, 1e300};
    for (int k = 0; k < 7; k++) {
        buf_fixed(&out, xs[k]);
        buf_puts(&out, " ");
    }
    assert_string_equal(buf_str(&out), "0 0 1 2.5 -3.25 10 1000000000 ");
    arena_free(a);
}

static void test_what_xml_reserves_becomes_entities(void **state) {
    (void)state;
    Arena *a = arena_new();
    Buf out = buf_new(a);
    svg_escape(&out, "a<b & \"c\"\x01>d");
    assert_string_equal(buf_str(&out), "a&lt;b &amp; &quot;c&quot;&gt;d");
    arena_free(a);
}

static void test_a_document_says_what_it_shows(void **state) {
    (void)state;
    Fixture f = begin();
    const char *svg = document(&f);
    assert_non_null(strstr(svg, "Made &amp; &lt;tested&gt;"));
    assert_non_null(strstr(svg, "id=\"v-c-2-1\""));
    assert_non_null(strstr(svg, "unit 1, at t = 2: "));
    assert_non_null(strstr(svg, "viewBox=\"0 0 600 300\""));
    end(&f);
}

static void test_a_number_to_come_is_not_in_the_document(void **state) {
    (void)state;
    Fixture f = begin();
    f.frame.at.at = 0;
    const char *svg = document(&f);
    assert_non_null(strstr(svg, "at t = 2: not computed yet"));
    end(&f);
}

static void test_only_print_hatches_what_is_negative(void **state) {
    (void)state;
    Fixture f = begin();
    assert_null(strstr(document(&f), "url(#hatch)"));
    f.look.theme = THEME_PRINT;
    assert_non_null(strstr(document(&f), "url(#hatch)"));
    end(&f);
}

static void test_a_transparent_picture_has_no_ground(void **state) {
    (void)state;
    Fixture f = begin();
    const char *ground = "<rect width=\"600\" height=\"300\"";
    assert_non_null(strstr(document(&f), ground));
    f.look.transparent = true;
    assert_null(strstr(document(&f), ground));
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_have_at_most_two_decimals),
        cmocka_unit_test(test_what_xml_reserves_becomes_entities),
        cmocka_unit_test(test_a_document_says_what_it_shows),
        cmocka_unit_test(test_a_number_to_come_is_not_in_the_document),
        cmocka_unit_test(test_only_print_hatches_what_is_negative),
        cmocka_unit_test(test_a_transparent_picture_has_no_ground),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
