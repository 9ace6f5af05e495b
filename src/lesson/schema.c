// One walker over tables of known keys. It goes on after a mistake, so that an author sees all of
// them in one run; the readers that come after it ask again with the same bounds and take the
// default where something did not fit.
#include "lesson/schema.h"

#include <math.h>
#include <string.h>

typedef struct {
    Arena *arena;
    const Source *source;
    Diags *diags;
} Check;

static const char *join_words(Arena *a, const char *const *words) {
    Buf b = buf_new(a);
    for (int i = 0; words[i]; i++) buf_printf(&b, "%s%s", i ? ", " : "", words[i]);
    return buf_str(&b);
}

int schema_find(const char *const *words, const char *word) {
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0) return i;
    return -1;
}

bool schema_unknown_word(Arena *a, const Source *source, Span span, const char *key,
                         const char *word, const char *const *words, Diags *d) {
    const char *near = nearest_word(word, words);
    if (near)
        return diag_error(d, source, span, "%s cannot be '%s'; did you mean '%s'?", key, word,
                          near);
    return diag_error(d, source, span, "%s cannot be '%s'; it is one of: %s", key, word,
                      join_words(a, words));
}

static const char *kind_name(const Item *item) {
    if (item->kind == ITEM_LIST) return "a list";
    if (item->kind == ITEM_MAP) return "a map";
    return item->quoted ? "a quoted text" : item->text;
}

static const char *field_path(const Check *c, const char *path, const char *name) {
    return *path ? arena_printf(c->arena, "%s.%s", path, name) : name;
}

static bool check_text(const Check *c, const Item *item, const char *path, const char *wanted) {
    if (item->kind != ITEM_TEXT)
        return diag_error(c->diags, c->source, item->span, "%s must be %s, not %s", path, wanted,
                          kind_name(item));
    if (item_is_null(item) || item->text[0] == '\0')
        return diag_error(c->diags, c->source, item->span, "%s has no value", path);
    return true;
}

static bool check_word(const Check *c, const Item *item, const char *path,
                       const char *const *words) {
    if (!check_text(c, item, path, "one word")) return false;
    if (schema_find(words, item->text) >= 0) return true;
    return schema_unknown_word(c->arena, c->source, item->span, path, item->text, words, c->diags);
}

static const char *bounds(const Check *c, const Field *f) {
    bool low = isfinite(f->lo), high = isfinite(f->hi);
    if (low && high) return arena_printf(c->arena, " from %.16g to %.16g", f->lo, f->hi);
    if (low) return arena_printf(c->arena, " of at least %.15g", f->lo);
    return "";
}

static bool check_number(const Check *c, const Item *item, const char *path, const Field *f) {
    double value = 0;
    int64_t whole = 0;
    NumberResult got = item_number(item, &value);
    if (f->type == FIELD_WHOLE && got == NUMBER_FINE && item_whole(item, &whole) == NUMBER_NONE)
        got = NUMBER_NONE;
    if (got == NUMBER_FINE && value >= f->lo && value <= f->hi && isfinite(value)) return true;
    if (item_is_null(item))
        return diag_error(c->diags, c->source, item->span, "%s has no value", path);
    return diag_error(c->diags, c->source, item->span, "%s must be a %snumber%s, not %s", path,
                      f->type == FIELD_WHOLE ? "whole " : "", bounds(c, f), kind_name(item));
}

static bool check_list(const Check *c, const Item *item, const char *path, const Field *f) {
    if (item->kind != ITEM_LIST)
        return f->type == FIELD_WORDS ? check_word(c, item, path, f->words)
                                      : check_text(c, item, path, "a text or a list of texts");
    bool fine = true;
    for (int i = 0; i < item->n; i++)
        fine &= f->type == FIELD_WORDS ? check_word(c, item->items[i], path, f->words)
                                       : check_text(c, item->items[i], path, "a list of texts");
    return fine;
}

static bool check_map(const Check *c, const Item *map, const char *path, const Field *fields);

static bool check_field(const Check *c, const Item *item, const char *path, const Field *f) {
    switch (f->type) {
    case FIELD_ANY: return true;
    case FIELD_TEXT: return check_text(c, item, path, "a text");
    case FIELD_WORD: return check_word(c, item, path, f->words);
    case FIELD_TEXTS:
    case FIELD_WORDS: return check_list(c, item, path, f);
    case FIELD_WHOLE:
    case FIELD_NUMBER: return check_number(c, item, path, f);
    case FIELD_MAP: return check_map(c, item, path, f->fields);
    }
    return false;
}

static const char *nearest_field(const Check *c, const char *name, const Field *fields) {
    int n = 0;
    while (fields[n].name) n++;
    const char **words = ARENA_ARRAY(c->arena, const char *, n + 1);
    for (int i = 0; i < n; i++) words[i] = fields[i].name;
    return nearest_word(name, words);
}

static bool unknown_key(const Check *c, const Item *key, const char *path, const Field *fields) {
    const char *in = *path ? arena_printf(c->arena, " in %s", path) : "";
    const char *near = nearest_field(c, key->text, fields);
    if (near)
        return diag_error(c->diags, c->source, key->span, "unknown key '%s'%s; did you mean '%s'?",
                          key->text, in, near);
    Buf all = buf_new(c->arena);
    for (int i = 0; fields[i].name; i++) buf_printf(&all, "%s%s", i ? ", " : "", fields[i].name);
    return diag_error(c->diags, c->source, key->span, "unknown key '%s'%s; the keys are: %s",
                      key->text, in, buf_str(&all));
}

static const Field *find_field(const Field *fields, const char *name) {
    while (fields->name && strcmp(fields->name, name) != 0) fields++;
    return fields;
}

/// Is some unknown key of the map most likely this one, misspelled? That has been told.
static bool misspelled(const Check *c, const Item *map, const char *name, const Field *fields) {
    for (int i = 0; i < map->n; i++) {
        if (find_field(fields, map->keys[i]->text)->name) continue;
        const char *near = nearest_field(c, map->keys[i]->text, fields);
        if (near && strcmp(near, name) == 0) return true;
    }
    return false;
}

static bool check_map(const Check *c, const Item *map, const char *path, const Field *fields) {
    if (map->kind != ITEM_MAP)
        return diag_error(c->diags, c->source, map->span, "%s must be a map of keys and values%s%s",
                          *path ? path : "this", item_is_null(map) ? "" : ", not ",
                          item_is_null(map) ? "" : kind_name(map));
    if (!fields) return true;
    bool fine = true;
    for (int i = 0; i < map->n; i++) {
        const Field *f = find_field(fields, map->keys[i]->text);
        if (!f->name)
            fine = unknown_key(c, map->keys[i], path, fields);
        else
            fine &= check_field(c, map->items[i], field_path(c, path, f->name), f);
    }
    for (const Field *f = fields; f->name; f++)
        if (f->required && !item_get(map, f->name) && !misspelled(c, map, f->name, fields)) {
            Span at = {map->span.at, map->n ? map->keys[0]->span.len : 1};
            fine =
                diag_error(c->diags, c->source, at, "%s is missing", field_path(c, path, f->name));
        }
    return fine;
}

bool schema_check(Arena *a, const Source *source, const Item *map, const char *path,
                  const Field *fields, Diags *d) {
    Check c = {a, source, d};
    return check_map(&c, map, path, fields);
}

int schema_whole(const Item *map, const char *key, double lo, double hi, int otherwise) {
    const Item *item = item_get(map, key);
    int64_t value = 0;
    if (!item || item_whole(item, &value) != NUMBER_FINE) return otherwise;
    return (double)value >= lo && (double)value <= hi ? (int)value : otherwise;
}

double schema_number(const Item *map, const char *key, double lo, double hi, double otherwise) {
    const Item *item = item_get(map, key);
    double value = 0;
    if (!item || item_number(item, &value) != NUMBER_FINE) return otherwise;
    return value >= lo && value <= hi ? value : otherwise;
}

uint64_t schema_seed(const Item *map) {
    const Item *item = item_get(map, "seed");
    int64_t value = 1;
    if (!item || item_whole(item, &value) != NUMBER_FINE || value < 0) return 1;
    return (uint64_t)value;
}

const char *schema_text(const Item *map, const char *key, const char *otherwise) {
    const Item *item = item_get(map, key);
    return item && item->kind == ITEM_TEXT && *item->text ? item->text : otherwise;
}

const char *const *schema_texts(Arena *a, const Item *map, const char *key) {
    const Item *item = item_get(map, key);
    if (!item || item->kind == ITEM_MAP) return NULL;
    int n = item->kind == ITEM_LIST ? item->n : 1, count = 0;
    const char **texts = ARENA_ARRAY(a, const char *, n + 1);
    for (int i = 0; i < n; i++) {
        const Item *one = item->kind == ITEM_LIST ? item->items[i] : item;
        if (one->kind == ITEM_TEXT) texts[count++] = one->text;
    }
    return texts;
}
