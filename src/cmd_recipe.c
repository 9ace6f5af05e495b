// A recipe: all pictures of a course in one file of YAML. Each entry says what `gatewalk export`
// would be told, with the same words; what all have in common stands once, under `all`.
//
//     all: {format: pdf, theme: print}
//     make:
//       - {lesson: 1, at: "forward:3:f", output: fig/forget.pdf}
//       - {lesson: 2, format: png, all: true, by: timestep, output: fig/backward}
//
// Only what changed is made again: see files/record.h, whose file .NAME.made lies beside the
// recipe. What is made is made by a process of its own (recipe_team.h).
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd_export.h"
#include "core/word.h"
#include "lesson/yaml.h"
#include "recipe_team.h"

enum { RECIPE_BYTES = 1 << 20 };

static const ExportOption lesson_key = {"", "lesson", offsetof(ExportWords, word), 0};

static const ExportOption *find_key(const char *name) {
    if (strcmp(lesson_key.key, name) == 0) return &lesson_key;
    for (const ExportOption *o = export_options; o->option; o++)
        if (strcmp(o->key, name) == 0) return o;
    return NULL;
}

static const char *nearest_key(Arena *a, const char *name) {
    const char **words = NULL;
    int n = 0, cap = 0;
    ARENA_PUSH(a, words, n, cap, lesson_key.key);
    for (const ExportOption *o = export_options; o->option; o++)
        ARENA_PUSH(a, words, n, cap, o->key);
    ARENA_PUSH(a, words, n, cap, NULL);
    return nearest_word(name, words);
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
            const char *near = nearest_key(r->p->arena, map->keys[k]->text);
            diag_error(r->d, r->source, map->keys[k]->span, "no option called %s%s%s%s",
                       map->keys[k]->text, near ? "; did you mean " : "", near ? near : "",
                       near ? "?" : "");
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

// Of what the words ask for, and of the program that does it. Jobs change no byte.
static uint64_t hash_words(const Recipe *r, uint64_t program, ExportWords *w) {
    uint64_t h = hash_text(program, w->word);
    for (const ExportOption *o = export_options; o->option; o++) {
        if (strcmp(o->key, "jobs") == 0) continue;
        if (o->word != EXPORT_FLAG)
            h = hash_text(h, *export_word(w, o));
        else
            h = hash_text(h, *export_flag(w, o) ? "yes" : NULL);
    }
    return hash_text(h, r->folder);
}

static uint64_t hash_program(const Program *p) {
    static const char *const parts[] = {"page/page.css", "page/page.js"};
    uint64_t h = hash_file(14695981039346656037u, p->path);
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
        h = hash_file(h, arena_printf(p->arena, "%s/%s", p->places.assets, parts[k]));
    return h;
}

// Mistakes that can be told without the lesson; false if there are any.
static bool check_entry(const Recipe *r, const Item *item, const RecipeEntry *entries, int n,
                        ExportWords *w) {
    const char *why;
    if (!w->word || !*w->word || !w->path || !*w->path || !w->format)
        return diag_error(r->d, r->source, item->span, "an entry needs lesson, format and output");
    if (strchr(w->path, '\n'))
        return diag_error(r->d, r->source, item->span, "a path has no line breaks");
    w->word = lesson_beside(r, w->word);
    w->path = beside(r, w->path);
    for (int k = 0; k < n; k++)
        if (strcmp(entries[k].words.path, w->path) == 0)
            return diag_error(r->d, r->source, item->span, "%s is another entry's output too",
                              w->path);
    return export_check(r->p->arena, w, &why) || diag_error(r->d, r->source, item->span, "%s", why);
}

static RecipeEntry *read_entries(const Recipe *r, const Item *list, const ExportWords *common) {
    RecipeEntry *entries = ARENA_ARRAY(r->p->arena, RecipeEntry, list->n + 1);
    uint64_t program = hash_program(r->p);
    int n = 0;
    for (int k = 0; k < list->n; k++) {
        const Item *item = list->items[k];
        RecipeEntry *e = &entries[n];
        *e = (RecipeEntry){.words = *common, .source = r->source, .span = item->span};
        if (item->kind != ITEM_MAP) {
            diag_error(r->d, r->source, item->span, "an entry is a map of options");
            continue;
        }
        read_entry(r, item, &e->words);
        if (!check_entry(r, item, entries, n, &e->words)) continue;
        e->hash = hash_words(r, program, &e->words);
        n++;
    }
    return entries;
}

// The recipe's list, and the words that its entries have in common.
static const Item *read_recipe(const Recipe *r, ExportWords *common) {
    const Item *top =
        r->source ? yaml_parse(r->p->arena, r->source, (Span){0, r->source->len}, r->d) : NULL;
    const Item *list = item_get(top, "make"), *all = item_get(top, "all");
    if (!top) return NULL;
    for (int k = 0; top->kind == ITEM_MAP && k < top->n; k++)
        if (strcmp(top->keys[k]->text, "make") != 0 && strcmp(top->keys[k]->text, "all") != 0)
            diag_error(r->d, r->source, top->keys[k]->span, "a recipe has all and make, not %s",
                       top->keys[k]->text);
    if (!list || list->kind != ITEM_LIST)
        diag_error(r->d, r->source, list ? list->span : NO_SPAN, "a recipe has a list called make");
    if (all && all->kind != ITEM_MAP)
        diag_error(r->d, r->source, all->span, "all is a map of options");
    else
        read_entry(r, all, common);
    return list;
}

ExitCode export_recipe(Program *p, const char *path, const char *jobs_word) {
    int jobs = 1;
    const char *why;
    if (jobs_word && !word_int(p->arena, "--jobs", jobs_word, 1, RECIPE_JOBS, &jobs, &why))
        return usage_error("%s", why);
    Diags d = diags_new(p->arena);
    Recipe r = {.p = p, .d = &d, .source = source_read(p->arena, path, RECIPE_BYTES, &d)};
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    r.folder = arena_printf(p->arena, "%.*s", (int)(name - path), path);
    ExportWords common = {0};
    const Item *list = read_recipe(&r, &common);
    RecipeEntry *entries = list && list->kind == ITEM_LIST ? read_entries(&r, list, &common) : NULL;
    if (!diags_ok(&d) || !entries) {
        Buf text = buf_new(p->arena);
        diags_print(&d, &text);
        fputs(buf_str(&text), stderr);
        return EXIT_WRONG;
    }
    const char *record = arena_printf(p->arena, "%s.%s.made", r.folder, name);
    ExitCode code = recipe_make(p, entries, list->n, jobs, record, &why);
    if (why) say_wrong("%s", why);
    return code;
}
