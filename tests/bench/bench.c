// make bench: the figures the README's table holds. Ratios and medians within one run; never a
// test. usage: bench [ASSETS LESSONS]
#include <cairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lesson/lesson.h"
#include "view/paint.h"
#include "view/stage.h"
#include "view/text.h"

static double now(void) { // seconds
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef struct {
    double median, p99;
} Times;

static Times summarise(double *seconds, int n) {
    qsort(seconds, (size_t)n, sizeof *seconds, ascending);
    return (Times){seconds[n / 2], seconds[(int)(0.99 * (n - 1))]};
}

static Lesson *open_or_die(Arena *a, const char *path, const Places *places) {
    Diags d = diags_new(a);
    Lesson *l = lesson_load(a, path, places, NULL, NULL, &d);
    if (l) return l;
    Buf text = buf_new(a);
    diags_print(&d, &text);
    fputs(buf_str(&text), stderr);
    exit(1);
}

// A step to a finished frame: every step of a lesson at 1920 x 1080, scene and painting.
static void bench_frames(const Lesson *l, TextEngine *text, ThemeKind theme, const char *what) {
    enum { W = 1920, H = 1080 };
    Arena *frame = arena_new();
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, W, H);
    cairo_t *cr = cairo_create(surface);
    int n = walk_count(l->walk);
    double *seconds = calloc((size_t)n, sizeof *seconds), *build = calloc((size_t)n, sizeof *build);
    for (int round = 0; round < 2; round++) // the first warms the caches of shaped text
        for (int i = 0; i < n; i++) {
            View v = {.lesson = l, .at = {i + 1, 0}, .grain = GRAIN_OPERATION, .theme = theme};
            double start = now();
            arena_reset(frame);
            Scene s = scene_new(frame, text, W, H);
            stage_draw(&s, &v, (Box){0, 0, W, H});
            build[i] = now() - start;
            scene_paint(&s, cr, theme, 1, -1);
            cairo_surface_flush(surface);
            seconds[i] = now() - start;
        }
    Times whole = summarise(seconds, n), scene = summarise(build, n);
    printf(
        "| a step to a finished frame, %s, 1920x1080 (%d steps) | median %.1f ms | 99th percentile "
        "%.1f ms | of it the scene %.1f ms |\n",
        what, n, 1e3 * whole.median, 1e3 * whole.p99, 1e3 * scene.median);
    free(seconds);
    free(build);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    arena_free(frame);
}

// Forward and full BPTT with the trace: hidden 4, input 4, 10 timesteps, a linear head and mse.
static void bench_run(const Places *places) {
    static const char text[] = "---\ntitle: Bench\nmodel: {cell: lstm, hidden: 4, head: linear, "
                               "loss: mse}\ndata:\n  inputs: [%s]\n  targets: [%s]\n---\n# Bench\n";
    enum { ROUNDS = 4001 };
    Arena *a = arena_new();
    Buf rows = buf_new(a);
    for (int t = 0; t < 10; t++)
        buf_printf(&rows, "%s[%g, %g, %g, %g]", t ? ", " : "", 0.1 * t, 0.3, -0.1 * t, 0.5);
    const char *path = "build/bench.md";
    FILE *f = fopen(path, "w");
    if (!f) return;
    fprintf(f, text, buf_str(&rows), buf_str(&rows));
    fclose(f);
    Lesson *l = open_or_die(a, path, places);
    static double forward[ROUNDS], both[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        double start = now();
        trace_forward(l->trace, &l->sequence, l->params);
        forward[i] = now() - start;
        trace_backward(l->trace);
        both[i] = now() - start;
    }
    Times fw = summarise(forward, ROUNDS), all = summarise(both, ROUNDS);
    printf("| forward and full BPTT with trace, hidden 4, input 4, 10 timesteps | median %.1f us | "
           "99th "
           "percentile %.1f us | of it forward %.1f us |\n",
           1e6 * all.median, 1e6 * all.p99, 1e6 * fw.median);
    remove(path);
    arena_free(a);
}

// From nothing to a painted frame in this process, with warm caches of the file system.
static void bench_start(const char *path, const Places *places) {
    enum { ROUNDS = 11 };
    double seconds[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        double start = now();
        const char *why;
        Arena *a = arena_new();
        TextEngine *text = text_engine_new(a, places->assets, &why);
        if (!text) exit((fprintf(stderr, "%s\n", why), 1));
        Lesson *l = open_or_die(a, path, places);
        cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1600, 1000);
        cairo_t *cr = cairo_create(surface);
        View v = {.lesson = l, .at = {1, 0}, .grain = GRAIN_OPERATION};
        Scene s = scene_new(a, text, 1600, 1000);
        stage_draw(&s, &v, (Box){0, 0, 1600, 1000});
        scene_paint(&s, cr, THEME_LIGHT, 1, -1);
        cairo_destroy(cr);
        cairo_surface_destroy(surface);
        text_engine_free(text);
        arena_free(a);
        seconds[i] = now() - start;
    }
    Times t = summarise(seconds, ROUNDS);
    printf("| fonts, lesson with its training, first frame, without the window | median %.0f ms | "
           "worst "
           "%.0f ms | |\n",
           1e3 * t.median, 1e3 * seconds[ROUNDS - 1]);
}

int main(int argc, char **argv) {
    Places places = {argc > 1 ? argv[1] : "build/assets", argc > 2 ? argv[2] : "lessons"};
    const char *why;
    Arena *a = arena_new();
    TextEngine *text = text_engine_new(a, places.assets, &why);
    if (!text) return fprintf(stderr, "%s\n", why), 1;
    Lesson *one = open_or_die(a, arena_printf(a, "%s/01-forward.md", places.lessons), &places);
    printf("| what | | | |\n| --- | --- | --- | --- |\n");
    bench_frames(one, text, THEME_LIGHT, "light");
    bench_frames(one, text, THEME_DARK, "dark");
    bench_start(arena_printf(a, "%s/01-forward.md", places.lessons), &places);
    bench_run(&places);
    text_engine_free(text);
    arena_free(a);
    return 0;
}
