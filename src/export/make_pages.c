// PDF, contact sheets and HTML, written as they are made.
#include "export/make_with.h"

#include <string.h>

#include "export/html.h"
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
    picture_settle(m->text, &look, frames, n);
    PageRun run = pages_begin(m->text, &look, e->layout, frames, n, e->per_page);
    PdfFonts *fonts = pdf_fonts_new(m->text);
    pages_pdf(m->arena, &run, fonts, go_on, m, write_bytes, out);
    pdf_fonts_free(fonts);
    if (!write_end(out, !m->stopped, &m->why)) return EXPORT_FAILED;
    if (m->stopped) return EXPORT_STOPPED;
    bool notes = e->layout == LAYOUT_SLIDES && export_is_file(path);
    return notes ? write_notes(m, e, frames, n) : EXPORT_DONE;
}

static ExportEnd write_sheets(Maker *m, const Export *e, PageRun *run, PageBytes *bytes,
                              const char *ending) {
    Arena *a = arena_new();
    ExportEnd end = EXPORT_DONE;
    Page page;
    while (end == EXPORT_DONE && pages_next(run, a, &page)) {
        Buf out = buf_new(a);
        const char *why;
        if (!maker_goes_on(m, "sheets", run->done - page.n_frames, run->n))
            end = EXPORT_STOPPED;
        else if (!bytes(a, m->fonts, run->look, &page, &out, &why))
            end = maker_fails(m, arena_printf(m->arena, "%s", why));
        else
            end = make_file(m, e, &out, arena_printf(m->arena, "sheet-%04d.%s", run->page, ending));
        arena_reset(a);
    }
    arena_free(a);
    return end;
}

// A name with the format's ending is a file, one without a folder, whatever it becomes.
static bool names_file(const char *path, const char *ending) {
    size_t n = strlen(path), own = strlen(ending);
    bool ended = n > own && path[n - own - 1] == '.' && strcmp(path + n - own, ending) == 0;
    return !is_folder(path) && (ended || !export_is_file(path));
}

ExportEnd make_sheets(Maker *m, const Export *e, PageBytes *bytes, const char *ending) {
    int n;
    Frame *frames = maker_frames(m, e, &n);
    if (!frames) return EXPORT_MISUSED;
    Look look = pages_look(&e->look, e->layout, n);
    look.scale = e->look.scale;
    picture_settle(m->text, &look, frames, n);
    PageRun run = pages_sheets(m->text, &look, frames, n, e->per_page);
    int most = run.columns * run.rows;
    if (names_file(e->path, ending)) {
        m->why = arena_printf(m->arena,
                              "%d pictures do not fit on one sheet (%d do): give a folder with -o, "
                              "or fewer steps with --by, --from and --to",
                              n, most);
        return n > most ? EXPORT_MISUSED : write_sheets(m, e, &run, bytes, ending);
    }
    if (!write_folder(m->arena, e->path, &m->why)) return EXPORT_FAILED;
    return write_sheets(m, e, &run, bytes, ending);
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
