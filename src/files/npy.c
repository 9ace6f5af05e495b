// The header is a Python dict with three keys, padded with blanks to the end of its line. It is
// read by a scanner for just that; what it says is held against the bytes that are there before
// anything is allocated.
#include "files/npy.h"

#include <stdint.h>
#include <string.h>

enum {
    MAGIC_BYTES = 6,
    RANK_LIMIT = 32,       // numpy's own
    HEADER_LIMIT = 1 << 20 // bytes; numpy writes a few hundred
};

static const char magic[MAGIC_BYTES + 1] = "\x93NUMPY";

typedef struct {
    const NpyFile *file;
    Diags *diags;
    size_t at, end; // of the header that is left to read
    // what it says
    bool has_descr, has_order, has_shape;
    NumberFormat format;
    bool big_endian, fortran;
    int rank;
    size_t shape[RANK_LIMIT];
} Header;

static bool wrong(const Header *h, const char *what) {
    return diag_error(h->diags, h->file->source, NO_SPAN, "%sbyte %zu: %s", h->file->where, h->at,
                      what);
}

static char peek(Header *h) {
    while (h->at < h->end && h->file->bytes[h->at] == ' ') h->at++;
    return h->at < h->end ? h->file->bytes[h->at] : '\0';
}

static bool take(Header *h, char c) {
    if (peek(h) != c || h->at >= h->end) return false;
    h->at++;
    return true;
}

/// A text in quotes, without escapes; borrowed from the file.
static bool read_text(Header *h, Span *out) {
    char quote = peek(h);
    if (quote != '\'' && quote != '"') return wrong(h, "a text in quotes must stand here");
    const char *from = h->file->bytes + h->at + 1;
    const char *to = memchr(from, quote, h->end - h->at - 1);
    if (!to || memchr(from, '\\', (size_t)(to - from)))
        return wrong(h, "this text has no end, or an escape");
    *out = (Span){h->at + 1, (size_t)(to - from)};
    h->at += out->len + 2;
    return true;
}

static bool is_text(const Header *h, Span text, const char *word) {
    return text.len == strlen(word) && memcmp(h->file->bytes + text.at, word, text.len) == 0;
}

/// "<f8": byte order, kind, bytes.
static bool read_descr(Header *h) {
    if (peek(h) == '[') return wrong(h, "records of several fields cannot be read");
    Span text;
    size_t at = (peek(h), h->at);
    if (!read_text(h, &text)) return false;
    const char *s = h->file->bytes + text.at;
    h->at = at; // of mistakes
    bool order = text.len > 0 && strchr("<>|=", s[0]) && s[0];
    char kind = text.len > (size_t)order ? s[order] : '\0';
    if (kind == 'O')
        return wrong(h, "an array of Python objects is a pickle, which runs code when it is read: "
                        "it is refused");
    int bytes = text.len == 2 + (size_t)order ? s[order + 1] - '0' : 0;
    bool sized = bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
    bool known = (kind == 'f' && sized && bytes > 1) || ((kind == 'i' || kind == 'u') && sized) ||
                 (kind == 'b' && bytes == 1);
    if (!known || (s[0] == '|' && bytes > 1))
        return wrong(h, "only booleans, integers and floats of 2, 4 and 8 bytes can be read, such "
                        "as '<f8'");
    NumberClass class = kind == 'f' ? NUMBER_FLOAT : kind == 'i' ? NUMBER_SIGNED : NUMBER_UNSIGNED;
    h->format = (NumberFormat){class, bytes, 5, false};
    h->big_endian = s[0] == '>';
    h->has_descr = true;
    h->at = text.at + text.len + 1;
    return true;
}

static bool read_order(Header *h) {
    static const char *const words[] = {"False", "True"};
    peek(h);
    for (int i = 0; i < 2; i++) {
        size_t n = strlen(words[i]);
        if (h->end - h->at < n || memcmp(h->file->bytes + h->at, words[i], n) != 0) continue;
        h->at += n;
        h->fortran = i;
        h->has_order = true;
        return true;
    }
    return wrong(h, "fortran_order must be True or False");
}

static bool read_side(Header *h, size_t *out) {
    char c = peek(h);
    size_t side = 0;
    if (c < '0' || c > '9') return wrong(h, "a whole number of at least 0 must stand here");
    for (; h->at < h->end && (c = h->file->bytes[h->at]) >= '0' && c <= '9'; h->at++) {
        if (side > (SIZE_MAX - 9) / 10) return wrong(h, "this side is larger than can be counted");
        side = 10 * side + (size_t)(c - '0');
    }
    if (h->at < h->end && h->file->bytes[h->at] == 'L') h->at++; // Python 2
    *out = side;
    return true;
}

/// "()", "(3,)", "(3, 4)".
static bool read_shape(Header *h) {
    if (!take(h, '(')) return wrong(h, "the shape must be a tuple such as (3, 4)");
    bool comma = true;
    while (peek(h) != ')') {
        if (!comma) return wrong(h, "a comma or ) must stand here");
        if (h->rank == RANK_LIMIT) return wrong(h, "an array of more than 32 sides");
        if (!read_side(h, &h->shape[h->rank++])) return false;
        comma = take(h, ',');
    }
    if (h->rank == 1 && !comma) return wrong(h, "a tuple of one number needs a comma: (3,)");
    h->at++;
    h->has_shape = true;
    return true;
}

static bool read_pair(Header *h) {
    Span key;
    peek(h);
    size_t at = h->at;
    if (!read_text(h, &key)) return false;
    if (!take(h, ':')) return wrong(h, "a : must stand here");
    if (is_text(h, key, "descr") && !h->has_descr) return read_descr(h);
    if (is_text(h, key, "fortran_order") && !h->has_order) return read_order(h);
    if (is_text(h, key, "shape") && !h->has_shape) return read_shape(h);
    h->at = at;
    return wrong(h, "the keys are descr, fortran_order and shape, each once");
}

static bool read_dict(Header *h) {
    if (!take(h, '{')) return wrong(h, "the header must begin with a {");
    while (peek(h) != '}') {
        if (!read_pair(h)) return false;
        if (!take(h, ',') && peek(h) != '}') return wrong(h, "a comma or } must stand here");
    }
    h->at++;
    if (!h->has_descr || !h->has_order || !h->has_shape)
        return wrong(h, "the header needs descr, fortran_order and shape");
    if (peek(h) != '\n' || h->at + 1 != h->end)
        return wrong(h, "only blanks and the end of the line may stand behind the }");
    h->at++;
    return true;
}

/// Sets at and end to the header's text.
static bool find_header(Header *h) {
    const unsigned char *bytes = (const unsigned char *)h->file->bytes;
    size_t n = h->file->n;
    if (n < MAGIC_BYTES + 4 || memcmp(bytes, magic, MAGIC_BYTES) != 0)
        return wrong(h, "this is no NPY file: it does not begin with \\x93NUMPY");
    int version = bytes[6];
    h->at = 6;
    if (version < 1 || version > 3 || bytes[7] != 0)
        return wrong(h, "only versions 1.0, 2.0 and 3.0 can be read");
    h->at = 8;
    size_t wide = version == 1 ? 2 : 4, length = 0;
    if (n < 8 + wide) return wrong(h, "the file ends within its header");
    for (size_t i = wide; i-- > 0;) length = length << 8 | bytes[8 + i];
    if (length > HEADER_LIMIT || length > n - 8 - wide)
        return wrong(h, "the header is longer than the file, or than a header can be");
    h->at = 8 + wide;
    h->end = h->at + length;
    return true;
}

/// Column-major to row-major: walks the rows' order and keeps the place in the columns' order.
static void transpose(const Header *h, const double *from, size_t count, double *to) {
    size_t index[RANK_LIMIT] = {0}, stride[RANK_LIMIT], place = 0, step = 1;
    for (int i = 0; i < h->rank; i++) {
        stride[i] = step;
        step *= h->shape[i];
    }
    for (size_t k = 0; k < count; k++) {
        to[k] = from[place];
        for (int i = h->rank - 1; i >= 0; i--) {
            place += stride[i];
            if (++index[i] < h->shape[i]) break;
            place -= stride[i] * h->shape[i];
            index[i] = 0;
        }
    }
}

bool npy_read(Arena *a, const NpyFile *file, const char *name, Tensors *out, Diags *d) {
    Header h = {.file = file, .diags = d};
    if (!find_header(&h) || !read_dict(&h)) return false;
    size_t count, bytes, left = file->n - h.at;
    bool counted =
        shape_bytes(h.shape, h.rank, (size_t)h.format.bytes, &count, &bytes) && bytes == left;
    if (!counted)
        return diag_error(d, file->source, NO_SPAN,
                          "%sbyte %zu: %s numbers of %d byte%s each do not fit the %zu bytes that "
                          "are there",
                          file->where, h.at, tensor_words(a, h.shape, h.rank), h.format.bytes,
                          h.format.bytes == 1 ? "" : "s", left);
    double *at = ARENA_ARRAY(a, double, count);
    numbers_widen((const unsigned char *)file->bytes + h.at, count, h.format, h.big_endian, at);
    if (h.fortran && h.rank > 1) {
        double *rows = ARENA_ARRAY(a, double, count);
        transpose(&h, at, count, rows);
        at = rows;
    }
    tensors_add(a, out, name, h.rank, h.shape, at);
    return true;
}

void npy_write(Buf *out, int rank, const size_t *shape, const double *at) {
    Buf header = buf_new(out->arena);
    buf_puts(&header, "{'descr': '<f8', 'fortran_order': False, 'shape': (");
    size_t count = 1;
    for (int i = 0; i < rank; i++) {
        buf_printf(&header, "%s%zu", i ? ", " : "", shape[i]);
        count *= shape[i];
    }
    buf_puts(&header, rank == 1 ? ",), }" : "), }");
    while ((10 + header.len + 1) % 64) buf_puts(&header, " "); // numbers begin at a multiple of 64
    buf_puts(&header, "\n");
    buf_put(out, magic, MAGIC_BYTES);
    char fields[4] = {1, 0, (char)(header.len & 0xff), (char)(header.len >> 8)};
    buf_put(out, fields, sizeof fields);
    buf_put(out, header.data, header.len);
    for (size_t k = 0; k < count; k++) {
        uint64_t bits;
        char bytes[8];
        memcpy(&bits, &at[k], sizeof bits);
        for (int i = 0; i < 8; i++) bytes[i] = (char)(bits >> (8 * i));
        buf_put(out, bytes, sizeof bytes);
    }
}
