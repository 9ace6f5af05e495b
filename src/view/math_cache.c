// Formulas come back frame after frame with the same text, so a layout is kept with the engine and
// handed out as a copy: the caller's arena owns what it gets, and emptying the table (when it is
// full) pulls nothing from under a frame that is still shown. A copy is a few hundred bytes a
// formula; setting it takes a hundred times as long.
#include <string.h>

#include "view/math_box.h"

enum {
    TABLE_SIZE = 1 << 12,      // slots; a power of two
    KEPT_MAX = TABLE_SIZE / 2, // formulas
    KEPT_BYTES = 16 << 20,     // and their memory
    LONGEST = 2048             // bytes of TeX; longer ones are rare and not kept
};

typedef struct {
    uint64_t hash;
    const char *tex;
    double size;
    bool display;
    const MathBox *box;
} Entry;

typedef struct {
    Arena *own, *entries;
    Entry **table; // [TABLE_SIZE]
    int count;
} MathCache;

static void forget(void *cache) {
    MathCache *c = cache;
    arena_free(c->entries);
    arena_free(c->own);
}

static MathCache *cache_of(TextEngine *e) {
    void **kept = text_kept(e, KEPT_FORMULAS, forget);
    if (*kept) return *kept;
    Arena *own = arena_new();
    MathCache *c = ARENA_NEW(own, MathCache);
    *c = (MathCache){own, arena_new(), ARENA_ARRAY(own, Entry *, TABLE_SIZE), 0};
    return *kept = c;
}

static const char *copy_text(Arena *a, const char *text) {
    return text ? arena_copy(a, text, strlen(text)) : NULL;
}

static const MathBox *copy_box(Arena *a, const MathBox *m) {
    MathBox *copy = ARENA_NEW(a, MathBox);
    MathItem *items = ARENA_ARRAY(a, MathItem, m->n_items + 1);
    MathTerm *terms = ARENA_ARRAY(a, MathTerm, m->n_terms + 1);
    for (int k = 0; k < m->n_items; k++) {
        items[k] = m->items[k];
        items[k].text = copy_text(a, m->items[k].text);
    }
    for (int k = 0; k < m->n_terms; k++)
        terms[k] = (MathTerm){copy_text(a, m->terms[k].id), m->terms[k].box};
    *copy = *m;
    copy->items = items;
    copy->terms = terms;
    return copy;
}

static uint64_t key_hash(const char *tex, size_t len, double size, bool display) {
    uint64_t bits, h = 1469598103934665603u ^ (display ? 1 : 0); // FNV-1a
    memcpy(&bits, &size, sizeof bits);
    for (size_t k = 0; k < len; k++) h = (h ^ (unsigned char)tex[k]) * 1099511628211u;
    h = (h ^ bits) * 1099511628211u;
    return h ^ h >> 29;
}

static bool is_entry(const Entry *e, uint64_t hash, const char *tex, double size, bool display) {
    return e->hash == hash && memcmp(&e->size, &size, sizeof size) == 0 && e->display == display &&
           strcmp(e->tex, tex) == 0;
}

// The slot of a formula, or the free one it belongs in.
static Entry **find(MathCache *c, uint64_t hash, const char *tex, double size, bool display) {
    size_t at = hash & (TABLE_SIZE - 1);
    while (c->table[at] && !is_entry(c->table[at], hash, tex, size, display))
        at = (at + 1) & (TABLE_SIZE - 1);
    return &c->table[at];
}

static void make_room(MathCache *c) {
    if (c->count < KEPT_MAX && arena_used(c->entries) < KEPT_BYTES) return;
    memset(c->table, 0, TABLE_SIZE * sizeof *c->table);
    c->count = 0;
    arena_reset(c->entries);
}

const MathBox *math_layout(Arena *a, TextEngine *e, const char *tex, double size, bool display,
                           size_t *at, const char **why) {
    size_t len = strlen(tex);
    if (len > LONGEST) return math_set(a, e, tex, size, display, at, why);
    MathCache *c = cache_of(e);
    uint64_t hash = key_hash(tex, len, size, display);
    Entry *known = *find(c, hash, tex, size, display);
    if (known) return copy_box(a, known->box);
    const MathBox *m = math_set(a, e, tex, size, display, at, why);
    if (!m) return NULL;
    make_room(c);
    Entry *entry = ARENA_NEW(c->entries, Entry);
    *entry =
        (Entry){hash, arena_copy(c->entries, tex, len), size, display, copy_box(c->entries, m)};
    *find(c, hash, tex, size, display) = entry;
    c->count++;
    return m;
}
