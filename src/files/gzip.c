// zlib unpacks, twice: first to see how many bytes there are, into a buffer that is thrown away,
// then into memory of just that size. So a small file that unpacks to terabytes costs time up to
// the limit, and no memory.
#include "files/gzip.h"

#include <string.h>
#include <zlib.h>

enum { GZIP_ONLY = 16 + MAX_WBITS };

typedef struct {
    z_stream z;
    size_t unpacked;
} Unpacking;

static bool begin(Unpacking *u, const Source *source) {
    memset(u, 0, sizeof *u);
    u->z.next_in = (Bytef *)source->text; // zlib only reads it
    u->z.avail_in = (uInt)source->len;
    return inflateInit2(&u->z, GZIP_ONLY) == Z_OK;
}

/// Unpacks into the room given, at most; Z_OK where there is more.
static int unpack(Unpacking *u, char *room, size_t size) {
    u->z.next_out = (Bytef *)room;
    u->z.avail_out = (uInt)size;
    int state = inflate(&u->z, Z_NO_FLUSH);
    u->unpacked += size - u->z.avail_out;
    return state;
}

/// How many bytes there are, all of them and the checksum looked at; false with a mistake.
static bool measure(const Source *source, size_t limit, size_t *size, Diags *d) {
    Unpacking u;
    char scratch[1 << 15];
    int state = Z_OK;
    if (!begin(&u, source)) return diag_error(d, source, NO_SPAN, "no memory to unpack it");
    while (state == Z_OK && u.unpacked <= limit) state = unpack(&u, scratch, sizeof scratch);
    size_t at = source->len - u.z.avail_in;
    *size = u.unpacked;
    inflateEnd(&u.z);
    if (u.unpacked > limit)
        return diag_error(d, source, NO_SPAN, "it unpacks to more than %zu bytes", limit);
    if (state == Z_BUF_ERROR)
        return diag_error(d, source, NO_SPAN, "byte %zu: the file ends within its packed bytes",
                          source->len);
    if (state != Z_STREAM_END)
        return diag_error(d, source, NO_SPAN, "byte %zu: this does not unpack: %s", at,
                          u.z.msg ? u.z.msg : "gzip's checksum is wrong");
    if (at < source->len)
        return diag_error(d, source, NO_SPAN, "byte %zu: something follows the packed bytes", at);
    return true;
}

const Source *gzip_open(Arena *a, const Source *source, size_t limit, Diags *d) {
    const unsigned char *bytes = (const unsigned char *)source->text;
    if (source->len < 2 || bytes[0] != 0x1f || bytes[1] != 0x8b) return source;
    size_t size;
    if (!measure(source, limit, &size, d)) return NULL;
    char *text = arena_alloc(a, size + 1, 1);
    Unpacking u;
    if (!begin(&u, source)) return diag_error(d, source, NO_SPAN, "no memory to unpack it"), NULL;
    // a piece at a time: zlib counts in 32 bits
    for (int state = Z_OK; state == Z_OK && u.unpacked < size;) {
        size_t rest = size - u.unpacked, piece = (size_t)1 << 30;
        state = unpack(&u, text + u.unpacked, rest < piece ? rest : piece);
    }
    inflateEnd(&u.z);
    text[size] = '\0';
    Source *out = ARENA_NEW(a, Source);
    *out = (Source){source->path, text, size};
    return out;
}
