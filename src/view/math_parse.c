// TeX to a tree, by recursive descent. Every loop takes at least one byte or stops, depth and
// length are bounded, and the first mistake ends the parse with its place in bytes.
//
//   list   = { atom scripts | space | style }
//   scripts = { "'" | "_" arg | "^" arg | \limits | \nolimits }, each of _ and ^ once
//   arg    = "{" list "}" | one atom without scripts
#include "view/math_tree.h"

#include <string.h>

#include "core/unicode.h"

typedef struct {
    Arena *arena;
    const char *tex;
    size_t at, len;
    int depth;
    MathAlphabet alphabet;
    bool failed;
    size_t fail_at;
    const char *why;
} Parser;

/// A command's name between two places of the text.
typedef struct {
    const char *name;
    size_t len, from; // from: where its backslash is
} Word;

static MathNode *parse_list(Parser *p);
static MathNode *parse_arg(Parser *p, const char *of);
static MathNode *parse_atom(Parser *p);

static MathNode *fail(Parser *p, size_t at, const char *why) {
    if (p->failed) return NULL;
    p->failed = true;
    p->fail_at = at;
    p->why = why;
    return NULL;
}

static MathNode *node_new(Parser *p, MathNodeKind kind, MathClass cls) {
    MathNode *n = ARENA_NEW(p->arena, MathNode);
    n->kind = kind;
    n->cls = cls;
    return n;
}

static int peek(const Parser *p) {
    return p->at < p->len ? (unsigned char)p->tex[p->at] : -1;
}

static void skip_blanks(Parser *p) {
    while (p->at < p->len && strchr(" \t\r\n", p->tex[p->at])) p->at++;
}

static bool is_letter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The command at the playhead without moving; false if there is none.
static bool peek_word(const Parser *p, Word *w) {
    if (peek(p) != '\\' || p->at + 1 >= p->len) return false;
    *w = (Word){p->tex + p->at + 1, 0, p->at};
    size_t rest = p->len - p->at - 1;
    while (w->len < rest && is_letter(w->name[w->len])) w->len++;
    if (w->len == 0) w->len = 1;
    return true;
}

static bool word_is(Word w, const char *name) {
    return strlen(name) == w.len && strncmp(w.name, name, w.len) == 0;
}

static void take_word(Parser *p, Word w) {
    p->at = w.from + 1 + w.len;
}

/// One character, decoded. 0 and a mistake for bytes that are not UTF-8.
static uint32_t take_character(Parser *p) {
    int32_t code;
    size_t n = utf8_decode(p->tex + p->at, p->len - p->at, &code);
    if (code == UTF8_BAD) {
        fail(p, p->at, "this byte is not UTF-8");
        return 0;
    }
    p->at += n;
    return (uint32_t)code;
}

static MathNode *unknown_command(Parser *p, Word w) {
    if (!is_letter(w.name[0])) {
        unsigned char c = (unsigned char)w.name[0];
        if (c <= ' ' || c >= 0x7F) return fail(p, w.from, "\\ before what is no command");
        return fail(p, w.from, arena_printf(p->arena, "unknown command \\%c", c));
    }
    const char **names = ARENA_ARRAY(p->arena, const char *, math_command_count + 1);
    for (int i = 0; i < math_command_count; i++) names[i] = math_commands[i].name;
    const char *word = arena_copy(p->arena, w.name, w.len > 40 ? 40 : w.len);
    const char *near = nearest_word(word, names);
    const char *hint = near ? arena_printf(p->arena, "; did you mean \\%s?", near) : "";
    return fail(p, w.from, arena_printf(p->arena, "unknown command \\%s%s", word, hint));
}

/// The raw text between braces, for \text, \term, \color: braces must balance.
static const char *parse_raw(Parser *p, const char *of) {
    skip_blanks(p);
    if (peek(p) != '{') {
        fail(p, p->at, arena_printf(p->arena, "\\%s needs {...} after it", of));
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
    fail(p, open, "this { is never closed");
    return NULL;
}

/// \text's content: escapes undone, `~` a space, checked to be UTF-8.
static const char *parse_text(Parser *p, const char *of) {
    size_t from = p->at;
    const char *raw = parse_raw(p, of);
    if (!raw) return NULL;
    size_t n = strlen(raw), out = 0;
    char *text = arena_copy(p->arena, raw, n);
    for (size_t i = 0; i < n; i++) {
        if (raw[i] == '\\' && i + 1 < n) i++;
        text[out++] = raw[i] == '~' || raw[i] == '\n' || raw[i] == '\t' ? ' ' : raw[i];
    }
    text[out] = '\0';
    Parser check = {.arena = p->arena, .tex = text, .len = out};
    while (check.at < check.len && take_character(&check)) {
    }
    if (check.failed) fail(p, from, "the text is not UTF-8");
    return text;
}

/// The rest of a group after its brace.
static MathNode *parse_group(Parser *p) {
    size_t open = p->at++;
    MathNode *group = node_new(p, NODE_GROUP, MATH_ORD);
    group->a = parse_list(p);
    if (p->failed) return NULL;
    if (peek(p) != '}') return fail(p, open, "this { is never closed");
    p->at++;
    return group;
}

static MathNode *parse_arg(Parser *p, const char *of) {
    skip_blanks(p);
    int c = peek(p);
    if (c == '{') return parse_atom(p);
    if (c < 0 || c == '}' || c == '&' || c == '^' || c == '_')
        return fail(p, p->at, arena_printf(p->arena, "%s needs something after it", of));
    return parse_atom(p);
}

static MathNode *letter_node(Parser *p, uint32_t code) {
    MathNode *n = node_new(p, NODE_SYMBOL, MATH_ORD);
    n->code = math_letter(p->alphabet, code);
    return n;
}

/// A delimiter after \left, \bigl and so on: its code point; '.' is none.
static bool parse_delimiter(Parser *p, const char *of, uint32_t *code) {
    static const char plain[] = "()[]|/<>.";
    skip_blanks(p);
    Word w;
    int c = peek(p);
    if (c > 0 && strchr(plain, c)) {
        p->at++;
        *code = c == '<' ? 0x27E8 : c == '>' ? 0x27E9 : c == '.' ? 0 : (uint32_t)c;
        return true;
    }
    if (peek_word(p, &w)) {
        const MathCommand *m = math_command(w.name, w.len);
        if (m && m->kind == COMMAND_SYMBOL &&
            (m->cls == MATH_OPEN || m->cls == MATH_CLOSE || m->code == 0x7C || m->code == 0x2016 ||
             m->code == 0x2223 || m->code == 0x5C)) {
            take_word(p, w);
            *code = m->code == 0x2223 ? 0x7C : m->code;
            return true;
        }
    }
    fail(p, p->at, arena_printf(p->arena, "\\%s needs a bracket after it, or a dot for none", of));
    return false;
}

static MathNode *parse_fence(Parser *p, size_t from) {
    MathNode *fence = node_new(p, NODE_FENCE, MATH_INNER);
    MathNode **end = &fence->a;
    if (!parse_delimiter(p, "left", &fence->code)) return NULL;
    for (Word w;;) {
        *end = parse_list(p);
        while (*end) end = &(*end)->next;
        if (p->failed) return NULL;
        if (!peek_word(p, &w)) break;
        if (word_is(w, "right")) {
            take_word(p, w);
            return parse_delimiter(p, "right", &fence->code2) ? fence : NULL;
        }
        if (!word_is(w, "middle")) break;
        take_word(p, w);
        *end = node_new(p, NODE_MIDDLE, MATH_REL);
        if (!parse_delimiter(p, "middle", &(*end)->code)) return NULL;
        end = &(*end)->next;
    }
    return fail(p, from, "this \\left has no \\right");
}

// Environments: name, arrangement, brackets around it.
static const struct {
    const char *name;
    MathMatrixKind kind;
    uint32_t open, close;
} environments[] = {
    {"matrix", MATRIX_CENTERED, 0, 0},      {"pmatrix", MATRIX_CENTERED, '(', ')'},
    {"bmatrix", MATRIX_CENTERED, '[', ']'}, {"Bmatrix", MATRIX_CENTERED, '{', '}'},
    {"vmatrix", MATRIX_CENTERED, '|', '|'}, {"Vmatrix", MATRIX_CENTERED, 0x2016, 0x2016},
    {"cases", MATRIX_CASES, '{', 0},        {"aligned", MATRIX_ALIGNED, 0, 0},
    {"align", MATRIX_ALIGNED, 0, 0},        {"align*", MATRIX_ALIGNED, 0, 0},
    {"gathered", MATRIX_CENTERED, 0, 0},
};
enum { ENVIRONMENT_COUNT = sizeof environments / sizeof environments[0] };

/// Cells in the order of the text, each with its row.
typedef struct {
    MathNode **list;
    int *row;
    int count, cap, cap_row, n_row;
    int rows, cols, col;
} Cells;

/// Reads cells up to \end; true when it stands there.
static bool parse_cells(Parser *p, size_t from, Cells *cells) {
    for (Word w;;) {
        MathNode *list = parse_list(p);
        if (p->failed) return false;
        if (cells->count == MATH_MAX_CELLS) {
            fail(p, from, arena_printf(p->arena, "more than %d cells", MATH_MAX_CELLS));
            return false;
        }
        int row = cells->rows;
        ARENA_PUSH(p->arena, cells->list, cells->count, cells->cap, list);
        ARENA_PUSH(p->arena, cells->row, cells->n_row, cells->cap_row, row);
        if (++cells->col > cells->cols) cells->cols = cells->col;
        if (peek(p) == '&') {
            p->at++;
        } else if (peek_word(p, &w) && word_is(w, "\\")) {
            take_word(p, w);
            cells->rows++;
            cells->col = 0;
        } else if (peek_word(p, &w) && word_is(w, "end")) {
            // a \\ before \end begins no row
            if (cells->col > 1 || list || cells->rows == 0) cells->rows++;
            return true;
        } else {
            fail(p, from, "this \\begin has no \\end");
            return false;
        }
    }
}

static const MathMatrix *matrix_new(Parser *p, MathMatrixKind kind, const Cells *cells) {
    MathMatrix *m = ARENA_NEW(p->arena, MathMatrix);
    *m = (MathMatrix){.kind = kind, .rows = cells->rows, .cols = cells->cols};
    m->cells = ARENA_ARRAY(p->arena, MathNode *, (size_t)m->rows * (size_t)m->cols);
    for (int i = 0, col = 0; i < cells->count; i++) {
        col = i > 0 && cells->row[i] == cells->row[i - 1] ? col + 1 : 0;
        if (cells->row[i] < m->rows) m->cells[cells->row[i] * m->cols + col] = cells->list[i];
    }
    return m;
}

static MathNode *unknown_environment(Parser *p, size_t at, const char *name) {
    const char *names[ENVIRONMENT_COUNT + 1] = {0};
    for (int i = 0; i < ENVIRONMENT_COUNT; i++) names[i] = environments[i].name;
    const char *near = strlen(name) < 40 ? nearest_word(name, names) : NULL;
    const char *hint = near ? arena_printf(p->arena, "; did you mean '%s'?", near) : "";
    return fail(p, at, arena_printf(p->arena, "unknown environment '%.40s'%s", name, hint));
}

static MathNode *parse_environment(Parser *p, size_t from) {
    const char *name = parse_raw(p, "begin");
    if (!name) return NULL;
    int e = 0;
    while (e < ENVIRONMENT_COUNT && strcmp(environments[e].name, name) != 0) e++;
    if (e == ENVIRONMENT_COUNT) return unknown_environment(p, from, name);
    Cells cells = {0};
    if (!parse_cells(p, from, &cells)) return NULL;
    // rows * cols may be far more than the cells that are there
    if ((long)cells.rows * cells.cols > MATH_MAX_CELLS)
        return fail(p, from, arena_printf(p->arena, "more than %d cells", MATH_MAX_CELLS));
    size_t end = p->at;
    p->at += strlen("\\end");
    const char *closing = parse_raw(p, "end");
    if (!closing) return NULL;
    if (strcmp(closing, name) != 0)
        return fail(p, end,
                    arena_printf(p->arena, "\\end{%.40s} closes \\begin{%s}", closing, name));
    MathNode *matrix = node_new(p, NODE_MATRIX, MATH_INNER);
    matrix->matrix = matrix_new(p, environments[e].kind, &cells);
    if (!environments[e].open) return matrix;
    MathNode *fence = node_new(p, NODE_FENCE, MATH_INNER);
    fence->code = environments[e].open;
    fence->code2 = environments[e].close;
    fence->a = matrix;
    return fence;
}

static MathNode *parse_color(Parser *p) {
    size_t from = p->at;
    const char *name = parse_raw(p, "color");
    if (!name) return NULL;
    MathNode *n = node_new(p, NODE_COLOR, MATH_ORD);
    n->role = math_role(name, strlen(name));
    if (n->role == ROLE_NONE)
        return fail(p, from, arena_printf(p->arena, "unknown role '%.40s' in \\color", name));
    n->a = parse_arg(p, "\\color{...}");
    return n;
}

static MathNode *parse_sqrt(Parser *p) {
    MathNode *n = node_new(p, NODE_SQRT, MATH_ORD);
    skip_blanks(p);
    if (peek(p) == '[') {
        // the degree ends at the first ]; it is short, and read on its own
        const char *close = memchr(p->tex + p->at, ']', p->len - p->at);
        if (!close) return fail(p, p->at, "this [ is never closed");
        Parser inner = *p;
        inner.at++;
        inner.len = (size_t)(close - p->tex);
        n->b = parse_list(&inner);
        if (inner.failed) return fail(p, inner.fail_at, inner.why);
        if (inner.at < inner.len) return fail(p, inner.at, "this does not belong in a degree");
        p->at = inner.len + 1;
    }
    n->a = parse_arg(p, "\\sqrt");
    return n;
}

static MathNode *parse_alphabet(Parser *p, const MathCommand *m) {
    MathAlphabet before = p->alphabet;
    p->alphabet = (MathAlphabet)m->code;
    MathNode *n = parse_arg(p, arena_printf(p->arena, "\\%s", m->name));
    p->alphabet = before;
    return n;
}

/// Commands with one or two arguments that all look alike.
static MathNode *parse_wrapped(Parser *p, const MathCommand *m, MathNodeKind kind, MathClass cls) {
    MathNode *n = node_new(p, kind, cls);
    const char *of = arena_printf(p->arena, "\\%s", m->name);
    n->code = m->code;
    n->a = parse_arg(p, of);
    if (kind == NODE_FRAC && !p->failed) n->b = parse_arg(p, of);
    n->n = kind == NODE_FRAC ? (int)m->code : 0;
    return n;
}

static MathNode *parse_overset(Parser *p, const MathCommand *m) {
    MathNode *n = node_new(p, NODE_STACK, MATH_REL);
    const char *of = arena_printf(p->arena, "\\%s", m->name);
    MathNode *small = parse_arg(p, of);
    if (p->failed) return NULL;
    *(m->code == 1 ? &n->b : &n->c) = small;
    n->a = parse_arg(p, of);
    if (n->a) n->cls = n->a->kind == NODE_SYMBOL ? n->a->cls : MATH_ORD;
    return n;
}

/// \not: the signs that have a struck form of their own.
static MathNode *parse_not(Parser *p, size_t from) {
    static const uint32_t pairs[][2] = {{'=', 0x2260},    {0x2208, 0x2209}, {'<', 0x226E},
                                        {'>', 0x226F},    {0x2264, 0x2270}, {0x2265, 0x2271},
                                        {0x2261, 0x2262}, {0x2248, 0x2249}, {0x2282, 0x2284}};
    MathNode *n = parse_arg(p, "\\not");
    if (!n) return NULL;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (n->kind == NODE_SYMBOL && n->code == pairs[i][0]) {
            n->code = pairs[i][1];
            return n;
        }
    return fail(p, from, "\\not stands only before a relation such as =");
}

static MathNode *parse_operatorname(Parser *p) {
    MathNode *n = node_new(p, NODE_NAME, MATH_OP);
    n->limits = LIMITS_NEVER;
    if (peek(p) == '*') p->at++, n->limits = LIMITS_AUTO;
    n->text = parse_text(p, "operatorname");
    return n;
}

static MathNode *parse_symbol(Parser *p, const MathCommand *m) {
    if (m->kind == COMMAND_LETTER) return letter_node(p, m->code);
    MathNode *n = node_new(p, NODE_SYMBOL, m->cls);
    n->code = m->code;
    n->large = m->kind == COMMAND_LARGE || m->kind == COMMAND_INTEGRAL;
    n->limits = m->kind == COMMAND_INTEGRAL ? LIMITS_NEVER : LIMITS_AUTO;
    return n;
}

static MathNode *parse_name(Parser *p, const MathCommand *m) {
    MathNode *n = node_new(p, NODE_NAME, m->cls);
    n->text = strcmp(m->name, "bmod") == 0 ? "mod" : m->name;
    n->limits = m->kind == COMMAND_LIMIT_NAME ? LIMITS_AUTO : LIMITS_NEVER;
    return n;
}

static MathNode *parse_text_node(Parser *p, const MathCommand *m) {
    MathNode *n = node_new(p, NODE_TEXT, MATH_ORD);
    n->text = parse_text(p, m->name);
    return n;
}

static MathNode *parse_term(Parser *p) {
    MathNode *n = node_new(p, NODE_TERM, MATH_ORD);
    n->text = parse_raw(p, "term");
    if (n->text) n->a = parse_arg(p, "\\term{...}");
    return n;
}

static MathNode *parse_accent(Parser *p, const MathCommand *m) {
    MathNode *n = parse_wrapped(p, m, NODE_ACCENT, MATH_ORD);
    n->wide = m->kind == COMMAND_WIDE;
    return n;
}

static MathNode *parse_brace(Parser *p, const MathCommand *m) {
    MathNode *n = parse_wrapped(p, m, NODE_BRACE, MATH_OP);
    n->limits = LIMITS_ALWAYS;
    n->n = m->cls == MATH_OPEN ? 1 : -1;
    return n;
}

static MathNode *parse_line(Parser *p, const MathCommand *m) {
    MathNode *n = parse_wrapped(p, m, NODE_LINE, MATH_ORD);
    n->n = m->code == 1 ? 1 : -1;
    return n;
}

static MathNode *parse_big(Parser *p, const MathCommand *m) {
    MathNode *n = node_new(p, NODE_BIG, m->cls);
    n->n = (int)m->code;
    return parse_delimiter(p, m->name, &n->code) ? n : NULL;
}

static MathNode *parse_space(Parser *p, const MathCommand *m) {
    MathNode *n = node_new(p, NODE_SPACE, MATH_ORD);
    n->mu = (int32_t)m->code;
    return n;
}

static MathNode *parse_style(Parser *p, const MathCommand *m) {
    MathNode *n = node_new(p, NODE_STYLE, MATH_ORD);
    n->n = (int)m->code;
    return n;
}

static MathNode *parse_command(Parser *p) {
    Word w;
    if (!peek_word(p, &w)) return fail(p, p->at, "a \\ at the end means nothing");
    const MathCommand *m = math_command(w.name, w.len);
    if (!m && w.name[0] == '\\') return fail(p, w.from, "\\\\ stands only between rows");
    if (!m) return unknown_command(p, w);
    take_word(p, w);
    switch (m->kind) {
    case COMMAND_SYMBOL:
    case COMMAND_LETTER:
    case COMMAND_LARGE:
    case COMMAND_INTEGRAL: return parse_symbol(p, m);
    case COMMAND_NAME:
    case COMMAND_LIMIT_NAME: return parse_name(p, m);
    case COMMAND_ACCENT:
    case COMMAND_WIDE: return parse_accent(p, m);
    case COMMAND_SPACE: return parse_space(p, m);
    case COMMAND_ALPHABET: return parse_alphabet(p, m);
    case COMMAND_STYLE: return parse_style(p, m);
    case COMMAND_BIG: return parse_big(p, m);
    case COMMAND_LINE: return parse_line(p, m);
    case COMMAND_BRACE: return parse_brace(p, m);
    case COMMAND_FRAC: return parse_wrapped(p, m, NODE_FRAC, MATH_INNER);
    case COMMAND_SQRT: return parse_sqrt(p);
    case COMMAND_TEXT: return parse_text_node(p, m);
    case COMMAND_OPERATORNAME: return parse_operatorname(p);
    case COMMAND_LEFT: return parse_fence(p, w.from);
    case COMMAND_BEGIN: return parse_environment(p, w.from);
    case COMMAND_OVERSET: return parse_overset(p, m);
    case COMMAND_COLOR: return parse_color(p);
    case COMMAND_TERM: return parse_term(p);
    case COMMAND_NOT: return parse_not(p, w.from);
    case COMMAND_STRAY: break;
    }
    return fail(p, w.from, arena_printf(p->arena, "\\%s has nothing to belong to", m->name));
}

static MathNode *parse_character(Parser *p) {
    size_t from = p->at;
    uint32_t code = take_character(p);
    if (p->failed) return NULL;
    if (code < 0x20 || code == 0x7F) return fail(p, from, "a control letter in mathematics");
    if (code < 128 && strchr("%#$", (int)code))
        return fail(p, from, arena_printf(p->arena, "%c is written \\%c", (int)code, (int)code));
    if (is_letter((int)code) || (code >= '0' && code <= '9')) return letter_node(p, code);
    if (code == '~') {
        MathNode *space = node_new(p, NODE_SPACE, MATH_ORD);
        space->mu = 6;
        return space;
    }
    const MathCommand *m = math_character(code);
    if (m) return parse_symbol(p, m);
    if (code >= 0x370 && code < 0x400) return letter_node(p, code);
    MathNode *n = node_new(p, NODE_TEXT, MATH_ORD); // Chinese and the like
    n->text = arena_copy(p->arena, p->tex + from, p->at - from);
    return n;
}

static MathNode *parse_atom(Parser *p) {
    if (p->depth == MATH_MAX_DEPTH) return fail(p, p->at, "nested too deeply");
    p->depth++;
    int c = peek(p);
    MathNode *n = c == '{' ? parse_group(p) : c == '\\' ? parse_command(p) : parse_character(p);
    p->depth--;
    return p->failed ? NULL : n;
}

/// Does the list end here? At a closing of any kind, which its opener checks.
static bool at_end(const Parser *p) {
    Word w;
    int c = peek(p);
    if (c < 0 || c == '}' || c == '&') return true;
    return peek_word(p, &w) &&
           (word_is(w, "right") || word_is(w, "middle") || word_is(w, "end") || word_is(w, "\\"));
}

/// The next part of `n`'s scripts; false when there is none.
static bool parse_script(Parser *p, MathNode *n) {
    Word w;
    skip_blanks(p);
    int c = peek(p);
    if (c == '\'') {
        if (n->c) return fail(p, p->at, "a prime stands before the superscript"), false;
        n->n++;
        p->at++;
        return true;
    }
    if (c == '_' || c == '^') {
        MathNode **slot = c == '_' ? &n->b : &n->c;
        if (*slot)
            return fail(p, p->at,
                        c == '_' ? "a second subscript; put braces around the first"
                                 : "a second superscript; put braces around the first"),
                   false;
        p->at++;
        *slot = parse_arg(p, c == '_' ? "_" : "^");
        return !p->failed;
    }
    if (!peek_word(p, &w) || !(word_is(w, "limits") || word_is(w, "nolimits"))) return false;
    take_word(p, w);
    n->limits = w.name[0] == 'l' ? LIMITS_ALWAYS : LIMITS_NEVER;
    return true;
}

static MathNode *parse_scripts(Parser *p, MathNode *nucleus) {
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

static MathNode *parse_list(Parser *p) {
    MathNode *first = NULL, **end = &first;
    for (skip_blanks(p); !p->failed && !at_end(p); skip_blanks(p)) {
        int c = peek(p);
        MathNode *n;
        if (c == '_' || c == '^' || c == '\'')
            n = node_new(p, NODE_GROUP, MATH_ORD); // scripts on nothing, as TeX allows
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
    Parser p = {.arena = a, .tex = tex, .len = strlen(tex)};
    if (p.len > MATH_MAX_BYTES) {
        fail(&p, MATH_MAX_BYTES, "a formula this long is not set");
    } else {
        *out = parse_list(&p);
        if (!p.failed && p.at < p.len) {
            int c = peek(&p);
            fail(&p, p.at,
                 c == '}'   ? "a } without its {"
                 : c == '&' ? "& stands only in environments such as aligned"
                            : "\\right, \\middle, \\end or \\\\ without its opening");
        }
    }
    if (p.failed) *at = p.fail_at, *why = p.why;
    return !p.failed;
}
