/// Names, expressions and equations of a cell as TeX.
#ifndef VIEW_TEX_H
#define VIEW_TEX_H

#include "view/stage.h"

/// Appends what stands for a leaf of an expression: a name with its lag, or a number.
typedef void TexLeaf(void *context, Buf *out, const Expr *leaf);

/// Appends an expression with each operation as its row in op_defs says, and with brackets where
/// they are needed or stood in the text. Leaves are the caller's: symbols, numbers of the run ...
/// A NULL leaf writes names as they are, at the timestep t.
void tex_expr(Buf *out, const Expr *e, TexLeaf *leaf, void *context);

/// Appends a name: "W_f" as W_{f}, "alpha" as \alpha, longer ones upright, a part of its own for
/// "tilde", "hat" and "bar" at the end.
///   sub   goes into the subscript after the name's own, NULL for none
///   sup   superscript, NULL for none
///   over  an accent as "\overleftarrow", NULL for none
void tex_name(Buf *out, const char *name, const char *sub, const char *sup, const char *over);

/// Appends a number of the cell's text in plain decimals where that is short.
void tex_number(Buf *out, double value);

/// The timestep in a subscript: "t", "t-1" ("t+1" where the layer reads backward) when place is 0,
/// else the number of the place that is read.
///   owner   arena a
const char *tex_time(Arena *a, int place, int lag, bool backward);

/// A name of a part's text at a place (0: symbolic), coloured, with a \term id for view_resolve.
///   unit  element, 0 for the whole
void tex_leaf(Buf *out, const Lesson *lesson, int part, const Expr *leaf, int place, int unit);

/// What a part calls a node that comes in from outside: x, s, h, y, u, target.
const char *tex_input_name(const Graph *g, int part, int node);

/// The gradient of a node as TeX: "\frac{\partial L}{\partial c_{3}}", or on one line with a
/// slash when `inline_`, with an id that view_resolve reads as the gradient.
///   owner   arena a
const char *tex_gradient(Arena *a, const View *v, int node, int place, int unit, bool inline_);

#endif
