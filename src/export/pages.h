/// Frames laid out on pages: one a page, many small ones, with notes, as exercises. A page is
/// scenes at places; it becomes a page of a PDF, or a picture.
#ifndef EXPORT_PAGES_H
#define EXPORT_PAGES_H

#include "export/picture.h"

typedef enum {
    LAYOUT_FRAMES,    // one a page, of the picture's size
    LAYOUT_SHEET,     // many small ones a page, with their addresses
    LAYOUT_HANDOUT,   // a few a page, notes and lines beside them
    LAYOUT_WORKSHEET, // what goes in, and empty boxes for what comes out
    LAYOUT_KEY,       // the same with the results
    LAYOUT_SLIDES,    // one a page, 16:9, with the sentence
    LAYOUT_COUNT
} PageLayout;

extern const char *const layout_names[LAYOUT_COUNT]; // "frames", ...

enum { SHEET_MOST = 49, HANDOUT_MOST = 6 };

/// The look that pages give to n frames: slides and runs say what happens, small pictures do not.
Look pages_look(const Look *look, PageLayout layout, int n);

/// A run of frames on its way onto pages.
typedef struct {
    TextEngine *text;
    const Look *look;
    PageLayout layout;
    const Frame *frames;
    int n, done; // frames, and how many are on pages
    int page;    // number of the page drawn last, from 1
    int columns; // of sheets
    int rows;    // of sheets and handouts
    bool grows;  // sheets: their size follows from the thumbnails
} PageRun;

/// The beginning of a run. per_page: of sheets and handouts; 0: as many as fit well.
PageRun pages_begin(TextEngine *text, const Look *look, PageLayout layout, const Frame *frames,
                    int n, int per_page);

/// A run onto contact sheets that are as large as their thumbnails ask for, per_page on each; 0:
/// all on one, at most SHEET_MOST.
PageRun pages_sheets(TextEngine *text, const Look *look, const Frame *frames, int n, int per_page);

/// A scene on a page.
typedef struct {
    Scene scene;
    double x, y, scale; // its top left, points; points per logical pixel
    const Frame *frame; // whose picture it is; NULL: words about it
} PagePart;

typedef struct {
    double width, height; // points
    Role ground;
    const Frame *first; // the frames that begin on it
    int n_frames;
    PagePart *parts;
    int n, cap;
} Page;

/// Draws the next page.
///   owner   arena a, which may be reset before the next one
///   errors  false: there is none
bool pages_next(PageRun *run, Arena *a, Page *page);

/// The title of the lesson in the look's language.
const char *pages_title(const Look *look);

/// Asked before each frame or page; false stops.
typedef bool PagesProgress(void *context, int done, int all);

/// What the speaker is to see beside a slide: the step's sentence, and the scene's note.
///   owner   arena a
const char *pages_note(Arena *a, const Look *look, const Frame *frame);

/// The notes of all slides as the file that pdfpc reads beside a PDF.
void pages_notes(Arena *a, const Look *look, const Frame *frames, int n, Buf *out);

/// Exercise k of those frames as a scene as wide as the look and as high as *height: what is to be
/// found, what is given, boxes for the result, empty or filled in. Without answers, what an earlier
/// exercise asks for is not given away.
///   owner   arena a
Scene worksheet_scene(Arena *a, TextEngine *text, const Look *look, const Frame *frames, int k,
                      bool answers, double *height);

#endif
