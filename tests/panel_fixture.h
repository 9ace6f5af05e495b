/// A panel of a made lesson, drawn with the fixed text engine: what the panels' tests share.
#ifndef TESTS_PANEL_FIXTURE_H
#define TESTS_PANEL_FIXTURE_H

#include "golden.h"

#include "core/address.h"
#include "made_lesson.h"
#include "view/stage.h"
#include "view/text.h"

typedef struct {
    Arena *arena, *frame; // of the lesson; of the last picture
    TextEngine *text;
    View view;
} Fixture;

/// Without a lesson yet.
static inline Fixture begin_empty(void) {
    return (Fixture){arena_new(), arena_new(), text_engine_fixed(), {0}};
}

static inline Fixture begin(MadeSpec m) {
    Fixture f = begin_empty();
    f.view.lesson = made_lesson(f.arena, m);
    f.view.grain = GRAIN_OPERATION;
    return f;
}

static inline void end(Fixture *f) {
    text_engine_free(f->text);
    arena_free(f->frame);
    arena_free(f->arena);
}

static inline void go(Fixture *f, const char *address) {
    const char *why = NULL;
    bool found = address_parse(f->arena, f->view.lesson->walk, address, &f->view.at, &why);
    if (!found) print_error("%s: %s\n", address, why);
    assert_true(found);
}

#endif
