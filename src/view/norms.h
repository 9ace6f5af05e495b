/// How large states are, and their gradients, from timestep to timestep: on a logarithmic axis,
/// where what shrinks or grows by the same factor at each timestep is a straight line.
#ifndef VIEW_NORMS_H
#define VIEW_NORMS_H

#include "view/value.h"

enum { NORMS_LINES = 4 };

/// One carried value of the layer that is shown: an equation that is read with a lag.
typedef struct {
    int node;
    Role role;
    const char *tex; // "\\lVert c_t \\rVert"
    int known;       // timesteps whose norm is known
    double factor; // by what it is multiplied from one timestep to the next on the walk: the slope
                   // of the line that is nearest to the logarithms; NaN if there are fewer than two
} NormLine;

/// The lines of the layer at the playhead, of values or of gradients.
/// Returns how many, at most NORMS_LINES.
int norms_lines(const Value *p, bool grad, NormLine *out);

/// "halves every 4.3 timesteps"; NULL where the factor is no number.
///   owner   the scene's arena
const char *norms_words(const Value *p, double factor);

/// Draws the lines into an area with names above and timesteps below.
void norms_draw(const Value *p, bool grad, const NormLine *lines, int n, Box area);

#endif
