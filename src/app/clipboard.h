/// The desktop's clipboard.
#ifndef APP_CLIPBOARD_H
#define APP_CLIPBOARD_H

#include <stdbool.h>

#include "core/arena.h"
#include "lesson/lesson.h"

/// Puts a text there.
///   errors  false, with *why one sentence in arena a
bool clipboard_text(Arena *a, const char *text, const char **why);

/// Puts bytes of another kind there ("image/png"), where they stay when the program has ended.
///   errors  false, with *why one sentence in arena a, in that language: a program is missing
///           (the sentence names its package), or what it says
bool clipboard_bytes(Arena *a, const char *kind, const void *bytes, size_t n, Lang lang,
                     const char **why);

#endif
