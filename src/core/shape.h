/// Shapes: what they may be, how they are said in words, and how the open ones are found.
#ifndef CORE_SHAPE_H
#define CORE_SHAPE_H

#include "core/graph_draft.h"

enum {
    SHAPE_MAX_SIDE = 1000000,     // rows or columns
    SHAPE_MAX_COUNT = 128 << 20,  // numbers in one block: 1 GiB
    SHAPE_MAX_WEIGHTS = 256 << 20 // numbers in all parameters: 2 GiB
};

/// Finds the shapes of parameters and terms of a part; what cannot be found keeps a 0.
void shape_infer(Draft *d);

/// Checks every shape of a part after shape_infer, and that each parameter's is known.
///   errors  in d->diags, one an equation and one a parameter
bool shape_check(Draft *d);

/// "4×7", "a column of 4", "a single number".
const char *shape_words(Arena *a, Dim dim);

/// The rule's result from known arguments; false if they do not fit.
bool shape_of(OpKind op, int n_args, const Dim *args, Dim *out);

static inline bool dim_known(Dim d) {
    return d.rows > 0 && d.cols > 0;
}
static inline bool dim_single(Dim d) {
    return d.rows == 1 && d.cols == 1;
}
static inline bool dim_equal(Dim a, Dim b) {
    return a.rows == b.rows && a.cols == b.cols;
}

#endif
