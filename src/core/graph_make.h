/// Drafts become nodes. Internal to graph_*.c.
#ifndef CORE_GRAPH_MAKE_H
#define CORE_GRAPH_MAKE_H

#include "core/graph_draft.h"

/// An argument that reads an equation of its own part; its node is filled in when all are there.
typedef struct {
    Arg *arg;
    int name; // index into the draft's names
} Pending;

/// A graph under construction.
typedef struct {
    Arena *arena;   // of the graph
    Arena *scratch; // of one part, reset for the next
    const NetSpec *spec;
    Diags *diags;
    Node *nodes;
    int n_nodes, cap_nodes;
    Equation *equations;
    int n_equations, cap_equations;
    Part *parts;
    int n_parts, cap_parts;
    Param *params;
    int n_params, cap_params;
    int64_t n_weights;
    int *masks; // of dropout, in order
    int n_masks, cap_masks;
    int n_handed;     // equations of a decoder that begin with a value of the encoder
    int *start_needs; // [spec->n_starts] numbers it must have; 0 while no layer has its name
    Pending *pending;
    int n_pending, cap_pending;
} Builder;

#define DECODER_PREFIX "decoder."

enum { GRAPH_MAX_NODES = 1 << 21 }; // against networks made to fill the memory

/// Appends a node; its index.
int make_node(Builder *b, Node node);

/// Appends the equation of dropout: the result of another one times a mask, an input that is drawn
/// anew for every sequence. It has a tree as if a cell had said it, so that it is walked and
/// typeset like everything else. Returns its node.
///   part  of the equation; it may still be under construction
int make_dropout(Builder *b, int equation, const Part *part);

/// Appends a part with all its nodes, equations and parameters, in this order: parameters,
/// constants and t; start values; the equations in `order`. `part` says what the draft does not:
/// name, prefix, direction. The nodes that the draft's inputs read are in `inputs`.
///   range   only for drafts without a mistake
///   owner   b->arena
int make_part(Builder *b, Draft *d, const int *order, int n_order, Part part, const int *inputs);

#endif
