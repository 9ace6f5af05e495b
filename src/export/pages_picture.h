/// A page as one picture.
#ifndef EXPORT_PAGES_PICTURE_H
#define EXPORT_PAGES_PICTURE_H

#include "export/fonts.h"
#include "export/pages.h"

/// Appends a page as PNG, two pixels a point at scale 1.
///   errors  false, with *why one sentence in arena a: it is too large
bool pages_png(Arena *a, Fonts *fonts, const Look *look, const Page *page, Buf *out,
               const char **why);

/// Appends a page as SVG.
bool pages_svg(Arena *a, Fonts *fonts, const Look *look, const Page *page, Buf *out,
               const char **why);

#endif
