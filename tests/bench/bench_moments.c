// Opening an optimizer step of a training of ten thousand: replay from its keyframe, its batch's
// gradient, the whole trace, walk and proof. usage: bench_moments [ASSETS LESSONS]
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lesson/moment.h"
#include "lesson/reading.h"
#include "timing.h"

enum { STEPS = 10000, OPENED = 400 };

static double now(void) {
    return seconds_on(CLOCK_PROCESS_CPUTIME_ID);
}

static const struct {
    const char *what, *front;
} lessons[] = {
    {"lesson 1's net: hidden 4, 6 timesteps, batch 8, adam", NULL},
    {"hidden 16, 20 timesteps, batch 16, adam",
     "model: {cell: lstm, hidden: 16, head: softmax, loss: cross-entropy}\n"
     "data: {task: latch, length: 20}\n"},
    {"hidden 32, 50 timesteps, batch 8, adam",
     "model: {cell: lstm, hidden: 32, head: softmax, loss: cross-entropy}\n"
     "data: {task: latch, length: 50}\ntrain: {batch: 8}\n"},
};

static Lesson *load(Arena *a, const char *front, const Places *places) {
    Diags d = diags_new(a);
    Training training = {.steps = STEPS};
    Lesson *l;
    if (front) {
        const char *text = arena_printf(a, "---\ntitle: t\n%s---\n", front);
        Source *source = ARENA_NEW(a, Source);
        *source = (Source){"bench.md", text, strlen(text)};
        l = lesson_from_source(a, source, places, &training, &d);
    } else {
        const char *path = arena_printf(a, "%s/01-forward.md", places->lessons);
        l = lesson_load_trained(a, path, places, &training, &d);
    }
    if (l) return l;
    Buf text = buf_new(a);
    diags_print(&d, &text);
    fputs(buf_str(&text), stderr);
    exit(1);
}

// The last step before each of many keyframes, which is the worst to open.
static double seconds_to_open(const Lesson *l, int moment) {
    const char *why;
    Arena *a = arena_new();
    double start = now();
    if (!moment_open(a, l, moment, NULL, NULL, &why)) exit((fprintf(stderr, "%s\n", why), 1));
    double took = now() - start;
    arena_free(a);
    return took;
}

int main(int argc, char **argv) {
    Places places = {argc > 1 ? argv[1] : "build/assets", argc > 2 ? argv[2] : "lessons"};
    printf("| opening any optimizer step of %d, with its whole trace | median | worst of %d | kept "
           "|\n| --- | --- | --- | --- |\n",
           STEPS, OPENED);
    for (size_t k = 0; k < sizeof lessons / sizeof *lessons; k++) {
        Arena *a = arena_new();
        Lesson *l = load(a, lessons[k].front, &places);
        double seconds[OPENED];
        int spacing;
        double mib = history_kept(l->history, &spacing) / (1 << 20);
        for (int i = 0; i < OPENED; i++) {
            int even = 1 + (int)((long long)i * (STEPS - 1) / (OPENED - 1));
            int worst = (even + spacing - 1) / spacing * spacing;
            int moment = i % 2 && worst >= 1 && worst <= STEPS ? worst : even;
            seconds[i] = seconds_to_open(l, moment);
        }
        qsort(seconds, OPENED, sizeof *seconds, ascending);
        const char *every =
            spacing == 1 ? "every step" : arena_printf(a, "every %d steps", spacing);
        printf("| %s | %.2f ms | %.2f ms | %s, %.1f MiB |\n", lessons[k].what,
               1e3 * seconds[OPENED / 2], 1e3 * seconds[OPENED - 1], every, mib);
        arena_free(a);
    }
    return 0;
}
