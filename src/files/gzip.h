/// Files packed by gzip, as MNIST's come.
#ifndef FILES_GZIP_H
#define FILES_GZIP_H

#include "core/diag.h"

/// The unpacked bytes of a source that gzip packed, under the same path; any other source as it is.
///   owner   arena a
///   errors  bytes that do not unpack, a file cut short, a wrong checksum, anything behind the
///           packed bytes, more than `limit` bytes (looked at before any are kept): in d; NULL
///   source  RFC 1952
const Source *gzip_open(Arena *a, const Source *source, size_t limit, Diags *d);

#endif
