#include "check.h"

#include <cairo.h>
#include <string.h>

#include "export/png.h"
#include "files/write.h"
#include "view/text.h"

typedef struct {
    Arena *arena;
    TextEngine *text;
    Scene scene;
} Fixture;

static Fixture begin(double w, double h) {
    Fixture f = {arena_new(), text_engine_fixed(), {0}};
    f.scene = scene_new(f.arena, f.text, w, h);
    scene_box(&f.scene, (Box){2, 2, 4, 4}, 0, ink(ROLE_F), NO_INK, 0, NO_REF);
    return f;
}

static void end(Fixture *f) {
    text_engine_free(f->text);
    arena_free(f->arena);
}

typedef struct {
    const Buf *bytes;
    size_t at;
} Reader;

static cairo_status_t read_some(void *context, unsigned char *data, unsigned n) {
    Reader *r = context;
    if (r->at + n > r->bytes->len) return CAIRO_STATUS_READ_ERROR;
    memcpy(data, r->bytes->data + r->at, n);
    r->at += n;
    return CAIRO_STATUS_SUCCESS;
}

static uint32_t pixel(cairo_surface_t *image, int x, int y) {
    const unsigned char *data = cairo_image_surface_get_data(image);
    uint32_t p;
    memcpy(&p, data + y * cairo_image_surface_get_stride(image) + 4 * x, 4);
    return p;
}

static cairo_surface_t *there_and_back(Fixture *f, PngLook look) {
    const char *why = NULL;
    cairo_surface_t *image = png_paint(f->arena, &f->scene, look, &why);
    assert_non_null(image);
    Buf bytes = buf_new(f->arena);
    assert_true(png_encode(image, &bytes, &why));
    cairo_surface_destroy(image);
    Reader r = {&bytes, 0};
    return cairo_image_surface_create_from_png_stream(read_some, &r);
}

static void test_a_picture_read_back_has_its_size_and_colours(void **state) {
    (void)state;
    Fixture f = begin(10, 8);
    cairo_surface_t *image = there_and_back(&f, (PngLook){THEME_LIGHT, 2, false});
    assert_int_equal(cairo_image_surface_get_width(image), 20);
    assert_int_equal(cairo_image_surface_get_height(image), 16);
    assert_int_equal(pixel(image, 0, 0) & 0xFFFFFF, 0xF7F6F2);
    assert_int_equal(pixel(image, 8, 8) & 0xFFFFFF, 0xB03A5B);
    cairo_surface_destroy(image);
    end(&f);
}

static void test_a_transparent_picture_has_no_ground(void **state) {
    (void)state;
    Fixture f = begin(10, 8);
    scene_box(&f.scene, (Box){7, 7, 1, 1}, 0, ink_soft(ROLE_F, 0.5), NO_INK, 0, NO_REF);
    cairo_surface_t *image = there_and_back(&f, (PngLook){THEME_LIGHT, 1, true});
    assert_int_equal(pixel(image, 0, 0), 0);
    assert_int_equal(pixel(image, 4, 4), 0xFFB03A5B);
    assert_true(pixel(image, 7, 7) >> 24 == 127 || pixel(image, 7, 7) >> 24 == 128);
    cairo_surface_destroy(image);
    end(&f);
}

static void test_a_picture_that_is_too_large_is_refused(void **state) {
    (void)state;
    const char *why = NULL;
    Fixture f = begin(100000, 100000);
    assert_null(png_paint(f.arena, &f.scene, (PngLook){THEME_LIGHT, 1, false}, &why));
    assert_non_null(strstr(why, "100000 x 100000"));
    f.scene.width = NAN;
    assert_null(png_paint(f.arena, &f.scene, (PngLook){THEME_LIGHT, 1, false}, &why));
    end(&f);
}

static void test_a_folder_that_is_not_there_is_named(void **state) {
    (void)state;
    const char *why = NULL;
    Fixture f = begin(10, 8);
    PngLook look = {THEME_DARK, 1, false};
    Buf out = buf_new(f.arena);
    assert_true(png_scene(f.arena, &f.scene, look, &out, &why));
    assert_false(write_file(f.arena, "build/no such folder/a.png", out.data, out.len, &why));
    assert_non_null(strstr(why, "no such folder"));
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_a_picture_read_back_has_its_size_and_colours),
        RUN(test_a_transparent_picture_has_no_ground),
        RUN(test_a_picture_that_is_too_large_is_refused),
        RUN(test_a_folder_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests_name("png", tests, NULL, NULL);
}
