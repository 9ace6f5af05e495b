/// The SVG writer among its own files: what elements share, and its writers of text.
#ifndef EXPORT_SVG_STYLE_H
#define EXPORT_SVG_STYLE_H

#include <stdint.h>

#include "export/svg.h"

typedef struct {
    TextStyle style;
    int level; // of the forms for subscripts: feature ssty
} SvgText;

enum { SVG_PAINT_SLOTS = 1024 };

/// A colour in each of a page's themes.
typedef struct {
    uint32_t rgba[SVG_THEMES];
    int next; // of the same slot, from 1; 0 ends
} SvgPaint;

/// An outline that a page shows in many places.
typedef struct {
    uint32_t glyph;
    double size;
    const char *d; // its path, from the origin
} SvgGlyph;

struct SvgStyle {
    Arena *keep;
    TextEngine *text;
    Fonts *fonts;
    ThemeKind theme;
    bool outlines, hatched;
    SvgText *texts;
    int n_texts, cap_texts;
    Box *clips;
    int n_clips, cap_clips;
    Ref *named; // refs whose id is taken in this picture
    int n_named, cap_named;
    // of a page
    ThemeKind themes[SVG_THEMES];
    int n_themes; // 0: not of a page
    bool asks;    // for clicks
    SvgPaint *paints;
    int n_paints, cap_paints;
    int *first_paint; // [SVG_PAINT_SLOTS] from 1; 0 for none
    SvgGlyph *glyphs;
    int n_glyphs, cap_glyphs;
};

/// Appends fill="#rrggbb" and its opacity (name: "fill" or "stroke"); in a page its variable.
void svg_paint(SvgStyle *style, const char *name, Ink ink, Buf *out);

/// A line of text, or the outlines of one; `title` (already markup, may be "") goes inside.
void svg_text(SvgStyle *style, const Shape *s, const char *attributes, const char *title, Buf *out);

/// A formula: a group of texts, rules and outlines.
void svg_formula(SvgStyle *style, const Shape *s, const char *attributes, const char *title,
                 Buf *out);

#endif
