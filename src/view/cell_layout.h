/// The picture of a cell in parts: what is drawn comes from the graph (cell_items.c), where it goes
/// from one of three layouts (cell_lstm.c and cell_gru.c for the structures everyone knows,
/// cell_auto.c for any other), and one drawer draws it (cell_draw.c, cell_draw_values.c).
#ifndef VIEW_CELL_LAYOUT_H
#define VIEW_CELL_LAYOUT_H

#include "view/panels.h"

typedef struct {
    double x, y;
} Spot;

typedef enum {
    CELL_LAYER,    // a learned layer: weights, bias and the function after them in one box
    CELL_FUNCTION, // a function or another operation with a name: a small box
    CELL_POINT,    // element by element: a circle
    CELL_JOIN,     // a stack: where wires meet
    CELL_IN,       // what comes into the picture: x, a state of an earlier timestep
    CELL_OUT       // what goes on: states, the output
} CellKind;

typedef struct {
    CellKind kind;
    int node;          // whose value leaves it; of a join that stands for several stacks: -1
    int lag;           // CELL_IN: read so many timesteps ago
    const char *tex;   // what is written in it
    const char *brief; // and where that has no room; NULL for nothing
    bool has_curve;    // the function is of one number: its graph is drawn
    int curve;         // the node of that function
    bool gate;         // its value is always in [0, 1]
    Box box;           // the glyph
    // automatic layout
    int rank;
} CellItem;

enum { CELL_BENDS = 24, CELL_MAX_ITEMS = 160, CELL_ROWS = 8 };

/// A wire from one item to another. Corners are rounded when it is drawn.
typedef struct {
    int from, to;
    bool belt; // carries the state that the picture is about
    Spot at[CELL_BENDS];
    int n;
} CellWire;

/// Where the i-th piece of a wire runs, and so far beside it.
Box cell_wire_box(const CellWire *w, int i, double beside);

typedef enum { NUMBERS_NONE, NUMBERS_LEFT, NUMBERS_RIGHT } CellNumbers;

/// A value beside its wire: squares with numbers, and its name over them.
typedef struct {
    int node, lag;
    Spot at;        // top left corner of the first square
    bool row;       // from left to right
    bool transient; // shown only while its item is at work
    CellNumbers numbers;
    int item; // that it belongs to
} CellVector;

/// Everything about one picture: a pure function of a View and a box.
typedef struct {
    Scene *s;
    const View *v;
    const Graph *g;
    const Trace *trace;
    int first_part, last_part;
    int place;
    bool backward;
    CellItem *items;
    int n_items, cap_items;
    CellWire *wires;
    int n_wires, cap_wires;
    CellVector *vectors;
    int n_vectors, cap_vectors;
    bool *still;  // [nodes of the graph] made of numbers and parameters alone: never changes
    int *item_of; // [nodes of the graph] index into items; -1
    bool too_large;
    // sizes
    Box area;
    double unit;          // 1 in a panel of about 840 x 300
    double square, gap;   // edge of a square, room between two
    int rows;             // squares at most in a column
    double number, width; // size of numbers; room for one, 0 where there is none
    int digits;
    double letter; // size of names
    double radius; // of circles
    // at work
    int work_node; // node of the last step; -1 for the total of the loss and before any
    Ref focus;
    bool *work; // [n_items]
    int *depth; // [n_items] how many wires at work, one after another, colour runs along to it
    int deepest;
    bool all; // a whole timestep is at work: nothing is dimmed
    double grad_top;
    Box *taken; // where something is written or drawn already
    int n_taken, cap_taken;
} CellDiagram;

/// Collects items and wires of the parts first_part..last_part. Nothing has a place yet.
///   owner   lists: the scene's arena
void cell_items(CellDiagram *d);

/// The item with that kind, node and lag; -1 if there is none.
int cell_item_find(const CellDiagram *d, CellKind kind, int node, int lag);

/// Lays out an additive state under gates: c = f * c[t-1] + i * g, h = o * tanh(c), any of whose
/// gates and the function may be missing; h times dropout's mask stands beside it. False if the
/// graph is otherwise.
bool cell_layout_lstm(CellDiagram *d);

/// Lays out a gated unit: h = z * h[t-1] + (1 - z) * n or the other way round, where the candidate
/// may read the past under a reset gate. False if the graph is otherwise.
bool cell_layout_gru(CellDiagram *d);

/// The index of the wire between two items; -1 if there is none.
int cell_wire_find(const CellDiagram *d, int from, int to);

/// Makes belts of the wires between n pairs of items, where there are such wires.
void cell_mark_belt(CellDiagram *d, const int (*ends)[2], int n);

/// Both sources of an item; false if it has not exactly two. Sources that lack are -1.
bool cell_two_sources(const CellDiagram *d, int item, int *a, int *b);

/// Lays out anything: ranks from left to right.
///   source  Sugiyama, Tagawa & Toda 1981
void cell_layout_auto(CellDiagram *d);

/// Room for the numbers of a picture with so many digits; 0 digits for none.
double cell_number_width(const CellDiagram *d, int digits);

/// Width of a vector with its numbers, and height of its squares.
double cell_vector_width(const CellDiagram *d, int node);
double cell_vector_height(const CellDiagram *d, int node);

/// Does a box touch a value other than `but` (may be NULL), or its name, that is always shown?
bool cell_in_value(const CellDiagram *d, Box box, const CellVector *but);

/// Appends a vector.
CellVector *cell_add_vector(CellDiagram *d, CellVector v);

/// Appends the column of an item's value at a spot; nothing for item -1.
void cell_add_value(CellDiagram *d, int item, Spot at, CellNumbers numbers, bool transient);

/// Appends everything to the scene.
void cell_draw(CellDiagram *d);

/// Appends the values and the names.
void cell_draw_values(CellDiagram *d);

/// Appends the name of what is at work and has neither item nor wire: parameters.
void cell_draw_given(CellDiagram *d);

/// Appends what the playhead's gradient is summed from, where it forks.
void cell_draw_shares(CellDiagram *d);

/// Marks a box as taken; false, and nothing, if something is there already.
bool cell_claim(CellDiagram *d, Box box);

/// The place at which a value `lag` timesteps ago stands; 0 before the first.
int cell_place(const CellDiagram *d, int node, int lag);

/// What a reference to a node's element means in this picture.
Ref cell_ref(const CellDiagram *d, int node, int lag, int unit, bool grad);

/// Is this wire at work: into the item at work, or backward out of it?
bool cell_wire_works(const CellDiagram *d, const CellWire *w);

/// A role to draw with: that of the letter, or the accent.
Role cell_role(const CellDiagram *d, int node);

#endif
