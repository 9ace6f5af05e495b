/// The frame as pixels, kept between frames so that only what changed is painted again.
#ifndef APP_CANVAS_H
#define APP_CANVAS_H

#include <SDL.h>
#include <cairo.h>

#include "app/frame.h"

enum { CANVAS_PARTS = CHROME_COUNT + 8 };

typedef struct {
    SDL_Surface *pixels;
    cairo_surface_t *surface; // the same pixels
    cairo_t *cr;
    uint64_t hash[CHROME_COUNT]; // of each panel as painted
    Box region[CHROME_COUNT];
    bool has_dialog;
    ThemeKind theme;
    double scale;
} Canvas;

/// Paints what of a frame's scene (its own, or one that leads over to it) differs from what was
/// painted last; parts[] gets the changed rectangles in pixels.
/// Returns how many, at most CANVAS_PARTS; 0 if nothing changed. `all` paints everything.
int canvas_paint(Canvas *c, const AppFrame *f, const Scene *scene, const AppState *s, bool all,
                 SDL_Rect *parts);

/// Frees the pixels.
void canvas_free(Canvas *c);

/// A box in logical pixels as whole pixels around it, inside a surface of that size.
SDL_Rect canvas_rect(Box b, double scale, int width, int height);

#endif
