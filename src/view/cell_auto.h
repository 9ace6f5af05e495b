/// The automatic layout while it is made: items and wires on their way as slots in ranks. Private
/// to cell_auto.c, cell_heights.c and cell_route.c.
#ifndef VIEW_CELL_AUTO_H
#define VIEW_CELL_AUTO_H

#include "view/cell_layout.h"

// An item, or a wire on its way through a rank.
typedef struct {
    int item; // -1: a wire on its way
    int wire;
    int rank;
    double order, y;
    double above, below; // of its middle
    bool lane;
    int prev_order; // of the best sweep
} Slot;

typedef struct {
    int from, to; // slots
    int wire;
} Link;

typedef struct {
    CellDiagram *d;
    Slot *slots;
    int n, cap;
    Link *links;
    int n_links, cap_links;
    int *pass;  // [items * ranks] where what leaves an item passes a rank; -1
    int **rank; // [ranks] slots in order
    int *n_rank;
    int ranks;
    bool *lane;    // [items]
    bool *along;   // [wires] on the lane
    double *x, *w; // [ranks] left edge and width of columns
    bool values;   // there is room for values beside operations
    bool compact;  // many states one under the other: low squares rather than tiny glyphs
} Auto;

/// The slot in which a wire passes a rank: all that leave one item share it.
int auto_slot_of(Auto *a, int wire, int rank);

/// Gives every slot its height, for this distance of rows. The height of all; *top is where it
/// begins.
double auto_heights(Auto *a, double gap, double *top);

/// Lays a wire along its slots, which have their places.
void auto_route(Auto *a, int wire);

#endif
