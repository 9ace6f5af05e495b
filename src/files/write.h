/// Files appear whole or not at all.
#ifndef FILES_WRITE_H
#define FILES_WRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buf.h"

/// Writes n bytes to a file: beside it first, then to disk, then renamed over it. Something that is
/// not a regular file (a device, a pipe) is written to in place, never replaced; through a symbolic
/// link the file it points to is written. "-" or NULL is standard output.
///   errors  false, with *why one sentence in arena a that names the path; nothing half written
///           and no temporary file is left
bool write_file(Arena *a, const char *path, const void *bytes, size_t n, const char **why);

/// As write_file, but when the bytes reach the disk is left to the system: for runs of frames,
/// where waiting for the disk each time would take longer than drawing.
bool write_one_of_many(Arena *a, const char *path, const void *bytes, size_t n, const char **why);

/// A file being written piece by piece, for what is too large to be held in memory.
typedef struct Writing Writing;

/// Begins one: as write_file, the file appears when write_end keeps it. Meanwhile interrupts wait.
///   owner   arena a; write_end must be called
///   errors  NULL, with *why as write_file
Writing *write_begin(Arena *a, const char *path, const char **why);

/// Writes n bytes behind those before.
///   errors  false from the first failure on; write_end says why
bool write_put(Writing *w, const void *bytes, size_t n);

/// A ByteSink (core/buf.h) that does so; its context is the Writing.
bool write_bytes(void *writing, const void *bytes, size_t n);

/// Ends it. With keep false nothing is left of it, but for what went to standard output or a
/// device.
///   errors  false if it was to be kept and could not be, with *why as write_file
bool write_end(Writing *w, bool keep, const char **why);

/// Makes a folder (its parent must exist); fine if it is there already.
///   errors  as write_file
bool write_folder(Arena *a, const char *path, const char **why);

/// Is there a folder of that name?
bool is_folder(const char *path);

#endif
