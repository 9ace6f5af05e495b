/// What is to be exported, as words (of the command line, of a recipe, of the window's dialog) and
/// as what they ask for, read and checked.
#ifndef EXPORT_OPTIONS_H
#define EXPORT_OPTIONS_H

#include "export/format.h"

typedef enum {
    SUBTITLES_NONE,
    SUBTITLES_BURN,
    SUBTITLES_SRT,
    SUBTITLES_VTT,
    SUBTITLES_COUNT
} Subtitles;

extern const char *const subtitle_names[SUBTITLES_COUNT]; // "none", "burn", ...

/// The options as they stand on the command line or in a recipe; NULL where not given.
typedef struct {
    const char *word; // LESSON
    const char *format, *at, *from, *to, *by, *panel, *size, *width, *font, *scale, *theme, *lang,
        *layout, *per_page, *subtitles, *jobs, *hold, *fps, *path;
    bool still, all, caption, legend, transparent, outlines;
} ExportWords;

/// An option and where its words go.
typedef struct {
    const char *option; // "--format", "-o"
    const char *key;    // its name in recipes
    size_t word;        // offset of a const char * in ExportWords; EXPORT_FLAG for a flag
    size_t flag;        // offset of its bool
} ExportOption;

#define EXPORT_FLAG ((size_t)-1)

/// The options, ended by a row without an option.
extern const ExportOption export_options[];

/// Where an option's word, or flag, stands.
const char **export_word(ExportWords *w, const ExportOption *o);
bool *export_flag(ExportWords *w, const ExportOption *o);

/// What is to be made.
typedef struct {
    FormatKind format;
    Look look;
    unsigned panels; // a bit per PanelKind; 0: the lesson's stage
    bool sized;      // --size was given
    const char *path;
    bool one; // a single step
    Playhead from, to;
    int first, last; // BY_OPTIMIZER: optimizer steps; the step of the walk is `from`
    Grain grain;     // of a single step: that of its address
    FrameBy by;
    PageLayout layout;
    int per_page; // of sheets and handouts; 0: as many as fit well
    Subtitles subtitles;
    int jobs;
    double hold; // seconds a film stands still at a step; 0: until its sentence can be read
    double fps;  // pictures a second while a film moves
    bool still;  // it never does
} Export;

/// Reads all that can be read without the lesson.
///   errors  false, with *why one sentence in arena a
bool export_read(Arena *a, const ExportWords *w, Export *e, const char **why);

/// Reads which steps, and fills in what depends on the lesson.
///   owner   arena a
///   errors  as export_read
bool export_read_steps(Arena *a, const Lesson *lesson, const ExportWords *w, Export *e,
                       const char **why);

/// The frames asked for: one, or the run.
///   owner   arena a; *count frames
///   errors  NULL, with *why
Frame *export_frames(Arena *a, const Export *e, int *count, const char **why);

#endif
