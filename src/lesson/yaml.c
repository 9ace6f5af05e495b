// libyaml's events become a tree. libyaml is quick as long as nesting is shallow: 200 KB of '['
// read to the end keep it busy for minutes, because every token looks at every open bracket. It is
// asked for one event at a time and looks ahead at most 1 KiB, so leaving off at
// YAML_DEPTH_LIMIT bounds both that and our own recursion. Marks of libyaml count characters;
// Reader.byte_at turns them into bytes of the file, walking from the last place asked for.
//
// Lessons write names with an index in lists, [f, c[t-1]], which YAML cannot: the brackets of an
// index directly behind a name are shown to libyaml as two letters of the private use area, one
// character for one, and turned back in every text.
#include "lesson/yaml.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "core/unicode.h"

typedef struct {
    Arena *arena;
    const Source *source;
    Diags *diags;
    Span where;
    yaml_parser_t parser;
    size_t char_at, byte_at; // the same place in characters and in bytes, from `where`
    bool failed;
} Reader;

/// The byte in the file of libyaml's character number `index`.
static size_t byte_of(Reader *r, size_t index) {
    const char *text = r->source->text + r->where.at;
    while (r->char_at > index && r->byte_at > 0) {
        do r->byte_at--;
        while (r->byte_at > 0 && ((unsigned char)text[r->byte_at] & 0xC0) == 0x80);
        r->char_at--;
    }
    while (r->char_at < index && r->byte_at < r->where.len) {
        do r->byte_at++;
        while (r->byte_at < r->where.len && ((unsigned char)text[r->byte_at] & 0xC0) == 0x80);
        r->char_at++;
    }
    return r->where.at + r->byte_at;
}

static Span span_of(Reader *r, const yaml_event_t *e) {
    size_t from = byte_of(r, e->start_mark.index);
    size_t to = byte_of(r, e->end_mark.index);
    return (Span){from, to - from};
}

#define READER_ERROR(r, span, ...)                                                                 \
    ((r)->failed = true, diag_error((r)->diags, (r)->source, (span), __VA_ARGS__))

static void report_syntax(Reader *r) {
    const yaml_parser_t *p = &r->parser;
    Span at = {r->where.at, 1};
    if (p->error == YAML_READER_ERROR)
        at.at += p->problem_offset < r->where.len ? p->problem_offset : 0;
    else
        at.at = byte_of(r, p->problem_mark.index);
    if (at.at < r->source->len && r->source->text[at.at] == '\t') {
        READER_ERROR(r, at, "this is not YAML: it is indented with spaces, not with tabs");
    } else if (p->context && p->problem) {
        int line, column;
        source_place(r->source, byte_of(r, p->context_mark.index), &line, &column);
        READER_ERROR(r, at, "this is not YAML: %s (%s in line %d)", p->problem, p->context, line);
    } else
        READER_ERROR(r, at, "this is not YAML: %s", p->problem ? p->problem : "unreadable");
}

static bool next_event(Reader *r, yaml_event_t *e) {
    if (r->failed) return false;
    if (yaml_parser_parse(&r->parser, e)) return true;
    report_syntax(r);
    return false;
}

static Item *read_item(Reader *r, yaml_event_t *e, int depth);

static Item *item_new(Reader *r, ItemKind kind, Span span) {
    Item *item = ARENA_NEW(r->arena, Item);
    item->kind = kind;
    item->span = span;
    return item;
}

#define INDEX_OPEN "\uF8F0"
#define INDEX_CLOSE "\uF8F1"
enum { INDEX_BYTES = 3 };

/// The bytes of an index from its '[' to its ']', if one stands at `at` behind a name; else 0.
static size_t index_length(const char *text, size_t at, size_t len) {
    if (text[at] != '[' || at == 0) return 0;
    unsigned char before = (unsigned char)text[at - 1];
    if (!isalnum(before) && before != '_' && before < 0x80) return 0;
    for (size_t i = at + 1; i < len; i++) {
        if (text[i] == ']') return i - at + 1;
        if (!isalnum((unsigned char)text[i]) && !strchr("_+- ", text[i])) return 0;
    }
    return 0;
}

/// The text as libyaml gets it.
static Buf hide_indices(Arena *a, const char *text, size_t len) {
    Buf b = buf_new(a);
    size_t copied = 0;
    for (size_t i = 0; i < len; i++) {
        size_t n = index_length(text, i, len);
        if (!n) continue;
        buf_put(&b, text + copied, i - copied);
        buf_puts(&b, INDEX_OPEN);
        buf_put(&b, text + i + 1, n - 2);
        buf_puts(&b, INDEX_CLOSE);
        i += n - 1;
        copied = i + 1;
    }
    buf_put(&b, text + copied, len - copied);
    return b;
}

static const char *show_indices(Arena *a, const char *text, size_t len) {
    char *out = arena_alloc(a, len + 1, 1);
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        bool open = len - i >= INDEX_BYTES && memcmp(text + i, INDEX_OPEN, INDEX_BYTES) == 0;
        bool close = len - i >= INDEX_BYTES && memcmp(text + i, INDEX_CLOSE, INDEX_BYTES) == 0;
        out[n++] = open ? '[' : close ? ']' : text[i];
        i += open || close ? INDEX_BYTES : 1;
    }
    return out;
}

// In double quotes YAML can write any character; what it is printed on must not be steered by it.
static void check_letters(Reader *r, Span span, const char *text, size_t n) {
    int32_t c;
    for (size_t at = 0; at < n; at += utf8_decode(text + at, n - at, &c)) {
        utf8_decode(text + at, n - at, &c);
        if (c == '\n' || c == '\t' || c == '\r' || !unicode_is_control(c)) continue;
        const char *name = c ? arena_printf(r->arena, "U+%04X", (unsigned)c) : "NUL";
        diag_error(r->diags, r->source, span, "a text cannot hold the character %s", name);
        return;
    }
}

static Item *read_text(Reader *r, yaml_event_t *e) {
    Item *item = item_new(r, ITEM_TEXT, span_of(r, e));
    const char *value = (const char *)e->data.scalar.value;
    item->text = show_indices(r->arena, value, e->data.scalar.length);
    item->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    check_letters(r, item->span, value, e->data.scalar.length);
    return item;
}

static Item *read_list(Reader *r, yaml_event_t *start, int depth) {
    Item *list = item_new(r, ITEM_LIST, span_of(r, start));
    int cap = 0;
    for (;;) {
        yaml_event_t e;
        if (!next_event(r, &e)) return list;
        if (e.type == YAML_SEQUENCE_END_EVENT) {
            if (start->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE)
                list->span.len = byte_of(r, e.end_mark.index) - list->span.at;
            yaml_event_delete(&e);
            return list;
        }
        Item *item = read_item(r, &e, depth + 1);
        yaml_event_delete(&e);
        ARENA_PUSH(r->arena, list->items, list->n, cap, item);
        list->span.len = item->span.at + item->span.len - list->span.at;
    }
}

static bool key_is_fine(Reader *r, const Item *map, const Item *key) {
    if (key->kind != ITEM_TEXT)
        return READER_ERROR(r, key->span, "a key is one word, not a list or a map");
    if (map->n >= YAML_KEYS_LIMIT)
        return READER_ERROR(r, key->span, "a map has at most %d keys", YAML_KEYS_LIMIT);
    for (int i = 0; i < map->n; i++)
        if (strcmp(map->keys[i]->text, key->text) == 0) {
            int line, column;
            source_place(r->source, map->keys[i]->span.at, &line, &column);
            // not fatal: the rest can still be read
            return diag_error(r->diags, r->source, key->span,
                              "'%s' stands twice; it was given in line %d already", key->text,
                              line);
        }
    return true;
}

static Item *read_map(Reader *r, yaml_event_t *start, int depth) {
    Item *map = item_new(r, ITEM_MAP, span_of(r, start));
    int cap = 0, key_cap = 0;
    for (;;) {
        yaml_event_t e;
        if (!next_event(r, &e)) return map;
        if (e.type == YAML_MAPPING_END_EVENT) {
            if (start->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE)
                map->span.len = byte_of(r, e.end_mark.index) - map->span.at;
            yaml_event_delete(&e);
            return map;
        }
        Item *key = read_item(r, &e, depth + 1);
        yaml_event_delete(&e);
        if (!next_event(r, &e)) return map;
        Item *value = read_item(r, &e, depth + 1);
        yaml_event_delete(&e);
        map->span.len = value->span.at + value->span.len - map->span.at;
        if (r->failed) return map;
        if (!key_is_fine(r, map, key)) continue;
        int n = map->n;
        ARENA_PUSH(r->arena, map->keys, n, key_cap, key);
        ARENA_PUSH(r->arena, map->items, map->n, cap, value);
    }
}

static Item *read_item(Reader *r, yaml_event_t *e, int depth) {
    Span span = span_of(r, e);
    if (depth > YAML_DEPTH_LIMIT)
        READER_ERROR(r, span, "lists and maps may stand at most %d deep in each other",
                     YAML_DEPTH_LIMIT);
    const yaml_char_t *anchor = NULL, *tag = NULL;
    if (e->type == YAML_SCALAR_EVENT) {
        anchor = e->data.scalar.anchor;
        tag = e->data.scalar.tag;
    } else if (e->type == YAML_SEQUENCE_START_EVENT) {
        anchor = e->data.sequence_start.anchor;
        tag = e->data.sequence_start.tag;
    } else if (e->type == YAML_MAPPING_START_EVENT) {
        anchor = e->data.mapping_start.anchor;
        tag = e->data.mapping_start.tag;
    }
    if (e->type == YAML_ALIAS_EVENT || anchor)
        READER_ERROR(r, span,
                     "YAML's anchors (&name) and aliases (*name) are not used in lessons; "
                     "put a text that begins so in quotes");
    if (tag)
        READER_ERROR(r, span,
                     "YAML's tags (!name) are not used in lessons; put a text that "
                     "begins so in quotes");
    if (r->failed) return item_new(r, ITEM_TEXT, span);
    if (e->type == YAML_SEQUENCE_START_EVENT) return read_list(r, e, depth);
    if (e->type == YAML_MAPPING_START_EVENT) return read_map(r, e, depth);
    return read_text(r, e);
}

static Item *read_document(Reader *r) {
    Item *root = NULL;
    for (;;) {
        yaml_event_t e;
        if (!next_event(r, &e)) return root;
        yaml_event_type_t type = e.type;
        bool starts = type == YAML_DOCUMENT_START_EVENT;
        if (starts && (e.data.document_start.version_directive ||
                       e.data.document_start.tag_directives.start !=
                           e.data.document_start.tag_directives.end))
            READER_ERROR(r, span_of(r, &e), "YAML's %% directives are not used in lessons");
        if (starts && root) READER_ERROR(r, span_of(r, &e), "a second YAML document begins here");
        bool is_item = type == YAML_SCALAR_EVENT || type == YAML_ALIAS_EVENT ||
                       type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT;
        if (is_item) root = read_item(r, &e, 1);
        yaml_event_delete(&e);
        if (type == YAML_STREAM_END_EVENT) return root;
    }
}

/// libyaml compares every %TAG line with all before it: refuse them before it sees them.
static bool no_directives(Reader *r) {
    const char *text = r->source->text + r->where.at;
    for (size_t i = 0; i < r->where.len; i++)
        if (text[i] == '%' && (i == 0 || text[i - 1] == '\n' || text[i - 1] == '\r'))
            return READER_ERROR(r, ((Span){r->where.at + i, 1}),
                                "a line of YAML cannot begin with '%%'");
    return true;
}

const Item *yaml_parse(Arena *a, const Source *source, Span where, Diags *d) {
    Reader r = {.arena = a, .source = source, .diags = d, .where = where};
    if (where.len > YAML_BYTES_LIMIT) {
        diag_error(d, source, (Span){where.at, 1}, "%.1f MiB of YAML; at most %d MiB are read",
                   (double)where.len / (1024 * 1024), YAML_BYTES_LIMIT / (1024 * 1024));
        return NULL;
    }
    if (!no_directives(&r)) return NULL;
    if (!yaml_parser_initialize(&r.parser)) return NULL;
    Buf shown = hide_indices(a, source->text + where.at, where.len);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)shown.data, shown.len);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    Item *root = read_document(&r);
    yaml_parser_delete(&r.parser);
    if (r.failed) return NULL;
    if (!root || item_is_null(root)) root = item_new(&r, ITEM_MAP, (Span){where.at, 0});
    return root;
}

static int find_key(const Item *map, const char *key) {
    if (!map || map->kind != ITEM_MAP) return -1;
    for (int i = 0; i < map->n; i++)
        if (strcmp(map->keys[i]->text, key) == 0) return i;
    return -1;
}

const Item *item_get(const Item *map, const char *key) {
    int i = find_key(map, key);
    return i < 0 ? NULL : map->items[i];
}

const Item *item_key(const Item *map, const char *key) {
    int i = find_key(map, key);
    return i < 0 ? NULL : map->keys[i];
}

bool item_is_null(const Item *item) {
    if (item->kind != ITEM_TEXT || item->quoted) return false;
    return item->text[0] == '\0' || strcmp(item->text, "~") == 0 || strcmp(item->text, "null") == 0;
}

static const char *skip_digits(const char *s) {
    while (*s >= '0' && *s <= '9') s++;
    return s;
}

/// The words of YAML for what has no digits.
static bool special_number(const char *s, double *out) {
    double sign = 1;
    if (*s == '+' || *s == '-') sign = *s++ == '-' ? -1 : 1;
    static const char *const infinities[] = {".inf", ".Inf", ".INF"};
    static const char *const nans[] = {".nan", ".NaN", ".NAN"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(s, infinities[i]) == 0) return *out = sign * INFINITY, true;
        if (strcmp(s, nans[i]) == 0) return *out = NAN, true;
    }
    return false;
}

NumberResult item_number(const Item *item, double *out) {
    if (item->kind != ITEM_TEXT || item->quoted) return NUMBER_NONE;
    const char *s = item->text;
    if (special_number(s, out)) return NUMBER_FINE;
    if (*s == '+' || *s == '-') s++;
    const char *digits = s;
    s = skip_digits(s);
    long count = s - digits;
    if (*s == '.') {
        const char *fraction = ++s;
        s = skip_digits(s);
        count += s - fraction;
    }
    if (count == 0) return NUMBER_NONE;
    if (*s == 'e' || *s == 'E') {
        s++;
        if (*s == '+' || *s == '-') s++;
        const char *exponent = s;
        s = skip_digits(s);
        if (s == exponent) return NUMBER_NONE;
    }
    if (*s) return NUMBER_NONE;
    *out = strtod(item->text, NULL); // correctly rounded; the form was checked above
    return isfinite(*out) ? NUMBER_FINE : NUMBER_TOO_LARGE;
}

NumberResult item_whole(const Item *item, int64_t *out) {
    if (item->kind != ITEM_TEXT || item->quoted) return NUMBER_NONE;
    const char *s = item->text;
    bool minus = *s == '-';
    if (*s == '+' || *s == '-') s++;
    if (*s == '\0' || *skip_digits(s)) return NUMBER_NONE;
    int64_t value = 0;
    for (; *s; s++) {
        int digit = *s - '0';
        if (value > (INT64_MAX - digit) / 10) return NUMBER_TOO_LARGE;
        value = value * 10 + digit;
    }
    *out = minus ? -value : value;
    return NUMBER_FINE;
}
