/// Why a step cannot be gone to, in the words of the window.
#ifndef APP_STEP_REASON_H
#define APP_STEP_REASON_H

#include "core/arena.h"
#include "lesson/lesson.h"

/// A sentence of core/address.h or lesson/moment.h in the language shown: they speak to the command
/// line and to authors, in English. One that is not known stays as it is.
///   owner   arena a
const char *step_reason(Arena *a, const char *why, Lang lang);

#endif
