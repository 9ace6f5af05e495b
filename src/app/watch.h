/// Notices when a file of the lesson has been saved.
#ifndef APP_WATCH_H
#define APP_WATCH_H

#include <stdbool.h>

#include "core/arena.h"

enum { WATCH_INTERVAL_MS = 500 };

typedef struct {
    const char *const *paths; // NULL-terminated; NULL for none; borrowed
    struct FileStamp *stamps; // one per path
} Watch;

/// Begins to watch these files, some of which may not exist (yet).
///   owner   arena a
Watch watch_new(Arena *a, const char *const *paths);

/// True once after any of them has changed, appeared or gone.
bool watch_changed(Watch *w);

#endif
