// Marks (view/mark.h) as markup. What is drawn of a shape is a string of its own, so that a page of
// many frames can share those that do not change.
#include "export/svg.h"

#include <math.h>
#include <string.h>

#include "export/svg_style.h"
#include "view/mark.h"

SvgStyle *svg_style_new(Arena *keep, TextEngine *text, Fonts *fonts, const Look *look) {
    SvgStyle *style = ARENA_NEW(keep, SvgStyle);
    *style = (SvgStyle){.keep = keep,
                        .text = text,
                        .fonts = fonts,
                        .theme = look->theme,
                        .outlines = look->outlines};
    fonts_begin(fonts);
    return style;
}

SvgStyle *svg_style_page(Arena *keep, TextEngine *text, Fonts *fonts, const ThemeKind *themes,
                         int n) {
    Look look = {.theme = themes[0]};
    SvgStyle *style = svg_style_new(keep, text, fonts, &look);
    style->n_themes = n;
    for (int k = 0; k < n; k++) style->themes[k] = themes[k];
    style->first_paint = ARENA_ARRAY(keep, int, SVG_PAINT_SLOTS);
    return style;
}

void svg_style_asks(SvgStyle *style) {
    style->asks = true;
}

void svg_escape(Buf *out, const char *text) {
    for (const char *p = text; *p; p++) {
        const char *entity = *p == '&'   ? "&amp;"
                             : *p == '<' ? "&lt;"
                             : *p == '>' ? "&gt;"
                             : *p == '"' ? "&quot;"
                                         : NULL;
        if (entity)
            buf_puts(out, entity);
        else if ((unsigned char)*p >= 32 || *p == '\t' || *p == '\n')
            buf_put(out, p, 1);
    }
}

// Not by buf_printf: a page has hundreds of thousands of these.
static void begin_attribute(Buf *out, const char *name) {
    buf_puts(out, " ");
    buf_puts(out, name);
    buf_puts(out, "=\"");
}

static void attribute(Buf *out, const char *name, double x) {
    begin_attribute(out, name);
    buf_fixed(out, x);
    buf_puts(out, "\"");
}

static unsigned byte_of(double x) {
    return (unsigned)(x * 255 + 0.5);
}

// A paint's number in pages that can change their theme: one for each set of colours, whatever the
// roles they come from.
static int paint_number(SvgStyle *style, Ink ink) {
    SvgPaint paint;
    memset(&paint, 0, sizeof paint);
    for (int k = 0; k < style->n_themes; k++) {
        Color c = theme_color(style->themes[k], ink);
        paint.rgba[k] = byte_of(c.r) << 24 | byte_of(c.g) << 16 | byte_of(c.b) << 8 | byte_of(c.a);
    }
    size_t at = paint.rgba[0] * 2654435761u % SVG_PAINT_SLOTS;
    int k = style->first_paint[at] - 1;
    for (; k >= 0; k = style->paints[k].next - 1)
        if (memcmp(style->paints[k].rgba, paint.rgba, sizeof paint.rgba) == 0) return k;
    paint.next = style->first_paint[at];
    ARENA_PUSH(style->keep, style->paints, style->n_paints, style->cap_paints, paint);
    return (style->first_paint[at] = style->n_paints) - 1;
}

void svg_paints(const SvgStyle *style, int theme, Buf *out) {
    for (int k = 0; k < style->n_paints; k++) {
        uint32_t c = style->paints[k].rgba[theme];
        buf_printf(out, "--p%d:#", k);
        if ((c & 255) == 255)
            buf_printf(out, "%06x;", (unsigned)(c >> 8));
        else
            buf_printf(out, "%08x;", (unsigned)c);
    }
}

void svg_paint(SvgStyle *style, const char *name, Ink ink, Buf *out) {
    if (!ink_shows(ink)) {
        begin_attribute(out, name);
        buf_puts(out, "none\"");
        return;
    }
    if (style->n_themes) {
        begin_attribute(out, name);
        buf_puts(out, "var(--p");
        buf_fixed(out, paint_number(style, ink));
        buf_puts(out, ")\"");
        return;
    }
    Color c = theme_color(style->theme, ink);
    buf_printf(out, " %s=\"#%02x%02x%02x\"", name, byte_of(c.r), byte_of(c.g), byte_of(c.b));
    if (c.a < 1) buf_printf(out, " %s-opacity=\"%.3g\"", name, c.a);
}

static void put_box(Buf *out, Box b, double radius) {
    buf_puts(out, "<rect");
    attribute(out, "x", b.x);
    attribute(out, "y", b.y);
    attribute(out, "width", fmax(0, b.w));
    attribute(out, "height", fmax(0, b.h));
    double r = fmin(radius, fmin(b.w, b.h) / 2);
    if (r > 0) attribute(out, "rx", r);
}

static void put_stroke(SvgStyle *style, const Mark *m, Buf *out) {
    svg_paint(style, "stroke", m->stroke, out);
    if (m->line_width != 1) attribute(out, "stroke-width", m->line_width);
    double lengths[2];
    if (mark_dashes(m->dash, m->line_width, lengths))
        buf_printf(out, " stroke-dasharray=\"%.4g %.4g\"", lengths[0], lengths[1]);
}

static void close_with(Buf *out, const char *tag, const char *title) {
    if (*title)
        buf_printf(out, ">%s</%s>", title, tag);
    else
        buf_puts(out, "/>");
}

static void put_rect(SvgStyle *style, const Mark *m, const char *attributes, const char *title,
                     Buf *out) {
    bool stroked = ink_shows(m->stroke);
    double radius = m->radius;
    Box b = stroked ? mark_line(m, &radius) : m->box;
    put_box(out, b, radius);
    svg_paint(style, "fill", m->fill, out);
    if (stroked) put_stroke(style, m, out);
    buf_puts(out, attributes);
    if (!stroked && !ink_shows(m->fill)) buf_puts(out, " pointer-events=\"all\"");
    close_with(out, "rect", title);
}

static void put_hatch(SvgStyle *style, const Mark *m, Buf *out) {
    style->hatched = true;
    put_box(out, m->box, 0);
    buf_printf(out, " fill=\"url(#hatch)\" opacity=\"%.3g\"/>", (double)m->stroke.strength);
}

static void put_steps(Buf *out, const Mark *m) {
    static const char letters[] = {'M', 'L', 'C', 'Z'};
    buf_puts(out, " d=\"");
    for (int k = 0; k < m->n_path; k++) {
        const PathStep *q = &m->path[k];
        buf_put(out, &letters[q->verb], 1);
        if (q->verb == PATH_CLOSE) continue;
        const double numbers[] = {q->x1, q->y1, q->x2, q->y2, q->x, q->y};
        for (int i = q->verb == PATH_CURVE ? 0 : 4; i < 6; i++) {
            buf_fixed(out, numbers[i]);
            if (i < 5) buf_puts(out, " ");
        }
    }
    buf_puts(out, "\"");
}

static void put_path(SvgStyle *style, const Mark *m, const char *attributes, const char *title,
                     Buf *out) {
    buf_puts(out, "<path");
    put_steps(out, m);
    svg_paint(style, "fill", m->fill, out);
    if (ink_shows(m->stroke)) {
        put_stroke(style, m, out);
        buf_puts(out, " stroke-linejoin=\"round\"");
    }
    buf_puts(out, attributes);
    close_with(out, "path", title);
}

static void put_mark(SvgStyle *style, const Shape *s, const Mark *m, const char *attributes,
                     const char *title, Buf *out) {
    switch (m->kind) {
    case MARK_BOX:
    case MARK_RING: put_rect(style, m, attributes, title, out); break;
    case MARK_PATH: put_path(style, m, attributes, title, out); break;
    case MARK_HATCH: put_hatch(style, m, out); break;
    case MARK_WORDS:
        if (s->kind == SHAPE_TEXT)
            svg_text(style, s, attributes, title, out);
        else
            svg_formula(style, s, attributes, title, out);
    }
}

// --- what a shape means

static bool same_ref(Ref a, Ref b) {
    return a.kind == b.kind && a.node == b.node && a.place == b.place && a.unit == b.unit;
}

static const char *node_id(Arena *a, const Graph *g, int node) {
    int e = g->nodes[node].equation;
    if (e >= 0 && g->equations[e].node == node) return g->equations[e].full;
    if (g->nodes[node].op == OP_PARAM) return g->params[g->nodes[node].param].full;
    return node == g->x ? "x" : arena_printf(a, "n%d", node);
}

const char *svg_ref(Arena *a, const Graph *g, Ref r) {
    return arena_printf(a, "%c-%s-%d-%d", r.kind == REF_VALUE ? 'v' : 'g', node_id(a, g, r.node),
                        r.place, r.unit);
}

// An id for the first shape of a picture that stands for a number; "" for the others.
static const char *id_of(Arena *a, SvgStyle *style, const View *v, const Shape *s) {
    Ref r = s->ref;
    if (r.kind != REF_VALUE && r.kind != REF_GRAD) return "";
    for (int k = 0; k < style->n_named; k++)
        if (same_ref(style->named[k], r)) return "";
    ARENA_PUSH(a, style->named, style->n_named, style->cap_named, r);
    return arena_printf(a, " id=\"%s\"", svg_ref(a, v->lesson->graph, r));
}

// In a page that asks for a click: which number a shape stands for.
static const char *place_of(Arena *a, const SvgStyle *style, const View *v, const Shape *s) {
    Ref r = s->ref;
    if (!style->asks || r.unit < 1 || (r.kind != REF_VALUE && r.kind != REF_GRAD)) return "";
    return arena_printf(a, " data-ref=\"%s\"", svg_ref(a, v->lesson->graph, r));
}

static int clip_class(SvgStyle *style, Box b) {
    b = mark_snapped(b, 1);
    for (int k = 0; k < style->n_clips; k++)
        if (memcmp(&style->clips[k], &b, sizeof b) == 0) return k;
    ARENA_PUSH(style->keep, style->clips, style->n_clips, style->cap_clips, b);
    return style->n_clips - 1;
}

// A <title>, or "". In a page only its squares have one, but for what a question asks for.
static const char *title_of(Arena *a, const View *v, const Shape *s, bool bare) {
    bool square = s->kind == SHAPE_BOX && s->ref.unit > 0;
    bool means = v && (!bare || (square && !view_hidden(v, s->ref)));
    const char *meaning = means ? picture_meaning(a, v, s) : NULL;
    if (!meaning) return "";
    Buf markup = buf_new(a);
    buf_puts(&markup, "<title>");
    svg_escape(&markup, meaning);
    buf_puts(&markup, "</title>");
    return buf_str(&markup);
}

static const char *element(Arena *a, SvgStyle *style, const View *v, MarkWalk *w) {
    const Shape *s = w->shape;
    bool bare = style->n_themes > 0 || !v;
    if (w->n == 0) { // not seen, but it stands for something
        if (bare || s->ref.kind == REF_NONE) return NULL;
        w->marks[w->n++] = (Mark){.kind = MARK_BOX, .box = mark_snapped(s->box, 1)};
    }
    const char *id = !v ? "" : bare ? place_of(a, style, v, s) : id_of(a, style, v, s);
    const char *clip = "";
    if (s->clip)
        clip = arena_printf(a, " clip-path=\"url(#clip%d)\"",
                            clip_class(style, w->scene->clips[s->clip]));
    const char *attributes = arena_printf(a, "%s%s", id, clip);
    Buf out = buf_new(a);
    put_mark(style, s, &w->marks[0], attributes, title_of(a, v, s, bare), &out);
    for (int k = 1; k < w->n; k++) put_mark(style, s, &w->marks[k], clip, "", &out);
    return buf_str(&out);
}

static const char *ring_element(Arena *a, SvgStyle *style, const MarkWalk *w) {
    Buf out = buf_new(a);
    for (int k = 0; k < w->n; k++) put_mark(style, w->shape, &w->marks[k], "", "", &out);
    return buf_str(&out);
}

const char **svg_elements(Arena *a, SvgStyle *style, const Scene *s, const View *v, int *count) {
    const char **out = ARENA_ARRAY(a, const char *, 2 * s->count + 1);
    int n = 0;
    style->named = NULL;
    style->n_named = style->cap_named = 0;
    for (MarkWalk w = mark_walk(s, style->theme, 1, -1); mark_next(&w);) {
        const char *made = w.ring ? ring_element(a, style, &w) : element(a, style, v, &w);
        if (made) out[n++] = made;
    }
    *count = n;
    return out;
}

void svg_defs(SvgStyle *style, Buf *out) {
    buf_puts(out, "<defs>");
    for (int k = 0; k < style->n_clips; k++) {
        buf_printf(out, "<clipPath id=\"clip%d\">", k);
        put_box(out, style->clips[k], 0);
        buf_puts(out, "/></clipPath>");
    }
    if (style->hatched)
        buf_puts(out,
                 "<pattern id=\"hatch\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\">"
                 "<path d=\"M-1 1L1 -1M0 4L4 0M3 5L5 3\" stroke=\"#000\" stroke-width=\".8\"/>"
                 "</pattern>");
    for (int k = 0; k < style->n_glyphs; k++)
        buf_printf(out, "<path id=\"g%d\" d=\"%s\"/>", k, style->glyphs[k].d);
    buf_puts(out, "</defs>\n");
}

static void put_title(Buf *out, const char *tag, const char *text) {
    buf_printf(out, "<%s>", tag);
    svg_escape(out, text);
    buf_printf(out, "</%s>\n", tag);
}

// Everything before the elements. size: what stands at width and height, before their units.
static void put_head(SvgStyle *style, const Look *look, Box size, const char *unit, Box view,
                     const char *title, const char *about, Role ground, Buf *out) {
    buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<svg xmlns=\"http://www.w3.org/2000/svg\"");
    buf_printf(out, " width=\"%.6g%s\" height=\"%.6g%s\"", size.w, unit, size.h, unit);
    buf_printf(out, " viewBox=\"0 0 %.6g %.6g\" xml:lang=\"%s\" role=\"img\">\n", view.w, view.h,
               look->lang == LANG_ZH ? "zh-CN" : "en");
    put_title(out, "title", title);
    if (about) put_title(out, "desc", about);
    buf_puts(out, "<style>");
    svg_css(style, out);
    buf_puts(out, "</style>\n");
    svg_defs(style, out);
    if (look->transparent) return;
    buf_printf(out, "<rect width=\"%.6g\" height=\"%.6g\"", view.w, view.h);
    svg_paint(style, "fill", ink(ground), out);
    buf_puts(out, "/>\n");
}

static const char *lesson_title(const Look *look) {
    const char *title = look->lesson->title[look->lang];
    return title ? title : look->lesson->title[LANG_EN];
}

void svg_document(Arena *a, Fonts *fonts, const Scene *s, const Look *look, const Frame *frame,
                  Buf *out) {
    View v = picture_view(look, frame);
    SvgStyle *style = svg_style_new(a, s->text, fonts, look);
    int n;
    const char **elements = svg_elements(a, style, s, &v, &n);
    double mm = look->millimetres, scale = mm > 0 ? mm / s->width : look->scale;
    Box view = {0, 0, s->width, s->height}, size = {0, 0, s->width * scale, s->height * scale};
    const char *title =
        arena_printf(a, "%s · %s", lesson_title(look), picture_address(a, look, frame));
    put_head(style, look, size, mm > 0 ? "mm" : "", view, title, picture_sentence(a, look, frame),
             ROLE_GROUND, out);
    for (int k = 0; k < n; k++) {
        buf_puts(out, elements[k]);
        buf_puts(out, "\n");
    }
    buf_puts(out, "</svg>\n");
}

void svg_page(SvgStyle *style, const Look *look, double width, double height, Role ground,
              const char *elements, Buf *out) {
    Box size = {0, 0, width, height};
    put_head(style, look, size, "pt", size, lesson_title(look), NULL, ground, out);
    buf_puts(out, elements);
    buf_puts(out, "</svg>\n");
}
