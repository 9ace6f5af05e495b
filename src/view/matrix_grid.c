// Every square stands for one element: it has its ref, its colour, its sign (a number, or a stroke
// for minus), and as a gradient a dashed edge and a corner. Of elements that share a square the
// largest is the one.
#include "view/matrix_grid.h"

#include <math.h>
#include <stdlib.h>

enum {
    LABEL = 17,       // width of a row's number
    GROUP_NAME = 17,  // height of the names of groups
    COLUMN_NAME = 12, // height of the columns' own
    LEAST_NAMED = 9,  // least pitch of columns and rows that have names
    LEAST_NUMBERED = 12,
    NUMBER_SIZE = 9
};

// ---- numbers

static TextStyle number_style(const Matrices *m) {
    return (TextStyle){FONT_UI, WEIGHT_REGULAR, false, NUMBER_SIZE * m->p->unit};
}

/// Decimals of all squares' numbers: two digits of the largest, or more.
static int decimals(const Matrices *m) {
    int most = m->p->lesson->digits + 2;
    if (!(m->top > 0) || !isfinite(m->top)) return 2;
    int d = (int)fmax(0, 1 + m->finer - floor(log10(m->top)));
    return d < 2 ? 2 : d < most ? d : most;
}

static const char *number_text(const Matrices *m, double x, int digits) {
    return say_number(m->p->s->arena, x, digits, false, m->p->v->lang);
}

const char *grid_number(const Matrices *m, double x) {
    return number_text(m, x, decimals(m));
}

static double number_room(const Matrices *m, int digits) {
    const double beside = 4.5;
    return scene_text_width(m->p->s, number_text(m, -m->top, digits), number_style(m)) +
           beside * m->p->unit;
}

double grid_number_room(const Matrices *m) {
    return number_room(m, decimals(m));
}

int grid_digits(const Matrices *m, double column, double row) {
    if (row < LEAST_NUMBERED * m->p->unit || !(m->top > 0) || !isfinite(m->top)) return 0;
    // with which the largest number has a digit; of gradients most others are far smaller
    int least = m->grad ? decimals(m) : (int)fmax(1, -floor(log10(m->top)));
    for (int d = decimals(m); d >= least; d--)
        if (column >= number_room(m, d)) return d;
    return 0;
}

/// Signed square root for gradients, so that small ones are seen.
static double level_of(const Matrices *m, double x) {
    if (isnan(x)) return x;
    double part = m->top > 0 ? fmin(1, fabs(x) / m->top) : 0;
    if (m->grad) part = sqrt(part);
    return x < 0 ? -part : part;
}

// ---- one square

Shape *grid_square(const Matrices *m, Box box, double level, Ref ref) {
    bool edged = fmin(box.w, box.h) >= 8;
    double radius = fmin(box.w, box.h) >= 6 ? fmin(3, fmin(box.w, box.h) / 4) : 0;
    Ink edge = !edged ? NO_INK : m->grad ? ink(ROLE_BACKWARD) : ink(ROLE_LINE);
    Shape *s = scene_box(m->p->s, box, radius, ink_level(m->grad ? ROLE_GRAD : ROLE_VALUE, level),
                         edge, 1, ref);
    if (m->grad) s->dash = DASH_DASHED;
    return s;
}

static bool has_sign(Box box) {
    return box.w >= 12 && box.h >= 7;
}

/// The sign in ink where there is no number.
static void draw_minus(const Matrices *m, Box box, double level) {
    if (!(level < 0) || !has_sign(box)) return;
    double w = fmin(box.w * 0.45, 7 * m->p->unit), y = floor(box.y + box.h / 2) + 0.5;
    double x = box.x + (box.w - w) / 2;
    scene_line(m->p->s, x, y, x + w, y, ink_level(m->grad ? ROLE_ON_GRAD : ROLE_ON_VALUE, level), 1,
               NO_REF);
}

/// How the optimizer moved it: up or down, in the corner.
static void draw_moved(const Matrices *m, Box box, double by) {
    double size = fmin(5 * m->p->unit, box.h * 0.45);
    if (by == 0 || !isfinite(by) || box.w < 8 || size < 3) return;
    double x = box.x + box.w - size * 0.75, y = box.y + (by > 0 ? 1 : size);
    scene_arrow(m->p->s, x, by > 0 ? y : box.y + size + 1, 0, by > 0 ? -1 : 1, size,
                ink(ROLE_GOOD));
}

static void draw_number(const Matrices *m, Box box, double x, double level, int digits, Ref ref) {
    const char *text = isfinite(x) ? number_text(m, x, digits) : "!";
    TextStyle style = number_style(m);
    // one that is too small for these digits needs more, for which there may be no room
    if (scene_text_width(m->p->s, text, style) > box.w - 2) text = "≈0";
    Role role = m->grad ? ROLE_ON_GRAD : ROLE_ON_VALUE;
    scene_text(m->p->s, box.x + box.w / 2, box.y + box.h / 2 + style.size * 0.36, text, style,
               ALIGN_CENTER, ink_level(role, level), ref);
}

static void draw_known(const Matrices *m, const Sheet *sheet, int unit, Box box, Ref ref,
                       int digits) {
    double x = sheet->x[unit - 1], level = level_of(m, x);
    Shape *s = grid_square(m, box, level, ref);
    s->written = digits > 0 || has_sign(box);
    if (m->grad && box.h >= 10 && box.w >= 10)
        scene_arrow(m->p->s, box.x + 1.5, box.y + 1.5 + box.h * 0.12, -1, 0, box.h * 0.24,
                    ink(ROLE_BACKWARD));
    if (digits > 0)
        draw_number(m, box, x, level, digits, ref);
    else
        draw_minus(m, box, level);
    if (sheet->moved && unit <= sheet->n_moved) draw_moved(m, box, sheet->moved[unit - 1]);
}

// ---- the grid

typedef struct {
    const Grid *g;
    const Matrices *m;
    const ParamBlock *b;
    Box area; // of the squares
    double column, row;
    int digits;    // decimals of the squares' numbers; 0: they have none
    bool outlined; // what is not known has one frame, not one each
} Lay;

static int bins(int n, int size) {
    return (n + size - 1) / size;
}

/// The part of a group that is in the window: first column of the block, and how many.
static int span_of(const Grid *g, const ParamGroup *group, int *from) {
    int end = group->at + group->n, last = g->col + g->cols;
    *from = group->at > g->col ? group->at : g->col;
    return (end < last ? end : last) - *from;
}

/// Left edge of a group in the window.
static double group_x(const Lay *l, int group) {
    double x = l->area.x;
    for (int k = 0; k < group; k++) {
        int from, n = span_of(l->g, &l->b->groups[k], &from);
        if (n > 0) x += bins(n, l->g->col_bin) * l->column + GRID_GAP * l->m->p->unit;
    }
    return x;
}

static Ref ref_of(const Matrices *m, int param, int unit) {
    int node = m->p->g->params[param].node;
    return m->grad ? ref_grad(node, m->sheets[param].place, unit) : ref_value(node, 0, unit);
}

/// The element of largest size among `cols` columns of a group and the rows that share a square;
/// the first of those that are not known or no numbers, if any is.
static int largest_of(const Lay *l, const ParamGroup *group, int row, int col, int cols) {
    const Sheet *sheet = &l->m->sheets[group->param];
    int wide = l->m->p->g->params[group->param].dim.cols, end = row + l->g->row_bin;
    int first = group->from + col - group->at, last = l->g->row + l->g->rows;
    int best = row * wide + first + 1;
    if (!sheet->x) return best;
    double most = -1;
    for (int r = row; r < end && r < last; r++)
        for (int c = first; c < first + cols; c++) {
            int unit = r * wide + c + 1;
            double size = fabs(sheet->x[unit - 1]);
            if (unit > sheet->known || isnan(size)) return unit;
            if (size > most) most = size, best = unit;
        }
    return best;
}

static void draw_cell(const Lay *l, Box box, int param, int unit) {
    const Matrices *m = l->m;
    const Sheet *sheet = &m->sheets[param];
    Ref ref = ref_of(m, param, unit);
    double radius = fmin(3, fmin(box.w, box.h) / 4);
    if (!sheet->x || unit > sheet->known) {
        if (!l->outlined)
            scene_box(m->p->s, box, radius, NO_INK, ink(ROLE_FAINT), 1, ref)->dash = DASH_DOTTED;
    } else if (view_hidden(m->p->v, ref)) {
        view_draw_hidden(m->p->s, box, radius, ref);
    } else {
        draw_known(m, sheet, unit, box, ref, l->digits);
    }
}

static void draw_cells(const Lay *l) {
    const Grid *g = l->g;
    double gap = fmin(l->column, l->row) >= 11 ? 2 : fmin(l->column, l->row) >= 6 ? 1 : 0;
    for (int k = 0; k < l->b->n_groups; k++) {
        const ParamGroup *group = &l->b->groups[k];
        int from, n = span_of(g, group, &from);
        double x = group_x(l, k);
        for (int c = 0; c < n; c += g->col_bin, x += l->column)
            for (int r = 0; r < g->rows; r += g->row_bin) {
                int wide = n - c < g->col_bin ? n - c : g->col_bin;
                int unit = largest_of(l, group, g->row + r, from + c, wide);
                double y = l->area.y + r / g->row_bin * l->row;
                draw_cell(l, (Box){x + gap / 2, y + gap / 2, l->column - gap, l->row - gap},
                          group->param, unit);
            }
    }
}

// ---- names

static const char *row_name(const Lay *l, int row) {
    if (l->b->names) return l->b->names[row];
    return arena_printf(l->m->p->s->arena, "%d", row + 1);
}

/// Every how many rows a name fits; always that of the picked row.
static void draw_row_names(const Lay *l) {
    const Value *p = l->m->p;
    const Grid *g = l->g;
    TextStyle style = value_style(p, TYPE_SMALL);
    int every = (int)ceil(style.size * 1.15 / l->row), rows = bins(g->rows, g->row_bin);
    bool picked = l->m->pick.block == g->block;
    int at = picked ? (l->m->pick.row - g->row) / g->row_bin : -1;
    double room = grid_labels(l->m, l->b) - 5 * p->unit;
    for (int r = 0; r < rows; r++) {
        int away = at < 0 || at >= rows ? rows : abs(r - at);
        if (away != 0 && (r % every != 0 || away < every)) continue;
        int row = away == 0 ? l->m->pick.row : g->row + r * g->row_bin;
        double y = l->area.y + (r + 0.5) * l->row + style.size * 0.36;
        if (y > l->area.y + rows * l->row + style.size * 0.4) continue;
        value_text(p, l->area.x - 5 * p->unit, y, row_name(l, row), TYPE_SMALL, ALIGN_RIGHT,
                   ink(away == 0 ? ROLE_TEXT : ROLE_MUTED), NO_REF, room);
    }
}

static void draw_group_name(const Lay *l, const ParamGroup *group, double x, double w, Box row) {
    const Value *p = l->m->p;
    double size = 13 * p->unit,
           width = group->tex ? scene_formula_width(p->s, group->tex, size) : 0;
    bool last = group == &l->b->groups[l->b->n_groups - 1];
    double room = w + (last ? 0 : GRID_GAP * p->unit - 2);
    if (width > room && width > 0) size *= fmax(0.7, room / width), width = fmin(width, room);
    if (!group->tex || width > room + 0.5) return;
    scene_formula(p->s, x + (w - scene_formula_width(p->s, group->tex, size)) / 2,
                  row.y + row.h - 5 * p->unit, group->tex, size, ALIGN_LEFT, ink(ROLE_TEXT),
                  view_resolve, (void *)p->v);
}

static void draw_column_names(const Lay *l, const ParamGroup *group, int from, int n, double x,
                              Box row) {
    const Value *p = l->m->p;
    TextStyle style = value_style(p, TYPE_SMALL);
    bool picked = l->m->pick.block == l->g->block;
    if (group->n == 1 && !group->names) return;
    for (int c = 0; c < n; c++) {
        int at = from + c - group->at;
        const char *name =
            group->names ? group->names[at] : arena_printf(p->s->arena, "%d", group->number + at);
        if (scene_text_width(p->s, name, style) > l->column - 2) continue;
        bool here = picked && l->m->pick.col == from + c;
        scene_text(p->s, x + (c + 0.5) * l->column, row.y + row.h - 3 * p->unit, name, style,
                   ALIGN_CENTER, ink(here ? ROLE_TEXT : ROLE_MUTED), NO_REF);
    }
}

double grid_labels(const Matrices *m, const ParamBlock *b) {
    TextStyle style = value_style(m->p, TYPE_SMALL);
    double w = scene_text_width(m->p->s, arena_printf(m->p->s->arena, "%d", b->rows), style);
    for (int k = 0; b->names && k < b->rows && k < 64; k++)
        w = fmax(w, scene_text_width(m->p->s, b->names[k], style));
    return fmin(3 * LABEL * m->p->unit, fmax(LABEL * m->p->unit, w + 6 * m->p->unit));
}

double grid_header(const Matrices *m, double column) {
    bool named = column >= LEAST_NAMED * m->p->unit;
    return (GROUP_NAME + (named ? COLUMN_NAME : 0)) * m->p->unit;
}

static void draw_header(const Lay *l, Box header) {
    double u = l->m->p->unit;
    Box groups = box_cut_top(&header, GROUP_NAME * u);
    for (int k = 0; k < l->b->n_groups; k++) {
        const ParamGroup *group = &l->b->groups[k];
        int from, n = span_of(l->g, group, &from);
        if (n < 1) continue;
        double x = group_x(l, k), w = bins(n, l->g->col_bin) * l->column;
        // a single column that is added has its name where the others have their numbers
        bool own = group->n == 1 && !group->names && header.h > 0;
        draw_group_name(l, group, x, w,
                        own ? (Box){groups.x, groups.y + COLUMN_NAME * u * 0.7, groups.w, groups.h}
                            : groups);
        if (header.h > 0 && l->g->col_bin == 1) draw_column_names(l, group, from, n, x, header);
    }
}

// ---- the picked element

/// The squares of a row, from the first group to the last one in the window.
static Box row_box(const Lay *l, int row) {
    int last = l->b->n_groups - 1, from;
    while (last > 0 && span_of(l->g, &l->b->groups[last], &from) < 1) last--;
    int n = bins(span_of(l->g, &l->b->groups[last], &from), l->g->col_bin);
    double end = group_x(l, last) + n * l->column;
    double y = l->area.y + (row - l->g->row) / l->g->row_bin * l->row;
    return (Box){l->area.x - 1, y - 0.5, end - l->area.x + 2, l->row + 1};
}

static bool has_row(const Lay *l, Pick at) {
    return at.block == l->g->block && at.row >= l->g->row && at.row < l->g->row + l->g->rows;
}

static void draw_frames(const Lay *l) {
    const Grid *g = l->g;
    Pick at = l->m->pick, under = l->m->under;
    Scene *s = l->m->p->s;
    if (has_row(l, under))
        scene_box(s, row_box(l, under.row), 3, NO_INK, ink(ROLE_TEXT), 1, NO_REF);
    if (!has_row(l, at)) return;
    if (l->row >= 5)
        scene_box(s, row_box(l, at.row), 3, NO_INK, ink_soft(ROLE_TEXT, 0.6), 1, NO_REF);
    if (at.col < g->col || at.col >= g->col + g->cols) return;
    int k = l->b->n_groups - 1, from;
    while (k > 0 && l->b->groups[k].at > at.col) k--;
    span_of(g, &l->b->groups[k], &from);
    double x = group_x(l, k) + (at.col - from) / g->col_bin * l->column;
    double y = l->area.y + (at.row - g->row) / g->row_bin * l->row;
    Box cell = {x - 1, y - 1, l->column + 2, l->row + 2};
    scene_box(s, cell, 3, NO_INK, ink(ROLE_TEXT), 2, NO_REF);
}

/// What the whole is, for those who do not see it.
static void draw_meaning(const Lay *l, double right) {
    const Value *p = l->m->p;
    Buf out = buf_new(p->s->arena);
    for (int k = 0; k < l->b->n_params; k++) {
        const Param *q = &p->g->params[l->b->params[k]];
        buf_printf(&out, "%s%s, %d × %d", k ? "; " : "", q->full, q->dim.rows, q->dim.cols);
    }
    Box all = {l->area.x, l->area.y, right - l->area.x, bins(l->g->rows, l->g->row_bin) * l->row};
    Shape *s = scene_box(p->s, all, 2, NO_INK, l->outlined ? ink(ROLE_FAINT) : NO_INK, 1, NO_REF);
    s->dash = DASH_DOTTED;
    s->label = buf_str(&out);
}

void grid_draw(const Grid *g, Box area, double column, double row) {
    const Matrices *m = g->m;
    Lay l = {.g = g, .m = m, .b = &m->blocks[g->block], .column = column, .row = row};
    Box header = box_cut_top(&area, g->header ? grid_header(m, column) : 0);
    box_cut_left(&area, grid_labels(m, l.b));
    l.area = area;
    l.digits = g->row_bin * g->col_bin == 1 ? grid_digits(m, column, row) : 0;
    l.outlined = fmin(column, row) < 6;
    int n = l.b->n_groups - 1, from;
    while (n > 0 && span_of(g, &l.b->groups[n], &from) < 1) n--;
    double right = group_x(&l, n) + bins(span_of(g, &l.b->groups[n], &from), g->col_bin) * column;
    draw_meaning(&l, right);
    if (g->header) draw_header(&l, header);
    draw_cells(&l);
    draw_row_names(&l);
    draw_frames(&l);
}
