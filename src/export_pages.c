// PDF and HTML from the command line: pages in memory, then one file.
#include <math.h>

#include "export/html.h"
#include "export_jobs.h"

static bool go_on(void *context, int done, int all) {
    (void)context;
    progress_bar("pages", done, all, NAN);
    return !interrupted();
}

// Beside slides lies what a presenter program shows to the speaker.
static ExitCode write_notes(Program *p, const Export *e, const Frame *frames, int n) {
    Buf out = buf_new(p->arena);
    Export beside = *e;
    beside.path = export_beside(p->arena, e->path, "pdfpc");
    pages_notes(p->arena, &e->look, frames, n, &out);
    return export_file(p, &beside, &out, "notes.pdfpc");
}

ExitCode export_pdf(Program *p, const Export *e, Tools *tools) {
    int n;
    Frame *frames = frames_to_export(p, e, &n);
    if (!frames) return EXIT_USAGE;
    Buf out = buf_new(p->arena);
    const char *why;
    bool done =
        pages_write(p->arena, tools->text, &e->look, e->layout, frames, n, go_on, NULL, &out, &why);
    progress_bar("pages", n, n, NAN);
    if (!done) return why ? machine_error(why) : EXIT_INTERRUPTED;
    const char *name = arena_printf(p->arena, "%s.pdf", e->look.lesson->slug);
    ExitCode code = export_file(p, e, &out, name);
    if (code == EXIT_DONE && e->layout == LAYOUT_SLIDES && export_is_file(e->path))
        code = write_notes(p, e, frames, n);
    return code;
}

ExitCode export_html(Program *p, const Export *e, Tools *tools) {
    int n;
    Frame *frames = frames_to_export(p, e, &n);
    if (!frames) return EXIT_USAGE;
    Buf out = buf_new(p->arena);
    bool done =
        html_write(p->arena, tools->text, tools->fonts, &e->look, frames, n, go_on, NULL, &out);
    progress_bar("pages", n, n, NAN);
    if (!done) return EXIT_INTERRUPTED;
    return export_file(p, e, &out, arena_printf(p->arena, "%s.html", e->look.lesson->slug));
}
