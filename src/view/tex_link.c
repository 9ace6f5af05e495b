// Authors write $c_{t-1}$; the diagram has the same thing as a wire and a column of squares. Here
// the two are tied together by reading the few forms of subscript that mean a timestep.
#include "view/tex_link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// A name with its timestep and unit, as an author wrote it.
typedef struct {
    size_t len;     // bytes of the whole
    char place[24]; // as ids have it: "t", "t-1", "3"
    int unit;
} Mention;

/// "t", "t-1", "3", then perhaps ",2": all of the n bytes, or it is something else.
static bool read_subscript(const char *s, size_t n, Mention *m) {
    char text[24];
    if (n == 0 || n >= sizeof text) return false;
    memcpy(text, s, n);
    text[n] = '\0';
    char *comma = strchr(text, ',');
    m->unit = 0;
    if (comma) {
        char *end;
        long unit = strtol(comma + 1, &end, 10);
        if (end == comma + 1 || *end || unit < 1 || unit > 1000000) return false;
        m->unit = (int)unit;
        *comma = '\0';
    }
    const char *digits = text;
    if (*text == 't') {
        digits = text[1] == '+' || text[1] == '-' ? text + 2 : text + 1;
        if (digits == text + 2 && !*digits) return false;
    }
    if (digits[strspn(digits, "0123456789")] || (digits == text + 1 && *digits)) return false;
    snprintf(m->place, sizeof m->place, "%s", text);
    return *text != '\0' && strcmp(text, "0") != 0;
}

/// A letter followed by such a subscript and nothing else that belongs to it.
static bool read_mention(const char *s, Mention *m) {
    if (s[1] != '_') return false;
    const char *sub = s + 2, *end = sub + 1;
    if (*sub == '{') {
        const char *close = strchr(++sub, '}');
        if (!close) return false;
        end = close;
    } else if (!*sub || *sub == '\\') {
        return false;
    }
    if (!read_subscript(sub, (size_t)(end - sub), m)) return false;
    m->len = (size_t)(end - s) + (*end == '}' && sub[-1] == '{');
    return s[m->len] != '^' && s[m->len] != '\'';
}

/// The node that a single letter means on the stage, or -1.
static int node_of_letter(const Graph *g, char letter) {
    char name[2] = {letter, '\0'};
    if (letter == 'x') return g->x;
    int q = graph_find_equation(g, name);
    if (q < 0 && letter == 'y') q = graph_find_equation(g, "head.y");
    return q < 0 ? -1 : g->equations[q].node;
}

/// Skips a command; those whose braces hold words or names are skipped whole.
static size_t skip_command(const char *s) {
    static const char *const whole[] = {"text",  "mathrm", "operatorname", "term",
                                        "color", "begin",  "end"};
    size_t n = 1;
    while (is_letter(s[n])) n++;
    if (n == 1) return s[1] ? 2 : 1;
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        if (strlen(whole[i]) == n - 1 && strncmp(whole[i], s + 1, n - 1) == 0 && s[n] == '{') {
            const char *close = strchr(s + n, '}');
            return close ? (size_t)(close - s) + 1 : n;
        }
    return n;
}

const char *tex_linked(Arena *a, const View *v, const char *tex) {
    const Graph *g = v->lesson->graph;
    Buf out = buf_new(a);
    if (strstr(tex, "\\color") || strstr(tex, "\\term")) return tex; // the author's own
    for (const char *s = tex; *s;) {
        Mention m;
        size_t n = 1;
        int node = -1;
        if (*s == '\\')
            n = skip_command(s);
        else if (is_letter(*s) && read_mention(s, &m))
            node = node_of_letter(g, *s);
        if (node >= 0) {
            n = m.len;
            bool role = strchr("figochxy", *s) != NULL;
            buf_printf(&out, role ? "\\color{%c}{" : "\\color{text}{", *s);
            buf_printf(&out, "\\term{v:%d:%s:%d}{%.*s}}", node, m.place, m.unit, (int)n, s);
        } else {
            buf_put(&out, s, n);
        }
        s += n;
    }
    return buf_str(&out);
}

/// Does a line end well after this sign? The bytes of it, or 0.
static size_t breaking_sign(const char *s) {
    static const char *const signs[] = {"\\approx", "\\le",   "\\leq",  "\\ge",    "\\geq",
                                        "\\to",     "\\odot", "\\cdot", "\\times", "\\in"};
    if (strchr("=+<>-", *s)) return 1;
    for (size_t i = 0; *s == '\\' && i < sizeof signs / sizeof signs[0]; i++) {
        size_t n = strlen(signs[i]);
        if (strncmp(s, signs[i], n) == 0 && !is_letter(s[n])) return n;
    }
    return 0;
}

/// How brackets, braces, \left and \begin change the depth; commands are skipped whole.
static size_t step_over(const char *s, int *depth) {
    if (*s != '\\') {
        *depth += strchr("([{", *s) != NULL;
        *depth -= strchr(")]}", *s) != NULL;
        return 1;
    }
    size_t n = 1;
    while (is_letter(s[n])) n++;
    if (n == 1) return s[1] ? 2 : 1;
    bool opens = strncmp(s, "\\left", n) == 0 && n == 5, closes = strncmp(s, "\\right", n) == 0;
    if (opens || (closes && n == 6)) {
        *depth += opens ? 1 : -1;
        while (s[n] == ' ') n++;
        return s[n] == '\\' && s[n + 1] ? n + 2 : s[n] ? n + 1 : n; // the bracket counts as part
    }
    if (strncmp(s, "\\begin", n) == 0 && n == 6) ++*depth;
    if (strncmp(s, "\\end", n) == 0 && n == 4) --*depth;
    return n;
}

const char *const *tex_parts(Arena *a, const char *tex, int *count) {
    const char **parts = NULL;
    int cap = 0, depth = 0;
    bool operand = false; // something stands to the left: a minus is no sign
    const char *from = tex;
    *count = 0;
    for (const char *s = tex; *s;) {
        size_t sign = depth == 0 && operand ? breaking_sign(s) : 0;
        if (sign) {
            s += sign;
            const char *part = arena_copy(a, from, (size_t)(s - from));
            ARENA_PUSH(a, parts, *count, cap, part);
            from = s;
            operand = false;
        } else {
            operand |= *s != ' ';
            s += step_over(s, &depth);
        }
    }
    ARENA_PUSH(a, parts, *count, cap, arena_copy(a, from, strlen(from)));
    return parts;
}

/// One quantity: NAME[UNIT] at PHASE:T.
static void put_quantity(Buf *out, const View *v, const char *of) {
    char name[224], phase[24] = "";
    int unit = 0, place = 0, used = 0;
    const Graph *g = v->lesson->graph;
    if (sscanf(of, " %223[^[ ]%n", name, &used) != 1) return;
    const char *rest = of + used;
    if (*rest == '[') {
        unit = (int)strtol(rest + 1, NULL, 10);
        rest = strchr(rest, ']') ? strchr(rest, ']') + 1 : rest;
    }
    sscanf(rest, " at %23[^:]:%d", phase, &place);
    int q = graph_find_equation(g, name), p = q < 0 ? graph_find_param(g, name) : -1;
    int node = q >= 0 ? g->equations[q].node : p >= 0 ? g->params[p].node : -1;
    if (node < 0 && strcmp(name, "x") == 0) node = g->x;
    if (node < 0 || unit < 0) {
        buf_puts(out, "\\,?\\,");
        return;
    }
    if (place < 0) place = 0;
    bool back = strcmp(phase, "backward") == 0;
    buf_puts(out, back ? tex_gradient(out->arena, v, node, place, unit, true)
                       : view_node_tex(out->arena, v, node, place, unit));
}

const char *tex_asked(Arena *a, const View *v, const char *of) {
    Buf out = buf_new(a);
    for (const char *s = of; s; s = strchr(s, ';')) {
        if (*s == ';') s++;
        if (out.len) buf_puts(&out, ",\\ ");
        put_quantity(&out, v, s);
    }
    return buf_str(&out);
}
