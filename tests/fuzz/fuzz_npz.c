// Any bytes as a file of arrays: nothing may crash, and it is read exactly when there is no
// mistake.
//   make fuzz T=npz
#include <assert.h>
#include <stdint.h>

#include "files/npz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new();
    Source source = {"fuzz.npz", arena_copy(a, (const char *)data, size), size};
    Diags d = diags_new(a);
    Tensors read = {0};
    bool fine = npz_read(a, &source, &read, &d);
    Buf printed = buf_new(a);
    diags_print(&d, &printed);
    assert(fine == diags_ok(&d));
    double sum = 0; // every number is there to be read
    for (int i = 0; fine && i < read.n; i++)
        for (size_t k = 0; k < read.list[i].count; k++) sum += read.list[i].at[k];
    volatile double keep = sum;
    (void)keep;
    arena_free(a);
    return 0;
}
