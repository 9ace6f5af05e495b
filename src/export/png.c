// PNG (ISO/IEC 15948) written here: pictures are flat colour, rows are stored unfiltered, and the
// compressor (export/deflate.h) knows what such rows are like; that is an order of magnitude faster
// than a general one. Everything is encoded in memory first; the file is then written whole.
#include "export/png.h"

#include <math.h>
#include <zlib.h>

#include "export/deflate.h"
#include "files/write.h"
#include "view/paint.h"

enum {
    EDGE_MAX = 32767 // pixels along an edge: what cairo can paint
};
static const double PIXELS_MAX = 268435456; // 1 GiB of memory

cairo_surface_t *png_paint(Arena *a, const Scene *s, PngLook look, const char **why) {
    double w = floor(s->width * look.scale + 0.5), h = floor(s->height * look.scale + 0.5);
    if (!(w >= 1 && h >= 1 && w <= EDGE_MAX && h <= EDGE_MAX && w * h <= PIXELS_MAX)) {
        *why = arena_printf(a,
                            "a picture of %.0f x %.0f pixels cannot be made; the limit is %d "
                            "along an edge and %.0f million in all",
                            w, h, EDGE_MAX, PIXELS_MAX / 1e6);
        return NULL;
    }
    cairo_format_t format = look.transparent ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24;
    cairo_surface_t *image = cairo_image_surface_create(format, (int)w, (int)h);
    cairo_t *cr = cairo_create(image);
    if (!look.transparent) {
        Color c = theme_color(look.theme, ink(ROLE_GROUND));
        cairo_set_source_rgb(cr, c.r, c.g, c.b);
        cairo_paint(cr);
    }
    scene_paint(s, cr, look.theme, look.scale, -1);
    cairo_status_t status = cairo_status(cr);
    cairo_destroy(cr);
    cairo_surface_flush(image);
    if (status == CAIRO_STATUS_SUCCESS) return image;
    *why = arena_printf(a, "the picture cannot be painted: %s", cairo_status_to_string(status));
    cairo_surface_destroy(image);
    return NULL;
}

// One row of cairo's premultiplied, native-endian pixels as PNG wants it.
static void convert_row(const uint32_t *from, unsigned char *to, int width, bool alpha) {
    for (int x = 0; x < width && !alpha; x++, to += 3) {
        uint32_t p = from[x];
        to[0] = (unsigned char)(p >> 16);
        to[1] = (unsigned char)(p >> 8);
        to[2] = (unsigned char)p;
    }
    for (int x = 0; x < width && alpha; x++) {
        uint32_t p = from[x], a = p >> 24;
        uint32_t rgb[3] = {p >> 16 & 255, p >> 8 & 255, p & 255};
        for (int k = 0; k < 3; k++)
            *to++ = (unsigned char)(a == 255 ? rgb[k] : a == 0 ? 0 : (rgb[k] * 255 + a / 2) / a);
        *to++ = (unsigned char)a;
    }
}

static void put_32(Buf *out, uint32_t x) {
    char four[4] = {(char)(x >> 24), (char)(x >> 16), (char)(x >> 8), (char)x};
    buf_put(out, four, 4);
}

static void put_chunk(Buf *out, const char *type, const char *bytes, size_t n) {
    put_32(out, (uint32_t)n);
    size_t from = out->len;
    buf_put(out, type, 4);
    if (n) buf_put(out, bytes, n);
    put_32(out, (uint32_t)crc32_z(0, (const unsigned char *)out->data + from, n + 4));
}

bool png_encode(cairo_surface_t *image, Buf *out, const char **why) {
    int w = cairo_image_surface_get_width(image), h = cairo_image_surface_get_height(image);
    bool alpha = cairo_image_surface_get_format(image) == CAIRO_FORMAT_ARGB32;
    int pixel = alpha ? 4 : 3, stride = 1 + w * pixel;
    *why = "the picture cannot be encoded as PNG";
    if (cairo_surface_status(image) != CAIRO_STATUS_SUCCESS) return false;
    size_t n = (size_t)stride * (size_t)h;
    unsigned char *rows = arena_alloc(out->arena, n, 1);
    for (int y = 0; y < h; y++) // each begins with its filter: none
        convert_row((const void *)(cairo_image_surface_get_data(image) +
                                   (size_t)y * (size_t)cairo_image_surface_get_stride(image)),
                    rows + (size_t)y * (size_t)stride + 1, w, alpha);
    Buf head = buf_new(out->arena), data = buf_new(out->arena);
    put_32(&head, (uint32_t)w);
    put_32(&head, (uint32_t)h);
    char rest[5] = {8, alpha ? 6 : 2, 0, 0, 0}; // bits, kind of colour, compression, filter, order
    buf_put(&head, rest, 5);
    deflate_rows(rows, n, pixel, stride, &data);
    buf_put(out, "\x89PNG\r\n\x1A\n", 8);
    put_chunk(out, "IHDR", head.data, head.len);
    put_chunk(out, "IDAT", data.data, data.len);
    put_chunk(out, "IEND", NULL, 0);
    return true;
}

bool png_scene(Arena *a, const Scene *s, PngLook look, Buf *out, const char **why) {
    cairo_surface_t *image = png_paint(a, s, look, why);
    if (!image) return false;
    bool done = png_encode(image, out, why);
    cairo_surface_destroy(image);
    return done;
}

bool png_write_scene(Arena *a, const Scene *s, PngLook look, const char *path, const char **why) {
    Buf bytes = buf_new(a);
    return png_scene(a, s, look, &bytes, why) && write_file(a, path, bytes.data, bytes.len, why);
}
