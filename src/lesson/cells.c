// Where the files that a lesson names are: shipped cells in assets/cells, everything else beside
// the lesson and nowhere else. The check is on the real path, so that a link cannot lead out.
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/parse.h"
#include "lesson/reading.h"

const char *path_folder(Arena *a, const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash) return ".";
    return slash == path ? "/" : arena_copy(a, path, (size_t)(slash - path));
}

/// Does a relative path go above where it begins, at its end or on the way?
static bool climbs(const char *path) {
    int depth = 0;
    while (*path) {
        size_t n = strcspn(path, "/");
        bool up = n == 2 && strncmp(path, "..", 2) == 0;
        bool stays = n == 0 || (n == 1 && *path == '.');
        depth += up ? -1 : !stays;
        if (depth < 0) return true;
        path += n + (path[n] == '/');
    }
    return false;
}

/// The real path, in the arena; NULL with errno.
static const char *real_path(Arena *a, const char *path) {
    char *real = realpath(path, NULL);
    if (!real) return NULL;
    const char *copy = arena_copy(a, real, strlen(real));
    free(real);
    return copy;
}

static bool is_inside(const char *folder, const char *path) {
    size_t n = strlen(folder);
    if (strcmp(folder, "/") == 0) return true;
    return strncmp(folder, path, n) == 0 && path[n] == '/';
}

const char *path_inside(Reading *r, const Item *item) {
    const char *name = item->text;
    if (name[0] == '/')
        return READING_ERROR(r, item,
                             "an absolute path cannot stand here; paths are relative to "
                             "the lesson"),
               NULL;
    if (climbs(name))
        return READING_ERROR(r, item, "a path may not leave the folder of the lesson"), NULL;
    const char *path = arena_printf(r->arena, "%s/%s", r->folder, name);
    const char *folder = real_path(r->arena, r->folder);
    const char *real = real_path(r->arena, path);
    if (!folder || !real) {
        bool missing = errno == ENOENT || errno == ENOTDIR;
        READING_ERROR(r, item, "%s: %s", name, missing ? "there is no such file" : strerror(errno));
        return NULL;
    }
    if (!is_inside(folder, real))
        return READING_ERROR(r, item, "%s leads out of the folder of the lesson", name), NULL;
    return path;
}

typedef struct {
    Arena *arena;
    const char **list;
    int n, cap;
} Names;

enum { FOLDERS_DEEP = 4 };

static void collect_cells(Names *names, const char *folder, const char *prefix, int depth) {
    DIR *dir = opendir(folder);
    if (!dir) return;
    for (struct dirent *e; (e = readdir(dir));) {
        if (e->d_name[0] == '.') continue;
        const char *path = arena_printf(names->arena, "%s/%s", folder, e->d_name);
        const char *name = arena_printf(names->arena, "%s%s", prefix, e->d_name);
        size_t n = strlen(name);
        struct stat st;
        if (stat(path, &st) < 0) continue;
        if (S_ISDIR(st.st_mode) && depth < FOLDERS_DEEP)
            collect_cells(names, path, arena_printf(names->arena, "%s/", name), depth + 1);
        else if (S_ISREG(st.st_mode) && n > 5 && strcmp(name + n - 5, ".cell") == 0)
            ARENA_PUSH(names->arena, names->list, names->n, names->cap,
                       arena_copy(names->arena, name, n - 5));
    }
    closedir(dir);
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *cell_wording(const char *const *text, Lang lang) {
    return text[lang] ? text[lang] : text[LANG_EN];
}

const char *const *lesson_cells(Arena *a, const Places *places) {
    Names names = {.arena = a};
    collect_cells(&names, arena_printf(a, "%s/cells", places->assets), "", 0);
    if (names.n) qsort(names.list, (size_t)names.n, sizeof *names.list, by_name);
    ARENA_PUSH(a, names.list, names.n, names.cap, NULL);
    return names.list;
}

static bool ends_in_cell(const char *word) {
    size_t n = strlen(word);
    return n > 5 && strcmp(word + n - 5, ".cell") == 0;
}

static const char *shipped_path(Reading *r, const Item *word) {
    const char *const *names = lesson_cells(r->arena, r->places);
    if (schema_find(names, word->text) >= 0)
        return arena_printf(r->arena, "%s/cells/%s.cell", r->places->assets, word->text);
    schema_unknown_word(r->arena, r->source, word->span, "a cell", word->text, names, r->diags);
    return NULL;
}

static const CellAst *read_cell(Reading *r, const Item *word) {
    const char *name = word->text;
    bool is_path = ends_in_cell(name) || name[0] == '.' || name[0] == '/';
    const char *path = is_path ? path_inside(r, word) : shipped_path(r, word);
    if (!path) return NULL;
    ARENA_PUSH(r->arena, r->watch, r->n_watch, r->cap_watch, path);
    const Source *source = source_read(r->arena, path, CELL_MAX_BYTES, r->diags);
    return source ? cell_parse(r->arena, source, r->diags) : NULL;
}

const CellAst *cell_load(Reading *r, const Item *word) {
    if (word->kind != ITEM_TEXT || item_is_null(word) || !*word->text) return NULL; // told already
    for (int i = 0; i < r->n_cells; i++)
        if (strcmp(r->cell_words[i], word->text) == 0) return r->cells[i];
    const CellAst *cell = read_cell(r, word);
    int n = r->n_cells, cap = r->cap_cells;
    ARENA_PUSH(r->arena, r->cell_words, n, cap, word->text);
    ARENA_PUSH(r->arena, r->cells, r->n_cells, r->cap_cells, cell);
    return cell;
}
