// The table of formats. How each is written stands in the files of its name; who calls them is the
// command (cmd_export.c).
#include "export/format.h"

#include <string.h>

#include "core/word.h"

enum {
    FRAMES = 1u << LAYOUT_FRAMES,
    PICTURES = FRAMES | 1u << LAYOUT_SHEET,
    ALL_LAYOUTS = (1u << LAYOUT_COUNT) - 1,
    STEPS = 1u << HEED_STEPS,
    LANG = 1u << HEED_LANG,
    PICTURE = STEPS | LANG | 1u << HEED_PANELS | 1u << HEED_SIZE | 1u << HEED_THEME,
    CAPTION = 1u << HEED_CAPTION,
    SCALE = 1u << HEED_SCALE,
    GROUND = 1u << HEED_GROUND,
    OUTLINES = 1u << HEED_OUTLINES,
    FILM = PICTURE | SCALE | CAPTION | 1u << HEED_FILM,
    NUMBERS = 0
};

#define STAGE PANEL_COUNT

// clang-format off
const ExportFormat export_formats[FORMAT_COUNT] = {
    [FORMAT_PNG]  = {"png",  PICTURES,    PICTURE | SCALE | CAPTION | GROUND,            true,   true,  false, true,  1600, 1000, 0,  STAGE,      NULL},
    [FORMAT_SVG]  = {"svg",  PICTURES,    PICTURE | SCALE | CAPTION | GROUND | OUTLINES, true,   true,  false, false, 1600, 1000, 0,  STAGE,      NULL},
    [FORMAT_PDF]  = {"pdf",  ALL_LAYOUTS, PICTURE | CAPTION | GROUND | OUTLINES,         false, true,  false, false, 1600, 1000, 0,  STAGE,      NULL},
    [FORMAT_HTML] = {"html", FRAMES,      PICTURE,                                       false, true,  true,  false, 1440, 720,  0,  STAGE,      NULL},
    [FORMAT_GIF]  = {"gif",  FRAMES,      FILM,                                          false, true,  true,  true,  1200, 750,  12, STAGE,      NULL},
    [FORMAT_WEBP] = {"webp", FRAMES,      FILM,                                          false, true,  true,  true,  1200, 750,  20, STAGE,      NULL},
    [FORMAT_MP4]  = {"mp4",  FRAMES,      FILM,                                          false, true,  true,  true,  1600, 900,  30, STAGE,      "ffmpeg"},
    [FORMAT_WEBM] = {"webm", FRAMES,      FILM,                                          false, true,  true,  true,  1600, 900,  30, STAGE,      "ffmpeg"},
    [FORMAT_TEX]  = {"tex",  FRAMES,      STEPS | LANG,                                  false, false, false, false, 1600, 1000, 0,  STAGE,      NULL},
    [FORMAT_TIKZ] = {"tikz", FRAMES,      PICTURE,                                       true,   true,  false, false, 720,  380,  0,  PANEL_CELL, NULL},
    [FORMAT_JSON] = {"json", FRAMES,      NUMBERS,                                       false, false, true,  false, 1600, 1000, 0,  STAGE,      NULL},
    [FORMAT_CSV]  = {"csv",  FRAMES,      NUMBERS,                                       false, false, true,  false, 1600, 1000, 0,  STAGE,      NULL},
    [FORMAT_NPZ]  = {"npz",  FRAMES,      NUMBERS,                                       false, false, true,  false, 1600, 1000, 0,  STAGE,      NULL},
};
// clang-format on

FormatKind export_format(const char *name) {
    int k = 0;
    while (k < FORMAT_COUNT && strcmp(name, export_formats[k].name) != 0) k++;
    return (FormatKind)k;
}

const char *export_format_list(Arena *a) {
    const char *names[FORMAT_COUNT];
    for (int k = 0; k < FORMAT_COUNT; k++) names[k] = export_formats[k].name;
    return word_list(a, names, FORMAT_COUNT);
}

bool export_heeds(FormatKind format, Heed what) {
    return export_formats[format].heeds & 1u << what;
}

void export_size(FormatKind format, PageLayout layout, double *width, double *height) {
    bool small = layout == LAYOUT_SHEET || layout == LAYOUT_HANDOUT;
    bool slides = layout == LAYOUT_SLIDES; // 16:9
    *width = slides ? 1600 : small ? 1200 : export_formats[format].width;
    *height = slides ? 900 : small ? 750 : export_formats[format].height;
}
