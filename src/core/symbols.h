/// The names of a cell, each once, and what its lines say about them.
#ifndef CORE_SYMBOLS_H
#define CORE_SYMBOLS_H

#include "core/diag.h"
#include "core/op.h"

/// What a line can make of a name.
typedef enum {
    ROLE_ASSIGNED, // left of = in an equation
    ROLE_SIZE,     // size line
    ROLE_PARAM,    // param line
    ROLE_CONST,    // const line
    ROLE_START,    // start line
    ROLE_COUNT
} Role;

/// Names that mean something from the beginning.
typedef enum { BUILTIN_NONE, BUILTIN_INPUT, BUILTIN_HIDDEN, BUILTIN_T, BUILTIN_X } Builtin;

typedef struct Symbol {
    const char *name; // in NFC
    Builtin builtin;
    OpKind function; // OP_COUNT if it names no function
    bool used;       // stands in an expression that is not a size
    struct {
        int line;  // of the first such line, from 1; 0 for none
        Span span; // the name there
    } role[ROLE_COUNT];
    struct Symbol *next; // with the same hash
} Symbol;

typedef struct {
    Arena *arena; // owner of the symbols
    Symbol **slots;
    size_t n_slots, count;
} Symbols;

/// An empty table.
///   owner   arena a
Symbols symbols_new(Arena *a);

/// The symbol of a name in NFC, made when new.
Symbol *symbols_get(Symbols *s, const char *name);

/// The nearest name among those with one of the roles (bits 1 << ROLE_...), or among the
/// parameters when roles is 0; NULL when none is near.
const char *symbols_nearest(const Symbols *s, const char *name, unsigned roles);

#endif
