/// How parameters start.
#ifndef CORE_INIT_H
#define CORE_INIT_H

#include <stdint.h>

#include "core/graph.h"

/// Fills the flat block of parameters by the init rules.
void params_init(const Graph *g, uint64_t seed, double *params);

#endif
