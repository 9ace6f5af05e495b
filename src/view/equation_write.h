/// One element of a node as TeX, in symbols or with its numbers: what the equations panel says.
/// Walks the compiled graph, not the text, so that what is shown is what was computed.
#ifndef VIEW_EQUATION_WRITE_H
#define VIEW_EQUATION_WRITE_H

#include "view/tex.h"

/// Where a line may be broken: before what follows. What follows EQ_DROP may also be left out.
enum { EQ_BREAK = 1, EQ_DROP = 2 };

typedef struct {
    const View *v;
    const Graph *g;
    const Trace *tr;
    Arena *a;
    Buf *out;
    bool numbers;    // else symbols
    int digits;      // decimals of numbers
    int grad_digits; // of those with a gradient's id; 0: the same
    int depth;       // numbers: operations below this depth are written as their result
    int closed;      // above 0: within braces, where no line is broken
} EqWriter;

/// One number as an operation reads it, wiring followed to where it comes from.
typedef struct {
    int node, unit;       // unit 0: the whole node
    int part, place, lag; // the part that reads, at which place, how many timesteps back
    int at;               // the place it stands at; 0: steady, or before the first timestep
    double value;
} Element;

/// A writer in symbols.
///   owner   the text: arena a
EqWriter eq_writer(Arena *a, const View *v, Buf *out);

/// Is it the result of an equation?
bool eq_is_named(const Graph *g, int node);

/// Does it move numbers only, inside an equation?
bool eq_is_wiring(const Graph *g, int node);

/// Element `unit` (0: all) of argument k of a node at a place.
Element eq_argument(const EqWriter *w, int node, int k, int place, int unit);

/// A node's own element.
Element eq_element(const EqWriter *w, int node, int place, int unit);

/// Element of argument k that element `unit` of an element-by-element operation reads.
int eq_unit_of(const Graph *g, int node, int k, int unit);

/// Appends a value as a number with its id, or as words in the warning colour. In brackets when
/// `factor`, or when negative and `inner`.
void eq_number(EqWriter *w, double value, const char *id, bool factor, bool inner);

/// The id by which view_resolve finds the number; kind 'v' or 'g'.
const char *eq_id(const EqWriter *w, char kind, int node, int place, int unit);

/// Appends the name of an element, or its number, or the operation that makes it.
///   factor  it stands in a product
void eq_put(EqWriter *w, Element e, bool factor);

/// Appends the operation of a node written out for one of its elements (0: the whole node).
void eq_put_operation(EqWriter *w, int node, int place, int unit);

/// Appends a template of op_defs: #0.. the arguments, #y the result.
void eq_put_template(EqWriter *w, const char *tex, int node, int place, int unit);

/// Does a template need brackets in a product?
bool eq_is_sum(const char *tex);

/// Appends a plus between the terms of a sum where the line may be broken.
///   returns false for a term that is left out because there are too many
bool eq_term(EqWriter *w, int k, int n);

/// The word of \color for a role.
const char *eq_role_word(Role role);

/// Operations on top of each other inside the equation down to its names.
int eq_height(const Graph *g, int node);

#endif
