/// The value panel in parts: what made the number (value_made.c), where it goes (value_goes.c),
/// its course over time (value_time.c). Private to view/panel_value.c and these.
#ifndef VIEW_VALUE_H
#define VIEW_VALUE_H

#include "lesson/explain.h"
#include "view/panels.h"

/// One number, and the room that is left for telling of it. Sections cut their rows off the top.
typedef struct {
    Scene *s;
    const View *v;
    const Lesson *lesson;
    const Graph *g;
    const Trace *trace;
    Ref ref; // REF_VALUE or REF_GRAD, with a unit
    Dim dim; // of its node
    bool grad, zh;
    bool known;      // may the number be shown?
    bool hidden;     // no: it is to be predicted
    bool partial;    // it is a parameter's gradient, and shares are still to come
    double value;    // of the ref
    Role role;       // of its node
    int digits;      // of a row
    int line_digits; // of what has a line of its own
    Box left;        // room left
    double unit;     // size of everything: 1 in a panel of 260 pixels
} Value;

/// Texts of the panel; sizes grow with it.
typedef enum { TYPE_HEADING, TYPE_PLAIN, TYPE_NUMBER, TYPE_STRONG, TYPE_SMALL } Type;

/// A panel that is about no number.
Value value_plain(Scene *s, const View *v, Box area);

/// A panel about a number.
Value value_begin(Scene *s, const View *v, Box area, Ref ref);

/// The number with its name, and what it is in words.
void value_top(Value *p);
/// See value_top.
void value_words(Value *p);

/// Font, weight and size of a type.
TextStyle value_style(const Value *p, Type type);

/// Text cut with an ellipsis where it is wider than `room`. Returns its width.
double value_text(const Value *p, double x, double baseline, const char *text, Type type,
                  TextAlign align, Ink fill, Ref ref, double room);

/// A number as text, in this panel's digits.
const char *value_number(const Value *p, double x);

/// The same where a line is the number's own, which has room for all the lesson's digits.
const char *value_exact(const Value *p, double x);

/// A number of a row that has a name: "?" while it is to be predicted.
const char *value_named(const Value *p, Number x);

/// The name of a node's element as TeX: a gradient's if `grad`.
const char *value_tex(const Value *p, int node, int place, int unit, bool grad);

/// The name of a number, also of one before the first timestep: "c_{0,1}".
const char *value_name(const Value *p, Number x);

/// A formula in its room, which may be without end in height: in one of a few sizes, or else text
/// instead of it.
typedef struct {
    const char *tex; // NULL: the text
    const char *text;
    double size; // of the formula
    double width, ascent, descent;
} Name;

/// The formula in the largest size that fits into width and height, else the text.
Name value_fit(const Value *p, const char *tex, double size, const char *instead, double width,
               double height);

/// Appends it with its left end on the baseline.
void value_put(const Value *p, Name name, double x, double baseline, Ink fill);

/// What a node is called where its formula is too long.
const char *value_title(const Value *p, int node);

/// A section's heading, if there is room for it and `rows` further pixels. `note` may be NULL.
bool value_heading(Value *p, const char *text, const char *note, double rows);

/// A line of text.
void value_line(Value *p, const char *text, Type type, Ink fill);

/// "Label ... number" on a line.
void value_sum(Value *p, const char *label, double number, Ref ref);

/// The same with the number as text.
void value_pair(Value *p, const char *label, const char *text, Ink fill, Ref ref);

/// A row with a bar: name, bar on the common zero line, what stands at the right.
typedef struct {
    const char *tex;   // name
    const char *title; // instead of a name that is too wide
    double share;      // length of the bar, with its sign
    Ref ref;           // of name and bar
    const char *left;  // "−0.880", NULL for a single number
    Ref left_ref;
    const char *right; // "−0.324"
    Ref right_ref;
} BarRow;

/// Rows on one zero line and scale, the largest ones where not all fit into `room` pixels, with a
/// line that says how many are left out.
void value_bars(Value *p, const BarRow *rows, int n, double room);

/// Height of one row of bars, of a line of text.
double value_row(const Value *p);

/// The sections. Each takes at most `room` pixels.
void value_made(Value *p, double room);
void value_paths(Value *p, double room);
void value_goes(Value *p, double room);
void value_time(Value *p);
/// The node's other elements at all timesteps, where there is room left.
void value_units(Value *p);
/// Two real runs beside BPTT, where there is room left.
void value_proof(Value *p);
/// A parameter's way through the optimizer; nothing outside the update phase.
void value_update(Value *p);
/// What value_goes and value_time want.
double value_goes_height(Value *p);
double value_time_height(const Value *p);

#endif
