/// A network as one graph of operations, with shapes; time is not in it. All layers, the head and
/// the loss are parts of the same graph, so a node number names a value anywhere in the network.
/// The history of every node over time is in the trace (core/trace.h).
#ifndef CORE_GRAPH_H
#define CORE_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ast.h"

/// An operand: the value of `node`, `lag` timesteps ago in the direction of the part that reads.
/// A lag above 0 stands only on an equation's node of the same part or on the part's input.
/// Before the part's first timestep the former has its start value (in a decoder that of the
/// encoder's equation it is `handed`, at that place), and x is 0 whatever it comes from.
typedef struct {
    int node;
    int lag;
} Arg;

typedef struct {
    OpKind op;
    Dim dim;
    int part;     // index into parts
    int equation; // index into equations; -1 for inputs, parameters, constants, t
    int step;     // number of the operation within its equation, from 1; 0 if it is no step
    bool steady;  // parameters, constants, start expressions: one value for all timesteps
    int n_args;
    const Arg *args;
    double number;        // OP_CONST
    const double *values; // OP_START: the lesson's numbers, row-major
    int lo;               // OP_SLICE: first row, from 1; the last is lo + dim.rows - 1
    Compare compare;      // OP_WHERE
    bool fused;           // see OpCall.fused; args[1] is then the target
    int param;            // OP_PARAM: index into params
    const Expr *expr;     // where it stands in the text; NULL for implied nodes
} Node;

/// Who uses a node: argument `arg` of node `node`, `lag` timesteps later. Arguments that take no
/// gradient are not listed: the target and z of a loss operation, the target of a fused node. An
/// equation of an encoder also lists the lagged readers of the decoder's equation it is handed to.
typedef struct {
    int node;
    int arg;
    int lag;
} Use;

/// An assigned name. Its value is that of `node`, which belongs to no other equation: where the
/// right side is a bare name, a number, a stack or a slice, a copy stands over it as its step; a
/// 1x1 value assigned to a larger name is spread. Reading a name is an argument, not a node.
typedef struct {
    const char *name;     // as in the cell: "c"
    const char *full;     // with its prefix: "layer2.reverse.c", "head.y", "loss"
    const char *label[2]; // never NULL: falls back to the name
    const EquationAst *ast;
    int part;
    int node;        // the last operation
    int first, last; // the equation's own nodes, in order of execution: first..last
    int n_steps;     // operations that are steps
    int start;       // node with the value before the first timestep; -1: zeros
    int handed;      // of a decoder: the encoder's equation whose values stand before the first
                     // timestep; -1: none, `start` holds
    bool remembered; // read with a lag, or has a start line or a start value of the lesson
    int mask;        // of dropout: the node of its mask; -1: it is an equation of the cell
} Equation;

typedef enum { PART_FEED, PART_EMBEDDING, PART_LAYER, PART_HEAD, PART_LOSS } PartKind;

/// The places at which a part runs. With a decoder the sequence has two stretches: an encoder runs
/// at the places of the prompt, the decoder at those after it.
typedef enum { STRETCH_ALL, STRETCH_PROMPT, STRETCH_ANSWER, STRETCHES } Stretch;

/// A layer in one direction, what feeds outputs back, the embedding, the head, or the loss.
typedef struct {
    PartKind kind;
    const char *name;   // "layer1", "layer1.reverse", "decoder.layer1", "head", "loss",
                        // "embedding", "feed"
    const char *prefix; // of its names: "", "reverse.", "layer2.", "decoder.layer2.", "head."
    const CellAst *cell;
    bool backward; // reads from the last timestep to the first
    Stretch stretch;
    int layer;       // number of the layer, from 1, in the encoder and in the decoder; else 0
    int hidden;      // rows of `hidden`
    int input;       // node of x (of h for the head, of y for the loss and what feeds back)
    int output;      // node handed on
    int first, last; // nodes first..last are executed at every timestep, in this order; after
                     // the equations of a reverse half comes the stack [forward; reverse]
    int first_start, last_start; // nodes of start expressions, run once; empty if last < first
} Part;

typedef struct {
    const char *full; // "W_f", "layer2.b_f", "head.W_y", "embedding.E"
    const char *name; // without prefix
    Dim dim;
    bool is_matrix; // begins with a capital: printed as nested rows even when 1x1
    int offset;     // into the flat block of parameters
    int node;       // its OP_PARAM node
    int part;
    int hidden; // for the initialisers
    InitRule init;
} Param;

typedef enum {
    LOSS_NONE,
    LOSS_CROSS_ENTROPY,
    LOSS_BINARY_CROSS_ENTROPY,
    LOSS_MSE,
    LOSS_PROBE
} LossKind;

/// How an output becomes the next input (core/feed.h).
typedef enum { FEED_NONE, FEED_VALUE, FEED_LARGEST, FEED_SAMPLE, FEED_COUNT } FeedKind;

typedef struct {
    Node *nodes;
    int n_nodes;
    Equation *equations; // part by part, in order of execution
    int n_equations;
    Part *parts; // in order of execution: feed, embedding, layers (a decoder's after the
                 // encoder's), head, loss
    int n_parts;
    Param *params;
    int n_params;
    int n_weights;          // numbers in the flat block
    const Use *const *uses; // [n_nodes] who reads it, in a fixed order, the order of summation
    const int *n_uses;      // [n_nodes]
    int x;                  // node of the first layer's x: `data`, or the embedding's result
    int data;         // node set from the data, x or the symbols' one-hot columns: OP_INPUT, or
                      // with feedback the result of the feed, which takes its place where it runs
    int target;       // OP_INPUT node of the target in the loss part; -1 without loss
    int *masks;       // [n_masks] OP_INPUT nodes of dropout, in order of execution
    int n_masks;      // 0 without dropout
    int output;       // node of the network's result: head's y, or the last layer's output
    int feed_part;    // index into parts, -1 if nothing is fed back
    int draw;         // OP_INPUT node with the random number of a feed that draws, 1x1; else -1
    int decoder_part; // the decoder's first layer, -1 without a decoder
    int head_part;    // index into parts, -1 if none
    int loss_part;    // index into parts, -1 if none
    int loss;         // node of one timestep's loss, 1x1, before averaging; -1 if none
    LossKind loss_kind;
} Graph;

/// One layer in one direction.
typedef struct {
    const CellAst *cell;
    int hidden;
    int layer;     // from 1
    bool backward; // reads from the last timestep
    bool reverse;  // is the second half of a bidirectional layer (has the `reverse.` prefix)
    bool decoder;  // has the `decoder.` prefix; its number counts from 1 again
    const char *const *size_names; // overrides of named sizes
    const int *size_values;
    int n_sizes;
} LayerSpec;

/// A start value that the lesson gives, in place of the cell's.
typedef struct {
    const char *full; // "c", "layer2.h", "reverse.c"
    const double *values;
    int n;
    Span span; // in the lesson
} StartSpec;

typedef struct {
    const Source *source;    // of the lesson, for mistakes that no cell explains
    Span span;               // of `model:` in it
    int input;               // rows of x, or of the one-hot symbol with an embedding
    int embedding;           // rows of the embedding; 0 for none
    const LayerSpec *layers; // in order; both halves of a bidirectional layer follow each other,
                             // a decoder's layers follow the encoder's
    int n_layers;
    const CellAst *head; // NULL for none
    int head_rows;       // rows of the head's result; 0: as many as the last layer's output
    LossKind loss;
    Span loss_span;
    FeedKind feed;
    double temperature; // of FEED_SAMPLE
    Span feed_span;     // what asks for it
    Span decoder_span;  // what asks for a decoder
    const StartSpec *starts;
    int n_starts;
    bool dropout; // for training: what a layer hands to the next layer or to the head, and what an
                  // equation of the head hands to the next, is multiplied by a mask, an input: an
                  // equation of its own, h_drop = h * mask
} NetSpec;

/// Builds the graph: orders equations by dependency, infers shapes, numbers the steps.
///   owner   arena a; cells and spec strings must live as long
///   errors  every mistake of names, shapes, loops and sizes, in d; NULL if any were added
Graph *graph_build(Arena *a, const NetSpec *spec, Diags *d);

/// The index of the first equation or parameter with that full name, or -1.
int graph_find_equation(const Graph *g, const char *full);
int graph_find_param(const Graph *g, const char *full);

/// The equation of dropout whose mask or whose result a node is; NULL for all others.
const Equation *graph_dropout(const Graph *g, int node);

/// The name that its text gives to its mask.
const char *graph_mask_name(const Equation *dropout);

/// The encoder's node that `reader` reads in place of `arg` before the decoder's first timestep; -1
/// if there is none.
int graph_handed(const Graph *g, int reader, Arg arg);

/// Does gradient that comes to this reader end there: at a stop, or at wiring that only stops read?
bool graph_cuts(const Graph *g, int reader);

/// The first operation of it that lets no gradient back: a stop, or the choice of a symbol.
/// OP_COUNT if there is none, so that all gradients are slopes of the loss.
OpKind graph_stops(const Graph *g);

/// Checks every promise this header makes about a graph. For tests and fuzzers.
bool graph_check(const Graph *g, const char **why);

/// One line an item, greppable: parts, parameters, equations, nodes.
void graph_dump(const Graph *g, Buf *out);

/// Rows times columns.
static inline int dim_count(Dim d) {
    return d.rows * d.cols;
}

#endif
