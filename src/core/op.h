/// Operations: one row of one table each. A new operation is a new row.
/// Every value is a two-dimensional block of doubles, row-major; a vector is a column.
#ifndef CORE_OP_H
#define CORE_OP_H

#include <stdbool.h>

typedef struct {
    int rows, cols;
} Dim;

/// What a node of the graph does. The first five hold values and compute nothing.
typedef enum {
    OP_INPUT,    // x, a target or symbols: set from the data at every timestep
    OP_PARAM,    // a weight or bias; the same at every timestep
    OP_CONST,    // a number of the text, a size, a named constant
    OP_TIMESTEP, // t, from 1, in the direction the layer reads
    OP_START,    // a start value given by the lesson; the same at every lag
    // wiring: moves numbers, computes nothing, is no step of its own
    OP_STACK,  // [a; b; ...], also written [a, b, ...]
    OP_SLICE,  // a[lo:hi], rows lo to hi from 1
    OP_SPREAD, // a 1x1 value spread to the shape of the node
    // steps
    OP_COPY, // an equation that only renames: c = f
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_DIV,
    OP_MATMUL,
    OP_NEG,
    OP_TRANSPOSE,
    OP_SIGMOID,
    OP_TANH,
    OP_RELU,
    OP_EXP,
    OP_LOG,
    OP_SQRT,
    OP_ABS,
    OP_SIN,
    OP_COS,
    OP_SOFTPLUS,
    OP_LOGSIGMOID,
    OP_HARD_SIGMOID,
    OP_HARD_SIGMOID_KERAS,
    OP_SOFTMAX, // each column
    OP_SUM,
    OP_MEAN,
    OP_VAR,
    OP_MAX,
    OP_MIN,
    OP_CLIP,  // args: a, lo, hi
    OP_WHERE, // args: left, right, a, b; the comparison is in Node.compare
    OP_MOD,
    OP_STOP,
    OP_OUTER,
    OP_DOT,
    // feeding back, used only by the built-in feeds (core/feed.h)
    OP_PICK, // of a column: 1 where it is largest (the first of several), 0 elsewhere
    OP_DRAW, // args: a column of probabilities, a number u in [0, 1): 1 where the sum of the
             // probabilities down to there is first above u, 0 elsewhere
    // losses, used only by the built-in loss texts (core/loss.h)
    OP_CROSS_ENTROPY,        // args: y, target, z with y = softmax(z); value from z
    OP_BINARY_CROSS_ENTROPY, // args: y, target [, z with y = sigmoid(z)]; element by element
    OP_COUNT
} OpKind;

typedef enum { COMPARE_LT, COMPARE_LE, COMPARE_GT, COMPARE_GE, COMPARE_EQ } Compare;

/// Is the comparison true? Of NaN none is.
bool op_holds(Compare compare, double a, double b);

enum { OP_MAX_ARGS = 4 }; // of operations other than stacks

/// What one operation sees when it runs. Arrays are borrowed for the call.
typedef struct {
    Dim dim; // of the result
    int n_args;
    const Dim *arg_dim;       // [n_args]
    const double *const *arg; // [n_args] values, each arg_dim[k].rows * arg_dim[k].cols
    Compare compare;          // OP_WHERE
    int lo;                   // OP_SLICE: first row, from 1
    int width;                // training: so many sequences side by side, the columns of each value
                              // that is a column for one of them; 0 or 1: one sequence
    bool fused;               // OP_SOFTMAX or OP_SIGMOID whose only reader is the matching loss:
                              // arg[1] is then that loss's target, and backward gives
                              // (y - target) times the loss's gradient dy[0] (cross-entropy) or
                              // dy[i] (binary), so that nothing overflows
} OpCall;

/// Fills y (dim.rows * dim.cols).
typedef void OpForward(const OpCall *call, double *y);

/// Fills share with the part of the gradient of argument k that comes through this operation:
/// share = (d y / d arg k)^T dy, in the shape of the argument. Assigns, never adds.
typedef void OpBackward(const OpCall *call, const double *y, const double *dy, int k,
                        double *share);

/// The derivative of an element-by-element function of one argument at x with y = f(x).
typedef double OpSlope(double x, double y);

/// How the shape of the result comes from the arguments.
typedef enum {
    SHAPE_RULE_NONE,      // values: given by the graph
    SHAPE_RULE_SAME,      // one argument, same shape
    SHAPE_RULE_SPREAD,    // all the same, 1x1 spreads
    SHAPE_RULE_MATMUL,    // (n,k) (k,m) -> (n,m)
    SHAPE_RULE_TRANSPOSE, // (n,m) -> (m,n)
    SHAPE_RULE_SCALAR,    // any -> 1x1
    SHAPE_RULE_OUTER,     // (n,1) (m,1) -> (n,m)
    SHAPE_RULE_DOT,       // (n,1) (n,1) -> 1x1
    SHAPE_RULE_DRAW,      // (n,m) (1,m) -> (n,m)
    SHAPE_RULE_STACK,
    SHAPE_RULE_SLICE,
    SHAPE_RULE_LOSS
} ShapeRule;

/// One row. The sentences `say` and `say_back` hold placeholders in braces, filled by
/// lesson/say.c for one element of the result (of the operand in say_back):
///   {name}              the result's name
///   {y}                 its number
///   {a} {b} {c} {d}     the names of arguments 0 to 3
///   {va} {vb} {vc} {vd} their numbers at that element (the only one of a 1x1 that spreads)
///   {terms}             the terms of a sum written out: products of a matrix or dot product,
///                       elements of sum and mean; in say_back the products blame times number
///                       that add up to the share
///   {n}                 how many numbers are summed up or averaged
///   {relation}          the comparison of where, as a sign
///   {holds} {refused}   "holds" or "does not hold"; the number that where does not take
///   {to}                say_back: the argument that receives the share
///   {other} {vother}    say_back: of two arguments the other one and its number
///   {g}                 say_back: the incoming gradient of the element of the result
///   {slope}             say_back: d result / d argument there
///   {share}             say_back: what reaches the argument
/// A name may stand several times; a row uses only what its kind of operation has.
typedef struct {
    const char *name;  // as in the cell language for functions ("sigmoid"), else a word ("add")
    const char *alias; // other spelling in the cell language, or NULL ("σ")
    bool is_function;  // written f(a, ...) in the cell language
    bool is_internal;  // not offered to cells (losses)
    bool is_step;      // takes a step of the walk
    int arity;         // -1: any number
    ShapeRule shape;
    OpForward *forward;      // NULL: values, given from outside
    OpBackward *backward;    // NULL: passes no gradient
    bool spares_args;        // backward looks at no number of its arguments but a fused target
    bool spares_result;      // backward looks at no number of its own result
    OpSlope *slope;          // element-by-element functions of one argument, else NULL
    const char *tex;         // typesetting: #0 #1 ... are the arguments ("\\sigma(#0)", "#0 \\odot
                             // #1"), #r the comparison of where; NULL for values, and for stacks
                             // and slices, which the typesetter builds itself
    const char *slope_tex;   // local derivative with #0 the argument and #y the result, or NULL
    const char *title[2];    // short name in English, in Chinese ("product", "乘积")
    const char *say[2];      // what is done, English and Chinese; NULL for what is no step
    const char *say_back[2]; // how the gradient passes to an argument; NULL where none passes
} OpDef;

extern const OpDef op_defs[OP_COUNT];

/// Does a number of the result depend on its whole column of the first argument?
static inline bool op_reads_column(OpKind op) {
    return op == OP_SOFTMAX || op == OP_PICK || op == OP_DRAW;
}

/// What say_back is instead where softmax or sigmoid is fused with its loss: {vb} is the target's
/// number, {g} the gradient of the loss.
extern const char *const op_say_back_fused[2];

/// What say_back is instead for a 1x1 argument that spreads over {n} elements of the result; the
/// share is a sum then, and {g} and {slope} would stand for only one of its terms.
extern const char *const op_say_back_spread[2];

/// The function called `name` in the cell language (name or alias), or OP_COUNT.
OpKind op_find_function(const char *name);

#endif
