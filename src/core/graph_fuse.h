/// The last touches on a graph: fusing of the loss, and the lists of uses. Internal to graph_*.c.
#ifndef CORE_GRAPH_FUSE_H
#define CORE_GRAPH_FUSE_H

#include "core/graph.h"

/// False for an argument that is read and takes no gradient: the target and z of a loss, the
/// target of a fused softmax or sigmoid.
bool graph_arg_carries(const Node *n, int k);

/// Fuses the loss with the operation the head ends in.
///   owner   arena a
///   errors  cross-entropy without a softmax before it
bool graph_fuse(Arena *a, Graph *g, const NetSpec *spec, Diags *d);

/// Fills g->uses and g->n_uses.
///   owner   arena a
void graph_link_uses(Arena *a, Graph *g);

#endif
