// Formulas in a scene: laid out when they are appended, so that their size is known, and covered
// by an invisible box for each term, so that a letter can be hovered and lit like a square.
#include "view/math.h"
#include "view/scene.h"
#include "view/text.h"

static const MathBox *formula_layout(Scene *s, const char *tex, double size) {
    size_t at;
    const char *why;
    return math_layout(s->arena, s->text, tex, size, false, &at, &why);
}

static void append_terms(Scene *s, const MathBox *layout, double x, double baseline,
                         RefResolver *resolve, void *context) {
    int n;
    const MathTerm *terms = math_terms(layout, &n);
    for (int k = 0; k < n && resolve; k++) {
        Ref ref = resolve(context, terms[k].id);
        Box box = terms[k].box;
        box.x += x;
        box.y += baseline;
        if (ref.kind != REF_NONE) scene_box(s, box, 3, NO_INK, NO_INK, 0, ref);
    }
}

static TextStyle formula_style(double size) {
    return (TextStyle){FONT_MATH, WEIGHT_REGULAR, false, size};
}

Shape *scene_formula(Scene *s, double x, double baseline, const char *tex, double size,
                     TextAlign align, Ink fill, RefResolver *resolve, void *context) {
    const MathBox *layout = formula_layout(s, tex, size);
    if (!layout) // checking the lesson has said why; its source is better than a gap
        return scene_text(s, x, baseline, tex, formula_style(size), align, ink(ROLE_WARN), NO_REF);
    MathSize m = math_size(layout);
    double left = align == ALIGN_LEFT ? x : align == ALIGN_CENTER ? x - m.width / 2 : x - m.width;
    Box box = {left, baseline - m.ascent, m.width, m.ascent + m.descent};
    int index = s->count;
    Shape *shape = scene_box(s, box, 0, fill, NO_INK, 0, NO_REF);
    shape->kind = SHAPE_FORMULA;
    shape->text = arena_printf(s->arena, "%s", tex);
    shape->style = formula_style(size);
    shape->align = align;
    shape->baseline = baseline;
    shape->layout = layout;
    append_terms(s, layout, left, baseline, resolve, context);
    return &s->shapes[index];
}

double scene_formula_width(Scene *s, const char *tex, double size) {
    const MathBox *layout = formula_layout(s, tex, size);
    return layout ? math_size(layout).width : scene_text_width(s, tex, formula_style(size));
}
