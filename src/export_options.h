/// What the words of `gatewalk export` ask for, read and checked.
#ifndef EXPORT_OPTIONS_H
#define EXPORT_OPTIONS_H

#include "command.h"
#include "export/pages.h"

typedef enum {
    SUBTITLES_NONE,
    SUBTITLES_BURN,
    SUBTITLES_SRT,
    SUBTITLES_VTT,
    SUBTITLES_COUNT
} Subtitles;

/// The options as they stand on the command line or in a recipe; NULL where not given.
typedef struct {
    const char *word; // LESSON
    const char *format, *at, *from, *to, *by, *panel, *size, *width, *font, *scale, *theme, *lang,
        *layout, *subtitles, *jobs, *hold, *path;
    bool all, caption, transparent, outlines;
} ExportWords;

/// What is to be made.
typedef struct {
    Look look;
    unsigned panels; // a bit per PanelKind; 0: the lesson's stage
    bool sized;      // --size was given
    const char *path;
    bool one; // a single step
    Playhead from, to;
    Grain grain; // of a single step: that of its address
    FrameBy by;
    PageLayout layout;
    Subtitles subtitles;
    int jobs;
    double hold; // seconds a film shows a step; 0: as long as its sentence takes to read
} Export;

/// Reads all that can be read without the lesson.
///   errors  false after a message
bool export_read(const ExportWords *w, Export *e);

/// Reads which steps, and fills in what depends on the lesson.
///   errors  false after a message
bool export_read_steps(Program *p, const Lesson *lesson, const ExportWords *w, Export *e);

/// The frames asked for: one, or the run.
///   owner   the program's arena; *count frames
///   errors  NULL after a message
Frame *export_frames(Program *p, const Export *e, int *count);

#endif
