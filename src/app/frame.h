/// One frame as data: the scene of a state, where its parts stand, and what can be hit in it.
#ifndef APP_FRAME_H
#define APP_FRAME_H

#include "app/chrome.h"
#include "app/export_preview.h"

typedef struct {
    Arena *arena;
    Scene scene;  // chrome, and the stage or a page
    Scene dialog; // above all; only if has_dialog
    bool has_dialog;
    Box dialog_box;
    const ExportPreview *preview; // with the export dialog; NULL without
    Box preview_box;              // where it is shown; a width of 0: nowhere
    Box region[CHROME_COUNT];     // where each panel stands; a width of 0 for those not shown
    Box stage, track;             // the stage; the scrub bar's track (a width of 0 without one)
    double scale;                 // pixels per logical pixel
    double scroll_max;
    View view;
    const Stop *stops; // NULL until frame_stops
    int n_stops;
} AppFrame;

/// Builds the frame of a state.
///   owner   arena a, which is reset first; valid until the next build in it
///   report  the mistakes to show on SCREEN_MISTAKES, or ""
void frame_build(AppFrame *f, Arena *a, TextEngine *text, const AppState *s, const World *w,
                 const char *report);

/// What stands at a point in logical pixels, or NULL. With a dialog open, only what is in it.
const Shape *frame_hit(const AppFrame *f, double x, double y);

/// Everything clickable, each once, in reading order. Found when first asked for.
const Stop *frame_stops(AppFrame *f, int *count);

/// Where a ref is first seen; false if it is not.
bool frame_find(const AppFrame *f, Ref ref, Box *box);

/// Where it is seen under a point, or else first.
bool frame_find_at(const AppFrame *f, Ref ref, double x, double y, Box *box);

/// The tooltip of a ref: what a control does, the name and value of a number. NULL for none.
const char *frame_tip(const AppFrame *f, const AppState *s, Ref ref);

#endif
