/// IDX: the file format of MNIST's pictures and labels.
#ifndef FILES_IDX_H
#define FILES_IDX_H

#include "files/tensor.h"

enum { IDX_MAX_BYTES = 512 * 1024 * 1024, IDX_MAX_RANK = 255 };

/// An array whose numbers stay in the file until they are asked for.
typedef struct {
    const unsigned char *bytes; // borrowed from the source
    NumberFormat format;
    int rank;            // at least 1
    const size_t *shape; // (rank) the first is the number of items
    size_t item;         // numbers in one item: the product of the other sides
} Idx;

/// Reads the header: two zeros, the type of the numbers, the rank, the sides; all big-endian.
///   owner   arena a; the numbers belong to the source
///   errors  another magic, sides that do not fit the file exactly: in d with the byte; false
///   source  the description at the MNIST database of LeCun, Cortes & Burges
bool idx_read(Arena *a, const Source *source, Idx *out, Diags *d);

/// The numbers of one item, 0 <= i < shape[0].
void idx_item(const Idx *idx, size_t i, double *out);

#endif
