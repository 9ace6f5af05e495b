/// A scene as the content of a PDF page: marks (view/mark.h) as operators.
#ifndef EXPORT_PDF_DRAW_H
#define EXPORT_PDF_DRAW_H

#include "export/pdf_font.h"
#include "export/pdf_tags.h"
#include "view/stage.h"

enum { PDF_STRENGTHS = 256 };

/// What a page is drawn with.
typedef struct {
    Arena *arena; // of the page
    Buf *out;
    TextEngine *text;
    PdfFonts *fonts;
    PdfTags *tags;
    ThemeKind theme;
    bool outlines;  // letters as paths
    bool *strength; // [PDF_STRENGTHS] opacities in use: k of 255 is the graphics state Gk
} PdfPen;

/// What a scene on a page means.
typedef struct {
    const View *view; // says what each shape stands for; NULL: nothing but its texts
    const char *alt;  // or the scene is one figure that stands for this
} PdfMeaning;

/// Appends a scene; the page's matrix is that of the scene's logical pixels, y down.
void pdf_draw(const PdfPen *pen, const Scene *s, PdfMeaning meaning);

#endif
