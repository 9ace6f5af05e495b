// A parameter's shares are added once, when it is first asked about. Then the norms are kept, and
// some of the sums: a question starts from the nearest one before it. A sum always begins with the
// first share and adds one after the other, so that its bits do not depend on what was asked
// before.
//
// Invariant: sum is that of the first `at` shares; kept[j] is that of the first j * spacing.
#include "core/shares.h"

#include <math.h>
#include <string.h>

#include "core/norm.h"

#define MOST_PRODUCTS 4e7 // of all shares of all parameters
#define MOST_BYTES 8e6    // of the sums that are kept

enum {
    LARGE = 1 << 16, // numbers of a parameter from which on it is worth looking for rows of 0
    FEW = 16         // at most one row in so many is not 0
};

/// The rows of a share that are not all 0: of an embedding one of ten thousand.
typedef struct {
    int n;
    int *row;  // [n]
    double *x; // [n][cols]
} FewRows;

typedef struct {
    bool filled;
    int count, at;
    int *place; // [count], in the order of the way back
    double *sum, *share;
    double **kept;    // NULL with few
    FewRows *few;     // [count]; NULL: shares are computed anew
    double *sum_norm; // [count + 1], from 0
    double largest;
} Course;

struct Shares {
    Arena *arena;
    const Trace *trace;
    int spacing;
    Course *courses; // [n_params]
};

static void find_places(Shares *s, int param) {
    const Graph *g = trace_graph(s->trace);
    Course *c = &s->courses[param];
    int part = g->params[param].part, steps = trace_steps(s->trace);
    c->place = ARENA_ARRAY(s->arena, int, steps);
    for (int t = 1; t <= steps; t++) {
        int place = g->parts[part].backward ? t : steps + 1 - t;
        if (trace_runs(s->trace, part, place)) c->place[c->count++] = place;
    }
}

Shares *shares_new(Arena *a, const Trace *trace) {
    const Graph *g = trace_graph(trace);
    int steps = trace_steps(trace);
    if (g->loss < 0 || (double)g->n_weights * steps > MOST_PRODUCTS) return NULL;
    Shares *s = ARENA_NEW(a, Shares);
    *s = (Shares){.arena = a, .trace = trace, .courses = ARENA_ARRAY(a, Course, g->n_params)};
    double fit = floor(MOST_BYTES / (sizeof(double) * fmax(1, g->n_weights)));
    s->spacing = (int)ceil(steps / fmax(1, fit));
    for (int k = 0; k < g->n_params; k++) find_places(s, k);
    return s;
}

int shares_count(const Shares *s, int param) {
    return s->courses[param].count;
}

int shares_place(const Shares *s, int param, int k) {
    return s->courses[param].place[k - 1];
}

static int size_of(const Shares *s, int param) {
    return dim_count(trace_graph(s->trace)->params[param].dim);
}

static void add_few(Course *c, int cols) {
    const FewRows *few = &c->few[c->at];
    for (int r = 0; r < few->n; r++) {
        double *to = c->sum + (size_t)few->row[r] * (size_t)cols;
        for (int k = 0; k < cols; k++) to[k] += few->x[r * cols + k];
    }
}

static void add_share(Shares *s, int param) {
    Course *c = &s->courses[param];
    int n = size_of(s, param);
    if (c->few) {
        add_few(c, trace_graph(s->trace)->params[param].dim.cols);
    } else {
        trace_param_share(s->trace, param, c->place[c->at], c->share);
        for (int u = 0; u < n; u++) c->sum[u] += c->share[u];
    }
    c->at++;
}

static void forget_few(Course *c, int cols) {
    while (c->at > 0) {
        const FewRows *few = &c->few[--c->at];
        for (int r = 0; r < few->n; r++)
            memset(c->sum + (size_t)few->row[r] * (size_t)cols, 0, (size_t)cols * sizeof *c->sum);
    }
}

static void keep(Shares *s, int param) {
    Course *c = &s->courses[param];
    int n = size_of(s, param);
    if (c->few || c->at % s->spacing != 0) return;
    double *copy = c->kept[c->at / s->spacing] = ARENA_ARRAY(s->arena, double, n);
    memcpy(copy, c->sum, (size_t)n * sizeof *copy);
}

// ---- shares with few rows

static bool is_zero(const double *x, int n) {
    for (int k = 0; k < n; k++)
        if (x[k] != 0) return false;
    return true;
}

/// Takes the rows of c->share that are not 0; false if they are not few.
static bool take_rows(Shares *s, Course *c, Dim d, FewRows *out) {
    int most = d.rows / FEW, *row = ARENA_ARRAY(s->arena, int, most);
    *out = (FewRows){.row = row};
    for (int r = 0; r < d.rows; r++) {
        if (is_zero(c->share + (size_t)r * (size_t)d.cols, d.cols)) continue;
        if (out->n == most) return false;
        row[out->n++] = r;
    }
    out->x = ARENA_ARRAY(s->arena, double, out->n *d.cols);
    for (int k = 0; k < out->n; k++)
        memcpy(out->x + (size_t)k * (size_t)d.cols, c->share + (size_t)row[k] * (size_t)d.cols,
               (size_t)d.cols * sizeof *out->x);
    return true;
}

static void find_few(Shares *s, int param) {
    Course *c = &s->courses[param];
    Dim d = trace_graph(s->trace)->params[param].dim;
    if (dim_count(d) < LARGE || c->count == 0) return;
    FewRows *few = ARENA_ARRAY(s->arena, FewRows, c->count);
    for (int k = 0; k < c->count; k++) {
        trace_param_share(s->trace, param, c->place[k], c->share);
        if (!take_rows(s, c, d, &few[k])) return;
    }
    c->few = few;
}

// ---- filling

static void allocate(Shares *s, Course *c, int n) {
    c->sum = ARENA_ARRAY(s->arena, double, n);
    c->share = ARENA_ARRAY(s->arena, double, n);
    c->kept = ARENA_ARRAY(s->arena, double *, c->count / s->spacing + 1);
    c->sum_norm = ARENA_ARRAY(s->arena, double, c->count + 1);
}

/// The norm of the sum after `at` shares, and the largest element.
static void measure(Course *c, int n) {
    c->sum_norm[c->at] = norm_of(c->sum, n);
    for (int u = 0; u < n; u++)
        if (isfinite(c->sum[u])) c->largest = fmax(c->largest, fabs(c->sum[u]));
}

static Course *course_of(Shares *s, int param) {
    Course *c = &s->courses[param];
    if (c->filled) return c;
    int n = size_of(s, param);
    allocate(s, c, n);
    find_few(s, param);
    keep(s, param);
    while (c->at < c->count) {
        add_share(s, param);
        keep(s, param);
        measure(c, n);
    }
    c->filled = true;
    return c;
}

static const double *whole(const Shares *s, int param) {
    return trace_param_grads(s->trace) + trace_graph(s->trace)->params[param].offset;
}

const double *shares_sum(Shares *s, int param, int k) {
    Course *c = course_of(s, param);
    if (k == c->count) return whole(s, param);
    int near = k / s->spacing;
    if (c->few && c->at > k) forget_few(c, trace_graph(s->trace)->params[param].dim.cols);
    if (!c->few && (c->at > k || c->at < near * s->spacing)) {
        memcpy(c->sum, c->kept[near], (size_t)size_of(s, param) * sizeof *c->sum);
        c->at = near * s->spacing;
    }
    while (c->at < k) add_share(s, param);
    return c->sum;
}

double shares_sum_norm(Shares *s, int param, int k) {
    const Course *c = course_of(s, param);
    return k == c->count ? norm_of(whole(s, param), size_of(s, param)) : c->sum_norm[k];
}

bool shares_element(Shares *s, int param, int place, int unit, double *out) {
    Dim d = trace_graph(s->trace)->params[param].dim;
    if (dim_count(d) < LARGE) return false;
    const Course *c = course_of(s, param);
    int k = 0, row = (unit - 1) / d.cols;
    while (k < c->count && c->place[k] != place) k++;
    if (!c->few) return false;
    *out = 0;
    for (int r = 0; k < c->count && r < c->few[k].n; r++)
        if (c->few[k].row[r] == row) *out = c->few[k].x[r * d.cols + (unit - 1) % d.cols];
    return true;
}

double shares_largest(Shares *s, int param) {
    return course_of(s, param)->largest;
}
