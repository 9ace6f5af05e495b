// Any bytes as a lesson: read, run, its directives checked, the mistakes printed. Nothing may
// crash, and there is a lesson exactly when there is no mistake. Training stops after one step.
//   make fuzz T=lesson
#include <assert.h>
#include <stdint.h>

#include "lesson/moment.h"
#include "lesson/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool stop(void *context, int step, double loss) {
    (void)context, (void)step, (void)loss;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const Places places = {"assets", "lessons"};
    Arena *a = arena_new();
    // a copy of just this size, so that reading past the end is seen
    Source source = {"fuzz.md", arena_alloc(a, size + 1, 1), size};
    for (size_t i = 0; i < size; i++) ((char *)source.text)[i] = (char)data[i];
    Diags d = diags_new(a);
    Training training = {.steps = -1, .progress = stop};
    const Lesson *lesson = lesson_from_source(a, &source, &places, &training, &d);
    Buf printed = buf_new(a);
    diags_print(&d, &printed);
    assert((lesson != NULL) == diags_ok(&d));
    assert(diags_ok(&d) == (printed.len == 0));
    const char *why;
    if (lesson && lesson->history && history_steps(lesson->history) > 0) {
        const Lesson *first = moment_open(a, lesson, 1, NULL, NULL, &why);
        assert(!first || walk_count(first->walk) == walk_count(moment_walk(lesson, 1)));
    }
    if (lesson) assert(lesson->walk && lesson->n_scenes > 0 && lesson->scenes[LANG_ZH]);
    arena_free(a);
    return 0;
}
