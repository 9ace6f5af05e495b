#include "turns.h"

static const double block_least = 0.006; // seconds: long against what a change of turns costs
static const double item_longest = 0.2;  // seconds: what is longer needs no caches to be warm

Took took_now(void) {
    return (Took){{seconds_on(CLOCK_MONOTONIC), seconds_on(CLOCK_PROCESS_CPUTIME_ID)}};
}

Took took_since(Took begin) {
    Took now = took_now();
    for (int k = 0; k < TURN_CLOCKS; k++) now.on[k] -= begin.on[k];
    return now;
}

/// How many items a block has, where nobody has said. What is done for it is not counted.
static bool settle(Turn *t) {
    Took took;
    if (t->items) return true;
    for (t->items = 1; t->block(t->context, t->items, &took);) {
        double lacks = block_least / (took.on[ON_PROCESSOR] + 1e-9);
        if (lacks <= 1) return true;
        t->items = (int)(t->items * (lacks > 100 ? 100 : lacks * 1.1)) + 1;
    }
    return false;
}

/// A block, after an item that is not counted: the others have been at the caches since.
static bool play(Turn *t, int round) {
    Took took;
    bool is_long = round > 0 && t->took[round - 1].on[ON_CLOCK] > item_longest;
    if (!is_long && !t->block(t->context, 1, &took)) return false;
    if (!t->block(t->context, t->items, &took)) return false;
    for (int k = 0; k < TURN_CLOCKS; k++) t->took[round].on[k] = took.on[k] / t->items;
    return true;
}

void turns_take(Arena *a, Turn *turns, int n, int rounds) {
    for (int k = 0; k < n; k++)
        turns[k].took = turns[k].block && settle(&turns[k]) ? ARENA_ARRAY(a, Took, rounds) : NULL;
    for (int r = 0; r < rounds; r++)
        for (int i = 0; i < n; i++) {
            Turn *t = &turns[r % 2 ? n - 1 - i : i];
            if (t->took && !play(t, r)) t->took = NULL;
        }
}

bool turns_met(const Turn *one, const Turn *other) {
    return one->took && other->took;
}

Spread turns_seconds(const Turn *turn, int rounds, TurnClock clock) {
    double seconds[TURN_ROUNDS];
    for (int r = 0; r < rounds; r++) seconds[r] = turn->took[r].on[clock];
    return spread_of(seconds, rounds);
}

Spread turns_ratio(const Turn *turn, const Turn *base, int rounds, TurnClock clock) {
    double ratios[TURN_ROUNDS];
    for (int r = 0; r < rounds; r++) ratios[r] = turn->took[r].on[clock] / base->took[r].on[clock];
    return spread_of(ratios, rounds);
}
