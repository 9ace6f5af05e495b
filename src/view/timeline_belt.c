// The belt: a band as wide as the state it carries is long, from valve to valve. A timestep owns
// the stretch after its own valve, where its new state flows. In the backward phase the gradient
// flows the other way: its band changes just before the valve it has come through.
#include <math.h>

#include "view/timeline.h"

enum { SAMPLES = 256 }; // timesteps that the scale is taken from

typedef struct {
    Scene *s;
    const Timeline *t;
    double y;
    double value_top;             // greatest norm of the value
    double grad_top, grad_bottom; // of the gradient, greatest and least above 0
} Belt;

/// The norm of the belt's value (gradient) at a place of a lane; at others what stands before the
/// lane's first timestep.
static double norm_at(const Timeline *t, const Lane *lane, bool grad, int place) {
    const Equation *e = &t->g->equations[lane->belt];
    bool before = place < lane->first || place > lane->last;
    const double *x = grad     ? before ? trace_start_grad(t->trace, lane->belt)
                                        : trace_grad(t->trace, e->node, place)
                          : before ? trace_start(t->trace, lane->belt)
                               : trace_value(t->trace, e->node, place);
    double sum = 0;
    for (int k = 0; x && k < dim_count(t->g->nodes[e->node].dim); k++) sum += x[k] * x[k];
    return sqrt(sum);
}

// The lane of a place, if it has a belt.
static const Lane *belted(const Timeline *t, int place) {
    const Lane *lane = timeline_lane(t, place);
    return lane && lane->belt >= 0 ? lane : NULL;
}

static int node_of(const Belt *b, const Lane *lane) {
    return b->t->g->equations[lane->belt].node;
}

static void take_scales(Belt *b) {
    int stride = b->t->steps / SAMPLES + 1;
    b->grad_bottom = INFINITY;
    for (int place = 1; place <= b->t->steps; place += stride) {
        const Lane *lane = belted(b->t, place);
        if (!lane) continue;
        double value = norm_at(b->t, lane, false, place);
        double grad = norm_at(b->t, lane, true, place);
        if (isfinite(value)) b->value_top = fmax(b->value_top, value);
        if (!isfinite(grad) || grad <= 0) continue;
        b->grad_top = fmax(b->grad_top, grad);
        b->grad_bottom = fmin(b->grad_bottom, grad);
    }
}

// Half the band's width. Values: linear. Gradients: logarithmic, over whole decades.
static double half(const Belt *b, const Lane *lane, bool grad, int place) {
    double norm = norm_at(b->t, lane, grad, place), full = b->t->belt_half;
    if (!isfinite(norm)) return full;
    if (!grad) return b->value_top > 0 ? fmax(1, full * norm / b->value_top) : 1;
    if (norm <= 0 || b->grad_top <= 0) return 0.75;
    double decades = fmin(16, ceil(log10(b->grad_top / b->grad_bottom) + 0.5));
    return fmin(full, fmax(0.75, full * (1 + log10(norm / b->grad_top) / decades)));
}

// Where a timestep's valve stands: over the gate's column, else near where the timestep begins.
static double valve_x(const Belt *b, int place) {
    const Timeline *t = b->t;
    const Lane *lane = timeline_lane(t, place);
    for (int k = 0; lane && k < lane->n_columns; k++) {
        bool edge = t->flow > 0 ? k < lane->n_columns / 2 : k >= lane->n_columns / 2;
        if (lane->gate >= 0 && t->g->equations[lane->columns[k]].node == lane->gate && edge)
            return timeline_column_x(t, place, k);
    }
    double in = fmin(0.22 * t->pitch, 30 * t->unit);
    return floor(timeline_x(t, place) + (t->flow > 0 ? in : t->pitch - in));
}

static bool is_shown(const Timeline *t, int place) {
    return place >= t->first && place <= t->last;
}

// The ends of a place's stretch, in the direction of time.
static double begin_x(const Belt *b, int place) {
    return valve_x(b, place);
}

static double end_x(const Belt *b, int place) {
    const Timeline *t = b->t;
    if (is_shown(t, place + t->flow) && belted(t, place + t->flow))
        return valve_x(b, place + t->flow);
    if (is_shown(t, place + t->flow)) return timeline_x(t, place) + t->pitch - 2 * t->unit;
    double right = timeline_x(t, t->last) + t->pitch;
    return t->flow > 0 ? right + 6 * t->unit : t->left - 6 * t->unit;
}

// A band from x0 with half width w0 that turns into w1 on the way to x1 and keeps it.
static Shape *band(const Belt *b, double x0, double w0, double x1, double w1, Ink fill, Ink stroke,
                   Ref ref) {
    double turn = (x1 > x0 ? 1 : -1) * fmin(0.3 * b->t->pitch, fabs(x1 - x0));
    double xt = x0 + turn, xm = x0 + turn / 2, y = b->y;
    PathStep p[] = {
        {PATH_MOVE, x0, y - w0, 0, 0, 0, 0}, {PATH_CURVE, xt, y - w1, xm, y - w0, xm, y - w1},
        {PATH_LINE, x1, y - w1, 0, 0, 0, 0}, {PATH_LINE, x1, y + w1, 0, 0, 0, 0},
        {PATH_LINE, xt, y + w1, 0, 0, 0, 0}, {PATH_CURVE, x0, y + w0, xm, y + w1, xm, y + w0},
        {PATH_CLOSE, 0, 0, 0, 0, 0, 0},
    };
    Shape *shape = scene_path(b->s, p, sizeof p / sizeof *p, fill, stroke, 1, ref);
    shape->beat = (Beat){BEAT_ALONG, 0.6f, 1.4f, 0};
    return shape;
}

static void draw_track(const Belt *b, double x0, double x1) {
    double h = 3 * b->t->unit;
    Box box = {fmin(x0, x1), b->y - h, fabs(x1 - x0), 2 * h};
    scene_box(b->s, box, 0, ink(ROLE_SUNKEN), NO_INK, 0, NO_REF);
}

// The value's band at a place, dimmed where gradients are the matter.
static void draw_value(const Belt *b, int place) {
    const Timeline *t = b->t;
    const Lane *lane = belted(t, place);
    if (!lane) return;
    int node = node_of(b, lane);
    Ref ref = ref_value(node, place, 0);
    double x0 = begin_x(b, place), x1 = end_x(b, place);
    if (!view_known(t->v, ref)) {
        draw_track(b, x0, x1);
        return;
    }
    bool finite = isfinite(norm_at(t, lane, false, place));
    Role role = finite ? view_role(t->v->lesson, node) : ROLE_WARN;
    band(b, x0, half(b, lane, false, place - t->flow), x1, half(b, lane, false, place),
         ink_soft(role == ROLE_TEXT ? ROLE_C : role, t->backward ? 0.14 : 1), NO_INK, ref);
}

// The width of the gradient that a lane's belt has from the next place: of a decoder, what it hands
// to the state that it begins with.
static double next_width(const Belt *b, const Lane *lane, int place) {
    const Lane *next = belted(b->t, place + b->t->flow);
    if (next == lane) return half(b, lane, true, place + b->t->flow);
    bool handed = next && b->t->g->equations[next->belt].handed == lane->belt;
    return handed ? half(b, next, true, place) : half(b, lane, true, place);
}

static void draw_gradient(const Belt *b, int place) {
    const Timeline *t = b->t;
    const Lane *lane = belted(t, place);
    if (!lane) return;
    Ref ref = ref_grad(node_of(b, lane), place, 0);
    if (!view_known(t->v, ref)) return;
    double x0 = begin_x(b, place), x1 = end_x(b, place);
    Role role = isfinite(norm_at(t, lane, true, place)) ? ROLE_BACKWARD : ROLE_WARN;
    double w = half(b, lane, true, place), from = next_width(b, lane, place);
    band(b, x1, from, x0, w, ink_soft(role, 0.85), ink(role), ref)->dash = DASH_DASHED;
    double size = 9 * t->unit;
    bool wide = 2 * w > size;
    scene_arrow(b->s, (x0 + x1) / 2 - t->flow * size / 2, b->y, -t->flow, 0, size,
                ink(wide ? ROLE_PANEL : role));
}

// Two wedges that leave an opening as wide as the gate is open, on average over its units.
static void draw_valve(const Belt *b, int place) {
    const Timeline *t = b->t;
    const Lane *lane = belted(t, place);
    if (!lane || lane->gate < 0) return;
    Ref ref = ref_value(lane->gate, place, 0);
    bool known = view_known(t->v, ref);
    int n = dim_count(t->g->nodes[lane->gate].dim);
    const double *f = trace_value(t->trace, lane->gate, place);
    double mean = 0, u = t->unit, x = valve_x(b, place);
    for (int k = 0; k < n; k++) mean += f[k] / n;
    double open = known ? fmin(1, fmax(0, mean)) : 1;
    double tip = 0.5 + open * (t->belt_half + 0.5), base = t->belt_half + 8 * u, w = 5 * u;
    Role role = view_role(t->v->lesson, lane->gate);
    Ink fill = known ? ink(role == ROLE_TEXT ? ROLE_O : role) : ink(ROLE_FAINT);
    if (known && isnan(mean)) fill = ink(ROLE_WARN);
    if (t->backward && known && !view_known(t->v, ref_grad(node_of(b, lane), place, 0)))
        fill.strength = 0.4f;
    for (int side = -1; side <= 1; side += 2) {
        PathStep p[] = {{PATH_MOVE, x, b->y + side * tip, 0, 0, 0, 0},
                        {PATH_LINE, x - w, b->y + side * base, 0, 0, 0, 0},
                        {PATH_LINE, x + w, b->y + side * base, 0, 0, 0, 0},
                        {PATH_CLOSE, 0, 0, 0, 0, 0, 0}};
        scene_path(b->s, p, 4, fill, ink(ROLE_PANEL), 1, ref);
    }
}

// What comes in at the edge, where the first place shown has a belt.
static void draw_start(const Belt *b) {
    const Timeline *t = b->t;
    int start = t->flow > 0 ? t->first : t->last;
    const Lane *lane = belted(t, start);
    if (!lane) return;
    int node = node_of(b, lane), place = start - t->flow;
    double x =
        t->flow > 0 ? t->left - 4 * t->unit : timeline_x(t, t->last) + t->pitch + 4 * t->unit;
    double w = half(b, lane, false, place);
    Role role = view_role(t->v->lesson, node);
    bool before = place < 1 || place > t->steps;
    Ref ref = ref_value(before ? node : trace_home(t->trace, node, place), place, 0);
    if (view_known(t->v, ref))
        band(b, x, w, begin_x(b, start), w,
             ink_soft(role == ROLE_TEXT ? ROLE_C : role, t->backward ? 0.14 : 1), NO_INK, ref);
    else
        draw_track(b, x, begin_x(b, start));
}

void timeline_draw_belt(Scene *s, const Timeline *t) {
    Belt b = {.s = s, .t = t};
    b.y = floor(t->belt_box.y + t->belt_box.h / 2);
    take_scales(&b);
    draw_start(&b);
    for (int p = t->first; p <= t->last; p++) draw_value(&b, p);
    for (int p = t->first; t->backward && p <= t->last; p++) draw_gradient(&b, p);
    for (int p = t->first; p <= t->last; p++) draw_valve(&b, p);
}
