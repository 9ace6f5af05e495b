/// Moments of training: a lesson as it was before any of its optimizer steps, with its whole walk.
#ifndef LESSON_MOMENT_H
#define LESSON_MOMENT_H

#include "lesson/lesson.h"

/// Is there an optimizer step of that number among `steps` of the lesson's, and can it be opened?
/// 0 stands for the lesson after training.
///   owner   *why: arena a
///   errors  false, with *why set to one clear sentence
bool moment_is_there(Arena *a, const Lesson *lesson, int moment, int steps, const char **why);

/// How many optimizer steps can be opened: all that training took, or none.
int moment_count(const Lesson *lesson);

/// The lesson before an optimizer step: its own sequence with the weights that the step found,
/// forward, loss and backward; the update is the step that training took, with the mean gradient
/// of its batch, so that its new weights are those of the next moment. With dropout the masks are
/// those that training drew for the first sequence of the batch. All other things are the lesson's
/// own. Moment 0 is the lesson after training.
///   lesson  after training or in any moment
///   owner   arena a; the lesson after training must live as long
///   errors  NULL, with *why set, if there is no such step, or *why NULL if progress stopped the
///           replay
const Lesson *moment_open(Arena *a, const Lesson *lesson, int moment, TrainProgress *progress,
                          void *progress_context, const char **why);

/// Opens the moment that an address names, and finds the step in it.
///   owner   *lesson: itself if it is of that moment already, else arena a
///   errors  false, with *why set, and both left as they are
bool moment_find(Arena *a, const Lesson **lesson, const char *address, Playhead *at,
                 const char **why);

/// The same step in another moment of the lesson. With dropout its moments have more steps than the
/// lesson after training: a step of dropout is that of what it drops out of there.
///   from, to  moments that are there
Playhead moment_step(const Lesson *lesson, int from, int to, Playhead at);

/// The walk of a moment; its addresses have no '@'.
const Walk *moment_walk(const Lesson *lesson, int moment);

/// As moment_find, for the playhead alone, in the walk of that moment.
bool moment_read(Arena *a, const Lesson *lesson, const char *address, int *moment, Playhead *at,
                 const char **why);

#endif
