// Any bytes as a packed file: nothing may crash or ask for more than the limit, and what unpacks
// once unpacks again alike.
//   make fuzz T=gzip
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "files/gzip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    enum { LIMIT = 1 << 20 };
    Arena *a = arena_new();
    Source source = {"fuzz.gz", arena_copy(a, (const char *)data, size), size};
    Diags d = diags_new(a);
    const Source *once = gzip_open(a, &source, LIMIT, &d);
    assert((once != NULL) == diags_ok(&d));
    if (once && once != &source) {
        assert(once->len <= LIMIT);
        const Source *again = gzip_open(a, &source, LIMIT, &d);
        assert(again && again->len == once->len);
        assert(memcmp(again->text, once->text, once->len) == 0);
    }
    arena_free(a);
    return 0;
}
