#include "report.h"

#include <stdio.h>

const char *report_number(Arena *a, double x) {
    return arena_printf(a, x < 100 ? "%.3g" : "%.0f", x);
}

const char *report_asked(Report *r, const char *what, double value, Bound bound, double asked,
                         const char *unit) {
    bool met = bound == AT_LEAST ? value >= asked : value <= asked;
    const char *words = bound == AT_LEAST ? "at least" : "at most";
    r->asked++;
    r->met += met;
    if (!met)
        buf_printf(r->missed, "- %s: %s%s, %s %g%s asked\n", what, report_number(r->arena, value),
                   unit, words, asked, unit);
    const char *mark = met ? "pass" : bound == AT_LEAST ? "below" : "above";
    return arena_printf(r->arena, "%s %g%s: %s", words, asked, unit, mark);
}

void report_ratios(const char *title) {
    printf("\n| %s | median of the rounds | middle half | all | rounds | asked |\n"
           "| --- | --- | --- | --- | --- | --- |\n",
           title);
}

void report_ratio(Report *r, const char *what, const Spread *s, const char *asked) {
    const double ends[] = {s->median, s->quarter, s->three_quarters, s->least, s->most};
    const char *text[5];
    for (int k = 0; k < 5; k++) text[k] = report_number(r->arena, ends[k]);
    printf("| %s | %s | %s to %s | %s to %s | %d | %s |\n", what, text[0], text[1], text[2],
           text[3], text[4], s->n, asked);
    fflush(stdout);
}
