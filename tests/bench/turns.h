/// Measuring in turns. Those who are compared work in short blocks, one after the other, round by
/// round, and a ratio is taken inside a round: a machine that grows slow does so for all of them.
#ifndef TESTS_BENCH_TURNS_H
#define TESTS_BENCH_TURNS_H

#include <stdbool.h>

#include "core/arena.h"
#include "timing.h"

/// The clock on the wall, for work of several threads or processes; and the time of the processor,
/// which leaves out what others took of it meanwhile.
typedef enum { ON_CLOCK, ON_PROCESSOR, TURN_CLOCKS } TurnClock;

enum { TURN_ROUNDS = 99 };

typedef struct {
    double on[TURN_CLOCKS]; // seconds
} Took;

/// Both clocks now.
Took took_now(void);

/// Both clocks since then.
Took took_since(Took begin);

/// Does so many items of work, and says how long they took; false if it cannot.
typedef bool TurnBlock(void *context, int items, Took *took);

/// One that takes part.
typedef struct {
    TurnBlock *block; // NULL: not there
    void *context;
    int items;  // of a block; 0: as many as last a while, found out before the first round
    Took *took; // an item's mean, by round; NULL: not there
} Turn;

/// Lets each of n work a block a round. Every second round goes backwards, so that what grows or
/// shrinks steadily favours nobody.
///   range   at most TURN_ROUNDS rounds
///   owner   took: arena a
void turns_take(Arena *a, Turn *turns, int n, int rounds);

/// Did both take part in every round?
bool turns_met(const Turn *one, const Turn *other);

/// Seconds for an item.
Spread turns_seconds(const Turn *turn, int rounds, TurnClock clock);

/// How many times as long as `base` a turn took for an item, round by round.
Spread turns_ratio(const Turn *turn, const Turn *base, int rounds, TurnClock clock);

#endif
