/// safetensors: a length, a JSON header that names arrays and their place, then their bytes.
#ifndef FILES_SAFETENSORS_H
#define FILES_SAFETENSORS_H

#include "files/tensor.h"

/// Reads every array, widened to double, in order of its place in the file.
///   owner   arena a
///   errors  whatever the reference reader refuses (holes, overlaps, sizes that disagree, bytes
///           left over), duplicate names, formats without numbers: in d with its byte or its
///           array's name; false
///   source  safetensors' format description and reference implementation
bool safetensors_read(Arena *a, const Source *source, Tensors *out, Diags *d);

/// Appends a file of 64-bit floats: the same bytes as the reference's writer, arrays by name.
void safetensors_write(const Tensors *t, Buf *out);

#endif
