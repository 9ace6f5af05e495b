/// A scene as SVG. Text stays text: the page carries the fonts, cut to what it shows. A shape that
/// stands for something says so in its <title>, and has an id that is the same in every picture
/// of the run: v-f-3-2 is the value of f at t = 3, unit 2; g-c-3-1 a gradient.
#ifndef EXPORT_SVG_H
#define EXPORT_SVG_H

#include "export/fonts.h"
#include "export/picture.h"

/// What the pictures of one page share: text styles as classes, clips, fonts.
typedef struct SvgStyle SvgStyle;

/// Nothing in use yet.
///   owner   arena keep; fonts are borrowed
SvgStyle *svg_style_new(Arena *keep, TextEngine *text, Fonts *fonts, const Look *look);

enum { SVG_THEMES = 4 };

/// For pages that show many pictures, in each of n themes: colours are variables (svg_paints),
/// formulas are moved to their places, and there are no ids and no titles.
SvgStyle *svg_style_page(Arena *keep, TextEngine *text, Fonts *fonts, const ThemeKind *themes,
                         int n);

/// The page asks for clicks: shapes say in data-ref what number they stand for.
void svg_style_asks(SvgStyle *style);

/// What a shape says: "v-f-3-2" is the value of f at t = 3, unit 2; "g-c-3-1" a gradient.
///   owner   arena a
const char *svg_ref(Arena *a, const Graph *g, Ref r);

/// Appends the variables of a page's colours in its k-th theme: --p0:#1d2330; ...
void svg_paints(const SvgStyle *style, int k, Buf *out);

/// The elements of a scene in the order they are drawn, one string each. Without a view they have
/// no ids and no titles.
///   owner   arena a; *count strings
const char **svg_elements(Arena *a, SvgStyle *style, const Scene *s, const View *v, int *count);

/// Appends the style sheet and the definitions that all elements so far need.
void svg_css(SvgStyle *style, Buf *out);
void svg_defs(SvgStyle *style, Buf *out);

/// A whole document.
void svg_document(Arena *a, Fonts *fonts, const Scene *s, const Look *look, const Frame *frame,
                  Buf *out);

/// A document of so many points around elements that were made in that style.
void svg_page(SvgStyle *style, const Look *look, double width, double height, Role ground,
              const char *elements, Buf *out);

/// Appends text with what XML reserves written as entities, and without control characters.
void svg_escape(Buf *out, const char *text);

#endif
