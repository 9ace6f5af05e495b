// Growing doubles the block; the old one stays in the arena until its reset.
#include "core/buf.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

Buf buf_new(Arena *a) { return (Buf){.arena = a}; }

static void reserve(Buf *b, size_t more) {
    if (b->len + more + 1 <= b->cap) return;
    size_t cap = b->cap ? 2 * b->cap : 256;
    while (cap < b->len + more + 1) cap *= 2;
    char *data = arena_alloc(b->arena, cap, 1);
    if (b->len) memcpy(data, b->data, b->len);
    b->data = data;
    b->cap = cap;
}

void buf_put(Buf *b, const char *bytes, size_t n) {
    reserve(b, n);
    if (n) memcpy(b->data + b->len, bytes, n);
    b->len += n;
    b->data[b->len] = '\0';
}

void buf_puts(Buf *b, const char *s) { buf_put(b, s, strlen(s)); }

void buf_printf(Buf *b, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    assert(n >= 0);
    reserve(b, (size_t)n);
    vsnprintf(b->data + b->len, (size_t)n + 1, format, args);
    b->len += (size_t)n;
    va_end(args);
}

// By hand: pictures are made of thousands of such numbers.
void buf_fixed(Buf *b, double x) {
    enum { MOST = 16 };
    long long n = llround(fmin(1e9, fmax(-1e9, x)) * 100);
    char digits[MOST], *p = digits + MOST;
    bool minus = n < 0;
    if (minus) n = -n;
    int cents = (int)(n % 100);
    n /= 100;
    if (cents % 10) *--p = (char)('0' + cents % 10);
    if (cents) *--p = (char)('0' + cents / 10), *--p = '.';
    do *--p = (char)('0' + n % 10), n /= 10;
    while (n);
    if (minus) *--p = '-';
    buf_put(b, p, (size_t)(digits + MOST - p));
}

const char *buf_str(const Buf *b) { return b->data ? b->data : ""; }

bool buf_take(void *buf, const void *bytes, size_t n) {
    buf_put(buf, bytes, n);
    return true;
}
