// Lessons by path, number and slug. The name of a file says its place: NN-slug.md, NN-slug.zh.md.
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lesson/reading.h"

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool ends_with(const char *s, const char *ending) {
    size_t n = strlen(s), k = strlen(ending);
    return n > k && strcmp(s + n - k, ending) == 0;
}

void lesson_name(Arena *a, const char *path, int *number, const char **slug) {
    const char *base = base_name(path);
    size_t digits = strspn(base, "0123456789");
    bool numbered = digits > 0 && digits < 6 && base[digits] == '-';
    *number = numbered ? atoi(base) : 0;
    if (numbered) base += digits + 1;
    size_t n = strlen(base);
    static const char *const endings[] = {".zh.md", ".md", ".cell"};
    for (int i = 0; i < 3; i++)
        if (ends_with(base, endings[i])) {
            n -= strlen(endings[i]);
            break;
        }
    *slug = arena_copy(a, base, n);
}

static bool is_file(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/// Anything at all: reading it tells why a folder or a pipe is no lesson.
static bool is_there(const char *path) {
    struct stat st;
    return stat(path, &st) == 0;
}

const char *lesson_english(Arena *a, const char *path) {
    if (!ends_with(path, ".zh.md")) return path;
    const char *english = arena_printf(a, "%.*s.md", (int)(strlen(path) - 6), path);
    return is_file(english) ? english : path;
}

const char *lesson_twin(Arena *a, const char *path) {
    if (!ends_with(path, ".md") || ends_with(path, ".zh.md")) return NULL;
    const char *twin = arena_printf(a, "%.*s.zh.md", (int)(strlen(path) - 3), path);
    struct stat st;
    return stat(twin, &st) == 0 ? twin : NULL;
}

static int by_number(const void *left, const void *right) {
    const LessonCard *a = left, *b = right;
    if (a->number != b->number) return a->number < b->number ? -1 : 1;
    return strcmp(a->path, b->path);
}

/// The front matter alone; NULL if it cannot be read.
static const Item *read_card(Arena *a, const char *path) {
    Diags d = diags_new(a);
    const Source *source = source_read(a, path, LESSON_MAX_BYTES, &d);
    Span yaml;
    size_t body;
    if (!source || !front_split(source, &yaml, &body, &d)) return NULL;
    const Item *root = yaml_parse(a, source, yaml, &d);
    return root && schema_text(root, "title", NULL) ? root : NULL;
}

static bool fill_card(Arena *a, const char *path, LessonCard *card) {
    const Item *root = read_card(a, path);
    if (!root) return false;
    card->path = path;
    lesson_name(a, path, &card->number, &card->slug);
    card->title[LANG_EN] = card->title[LANG_ZH] = schema_text(root, "title", "");
    card->about[LANG_EN] = card->about[LANG_ZH] = schema_text(root, "about", "");
    const char *twin = lesson_twin(a, path);
    const Item *chinese = twin ? read_card(a, twin) : NULL;
    if (!chinese) return true;
    card->title[LANG_ZH] = schema_text(chinese, "title", "");
    card->about[LANG_ZH] = schema_text(chinese, "about", card->about[LANG_EN]);
    return true;
}

const LessonCard *lesson_list(Arena *a, const Places *places, int *count) {
    LessonCard *cards = NULL;
    int cap = 0;
    *count = 0;
    DIR *dir = opendir(places->lessons);
    if (!dir) return NULL;
    for (struct dirent *e; (e = readdir(dir));) {
        size_t digits = strspn(e->d_name, "0123456789");
        if (!digits || e->d_name[digits] != '-') continue;
        if (!ends_with(e->d_name, ".md") || ends_with(e->d_name, ".zh.md")) continue;
        LessonCard card = {0};
        if (fill_card(a, arena_printf(a, "%s/%s", places->lessons, e->d_name), &card))
            ARENA_PUSH(a, cards, *count, cap, card);
    }
    closedir(dir);
    if (*count) qsort(cards, (size_t)*count, sizeof *cards, by_number);
    return cards;
}

static bool is_path(const char *word) {
    return strchr(word, '/') || ends_with(word, ".md") || ends_with(word, ".cell");
}

/// Looks at names only, so that a lesson with mistakes is found and its mistakes are told.
static const char *find_shipped(Arena *a, const char *word, const Places *places) {
    size_t digits = strspn(word, "0123456789");
    int wanted = digits && digits < 6 && !word[digits] ? atoi(word) : -1;
    const char *found = NULL;
    DIR *dir = opendir(places->lessons);
    if (!dir) return NULL;
    for (struct dirent *e; (e = readdir(dir));) {
        if (!ends_with(e->d_name, ".md") || ends_with(e->d_name, ".zh.md")) continue;
        int number;
        const char *slug;
        lesson_name(a, e->d_name, &number, &slug);
        if (!number && strspn(e->d_name, "0123456789") == 0) continue;
        if (number == wanted || strcmp(slug, word) == 0)
            found = arena_printf(a, "%s/%s", places->lessons, e->d_name);
    }
    closedir(dir);
    return found;
}

const char *lesson_find(Arena *a, const char *word, const Places *places) {
    if (is_path(word)) return is_there(word) ? arena_copy(a, word, strlen(word)) : NULL;
    const char *shipped = find_shipped(a, word, places);
    if (shipped) return shipped;
    return is_there(word) ? arena_copy(a, word, strlen(word)) : NULL;
}
