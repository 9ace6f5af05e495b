// make bench: the figures the README's table holds. Ratios and medians within one run; never a
// test. usage: bench [ASSETS LESSONS]
#include <cairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/canvas.h"
#include "lesson/lesson.h"
#include "timing.h"
#include "view/motion.h"
#include "view/paint.h"
#include "view/stage.h"
#include "view/text.h"

// Seconds of processor time: on an idle machine the same as the clock's, as nothing here waits; on
// a busy one, what others take is not counted.
static double now(void) {
    return seconds_on(CLOCK_PROCESS_CPUTIME_ID);
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

// ---- a step to a finished frame: every step of a lesson, one after the other

enum { W = 1920, H = 1080, ROUNDS = 5 };

static void print_row(const char *what, int n, double *seconds, double *scene) {
    Times whole = summarise(seconds, n), build = summarise(scene, n);
    printf("| %s | median %.1f ms | 99th percentile %.1f ms | of it the scene %.1f ms |\n", what,
           1e3 * whole.median, 1e3 * whole.p99, 1e3 * build.median);
}

// What one step took in the first round, when its texts and shapes are new, and the least of the
// later ones, so that what else the machine did meanwhile is not counted.
typedef struct {
    double *first, *first_scene, *best, *best_scene;
    int n;
} Steps;

static Steps steps_new(Arena *a, int n) {
    Steps s = {ARENA_ARRAY(a, double, n), ARENA_ARRAY(a, double, n), ARENA_ARRAY(a, double, n),
               ARENA_ARRAY(a, double, n), n};
    for (int k = 0; k < n; k++) s.best[k] = s.best_scene[k] = 1e9;
    return s;
}

static void steps_add(Steps *s, int round, int k, double scene, double whole) {
    if (round == 0) {
        s->first[k] = whole;
        s->first_scene[k] = scene;
        return;
    }
    if (scene < s->best_scene[k]) s->best_scene[k] = scene;
    if (whole < s->best[k]) s->best[k] = whole;
}

// The whole stage painted anew for each step, as an export does.
static void bench_stage(const Lesson *l, TextEngine *text, ThemeKind theme) {
    Arena *frame = arena_new(), *own = arena_new();
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, W, H);
    cairo_t *cr = cairo_create(surface);
    Steps steps = steps_new(own, walk_count(l->walk));
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < steps.n; i++) {
            View v = {.lesson = l, .at = {i + 1, 0}, .grain = GRAIN_OPERATION, .theme = theme};
            double start = now();
            arena_reset(frame);
            Scene s = scene_new(frame, text, W, H);
            stage_draw(&s, &v, (Box){0, 0, W, H});
            double built = now();
            scene_paint(&s, cr, theme, 1, -1);
            cairo_surface_flush(surface);
            steps_add(&steps, round, i, built - start, now() - start);
        }
    const char *name = theme_names[theme];
    print_row(
        arena_printf(own, "the whole stage, %s, %d steps, shown the first time", name, steps.n),
        steps.n, steps.first, steps.first_scene);
    print_row(arena_printf(own, "the whole stage, %s, shown again", name), steps.n, steps.best,
              steps.best_scene);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    arena_free(frame);
    arena_free(own);
}

// As the window does it: bars and stage, and only the panels that changed are painted.
static void bench_window(const Lesson *l, TextEngine *text) {
    Arena *frame = arena_new(), *own = arena_new();
    World world = {.lesson = l, .scratch = own};
    AppState first = app_update(app_state_new(), action(ACT_LOADED), &world);
    first.width = W;
    first.height = H;
    first.grain = GRAIN_OPERATION;
    Canvas canvas = {0};
    SDL_Rect parts[CANVAS_PARTS];
    AppFrame f;
    Steps steps = steps_new(own, walk_count(l->walk));
    for (int round = 0; round < ROUNDS; round++) {
        AppState s = first;
        for (int i = 0; i < steps.n; i++) {
            double start = now();
            s = app_update(s, action(ACT_STEP_FORWARD), &world);
            frame_build(&f, frame, text, &s, &world, "");
            double built = now();
            canvas_paint(&canvas, &f, &f.scene, &s, false, parts);
            steps_add(&steps, round, i, built - start, now() - start);
        }
    }
    print_row("the window, what changed only, shown the first time", steps.n, steps.first,
              steps.first_scene);
    print_row("the window, what changed only, shown again", steps.n, steps.best, steps.best_scene);
    canvas_free(&canvas);
    arena_free(frame);
    arena_free(own);
}

// The frames of the motions between a lesson's steps, as many as a display shows of each; the first
// one of a motion builds both its pictures.
static void bench_motion(const Lesson *l, TextEngine *text) {
    enum { FRAMES = 36 }; // 0.6 s at 60 a second
    Arena *arenas[5];
    for (int k = 0; k < 5; k++) arenas[k] = arena_new();
    World world = {.lesson = l, .scratch = arenas[4]};
    AppState s = app_update(app_state_new(), action(ACT_LOADED), &world);
    s.width = W;
    s.height = H;
    Canvas canvas = {0};
    SDL_Rect parts[CANVAS_PARTS];
    AppFrame from, to;
    int steps = walk_count(l->walk), n = 0;
    double *first = ARENA_ARRAY(arenas[4], double, steps),
           *built = ARENA_ARRAY(arenas[4], double, steps);
    double *rest = ARENA_ARRAY(arenas[4], double, steps *FRAMES),
           *led = ARENA_ARRAY(arenas[4], double, steps *FRAMES);
    for (int i = 0; i < steps; i++) {
        double start = now();
        s = app_update(s, action(ACT_STEP_FORWARD), &world);
        AppState before = app_before(&s);
        frame_build(&from, arenas[0], text, &before, &world, "");
        frame_build(&to, arenas[1], text, &s, &world, "");
        arena_reset(arenas[2]);
        Motion *m = motion_new(arenas[2], &from.scene, &from.view, &to.scene, &to.view);
        for (int k = 0; k < FRAMES; k++) {
            arena_reset(arenas[3]);
            Scene scene = motion_scene(arenas[3], m, (double)(k + 1) / FRAMES);
            double made = now();
            canvas_paint(&canvas, &to, &scene, &s, false, parts);
            double end = now();
            if (k == 0) {
                first[i] = end - start;
                built[i] = made - start;
            } else {
                rest[n] = end - start;
                led[n++] = made - start;
            }
            start = now();
        }
    }
    print_row("motion between steps, the first frame of each", steps, first, built);
    print_row("motion between steps, the frames after it", n, rest, led);
    canvas_free(&canvas);
    for (int k = 0; k < 5; k++) arena_free(arenas[k]);
}

// Forward and full BPTT with the trace: hidden 4, input 4, 10 timesteps, a linear head and mse.
static void bench_run(const Places *places) {
    static const char text[] = "---\ntitle: Bench\nmodel: {cell: lstm, hidden: 4, head: linear, "
                               "loss: mse}\ndata:\n  inputs: [%s]\n  targets: [%s]\n---\n# Bench\n";
    enum { RUNS = 4001 };
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
    static double forward[RUNS], both[RUNS];
    for (int i = 0; i < RUNS; i++) {
        double start = now();
        trace_forward(l->trace, &l->sequence, l->params);
        forward[i] = now() - start;
        trace_backward(l->trace);
        both[i] = now() - start;
    }
    Times fw = summarise(forward, RUNS), all = summarise(both, RUNS);
    printf("| forward and full BPTT with trace, hidden 4, input 4, 10 timesteps | median %.1f us | "
           "99th "
           "percentile %.1f us | of it forward %.1f us |\n",
           1e6 * all.median, 1e6 * all.p99, 1e6 * fw.median);
    remove(path);
    arena_free(a);
}

// From nothing to a painted frame in this process, with warm caches of the file system.
static void bench_start(const char *path, const Places *places) {
    enum { STARTS = 11 };
    double seconds[STARTS];
    for (int i = 0; i < STARTS; i++) {
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
    Times t = summarise(seconds, STARTS);
    printf("| fonts, lesson with its training, first frame, without the window | median %.0f ms | "
           "worst "
           "%.0f ms | |\n",
           1e3 * t.median, 1e3 * seconds[STARTS - 1]);
}

// What the figures were taken on, and what else it was doing.
static void print_machine(void) {
    char line[256], model[256] = "unknown processor";
    FILE *f = fopen("/proc/cpuinfo", "r");
    while (f && fgets(line, sizeof line, f)) {
        char *value = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || !value) continue;
        snprintf(model, sizeof model, "%s", value + 2);
        model[strcspn(model, "\n")] = '\0';
        break;
    }
    if (f) fclose(f);
    double load = 0;
    f = fopen("/proc/loadavg", "r");
    if (f && fscanf(f, "%lf", &load) != 1) load = 0;
    if (f) fclose(f);
    printf("%s, %ld processors, one used; load before the run %.2f\n\n", model,
           sysconf(_SC_NPROCESSORS_ONLN), load);
}

int main(int argc, char **argv) {
    Places places = {argc > 1 ? argv[1] : "build/assets", argc > 2 ? argv[2] : "lessons"};
    const char *why;
    Arena *a = arena_new();
    TextEngine *text = text_engine_new(a, places.assets, &why);
    if (!text) return fprintf(stderr, "%s\n", why), 1;
    Lesson *one = open_or_die(a, arena_printf(a, "%s/01-forward.md", places.lessons), &places);
    print_machine();
    printf("| a step to a finished frame, %d x %d | | | |\n| --- | --- | --- | --- |\n", W, H);
    bench_window(one, text);
    bench_motion(one, text);
    bench_stage(one, text, THEME_LIGHT);
    bench_stage(one, text, THEME_DARK);
    bench_start(arena_printf(a, "%s/01-forward.md", places.lessons), &places);
    bench_run(&places);
    text_engine_free(text);
    arena_free(a);
    return 0;
}
