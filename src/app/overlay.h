/// What lies over the frame for a moment: the keyboard's ring, tooltips and messages. They are
/// drawn on the window's pixels and wiped off by copying from the canvas, so that the stage is not
/// painted again for them.
#ifndef APP_OVERLAY_H
#define APP_OVERLAY_H

#include <SDL.h>

#include "app/frame.h"

typedef struct Overlay Overlay;

/// What to show; logical pixels. NULL texts are not shown.
typedef struct {
    Box ring;        // around this box; a width of 0 for none
    const char *tip; // beside `anchor`
    Box anchor;
    bool tip_above; // where there is room: the numbers below an element are its neighbours
    const char *toast;
    double toast_bottom; // y of its lower edge
    const char *corner;  // small print at the right, on the same line
} OverlayContent;

enum { OVERLAY_PARTS = 4 };

/// An overlay whose fonts are in `assets`/fonts; each is opened when it is first needed.
///   owner   arena a; overlay_free must be called
///   errors  NULL, with *why
Overlay *overlay_new(Arena *a, const char *assets, const char **why);
void overlay_free(Overlay *o);

/// Draws the content; parts[] gets the rectangles drawn on. Returns how many.
int overlay_draw(Overlay *o, SDL_Surface *on, const OverlayContent *content, ThemeKind theme,
                 double scale, Arena *scratch, SDL_Rect *parts);

#endif
