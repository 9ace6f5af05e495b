/// Pages as PDF: text can be searched and copied, fonts are embedded, and the same pages are the
/// same bytes.
#ifndef EXPORT_PDF_H
#define EXPORT_PDF_H

#include <cairo.h>

#include "export/picture.h"

typedef struct Pdf Pdf;

typedef struct {
    const char *title, *subject;
    Lang lang;
} PdfInfo;

/// An empty document.
///   owner   arena a; pdf_finish must be called
Pdf *pdf_new(Arena *a, PdfInfo info);

/// Begins a page and paints its ground (NULL: none).
///   units   points
cairo_t *pdf_page(Pdf *pdf, double width, double height, const Color *ground);

/// Number of pages begun.
int pdf_pages(const Pdf *pdf);

/// A bookmark to the page begun last, under another one (0: at the top).
///   owner   the number is for further bookmarks under it
int pdf_bookmark(Pdf *pdf, int parent, const char *title);

/// Paints a scene into the page begun last, its top left at (x, y), `scale` points per logical
/// pixel; its links lead out of the page.
void pdf_scene(Pdf *pdf, const Scene *s, ThemeKind theme, double x, double y, double scale);

/// Ends the document and appends its bytes.
///   errors  false, with *why
bool pdf_finish(Pdf *pdf, Buf *out, const char **why);

#endif
