// PDF and HTML, written as they are made.
#include "export/html.h"
#include "export/make_with.h"
#include "export/pages_pdf.h"
#include "files/write.h"

static bool go_on(void *context, int done, int all) {
    return maker_goes_on(context, "pages", done, all);
}

// Beside slides lies what a presenter program shows to the speaker.
static ExportEnd write_notes(Maker *m, const Export *e, const Frame *frames, int n) {
    Buf out = buf_new(m->arena);
    Export beside = *e;
    beside.path = export_beside(m->arena, e->path, "pdfpc");
    pages_notes(m->arena, &e->look, frames, n, &out);
    return make_file(m, &beside, &out, "notes.pdfpc");
}

ExportEnd make_pdf(Maker *m, const Export *e) {
    int n;
    Frame *frames = maker_frames(m, e, &n);
    if (!frames) return EXPORT_MISUSED;
    const char *path = make_path(m, e, arena_printf(m->arena, "%s.pdf", e->look.lesson->slug));
    Writing *out = write_begin(m->arena, path, &m->why);
    if (!out) return EXPORT_FAILED;
    Look look = pages_look(&e->look, e->layout, n);
    PageRun run = pages_begin(m->text, &look, e->layout, frames, n, e->per_page);
    PdfFonts *fonts = pdf_fonts_new(m->text);
    pages_pdf(m->arena, &run, fonts, go_on, m, write_bytes, out);
    pdf_fonts_free(fonts);
    if (!write_end(out, !m->stopped, &m->why)) return EXPORT_FAILED;
    if (m->stopped) return EXPORT_STOPPED;
    bool notes = e->layout == LAYOUT_SLIDES && export_is_file(path);
    return notes ? write_notes(m, e, frames, n) : EXPORT_DONE;
}

ExportEnd make_html(Maker *m, const Export *e) {
    int n;
    Frame *frames = maker_frames(m, e, &n);
    if (!frames) return EXPORT_MISUSED;
    const char *path = make_path(m, e, arena_printf(m->arena, "%s.html", e->look.lesson->slug));
    Writing *out = write_begin(m->arena, path, &m->why);
    if (!out) return EXPORT_FAILED;
    HtmlJob job = {.text = m->text,
                   .fonts = m->fonts,
                   .assets = m->places->assets,
                   .look = &e->look,
                   .frames = frames,
                   .n = n,
                   .progress = go_on,
                   .context = m,
                   .put = write_bytes,
                   .sink = out};
    const char *why;
    html_write(m->arena, &job, &why);
    if (!write_end(out, !m->stopped && !why, &m->why)) return EXPORT_FAILED;
    if (why) return maker_fails(m, why);
    return m->stopped ? EXPORT_STOPPED : EXPORT_DONE;
}
