/// Other cells on a lesson's data (`compare`). Private to the lesson layer.
#ifndef LESSON_COMPARE_H
#define LESSON_COMPARE_H

#include "lesson/reading.h"

/// Networks that are compared with the lesson's own.
typedef struct Rivals Rivals;

/// Loads the cells that `compare` names.
///   errors  in d
void compare_read(Reading *r);

/// Their networks, once that of the lesson is there; never NULL.
///   errors  those that do not fit the lesson, at their names: in d
Rivals *compare_build(Reading *r);

/// Is there memory for all runs together, the lesson's own among them?
bool compare_fits(Reading *r, const Rivals *all, const Graph *own, const TrainSpec *train);

/// Their sequences, once that of the lesson is there. The caller has looked at the size.
///   errors  targets that do not fit what they hand on, at their names: in d, false
bool compare_data(Reading *r, Rivals *all, const Lesson *lesson);

/// Trains and runs them as the lesson was, and fills its `compared`: none if its training was
/// stopped, and not those whose own was.
void compare_run(Reading *r, Rivals *all, const Training *training, Lesson *lesson);

#endif
