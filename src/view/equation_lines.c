// Fitting formulas. Every piece is measured once, in em, since a formula grows with its letters;
// the search for a size and for places to break is arithmetic then.
#include "view/equation_lines.h"

#include <math.h>
#include <string.h>

#include "view/equation_write.h"
#include "view/math.h"

static const char ellipsis[] = "{}+ \\cdots ";

EqPiece eq_measure(Scene *s, const char *tex) {
    enum { EM = 16 };
    size_t at;
    const char *why;
    const MathBox *layout = math_layout(s->arena, s->text, tex, EM, false, &at, &why);
    if (!layout) return (EqPiece){tex, false, (double)strlen(tex), 1, 0.3};
    MathSize m = math_size(layout);
    return (EqPiece){tex, false, m.width / EM, m.ascent / EM, m.descent / EM};
}

void eq_lines_add(Scene *s, EqLines *lines, const char *tex, Ink fill, double scale, int rank) {
    if (!tex || lines->n == EQ_LINES) return;
    EqLine *line = &lines->at[lines->n++];
    int cap = 0;
    *line = (EqLine){.ink = fill, .scale = scale, .rank = rank};
    bool drop = false;
    for (;;) {
        size_t n = strcspn(tex, "\001\002");
        if (n) {
            EqPiece piece = eq_measure(s, arena_copy(s->arena, tex, n));
            piece.drop = drop;
            ARENA_PUSH(s->arena, line->pieces, line->n, cap, piece);
        }
        if (!tex[n]) break;
        drop = tex[n] == EQ_DROP;
        tex += n + 1;
    }
}

double eq_lines_width(const EqLines *lines) {
    double widest = 0;
    for (int k = 0; k < lines->n; k++) {
        double width = 0;
        for (int i = 0; i < lines->at[k].n; i++) width += lines->at[k].pieces[i].width;
        widest = fmax(widest, width * lines->at[k].scale);
    }
    return widest;
}

// ---- breaking

enum { ROWS = 12 };

/// How one line is set: which pieces stand on which row, and which are left out. The first of a
/// run that is left out stands for an ellipsis.
typedef struct {
    int first[ROWS + 1]; // piece that begins a row
    int rows;
    const bool *gone; // NULL: none
    double height;
} Setting;

typedef struct {
    double width, size;
    int rows; // most rows of a line
    int rank; // lines up to this one are shown
    bool shorten;
} Try;

static double indent(int row, double em) {
    return row ? 1.6 * em : 0;
}

static bool is_gone(const Setting *set, int k) {
    return set->gone && k >= 0 && set->gone[k];
}

/// Width in em of what stands for a piece: itself, an ellipsis, nothing.
static double width_of(const EqLine *line, const Setting *set, int k, double dots) {
    if (!is_gone(set, k)) return line->pieces[k].width;
    return is_gone(set, k - 1) ? 0 : dots;
}

/// Fills rows with the pieces that are not left out; false if a piece is wider than a row or rows
/// run out.
static bool break_line(const EqLine *line, Setting *set, const Try *t, double dots) {
    double em = t->size * line->scale, x = 0;
    set->rows = 0;
    for (int k = 0; k < line->n; k++) {
        double w = width_of(line, set, k, dots) * em;
        if (set->rows == 0 || (w > 0 && x + w > t->width)) {
            if (set->rows == t->rows) return false;
            set->first[set->rows] = k;
            x = indent(set->rows++, em);
            if (x + w > t->width) return false;
        }
        x += w;
    }
    set->first[set->rows] = line->n;
    return true;
}

/// How far pieces reach above and below the baseline, in em.
static void reach_of_row(const EqLine *line, const Setting *set, int row, double *up,
                         double *down) {
    *up = 0.75;
    *down = 0.25;
    for (int k = set->first[row]; k < set->first[row + 1]; k++) {
        if (is_gone(set, k)) continue;
        *up = fmax(*up, line->pieces[k].ascent);
        *down = fmax(*down, line->pieces[k].descent);
    }
}

static void measure_rows(const EqLine *line, Setting *set, const Try *t) {
    double em = t->size * line->scale, up, down;
    set->height = 0;
    for (int r = 0; r < set->rows; r++) {
        reach_of_row(line, set, r, &up, &down);
        set->height += fmax(1.25, up + down + 0.2) * em;
    }
}

/// Leaves out one more piece (two for the first ellipsis of a run), from the end of the longest
/// run that still stands; false if none is left.
static bool leave_out(const EqLine *line, bool *gone) {
    int best = 0, best_end = 0;
    for (int k = 0, run = 0; k < line->n; k++) {
        run = line->pieces[k].drop && !gone[k] ? run + 1 : 0;
        if (run > best) best = run, best_end = k;
    }
    if (best == 0) return false;
    bool begun = best_end + 1 < line->n && gone[best_end + 1];
    if (!begun && best == 1) return false;
    gone[best_end] = true;
    if (!begun) gone[best_end - 1] = true;
    return true;
}

static bool set_line(Scene *s, const EqLine *line, Setting *set, const Try *t, double dots) {
    *set = (Setting){0};
    bool fits = break_line(line, set, t, dots);
    if (!fits && t->shorten) {
        bool *gone = ARENA_ARRAY(s->arena, bool, line->n);
        set->gone = gone;
        while (!fits && leave_out(line, gone)) fits = break_line(line, set, t, dots);
    }
    if (fits) measure_rows(line, set, t);
    return fits;
}

static double set_all(Scene *s, const EqLines *lines, Setting *sets, const Try *t, double dots) {
    double height = 0;
    for (int k = 0; k < lines->n; k++) {
        sets[k].rows = 0;
        if (lines->at[k].rank > t->rank) continue;
        if (!set_line(s, &lines->at[k], &sets[k], t, dots)) return INFINITY;
        height += sets[k].height + (height > 0 ? 0.22 * t->size : 0);
    }
    return height;
}

// ---- the search

// From what is best to what still says the most important.
// clang-format off
static const struct { int rows, rank; bool shorten; double least; } passes[] = {
    {4, 2, false, 0.8}, {3, 2, true, 0.8},  {4, 1, false, 0.76}, {4, 1, true, 0.7},
    {3, 1, true, 0.6},  {2, 1, true, 0.55}, {2, 0, true, 0.5},   {3, 1, true, 0.4}, {3, 0, true, 0.3}};
// clang-format on

static Try fit(Scene *s, const EqLines *lines, Setting *sets, Box box, double size, double dots) {
    Try t = {.width = box.w};
    enum { LEAST = 10 }; // letters that are easy to read
    size_t n = sizeof passes / sizeof *passes;
    for (size_t p = 0; p < n; p++) {
        double least = fmax(passes[p].least * size, p + 2 < n ? fmin(size, LEAST) : 0);
        t.rows = passes[p].rows;
        t.rank = passes[p].rank;
        t.shorten = passes[p].shorten;
        for (t.size = size; t.size >= least; t.size *= 0.94)
            if (set_all(s, lines, sets, &t, dots) <= box.h) return t;
    }
    t.rows = ROWS;
    for (; t.size > 3; t.size *= 0.9)
        if (set_all(s, lines, sets, &t, dots) <= box.h) return t;
    set_all(s, lines, sets, &t, dots);
    return t;
}

static double draw_line(Scene *s, const View *v, const EqLine *line, const Setting *set,
                        const Try *t, double x, double y) {
    double em = t->size * line->scale, up, down;
    for (int r = 0; r < set->rows; r++) {
        Buf tex = buf_new(s->arena);
        for (int k = set->first[r]; k < set->first[r + 1]; k++)
            if (!is_gone(set, k))
                buf_puts(&tex, line->pieces[k].tex);
            else if (!is_gone(set, k - 1))
                buf_puts(&tex, ellipsis);
        reach_of_row(line, set, r, &up, &down);
        double h = fmax(1.25, up + down + 0.2) * em, spare = h - (up + down) * em;
        scene_formula(s, x + indent(r, em), y + spare / 2 + up * em, buf_str(&tex), em, ALIGN_LEFT,
                      line->ink, view_resolve, (void *)v);
        y += h;
    }
    return y;
}

double eq_lines_draw(Scene *s, const View *v, const EqLines *lines, Box box, double size) {
    Setting sets[EQ_LINES] = {0};
    double dots = eq_measure(s, ellipsis).width;
    Try t = fit(s, lines, sets, box, size, dots);
    int shown = 0;
    for (int k = 0; k < lines->n; k++) shown += sets[k].rows > 0;
    double spare = fmax(0, box.h - set_all(s, lines, sets, &t, dots));
    double gap = 0.22 * t.size + fmin(0.4 * t.size, spare / fmax(1, shown)), y = box.y;
    for (int k = 0; k < lines->n; k++) {
        if (sets[k].rows == 0) continue;
        if (y > box.y) y += gap;
        y = draw_line(s, v, &lines->at[k], &sets[k], &t, box.x, y);
    }
    return y - box.y;
}
