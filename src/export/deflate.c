// DEFLATE (RFC 1951) in one pass with the fixed codes. At each pixel three places are asked how
// long they go on alike: the pixel before, the row above, and where the same four bytes stood last.
// The longest wins. Flat areas then cost one code for 258 bytes, and nothing is ever sorted or
// counted.
//
// Bits are gathered in a 64-bit word; codes are stored bit-reversed, ready to be put.
#include "export/deflate.h"

#include <stdbool.h>
#include <string.h>
#include <zlib.h>

enum {
    LENGTH_MIN = 4,
    LENGTH_MAX = 258,
    REACH = 32768, // how far back a copy may be
    HASH_BITS = 13,
    LITERALS = 288
};

typedef struct {
    uint16_t bits;
    uint8_t n;
} Code;

/// The fixed codes, worked out once a stream.
typedef struct {
    Code literal[LITERALS];
    Code length[LENGTH_MAX + 1];   // with its extra bits
    uint32_t last[1 << HASH_BITS]; // where four bytes with this hash stood, + 1
} Tables;

typedef struct {
    unsigned char *at; // room for all that can come is made before
    uint64_t bits;
    int n_bits;
} Bits;

static void put(Bits *b, uint32_t bits, int n) {
    b->bits |= (uint64_t)bits << b->n_bits;
    b->n_bits += n;
    if (b->n_bits < 32) return;
    for (int k = 0; k < 4; k++) *b->at++ = (unsigned char)(b->bits >> 8 * k);
    b->bits >>= 32;
    b->n_bits -= 32;
}

static uint16_t reversed(unsigned code, int n) {
    unsigned out = 0;
    for (int k = 0; k < n; k++) out |= (code >> k & 1) << (n - 1 - k);
    return (uint16_t)out;
}

// RFC 1951, 3.2.6 and 3.2.5.
static void fill(Tables *t) {
    for (unsigned k = 0; k < LITERALS; k++) {
        int n = k < 144 ? 8 : k < 256 ? 9 : k < 280 ? 7 : 8;
        unsigned code = k < 144   ? 0x30 + k
                        : k < 256 ? 0x190 + k - 144
                        : k < 280 ? k - 256
                                  : 0xC0 + k - 280;
        t->literal[k] = (Code){reversed(code, n), (uint8_t)n};
    }
    int symbol = 257, length = 3;
    for (int extra = 0; symbol < 285; extra += symbol >= 265 && (symbol - 265) % 4 == 0) {
        for (int k = 0; k < 1 << extra && length < LENGTH_MAX; k++, length++) {
            Code c = t->literal[symbol];
            t->length[length] = (Code){(uint16_t)(c.bits | k << c.n), (uint8_t)(c.n + extra)};
        }
        symbol++;
    }
    t->length[LENGTH_MAX] = t->literal[285];
}

static void put_distance(Bits *b, unsigned distance) {
    unsigned d = distance - 1, symbol = d;
    int extra = 0;
    if (d >= 4) {
        int top = 31 - __builtin_clz(d);
        extra = top - 1;
        symbol = (unsigned)(2 * top) + (d >> (top - 1) & 1);
    }
    put(b, reversed(symbol, 5), 5);
    if (extra) put(b, d & ((1u << extra) - 1), extra);
}

static uint32_t four(const unsigned char *p) {
    uint32_t x;
    memcpy(&x, p, 4);
    return x;
}

// How many bytes at p and q are the same, up to `max`.
static size_t alike(const unsigned char *p, const unsigned char *q, size_t max) {
    size_t n = 0;
    for (uint64_t x, y; n + 8 <= max; n += 8) {
        memcpy(&x, p + n, 8);
        memcpy(&y, q + n, 8);
        if (x != y) break;
    }
    while (n < max && p[n] == q[n]) n++;
    return n;
}

/// Where a copy can come from.
typedef struct {
    size_t length, distance;
} Match;

static void try_match(Match *best, const unsigned char *bytes, size_t at, size_t distance,
                      size_t max) {
    if (distance > at || distance > REACH || distance == 0) return;
    size_t n = alike(bytes + at, bytes + at - distance, max);
    if (n > best->length) *best = (Match){n, distance};
}

static void put_all(Bits *b, Tables *t, const unsigned char *bytes, size_t n, size_t pixel,
                    size_t stride) {
    for (size_t at = 0; at < n;) {
        Match m = {0, 0};
        size_t max = n - at < LENGTH_MAX ? n - at : LENGTH_MAX;
        if (max >= LENGTH_MIN) {
            uint32_t *last = &t->last[four(bytes + at) * 2654435761u >> (32 - HASH_BITS)];
            try_match(&m, bytes, at, pixel, max); // near copies cost fewer bits
            if (m.length < max) try_match(&m, bytes, at, stride, max);
            if (m.length < 32 && *last) try_match(&m, bytes, at, at + 1 - *last, max);
            *last = (uint32_t)at + 1;
        }
        if (m.length < LENGTH_MIN) {
            Code c = t->literal[bytes[at++]];
            put(b, c.bits, c.n);
            continue;
        }
        Code c = t->length[m.length];
        put(b, c.bits, c.n);
        put_distance(b, (unsigned)m.distance);
        at += m.length;
    }
}

void deflate_rows(const unsigned char *bytes, size_t n, int pixel, int stride, Buf *out) {
    Tables *t = arena_alloc(out->arena, 1, sizeof *t);
    fill(t);
    size_t room = n + n / 8 + 64; // a byte costs at most nine bits
    unsigned char *start = arena_alloc(out->arena, room, 1);
    Bits b = {.at = start};
    put(&b, 1, 1); // the last block,
    put(&b, 1, 2); // with the fixed codes
    put_all(&b, t, bytes, n, (size_t)pixel, (size_t)stride);
    put(&b, t->literal[256].bits, t->literal[256].n);
    while (b.n_bits > 0) {
        *b.at++ = (unsigned char)(b.bits & 255);
        b.bits >>= 8;
        b.n_bits -= 8;
    }
    unsigned long sum = adler32(1, bytes, (unsigned)n);
    char tail[4] = {(char)(sum >> 24), (char)(sum >> 16), (char)(sum >> 8), (char)sum};
    buf_put(out, "\x78\x01", 2);
    buf_put(out, (const char *)start, (size_t)(b.at - start));
    buf_put(out, tail, 4);
}
