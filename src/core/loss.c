// Losses read y, the network's output, and target, a node of the same shape. Cross-entropy and
// binary cross-entropy are computed from what goes into softmax and sigmoid, where nothing
// overflows: the graph gives those operations to the loss, see graph_fuse.c.
#include "core/loss.h"

// clang-format off
const LossDef loss_defs[LOSS_PROBE + 1] = {
    [LOSS_NONE]                 = {"none", NULL, OP_COUNT, OP_COUNT, false},
    [LOSS_CROSS_ENTROPY]        = {"cross-entropy",
                                   "loss = cross_entropy(y, target)",
                                   OP_SOFTMAX, OP_CROSS_ENTROPY, true},
    [LOSS_BINARY_CROSS_ENTROPY] = {"binary-cross-entropy",
                                   "loss = sum(binary_cross_entropy(y, target))",
                                   OP_SIGMOID, OP_BINARY_CROSS_ENTROPY, false},
    [LOSS_MSE]                  = {"mse",
                                   "e = y - target\nloss = sum(e * e)",
                                   OP_COUNT, OP_COUNT, false},
    [LOSS_PROBE]                = {"probe",
                                   "loss = sum(target * y)",
                                   OP_COUNT, OP_COUNT, false},
};
// clang-format on

const char embedding_text[] = "x = E' @ s";
