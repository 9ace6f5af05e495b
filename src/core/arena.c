// An arena is a list of blocks, each twice as large as the one before. Objects
// are cut off the newest block; nothing is freed one by one. Under ASan the
// unused rest of each block is poisoned, so a use after reset is caught.
#include "core/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

enum { FIRST_BLOCK = 16 * 1024, ALIGN = _Alignof(max_align_t) };

typedef struct Block {
    struct Block *older;
    size_t size, used; // of data
    _Alignas(max_align_t) unsigned char data[];
} Block;

struct Arena {
    Block *newest;
    size_t handed_out;
};

static void out_of_memory(size_t bytes) {
    fprintf(stderr, "gatewalk: out of memory (asked for %zu bytes)\n", bytes);
    abort();
}

static Block *block_new(Block *older, size_t size) {
    if (size > SIZE_MAX - sizeof(Block)) out_of_memory(size);
    Block *b = malloc(sizeof(Block) + size);
    if (!b) out_of_memory(size);
    b->older = older;
    b->size = size;
    b->used = 0;
    ASAN_POISON_MEMORY_REGION(b->data, size);
    return b;
}

Arena *arena_new(void) {
    Arena *a = malloc(sizeof *a);
    if (!a) out_of_memory(sizeof *a);
    *a = (Arena){.newest = block_new(NULL, FIRST_BLOCK)};
    return a;
}

static void block_free(Block *b) {
    ASAN_UNPOISON_MEMORY_REGION(b->data, b->size);
    free(b);
}

void arena_free(Arena *a) {
    if (!a) return;
    for (Block *b = a->newest; b;) {
        Block *older = b->older;
        block_free(b);
        b = older;
    }
    free(a);
}

void arena_reset(Arena *a) {
    // The newest block is the largest: keep it, drop the rest.
    for (Block *b = a->newest->older; b;) {
        Block *older = b->older;
        block_free(b);
        b = older;
    }
    a->newest->older = NULL;
    a->newest->used = 0;
    a->handed_out = 0;
    ASAN_POISON_MEMORY_REGION(a->newest->data, a->newest->size);
}

void *arena_alloc(Arena *a, size_t count, size_t size) {
    assert(size > 0);
    if (count > (SIZE_MAX / 4 - ALIGN) / size) out_of_memory(SIZE_MAX);
    size_t bytes = (count * size + ALIGN - 1) / ALIGN * ALIGN;
    Block *b = a->newest;
    if (bytes > b->size - b->used) {
        size_t grown = b->size < SIZE_MAX / 4 ? 2 * b->size : b->size;
        b = a->newest = block_new(b, bytes > grown ? bytes : grown);
    }
    void *at = b->data + b->used;
    ASAN_UNPOISON_MEMORY_REGION(at, count * size);
    b->used += bytes;
    a->handed_out += bytes;
    memset(at, 0, count * size);
    return at;
}

size_t arena_used(const Arena *a) { return a->handed_out; }

char *arena_copy(Arena *a, const char *s, size_t n) {
    char *copy = arena_alloc(a, n + 1, 1);
    if (n) memcpy(copy, s, n);
    return copy;
}

char *arena_vprintf(Arena *a, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    assert(n >= 0);
    char *text = arena_alloc(a, (size_t)n + 1, 1);
    vsnprintf(text, (size_t)n + 1, format, args);
    return text;
}

char *arena_printf(Arena *a, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(a, format, args);
    va_end(args);
    return text;
}

void *arena_grow(Arena *a, void *list, int count, int *cap, size_t size) {
    if (count < *cap) return list;
    int grown = *cap ? 2 * *cap : 8;
    void *wider = arena_alloc(a, (size_t)grown, size);
    if (count) memcpy(wider, list, (size_t)count * size);
    *cap = grown;
    return wider;
}
