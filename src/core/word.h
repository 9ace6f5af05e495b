/// Words that a user gave for an option, read as what they stand for.
#ifndef CORE_WORD_H
#define CORE_WORD_H

#include <stdbool.h>

#include "core/arena.h"

/// A number within bounds, in plain decimals or with an exponent.
///   errors  false, with *why one sentence in arena a that names `what`
bool word_number(Arena *a, const char *what, const char *text, double low, double high, double *out,
                 const char **why);

/// A whole number within bounds.
///   errors  as word_number
bool word_int(Arena *a, const char *what, const char *text, int low, int high, int *out,
              const char **why);

/// The index of a word among n names.
///   errors  as word_number; the sentence lists the names
bool word_choice(Arena *a, const char *what, const char *text, const char *const *names, int n,
                 int *out, const char **why);

/// Names as a sentence lists them: "png, svg or pdf".
///   owner   arena a
const char *word_list(Arena *a, const char *const *names, int n);

#endif
