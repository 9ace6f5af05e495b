/// The window as a block of pixels: what SDL and the desktop need, hidden from the rest.
#ifndef APP_WINDOW_H
#define APP_WINDOW_H

#include <SDL.h>
#include <stdbool.h>

#include "core/arena.h"

typedef struct Window Window;

/// Starts SDL and opens a window of this size (in the desktop's units).
///   owner   arena a; window_close must be called
///   errors  NULL, with *why one line: no display, or what SDL says
Window *window_open(Arena *a, int width, int height, const char **why);

void window_close(Window *w);

/// Size in pixels.
void window_pixels(const Window *w, int *width, int *height);

/// Size in the desktop's units, for the settings.
void window_units(const Window *w, int *width, int *height);

/// Pixels per unit of mouse positions: 1, or 2 on a HiDPI Wayland desktop.
double window_density(const Window *w);

/// The pixels to draw on, 32 bits each, as CAIRO_FORMAT_RGB24; NULL while there are none. Valid
/// until the next size event. What was drawn stays.
SDL_Surface *window_surface(Window *w);

/// Brings these parts of the surface to the screen.
void window_show(Window *w, SDL_Rect *parts, int n);

void window_fullscreen(Window *w, bool on);
void window_title(Window *w, const char *title);

/// Shows a hand over what can be clicked.
void window_pointer(Window *w, bool hand);

#endif
