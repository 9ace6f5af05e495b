// How fast pictures leave the program, in turns with matplotlib; two jobs against one; whole files.
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "export/html.h"
#include "export/make.h"
#include "export/pages_pdf.h"
#include "export/png.h"
#include "export/svg.h"
#include "open.h"
#include "peer.h"
#include "report.h"

enum { W = 1920, H = 1080, PAGES = 60 };

/// A run of frames on its way out.
typedef struct {
    TextEngine *text;
    Fonts *fonts;
    PdfFonts *pdf_fonts;
    Look look;
    Frame *frames;
    int n, round;
    double bytes; // of a frame, mean of the latest block
} Run;

typedef void FrameOut(Run *run, Arena *a, const Frame *frame, Buf *out);

static void png(Run *run, Arena *a, const Frame *frame, Buf *out) {
    Scene s = picture_scene(a, run->text, &run->look, frame);
    const char *why;
    if (!png_scene(a, &s, (PngLook){run->look.theme, 1, false}, out, &why)) exit(1);
}

static void svg(Run *run, Arena *a, const Frame *frame, Buf *out) {
    Scene s = picture_scene(a, run->text, &run->look, frame);
    svg_document(a, run->fonts, &s, &run->look, frame, out);
}

static bool always(void *context, const char *what, int done, int all) {
    (void)context, (void)what, (void)done, (void)all;
    return true;
}

static bool go_on(void *context, int done, int all) {
    return always(context, NULL, done, all);
}

static void pages(Run *run, Arena *a, const Frame *frames, int n, Buf *out) {
    PageRun pages = pages_begin(run->text, &run->look, LAYOUT_FRAMES, frames, n, 0);
    if (!pages_pdf(a, &pages, run->pdf_fonts, go_on, NULL, buf_take, out)) exit(1);
}

static void pdf(Run *run, Arena *a, const Frame *frame, Buf *out) {
    pages(run, a, frame, 1, out);
}

/// What is asked of each format: how many times as long matplotlib is to take, and how many times
/// as long one job as two.
static const struct Kind {
    const char *name, *format, *reused, *fresh;
    FrameOut *one;
    double asked, asked_fresh, asked_jobs; // 0: nothing
    bool files;                            // a file a frame, which jobs share out
} kinds[] = {
    {"PNG", "png", "png-reused", "png-fresh", png, 8, 16, 1.85, true},
    {"SVG", "svg", "svg-reused", "svg-fresh", svg, 20, 0, 0, true},
    {"PDF", "pdf", "pdf-reused", "pdf-fresh", pdf, 20, 0, 0, false},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/// With caches as a program has that has drawn nothing yet.
static Run run_new(Arena *a, const Report *r, const Lesson *l) {
    Run run = {.text = open_text(a, r->places),
               .look = {.lesson = l, .panel = PANEL_COUNT, .width = W, .height = H, .scale = 1}};
    run.fonts = fonts_new(run.text);
    run.pdf_fonts = pdf_fonts_new(run.text);
    Playhead first = {1, 0}, last = {walk_count(l->walk), 0};
    run.frames = frames_list(a, l, BY_EQUATION, first, last, &run.n);
    return run;
}

static void run_free(Run *run) {
    fonts_free(run->fonts);
    pdf_fonts_free(run->pdf_fonts);
    text_engine_free(run->text);
}

// ---- frames, in turns with matplotlib

enum { FRAME_ROUNDS = 12 };

typedef struct {
    Run *run;
    FrameOut *one;
} Writer;

/// A block takes frames from all over the run, the next block those after them: in all rounds
/// together each frame comes once, as in an export of all. A single one comes again and again.
static bool write_frames(void *context, int items, Took *took) {
    Writer *w = context;
    Run *run = w->run;
    Arena *a = arena_new();
    int first = items > 1 ? run->round++ % FRAME_ROUNDS : 0;
    double bytes = 0;
    Took begin = took_now();
    for (int i = 0; i < items; i++) {
        arena_reset(a);
        Buf out = buf_new(a);
        w->one(run, a, &run->frames[first + i * FRAME_ROUNDS], &out);
        bytes += (double)out.len;
    }
    *took = took_since(begin);
    run->bytes = bytes / items;
    arena_free(a);
    return true;
}

static void print_frames(Report *r, const struct Kind *k, const Turn *turns, double bytes) {
    enum { OURS, REUSED, FRESH };
    const double asked[] = {[REUSED] = k->asked, [FRESH] = k->asked_fresh};
    static const char *const what[] = {[REUSED] = "matplotlib, artists reused / ours",
                                       [FRESH] = "matplotlib, a figure each / ours"};
    Spread s = turns_seconds(&turns[OURS], FRAME_ROUNDS, ON_PROCESSOR);
    printf("| %s: frames a second | %.3g | %.3g to %.3g | %.3g to %.3g | %d | %.0f KB each |\n",
           k->name, 1 / s.median, 1 / s.three_quarters, 1 / s.quarter, 1 / s.most, 1 / s.least, s.n,
           bytes / 1024);
    for (int i = REUSED; i <= FRESH; i++) {
        if (!turns_met(&turns[OURS], &turns[i])) continue;
        Spread ratio = turns_ratio(&turns[i], &turns[OURS], FRAME_ROUNDS, ON_PROCESSOR);
        const char *name = arena_printf(r->arena, "%s: %s", k->name, what[i]);
        report_ratio(r, name, &ratio,
                     asked[i] > 0 ? report_asked(r, name, ratio.median, AT_LEAST, asked[i], "")
                                  : "");
    }
}

static void measure_frames(Report *r, const Lesson *l, Peer *matplotlib, const struct Kind *k) {
    Arena *a = arena_new();
    Run run = run_new(a, r, l);
    Writer writer = {&run, k->one};
    Turn turns[] = {{.block = write_frames, .context = &writer, .items = run.n / FRAME_ROUNDS},
                    peer_turn(a, matplotlib, k->reused),
                    peer_turn(a, matplotlib, k->fresh)};
    turns[1].items = turns[2].items = 1;
    turns_take(a, turns, 3, FRAME_ROUNDS);
    print_frames(r, k, turns, run.bytes);
    run_free(&run);
    arena_free(a);
}

// ---- two jobs against one

enum { JOB_ROUNDS = 5 };

typedef struct {
    const Report *report;
    const Lesson *lesson;
    ExportWords words;
} Jobs;

/// The export of all frames into a folder, as the command does it, from empty caches on.
static bool export_all(void *context, int items, Took *took) {
    const Jobs *j = context;
    (void)items;
    Arena *a = arena_new();
    Maker maker = {.arena = a,
                   .places = j->report->places,
                   .lesson = j->lesson,
                   .text = open_text(a, j->report->places),
                   .watch = always};
    Took begin = took_now();
    bool done = export_make(&maker, &j->words) == EXPORT_DONE;
    *took = took_since(begin);
    text_engine_free(maker.text);
    arena_free(a);
    return done;
}

static void measure_jobs(Report *r, const Lesson *l, const struct Kind *k) {
    ExportWords words = {.format = k->format, .by = "equation", .size = "1920x1080", .all = true};
    words.path = arena_printf(r->arena, "build/bench-pictures/%s", k->format);
    Jobs jobs[] = {{r, l, words}, {r, l, words}};
    jobs[0].words.jobs = "1";
    jobs[1].words.jobs = "2";
    Turn turns[] = {{.block = export_all, .context = &jobs[0], .items = 1},
                    {.block = export_all, .context = &jobs[1], .items = 1}};
    turns_take(r->arena, turns, 2, JOB_ROUNDS);
    if (!turns_met(&turns[0], &turns[1])) {
        printf("| %s: the export failed | | | | | |\n", k->name);
        return;
    }
    Spread s = turns_ratio(&turns[0], &turns[1], JOB_ROUNDS, ON_CLOCK);
    const char *name = arena_printf(r->arena, "%s: one job / two jobs", k->name);
    const char *asked =
        k->asked_jobs > 0 ? report_asked(r, name, s.median, AT_LEAST, k->asked_jobs, "") : "";
    report_ratio(r, name, &s, asked);
}

// ---- whole files

static void measure_pages(Report *r, const Lesson *l) {
    Run run = run_new(r->arena, r, l);
    Buf out = buf_new(r->arena);
    Took begin = took_now();
    pages(&run, r->arena, run.frames, run.n, &out);
    double seconds = took_since(begin).on[ON_PROCESSOR];
    printf("| a PDF of %d pages | %.2f s | %.0f pages/s | %zu KB | |\n", run.n, seconds,
           run.n / seconds, out.len / 1024);
    run_free(&run);
}

static void measure_html(Report *r, const Lesson *l) {
    Run run = run_new(r->arena, r, l);
    Buf out = buf_new(r->arena);
    int n = run.n < PAGES ? run.n : PAGES;
    export_size(FORMAT_HTML, LAYOUT_FRAMES, &run.look.width, &run.look.height);
    HtmlJob job = {.text = run.text,
                   .fonts = run.fonts,
                   .assets = r->places->assets,
                   .look = &run.look,
                   .frames = run.frames,
                   .n = n,
                   .progress = go_on,
                   .put = buf_take,
                   .sink = &out};
    const char *why;
    Took begin = took_now();
    if (!html_write(r->arena, &job, &why)) exit(1);
    double seconds = took_since(begin).on[ON_PROCESSOR], mb = 1e-6 * (double)out.len;
    printf(
        "| an HTML page of %d steps, both languages | %.2f s | %.0f steps/s | %zu KB | %s; %s |\n",
        n, seconds, n / seconds, out.len / 1024,
        report_asked(r, "an HTML page, time", seconds, AT_MOST, 2, " s"),
        report_asked(r, "an HTML page, size", mb, AT_MOST, 2, " MB"));
    run_free(&run);
}

void section_export(Report *r) {
    Lesson *l = open_first_lesson(r->arena, r->places, -1);
    Peer *matplotlib = peer_start(r->arena, "peer_matplotlib.py", NULL);
    peer_print(matplotlib, "matplotlib", "python3-matplotlib");
    printf(
        "Lesson 1, a frame an equation, at %d x %d; each frame is drawn once. One process each, in "
        "processor time; jobs by the clock, with files written.\n",
        W, H);
    report_ratios("export, times as long");
    for (int k = 0; k < KINDS; k++) measure_frames(r, l, matplotlib, &kinds[k]);
    peer_stop(matplotlib);
    mkdir("build/bench-pictures", 0777);
    for (int k = 0; k < KINDS; k++)
        if (kinds[k].files) measure_jobs(r, l, &kinds[k]);
    printf("\n| whole files, in processor time | | | | asked |\n| --- | --- | --- | --- | --- |\n");
    measure_pages(r, l);
    measure_html(r, l);
}
