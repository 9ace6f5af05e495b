/// Lessons of a test's own text.
#ifndef TESTS_TEXT_LESSON_H
#define TESTS_TEXT_LESSON_H

#include <string.h>

#include "check.h"
#include "lesson/reading.h"

/// The lesson with this front matter (without its title) and this body; NULL with mistakes in d.
///   owner  arena a
static inline Lesson *text_lesson_read(Arena *a, const char *front, const char *body,
                                       Training *training, Diags *d) {
    static const Places places = {"assets", "lessons"};
    const char *text = arena_printf(a, "---\ntitle: t\n%s---\n%s", front, body);
    Source *s = ARENA_NEW(a, Source);
    *s = (Source){"tests/none.md", text, strlen(text)};
    *d = diags_new(a);
    return lesson_from_source(a, s, &places, training, d);
}

/// The same of a text that has no mistakes; else the test fails with them.
static inline Lesson *text_lesson(Arena *a, const char *front, const char *body) {
    Diags d;
    Lesson *lesson = text_lesson_read(a, front, body, &(Training){.steps = -1}, &d);
    Buf b = buf_new(a);
    diags_print(&d, &b);
    if (!lesson) fail_msg("%s", buf_str(&b));
    return lesson;
}

#endif
