/// Pages as a PDF.
#ifndef EXPORT_PAGES_PDF_H
#define EXPORT_PAGES_PDF_H

#include "export/pages.h"
#include "export/pdf.h"

/// Writes all pages of a run to a sink. Bookmarks: a scene of the lesson, and under it its steps.
///   errors  false: the progress stopped it, or the sink failed
bool pages_pdf(Arena *a, PageRun *run, PdfFonts *fonts, PagesProgress *progress, void *context,
               ByteSink *sink, void *to);

#endif
