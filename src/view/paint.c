// A scene's marks on a cairo_t. Neighbouring boxes of one ink become one path, rounded ones come
// from masks, and clips change only when a shape asks for another: most of a frame is then copying,
// not antialiasing.
#include "view/paint.h"

#include "view/mark.h"
#include "view/math.h"
#include "view/round.h"

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

static void use(Painter *p, Ink ink) {
    Color c = theme_color(p->theme, ink);
    cairo_set_source_rgba(p->cr, c.r, c.g, c.b, c.a);
}

static void flush(Painter *p) {
    if (!p->pending) return;
    use(p, p->batch);
    cairo_fill(p->cr);
    p->pending = false;
}

static void fill_box(Painter *p, const Mark *m) {
    bool masked = p->pen.on_pixels && m->radius > 0;
    if (p->pending && (masked || !same_ink(p->batch, m->fill))) flush(p);
    if (masked) {
        use(p, m->fill);
        round_fill(&p->pen, m->box, m->radius);
        return;
    }
    p->batch = m->fill;
    p->pending = true;
    round_path(p->cr, m->box, m->radius);
}

static void paint_box(Painter *p, const Mark *m) {
    if (ink_shows(m->fill)) fill_box(p, m);
    if (!ink_shows(m->stroke)) return;
    flush(p);
    use(p, m->stroke);
    round_stroke(&p->pen, m->box, m->radius, m->line_width, m->dash);
}

static void paint_ring(Painter *p, const Mark *m) {
    round_path(p->cr, m->box, m->radius);
    use(p, m->stroke);
    cairo_set_line_width(p->cr, m->line_width);
    round_dash(p->cr, m->dash, m->line_width);
    cairo_stroke(p->cr);
}

static void trace_path(cairo_t *cr, const Mark *m) {
    for (int k = 0; k < m->n_path; k++) {
        const PathStep *q = &m->path[k];
        switch (q->verb) {
        case PATH_MOVE: cairo_move_to(cr, q->x, q->y); break;
        case PATH_LINE: cairo_line_to(cr, q->x, q->y); break;
        case PATH_CURVE: cairo_curve_to(cr, q->x1, q->y1, q->x2, q->y2, q->x, q->y); break;
        case PATH_CLOSE: cairo_close_path(cr); break;
        }
    }
}

static void paint_path(Painter *p, const Mark *m) {
    trace_path(p->cr, m);
    if (ink_shows(m->fill)) {
        use(p, m->fill);
        cairo_fill_preserve(p->cr);
    }
    if (ink_shows(m->stroke)) {
        use(p, m->stroke);
        cairo_set_line_width(p->cr, m->line_width);
        cairo_set_line_join(p->cr, CAIRO_LINE_JOIN_ROUND);
        round_dash(p->cr, m->dash, m->line_width);
        cairo_stroke_preserve(p->cr);
    }
    cairo_new_path(p->cr);
}

static void paint_hatch(Painter *p, const Mark *m) {
    cairo_save(p->cr);
    round_path(p->cr, m->box, 0);
    cairo_clip(p->cr);
    paint_path(p, m);
    cairo_restore(p->cr);
}

static void paint_words(Painter *p, const Shape *s, const Mark *m) {
    if (s->kind == SHAPE_FORMULA) {
        math_draw(s->layout, p->cr, m->box.x, s->baseline, p->theme, m->fill);
        return;
    }
    use(p, m->fill);
    text_draw(p->scene->text, p->cr, s->text, s->style, m->box.x, s->baseline);
}

static void set_clip(Painter *p, int clip) {
    if (clip == p->clip) return;
    flush(p);
    if (p->clip) cairo_restore(p->cr);
    p->clip = clip;
    if (!clip) return;
    cairo_save(p->cr);
    Box b = mark_snapped(p->scene->clips[clip], p->scale);
    cairo_new_path(p->cr);
    cairo_rectangle(p->cr, b.x, b.y, b.w, b.h);
    cairo_clip(p->cr);
}

static void paint_mark(Painter *p, const Shape *s, const Mark *m) {
    bool joins = m->kind == MARK_BOX && s->kind == SHAPE_BOX; // lines may cross and be translucent
    if (!joins) flush(p);
    switch (m->kind) {
    case MARK_BOX: paint_box(p, m); break;
    case MARK_RING: paint_ring(p, m); break;
    case MARK_PATH: paint_path(p, m); break;
    case MARK_HATCH: paint_hatch(p, m); break;
    case MARK_WORDS: paint_words(p, s, m); break;
    }
    if (!joins) flush(p);
}

void scene_paint(const Scene *s, cairo_t *cr, ThemeKind theme, double scale, int panel) {
    Painter p = {.scene = s, .cr = cr, .theme = theme, .scale = scale};
    cairo_save(cr);
    cairo_scale(cr, scale, scale);
    p.pen = round_pen(s->text, cr, scale);
    cairo_new_path(cr);
    for (MarkWalk w = mark_walk(s, theme, scale, panel); mark_next(&w);) {
        if (w.n > 0) set_clip(&p, w.shape->clip);
        for (int k = 0; k < w.n; k++) paint_mark(&p, w.shape, &w.marks[k]);
    }
    set_clip(&p, 0);
    flush(&p);
    cairo_restore(cr);
}
