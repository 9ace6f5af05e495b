// Pictures are flat colour, so rows are stored unfiltered and compressed lightly: many times
// faster than libpng's defaults at nearly the same size. Everything is encoded in memory first;
// the file is then written whole.
#include "export/png.h"

#include <math.h>
#include <png.h>
#include <string.h>

#include "view/paint.h"

enum {
    EDGE_MAX = 32767, // pixels along an edge: what cairo can paint
    LEVEL = 1         // of zlib: flat colour needs no more
};
static const double PIXELS_MAX = 268435456; // 1 GiB of memory

typedef struct {
    const char **why;
    Buf *out;
} Target;

cairo_surface_t *png_blank(Arena *a, double width, double height, Role ground, PngLook look,
                           const char **why) {
    double w = floor(width * look.scale + 0.5), h = floor(height * look.scale + 0.5);
    if (!(w >= 1 && h >= 1 && w <= EDGE_MAX && h <= EDGE_MAX && w * h <= PIXELS_MAX)) {
        *why = arena_printf(a,
                            "a picture of %.0f x %.0f pixels cannot be made; the limit is %d "
                            "along an edge and %.0f million in all",
                            w, h, EDGE_MAX, PIXELS_MAX / 1e6);
        return NULL;
    }
    cairo_format_t format = look.transparent ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24;
    cairo_surface_t *image = cairo_image_surface_create(format, (int)w, (int)h);
    if (look.transparent) return image;
    cairo_t *cr = cairo_create(image);
    Color c = theme_color(look.theme, ink(ground));
    cairo_set_source_rgb(cr, c.r, c.g, c.b);
    cairo_paint(cr);
    cairo_destroy(cr);
    return image;
}

cairo_surface_t *png_paint(Arena *a, const Scene *s, PngLook look, const char **why) {
    cairo_surface_t *image = png_blank(a, s->width, s->height, ROLE_GROUND, look, why);
    if (!image) return NULL;
    cairo_t *cr = cairo_create(image);
    scene_paint(s, cr, look.theme, look.scale, -1);
    cairo_status_t status = cairo_status(cr);
    cairo_destroy(cr);
    cairo_surface_flush(image);
    if (status == CAIRO_STATUS_SUCCESS) return image;
    *why = arena_printf(a, "the picture cannot be painted: %s", cairo_status_to_string(status));
    cairo_surface_destroy(image);
    return NULL;
}

static void on_error(png_structp png, png_const_charp message) {
    (void)message; // libpng's words are for programmers
    Target *target = png_get_error_ptr(png);
    *target->why = "the picture cannot be encoded as PNG";
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

static void on_write(png_structp png, png_bytep bytes, png_size_t n) {
    Target *target = png_get_io_ptr(png);
    buf_put(target->out, (const char *)bytes, n);
}

static void on_flush(png_structp png) {
    (void)png;
}

// One row of cairo's premultiplied, native-endian pixels as PNG wants it.
static void convert_row(const uint32_t *from, png_bytep to, int width, bool alpha) {
    for (int x = 0; x < width; x++) {
        uint32_t p = from[x], a = alpha ? p >> 24 : 255;
        uint32_t rgb[3] = {p >> 16 & 255, p >> 8 & 255, p & 255};
        for (int k = 0; k < 3; k++)
            *to++ = (png_byte)(a == 255 ? rgb[k] : a == 0 ? 0 : (rgb[k] * 255 + a / 2) / a);
        if (alpha) *to++ = (png_byte)a;
    }
}

static void write_rows(png_structp png, png_infop info, cairo_surface_t *image, png_bytep row) {
    int w = cairo_image_surface_get_width(image), h = cairo_image_surface_get_height(image);
    bool alpha = cairo_image_surface_get_format(image) == CAIRO_FORMAT_ARGB32;
    png_set_IHDR(png, info, (png_uint_32)w, (png_uint_32)h, 8,
                 alpha ? PNG_COLOR_TYPE_RGBA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(png, LEVEL);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
    png_write_info(png, info);
    const unsigned char *data = cairo_image_surface_get_data(image);
    int stride = cairo_image_surface_get_stride(image);
    for (int y = 0; y < h; y++) {
        convert_row((const uint32_t *)(const void *)(data + (size_t)y * (size_t)stride), row, w,
                    alpha);
        png_write_row(png, row);
    }
    png_write_end(png, info);
}

bool png_encode(cairo_surface_t *image, Buf *out, const char **why) {
    Target target = {why, out};
    png_bytep row = arena_alloc(out->arena, (size_t)cairo_image_surface_get_width(image) + 1, 4);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &target, on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info || setjmp(png_jmpbuf(png))) {
        if (!info) *why = "the picture cannot be encoded as PNG";
        png_destroy_write_struct(&png, &info);
        return false;
    }
    png_set_write_fn(png, &target, on_write, on_flush);
    write_rows(png, info, image, row);
    png_destroy_write_struct(&png, &info);
    return true;
}

bool png_scene(Arena *a, const Scene *s, PngLook look, Buf *out, const char **why) {
    cairo_surface_t *image = png_paint(a, s, look, why);
    if (!image) return false;
    bool done = png_encode(image, out, why);
    cairo_surface_destroy(image);
    return done;
}
