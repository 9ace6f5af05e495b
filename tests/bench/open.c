#include "open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/reading.h"

static Lesson *or_die(Arena *a, Lesson *l, const Diags *d) {
    if (l) return l;
    Buf text = buf_new(a);
    diags_print(d, &text);
    fputs(buf_str(&text), stderr);
    exit(1);
}

Lesson *open_first_lesson(Arena *a, const Places *places, int steps) {
    Diags d = diags_new(a);
    Training training = {.steps = steps};
    const char *path = arena_printf(a, "%s/01-forward.md", places->lessons);
    return or_die(a, lesson_load_trained(a, path, places, &training, &d), &d);
}

Lesson *open_front_matter(Arena *a, const char *front, const Places *places, int steps) {
    Diags d = diags_new(a);
    Training training = {.steps = steps};
    const char *text = arena_printf(a, "---\ntitle: t\n%s---\n", front);
    Source *source = ARENA_NEW(a, Source);
    *source = (Source){"bench.md", text, strlen(text)};
    return or_die(a, lesson_from_source(a, source, places, &training, &d), &d);
}

TextEngine *open_text(Arena *a, const Places *places) {
    const char *why;
    TextEngine *text = text_engine_new(a, places->assets, &why);
    if (!text) exit((fprintf(stderr, "bench: %s\n", why), 1));
    return text;
}
