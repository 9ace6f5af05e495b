/// Cell files to trees: the grammar of the cell language (see the format's description in
/// docs: every rule stands above its function in parse_line.c and parse_expr.c).
#ifndef CORE_PARSE_H
#define CORE_PARSE_H

#include "core/ast.h"

enum {
    CELL_MAX_BYTES = 16 * 1024 * 1024,
    CELL_MAX_LINE = 64 * 1024,
    CELL_MAX_DEPTH = 200,
    CELL_MAX_NAME = 200,       // characters
    CELL_MAX_EQUATIONS = 5000, // of other lines, as many of each kind
    CELL_MAX_EXPRS = 1000000   // numbers, names and operations in a whole cell
};

/// Parses a whole cell. Adds every mistake of syntax, and of names that the text alone decides:
/// assigned twice, reserved, unknown functions, lags on what has none, `start` with x or t ...
///   owner   arena a; the source must live as long
///   errors  in d; NULL if any were added
CellAst *cell_parse(Arena *a, const Source *source, Diags *d);

/// Parses one equation, as a lesson's `head:` holds it: `y = softmax(W_y @ h + b_y)`.
/// `span` is where it stands in `source`. The result is a cell with that one equation (or
/// several, separated by ';'), whose output is the last name assigned. `h` is the layer's output
/// and cannot be assigned; there is no `x` and there are no lags.
///   errors  in d; NULL if any were added
CellAst *head_parse(Arena *a, const Source *source, Span span, Diags *d);

/// Parses a text of our own, equations on lines, in which the operations that are internal (losses)
/// may be called. The output is the last name assigned.
///   errors  asserts: the text is part of the program
CellAst *builtin_parse(Arena *a, const char *text);

/// The tree as text, one line an item, for `dump ast` and golden tests.
void cell_dump(const CellAst *cell, Buf *out);

#endif
