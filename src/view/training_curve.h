/// The loss of every optimizer step as a curve, with the step that is shown marked in it.
#ifndef VIEW_TRAINING_CURVE_H
#define VIEW_TRAINING_CURVE_H

#include "view/value.h"

/// Is the loss drawn on a log axis: are its largest and smallest far apart, and none of them 0?
bool training_is_log(const Lesson *lesson);

/// Appends axes, curve and mark. Where steps are many, a step of the picture's width shows the mean
/// of its losses, and a band from the least to the largest of them. The area carries REF_CURVE from
/// step 1 at its left end to the end of training at its right.
void training_curve(const Value *p, Box area);

/// The optimizer step at a share of the curve's width, 0 .. 1; 0 is after training. And the share
/// of a step.
int training_moment_at(const Lesson *lesson, double share);
double training_share(const Lesson *lesson, int moment);

#endif
