// Numbers and symbols as lessons spell them out.
#include <string.h>

#include "lesson/reading.h"

static bool read_one(Reading *r, const Item *item, const char *what, double *out) {
    NumberResult got = item_number(item, out);
    if (got == NUMBER_FINE) return true;
    if (got == NUMBER_TOO_LARGE)
        return READING_ERROR(r, item, "%s is too large for a double", item->text);
    if (item->kind != ITEM_TEXT)
        return READING_ERROR(r, item, "%s must be a number here, not a %s", what,
                             item->kind == ITEM_LIST ? "list" : "map");
    return READING_ERROR(r, item, "%s must be a number, not '%s'", what, item->text);
}

static bool read_flat(Reading *r, const Item *list, const char *what, Numbers *out) {
    double *numbers = ARENA_ARRAY(r->arena, double, list->n);
    bool fine = true;
    for (int i = 0; i < list->n; i++) fine &= read_one(r, list->items[i], what, &numbers[i]);
    *out = (Numbers){.at = numbers, .n = list->n};
    return fine;
}

/// Is this row as long as the first?
static bool check_row(Reading *r, const Item *row, const char *what, int cols, int number) {
    if (row->kind != ITEM_LIST)
        return READING_ERROR(r, row, "%s must have rows only: this is not a list", what);
    if (row->n == 0) return READING_ERROR(r, row, "%s has an empty row", what);
    if (row->n != cols)
        return READING_ERROR(r, row,
                             "%s has rows of different lengths: row 1 has %d numbers, row %d has "
                             "%d",
                             what, cols, number, row->n);
    return true;
}

/// After a mistake it goes on with zeros, in the shape that the first row promises.
static bool read_nested(Reading *r, const Item *list, const char *what, Numbers *out) {
    int rows = list->n, cols = list->items[0]->kind == ITEM_LIST ? list->items[0]->n : 0;
    size_t in_file = 0;
    bool fine = true;
    for (int i = 0; i < rows; i++) {
        const Item *row = list->items[i];
        fine &= check_row(r, row, what, cols, i + 1);
        double ignored;
        for (int k = 0; row->kind == ITEM_LIST && k < row->n; k++, in_file++)
            fine &= read_one(r, row->items[k], what, &ignored);
    }
    // with rows of other lengths rows * cols might be more than the file has numbers
    if (cols == 0 || (size_t)rows * (size_t)cols > 4 * in_file + 64) return false;
    double *numbers = ARENA_ARRAY(r->arena, double, (size_t)rows *(size_t)cols);
    for (int i = 0; fine && i < rows; i++)
        for (int k = 0; k < cols; k++)
            item_number(list->items[i]->items[k], &numbers[i * cols + k]);
    *out = (Numbers){.at = numbers, .n = rows * cols, .rows = rows, .cols = cols, .nested = true};
    return fine;
}

bool numbers_read(Reading *r, const Item *item, const char *what, Numbers *out) {
    *out = (Numbers){0};
    if (item->kind == ITEM_LIST) {
        if (item->n == 0) return READING_ERROR(r, item, "%s is an empty list", what);
        for (int i = 0; i < item->n; i++)
            if (item->items[i]->kind == ITEM_LIST) return read_nested(r, item, what, out);
        return read_flat(r, item, what, out);
    }
    double *one = ARENA_ARRAY(r->arena, double, 1);
    *out = (Numbers){.at = one, .n = 1};
    return read_one(r, item, what, one);
}

const char *memory_words(Arena *a, double bytes) {
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    int unit = 0;
    while (bytes >= 1000 && unit < 6) bytes /= 1024, unit++;
    return arena_printf(a, "%.3g %s", bytes, units[unit]);
}

/// FNV-1a (Fowler, Noll & Vo).
static uint32_t hash_of(const char *s) {
    uint32_t h = 2166136261u;
    for (; *s; s++) h = (h ^ (unsigned char)*s) * 16777619u;
    return h;
}

/// The slot where the name is, or the empty one where it would go.
static int slot_of(const Alphabet *alphabet, const char *name) {
    uint32_t mask = (uint32_t)alphabet->n_slots - 1;
    uint32_t i = hash_of(name) & mask;
    while (alphabet->slots[i] && strcmp(alphabet->names[alphabet->slots[i] - 1], name) != 0)
        i = (i + 1) & mask;
    return (int)i;
}

static void rehash(Arena *a, Alphabet *alphabet) {
    alphabet->n_slots = alphabet->n_slots ? 2 * alphabet->n_slots : 64;
    alphabet->slots = ARENA_ARRAY(a, int, alphabet->n_slots);
    for (int i = 0; i < alphabet->n; i++)
        alphabet->slots[slot_of(alphabet, alphabet->names[i])] = i + 1;
}

int alphabet_find(Arena *a, Alphabet *alphabet, const char *name, bool add) {
    if (2 * (alphabet->n + 1) > alphabet->n_slots) rehash(a, alphabet);
    int slot = slot_of(alphabet, name);
    if (alphabet->slots[slot]) return alphabet->slots[slot] - 1;
    if (!add) return -1;
    ARENA_PUSH(a, alphabet->names, alphabet->n, alphabet->cap, name);
    int end = alphabet->n; // the list ends in a NULL that does not count
    ARENA_PUSH(a, alphabet->names, end, alphabet->cap, NULL);
    alphabet->slots[slot] = alphabet->n;
    return alphabet->n - 1;
}
