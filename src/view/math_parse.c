// TeX to a tree, by recursive descent. Every loop takes at least one byte or stops, depth and
// length are bounded, and the first mistake ends the parse with its place in bytes.
//
//   list   = { atom scripts | space | style }
//   scripts = { "'" | "_" arg | "^" arg | \limits | \nolimits }, each of _ and ^ once
//   arg    = "{" list "}" | one atom without scripts
#include "view/math_parser.h"

#include <string.h>

#include "core/unicode.h"

static MathNode *parse_atom(MathParser *p);

MathNode *math_fail(MathParser *p, size_t at, const char *why) {
    if (p->failed) return NULL;
    p->failed = true;
    p->fail_at = at;
    p->why = why;
    return NULL;
}

MathNode *math_node(MathParser *p, MathNodeKind kind, MathClass cls) {
    MathNode *n = ARENA_NEW(p->arena, MathNode);
    n->kind = kind;
    n->cls = cls;
    return n;
}

int math_peek(const MathParser *p) {
    return p->at < p->len ? (unsigned char)p->tex[p->at] : -1;
}

void math_skip_blanks(MathParser *p) {
    while (p->at < p->len && strchr(" \t\r\n", p->tex[p->at])) p->at++;
}

bool math_is_letter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool math_peek_word(const MathParser *p, MathWord *w) {
    if (math_peek(p) != '\\' || p->at + 1 >= p->len) return false;
    *w = (MathWord){p->tex + p->at + 1, 0, p->at};
    size_t rest = p->len - p->at - 1;
    while (w->len < rest && math_is_letter(w->name[w->len])) w->len++;
    if (w->len == 0) w->len = 1;
    return true;
}

bool math_word_is(MathWord w, const char *name) {
    return strlen(name) == w.len && strncmp(w.name, name, w.len) == 0;
}

void math_take_word(MathParser *p, MathWord w) {
    p->at = w.from + 1 + w.len;
}

/// One character, decoded. 0 and a mistake for bytes that are not UTF-8.
static uint32_t take_character(MathParser *p) {
    int32_t code;
    size_t n = utf8_decode(p->tex + p->at, p->len - p->at, &code);
    if (code == UTF8_BAD) {
        math_fail(p, p->at, "this byte is not UTF-8");
        return 0;
    }
    p->at += n;
    return (uint32_t)code;
}

const char *math_parse_raw(MathParser *p, const char *of) {
    math_skip_blanks(p);
    if (math_peek(p) != '{') {
        math_fail(p, p->at, arena_printf(p->arena, "\\%s needs {...} after it", of));
        return NULL;
    }
    size_t open = p->at, from = ++p->at;
    for (int depth = 1; p->at < p->len; p->at++) {
        char c = p->tex[p->at];
        if (c == '\\' && p->at + 1 < p->len)
            p->at++;
        else if (c == '{')
            depth++;
        else if (c == '}' && --depth == 0)
            return arena_copy(p->arena, p->tex + from, p->at++ - from);
    }
    math_fail(p, open, "this { is never closed");
    return NULL;
}

const char *math_parse_text(MathParser *p, const char *of) {
    size_t from = p->at;
    const char *raw = math_parse_raw(p, of);
    if (!raw) return NULL;
    size_t n = strlen(raw), out = 0;
    char *text = arena_copy(p->arena, raw, n);
    for (size_t i = 0; i < n; i++) {
        if (raw[i] == '\\' && i + 1 < n) i++;
        text[out++] = raw[i] == '~' || raw[i] == '\n' || raw[i] == '\t' ? ' ' : raw[i];
    }
    text[out] = '\0';
    MathParser check = {.arena = p->arena, .tex = text, .len = out};
    while (check.at < check.len && take_character(&check)) {
    }
    if (check.failed) math_fail(p, from, "the text is not UTF-8");
    return text;
}

/// The rest of a group after its brace.
static MathNode *parse_group(MathParser *p) {
    size_t open = p->at++;
    MathNode *group = math_node(p, NODE_GROUP, MATH_ORD);
    group->a = math_parse_list(p);
    if (p->failed) return NULL;
    if (math_peek(p) != '}') return math_fail(p, open, "this { is never closed");
    p->at++;
    return group;
}

MathNode *math_parse_arg(MathParser *p, const char *of) {
    math_skip_blanks(p);
    int c = math_peek(p);
    if (c == '{') return parse_atom(p);
    if (c < 0 || c == '}' || c == '&' || c == '^' || c == '_')
        return math_fail(p, p->at, arena_printf(p->arena, "%s needs something after it", of));
    return parse_atom(p);
}

MathNode *math_letter_node(MathParser *p, uint32_t code) {
    MathNode *n = math_node(p, NODE_SYMBOL, MATH_ORD);
    n->code = math_letter(p->alphabet, code);
    return n;
}

static MathNode *parse_character(MathParser *p) {
    size_t from = p->at;
    uint32_t code = take_character(p);
    if (p->failed) return NULL;
    if (code < 0x20 || code == 0x7F) return math_fail(p, from, "a control letter in mathematics");
    if (code < 128 && strchr("%#$", (int)code))
        return math_fail(p, from,
                         arena_printf(p->arena, "%c is written \\%c", (int)code, (int)code));
    if (math_is_letter((int)code) || (code >= '0' && code <= '9')) return math_letter_node(p, code);
    if (code == '~') {
        MathNode *space = math_node(p, NODE_SPACE, MATH_ORD);
        space->mu = 6;
        return space;
    }
    const MathCommand *m = math_character(code);
    if (m) return math_parse_symbol(p, m);
    if (code >= 0x370 && code < 0x400) return math_letter_node(p, code);
    MathNode *n = math_node(p, NODE_TEXT, MATH_ORD); // Chinese and the like
    n->text = arena_copy(p->arena, p->tex + from, p->at - from);
    return n;
}

static MathNode *parse_atom(MathParser *p) {
    if (p->depth == MATH_MAX_DEPTH) return math_fail(p, p->at, "nested too deeply");
    p->depth++;
    int c = math_peek(p);
    MathNode *n = c == '{'    ? parse_group(p)
                  : c == '\\' ? math_parse_command(p)
                              : parse_character(p);
    p->depth--;
    return p->failed ? NULL : n;
}

/// Does the list end here? At a closing of any kind, which its opener checks.
static bool at_end(const MathParser *p) {
    MathWord w;
    int c = math_peek(p);
    if (c < 0 || c == '}' || c == '&') return true;
    return math_peek_word(p, &w) && (math_word_is(w, "right") || math_word_is(w, "middle") ||
                                     math_word_is(w, "end") || math_word_is(w, "\\"));
}

/// The next part of `n`'s scripts; false when there is none.
static bool parse_script(MathParser *p, MathNode *n) {
    MathWord w;
    math_skip_blanks(p);
    int c = math_peek(p);
    if (c == '\'') {
        if (n->c) return math_fail(p, p->at, "a prime stands before the superscript"), false;
        n->n++;
        p->at++;
        return true;
    }
    if (c == '_' || c == '^') {
        MathNode **slot = c == '_' ? &n->b : &n->c;
        if (*slot)
            return math_fail(p, p->at,
                             c == '_' ? "a second subscript; put braces around the first"
                                      : "a second superscript; put braces around the first"),
                   false;
        p->at++;
        *slot = math_parse_arg(p, c == '_' ? "_" : "^");
        return !p->failed;
    }
    if (!math_peek_word(p, &w) || !(math_word_is(w, "limits") || math_word_is(w, "nolimits")))
        return false;
    math_take_word(p, w);
    n->limits = w.name[0] == 'l' ? LIMITS_ALWAYS : LIMITS_NEVER;
    return true;
}

static MathNode *parse_scripts(MathParser *p, MathNode *nucleus) {
    MathNode s = {.kind = NODE_SCRIPTS, .cls = nucleus->cls, .limits = nucleus->limits};
    while (parse_script(p, &s)) {
    }
    if (p->failed) return NULL;
    if (!s.b && !s.c && !s.n) return nucleus;
    s.a = nucleus;
    MathNode *n = ARENA_NEW(p->arena, MathNode);
    *n = s;
    return n;
}

MathNode *math_parse_list(MathParser *p) {
    MathNode *first = NULL, **end = &first;
    for (math_skip_blanks(p); !p->failed && !at_end(p); math_skip_blanks(p)) {
        int c = math_peek(p);
        MathNode *n;
        if (c == '_' || c == '^' || c == '\'')
            n = math_node(p, NODE_GROUP, MATH_ORD); // scripts on nothing, as TeX allows
        else
            n = parse_atom(p);
        if (!n) return NULL;
        if (n->kind != NODE_SPACE && n->kind != NODE_STYLE) n = parse_scripts(p, n);
        if (!n) return NULL;
        *end = n;
        end = &n->next;
    }
    return p->failed ? NULL : first;
}

bool math_parse(Arena *a, const char *tex, MathNode **out, size_t *at, const char **why) {
    MathParser p = {.arena = a, .tex = tex, .len = strlen(tex)};
    if (p.len > MATH_MAX_BYTES) {
        math_fail(&p, MATH_MAX_BYTES, "a formula this long is not set");
    } else {
        *out = math_parse_list(&p);
        if (!p.failed && p.at < p.len) {
            int c = math_peek(&p);
            math_fail(&p, p.at,
                      c == '}'   ? "a } without its {"
                      : c == '&' ? "& stands only in environments such as aligned"
                                 : "\\right, \\middle, \\end or \\\\ without its opening");
        }
    }
    if (p.failed) *at = p.fail_at, *why = p.why;
    return !p.failed;
}
