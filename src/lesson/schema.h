/// What keys a map may have and what may stand there: tables of rows, one check for all maps.
#ifndef LESSON_SCHEMA_H
#define LESSON_SCHEMA_H

#include "lesson/yaml.h"

typedef enum {
    FIELD_ANY,    // the reader checks it
    FIELD_TEXT,   // one text, not empty
    FIELD_TEXTS,  // one text or a list of them
    FIELD_WORD,   // one of `words`
    FIELD_WORDS,  // one of `words`, or a list of them
    FIELD_WHOLE,  // a whole number in lo .. hi
    FIELD_NUMBER, // a finite number in lo .. hi
    FIELD_MAP     // a map with `fields`; with NULL any map
} FieldType;

typedef struct Field {
    const char *name; // NULL ends a table
    FieldType type;
    bool required;
    double lo, hi;
    const char *const *words;   // NULL-terminated
    const struct Field *fields; // of a FIELD_MAP
} Field;

/// Checks a map and the maps in it against their tables. `path` is how messages call it: "model";
/// "" for the outermost.
///   errors  every key that is not known or missing, every value that does not fit: in d; false
bool schema_check(Arena *a, const Source *source, const Item *map, const char *path,
                  const Field *fields, Diags *d);

/// Adds "KEY cannot be WORD" with the nearest of `words` or all of them. Always false.
bool schema_unknown_word(Arena *a, const Source *source, Span span, const char *key,
                         const char *word, const char *const *words, Diags *d);

/// The whole number of a key, if it is there and fits its row; else `otherwise`.
int schema_whole(const Item *map, const char *key, double lo, double hi, int otherwise);

/// The same for any number and for texts.
double schema_number(const Item *map, const char *key, double lo, double hi, double otherwise);
const char *schema_text(const Item *map, const char *key, const char *otherwise);

/// The `seed` of a map, 1 without one; at most SEED_MAX, which a double still holds exactly.
uint64_t schema_seed(const Item *map);

#define SEED_MAX 9007199254740991.0

/// The texts of a FIELD_TEXTS or FIELD_WORDS as a NULL-terminated list; NULL if absent.
const char *const *schema_texts(Arena *a, const Item *map, const char *key);

/// The index of `word` in a NULL-terminated list, or -1.
int schema_find(const char *const *words, const char *word);

#endif
