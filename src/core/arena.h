/// Memory by lifetime: everything that dies together lives in one arena.
/// Four arenas exist in the program: app, lesson, run and frame. "owner" in a
/// header comment names the arena.
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct Arena Arena;

/// A new, empty arena. Aborts if the system has no memory at all.
Arena *arena_new(void);

/// Frees the arena and everything in it. NULL is allowed.
void arena_free(Arena *a);

/// Forgets everything in the arena, keeping its memory for reuse.
void arena_reset(Arena *a);

/// `count` objects of `size` bytes, zeroed, aligned for any type.
///   owner   the arena, until its reset
///   errors  count * size overflowing or no memory: aborts; callers refuse
///           sizes that come from input before they get here
void *arena_alloc(Arena *a, size_t count, size_t size);

/// Bytes handed out since the last reset.
size_t arena_used(const Arena *a);

/// A copy of the first n bytes of s, with a NUL after them.
char *arena_copy(Arena *a, const char *s, size_t n);

/// A formatted string in the arena.
char *arena_printf(Arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/// As arena_printf, with the arguments in a list.
char *arena_vprintf(Arena *a, const char *format, va_list args);

#define ARENA_NEW(a, Type) ((Type *)arena_alloc((a), 1, sizeof(Type)))
#define ARENA_ARRAY(a, Type, n) ((Type *)arena_alloc((a), (size_t)(n), sizeof(Type)))

/// Makes room for one more element in an array that lives in an arena.
/// `cap` doubles; the old block stays behind until the reset.
void *arena_grow(Arena *a, void *list, int count, int *cap, size_t size);

/// Appends VALUE to LIST (with its int COUNT and CAP) in arena A.
#define ARENA_PUSH(a, list, count, cap, value)                                                     \
    ((list) = arena_grow((a), (list), (count), &(cap), sizeof *(list)), (list)[(count)++] = (value))

#endif
