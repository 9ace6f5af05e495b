// make bench: how fast pictures leave the program. usage: bench_export [ASSETS LESSONS]
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "export/format.h"
#include "export/html.h"
#include "export/pages_pdf.h"
#include "export/png.h"
#include "export/svg.h"
#include "lesson/lesson.h"
#include "timing.h"

enum { W = 1920, H = 1080 };

static double now(void) { return seconds_on(CLOCK_MONOTONIC); }

typedef struct {
    TextEngine *text;
    Fonts *fonts;
    PdfFonts *pdf_fonts;
    const char *assets;
    Look look;
    Frame *frames;
    int n;
    size_t bytes; // of all files
} Bench;

static void png(Bench *b, Arena *a, int k) {
    Scene s = picture_scene(a, b->text, &b->look, &b->frames[k]);
    Buf out = buf_new(a);
    const char *why;
    if (!png_scene(a, &s, (PngLook){b->look.theme, 1, false}, &out, &why)) exit(1);
    b->bytes += out.len;
}

static void svg(Bench *b, Arena *a, int k) {
    Scene s = picture_scene(a, b->text, &b->look, &b->frames[k]);
    Buf out = buf_new(a);
    svg_document(a, b->fonts, &s, &b->look, &b->frames[k], &out);
    b->bytes += out.len;
}

static bool always(void *context, int done, int all) {
    (void)context, (void)done, (void)all;
    return true;
}

static void pdf_of(Bench *b, Arena *a, const Frame *frames, int n) {
    Buf out = buf_new(a);
    PageRun run = pages_begin(b->text, &b->look, LAYOUT_FRAMES, frames, n, 0);
    if (!pages_pdf(a, &run, b->pdf_fonts, always, NULL, buf_take, &out)) exit(1);
    b->bytes += out.len;
}

static void pdf(Bench *b, Arena *a, int k) { pdf_of(b, a, &b->frames[k], 1); }

typedef void One(Bench *b, Arena *a, int k);

// Frames from `first` on in steps; seconds for them.
static double run(Bench *b, One *one, int first, int step) {
    Arena *a = arena_new();
    double start = now();
    b->bytes = 0;
    for (int k = first; k < b->n; k += step) {
        arena_reset(a);
        one(b, a, k);
    }
    double seconds = now() - start;
    arena_free(a);
    return seconds;
}

static double run_together(Bench *b, One *one, int jobs) {
    double start = now();
    for (int k = 0; k < jobs; k++)
        if (fork() == 0) {
            run(b, one, k, jobs);
            _exit(0);
        }
    while (wait(NULL) > 0) continue;
    return now() - start;
}

static void bench(Bench *b, const char *what, One *one) {
    double seconds = 1e9, together = 1e9;
    for (int round = 0; round < 3; round++) {
        double one_job = run(b, one, 0, 1), two = run_together(b, one, 2);
        seconds = one_job < seconds ? one_job : seconds;
        together = two < together ? two : together;
    }
    printf("| %s at %dx%d (%d frames) | %.0f frames/s, one process | two: %.2f times | %zu KB each "
           "|\n",
           what, W, H, b->n, b->n / seconds, seconds / together, b->bytes / (size_t)b->n / 1024);
}

// A single PDF file holds many pages: fonts once.
static void bench_pages(Bench *b) {
    Arena *a = arena_new();
    double start = now();
    b->bytes = 0;
    pdf_of(b, a, b->frames, b->n);
    printf("| PDF, all in one file | %.0f pages/s | | %zu KB each |\n", b->n / (now() - start),
           b->bytes / (size_t)b->n / 1024);
    arena_free(a);
}

static bool append(void *sink, const void *bytes, size_t n) {
    buf_put(sink, bytes, n);
    return true;
}

static void bench_html(Bench *b) {
    Arena *a = arena_new();
    double start = now();
    Buf out = buf_new(a);
    int n = b->n < 60 ? b->n : 60;
    Look look = b->look;
    export_size(FORMAT_HTML, LAYOUT_FRAMES, &look.width, &look.height);
    HtmlJob job = {.text = b->text,
                   .fonts = b->fonts,
                   .assets = b->assets,
                   .look = &look,
                   .frames = b->frames,
                   .n = n,
                   .progress = always,
                   .put = append,
                   .sink = &out};
    const char *why;
    if (!html_write(a, &job, &why)) exit(1);
    printf("| an HTML page of %d steps, both languages | %.2f s | | %zu KB |\n", n, now() - start,
           out.len / 1024);
    arena_free(a);
}

int main(int argc, char **argv) {
    Places places = {argc > 1 ? argv[1] : "build/assets", argc > 2 ? argv[2] : "lessons"};
    const char *why;
    Arena *a = arena_new();
    Diags d = diags_new(a);
    Bench b = {.text = text_engine_new(a, places.assets, &why), .assets = places.assets};
    const char *path = arena_printf(a, "%s/01-forward.md", places.lessons);
    Lesson *l = lesson_load(a, path, &places, NULL, NULL, &d);
    if (!b.text || !l) return fprintf(stderr, "bench: no fonts or no lesson\n"), 1;
    b.fonts = fonts_new(b.text);
    b.pdf_fonts = pdf_fonts_new(b.text);
    b.look = (Look){.lesson = l, .panel = PANEL_COUNT, .width = W, .height = H, .scale = 1};
    b.frames =
        frames_list(a, l, BY_EQUATION, (Playhead){1, 0}, (Playhead){walk_count(l->walk), 0}, &b.n);
    run(&b, png, 0, 1); // warms the caches of shaped text
    bench(&b, "PNG", png);
    bench(&b, "SVG, fonts in each", svg);
    bench(&b, "PDF, fonts in each", pdf);
    bench_pages(&b);
    bench_html(&b);
    fonts_free(b.fonts);
    pdf_fonts_free(b.pdf_fonts);
    text_engine_free(b.text);
    arena_free(a);
    return 0;
}
