/// Pages as PDF: text can be searched and copied, fonts are embedded, what shapes stand for can be
/// read aloud, and the same pages are the same bytes. Pages are written as they are finished.
#ifndef EXPORT_PDF_H
#define EXPORT_PDF_H

#include "export/pdf_draw.h"
#include "export/picture.h"

typedef struct Pdf Pdf;

typedef struct {
    const char *title, *subject; // subject: or NULL
    Lang lang;
} PdfInfo;

/// An empty document that goes to a sink.
///   owner   arena a, the fonts are borrowed; pdf_finish must be called
Pdf *pdf_new(Arena *a, PdfInfo info, TextEngine *text, PdfFonts *fonts, ByteSink *sink,
             void *context);

/// Begins a page and paints its ground (NULL: none).
///   units   points
void pdf_page(Pdf *pdf, double width, double height, const Color *ground, const char *title);

/// A bookmark to the page begun last, under another one (0: at the top).
///   owner   the number is for further bookmarks under it
int pdf_bookmark(Pdf *pdf, int parent, const char *title);

/// A note on the page begun last that is never seen on it: presenter programs (pympress, pdfpc)
/// show it to the speaker.
void pdf_note(Pdf *pdf, const char *note);

/// How a scene is put on a page.
typedef struct {
    double x, y, scale; // its top left, points; points per logical pixel
    ThemeKind theme;
    bool outlines; // letters as paths
    PdfMeaning meaning;
} PdfPlace;

/// Paints a scene into the page begun last; its links lead out of the page.
void pdf_scene(Pdf *pdf, const Scene *s, const PdfPlace *place);

/// Ends the document.
///   errors  false: the sink failed
bool pdf_finish(Pdf *pdf);

#endif
