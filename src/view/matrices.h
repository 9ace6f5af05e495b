/// Parameters as matrices of squares: which of them stand side by side and what their rows and
/// columns are called (view/blocks.c), how they are drawn (view/matrices.c), and what their
/// gradients are at the playhead (view/grown.c). Private to these and the panels of weights and
/// gradients.
#ifndef VIEW_MATRICES_H
#define VIEW_MATRICES_H

#include "view/value.h"

enum { BLOCK_PARAMS = 4, BLOCK_GROUPS = 8 };

/// Columns of one parameter that meet the same thing.
typedef struct {
    int param;
    int product;              // matrix product that it is the left side of; -1: none
    int from, n;              // columns of the parameter, from 0
    int at;                   // the first of them in the block, from 0
    int number;               // what the first one is called, if they have no names
    const char *tex;          // what they meet: "h_{t-1}"; of a column that is added its own name
    const char *const *names; // of the columns, or NULL
} ParamGroup;

/// The parameters of one equation that have as many rows: W_f and b_f.
typedef struct {
    int equation; // -1: of none
    int part;
    int params[BLOCK_PARAMS];
    int n_params;
    int rows, cols;
    ParamGroup groups[BLOCK_GROUPS];
    int n_groups;
    bool turned;              // it is used transposed: units of the equation are its columns
    const char *const *names; // of the rows, or NULL: 1, 2, ...
} ParamBlock;

/// An element of a block, from 0.
typedef struct {
    int block, row, col;
} Pick;

/// All parameters of the network.
///   owner   the scene's arena
ParamBlock *blocks_of(const Value *p, int *count);

/// Have both the same columns, so that one line of names is enough for both?
bool block_reads_same(const ParamBlock *a, const ParamBlock *b);

/// The parameter that has this column of the block, and its element there, from 1.
int block_element(const Graph *g, const ParamBlock *b, int row, int col, int *unit);

/// What a ref is about: an element of a parameter, or the row that makes a unit of an equation and
/// in it the weight that is largest in `size` (the parameters' numbers, flat). ParamBlock -1:
/// neither.
Pick block_pick(const Value *p, const ParamBlock *blocks, int n, Ref ref, const double *size);

/// What is shown of a parameter.
typedef struct {
    const double *x;     // its numbers; NULL while none is known
    int known;           // elements 1 .. known are, the others are not computed yet
    const double *moved; // what the optimizer added, to be marked; or NULL
    int n_moved;         // elements 1 .. n_moved
    int place;           // of its refs
    double largest;      // size of its elements, as far as colours go
    double norm;         // of x; NaN while none is known
} Sheet;

typedef struct {
    Value *p;
    const ParamBlock *blocks;
    int n;
    const Sheet *sheets; // [n_params]
    Pick pick;           // what the panel is about; framed
    Pick under;          // what is under the mouse: its row is framed
    int work;            // block at work; -1: none
    bool grad;           // gradients, else values
    int finer;           // digits more that the largest number has; matrices_draw says
    double top;          // size that has the full colour; matrices_draw says
} Matrices;

/// What a panel of parameters is about: the pinned element, else that of the step; *work is the
/// block that the step is about, -1 for none. Not the element under the mouse: what moves away from
/// it cannot be read.
///   size   see block_pick
Pick matrices_subject(const Value *p, const ParamBlock *blocks, int n, const double *size,
                      int *work);

/// Lights of the panel's shapes, from index `from` on, only what is itself under the mouse.
void matrices_unmark(Scene *s, const View *v, int from);

enum { MATRICES_ROW = 7 }; // the least height of a row where all blocks are shown

/// The height of all blocks with rows of that height, logical pixels at unit 1; more than any panel
/// has where squares would be too narrow.
double matrices_least(const Matrices *m, double width, double row);

/// Draws them: all blocks, else the picked one with its surroundings in numbers and the others as
/// a list.
void matrices_draw(Matrices *m, Box area);

/// What the colours mean, in a row.
void matrices_legend(const Matrices *m, Box row);

/// The gradient of a parameter as far as the way back has summed it, elements 1 .. *known; NULL
/// while nothing is known.
///   owner   the scene's arena or the lesson, for this frame
const double *grown_gradient(const Value *p, int param, int *known);

/// The norm of that sum, whole timesteps only; NaN while none is known.
double grown_norm(const Value *p, int param);

/// The timestep of the last share in it; where there is none, that of the stage.
int grown_place(const Value *p, int param);

#endif
