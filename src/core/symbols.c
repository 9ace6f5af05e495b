// A hash table of chains. A hostile cell can hold millions of names, so looking
// one up must not depend on how many there are.
#include "core/symbols.h"

#include <stdint.h>
#include <string.h>

enum { FIRST_SLOTS = 256, NEAREST_AMONG = 2000 };

Symbols symbols_new(Arena *a) {
    Symbols s = {.arena = a, .n_slots = FIRST_SLOTS};
    s.slots = ARENA_ARRAY(a, Symbol *, s.n_slots);
    return s;
}

// FNV-1a.
static uint64_t hash(const char *name) {
    uint64_t h = 14695981039346656037u;
    for (; *name; name++) h = (h ^ (unsigned char)*name) * 1099511628211u;
    return h;
}

static void grow(Symbols *s) {
    size_t n = 2 * s->n_slots;
    Symbol **slots = ARENA_ARRAY(s->arena, Symbol *, n);
    for (size_t i = 0; i < s->n_slots; i++)
        for (Symbol *sym = s->slots[i], *next; sym; sym = next) {
            next = sym->next;
            Symbol **slot = &slots[hash(sym->name) & (n - 1)];
            sym->next = *slot;
            *slot = sym;
        }
    s->slots = slots;
    s->n_slots = n;
}

static Builtin builtin_of(const char *name) {
    static const struct {
        const char *name;
        Builtin builtin;
    } rows[] = {
        {"input", BUILTIN_INPUT}, {"hidden", BUILTIN_HIDDEN}, {"t", BUILTIN_T}, {"x", BUILTIN_X}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0) return rows[i].builtin;
    return BUILTIN_NONE;
}

// The function of a name, internal ones included: who may call them is the parser's to say.
static OpKind find_function(const char *name) {
    OpKind found = op_find_function(name);
    for (int k = 0; k < OP_COUNT && found == OP_COUNT; k++)
        if (op_defs[k].is_internal && strcmp(op_defs[k].name, name) == 0) found = (OpKind)k;
    return found;
}

Symbol *symbols_get(Symbols *s, const char *name) {
    Symbol **slot = &s->slots[hash(name) & (s->n_slots - 1)];
    for (Symbol *sym = *slot; sym; sym = sym->next)
        if (strcmp(sym->name, name) == 0) return sym;
    Symbol *sym = ARENA_NEW(s->arena, Symbol);
    sym->name = arena_copy(s->arena, name, strlen(name));
    sym->builtin = builtin_of(name);
    sym->function = find_function(name);
    sym->next = *slot;
    *slot = sym;
    if (++s->count > s->n_slots) grow(s);
    return sym;
}

static bool has_role(const Symbol *sym, unsigned roles) {
    if (roles == 0 && !sym->used) return false;
    for (int k = 0; k < ROLE_COUNT; k++)
        if ((roles >> k & 1) && sym->role[k].line) return true;
    return roles == 0 && sym->builtin == BUILTIN_NONE && !sym->role[ROLE_ASSIGNED].line;
}

const char *symbols_nearest(const Symbols *s, const char *name, unsigned roles) {
    const char *words[NEAREST_AMONG + 1];
    int n = 0;
    for (size_t i = 0; i < s->n_slots; i++)
        for (const Symbol *sym = s->slots[i]; sym && n < NEAREST_AMONG; sym = sym->next)
            if (has_role(sym, roles) && strcmp(sym->name, name) != 0) words[n++] = sym->name;
    words[n] = NULL;
    return nearest_word(name, words);
}
