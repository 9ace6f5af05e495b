// One pass finds where fields begin; 4 bytes a field are kept, so that a table takes little more
// than its file. What a field says is looked at when it is asked for.
#include "files/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TOLD = 5 }; // mistakes of one kind in one column

typedef struct {
    Arena *arena;
    const Source *source;
    Diags *diags;
    size_t at;
    int line; // of `at`, from 1
    int cap_at, cap_lines, n_at;
    Table *out;
} Scan;

#define WRONG(s, ...) diag_error((s)->diags, (s)->source, NO_SPAN, __VA_ARGS__)

static const char *place(const Scan *s) {
    if (!s->out->cols) return "the row of names (line 1)";
    return arena_printf(s->arena, "row %d (line %d)", s->out->rows + 1, s->line);
}

static bool at_end_of_line(const Source *s, size_t at) {
    if (at >= s->len || s->text[at] == '\n') return true;
    return s->text[at] == '\r' && (at + 1 >= s->len || s->text[at + 1] == '\n');
}

/// Behind a quoted field that begins at `at`, or 0 if its quotes do not close.
static size_t skip_quoted(const Source *s, size_t at) {
    for (at++; at < s->len; at++) {
        if (s->text[at] != '"') continue;
        if (at + 1 >= s->len || s->text[at + 1] != '"') return at + 1;
        at++;
    }
    return 0;
}

/// Behind the field at s->at: its comma or the end of its line.
static bool skip_field(Scan *s) {
    const Source *file = s->source;
    if (s->at < file->len && file->text[s->at] == '"') {
        size_t end = skip_quoted(file, s->at);
        if (!end) return WRONG(s, "%s: a quote never closes", place(s));
        for (size_t i = s->at; i < end; i++) s->line += file->text[i] == '\n';
        s->at = end;
        if (!at_end_of_line(file, end) && file->text[end] != ',')
            return WRONG(s, "%s: behind a quoted field must come a comma or the end of the line",
                         place(s));
        return true;
    }
    while (!at_end_of_line(file, s->at) && file->text[s->at] != ',') {
        if (file->text[s->at] == '\0') return WRONG(s, "%s: byte %zu is NUL", place(s), s->at);
        if (file->text[s->at] == '"')
            return WRONG(s, "%s: a field with a quote must be in quotes", place(s));
        s->at++;
    }
    return true;
}

static void skip_line_end(Scan *s) {
    if (s->at < s->source->len && s->source->text[s->at] == '\r') s->at++;
    if (s->at < s->source->len) s->at++;
    s->line++;
}

/// Reads one line of fields and adds their places; *n is how many.
static bool read_line(Scan *s, int *n) {
    for (*n = 0;;) {
        if (*n == CSV_MAX_COLUMNS)
            return WRONG(s, "%s: more than %d fields", place(s), CSV_MAX_COLUMNS);
        ARENA_PUSH(s->arena, s->out->at, s->n_at, s->cap_at, (uint32_t)s->at);
        ++*n;
        if (!skip_field(s)) return false;
        if (at_end_of_line(s->source, s->at)) return true;
        s->at++; // the comma
    }
}

/// The text of the field that begins at `at`.
static const char *field_text(Arena *a, const Source *s, size_t at) {
    if (at < s->len && s->text[at] == '"') {
        size_t end = skip_quoted(s, at) - 1, n = 0;
        char *text = arena_alloc(a, end - at, 1);
        for (size_t i = at + 1; i < end; i++) {
            text[n++] = s->text[i];
            i += s->text[i] == '"';
        }
        return text;
    }
    size_t end = at;
    while (!at_end_of_line(s, end) && s->text[end] != ',') end++;
    return arena_copy(a, s->text + at, end - at);
}

static bool read_names(Scan *s) {
    int n;
    if (!read_line(s, &n)) return false;
    const char **names = ARENA_ARRAY(s->arena, const char *, n + 1);
    for (int i = 0; i < n; i++) {
        names[i] = field_text(s->arena, s->source, s->out->at[i]);
        if (!*names[i]) return WRONG(s, "the name of column %d is empty", i + 1);
        for (int k = 0; k < i; k++)
            if (strcmp(names[k], names[i]) == 0)
                return WRONG(s, "two columns are called '%s'", names[i]);
    }
    if (n == 1 && strpbrk(names[0], ";\t"))
        return WRONG(s, "the names are not parted by commas, which they must be");
    s->out->names = names;
    s->out->cols = n;
    s->n_at = 0;
    skip_line_end(s);
    return true;
}

static bool read_rows(Scan *s) {
    Table *t = s->out;
    bool fine = true;
    for (int told = 0; s->at < s->source->len && told < TOLD;) {
        if (at_end_of_line(s->source, s->at)) { // an empty line
            skip_line_end(s);
            continue;
        }
        int n, first = s->line, count = t->rows;
        if (!read_line(s, &n)) return false;
        if (n != t->cols) {
            fine = WRONG(s, "row %d (line %d) has %d field%s, and there are %d columns",
                         t->rows + 1, first, n, n == 1 ? "" : "s", t->cols);
            told++;
        }
        ARENA_PUSH(s->arena, t->lines, count, s->cap_lines, first);
        t->rows = count;
        skip_line_end(s);
    }
    return fine;
}

bool csv_read(Arena *a, const Source *source, Table *out, Diags *d) {
    *out = (Table){.source = source};
    Scan s = {.arena = a, .source = source, .diags = d, .line = 1, .out = out};
    if (source->len > CSV_MAX_BYTES)
        return WRONG(&s, "the file has %zu bytes; at most %d can be read", source->len,
                     CSV_MAX_BYTES);
    if (source->len >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0) s.at = 3;
    if (at_end_of_line(source, s.at))
        return WRONG(&s, "the first line must name the columns, and it is empty");
    return read_names(&s) && read_rows(&s);
}

int csv_column(const Table *t, const char *name) {
    for (int i = 0; i < t->cols; i++)
        if (strcmp(t->names[i], name) == 0) return i;
    return -1;
}

static size_t field_at(const Table *t, int row, int col) {
    return t->at[(size_t)row * (size_t)t->cols + (size_t)col];
}

const char *csv_text(Arena *a, const Table *t, int row, int col) {
    return field_text(a, t->source, field_at(t, row, col));
}

// ---- numbers ----

enum { NUMBER_LETTERS = 400 }; // of a number's text; a longer one is none

static const char *skip_digits(const char *s) {
    while (*s >= '0' && *s <= '9') s++;
    return s;
}

static bool is_number(const char *s) {
    if (*s == '+' || *s == '-') s++;
    const char *digits = s, *end = skip_digits(s);
    long count = end - digits;
    if (*end == '.') {
        s = end + 1;
        end = skip_digits(s);
        count += end - s;
    }
    if (count == 0) return false;
    if (*end == 'e' || *end == 'E') {
        s = end + 1;
        if (*s == '+' || *s == '-') s++;
        end = skip_digits(s);
        if (end == s) return false;
    }
    return *end == '\0';
}

/// The letters of a field without quotes and blanks around; false if there are too many.
static bool number_text(const Table *t, int row, int col, char *out) {
    const Source *s = t->source;
    size_t at = field_at(t, row, col), n = 0;
    bool quoted = at < s->len && s->text[at] == '"';
    for (at += quoted; at < s->len && n < NUMBER_LETTERS; at++) {
        if (quoted ? s->text[at] == '"' : at_end_of_line(s, at) || s->text[at] == ',') break;
        if (n || (s->text[at] != ' ' && s->text[at] != '\t')) out[n++] = s->text[at];
    }
    while (n && (out[n - 1] == ' ' || out[n - 1] == '\t')) n--;
    out[n] = '\0';
    return n < NUMBER_LETTERS;
}

bool csv_is_number(const Table *t, int row, int col) {
    char text[NUMBER_LETTERS + 1];
    return number_text(t, row, col, text) && is_number(text);
}

bool csv_numbers(Arena *a, const Table *t, int col, double *out, Diags *d) {
    int told = 0;
    for (int row = 0; row < t->rows && told < TOLD; row++) {
        char text[NUMBER_LETTERS + 1];
        const char *why = NULL;
        if (!number_text(t, row, col, text) || !is_number(text))
            why = *text ? "is no number" : "a number is missing here";
        else if (!isfinite(out[row] = strtod(text, NULL)))
            why = "is too large for a number";
        if (!why) continue;
        told++;
        const char *quoted = *text ? arena_printf(a, "'%.40s' ", text) : "";
        diag_error(d, t->source, NO_SPAN, "row %d (line %d), column '%s': %s%s", row + 1,
                   (int)t->lines[row], t->names[col], quoted, why);
    }
    return told == 0;
}
