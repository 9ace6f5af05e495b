/// Rounded boxes on a cairo_t. On pixels their shapes come from cached masks: antialiasing the
/// hundred small squares of a stage anew would be half of a frame's time.
#ifndef VIEW_ROUND_H
#define VIEW_ROUND_H

#include <cairo.h>

#include "view/text.h"

/// How boxes are put on one target.
typedef struct {
    TextEngine *engine; // keeps the masks
    cairo_t *cr;
    double scale;                // pixels per logical pixel
    bool on_pixels;              // an image, and logical pixels begin on whole ones
    cairo_matrix_t user, pixels; // the matrices of logical pixels and of pixels
} RoundPen;

/// A pen for a target whose matrix has been scaled to logical pixels. Borrows both.
RoundPen round_pen(TextEngine *engine, cairo_t *cr, double scale);

/// Fills a box in the current source. On pixels its edges must be snapped to them, here and below.
void round_fill(const RoundPen *pen, Box b, double radius);

/// Draws a line of a width along the inside of the box's edge.
void round_stroke(const RoundPen *pen, Box b, double radius, double line_width, Dash dash);

/// Appends a box to the path.
void round_path(cairo_t *cr, Box b, double radius);

/// Sets the dashes that go with a line of this width.
void round_dash(cairo_t *cr, Dash dash, double line_width);

#endif
