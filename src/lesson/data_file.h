/// Sequences cut from a file: a table, a text, pictures. Private to the lesson layer.
#ifndef LESSON_DATA_FILE_H
#define LESSON_DATA_FILE_H

#include "lesson/reading.h"

/// Reads `csv`, `text` or `idx` (as `key` says) and the keys beside it into r->data. The keys are
/// described at the top of data_file.c.
///   errors  in the lesson: unknown keys and columns, windows that do not fit; in the file, with
///   its
///           row or byte; false
bool data_file_read(Reading *r, const Item *map, const char *key);

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
