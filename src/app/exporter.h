/// An export being made, by a process of its own: this program with the words of the command line,
/// so that the window stays free, a stop is what Ctrl-C is, and the bytes are those of the command.
#ifndef APP_EXPORTER_H
#define APP_EXPORTER_H

#include <stdbool.h>

#include "core/arena.h"

typedef struct Exporter Exporter;

/// Starts it.
///   argv    as export_task_argv gives it
///   errors  NULL, with *why one sentence in arena a
Exporter *exporter_start(Arena *a, const char *const argv[], const char **why);

/// How far it is; never waits.
typedef struct {
    bool over, made;
    int done, all;
    const char *why; // it was not made: what it said; owner: the exporter
} ExporterNews;

/// What there is to be told since it began.
ExporterNews exporter_look(Exporter *e);

/// Asks it to stop; it leaves nothing half made.
void exporter_stop(Exporter *e);

/// Waits for its end and frees it. NULL is allowed.
void exporter_free(Exporter *e);

#endif
