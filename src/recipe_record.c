// The record beside a recipe is text, and lost without harm:
//   gatewalk-made 1
//   =HASH PATH      an output
//   <PATH           a file it was made from
//   >PATH           a file that it became
#include "recipe_record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/diag.h"
#include "files/write.h"

enum { RECORD_BYTES = 64 << 20 };

static const char first_line[] = "gatewalk-made 1\n";

static void read_line(Record *r, const char *line, size_t n) {
    Made *last = r->n ? &r->list[r->n - 1] : NULL;
    const char *rest = arena_copy(r->arena, line + 1, n - 1);
    char *end;
    if (*line == '<' && last) {
        ARENA_PUSH(r->arena, last->sources, last->n_sources, last->cap_sources, rest);
    } else if (*line == '>' && last) {
        ARENA_PUSH(r->arena, last->files, last->n_files, last->cap_files, rest);
    } else if (*line == '=') {
        Made made = {.hash = strtoull(rest, &end, 16)};
        made.path = *end == ' ' ? end + 1 : end;
        ARENA_PUSH(r->arena, r->list, r->n, r->cap, made);
    }
}

Record record_read(Arena *a, const char *path) {
    Record r = {.arena = a};
    struct stat info;
    Diags unheard = diags_new(a);
    const Source *text =
        stat(path, &info) == 0 ? source_read(a, path, RECORD_BYTES, &unheard) : NULL;
    size_t head = strlen(first_line);
    if (!text || text->len < head || memcmp(text->text, first_line, head) != 0) return r;
    for (const char *p = text->text + head; *p;) {
        size_t n = strcspn(p, "\n");
        if (n) read_line(&r, p, n);
        p += n + (p[n] == '\n');
    }
    return r;
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

bool record_write(const Record *r, const char *path, bool last, const char **why) {
    Buf out = buf_new(r->arena);
    buf_puts(&out, first_line);
    for (int k = 0; k < r->n; k++) {
        const Made *m = &r->list[k];
        buf_printf(&out, "=%016" PRIx64 " %s\n", m->hash, m->path);
        for (int i = 0; i < m->n_sources; i++) buf_printf(&out, "<%s\n", m->sources[i]);
        for (int i = 0; i < m->n_files; i++) buf_printf(&out, ">%s\n", m->files[i]);
    }
    return (last ? write_file : write_one_of_many)(r->arena, path, out.data, out.len, why);
}

static uint64_t hash_bytes(uint64_t h, const char *bytes, size_t n) {
    for (size_t k = 0; k < n; k++) h = (h ^ (unsigned char)bytes[k]) * 1099511628211u; // FNV-1a
    return h;
}

uint64_t hash_text(uint64_t h, const char *text) {
    return text ? hash_bytes(h, text, strlen(text) + 1) : hash_bytes(h, "\xFF", 1);
}

uint64_t hash_file(uint64_t h, const char *path) {
    char bytes[1 << 14];
    FILE *file = fopen(path, "rb");
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
