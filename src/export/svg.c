// The painter's rules (view/paint.c) written as markup: edges on whole pixels, upright lines as
// rectangles, hatching for what is negative in print, rings last. Each shape becomes one element,
// a string of its own, so that a page of many frames can share those that do not change.
#include "export/svg.h"

#include <math.h>
#include <string.h>

#include "export/svg_style.h"

SvgStyle *svg_style_new(Arena *keep, TextEngine *text, Fonts *fonts, const Look *look) {
    SvgStyle *style = ARENA_NEW(keep, SvgStyle);
    *style = (SvgStyle){.keep = keep,
                        .text = text,
                        .fonts = fonts,
                        .theme = look->theme,
                        .scale = 1,
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
    if (ink.role == ROLE_NONE || !(ink.strength > 0)) {
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

static bool inked(Ink ink) {
    return ink.role != ROLE_NONE && ink.strength > 0;
}

static double snap(double x) {
    return floor(x + 0.5);
}

static Box snapped(Box b) {
    double x0 = snap(b.x), y0 = snap(b.y);
    return (Box){x0, y0, snap(b.x + b.w) - x0, snap(b.y + b.h) - y0};
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

static void put_dash(Buf *out, Dash dash, double width) {
    double unit = fmax(1, width);
    if (dash == DASH_DOTTED)
        buf_printf(out, " stroke-dasharray=\"%.4g %.4g\"", 1.6 * unit, 2.2 * unit);
    if (dash == DASH_DASHED) buf_printf(out, " stroke-dasharray=\"%.4g %.4g\"", 3 * unit, 2 * unit);
}

static void close_with(Buf *out, const char *tag, const char *title) {
    if (*title)
        buf_printf(out, ">%s</%s>", title, tag);
    else
        buf_puts(out, "/>");
}

static void svg_box(SvgStyle *style, const Shape *s, const char *attributes, const char *title,
                    Buf *out) {
    bool stroked = inked(s->stroke) && s->line_width > 0;
    double half = stroked ? s->line_width / 2 : 0;
    Box b = box_inset(snapped(s->box), half, half);
    if (stroked && (b.w <= 0 || b.h <= 0)) stroked = false;
    put_box(out, b, s->radius > 0 ? s->radius - half : 0);
    svg_paint(style, "fill", s->fill, out);
    if (stroked) {
        svg_paint(style, "stroke", s->stroke, out);
        if (s->line_width != 1) attribute(out, "stroke-width", s->line_width);
        put_dash(out, s->dash, s->line_width);
    }
    buf_puts(out, attributes);
    if (!inked(s->fill) && !stroked) buf_puts(out, " pointer-events=\"all\"");
    close_with(out, "rect", title);
    bool ramp = s->fill.role == ROLE_VALUE || s->fill.role == ROLE_GRAD;
    if (style->theme != THEME_PRINT || !ramp || !(s->fill.level < 0)) return;
    style->hatched = true;
    put_box(out, snapped(box_inset(s->box, 1, 1)), 0);
    buf_printf(out, " fill=\"url(#hatch)\" opacity=\"%.3g\"/>", (double)s->fill.strength * 0.8);
}

static void put_steps(Buf *out, const Shape *s) {
    static const char letters[] = {'M', 'L', 'C', 'Z'};
    buf_puts(out, " d=\"");
    for (int k = 0; k < s->n_path; k++) {
        const PathStep *q = &s->path[k];
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

// An upright or level line without dashes is a rectangle on whole pixels.
static bool straight(const Shape *s, Box *box) {
    if (s->n_path != 2 || s->dash != DASH_NONE || inked(s->fill)) return false;
    const PathStep *a = &s->path[0], *b = &s->path[1];
    double w = s->line_width, half = w / 2;
    if (a->x == b->x)
        *box = (Box){snap(a->x - half), fmin(a->y, b->y), w, fabs(a->y - b->y)};
    else if (a->y == b->y)
        *box = (Box){fmin(a->x, b->x), snap(a->y - half), fabs(a->x - b->x), w};
    else
        return false;
    return true;
}

static void svg_path(SvgStyle *style, const Shape *s, const char *attributes, const char *title,
                     Buf *out) {
    Box box;
    if (straight(s, &box)) {
        put_box(out, box, 0);
        svg_paint(style, "fill", s->stroke, out);
        buf_puts(out, attributes);
        close_with(out, "rect", title);
        return;
    }
    buf_puts(out, "<path");
    put_steps(out, s);
    svg_paint(style, "fill", s->fill, out);
    if (inked(s->stroke) && s->line_width > 0) {
        svg_paint(style, "stroke", s->stroke, out);
        if (s->line_width != 1) attribute(out, "stroke-width", s->line_width);
        buf_puts(out, " stroke-linejoin=\"round\"");
        put_dash(out, s->dash, s->line_width);
    }
    buf_puts(out, attributes);
    close_with(out, "path", title);
}

// What lights a shape up: a ring around what is drawn, a tint over what is written.
static void svg_hot(SvgStyle *style, const Shape *s, Buf *out) {
    if (s->kind == SHAPE_BOX && (inked(s->fill) || inked(s->stroke))) {
        Box b = snapped(s->box);
        if (b.h >= 9) {
            put_box(out, box_inset(b, 1.25, 1.25), s->radius - 1.25);
            svg_paint(style, "stroke", ink(ROLE_PANEL), out);
            buf_puts(out, " fill=\"none\"/>");
        }
        put_box(out, box_inset(b, -0.25, -0.25), s->radius + 0.25);
        svg_paint(style, "stroke", ink(ROLE_TEXT), out);
        buf_puts(out, " fill=\"none\" stroke-width=\"2\"/>");
    } else if (s->kind == SHAPE_PATH) {
        buf_puts(out, "<path");
        put_steps(out, s);
        svg_paint(style, "stroke", ink_soft(ROLE_TEXT, 0.25), out);
        buf_puts(out, " fill=\"none\"");
        attribute(out, "stroke-width", s->line_width + 4);
        buf_puts(out, "/>");
    } else {
        put_box(out, snapped(box_inset(s->box, -2, 0)), 3);
        svg_paint(style, "fill", ink_soft(ROLE_ACCENT, 0.16), out);
        buf_puts(out, "/>");
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
    b = snapped(b);
    for (int k = 0; k < style->n_clips; k++)
        if (memcmp(&style->clips[k], &b, sizeof b) == 0) return k;
    ARENA_PUSH(style->keep, style->clips, style->n_clips, style->cap_clips, b);
    return style->n_clips - 1;
}

static const char *element(Arena *a, SvgStyle *style, const Scene *scene, const View *v,
                           const Shape *s) {
    bool shows = inked(s->fill) || (inked(s->stroke) && s->line_width > 0);
    bool bare = style->n_themes > 0 || !v;
    if (!shows && (bare || s->ref.kind == REF_NONE)) return NULL;
    const char *id = !v ? "" : bare ? place_of(a, style, v, s) : id_of(a, style, v, s);
    const char *clip = "", *title = "";
    if (s->clip)
        clip = arena_printf(a, " clip-path=\"url(#clip%d)\"",
                            clip_class(style, scene->clips[s->clip]));
    // in a page: its squares, but for what a question asks for
    bool square = s->kind == SHAPE_BOX && s->ref.unit > 0;
    bool means = v && (!bare || (square && !view_hidden(v, s->ref)));
    const char *meaning = means ? picture_meaning(a, v, s) : NULL;
    if (meaning) {
        Buf markup = buf_new(a);
        buf_puts(&markup, "<title>");
        svg_escape(&markup, meaning);
        buf_puts(&markup, "</title>");
        title = buf_str(&markup);
    }
    const char *attributes = arena_printf(a, "%s%s", id, clip);
    Buf out = buf_new(a);
    switch (s->kind) {
    case SHAPE_BOX: svg_box(style, s, attributes, title, &out); break;
    case SHAPE_PATH: svg_path(style, s, attributes, title, &out); break;
    case SHAPE_TEXT: svg_text(style, s, attributes, title, &out); break;
    case SHAPE_FORMULA: svg_formula(style, s, attributes, title, &out); break;
    }
    return buf_str(&out);
}

const char **svg_elements(Arena *a, SvgStyle *style, const Scene *s, const View *v, int *count) {
    const char **out = ARENA_ARRAY(a, const char *, 2 * s->count + 1);
    int n = 0;
    style->named = NULL;
    style->n_named = style->cap_named = 0;
    for (int k = 0; k < s->count; k++) {
        const char *made = element(a, style, s, v, &s->shapes[k]);
        if (made) out[n++] = made;
    }
    for (int k = 0; k < s->count; k++) { // last, so that no neighbour covers a ring
        if (!s->shapes[k].hot) continue;
        Buf ring = buf_new(a);
        svg_hot(style, &s->shapes[k], &ring);
        out[n++] = buf_str(&ring);
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
