// Any bytes as a formula: a box or a mistake inside the text, soon, and never a crash.
#include <stdlib.h>
#include <string.h>

#include "view/math.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new();
    TextEngine *e = text_engine_fixed();
    const char *tex = arena_copy(a, (const char *)data, size);
    size_t at = 0;
    const char *why = NULL;
    const MathBox *m = math_layout(a, e, tex, 16, size % 2 == 0, &at, &why);
    if (!m && (!why || at > strlen(tex))) abort();
    if (m && !(math_size(m).width >= 0 && math_size(m).width < 1e7)) abort();
    text_engine_free(e);
    arena_free(a);
    return 0;
}
