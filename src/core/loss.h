/// Losses: each a built-in text in the cell language, so that it is walked, typeset and
/// differentiated like everything else.
#ifndef CORE_LOSS_H
#define CORE_LOSS_H

#include "core/graph.h"

typedef struct {
    const char *name; // as in a lesson: "cross-entropy"
    const char *text; // the equations of one timestep's loss, before averaging: reads y and
                      // target, assigns loss
    OpKind ends_in;   // the operation of the head that the loss is fused with; OP_COUNT: none
    OpKind op;        // the operation it is fused into
    bool needs_it;    // without that operation there is no such loss
} LossDef;

/// Rows by LossKind; LOSS_NONE has no text.
extern const LossDef loss_defs[LOSS_PROBE + 1];

/// The embedding as a text: x from the one-hot column s.
extern const char embedding_text[];

#endif
