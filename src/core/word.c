// Reads words strictly: what is not wholly a number, or out of bounds, is told and not guessed at.
#include "core/word.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"

bool word_number(Arena *a, const char *what, const char *text, double low, double high, double *out,
                 const char **why) {
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    bool plain = strspn(text, "0123456789.+-eE") == strlen(text);
    if (!*text || *end || !plain || errno || !isfinite(value) || value < low || value > high) {
        *why = arena_printf(a, "%s takes a number from %g to %g, not %s", what, low, high, text);
        return false;
    }
    *out = value;
    return true;
}

bool word_int(Arena *a, const char *what, const char *text, int low, int high, int *out,
              const char **why) {
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    bool plain = strspn(text, "0123456789+-") == strlen(text);
    if (!*text || *end || !plain || errno || value < low || value > high) {
        *why =
            arena_printf(a, "%s takes a whole number from %d to %d, not %s", what, low, high, text);
        return false;
    }
    *out = (int)value;
    return true;
}

const char *word_list(Arena *a, const char *const *names, int n) {
    Buf list = buf_new(a);
    for (int k = 0; k < n; k++)
        buf_printf(&list, "%s%s", k == 0 ? "" : k == n - 1 ? " or " : ", ", names[k]);
    return buf_str(&list);
}

bool word_choice(Arena *a, const char *what, const char *text, const char *const *names, int n,
                 int *out, const char **why) {
    for (int k = 0; k < n; k++) {
        if (strcmp(text, names[k]) != 0) continue;
        *out = k;
        return true;
    }
    *why = arena_printf(a, "%s takes %s, not %s", what, word_list(a, names, n), text);
    return false;
}
