/// Mathematics set as type: a subset of TeX, laid out by the OpenType MATH table of the
/// mathematics font (as Appendix G of The TeXbook describes, with that table's constants).
#ifndef VIEW_MATH_H
#define VIEW_MATH_H

#include <cairo.h>

#include "core/diag.h"
#include "view/text.h"
#include "view/theme.h"

typedef struct MathBox MathBox;

/// Lays out TeX at a size in pixels; display style when `display`.
/// Understands: letters, digits, operators, Greek, sub- and superscripts, \frac, \sqrt, big
/// operators with limits, accents (\tilde \hat \bar), \left...\right, matrix environments (bmatrix
/// pmatrix cases aligned), \mathbf \mathbb \mathcal \mathrm, \text, \operatorname, \underbrace,
/// spaces (\, \; \quad), \color{role}{...} and \term{id}{...}.
///   owner   arena a
///   errors  NULL; *at is the byte offset in tex and *why one sentence
const MathBox *math_layout(Arena *a, TextEngine *e, const char *tex, double size, bool display,
                           size_t *at, const char **why);

typedef struct {
    double width, ascent, descent;
} MathSize;

/// How much room a formula takes.
///   units   pixels
MathSize math_size(const MathBox *m);

/// Draws with the left end at (x, baseline). Parts in \color{role} take that role's paint in the
/// theme, the rest the current ink.
void math_draw(const MathBox *m, cairo_t *cr, double x, double baseline, ThemeKind theme, Ink ink);

/// A \term part: its id and its box relative to the left end of the baseline.
typedef struct {
    const char *id;
    Box box;
} MathTerm;

/// The \term parts in the order of the text; *count of them.
///   owner   the formula's arena
const MathTerm *math_terms(const MathBox *m, int *count);

#endif
