// One pass over the characters of a line. A token never fails half way: the
// first character that is no part of the language ends the line with a mistake
// that says what to write instead.
#include "core/lex.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/parse.h"
#include "core/unicode.h"

typedef struct {
    Tokens *tokens;
    Symbols *symbols;
    const Source *source;
    const char *text;
    size_t at, end; // bytes of the source
    Diags *diags;
} Lexer;

// clang-format off
static const struct { const char *text; TokenKind kind; } signs[] = {
    // the longer before the shorter
    {"<=", TOKEN_LE}, {">=", TOKEN_GE}, {"==", TOKEN_EQ}, {"<", TOKEN_LT}, {">", TOKEN_GT},
    {"=", TOKEN_ASSIGN}, {"(", TOKEN_LEFT}, {")", TOKEN_RIGHT}, {"[", TOKEN_OPEN},
    {"]", TOKEN_CLOSE}, {",", TOKEN_COMMA}, {";", TOKEN_SEMICOLON}, {":", TOKEN_COLON},
    {"+", TOKEN_PLUS}, {"-", TOKEN_MINUS}, {"*", TOKEN_STAR}, {"⊙", TOKEN_STAR},
    {"/", TOKEN_SLASH}, {"@", TOKEN_AT}, {"·", TOKEN_AT}, {"'", TOKEN_PRIME},
};

// What people write, and what the language has for it.
static const struct { const char *text; const char *advice; } strangers[] = {
    {"^", "there are no powers; write a * a"},
    {"%", "the remainder is mod(a, n)"},
    {"!", "comparisons are < <= > >= =="},
    {"&", "conditions cannot be joined; put one where() inside another"},
    {"|", "conditions cannot be joined; put one where() inside another"},
    {"{", "write ( and )"}, {"}", "write ( and )"},
    {"\\", "write the function's name without \\"},
    {"−", "write the minus sign of the keyboard, -"}, {"–", "write the minus sign, -"},
    {"×", "write * for the product element by element, @ for the matrix product"},
    {"∘", "write * or ⊙ for the product element by element"},
    {"⋅", "write @ or · for the matrix product"}, {"∗", "write *"},
    {"≤", "write <="}, {"≥", "write >="}, {"≠", "comparisons are < <= > >= =="},
    {"“", "write the straight quote \""}, {"”", "write the straight quote \""},
    {"‘", "write the straight quote"}, {"’", "write the straight quote '"},
    {"′", "write the straight quote ' for a transpose"},
    {"ᵀ", "write ' for a transpose"}, {"。", "write ."}, {"、", "write ,"},
    {"【", "write ["}, {"】", "write ]"},
};
// clang-format on

static bool starts_with(const char *s, size_t n, const char *start) {
    size_t len = strlen(start);
    return len <= n && memcmp(s, start, len) == 0;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static void push(Lexer *l, Token t) {
    l->at = t.span.at + t.span.len;
    ARENA_PUSH(l->tokens->arena, l->tokens->list, l->tokens->count, l->tokens->cap, t);
}

// --- bytes

static bool bad_byte(const Source *s, size_t at, size_t n, int32_t c, Diags *d) {
    Span span = {at, n};
    if (c == UTF8_BAD)
        return diag_error(d, s, span, "the byte 0x%02X is not UTF-8; save the file as UTF-8",
                          (unsigned char)s->text[at]);
    if (c == 0) return diag_error(d, s, span, "a NUL character; remove it");
    if (c == '\r')
        return diag_error(d, s, span, "a carriage return within a line; lines end in LF or CRLF");
    return diag_error(d, s, span, "the control character U+%04X; remove it", (unsigned)c);
}

bool lex_check_bytes(const Source *s, Span part, Diags *d) {
    const char *text = s->text;
    for (size_t at = part.at, end = part.at + part.len; at < end;) {
        int32_t c = (unsigned char)text[at];
        size_t n = 1;
        if (c >= 0x80) n = utf8_decode(text + at, end - at, &c);
        if (c == UTF8_BAD || unicode_is_control(c)) {
            bool line_end = c == '\n' || (c == '\r' && at + 1 < end && text[at + 1] == '\n');
            if (c != '\t' && !line_end) return bad_byte(s, at, n, c, d);
        }
        at += n;
    }
    return true;
}

// --- numbers

// Bytes of a NUMBER, 0 if there is none. A point or an `e` that does not continue
// it is left for the caller to complain about.
static size_t number_length(const char *s, size_t n) {
    size_t i = 0;
    while (i < n && is_digit(s[i])) i++;
    if (i == 0) return 0;
    if (i + 1 < n && s[i] == '.' && is_digit(s[i + 1]))
        for (i++; i < n && is_digit(s[i]);) i++;
    if (i + 1 < n && (s[i] == 'e' || s[i] == 'E')) {
        size_t k = i + 1;
        if (s[k] == '+' || s[k] == '-') k++;
        if (k < n && is_digit(s[k]))
            for (i = k; i < n && is_digit(s[i]);) i++;
    }
    return i;
}

/// Reads NUMBER: digits, a point with digits after it, an exponent; the same in every locale.
///   range   returns the bytes taken, 0 if there is no number here
///   errors  *value is infinite if the number is too large for a double
static size_t read_number(Arena *a, const char *s, size_t n, double *value) {
    size_t len = number_length(s, n);
    if (len == 0) return 0;
    // strtod reads the decimal point of the locale, which a toolkit may have set
    const char *point = localeconv()->decimal_point;
    char small[64];
    size_t room = len + strlen(point) + 1;
    char *copy = room <= sizeof small ? small : arena_alloc(a, room, 1), *to = copy;
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '.')
            to += sprintf(to, "%s", point);
        else
            *to++ = s[i];
    }
    *to = '\0';
    *value = strtod(copy, NULL);
    return len;
}

static bool lex_digits(Lexer *l) {
    Token t = {.kind = TOKEN_NUMBER, .span = {l->at, 0}};
    size_t left = l->end - l->at;
    const char *s = l->text + l->at;
    size_t n = t.span.len = read_number(l->tokens->arena, s, left, &t.number);
    int32_t c = 0;
    if (n < left) utf8_decode(s + n, left - n, &c);
    if (c == '.')
        return diag_error(l->diags, l->source, (Span){l->at, n + 1},
                          memchr(s, '.', n) || memchr(s, 'e', n) || memchr(s, 'E', n)
                              ? "a number has one point, before its exponent"
                              : "a number does not end in a point; write 1.0 or 1");
    if (unicode_is_letter(c) || c == '_')
        return diag_error(l->diags, l->source, (Span){l->at, n + 1},
                          c == 'e' || c == 'E'
                              ? "a number directly before a letter; an exponent needs digits "
                                "(1e-5), a product needs * (2 * a)"
                          : c == 'x' ? "a number directly before x; write 2 * x for a product, "
                                       "4 x 7 with spaces for a size"
                                     : "a number directly before a letter; write 2 * a for a "
                                       "product");
    if (isinf(t.number))
        return diag_error(l->diags, l->source, t.span,
                          "this number is too large for a double; the largest is about 1.8e308");
    push(l, t);
    return true;
}

// --- names

static size_t name_length(const char *s, size_t n) {
    size_t at = 0;
    while (at < n) {
        int32_t c;
        size_t took = utf8_decode(s + at, n - at, &c);
        if (!(unicode_is_letter(c) || unicode_is_digit(c) || c == '_' || unicode_is_mark(c))) break;
        at += took;
    }
    return at;
}

static bool lex_name(Lexer *l) {
    Span span = {l->at, name_length(l->text + l->at, l->end - l->at)};
    // four bytes a character, and marks that NFC folds into one: longer is too long for sure
    const char *name = span.len <= 16 * CELL_MAX_NAME
                           ? unicode_nfc(l->tokens->arena, l->text + span.at, span.len)
                           : NULL;
    if (!name || utf8_count(name, strlen(name)) > CELL_MAX_NAME)
        return diag_error(l->diags, l->source, span, "a name has at most %d characters",
                          CELL_MAX_NAME);
    push(l, (Token){.kind = TOKEN_NAME, .span = span, .symbol = symbols_get(l->symbols, name)});
    return true;
}

static void skip_blanks(Lexer *l) {
    while (l->at < l->end && strchr(" \t\r\n", l->text[l->at]) && l->text[l->at]) l->at++;
}

// The NAME of a `cell` line: letters, digits, _, -, and / between parts.
static bool lex_cell_name(Lexer *l) {
    skip_blanks(l);
    const char *s = l->text + l->at;
    size_t n = 0, count = 0, left = l->end - l->at;
    while (n < left && !strchr(" \t\r\n\"#", s[n])) n++;
    if (n == 0 || *s == '=') return true;
    Span span = {l->at, n};
    for (size_t at = 0; at < n; count++) {
        int32_t c;
        size_t took = utf8_decode(s + at, n - at, &c);
        bool begins = at == 0 || s[at - 1] == '/', ends = at + took == n;
        bool inner = unicode_is_digit(c) || c == '_' || c == '-' || unicode_is_mark(c);
        bool slash = c == '/' && !begins && !ends;
        if (!(unicode_is_letter(c) || (inner && !begins) || slash))
            return diag_error(
                l->diags, l->source, span,
                "a cell's name begins with a letter and has letters, digits, _, - and "
                "/ between its parts");
        at += took;
    }
    if (count > CELL_MAX_NAME)
        return diag_error(l->diags, l->source, span, "a name has at most %d characters",
                          CELL_MAX_NAME);
    push(l, (Token){.kind = TOKEN_CELL_NAME,
                    .span = span,
                    .text = unicode_nfc(l->tokens->arena, s, n)});
    return true;
}

// --- the rest

static bool lex_string(Lexer *l) {
    const char *start = l->text + l->at + 1;
    const char *close = memchr(start, '"', l->end - l->at - 1);
    Span span = {l->at, l->end - l->at};
    if (!close)
        return diag_error(l->diags, l->source, span,
                          "this text is not closed; add a \" at its end");
    size_t n = (size_t)(close - start);
    span.len = n + 2;
    push(l, (Token){.kind = TOKEN_STRING,
                    .span = span,
                    .text = arena_copy(l->tokens->arena, start, n)});
    return true;
}

static bool lex_sign(Lexer *l) {
    const char *s = l->text + l->at;
    size_t left = l->end - l->at;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (starts_with(s, left, signs[i].text)) {
            push(l, (Token){.kind = signs[i].kind, .span = {l->at, strlen(signs[i].text)}});
            return true;
        }
    int32_t c;
    Span span = {l->at, utf8_decode(s, left, &c)};
    if (c == '.')
        return diag_error(l->diags, l->source, span,
                          left > 1 && is_digit(s[1]) ? "a number begins with a digit; write 0.5"
                                                     : "a point stands only inside a number");
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
        if (starts_with(s, left, strangers[i].text))
            return diag_error(l->diags, l->source, span, "%s is not part of the language: %s",
                              strangers[i].text, strangers[i].advice);
    if (c == '_') return diag_error(l->diags, l->source, span, "a name begins with a letter");
    if (c >= 0xFF01 && c <= 0xFF5E)
        return diag_error(l->diags, l->source, span, "a full-width character; write %c",
                          (char)(c - 0xFF01 + '!'));
    return diag_error(l->diags, l->source, span, "the character %.*s (U+%04X) means nothing here",
                      (int)span.len, s, (unsigned)c);
}

static void skip_comment(Lexer *l) {
    const char *lf = memchr(l->text + l->at, '\n', l->end - l->at);
    l->at = lf ? (size_t)(lf - l->text) : l->end;
}

static bool lex_token(Lexer *l) {
    int32_t c;
    utf8_decode(l->text + l->at, l->end - l->at, &c);
    if (c == '"') return lex_string(l);
    if (c >= '0' && c <= '9') return lex_digits(l);
    if (!unicode_is_letter(c)) return lex_sign(l);
    bool first = l->tokens->count == 0;
    if (!lex_name(l)) return false;
    return first && strcmp(l->tokens->list[0].symbol->name, "cell") == 0 ? lex_cell_name(l) : true;
}

bool lex(Tokens *tokens, Symbols *symbols, const Source *source, Span part, Diags *d) {
    Lexer l = {tokens, symbols, source, source->text, part.at, part.at + part.len, d};
    bool ok = true;
    tokens->count = 0;
    for (skip_blanks(&l); ok && l.at < l.end; skip_blanks(&l)) {
        if (l.text[l.at] == '#')
            skip_comment(&l);
        else
            ok = lex_token(&l);
    }
    // a line that ends too early is blamed right after its last token
    const Token *last = tokens->count ? &tokens->list[tokens->count - 1] : NULL;
    push(&l, (Token){.kind = TOKEN_END, .span = {last ? last->span.at + last->span.len : l.at, 0}});
    return ok;
}
