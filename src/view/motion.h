/// Motion between two pictures. Both are scenes as they are at rest; what leads from one to the
/// other is a scene too, so that one painter draws it for window and film alike. Shapes that both
/// have stay; colour runs along the wires of the step, then its result fills its boxes. No shape
/// ever shows a number that is in neither picture, and no level between two values.
#ifndef VIEW_MOTION_H
#define VIEW_MOTION_H

#include "view/stage.h"

typedef struct Motion Motion;

/// Is one view a single step on from the other, at its grain?
bool motion_is_step(const View *before, const View *after);

/// How long the motion to a step of this grain lasts, in milliseconds; 0 where there is none.
/// Back, and over more than one step, pictures only dissolve.
int motion_length(Grain grain, bool back);

/// Leads from the picture of one view to that of another.
///   owner   arena a; scenes and views are borrowed
Motion *motion_new(Arena *a, const Scene *from, const View *before, const Scene *to,
                   const View *after);

/// The scene at a phase of the motion: the first picture at 0, the second at 1.
///   owner   arena a; borrows from both pictures
Scene motion_scene(Arena *a, const Motion *m, double phase);

#endif
