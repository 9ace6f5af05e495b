/// A window of a block as squares with its names of rows and columns. Private to view/matrices.c.
#ifndef VIEW_MATRIX_GRID_H
#define VIEW_MATRIX_GRID_H

#include "view/matrices.h"

enum { GRID_GAP = 5 }; // between groups of columns

typedef struct {
    const Matrices *m;
    int block;
    int row, col, rows, cols; // of the block, from 0, and how many
    int row_bin, col_bin;     // elements that share a square: the one of largest size is shown
    bool header;              // names above the columns
} Grid;

/// Width of the names of a block's rows, height of those of columns that are `column` wide.
double grid_labels(const Matrices *m, const ParamBlock *b);
/// See grid_labels.
double grid_header(const Matrices *m, double column);

/// The pitch of columns whose squares have room for their numbers.
double grid_number_room(const Matrices *m);

/// Decimals of the numbers that squares of this size have room for; 0: they have none.
int grid_digits(const Matrices *m, double column, double row);

/// A number with the decimals that the squares have.
const char *grid_number(const Matrices *m, double x);

/// A square of the ramp at a level in [-1, 1].
Shape *grid_square(const Matrices *m, Box box, double level, Ref ref);

/// Draws the window from the top left of an area, in squares of this pitch.
void grid_draw(const Grid *g, Box area, double column, double row);

#endif
