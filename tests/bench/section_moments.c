// Opening an optimizer step of a training of ten thousand: replay from its keyframe, its batch's
// gradient, the whole trace, walk and proof.
#include <stdio.h>
#include <stdlib.h>

#include "lesson/moment.h"
#include "open.h"
#include "report.h"

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

static void measure(Report *r, const char *what, const char *front) {
    Arena *a = arena_new();
    Lesson *l = front ? open_front_matter(a, front, r->places, STEPS)
                      : open_first_lesson(a, r->places, STEPS);
    double seconds[OPENED];
    int spacing;
    double mib = history_kept(l->history, &spacing) / (1 << 20);
    for (int i = 0; i < OPENED; i++) {
        int even = 1 + (int)((long long)i * (STEPS - 1) / (OPENED - 1));
        int worst = (even + spacing - 1) / spacing * spacing;
        int moment = i % 2 && worst >= 1 && worst <= STEPS ? worst : even;
        seconds[i] = seconds_to_open(l, moment);
    }
    Spread s = spread_of(seconds, OPENED);
    const char *every = spacing == 1 ? "every step" : arena_printf(a, "every %d steps", spacing);
    const char *name = arena_printf(r->arena, "opening an optimizer step, %s", what);
    printf("| %s | %.2f ms | %.2f ms | %s, %.1f MiB | %s |\n", what, 1e3 * s.median, 1e3 * s.most,
           every, mib, report_asked(r, name, 1e3 * s.most, AT_MOST, 50, " ms"));
    fflush(stdout);
    arena_free(a);
}

void section_moments(Report *r) {
    printf(
        "In processor time.\n\n| opening any optimizer step of %d, with its whole trace | median "
        "| worst of %d | kept | asked |\n| --- | --- | --- | --- | --- |\n",
        STEPS, OPENED);
    for (size_t k = 0; k < sizeof lessons / sizeof *lessons; k++)
        measure(r, lessons[k].what, lessons[k].front);
}
