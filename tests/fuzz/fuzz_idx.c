// Any bytes as pictures: nothing may crash, and every item of a file that is read can be asked for.
//   make fuzz T=idx
#include <assert.h>
#include <stdint.h>

#include "files/idx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new();
    Source source = {"fuzz.idx", arena_copy(a, (const char *)data, size), size};
    Diags d = diags_new(a);
    Idx idx;
    bool fine = idx_read(a, &source, &idx, &d);
    assert(fine == diags_ok(&d));
    if (fine && idx.item && idx.shape[0]) { // then an item is no larger than the file
        assert(idx.item <= size);
        double *item = ARENA_ARRAY(a, double, idx.item);
        idx_item(&idx, 0, item);
        idx_item(&idx, idx.shape[0] - 1, item);
    }
    Buf printed = buf_new(a);
    diags_print(&d, &printed);
    arena_free(a);
    return 0;
}
