// The header is JSON, read by jansson; everything else is checked here before it is used:
//   8 bytes N, N bytes JSON, then the buffer; arrays, sorted by offset, fill it without holes.
// So a file of n bytes cannot ask for more than n bytes of arrays, and what is widened to double is
// bounded by the file.
#include "files/safetensors.h"

#include <jansson.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_LIMIT = 100000000, LENGTH_BYTES = 8 };

typedef struct {
    const char *name;
    NumberFormat format;
} Dtype;

// clang-format off
static const Dtype dtypes[] = {
    {"F64", {NUMBER_FLOAT, 8, 0, false}}, {"F32", {NUMBER_FLOAT, 4, 0, false}},
    {"F16", {NUMBER_FLOAT, 2, 5, false}}, {"BF16", {NUMBER_FLOAT, 2, 8, false}},
    {"F8_E5M2", {NUMBER_FLOAT, 1, 5, false}}, {"F8_E4M3", {NUMBER_FLOAT, 1, 4, true}},
    {"I64", {NUMBER_SIGNED, 8, 0, false}}, {"I32", {NUMBER_SIGNED, 4, 0, false}},
    {"I16", {NUMBER_SIGNED, 2, 0, false}}, {"I8", {NUMBER_SIGNED, 1, 0, false}},
    {"U64", {NUMBER_UNSIGNED, 8, 0, false}}, {"U32", {NUMBER_UNSIGNED, 4, 0, false}},
    {"U16", {NUMBER_UNSIGNED, 2, 0, false}}, {"U8", {NUMBER_UNSIGNED, 1, 0, false}},
    {"BOOL", {NUMBER_UNSIGNED, 1, 0, false}},
};
// clang-format on

/// An array of the header, before its bytes are looked at.
typedef struct {
    const char *name;
    const Dtype *dtype;
    int rank;
    size_t *shape;
    size_t count, begin, end; // begin, end: in the buffer
    size_t nth;               // in the header, to keep the order of empty ones
} Entry;

typedef struct {
    Arena *arena;
    const Source *source;
    Diags *diags;
    Entry *list;
    int n, cap;
} Header;

#define WRONG(h, ...) diag_error((h)->diags, (h)->source, NO_SPAN, __VA_ARGS__)

static const Dtype *find_dtype(const char *name) {
    for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++)
        if (strcmp(dtypes[i].name, name) == 0) return &dtypes[i];
    return NULL;
}

static bool read_size(const json_t *value, size_t *out) {
    if (!json_is_integer(value) || json_integer_value(value) < 0) return false;
    *out = (size_t)json_integer_value(value);
    return true;
}

static bool read_shape(Header *h, const json_t *list, Entry *e) {
    if (!json_is_array(list) || json_array_size(list) > INT_MAX)
        return WRONG(h, "array %s: \"shape\" must be a list of whole numbers", e->name);
    e->rank = (int)json_array_size(list);
    e->shape = ARENA_ARRAY(h->arena, size_t, e->rank + 1);
    for (int i = 0; i < e->rank; i++)
        if (!read_size(json_array_get(list, (size_t)i), &e->shape[i]))
            return WRONG(h, "array %s: side %d of its shape is no whole number of at least 0",
                         e->name, i + 1);
    return true;
}

static bool read_offsets(Header *h, const json_t *pair, Entry *e) {
    if (!json_is_array(pair) || json_array_size(pair) != 2 ||
        !read_size(json_array_get(pair, 0), &e->begin) ||
        !read_size(json_array_get(pair, 1), &e->end))
        return WRONG(h, "array %s: \"data_offsets\" must be two whole numbers", e->name);
    if (e->begin > e->end)
        return WRONG(h, "array %s ends at byte %zu of the data, before it begins at %zu", e->name,
                     e->end, e->begin);
    return true;
}

static bool read_entry(Header *h, const char *name, const json_t *value) {
    Entry e = {.name = arena_copy(h->arena, name, strlen(name)), .nth = (size_t)h->n};
    if (!json_is_object(value) || json_object_size(value) != 3)
        return WRONG(h,
                     "array %s needs \"dtype\", \"shape\" and \"data_offsets\", and nothing else",
                     e.name);
    const char *dtype = json_string_value(json_object_get(value, "dtype"));
    if (!dtype) return WRONG(h, "array %s has no \"dtype\"", e.name);
    e.dtype = find_dtype(dtype);
    if (!e.dtype) return WRONG(h, "array %s: numbers of type %s cannot be read", e.name, dtype);
    if (!read_shape(h, json_object_get(value, "shape"), &e)) return false;
    if (!read_offsets(h, json_object_get(value, "data_offsets"), &e)) return false;
    size_t bytes, size = (size_t)e.dtype->format.bytes;
    const char *shape = tensor_words(h->arena, e.shape, e.rank);
    if (!shape_bytes(e.shape, e.rank, size, &e.count, &bytes))
        return WRONG(h, "array %s: %s numbers are more than can be counted", e.name, shape);
    if (bytes != e.end - e.begin)
        return WRONG(h, "array %s: %s numbers of type %s take %zu bytes, and it has %zu", e.name,
                     shape, dtype, bytes, e.end - e.begin);
    ARENA_PUSH(h->arena, h->list, h->n, h->cap, e);
    return true;
}

static bool check_metadata(Header *h, json_t *map) {
    if (!json_is_object(map)) return WRONG(h, "__metadata__ must be a map of texts");
    for (void *i = json_object_iter(map); i; i = json_object_iter_next(map, i))
        if (!json_is_string(json_object_iter_value(i)))
            return WRONG(h, "__metadata__ must be a map of texts, and its \"%s\" is none",
                         json_object_iter_key(i));
    return true;
}

static bool read_entries(Header *h, json_t *root) {
    bool fine = true;
    for (void *i = json_object_iter(root); i; i = json_object_iter_next(root, i)) {
        const char *name = json_object_iter_key(i);
        json_t *value = json_object_iter_value(i);
        if (strcmp(name, "__metadata__") == 0)
            fine &= check_metadata(h, value);
        else
            fine &= read_entry(h, name, value);
    }
    return fine;
}

static int by_place(const void *a, const void *b) {
    const Entry *p = a, *q = b;
    if (p->begin != q->begin) return p->begin < q->begin ? -1 : 1;
    if (p->end != q->end) return p->end < q->end ? -1 : 1;
    return p->nth < q->nth ? -1 : p->nth > q->nth;
}

/// Sorts the arrays and looks for holes, overlaps and what stands behind the last.
static bool check_places(Header *h, size_t buffer) {
    if (h->n) qsort(h->list, (size_t)h->n, sizeof *h->list, by_place);
    size_t at = 0, numbers = 0;
    for (int i = 0; i < h->n; i++) {
        const Entry *e = &h->list[i];
        if (e->begin != at)
            return WRONG(h,
                         "array %s begins at byte %zu of the data, and the one before ends at "
                         "%zu: there is %s between them",
                         e->name, e->begin, at, e->begin > at ? "a hole" : "an overlap");
        if (e->end > buffer)
            return WRONG(h, "array %s ends at byte %zu of the data, and the file has %zu", e->name,
                         e->end, buffer);
        at = e->end;
        numbers += e->count; // at most one a byte
    }
    if (at != buffer)
        return WRONG(h, "the arrays take %zu bytes, and the file has %zu after its header", at,
                     buffer);
    if (numbers > WEIGHTS_MAX_NUMBERS)
        return WRONG(h, "the file has %zu numbers; at most %d can be read", numbers,
                     WEIGHTS_MAX_NUMBERS);
    return true;
}

static json_t *parse_header(Header *h, const char *text, size_t n) {
    if (n == 0 || text[0] != '{')
        return WRONG(h, "byte 8: the header does not begin with a {"), NULL;
    json_error_t error;
    json_t *root = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        WRONG(h, "byte %d: the header is no JSON that can be read: %s",
              LENGTH_BYTES + error.position, error.text);
    return root;
}

static void widen_all(Header *h, const char *buffer, Tensors *out) {
    for (int i = 0; i < h->n; i++) {
        const Entry *e = &h->list[i];
        double *at = ARENA_ARRAY(h->arena, double, e->count);
        numbers_widen((const unsigned char *)buffer + e->begin, e->count, e->dtype->format, false,
                      at);
        tensors_add(h->arena, out, e->name, e->rank, e->shape, at);
    }
}

bool safetensors_read(Arena *a, const Source *source, Tensors *out, Diags *d) {
    Header h = {.arena = a, .source = source, .diags = d};
    *out = (Tensors){0};
    if (source->len < LENGTH_BYTES)
        return WRONG(&h, "a safetensors file has at least 8 bytes, and this has %zu", source->len);
    uint64_t length = 0;
    for (int i = LENGTH_BYTES - 1; i >= 0; i--)
        length = length << 8 | (unsigned char)source->text[i];
    if (length > HEADER_LIMIT)
        return WRONG(&h,
                     "byte 0: a header of %llu bytes; at most %d are read (is this a "
                     "safetensors file?)",
                     (unsigned long long)length, HEADER_LIMIT);
    if (length > source->len - LENGTH_BYTES)
        return WRONG(&h, "byte 0: a header of %llu bytes does not fit a file of %zu",
                     (unsigned long long)length, source->len);
    size_t begin = LENGTH_BYTES + (size_t)length;
    json_t *root = parse_header(&h, source->text + LENGTH_BYTES, (size_t)length);
    if (!root) return false;
    bool fine = read_entries(&h, root);
    json_decref(root);
    if (!fine || !check_places(&h, source->len - begin)) return false;
    widen_all(&h, source->text + begin, out);
    return true;
}

// ---- writing ----

static int by_name(const void *a, const void *b) {
    const Tensor *const *p = a, *const *q = b;
    return strcmp((*p)->name, (*q)->name);
}

static void put_string(Buf *b, const char *text) {
    buf_puts(b, "\"");
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            buf_printf(b, "\\%c", *c);
        else if ((unsigned char)*c < 0x20)
            buf_printf(b, "\\u%04x", (unsigned)(unsigned char)*c);
        else
            buf_put(b, c, 1);
    }
    buf_puts(b, "\"");
}

static void put_entry(Buf *b, const Tensor *t, size_t begin) {
    put_string(b, t->name);
    buf_puts(b, ":{\"dtype\":\"F64\",\"shape\":[");
    for (int i = 0; i < t->rank; i++) buf_printf(b, "%s%zu", i ? "," : "", t->shape[i]);
    buf_printf(b, "],\"data_offsets\":[%zu,%zu]}", begin, begin + t->count * sizeof(double));
}

static void put_u64(Buf *b, uint64_t value) {
    char bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = (char)(value >> (8 * i));
    buf_put(b, bytes, sizeof bytes);
}

void safetensors_write(const Tensors *t, Buf *out) {
    const Tensor **order = ARENA_ARRAY(out->arena, const Tensor *, t->n + 1);
    for (int i = 0; i < t->n; i++) order[i] = &t->list[i];
    if (t->n) qsort(order, (size_t)t->n, sizeof *order, by_name);
    Buf header = buf_new(out->arena);
    buf_puts(&header, "{");
    size_t at = 0;
    for (int i = 0; i < t->n; i++) {
        if (i) buf_puts(&header, ",");
        put_entry(&header, order[i], at);
        at += order[i]->count * sizeof(double);
    }
    buf_puts(&header, "}");
    while (header.len % 8) buf_puts(&header, " ");
    put_u64(out, header.len);
    buf_put(out, header.data, header.len);
    for (int i = 0; i < t->n; i++)
        for (size_t k = 0; k < order[i]->count; k++) {
            uint64_t bits;
            memcpy(&bits, &order[i]->at[k], sizeof bits);
            put_u64(out, bits);
        }
}
