/// Sequences cut from a file: a table, a text, pictures, arrays. Private to the lesson layer.
#ifndef LESSON_DATA_FILE_H
#define LESSON_DATA_FILE_H

#include "files/idx.h"
#include "lesson/reading.h"

/// Rows from which windows are cut, sequences one behind the other, or pictures.
struct FileData {
    int steps, input, target; // of a sequence; target: numbers in a row of targets, 0 for classes
    int count, shown;
    int trained;           // sequences 0 .. trained - 1 are trained on
    const FileData *other; // with `test: {...}`: the file of the sequences that are held out
    int stride; // rows from where a sequence begins to where the next one does
    bool each;  // targets and classes are one for a sequence, not for a row
    uint64_t seed;
    const double *inputs;  // (rows, input)
    const double *targets; // (rows or count, target)
    const int *symbols;    // (rows) text
    const int *classes;    // (rows or count)
    Idx images;            // rank 0: none
    double scale;          // of pictures
};

/// Reads `csv`, `text`, `idx` or `npz` (as `key` says) and the keys beside it into r->data. The
/// keys are described at the top of data_file.c.
///   errors  in the lesson: unknown keys and columns, windows that do not fit; in the file, with
///   its
///           row or byte; false
bool data_file_read(Reading *r, const Item *map, const char *key);

/// A file that the lesson names, read whole, and unpacked if gzip packed it.
const Source *data_file_open(Reading *r, const Item *item, size_t limit);

/// Settles which of f->count whole sequences is shown, and that each has one target; `unit` is what
/// messages call them.
bool data_file_choose(Reading *r, const Item *map, const char *unit, FileData *f);

/// Reads a file into f and r->data.
typedef bool FileReader(Reading *r, const Item *map, FileData *f);

/// Reads `data.test` of a file of this kind: what is held out of its training.
///   errors  in d, false
bool data_test_read(Reading *r, const Item *map, const char *key, FileData *f, FileReader *read);

/// What a map of `idx` names.
extern const Field data_idx_fields[];

/// The keys of `npz` and what stands beside it, and their reader (data_npz.c).
extern const Field data_npz_fields[], data_archive_fields[];
bool data_npz_read(Reading *r, const Item *map, FileData *f);

/// How many different sequences the file has: at least 1.
int data_file_count(const FileData *file);

/// Fills sequence number i, 0 <= i < data_file_count; the arrays are those of a task's sequence,
/// present as data_file_sequence makes them.
void data_file_sequence(const FileData *file, int i, TaskSequence *out);

/// Arrays for one sequence.
///   owner   arena a; the caller has looked at the size
TaskSequence data_file_sequence_new(Arena *a, const FileData *file);

/// The number of the sequence that the stage shows, and of the one that training sees as its i-th.
int data_file_shown(const FileData *file);
int data_file_drawn(const FileData *file, int64_t i);

#endif
