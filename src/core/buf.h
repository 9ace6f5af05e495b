/// A text that grows, in an arena.
#ifndef CORE_BUF_H
#define CORE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"

typedef struct {
    Arena *arena; // owner of data
    char *data;   // always NUL-terminated, except before the first append (then NULL)
    size_t len, cap;
} Buf;

/// An empty text in arena a.
Buf buf_new(Arena *a);

/// Appends n bytes.
void buf_put(Buf *b, const char *bytes, size_t n);

/// Appends a string.
void buf_puts(Buf *b, const char *s);

/// Appends formatted text.
void buf_printf(Buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/// Appends a number with at most two decimals; beyond a thousand million it stays there.
void buf_fixed(Buf *b, double x);

/// The text so far as a string; "" before the first append. Valid until the next append.
const char *buf_str(const Buf *b);

/// Takes bytes as they come; false once they cannot be taken any more.
typedef bool ByteSink(void *context, const void *bytes, size_t n);

/// A sink that appends to a Buf, its context.
bool buf_take(void *buf, const void *bytes, size_t n);

#endif
