/// Another program to compare with: it runs all the while beside this one, and waits on its
/// standard input for its turn (peer.py has the other side).
#ifndef TESTS_BENCH_PEER_H
#define TESTS_BENCH_PEER_H

#include "turns.h"

typedef struct Peer Peer;

/// Starts a script of tests/bench with one thread, and, where OpenBLAS is installed, with OpenBLAS.
///   words   its arguments, with blanks between; or NULL
///   owner   arena a; peer_stop ends it
///   errors  NULL if it, or a library that it needs, is not there
Peer *peer_start(Arena *a, const char *script, const char *words);

/// Prints what it is, with its version, and what computes for it; or, if p is NULL, which package
/// of Debian has it.
void peer_print(const Peer *p, const char *name, const char *package);

/// What it does by this name, as a turn; one that is not there if p is NULL.
///   owner   arena a
Turn peer_turn(Arena *a, Peer *p, const char *kind);

/// Ends it. NULL is allowed.
void peer_stop(Peer *p);

#endif
