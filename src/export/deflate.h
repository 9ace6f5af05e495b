/// A compressor for rows of flat colour: many times faster than a general one.
#ifndef EXPORT_DEFLATE_H
#define EXPORT_DEFLATE_H

#include <stdint.h>

#include "core/buf.h"

/// Appends a zlib stream (RFC 1950) of these bytes: rows of `stride` bytes whose pixels have
/// `pixel` bytes. What it looks for are pixels like the one before, rows like the one above, and
/// letters seen before.
void deflate_rows(const unsigned char *bytes, size_t n, int pixel, int stride, Buf *out);

#endif
