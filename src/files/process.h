/// Another program at work: fed through its standard input, its complaints kept.
#ifndef FILES_PROCESS_H
#define FILES_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"

typedef struct Process Process;

/// What a run of this program says of its progress where it is asked for lines: what is made, how
/// many of it are done, how many there are (0: not known).
#define PROGRESS_LINE "progress %s %d of %d"
#define PROGRESS_READ "progress %31s %d of %d" // into 32 bytes

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

/// The next whole line of its complaints, without waiting; empty ones are left out. NULL while
/// there is none.
///   owner   the arena given to process_start
const char *process_line(Process *p);

/// Has it ended? Never waits.
bool process_over(Process *p);

/// Asks it to end (SIGTERM); process_end is still to be called.
void process_stop(Process *p);

/// The last line of its complaints, "" before the first.
///   owner   the arena given to process_start
const char *process_said(const Process *p);

/// Closes its input and waits; with `kill` it is ended at once. What it left in the background goes
/// on.
///   errors  false: it failed; *why (NULL if killed) is what it said last, in one line
bool process_end(Process *p, bool kill, const char **why);

#endif
