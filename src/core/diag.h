/// Mistakes in what a user wrote: collected, sorted by place, printed with carets.
/// A function that can fail takes `Diags *` last, adds what is wrong and returns
/// false or NULL; its caller goes on to find further mistakes where that makes sense.
#ifndef CORE_DIAG_H
#define CORE_DIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/buf.h"

/// A text that mistakes can point into.
typedef struct {
    const char *path; // as the user named it
    const char *text; // the whole file; may hold NUL; not NUL-terminated
    size_t len;       // bytes
} Source;

/// A part of a source: bytes from the start of the file.
typedef struct {
    size_t at, len;
} Span;

/// No place: the message is about the whole file.
#define NO_SPAN ((Span){(size_t)-1, 0})

typedef struct {
    const Source *source; // must outlive the Diags
    Span span;
    const char *message;
} Diag;

enum {
    DIAGS_SHOWN = 20,   // mistakes printed in one run
    DIAGS_KEPT = 10000, // mistakes kept; further ones are only counted, so that a file
                        // of millions of mistakes does not fill the memory
    DIAGS_BYTES = 64 * 1024 // everything printed in one run
};

typedef struct {
    Arena *arena; // owner of messages
    Diag *list;
    int count, cap;
    int left_out; // mistakes beyond DIAGS_KEPT
} Diags;

/// An empty collection.
Diags diags_new(Arena *a);

/// Adds a mistake. Always false, so that `return diag_error(...)` reads well.
bool diag_error(Diags *d, const Source *source, Span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/// True when nothing is wrong so far.
bool diags_ok(const Diags *d);

/// One-based line and column (characters, a tab is one) of a byte offset.
void source_place(const Source *s, size_t at, int *line, int *column);

/// Appends up to DIAGS_SHOWN mistakes in order of file and place:
/// `FILE:LINE:COL: error: MESSAGE`, the line, and carets under the span; `FILE: error: MESSAGE`
/// for NO_SPAN. Bytes that cannot be shown become \xNN, a long line is cut around the span,
/// and the whole is at most 64 KiB. A last line says how many were left out.
void diags_print(const Diags *d, Buf *out);

/// Reads a regular file of at most `limit` bytes whole. NUL-terminated for convenience.
///   owner   arena a (the Source and its text)
///   errors  not there, not a regular file, too large, unreadable: one mistake in d, NULL
const Source *source_read(Arena *a, const char *path, size_t limit, Diags *d);

/// Appends at most `limit` characters; those that cannot be shown, and bytes that are none, as
/// \xNN.
void put_shown(Buf *out, const char *s, int limit);

/// The word of `words` (NULL-terminated) nearest to `word` by edit distance, or NULL when none is
/// near enough to be meant (at most a third of its letters differ).
const char *nearest_word(const char *word, const char *const *words);

#endif
