// PDF and HTML: pages in memory, then one file.
#include "export/html.h"
#include "export/make_with.h"

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
    Buf out = buf_new(m->arena);
    const char *why;
    bool done =
        pages_write(m->arena, m->text, &e->look, e->layout, frames, n, go_on, m, &out, &why);
    if (!done) return maker_ends(m, why);
    const char *name = arena_printf(m->arena, "%s.pdf", e->look.lesson->slug);
    ExportEnd end = make_file(m, e, &out, name);
    if (end == EXPORT_DONE && e->layout == LAYOUT_SLIDES && export_is_file(e->path))
        end = write_notes(m, e, frames, n);
    return end;
}

ExportEnd make_html(Maker *m, const Export *e) {
    int n;
    Frame *frames = maker_frames(m, e, &n);
    if (!frames) return EXPORT_MISUSED;
    Buf out = buf_new(m->arena);
    bool done = html_write(m->arena, m->text, m->fonts, &e->look, frames, n, go_on, m, &out);
    if (!done) return EXPORT_STOPPED;
    return make_file(m, e, &out, arena_printf(m->arena, "%s.html", e->look.lesson->slug));
}
