/// "Export this picture": the stage as it is, as a PNG file.
#ifndef APP_PICTURE_H
#define APP_PICTURE_H

#include "app/frame.h"

/// Writes the stage of a frame beside where the program was started (or, if that folder cannot be
/// written, in the home folder), under a new name made of the lesson and the step.
///   returns the path (arena a)
///   errors  NULL, with *why one sentence
const char *picture_export(Arena *a, TextEngine *text, const AppFrame *f, const AppState *s,
                           const char **why);

#endif
