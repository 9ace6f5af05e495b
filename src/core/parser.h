/// What the files of the parser share; nobody else includes it.
///   parse.c        a whole text: lines, then names
///   parse_line.c   one line
///   parse_expr.c   one expression
///   parse_names.c  what can be said about names only when all lines are read
#ifndef CORE_PARSER_H
#define CORE_PARSER_H

#include "core/lex.h"
#include "core/parse.h"

typedef enum { TEXT_CELL, TEXT_HEAD, TEXT_BUILTIN } TextKind;

/// Where a name is used.
typedef enum { USE_EQUATION, USE_START, USE_SIZE } UseKind;

/// One name in an expression, to be judged when all lines are read.
typedef struct {
    const Expr *expr;
    Symbol *symbol;
    UseKind kind;
} NameUse;

typedef struct {
    Arena *arena; // owner of the tree
    const Source *source;
    Diags *diags;
    TextKind text;
    CellAst *cell;
    Buf note[2]; // English, Chinese: as many lines as there are
    Symbols symbols;

    // the line being read
    Tokens tokens;
    const Token *token; // the next one; TOKEN_END stays
    int line;
    bool has_unread; // some line has characters that could not be read: names may be missing
    bool has_cell_line;
    Span cell_span;   // where mistakes about the whole cell point: its name, or the first line
    const char *full; // the kind of line there are too many of, once said

    // the expression being read
    bool in_expression; // this line has come to its expression
    UseKind use;
    int depth;  // of open calls of the parser, so that its stack is bounded
    int height; // of what was read last: nesting, not counting chains such as a + b + c

    NameUse *uses;
    int n_uses, uses_cap;
    int n_exprs;
    int n_hints; // searches for a nearest name so far
    int equations_cap, sizes_cap, params_cap, consts_cap, starts_cap, inits_cap;
} Parser;

/// Adds a mistake at the span. Always false.
bool parse_fail(Parser *p, Span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/// Adds the mistake that the next token cannot stand here; `wanted` says what could.
bool parse_fail_unexpected(Parser *p, const char *wanted);

/// Steps over the next token if it is of this kind.
bool parse_accept(Parser *p, TokenKind kind);

/// The bytes of a token as in the source, for "%.*s".
#define TOKEN_TEXT(p, t) (int)(t)->span.len, (p)->source->text + (t)->span.at

/// From the start of one span to the end of another.
Span span_join(Span from, Span to);

/// Expressions; NULL after a mistake that makes the rest of the line unreadable.
Expr *parse_expression(Parser *p, UseKind use);
Expr *parse_size(Parser *p);

/// One line, or one equation of a head. Every mistake is in p->diags.
void parse_line(Parser *p);

/// NAME = EXPRESSION and labels, up to what follows them.
bool parse_equation(Parser *p);

/// Judges all names when all lines are read.
void parse_check_names(Parser *p);

#endif
