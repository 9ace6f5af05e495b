// Marks (view/mark.h) as operators. What stands for something is marked content that belongs
// to an element of the structure; the rest is an artifact, which a screen reader leaves out. All
// that stands for one number in one panel is one element.
#include "export/pdf_draw.h"

#include <math.h>
#include <string.h>

#include "export/latex.h"
#include "export/pdf_text.h"
#include "export/picture.h"
#include "view/mark.h"

enum { SLOTS = 1 << 12, NOTHING = -2, ARTIFACT = -1 };

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

static void use_stroke(Drawing *d, const Mark *m) {
    Color c = theme_color(d->pen->theme, m->stroke);
    use_strength(d, c.a);
    if (!same_color(c, d->stroke)) put_color(d, c, "RG");
    d->stroke = c;
    bool wider = m->line_width != d->line_width;
    if (wider) number(d, m->line_width), word(d, "w");
    d->line_width = m->line_width;
    if (m->dash == d->dash && !(wider && m->dash != DASH_NONE)) return;
    d->dash = m->dash;
    double lengths[2];
    buf_puts(d->out, "[");
    if (mark_dashes(m->dash, m->line_width, lengths)) number(d, lengths[0]), number(d, lengths[1]);
    word(d, "] 0 d");
}

// --- paths

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

static void put_path(Drawing *d, const Mark *m) {
    for (int k = 0; k < m->n_path; k++) {
        const PathStep *q = &m->path[k];
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
    if (s->kind == SHAPE_TEXT && (!meaning || s->ref.kind == REF_LINK)) return paragraph(d, s);
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

// --- marks

static void draw_box(Drawing *d, const Mark *m) {
    if (ink_shows(m->fill)) {
        use_fill(d, m->fill);
        put_box(d, m->box, m->radius);
        word(d, "f");
    }
    if (!ink_shows(m->stroke)) return;
    double radius;
    Box line = mark_line(m, &radius);
    use_stroke(d, m);
    put_box(d, line, radius);
    word(d, "S");
}

static void draw_path(Drawing *d, const Mark *m) {
    if (ink_shows(m->fill)) {
        use_fill(d, m->fill);
        put_path(d, m);
        word(d, "f");
    }
    if (!ink_shows(m->stroke)) return;
    use_stroke(d, m);
    put_path(d, m);
    word(d, "S");
}

static void draw_hatch(Drawing *d, const Mark *m) {
    word(d, "q");
    put_box(d, m->box, 0);
    word(d, "W n");
    draw_path(d, m);
    word(d, "Q");
    forget_state(d);
}

static void set_clip(Drawing *d, int clip) {
    if (clip == d->clip) return;
    end_content(d);
    if (d->clip) word(d, "Q"), forget_state(d);
    d->clip = clip;
    if (!clip) return;
    word(d, "q");
    put_box(d, mark_snapped(d->scene->clips[clip], 1), 0);
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

static void draw_mark(Drawing *d, const Shape *s, const Mark *m) {
    switch (m->kind) {
    case MARK_BOX:
    case MARK_RING: draw_box(d, m); break;
    case MARK_PATH: draw_path(d, m); break;
    case MARK_HATCH: draw_hatch(d, m); break;
    case MARK_WORDS: draw_words(d, s); break;
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
    for (MarkWalk w = mark_walk(s, pen->theme, 1, -1); mark_next(&w);) {
        if (w.n == 0 || (w.shape->kind == SHAPE_TEXT && !*w.shape->text)) continue;
        set_clip(&d, w.shape->clip);
        begin_content(&d, w.ring ? ARTIFACT : owner_of(&d, w.shape));
        for (int k = 0; k < w.n; k++) draw_mark(&d, w.shape, &w.marks[k]);
    }
    set_clip(&d, 0);
    end_content(&d);
}
