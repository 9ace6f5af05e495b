// The curve of a function with the point at which it was computed. The curve is sampled from the
// operation's own forward function, so that it cannot disagree with the numbers.
#include <math.h>
#include <string.h>

#include "core/op.h"
#include "view/equation_step.h"
#include "view/equation_write.h"

enum { SAMPLES = 64 };

/// Where numbers are in the box.
typedef struct {
    Box box;
    double x0, x1, y0, y1;
    double label; // letters of the numbers, which everything else grows with
} Axes;

static double px(const Axes *a, double x) {
    return a->box.x + (x - a->x0) / (a->x1 - a->x0) * a->box.w;
}

static double py(const Axes *a, double y) {
    return a->box.y + a->box.h - (y - a->y0) / (a->y1 - a->y0) * a->box.h;
}

static double value_at(OpKind op, double x) {
    const Dim one = {1, 1};
    const double *args[] = {&x};
    OpCall call = {.dim = one, .n_args = 1, .arg_dim = &one, .arg = args};
    double y = NAN;
    op_defs[op].forward(&call, &y);
    return y;
}

/// Wide enough for the bend around zero and for the point.
static Axes axes_for(OpKind op, const EqCurve *c, Box box, double label) {
    double reach = fmax(4, 1.2 * fabs(c->x));
    Axes a = {box, -reach, reach, 0, 0, label};
    if (isnan(value_at(op, -1))) a.x0 = 0; // logarithm, root
    if (op == OP_EXP) a.x0 = fmin(-2, 1.2 * c->x), a.x1 = fmax(2, c->x + 0.3);
    double low = fmin(0, c->y), high = fmax(0, c->y);
    for (int k = 1; k < SAMPLES; k++) {
        double y = value_at(op, a.x0 + (a.x1 - a.x0) * k / SAMPLES);
        if (!isfinite(y)) continue;
        low = fmin(low, y);
        high = fmax(high, y);
    }
    double margin = high > low ? 0.06 * (high - low) : 1;
    a.y0 = low - margin;
    a.y1 = high + margin;
    return a;
}

static void draw_line(Scene *s, const Axes *a, OpKind op, Ink stroke) {
    PathStep steps[SAMPLES + 1];
    int n = 0;
    bool down = false;
    for (int k = 0; k <= SAMPLES; k++) {
        double x = a->x0 + (a->x1 - a->x0) * k / SAMPLES, y = value_at(op, x);
        bool inside = isfinite(y) && y >= a->y0 && y <= a->y1;
        if (inside)
            steps[n++] =
                (PathStep){.verb = down ? PATH_LINE : PATH_MOVE, .x = px(a, x), .y = py(a, y)};
        down = inside;
    }
    if (n > 1) scene_path(s, steps, n, NO_INK, stroke, fmax(2, a->label / 7), NO_REF);
}

static void draw_tangent(Scene *s, const Axes *a, const EqCurve *c, double slope) {
    double sx = a->box.w / (a->x1 - a->x0), sy = a->box.h / (a->y1 - a->y0);
    double dx = sx, dy = -slope * sy, length = sqrt(dx * dx + dy * dy);
    double reach = 0.28 * fmin(a->box.w, a->box.h), x = px(a, c->x), y = py(a, c->y);
    dx *= reach / length;
    dy *= reach / length;
    double before = fmin(1, (x - a->box.x) / dx), after = fmin(1, (a->box.x + a->box.w - x) / dx);
    scene_line(s, x - before * dx, y - before * dy, x + after * dx, y + after * dy,
               ink(ROLE_BACKWARD), fmax(2, a->label / 7), NO_REF);
}

static const char *function_tex(Arena *a, OpKind op) {
    const char *tex = op_defs[op].tex, *arg = tex ? strstr(tex, "(#0)") : NULL;
    if (arg && strlen(arg) == 4) return arena_copy(a, tex, (size_t)(arg - tex));
    return arena_printf(a, "\\operatorname{%s}", op_defs[op].name);
}

/// The local derivative in x and y, on one line; "" where it has cases.
static const char *slope_words(Arena *a, OpKind op) {
    const char *tex = op_defs[op].slope_tex;
    Buf out = buf_new(a);
    if (!tex || strstr(tex, "\\begin")) return "";
    for (; *tex; tex++) {
        if (*tex != '#') {
            buf_put(&out, tex, 1);
            continue;
        }
        buf_puts(&out, *++tex == 'y' ? "y" : "x");
    }
    return buf_str(&out);
}

/// The function's name, and in the backward phase its slope at the point.
static void draw_title(Scene *s, const View *v, const EqCurve *c, OpKind op, Box row) {
    Arena *a = s->arena;
    const char *name = function_tex(a, op);
    Role role = c->role == ROLE_TEXT ? ROLE_ACCENT : c->role;
    double slope = op_defs[op].slope(c->x, c->y);
    double size = row.h * 0.66;
    const char *tex = name;
    if (c->tangent) {
        const char *number = say_number(a, slope, v->lesson->digits, true, v->lang);
        const char *value = arena_printf(a, isfinite(slope) ? "= %s" : "= \\text{%s}", number);
        tex = arena_printf(a, "%s' = %s %s", name, slope_words(a, op), value);
        if (!*slope_words(a, op) || scene_formula_width(s, tex, size) > row.w)
            tex = arena_printf(a, "%s' %s", name, value);
    }
    double w = scene_formula_width(s, tex, size);
    if (w > row.w) size *= row.w / w;
    scene_formula(s, row.x, row.y + row.h - 0.45 * size, tex, size, ALIGN_LEFT,
                  c->tangent ? ink(ROLE_BACKWARD) : ink(role), NULL, NULL);
}

static void draw_point(Scene *s, const View *v, const EqCurve *c, const Axes *a, Box under,
                       Box left) {
    TextStyle small = {FONT_UI, WEIGHT_REGULAR, false, a->label};
    double x = px(a, c->x), y = py(a, c->y);
    Ink guide = c->tangent ? ink_soft(ROLE_BACKWARD, 0.7) : ink_soft(c->role, 0.7);
    scene_line(s, x, y, x, a->box.y + a->box.h, guide, 1, NO_REF)->dash = DASH_DASHED;
    scene_line(s, a->box.x, y, x, y, guide, 1, NO_REF)->dash = DASH_DASHED;
    int digits = v->lesson->digits < 3 ? v->lesson->digits : 3;
    const char *tx = say_number(s->arena, c->x, digits, false, v->lang);
    const char *ty = say_number(s->arena, c->y, digits, false, v->lang);
    double half = scene_text_width(s, tx, small) / 2;
    double tx_at = fmin(fmax(x, under.x + half), under.x + under.w - half);
    scene_text(s, tx_at, under.y + under.h - 2, tx, small, ALIGN_CENTER, ink(ROLE_TEXT), c->ref_x);
    double baseline = fmin(fmax(y + 0.36 * a->label, left.y + 0.8 * a->label), left.y + left.h);
    scene_text(s, left.x + left.w - 4, baseline, ty, small, ALIGN_RIGHT, ink(ROLE_TEXT), c->ref_y);
    scene_circle(s, x, y, 0.4 * a->label, c->tangent ? ink(ROLE_BACKWARD) : ink(c->role),
                 ink(ROLE_PANEL), 1.5, c->ref_y);
}

void eq_curve_draw(Scene *s, const View *v, const EqCurve *c, Box box, double size) {
    double label = fmin(22, fmax(10.5, 0.6 * size));
    OpKind op = v->lesson->graph->nodes[c->node].op;
    TextStyle small = {FONT_UI, WEIGHT_REGULAR, false, label};
    int digits = v->lesson->digits < 3 ? v->lesson->digits : 3;
    const char *ty = say_number(s->arena, c->y, digits, false, v->lang);
    Box title = box_cut_top(&box, 1.9 * label);
    Box under = box_cut_bottom(&box, 1.55 * label);
    Box left = box_cut_left(&box, fmin(0.4 * box.w, scene_text_width(s, ty, small) + 8));
    bool finite = isfinite(c->x) && isfinite(c->y) && fabs(c->x) < 1e6 && fabs(c->y) < 1e6;
    EqCurve shown = *c;
    if (!finite) shown.x = shown.y = 0;
    Axes a = axes_for(op, &shown, box, label);
    draw_title(s, v, c, op, title);
    double zero_x = px(&a, 0), zero_y = py(&a, 0);
    scene_line(s, box.x, zero_y, box.x + box.w, zero_y, ink(ROLE_LINE), 1, NO_REF);
    if (zero_x >= box.x - 0.5)
        scene_line(s, zero_x, box.y, zero_x, box.y + box.h, ink(ROLE_LINE), 1, NO_REF);
    Role role = c->role == ROLE_TEXT ? ROLE_ACCENT : c->role;
    draw_line(s, &a, op, c->tangent ? ink_soft(role, 0.75) : ink(role));
    if (!finite) return;
    shown.role = role;
    double slope = op_defs[op].slope(c->x, c->y);
    if (c->tangent && isfinite(slope)) draw_tangent(s, &a, &shown, slope);
    draw_point(s, v, &shown, &a, under, left);
}
