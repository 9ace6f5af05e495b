/// The tokens of one line of a cell, with their places. Names are resolved to symbols at once, so
/// that the parser compares pointers and knows a function from a name.
#ifndef CORE_LEX_H
#define CORE_LEX_H

#include "core/diag.h"
#include "core/symbols.h"

typedef enum {
    TOKEN_END, // of the line or the text; after the last token there is always one
    TOKEN_NAME,
    TOKEN_NUMBER,
    TOKEN_STRING,    // "label"; text is what stands between the quotes
    TOKEN_CELL_NAME, // after the word `cell`: a name that may hold - and /
    TOKEN_ASSIGN,    // =
    TOKEN_LEFT,      // (
    TOKEN_RIGHT,     // )
    TOKEN_OPEN,      // [
    TOKEN_CLOSE,     // ]
    TOKEN_COMMA,
    TOKEN_SEMICOLON,
    TOKEN_COLON,
    TOKEN_PLUS,
    TOKEN_MINUS,
    TOKEN_STAR,  // * and ⊙
    TOKEN_SLASH, // /
    TOKEN_AT,    // @ and ·
    TOKEN_PRIME, // '
    TOKEN_LT,    // < <= > >= ==, in the order of Compare
    TOKEN_LE,
    TOKEN_GT,
    TOKEN_GE,
    TOKEN_EQ
} TokenKind;

typedef struct {
    TokenKind kind;
    Span span;
    double number;    // TOKEN_NUMBER
    Symbol *symbol;   // TOKEN_NAME
    const char *text; // TOKEN_STRING, TOKEN_CELL_NAME
} Token;

typedef struct {
    Arena *arena; // owner of the list
    Token *list;
    int count, cap;
} Tokens;

/// Fills tokens with those of `part` of the source, whose comments end at line ends.
///   errors  the first character that is no part of the language, in d; false, the list then
///           holding the tokens before it
bool lex(Tokens *tokens, Symbols *symbols, const Source *source, Span part, Diags *d);

/// Checks that the bytes of `part` are UTF-8 without control letters (tabs and line ends pass).
///   errors  the first bad byte, in d; false
bool lex_check_bytes(const Source *source, Span part, Diags *d);

#endif
