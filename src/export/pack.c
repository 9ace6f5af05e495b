// zlib's format, which browsers unpack by themselves, three bytes as four letters.
#include "export/pack.h"

#include <string.h>
#include <zlib.h>

enum { CHUNK = 48 * 1024 }; // a multiple of 3: base64 of each chunk needs no filling

struct Pack {
    z_stream z;
    PackPut *put;
    void *sink;
    bool good;
    unsigned char chunk[CHUNK];
};

void base64_put(Buf *out, const unsigned char *bytes, size_t n) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t k = 0; k < n; k += 3) {
        unsigned long b = (unsigned long)bytes[k] << 16;
        if (k + 1 < n) b |= (unsigned long)bytes[k + 1] << 8;
        if (k + 2 < n) b |= bytes[k + 2];
        char four[4] = {digits[b >> 18], digits[b >> 12 & 63], digits[b >> 6 & 63], digits[b & 63]};
        if (k + 1 >= n) four[2] = '=';
        if (k + 2 >= n) four[3] = '=';
        buf_put(out, four, 4);
    }
}

Pack *pack_begin(Arena *a, PackPut *put, void *sink) {
    Pack *p = ARENA_NEW(a, Pack);
    p->put = put;
    p->sink = sink;
    p->good = true;
    p->z.next_out = p->chunk;
    p->z.avail_out = CHUNK;
    return deflateInit(&p->z, Z_BEST_COMPRESSION) == Z_OK ? p : NULL;
}

static void hand_on(Pack *p) {
    Arena *a = arena_new();
    Buf text = buf_new(a);
    base64_put(&text, p->chunk, CHUNK - p->z.avail_out);
    if (text.len) p->good = p->good && p->put(p->sink, text.data, text.len);
    arena_free(a);
    p->z.next_out = p->chunk;
    p->z.avail_out = CHUNK;
}

bool pack_put(Pack *p, const Buf *text) {
    p->z.next_in = (unsigned char *)text->data;
    p->z.avail_in = (unsigned)text->len;
    while (p->good && p->z.avail_in > 0) {
        deflate(&p->z, Z_NO_FLUSH);
        if (p->z.avail_out == 0) hand_on(p);
    }
    return p->good;
}

bool pack_end(Pack *p) {
    while (p->good && deflate(&p->z, Z_FINISH) == Z_OK) hand_on(p);
    hand_on(p);
    deflateEnd(&p->z);
    return p->good;
}
