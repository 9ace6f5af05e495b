// Any bytes as a cell and as a head: parsed, dumped, the mistakes printed. Nothing may crash, and
// a text without a tree has at least one mistake, all of them within 64 KiB.
//   clang -g -O1 -fsanitize=fuzzer,address,undefined -D_XOPEN_SOURCE=700 -Isrc
//       tests/fuzz/fuzz_cell.c src/core/*.c -lutf8proc -lm -o build/fuzz_cell
//   build/fuzz_cell tests/fuzz/corpus/cell
#include <assert.h>
#include <stdint.h>

#include "core/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const CellAst *cell, Arena *a, const Diags *d) {
    Buf printed = buf_new(a), dumped = buf_new(a);
    diags_print(d, &printed);
    assert((cell != NULL) == diags_ok(d));
    assert(diags_ok(d) == (printed.len == 0));
    assert(printed.len <= DIAGS_BYTES);
    if (cell) cell_dump(cell, &dumped);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena *a = arena_new();
    // a copy of just this size, so that reading past the end is seen
    Source source = {"fuzz.cell", arena_alloc(a, size + 1, 1), size};
    for (size_t i = 0; i < size; i++) ((char *)source.text)[i] = (char)data[i];
    Diags d = diags_new(a), e = diags_new(a);
    check(cell_parse(a, &source, &d), a, &d);
    check(head_parse(a, &source, (Span){0, size}, &e), a, &e);
    arena_free(a);
    return 0;
}
