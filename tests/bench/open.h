/// What the sections of the benchmark open. Whatever is wrong is printed, and the program ends.
#ifndef TESTS_BENCH_OPEN_H
#define TESTS_BENCH_OPEN_H

#include "lesson/lesson.h"
#include "view/text.h"

/// The shipped lesson 1; trained for so many steps, -1 for as many as it says.
///   owner   arena a
Lesson *open_first_lesson(Arena *a, const Places *places, int steps);

/// A lesson of this front matter without its title, likewise.
///   owner   arena a
Lesson *open_front_matter(Arena *a, const char *front, const Places *places, int steps);

/// A text engine with nothing in its caches.
///   owner   arena a, and text_engine_free
TextEngine *open_text(Arena *a, const Places *places);

#endif
