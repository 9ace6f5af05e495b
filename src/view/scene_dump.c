// Three ways to look at a scene without drawing it: as text, one line a shape; as one number that
// changes with anything that would be painted; and as a list of texts that get in each other's way.
#include <math.h>
#include <string.h>

#include "view/scene.h"

// clang-format off
static const char *const role_names[ROLE_COUNT] = {
    "none", "ground", "panel", "chrome", "sunken", "line", "wire", "text", "muted", "faint",
    "accent", "on-accent", "value", "grad", "on-value", "on-grad", "backward", "warn", "good",
    "f", "i", "g", "o", "c", "h", "x", "y"};
static const char *const shape_names[] = {"box", "path", "text", "formula"};
static const char *const ref_names[] = {"none", "value", "grad", "equation", "place", "control",
                                        "link"};
static const char *const align_names[] = {"left", "center", "right"};
static const char *const dash_names[] = {"", " dotted", " dashed"};
static const char path_letters[] = "MLCZ";
// clang-format on

// One decimal, and no -0.0.
static double tenth(double x) {
    return floor(x * 10 + 0.5) / 10 + 0.0;
}

static void dump_ink(Buf *out, const char *what, Ink ink) {
    if (ink.role == ROLE_NONE) return;
    buf_printf(out, " %s=%s", what, role_names[ink.role]);
    if (ink.level != 1) buf_printf(out, ":%.2f", (double)ink.level);
    if (ink.strength != 1) buf_printf(out, "*%.2f", (double)ink.strength);
}

static void dump_path(Buf *out, const Shape *shape) {
    buf_puts(out, " \"");
    for (int k = 0; k < shape->n_path; k++) {
        const PathStep *p = &shape->path[k];
        buf_printf(out, "%s%c", k ? " " : "", path_letters[p->verb]);
        if (p->verb == PATH_CURVE)
            buf_printf(out, "%.1f,%.1f %.1f,%.1f ", tenth(p->x1), tenth(p->y1), tenth(p->x2),
                       tenth(p->y2));
        if (p->verb != PATH_CLOSE) buf_printf(out, "%.1f,%.1f", tenth(p->x), tenth(p->y));
    }
    buf_puts(out, "\"");
}

static void dump_shape(const Scene *s, const Shape *shape, Buf *out) {
    Box b = shape->box;
    buf_printf(out, "%d %s %.1f %.1f %.1f %.1f", shape->panel, shape_names[shape->kind], tenth(b.x),
               tenth(b.y), tenth(b.w), tenth(b.h));
    if (shape->text)
        buf_printf(out, " \"%s\" %.1f %s", shape->text, tenth(shape->style.size),
                   align_names[shape->align]);
    if (shape->kind == SHAPE_PATH) dump_path(out, shape);
    dump_ink(out, "fill", shape->fill);
    dump_ink(out, "stroke", shape->stroke);
    if (shape->stroke.role != ROLE_NONE)
        buf_printf(out, " width=%.1f%s", tenth(shape->line_width), dash_names[shape->dash]);
    if (shape->radius != 0) buf_printf(out, " radius=%.1f", tenth(shape->radius));
    if (shape->ref.kind != REF_NONE)
        buf_printf(out, " ref=%s(%d,%d,%d)", ref_names[shape->ref.kind], shape->ref.node,
                   shape->ref.place, shape->ref.unit);
    if (shape->hot) buf_puts(out, " hot");
    if (shape->clip) {
        Box c = s->clips[shape->clip];
        buf_printf(out, " clip=%.1f,%.1f,%.1f,%.1f", tenth(c.x), tenth(c.y), tenth(c.w),
                   tenth(c.h));
    }
    if (shape->label) buf_printf(out, " label=\"%s\"", shape->label);
    buf_puts(out, "\n");
}

void scene_dump(const Scene *s, Buf *out) {
    buf_printf(out, "scene %.1f %.1f\n", tenth(s->width), tenth(s->height));
    for (int k = 0; k < s->count; k++) dump_shape(s, &s->shapes[k], out);
}

// ---- hash

static uint64_t mix(uint64_t h, const void *bytes, size_t n) {
    const unsigned char *p = bytes;
    for (size_t k = 0; k < n; k++) h = (h ^ p[k]) * 1099511628211u;
    return h;
}

static uint64_t mix_number(uint64_t h, double x) {
    x += 0.0; // -0 and 0 are one
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    h = (h ^ bits) * 0x9E3779B97F4A7C15u;
    return h ^ h >> 29;
}

static uint64_t mix_box(uint64_t h, Box b) {
    return mix_number(mix_number(mix_number(mix_number(h, b.x), b.y), b.w), b.h);
}

static uint64_t mix_ink(uint64_t h, Ink ink) {
    h = mix_number(h, (double)ink.role);
    return mix_number(mix_number(h, (double)ink.level), (double)ink.strength);
}

static uint64_t mix_path(uint64_t h, const Shape *shape) {
    for (int k = 0; k < shape->n_path; k++) {
        const PathStep *p = &shape->path[k];
        h = mix_number(h, (double)p->verb);
        h = mix_number(mix_number(h, p->x), p->y);
        if (p->verb != PATH_CURVE) continue;
        h = mix_number(mix_number(h, p->x1), p->y1);
        h = mix_number(mix_number(h, p->x2), p->y2);
    }
    return h;
}

// Only what the painter looks at: refs, labels and beats do not change a picture.
static uint64_t mix_shape(uint64_t h, const Scene *s, const Shape *shape) {
    h = mix_number(h, (double)shape->kind);
    h = mix_box(h, shape->box);
    h = mix_ink(mix_ink(h, shape->fill), shape->stroke);
    h = mix_number(mix_number(h, shape->line_width), shape->radius);
    h = mix_number(mix_number(h, (double)shape->dash), shape->written);
    h = mix_path(h, shape);
    if (shape->text) {
        h = mix(h, shape->text, strlen(shape->text) + 1);
        h = mix_number(mix_number(h, shape->style.size), shape->baseline);
        h = mix_number(h, (double)shape->style.family + 8 * (double)shape->style.weight +
                              (shape->style.italic ? 64 : 0));
    }
    if (shape->clip) h = mix_box(h, s->clips[shape->clip]);
    return h;
}

static const uint64_t basis = 1469598103934665603u;

uint64_t scene_shape_hash(const Scene *s, const Shape *shape) {
    return mix_shape(basis, s, shape);
}

uint64_t scene_hash(const Scene *s, int panel) {
    uint64_t h = mix_number(mix_number(basis, s->width), s->height);
    for (int k = 0; k < s->count; k++)
        if (panel < 0 || s->shapes[k].panel == panel)
            h = mix_number(mix_shape(h, s, &s->shapes[k]), s->shapes[k].hot);
    return h;
}

// ---- collisions

static Box intersect(Box a, Box b) {
    double x0 = fmax(a.x, b.x), y0 = fmax(a.y, b.y);
    double x1 = fmin(a.x + a.w, b.x + b.w), y1 = fmin(a.y + a.h, b.y + b.h);
    return (Box){x0, y0, fmax(0, x1 - x0), fmax(0, y1 - y0)};
}

// Where ink can be: capitals and descenders, not the whole line box, which leaves room for accents.
static Box ink_box(const Shape *shape) {
    if (shape->kind == SHAPE_FORMULA) return shape->box;
    double size = shape->style.size;
    return (Box){shape->box.x, shape->baseline - 0.74 * size, shape->box.w, 0.92 * size};
}

static bool is_text(const Shape *shape) {
    bool text = shape->kind == SHAPE_TEXT || shape->kind == SHAPE_FORMULA;
    return text && shape->fill.role != ROLE_NONE && *shape->text;
}

// The part of a text that is seen. What scrolls is cut at the top and bottom of its clip, and
// nothing may be cut at its sides.
static Box seen(const Scene *s, const Shape *shape, Buf *out, int *found) {
    Box box = ink_box(shape);
    Box frame = shape->clip ? s->clips[shape->clip] : (Box){0, 0, s->width, s->height};
    Box cut = intersect(box, frame);
    bool gone = cut.w <= 0 || cut.h <= 0, lost = gone && !shape->clip;
    bool sides = !gone && cut.w < box.w - 0.5;
    bool ends = !gone && !shape->clip && cut.h < box.h - 0.5;
    if (lost || sides || ends) {
        ++*found;
        buf_printf(out, "panel %d: \"%s\" at %.0f,%.0f leaves %s\n", shape->panel, shape->text,
                   box.x, box.y, shape->clip ? "its clip" : "the scene");
    }
    return cut;
}

int scene_collisions(const Scene *s, Buf *out) {
    enum { TOUCH = 1 }; // pixels that letters may share
    int found = 0, n = 0;
    int *texts = ARENA_ARRAY(s->arena, int, s->count + 1);
    Box *boxes = ARENA_ARRAY(s->arena, Box, s->count + 1);
    for (int k = 0; k < s->count; k++) {
        if (!is_text(&s->shapes[k])) continue;
        boxes[n] = seen(s, &s->shapes[k], out, &found);
        texts[n++] = k;
    }
    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++) {
            Box both = intersect(boxes[i], boxes[j]);
            if (both.w <= TOUCH || both.h <= TOUCH) continue;
            const Shape *a = &s->shapes[texts[i]], *b = &s->shapes[texts[j]];
            buf_printf(out, "panel %d: \"%s\" and \"%s\" overlap at %.0f,%.0f\n", a->panel, a->text,
                       b->text, both.x, both.y);
            found++;
        }
    return found;
}
