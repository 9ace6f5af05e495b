/// Runs of prose as lines: words, formulas on the baseline, code and links, in English and
/// Chinese.
#ifndef VIEW_PROSE_FLOW_H
#define VIEW_PROSE_FLOW_H

#include "view/stage.h"

/// How a paragraph is set.
typedef struct {
    double size;       // pixels
    double leading;    // from baseline to baseline
    FontWeight weight; // of what is not strong
    Role role;
    TextAlign align;
    const View *view; // for the letters of formulas
    bool draw;        // false: only measure
} FlowStyle;

/// Sets runs from `top` down in a column; appends shapes if style->draw. Formulas that are wider
/// than the column are made smaller, words that are wider are broken.
///   units   pixels; the height used, a whole number of lines
double prose_flow(Scene *s, const FlowStyle *style, const ProseRun *runs, int n, double x,
                  double top, double width);

/// The width of the runs on one line.
double prose_flow_width(Scene *s, const FlowStyle *style, const ProseRun *runs, int n);

#endif
