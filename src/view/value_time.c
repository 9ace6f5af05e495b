// The course of a number over time, or of a parameter's gradient the share of each timestep: one
// bar a timestep on one scale, what is not computed yet as an empty dotted box.
#include <math.h>
#include <stdlib.h>

#include "core/shares.h"
#include "view/value.h"

enum { BARS = 58, LABELS = 18, LOG_DECADES = 6 };

typedef struct {
    int first, last; // places shown
    double pitch;
    double top, height; // of the bars
    bool both;          // some are negative
    bool log;           // lengths are logarithms
    double most;        // size of the longest bar
} Course;

/// The share of a parameter's gradient that one timestep adds to the panel's element.
static double param_share(const Value *p, int place) {
    int n, param = p->g->nodes[p->ref.node].param;
    double share;
    Shares *shares = p->lesson->shares;
    if (shares && shares_element(shares, param, place, p->ref.unit, &share)) return share;
    const Path *paths = explain_paths(p->s->arena, p->lesson, p->ref.node, place, p->ref.unit, &n);
    double sum = 0;
    for (int i = 0; i < n; i++) sum += paths[i].share;
    return sum;
}

static bool has_course(const Value *p) {
    bool steady = p->g->nodes[p->ref.node].steady;
    bool shares = p->grad && p->g->nodes[p->ref.node].op == OP_PARAM;
    return (!steady || shares) && trace_steps(p->trace) > 1;
}

double value_time_height(const Value *p) {
    return has_course(p) ? (8 + 24 + BARS + LABELS) * p->unit : 0;
}

static Ref ref_at(const Value *p, int place) {
    return p->grad ? ref_grad(p->ref.node, place, p->ref.unit)
                   : ref_value(p->ref.node, place, p->ref.unit);
}

static double number_at(const Value *p, int place) {
    if (p->g->nodes[p->ref.node].steady) return param_share(p, place);
    return view_number(p->v, ref_at(p, place));
}

// A loss has no bound: its largest is the whole height, as of a gradient.
static bool is_loss(const Value *p) {
    return !p->grad && p->g->nodes[p->ref.node].part == p->g->loss_part;
}

static Course course_of(const Value *p) {
    Course c = {.pitch = p->left.w / trace_steps(p->trace)};
    int steps = trace_steps(p->trace), fit = (int)(p->left.w / (7 * p->unit));
    int shown = steps < fit ? steps : fit, here = p->ref.place < 1 ? 1 : p->ref.place;
    c.first = here - shown / 2;
    if (c.first + shown - 1 > steps) c.first = steps - shown + 1;
    if (c.first < 1) c.first = 1;
    c.last = c.first + shown - 1;
    c.pitch = fmin(p->left.w / shown, 70 * p->unit);
    double least = INFINITY;
    for (int place = c.first; place <= c.last; place++) {
        double x = number_at(p, place), size = fabs(x);
        c.both |= x < 0;
        if (!isfinite(x) || x == 0) continue;
        c.most = fmax(c.most, size);
        least = fmin(least, size);
    }
    c.both |= !p->grad && !is_loss(p) && !view_is_gate(p->g, p->ref.node);
    if (!p->grad && !is_loss(p) && c.most < 1) c.most = 1;
    c.log = p->grad && c.most > 30 * least;
    return c;
}

/// Length of a bar, from -1 to 1.
static double length_of(const Course *c, double x) {
    if (x == 0 || c->most == 0 || isnan(x)) return 0;
    double part = fmin(1, fabs(x) / c->most);
    if (c->log) part = fmax(0.02, 1 + log10(part) / LOG_DECADES);
    return x < 0 ? -part : part;
}

static Ink fill_of(const Value *p, double x, double length) {
    if (p->grad) return ink_level(ROLE_GRAD, length);
    return is_loss(p) ? ink_level(ROLE_VALUE, length) : view_value_ink(p->v, p->ref.node, x);
}

static void draw_empty(const Value *p, Box slot, Ref ref) {
    Shape *box = scene_box(p->s, slot, 3, NO_INK, ink(ROLE_FAINT), 1, ref);
    box->dash = DASH_DOTTED;
}

static void draw_bar(const Value *p, const Course *c, int place, Box slot, double zero) {
    Ref ref = ref_at(p, place);
    bool known = view_known(p->v, ref);
    double x = known ? number_at(p, place) : 0;
    if (!known) {
        draw_empty(p, slot, ref);
    } else if (view_hidden(p->v, ref)) {
        double side = fmin(slot.w, 20 * p->unit);
        view_draw_hidden(p->s, (Box){slot.x + (slot.w - side) / 2, zero - side - 4, side, side}, 3,
                         ref);
    } else if (isfinite(x)) {
        double length = length_of(c, x);
        double h = fabs(length) * (c->both ? c->height / 2 : c->height);
        Box bar = {slot.x, length < 0 ? zero : zero - h, slot.w, fmax(h, 1)};
        Shape *shape = scene_box(p->s, bar, fmin(3, bar.h / 2), fill_of(p, x, length),
                                 p->grad ? ink(ROLE_BACKWARD) : NO_INK, 1, ref);
        if (p->grad) shape->dash = DASH_DASHED;
    } else {
        scene_text(p->s, slot.x + slot.w / 2, zero - 4, "!", value_style(p, TYPE_STRONG),
                   ALIGN_CENTER, ink(ROLE_WARN), ref);
    }
    // the whole column is the bar's, so that a short one is as easy to point at
    scene_box(p->s, slot, 3, NO_INK, place == p->ref.place ? ink(ROLE_TEXT) : NO_INK, 1.5, ref);
}

/// Every how many timesteps a label fits.
static int label_step(const Value *p, const Course *c) {
    const char *widest = arena_printf(p->s->arena, "%d", c->last);
    double need = scene_text_width(p->s, widest, value_style(p, TYPE_SMALL)) + 5 * p->unit;
    int step = 1;
    while (step * c->pitch < need) step *= step == 2 || step == 20 || step == 200 ? 5 : 2;
    return step;
}

static void draw_labels(const Value *p, const Course *c, Box row) {
    int step = label_step(p, c);
    TextStyle style = value_style(p, TYPE_SMALL);
    for (int place = c->first; place <= c->last; place++) {
        int away = abs(place - p->ref.place);
        bool here = away == 0;
        const char *text = arena_printf(p->s->arena, "%d", place);
        double half = scene_text_width(p->s, text, style) / 2;
        bool near = step > 1 && away * c->pitch < 3 * half + 6 * p->unit;
        if (!here && (place % step != 0 || near)) continue;
        double middle = row.x + (place - c->first + 0.5) * c->pitch;
        double x = fmin(fmax(middle, row.x + half), row.x + row.w - half);
        if (!here && x != middle) continue; // it would stand under another bar
        scene_text(p->s, x, row.y + 13 * p->unit, text, style, ALIGN_CENTER,
                   ink(here ? ROLE_TEXT : ROLE_MUTED), (Ref){REF_PLACE, 0, place, 0});
    }
}

static const char *scale_note(const Value *p, const Course *c) {
    if (!p->grad && !is_loss(p)) return NULL;
    if (c->log) return p->zh ? "对数尺度" : "log scale";
    return p->zh ? "线性尺度" : "linear scale";
}

void value_time(Value *p) {
    Course c = course_of(p);
    bool steady = p->g->nodes[p->ref.node].steady;
    box_cut_top(&p->left, 8 * p->unit);
    const char *heading = steady  ? p->zh ? "各时间步的份额" : "SHARE OF EACH TIMESTEP"
                          : p->zh ? "随时间的变化"
                                  : "ACROSS TIME";
    double bars = BARS * p->unit, labels = LABELS * p->unit;
    if (!value_heading(p, heading, scale_note(p, &c), bars + labels)) return;
    Box area = box_cut_top(&p->left, bars);
    c.top = area.y + 2;
    c.height = area.h - 4;
    double zero = c.both ? c.top + c.height / 2 : c.top + c.height;
    double gap = c.pitch > 14 ? 4 : c.pitch > 8 ? 2 : 1;
    for (int place = c.first; place <= c.last; place++) {
        double x = area.x + (place - c.first) * c.pitch;
        draw_bar(p, &c, place, (Box){x + gap / 2, c.top, c.pitch - gap, c.height}, zero);
    }
    double end = area.x + (c.last - c.first + 1) * c.pitch;
    scene_line(p->s, area.x, zero, end, zero, ink(ROLE_WIRE), 1, NO_REF);
    draw_labels(p, &c, box_cut_top(&p->left, labels));
}

// ---- all units

enum { UNITS_MOST = 16, UNITS_LEAST_ROOM = 60 };

/// The largest gradient shown: full colour for it at every timestep.
static double top_of_grid(const Value *p, const Course *c, int units) {
    double top = 0;
    for (int place = c->first; place <= c->last; place++)
        for (int u = 1; u <= units; u++) {
            double x = view_number(p->v, ref_grad(p->ref.node, place, u));
            if (isfinite(x)) top = fmax(top, fabs(x));
        }
    return top;
}

static Ink square_ink(const Value *p, double x, double top) {
    if (!p->grad) return view_value_ink(p->v, p->ref.node, x);
    if (isnan(x)) return ink_level(ROLE_GRAD, x);
    double part = top > 0 ? sqrt(fmin(1, fabs(x) / top)) : 0;
    return ink_level(ROLE_GRAD, x < 0 ? -part : part);
}

static void draw_square(const Value *p, Box box, Ref ref, double top) {
    double radius = fmin(3, fmin(box.w, box.h) / 4);
    if (!view_known(p->v, ref)) {
        draw_empty(p, box, ref);
        return;
    }
    if (view_hidden(p->v, ref)) {
        view_draw_hidden(p->s, box, radius, ref);
        return;
    }
    Ink edge = p->grad && box.h > 7 && box.w > 7 ? ink(ROLE_BACKWARD) : NO_INK;
    Shape *shape =
        scene_box(p->s, box, radius, square_ink(p, view_number(p->v, ref), top), edge, 1, ref);
    if (p->grad) shape->dash = DASH_DASHED;
    view_mark_dropped(p->s, p->v, box, ref);
}

void value_units(Value *p) {
    int units = dim_count(p->dim) < UNITS_MOST ? dim_count(p->dim) : UNITS_MOST;
    bool column = p->dim.cols == 1 && units > 1 && !p->g->nodes[p->ref.node].steady;
    if (!column || trace_steps(p->trace) < 2) return;
    Course c = course_of(p);
    box_cut_top(&p->left, 8 * p->unit);
    const char *heading = p->zh ? "全部单元" : "ALL UNITS";
    const char *note = p->grad ? p->zh ? "带号平方根" : "signed square root" : NULL;
    if (units < dim_count(p->dim))
        heading = arena_printf(p->s->arena, p->zh ? "前 %d 个单元" : "FIRST %d UNITS", units);
    double room = p->left.h - 24 * p->unit, pitch = fmin(20 * p->unit, room / units);
    if (room < UNITS_LEAST_ROOM * p->unit || pitch < 4) return;
    if (!value_heading(p, heading, note, units * pitch)) return;
    Box area = box_cut_top(&p->left, units * pitch);
    double top = p->grad ? top_of_grid(p, &c, units) : 1, gap = pitch > 9 ? 3 : 1;
    double side = c.pitch > 14 ? 4 : c.pitch > 8 ? 2 : 1;
    for (int place = c.first; place <= c.last; place++)
        for (int u = 1; u <= units; u++) {
            Ref ref = p->grad ? ref_grad(p->ref.node, place, u) : ref_value(p->ref.node, place, u);
            Box box = {area.x + (place - c.first) * c.pitch + side / 2,
                       area.y + (u - 1) * pitch + gap / 2, c.pitch - side, pitch - gap};
            draw_square(p, box, ref, top);
            if (place == p->ref.place && u == p->ref.unit)
                scene_box(p->s, box_inset(box, -1, -1), 4, NO_INK, ink(ROLE_TEXT), 1.5, ref);
        }
}
