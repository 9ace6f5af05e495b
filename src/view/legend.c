// A legend is a list of entries on lines: small squares of a ramp with what is at its ends, or one
// mark, and words. It says what stands in the picture: gates of the cell that is shown, gradients
// once the way back has begun.
#include "view/legend.h"

#include <math.h>

#include "view/panels.h"
#include "view/tex.h"

enum { SIZE = 12, SQUARE = 12, GAP = 2, ROW = 22, BETWEEN = 22, STEPS_MAX = 9 };

typedef enum { MARK_NONE, MARK_UNKNOWN, MARK_FOCUS, MARK_HIDDEN } Mark;

typedef struct {
    const char *tex; // name before the ramp, or NULL
    Role role;       // of the ramp
    int steps;       // its squares
    double from;     // level of the first; the last is 1
    const char *low; // at the ends of the ramp
    const char *high;
    Mark mark;         // instead of a ramp
    const char *words; // or NULL
} Entry;

typedef struct {
    Scene *s;
    const View *v;
    Box area;
    double x, y; // where the next entry goes
    bool draw;
} Legend;

static TextStyle style(void) {
    return (TextStyle){FONT_UI, WEIGHT_REGULAR, false, SIZE};
}

// Each puts something at x, or measures it; returns where it ends.

static double put_words(const Legend *l, double x, const char *words, bool draw) {
    if (!words) return x;
    if (draw)
        scene_text(l->s, x, l->y + SQUARE - 1, words, style(), ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    return x + scene_text_width(l->s, words, style()) + 5;
}

static double put_name(const Legend *l, double x, const char *tex, bool draw) {
    if (!tex) return x;
    if (draw)
        scene_formula(l->s, x, l->y + SQUARE - 1, tex, SIZE + 2, ALIGN_LEFT, ink(ROLE_TEXT), NULL,
                      NULL);
    return x + scene_formula_width(l->s, tex, SIZE + 2) + 5;
}

static void draw_square(const Legend *l, Box b, const Entry *e, double level) {
    bool grad = e->role == ROLE_GRAD, value = e->role == ROLE_VALUE;
    Ink edge = grad ? ink(ROLE_BACKWARD) : value ? ink(ROLE_LINE) : NO_INK;
    Shape *shape = scene_box(l->s, b, 2, ink_level(e->role, level), edge, 1, NO_REF);
    if (!grad) return;
    shape->dash = DASH_DASHED;
    scene_arrow(l->s, b.x + 1.5, b.y + b.h / 2, -1, 0, b.h * 0.32, ink(ROLE_BACKWARD));
}

static double put_ramp(const Legend *l, double x, const Entry *e, bool draw) {
    for (int k = 0; k < e->steps; k++, x += SQUARE + GAP) {
        double level = e->from + (1 - e->from) * k / (e->steps - 1);
        if (draw) draw_square(l, (Box){x, l->y, SQUARE, SQUARE}, e, level);
    }
    return e->steps ? x + 4 : x;
}

static double put_mark(const Legend *l, double x, Mark mark, bool draw) {
    Box b = {x, l->y, SQUARE, SQUARE};
    if (mark == MARK_NONE) return x;
    if (draw && mark == MARK_UNKNOWN)
        scene_box(l->s, b, 2, NO_INK, ink(ROLE_FAINT), 1, NO_REF)->dash = DASH_DOTTED;
    if (draw && mark == MARK_HIDDEN) view_draw_hidden(l->s, b, 2, NO_REF);
    if (draw && mark == MARK_FOCUS) {
        Shape *shape = scene_box(l->s, b, 2, ink_level(ROLE_VALUE, 0.5), NO_INK, 0, NO_REF);
        shape->hot = true;
    }
    return x + SQUARE + 6;
}

static double put_entry(const Legend *l, double x, const Entry *e, bool draw) {
    x = put_name(l, x, e->tex, draw);
    x = put_mark(l, x, e->mark, draw);
    x = put_words(l, x, e->low, draw);
    x = put_ramp(l, x, e, draw);
    x = put_words(l, x, e->high, draw);
    return put_words(l, x, e->words, draw);
}

static void add(Legend *l, Entry e) {
    double width = put_entry(l, 0, &e, false);
    bool first = l->x == l->area.x;
    if (!first && l->x + width > l->area.x + l->area.w) {
        l->x = l->area.x;
        l->y += ROW;
    }
    if (l->draw) put_entry(l, l->x, &e, true);
    l->x += width + BETWEEN;
}

static void add_gate(Legend *l, const Equation *e, const char *words) {
    Role role = view_graph_role(l->v->lesson->graph, e->node);
    Buf tex = buf_new(l->s->arena);
    buf_printf(&tex, "\\color{%s}{", view_role_word(role));
    tex_name(&tex, e->name, NULL, NULL, NULL);
    buf_puts(&tex, "}");
    add(l, (Entry){.tex = buf_str(&tex),
                   .role = role,
                   .steps = 5,
                   .low = "0",
                   .high = "1",
                   .words = words});
}

// The gates of the part that is shown; what their ends mean stands behind the last one.
static void add_gates(Legend *l) {
    enum { MOST = 4 };
    const Graph *g = l->v->lesson->graph;
    const Equation *gates[MOST];
    int part = view_part(l->v), n = 0;
    for (int q = 0; q < g->n_equations && n < MOST; q++) {
        const Equation *e = &g->equations[q];
        bool gate = e->part == part && view_is_gate(g, e->node);
        if (gate && view_role_word(view_graph_role(g, e->node))) gates[n++] = e;
    }
    const char *words = l->v->lang == LANG_ZH ? "门：关闭到打开" : "gate, closed to open";
    for (int k = 0; k < n; k++) add_gate(l, gates[k], k == n - 1 ? words : NULL);
}

static void add_gradient(Legend *l, bool zh) {
    add(l, (Entry){.role = ROLE_GRAD,
                   .steps = STEPS_MAX,
                   .from = -1,
                   .low = "−",
                   .high = "+",
                   .words = zh ? "梯度，带号平方根尺度" : "gradient, signed square root"});
    add(l,
        (Entry){.words = zh ? "最深的颜色：该栏的最大值" : "deepest colour: its panel's largest"});
}

double legend_draw(Scene *s, const View *v, Box area, bool draw) {
    Legend legend = {s, v, area, area.x, area.y, draw}, *l = &legend;
    bool zh = v->lang == LANG_ZH, backward = view_phase(v) != PHASE_FORWARD;
    add(l, (Entry){.role = ROLE_VALUE,
                   .steps = STEPS_MAX,
                   .from = -1,
                   .low = "−1",
                   .high = "+1",
                   .words = zh ? "数值" : "value"});
    add_gates(l);
    if (backward) add_gradient(l, zh);
    add(l, (Entry){.mark = MARK_UNKNOWN, .words = zh ? "尚未计算" : "not computed yet"});
    if (v->n_hidden)
        add(l, (Entry){.mark = MARK_HIDDEN, .words = zh ? "待预测" : "to be predicted"});
    add(l, (Entry){.mark = MARK_FOCUS, .words = zh ? "关注的数" : "the number in focus"});
    return l->y - area.y + ROW;
}
