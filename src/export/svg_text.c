// Text and formulas of the SVG writer. A formula's glyphs are characters at given places; a glyph
// that no character stands for (a bracket grown to its content) is an outline.
#include <math.h>
#include <string.h>

#include "export/svg_style.h"
#include "view/math_tree.h"

/// The class of a text style, from 0.
static int class_of(SvgStyle *style, TextStyle text, int level) {
    text.size = floor(text.size * 100 + 0.5) / 100;
    for (int k = 0; k < style->n_texts; k++) {
        const SvgText *t = &style->texts[k];
        if (t->style.family == text.family && t->style.weight == text.weight &&
            t->style.italic == text.italic && t->style.size == text.size && t->level == level)
            return k;
    }
    SvgText made = {text, level};
    ARENA_PUSH(style->keep, style->texts, style->n_texts, style->cap_texts, made);
    return style->n_texts - 1;
}

void svg_css(SvgStyle *style, Buf *out) {
    static const int weights[] = {400, 500, 700};
    buf_puts(out, "text{white-space:pre}\n");
    for (int k = 0; k < style->n_texts; k++) {
        const SvgText *t = &style->texts[k];
        bool slanted = t->style.italic && t->style.family == FONT_UI;
        buf_printf(out, ".t%d{font:%s%d ", k, slanted ? "italic " : "", weights[t->style.weight]);
        buf_fixed(out, t->style.size);
        buf_puts(out, "px ");
        fonts_families(style->fonts, t->style, out);
        if (t->level) buf_printf(out, ";font-feature-settings:'ssty' %d", t->level);
        if (t->style.family != FONT_MATH) buf_puts(out, ";font-feature-settings:'calt' 0,'tnum'");
        buf_puts(out, "}\n");
    }
    fonts_css(style->fonts, out);
}

// The path that was traced on cr, as the d of a path element.
static void put_outline(cairo_t *cr, Buf *out) {
    cairo_path_t *path = cairo_copy_path(cr);
    for (int k = 0; k < path->num_data; k += path->data[k].header.length) {
        static const char letters[] = {'M', 'L', 'C', 'Z'};
        const cairo_path_data_t *d = &path->data[k];
        if (d->header.type == CAIRO_PATH_MOVE_TO && // a trailing one, after each closed letter
            k + d->header.length >= path->num_data)
            break;
        buf_put(out, &letters[d->header.type], 1);
        for (int i = 1; i < d->header.length; i++) {
            buf_fixed(out, d[i].point.x);
            buf_puts(out, " ");
            buf_fixed(out, d[i].point.y);
            if (i + 1 < d->header.length) buf_puts(out, " ");
        }
    }
    cairo_path_destroy(path);
}

static void put_text_outline(SvgStyle *style, const char *text, TextStyle type, double x, double y,
                             Buf *out) {
    cairo_t *cr = text_tracer();
    buf_puts(out, "<path d=\"");
    text_path(style->text, cr, text, type, x, y);
    put_outline(cr, out);
    buf_puts(out, "\"");
    cairo_destroy(cr);
}

static void put_place(Buf *out, double x, double y) {
    buf_puts(out, " x=\"");
    buf_fixed(out, x);
    buf_puts(out, "\" y=\"");
    buf_fixed(out, y);
    buf_puts(out, "\"");
}

static void put_text(SvgStyle *style, const char *text, TextStyle type, double x, double y,
                     Buf *out) {
    fonts_show(style->fonts, text, type);
    buf_puts(out, "<text class=\"t");
    buf_fixed(out, class_of(style, type, 0));
    buf_puts(out, "\"");
    put_place(out, x, y);
}

void svg_text(SvgStyle *style, const Shape *s, const char *attributes, const char *title,
              Buf *out) {
    if (style->outlines) {
        put_text_outline(style, s->text, s->style, s->box.x, s->baseline, out);
        svg_paint(style, "fill", s->fill, out);
        buf_printf(out, "%s><title>", attributes);
        svg_escape(out, s->text);
        buf_puts(out, "</title></path>");
        return;
    }
    put_text(style, s->text, s->style, s->box.x, s->baseline, out);
    svg_paint(style, "fill", s->fill, out);
    buf_puts(out, attributes);
    buf_puts(out, ">");
    buf_puts(out, title);
    svg_escape(out, text_as_set(out->arena, s->text, s->style));
    buf_puts(out, "</text>");
}

// --- formulas

/// A formula being written: its ink, and where its left end is.
typedef struct {
    SvgStyle *style;
    const Shape *shape;
    const MathBox *box;
    double x, y; // of its left end, on the baseline
    Buf *out;
} Formula;

static void put_fill(const Formula *f, Role role) {
    const Ink *own = &f->shape->fill;
    if (role != ROLE_NONE && (role != own->role || own->level < 1))
        svg_paint(f->style, "fill", (Ink){role, 1, own->strength}, f->out);
}

// The outline of a glyph with its left end at (x, y).
static void trace_glyph(const Formula *f, const MathItem *i, double x, double y, Buf *out) {
    cairo_t *cr = text_tracer();
    text_math_path(f->style->text, cr, i->glyph, i->size, x, y);
    put_outline(cr, out);
    cairo_destroy(cr);
}

// The number of an outline among those that a page has once.
static int shared_glyph(const Formula *f, const MathItem *i) {
    SvgStyle *style = f->style;
    for (int k = 0; k < style->n_glyphs; k++)
        if (style->glyphs[k].glyph == i->glyph && style->glyphs[k].size == i->size) return k;
    Buf d = buf_new(style->keep);
    trace_glyph(f, i, 0, 0, &d);
    SvgGlyph made = {i->glyph, i->size, buf_str(&d)};
    ARENA_PUSH(style->keep, style->glyphs, style->n_glyphs, style->cap_glyphs, made);
    return style->n_glyphs - 1;
}

static void put_glyph_outline(const Formula *f, const MathItem *i) {
    double x = f->x + i->x, y = f->y + i->y;
    if (f->style->n_themes) {
        buf_printf(f->out, "<use href=\"#g%d\"", shared_glyph(f, i));
        put_place(f->out, x, y);
    } else {
        buf_puts(f->out, "<path d=\"");
        trace_glyph(f, i, x, y, f->out);
        buf_puts(f->out, "\"");
    }
    put_fill(f, i->role);
    buf_puts(f->out, "/>");
}

static int level_of(const Formula *f, const MathItem *i) {
    if (i->kind != ITEM_GLYPH || i->is_piece || f->style->outlines) return -1;
    return fonts_math_level(f->style->fonts, i->code, i->glyph);
}

// Each character has its place; several in one tspan have a list of places. Those beyond the basic
// plane stand alone: renderers do not agree on whether they count once or twice in such a list.
static void put_characters(const Formula *f, const MathItem *items, int n) {
    for (int k = 0; k < n;) {
        int len = 1;
        while (items[k].code < 0x10000 && k + len < n && items[k + len].code < 0x10000) len++;
        buf_puts(f->out, "<tspan x=\"");
        for (int i = 0; i < len; i++) {
            if (i) buf_puts(f->out, " ");
            buf_fixed(f->out, f->x + items[k + i].x);
        }
        buf_puts(f->out, "\">");
        for (int i = 0; i < len; i++) {
            char bytes[5] = {0};
            math_encode(items[k + i].code, bytes);
            fonts_show(f->style->fonts, bytes, (TextStyle){.family = FONT_MATH});
            svg_escape(f->out, bytes);
        }
        buf_puts(f->out, "</tspan>");
        k += len;
    }
}

// Glyphs of one line, size and colour are one text.
static int put_glyphs(const Formula *f, int from) {
    const MathItem *first = &f->box->items[from];
    int level = level_of(f, first), n = 1;
    if (level < 0) return put_glyph_outline(f, first), 1;
    for (; from + n < f->box->n_items; n++) {
        const MathItem *i = &first[n];
        if (i->size != first->size || i->y != first->y || i->role != first->role ||
            level_of(f, i) != level)
            break;
    }
    TextStyle type = {FONT_MATH, WEIGHT_REGULAR, false, first->size};
    buf_puts(f->out, "<text class=\"t");
    buf_fixed(f->out, class_of(f->style, type, level));
    buf_puts(f->out, "\" y=\"");
    buf_fixed(f->out, f->y + first->y);
    buf_puts(f->out, "\"");
    put_fill(f, first->role);
    buf_puts(f->out, ">");
    put_characters(f, first, n);
    buf_puts(f->out, "</text>");
    return n;
}

static void put_rule(const Formula *f, const MathItem *i) {
    buf_puts(f->out, "<rect");
    put_place(f->out, f->x + i->x, f->y + i->y);
    buf_puts(f->out, " width=\"");
    buf_fixed(f->out, i->w);
    buf_puts(f->out, "\" height=\"");
    buf_fixed(f->out, i->h);
    buf_puts(f->out, "\"");
    put_fill(f, i->role);
    buf_puts(f->out, "/>");
}

static void put_words(const Formula *f, const MathItem *i) {
    TextStyle type = {FONT_UI, WEIGHT_REGULAR, false, i->size};
    double x = f->x + i->x, y = f->y + i->y;
    if (f->style->outlines)
        put_text_outline(f->style, i->text, type, x, y, f->out);
    else
        put_text(f->style, i->text, type, x, y, f->out);
    put_fill(f, i->role);
    buf_puts(f->out, ">");
    if (!f->style->outlines) svg_escape(f->out, i->text);
    buf_puts(f->out, f->style->outlines ? "</path>" : "</text>");
}

void svg_formula(SvgStyle *style, const Shape *s, const char *attributes, const char *title,
                 Buf *out) {
    Formula f = {style, s, s->layout, s->box.x, s->baseline, out};
    bool nested = style->n_themes && *attributes; // a clip is not to move with the formula
    if (nested) buf_printf(out, "<g%s>", attributes);
    buf_puts(out, "<g");
    svg_paint(style, "fill", s->fill, out);
    if (style->n_themes) { // the same formula elsewhere differs in this alone
        f.x = f.y = 0;
        buf_puts(out, " transform=\"translate(");
        buf_fixed(out, s->box.x);
        buf_puts(out, " ");
        buf_fixed(out, s->baseline);
        buf_puts(out, ")\"");
    }
    buf_printf(out, "%s>%s", nested ? "" : attributes, title);
    for (int i = 0; i < f.box->n_items;) {
        const MathItem *item = &f.box->items[i];
        int n = 1;
        if (item->kind == ITEM_GLYPH)
            n = put_glyphs(&f, i);
        else if (item->kind == ITEM_RULE)
            put_rule(&f, item);
        else
            put_words(&f, item);
        i += n;
    }
    buf_puts(out, nested ? "</g></g>" : "</g>");
}
