/// The fonts of a PDF: of each face only the glyphs that its pages show, and what those say.
#ifndef EXPORT_PDF_FONT_H
#define EXPORT_PDF_FONT_H

#include <stdint.h>

#include "export/pdf_file.h"
#include "view/text.h"

/// The faces of an engine.
typedef struct PdfFonts PdfFonts;

/// Nothing shown yet.
///   owner   the caller frees it; the engine is borrowed
PdfFonts *pdf_fonts_new(TextEngine *text);

/// Frees it. NULL is allowed.
void pdf_fonts_free(PdfFonts *f);

/// Begins a file: nothing is shown in it yet.
void pdf_fonts_begin(PdfFonts *f);

/// How a glyph stands in the pages of a file.
typedef struct {
    int code;     // two bytes
    double width; // of an em
    bool says;    // whoever reads the file gets the text for it
} PdfGlyph;

/// A glyph of a face is shown for n bytes of text (0: it says nothing).
PdfGlyph pdf_fonts_show(PdfFonts *f, int face, uint32_t glyph, const char *said, size_t n);

/// Writes the fonts that were shown, and appends them to a resource dictionary: face k is Fk.
void pdf_fonts_write(PdfFonts *f, PdfFile *file, Buf *resources);

#endif
