// A recipe: all pictures of a course in one file of YAML. Each entry says what `gatewalk export`
// would be told, with the same words; what all have in common stands once, under `all`.
//
//     all: {format: pdf, theme: print}
//     make:
//       - {lesson: 1, at: "forward:3:f", output: fig/forget.pdf}
//       - {lesson: 2, format: png, all: true, by: timestep, output: fig/backward}
//
// Only what changed is made again: beside the recipe a file `.NAME.made` keeps, a line a picture, a
// hash of its words, of the files its lesson is read from, and of the program's version.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd_export.h"
#include "files/write.h"
#include "lesson/yaml.h"

enum { RECIPE_BYTES = 1 << 20, LESSON_BYTES = 64 << 20 };

static const ExportOption lesson_key = {"", "lesson", offsetof(ExportWords, word), 0};

static const ExportOption *find_key(const char *name) {
    if (strcmp(lesson_key.key, name) == 0) return &lesson_key;
    for (const ExportOption *o = export_options; o->option; o++)
        if (strcmp(o->key, name) == 0) return o;
    return NULL;
}

typedef struct {
    Program *p;
    const Source *source;
    const char *folder; // of the recipe, with a slash at the end: its paths are relative to it
    Diags *d;
} Recipe;

static void read_entry(const Recipe *r, const Item *map, ExportWords *w) {
    for (int k = 0; map && k < map->n; k++) {
        const ExportOption *key = find_key(map->keys[k]->text);
        const Item *value = map->items[k];
        if (!key) {
            diag_error(r->d, r->source, map->keys[k]->span, "no option called %s",
                       map->keys[k]->text);
        } else if (value->kind != ITEM_TEXT) {
            diag_error(r->d, r->source, value->span, "%s takes one word", key->key);
        } else if (key->word != EXPORT_FLAG) {
            *export_word(w, key) = value->text;
        } else {
            bool yes = strcmp(value->text, "true") == 0;
            if (!yes && strcmp(value->text, "false") != 0)
                diag_error(r->d, r->source, value->span, "%s takes true or false", key->key);
            *export_flag(w, key) = yes;
        }
    }
}

static const char *beside(const Recipe *r, const char *path) {
    return path[0] == '/' ? path : arena_printf(r->p->arena, "%s%s", r->folder, path);
}

// A lesson is a file beside the recipe if there is one, else a shipped one's number or slug.
static const char *lesson_beside(const Recipe *r, const char *word) {
    struct stat info;
    const char *path = beside(r, word);
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) ? path : word;
}

// --- what was made

static uint64_t mix(uint64_t h, const char *bytes, size_t n) {
    for (size_t k = 0; k < n; k++) h = (h ^ (unsigned char)bytes[k]) * 1099511628211u; // FNV-1a
    return (h ^ n) * 1099511628211u;
}

static uint64_t mix_word(uint64_t h, const char *word) {
    return word ? mix(h, word, strlen(word)) : mix(h, "\xFF", 1);
}

static uint64_t mix_file(Arena *a, uint64_t h, const char *path) {
    Diags d = diags_new(a);
    const Source *file = source_read(a, path, LESSON_BYTES, &d);
    return file ? mix(h, file->text, file->len) : mix(h, "\xFE", 1);
}

// Of everything that the files of an entry depend on; false if the lesson cannot be read.
static bool hash_entry(const Recipe *r, const ExportWords *w, uint64_t *out) {
    Arena *a = arena_new();
    Diags d = diags_new(a);
    const char *path = lesson_find(a, w->word, &r->p->places);
    Lesson *l = path ? lesson_load(a, path, &r->p->places, NULL, NULL, &d) : NULL;
    uint64_t h = mix_word(1469598103934665603u, VERSION);
    h = mix_word(h, w->word);
    for (const ExportOption *o = export_options; o->option; o++) {
        if (strcmp(o->key, "jobs") == 0) continue; // changes no byte
        ExportWords own = *w;
        if (o->word != EXPORT_FLAG)
            h = mix_word(h, *export_word(&own, o));
        else
            h = mix(h, (const char *)export_flag(&own, o), sizeof(bool));
    }
    if (l) h = mix_file(a, h, path);
    for (const char *const *file = l ? l->watch : NULL; file && *file; file++)
        h = mix_file(a, h, *file);
    arena_free(a);
    *out = h;
    return l != NULL;
}

static bool is_there(const char *path) {
    struct stat info;
    return stat(path, &info) == 0;
}

static bool was_made(const char *made, uint64_t hash, const char *path) {
    char line[32];
    snprintf(line, sizeof line, "%016llx ", (unsigned long long)hash);
    for (const char *p = made; p && *p;) {
        size_t n = strcspn(p, "\n");
        if (n > 17 && strncmp(p, line, 17) == 0 && strlen(path) == n - 17 &&
            strncmp(p + 17, path, n - 17) == 0)
            return is_there(path);
        p += n + (p[n] == '\n');
    }
    return false;
}

// --- all of it

static ExitCode make_entry(const Recipe *r, ExportWords *w, const char *made, Buf *now) {
    uint64_t hash;
    w->word = lesson_beside(r, w->word);
    w->path = beside(r, w->path);
    bool readable = hash_entry(r, w, &hash);
    ExitCode code = EXIT_DONE;
    if (!readable || !was_made(made, hash, w->path)) {
        fprintf(stderr, "%s\n", w->path);
        code = export_run(r->p, w);
    }
    if (code == EXIT_DONE) buf_printf(now, "%016llx %s\n", (unsigned long long)hash, w->path);
    return code;
}

// The first code that is not 0 is the result, but the other pictures are made all the same, unless
// it was an interrupt.
static ExitCode make_all(const Recipe *r, const Item *list, const ExportWords *common,
                         const char *record) {
    Arena *a = r->p->arena;
    Diags none = diags_new(a);
    const Source *made = is_there(record) ? source_read(a, record, RECIPE_BYTES, &none) : NULL;
    Buf now = buf_new(a);
    ExitCode result = EXIT_DONE;
    for (int k = 0; k < list->n && result != EXIT_INTERRUPTED; k++) {
        ExportWords w = *common;
        read_entry(r, list->items[k], &w);
        ExitCode code = make_entry(r, &w, made ? made->text : NULL, &now);
        if (result == EXIT_DONE || code == EXIT_INTERRUPTED) result = code;
    }
    const char *why;
    if (now.len && !write_file(a, record, now.data, now.len, &why))
        return fprintf(stderr, "gatewalk: %s\n", why), EXIT_MACHINE;
    return result;
}

static bool check_entries(const Recipe *r, const Item *list, const ExportWords *common) {
    for (int k = 0; k < list->n; k++) {
        ExportWords w = *common;
        if (list->items[k]->kind != ITEM_MAP) {
            diag_error(r->d, r->source, list->items[k]->span, "an entry is a map of options");
            continue;
        }
        read_entry(r, list->items[k], &w);
        if (!w.word || !w.path || !w.format)
            diag_error(r->d, r->source, list->items[k]->span,
                       "an entry needs lesson, format and output");
    }
    return diags_ok(r->d);
}

ExitCode export_recipe(Program *p, const char *path) {
    Diags d = diags_new(p->arena);
    Recipe r = {.p = p, .d = &d, .source = source_read(p->arena, path, RECIPE_BYTES, &d)};
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    r.folder = arena_printf(p->arena, "%.*s", (int)(name - path), path);
    const Item *all =
        r.source ? yaml_parse(p->arena, r.source, (Span){0, r.source->len}, &d) : NULL;
    const Item *list = item_get(all, "make");
    ExportWords common = {0};
    if (all) {
        if (!list || list->kind != ITEM_LIST)
            diag_error(&d, r.source, NO_SPAN, "a recipe has a list called make");
        if (item_get(all, "all") && item_get(all, "all")->kind == ITEM_MAP)
            read_entry(&r, item_get(all, "all"), &common);
    }
    if (!diags_ok(&d) || !list || !check_entries(&r, list, &common)) {
        Buf text = buf_new(p->arena);
        diags_print(&d, &text);
        fputs(buf_str(&text), stderr);
        return EXIT_WRONG;
    }
    return make_all(&r, list, &common, arena_printf(p->arena, "%s.%s.made", r.folder, name));
}
