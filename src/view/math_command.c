// What follows a backslash: brackets that grow, environments, and each kind of command.
#include <string.h>

#include "view/math_parser.h"

static MathNode *unknown_command(MathParser *p, MathWord w) {
    if (!math_is_letter(w.name[0])) {
        unsigned char c = (unsigned char)w.name[0];
        if (c <= ' ' || c >= 0x7F) return math_fail(p, w.from, "\\ before what is no command");
        return math_fail(p, w.from, arena_printf(p->arena, "unknown command \\%c", c));
    }
    const char **names = ARENA_ARRAY(p->arena, const char *, math_command_count + 1);
    for (int i = 0; i < math_command_count; i++) names[i] = math_commands[i].name;
    const char *word = arena_copy(p->arena, w.name, w.len > 40 ? 40 : w.len);
    const char *near = nearest_word(word, names);
    const char *hint = near ? arena_printf(p->arena, "; did you mean \\%s?", near) : "";
    return math_fail(p, w.from, arena_printf(p->arena, "unknown command \\%s%s", word, hint));
}

// ---- brackets

/// A delimiter after \left, \bigl and so on: its code point; '.' is none.
static bool parse_delimiter(MathParser *p, const char *of, uint32_t *code) {
    static const char plain[] = "()[]|/<>.";
    math_skip_blanks(p);
    MathWord w;
    int c = math_peek(p);
    if (c > 0 && strchr(plain, c)) {
        p->at++;
        *code = c == '<' ? 0x27E8 : c == '>' ? 0x27E9 : c == '.' ? 0 : (uint32_t)c;
        return true;
    }
    if (math_peek_word(p, &w)) {
        const MathCommand *m = math_command(w.name, w.len);
        if (m && m->kind == COMMAND_SYMBOL &&
            (m->cls == MATH_OPEN || m->cls == MATH_CLOSE || m->code == 0x7C || m->code == 0x2016 ||
             m->code == 0x2223 || m->code == 0x5C)) {
            math_take_word(p, w);
            *code = m->code == 0x2223 ? 0x7C : m->code;
            return true;
        }
    }
    math_fail(p, p->at,
              arena_printf(p->arena, "\\%s needs a bracket after it, or a dot for none", of));
    return false;
}

static MathNode *parse_fence(MathParser *p, size_t from) {
    MathNode *fence = math_node(p, NODE_FENCE, MATH_INNER);
    MathNode **end = &fence->a;
    if (!parse_delimiter(p, "left", &fence->code)) return NULL;
    for (MathWord w;;) {
        *end = math_parse_list(p);
        while (*end) end = &(*end)->next;
        if (p->failed) return NULL;
        if (!math_peek_word(p, &w)) break;
        if (math_word_is(w, "right")) {
            math_take_word(p, w);
            return parse_delimiter(p, "right", &fence->code2) ? fence : NULL;
        }
        if (!math_word_is(w, "middle")) break;
        math_take_word(p, w);
        *end = math_node(p, NODE_MIDDLE, MATH_REL);
        if (!parse_delimiter(p, "middle", &(*end)->code)) return NULL;
        end = &(*end)->next;
    }
    return math_fail(p, from, "this \\left has no \\right");
}

// ---- environments

/// Name, arrangement, brackets around it.
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
static bool parse_cells(MathParser *p, size_t from, Cells *cells) {
    for (MathWord w;;) {
        MathNode *list = math_parse_list(p);
        if (p->failed) return false;
        if (cells->count == MATH_MAX_CELLS) {
            math_fail(p, from, arena_printf(p->arena, "more than %d cells", MATH_MAX_CELLS));
            return false;
        }
        int row = cells->rows;
        ARENA_PUSH(p->arena, cells->list, cells->count, cells->cap, list);
        ARENA_PUSH(p->arena, cells->row, cells->n_row, cells->cap_row, row);
        if (++cells->col > cells->cols) cells->cols = cells->col;
        if (math_peek(p) == '&') {
            p->at++;
        } else if (math_peek_word(p, &w) && math_word_is(w, "\\")) {
            math_take_word(p, w);
            cells->rows++;
            cells->col = 0;
        } else if (math_peek_word(p, &w) && math_word_is(w, "end")) {
            // a \\ before \end begins no row
            if (cells->col > 1 || list || cells->rows == 0) cells->rows++;
            return true;
        } else {
            math_fail(p, from, "this \\begin has no \\end");
            return false;
        }
    }
}

static const MathMatrix *matrix_new(MathParser *p, MathMatrixKind kind, const Cells *cells) {
    MathMatrix *m = ARENA_NEW(p->arena, MathMatrix);
    *m = (MathMatrix){.kind = kind, .rows = cells->rows, .cols = cells->cols};
    m->cells = ARENA_ARRAY(p->arena, MathNode *, (size_t)m->rows * (size_t)m->cols);
    for (int i = 0, col = 0; i < cells->count; i++) {
        col = i > 0 && cells->row[i] == cells->row[i - 1] ? col + 1 : 0;
        if (cells->row[i] < m->rows) m->cells[cells->row[i] * m->cols + col] = cells->list[i];
    }
    return m;
}

static MathNode *unknown_environment(MathParser *p, size_t at, const char *name) {
    const char *names[ENVIRONMENT_COUNT + 1] = {0};
    for (int i = 0; i < ENVIRONMENT_COUNT; i++) names[i] = environments[i].name;
    const char *near = strlen(name) < 40 ? nearest_word(name, names) : NULL;
    const char *hint = near ? arena_printf(p->arena, "; did you mean '%s'?", near) : "";
    return math_fail(p, at, arena_printf(p->arena, "unknown environment '%.40s'%s", name, hint));
}

static MathNode *parse_environment(MathParser *p, size_t from) {
    const char *name = math_parse_raw(p, "begin");
    if (!name) return NULL;
    int e = 0;
    while (e < ENVIRONMENT_COUNT && strcmp(environments[e].name, name) != 0) e++;
    if (e == ENVIRONMENT_COUNT) return unknown_environment(p, from, name);
    Cells cells = {0};
    if (!parse_cells(p, from, &cells)) return NULL;
    // rows * cols may be far more than the cells that are there
    if ((long)cells.rows * cells.cols > MATH_MAX_CELLS)
        return math_fail(p, from, arena_printf(p->arena, "more than %d cells", MATH_MAX_CELLS));
    size_t end = p->at;
    p->at += strlen("\\end");
    const char *closing = math_parse_raw(p, "end");
    if (!closing) return NULL;
    if (strcmp(closing, name) != 0)
        return math_fail(p, end,
                         arena_printf(p->arena, "\\end{%.40s} closes \\begin{%s}", closing, name));
    MathNode *matrix = math_node(p, NODE_MATRIX, MATH_INNER);
    matrix->matrix = matrix_new(p, environments[e].kind, &cells);
    if (!environments[e].open) return matrix;
    MathNode *fence = math_node(p, NODE_FENCE, MATH_INNER);
    fence->code = environments[e].open;
    fence->code2 = environments[e].close;
    fence->a = matrix;
    return fence;
}

// ---- commands

static MathNode *parse_color(MathParser *p) {
    size_t from = p->at;
    const char *name = math_parse_raw(p, "color");
    if (!name) return NULL;
    MathNode *n = math_node(p, NODE_COLOR, MATH_ORD);
    n->role = math_role(name, strlen(name));
    if (n->role == ROLE_NONE)
        return math_fail(p, from, arena_printf(p->arena, "unknown role '%.40s' in \\color", name));
    n->a = math_parse_arg(p, "\\color{...}");
    return n;
}

static MathNode *parse_sqrt(MathParser *p) {
    MathNode *n = math_node(p, NODE_SQRT, MATH_ORD);
    math_skip_blanks(p);
    if (math_peek(p) == '[') {
        // the degree ends at the first ]; it is short, and read on its own
        const char *close = memchr(p->tex + p->at, ']', p->len - p->at);
        if (!close) return math_fail(p, p->at, "this [ is never closed");
        MathParser inner = *p;
        inner.at++;
        inner.len = (size_t)(close - p->tex);
        n->b = math_parse_list(&inner);
        if (inner.failed) return math_fail(p, inner.fail_at, inner.why);
        if (inner.at < inner.len) return math_fail(p, inner.at, "this does not belong in a degree");
        p->at = inner.len + 1;
    }
    n->a = math_parse_arg(p, "\\sqrt");
    return n;
}

static MathNode *parse_alphabet(MathParser *p, const MathCommand *m) {
    MathAlphabet before = p->alphabet;
    p->alphabet = (MathAlphabet)m->code;
    MathNode *n = math_parse_arg(p, arena_printf(p->arena, "\\%s", m->name));
    p->alphabet = before;
    return n;
}

/// Commands with one or two arguments that all look alike.
static MathNode *parse_wrapped(MathParser *p, const MathCommand *m, MathNodeKind kind,
                               MathClass cls) {
    MathNode *n = math_node(p, kind, cls);
    const char *of = arena_printf(p->arena, "\\%s", m->name);
    n->code = m->code;
    n->a = math_parse_arg(p, of);
    if (kind == NODE_FRAC && !p->failed) n->b = math_parse_arg(p, of);
    n->n = kind == NODE_FRAC ? (int)m->code : 0;
    return n;
}

static MathNode *parse_overset(MathParser *p, const MathCommand *m) {
    MathNode *n = math_node(p, NODE_STACK, MATH_REL);
    const char *of = arena_printf(p->arena, "\\%s", m->name);
    MathNode *small = math_parse_arg(p, of);
    if (p->failed) return NULL;
    *(m->code == 1 ? &n->b : &n->c) = small;
    n->a = math_parse_arg(p, of);
    if (n->a) n->cls = n->a->kind == NODE_SYMBOL ? n->a->cls : MATH_ORD;
    return n;
}

/// \not: the signs that have a struck form of their own.
static MathNode *parse_not(MathParser *p, size_t from) {
    static const uint32_t pairs[][2] = {{'=', 0x2260},    {0x2208, 0x2209}, {'<', 0x226E},
                                        {'>', 0x226F},    {0x2264, 0x2270}, {0x2265, 0x2271},
                                        {0x2261, 0x2262}, {0x2248, 0x2249}, {0x2282, 0x2284}};
    MathNode *n = math_parse_arg(p, "\\not");
    if (!n) return NULL;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (n->kind == NODE_SYMBOL && n->code == pairs[i][0]) {
            n->code = pairs[i][1];
            return n;
        }
    return math_fail(p, from, "\\not stands only before a relation such as =");
}

static MathNode *parse_operatorname(MathParser *p) {
    MathNode *n = math_node(p, NODE_NAME, MATH_OP);
    n->limits = LIMITS_NEVER;
    if (math_peek(p) == '*') p->at++, n->limits = LIMITS_AUTO;
    n->text = math_parse_text(p, "operatorname");
    return n;
}

MathNode *math_parse_symbol(MathParser *p, const MathCommand *m) {
    if (m->kind == COMMAND_LETTER) return math_letter_node(p, m->code);
    MathNode *n = math_node(p, NODE_SYMBOL, m->cls);
    n->code = m->code;
    n->large = m->kind == COMMAND_LARGE || m->kind == COMMAND_INTEGRAL;
    n->limits = m->kind == COMMAND_INTEGRAL ? LIMITS_NEVER : LIMITS_AUTO;
    return n;
}

static MathNode *parse_name(MathParser *p, const MathCommand *m) {
    MathNode *n = math_node(p, NODE_NAME, m->cls);
    n->text = strcmp(m->name, "bmod") == 0 ? "mod" : m->name;
    n->limits = m->kind == COMMAND_LIMIT_NAME ? LIMITS_AUTO : LIMITS_NEVER;
    return n;
}

static MathNode *parse_text_node(MathParser *p, const MathCommand *m) {
    MathNode *n = math_node(p, NODE_TEXT, MATH_ORD);
    n->text = math_parse_text(p, m->name);
    return n;
}

static MathNode *parse_term(MathParser *p) {
    MathNode *n = math_node(p, NODE_TERM, MATH_ORD);
    n->text = math_parse_raw(p, "term");
    if (n->text) n->a = math_parse_arg(p, "\\term{...}");
    return n;
}

static MathNode *parse_accent(MathParser *p, const MathCommand *m) {
    MathNode *n = parse_wrapped(p, m, NODE_ACCENT, MATH_ORD);
    n->wide = m->kind == COMMAND_WIDE;
    return n;
}

static MathNode *parse_brace(MathParser *p, const MathCommand *m) {
    MathNode *n = parse_wrapped(p, m, NODE_BRACE, MATH_OP);
    n->limits = LIMITS_ALWAYS;
    n->n = m->cls == MATH_OPEN ? 1 : -1;
    return n;
}

static MathNode *parse_line(MathParser *p, const MathCommand *m) {
    MathNode *n = parse_wrapped(p, m, NODE_LINE, MATH_ORD);
    n->n = m->code == 1 ? 1 : -1;
    return n;
}

static MathNode *parse_big(MathParser *p, const MathCommand *m) {
    MathNode *n = math_node(p, NODE_BIG, m->cls);
    n->n = (int)m->code;
    return parse_delimiter(p, m->name, &n->code) ? n : NULL;
}

static MathNode *parse_space(MathParser *p, const MathCommand *m) {
    MathNode *n = math_node(p, NODE_SPACE, MATH_ORD);
    n->mu = (int32_t)m->code;
    return n;
}

static MathNode *parse_style(MathParser *p, const MathCommand *m) {
    MathNode *n = math_node(p, NODE_STYLE, MATH_ORD);
    n->n = (int)m->code;
    return n;
}

MathNode *math_parse_command(MathParser *p) {
    MathWord w;
    if (!math_peek_word(p, &w)) return math_fail(p, p->at, "a \\ at the end means nothing");
    const MathCommand *m = math_command(w.name, w.len);
    if (!m && w.name[0] == '\\') return math_fail(p, w.from, "\\\\ stands only between rows");
    if (!m) return unknown_command(p, w);
    math_take_word(p, w);
    switch (m->kind) {
    case COMMAND_SYMBOL:
    case COMMAND_LETTER:
    case COMMAND_LARGE:
    case COMMAND_INTEGRAL: return math_parse_symbol(p, m);
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
    return math_fail(p, w.from, arena_printf(p->arena, "\\%s has nothing to belong to", m->name));
}
