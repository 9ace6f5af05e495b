/// The text of a cell as a tree, before any size is known. Everything keeps its place.
#ifndef CORE_AST_H
#define CORE_AST_H

#include "core/arena.h"
#include "core/diag.h"
#include "core/op.h"

typedef enum {
    EXPR_NUMBER,
    EXPR_NAME, // with its lag, 0 for none
    EXPR_OP,   // an operator, a function, a stack, a transpose: op says which
    EXPR_SLICE // args[0] cut to rows lo..hi
} ExprKind;

/// Nesting is at most CELL_MAX_DEPTH, but a chain such as a + b + c leans to the left for as long
/// as a line is (32,000 sums): who walks a tree follows args[0] in a loop, or keeps its own stack.
typedef struct Expr Expr;
struct Expr {
    ExprKind kind;
    Span span;        // the whole of it
    Span op_span;     // the operator or the function's name
    double number;    // EXPR_NUMBER
    const char *name; // EXPR_NAME, in NFC
    int lag;          // EXPR_NAME: c[t-1] has 1
    OpKind op;        // EXPR_OP
    Compare compare;  // EXPR_OP with OP_WHERE
    int n_args;
    Expr **args;
    Expr *lo, *hi; // EXPR_SLICE: size expressions; hi is NULL in a[3]
    bool bracketed; // stood in ( ), which typesetting keeps
};

typedef struct {
    const char *name; // in NFC
    Span name_span;
    Expr *value;
    const char *label[2]; // English, Chinese; NULL where absent
} EquationAst;

typedef struct {
    const char *name;
    Span name_span;
    Expr *rows, *cols; // size expressions; cols is NULL for a column
    Span dims_span;
} SizeAst;

typedef struct {
    const char *name;
    Span name_span;
    Expr *value; // const: EXPR_NUMBER; start: an expression
} ValueAst;

typedef enum {
    INIT_CONSTANT, // a = the number
    INIT_UNIFORM,  // within +-a; a = 0 means 1/sqrt(hidden)
    INIT_GLOROT,
    INIT_ORTHOGONAL,
    INIT_IDENTITY,
    INIT_NORMAL, // standard deviation a
    INIT_CHRONO  // a = T
} InitKind;

typedef struct {
    InitKind kind;
    double a;
} InitRule;

typedef struct {
    const char *pattern; // a name; '*' matches any rest
    Span span;
    InitRule rule;
} InitAst;

typedef struct CellAst {
    const Source *source;
    const char *name;         // "lstm", "found/nested"
    const char *title[2];     // English, Chinese
    const char *origin[2];    // the paper, of the `source` line
    const char *note[2];      // a remark
    EquationAst *equations;   // in the order of the file
    int n_equations;
    SizeAst *sizes;           // `size` lines, of assigned names and named sizes alike
    int n_sizes;
    SizeAst *params;          // `param` lines
    int n_params;
    ValueAst *consts;
    int n_consts;
    ValueAst *starts;
    int n_starts;
    InitAst *inits;
    int n_inits;
    const char *output; // "h" by default
    Span output_span;   // NO_SPAN by default
} CellAst;

#endif
