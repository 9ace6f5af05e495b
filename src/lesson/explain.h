/// One number taken apart: the terms that made it, and the paths on which its gradient came.
/// Sentences (lesson/say.h) and the value panel tell the same parts, because both ask here.
#ifndef LESSON_EXPLAIN_H
#define LESSON_EXPLAIN_H

#include "lesson/lesson.h"

/// A number of the run with a name: wiring (stacks, slices, spreading) is looked through.
typedef struct {
    int node;
    int place; // timestep from the left; 0: steady, or before the first timestep
    int lag;   // how many timesteps ago it was read; 0 for this timestep and for steady ones
    int unit;  // element, from 1
    double value;
} Number;

/// The number that operation `node` reads as element `unit` of its argument k at a place.
Number explain_argument(const Lesson *lesson, int node, int k, int place, int unit);

/// The element of argument k that goes into element `unit` of an element-by-element operation,
/// of outer and of transpose: the only one of a 1x1 that spreads.
int explain_element(const Graph *g, int node, int k, int unit);

/// A term of a sum: a, or a times b, with its sign.
typedef struct {
    Number a, b;
    bool product; // b counts
    double share; // what it adds
} Term;

/// The products of a matrix or dot product, the elements of sum and mean, the two sides of a sum
/// or difference: what one operation adds up. Empty for operations that add nothing up.
///   owner   arena a
Term *explain_terms(Arena *a, const Lesson *lesson, int node, int place, int unit, int *count);

/// How an equation's number came about: functions of one argument from the outside in, and the
/// sum inside them, written out down to products.
typedef struct {
    int functions[8]; // nodes, outermost first
    int n_functions;
    int inner;    // the node that the terms make; its value is what the functions take
    double value; // of inner, at the unit
    Term *terms;  // empty: inner is an operation that adds nothing up; see its arguments
    int n_terms;
} Explained;

/// Takes element `unit` of a node apart as far as its equation goes.
///   owner   arena a
Explained explain_value(Arena *a, const Lesson *lesson, int node, int place, int unit);

/// A way on which gradient came: through argument `arg` of node `user` at timestep `place`.
typedef struct {
    int user, arg, place;
    int equation; // of the user, -1 for none
    bool merged;    // several uses in one equation at one timestep, added up
    bool truncated; // of those that are cut: by truncated BPTT, not by stop
    double share;   // what it brought to the element
} Path;

/// The paths to element `unit` of a node at a place, in the order of summation. Their shares add
/// up to the gradient (of a steady node: to what this timestep adds). Those that bring nothing
/// because the loss does not depend on them, or because they are cut, are left out.
///   range   1 <= place <= T, also for steady nodes
///   owner   arena a
Path *explain_paths(Arena *a, const Lesson *lesson, int node, int place, int unit, int *count);

/// The ways to a node at a place that stop or truncated BPTT cuts: an equation only once.
///   range   1 <= place <= T, also for steady nodes
///   owner   arena a
Path *explain_cuts(Arena *a, const Lesson *lesson, int node, int place, int *count);

/// The element of a user's result that element `unit` of its argument k goes into; the first of
/// them where there are several.
int explain_result(const Graph *g, int user, int k, int unit);

/// The gradient of an element of the user's result; where the result is fused with its loss, the
/// loss's.
double explain_incoming(const Lesson *lesson, Path path, int result);

/// d result / d argument at one element of each; NaN where the user is fused with its loss.
///   owner   arena a (scratch)
double explain_slope(Arena *a, const Lesson *lesson, Path path, int unit);

/// The products of gradient (a, of the user) and number (b) that add up to a path's share of a
/// matrix or outer product's argument; none for other operations.
///   owner   arena a
Term *explain_back_terms(Arena *a, const Lesson *lesson, Path path, int unit, int *count);

#endif
