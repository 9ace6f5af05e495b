// Fractions, radicals, accents, braces, fences and tables, each by the rules of Appendix G of
// The TeXbook with the constants of the font's MATH table in place of TeX's font parameters.
#include "view/math_box.h"

#include <math.h>

#define LENGTH(name) style_length(l, s, HB_OT_MATH_CONSTANT_##name)

static double axis_height(const Layout *l, Style s) {
    return LENGTH(AXIS_HEIGHT);
}

LayBox *layout_frac(const Layout *l, const MathNode *n, Style s) {
    if (n->n) s.level = n->n - 1;
    bool display = s.level == 0;
    LayBox *num = layout_node(l, n->a, style_num(s)), *den = layout_node(l, n->b, style_den(s));
    double rule = LENGTH(FRACTION_RULE_THICKNESS), axis = axis_height(l, s);
    double up = display ? LENGTH(FRACTION_NUMERATOR_DISPLAY_STYLE_SHIFT_UP)
                        : LENGTH(FRACTION_NUMERATOR_SHIFT_UP);
    double down = display ? LENGTH(FRACTION_DENOMINATOR_DISPLAY_STYLE_SHIFT_DOWN)
                          : LENGTH(FRACTION_DENOMINATOR_SHIFT_DOWN);
    double gap_up =
        display ? LENGTH(FRACTION_NUM_DISPLAY_STYLE_GAP_MIN) : LENGTH(FRACTION_NUMERATOR_GAP_MIN);
    double gap_down = display ? LENGTH(FRACTION_DENOM_DISPLAY_STYLE_GAP_MIN)
                              : LENGTH(FRACTION_DENOMINATOR_GAP_MIN);
    up = fmax(up, axis + rule / 2 + gap_up + num->descent);
    down = fmax(down, den->ascent + gap_down + rule / 2 - axis);
    double pad = 0.12 * style_size(l, s), overhang = 0.04 * style_size(l, s);
    double width = fmax(num->width, den->width) + 2 * overhang;
    LayBox *out = box_new(l, BOX_LIST);
    box_add(out, num, pad + (width - num->width) / 2, -up);
    box_add(out, box_rule(l, width, rule), pad, -axis - rule / 2);
    box_add(out, den, pad + (width - den->width) / 2, down);
    out->width = width + 2 * pad;
    return out;
}

LayBox *layout_sqrt(const Layout *l, const MathNode *n, Style s) {
    LayBox *body = layout_node(l, n->a, style_cramp(s));
    double rule = LENGTH(RADICAL_RULE_THICKNESS), size = style_size(l, s);
    double gap =
        s.level == 0 ? LENGTH(RADICAL_DISPLAY_STYLE_VERTICAL_GAP) : LENGTH(RADICAL_VERTICAL_GAP);
    double inner = body->ascent + body->descent;
    LayBox *sign = stretch_vertical(l, 0x221A, inner + gap + rule, size);
    double height = sign->ascent + sign->descent;
    gap = fmax(gap, (gap + height - rule - inner) / 2); // half of what the sign is too high
    double top = body->ascent + gap + rule;
    LayBox *out = box_new(l, BOX_LIST);
    double x = 0;
    if (n->b) {
        LayBox *degree = layout_list(l, n->b, (Style){3, false});
        double raise =
            math_font_percent(&l->font, HB_OT_MATH_CONSTANT_RADICAL_DEGREE_BOTTOM_RAISE_PERCENT);
        double before = LENGTH(RADICAL_KERN_BEFORE_DEGREE);
        x = fmax(0, before + degree->width + LENGTH(RADICAL_KERN_AFTER_DEGREE));
        box_add(out, degree, fmax(0, x - degree->width - LENGTH(RADICAL_KERN_AFTER_DEGREE)),
                height - top - raise * height);
    }
    box_add(out, sign, x, sign->ascent - top);
    x += sign->width;
    box_add(out, box_rule(l, body->width, rule), x, -top);
    box_add(out, body, x, 0);
    out->ascent = top + LENGTH(RADICAL_EXTRA_ASCENDER);
    return out;
}

/// Where an accent should stand over a box.
static double attachment(const Layout *l, const LayBox *b) {
    const LayBox *g = box_nucleus(b);
    return g ? math_font_attach(&l->font, g->glyph, g->size) : b->width / 2;
}

/// A mark as wide as its base: a larger form of it, or, over a narrow letter, a smaller one, lifted
/// so that it keeps its distance.
static LayBox *wide_mark(const Layout *l, uint32_t code, double width, double size) {
    LayBox *mark = stretch_horizontal(l, code, 0.75 * width, size);
    if (!mark->is_glyph || !l->font.hb) return mark;
    GlyphSize ink = math_font_measure(&l->font, mark->glyph, size);
    double reach = ink.reach - ink.left;
    if (reach <= width) return mark;
    double share = fmax(0.6, width / reach);
    LayBox *small = box_glyph(l, mark->glyph, code, share * size), *out = box_new(l, BOX_LIST);
    box_add(out, small, 0, (1 - share) * ink.descent);
    return out;
}

LayBox *layout_accent(const Layout *l, const MathNode *n, Style s) {
    LayBox *base = layout_node(l, n->a, style_cramp(s));
    double size = style_size(l, s);
    LayBox *mark = n->wide ? wide_mark(l, n->code, base->width + base->italic, size)
                           : box_symbol(l, n->code, (Style){s.level, true});
    double drop = fmin(base->ascent, LENGTH(ACCENT_BASE_HEIGHT));
    LayBox *out = box_new(l, BOX_LIST);
    box_add(out, base, 0, 0);
    double shift = attachment(l, base) - attachment(l, mark);
    const LayBox *glyph = mark->is_glyph ? mark : mark->first;
    if (n->wide && glyph && glyph->is_glyph) { // by the middle of the ink: marks reach back
        GlyphSize ink = math_font_measure(&l->font, glyph->glyph, glyph->size);
        shift = (base->width + base->italic - ink.left - ink.reach) / 2;
    }
    box_add(out, mark, shift, drop - base->ascent);
    out->width = base->width;
    out->italic = base->italic;
    return out;
}

LayBox *layout_line(const Layout *l, const MathNode *n, Style s) {
    LayBox *base = layout_node(l, n->a, n->n > 0 ? style_cramp(s) : s);
    LayBox *out = box_new(l, BOX_LIST);
    box_add(out, base, 0, 0);
    if (n->n > 0) {
        double rule = LENGTH(OVERBAR_RULE_THICKNESS);
        double y = base->ascent + LENGTH(OVERBAR_VERTICAL_GAP) + rule;
        box_add(out, box_rule(l, base->width, rule), 0, -y);
        out->ascent = y + LENGTH(OVERBAR_EXTRA_ASCENDER);
    } else {
        double y = base->descent + LENGTH(UNDERBAR_VERTICAL_GAP);
        box_add(out, box_rule(l, base->width, LENGTH(UNDERBAR_RULE_THICKNESS)), 0, y);
        out->descent += LENGTH(UNDERBAR_EXTRA_DESCENDER);
    }
    return out;
}

/// The top and bottom of a brace's ink over all its pieces.
static GlyphSize brace_ink(const Layout *l, const LayBox *brace) {
    if (brace->is_glyph) return math_font_measure(&l->font, brace->glyph, brace->size);
    GlyphSize all = {brace->width, -1e9, -1e9, 0, brace->width};
    for (const LayBox *p = brace->first; p; p = p->next) {
        GlyphSize m = math_font_measure(&l->font, p->first->glyph, p->first->size);
        all.ascent = fmax(all.ascent, m.ascent);
        all.descent = fmax(all.descent, m.descent);
    }
    return brace->first ? all : (GlyphSize){brace->width, 0, 0, 0, 0};
}

LayBox *layout_brace(const Layout *l, const MathNode *n, Style s) {
    LayBox *base = layout_node(l, n->a, s);
    LayBox *brace = stretch_horizontal(l, n->code, base->width, style_size(l, s));
    double gap = 0.12 * style_size(l, s), width = fmax(base->width, brace->width);
    LayBox *out = box_new(l, BOX_LIST);
    box_add(out, base, (width - base->width) / 2, 0);
    // the brace's ink stands anywhere about its baseline; touch it by its near edge
    GlyphSize ink = brace_ink(l, brace);
    double y = n->n > 0 ? -(base->ascent + gap + ink.descent) : base->descent + gap + ink.ascent;
    box_add(out, brace, (width - brace->width) / 2, y);
    out->ascent = n->n > 0 ? -y + ink.ascent : base->ascent;
    out->descent = n->n > 0 ? base->descent : y + ink.descent;
    return out;
}

/// The body of a fence: its \middle brackets, found while laying it out, come after.
static const MathNode *next_middle(const MathNode *list) {
    while (list && list->kind != NODE_MIDDLE) list = list->next;
    return list;
}

/// The nodes before `end`, as a list of its own.
static const MathNode *list_until(const Layout *l, const MathNode *list, const MathNode *end) {
    if (!end) return list;
    MathNode *first = NULL, **last = &first;
    for (; list != end; list = list->next) {
        *last = ARENA_NEW(l->arena, MathNode);
        **last = *list;
        (*last)->next = NULL;
        last = &(*last)->next;
    }
    return first;
}

LayBox *layout_fence(const Layout *l, const MathNode *n, Style s) {
    LayBox *parts = box_new(l, BOX_LIST); // only to hold them, in order
    double reach = 0, axis = axis_height(l, s), size = style_size(l, s);
    for (const MathNode *from = n->a;;) {
        const MathNode *middle = next_middle(from);
        LayBox *b = layout_list(l, list_until(l, from, middle), s);
        reach = fmax(reach, fmax(b->ascent - axis, b->descent + axis));
        box_add(parts, b, 0, 0);
        if (!middle) break;
        from = middle->next;
    }
    // TeX's \delimiterfactor and \delimitershortfall
    double extent = fmax(2 * reach * 0.901, 2 * reach - 0.5 * size);
    LayBox *out = box_new(l, BOX_LIST);
    box_add(out, stretch_bracket(l, n->code, extent, s), 0, 0);
    const MathNode *middle = next_middle(n->a);
    for (LayBox *b = parts->first, *next; b; b = next) {
        next = b->next;
        b->next = NULL;
        box_add(out, b, out->width, 0);
        if (!next) break;
        box_add(out, stretch_bracket(l, middle->code, extent, s), out->width + 0.2 * size, 0);
        out->width += 0.2 * size;
        middle = next_middle(middle->next);
    }
    box_add(out, stretch_bracket(l, n->code2, extent, s), out->width, 0);
    return out;
}

/// Column widths and row heights of a table.
typedef struct {
    LayBox **cell; // [rows * cols], NULL for empty
    double *width, *ascent, *descent;
} Grid;

static Grid measure_grid(const Layout *l, const MathMatrix *m, Style s) {
    Grid g = {ARENA_ARRAY(l->arena, LayBox *, m->rows * m->cols),
              ARENA_ARRAY(l->arena, double, m->cols), ARENA_ARRAY(l->arena, double, m->rows),
              ARENA_ARRAY(l->arena, double, m->rows)};
    double size = style_size(l, s);
    for (int r = 0; r < m->rows; r++) {
        g.ascent[r] = 0.84 * size; // a strut, as in LaTeX's arrays
        g.descent[r] = 0.36 * size;
        for (int c = 0; c < m->cols; c++) {
            const MathNode *list = m->cells[r * m->cols + c];
            if (!list) continue;
            // an aligned relation keeps its distance from an empty left side
            MathNode empty = {.kind = NODE_GROUP, .next = (MathNode *)list};
            bool side = m->kind == MATRIX_ALIGNED && c % 2 == 1;
            LayBox *b = layout_list(l, side ? &empty : list, s);
            g.cell[r * m->cols + c] = b;
            g.width[c] = fmax(g.width[c], b->width);
            g.ascent[r] = fmax(g.ascent[r], b->ascent);
            g.descent[r] = fmax(g.descent[r], b->descent);
        }
    }
    return g;
}

/// Before column c, in ems.
static double column_gap(MathMatrixKind kind, int c) {
    if (c == 0) return 0;
    if (kind == MATRIX_ALIGNED) return c % 2 == 1 ? 0 : 2;
    return 1;
}

static double align_in(MathMatrixKind kind, int c, double room) {
    if (kind == MATRIX_CENTERED) return room / 2;
    return kind == MATRIX_ALIGNED && c % 2 == 0 ? room : 0;
}

LayBox *layout_matrix(const Layout *l, const MathNode *n, Style s) {
    const MathMatrix *m = n->matrix;
    if (m->kind != MATRIX_ALIGNED && s.level == 0) s.level = 1;
    if (m->kind == MATRIX_ALIGNED && s.level == 1) s.level = 0;
    double size = style_size(l, s), skip = m->kind == MATRIX_ALIGNED ? 0.3 * size : 0;
    Grid g = measure_grid(l, m, s);
    LayBox *out = box_new(l, BOX_LIST);
    double height = 0, y = 0, x = 0;
    for (int r = 0; r < m->rows; r++) height += g.ascent[r] + g.descent[r] + (r ? skip : 0);
    double top = height / 2 + axis_height(l, s); // above the baseline
    y = -top;
    for (int r = 0; r < m->rows; r++) {
        y += (r ? skip : 0) + g.ascent[r];
        x = 0;
        for (int c = 0; c < m->cols; c++) {
            x += column_gap(m->kind, c) * size;
            LayBox *b = g.cell[r * m->cols + c];
            if (b) box_add(out, b, x + align_in(m->kind, c, g.width[c] - b->width), y);
            x += g.width[c];
        }
        y += g.descent[r];
    }
    out->width = x;
    // brackets need not reach round the struts
    out->ascent = fmax(0, top - 0.06 * size);
    out->descent = fmax(0, height - top - 0.06 * size);
    return out;
}

LayBox *layout_limits(const Layout *l, LayBox *base, LayBox *above, LayBox *below, Style s) {
    double width = base->width, lean = base->italic;
    if (above) width = fmax(width, above->width);
    if (below) width = fmax(width, below->width);
    LayBox *out = box_new(l, BOX_LIST);
    box_add(out, base, (width - base->width) / 2, 0);
    if (above) {
        double y = base->ascent + fmax(LENGTH(UPPER_LIMIT_BASELINE_RISE_MIN),
                                       LENGTH(UPPER_LIMIT_GAP_MIN) + above->descent);
        box_add(out, above, (width - above->width) / 2 + lean / 2, -y);
    }
    if (below) {
        double y = base->descent + fmax(LENGTH(LOWER_LIMIT_BASELINE_DROP_MIN),
                                        LENGTH(LOWER_LIMIT_GAP_MIN) + below->ascent);
        box_add(out, below, (width - below->width) / 2 - lean / 2, y);
    }
    out->width = width;
    return out;
}

LayBox *layout_stack(const Layout *l, const MathNode *n, Style s) {
    LayBox *above = n->b ? layout_node(l, n->b, style_sup(s)) : NULL;
    LayBox *below = n->c ? layout_node(l, n->c, style_sub(s)) : NULL;
    return layout_limits(l, layout_node(l, n->a, s), above, below, s);
}
