// Any bytes as the record of what a recipe made: nothing may crash, and what was understood is
// printed and read again as it was.
//   make fuzz T=record
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "files/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same_texts(const char **a, int n, const char **b, int m) {
    assert(n == m);
    for (int k = 0; k < n; k++) assert(strcmp(a[k], b[k]) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new();
    char *text = arena_alloc(a, size, 1); // just as large, so that reading past the end is seen
    for (size_t i = 0; i < size; i++) text[i] = (char)data[i];
    Record r = record_parse(a, text, size);
    Buf out = buf_new(a);
    record_print(&r, &out);
    Record again = record_parse(a, out.data, out.len);
    assert(again.n == r.n);
    for (int k = 0; k < r.n; k++) {
        const Made *m = &r.list[k], *n = &again.list[k];
        assert(strcmp(m->path, n->path) == 0 && m->hash == n->hash && *m->path);
        assert(record_find(&r, m->path));
        same_texts(m->sources, m->n_sources, n->sources, n->n_sources);
        same_texts(m->files, m->n_files, n->files, n->n_files);
    }
    arena_free(a);
    return 0;
}
