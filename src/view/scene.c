// A scene is a growing list of shapes in the frame arena. Appending is all a panel does; what it
// has no need to say (panel, clip, dimming, whether the shape is lit) is stamped on from the scene.
#include "view/scene.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "view/text.h"

enum { LINE_REACH = 3 }; // pixels on either side of a thin line that still hit it

Scene scene_new(Arena *frame, TextEngine *text, double width, double height) {
    Scene s = {.arena = frame, .text = text, .width = width, .height = height, .strength = 1};
    ARENA_PUSH(frame, s.clips, s.n_clips, s.cap_clips, ((Box){0, 0, width, height}));
    return s;
}

Ink ink(Role role) {
    return (Ink){role, 1, 1};
}
Ink ink_level(Role role, double level) {
    return (Ink){role, (float)level, 1};
}
Ink ink_soft(Role role, double strength) {
    return (Ink){role, 1, (float)strength};
}

bool ink_shows(Ink ink) {
    return ink.role != ROLE_NONE && ink.strength > 0;
}

Ref ref_value(int node, int place, int unit) {
    return (Ref){REF_VALUE, node, place, unit};
}
Ref ref_grad(int node, int place, int unit) {
    return (Ref){REF_GRAD, node, place, unit};
}

bool beat_runs(BeatKind kind) {
    return kind == BEAT_ALONG || kind == BEAT_AGAINST || kind == BEAT_TIP;
}

static bool is_lit(const Scene *s, Ref ref) {
    if (ref.kind == REF_NONE) return false;
    for (int k = 0; k < s->n_lit; k++) {
        Ref lit = s->lit[k];
        if (lit.kind == ref.kind && lit.node == ref.node && lit.place == ref.place &&
            (lit.unit == ref.unit || lit.unit == 0))
            return true;
    }
    return false;
}

static Shape *append(Scene *s, ShapeKind kind, Box box, Ink fill, Ink stroke, Ref ref) {
    fill.strength *= s->strength;
    stroke.strength *= s->strength;
    Shape shape = {.kind = kind,
                   .box = box,
                   .fill = fill,
                   .stroke = stroke,
                   .ref = ref,
                   .hot = is_lit(s, ref),
                   .panel = s->panel,
                   .clip = s->clip,
                   .beat = s->beat};
    ARENA_PUSH(s->arena, s->shapes, s->count, s->cap, shape);
    return &s->shapes[s->count - 1];
}

Shape *scene_box(Scene *s, Box box, double radius, Ink fill, Ink stroke, double line_width,
                 Ref ref) {
    Shape *shape = append(s, SHAPE_BOX, box, fill, stroke, ref);
    shape->radius = radius;
    shape->line_width = line_width;
    return shape;
}

static void reach(Box *box, double *x1, double *y1, double x, double y) {
    box->x = fmin(box->x, x);
    box->y = fmin(box->y, y);
    *x1 = fmax(*x1, x);
    *y1 = fmax(*y1, y);
}

// The box of the end and control points: no smaller than the path.
static Box path_box(const PathStep *steps, int n) {
    Box box = {INFINITY, INFINITY, 0, 0};
    double x1 = -INFINITY, y1 = -INFINITY;
    for (int k = 0; k < n; k++) {
        if (steps[k].verb == PATH_CLOSE) continue;
        reach(&box, &x1, &y1, steps[k].x, steps[k].y);
        if (steps[k].verb != PATH_CURVE) continue;
        reach(&box, &x1, &y1, steps[k].x1, steps[k].y1);
        reach(&box, &x1, &y1, steps[k].x2, steps[k].y2);
    }
    if (x1 < box.x) return (Box){0, 0, 0, 0};
    box.w = x1 - box.x;
    box.h = y1 - box.y;
    return box;
}

Shape *scene_path(Scene *s, const PathStep *steps, int n, Ink fill, Ink stroke, double line_width,
                  Ref ref) {
    PathStep *copy = ARENA_ARRAY(s->arena, PathStep, n ? n : 1);
    if (n) memcpy(copy, steps, (size_t)n * sizeof *copy);
    Shape *shape = append(s, SHAPE_PATH, path_box(steps, n), fill, stroke, ref);
    shape->path = copy;
    shape->n_path = n;
    shape->line_width = line_width;
    return shape;
}

Shape *scene_line(Scene *s, double x0, double y0, double x1, double y1, Ink stroke,
                  double line_width, Ref ref) {
    PathStep steps[] = {{.verb = PATH_MOVE, .x = x0, .y = y0},
                        {.verb = PATH_LINE, .x = x1, .y = y1}};
    return scene_path(s, steps, 2, NO_INK, stroke, line_width, ref);
}

Shape *scene_circle(Scene *s, double cx, double cy, double r, Ink fill, Ink stroke,
                    double line_width, Ref ref) {
    // A box with round corners is a circle; the painter draws its arcs exactly.
    return scene_box(s, (Box){cx - r, cy - r, 2 * r, 2 * r}, r, fill, stroke, line_width, ref);
}

Shape *scene_arrow(Scene *s, double x, double y, double dx, double dy, double size, Ink fill) {
    double length = sqrt(dx * dx + dy * dy);
    double ux = length > 0 ? dx / length : 1, uy = length > 0 ? dy / length : 0;
    double back = size, half = size * 0.45;
    PathStep steps[] = {
        {.verb = PATH_MOVE, .x = x, .y = y},
        {.verb = PATH_LINE, .x = x - ux * back - uy * half, .y = y - uy * back + ux * half},
        {.verb = PATH_LINE, .x = x - ux * back + uy * half, .y = y - uy * back - ux * half},
        {.verb = PATH_CLOSE}};
    return scene_path(s, steps, 4, fill, NO_INK, 0, NO_REF);
}

// The left end of what is `width` wide and stands at x.
static double left_end(double x, double width, TextAlign align) {
    switch (align) {
    case ALIGN_LEFT: return x;
    case ALIGN_CENTER: return x - width / 2;
    case ALIGN_RIGHT: return x - width;
    }
    return x;
}

Shape *scene_text(Scene *s, double x, double baseline, const char *text, TextStyle style,
                  TextAlign align, Ink fill, Ref ref) {
    TextSize size = text_measure(s->text, text, style);
    Box box = {left_end(x, size.width, align), baseline - size.ascent, size.width,
               size.ascent + size.descent};
    Shape *shape = append(s, SHAPE_TEXT, box, fill, NO_INK, ref);
    shape->text = arena_copy(s->arena, text, strlen(text));
    shape->style = style;
    shape->align = align;
    shape->baseline = baseline;
    return shape;
}

double scene_text_width(Scene *s, const char *text, TextStyle style) {
    return text_measure(s->text, text, style).width;
}

void scene_clip(Scene *s, Box box) {
    ARENA_PUSH(s->arena, s->clips, s->n_clips, s->cap_clips, box);
    s->clip = s->n_clips - 1;
}

void scene_unclip(Scene *s) {
    s->clip = 0;
}

static bool inside(Box b, double x, double y) {
    return x >= b.x && x <= b.x + b.w && y >= b.y && y <= b.y + b.h;
}

const Shape *scene_hit(const Scene *s, double x, double y) {
    for (int k = s->count - 1; k >= 0; k--) {
        const Shape *shape = &s->shapes[k];
        if (shape->ref.kind == REF_NONE) continue;
        if (shape->clip && !inside(s->clips[shape->clip], x, y)) continue;
        Box box = shape->box;
        if (shape->kind == SHAPE_PATH) box = box_inset(box, -LINE_REACH, -LINE_REACH);
        if (inside(box, x, y)) return shape;
    }
    return NULL;
}

Box box_cut_top(Box *from, double h) {
    h = fmin(h, from->h);
    Box cut = {from->x, from->y, from->w, h};
    from->y += h;
    from->h -= h;
    return cut;
}

Box box_cut_bottom(Box *from, double h) {
    h = fmin(h, from->h);
    from->h -= h;
    return (Box){from->x, from->y + from->h, from->w, h};
}

Box box_cut_left(Box *from, double w) {
    w = fmin(w, from->w);
    Box cut = {from->x, from->y, w, from->h};
    from->x += w;
    from->w -= w;
    return cut;
}

Box box_cut_right(Box *from, double w) {
    w = fmin(w, from->w);
    from->w -= w;
    return (Box){from->x + from->w, from->y, w, from->h};
}

Box box_inset(Box b, double dx, double dy) {
    return (Box){b.x + dx, b.y + dy, b.w - 2 * dx, b.h - 2 * dy};
}
