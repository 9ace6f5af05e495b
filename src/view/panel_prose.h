/// The lesson's text: what the panel needs to be scrolled.
#ifndef VIEW_PANEL_PROSE_H
#define VIEW_PANEL_PROSE_H

#include "view/stage.h"

/// The height of the current scene's prose in a column of this width (the inside of the card).
///   units   logical pixels
double panel_prose_height(Scene *s, const View *v, double width);

#endif
