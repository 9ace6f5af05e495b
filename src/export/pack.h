/// A stream of text, compressed and written as base64 on its way: what a page holds much of.
#ifndef EXPORT_PACK_H
#define EXPORT_PACK_H

#include <stdbool.h>

#include "core/buf.h"

/// Takes the next bytes; false stops.
typedef bool PackPut(void *sink, const void *bytes, size_t n);

typedef struct Pack Pack;

/// Nothing packed yet.
///   owner   arena a; pack_end must be called
///   errors  NULL if there is no memory
Pack *pack_begin(Arena *a, PackPut *put, void *sink);

/// Packs text; may hand some of it on.
///   errors  false from the first time on that put said so
bool pack_put(Pack *p, const Buf *text);

/// Hands on the rest.
///   errors  as pack_put
bool pack_end(Pack *p);

/// Appends n bytes as base64.
void base64_put(Buf *out, const unsigned char *bytes, size_t n);

#endif
