/// The unrolled timeline in parts: where everything goes (timeline_plan.c), the belt with its
/// valves (timeline_belt.c), and the panel that puts columns and chips around it.
#ifndef VIEW_TIMELINE_H
#define VIEW_TIMELINE_H

#include "view/panels.h"

/// A part that runs at places first .. last, and what it shows there. An encoder and its decoder
/// have a lane each, one after the other.
typedef struct {
    int part;
    int first, last;
    int belt;     // equation whose value the belt carries; -1: none
    int gate;     // node that multiplies the belt's past; -1: none
    int *columns; // equations, a column of squares each
    int n_columns;
    int left_out; // equations that have no column
} Lane;

/// What is shown and where: a pure function of a View and a box.
typedef struct {
    const View *v;
    const Graph *g;
    const Trace *trace;
    int part;      // at work
    bool backward; // gradients are shown
    int flow;      // 1: time runs to the right in this part; -1: to the left
    Lane lanes[2];
    int n_lanes;
    int n_columns;      // of the lane that has most
    int here;           // place at work
    int steps;          // T
    int first, last;    // places shown
    double unit;        // size of everything: 1 in a window of 1600 x 1000
    Box belt_box;       // where the belt and its valves are
    double belt_half;   // half of its greatest width
    double letters;     // baseline of the letters above the columns
    double squares;     // top of the squares
    double square, gap; // edge of a square, room between two
    double step;        // from column to column
    int rows;           // squares in a column
    double chips, chip; // top and height of the row of inputs
    double labels;      // baseline of "t = 3"
    double left, pitch; // left edge of the first place, and from place to place
    Box outputs;        // at the right; width 0 without a head
} Timeline;

/// Plans a timeline in the box under its heading.
///   owner   columns: the scene's arena
Timeline timeline_plan(Scene *s, const View *v, Box area);

/// The lane at a place; NULL where none of this number runs.
const Lane *timeline_lane(const Timeline *t, int place);

/// Left edge of a place's column of the timeline.
double timeline_x(const Timeline *t, int place);

/// Middle of column k at a place.
double timeline_column_x(const Timeline *t, int place, int k);

/// The equation of a part that is read with a lag and comes back to itself by the shortest way:
/// fewest products with weights, then fewest operations. -1 if none.
int timeline_belt(const Graph *g, int part);

/// The node that multiplies the equation's own past on that way (the forget gate); -1 if none.
int timeline_gate(const Graph *g, int equation);

/// Appends the belt and its valves.
void timeline_draw_belt(Scene *s, const Timeline *t);

#endif
