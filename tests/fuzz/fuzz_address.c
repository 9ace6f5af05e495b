// Any bytes as a step address: nothing may crash, what is refused is told why, and what leads
// somewhere is written so that it leads there again.
//   make fuzz T=address
#include <assert.h>
#include <stdint.h>

#include "core/address.h"
#include "lesson/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char text[] = "---\n"
                           "title: T\n"
                           "model: {cell: [lstm, gru], hidden: 2, direction: bidirectional, "
                           "head: linear, loss: mse, loss_at: last}\n"
                           "data: {inputs: [[1, 2], [3, 4], [5, 6]], targets: [1]}\n"
                           "---\n";

static const Lesson *lesson_once(void) {
    static const Lesson *lesson;
    if (lesson) return lesson;
    static const Places places = {"assets", "lessons"};
    Arena *a = arena_new();
    Source *source = ARENA_NEW(a, Source);
    *source = (Source){"fuzz.md", text, sizeof text - 1};
    Diags *d = ARENA_NEW(a, Diags);
    *d = diags_new(a);
    Training none = {.steps = -1, .none = true};
    return lesson = lesson_from_source(a, source, &places, &none, d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const Lesson *lesson = lesson_once();
    assert(lesson);
    Arena *a = arena_new();
    Playhead p, again;
    const char *why = NULL;
    if (address_parse(a, lesson->walk, arena_copy(a, (const char *)data, size), &p, &why)) {
        const char *back = address_format(a, lesson->walk, p, GRAIN_UNIT);
        assert(address_parse(a, lesson->walk, back, &again, &why));
        assert(again.at == p.at && again.unit == p.unit);
    } else {
        assert(why && *why);
    }
    arena_free(a);
    return 0;
}
