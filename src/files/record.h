/// What a recipe has made: for each output what went into it and which files came out.
#ifndef FILES_RECORD_H
#define FILES_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"

/// One output.
typedef struct {
    const char *path; // as the recipe names it
    uint64_t hash;    // of its words and of the bytes of its sources
    const char **sources;
    int n_sources, cap_sources;
    const char **files;
    int n_files, cap_files;
} Made;

typedef struct {
    Arena *arena;
    Made *list;
    int n, cap;
} Record;

/// Reads a record; an empty one where there is none, or none that can be understood: all is then
/// made again.
///   owner   arena a
Record record_read(Arena *a, const char *path);

/// The same from a record's text.
Record record_parse(Arena *a, const char *text, size_t len);

/// Appends the record's text, which record_parse reads back as it was.
void record_print(const Record *r, Buf *out);

/// The output of that name, or NULL.
const Made *record_find(const Record *r, const char *path);

/// Puts an output in, in place of one of the same name. Lists are borrowed.
void record_set(Record *r, const Made *made);

/// Writes it; `last`: to the disk.
///   errors  as write_file
bool record_write(const Record *r, const char *path, bool last, const char **why);

/// The hash of an output: of its words' hash and of what its sources hold now.
uint64_t record_hash(uint64_t words, const Made *made);

/// Is every file of it there?
bool record_stands(const Made *made);

/// Hashes text into h; NULL is different from "".
uint64_t hash_text(uint64_t h, const char *text);

/// Hashes a file's bytes into h; one that cannot be read, or is no regular file, is different from
/// an empty one.
uint64_t hash_file(uint64_t h, const char *path);

#endif
