/// What the window copies: the picture, the step's address, its equation.
#ifndef APP_COPY_H
#define APP_COPY_H

#include "app/frame.h"

/// Puts what is asked for on the clipboard. With the export dialog open the picture is the one it
/// previews, else the stage as it is seen.
///   owner   the frame's arena
///   returns what is to be told: what was copied, or why nothing was
const char *copy_wanted(const AppFrame *f, const AppState *s, const World *w, TextEngine *text);

#endif
