/// NPY: numpy's file of one array. A magic, a version, a header in Python's notation, the numbers.
#ifndef FILES_NPY_H
#define FILES_NPY_H

#include "files/tensor.h"

/// An NPY file, alone or as a member of an archive.
typedef struct {
    const Source *source; // the file that mistakes name
    const char *where;    // "W_f.npy: " within it; "" alone
    const char *bytes;
    size_t n;
} NpyFile;

/// Adds the array of a file to `out`, widened to double and row-major, as `name`. Versions 1 to 3,
/// both byte orders, fortran_order, booleans, integers, floats of 2, 4 and 8 bytes.
///   owner   arena a
///   errors  anything else in the header, objects (they are pickles, which run code), sizes that
///           do not fit the file exactly: in d with the byte; false
///   source  numpy.lib.format
bool npy_read(Arena *a, const NpyFile *file, const char *name, Tensors *out, Diags *d);

/// Appends a version 1 file of little-endian doubles.
void npy_write(Buf *out, int rank, const size_t *shape, const double *at);

#endif
