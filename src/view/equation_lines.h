/// Lines of formulas that are broken at plus signs, shortened and shrunk until they fit a box.
#ifndef VIEW_EQUATION_LINES_H
#define VIEW_EQUATION_LINES_H

#include "view/stage.h"

enum { EQ_LINES = 12 };

typedef struct {
    const char *tex;
    bool drop;                     // may be left out
    double width, ascent, descent; // in em
} EqPiece;

typedef struct {
    EqPiece *pieces;
    int n;
    Ink ink;
    double scale; // of its letters
    int rank;     // 0: always shown; 1, 2: left out where there is no room, 2 first
} EqLine;

typedef struct {
    EqLine at[EQ_LINES];
    int n;
} EqLines;

/// Adds a line of TeX with EQ_BREAK and EQ_DROP marks (view/equation_write.h); NULL and lines
/// beyond the last are ignored.
void eq_lines_add(Scene *s, EqLines *lines, const char *tex, Ink fill, double scale, int rank);

/// Draws them from the top of a box, in letters of at most `size` pixels.
/// Returns the height that they take.
double eq_lines_draw(Scene *s, const View *v, const EqLines *lines, Box box, double size);

/// The width in em that the widest line would like to have.
double eq_lines_width(const EqLines *lines);

/// A formula's size in em: width, ascent, descent.
EqPiece eq_measure(Scene *s, const char *tex);

#endif
