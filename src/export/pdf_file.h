/// A PDF file as numbered objects that are written as they come: what is kept of one is only where
/// it stands.
#ifndef EXPORT_PDF_FILE_H
#define EXPORT_PDF_FILE_H

#include <stdbool.h>

#include "core/buf.h"

typedef struct PdfFile PdfFile;

/// An empty file.
///   owner   arena a; pdf_file_end must be called
PdfFile *pdf_file_new(Arena *a, ByteSink *sink, void *context);

/// The first of n numbers in a row, for objects that will be written.
int pdf_file_take(PdfFile *f, int n);

/// Writes an object that is no stream.
void pdf_file_object(PdfFile *f, int number, const Buf *body);

/// Writes a stream, compressed. `entries` are those of its dictionary beside its length and filter.
void pdf_file_stream(PdfFile *f, int number, const char *entries, const void *bytes, size_t n);

/// Ends the file: its catalog and its information are those objects.
///   errors  false: the sink failed
bool pdf_file_end(PdfFile *f, int catalog, int info);

/// Appends a reference to an object.
void pdf_put_ref(Buf *out, int number);

/// Appends a text string: plain where it is plain, else as UTF-16.
void pdf_put_text(Buf *out, const char *text);

/// Appends four hexadecimal digits.
void pdf_put_hex(Buf *out, unsigned n);

/// Appends n bytes of UTF-8 as UTF-16 in hexadecimal digits.
void pdf_put_utf16(Buf *out, const char *text, size_t n);

#endif
