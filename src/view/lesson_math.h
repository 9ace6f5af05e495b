/// Mistakes in the formulas of a lesson, which only what sets them can know.
#ifndef VIEW_LESSON_MATH_H
#define VIEW_LESSON_MATH_H

#include "core/diag.h"

/// Reads every formula of a lesson's file and of its Chinese twin, if there is one.
///   errors  one mistake for each formula that cannot be set, in d; false if any. What keeps the
///           file from being read is left to lesson_load.
bool lesson_math_check(Arena *a, const char *path, Diags *d);

#endif
