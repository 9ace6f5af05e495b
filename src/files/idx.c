// The header says how many numbers follow; the file must have just as many. Nothing is widened
// before an item is asked for, since a training set is eight times larger as doubles.
#include "files/idx.h"

#include <stdint.h>
#include <string.h>

typedef struct {
    int code;
    NumberFormat format;
} Type;

static const Type types[] = {
    {0x08, {NUMBER_UNSIGNED, 1, 0, false}}, {0x09, {NUMBER_SIGNED, 1, 0, false}},
    {0x0B, {NUMBER_SIGNED, 2, 0, false}},   {0x0C, {NUMBER_SIGNED, 4, 0, false}},
    {0x0D, {NUMBER_FLOAT, 4, 0, false}},    {0x0E, {NUMBER_FLOAT, 8, 0, false}},
};

static const Type *find_type(int code) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].code == code) return &types[i];
    return NULL;
}

bool idx_read(Arena *a, const Source *source, Idx *out, Diags *d) {
    const unsigned char *bytes = (const unsigned char *)source->text;
    size_t n = source->len, count, needed;
    if (n < 4 || bytes[0] || bytes[1])
        return diag_error(d, source, NO_SPAN, "byte 0: an IDX file begins with two zeros");
    const Type *type = find_type(bytes[2]);
    if (!type)
        return diag_error(d, source, NO_SPAN, "byte 2: there is no type of numbers 0x%02x",
                          bytes[2]);
    int rank = bytes[3];
    if (rank == 0) return diag_error(d, source, NO_SPAN, "byte 3: an array of no side");
    size_t header = 4 + 4 * (size_t)rank;
    if (n < header)
        return diag_error(d, source, NO_SPAN, "byte %zu: the file ends within its %d sides", n,
                          rank);
    size_t *shape = ARENA_ARRAY(a, size_t, rank);
    for (int i = 0; i < rank; i++)
        for (int k = 0; k < 4; k++) shape[i] = shape[i] << 8 | bytes[4 + 4 * i + k];
    *out = (Idx){bytes + header, type->format, rank, shape, 0};
    bool fits = shape_bytes(shape, rank, (size_t)type->format.bytes, &count, &needed) &&
                needed == n - header &&
                shape_bytes(shape + 1, rank - 1, sizeof(double), &out->item, &needed);
    if (!fits)
        return diag_error(d, source, NO_SPAN,
                          "byte %zu: %s numbers of %d byte%s each do not fit the %zu bytes that "
                          "follow",
                          header, tensor_words(a, shape, rank), type->format.bytes,
                          type->format.bytes == 1 ? "" : "s", n - header);
    return true;
}

void idx_item(const Idx *idx, size_t i, double *out) {
    const unsigned char *from = idx->bytes + i * idx->item * (size_t)idx->format.bytes;
    numbers_widen(from, idx->item, idx->format, true, out);
}
