/// An export from words to files: what the command line, a recipe and the window's dialog all call.
#ifndef EXPORT_MAKE_H
#define EXPORT_MAKE_H

#include "export/options.h"

typedef enum {
    EXPORT_DONE,
    EXPORT_STOPPED, // by its watch
    EXPORT_MISUSED, // the words ask for what there is not
    EXPORT_FAILED   // disk full, a folder that cannot be written, no encoder
} ExportEnd;

/// Told how much of an export is done, between one frame and the next, and once with done == all
/// at the end. False stops the export; nothing half made is left.
typedef bool ExportWatch(void *context, const char *what, int done, int all);

/// Told the path of each file that an export that is done has made.
typedef void ExportWrote(void *context, const char *path);

/// What an export needs, and what it says.
typedef struct {
    Arena *arena;
    const Places *places;
    const Lesson *lesson;
    TextEngine *text; // NULL: opened where something is drawn
    ExportWatch *watch;
    ExportWrote *wrote; // or NULL
    void *context;
    const char *why; // one sentence after EXPORT_MISUSED and EXPORT_FAILED
    struct Fonts *fonts;
    bool stopped;
} Maker;

/// Checks all that can be checked without the lesson.
///   errors  false, with *why one sentence in arena a
bool export_check(Arena *a, const ExportWords *w, const char **why);

/// Makes what the words ask for. Words that name a lesson are not looked at: m->lesson is taken.
ExportEnd export_make(Maker *m, const ExportWords *w);

#endif
