/// Frames laid out on pages of a PDF: one a page, many small ones, with notes, as exercises.
#ifndef EXPORT_PAGES_H
#define EXPORT_PAGES_H

#include "export/pdf.h"

typedef enum {
    LAYOUT_FRAMES,    // one a page, of the picture's size
    LAYOUT_SHEET,     // nine small ones a page, with their addresses
    LAYOUT_HANDOUT,   // three a page, notes and lines beside them
    LAYOUT_WORKSHEET, // what goes in, and empty boxes for what comes out
    LAYOUT_KEY,       // the same with the results
    LAYOUT_SLIDES,    // one a page, 16:9, with the sentence
    LAYOUT_COUNT
} PageLayout;

extern const char *const layout_names[LAYOUT_COUNT]; // "frames", ...

/// Asked before each frame; false stops.
typedef bool PagesProgress(void *context, int done, int all);

/// Pages of those frames.
///   errors  false, with *why, or *why NULL if it was stopped
bool pages_write(Arena *a, TextEngine *text, const Look *look, PageLayout layout,
                 const Frame *frames, int n, PagesProgress *progress, void *context, Buf *out,
                 const char **why);

/// What a presenter program (pdfpc, pympress) shows to the speaker: a note for each slide.
void pages_notes(Arena *a, const Look *look, const Frame *frames, int n, Buf *out);

/// Exercise k of those frames as a scene as wide as the look and as high as *height: what is to be
/// found, what is given, boxes for the result, empty or filled in. Without answers, what an earlier
/// exercise asks for is not given away.
///   owner   arena a
Scene worksheet_scene(Arena *a, TextEngine *text, const Look *look, const Frame *frames, int k,
                      bool answers, double *height);

#endif
