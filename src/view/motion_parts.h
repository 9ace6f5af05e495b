/// What motion.c is made of: which shapes of two pictures belong together, and pieces of paths.
#ifndef VIEW_MOTION_PARTS_H
#define VIEW_MOTION_PARTS_H

#include "view/scene.h"

typedef enum {
    PAIR_NONE,  // only one picture has it
    PAIR_SAME,  // both paint it alike, but for whether it is lit
    PAIR_PLACE, // one stands where the other stood
    PAIR_GLIDE  // one thing that moves
} PairKind;

/// The shape of the other picture that a shape belongs to.
typedef struct {
    PairKind kind;
    int other; // -1 for PAIR_NONE
} Pair;

/// Pairs the shapes of two pictures, panel by panel; each has at most one partner.
///   shape   of_from[from->count], of_to[to->count]
void motion_pair(Arena *scratch, const Scene *from, const Scene *to, Pair *of_from, Pair *of_to);

/// The first part of an open path, as long as this share (0 to 1) of it; turned, the last part,
/// from the path's end.
///   owner   arena a; *count steps
PathStep *path_part(Arena *a, const PathStep *path, int n, double share, bool turned, int *count);

#endif
