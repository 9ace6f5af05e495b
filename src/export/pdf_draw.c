// Edges fall on whole logical pixels, as on the screen. What stands for something is marked content
// that belongs to an element of the structure; the rest is an artifact, which a screen reader
// leaves out. All that stands for one number in one panel is one element.
#include "export/pdf_draw.h"

#include <math.h>
#include <string.h>

#include "export/latex.h"
#include "export/pdf_text.h"
#include "export/picture.h"

enum { HATCH_STEP = 4, SLOTS = 1 << 12, NOTHING = -2, ARTIFACT = -1 };

/// An element that a number of a panel has already.
typedef struct {
    Ref ref;
    int panel, element;
} Known;

typedef struct {
    const PdfPen *pen;
    Buf *out;
    const Scene *scene;
    PdfMeaning meaning;
    int clip;  // in force
    int owner; // of the content being written: an element, ARTIFACT, or NOTHING
    int panel, figure;
    const Shape *words;  // the last ones of `paragraph`
    const Shape *broken; // those before, if a line was broken after them
    int paragraph;
    Known *known; // [SLOTS], by hash
    int n_known;
    // the graphics state, or what nothing is equal to
    Color fill, stroke;
    double line_width;
    Dash dash;
    int strength;
} Drawing;

static bool inked(Ink ink) {
    return ink.role != ROLE_NONE && ink.strength > 0;
}

static void number(Drawing *d, double x) {
    buf_fixed(d->out, x);
    buf_put(d->out, " ", 1);
}

static void word(Drawing *d, const char *operator) {
    buf_puts(d->out, operator);
    buf_put(d->out, "\n", 1);
}

static void forget_state(Drawing *d) {
    d->fill.r = d->stroke.r = d->line_width = d->strength = -1;
    d->dash = (Dash)-1;
}

// --- the graphics state

static void use_strength(Drawing *d, double alpha) {
    int k = (int)(alpha * (PDF_STRENGTHS - 1) + 0.5);
    if (k == d->strength) return;
    d->strength = k;
    d->pen->strength[k] = true;
    buf_printf(d->out, "/G%d gs\n", k);
}

static void put_color(Drawing *d, Color c, const char *operator) {
    const double parts[] = {c.r, c.g, c.b};
    for (int k = 0; k < 3; k++) { // three decimals
        int n = (int)(parts[k] * 1000 + 0.5);
        char text[6] = {(char)('0' + n / 1000),     '.',
                        (char)('0' + n / 100 % 10), (char)('0' + n / 10 % 10),
                        (char)('0' + n % 10),       ' '};
        if (n % 1000 == 0)
            buf_put(d->out, n ? "1 " : "0 ", 2);
        else
            buf_put(d->out, text + 1, 5);
    }
    word(d, operator);
}

static bool same_color(Color a, Color b) {
    return a.r == b.r && a.g == b.g && a.b == b.b;
}

static void use_fill(Drawing *d, Ink ink) {
    Color c = theme_color(d->pen->theme, ink);
    use_strength(d, c.a);
    if (!same_color(c, d->fill)) put_color(d, c, "rg");
    d->fill = c;
}

static void use_stroke(Drawing *d, Ink ink, double width, Dash dash) {
    static const double patterns[][2] = {[DASH_DOTTED] = {1.6, 2.2}, [DASH_DASHED] = {3, 2}};
    Color c = theme_color(d->pen->theme, ink);
    use_strength(d, c.a);
    if (!same_color(c, d->stroke)) put_color(d, c, "RG");
    d->stroke = c;
    bool wider = width != d->line_width;
    if (wider) number(d, width), word(d, "w");
    d->line_width = width;
    if (dash == d->dash && !(wider && dash != DASH_NONE)) return;
    d->dash = dash;
    double unit = fmax(1, width);
    buf_puts(d->out, "[");
    if (dash != DASH_NONE) number(d, patterns[dash][0] * unit), number(d, patterns[dash][1] * unit);
    word(d, "] 0 d");
}

// --- paths

static double snap(double x) {
    return floor(x + 0.5);
}

static Box snapped(Box b) {
    double x0 = snap(b.x), y0 = snap(b.y);
    return (Box){x0, y0, snap(b.x + b.w) - x0, snap(b.y + b.h) - y0};
}

static void point(Drawing *d, double x, double y) {
    number(d, x);
    number(d, y);
}

static void curve(Drawing *d, double x1, double y1, double x2, double y2, double x, double y) {
    point(d, x1, y1);
    point(d, x2, y2);
    point(d, x, y);
    buf_puts(d->out, "c ");
}

static void put_box(Drawing *d, Box b, double radius) {
    double r = fmin(radius, fmin(b.w, b.h) / 2);
    if (!(r > 0)) {
        point(d, b.x, b.y);
        point(d, b.w, b.h);
        buf_puts(d->out, "re ");
        return;
    }
    double x1 = b.x + b.w, y1 = b.y + b.h, k = 0.44771525 * r; // a quarter circle's control points
    point(d, b.x + r, b.y);
    buf_puts(d->out, "m ");
    point(d, x1 - r, b.y);
    buf_puts(d->out, "l ");
    curve(d, x1 - k, b.y, x1, b.y + k, x1, b.y + r);
    point(d, x1, y1 - r);
    buf_puts(d->out, "l ");
    curve(d, x1, y1 - k, x1 - k, y1, x1 - r, y1);
    point(d, b.x + r, y1);
    buf_puts(d->out, "l ");
    curve(d, b.x + k, y1, b.x, y1 - k, b.x, y1 - r);
    point(d, b.x, b.y + r);
    buf_puts(d->out, "l ");
    curve(d, b.x, b.y + k, b.x + k, b.y, b.x + r, b.y);
    buf_puts(d->out, "h ");
}

static void put_path(Drawing *d, const Shape *s) {
    for (int k = 0; k < s->n_path; k++) {
        const PathStep *q = &s->path[k];
        switch (q->verb) {
        case PATH_MOVE: point(d, q->x, q->y), buf_puts(d->out, "m "); break;
        case PATH_LINE: point(d, q->x, q->y), buf_puts(d->out, "l "); break;
        case PATH_CURVE: curve(d, q->x1, q->y1, q->x2, q->y2, q->x, q->y); break;
        case PATH_CLOSE: buf_puts(d->out, "h "); break;
        }
    }
}

// --- whose content it is

static void end_content(Drawing *d) {
    if (d->owner != NOTHING) word(d, "EMC");
    d->owner = NOTHING;
}

static void begin_content(Drawing *d, int owner) {
    if (owner == d->owner) return;
    end_content(d);
    d->owner = owner;
    if (owner == ARTIFACT)
        word(d, "/Artifact BMC");
    else
        buf_printf(d->out, "/Span <</MCID %d>> BDC\n", pdf_tags_mark(d->pen->tags, owner));
}

static Known *slot_of(Drawing *d, const Shape *s) {
    uint32_t h = (uint32_t)s->ref.node * 2654435761u ^ (uint32_t)s->ref.place * 40503u ^
                 (uint32_t)s->ref.unit * 97u ^ (uint32_t)s->ref.kind << 20 ^
                 (uint32_t)s->panel << 9;
    for (uint32_t at = h >> 7 & (SLOTS - 1);; at = (at + 1) & (SLOTS - 1)) {
        Known *k = &d->known[at];
        bool same = k->ref.kind == s->ref.kind && k->ref.node == s->ref.node &&
                    k->ref.place == s->ref.place && k->ref.unit == s->ref.unit &&
                    k->panel == s->panel;
        if (same || k->ref.kind == REF_NONE) return k;
    }
}

// Words on the line of the words before, or on the next one, go on with their paragraph.
static int paragraph(Drawing *d, const Shape *s) {
    const Shape *b = d->words;
    double size = s->style.size, down = b ? s->baseline - b->baseline : 0;
    bool same = b && b->panel == s->panel && b->style.family == s->style.family &&
                b->style.weight == s->style.weight && b->style.size == size;
    bool beside = same && down == 0 && fabs(s->box.x - b->box.x - b->box.w) < size;
    bool below = same && down > 0 && down < 1.9 * size && s->box.x <= b->box.x;
    d->words = s;
    d->broken = below ? b : NULL;
    if (!beside && !below) d->paragraph = pdf_tags_element(d->pen->tags, "P", NULL);
    return d->paragraph;
}

static int new_element(Drawing *d, const Shape *s, const char *meaning) {
    PdfTags *t = d->pen->tags;
    if (s->kind == SHAPE_FORMULA && !meaning) {
        Buf tex = buf_new(d->pen->arena);
        latex_formula(&tex, s->text, false);
        return pdf_tags_element(t, "Formula", buf_str(&tex));
    }
    if (s->kind == SHAPE_TEXT && (!meaning || s->ref.kind == REF_LINK))
        return paragraph(d, s);
    return meaning ? pdf_tags_element(t, "Figure", meaning) : ARTIFACT;
}

// A panel begins another group, unless the whole scene is one figure.
static void enter_panel(Drawing *d, int panel) {
    if (panel == d->panel) return;
    d->panel = panel;
    const View *v = d->meaning.view;
    bool named = v && panel >= 0 && panel < PANEL_COUNT;
    pdf_tags_group(d->pen->tags, named ? panel_defs[panel].title[v->lang] : NULL);
}

static int owner_of(Drawing *d, const Shape *s) {
    enum { KNOWN_MAX = SLOTS / 2 };
    if (d->meaning.alt) return d->figure;
    const View *v = d->meaning.view;
    bool number = v && (s->ref.kind == REF_VALUE || s->ref.kind == REF_GRAD);
    Known *known = number ? slot_of(d, s) : NULL;
    if (known && known->ref.kind != REF_NONE) return known->element;
    const char *meaning =
        v && s->ref.kind != REF_EQUATION ? picture_meaning(d->pen->arena, v, s) : NULL;
    bool says = meaning || s->kind == SHAPE_TEXT || s->kind == SHAPE_FORMULA;
    if (!says) return ARTIFACT;
    enter_panel(d, s->panel);
    int element = new_element(d, s, meaning);
    if (known && d->n_known++ < KNOWN_MAX) *known = (Known){s->ref, s->panel, element};
    return element;
}

// --- shapes

// In print, a minus is hatched: no meaning by colour alone.
static void hatch(Drawing *d, const Shape *s) {
    bool ramp = s->fill.role == ROLE_VALUE || s->fill.role == ROLE_GRAD;
    if (d->pen->theme != THEME_PRINT || !ramp || !(s->fill.level < 0)) return;
    Box b = snapped(box_inset(s->box, 1, 1));
    if (b.w <= 0 || b.h <= 0) return;
    word(d, "q");
    put_box(d, b, 0);
    word(d, "W n");
    use_stroke(d, ink_soft(ROLE_TEXT, (double)s->fill.strength * 0.8), 0.8, DASH_NONE);
    for (double x = b.x - b.h; x < b.x + b.w; x += HATCH_STEP) {
        point(d, x, b.y + b.h);
        buf_puts(d->out, "m ");
        point(d, x + b.h, b.y);
        buf_puts(d->out, "l ");
    }
    word(d, "S");
    word(d, "Q");
    forget_state(d);
}

static void draw_box(Drawing *d, const Shape *s) {
    Box b = snapped(s->box);
    if (inked(s->fill)) {
        use_fill(d, s->fill);
        put_box(d, b, s->radius);
        word(d, "f");
        hatch(d, s);
    }
    double w = s->line_width;
    if (!inked(s->stroke) || w <= 0 || b.w <= w || b.h <= w) return;
    use_stroke(d, s->stroke, w, s->dash);
    put_box(d, box_inset(b, w / 2, w / 2), s->radius - w / 2);
    word(d, "S");
}

// An upright or level line without dashes is a rectangle.
static bool draw_straight(Drawing *d, const Shape *s) {
    if (s->n_path != 2 || s->dash != DASH_NONE || inked(s->fill)) return false;
    const PathStep *a = &s->path[0], *b = &s->path[1];
    double w = s->line_width, half = w / 2;
    Box box;
    if (a->x == b->x)
        box = (Box){snap(a->x - half), fmin(a->y, b->y), w, fabs(a->y - b->y)};
    else if (a->y == b->y)
        box = (Box){fmin(a->x, b->x), snap(a->y - half), fabs(a->x - b->x), w};
    else
        return false;
    use_fill(d, s->stroke);
    put_box(d, box, 0);
    word(d, "f");
    return true;
}

static void draw_path(Drawing *d, const Shape *s) {
    if (draw_straight(d, s)) return;
    bool filled = inked(s->fill), stroked = inked(s->stroke) && s->line_width > 0;
    if (filled) {
        use_fill(d, s->fill);
        put_path(d, s);
        word(d, "f");
    }
    if (!stroked) return;
    use_stroke(d, s->stroke, s->line_width, s->dash);
    put_path(d, s);
    word(d, "S");
}

// What lights a shape up: a ring around what is drawn, a tint over what is written.
static void draw_hot(Drawing *d, const Shape *s) {
    if (s->kind == SHAPE_BOX && (inked(s->fill) || inked(s->stroke))) {
        Box b = snapped(s->box);
        if (b.h >= 9) {
            use_stroke(d, ink(ROLE_PANEL), 1, DASH_NONE);
            put_box(d, box_inset(b, 1.25, 1.25), s->radius - 1.25);
            word(d, "S");
        }
        use_stroke(d, ink(ROLE_TEXT), 2, DASH_NONE);
        put_box(d, box_inset(b, -0.25, -0.25), s->radius + 0.25);
        word(d, "S");
    } else if (s->kind == SHAPE_PATH) {
        use_stroke(d, ink_soft(ROLE_TEXT, 0.25), s->line_width + 4, DASH_NONE);
        put_path(d, s);
        word(d, "S");
    } else {
        use_fill(d, ink_soft(ROLE_ACCENT, 0.16));
        put_box(d, snapped(box_inset(s->box, -2, 0)), 3);
        word(d, "f");
    }
}

static void set_clip(Drawing *d, int clip) {
    if (clip == d->clip) return;
    end_content(d);
    if (d->clip) word(d, "Q"), forget_state(d);
    d->clip = clip;
    if (!clip) return;
    word(d, "q");
    put_box(d, snapped(d->scene->clips[clip]), 0);
    word(d, "W n");
}

// A broken line is read on with a space, but for Chinese.
static void join_lines(Drawing *d) {
    const Shape *b = d->broken;
    d->broken = NULL;
    if (!b || (b->text[strlen(b->text) - 1] & 0x80) || d->pen->outlines) return;
    PdfText t = {d->pen, d->out, b->box.x + b->box.w, b->baseline};
    pdf_text_line(&t, " ", b->style);
}

static void draw_words(Drawing *d, const Shape *s) {
    PdfText t = {d->pen, d->out, s->box.x, s->baseline};
    use_fill(d, s->fill);
    join_lines(d);
    if (s->kind == SHAPE_TEXT) {
        pdf_text_line(&t, s->text, s->style);
        return;
    }
    const MathBox *m = s->layout;
    for (int k = 0; k < m->n_items;) {
        Role role = m->items[k].role;
        int n = 1;
        while (k + n < m->n_items && m->items[k + n].role == role) n++;
        use_fill(d, role == ROLE_NONE ? s->fill : (Ink){role, 1, s->fill.strength});
        pdf_text_formula(&t, m, k, n);
        k += n;
    }
}

static void draw_shape(Drawing *d, const Shape *s) {
    bool shows = inked(s->fill) || (inked(s->stroke) && s->line_width > 0);
    if (!shows || (s->kind == SHAPE_TEXT && !*s->text)) return;
    set_clip(d, s->clip);
    begin_content(d, owner_of(d, s));
    switch (s->kind) {
    case SHAPE_BOX: draw_box(d, s); break;
    case SHAPE_PATH: draw_path(d, s); break;
    case SHAPE_TEXT:
    case SHAPE_FORMULA: draw_words(d, s); break;
    }
}

void pdf_draw(const PdfPen *pen, const Scene *s, PdfMeaning meaning) {
    Drawing d = {.pen = pen, .out = pen->out, .scene = s, .meaning = meaning, .panel = -1};
    d.owner = NOTHING;
    d.known = ARENA_ARRAY(pen->arena, Known, SLOTS);
    forget_state(&d);
    if (meaning.alt) {
        pdf_tags_group(pen->tags, NULL);
        d.figure = pdf_tags_element(pen->tags, "Figure", meaning.alt);
    }
    word(&d, "1 j");
    for (int k = 0; k < s->count; k++) draw_shape(&d, &s->shapes[k]);
    for (int k = 0; k < s->count; k++) { // last, so that no neighbour covers a ring
        if (!s->shapes[k].hot) continue;
        set_clip(&d, s->shapes[k].clip);
        begin_content(&d, ARTIFACT);
        draw_hot(&d, &s->shapes[k]);
    }
    set_clip(&d, 0);
    end_content(&d);
}
