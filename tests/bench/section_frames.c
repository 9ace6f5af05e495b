// A step to a finished frame, for every step of a lesson, as the window and as an export make it;
// and the run behind it. Times of the processor: on an idle machine the same as the clock's, as
// nothing here waits; on a busy one, what others take is not counted.
#include <cairo.h>
#include <stdio.h>

#include "app/canvas.h"
#include "open.h"
#include "report.h"
#include "timing.h"
#include "view/motion.h"
#include "view/paint.h"
#include "view/stage.h"

static double now(void) {
    return seconds_on(CLOCK_PROCESS_CPUTIME_ID);
}

enum { W = 1920, H = 1080, ROUNDS = 3 };

static void print_row(Report *r, const char *what, int n, double *seconds, double *scene) {
    Spread whole = spread_of(seconds, n), build = spread_of(scene, n);
    const char *half = arena_printf(r->arena, "%s, median", what);
    const char *slow = arena_printf(r->arena, "%s, 99th percentile", what);
    printf("| %s | %.1f ms | %.1f ms | %.1f ms | %s; %s |\n", what, 1e3 * whole.median,
           1e3 * whole.p99, 1e3 * build.median,
           report_asked(r, half, 1e3 * whole.median, AT_MOST, 8, " ms"),
           report_asked(r, slow, 1e3 * whole.p99, AT_MOST, 16, " ms"));
    fflush(stdout);
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
static void bench_stage(Report *r, const Lesson *l, TextEngine *text, ThemeKind theme) {
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
        r, arena_printf(own, "the whole stage, %s, %d steps, shown the first time", name, steps.n),
        steps.n, steps.first, steps.first_scene);
    print_row(r, arena_printf(own, "the whole stage, %s, shown again", name), steps.n, steps.best,
              steps.best_scene);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    arena_free(frame);
    arena_free(own);
}

// As the window does it: bars and stage, and only the panels that changed are painted.
static void bench_window(Report *r, const Lesson *l, TextEngine *text) {
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
    print_row(r, "the window, what changed only, shown the first time", steps.n, steps.first,
              steps.first_scene);
    print_row(r, "the window, what changed only, shown again", steps.n, steps.best,
              steps.best_scene);
    canvas_free(&canvas);
    arena_free(frame);
    arena_free(own);
}

// The frames of the motions between a lesson's steps, as many as a display shows of each; the first
// one of a motion builds both its pictures.
static void bench_motion(Report *r, const Lesson *l, TextEngine *text) {
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
    print_row(r, "motion between steps, the first frame of each", steps, first, built);
    print_row(r, "motion between steps, the frames after it", n, rest, led);
    canvas_free(&canvas);
    for (int k = 0; k < 5; k++) arena_free(arenas[k]);
}

// From nothing to a painted frame in this process, with warm caches of the file system.
static void bench_start(const Places *places) {
    enum { STARTS = 11 };
    double seconds[STARTS];
    for (int i = 0; i < STARTS; i++) {
        double start = now();
        Arena *a = arena_new();
        TextEngine *text = open_text(a, places);
        Lesson *l = open_first_lesson(a, places, -1);
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
    Spread s = spread_of(seconds, STARTS);
    printf("| fonts, lesson with its training, first frame, without the window | %.0f ms | worst "
           "%.0f ms | | |\n",
           1e3 * s.median, 1e3 * s.most);
}

void section_frames(Report *r) {
    TextEngine *text = open_text(r->arena, r->places);
    Lesson *one = open_first_lesson(r->arena, r->places, -1);
    printf("Every step of lesson 1 at %d x %d, in processor time.\n\n"
           "| a step to a finished frame | median | 99th percentile | of the median the scene | "
           "asked |\n| --- | --- | --- | --- | --- |\n",
           W, H);
    bench_window(r, one, text);
    bench_motion(r, one, text);
    bench_stage(r, one, text, THEME_LIGHT);
    bench_stage(r, one, text, THEME_DARK);
    bench_start(r->places);
    text_engine_free(text);
}
