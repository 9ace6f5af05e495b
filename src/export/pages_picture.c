// The scenes of a page painted at their places. In SVG each is a group; the small pictures share
// text styles and fonts, and say their step's sentence.
#include "export/pages_picture.h"

#include <math.h>

#include "export/png.h"
#include "export/svg.h"
#include "view/paint.h"

static void paint_part(cairo_t *cr, const PagePart *part, const Look *look, double pixels) {
    const Scene *s = &part->scene;
    double scale = part->scale * pixels;
    cairo_save(cr);
    cairo_translate(cr, floor(part->x * pixels + 0.5), floor(part->y * pixels + 0.5));
    cairo_rectangle(cr, 0, 0, ceil(s->width * scale), ceil(s->height * scale));
    cairo_clip(cr);
    scene_paint(s, cr, look->theme, scale, -1);
    cairo_restore(cr);
}

bool pages_png(Arena *a, Fonts *fonts, const Look *look, const Page *page, Buf *out,
               const char **why) {
    enum { PER_POINT = 2 };
    (void)fonts;
    PngLook png = {look->theme, PER_POINT * look->scale, look->transparent};
    cairo_surface_t *image = png_blank(a, page->width, page->height, page->ground, png, why);
    if (!image) return false;
    cairo_t *cr = cairo_create(image);
    for (int k = 0; k < page->n; k++) paint_part(cr, &page->parts[k], look, png.scale);
    cairo_destroy(cr);
    cairo_surface_flush(image);
    bool done = png_encode(image, out, why);
    cairo_surface_destroy(image);
    return done;
}

static void put_part(Arena *a, SvgStyle *style, const Look *look, const PagePart *part, Buf *out) {
    int n;
    const char **elements = svg_elements(a, style, &part->scene, NULL, &n);
    buf_printf(out, "<g transform=\"translate(%.6g %.6g) scale(%.6g)\">\n", part->x, part->y,
               part->scale);
    if (part->frame) {
        buf_puts(out, "<title>");
        svg_escape(out, picture_sentence(a, look, part->frame));
        buf_puts(out, "</title>\n");
    }
    for (int k = 0; k < n; k++) buf_puts(out, elements[k]), buf_puts(out, "\n");
    buf_puts(out, "</g>\n");
}

bool pages_svg(Arena *a, Fonts *fonts, const Look *look, const Page *page, Buf *out,
               const char **why) {
    (void)why;
    Buf parts = buf_new(a);
    SvgStyle *style = svg_style_new(a, page->parts[0].scene.text, fonts, look);
    for (int k = 0; k < page->n; k++) put_part(a, style, look, &page->parts[k], &parts);
    svg_page(style, look, page->width, page->height, page->ground, buf_str(&parts), out);
    return true;
}
