/// What the colours and marks of a picture mean, for those who print it.
#ifndef VIEW_LEGEND_H
#define VIEW_LEGEND_H

#include "view/stage.h"

/// Appends the legend of a view in rows from the top of an area as wide as there is; with draw
/// false it only measures.
///   units   returns the height of the rows, logical pixels
double legend_draw(Scene *s, const View *v, Box area, bool draw);

#endif
