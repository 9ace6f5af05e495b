/// Why an export cannot be made, in the words of the window.
#ifndef APP_EXPORT_REASON_H
#define APP_EXPORT_REASON_H

#include "core/arena.h"
#include "lesson/lesson.h"

/// A sentence of the export layer as the dialog says it: with the names of its rows in place of
/// the command line's options, and in the language shown. One that is not known stays as it is.
///   owner   arena a
const char *export_reason(Arena *a, const char *why, Lang lang);

#endif
