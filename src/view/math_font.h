/// What the mathematics font says about its glyphs, in pixels. A fixed engine has no font; its
/// measures are fixed fractions of an em, so that tests need no font file.
#ifndef VIEW_MATH_FONT_H
#define VIEW_MATH_FONT_H

#include <hb-ot.h>
#include <hb.h>

#include "view/text.h"

typedef struct {
    hb_font_t *hb; // scaled to its units; NULL for fixed measures
    double units;  // per em
    int ssty;      // the substitution for script sizes, -1 for none
} MathFont;

typedef struct {
    double width, ascent, descent;
    double left, reach; // ends of the ink
} GlyphSize;

/// The font of an engine; made once per face and kept with it.
MathFont math_font(TextEngine *e);

/// A length of the MATH table.
double math_font_length(const MathFont *f, hb_ot_math_constant_t c, double size);

/// A percentage of the MATH table, as a fraction.
double math_font_percent(const MathFont *f, hb_ot_math_constant_t c);

/// The glyph of a character; false if the font has none.
bool math_font_glyph(const MathFont *f, uint32_t code, uint32_t *glyph);

/// The form of a glyph drawn for subscripts (level 1) and their subscripts (2).
uint32_t math_font_script_form(const MathFont *f, uint32_t glyph, int level);

/// Advance and ink of a glyph.
///   units   pixels
GlyphSize math_font_measure(const MathFont *f, uint32_t glyph, double size);

/// How far the glyph leans out of its width on the right: the MATH table's italics correction, or
/// what the ink says where the table is silent (STIX Math has none).
double math_font_italic(const MathFont *f, uint32_t glyph, double size);

/// Where an accent attaches, from the glyph's left end.
double math_font_attach(const MathFont *f, uint32_t glyph, double size);

/// How much closer (negative) a script may come at a corner of the glyph, at this height.
double math_font_kern(const MathFont *f, uint32_t glyph, hb_ot_math_kern_t corner, double height,
                      double size);

#endif
