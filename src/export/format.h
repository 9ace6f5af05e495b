/// The formats of an export, one row each: what the command line, recipes and the window's dialog
/// offer is read from here.
#ifndef EXPORT_FORMAT_H
#define EXPORT_FORMAT_H

#include "export/pages.h"

typedef enum {
    FORMAT_PNG,
    FORMAT_SVG,
    FORMAT_PDF,
    FORMAT_HTML,
    FORMAT_GIF,
    FORMAT_WEBP,
    FORMAT_MP4,
    FORMAT_WEBM,
    FORMAT_TEX,
    FORMAT_TIKZ,
    FORMAT_JSON,
    FORMAT_CSV,
    FORMAT_NPZ,
    FORMAT_COUNT
} FormatKind;

/// What decides how a format looks; which of them a format heeds is a bit each in its row.
typedef enum {
    HEED_STEPS,    // which steps: --at, --from, --to, --all, --by
    HEED_PANELS,   // --panel
    HEED_SIZE,     // --size, or --width with --font
    HEED_SCALE,    // --scale
    HEED_THEME,    // --theme
    HEED_LANG,     // --lang
    HEED_CAPTION,  // --caption, --legend
    HEED_GROUND,   // --transparent
    HEED_OUTLINES, // --outlines
    HEED_FILM      // --subtitles, --hold, --fps, --no-motion
} Heed;

typedef struct {
    const char *name;    // its word, and the ending of its files
    unsigned layouts;    // a bit per PageLayout
    unsigned heeds;      // a bit per Heed
    bool folder;         // several frames are a folder of files, not one that holds them all
    bool draws;          // needs fonts
    bool whole;          // without --at, --from or --to, all steps
    bool screen;         // made of pixels: a large one is a large screen's
    int width, height;   // of a picture without --size
    int rate;            // pictures a second while it moves; 0: it does not
    PanelKind panel;     // without --panel this one; PANEL_COUNT: the stage
    const char *program; // that it needs when it runs, also its package's name; or NULL
} ExportFormat;

extern const ExportFormat export_formats[FORMAT_COUNT];

/// The format of that name, or FORMAT_COUNT.
FormatKind export_format(const char *name);

/// All formats as a sentence lists them.
///   owner   arena a
const char *export_format_list(Arena *a);

/// Does a format heed this?
bool export_heeds(FormatKind format, Heed what);

/// The size of a picture without --size in a layout, in logical pixels.
void export_size(FormatKind format, PageLayout layout, double *width, double *height);

#endif
