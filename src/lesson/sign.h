/// Names of the cell language as prose and mathematics write them: Greek letters, accents.
#ifndef LESSON_SIGN_H
#define LESSON_SIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"

/// The letter that a word of n bytes stands for ("lambda": "λ"); NULL for any other word.
const char *sign_greek(const char *word, size_t n);

/// W_xi is the weights from x to i, not a Greek letter: under a single Latin letter, two letters of
/// which the first names what is read (x, h, c, y, s, z) and the second what it is read for are two
/// letters.
///   shape   base of base_len bytes; a word of n bytes behind it
bool sign_is_pair(const char *base, size_t base_len, const char *word, size_t n);

/// An accent that a name may end in, after an underscore.
typedef struct {
    const char *word; // "tilde"
    const char *tex;  // "\\tilde"
    const char *mark; // the combining character
} Accent;

/// The accent that a name of *n bytes ends in, which is then taken off *n; NULL for none.
const Accent *sign_accent(const char *name, size_t *n);

/// A name as prose writes it: "h̃" for h_tilde, "b_θ" for b_theta, "layer2.f̂" for layer2.f_hat.
///   owner   arena a
const char *sign_name(Arena *a, const char *name);

#endif
