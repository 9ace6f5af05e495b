// Draws items and wires of a cell's picture. Wires that are not at work are pale but opaque, so
// that those that share a way do not add up; wires at work come on top in the colour of what they
// carry, forward with their arrow, backward against it. A product with a gate shows a valve before
// its circle, as far open as the gate is.
#include <math.h>

#include "view/cell_layout.h"

// ---- what is at work

static bool feeds_work(const CellDiagram *d, int item) {
    if (d->items[item].kind != CELL_JOIN) return d->work[item];
    for (int k = 0; k < d->n_wires; k++)
        if (d->wires[k].from == item && d->work[d->wires[k].to]) return true;
    return d->work[item];
}

bool cell_wire_works(const CellDiagram *d, const CellWire *w) {
    if (d->all) return true;
    if (!d->backward) return feeds_work(d, w->to);
    if (d->work[w->from]) return true;
    if (d->items[w->from].kind != CELL_JOIN) return false;
    for (int k = 0; k < d->n_wires; k++) // x: its gradient comes through the join
        if (d->wires[k].to == w->from && d->work[d->wires[k].from]) return true;
    return false;
}

Role cell_role(const CellDiagram *d, int node) {
    if (node < 0) return ROLE_WIRE;
    Role role = view_role(d->v->lesson, node);
    return role == ROLE_TEXT ? ROLE_ACCENT : role;
}

// ---- wires

typedef struct {
    PathStep step[2 * CELL_BENDS + 2];
    int n;
} Path;

static double distance(Spot a, Spot b) {
    return sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

static Spot towards(Spot a, Spot b, double length) {
    double whole = distance(a, b);
    if (whole < 1e-9) return a;
    return (Spot){a.x + (b.x - a.x) * length / whole, a.y + (b.y - a.y) * length / whole};
}

static Path wire_path(const Spot *at, int n, double radius) {
    Path p = {.n = 0};
    p.step[p.n++] = (PathStep){PATH_MOVE, at[0].x, at[0].y, 0, 0, 0, 0};
    for (int k = 1; k < n - 1; k++) {
        double r = fmin(radius, fmin(distance(at[k - 1], at[k]), distance(at[k], at[k + 1])) / 2);
        Spot a = towards(at[k], at[k - 1], r), b = towards(at[k], at[k + 1], r);
        Spot c1 = towards(a, at[k], 0.55 * r), c2 = towards(b, at[k], 0.55 * r);
        p.step[p.n++] = (PathStep){PATH_LINE, a.x, a.y, 0, 0, 0, 0};
        p.step[p.n++] = (PathStep){PATH_CURVE, b.x, b.y, c1.x, c1.y, c2.x, c2.y};
    }
    p.step[p.n++] = (PathStep){PATH_LINE, at[n - 1].x, at[n - 1].y, 0, 0, 0, 0};
    return p;
}

// When colour runs along a wire: just before it is wanted at its end. It runs anew for each item at
// work, and not for each of the steps within one.
static Beat beat_of(const CellDiagram *d, const CellWire *w, bool turned) {
    int end = d->depth[turned ? w->from : w->to], all = d->deepest;
    int item = d->all || d->work_node < 0 ? -1 : d->item_of[d->work_node];
    return (Beat){turned ? BEAT_AGAINST : BEAT_ALONG, (float)(end - 1) / (float)all,
                  (float)end / (float)all, d->place * (CELL_MAX_ITEMS + 2) + item + 1};
}

// A wire with its arrow at the end, or at the start when the flow is turned.
static void stroke_wire(CellDiagram *d, const CellWire *w, Ink color, double width, bool arrow,
                        bool turned, Ref ref) {
    Spot at[CELL_BENDS];
    int n = w->n;
    for (int k = 0; k < n; k++) at[k] = w->at[k];
    int end = turned ? 0 : n - 1, before = turned ? 1 : n - 2;
    double size = (6 + width) * fmin(1.3, fmax(0.8, d->unit));
    if (arrow) size = fmin(size, distance(at[end], at[before]));
    Spot tip = at[end];
    if (arrow) at[end] = towards(at[end], at[before], size * 0.92);
    Path p = wire_path(at, n, 8 * d->unit);
    scene_path(d->s, p.step, p.n, NO_INK, color, width, ref);
    if (beat_runs(d->s->beat.kind)) d->s->beat.kind = BEAT_TIP;
    if (arrow)
        scene_arrow(d->s, tip.x, tip.y, tip.x - at[before].x, tip.y - at[before].y, size, color);
}

static int carried(const CellDiagram *d, const CellWire *w, int *lag) {
    *lag = d->items[w->from].lag;
    return d->items[w->from].node;
}

static bool has_arrow(const CellDiagram *d, const CellWire *w) {
    return d->items[w->to].kind != CELL_JOIN;
}

/// Is everything that later timesteps read of a node cut off, and is it read by them alone?
static bool goes_on_cut(const CellDiagram *d, int node) {
    int cuts = 0;
    for (int i = 0; i < d->g->n_uses[node]; i++) {
        Use use = d->g->uses[node][i];
        bool here = use.lag == 0 && d->g->nodes[use.node].part == d->g->nodes[node].part;
        if (here) continue;
        if (!graph_cuts(d->g, use.node) && !trace_cuts(d->trace, use, d->place)) return false;
        cuts++;
    }
    return cuts > 0;
}

/// Does a stop, or the end of a piece of truncated BPTT, keep all gradient off this wire?
static bool is_cut(const CellDiagram *d, const CellWire *w) {
    const CellItem *to = &d->items[w->to];
    if (to->kind == CELL_OUT) return to->node >= 0 && goes_on_cut(d, to->node);
    if (to->kind != CELL_JOIN) return graph_cuts(d->g, to->node);
    bool cut = true, any = false;
    for (int k = 0; k < d->n_wires && cut; k++) {
        if (d->wires[k].from != w->to) continue;
        cut = is_cut(d, &d->wires[k]);
        any = true;
    }
    return any && cut;
}

static void draw_quiet(CellDiagram *d, const CellWire *w) {
    int lag, node = carried(d, w, &lag);
    Ref ref = node >= 0 ? cell_ref(d, node, lag, 0, false) : NO_REF;
    double thin = 1.5 * fmax(0.8, fmin(1.4, d->unit));
    bool known = node >= 0 && view_known(d->v, cell_ref(d, node, lag, 0, d->backward));
    bool belt = w->belt && view_known(d->v, ref);
    bool works = cell_wire_works(d, w) && (known || !d->all);
    bool tinted = node >= 0 && !works && (known || belt);
    // What comes on top has its own arrow.
    bool covered = tinted || (works && known);
    stroke_wire(d, w, ink(ROLE_FAINT), w->belt ? 2 * thin : thin, has_arrow(d, w) && !covered,
                false, ref);
    if (!tinted) return;
    bool past = d->backward && lag == 0 && known && !is_cut(d, w); // gradients have come along here
    Ink color = ink_soft(past ? ROLE_BACKWARD : cell_role(d, node), 0.35);
    if (d->backward && !past) color.strength = 0.14f;
    stroke_wire(d, w, color, w->belt ? 4 * d->unit : thin, has_arrow(d, w) && !past, false, ref);
}

static bool is_known(const CellDiagram *d, int node, int lag, bool grad) {
    return node >= 0 && view_known(d->v, cell_ref(d, node, lag, d->focus.unit, grad));
}

// Is the wire drawn as at work? Forward: into what is at work, then out of it as soon as its value
// is there.
static bool is_lit(const CellDiagram *d, const CellWire *w) {
    int lag, node = carried(d, w, &lag);
    bool works = cell_wire_works(d, w);
    bool out = !d->backward && d->work[w->from] && node == d->work_node;
    if (!works && !out) return false;
    if (!d->backward) return node < 0 || is_known(d, node, lag, false);
    if (is_cut(d, w)) return false;
    // At a whole timestep the past has no gradient of its own yet: then what reads it tells.
    bool past = node < 0 || lag > 0;
    if (d->all && past && d->items[w->to].kind == CELL_JOIN) return true;
    return !d->all || is_known(d, past ? d->items[w->to].node : node, past ? 0 : lag, true);
}

static void draw_forward(CellDiagram *d, const CellWire *w) {
    int lag, node = carried(d, w, &lag);
    if (!is_lit(d, w)) return;
    Role role = node >= 0 ? cell_role(d, node) : ROLE_WIRE;
    if (d->items[w->to].kind == CELL_JOIN || role == ROLE_ACCENT) role = ROLE_WIRE;
    double width = w->belt ? 5 * d->unit : 2.2 * fmax(0.8, fmin(1.4, d->unit));
    Ref ref = node >= 0 ? cell_ref(d, node, lag, 0, false) : NO_REF;
    d->s->beat = beat_of(d, w, false);
    stroke_wire(d, w, ink(role), width, has_arrow(d, w), false, ref);
    d->s->beat.kind = BEAT_NONE;
}

static void draw_backward(CellDiagram *d, const CellWire *w) {
    if (!is_lit(d, w)) return;
    int lag, node = carried(d, w, &lag);
    Ref ref = node >= 0 ? cell_ref(d, node, lag, 0, true) : NO_REF;
    bool end = d->items[w->from].kind != CELL_JOIN;
    d->s->beat = beat_of(d, w, true);
    stroke_wire(d, w, ink(ROLE_BACKWARD), (w->belt ? 4 : 2.6) * fmax(0.8, fmin(1.4, d->unit)), end,
                true, ref);
    d->s->beat.kind = BEAT_NONE;
}

// How many wires at work lead to each item, one after another; backward, from the other end. Wires
// form no loop, so the longest way has fewer than there are items.
static void find_depths(CellDiagram *d) {
    d->depth = ARENA_ARRAY(d->s->arena, int, d->n_items + 1);
    d->deepest = 1;
    bool changed = true;
    for (int pass = 0; changed && pass < d->n_items; pass++) {
        changed = false;
        for (int k = 0; k < d->n_wires; k++) {
            const CellWire *w = &d->wires[k];
            int from = d->backward ? w->to : w->from, to = d->backward ? w->from : w->to;
            if (w->n < 2 || !is_lit(d, w) || d->depth[to] > d->depth[from]) continue;
            d->depth[to] = d->depth[from] + 1;
            changed = true;
            if (d->depth[to] > d->deepest) d->deepest = d->depth[to];
        }
    }
}

// Does the wire run through the spot, not only end there?
static bool runs_through(const CellWire *w, Spot p) {
    for (int k = 0; k + 1 < w->n; k++) {
        Spot a = w->at[k], b = w->at[k + 1];
        double whole = distance(a, b), past = distance(a, p), rest = distance(p, b);
        if (past > 2 && rest > 2 && past + rest < whole + 0.01) return true;
    }
    return false;
}

// A dot where a wire leaves another that carries the same.
static void draw_forks(CellDiagram *d) {
    double r = 2.6 * fmax(0.8, fmin(1.4, d->unit));
    for (int a = 0; a < d->n_wires; a++) {
        const CellWire *w = &d->wires[a];
        for (int b = 0; b < d->n_wires && w->n > 2; b++) {
            const CellWire *other = &d->wires[b];
            if (a == b || other->from != w->from || !runs_through(other, w->at[1])) continue;
            bool works = is_lit(d, w);
            scene_circle(d->s, w->at[1].x, w->at[1].y, r,
                         ink(!works        ? ROLE_FAINT
                             : d->backward ? ROLE_BACKWARD
                                           : ROLE_WIRE),
                         NO_INK, 0, NO_REF);
            break;
        }
    }
}

// ---- items

enum { CURVE_POINTS = 13, CURVE_REACH = 4 };

static void apply(const CellDiagram *d, int node, int n, const double *x, double *y) {
    const OpDef *op = &op_defs[d->g->nodes[node].op];
    Dim dim = {n, 1};
    const double *arg[] = {x};
    OpCall call = {.dim = dim, .n_args = 1, .arg_dim = &dim, .arg = arg};
    op->forward(&call, y);
}

// The graph of a function with the point at which the unit in focus stands.
static void draw_curve(CellDiagram *d, const CellItem *item, Box box, Ink color) {
    double x[CURVE_POINTS], y[CURVE_POINTS], low = INFINITY, high = -INFINITY;
    for (int k = 0; k < CURVE_POINTS; k++) x[k] = CURVE_REACH * (2.0 * k / (CURVE_POINTS - 1) - 1);
    apply(d, item->curve, CURVE_POINTS, x, y);
    for (int k = 0; k < CURVE_POINTS; k++) {
        if (!isfinite(y[k])) return;
        low = fmin(low, y[k]);
        high = fmax(high, y[k]);
    }
    if (high <= low) return;
    PathStep p[CURVE_POINTS];
    for (int k = 0; k < CURVE_POINTS; k++)
        p[k] = (PathStep){k ? PATH_LINE : PATH_MOVE,
                          box.x + box.w * k / (CURVE_POINTS - 1),
                          box.y + box.h * (1 - (y[k] - low) / (high - low)),
                          0,
                          0,
                          0,
                          0};
    scene_path(d->s, p, CURVE_POINTS, NO_INK, color, 1.5 * fmax(0.8, fmin(1.5, d->unit)), NO_REF);
    int n = dim_count(d->g->nodes[item->curve].dim), unit = d->focus.unit;
    if (unit < 1 || unit > n || !is_known(d, item->curve, 0, false)) return;
    double at = trace_arg(d->trace, item->curve, 0, d->place)[unit - 1], value;
    if (!isfinite(at)) return;
    apply(d, item->curve, 1, &at, &value);
    double px = box.x + box.w * (fmin(1, fmax(-1, at / CURVE_REACH)) + 1) / 2;
    double py = box.y + box.h * (1 - fmin(1, fmax(0, (value - low) / (high - low))));
    scene_circle(d->s, px, py, 2.8 * fmax(0.8, fmin(1.5, d->unit)), color, ink(ROLE_PANEL), 1,
                 NO_REF);
}

static void draw_label(CellDiagram *d, const char *tex, const char *brief, Box box, double size,
                       Ink color) {
    enum { LEAST = 6 };
    double width = scene_formula_width(d->s, tex, size);
    if (width > box.w - 2) {
        double fit = size * (box.w - 2) / width;
        if (fit < LEAST && brief) {
            draw_label(d, brief, NULL, box, size, color);
            return;
        }
        size = fit;
    }
    if (size < LEAST) return;
    scene_formula(d->s, box.x + box.w / 2, box.y + box.h / 2 + size * 0.3, tex, size, ALIGN_CENTER,
                  color, NULL, NULL);
}

static void draw_ring(CellDiagram *d, Box box, double radius, Role role) {
    double w = 4 * fmax(0.7, fmin(1.5, d->unit));
    scene_box(d->s, box_inset(box, -w, -w), radius + w, NO_INK, ink_soft(role, 0.35), w, NO_REF);
}

// A layer is several steps: a dot for each, those that are done in the colour of what is at work.
static void draw_steps(CellDiagram *d, int k, Role role) {
    enum { DOTS = 12 };
    const Box b = d->items[k].box;
    int total = 0, done = 0;
    for (int n = d->g->parts[d->first_part].first; n <= d->items[k].node; n++) {
        if (d->item_of[n] != k || !op_defs[d->g->nodes[n].op].is_step) continue;
        total++;
        done += d->backward ? n >= d->work_node : n <= d->work_node;
    }
    if (total < 2 || total > DOTS) return;
    double r = 1.5 * fmax(0.8, d->unit), pitch = fmin(3.6 * r, (b.w - 8) / total);
    for (int i = 0; i < total; i++) {
        bool on = d->backward ? i >= total - done : i < done;
        scene_circle(d->s, b.x + b.w / 2 + (i - (total - 1) / 2.0) * pitch, b.y + b.h - 2.6 * r, r,
                     on ? ink(role) : ink(ROLE_FAINT), NO_INK, 0, NO_REF);
    }
}

static void draw_box(CellDiagram *d, const CellItem *item, bool works, Role role) {
    double u = d->unit;
    bool letter = role >= ROLE_F;
    Ink stroke = works ? ink(role) : ink(ROLE_FAINT);
    Ink content = works ? ink(ROLE_TEXT) : ink_soft(ROLE_TEXT, 0.5);
    Ref ref = cell_ref(d, item->node, 0, 0, d->backward);
    Ink fill = letter ? ink_level(role, works ? 0.08 : 0) : ink(works ? ROLE_SUNKEN : ROLE_PANEL);
    if (d->backward && works) fill = ink_soft(ROLE_BACKWARD, 0.12);
    scene_box(d->s, item->box, 7 * u, ink(ROLE_PANEL), NO_INK, 0, NO_REF);
    scene_box(d->s, item->box, 7 * u, fill, stroke, works ? 2 : 1.25, ref);
    Box in = box_inset(item->box, 5 * u, 6 * u);
    bool layer = item->kind == CELL_LAYER;
    double size = fmax(8, 14 * u), word = scene_formula_width(d->s, item->tex, size);
    bool both = in.w > 30 && word * 0.7 < in.w * 0.5; // the curve beside a word that can be read
    if (item->has_curve && layer && both) {
        Box left = box_cut_left(&in, in.w * 0.5);
        Ink line = works && letter && !d->backward ? ink(role) : content;
        draw_curve(d, item, box_inset(left, 2 * u, 1 * u), line);
    }
    draw_label(d, item->tex, item->brief, in, size, content);
}

static void draw_point(CellDiagram *d, const CellItem *item, bool works, Role role) {
    double r = item->box.w / 2, x = item->box.x + r, y = item->box.y + r;
    Ink content = works ? ink(ROLE_TEXT) : ink_soft(ROLE_TEXT, 0.5);
    scene_circle(d->s, x, y, r, ink(ROLE_PANEL), works ? ink(role) : ink(ROLE_FAINT),
                 works ? 2 : 1.25, cell_ref(d, item->node, 0, 0, d->backward));
    double a = r * 0.36, w = 1.5 * fmax(0.8, fmin(1.5, d->unit));
    OpKind op = d->g->nodes[item->node].op;
    if (op == OP_ADD) {
        scene_line(d->s, x - a, y, x + a, y, content, w, NO_REF);
        scene_line(d->s, x, y - a, x, y + a, content, w, NO_REF);
    } else if (op == OP_MUL) {
        a *= 0.8;
        PathStep p[] = {{PATH_MOVE, x - a, y - a, 0, 0, 0, 0},
                        {PATH_LINE, x + a, y + a, 0, 0, 0, 0},
                        {PATH_MOVE, x - a, y + a, 0, 0, 0, 0},
                        {PATH_LINE, x + a, y - a, 0, 0, 0, 0}};
        scene_path(d->s, p, 4, NO_INK, content, w, NO_REF);
    } else {
        draw_label(d, item->tex, NULL, item->box, r * 1.1, content);
    }
}

/// What a stop is for gradients: a wall where its wires come in.
static void draw_wall(CellDiagram *d, const CellItem *item, bool works) {
    double u = fmax(0.8, fmin(1.4, d->unit)), x = item->box.x - 4 * u;
    Ink color = works ? ink(ROLE_BACKWARD) : ink_soft(ROLE_BACKWARD, 0.5);
    scene_line(d->s, x, item->box.y - 2 * u, x, item->box.y + item->box.h + 2 * u, color, 3 * u,
               NO_REF);
}

static void draw_item(CellDiagram *d, int k) {
    const CellItem *item = &d->items[k];
    if (item->kind == CELL_IN || item->kind == CELL_OUT) return;
    bool works = d->work[k] || d->all;
    Role role = d->backward ? ROLE_BACKWARD : cell_role(d, item->node);
    bool ring = d->work_node >= 0 &&
                (d->item_of[d->work_node] == k || (d->item_of[d->work_node] < 0 && d->work[k]));
    if (item->kind == CELL_JOIN) {
        double r = 2.6 * fmax(0.8, fmin(1.4, d->unit));
        Spot at = {item->box.x + item->box.w / 2, item->box.y + item->box.h / 2};
        bool on = false;
        for (int j = 0; j < d->n_wires && !on; j++)
            on = (d->wires[j].from == k || d->wires[j].to == k) && is_lit(d, &d->wires[j]);
        scene_circle(d->s, at.x, at.y, r,
                     ink(!on           ? ROLE_FAINT
                         : d->backward ? ROLE_BACKWARD
                                       : ROLE_WIRE),
                     NO_INK, 0, item->node >= 0 ? cell_ref(d, item->node, 0, 0, false) : NO_REF);
        return;
    }
    if (ring)
        draw_ring(d, item->box, item->kind == CELL_POINT ? item->box.w / 2 : 7 * d->unit, role);
    if (item->kind == CELL_POINT)
        draw_point(d, item, works, role);
    else
        draw_box(d, item, works, role);
    if (d->backward && d->g->nodes[item->node].op == OP_STOP) draw_wall(d, item, works);
    if (ring && item->kind <= CELL_FUNCTION && d->item_of[d->work_node] == k)
        draw_steps(d, k, role);
}

// ---- valves

// How far a gate is open: the unit in focus, or all on average.
static double opening(const CellDiagram *d, int node) {
    int n = dim_count(d->g->nodes[node].dim), unit = d->focus.unit;
    const double *x = trace_value(d->trace, node, d->place);
    if (unit >= 1 && unit <= n) return x[unit - 1];
    double mean = 0;
    for (int k = 0; k < n; k++) mean += x[k] / n;
    return mean;
}

// Two wedges over the wire that a gate lets through, just before the circle.
static void draw_valve(CellDiagram *d, const CellWire *w, const CellItem *gate) {
    double u = d->unit, open = opening(d, gate->node);
    if (isnan(open)) return;
    Spot end = w->at[w->n - 1], before = w->at[w->n - 2];
    double back = (w->belt ? 20 : 16) * u;
    Spot at;
    for (double most = back + 24 * u;; back += 6 * u) { // not on a value or its name
        if (distance(end, before) < back + 4 * u || back > most) return;
        at = towards(end, before, back);
        if (!cell_in_value(d, (Box){at.x - 11 * u, at.y - 11 * u, 22 * u, 22 * u}, NULL)) break;
    }
    double dx = (end.x - before.x) / distance(end, before),
           dy = (end.y - before.y) / distance(end, before);
    double tip = 0.5 + fmin(1, fmax(0, open)) * 4 * u, base = 11 * u, half = 4 * u;
    Ink fill = ink(cell_role(d, gate->node));
    if (!d->all && !d->work[d->item_of[gate->node]] && !cell_wire_works(d, w))
        fill.strength = 0.45f;
    if (d->backward) fill.strength = 0.45f;
    for (int side = -1; side <= 1; side += 2) {
        Spot t = {at.x - dy * side * tip, at.y + dx * side * tip};
        Spot b = {at.x - dy * side * base, at.y + dx * side * base};
        PathStep p[] = {{PATH_MOVE, t.x, t.y, 0, 0, 0, 0},
                        {PATH_LINE, b.x - dx * half, b.y - dy * half, 0, 0, 0, 0},
                        {PATH_LINE, b.x + dx * half, b.y + dy * half, 0, 0, 0, 0},
                        {PATH_CLOSE, 0, 0, 0, 0, 0, 0}};
        scene_path(d->s, p, 4, fill, NO_INK, 0, cell_ref(d, gate->node, 0, 0, false));
    }
}

static void draw_valves(CellDiagram *d) {
    for (int k = 0; k < d->n_items; k++) {
        if (d->items[k].kind != CELL_POINT || d->g->nodes[d->items[k].node].op != OP_MUL) continue;
        const CellWire *through = NULL;
        const CellItem *gate = NULL;
        for (int j = 0; j < d->n_wires; j++) {
            if (d->wires[j].to != k) continue;
            const CellItem *from = &d->items[d->wires[j].from];
            if (from->gate && !gate)
                gate = from;
            else
                through = &d->wires[j];
        }
        if (gate && through && is_known(d, gate->node, 0, false)) draw_valve(d, through, gate);
    }
}

void cell_draw(CellDiagram *d) {
    find_depths(d);
    for (int k = 0; k < d->n_wires; k++)
        if (d->wires[k].n > 1) draw_quiet(d, &d->wires[k]);
    for (int k = 0; k < d->n_wires; k++) {
        if (d->wires[k].n < 2) continue;
        if (d->backward)
            draw_backward(d, &d->wires[k]);
        else
            draw_forward(d, &d->wires[k]);
    }
    draw_forks(d);
    draw_valves(d);
    for (int k = 0; k < d->n_items; k++) draw_item(d, k);
    cell_draw_values(d);
    if (!d->all) cell_draw_given(d);
    if (d->backward && !d->all) cell_draw_shares(d);
}
