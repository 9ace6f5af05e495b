// A whole text: line by line, then what only the whole text decides. Mistakes do
// not stop the reading; the tree of a text with mistakes is thrown away.
#include "core/parser.h"

#include <assert.h>
#include <string.h>

bool parse_fail(Parser *p, Span span, const char *format, ...) {
    if (p->diags->count >= DIAGS_KEPT) return diag_error(p->diags, p->source, span, " ");
    va_list args;
    va_start(args, format);
    const char *message = arena_vprintf(p->arena, format, args);
    va_end(args);
    return diag_error(p->diags, p->source, span, "%s", message);
}

static int mistakes(const Diags *d) {
    return d->count + d->left_out;
}

static Parser parser_new(Arena *a, const Source *source, TextKind text, Diags *d) {
    Parser p = {.arena = a, .source = source, .diags = d, .text = text};
    p.cell = ARENA_NEW(a, CellAst);
    p.cell->source = source;
    for (int k = 0; k < 2; k++) p.note[k] = buf_new(a);
    p.symbols = symbols_new(a);
    p.tokens.arena = a;
    return p;
}

// Mistakes that are not to be said: a collection that is full keeps none.
static Diags unheard(Arena *a) {
    return (Diags){.arena = a, .count = DIAGS_KEPT};
}

// A line that cannot be read still names what it was about.
static void enter_unread_line(Parser *p) {
    const Token *t = p->tokens.list;
    p->has_unread = true;
    if (t->kind == TOKEN_NAME && t[1].kind == TOKEN_ASSIGN && !t->symbol->role[ROLE_ASSIGNED].line)
        t->symbol->role[ROLE_ASSIGNED].line = p->line;
    if (t->kind == TOKEN_NAME && strcmp(t->symbol->name, "cell") == 0) p->has_cell_line = true;
}

// The first line that says anything must be the `cell` line.
static void check_first(Parser *p) {
    const Token *t = p->tokens.list;
    if (p->has_cell_line || p->text != TEXT_CELL || t->kind == TOKEN_END) return;
    bool cell =
        t->kind == TOKEN_NAME && strcmp(t->symbol->name, "cell") == 0 && t[1].kind != TOKEN_ASSIGN;
    if (!cell) parse_fail(p, t->span, "the first line must be: cell NAME \"Title\"");
    p->has_cell_line = true; // said once
    p->cell_span = t[cell && t[1].kind != TOKEN_END].span;
}

static void read_line(Parser *p, Span line) {
    if (line.len > CELL_MAX_LINE) {
        parse_fail(p, (Span){line.at, 1}, "the line has %zu bytes; at most %d are read", line.len,
                   CELL_MAX_LINE);
        line.len = CELL_MAX_NAME * 4; // enough to see which name it assigns
        Diags ignored = unheard(p->arena);
        lex(&p->tokens, &p->symbols, p->source, line, &ignored);
        enter_unread_line(p);
        return;
    }
    Diags ignored = unheard(p->arena);
    bool shown = lex_check_bytes(p->source, line, p->diags);
    bool fine = lex(&p->tokens, &p->symbols, p->source, line, shown ? p->diags : &ignored) && shown;
    check_first(p);
    p->token = p->tokens.list;
    if (!fine) {
        enter_unread_line(p);
        return;
    }
    int before = mistakes(p->diags);
    parse_line(p);
    // the rest of a line with a mistake was not read: what it names is not unused
    for (int i = 0; mistakes(p->diags) > before && i < p->tokens.count; i++)
        if (p->tokens.list[i].kind == TOKEN_NAME) p->tokens.list[i].symbol->used = true;
}

static void read_lines(Parser *p) {
    const Source *s = p->source;
    size_t at = s->len >= 3 && memcmp(s->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < s->len && p->n_exprs <= CELL_MAX_EXPRS) {
        const char *lf = memchr(s->text + at, '\n', s->len - at);
        size_t next = lf ? (size_t)(lf - s->text) + 1 : s->len;
        size_t end = lf ? next - 1 : s->len;
        if (lf && end > at && s->text[end - 1] == '\r') end--;
        p->line++;
        read_line(p, (Span){at, end - at});
        at = next;
    }
}

CellAst *cell_parse(Arena *a, const Source *source, Diags *d) {
    int before = mistakes(d);
    if (source->len > CELL_MAX_BYTES) {
        diag_error(d, source, NO_SPAN, "the cell has %zu bytes; at most %d are read", source->len,
                   CELL_MAX_BYTES);
        return NULL;
    }
    Parser p = parser_new(a, source, TEXT_CELL, d);
    read_lines(&p);
    if (!p.has_cell_line) {
        if (mistakes(d) > before) return NULL; // in comments
        diag_error(d, source, (Span){0, 0},
                   "the cell is empty; its first line is: cell NAME \"Title\"");
        return NULL;
    }
    parse_check_names(&p);
    return mistakes(d) == before ? p.cell : NULL;
}

// After a mistake in one equation of a head: on to the next.
static void skip_equation(Parser *p) {
    int open = 0;
    for (; p->token->kind != TOKEN_END; p->token++) {
        TokenKind kind = p->token->kind;
        open += kind == TOKEN_LEFT || kind == TOKEN_OPEN;
        open -= kind == TOKEN_RIGHT || kind == TOKEN_CLOSE;
        if (kind == TOKEN_SEMICOLON && open <= 0) return;
    }
}

static void name_output(CellAst *c) {
    if (c->n_equations == 0) return;
    const EquationAst *last = &c->equations[c->n_equations - 1];
    c->output = last->name;
    c->output_span = last->name_span;
}

CellAst *head_parse(Arena *a, const Source *source, Span span, Diags *d) {
    int before = mistakes(d);
    if (span.len > CELL_MAX_LINE) {
        diag_error(d, source, (Span){span.at, 1}, "the head has %zu bytes; at most %d are read",
                   span.len, CELL_MAX_LINE);
        return NULL;
    }
    Parser p = parser_new(a, source, TEXT_HEAD, d);
    p.cell->name = "head";
    p.line = 1;
    if (!lex_check_bytes(source, span, d)) return NULL;
    if (!lex(&p.tokens, &p.symbols, source, span, d)) return NULL;
    p.token = p.tokens.list;
    if (p.token->kind == TOKEN_END)
        parse_fail(&p, span,
                   "the head is empty; it is an equation such as y = softmax(W_y @ h + b_y)");
    while (p.token->kind != TOKEN_END) {
        if (!parse_equation(&p)) skip_equation(&p);
        parse_accept(&p, TOKEN_SEMICOLON);
    }
    parse_check_names(&p);
    name_output(p.cell);
    return mistakes(d) == before ? p.cell : NULL;
}

CellAst *builtin_parse(Arena *a, const char *text) {
    Source *source = ARENA_NEW(a, Source);
    *source = (Source){"built-in", text, strlen(text)};
    Diags d = diags_new(a);
    Parser p = parser_new(a, source, TEXT_BUILTIN, &d);
    p.cell->name = "built-in";
    read_lines(&p);
    assert(diags_ok(&d));
    name_output(p.cell);
    return p.cell;
}
