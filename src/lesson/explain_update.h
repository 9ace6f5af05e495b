/// How one weight moves in the lesson's update: the optimizer's rule line by line, in symbols and
/// with its numbers. Sentences, value panel and equations panel tell the same lines.
#ifndef LESSON_EXPLAIN_UPDATE_H
#define LESSON_EXPLAIN_UPDATE_H

#include "lesson/lesson.h"

/// What a line makes, in the order in which it is made.
typedef enum {
    LINE_GRADIENT, // of this run, or of the batch that training took
    LINE_CLIPPED,  // what clipping leaves of it
    LINE_DECAYED,  // with its share of the weight
    LINE_RATE,     // where it falls with every step
    LINE_MOMENT,   // what the optimizer remembers
    LINE_DERIVED,  // made of that, and forgotten
    LINE_CHANGE,
    LINE_WEIGHT // the new one
} UpdateLineKind;

typedef struct {
    UpdateLineKind kind;
    const char *name;    // "first moment"
    const char *symbol;  // TeX: "m'"
    const char *rule;    // TeX: what makes it, in symbols; NULL for the gradient
    const char *numbers; // TeX: the same with its numbers
    const char *text;    // the number, as `value` is written
    double value;
} UpdateLine;

/// The lines for element `unit` of a parameter. Weights and the change are written with as many
/// decimals as show the change; other numbers with their own.
///   owner   arena a
UpdateLine *explain_update(Arena *a, const Lesson *lesson, int param, int unit, Lang lang,
                           int *count);

/// The change of every element of a parameter: new weight minus old.
///   owner   arena a
double *explain_changes(Arena *a, const Lesson *lesson, int param);

/// As a title: "Adam", "Gradient descent with momentum".
const char *explain_optimizer(const Lesson *lesson, Lang lang);

/// Within a sentence: "Adam", "gradient descent with momentum".
///   owner   arena a, or static
const char *explain_optimizer_within(Arena *a, const Lesson *lesson, Lang lang);

/// The weight before the update, with the decimals of its lines.
const char *explain_old_weight(Arena *a, const Lesson *lesson, int param, int unit, Lang lang);

#endif
