// A thin layer over libutf8proc, so that no other file of core knows it. Plain
// ASCII, which is nearly everything, never gets as far as the library's tables.
#include "core/unicode.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

size_t utf8_decode(const char *s, size_t n, int32_t *c) {
    if ((unsigned char)*s < 0x80) {
        *c = *s;
        return 1;
    }
    utf8proc_int32_t rune;
    utf8proc_ssize_t took =
        utf8proc_iterate((const utf8proc_uint8_t *)s, n < 4 ? (utf8proc_ssize_t)n : 4, &rune);
    *c = took > 0 ? rune : UTF8_BAD;
    return took > 0 ? (size_t)took : 1;
}

size_t utf8_count(const char *s, size_t n) {
    size_t count = 0;
    int32_t c;
    for (size_t at = 0; at < n; count++) at += utf8_decode(s + at, n - at, &c);
    return count;
}

static utf8proc_category_t category(int32_t c) {
    return c < 0 ? UTF8PROC_CATEGORY_CN : utf8proc_category(c);
}

bool unicode_is_letter(int32_t c) {
    if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    utf8proc_category_t k = category(c);
    return k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO;
}

bool unicode_is_mark(int32_t c) {
    if (c < 0x80) return false;
    utf8proc_category_t k = category(c);
    return k >= UTF8PROC_CATEGORY_MN && k <= UTF8PROC_CATEGORY_ME;
}

bool unicode_is_digit(int32_t c) {
    if (c < 0x80) return c >= '0' && c <= '9';
    return category(c) == UTF8PROC_CATEGORY_ND;
}

bool unicode_is_capital(int32_t c) {
    if (c < 0x80) return c >= 'A' && c <= 'Z';
    utf8proc_category_t k = category(c);
    return k == UTF8PROC_CATEGORY_LU || k == UTF8PROC_CATEGORY_LT;
}

bool unicode_begins_capital(const char *s) {
    int32_t c;
    size_t n = strlen(s);
    return n > 0 && (utf8_decode(s, n, &c), unicode_is_capital(c));
}

bool unicode_is_control(int32_t c) {
    return (c >= 0 && c < 0x20) || (c >= 0x7f && c < 0xa0);
}

bool unicode_is_shown(int32_t c) {
    if (c < 0 || unicode_is_control(c)) return false;
    if (c == 0x2028 || c == 0x2029 || c == 0xfeff) return false;
    // a comment must not be able to reorder the line it stands in
    return c != 0x200e && c != 0x200f && !(c >= 0x202a && c <= 0x202e) &&
           !(c >= 0x2066 && c <= 0x2069);
}

int unicode_width(int32_t c) {
    if (c < 0x80) return 1;
    return utf8proc_charwidth(c);
}

const char *unicode_nfc(Arena *a, const char *s, size_t n) {
    bool ascii = true;
    for (size_t i = 0; i < n && ascii; i++) ascii = (unsigned char)s[i] < 0x80;
    if (ascii) return arena_copy(a, s, n);
    utf8proc_uint8_t *made = NULL;
    utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)n, &made,
                                        UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (len < 0) return NULL;
    const char *text = arena_copy(a, (const char *)made, (size_t)len);
    free(made); // the library's own allocation
    return text;
}
