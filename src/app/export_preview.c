// The first frame is drawn by what the export draws it with, from the same words; only how large it
// stands in the dialog is the dialog's. Files of text show how they begin.
#include "app/export_preview.h"

#include <math.h>
#include <string.h>

#include "app/export_reason.h"
#include "export/film.h"
#include "export/latex.h"
#include "export/numbers.h"

enum { MOST_SENTENCES = 2000, MOST_STEPS = 20000 };

static bool is_film(const Export *e) {
    return export_heeds(e->format, HEED_FILM);
}

// What the writers of a format change in its look.
static Look look_of(const Export *e, int frames) {
    Look look = e->look;
    if (is_film(e)) look = film_look(&look, e->subtitles == SUBTITLES_BURN);
    if (e->format == FORMAT_PDF || e->layout != LAYOUT_FRAMES)
        look = pages_look(&look, e->layout, frames);
    if (e->format == FORMAT_HTML) look.caption = false;
    return look;
}

// Contact sheets that are pictures, not pages of a document.
static bool is_sheet(const Export *e) {
    return e->layout == LAYOUT_SHEET && e->format != FORMAT_PDF;
}

static void take_picture(ExportPreview *p, Arena *a, TextEngine *text, const Frame *frames) {
    const Export *e = &p->export;
    const ExportFormat *format = &export_formats[e->format];
    p->look = look_of(e, p->frames);
    picture_settle(text, &p->look, frames, p->frames > MOST_SENTENCES ? 1 : p->frames);
    PageRun run = is_sheet(e)
                      ? pages_sheets(text, &p->look, frames, p->frames, e->per_page)
                      : pages_begin(text, &p->look, e->layout, frames, p->frames, e->per_page);
    p->has_picture = pages_next(&run, a, &p->page);
    if (e->layout != LAYOUT_FRAMES) return;
    if (!format->screen && p->export.format != FORMAT_SVG) return;
    p->width = floor(p->look.width * p->look.scale + 0.5);
    p->height = floor(p->look.height * p->look.scale + 0.5);
}

static double film_length(Arena *a, const Export *e, const Frame *frames, int n) {
    FilmPace pace = {e->hold, e->fps, e->still};
    if (n > MOST_SENTENCES) return 0;
    return film_steps(a, &e->look, frames, n, &pace)[n - 1].end / 1000.0;
}

// The arrays of an archive and their shapes.
static void list_arrays(const Lesson *l, Buf *out) {
    const Graph *g = l->graph;
    int steps = trace_steps(l->trace);
    buf_printf(out, "x  %d × %d\n", steps, dim_count(g->nodes[g->x].dim));
    for (int e = 0; e < g->n_equations; e++)
        if (g->equations[e].part != g->loss_part)
            buf_printf(out, "%s  %d × %d\ngrad/%s\n", g->equations[e].full, steps,
                       dim_count(g->nodes[g->equations[e].node].dim), g->equations[e].full);
    for (int i = 0; i < g->n_params; i++)
        buf_printf(out, "%s  %d × %d\ngrad/%s\n", g->params[i].full, g->params[i].dim.rows,
                   g->params[i].dim.cols, g->params[i].full);
}

static const char *beginning_of(Arena *a, const ExportPreview *p) {
    const Lesson *l = p->export.look.lesson;
    Buf out = buf_new(a);
    bool small = walk_count(l->walk) < MOST_STEPS;
    if (p->export.format == FORMAT_TEX) latex_document(a, &p->export.look, &p->frame, 1, &out);
    if (p->export.format == FORMAT_NPZ) list_arrays(l, &out);
    if (small && p->export.format == FORMAT_JSON) trace_json(l, false, &out);
    if (small && p->export.format == FORMAT_CSV) trace_csv(l, &out);
    return buf_str(&out);
}

// Reads the words as the command does; the frames in *frames, NULL where there are none.
static bool read_words(ExportPreview *p, Arena *a, const Lesson *lesson, const Frame **frames) {
    *frames = NULL;
    if (!export_read(a, &p->words, &p->export, &p->why)) return false;
    bool steps = export_heeds(p->export.format, HEED_STEPS);
    // the words say which moment of training a step is of; without steps it is after training
    if (!steps && lesson->trained) lesson = lesson->trained;
    if (!export_read_steps(a, lesson, &p->words, &p->export, &p->why)) return false;
    if (!steps) return true;
    *frames = export_frames(a, &p->export, &p->frames, &p->why);
    if (!*frames) return false;
    p->frame = (*frames)[0];
    int most = p->export.per_page ? p->export.per_page : SHEET_MOST;
    p->why = arena_printf(a, "%d pictures do not fit on one sheet (%d do)", p->frames, most);
    return !is_sheet(&p->export) || p->frames <= most;
}

const ExportPreview *export_preview(Arena *a, TextEngine *text, const AppState *s, const World *w) {
    ExportPreview *p = ARENA_NEW(a, ExportPreview);
    const Frame *frames;
    *p = (ExportPreview){.frames = 1, .why = ""};
    p->words = export_task_words(a, s, w);
    p->ok = read_words(p, a, w->lesson, &frames);
    p->why = p->ok ? "" : export_reason(a, p->why, s->lang);
    if (!p->ok) return p;
    if (export_formats[p->export.format].draws)
        take_picture(p, a, text, frames);
    else
        p->beginning = beginning_of(a, p);
    if (is_film(&p->export)) p->seconds = film_length(a, &p->export, frames, p->frames);
    return p;
}
