/// A part of the network while it is being built: its names resolved, its expressions laid flat
/// in order of evaluation. Sides of shapes that are not known yet are 0. Internal to graph_*.c
/// and shape*.c.
#ifndef CORE_GRAPH_DRAFT_H
#define CORE_GRAPH_DRAFT_H

#include "core/graph.h"

enum { HASH_EMPTY = -1 };

typedef enum {
    NAME_EQUATION, // assigned
    NAME_INPUT,    // x of a layer, h of the head, y and target of the loss
    NAME_PARAM,    // used and never assigned
    NAME_NUMBER,   // a constant, a named size, input, hidden
    NAME_TIMESTEP  // t
} NameKind;

typedef struct {
    const char *name;
    NameKind kind;
    Dim dim;         // 0 on an open side
    double number;   // NAME_NUMBER
    bool is_size;    // NAME_NUMBER: may stand in a size expression
    int equation;    // NAME_EQUATION: index into cell->equations
    int node;        // in the graph; -1 until it is there
    int handed;      // as Equation.handed
    bool lagged;     // read with a lag somewhere in the part
    bool sized;      // has a `size` line: an assigned name's shape, or a named size
    bool declared;   // has a `param` line
    const Expr *use; // the first place that reads it; NULL if none
    int *readers;    // NAME_PARAM: statements that read it
    int n_readers, cap_readers;
} Name;

/// One operand or operation, after its arguments in the list.
typedef struct {
    const Expr *expr;
    OpKind op;     // OP_PARAM for every name, OP_CONST for every number
    int name;      // index into names; -1 for operations and numbers
    int lag;       // of a name
    double number; // of a number
    int first_arg; // into args
    int n_args;
    int lo, hi; // OP_SLICE; 0 if they could not be computed
    Dim dim;    // of what is no name; a name's is in its Name
    int node;   // in the graph; -1 until it is there
} Term;

/// An equation or a start line: terms first .. first + count - 1, the last being the whole.
typedef struct {
    const Expr *root;
    Span span; // of the name that gets the value
    int name;  // index into names
    bool is_start;
    int first, count;
    bool dirty;     // a shape in it became known since it was last looked at
    bool guessable; // the rule for open shapes may still find something in it
} Statement;

typedef struct {
    Arena *arena; // dies when the graph is built
    Diags *diags;
    const NetSpec *spec;
    const LayerSpec *layer; // NULL for other parts
    const CellAst *cell;
    PartKind kind;
    int hidden, input;
    const char *hint; // what would cure wrong shapes, told with each; NULL if unknown
    Name *names;
    int n_names, cap_names;
    int *hash; // open addressing over names
    int n_hash;
    Term *terms;
    int n_terms, cap_terms;
    int *args; // terms
    int n_args, cap_args;
    Statement *statements; // the equations in order of the file, then the start lines
    int n_statements, cap_statements;
} Draft;

/// What a part is made of.
typedef struct {
    PartKind kind;
    const CellAst *cell;
    const LayerSpec *layer;     // NULL for other parts
    int hidden;                 // rows of `hidden`
    int input;                  // the number `input`
    int output_rows;            // rows of the output where no size line says it; 0: hidden
    const char *input_names[2]; // names that read nodes of other parts
    Dim input_dims[2];
    int n_inputs;
} DraftSpec;

/// Resolves the names of a part and lays its expressions flat.
///   owner   scratch
///   errors  mistakes of names and sizes, in d; the draft is usable all the same
Draft *draft_new(Arena *scratch, const NetSpec *spec, const DraftSpec *part, Diags *d);

/// The index of a name, or -1.
int draft_find(const Draft *d, const char *name);

/// Adds a name that is not there yet; its index.
int draft_add(Draft *d, Name name);

/// Adds a mistake in the text of the part's cell. Always false.
bool draft_error(const Draft *d, Span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/// All subexpressions that are evaluated, each after its arguments, left to right. Works without
/// recursion: a line may chain thousands of operators.
const Expr **expr_order(Arena *a, const Expr *root, int *count);

/// Shape of a term: its name's, or its own.
static inline Dim term_dim(const Draft *d, int term) {
    const Term *t = &d->terms[term];
    return t->name >= 0 ? d->names[t->name].dim : t->dim;
}

/// Argument k of a term.
static inline int term_arg(const Draft *d, const Term *t, int k) {
    return d->args[t->first_arg + k];
}

/// The equations (indices into cell->equations) in an order in which each comes after what it
/// reads of the same timestep; otherwise as in the file.
///   owner   d->arena
///   errors  loops, each with its members; they are then left out of the order
int *graph_order(Draft *d, int *count);

/// The values of the named sizes, with the layer's overrides, and the shapes that `size` lines
/// give to assigned names. Equations must be among the names.
void draft_sizes(Draft *d);

/// A size expression as a number of at least 1 and at most SHAPE_MAX_SIDE; 0 after a mistake.
int size_eval(const Draft *d, const Expr *e);

#endif
