// A formula knows the byte of its mistake, its run knows where it stands in the file: together
// they are a place for carets. Line ends in a formula are kept by the prose, so offsets agree.
#include "view/lesson_math.h"

#include <string.h>

#include "lesson/prose.h"
#include "view/math_tree.h"

enum { LESSON_BYTES = 16 * 1024 * 1024 };

/// Where the front matter ends: after the second line of three dashes.
static size_t body_of(const Source *s) {
    if (s->len < 4 || strncmp(s->text, "---", 3) != 0) return 0;
    const char *end = strstr(s->text + 3, "\n---");
    return end ? (size_t)(end - s->text) + 4 : 0;
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_blank(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/// The byte of the file that byte `at` of a formula stands for. Its span may begin at the dollars,
/// and its line ends may have become blanks.
static bool find_place(const Source *source, const ProseRun *run, size_t at, size_t *place) {
    size_t from = run->span.at, skipped = 0;
    while (from < source->len && (source->text[from] == '$' || is_blank(source->text[from])))
        from++;
    while (is_blank(run->text[skipped])) skipped++;
    for (size_t i = skipped; run->text[i]; i++) {
        if (from + i - skipped >= source->len) return false;
        char there = source->text[from + i - skipped], here = run->text[i];
        if (there != here && !(is_blank(there) && is_blank(here))) return false;
    }
    *place = at < skipped ? from : from + at - skipped;
    return true;
}

static bool check_run(Arena *a, const Source *source, const ProseRun *run, Diags *d) {
    MathNode *list;
    size_t at;
    const char *why;
    if (math_parse(a, run->text, &list, &at, &why)) return true;
    Span place = run->span;
    if (!find_place(source, run, at, &place.at)) return diag_error(d, source, place, "%s", why);
    size_t left = strlen(run->text) - at;
    place.len = left > 0 ? 1 : 0;
    if (left && run->text[at] == '\\')
        while (place.len < left && is_letter(run->text[at + place.len])) place.len++;
    return diag_error(d, source, place, "%s", why);
}

static bool check_file(Arena *a, const char *path, Diags *d) {
    Diags others = diags_new(a); // lesson_load says these
    const Source *source = source_read(a, path, LESSON_BYTES, &others);
    if (!source || strlen(source->text) != source->len) return true;
    int n;
    bool fine = true;
    const Block *blocks = prose_parse(a, source, body_of(source), &n, &others);
    for (int i = 0; blocks && i < n; i++)
        for (int r = 0; r < blocks[i].n_runs; r++) {
            const ProseRun *run = &blocks[i].runs[r];
            bool math = run->kind == RUN_MATH || blocks[i].kind == BLOCK_MATH;
            if (math && !check_run(a, source, run, d)) fine = false;
        }
    return fine;
}

bool lesson_math_check(Arena *a, const char *path, Diags *d) {
    size_t n = strlen(path);
    bool fine = check_file(a, path, d);
    if (n < 4 || strcmp(path + n - 3, ".md") != 0) return fine;
    const char *twin = arena_printf(a, "%.*s.zh.md", (int)n - 3, path);
    return check_file(a, twin, d) && fine;
}
