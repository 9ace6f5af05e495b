/// The window as a block of pixels: what SDL and the desktop need, hidden from the rest.
#ifndef APP_WINDOW_H
#define APP_WINDOW_H

#include <SDL.h>
#include <stdbool.h>

#include "core/arena.h"

typedef struct AppWindow AppWindow;

/// Starts SDL.
///   errors  false, with *why one line: there is no display, or what SDL says
bool window_start(Arena *a, const char **why);

/// Ends SDL.
void window_stop(void);

/// Opens a window of this size (in the desktop's units), or as large as the desktop allows.
///   owner   arena a; window_close must be called
///   errors  NULL, with *why one line
AppWindow *window_open(Arena *a, int width, int height, const char **why);

/// Closes the window.
void window_close(AppWindow *w);

/// Size in pixels.
void window_pixels(const AppWindow *w, int *width, int *height);

/// Size in the desktop's units, for the settings.
void window_units(const AppWindow *w, int *width, int *height);

/// Pixels per unit of mouse positions: 1, or 2 on a HiDPI Wayland desktop.
double window_density(const AppWindow *w);

/// The pixels to draw on, 32 bits each, as CAIRO_FORMAT_RGB24; NULL while there are none. Valid
/// until the next size event. What was drawn stays.
SDL_Surface *window_surface(AppWindow *w);

/// Brings these parts of the surface to the screen.
void window_show(AppWindow *w, SDL_Rect *parts, int n);

/// Fills the screen, or goes back.
void window_fullscreen(AppWindow *w, bool on);

/// Names the window in the desktop's lists.
void window_title(AppWindow *w, const char *title);

/// Shows a hand over what can be clicked.
void window_pointer(AppWindow *w, bool hand);

#endif
