// Any bytes as a file of weights: nothing may crash, there are arrays exactly when there is no
// mistake, and what was read is the same after being written and read again.
//   make fuzz T=safetensors
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "files/safetensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new();
    Source source = {"fuzz.safetensors", arena_copy(a, (const char *)data, size), size};
    Diags d = diags_new(a);
    Tensors read, again;
    bool fine = safetensors_read(a, &source, &read, &d);
    Buf printed = buf_new(a), written = buf_new(a);
    diags_print(&d, &printed);
    assert(fine == diags_ok(&d));
    if (fine) {
        safetensors_write(&read, &written);
        Source back = {"again.safetensors", written.data, written.len};
        fine = safetensors_read(a, &back, &again, &d);
        assert(fine && again.n == read.n);
        for (int i = 0; i < read.n; i++) {
            const Tensor *t = tensors_find(&again, read.list[i].name);
            assert(t && t->count == read.list[i].count);
            assert(!t->count || memcmp(t->at, read.list[i].at, t->count * sizeof *t->at) == 0);
        }
    }
    arena_free(a);
    return 0;
}
