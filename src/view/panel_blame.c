// The gradient of a value at every timestep, itemised by the losses that it comes from: a row for
// each timestep with a loss, a column for each timestep of the value. One column is what adds up to
// the gradient there; along a row one sees how far back one loss reaches.
#include <math.h>

#include "core/blame.h"
#include "core/norm.h"
#include "view/tex.h"
#include "view/value.h"

enum {
    ROW = 32,
    COLUMN = 46,
    LEAST = 3,   // pixels of a square
    NAME = 22,   // height of the names of columns
    SUM_GAP = 6, // above the row of the sums
    MOST_DECADES = 12,
    LEAST_NUMBERED = 13
};

typedef struct {
    Value *p;
    Blame *blame;
    int equation, node;
    int unit; // element, from 1; 0: norms
    int steps, losses;
    double top, decades; // the largest size, and how far below it the colours go
    Box area;            // of the squares
    double column, row;
    int digits; // of the squares' numbers; 0: they have none
} Items;

bool panel_blame_has(const View *v) {
    return v->lesson->blame != NULL;
}

// ---- what it is about

static int equation_of(const Graph *g, Ref ref) {
    bool number = ref.kind == REF_VALUE || ref.kind == REF_GRAD;
    if (!number || ref.node < 0 || ref.node >= g->n_nodes) return -1;
    int q = g->nodes[ref.node].equation;
    bool layer = q >= 0 && g->parts[g->equations[q].part].kind == PART_LAYER;
    return layer && g->equations[q].node == ref.node ? q : -1;
}

/// What the layer carries; its output where it carries nothing.
static int carried(const Graph *g, int part) {
    int found = g->nodes[g->parts[part].output].equation;
    for (int q = g->n_equations - 1; q >= 0; q--)
        if (g->equations[q].part == part && g->equations[q].remembered) found = q;
    return found;
}

static Items begin(Value *p) {
    Items it = {.p = p, .blame = p->lesson->blame, .steps = trace_steps(p->trace)};
    int pinned = equation_of(p->g, p->v->focus);
    it.equation = pinned >= 0 ? pinned : carried(p->g, view_part(p->v));
    it.node = p->g->equations[it.equation].node;
    it.losses = blame_count(it.blame);
    bool one = pinned >= 0 && p->v->focus.unit > 0;
    it.unit = one ? p->v->focus.unit : 0;
    return it;
}

/// What the k-th loss sends to the timestep, or (0) all of them together: the element, or the norm
/// of all elements.
static double item(const Items *it, int place, int k) {
    if (k == 0 && !trace_holds(it->p->trace, it->node, place)) return 0;
    const double *x = k == 0 ? trace_grad(it->p->trace, it->node, place)
                             : blame_grad(it->blame, it->equation, place, k);
    int n = dim_count(it->p->g->nodes[it->node].dim);
    return it->unit ? x[it->unit - 1] : norm_of(x, n);
}

static bool is_known(const Items *it, int place) {
    return view_known(it->p->v, ref_grad(it->node, place, it->unit));
}

static void find_range(Items *it) {
    double least = INFINITY;
    for (int k = 0; k <= it->losses; k++)
        for (int t = 1; t <= it->steps; t++) {
            double x = fabs(item(it, t, k));
            if (!isfinite(x) || x == 0) continue;
            it->top = fmax(it->top, x);
            least = fmin(least, x);
        }
    double decades = it->top > 0 ? ceil(log10(it->top / least) + 0.2) : 1;
    it->decades = fmin(MOST_DECADES, fmax(1, decades));
}

// ---- squares

static double level_of(const Items *it, double x) {
    if (!(fabs(x) > 0) || !(it->top > 0)) return x == 0 ? 0 : x;
    double part = fmax(0.06, 1 + log10(fmin(1, fabs(x) / it->top)) / it->decades);
    return x < 0 ? -part : part;
}

static const char *meaning(const Items *it, int place, int k, double x) {
    const Value *p = it->p;
    Arena *a = p->s->arena;
    const char *name = say_name(a, p->lesson, it->node, place, it->unit, p->v->lang);
    int digits = x != 0 && isfinite(x) ? say_decimals(fabs(x), p->lesson->digits, 3) : 1;
    const char *number = say_number(a, x, digits, true, p->v->lang);
    int from = k > 0 ? blame_place(it->blame, k) : 0;
    if (k == 0)
        return arena_printf(a, p->zh ? "%s 的全部梯度：%s" : "the whole gradient of %s: %s", name,
                            number);
    return p->zh ? arena_printf(a, "t = %d 的损失传给 %s：%s", from, name, number)
                 : arena_printf(a, "what the loss at t = %d sends to %s: %s", from, name, number);
}

static void draw_number(const Items *it, Box box, double x, double level, Ref ref) {
    const Value *p = it->p;
    TextStyle style = value_style(p, TYPE_SMALL);
    const char *text = say_number(p->s->arena, x, it->digits, false, p->v->lang);
    if (scene_text_width(p->s, text, style) > box.w - 2) text = "≈0";
    scene_text(p->s, box.x + box.w / 2, box.y + box.h / 2 + style.size * 0.36, text, style,
               ALIGN_CENTER, ink_level(ROLE_ON_GRAD, level), ref);
}

static void draw_square(const Items *it, int place, int k, Box box) {
    Scene *s = it->p->s;
    Ref ref = k > 0 ? (Ref){REF_PLACE, k, place, 0} : ref_grad(it->node, place, it->unit);
    double radius = fmin(3, fmin(box.w, box.h) / 4);
    if (!is_known(it, place)) {
        scene_box(s, box, radius, NO_INK, ink(ROLE_FAINT), 1, NO_REF)->dash = DASH_DOTTED;
        return;
    }
    double x = item(it, place, k), level = level_of(it, x);
    if (x == 0) { // it comes later than the loss: nothing to show
        scene_circle(s, box.x + box.w / 2, box.y + box.h / 2, 1, ink(ROLE_FAINT), NO_INK, 0,
                     NO_REF);
        return;
    }
    bool edged = fmin(box.w, box.h) >= 8;
    Shape *shape = scene_box(s, box, radius, ink_level(ROLE_GRAD, level),
                             edged ? ink(ROLE_BACKWARD) : NO_INK, 1, ref);
    shape->dash = DASH_DASHED;
    shape->written = it->digits > 0;
    shape->label = meaning(it, place, k, x);
    if (it->digits > 0 && isfinite(x)) draw_number(it, box, x, level, ref);
    if (box.h >= 10 && box.w >= 10)
        scene_arrow(s, box.x + 1.5, box.y + 1.5 + box.h * 0.12, -1, 0, box.h * 0.24,
                    ink(ROLE_BACKWARD));
}

/// Top of the row of the k-th loss; that of all together is the last.
static double row_y(const Items *it, int k) {
    if (k > 0) return it->area.y + (k - 1) * it->row;
    return it->area.y + it->losses * it->row + SUM_GAP * it->p->unit;
}

static void draw_squares(const Items *it) {
    double gap = fmin(it->column, it->row) >= 11 ? 2 : fmin(it->column, it->row) >= 6 ? 1 : 0;
    for (int k = 0; k <= it->losses; k++)
        for (int t = 1; t <= it->steps; t++)
            draw_square(it, t, k,
                        (Box){it->area.x + (t - 1) * it->column + gap / 2, row_y(it, k) + gap / 2,
                              it->column - gap, it->row - gap});
}

// ---- names

/// Every how many a name has room.
static int every(double pitch, double need) {
    return pitch >= need ? 1 : (int)ceil(need / pitch);
}

static void draw_row_names(const Items *it) {
    const Value *p = it->p;
    double size = 12 * p->unit;
    int step = every(it->row, size * 1.3);
    bool sum = it->row + SUM_GAP * p->unit > size * 1.3 * 0.7;
    for (int k = sum ? 0 : 1; k <= it->losses; k += k ? step : 1) {
        bool under = sum && k > 0 && row_y(it, 0) - row_y(it, k) < size * 1.3;
        if (under) continue; // it would stand on the name of the sum
        const char *tex = k ? arena_printf(p->s->arena, "L_{%d}", blame_place(it->blame, k)) : "L";
        double w = scene_formula_width(p->s, tex, size);
        scene_formula(p->s, it->area.x - 6 * p->unit - w, row_y(it, k) + it->row / 2 + size * 0.3,
                      tex, size, ALIGN_LEFT, ink(ROLE_TEXT), NULL, NULL);
    }
}

static void draw_column_names(const Items *it, double baseline) {
    const Value *p = it->p;
    TextStyle style = value_style(p, TYPE_SMALL);
    int here = view_place(p->v);
    const char *widest = arena_printf(p->s->arena, "%d", it->steps);
    double need = scene_text_width(p->s, widest, style) + 5 * p->unit;
    int step = every(it->column, need);
    for (int t = 1; t <= it->steps; t++) {
        bool near = t != here && step > 1 && fabs((t - here) * it->column) < need;
        if (t != here && (t % step != 0 || near)) continue;
        const char *text = arena_printf(p->s->arena, "%d", t);
        double half = scene_text_width(p->s, text, style) / 2;
        double x = it->area.x + (t - 0.5) * it->column, end = it->area.x + it->area.w + 2;
        if (t != here && x + half > end) continue;
        scene_text(p->s, fmin(x, end - half), baseline, text, style, ALIGN_CENTER,
                   ink(t == here ? ROLE_TEXT : ROLE_MUTED), (Ref){REF_PLACE, 0, t, 0});
    }
}

/// The column of the stage's timestep.
static void draw_here(const Items *it) {
    int here = view_place(it->p->v);
    Box column = {it->area.x + (here - 1) * it->column - 1, it->area.y - 2, it->column + 2,
                  it->area.h + 4};
    scene_box(it->p->s, column, 4, ink_soft(ROLE_BACKWARD, 0.07), ink_soft(ROLE_BACKWARD, 0.9),
              1.25, NO_REF);
}

// ---- in words

/// "At t = 3 most comes from the loss at t = 5: 62%." By sizes, whatever their signs.
static void draw_words(const Items *it) {
    Value *p = it->p;
    int here = view_place(p->v), best = 1;
    double sum = 0, most = -1;
    if (!is_known(it, here)) {
        value_line(p, p->zh ? "这一步的梯度尚未算出" : "its gradient here is not computed yet",
                   TYPE_PLAIN, ink(ROLE_MUTED));
        return;
    }
    for (int k = 1; k <= it->losses; k++) {
        double x = fabs(item(it, here, k));
        sum += x;
        if (x > most) most = x, best = k;
    }
    if (!(sum > 0) || !isfinite(sum)) return;
    const char *form =
        p->zh ? "t = %d：%.0f%% 来自 t = %d 的损失" : "at t = %d: %.0f%% from the loss at t = %d";
    value_line(
        p, arena_printf(p->s->arena, form, here, 100 * most / sum, blame_place(it->blame, best)),
        TYPE_PLAIN, ink(ROLE_TEXT));
}

static void draw_title(const Items *it) {
    Value *p = it->p;
    Arena *a = p->s->arena;
    const char *of = view_node_tex(a, p->v, it->node, 0, it->unit);
    const char *tex = it->unit ? arena_printf(a, "\\partial L_k/\\partial %s", of)
                               : arena_printf(a, "\\lVert\\partial L_k/\\partial %s\\rVert", of);
    double size = 20 * p->unit;
    Box row = box_cut_top(&p->left, size * 1.6);
    Name name = value_fit(p, tex, size, "", row.w, INFINITY);
    value_put(p, name, row.x, row.y + size * 1.05, ink(ROLE_TEXT));
    value_line(p, p->zh ? "每行一个损失，每列一个时间步" : "rows: losses; columns: timesteps",
               TYPE_PLAIN, ink(ROLE_MUTED));
}

static void draw_legend(const Items *it) {
    enum { STEPS = 7 };
    Value *p = it->p;
    double u = p->unit, side = 9 * u, gap = 2 * u, x = p->left.x;
    Box row = box_cut_top(&p->left, 20 * u);
    double baseline = row.y + 13 * u;
    TextStyle small = value_style(p, TYPE_SMALL);
    int from = it->unit ? -(STEPS / 2) : 0, to = it->unit ? STEPS / 2 : STEPS - 1;
    for (int k = from; k <= to; k++, x += side + gap) {
        Shape *s = scene_box(p->s, (Box){x, baseline - 8.5 * u, side, side}, 2,
                             ink_level(ROLE_GRAD, (double)k / to), ink(ROLE_BACKWARD), 1, NO_REF);
        s->dash = DASH_DASHED;
    }
    int digits = it->top > 0 ? say_decimals(it->top, 2, 2) : 2;
    const char *most = say_number(p->s->arena, it->top, digits, false, p->v->lang);
    scene_text(p->s, x + 3 * u, baseline, most, small, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    const char *form = p->zh             ? "对数尺度，%.0f 个数量级"
                       : it->decades > 1 ? "log scale, %.0f decades"
                                         : "log scale, %.0f decade";
    const char *note = arena_printf(p->s->arena, form, it->decades);
    double end = x + 3 * u + scene_text_width(p->s, most, small) + 8 * u;
    if (end + scene_text_width(p->s, note, small) <= row.x + row.w)
        scene_text(p->s, row.x + row.w, baseline, note, small, ALIGN_RIGHT, ink(ROLE_MUTED),
                   NO_REF);
}

// ---- the panel

/// Where the squares go: as large as fits.
static bool lay(Items *it, double room) {
    const Value *p = it->p;
    double u = p->unit, size = 12 * u;
    const char *widest = arena_printf(p->s->arena, "L_{%d}", it->steps);
    Box area = p->left;
    box_cut_left(&area, scene_formula_width(p->s, widest, size) + 9 * u);
    it->column = fmin(COLUMN * u, area.w / it->steps);
    it->row = fmin(ROW * u, (room - (NAME + SUM_GAP) * u) / (it->losses + 1));
    if (it->column < LEAST || it->row < LEAST) return false;
    if (it->column >= 8) it->column = floor(it->column);
    if (it->row >= 8) it->row = floor(it->row);
    it->area =
        (Box){area.x, area.y + 3, it->column * it->steps, it->row * (it->losses + 1) + SUM_GAP * u};
    int digits = it->top > 0 ? say_decimals(it->top, 2, 2) : 0;
    double widest_number = it->unit ? -it->top : it->top;
    const char *number = say_number(p->s->arena, widest_number, digits, false, p->v->lang);
    double w = scene_text_width(p->s, number, value_style(p, TYPE_SMALL));
    if (it->row >= LEAST_NUMBERED * u && it->column >= w + 5 * u) it->digits = digits;
    return true;
}

static void draw_items(Items *it) {
    Value *p = it->p;
    double u = p->unit, below = 20 * u + 17 * u + 8 * u;
    if (!lay(it, p->left.h - below)) {
        value_line(p, p->zh ? "时间步太多，这里放不下" : "too many timesteps for so little room",
                   TYPE_PLAIN, ink(ROLE_MUTED));
        return;
    }
    draw_here(it);
    draw_squares(it);
    if (it->row >= 3) draw_row_names(it);
    double bottom = it->area.y + it->area.h;
    draw_column_names(it, bottom + 15 * u);
    box_cut_top(&p->left, bottom + NAME * u - p->left.y);
    draw_words(it);
    box_cut_top(&p->left, 4 * u);
    draw_legend(it);
}

void panel_blame_draw(Scene *s, const View *v, Box area) {
    Value p = value_plain(s, v, area);
    if (area.w < 60) return;
    scene_clip(s, area);
    if (panel_blame_has(v)) {
        Items it = begin(&p);
        find_range(&it);
        draw_title(&it);
        box_cut_top(&p.left, 6 * p.unit);
        draw_items(&it);
    } else {
        value_line(&p,
                   p.zh ? "只有一处损失，或序列太长"
                        : "There is one loss only, or the sequence is long",
                   TYPE_PLAIN, ink(ROLE_MUTED));
    }
    scene_unclip(s);
}
