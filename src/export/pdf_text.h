/// Lines of text and formulas as the content of a PDF page, or as outlines.
#ifndef EXPORT_PDF_TEXT_H
#define EXPORT_PDF_TEXT_H

#include "export/pdf_draw.h"
#include "view/math_tree.h"

/// Where something is written, in the colour that is set.
typedef struct {
    const PdfPen *pen;
    Buf *out;
    double x, baseline;
} PdfText;

/// A line with its left end there.
void pdf_text_line(const PdfText *t, const char *text, TextStyle style);

/// Items from..from + n of a formula whose left end is there.
void pdf_text_formula(const PdfText *t, const MathBox *m, int from, int n);

#endif
