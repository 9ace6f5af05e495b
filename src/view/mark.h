/// What is drawn of a shape: the painter's rules, once for all. Edges fall on whole pixels, a line
/// of a box lies along its inside, upright lines are rectangles, a minus is hatched in print, what
/// is lit gets a ring. Pixels (view/paint.h), SVG, PDF and TikZ only draw marks.
#ifndef VIEW_MARK_H
#define VIEW_MARK_H

#include "view/theme.h"

typedef enum {
    MARK_BOX,   // a box, with its line along the inside of its edge
    MARK_RING,  // a box's edge, with the line's middle on it
    MARK_PATH,  // the steps of `path`
    MARK_HATCH, // likewise, cut to the box
    MARK_WORDS  // the shape's text or formula, from box.x on the baseline
} MarkKind;

typedef struct {
    MarkKind kind;
    Box box;
    double radius;
    const PathStep *path;
    int n_path;
    Ink fill, stroke; // ink_shows, or there is nothing to fill, to stroke
    double line_width;
    Dash dash;
} Mark;

enum { MARK_MAX = 3 };

/// A scene's shapes in the order in which they are drawn, rings last, so that no neighbour covers
/// one. Shapes that draw nothing are gone through too, with n = 0: some stand for something.
typedef struct {
    const Scene *scene;
    ThemeKind theme;
    double scale; // pixels per logical pixel; 0 where there are none
    int panel;    // only its shapes; -1: all
    int next;
    // where the walk is
    const Shape *shape;
    bool ring;
    Mark marks[MARK_MAX];
    int n;
} MarkWalk;

/// Before the first shape.
MarkWalk mark_walk(const Scene *s, ThemeKind theme, double scale, int panel);

/// On to the next shape; false at the end.
bool mark_next(MarkWalk *w);

/// The box with its edges on whole pixels, for clips; at scale 0 as it is.
Box mark_snapped(Box b, double scale);

/// The middle of the line of a MARK_BOX, and *radius of its corners; of a MARK_RING its box.
Box mark_line(const Mark *m, double *radius);

/// The lengths of dash and gap for a line of this width; false for an unbroken one.
bool mark_dashes(Dash dash, double line_width, double lengths[2]);

#endif
