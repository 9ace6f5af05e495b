// A script is read whole before its first line runs, so that a mistake in the last line is found
// before anything has happened.
#include "app/script.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_BYTES = 1 << 20 };

typedef struct {
    const char *word;
    LineKind kind;
    int numbers; // that follow
    bool text;   // follows
} Command;

// clang-format off
static const Command commands[] = {
    {"screenshot", LINE_SCREENSHOT, 0, true},
    {"print",      LINE_PRINT,      0, false},
    {"clipboard",  LINE_CLIPBOARD,  0, false},
    {"wait",       LINE_WAIT,       1, false},
    {"exported",   LINE_EXPORTED,   0, false},
    {"point",      LINE_POINT,      2, false},
    {"press",      LINE_PRESS,      2, false},
    {"key",        LINE_KEY,        0, true},
};
// clang-format on

static bool read_rest(const Command *c, const char *rest, ScriptLine *out) {
    double *const numbers[] = {&out->x, &out->y};
    for (int i = 0; i < c->numbers; i++) {
        char *end;
        *numbers[i] = strtod(rest, &end);
        if (end == rest) return false;
        rest = end;
    }
    while (*rest == ' ') rest++;
    out->text = rest;
    return c->text == (*rest != '\0');
}

// A command of scripts; false if it is none.
static bool read_command(const char *line, ScriptLine *out, bool *fits) {
    size_t n = strcspn(line, " ");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strlen(commands[i].word) != n || strncmp(line, commands[i].word, n) != 0) continue;
        out->kind = commands[i].kind;
        *fits = read_rest(&commands[i], line + n, out);
        return true;
    }
    return false;
}

static bool read_line(Arena *a, const char *line, ScriptLine *out, const char **why) {
    bool fits = true;
    *out = (ScriptLine){.kind = LINE_ACTION};
    if (read_command(line, out, &fits)) {
        *why = "wrong use of this command";
        return fits;
    }
    return action_parse(a, line, &out->action, why);
}

const ScriptLine *script_read(Arena *a, const char *path, int *count, Diags *d) {
    ScriptLine *list = NULL;
    int cap = 0;
    *count = 0;
    const Source *s = source_read(a, path, MAX_BYTES, d);
    if (!s) return NULL;
    for (size_t at = 0; at < s->len;) {
        size_t n = 0;
        while (at + n < s->len && s->text[at + n] != '\n') n++;
        size_t shown = n;
        while (shown > 0 && strchr(" \t\r", s->text[at + shown - 1])) shown--;
        const char *line = arena_copy(a, s->text + at, shown), *why;
        ScriptLine read;
        if (*line && *line != '#') {
            if (read_line(a, line, &read, &why))
                ARENA_PUSH(a, list, *count, cap, read);
            else
                diag_error(d, s, (Span){at, shown}, "%s", why);
        }
        at += n + 1;
    }
    if (!diags_ok(d)) return NULL;
    return list ? list : ARENA_NEW(a, ScriptLine);
}
