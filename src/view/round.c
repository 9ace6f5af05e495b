// A mask is the coverage of one small box, drawn once by Cairo at the origin and kept by its size
// in pixels; putting it down in a colour is a copy. Large boxes are four masks, for their corners,
// and rectangles between them. A mask depends on its key alone, so a picture does not depend on
// what was drawn before it. Pages (SVG, PDF) get paths.
#include "view/round.h"

#include <math.h>
#include <string.h>

#include "view/mark.h"

enum {
    TABLE_SIZE = 1 << 10,      // slots; a power of two
    KEPT_MAX = TABLE_SIZE / 2, // masks
    KEPT_BYTES = 4 << 20,      // and their memory
    WHOLE_WIDTH = 256,         // pixels of a mask for a whole box
    WHOLE_HEIGHT = 96,
    CORNER_MAX = 128
};

#define QUARTER 1.5707963267948966 // a right angle

typedef enum {
    PART_WHOLE,
    PART_LEFT_TOP,
    PART_RIGHT_TOP,
    PART_LEFT_BOTTOM,
    PART_RIGHT_BOTTOM
} Part;

// What a mask depends on. No padding but zeroed: keys are compared as bytes.
typedef struct {
    double radius, line_width, scale; // line width 0: filled
    int width, height;                // pixels, of the whole box
    int part, dash;
} Key;

typedef struct {
    Key key;
    cairo_surface_t *mask; // NULL: a free slot
} Slot;

typedef struct {
    Arena *own;
    Slot *table; // [TABLE_SIZE]
    int count;
    size_t bytes;
} Masks;

static void empty(Masks *m) {
    for (int k = 0; k < TABLE_SIZE; k++) {
        cairo_surface_destroy(m->table[k].mask);
        m->table[k].mask = NULL;
    }
    m->count = 0;
    m->bytes = 0;
}

static void forget(void *masks) {
    empty(masks);
    arena_free(((Masks *)masks)->own);
}

static Masks *masks_of(TextEngine *e) {
    void **kept = text_kept(e, KEPT_MASKS, forget);
    if (*kept) return *kept;
    Arena *own = arena_new();
    Masks *m = ARENA_NEW(own, Masks);
    *m = (Masks){own, ARENA_ARRAY(own, Slot, TABLE_SIZE), 0, 0};
    return *kept = m;
}

// ---- paths

void round_path(cairo_t *cr, Box b, double radius) {
    double r = fmin(radius, fmin(b.w, b.h) / 2);
    if (r <= 0) {
        cairo_rectangle(cr, b.x, b.y, b.w, b.h);
        return;
    }
    cairo_new_sub_path(cr);
    cairo_arc(cr, b.x + b.w - r, b.y + r, r, -QUARTER, 0);
    cairo_arc(cr, b.x + b.w - r, b.y + b.h - r, r, 0, QUARTER);
    cairo_arc(cr, b.x + r, b.y + b.h - r, r, QUARTER, 2 * QUARTER);
    cairo_arc(cr, b.x + r, b.y + r, r, 2 * QUARTER, 3 * QUARTER);
    cairo_close_path(cr);
}

void round_dash(cairo_t *cr, Dash dash, double line_width) {
    double lengths[2];
    bool broken = mark_dashes(dash, line_width, lengths);
    cairo_set_dash(cr, lengths, broken ? 2 : 0, 0);
}

static void stroke_path(cairo_t *cr, Box b, double radius, double line_width, Dash dash) {
    double half = line_width / 2;
    cairo_set_line_width(cr, line_width);
    round_dash(cr, dash, line_width);
    round_path(cr, box_inset(b, half, half), radius - half);
    cairo_stroke(cr);
}

// ---- masks

// Pixels from a corner to where the edges are straight.
static int corner_size(const Key *k) {
    return (int)ceil(fmax(k->radius, k->line_width) * k->scale) + 1;
}

static cairo_surface_t *draw_mask(const Key *k) {
    int c = corner_size(k);
    bool whole = k->part == PART_WHOLE;
    int w = whole ? k->width : 2 * c, h = whole ? k->height : 2 * c; // corners: of the least box
    bool right = k->part == PART_RIGHT_TOP || k->part == PART_RIGHT_BOTTOM;
    bool bottom = k->part == PART_LEFT_BOTTOM || k->part == PART_RIGHT_BOTTOM;
    cairo_surface_t *mask =
        cairo_image_surface_create(CAIRO_FORMAT_A8, whole ? w : c, whole ? h : c);
    cairo_t *cr = cairo_create(mask);
    cairo_translate(cr, right ? -c : 0, bottom ? -c : 0);
    cairo_scale(cr, k->scale, k->scale);
    Box b = {0, 0, w / k->scale, h / k->scale};
    if (k->line_width > 0) {
        stroke_path(cr, b, k->radius, k->line_width, (Dash)k->dash);
    } else {
        round_path(cr, b, k->radius);
        cairo_fill(cr);
    }
    cairo_destroy(cr);
    return mask;
}

static uint64_t key_hash(const Key *k) {
    const unsigned char *bytes = (const unsigned char *)k;
    uint64_t h = 1469598103934665603u; // FNV-1a
    for (size_t i = 0; i < sizeof *k; i++) h = (h ^ bytes[i]) * 1099511628211u;
    return h ^ h >> 29;
}

static Slot *find_slot(Masks *m, const Key *k) {
    size_t at = key_hash(k) & (TABLE_SIZE - 1);
    while (m->table[at].mask && memcmp(&m->table[at].key, k, sizeof *k) != 0)
        at = (at + 1) & (TABLE_SIZE - 1);
    return &m->table[at];
}

static cairo_surface_t *mask_for(TextEngine *e, const Key *k) {
    Masks *m = masks_of(e);
    Slot *slot = find_slot(m, k);
    if (slot->mask) return slot->mask;
    if (m->count >= KEPT_MAX || m->bytes > KEPT_BYTES) {
        empty(m);
        slot = find_slot(m, k);
    }
    *slot = (Slot){*k, draw_mask(k)};
    m->count++;
    m->bytes += (size_t)cairo_image_surface_get_stride(slot->mask) *
                (size_t)cairo_image_surface_get_height(slot->mask);
    return slot->mask;
}

// ---- on pixels

static double nearest_whole(double x) {
    return floor(x + 0.5);
}

// A box in whole pixels.
typedef struct {
    int x, y, w, h;
} PixelBox;

static PixelBox pixel_box(const RoundPen *pen, Box b) {
    double s = pen->scale;
    return (PixelBox){(int)nearest_whole(b.x * s), (int)nearest_whole(b.y * s),
                      (int)nearest_whole(b.w * s), (int)nearest_whole(b.h * s)};
}

static void put_corners(const RoundPen *pen, Key k, PixelBox b, int c) {
    k.width = k.height = 0; // the corners of all large boxes are alike
    for (int part = PART_LEFT_TOP; part <= PART_RIGHT_BOTTOM; part++) {
        bool right = part == PART_RIGHT_TOP || part == PART_RIGHT_BOTTOM;
        bool bottom = part == PART_LEFT_BOTTOM || part == PART_RIGHT_BOTTOM;
        k.part = part;
        cairo_mask_surface(pen->cr, mask_for(pen->engine, &k), right ? b.x + b.w - c : b.x,
                           bottom ? b.y + b.h - c : b.y);
    }
}

static void put_edges(const RoundPen *pen, PixelBox b, int c, double line) {
    cairo_t *cr = pen->cr;
    cairo_rectangle(cr, b.x + c, b.y, b.w - 2 * c, line);
    cairo_rectangle(cr, b.x + c, b.y + b.h - line, b.w - 2 * c, line);
    cairo_rectangle(cr, b.x, b.y + c, line, b.h - 2 * c);
    cairo_rectangle(cr, b.x + b.w - line, b.y + c, line, b.h - 2 * c);
    cairo_fill(cr);
}

static void put_inside(const RoundPen *pen, PixelBox b, int c) {
    cairo_t *cr = pen->cr;
    cairo_rectangle(cr, b.x + c, b.y, b.w - 2 * c, c);
    cairo_rectangle(cr, b.x, b.y + c, b.w, b.h - 2 * c);
    cairo_rectangle(cr, b.x + c, b.y + b.h - c, b.w - 2 * c, c);
    cairo_fill(cr);
}

// Puts a box down from masks; false if it has to be drawn as a path.
static bool put(const RoundPen *pen, Box box, double radius, double line_width, Dash dash) {
    if (!pen->on_pixels || !(fabs(box.x) + fabs(box.y) + box.w + box.h < 1e6)) return false;
    PixelBox b = pixel_box(pen, box);
    if (b.w <= 0 || b.h <= 0) return false;
    Key k = {.line_width = line_width, .scale = pen->scale, .width = b.w, .height = b.h};
    k.radius = fmax(0, fmin(radius, fmin(box.w, box.h) / 2));
    k.dash = (int)dash;
    int c = corner_size(&k);
    bool large = dash == DASH_NONE && c <= CORNER_MAX && b.w >= 2 * c && b.h >= 2 * c;
    bool small = b.w <= WHOLE_WIDTH && b.h <= WHOLE_HEIGHT;
    if (!small && !large) return false;
    cairo_set_matrix(pen->cr, &pen->pixels);
    if (small) {
        cairo_mask_surface(pen->cr, mask_for(pen->engine, &k), b.x, b.y);
    } else {
        put_corners(pen, k, b, c);
        if (line_width > 0)
            put_edges(pen, b, c, line_width * pen->scale);
        else
            put_inside(pen, b, c);
    }
    cairo_set_matrix(pen->cr, &pen->user);
    return true;
}

void round_fill(const RoundPen *pen, Box b, double radius) {
    if (radius > 0 && put(pen, b, radius, 0, DASH_NONE)) return;
    round_path(pen->cr, b, radius);
    cairo_fill(pen->cr);
}

void round_stroke(const RoundPen *pen, Box b, double radius, double line_width, Dash dash) {
    if (line_width <= 0 || put(pen, b, radius, line_width, dash)) return;
    stroke_path(pen->cr, b, radius, line_width, dash);
}

static bool is_whole(double x) {
    return x == floor(x);
}

RoundPen round_pen(TextEngine *engine, cairo_t *cr, double scale) {
    RoundPen pen = {.engine = engine, .cr = cr, .scale = scale};
    cairo_surface_t *target = cairo_get_group_target(cr);
    double dx, dy, sx, sy;
    cairo_surface_get_device_offset(target, &dx, &dy);
    cairo_surface_get_device_scale(target, &sx, &sy);
    cairo_get_matrix(cr, &pen.user);
    const cairo_matrix_t *m = &pen.user;
    cairo_matrix_init_translate(&pen.pixels, m->x0, m->y0);
    bool plain = sx == 1 && sy == 1 && is_whole(dx) && is_whole(dy);
    bool straight = m->xx == scale && m->yy == scale && m->xy == 0 && m->yx == 0;
    pen.on_pixels = cairo_surface_get_type(target) == CAIRO_SURFACE_TYPE_IMAGE && plain &&
                    straight && is_whole(m->x0) && is_whole(m->y0);
    return pen;
}
