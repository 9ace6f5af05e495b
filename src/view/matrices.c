// Where squares have room, every block is drawn with all its rows, on one grid of columns, so that
// what reads h[t-1] stands below what reads h[t-1]. Where they have not, the picked block has the
// room to itself: as a map of which each square is the largest of several elements, and as its
// surroundings, element by element with numbers; the others are a list to choose from.
#include "view/matrices.h"

#include <math.h>
#include <string.h>

#include "view/matrix_grid.h"

enum {
    NAME = 19, // height of a block's name
    ROW = 26,
    COLUMN = 46,
    LEAST_COLUMN = 6,
    MAP_SQUARE = 5,  // least edge of a map's square
    MAP_MOST = 1800, // squares of a map, for speed
    LENS_ROW = 17,
    LENS_ROWS = 5,
    LIST_ROW = 19,
    LIST_FROM = 170, // height from which on there is room for a list
    LEAST_MAP = 56,
    STACKS_GAP = 22
};

// ---- all blocks

/// Blocks below each other, in as many stacks side by side as there is width for.
typedef struct {
    int count, each; // stacks, and blocks in one
    double width;    // of a stack
    double column;   // pitch of the columns, the same in all
} Stacks;

/// Width of a block's squares where their pitch is `column`.
static double squares_width(const Matrices *m, const ParamBlock *b, double column) {
    return b->cols * column + (b->n_groups - 1) * GRID_GAP * m->p->unit;
}

static Stacks stacks_of(const Matrices *m, double width) {
    double u = m->p->unit, widest = 1, gap = STACKS_GAP * u;
    for (int k = 0; k < m->n; k++) {
        const ParamBlock *b = &m->blocks[k];
        widest = fmax(widest, grid_labels(m, b) + squares_width(m, b, COLUMN * u));
    }
    Stacks s = {.count = (int)fmin(m->n, fmax(1, floor((width + gap) / (widest + gap))))};
    s.each = (m->n + s.count - 1) / s.count;
    s.count = (m->n + s.each - 1) / s.each;
    s.width = (width - (s.count - 1) * gap) / s.count;
    s.column = COLUMN * u;
    for (int k = 0; k < m->n; k++) {
        const ParamBlock *b = &m->blocks[k];
        double room = s.width - grid_labels(m, b) - squares_width(m, b, 0);
        s.column = fmin(s.column, room / fmax(1, b->cols));
    }
    s.column = floor(s.column);
    return s;
}

/// Does block k need the names of its columns above it?
static bool has_header(const Matrices *m, const Stacks *s, int k) {
    return k % s->each == 0 || !block_reads_same(&m->blocks[k - 1], &m->blocks[k]);
}

static int stack_end(const Matrices *m, const Stacks *s, int stack) {
    int end = (stack + 1) * s->each;
    return end < m->n ? end : m->n;
}

/// What a stack needs beside its rows of squares.
static double heads_of(const Matrices *m, const Stacks *s, int stack, int *rows) {
    double u = m->p->unit, heads = 0;
    *rows = 0;
    for (int k = stack * s->each; k < stack_end(m, s, stack); k++) {
        heads += NAME * u + (has_header(m, s, k) ? grid_header(m, s->column) : 0);
        *rows += m->blocks[k].rows;
    }
    return heads;
}

double matrices_least(const Matrices *m, double width, double row) {
    Stacks s = stacks_of(m, width);
    double least = 0;
    for (int j = 0; j < s.count; j++) {
        int rows;
        double heads = heads_of(m, &s, j, &rows);
        least = fmax(least, heads + rows * row * m->p->unit);
    }
    return s.column < LEAST_COLUMN ? INFINITY : least;
}

static const char *block_tex(const Matrices *m, const ParamBlock *b) {
    const Value *p = m->p;
    int node = b->equation >= 0 && !b->turned ? p->g->equations[b->equation].node
                                              : p->g->params[b->params[0]].node;
    return view_node_tex(p->s->arena, p->v, node, 0, 0);
}

static const char *block_label(const Matrices *m, const ParamBlock *b) {
    const Value *p = m->p;
    if (b->turned && p->g->parts[b->part].kind == PART_EMBEDDING)
        return p->zh ? "嵌入" : "embedding";
    if (b->equation < 0) return "";
    const Equation *e = &p->g->equations[b->equation];
    const char *label = e->label[p->v->lang];
    return strcmp(label, e->name) == 0 ? "" : label;
}

static const char *norm_note(const Matrices *m, const ParamBlock *b) {
    const Value *p = m->p;
    double sum = 0;
    for (int k = 0; k < b->n_params; k++) {
        double norm = m->sheets[b->params[k]].norm;
        if (!isnan(norm)) sum += norm * norm;
    }
    if (sum == 0 && isnan(m->sheets[b->params[0]].norm)) return NULL;
    int digits = sum > 0 && isfinite(sum) ? say_decimals(sqrt(sum), 2, m->grad ? 3 : 2) : 2;
    const char *number = say_number(p->s->arena, sqrt(sum), digits, true, p->v->lang);
    return arena_printf(p->s->arena, p->zh ? "范数 %s" : "norm %s", number);
}

/// "f  forget gate                norm 0.031"; marked if the step is about it.
static void draw_name(const Matrices *m, int k, Box row) {
    const Value *p = m->p;
    const ParamBlock *b = &m->blocks[k];
    double u = p->unit, baseline = row.y + row.h - 6 * u, x = row.x;
    const char *tex = block_tex(m, b), *note = norm_note(m, b);
    Role role =
        b->equation >= 0 ? view_role(p->lesson, p->g->equations[b->equation].node) : ROLE_TEXT;
    bool work = k == m->work;
    if (work)
        scene_box(p->s, (Box){row.x - 9 * u, baseline - 10 * u, 3 * u, 13 * u}, 1.5 * u,
                  ink(ROLE_ACCENT), NO_INK, 0, NO_REF);
    scene_formula(p->s, x, baseline, tex, 15 * u, ALIGN_LEFT,
                  ink(role == ROLE_NONE ? ROLE_TEXT : role), view_resolve, (void *)p->v);
    x += scene_formula_width(p->s, tex, 15 * u) + 7 * u;
    double end = row.x + row.w;
    if (note) {
        TextStyle small = value_style(p, TYPE_SMALL);
        double w = scene_text_width(p->s, note, small);
        if (x + w <= end)
            scene_text(p->s, end, baseline, note, small, ALIGN_RIGHT, ink(ROLE_MUTED), NO_REF);
        end -= w + 8 * u;
    }
    if (end - x > 24 * u)
        value_text(p, x, baseline, block_label(m, b), work ? TYPE_STRONG : TYPE_PLAIN, ALIGN_LEFT,
                   ink(work ? ROLE_TEXT : ROLE_MUTED), NO_REF, end - x);
}

static void draw_stack(const Matrices *m, const Stacks *s, int stack, double row, Box area) {
    double u = m->p->unit;
    int rows;
    double left = area.h - heads_of(m, s, stack, &rows) - rows * row;
    double between = fmax(0, fmin(12 * u, left / fmax(1, s->each - 1)));
    for (int k = stack * s->each; k < stack_end(m, s, stack); k++) {
        const ParamBlock *b = &m->blocks[k];
        if (k > stack * s->each) box_cut_top(&area, between);
        draw_name(m, k, box_cut_top(&area, NAME * u));
        Grid g = {.m = m, .block = k, .rows = b->rows, .cols = b->cols, .row_bin = 1, .col_bin = 1};
        g.header = has_header(m, s, k);
        double height = (g.header ? grid_header(m, s->column) : 0) + b->rows * row;
        grid_draw(&g, box_cut_top(&area, height), s->column, row);
    }
}

static void draw_all(const Matrices *m, Box area) {
    double u = m->p->unit, row = ROW * u;
    Stacks s = stacks_of(m, area.w);
    for (int j = 0; j < s.count; j++) {
        int rows;
        double heads = heads_of(m, &s, j, &rows);
        row = fmin(row, floor((area.h - heads) / fmax(1, rows)));
    }
    for (int j = 0; j < s.count; j++) {
        draw_stack(m, &s, j, row, box_cut_left(&area, s.width));
        box_cut_left(&area, STACKS_GAP * u);
    }
}

// ---- one block, and the others as a list

static int ceil_by(int n, int k) {
    return (n + k - 1) / k;
}

/// The elements that share a square, so that squares are large enough and not too many.
static void choose_bins(const ParamBlock *b, double w, double h, Grid *g) {
    g->row_bin = (int)fmax(1, ceil(b->rows * MAP_SQUARE / fmax(h, MAP_SQUARE)));
    g->col_bin = (int)fmax(1, ceil(b->cols * MAP_SQUARE / fmax(w, MAP_SQUARE)));
    while (ceil_by(b->rows, g->row_bin) * ceil_by(b->cols, g->col_bin) > MAP_MOST) {
        bool tall = ceil_by(b->rows, g->row_bin) > ceil_by(b->cols, g->col_bin);
        *(tall ? &g->row_bin : &g->col_bin) += 1;
    }
}

/// The window of `size` of n that has `at` as near to its middle as can be.
static int window_from(int at, int size, int n) {
    int from = at - size / 2;
    if (from > n - size) from = n - size;
    return from < 0 ? 0 : from;
}

/// Rows and columns around the picked element, with numbers.
static void draw_lens(const Matrices *m, Box area) {
    double u = m->p->unit;
    int k = m->pick.block < 0 ? 0 : m->pick.block;
    const ParamBlock *b = &m->blocks[k];
    double room = area.w - grid_labels(m, b) - (b->n_groups - 1) * GRID_GAP * u;
    double least = ceil(grid_number_room(m));
    int cols = (int)(room / least), rows = b->rows < LENS_ROWS ? b->rows : LENS_ROWS;
    int fit = (int)((area.h - grid_header(m, COLUMN * u)) / (LENS_ROW * u) + 0.01);
    if (rows > fit) rows = fit;
    if (cols > b->cols) cols = b->cols;
    if (cols < 1 || rows < 1) return;
    Grid g = {.m = m, .block = k, .rows = rows, .cols = cols, .row_bin = 1, .col_bin = 1};
    g.row = window_from(m->pick.row, rows, b->rows);
    g.col = window_from(m->pick.col, cols, b->cols);
    g.header = true;
    grid_draw(&g, area, fmin(fmax(COLUMN * u, least), floor(room / cols)), LENS_ROW * u);
}

static double lens_height(const Matrices *m, const ParamBlock *b) {
    int rows = b->rows < LENS_ROWS ? b->rows : LENS_ROWS;
    double u = m->p->unit;
    return grid_header(m, COLUMN * u) + rows * LENS_ROW * u;
}

static void draw_map(const Matrices *m, int k, Box area) {
    const Value *p = m->p;
    const ParamBlock *b = &m->blocks[k];
    double u = p->unit, gaps = (b->n_groups - 1) * GRID_GAP * u;
    double w = area.w - grid_labels(m, b) - gaps, small = value_row(p);
    Grid g = {.m = m, .block = k, .rows = b->rows, .cols = b->cols, .header = true};
    double h = area.h - grid_header(m, LEAST_COLUMN), whole = floor(w / b->cols);
    bool fits = whole >= MAP_SQUARE && h / b->rows >= MAP_SQUARE;
    if (fits) g.row_bin = g.col_bin = 1;
    if (!fits) choose_bins(b, w, h - small, &g);
    bool several = g.row_bin * g.col_bin > 1;
    int columns = 0;
    for (int i = 0; i < b->n_groups; i++) columns += ceil_by(b->groups[i].n, g.col_bin);
    double column = fmin(COLUMN * u, w / columns);
    h = area.h - grid_header(m, column) - (several ? small : 0);
    int rows = ceil_by(b->rows, g.row_bin);
    double row = fmin(ROW * u, h / rows);
    if (row >= 8) row = floor(row);
    grid_draw(&g, area, column >= 8 ? floor(column) : column, row);
    if (!several) return;
    const char *form = p->zh ? "每格：%d × %d 个中最大的" : "each square: the largest of %d × %d";
    double y = area.y + grid_header(m, column) + rows * row + 13 * u;
    value_text(p, area.x, y, arena_printf(p->s->arena, form, g.row_bin, g.col_bin), TYPE_SMALL,
               ALIGN_LEFT, ink(ROLE_MUTED), NO_REF, area.w);
}

/// A block as a line that is clicked to have it drawn.
static void draw_line(const Matrices *m, int k, Box row) {
    const Value *p = m->p;
    const ParamBlock *b = &m->blocks[k];
    double u = p->unit, x = row.x, baseline = row.y + 14 * u;
    const char *tex = block_tex(m, b);
    const char *shape = arena_printf(p->s->arena, "%d × %d", b->rows, b->cols);
    Name name = value_fit(p, tex, 14 * u, "", row.w / 3, row.h * 0.98);
    value_put(p, name, x, baseline, ink(ROLE_TEXT));
    x += fmax(30 * u, name.width + 8 * u);
    const char *note = norm_note(m, b);
    double end = row.x + row.w;
    if (note) {
        TextStyle small = value_style(p, TYPE_SMALL);
        scene_text(p->s, end, baseline, note, small, ALIGN_RIGHT, ink(ROLE_MUTED), NO_REF);
        end -= scene_text_width(p->s, note, small) + 8 * u;
    }
    const char *words = block_label(m, b);
    if (*words) words = arena_printf(p->s->arena, "%s  %s", words, shape);
    if (end - x > 20 * u)
        value_text(p, x, baseline, *words ? words : shape, TYPE_PLAIN, ALIGN_LEFT, ink(ROLE_MUTED),
                   NO_REF, end - x);
    int node = p->g->params[b->params[0]].node;
    Ref ref = m->grad ? ref_grad(node, m->sheets[b->params[0]].place, 1) : ref_value(node, 0, 1);
    scene_box(p->s, row, 4, NO_INK, NO_INK, 0, ref);
}

static void draw_list(const Matrices *m, int shown, Box area) {
    const Value *p = m->p;
    double row = LIST_ROW * p->unit;
    int fit = (int)(area.h / row), left = m->n - 1;
    if (fit < 1 || left < 1) return;
    int most = left <= fit ? left : fit - 1;
    scene_line(p->s, area.x, area.y + 0.5, area.x + area.w, area.y + 0.5, ink(ROLE_LINE), 1,
               NO_REF);
    for (int k = 0; k < m->n && most > 0; k++) {
        if (k == shown) continue;
        draw_line(m, k, box_cut_top(&area, row));
        most--;
        left--;
    }
    if (left > 0)
        value_text(p, area.x, area.y + 13 * p->unit,
                   arena_printf(p->s->arena, p->zh ? "… 另有 %d 组" : "… %d more", left),
                   TYPE_SMALL, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF, area.w);
}

static void draw_one(const Matrices *m, Box area) {
    double u = m->p->unit, row = LIST_ROW * u, gap = 8 * u;
    int k = m->pick.block < 0 ? 0 : m->pick.block;
    const ParamBlock *b = &m->blocks[k];
    draw_name(m, k, box_cut_top(&area, NAME * u));
    double header = grid_header(m, COLUMN * u), map = header + b->rows * ROW * u;
    double column = (area.w - grid_labels(m, b)) / b->cols;
    bool plain = grid_digits(m, column, (area.h - header) / b->rows) > 0;
    double lens = plain ? 0 : lens_height(m, b) + gap;
    if (area.h > LIST_FROM * u) { // a third of it, or all that is left over
        double list = fmax(area.h * 0.35, area.h - map - lens - gap);
        list = fmin((m->n - 1) * row, floor(list / row) * row);
        if (list >= row) draw_list(m, k, box_cut_bottom(&area, list + 4));
        if (list >= row) box_cut_bottom(&area, gap);
    }
    if (!plain && area.h < header + LEAST_MAP * u) {
        draw_lens(m, area); // too low for a map
        return;
    }
    bool both = !plain && area.h > lens + header + LEAST_MAP * u;
    draw_map(m, k, box_cut_top(&area, fmin(map, area.h - (both ? lens : 0))));
    box_cut_top(&area, gap);
    if (both) draw_lens(m, area);
}

/// The parameter of the picked block that has most numbers: one bias of 1 would make all of its
/// weights pale.
static int main_param(const Matrices *m) {
    const ParamBlock *b = &m->blocks[m->pick.block < 0 ? 0 : m->pick.block];
    int best = b->params[0];
    for (int k = 1; k < b->n_params; k++) {
        int param = b->params[k];
        if (dim_count(m->p->g->params[param].dim) > dim_count(m->p->g->params[best].dim))
            best = param;
    }
    return best;
}

void matrices_draw(Matrices *m, Box area) {
    bool all = matrices_least(m, area.w, MATRICES_ROW) <= area.h;
    m->top = 0;
    m->finer = !all; // surroundings have room for another digit
    for (int k = 0; all && k < m->p->g->n_params; k++) m->top = fmax(m->top, m->sheets[k].largest);
    if (!all) m->top = m->sheets[main_param(m)].largest;
    if (m->n == 0 || area.h < 3 * NAME * m->p->unit) return;
    if (all)
        draw_all(m, area);
    else
        draw_one(m, area);
}

// ---- legend

void matrices_legend(const Matrices *m, Box row) {
    enum { STEPS = 9 };
    const Value *p = m->p;
    double u = p->unit, side = 9 * u, gap = 2 * u, baseline = row.y + 13 * u;
    TextStyle small = value_style(p, TYPE_SMALL);
    const char *high = grid_number(m, m->top), *low = grid_number(m, -m->top);
    double x = row.x;
    scene_text(p->s, x, baseline, low, small, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    x += scene_text_width(p->s, low, small) + 5 * u;
    for (int k = 0; k < STEPS; k++, x += side + gap)
        grid_square(m, (Box){x, baseline - 8.5 * u, side, side}, 2.0 * k / (STEPS - 1) - 1, NO_REF);
    x += 3 * u;
    const char *plus = arena_printf(p->s->arena, "+%s", high);
    scene_text(p->s, x, baseline, plus, small, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    x += scene_text_width(p->s, plus, small) + 10 * u;
    const char *note = m->grad ? p->zh ? "带号平方根" : "signed square root" : NULL;
    if (note && x + scene_text_width(p->s, note, small) <= row.x + row.w)
        scene_text(p->s, row.x + row.w, baseline, note, small, ALIGN_RIGHT, ink(ROLE_MUTED),
                   NO_REF);
}
