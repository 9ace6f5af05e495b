// A gradient, proved: the number is moved up and down by a small epsilon, the network is run both
// times, and the slope of the loss stands beside what BPTT says.
#include <math.h>

#include "lesson/proof.h"
#include "view/value.h"

#define ROUNDING 1e-9
enum { ROWS = 3, FORMULA = 30, GAP_ABOVE = 8 };

/// (L(c_{3,2} + ε) − L(c_{3,2} − ε)) / 2ε, or with v for a name that is too long.
static Name slope_name(const Value *p) {
    static const char form[] = "\\bigl(L(%s+\\varepsilon)-L(%s-\\varepsilon)\\bigr)/2\\varepsilon";
    const char *tex = value_tex(p, p->ref.node, p->ref.place, p->ref.unit, false);
    double height = FORMULA * p->unit, size = 14 * p->unit;
    Name name =
        value_fit(p, arena_printf(p->s->arena, form, tex, tex), size, "", p->left.w, height);
    if (name.tex) return name;
    return value_fit(p, arena_printf(p->s->arena, form, "v", "v"), size, "", p->left.w, height);
}

/// "0.00000003", one digit of it; below ROUNDING the runs do not tell.
static const char *relative_words(const Value *p, double bptt, const Nudged *n) {
    double size = fmax(fabs(bptt), fabs(n->slope)), off = fabs(bptt - n->slope);
    if (!isfinite(off)) return say_number(p->s->arena, off, 0, false, p->v->lang);
    if (off == 0) return "0";
    if (off < ROUNDING * size) return "< 0.000000001";
    return say_number(p->s->arena, off / size, 0, false, p->v->lang);
}

/// Is the slope lost in the rounding of the loss?
static bool is_lost(double bptt, const Nudged *n) {
    return isfinite(bptt) && isfinite(n->slope) && bptt != 0 && fabs(bptt) < 100 * n->noise;
}

/// What both runs hold, since no gradient passes it; nothing where all gradients are slopes.
static const char *held_words(const Value *p) {
    OpKind stop = graph_stops(p->g);
    if (stop == OP_COUNT) return "";
    if (stop == OP_STOP) return p->zh ? "stop 的输出保持不变" : "what stop hands on is held";
    return p->zh ? "选中的符号保持不变" : "the symbols taken are held";
}

static void draw_rows(Value *p, const Nudged *n) {
    value_sum(p, p->zh ? "扰动所得" : "nudged", n->slope, NO_REF);
    value_sum(p, "BPTT", p->value, p->ref);
    const char *label = p->zh ? "相对误差" : "relative difference";
    Box row = box_cut_top(&p->left, value_row(p));
    double baseline = row.y + 13.5 * p->unit;
    double w = value_text(p, row.x + row.w, baseline, relative_words(p, p->value, n), TYPE_NUMBER,
                          ALIGN_RIGHT, ink(ROLE_MUTED), NO_REF, row.w);
    value_text(p, row.x, baseline, label, TYPE_PLAIN, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF,
               row.w - w - 8);
}

void value_proof(Value *p) {
    Nudged n;
    double held = *held_words(p) ? 17 * p->unit : 0;
    double rows = (FORMULA + 24) * p->unit + held + ROWS * value_row(p) * 1.1;
    if (p->left.h < rows + (GAP_ABOVE + 4) * p->unit) return;
    if (!proof_ask(p->lesson->proof, p->ref.node, p->ref.place, p->ref.unit, &n)) return;
    Name name = slope_name(p);
    if (!name.tex) return;
    box_cut_top(&p->left, GAP_ABOVE * p->unit);
    const char *heading = p->zh ? "用微小扰动验证" : "PROOF BY SMALL NUDGE";
    const char *epsilon = say_number(p->s->arena, n.epsilon, 4, false, p->v->lang);
    if (!value_heading(p, heading, arena_printf(p->s->arena, "ε = %s", epsilon), 0)) return;
    Box row = box_cut_top(&p->left, name.ascent + name.descent + 7 * p->unit);
    value_put(p, name, row.x, row.y + name.ascent + 1, ink(ROLE_TEXT));
    value_line(p, held_words(p), TYPE_SMALL, ink(ROLE_MUTED));
    if (!is_lost(p->value, &n)) {
        draw_rows(p, &n);
        return;
    }
    value_line(p, p->zh ? "太小，淹没在损失的舍入误差里" : "too small: lost in the loss’s rounding",
               TYPE_PLAIN, ink(ROLE_MUTED));
}
