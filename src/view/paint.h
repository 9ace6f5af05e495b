/// The one place that puts a scene on a cairo_t: window, picture, page and test alike.
#ifndef VIEW_PAINT_H
#define VIEW_PAINT_H

#include <cairo.h>

#include "view/text.h"
#include "view/theme.h"

/// Paints shapes whose panel is `panel` (-1: all) at `scale` pixels per logical pixel.
void scene_paint(const Scene *s, cairo_t *cr, ThemeKind theme, double scale, int panel);

#endif
