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

// ---- breaking

enum { ROWS = 12 };

/// How one line is set: which pieces stand on which row.
typedef struct {
    int first[ROWS + 1]; // piece that begins a row
    int rows;
    int from, to; // pieces left out, an ellipsis in their place; from == to: none
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

/// Fills rows with the pieces that are not left out; false if a piece is wider than a row or rows
/// run out.
static bool break_line(const EqLine *line, Setting *set, const Try *t, double dots) {
    double em = t->size * line->scale, x = 0;
    set->rows = 0;
    for (int k = 0; k < line->n; k++) {
        if (k >= set->from && k < set->to && k > set->from) continue;
        double w = (k == set->from && set->to > set->from ? dots : line->pieces[k].width) * em;
        if (set->rows == 0 || x + w > t->width) {
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

static void measure_rows(const EqLine *line, Setting *set, const Try *t) {
    double em = t->size * line->scale;
    set->height = 0;
    for (int r = 0; r < set->rows; r++) {
        double up = 0.75, down = 0.25;
        for (int k = set->first[r]; k < set->first[r + 1]; k++)
            if (k < set->from || k >= set->to) {
                up = fmax(up, line->pieces[k].ascent);
                down = fmax(down, line->pieces[k].descent);
            }
        set->height += fmax(1.25, up + down + 0.12) * em;
    }
}

/// The last run of pieces that may go, `count` of them from its end.
static bool leave_out(const EqLine *line, Setting *set, int count) {
    int best = 0, best_end = 0;
    for (int k = 0, run = 0; k < line->n; k++) {
        run = line->pieces[k].drop ? run + 1 : 0;
        if (run > best) best = run, best_end = k + 1;
    }
    if (count > best) return false;
    set->to = best_end;
    set->from = best_end - count;
    return true;
}

static bool set_line(const EqLine *line, Setting *set, const Try *t, double dots) {
    *set = (Setting){.from = 0, .to = 0};
    bool fits = break_line(line, set, t, dots);
    for (int count = 2; !fits && t->shorten && leave_out(line, set, count); count++)
        fits = break_line(line, set, t, dots);
    if (fits) measure_rows(line, set, t);
    return fits;
}

static double set_all(const EqLines *lines, Setting *sets, const Try *t, double dots) {
    double height = 0;
    for (int k = 0; k < lines->n; k++) {
        sets[k].rows = 0;
        if (lines->at[k].rank > t->rank) continue;
        if (!set_line(&lines->at[k], &sets[k], t, dots)) return INFINITY;
        height += sets[k].height + (height > 0 ? 0.22 * t->size : 0);
    }
    return height;
}

// ---- the search

// From what is best to what still says the most important.
// clang-format off
static const struct { int rows, rank; bool shorten; double least; } passes[] = {
    {4, 2, false, 0.82}, {3, 2, true, 0.82}, {2, 2, true, 0.78}, {2, 1, true, 0.74},
    {1, 1, true, 0.7},   {2, 0, true, 0.66}, {3, 1, true, 0.5},  {3, 0, true, 0.3}};
// clang-format on

static Try fit(const EqLines *lines, Setting *sets, Box box, double size, double dots) {
    Try t = {.width = box.w};
    for (size_t p = 0; p < sizeof passes / sizeof *passes; p++) {
        t.rows = passes[p].rows;
        t.rank = passes[p].rank;
        t.shorten = passes[p].shorten;
        for (t.size = size; t.size >= passes[p].least * size; t.size *= 0.94)
            if (set_all(lines, sets, &t, dots) <= box.h) return t;
    }
    t.rows = ROWS;
    for (; t.size > 3; t.size *= 0.9)
        if (set_all(lines, sets, &t, dots) <= box.h) return t;
    set_all(lines, sets, &t, dots);
    return t;
}

static double draw_line(Scene *s, const View *v, const EqLine *line, const Setting *set,
                        const Try *t, double dots, double x, double y) {
    (void)dots;
    double em = t->size * line->scale;
    for (int r = 0; r < set->rows; r++) {
        Buf tex = buf_new(s->arena);
        double up = 0.75, down = 0.25;
        for (int k = set->first[r]; k < set->first[r + 1]; k++) {
            bool gone = k >= set->from && k < set->to;
            if (gone && k > set->from) continue;
            buf_puts(&tex, gone ? ellipsis : line->pieces[k].tex);
            if (gone) continue;
            up = fmax(up, line->pieces[k].ascent);
            down = fmax(down, line->pieces[k].descent);
        }
        double h = fmax(1.25, up + down + 0.12) * em, spare = h - (up + down) * em;
        scene_formula(s, x + indent(r, em), y + spare / 2 + up * em, buf_str(&tex), em, ALIGN_LEFT,
                      line->ink, view_resolve, (void *)v);
        y += h;
    }
    return y;
}

double eq_lines_draw(Scene *s, const View *v, const EqLines *lines, Box box, double size) {
    Setting sets[EQ_LINES] = {0};
    double dots = eq_measure(s, ellipsis).width;
    Try t = fit(lines, sets, box, size, dots);
    double y = box.y;
    for (int k = 0; k < lines->n; k++) {
        if (sets[k].rows == 0 || lines->at[k].rank > t.rank) continue;
        if (y > box.y) y += 0.22 * t.size;
        y = draw_line(s, v, &lines->at[k], &sets[k], &t, dots, box.x, y);
    }
    return y - box.y;
}
