// What writes each format of the table (export/format.c): the small ones here, the others in files
// of their own.
#include "export/make.h"

#include "export/latex.h"
#include "export/make_with.h"
#include "export/numbers.h"
#include "export/pages_picture.h"
#include "export/png.h"
#include "export/svg.h"
#include "files/write.h"

static bool png_bytes(Arena *a, const Maker *m, const Look *look, const Frame *frame, Buf *out,
                      const char **why) {
    Scene s = picture_scene(a, m->text, look, frame);
    return png_scene(a, &s, (PngLook){look->theme, look->scale, look->transparent}, out, why);
}

static bool svg_bytes(Arena *a, const Maker *m, const Look *look, const Frame *frame, Buf *out,
                      const char **why) {
    (void)why;
    Scene s = picture_scene(a, m->text, look, frame);
    svg_document(a, m->fonts, &s, look, frame, out);
    return true;
}

static ExportEnd write_png(Maker *m, const Export *e) {
    if (e->layout == LAYOUT_SHEET) return make_sheets(m, e, pages_png, "png");
    return make_pictures(m, e, png_bytes, "png");
}

static ExportEnd write_svg(Maker *m, const Export *e) {
    if (e->layout == LAYOUT_SHEET) return make_sheets(m, e, pages_svg, "svg");
    return make_pictures(m, e, svg_bytes, "svg");
}

static bool tikz_bytes(Arena *a, const Maker *m, const Look *look, const Frame *frame, Buf *out,
                       const char **why) {
    (void)why;
    Scene s = picture_scene(a, m->text, look, frame);
    latex_tikz(a, &s, look, out);
    return true;
}

static ExportEnd write_tikz(Maker *m, const Export *e) {
    return make_pictures(m, e, tikz_bytes, "tikz");
}

static ExportEnd write_tex(Maker *m, const Export *e) {
    int n;
    Frame *frames = maker_frames(m, e, &n);
    if (!frames) return EXPORT_MISUSED;
    Buf out = buf_new(m->arena);
    latex_document(m->arena, &e->look, frames, n, &out);
    return make_file(m, e, &out, arena_printf(m->arena, "%s.tex", e->look.lesson->slug));
}

static ExportEnd make_numbers(Maker *m, const Export *e, const Buf *out) {
    const char *ending = export_formats[e->format].name;
    return make_file(m, e, out, arena_printf(m->arena, "%s.%s", e->look.lesson->slug, ending));
}

static ExportEnd write_json(Maker *m, const Export *e) {
    Buf out = buf_new(m->arena);
    trace_json(e->look.lesson, false, &out);
    return make_numbers(m, e, &out);
}

static ExportEnd write_csv(Maker *m, const Export *e) {
    Buf out = buf_new(m->arena);
    trace_csv(e->look.lesson, &out);
    return make_numbers(m, e, &out);
}

static ExportEnd write_npz(Maker *m, const Export *e) {
    Buf out = buf_new(m->arena);
    if (trace_npz(e->look.lesson, &out)) return make_numbers(m, e, &out);
    return maker_fails(m, "no memory for this file");
}

// clang-format off
static ExportEnd (*const writers[FORMAT_COUNT])(Maker *m, const Export *e) = {
    [FORMAT_PNG] = write_png,   [FORMAT_SVG] = write_svg,   [FORMAT_PDF] = make_pdf,
    [FORMAT_HTML] = make_html,  [FORMAT_GIF] = make_gif,    [FORMAT_WEBP] = make_webp,
    [FORMAT_MP4] = make_mp4,    [FORMAT_WEBM] = make_webm,  [FORMAT_TEX] = write_tex,
    [FORMAT_TIKZ] = write_tikz, [FORMAT_JSON] = write_json, [FORMAT_CSV] = write_csv,
    [FORMAT_NPZ] = write_npz,
};
// clang-format on

// --- what the makers share

ExportEnd maker_fails(Maker *m, const char *why) {
    m->why = why;
    return EXPORT_FAILED;
}

bool maker_goes_on(Maker *m, const char *what, int done, int all) {
    if (!m->stopped && !m->watch(m->context, what, done, all)) m->stopped = true;
    return !m->stopped;
}

ExportEnd maker_ends(Maker *m, const char *why) {
    return m->stopped ? EXPORT_STOPPED : maker_fails(m, why);
}

Frame *maker_frames(Maker *m, const Export *e, int *count) {
    return export_frames(m->arena, e, count, &m->why);
}

// --- the call

static ExportEnd write_drawn(Maker *m, const Export *e) {
    TextEngine *given = m->text;
    if (!given) m->text = text_engine_new(m->arena, m->places->assets, &m->why);
    if (!m->text) return EXPORT_FAILED;
    m->fonts = fonts_new(m->text);
    ExportEnd end = writers[e->format](m, e);
    fonts_free(m->fonts);
    if (!given) text_engine_free(m->text);
    m->fonts = NULL;
    m->text = given;
    return end;
}

bool export_check(Arena *a, const ExportWords *w, const char **why) {
    Export e;
    if (!export_read(a, w, &e, why)) return false;
    *why = "export needs -o FILE or -o DIR";
    return w->path != NULL;
}

ExportEnd export_make(Maker *m, const ExportWords *w) {
    Export e;
    m->stopped = false;
    if (!export_read(m->arena, w, &e, &m->why)) return EXPORT_MISUSED;
    if (!export_read_steps(m->arena, m->lesson, w, &e, &m->why)) return EXPORT_MISUSED;
    ExportEnd end = export_formats[e.format].draws ? write_drawn(m, &e) : writers[e.format](m, &e);
    m->watch(m->context, w->format, 1, 1);
    return end;
}
