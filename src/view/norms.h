/// How large states are, and their gradients, from timestep to timestep: on a logarithmic axis,
/// where what shrinks or grows by the same factor at each timestep is a straight line.
#ifndef VIEW_NORMS_H
#define VIEW_NORMS_H

#include "view/value.h"

enum {
    NORMS_LINES = 4,
    NORMS_LEAST = 90 // logical pixels of a chart that can be read
};

/// One value over time: of the layer that is shown an equation that is read with a lag, or of a
/// cell that is compared what its layer hands on.
typedef struct {
    const Trace *trace; // whose value it is
    int node;           // in its graph
    int as;             // the lesson's own node beside which it becomes known
    Role role;
    const char *tex;  // "\\lVert c_t \\rVert"
    const char *cell; // in place of the formula; NULL: the lesson's own
    int known;        // timesteps whose norm is known
    double factor; // by what it is multiplied from one timestep to the next on the walk: the slope
                   // of the line that is nearest to the logarithms, of a gradient without the one
                   // at which it begins; NaN if there are fewer than two
} NormLine;

/// The lines of the layer at the playhead, of values or of gradients.
/// Returns how many, at most NORMS_LINES.
int norms_lines(const Value *p, bool grad, NormLine *out);

/// The lines of the cells that the lesson compares, its own first: of what the layer at the
/// playhead hands on, after training. Returns how many, at most NORMS_LINES.
int norms_compared(const Value *p, bool grad, NormLine *out);

/// "halves every 4.3 timesteps"; NULL where the factor is no number.
///   owner   the scene's arena
const char *norms_words(const Value *p, double factor);

/// What a gradient's line does, or why nothing can be said of it yet. As norms_words.
const char *norms_gradient_words(const Value *p, const NormLine *line);

/// A row, if there is room: a name as a formula, or as text where `tex` is NULL, and what it does.
void norms_row(Value *p, const char *tex, const char *name, const char *words);

/// A heading and the lines in so much of what is left, which leaves room for a number of rows
/// below.
///   returns false where the rows have none
bool norms_chart(Value *p, const char *title, bool grad, const NormLine *lines, int n, int rows,
                 double height);

/// Draws the lines into an area with names above and timesteps below.
void norms_draw(const Value *p, bool grad, const NormLine *lines, int n, Box area);

#endif
