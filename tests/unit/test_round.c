// Rounded boxes from masks look as their paths do, and do not depend on what was drawn before.
#include "view/round.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { W = 700, H = 300 };

typedef struct {
    Box box; // logical pixels
    double radius, line;
    Dash dash;
} Row;

static const Row rows[] = {
    {{10, 10, 20, 20}, 4, 0, DASH_NONE},          {{40, 10, 18, 18}, 9, 0, DASH_NONE},
    {{70, 10, 20, 20}, 3, 1, DASH_DOTTED},        {{100, 10, 22, 14}, 3, 1, DASH_DASHED},
    {{130, 10, 40, 16}, 8, 1.5, DASH_NONE},       {{10, 60, 330, 80}, 10, 0, DASH_NONE},
    {{10, 60, 330, 80}, 10, 1, DASH_NONE},        {{200, 10, 120, 40}, 0, 2, DASH_NONE},
    {{180, 10, 1, 40}, 4, 0, DASH_NONE},          {{330, 4, 12, 130}, 6, 0, DASH_NONE},
    {{150, 30, 100000, 100000}, 50, 3, DASH_NONE}};
enum { ROWS = sizeof rows / sizeof *rows };

static cairo_surface_t *drawn(TextEngine *e, double scale, bool masks) {
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, W, H);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_scale(cr, scale, scale);
    RoundPen pen = round_pen(e, cr, scale);
    assert_true(pen.on_pixels);
    pen.on_pixels = masks;
    for (int k = 0; k < ROWS; k++) {
        cairo_set_source_rgba(cr, 0.1 * (k % 5), 0.2, 0.6, 0.8);
        if (rows[k].line > 0)
            round_stroke(&pen, rows[k].box, rows[k].radius, rows[k].line, rows[k].dash);
        else
            round_fill(&pen, rows[k].box, rows[k].radius);
    }
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    return surface;
}

static int worst_difference(cairo_surface_t *a, cairo_surface_t *b) {
    const unsigned char *p = cairo_image_surface_get_data(a), *q = cairo_image_surface_get_data(b);
    int worst = 0;
    for (int k = 0; k < cairo_image_surface_get_stride(a) * H; k++)
        if (k % 4 != 3 && abs(p[k] - q[k]) > worst) worst = abs(p[k] - q[k]);
    return worst;
}

static void test_masks_look_as_paths_do(void **state) {
    (void)state;
    TextEngine *e = text_engine_fixed();
    for (double scale = 1; scale <= 2; scale++) {
        cairo_surface_t *masks = drawn(e, scale, true), *paths = drawn(e, scale, false);
        assert_in_range(worst_difference(masks, paths), 0, 10); // of 255
        cairo_surface_destroy(masks);
        cairo_surface_destroy(paths);
    }
    text_engine_free(e);
}

static void test_a_full_cache_changes_no_pixel(void **state) {
    (void)state;
    TextEngine *e = text_engine_fixed();
    cairo_surface_t *first = drawn(e, 1, true);
    cairo_surface_t *other = cairo_image_surface_create(CAIRO_FORMAT_RGB24, W, H);
    cairo_t *cr = cairo_create(other);
    RoundPen pen = round_pen(e, cr, 1);
    for (int k = 0; k < 2000; k++) // more than is kept
        round_fill(&pen, (Box){0, 0, 10 + k % 200, 10 + k / 200}, 4);
    cairo_destroy(cr);
    cairo_surface_destroy(other);
    cairo_surface_t *again = drawn(e, 1, true);
    assert_int_equal(worst_difference(first, again), 0);
    cairo_surface_destroy(first);
    cairo_surface_destroy(again);
    text_engine_free(e);
}

static void test_a_turned_target_gets_paths(void **state) {
    (void)state;
    TextEngine *e = text_engine_fixed();
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, W, H);
    cairo_t *cr = cairo_create(surface);
    cairo_translate(cr, 0.5, 0);
    assert_false(round_pen(e, cr, 1).on_pixels);
    cairo_identity_matrix(cr);
    cairo_rotate(cr, 0.3);
    assert_false(round_pen(e, cr, 1).on_pixels);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    text_engine_free(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {RUN(test_masks_look_as_paths_do),
                                       RUN(test_a_full_cache_changes_no_pixel),
                                       RUN(test_a_turned_target_gets_paths)};
    return cmocka_run_group_tests_name("round", tests, NULL, NULL);
}
