// From boxes to a flat list of glyphs, rules and texts, and from that to the page. Glyphs of one
// colour and size go out together with the characters they stand for, so that formulas in a PDF
// can be searched and copied.
#include <math.h>
#include <string.h>

#include "view/math_box.h"

/// The list being filled while the boxes are walked.
typedef struct {
    Arena *arena;
    MathItem *items;
    int n_items, cap_items;
    MathTerm *terms;
    int n_terms, cap_terms;
} Flat;

static void add_item(Flat *f, const LayBox *b, double x, double y, Role role) {
    MathItem item = {.role = role, .x = x, .y = y, .size = b->size};
    if (b->kind == BOX_RULE) {
        item.kind = ITEM_RULE;
        item.w = b->width;
        item.h = b->descent;
    } else if (b->kind == BOX_TEXT) {
        item.kind = ITEM_TEXT;
        item.text = b->text;
    } else {
        item.kind = ITEM_GLYPH;
        item.glyph = b->glyph;
        item.code = b->code;
        item.is_piece = b->is_piece;
    }
    ARENA_PUSH(f->arena, f->items, f->n_items, f->cap_items, item);
}

static void flatten(Flat *f, const LayBox *b, double x, double y, Role role) {
    if (b->kind == BOX_GLYPH || b->kind == BOX_RULE || b->kind == BOX_TEXT) {
        add_item(f, b, x, y, role);
        return;
    }
    if (b->kind == BOX_COLOR) role = b->role;
    if (b->kind == BOX_TERM) {
        MathTerm term = {b->text, {x, y - b->ascent, b->width, b->ascent + b->descent}};
        ARENA_PUSH(f->arena, f->terms, f->n_terms, f->cap_terms, term);
    }
    for (const LayBox *c = b->first; c; c = c->next) flatten(f, c, x + c->x, y + c->y, role);
}

const MathBox *math_set(Arena *a, TextEngine *e, const char *tex, double size, bool display,
                        size_t *at, const char **why) {
    MathNode *list = NULL;
    if (!math_parse(a, tex, &list, at, why)) return NULL;
    Layout l = {a, e, math_font(e), size};
    LayBox *b = layout_list(&l, list, (Style){display ? 0 : 1, false});
    Flat f = {.arena = a};
    flatten(&f, b, 0, 0, ROLE_NONE);
    MathBox *m = ARENA_NEW(a, MathBox);
    *m = (MathBox){
        b->width + b->italic, b->ascent, b->descent, e, f.items, f.n_items, f.terms, f.n_terms};
    return m;
}

MathSize math_size(const MathBox *m) {
    return (MathSize){m->width, m->ascent, m->descent};
}

const MathTerm *math_terms(const MathBox *m, int *count) {
    *count = m->n_terms;
    return m->terms;
}

enum { RUN_MAX = 64 }; // glyphs in one call

/// Items from `from` on that can be shown together; how many.
static int glyph_run(const MathBox *m, int from) {
    int n = 0;
    const MathItem *first = &m->items[from];
    while (from + n < m->n_items && n < RUN_MAX) {
        const MathItem *i = &m->items[from + n];
        if (i->kind != ITEM_GLYPH || i->role != first->role || i->size != first->size ||
            i->is_piece != first->is_piece)
            break;
        n++;
    }
    return n;
}

static void show_glyphs(const MathItem *items, int n, cairo_t *cr, double x, double y) {
    cairo_glyph_t glyphs[RUN_MAX];
    cairo_text_cluster_t clusters[RUN_MAX];
    char text[RUN_MAX * 4];
    int bytes = 0;
    for (int i = 0; i < n; i++) {
        glyphs[i] = (cairo_glyph_t){items[i].glyph, x + items[i].x, y + items[i].y};
        int len = items[i].code ? math_encode(items[i].code, text + bytes) : 0;
        if (len == 0) text[bytes] = ' ', len = 1; // every cluster must say something
        clusters[i] = (cairo_text_cluster_t){len, 1};
        bytes += len;
    }
    cairo_set_font_size(cr, items[0].size);
    if (items[0].is_piece) {
        cairo_glyph_path(cr, glyphs, n);
        cairo_fill(cr);
        return;
    }
    cairo_show_text_glyphs(cr, text, bytes, glyphs, n, clusters, n, 0);
}

static void set_paint(cairo_t *cr, ThemeKind theme, Ink ink, Role role) {
    if (role != ROLE_NONE) ink = (Ink){role, 1, ink.strength};
    Color c = theme_color(theme, ink);
    cairo_set_source_rgba(cr, c.r, c.g, c.b, c.a);
}

static void set_font(const MathBox *m, cairo_t *cr) {
    cairo_font_face_t *font = text_math_cairo_face(m->engine);
    if (!font) return;
    cairo_set_font_face(cr, font);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_set_font_options(cr, options);
    cairo_font_options_destroy(options);
}

static void show_rule(const MathItem *i, cairo_t *cr, double x, double y) {
    cairo_rectangle(cr, x + i->x, y + i->y, i->w, i->h);
    cairo_fill(cr);
}

void math_draw(const MathBox *m, cairo_t *cr, double x, double baseline, ThemeKind theme, Ink ink) {
    cairo_save(cr);
    set_font(m, cr);
    bool has_font = text_math_ft_face(m->engine) != NULL;
    for (int i = 0, n; i < m->n_items; i += n) {
        const MathItem *item = &m->items[i];
        n = 1;
        set_paint(cr, theme, ink, item->role);
        if (item->kind == ITEM_GLYPH) {
            n = glyph_run(m, i);
            if (has_font) show_glyphs(item, n, cr, x, baseline);
        } else if (item->kind == ITEM_RULE) {
            show_rule(item, cr, x, baseline);
        } else {
            TextStyle style = {.family = FONT_UI, .weight = WEIGHT_REGULAR, .size = item->size};
            text_draw(m->engine, cr, item->text, style, x + item->x, baseline + item->y);
        }
    }
    cairo_restore(cr);
}
