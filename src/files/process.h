/// Another program at work: fed through its standard input, its complaints kept.
#ifndef FILES_PROCESS_H
#define FILES_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"

typedef struct Process Process;

/// The path of a program in PATH, or NULL.
///   owner   arena a
const char *process_find(Arena *a, const char *name);

/// Starts argv[0] (a path) without a shell, in a group of its own, so that an interrupt from the
/// keyboard does not reach it. From then on a closed pipe is an error to this process, not a
/// signal.
///   owner   arena a; process_end must be called
///   errors  NULL, with *why
Process *process_start(Arena *a, const char *const argv[], const char **why);

/// Writes to its standard input.
///   errors  false: it has ended, or does not listen any more
bool process_write(Process *p, const void *bytes, size_t n);

/// Closes its input and waits; with `kill` it is ended at once.
///   errors  false: it failed; *why (NULL if killed) is what it said last, in one line
bool process_end(Process *p, bool kill, const char **why);

#endif
