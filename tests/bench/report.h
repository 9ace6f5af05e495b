/// What the sections of the benchmark share: the table of sections, and how figures are told beside
/// what is asked of them. A figure that is not as asked is marked, and nothing fails by it.
#ifndef TESTS_BENCH_REPORT_H
#define TESTS_BENCH_REPORT_H

#include "core/buf.h"
#include "lesson/lesson.h"
#include "timing.h"

typedef struct {
    Arena *arena; // of the section
    const Places *places;
    const char *part; // all that is wanted of the section; NULL: all of it
    Buf *missed;      // figures that are not as asked, a line each
    int asked, met;
} Report;

/// Measures, and prints its tables.
typedef void Section(Report *r);

Section section_frames, section_window, section_training, section_moments, section_export;

typedef enum { AT_LEAST, AT_MOST } Bound;

/// A cell that says what is asked of a value and whether it is so: "at most 16 ms: pass".
///   what  names the figure in the list of those that are not as asked
const char *report_asked(Report *r, const char *what, double value, Bound bound, double asked,
                         const char *unit);

/// A number with three digits or all before the point.
///   owner   arena a
const char *report_number(Arena *a, double x);

/// The head of a table of ratios.
void report_ratios(const char *title);

/// A row of it: the median, the middle half and all of the rounds.
void report_ratio(Report *r, const char *what, const Spread *s, const char *asked);

#endif
