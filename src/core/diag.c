// Mistakes are collected as they are found and sorted when printed, so no caller
// cares about order. Everything a user wrote is printed through put_shown: bytes
// that a terminal would not show become \xNN, so a hostile file cannot write to
// the screen. Lines are counted in characters; carets are placed in cells.
#include "core/diag.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/unicode.h"

enum {
    LINE_SHOWN = 120,     // cells of a source line
    MESSAGE_SHOWN = 1000, // characters of a message
    PATH_SHOWN = 1000     // characters of a path
};

Diags diags_new(Arena *a) {
    return (Diags){.arena = a};
}

bool diag_error(Diags *d, const Source *source, Span span, const char *format, ...) {
    if (d->count >= DIAGS_KEPT) {
        d->left_out++;
        return false;
    }
    va_list args;
    va_start(args, format);
    Diag mistake = {source, span, arena_vprintf(d->arena, format, args)};
    va_end(args);
    ARENA_PUSH(d->arena, d->list, d->count, d->cap, mistake);
    return false;
}

bool diags_ok(const Diags *d) {
    return d->count == 0;
}

// Where the text proper begins: after a byte order mark.
static size_t text_start(const Source *s) {
    return s->len >= 3 && memcmp(s->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

// The start of the line that holds byte `at`, and the number of that line.
static size_t line_start(const Source *s, size_t at, int *line) {
    size_t start = text_start(s);
    for (*line = 1; start < at; ++*line) {
        const char *end = memchr(s->text + start, '\n', at - start);
        if (!end) break;
        start = (size_t)(end - s->text) + 1;
    }
    return start;
}

// The end of a line, without its CR and LF.
static size_t line_end(const Source *s, size_t start) {
    const char *lf = memchr(s->text + start, '\n', s->len - start);
    size_t end = lf ? (size_t)(lf - s->text) : s->len;
    return end > start && s->text[end - 1] == '\r' ? end - 1 : end;
}

void source_place(const Source *s, size_t at, int *line, int *column) {
    if (at > s->len) at = s->len;
    size_t start = line_start(s, at, line);
    *column = at <= start ? 1 : (int)utf8_count(s->text + start, at - start) + 1;
}

// One character of a source as it is printed.
typedef struct {
    char text[20];
    size_t bytes; // of the source
    int cells;    // in the terminal
    bool tab;
} Glyph;

static Glyph glyph_at(const char *s, size_t n) {
    Glyph g = {0};
    int32_t c;
    g.bytes = utf8_decode(s, n, &c);
    g.tab = c == '\t';
    if (g.tab || unicode_is_shown(c)) {
        memcpy(g.text, s, g.bytes);
        g.cells = g.tab ? 1 : unicode_width(c);
        return g;
    }
    for (size_t i = 0; i < g.bytes; i++)
        snprintf(g.text + 4 * i, sizeof g.text - 4 * i, "\\x%02X", (unsigned char)s[i]);
    g.cells = 4 * (int)g.bytes;
    return g;
}

void put_shown(Buf *out, const char *s, int limit) {
    size_t n = strlen(s);
    for (int count = 0; n > 0; count++) {
        if (count == limit) {
            buf_puts(out, "…");
            return;
        }
        Glyph g = glyph_at(s, n);
        buf_puts(out, g.tab ? " " : g.text);
        s += g.bytes;
        n -= g.bytes;
    }
}

// Moves `at` back by up to `cells` cells, not past `start`.
static size_t back_cells(const Source *s, size_t start, size_t at, int cells) {
    while (at > start && cells > 0) {
        size_t before = at - 1;
        while (before > start && at - before < 4 && ((unsigned char)s->text[before] & 0xC0) == 0x80)
            before--;
        // a stray continuation byte stands alone
        if (before + glyph_at(s->text + before, at - before).bytes != at) before = at - 1;
        cells -= glyph_at(s->text + before, at - before).cells;
        at = before;
    }
    return at;
}

// What of a line is printed: all of it, or a part around the culprit.
static void choose_part(const Source *s, Span span, size_t *from, size_t *to) {
    size_t start = *from, end = *to;
    size_t at = span.at > end ? end : span.at;
    size_t shown_to = start;
    int cells = 0;
    // short lines, and culprits near the start, show from the start
    while (shown_to < end && cells < LINE_SHOWN) {
        Glyph g = glyph_at(s->text + shown_to, end - shown_to);
        cells += g.cells;
        shown_to += g.bytes;
    }
    if (shown_to < end && at + 20 > shown_to) {
        *from = back_cells(s, start, at, LINE_SHOWN / 2);
        shown_to = *from;
        for (cells = 0; shown_to < end && cells < LINE_SHOWN;) {
            Glyph g = glyph_at(s->text + shown_to, end - shown_to);
            cells += g.cells;
            shown_to += g.bytes;
        }
    }
    *to = shown_to;
}

// The line under the source line. A wide character is passed over by a wide space
// and a tab by a tab, so that the carets stand under the culprit on any terminal.
static void put_carets(Buf *out, const Source *s, Span span, size_t from, size_t to) {
    size_t at = from;
    while (at < to && at < span.at) {
        Glyph g = glyph_at(s->text + at, to - at);
        bool wide = g.cells == 2 && g.bytes > 1;
        if (g.tab)
            buf_puts(out, "\t");
        else if (wide)
            buf_puts(out, "\u3000");
        else
            buf_printf(out, "%*s", g.cells, "");
        at += g.bytes;
    }
    int carets = 0;
    while (at < to && at < span.at + span.len) {
        Glyph g = glyph_at(s->text + at, to - at);
        for (int k = 0; k < g.cells; k++, carets++) buf_puts(out, "^");
        at += g.bytes;
    }
    if (!carets) buf_puts(out, "^");
    buf_puts(out, "\n");
}

static void put_line(Buf *out, const Source *s, Span span) {
    int line;
    size_t start = line_start(s, span.at, &line), end = line_end(s, start);
    size_t from = start, to = end;
    choose_part(s, span, &from, &to);
    if (from > start) buf_puts(out, "…");
    for (size_t at = from; at < to;) {
        Glyph g = glyph_at(s->text + at, to - at);
        buf_puts(out, g.text);
        at += g.bytes;
    }
    buf_puts(out, to < end ? "…\n" : "\n");
    if (from > start) buf_puts(out, " ");
    put_carets(out, s, span, from, to);
}

static void put_diag(Buf *out, const Diag *m) {
    put_shown(out, m->source->path, PATH_SHOWN);
    Span span = m->span;
    if (span.at == NO_SPAN.at) {
        buf_puts(out, ": error: ");
        put_shown(out, m->message, MESSAGE_SHOWN);
        buf_puts(out, "\n");
        return;
    }
    if (span.at > m->source->len) span = (Span){m->source->len, 0};
    if (span.at < text_start(m->source)) span.at = text_start(m->source);
    if (span.len > m->source->len - span.at) span.len = m->source->len - span.at;
    int line, column;
    source_place(m->source, span.at, &line, &column);
    buf_printf(out, ":%d:%d: error: ", line, column);
    put_shown(out, m->message, MESSAGE_SHOWN);
    buf_puts(out, "\n");
    put_line(out, m->source, span);
}

// A mistake with what it is sorted by.
typedef struct {
    const Diag *diag;
    int source; // sources in order of their first mistake
    size_t at;  // 0 for the whole file, else the byte + 1
    int order;  // as added
} Ranked;

static int compare_ranked(const void *left, const void *right) {
    const Ranked *a = left, *b = right;
    if (a->source != b->source) return a->source < b->source ? -1 : 1;
    if (a->at != b->at) return a->at < b->at ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static Ranked *rank(const Diags *d) {
    Ranked *list = ARENA_ARRAY(d->arena, Ranked, d->count);
    const Source **sources = ARENA_ARRAY(d->arena, const Source *, d->count);
    int n_sources = 0;
    for (int i = 0; i < d->count; i++) {
        const Diag *m = &d->list[i];
        int k = n_sources; // mistakes of one file come together: look from the end
        while (k > 0 && sources[k - 1] != m->source) k--;
        if (k == 0) sources[(k = ++n_sources) - 1] = m->source;
        list[i] = (Ranked){m, k, m->span.at + 1, i}; // NO_SPAN wraps to 0
    }
    qsort(list, (size_t)d->count, sizeof *list, compare_ranked);
    return list;
}

static bool same(const Ranked *a, const Ranked *b) {
    return a->source == b->source && a->at == b->at &&
           strcmp(a->diag->message, b->diag->message) == 0;
}

// Drops what was said before about the same place; returns how many are left.
static int drop_duplicates(Ranked *list, int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
        bool seen = false;
        for (int k = kept - 1; k >= 0 && k >= kept - DIAGS_SHOWN && !seen; k--)
            seen = same(&list[k], &list[i]);
        if (!seen) list[kept++] = list[i];
    }
    return kept;
}

void diags_print(const Diags *d, Buf *out) {
    if (d->count == 0) return;
    Ranked *list = rank(d);
    int count = drop_duplicates(list, d->count);
    size_t room = DIAGS_BYTES - 64; // the last line
    int shown = 0;
    Buf one = buf_new(d->arena);
    for (; shown < count && shown < DIAGS_SHOWN; shown++) {
        one.len = 0;
        put_diag(&one, list[shown].diag);
        if (one.len > room) break;
        room -= one.len;
        buf_put(out, one.data, one.len);
    }
    int more = count - shown + d->left_out;
    if (more > 0) buf_printf(out, "… %d more mistake%s\n", more, more == 1 ? "" : "s");
}
