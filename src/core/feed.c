// The ways in which an output becomes the next input.
#include "core/feed.h"

#include "core/rng.h"

const FeedDef feed_defs[FEED_COUNT] = {
    [FEED_NONE] = {NULL, false, false},
    [FEED_VALUE] = {"value", false, false},
    [FEED_LARGEST] = {"largest", true, false},
    [FEED_SAMPLE] = {"sample", true, true},
};

const char *feed_text(Arena *a, FeedKind kind, const char *name, double temperature) {
    if (kind == FEED_VALUE) return arena_printf(a, "%s = y[t-1]", name);
    if (kind == FEED_LARGEST) return arena_printf(a, "%s = pick(y[t-1])", name);
    if (temperature == 1.0) return arena_printf(a, "%s = draw(y[t-1], u)", name);
    return arena_printf(a, "p = softmax(%s(y[t-1]) / %.17g)\n%s = draw(p, u)", op_defs[OP_LOG].name,
                        temperature, name);
}

void feed_draws(uint64_t seed, int64_t i, int steps, double *draws) {
    const uint64_t stream = 0xd1b54a32d192ed03u; // apart from other uses of the seed
    Rng rng = rng_new((seed ^ stream) + 0x9e3779b97f4a7c15u * (uint64_t)i);
    for (int t = 0; t < steps; t++) draws[t] = rng_uniform(&rng);
}
