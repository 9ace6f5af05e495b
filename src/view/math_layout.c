// Rows of atoms: the space between two of them depends on their classes, an operator's class on
// its neighbours (Appendix G of The TeXbook, rules 5, 6, 13, 17, 18 and 20). \color and \term do
// not change any of that: their contents keep their distances as if they stood in the row.
// Each node is laid out once, so time is linear in the text.
#include "view/math_box.h"

#include <math.h>
#include <string.h>

#define LENGTH(name) style_length(l, s, HB_OT_MATH_CONSTANT_##name)

double style_size(const Layout *l, Style s) {
    if (s.level < 2) return l->base;
    double share =
        s.level == 2
            ? math_font_percent(&l->font, HB_OT_MATH_CONSTANT_SCRIPT_PERCENT_SCALE_DOWN)
            : math_font_percent(&l->font, HB_OT_MATH_CONSTANT_SCRIPT_SCRIPT_PERCENT_SCALE_DOWN);
    return l->base * share;
}

static int script_level(int level) {
    return level < 2 ? 2 : 3;
}
Style style_sub(Style s) {
    return (Style){script_level(s.level), true};
}
Style style_sup(Style s) {
    return (Style){script_level(s.level), s.cramped};
}
Style style_num(Style s) {
    return (Style){s.level < 3 ? s.level + 1 : 3, s.cramped};
}
Style style_den(Style s) {
    return (Style){s.level < 3 ? s.level + 1 : 3, true};
}

double style_length(const Layout *l, Style s, hb_ot_math_constant_t c) {
    return math_font_length(&l->font, c, style_size(l, s));
}

LayBox *box_new(const Layout *l, BoxKind kind) {
    LayBox *b = ARENA_NEW(l->arena, LayBox);
    b->kind = kind;
    return b;
}

void box_add(LayBox *into, LayBox *b, double x, double y) {
    b->x = x;
    b->y = y;
    if (into->last)
        into->last->next = b;
    else
        into->first = b;
    into->last = b;
    into->width = fmax(into->width, x + b->width);
    into->ascent = fmax(into->ascent, b->ascent - y);
    into->descent = fmax(into->descent, b->descent + y);
}

LayBox *box_rule(const Layout *l, double width, double thickness) {
    LayBox *b = box_new(l, BOX_RULE);
    b->width = width;
    b->descent = thickness;
    return b;
}

LayBox *box_glyph(const Layout *l, uint32_t glyph, uint32_t code, double size) {
    LayBox *b = box_new(l, BOX_GLYPH);
    GlyphSize m = math_font_measure(&l->font, glyph, size);
    b->width = m.width;
    b->ascent = m.ascent;
    b->descent = m.descent;
    b->size = size;
    b->glyph = glyph;
    b->code = code;
    b->is_glyph = true;
    return b;
}

/// In the interface's font, a little smaller than mathematics: its letters are larger.
static LayBox *box_foreign(const Layout *l, const char *text, Style s) {
    LayBox *b = box_new(l, BOX_TEXT);
    b->size = 0.92 * style_size(l, s);
    b->text = text;
    TextStyle style = {.family = FONT_UI, .weight = WEIGHT_REGULAR, .size = b->size};
    TextSize m = text_measure(l->text, text, style);
    b->width = m.width;
    b->ascent = m.ascent;
    b->descent = m.descent;
    return b;
}

LayBox *box_symbol(const Layout *l, uint32_t code, Style s) {
    uint32_t glyph;
    if (!math_font_glyph(&l->font, code, &glyph)) {
        char bytes[4];
        return box_foreign(l, arena_copy(l->arena, bytes, (size_t)math_encode(code, bytes)), s);
    }
    if (s.level > 1) glyph = math_font_script_form(&l->font, glyph, s.level - 1);
    LayBox *b = box_glyph(l, glyph, code, style_size(l, s));
    b->italic = math_font_italic(&l->font, glyph, b->size);
    return b;
}

/// The next character of checked UTF-8.
static uint32_t next_code(const char **s) {
    const unsigned char *c = (const unsigned char *)*s;
    int n = c[0] < 0x80 ? 1 : c[0] < 0xE0 ? 2 : c[0] < 0xF0 ? 3 : 4;
    uint32_t code = n == 1 ? c[0] : c[0] & (0xFF >> (n + 1));
    for (int i = 1; i < n; i++) code = code << 6 | (c[i] & 0x3F);
    *s += n;
    return code;
}

/// Upright words.
static LayBox *set_words(const Layout *l, const char *text, Style s) {
    uint32_t glyph;
    for (const char *at = text; *at;) {
        uint32_t code = next_code(&at);
        if (code != ' ' && !math_font_glyph(&l->font, code, &glyph)) return box_foreign(l, text, s);
    }
    LayBox *out = box_new(l, BOX_LIST);
    double x = 0, size = style_size(l, s);
    for (const char *at = text; *at;) {
        uint32_t code = next_code(&at);
        if (code != ' ') {
            math_font_glyph(&l->font, code, &glyph);
            LayBox *b = box_glyph(l, glyph, code, size);
            box_add(out, b, x, 0);
            x += b->width;
        } else {
            x += 0.25 * size;
        }
    }
    out->width = x;
    return out;
}

/// A large operator stands with its middle on the axis.
static LayBox *large_operator(const Layout *l, const MathNode *n, Style s) {
    double size = style_size(l, s);
    double extent = s.level == 0 ? LENGTH(DISPLAY_OPERATOR_MIN_HEIGHT) : 0;
    LayBox *b = stretch_vertical(l, n->code, extent, size), *out = box_new(l, BOX_LIST);
    box_add(out, b, 0, (b->ascent - b->descent) / 2 - LENGTH(AXIS_HEIGHT));
    if (b->is_glyph) out->italic = math_font_italic(&l->font, b->glyph, size);
    return out;
}

const LayBox *box_nucleus(const LayBox *b) {
    while (b && !b->is_glyph && b->first && !b->first->next && b->first->x == 0 && b->first->y == 0)
        b = b->first;
    return b && b->is_glyph ? b : NULL;
}

/// Primes: drawn full size when the font's prime is raised already, else as a superscript.
static LayBox *primes_box(const Layout *l, int count, Style s, double up) {
    LayBox *out = box_new(l, BOX_LIST);
    uint32_t glyph;
    bool have = math_font_glyph(&l->font, 0x2032, &glyph);
    bool raised = have && math_font_measure(&l->font, glyph, 1).descent < -0.25;
    Style small = raised ? s : style_sup(s);
    for (int i = 0; i < count; i++) {
        LayBox *b = have ? box_glyph(l, glyph, 0x2032, style_size(l, small))
                         : box_foreign(l, "\u2032", small);
        box_add(out, b, out->width, raised ? up : 0);
    }
    return out;
}

/// Where the scripts of a base stand.
typedef struct {
    double up, down;
} Shifts;

static Shifts script_shifts(const Layout *l, const LayBox *base, const LayBox *sub,
                            const LayBox *sup, Style s) {
    Shifts v = {s.cramped ? LENGTH(SUPERSCRIPT_SHIFT_UP_CRAMPED) : LENGTH(SUPERSCRIPT_SHIFT_UP),
                LENGTH(SUBSCRIPT_SHIFT_DOWN)};
    if (!box_nucleus(base) || base->stretched) {
        v.up = fmax(v.up, base->ascent - LENGTH(SUPERSCRIPT_BASELINE_DROP_MAX));
        v.down = fmax(v.down, base->descent + LENGTH(SUBSCRIPT_BASELINE_DROP_MIN));
    }
    if (sup) v.up = fmax(v.up, sup->descent + LENGTH(SUPERSCRIPT_BOTTOM_MIN));
    if (sub) v.down = fmax(v.down, sub->ascent - LENGTH(SUBSCRIPT_TOP_MAX));
    if (!sub || !sup) return v;
    double missing =
        LENGTH(SUB_SUPERSCRIPT_GAP_MIN) - ((v.up - sup->descent) - (sub->ascent - v.down));
    if (missing > 0) {
        v.down += missing;
        double lift = LENGTH(SUPERSCRIPT_BOTTOM_MAX_WITH_SUBSCRIPT) - (v.up - sup->descent);
        lift = fmax(0, fmin(lift, missing));
        v.up += lift;
        v.down -= lift;
    }
    return v;
}

/// The kern of a script against its base at both heights where they may touch.
static double corner_kern(const Layout *l, const LayBox *base, const LayBox *script, double shift,
                          bool above) {
    const LayBox *b = box_nucleus(base), *g = script->first ? script->first : script;
    if (!b) return 0;
    hb_ot_math_kern_t mine = above ? HB_OT_MATH_KERN_TOP_RIGHT : HB_OT_MATH_KERN_BOTTOM_RIGHT;
    hb_ot_math_kern_t its = above ? HB_OT_MATH_KERN_BOTTOM_LEFT : HB_OT_MATH_KERN_TOP_LEFT;
    double near = above ? shift - script->descent : script->ascent - shift;
    double far = above ? b->ascent : -b->descent;
    double sum[2], heights[2] = {near, far};
    g = box_nucleus(g);
    for (int i = 0; i < 2; i++) {
        double raise = above ? heights[i] - shift : heights[i] + shift;
        sum[i] = math_font_kern(&l->font, b->glyph, mine, heights[i], b->size);
        if (g) sum[i] += math_font_kern(&l->font, g->glyph, its, raise, g->size);
    }
    return above ? fmax(sum[0], sum[1]) : fmin(sum[0], sum[1]);
}

static bool takes_limits(const MathNode *n, Style s) {
    if (n->limits != LIMITS_AUTO) return n->limits == LIMITS_ALWAYS;
    return s.level == 0 && n->cls == MATH_OP;
}

/// NODE_SCRIPTS.
static LayBox *set_scripts(const Layout *l, const MathNode *n, Style s) {
    LayBox *base = layout_node(l, n->a, s);
    LayBox *sub = n->b ? layout_node(l, n->b, style_sub(s)) : NULL;
    LayBox *sup = n->c ? layout_node(l, n->c, style_sup(s)) : NULL;
    if (takes_limits(n, s) && !n->n) return layout_limits(l, base, sup, sub, s);
    Shifts v = script_shifts(l, base, sub, sup, s);
    if (n->n) {
        LayBox *row = primes_box(l, n->n, s, v.up);
        if (sup) box_add(row, sup, row->width, 0);
        sup = row;
        v.up = s.cramped ? fmax(v.up, LENGTH(SUPERSCRIPT_SHIFT_UP_CRAMPED)) : v.up;
    }
    LayBox *out = box_new(l, BOX_LIST);
    box_add(out, base, 0, 0);
    double after = LENGTH(SPACE_AFTER_SCRIPT), end = 0;
    if (sub) {
        box_add(out, sub, base->width + corner_kern(l, base, sub, v.down, false), v.down);
        end = out->last->x + sub->width;
    }
    if (sup) {
        double x = base->width + base->italic;
        box_add(out, sup, x + corner_kern(l, base, sup, v.up, true), -v.up);
        end = fmax(end, out->last->x + sup->width);
    }
    out->width = fmax(base->width, end + after);
    return out;
}

static LayBox *layout_big(const Layout *l, const MathNode *n, Style s) {
    static const double ems[] = {0, 1.2, 1.8, 2.4, 3.0};
    return stretch_bracket(l, n->code, ems[n->n] * style_size(l, s), s);
}

LayBox *layout_node(const Layout *l, const MathNode *n, Style s) {
    switch (n->kind) {
    case NODE_SYMBOL: return n->large ? large_operator(l, n, s) : box_symbol(l, n->code, s);
    case NODE_NAME:
    case NODE_TEXT: return set_words(l, n->text, s);
    case NODE_GROUP: return layout_list(l, n->a, s);
    case NODE_SCRIPTS: return set_scripts(l, n, s);
    case NODE_FRAC: return layout_frac(l, n, s);
    case NODE_SQRT: return layout_sqrt(l, n, s);
    case NODE_ACCENT: return layout_accent(l, n, s);
    case NODE_LINE: return layout_line(l, n, s);
    case NODE_BRACE: return layout_brace(l, n, s);
    case NODE_FENCE: return layout_fence(l, n, s);
    case NODE_BIG: return layout_big(l, n, s);
    case NODE_MATRIX: return layout_matrix(l, n, s);
    case NODE_STACK: return layout_stack(l, n, s);
    case NODE_SPACE:
    case NODE_STYLE:
    case NODE_MIDDLE:
    case NODE_COLOR:
    case NODE_TERM: break;
    }
    // alone (as an argument), these are a row of one
    MathNode one = *n;
    one.next = NULL;
    return layout_list(l, &one, s);
}

// Spaces between classes in eighteenths of an em: thin 3, medium 4, thick 5; those below 0 only
// outside scripts (The TeXbook, p. 170).
// clang-format off
static const signed char spaces[MATH_CLASS_COUNT][MATH_CLASS_COUNT] = {
    //            ord  op bin rel open close punct inner
    [MATH_ORD]   = {0,  3, -4, -5,  0,  0,  0, -3},
    [MATH_OP]    = {3,  3,  0, -5,  0,  0,  0, -3},
    [MATH_BIN]   = {-4, -4, 0,  0, -4,  0,  0, -4},
    [MATH_REL]   = {-5, -5, 0,  0, -5,  0,  0, -5},
    [MATH_OPEN]  = {0,  0,  0,  0,  0,  0,  0,  0},
    [MATH_CLOSE] = {0,  3, -4, -5,  0,  0,  0, -3},
    [MATH_PUNCT] = {-3, -3, 0, -3, -3, -3, -3, -3},
    [MATH_INNER] = {-3, 3, -4, -5, -3,  0, -3, -3},
};
// clang-format on

static double space_between(const Layout *l, MathClass left, MathClass right, Style s) {
    int mu = spaces[left][right];
    if (mu < 0) mu = s.level > 1 ? 0 : -mu;
    return mu / 18.0 * style_size(l, s);
}

static bool is_transparent(const MathNode *n) {
    return n->kind == NODE_COLOR || n->kind == NODE_TERM;
}

/// What \color and \term hold, without the braces that only delimit it.
static const MathNode *contents(const MathNode *n) {
    return n->a && n->a->kind == NODE_GROUP ? n->a->a : n->a;
}

/// The first atom from here on, or NULL.
static const MathNode *first_atom(const MathNode *list) {
    for (; list; list = list->next) {
        if (list->kind == NODE_SPACE || list->kind == NODE_STYLE) continue;
        const MathNode *atom = is_transparent(list) ? first_atom(contents(list)) : list;
        if (atom) return atom;
    }
    return NULL;
}

/// A row being filled.
typedef struct {
    LayBox *out;
    double x;
    Style style;
    bool begun; // an atom stands to the left, of class `left`
    MathClass left;
    bool spaced; // the space before the next atom is there already
} Row;

/// What follows a list that is part of a row.
typedef struct {
    bool ends; // nothing
    MathClass cls;
} After;

static After after_node(const MathNode *n, After outer) {
    const MathNode *atom = first_atom(n->next);
    return atom ? (After){false, atom->cls} : outer;
}

/// A sign such as − is binary only between two things.
static MathClass class_in_row(const Row *row, const MathNode *n, After outer) {
    if (n->cls != MATH_BIN) return n->cls;
    After right = after_node(n, outer);
    if (right.ends || !row->begun) return MATH_ORD;
    if (right.cls == MATH_REL || right.cls == MATH_CLOSE || right.cls == MATH_PUNCT)
        return MATH_ORD;
    bool unbound = row->left == MATH_BIN || row->left == MATH_OP || row->left == MATH_REL ||
                   row->left == MATH_OPEN || row->left == MATH_PUNCT;
    return unbound ? MATH_ORD : MATH_BIN;
}

static void put_space(const Layout *l, Row *row, MathClass cls) {
    if (row->begun && !row->spaced) row->x += space_between(l, row->left, cls, row->style);
    row->spaced = false;
}

static void fill_row(const Layout *l, Row *row, const MathNode *list, After after);

/// The contents of \color or \term in a box of their own, the row going on through it. The space
/// before them stays outside, so that a term's box is tight.
static void fill_transparent(const Layout *l, Row *row, const MathNode *n, After outer) {
    After after = after_node(n, outer);
    const MathNode *first = first_atom(contents(n));
    bool spaced = row->spaced;
    if (first) put_space(l, row, class_in_row(row, first, after)), spaced = true;
    LayBox *b = box_new(l, n->kind == NODE_TERM ? BOX_TERM : BOX_COLOR);
    b->text = n->text;
    b->role = n->role;
    Row inner = {b, 0, row->style, row->begun, row->left, spaced};
    fill_row(l, &inner, contents(n), after);
    box_add(row->out, b, row->x, 0);
    row->x += inner.x;
    row->begun = inner.begun;
    row->left = inner.left;
    row->spaced = inner.spaced;
}

static void fill_row(const Layout *l, Row *row, const MathNode *list, After after) {
    for (const MathNode *n = list; n; n = n->next) {
        if (n->kind == NODE_SPACE) {
            row->x += n->mu / 18 * style_size(l, row->style);
        } else if (n->kind == NODE_STYLE) {
            row->style.level = n->n;
        } else if (is_transparent(n)) {
            fill_transparent(l, row, n, after);
        } else {
            MathClass cls = class_in_row(row, n, after);
            put_space(l, row, cls);
            LayBox *b = layout_node(l, n, row->style);
            box_add(row->out, b, row->x, 0);
            // a slanted letter leans out of its box
            row->x += b->width + (n->kind == NODE_SYMBOL && n->large ? 0 : b->italic);
            row->begun = true;
            row->left = cls;
        }
    }
    row->out->width = fmax(0, row->x);
}

LayBox *layout_list(const Layout *l, const MathNode *list, Style s) {
    Row row = {.out = box_new(l, BOX_LIST), .style = s};
    fill_row(l, &row, list, (After){true, MATH_ORD});
    const LayBox *only = box_nucleus(row.out);
    if (only) { // {f} is measured as f is, so that {f}_t is set as f_t is
        row.out->width = only->width;
        row.out->italic = only->italic;
    }
    return row.out;
}
