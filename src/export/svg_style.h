/// The SVG writer among its own files: what elements share, and its writers of text.
#ifndef EXPORT_SVG_STYLE_H
#define EXPORT_SVG_STYLE_H

#include "export/svg.h"

typedef struct {
    TextStyle style;
    int level; // of the forms for subscripts: feature ssty
} SvgText;

struct SvgStyle {
    Arena *keep;
    TextEngine *text;
    Fonts *fonts;
    ThemeKind theme;
    double scale; // for snapping to whole pixels
    bool outlines, bare, hatched;
    SvgText *texts;
    int n_texts, cap_texts;
    Box *clips;
    int n_clips, cap_clips;
    Ref *named; // refs whose id is taken in this picture
    int n_named, cap_named;
};

/// The class of a text style, from 0.
int svg_text_class(SvgStyle *style, TextStyle text, int level);

/// Appends fill="#rrggbb" and its opacity (name: "fill" or "stroke").
void svg_paint(const SvgStyle *style, const char *name, Ink ink, Buf *out);

/// A line of text, or the outlines of one; `title` (already markup, may be "") goes inside.
void svg_text(SvgStyle *style, const Shape *s, const char *attributes, const char *title, Buf *out);

/// A formula: a group of texts, rules and outlines.
void svg_formula(SvgStyle *style, const Shape *s, const char *attributes, const char *title,
                 Buf *out);

#endif
