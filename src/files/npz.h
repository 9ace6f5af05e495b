/// NPZ: a zip archive of NPY files, one for each array.
#ifndef FILES_NPZ_H
#define FILES_NPZ_H

#include "files/tensor.h"

/// Reads every member NAME.npy as array NAME, stored or deflated, in the archive's order.
///   owner   arena a
///   errors  what is no archive, members that are no NPY file, encrypted or packed otherwise,
///           names that stand twice, more than WEIGHTS_MAX_BYTES in all or more than deflate can
///           make of a file of this size (looked at before anything is unpacked): in d; false
bool npz_read(Arena *a, const Source *source, Tensors *out, Diags *d);

/// Appends an archive of stored members, the same bytes for the same arrays.
///   errors  false if there is no memory for it
bool npz_write(const Tensors *t, Buf *out);

#endif
