/// Which operations are one item of a cell's picture, and what is written in an item. Private to
/// cell_items.c.
#ifndef VIEW_CELL_FOLD_H
#define VIEW_CELL_FOLD_H

#include "view/cell_layout.h"

/// Is a node an operation of the parts shown, not made of numbers and parameters alone?
bool cell_is_shown(const CellDiagram *d, int node);

/// The nodes of the parts shown.
int cell_first_node(const CellDiagram *d);
int cell_last_node(const CellDiagram *d);

/// A function of one number, or softmax.
bool cell_is_function(const Node *n);

/// A product with weights: of a matrix, or of a column with another.
bool cell_is_product(const CellDiagram *d, int node);

/// Which argument of an operation on two numbers changes, where the other is always the same; -1
/// where both change or none.
int cell_moving(const CellDiagram *d, int node);

/// The last node of the item that each node belongs to; -1 for nodes that are not shown. Folded are
/// products with weights, biases and the function after them into a layer; what a function's
/// result is multiplied by and added to, where that is always the same, into the function; what
/// reads one value only into one function of it; and sums under a function where a short formula
/// says it.
///   shape   [nodes of the graph]
int *cell_fold(const CellDiagram *d);

/// Is a node the value of an equation?
bool cell_is_end(const CellDiagram *d, int node);

/// The expression at a node as TeX where it is short and flat; else NULL.
const char *cell_short_tex(const CellDiagram *d, int node);

/// What is written in an item that ends at a node.
///   root    as cell_fold returns it
CellItem cell_label(const CellDiagram *d, const int *root, int node);

#endif
