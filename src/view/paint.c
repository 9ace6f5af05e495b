// A scene on a cairo_t. Neighbouring boxes of one ink become one path, rounded ones come from
// masks, upright lines become rectangles on whole pixels, and clips change only when a shape asks
// for another: most of a frame is then copying, not antialiasing.
#include "view/paint.h"

#include <math.h>

#include "view/math.h"
#include "view/round.h"

enum { HATCH_STEP = 4 }; // logical pixels between the lines that mark a minus in print

typedef struct {
    const Scene *scene;
    cairo_t *cr;
    RoundPen pen;
    ThemeKind theme;
    double scale;
    int clip;     // in force
    bool pending; // boxes of `batch` are in the path, not filled yet
    Ink batch;
} Painter;

static bool same_ink(Ink a, Ink b) {
    return a.role == b.role && a.level == b.level && a.strength == b.strength;
}

static bool inked(Ink ink) {
    return ink.role != ROLE_NONE && ink.strength > 0;
}

static void use(Painter *p, Ink ink) {
    Color c = theme_color(p->theme, ink);
    cairo_set_source_rgba(p->cr, c.r, c.g, c.b, c.a);
}

static double snap(const Painter *p, double x) {
    return floor(x * p->scale + 0.5) / p->scale;
}

// Edges on whole pixels.
static Box snapped(const Painter *p, Box b) {
    double x0 = snap(p, b.x), y0 = snap(p, b.y);
    return (Box){x0, y0, snap(p, b.x + b.w) - x0, snap(p, b.y + b.h) - y0};
}

static void flush(Painter *p) {
    if (!p->pending) return;
    use(p, p->batch);
    cairo_fill(p->cr);
    p->pending = false;
}

// The middle of a line of this width, so that its edges fall on whole pixels.
static double line_middle(const Painter *p, double x, double width) {
    double half = width / 2;
    return snap(p, x - half) + half;
}

static void stroke_box(Painter *p, const Shape *s) {
    Box b = snapped(p, s->box);
    if (b.w <= s->line_width || b.h <= s->line_width) return;
    use(p, s->stroke);
    round_stroke(&p->pen, b, s->radius, s->line_width, s->dash);
}

// In print, a minus is hatched: no meaning by colour alone.
static void hatch(Painter *p, const Shape *s) {
    bool ramp = s->fill.role == ROLE_VALUE || s->fill.role == ROLE_GRAD;
    if (p->theme != THEME_PRINT || !ramp || !(s->fill.level < 0)) return;
    flush(p);
    Box b = snapped(p, box_inset(s->box, 1, 1)); // a clip on whole pixels costs nothing
    if (b.w <= 0 || b.h <= 0) return;
    cairo_save(p->cr);
    round_path(p->cr, b, 0);
    cairo_clip(p->cr);
    for (double x = b.x - b.h; x < b.x + b.w; x += HATCH_STEP) {
        cairo_move_to(p->cr, x, b.y + b.h);
        cairo_line_to(p->cr, x + b.h, b.y);
    }
    use(p, ink_soft(ROLE_TEXT, (double)s->fill.strength * 0.8));
    cairo_set_line_width(p->cr, 0.8);
    round_dash(p->cr, DASH_NONE, 1);
    cairo_stroke(p->cr);
    cairo_restore(p->cr);
}

static void fill_box(Painter *p, const Shape *s) {
    Box b = snapped(p, s->box);
    bool masked = p->pen.on_pixels && s->radius > 0;
    if (p->pending && (masked || !same_ink(p->batch, s->fill))) flush(p);
    if (masked) {
        use(p, s->fill);
        round_fill(&p->pen, b, s->radius);
        return;
    }
    p->batch = s->fill;
    p->pending = true;
    round_path(p->cr, b, s->radius);
}

static void paint_box(Painter *p, const Shape *s) {
    if (inked(s->fill)) {
        fill_box(p, s);
        hatch(p, s);
    }
    if (inked(s->stroke) && s->line_width > 0) {
        flush(p);
        stroke_box(p, s);
    }
}

// An upright or level line without dashes is a rectangle.
static bool paint_straight(Painter *p, const Shape *s) {
    if (s->n_path != 2 || s->dash != DASH_NONE || inked(s->fill)) return false;
    const PathStep *a = &s->path[0], *b = &s->path[1];
    double w = s->line_width, half = w / 2;
    Box box;
    if (a->x == b->x)
        box = (Box){line_middle(p, a->x, w) - half, fmin(a->y, b->y), w, fabs(a->y - b->y)};
    else if (a->y == b->y)
        box = (Box){fmin(a->x, b->x), line_middle(p, a->y, w) - half, fabs(a->x - b->x), w};
    else
        return false;
    use(p, s->stroke);
    cairo_rectangle(p->cr, box.x, box.y, box.w, box.h);
    cairo_fill(p->cr);
    return true;
}

static void trace_path(cairo_t *cr, const Shape *s) {
    for (int k = 0; k < s->n_path; k++) {
        const PathStep *q = &s->path[k];
        switch (q->verb) {
        case PATH_MOVE: cairo_move_to(cr, q->x, q->y); break;
        case PATH_LINE: cairo_line_to(cr, q->x, q->y); break;
        case PATH_CURVE: cairo_curve_to(cr, q->x1, q->y1, q->x2, q->y2, q->x, q->y); break;
        case PATH_CLOSE: cairo_close_path(cr); break;
        }
    }
}

static void paint_path(Painter *p, const Shape *s) {
    flush(p);
    cairo_new_path(p->cr);
    if (paint_straight(p, s)) return;
    trace_path(p->cr, s);
    if (inked(s->fill)) {
        use(p, s->fill);
        if (inked(s->stroke))
            cairo_fill_preserve(p->cr);
        else
            cairo_fill(p->cr);
    }
    if (inked(s->stroke) && s->line_width > 0) {
        use(p, s->stroke);
        cairo_set_line_width(p->cr, s->line_width);
        cairo_set_line_join(p->cr, CAIRO_LINE_JOIN_ROUND);
        round_dash(p->cr, s->dash, s->line_width);
        cairo_stroke(p->cr);
    }
    cairo_new_path(p->cr);
}

static void paint_text(Painter *p, const Shape *s) {
    flush(p);
    if (!inked(s->fill)) return;
    if (s->kind == SHAPE_FORMULA) {
        math_draw(s->layout, p->cr, s->box.x, s->baseline, p->theme, s->fill);
        return;
    }
    use(p, s->fill);
    text_draw(p->scene->text, p->cr, s->text, s->style, s->box.x, s->baseline);
}

// What lights a shape up: a ring around what is drawn, a tint over what is written.
static void paint_hot(Painter *p, const Shape *s) {
    flush(p);
    bool drawn = s->kind == SHAPE_BOX && (inked(s->fill) || inked(s->stroke));
    if (drawn) {
        Box b = snapped(p, s->box); // on the edge, so that neighbours' rings do not overlap
        round_dash(p->cr, DASH_NONE, 1);
        if (b.h >= 9) {
            round_path(p->cr, box_inset(b, 1.25, 1.25), s->radius - 1.25);
            use(p, ink(ROLE_PANEL));
            cairo_set_line_width(p->cr, 1);
            cairo_stroke(p->cr);
        }
        round_path(p->cr, box_inset(b, -0.25, -0.25), s->radius + 0.25);
        use(p, ink(ROLE_TEXT));
        cairo_set_line_width(p->cr, 2);
        cairo_stroke(p->cr);
        return;
    }
    if (s->kind == SHAPE_PATH) {
        trace_path(p->cr, s);
        use(p, ink_soft(ROLE_TEXT, 0.25));
        cairo_set_line_width(p->cr, s->line_width + 4);
        round_dash(p->cr, DASH_NONE, 1);
        cairo_stroke(p->cr);
        return;
    }
    round_path(p->cr, snapped(p, box_inset(s->box, -2, 0)), 3);
    use(p, ink_soft(ROLE_ACCENT, 0.16));
    cairo_fill(p->cr);
}

static void set_clip(Painter *p, int clip) {
    if (clip == p->clip) return;
    flush(p);
    if (p->clip) cairo_restore(p->cr);
    p->clip = clip;
    if (!clip) return;
    cairo_save(p->cr);
    Box b = snapped(p, p->scene->clips[clip]);
    cairo_new_path(p->cr);
    cairo_rectangle(p->cr, b.x, b.y, b.w, b.h);
    cairo_clip(p->cr);
}

static void paint_shape(Painter *p, const Shape *s) {
    switch (s->kind) {
    case SHAPE_BOX: paint_box(p, s); break;
    case SHAPE_PATH: paint_path(p, s); break;
    case SHAPE_TEXT:
    case SHAPE_FORMULA: paint_text(p, s); break;
    }
}

void scene_paint(const Scene *s, cairo_t *cr, ThemeKind theme, double scale, int panel) {
    Painter p = {.scene = s, .cr = cr, .theme = theme, .scale = scale};
    cairo_save(cr);
    cairo_scale(cr, scale, scale);
    p.pen = round_pen(s->text, cr, scale);
    cairo_new_path(cr);
    for (int k = 0; k < s->count; k++) {
        const Shape *shape = &s->shapes[k];
        if (panel >= 0 && shape->panel != panel) continue;
        set_clip(&p, shape->clip);
        paint_shape(&p, shape);
    }
    for (int k = 0; k < s->count; k++) { // last, so that no neighbour covers a ring
        const Shape *shape = &s->shapes[k];
        if (!shape->hot || (panel >= 0 && shape->panel != panel)) continue;
        set_clip(&p, shape->clip);
        paint_hot(&p, shape);
    }
    set_clip(&p, 0);
    flush(&p);
    cairo_restore(cr);
}
