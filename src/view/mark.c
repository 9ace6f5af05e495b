// A shape becomes one mark, or three where hatching lies between its fill and its line.
#include "view/mark.h"

#include <math.h>

enum {
    HATCH_STEP = 4, // logical pixels between the lines that mark a minus in print
    RING_LEAST = 9  // the height of a box from which its ring has an inner line
};

static double snap(double x, double scale) {
    return scale > 0 ? floor(x * scale + 0.5) / scale : x;
}

Box mark_snapped(Box b, double scale) {
    double x0 = snap(b.x, scale), y0 = snap(b.y, scale);
    return (Box){x0, y0, snap(b.x + b.w, scale) - x0, snap(b.y + b.h, scale) - y0};
}

Box mark_line(const Mark *m, double *radius) {
    double half = m->kind == MARK_BOX ? m->line_width / 2 : 0;
    *radius = m->radius - half;
    return box_inset(m->box, half, half);
}

bool mark_dashes(Dash dash, double line_width, double lengths[2]) {
    static const double patterns[][2] = {[DASH_DOTTED] = {1.6, 2.2}, [DASH_DASHED] = {3, 2}};
    if (dash == DASH_NONE) return false;
    double unit = fmax(1, line_width);
    for (int k = 0; k < 2; k++) lengths[k] = patterns[dash][k] * unit;
    return true;
}

// A circle stays one: edges that are snapped apart would make it wider or higher by a pixel.
static Box snapped_shape(const MarkWalk *w, const Shape *s) {
    Box b = s->box;
    bool circle = b.w == b.h && s->radius >= b.w / 2;
    if (!circle) return mark_snapped(b, w->scale);
    double side = snap(b.w, w->scale), off = (b.w - side) / 2;
    return (Box){snap(b.x + off, w->scale), snap(b.y + off, w->scale), side, side};
}

static void add(MarkWalk *w, Mark m) {
    if (ink_shows(m.fill) || ink_shows(m.stroke)) w->marks[w->n++] = m;
}

// --- boxes

// No meaning by colour alone.
static void add_hatch(MarkWalk *w, const Shape *s) {
    Box b = mark_snapped(box_inset(s->box, 1, 1), w->scale); // a clip on whole pixels costs nothing
    if (b.w <= 0 || b.h <= 0) return;
    int n = (int)ceil((b.w + b.h) / HATCH_STEP);
    PathStep *path = ARENA_ARRAY(w->scene->arena, PathStep, 2 * n);
    for (int k = 0; k < n; k++) {
        double x = b.x - b.h + k * HATCH_STEP;
        path[2 * k] = (PathStep){PATH_MOVE, x, b.y + b.h, 0, 0, 0, 0};
        path[2 * k + 1] = (PathStep){PATH_LINE, x + b.h, b.y, 0, 0, 0, 0};
    }
    Ink line = ink_soft(ROLE_TEXT, (double)s->fill.strength * 0.8);
    add(w, (Mark){.kind = MARK_HATCH,
                  .box = b,
                  .path = path,
                  .n_path = 2 * n,
                  .stroke = line,
                  .line_width = 0.8});
}

static bool is_hatched(const MarkWalk *w, const Shape *s) {
    Ink fill = s->fill;
    bool ramp = fill.role == ROLE_VALUE || fill.role == ROLE_GRAD;
    return w->theme == THEME_PRINT && ramp && !s->written && ink_shows(fill) && fill.level < 0;
}

static void add_box(MarkWalk *w, const Shape *s) {
    Mark m = {.kind = MARK_BOX,
              .box = snapped_shape(w, s),
              .radius = s->radius,
              .fill = s->fill,
              .stroke = s->stroke,
              .line_width = s->line_width,
              .dash = s->dash};
    if (m.line_width <= 0 || m.box.w <= m.line_width || m.box.h <= m.line_width) m.stroke = NO_INK;
    if (!is_hatched(w, s)) {
        add(w, m);
        return;
    }
    Mark line = m;
    m.stroke = line.fill = NO_INK;
    add(w, m);
    add_hatch(w, s);
    add(w, line);
}

// --- paths

// The start of a line of this width, on a whole pixel.
static double line_start(const MarkWalk *w, double x, double width) {
    return snap(x - width / 2, w->scale);
}

// An upright or level line without dashes is a rectangle.
static bool add_straight(MarkWalk *w, const Shape *s) {
    bool plain = s->dash == DASH_NONE && s->line_width > 0 && !ink_shows(s->fill);
    if (!plain || s->n_path != 2) return false;
    const PathStep *a = &s->path[0], *b = &s->path[1];
    double thick = s->line_width;
    Box box;
    if (a->x == b->x)
        box = (Box){line_start(w, a->x, thick), fmin(a->y, b->y), thick, fabs(a->y - b->y)};
    else if (a->y == b->y)
        box = (Box){fmin(a->x, b->x), line_start(w, a->y, thick), fabs(a->x - b->x), thick};
    else
        return false;
    add(w, (Mark){.kind = MARK_BOX, .box = box, .fill = s->stroke});
    return true;
}

static void add_path(MarkWalk *w, const Shape *s) {
    Ink stroke = s->line_width > 0 ? s->stroke : NO_INK;
    if (add_straight(w, s)) return;
    add(w, (Mark){.kind = MARK_PATH,
                  .path = s->path,
                  .n_path = s->n_path,
                  .fill = s->fill,
                  .stroke = stroke,
                  .line_width = s->line_width,
                  .dash = s->dash});
}

// --- rings

// What lights a shape up: a ring around what is drawn, a tint over what is written.
static void add_ring(MarkWalk *w, const Shape *s) {
    if (s->kind == SHAPE_PATH) {
        add(w, (Mark){.kind = MARK_PATH,
                      .path = s->path,
                      .n_path = s->n_path,
                      .stroke = ink_soft(ROLE_TEXT, 0.25),
                      .line_width = s->line_width + 4});
        return;
    }
    if (s->kind != SHAPE_BOX || !(ink_shows(s->fill) || ink_shows(s->stroke))) {
        add(w, (Mark){.kind = MARK_BOX,
                      .box = mark_snapped(box_inset(s->box, -2, 0), w->scale),
                      .radius = 3,
                      .fill = ink_soft(ROLE_ACCENT, 0.16)});
        return;
    }
    Box b = snapped_shape(w, s); // on the edge, so that neighbours' rings do not overlap
    if (b.h >= RING_LEAST)
        add(w, (Mark){.kind = MARK_RING,
                      .box = box_inset(b, 1.25, 1.25),
                      .radius = s->radius - 1.25,
                      .stroke = ink(ROLE_PANEL),
                      .line_width = 1});
    add(w, (Mark){.kind = MARK_RING,
                  .box = box_inset(b, -0.25, -0.25),
                  .radius = s->radius + 0.25,
                  .stroke = ink(ROLE_TEXT),
                  .line_width = 2});
}

static void add_shape(MarkWalk *w, const Shape *s) {
    switch (s->kind) {
    case SHAPE_BOX: add_box(w, s); break;
    case SHAPE_PATH: add_path(w, s); break;
    case SHAPE_TEXT:
    case SHAPE_FORMULA: add(w, (Mark){.kind = MARK_WORDS, .box = s->box, .fill = s->fill}); break;
    }
}

// --- the walk

MarkWalk mark_walk(const Scene *s, ThemeKind theme, double scale, int panel) {
    return (MarkWalk){.scene = s, .theme = theme, .scale = scale, .panel = panel};
}

bool mark_next(MarkWalk *w) {
    w->n = 0;
    for (;;) {
        if (w->next == w->scene->count) {
            if (w->ring) return false;
            w->ring = true;
            w->next = 0;
            continue;
        }
        const Shape *s = w->shape = &w->scene->shapes[w->next++];
        if ((w->panel >= 0 && s->panel != w->panel) || (w->ring && !s->hot)) continue;
        if (w->ring)
            add_ring(w, s);
        else
            add_shape(w, s);
        return true;
    }
}
