/// Named arrays of numbers, as files of weights hold them, and the number formats they come in.
#ifndef FILES_TENSOR_H
#define FILES_TENSOR_H

#include <stdbool.h>
#include <stddef.h>

#include "core/diag.h"

/// An array of any rank, row-major. Rank 0 is one number; a side of 0 makes it empty.
typedef struct {
    const char *name;
    int rank;
    const size_t *shape; // (rank)
    size_t count;        // product of shape
    const double *at;    // (count)
} Tensor;

/// What a file holds, in the file's order; no two have the same name.
typedef struct {
    Tensor *list;
    int n, cap;
} Tensors;

enum {
    WEIGHTS_MAX_BYTES = 512 * 1024 * 1024,  // of a file of weights
    WEIGHTS_MAX_NUMBERS = 256 * 1024 * 1024 // in all its arrays, when widened to double: 2 GiB
};

typedef enum { NUMBER_UNSIGNED, NUMBER_SIGNED, NUMBER_FLOAT } NumberClass;

/// How a number lies in a file.
typedef struct {
    NumberClass class;
    int bytes;         // 1, 2, 4, 8
    int exponent_bits; // of floats of 1 and 2 bytes
    bool finite;       // E4M3: the largest exponent is a number but for its last, a NaN
} NumberFormat;

/// Widens `count` numbers to double. Integers beyond 2^53 are rounded to the nearest.
void numbers_widen(const unsigned char *bytes, size_t count, NumberFormat format, bool big_endian,
                   double *out);

/// The product of a shape, and that times `size`, without overflow: false if there is one.
bool shape_bytes(const size_t *shape, int rank, size_t size, size_t *count, size_t *bytes);

/// The tensor of that name, or NULL.
const Tensor *tensors_find(const Tensors *t, const char *name);

/// Are all its numbers finite? No network goes on from what is not.
///   errors  the first that is not: in d
bool tensor_finite(const Tensor *t, const Source *source, Diags *d);

/// "4×3", "4" or "a single number", for messages.
const char *tensor_words(Arena *a, const size_t *shape, int rank);

/// Adds a tensor of doubles that is there already.
///   owner  arena a; `at` must live as long
void tensors_add(Arena *a, Tensors *t, const char *name, int rank, const size_t *shape,
                 const double *at);

#endif
