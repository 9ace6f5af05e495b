/// The structure of a PDF (ISO 32000-1, 14.7): what a screen reader goes through. The document has
/// a section for each page, that has groups (panels), those have elements with alternative texts.
#ifndef EXPORT_PDF_TAGS_H
#define EXPORT_PDF_TAGS_H

#include "export/pdf_file.h"

typedef struct PdfTags PdfTags;

/// No pages yet.
///   owner   arena a; pdf_tags_write must be called
PdfTags *pdf_tags_new(Arena *a, PdfFile *file);

/// Begins a page.
void pdf_tags_page(PdfTags *t, const char *title);

/// Begins a group of the page; what is added from now on belongs to it.
///   title   or NULL
void pdf_tags_group(PdfTags *t, const char *title);

/// An element of the group begun last: "Figure", "Formula", "P", "Link".
///   alt     or NULL
int pdf_tags_element(PdfTags *t, const char *type, const char *alt);

/// The next piece of content of the page belongs to that element; its number in the page.
int pdf_tags_mark(PdfTags *t, int element);

/// An annotation belongs to that element; its key in the tree of parents.
int pdf_tags_annotation(PdfTags *t, int element, int object);

/// Ends the page, which is that object; its key in the tree of parents.
int pdf_tags_end_page(PdfTags *t, int page);

/// Writes the root; its number.
int pdf_tags_write(PdfTags *t);

#endif
