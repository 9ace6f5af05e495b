/// Boxes of the mathematics layout: glyphs, rules and texts inside one another. y grows downward,
/// every box has its origin at the left end of its baseline.
#ifndef VIEW_MATH_BOX_H
#define VIEW_MATH_BOX_H

#include "view/math_font.h"
#include "view/math_tree.h"

typedef enum { BOX_LIST, BOX_GLYPH, BOX_RULE, BOX_TEXT, BOX_COLOR, BOX_TERM } BoxKind;

typedef struct LayBox LayBox;
struct LayBox {
    BoxKind kind;
    double width, ascent, descent;
    double x, y;    // in its parent
    double size;    // of a glyph or text
    double italic;  // how far a single glyph leans out on the right
    bool is_glyph;  // holds one glyph at its origin: scripts and accents look at it
    bool is_piece;  // of a built sign
    bool stretched; // grown beyond its own size: no letter any more
    uint32_t glyph, code;
    const char *text; // BOX_TEXT; the id of BOX_TERM
    Role role;        // BOX_COLOR
    LayBox *first, *last, *next;
};

/// The TeXbook's styles: level 0 display, 1 text, 2 script, 3 script of script.
typedef struct {
    int level;
    bool cramped; // superscripts stay lower
} Style;

typedef struct {
    Arena *arena;
    TextEngine *text;
    MathFont font;
    double base; // size at level 0 and 1
} Layout;

/// Sets TeX, as math_layout does, without looking for an earlier result.
const MathBox *math_set(Arena *a, TextEngine *e, const char *tex, double size, bool display,
                        size_t *at, const char **why);

/// Pixels an em in a style.
double style_size(const Layout *l, Style s);
/// The style of a subscript.
Style style_sub(Style s);
/// The style of a superscript.
Style style_sup(Style s);
/// The style of a numerator.
Style style_num(Style s);
/// The style of a denominator.
Style style_den(Style s);
static inline Style style_cramp(Style s) {
    return (Style){s.level, true};
}

/// A length of the MATH table in a style.
double style_length(const Layout *l, Style s, hb_ot_math_constant_t c);

/// An empty box.
LayBox *box_new(const Layout *l, BoxKind kind);
/// Puts a box into another and makes that large enough.
void box_add(LayBox *into, LayBox *b, double x, double y);
LayBox *box_rule(const Layout *l, double width, double thickness);
LayBox *box_glyph(const Layout *l, uint32_t glyph, uint32_t code, double size);
/// A character in a style, in the script form if there is one; text where the font lacks it.
LayBox *box_symbol(const Layout *l, uint32_t code, Style s);
/// The single glyph that a box holds, whatever it is wrapped in, or NULL.
const LayBox *box_nucleus(const LayBox *b);
/// A list of nodes on one line.
LayBox *layout_list(const Layout *l, const MathNode *list, Style s);
/// One node.
LayBox *layout_node(const Layout *l, const MathNode *n, Style s);

// The parts that are more than a row, each for its kind of node.
/// NODE_FRAC.
LayBox *layout_frac(const Layout *l, const MathNode *n, Style s);
/// NODE_SQRT.
LayBox *layout_sqrt(const Layout *l, const MathNode *n, Style s);
/// NODE_ACCENT.
LayBox *layout_accent(const Layout *l, const MathNode *n, Style s);
/// NODE_LINE.
LayBox *layout_line(const Layout *l, const MathNode *n, Style s);
/// NODE_BRACE.
LayBox *layout_brace(const Layout *l, const MathNode *n, Style s);
/// NODE_FENCE.
LayBox *layout_fence(const Layout *l, const MathNode *n, Style s);
/// NODE_MATRIX.
LayBox *layout_matrix(const Layout *l, const MathNode *n, Style s);
/// NODE_STACK.
LayBox *layout_stack(const Layout *l, const MathNode *n, Style s);
/// Base with small boxes above and below it (either may be NULL), as limits of a sum.
LayBox *layout_limits(const Layout *l, LayBox *base, LayBox *above, LayBox *below, Style s);

/// A sign at least `extent` high (or wide), from the font's larger forms or built of pieces.
LayBox *stretch_vertical(const Layout *l, uint32_t code, double extent, double size);
LayBox *stretch_horizontal(const Layout *l, uint32_t code, double extent, double size);
/// A bracket of that height, its middle on the axis.
LayBox *stretch_bracket(const Layout *l, uint32_t code, double extent, Style s);

#endif
