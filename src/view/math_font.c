// HarfBuzz reads the OpenType MATH table for us. The hb_font is made once and kept in the
// FreeType face's field for clients, so that it dies with the face and nothing is global.
#include "view/math_font.h"

#include <ft2build.h>
#include <hb-ft.h>
#include <stdint.h>
#include FT_FREETYPE_H

// Its address names the substitution's number in the hb_font's user data.
static const hb_user_data_key_t ssty_key;

static void forget_font(void *face) {
    hb_font_destroy(((FT_Face)face)->generic.data);
}

/// The lookup of the font's ssty feature, or -1.
static int find_ssty(hb_face_t *face) {
    const hb_tag_t features[] = {HB_TAG('s', 's', 't', 'y'), HB_TAG_NONE};
    hb_set_t *lookups = hb_set_create();
    hb_ot_layout_collect_lookups(face, HB_OT_TAG_GSUB, NULL, NULL, features, lookups);
    hb_codepoint_t first = HB_SET_VALUE_INVALID;
    int found = hb_set_next(lookups, &first) ? (int)first : -1;
    hb_set_destroy(lookups);
    return found;
}

static hb_font_t *open_font(FT_Face ft) {
    hb_face_t *face = hb_ft_face_create(ft, NULL);
    hb_font_t *font = hb_font_create(face);
    int units = (int)hb_face_get_upem(face);
    hb_font_set_scale(font, units, units);
    intptr_t ssty = find_ssty(face) + 1; // 0 is what a missing entry reads as
    hb_font_set_user_data(font, (hb_user_data_key_t *)&ssty_key, (void *)ssty, NULL, true);
    hb_face_destroy(face);
    ft->generic.data = font;
    ft->generic.finalizer = forget_font;
    return font;
}

MathFont math_font(TextEngine *e) {
    FT_Face ft = text_math_ft_face(e);
    if (!ft) return (MathFont){NULL, 1000, -1};
    hb_font_t *font = ft->generic.finalizer == forget_font ? ft->generic.data : open_font(ft);
    intptr_t ssty = (intptr_t)hb_font_get_user_data(font, (hb_user_data_key_t *)&ssty_key) - 1;
    return (MathFont){font, (double)hb_face_get_upem(hb_font_get_face(font)), (int)ssty};
}

// The MATH table of the font that is not there, in thousandths of an em.
#define CONSTANT(name) [HB_OT_MATH_CONSTANT_##name]
static const int fixed_constants[] = {
    CONSTANT(SCRIPT_PERCENT_SCALE_DOWN) = 70,
    CONSTANT(SCRIPT_SCRIPT_PERCENT_SCALE_DOWN) = 55,
    CONSTANT(DELIMITED_SUB_FORMULA_MIN_HEIGHT) = 1300,
    CONSTANT(DISPLAY_OPERATOR_MIN_HEIGHT) = 1400,
    CONSTANT(AXIS_HEIGHT) = 250,
    CONSTANT(ACCENT_BASE_HEIGHT) = 450,
    CONSTANT(SUBSCRIPT_SHIFT_DOWN) = 200,
    CONSTANT(SUBSCRIPT_TOP_MAX) = 360,
    CONSTANT(SUBSCRIPT_BASELINE_DROP_MIN) = 150,
    CONSTANT(SUPERSCRIPT_SHIFT_UP) = 360,
    CONSTANT(SUPERSCRIPT_SHIFT_UP_CRAMPED) = 250,
    CONSTANT(SUPERSCRIPT_BOTTOM_MIN) = 110,
    CONSTANT(SUPERSCRIPT_BASELINE_DROP_MAX) = 230,
    CONSTANT(SUB_SUPERSCRIPT_GAP_MIN) = 150,
    CONSTANT(SUPERSCRIPT_BOTTOM_MAX_WITH_SUBSCRIPT) = 350,
    CONSTANT(SPACE_AFTER_SCRIPT) = 40,
    CONSTANT(UPPER_LIMIT_GAP_MIN) = 130,
    CONSTANT(UPPER_LIMIT_BASELINE_RISE_MIN) = 300,
    CONSTANT(LOWER_LIMIT_GAP_MIN) = 130,
    CONSTANT(LOWER_LIMIT_BASELINE_DROP_MIN) = 600,
    CONSTANT(FRACTION_NUMERATOR_SHIFT_UP) = 400,
    CONSTANT(FRACTION_NUMERATOR_DISPLAY_STYLE_SHIFT_UP) = 680,
    CONSTANT(FRACTION_DENOMINATOR_SHIFT_DOWN) = 350,
    CONSTANT(FRACTION_DENOMINATOR_DISPLAY_STYLE_SHIFT_DOWN) = 690,
    CONSTANT(FRACTION_NUMERATOR_GAP_MIN) = 60,
    CONSTANT(FRACTION_NUM_DISPLAY_STYLE_GAP_MIN) = 180,
    CONSTANT(FRACTION_RULE_THICKNESS) = 60,
    CONSTANT(FRACTION_DENOMINATOR_GAP_MIN) = 60,
    CONSTANT(FRACTION_DENOM_DISPLAY_STYLE_GAP_MIN) = 180,
    CONSTANT(OVERBAR_VERTICAL_GAP) = 175,
    CONSTANT(OVERBAR_RULE_THICKNESS) = 60,
    CONSTANT(OVERBAR_EXTRA_ASCENDER) = 60,
    CONSTANT(UNDERBAR_VERTICAL_GAP) = 175,
    CONSTANT(UNDERBAR_RULE_THICKNESS) = 60,
    CONSTANT(UNDERBAR_EXTRA_DESCENDER) = 60,
    CONSTANT(RADICAL_VERTICAL_GAP) = 75,
    CONSTANT(RADICAL_DISPLAY_STYLE_VERTICAL_GAP) = 170,
    CONSTANT(RADICAL_RULE_THICKNESS) = 60,
    CONSTANT(RADICAL_EXTRA_ASCENDER) = 60,
    CONSTANT(RADICAL_KERN_BEFORE_DEGREE) = 270,
    CONSTANT(RADICAL_KERN_AFTER_DEGREE) = -550,
    CONSTANT(RADICAL_DEGREE_BOTTOM_RAISE_PERCENT) = 60,
};
enum { FIXED_COUNT = sizeof fixed_constants / sizeof fixed_constants[0] };

static double fixed_constant(hb_ot_math_constant_t c) {
    return (int)c < FIXED_COUNT ? fixed_constants[c] : 0;
}

double math_font_length(const MathFont *f, hb_ot_math_constant_t c, double size) {
    double units = f->hb ? hb_ot_math_get_constant(f->hb, c) : fixed_constant(c);
    return units / f->units * size;
}

double math_font_percent(const MathFont *f, hb_ot_math_constant_t c) {
    return (f->hb ? hb_ot_math_get_constant(f->hb, c) : fixed_constant(c)) / 100.0;
}

bool math_font_glyph(const MathFont *f, uint32_t code, uint32_t *glyph) {
    *glyph = code;
    if (!f->hb) return code < 0x2E80 || code >= 0x1D000; // Chinese is the text engine's
    return hb_font_get_nominal_glyph(f->hb, code, glyph);
}

uint32_t math_font_script_form(const MathFont *f, uint32_t glyph, int level) {
    if (!f->hb || f->ssty < 0) return glyph;
    hb_codepoint_t form[2];
    unsigned count = 2;
    hb_ot_layout_lookup_get_glyph_alternates(hb_font_get_face(f->hb), (unsigned)f->ssty, glyph, 0,
                                             &count, form);
    if (count == 0) return glyph;
    return level > 1 && count > 1 ? form[1] : form[0];
}

GlyphSize math_font_measure(const MathFont *f, uint32_t glyph, double size) {
    if (!f->hb) return (GlyphSize){0.5 * size, 0.7 * size, 0.2 * size, 0, 0.5 * size};
    hb_glyph_extents_t ink = {0};
    hb_font_get_glyph_extents(f->hb, glyph, &ink);
    double scale = size / f->units;
    return (GlyphSize){hb_font_get_glyph_h_advance(f->hb, glyph) * scale, ink.y_bearing * scale,
                       -(ink.y_bearing + ink.height) * scale, ink.x_bearing * scale,
                       (ink.x_bearing + ink.width) * scale};
}

double math_font_italic(const MathFont *f, uint32_t glyph, double size) {
    if (!f->hb) return 0;
    double told = hb_ot_math_get_glyph_italics_correction(f->hb, glyph) / f->units * size;
    if (told != 0) return told;
    GlyphSize m = math_font_measure(f, glyph, size);
    return m.width > 0 && m.reach > m.width ? m.reach - m.width : 0;
}

double math_font_attach(const MathFont *f, uint32_t glyph, double size) {
    if (!f->hb) return 0.25 * size;
    return hb_ot_math_get_glyph_top_accent_attachment(f->hb, glyph) / f->units * size;
}

double math_font_kern(const MathFont *f, uint32_t glyph, hb_ot_math_kern_t corner, double height,
                      double size) {
    if (!f->hb) return 0;
    hb_position_t h = (hb_position_t)(height / size * f->units);
    return hb_ot_math_get_glyph_kerning(f->hb, glyph, corner, h) / f->units * size;
}
