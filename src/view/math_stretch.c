// Signs that grow: brackets, radicals, braces, big operators. The font offers larger forms of a
// glyph; beyond the largest it tells of which pieces to build one, some of them repeatable, and
// how much the pieces must overlap.
#include "view/math_box.h"

#include <math.h>

enum { MAX_FORMS = 32, MAX_PIECES = 16, MAX_REPEATS = 300 };

/// A direction of growth and the sizes that go with it.
typedef struct {
    const Layout *l;
    hb_direction_t direction;
    double size, scale; // pixels an em, pixels a font unit
} Growth;

static bool is_vertical(const Growth *g) {
    return g->direction == HB_DIRECTION_BTT;
}

static double glyph_extent(const Growth *g, uint32_t glyph) {
    GlyphSize m = math_font_measure(&g->l->font, glyph, g->size);
    return is_vertical(g) ? m.ascent + m.descent : m.width;
}

/// The smallest ready form that is large enough, else the largest; *extent is its size.
static uint32_t best_form(const Growth *g, uint32_t glyph, double wanted, double *extent) {
    hb_ot_math_glyph_variant_t forms[MAX_FORMS];
    unsigned count = MAX_FORMS;
    hb_ot_math_get_glyph_variants(g->l->font.hb, glyph, g->direction, 0, &count, forms);
    *extent = glyph_extent(g, glyph);
    uint32_t best = glyph;
    for (unsigned i = 0; i < count && *extent < wanted; i++) {
        double e = forms[i].advance * g->scale;
        if (e > *extent) best = forms[i].glyph, *extent = e;
    }
    return best;
}

/// Pieces that build a glyph, with how often the repeatable ones stand in it.
typedef struct {
    hb_ot_math_glyph_part_t part[MAX_PIECES];
    unsigned count;
    int repeats;
    double overlap; // between two neighbours, pixels
} Assembly;

static int repeats_of(const Assembly *a, unsigned i) {
    return a->part[i].flags & HB_OT_MATH_GLYPH_PART_FLAG_EXTENDER ? a->repeats : 1;
}

static double assembly_extent(const Growth *g, const Assembly *a, double overlap, int *joints) {
    double sum = 0;
    int pieces = 0;
    for (unsigned i = 0; i < a->count; i++) {
        sum += repeats_of(a, i) * a->part[i].full_advance * g->scale;
        pieces += repeats_of(a, i);
    }
    *joints = pieces > 0 ? pieces - 1 : 0;
    return sum - *joints * overlap;
}

/// Chooses repeats and overlap so that the pieces reach the extent; false without pieces.
static bool find_assembly(const Growth *g, uint32_t glyph, double wanted, Assembly *a) {
    a->count = MAX_PIECES;
    hb_position_t italic;
    hb_ot_math_get_glyph_assembly(g->l->font.hb, glyph, g->direction, 0, &a->count, a->part,
                                  &italic);
    if (a->count == 0) return false;
    double least = hb_ot_math_get_min_connector_overlap(g->l->font.hb, g->direction) * g->scale;
    int joints = 0;
    double extent = 0;
    for (a->repeats = 1; a->repeats < MAX_REPEATS; a->repeats++) {
        double before = extent;
        extent = assembly_extent(g, a, least, &joints);
        if (extent >= wanted || extent <= before) break;
    }
    a->overlap = least;
    if (joints > 0 && extent > wanted) {
        // pull the pieces together as far as their connectors allow
        double most = 1e9;
        for (unsigned i = 0; i < a->count; i++)
            most = fmin(most,
                        fmax(a->part[i].end_connector_length, a->part[i].start_connector_length) *
                            g->scale);
        a->overlap = fmin(fmax(least, most), least + (extent - wanted) / joints);
    }
    return true;
}

/// A glyph whose ink stands on the baseline, as pieces are put together.
static LayBox *piece_box(const Growth *g, uint32_t glyph, double *extent) {
    LayBox *b = box_glyph(g->l, glyph, 0, g->size);
    b->is_piece = true;
    GlyphSize m = math_font_measure(&g->l->font, glyph, g->size);
    *extent = is_vertical(g) ? m.ascent + m.descent : m.width;
    LayBox *on = box_new(g->l, BOX_LIST);
    box_add(on, b, 0, is_vertical(g) ? -m.descent : 0);
    return on;
}

static LayBox *build(const Growth *g, const Assembly *a, uint32_t code) {
    LayBox *out = box_new(g->l, BOX_LIST);
    double at = 0;
    for (unsigned i = 0; i < a->count; i++)
        for (int k = 0; k < repeats_of(a, i); k++) {
            double extent;
            LayBox *piece = piece_box(g, a->part[i].glyph, &extent);
            box_add(out, piece, is_vertical(g) ? 0 : at, is_vertical(g) ? -at : 0);
            at += a->part[i].full_advance * g->scale - a->overlap;
        }
    if (out->first && out->first->first) out->first->first->code = code;
    out->stretched = true;
    return out;
}

static LayBox *stretch(const Growth *g, uint32_t code, double wanted) {
    uint32_t glyph;
    if (!math_font_glyph(&g->l->font, code, &glyph)) return box_new(g->l, BOX_LIST);
    if (!g->l->font.hb) {
        LayBox *b = box_glyph(g->l, glyph, code, g->size);
        if (is_vertical(g))
            b->ascent = fmax(b->ascent, wanted - b->descent);
        else
            b->width = fmax(b->width, wanted);
        b->stretched = true;
        return b;
    }
    double extent;
    uint32_t form = best_form(g, glyph, wanted, &extent);
    Assembly a;
    if (extent < wanted * 0.98 && find_assembly(g, glyph, wanted, &a)) return build(g, &a, code);
    LayBox *b = box_glyph(g->l, form, code, g->size);
    b->stretched = form != glyph;
    return b;
}

static Growth growth(const Layout *l, hb_direction_t direction, double size) {
    return (Growth){l, direction, size, size / l->font.units};
}

LayBox *stretch_vertical(const Layout *l, uint32_t code, double extent, double size) {
    Growth g = growth(l, HB_DIRECTION_BTT, size);
    return stretch(&g, code, extent);
}

LayBox *stretch_horizontal(const Layout *l, uint32_t code, double extent, double size) {
    Growth g = growth(l, HB_DIRECTION_LTR, size);
    return stretch(&g, code, extent);
}

LayBox *stretch_bracket(const Layout *l, uint32_t code, double extent, Style s) {
    LayBox *out = box_new(l, BOX_LIST);
    if (code == 0) {
        out->width = 0.12 * style_size(l, s); // TeX's \nulldelimiterspace
        return out;
    }
    LayBox *b = stretch_vertical(l, code, extent, style_size(l, s));
    double axis = style_length(l, s, HB_OT_MATH_CONSTANT_AXIS_HEIGHT);
    box_add(out, b, 0, (b->ascent - b->descent) / 2 - axis);
    return out;
}
