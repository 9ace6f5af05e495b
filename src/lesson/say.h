/// Each step as one sentence with its numbers: caption, subtitle, text mode, screen reader.
#ifndef LESSON_SAY_H
#define LESSON_SAY_H

#include "lesson/lesson.h"

/// The sentence for the step just done at the playhead, seen at this grain: an operation's with
/// its numbers, an equation's with its result, a timestep's with its state. One line, no markup,
/// ends in a full stop. NaN and infinities are named in words.
///   owner   arena a
const char *say_step(Arena *a, const Lesson *lesson, Playhead at, Grain grain, Lang lang);

/// What the phases of a walk are called.
extern const char *const phase_titles[PHASE_COUNT][LANG_COUNT];

/// A number as the lesson shows it: plain decimals, `digits` of them, "−" for minus (U+2212), more
/// digits rather than a 0 that is not one (0.0003), words for NaN and infinity when `words`.
const char *say_number(Arena *a, double value, int digits, bool words, Lang lang);

/// Decimals that show `kept` digits of a number of this size: `digits`, or more.
int say_decimals(double size, int digits, int kept);

/// How a node is called in prose: "the forget gate f, unit 2, at t = 3".
const char *say_name(Arena *a, const Lesson *lesson, int node, int place, int unit, Lang lang);

#endif
