// Numbers of a file as doubles. Bytes are put together by shifts, so that neither alignment nor the
// byte order of the machine matters; every format but the 64-bit integers fits a double exactly.
#include "files/tensor.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static uint64_t bits_at(const unsigned char *p, int bytes, bool big_endian) {
    uint64_t bits = 0;
    for (int i = 0; i < bytes; i++) bits = bits << 8 | p[big_endian ? i : bytes - 1 - i];
    return bits;
}

/// A float of 8 or 16 bits: sign, exponent, fraction (IEEE 754, and its like).
static double small_float(uint64_t bits, NumberFormat f) {
    int width = 8 * f.bytes, fraction_bits = width - 1 - f.exponent_bits;
    uint64_t fraction = bits & ((UINT64_C(1) << fraction_bits) - 1);
    int largest = (1 << f.exponent_bits) - 1, bias = largest / 2;
    int exponent = (int)(bits >> fraction_bits) & largest;
    double sign = bits >> (width - 1) ? -1 : 1;
    uint64_t all_ones = (UINT64_C(1) << fraction_bits) - 1;
    if (exponent == largest && f.finite && fraction == all_ones) return NAN;
    if (exponent == largest && !f.finite) return fraction ? NAN : sign * (double)INFINITY;
    if (exponent == 0) return sign * ldexp((double)fraction, 1 - bias - fraction_bits);
    return sign * ldexp((double)(fraction | UINT64_C(1) << fraction_bits),
                        exponent - bias - fraction_bits);
}

static double widen(uint64_t bits, NumberFormat f) {
    if (f.class == NUMBER_UNSIGNED) return (double)bits;
    if (f.class == NUMBER_SIGNED) {
        uint64_t sign = UINT64_C(1) << (8 * f.bytes - 1);
        // two's complement without relying on conversions out of range
        return bits & sign ? -(double)((sign << 1) - bits) : (double)bits;
    }
    if (f.bytes == 8) {
        double value;
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    if (f.bytes == 4) {
        uint32_t half = (uint32_t)bits;
        float value;
        memcpy(&value, &half, sizeof value);
        return (double)value;
    }
    return small_float(bits, f);
}

void numbers_widen(const unsigned char *bytes, size_t count, NumberFormat format, bool big_endian,
                   double *out) {
    for (size_t i = 0; i < count; i++)
        out[i] = widen(bits_at(bytes + i * (size_t)format.bytes, format.bytes, big_endian), format);
}

bool shape_bytes(const size_t *shape, int rank, size_t size, size_t *count, size_t *bytes) {
    size_t n = 1;
    for (int i = 0; i < rank; i++) {
        if (shape[i] && n > SIZE_MAX / shape[i]) return false;
        n *= shape[i];
    }
    if (n > SIZE_MAX / size) return false;
    *count = n;
    *bytes = n * size;
    return true;
}

const Tensor *tensors_find(const Tensors *t, const char *name) {
    for (int i = 0; i < t->n; i++)
        if (strcmp(t->list[i].name, name) == 0) return &t->list[i];
    return NULL;
}

const char *tensor_words(Arena *a, const size_t *shape, int rank) {
    if (rank == 0) return "a single number";
    Buf b = buf_new(a);
    for (int i = 0; i < rank && i < 8; i++) buf_printf(&b, "%s%zu", i ? "×" : "", shape[i]);
    if (rank > 8) buf_puts(&b, "×…");
    return buf_str(&b);
}

void tensors_add(Arena *a, Tensors *t, const char *name, int rank, const size_t *shape,
                 const double *at) {
    size_t *own = ARENA_ARRAY(a, size_t, rank + 1), count = 0, bytes = 0;
    if (rank) memcpy(own, shape, (size_t)rank * sizeof *own);
    shape_bytes(own, rank, sizeof *at, &count, &bytes);
    Tensor tensor = {name, rank, own, count, at};
    ARENA_PUSH(a, t->list, t->n, t->cap, tensor);
}

bool tensor_finite(const Tensor *t, const Source *source, Diags *d) {
    for (size_t i = 0; i < t->count; i++)
        if (!isfinite(t->at[i]))
            return diag_error(d, source, NO_SPAN, "%s: number %zu of %zu is %s", t->name, i + 1,
                              t->count, isnan(t->at[i]) ? "NaN" : "infinite");
    return true;
}
