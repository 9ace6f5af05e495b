/// What the equations panel says about one step: heading, lines, paths of the gradient, curve.
#ifndef VIEW_EQUATION_STEP_H
#define VIEW_EQUATION_STEP_H

#include "view/equation_lines.h"

/// A way on which a gradient comes back.
typedef struct {
    double share;
    const char *name;   // "through h at t = 3"
    const char *letter; // "h"
    Role role;
} EqPath;

/// A function of one argument with the point at which it was computed.
typedef struct {
    int node; // the operation; -1: none
    double x, y;
    bool tangent; // the slope is what matters
    Role role;
    Ref ref_x, ref_y;
} EqCurve;

typedef struct {
    const char *heading;
    const char *brief; // where that is too long, or NULL
    EqLines lines;
    EqPath *paths;
    int n_paths, cap_paths;
    EqCurve curve;
} EqStory;

/// The step at work: that of the playhead; at the equation grain the whole equation.
typedef struct {
    Phase phase;
    int node, place, unit; // node -1: the total of the loss
    int equation;
    bool begun; // false before the first step
} EqWork;

/// What is at work and which unit of it is shown.
EqWork eq_work(const View *v);

/// Forward and loss: the element in symbols, with its numbers, its result.
void eq_tell_forward(Scene *s, const View *v, const EqWork *work, EqStory *story);

/// Backward: the gradient as the sum of what comes back on each path.
void eq_tell_backward(Scene *s, const View *v, const EqWork *work, EqStory *story);

/// Update: the optimizer's rule for one element, in symbols, with its numbers, its results.
void eq_tell_update(Scene *s, const View *v, const EqWork *work, EqStory *story);

/// "UNIT 2", "ELEMENT 2,1", "" for a single number; "第 2 单元".
const char *eq_unit_words(Arena *a, const View *v, int node, int unit);

/// ASCII letters as capitals.
const char *eq_capitals(Arena *a, const char *text);

/// Draws the curve into a box beside lines in letters of `size` pixels.
void eq_curve_draw(Scene *s, const View *v, const EqCurve *curve, Box box, double size);

/// What the bar of the paths with its legend takes of a box; 0 where there is none to draw, or no
/// room for it.
double eq_paths_height(Scene *s, const View *v, const EqStory *story, Box box, double size);

/// Draws the bar of the paths and its legend at the top of a box.
void eq_paths_draw(Scene *s, const View *v, const EqStory *story, Box box, double size);

#endif
