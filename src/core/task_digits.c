// Digits drawn with strokes, 28 rows of 28 pixels, as a stand-in for MNIST that needs no file: each
// digit is one or two lines through points, moved, slanted and scaled a little at random.
#include <math.h>

#include "core/task_rows.h"

enum { POINTS = 14 };

typedef struct {
    double x, y;
} Point;

/// Points of each digit in a box of 1x1, y downwards; a point at x < 0 lifts the pen.
// clang-format off
static const struct {
    int n;
    Point at[POINTS];
} digit_strokes[10] = {
    {9, {{.5, 0}, {.2, .15}, {.1, .5}, {.2, .85}, {.5, 1}, {.8, .85}, {.9, .5}, {.8, .15}, {.5, 0}}},
    {3, {{.3, .2}, {.55, 0}, {.55, 1}}},
    {7, {{.1, .2}, {.35, 0}, {.7, .05}, {.85, .3}, {.6, .6}, {.1, 1}, {.9, 1}}},
    {9, {{.1, .1}, {.5, 0}, {.85, .2}, {.75, .42}, {.4, .48}, {.8, .55}, {.9, .8}, {.5, 1}, {.1, .9}}},
    {6, {{.65, 1}, {.65, 0}, {.1, .65}, {.9, .65}, {-1, 0}, {.65, .65}}},
    {9, {{.85, 0}, {.2, 0}, {.15, .45}, {.5, .38}, {.85, .5}, {.9, .75}, {.7, .95}, {.4, 1}, {.1, .9}}},
    {10, {{.75, 0}, {.35, .2}, {.12, .6}, {.2, .9}, {.5, 1}, {.82, .9}, {.88, .68}, {.65, .5}, {.35, .52}, {.14, .7}}},
    {3, {{.1, 0}, {.9, 0}, {.4, 1}}},
    {13, {{.5, .46}, {.2, .32}, {.2, .1}, {.5, 0}, {.8, .1}, {.8, .32}, {.5, .46}, {.15, .65}, {.15, .9}, {.5, 1}, {.85, .9}, {.85, .65}, {.5, .46}}},
    {10, {{.86, .3}, {.65, .48}, {.35, .5}, {.12, .32}, {.18, .1}, {.5, 0}, {.8, .1}, {.88, .4}, {.65, .8}, {.25, 1}}},
};
// clang-format on

static double distance(Point p, Point a, Point b) {
    double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
    double along = length > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length : 0;
    if (along < 0) along = 0;
    if (along > 1) along = 1;
    double x = p.x - a.x - along * dx, y = p.y - a.y - along * dy;
    return sqrt(x * x + y * y);
}

/// The points of a digit in pixels, with its own place, size and slant.
static int place_strokes(Rng *rng, int digit, Point *out) {
    double width = 11 + 3 * rng_uniform(rng), height = 17 + 3 * rng_uniform(rng);
    double left = 7 + 3 * rng_uniform(rng), top = 3 + 2 * rng_uniform(rng);
    double slant = 0.4 * rng_uniform(rng) - 0.2;
    for (int i = 0; i < digit_strokes[digit].n; i++) {
        Point p = digit_strokes[digit].at[i];
        out[i] = p;
        if (p.x < 0) continue;
        out[i].y = top + height * p.y;
        out[i].x = left + width * p.x + slant * (out[i].y - 14);
    }
    return digit_strokes[digit].n;
}

/// A row of pixels a timestep, each from 0 to 1; the class is the digit.
void task_digits(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    (void)s;
    int digit = rng_below(rng, 10);
    Point points[POINTS];
    int n = place_strokes(rng, digit, points);
    double pen = 1 + 0.6 * rng_uniform(rng);
    for (int t = 0; t < steps; t++) {
        for (int col = 0; col < DIGIT_SIDE; col++) {
            double nearest = DIGIT_SIDE;
            for (int i = 1; i < n; i++)
                if (points[i].x >= 0 && points[i - 1].x >= 0)
                    nearest = fmin(nearest,
                                   distance((Point){col + 0.5, t + 0.5}, points[i - 1], points[i]));
            double ink = pen + 0.5 - nearest; // one pixel wide edge
            out->inputs[(size_t)t * DIGIT_SIDE + (size_t)col] = ink < 0 ? 0 : ink > 1 ? 1 : ink;
        }
        out->classes[t] = digit;
    }
}

int task_digits_steps(const TaskSpec *s) {
    (void)s;
    return DIGIT_SIDE;
}
