/// The loop among its parts: what it holds, what it paints, and the scripts that run in it.
#ifndef APP_LOOP_H
#define APP_LOOP_H

#include <SDL.h>

#include "app/canvas.h"
#include "app/overlay.h"
#include "app/session.h"
#include "app/window.h"

/// What app_run ends with besides 0.
enum { LOOP_BAD_SCRIPT = 1, LOOP_BAD_ADDRESS = 2, LOOP_MACHINE = 3 };

enum { LOOP_TIMES = 32, LOOP_EXPORT_MS = 40 };

typedef struct {
    Session session;
    AppWindow *window;
    Overlay *overlay;
    Canvas canvas;
    SDL_Rect covered[OVERLAY_PARTS]; // by the overlay, on the window
    int n_covered;
    bool exposed; // the window lost its pixels
    bool text_input;
    // deadlines, in SDL's milliseconds; 0: none
    Uint64 tick_at, toast_at, tip_at, watch_at, export_at, progress_at, move_at;
    Uint64 export_begin; // of the export that is being made
    Uint64 told_at;      // what moves knows of the time up to here
    int toasts_seen;
    double mouse_x, mouse_y;  // logical pixels
    Ref tip_ref;              // what the tooltip is about
    double times[LOOP_TIMES]; // of the last frames, ms
    int n_frames;
} Loop;

/// Paints what changed, and shows it with what lies over it.
void loop_draw(Loop *l);

/// A SessionProgress whose context is the loop: says how far training, or its replay, is, and looks
/// whether it is to stop. Short work shows nothing.
bool loop_show_progress(void *loop, int step, double loss);

/// After an action that no event brought: sets what is due when, and brings the window after the
/// state.
void loop_settle(Loop *l);

/// Runs for so many milliseconds.
void loop_pass(Loop *l, double ms);

/// Runs a script for tests, and then no more.
///   errors  LOOP_BAD_SCRIPT or LOOP_MACHINE, after a message on standard error
int loop_run_script(Loop *l, const char *path);

#endif
