/// Characters: UTF-8 decoding, the classes that names are made of, and normal form C.
#ifndef CORE_UNICODE_H
#define CORE_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

enum { UTF8_BAD = -1 };

/// Decodes the character at s, which has n >= 1 bytes left. Overlong forms, surrogates and
/// numbers above U+10FFFF are bad.
///   range   returns the bytes taken, 1 to 4; a bad byte is taken alone, with *c = UTF8_BAD
size_t utf8_decode(const char *s, size_t n, int32_t *c);

/// Characters in n bytes; a bad byte counts as one.
size_t utf8_count(const char *s, size_t n);

/// Unicode general category L*.
bool unicode_is_letter(int32_t c);

/// Unicode general category M*: stays on the character before it.
bool unicode_is_mark(int32_t c);

/// Unicode general category Nd.
bool unicode_is_digit(int32_t c);

/// Unicode upper case (Lu, and Lt such as U+01C5): what makes a parameter a matrix.
bool unicode_is_capital(int32_t c);

/// True if the text begins with a capital letter.
bool unicode_begins_capital(const char *s);

/// A control letter: U+0000 to U+001F, U+007F to U+009F.
bool unicode_is_control(int32_t c);

/// False for what a terminal would not show as itself: bad bytes, control letters, line
/// separators and marks that turn the direction of writing.
bool unicode_is_shown(int32_t c);

/// Cells it takes in a terminal: 0, 1 or 2.
int unicode_width(int32_t c);

/// The text in normal form C, where õ is one character however it was typed.
///   owner   arena a
///   errors  NULL if it is not UTF-8
const char *unicode_nfc(Arena *a, const char *s, size_t n);

#endif
