/// CSV: a row of names, then rows of fields, parted by commas (RFC 4180).
#ifndef FILES_CSV_H
#define FILES_CSV_H

#include <stdint.h>

#include "core/diag.h"

enum { CSV_MAX_BYTES = 64 * 1024 * 1024, CSV_MAX_COLUMNS = 10000 };

/// A table of texts. Row 0 is the first one below the names; messages count rows from 1 there and
/// lines from 1 at the names.
typedef struct {
    const Source *source;
    const char **names; // (cols) unquoted, in order; NULL-terminated
    int cols, rows;
    uint32_t *at;   // (rows, cols) where each field begins in the source
    int32_t *lines; // (rows) the line each row begins on
} Table;

/// Reads a file. Quoted fields may hold commas, lines and "" for a quote; LF and CRLF; a byte order
/// mark is skipped; empty lines are none.
///   owner   arena a, which the source must share
///   errors  no names, a name that is empty or stands twice, rows of another length, quotes that do
///           not close, NUL: in d with the row; false
bool csv_read(Arena *a, const Source *source, Table *out, Diags *d);

/// The index of the column of that name, or -1.
int csv_column(const Table *t, const char *name);

/// A field without its quotes.
const char *csv_text(Arena *a, const Table *t, int row, int col);

/// A whole column as numbers: digits with a sign, a point, an exponent, and blanks around.
///   errors  up to five fields that are none, and ones too large for a double: in d with row,
///           line and column; false
bool csv_numbers(Arena *a, const Table *t, int col, double *out, Diags *d);

/// Is the field in a form that csv_numbers reads?
bool csv_is_number(const Table *t, int row, int col);

#endif
