#include "check.h"

#include <stdio.h>
#include <string.h>

#include "view/text.h"

static const TextStyle plain = {FONT_UI, WEIGHT_REGULAR, false, 10};

static void test_the_fixed_engine_counts_characters(void **state) {
    (void)state;
    TextEngine *e = text_engine_fixed();
    CHECK_NEAR(text_measure(e, "gate", plain).width, 24, 1e-12);
    CHECK_NEAR(text_measure(e, "遗忘门", plain).width, 30, 1e-12);
    CHECK_NEAR(text_measure(e, "∂c", plain).width, 12, 1e-12);
    CHECK_NEAR(text_measure(e, "", plain).width, 0, 1e-12);
    CHECK_NEAR(text_measure(e, "x", plain).ascent, 8, 1e-12);
    assert_null(text_math_ft_face(e));
    text_engine_free(e);
}

static void test_a_missing_font_is_named(void **state) {
    (void)state;
    Arena *a = arena_new();
    const char *why = NULL;
    assert_null(text_engine_new(a, "tests", &why));
    assert_non_null(why);
    assert_non_null(strstr(why, "Inter-Regular.otf"));
    assert_non_null(strstr(why, "tests/fonts"));
    arena_free(a);
}

static TextEngine *open_fonts(Arena *a) {
    const char *why = NULL;
    TextEngine *e = text_engine_new(a, "build/assets", &why);
    if (!e) print_error("%s\n", why);
    assert_non_null(e);
    return e;
}

static void test_our_fonts_have_digits_of_one_width_and_chinese(void **state) {
    (void)state;
    Arena *a = arena_new();
    TextEngine *e = open_fonts(a);
    CHECK_NEAR(text_measure(e, "111.11", plain).width, text_measure(e, "800.08", plain).width,
               1e-9);
    CHECK_NEAR(text_measure(e, "遗忘门", plain).width, 30, 1e-3);
    assert_true(text_measure(e, "gate", plain).width > 10);
    TextStyle bold = plain;
    bold.weight = WEIGHT_BOLD;
    assert_true(text_measure(e, "gate", bold).width > text_measure(e, "gate", plain).width);
    assert_non_null(text_math_ft_face(e));
    text_engine_free(e);
    arena_free(a);
}

static void test_widths_grow_with_size(void **state) {
    (void)state;
    Arena *a = arena_new();
    TextEngine *e = open_fonts(a);
    TextStyle large = plain;
    large.size = 40;
    double one = text_measure(e, "Where does the blame go?", plain).width;
    CHECK_NEAR(text_measure(e, "Where does the blame go?", large).width, 4 * one, 2e-3);
    text_engine_free(e);
    arena_free(a);
}

static int dark_pixels(cairo_surface_t *surface) {
    cairo_surface_flush(surface);
    const unsigned char *data = cairo_image_surface_get_data(surface);
    int n = 0;
    int bytes = cairo_image_surface_get_stride(surface) * cairo_image_surface_get_height(surface);
    for (int k = 0; k < bytes; k++) n += data[k] > 100;
    return n;
}

static void test_every_character_of_both_languages_leaves_ink(void **state) {
    (void)state;
    static const char *const texts[] = {"f", "门", "⊙", "σ", "∂", "▶", "→", "−", "ŷ", "…", "×"};
    Arena *a = arena_new();
    TextEngine *e = open_fonts(a);
    TextStyle style = {FONT_UI, WEIGHT_REGULAR, false, 30};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 60, 60);
        cairo_t *cr = cairo_create(surface);
        text_draw(e, cr, texts[k], style, 10, 40);
        if (dark_pixels(surface) < 10) print_error("no ink for %s\n", texts[k]);
        assert_true(dark_pixels(surface) >= 10);
        cairo_destroy(cr);
        cairo_surface_destroy(surface);
    }
    text_engine_free(e);
    arena_free(a);
}

static void test_the_cache_empties_itself_and_goes_on(void **state) {
    (void)state;
    Arena *a = arena_new();
    TextEngine *e = open_fonts(a);
    double width = text_measure(e, "0.0000", plain).width;
    for (int k = 0; k < 9999; k++) {
        char text[16];
        snprintf(text, sizeof text, "%.4f", k / 1e4);
        CHECK_NEAR(text_measure(e, text, plain).width, width, 1e-9);
    }
    text_engine_free(e);
    arena_free(a);
}

static void test_lines_break_after_words_and_between_chinese_characters(void **state) {
    (void)state;
    Arena *a = arena_new();
    int n;
    const int *at = text_breaks(a, "the gate", &n);
    assert_int_equal(n, 2);
    assert_int_equal(at[0], 4);
    assert_int_equal(at[1], 8);
    at = text_breaks(a, "遗忘门。", &n); // never before the full stop
    assert_int_equal(n, 3);
    assert_int_equal(at[0], 3);
    assert_int_equal(at[1], 6);
    assert_int_equal(at[2], 12);
    at = text_breaks(a, "", &n);
    assert_int_equal(n, 1);
    assert_int_equal(at[0], 0);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_the_fixed_engine_counts_characters),
        RUN(test_a_missing_font_is_named),
        RUN(test_our_fonts_have_digits_of_one_width_and_chinese),
        RUN(test_widths_grow_with_size),
        RUN(test_every_character_of_both_languages_leaves_ink),
        RUN(test_the_cache_empties_itself_and_goes_on),
        RUN(test_lines_break_after_words_and_between_chinese_characters),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
