/// YAML as a tree of texts that know their place in the file. Nothing is converted: y, no and 1e3
/// stay what they were written as; the readers ask for a number where they want one.
#ifndef LESSON_YAML_H
#define LESSON_YAML_H

#include <stdbool.h>
#include <stdint.h>

#include "core/diag.h"

enum {
    YAML_DEPTH_LIMIT = 64,              // lists and maps inside each other
    YAML_BYTES_LIMIT = 4 * 1024 * 1024, // of one front matter or one block
    YAML_KEYS_LIMIT = 2000              // of one map
};

typedef enum { ITEM_TEXT, ITEM_LIST, ITEM_MAP } ItemKind;

typedef struct Item Item;
struct Item {
    ItemKind kind;
    Span span;        // in the source, quotes and brackets included
    const char *text; // ITEM_TEXT: without quotes and escapes
    bool quoted;      // ITEM_TEXT: "1", '1', or a block
    int n;            // ITEM_LIST, ITEM_MAP
    Item **keys;      // ITEM_MAP: (n) all ITEM_TEXT, no two the same
    Item **items;     // (n)
};

/// Reads one YAML document that stands at `where` in the source. An empty one is an empty map.
///   owner   arena a
///   errors  what is no YAML, more than one document, anchors, aliases, tags, keys that are no
///           text or stand twice, limits passed: in d; NULL if any
const Item *yaml_parse(Arena *a, const Source *source, Span where, Diags *d);

/// The value of a key; NULL if the item is NULL, no map, or has no such key.
const Item *item_get(const Item *map, const char *key);

/// The key itself, for its place; NULL as item_get.
const Item *item_key(const Item *map, const char *key);

/// Nothing was written: `key:` alone, `~` or `null`.
bool item_is_null(const Item *item);

typedef enum { NUMBER_FINE, NUMBER_NONE, NUMBER_TOO_LARGE } NumberResult;

/// A number as a person writes one: a sign, digits, a point, an exponent; .nan and .inf too.
/// Quoted texts, 0x1F, 0o7, 1_000 and dates are no numbers.
NumberResult item_number(const Item *item, double *out);

/// Digits with a sign, nothing else.
NumberResult item_whole(const Item *item, int64_t *out);

#endif
