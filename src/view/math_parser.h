/// The parser of TeX among its parts: math_parse.c reads characters, arguments and lists,
/// math_command.c what follows a backslash.
#ifndef VIEW_MATH_PARSER_H
#define VIEW_MATH_PARSER_H

#include "view/math_tree.h"

typedef struct {
    Arena *arena;
    const char *tex;
    size_t at, len;
    int depth;
    MathAlphabet alphabet;
    bool failed;
    size_t fail_at;
    const char *why;
} MathParser;

/// A command's name between two places of the text.
typedef struct {
    const char *name;
    size_t len, from; // from: where its backslash is
} MathWord;

/// Notes the first mistake and where it is; NULL.
MathNode *math_fail(MathParser *p, size_t at, const char *why);

/// A new node.
MathNode *math_node(MathParser *p, MathNodeKind kind, MathClass cls);

/// The next byte, -1 at the end.
int math_peek(const MathParser *p);

/// Goes on to the next byte that is no blank.
void math_skip_blanks(MathParser *p);

/// Is this an ASCII letter?
bool math_is_letter(int c);

/// The command that stands here, without taking it; false if there is none.
bool math_peek_word(const MathParser *p, MathWord *w);

/// Is it the command of that name?
bool math_word_is(MathWord w, const char *name);

/// Goes on behind a command.
void math_take_word(MathParser *p, MathWord w);

/// Nodes up to a closing of any kind, which its opener checks. An empty list is NULL too.
MathNode *math_parse_list(MathParser *p);

/// A group or one atom.
///   of  what it belongs to, for messages
MathNode *math_parse_arg(MathParser *p, const char *of);

/// The raw text between braces, for \text, \term, \color: braces must balance.
const char *math_parse_raw(MathParser *p, const char *of);

/// What \text holds: escapes undone, `~` a space, checked to be UTF-8.
const char *math_parse_text(MathParser *p, const char *of);

/// A letter in the alphabet that is on.
MathNode *math_letter_node(MathParser *p, uint32_t code);

/// A command and what belongs to it.
MathNode *math_parse_command(MathParser *p);

/// A sign, by the row of its command.
MathNode *math_parse_symbol(MathParser *p, const MathCommand *m);

#endif
