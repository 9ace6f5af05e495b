// The record beside a recipe is text, and lost without harm:
//   gatewalk-made 1
//   =HASH PATH      an output
//   <PATH           a file it was made from
//   >PATH           a file that it became
#include "files/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/diag.h"
#include "files/write.h"

enum {
    RECORD_BYTES = 32 << 20,
    RECORD_MOST = 1 << 16, // outputs; a recipe of a megabyte has no room for more
    HASH_DIGITS = 16,
};
static const off_t hashed_most = (off_t)4 << 30; // larger files count as changed

static const char first_line[] = "gatewalk-made 1\n";

static bool read_output(Record *r, char *rest) {
    char *end;
    size_t digits = strspn(rest, "0123456789abcdef");
    if (digits != HASH_DIGITS || rest[digits] != ' ' || !rest[digits + 1] || r->n == RECORD_MOST)
        return false;
    Made made = {.hash = strtoull(rest, &end, 16), .path = rest + digits + 1};
    ARENA_PUSH(r->arena, r->list, r->n, r->cap, made);
    return true;
}

static bool read_line(Record *r, char *line) {
    Made *last = r->n ? &r->list[r->n - 1] : NULL;
    const char *rest = line + 1;
    if (*line == '=') return read_output(r, line + 1);
    if (!last || !*rest) return false;
    if (*line == '<') {
        ARENA_PUSH(r->arena, last->sources, last->n_sources, last->cap_sources, rest);
    } else if (*line == '>') {
        ARENA_PUSH(r->arena, last->files, last->n_files, last->cap_files, rest);
    } else {
        return false;
    }
    return true;
}

Record record_parse(Arena *a, const char *text, size_t len) {
    Record r = {.arena = a};
    size_t head = strlen(first_line);
    if (len < head || memcmp(text, first_line, head) != 0 || memchr(text, '\0', len)) return r;
    for (char *p = arena_copy(a, text + head, len - head); *p;) {
        size_t n = strcspn(p, "\n");
        bool whole = p[n] == '\n';
        p[n] = '\0';
        if (!whole || !read_line(&r, p)) return (Record){.arena = a};
        p += n + 1;
    }
    return r;
}

Record record_read(Arena *a, const char *path) {
    struct stat info;
    Diags unheard = diags_new(a);
    const Source *text =
        stat(path, &info) == 0 ? source_read(a, path, RECORD_BYTES, &unheard) : NULL;
    return text ? record_parse(a, text->text, text->len) : (Record){.arena = a};
}

const Made *record_find(const Record *r, const char *path) {
    for (int k = 0; k < r->n; k++)
        if (strcmp(r->list[k].path, path) == 0) return &r->list[k];
    return NULL;
}

void record_set(Record *r, const Made *made) {
    for (int k = 0; k < r->n; k++)
        if (strcmp(r->list[k].path, made->path) == 0) {
            r->list[k] = *made;
            return;
        }
    ARENA_PUSH(r->arena, r->list, r->n, r->cap, *made);
}

void record_print(const Record *r, Buf *out) {
    buf_puts(out, first_line);
    for (int k = 0; k < r->n; k++) {
        const Made *m = &r->list[k];
        buf_printf(out, "=%0*" PRIx64 " %s\n", HASH_DIGITS, m->hash, m->path);
        for (int i = 0; i < m->n_sources; i++) buf_printf(out, "<%s\n", m->sources[i]);
        for (int i = 0; i < m->n_files; i++) buf_printf(out, ">%s\n", m->files[i]);
    }
}

bool record_write(const Record *r, const char *path, bool last, const char **why) {
    Buf out = buf_new(r->arena);
    record_print(r, &out);
    return (last ? write_file : write_one_of_many)(r->arena, path, out.data, out.len, why);
}

static uint64_t hash_bytes(uint64_t h, const char *bytes, size_t n) {
    for (size_t k = 0; k < n; k++) h = (h ^ (unsigned char)bytes[k]) * 1099511628211u; // FNV-1a
    return h;
}

uint64_t hash_text(uint64_t h, const char *text) {
    return text ? hash_bytes(h, text, strlen(text) + 1) : hash_bytes(h, "\xFF", 1);
}

// A pipe or a device might never end, and what a record names may come from elsewhere.
static FILE *open_regular(const char *path) {
    struct stat info;
    bool regular = stat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= hashed_most;
    return regular ? fopen(path, "rb") : NULL;
}

uint64_t hash_file(uint64_t h, const char *path) {
    char bytes[1 << 14];
    FILE *file = open_regular(path);
    if (!file) return hash_bytes(h, "\xFE", 1);
    size_t n, all = 0;
    for (; (n = fread(bytes, 1, sizeof bytes, file)) > 0; all += n) h = hash_bytes(h, bytes, n);
    fclose(file);
    return hash_bytes(h, (const char *)&all, sizeof all);
}

uint64_t record_hash(uint64_t words, const Made *made) {
    for (int k = 0; k < made->n_sources; k++) {
        words = hash_text(words, made->sources[k]);
        words = hash_file(words, made->sources[k]);
    }
    return words;
}

bool record_stands(const Made *made) {
    struct stat info;
    for (int k = 0; k < made->n_files; k++)
        if (stat(made->files[k], &info) != 0) return false;
    return made->n_files > 0;
}
