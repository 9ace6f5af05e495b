/// A picture as data: shapes, each with its role and with what it stands for. What is drawn of them
/// is told once (view/mark.h); hit-testing, tooltips, alternative text and tests read them.
/// Coordinates are logical pixels from the top left, y down.
#ifndef VIEW_SCENE_H
#define VIEW_SCENE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"

typedef struct {
    double x, y, w, h;
} Box;

/// What a colour means. The theme turns it into paint.
typedef enum {
    ROLE_NONE,   // not painted
    ROLE_GROUND, // behind everything
    ROLE_PANEL,  // a card
    ROLE_CHROME, // bars
    ROLE_SUNKEN, // a quiet box in a card: chips, question cards
    ROLE_LINE,   // hairlines and borders
    ROLE_WIRE,   // wires of a diagram
    ROLE_TEXT,
    ROLE_MUTED,     // secondary text
    ROLE_FAINT,     // dotted boxes of what is not computed yet
    ROLE_ACCENT,    // selected chip, playhead: the ink colour of the phase
    ROLE_ON_ACCENT, // text on it
    ROLE_VALUE,     // diverging ramp; level in [-1, 1]
    ROLE_GRAD,      // the gradients' ramp; level in [-1, 1]
    ROLE_ON_VALUE,  // text on a square of a ramp, of that level
    ROLE_ON_GRAD,
    ROLE_BACKWARD, // the backward phase's ink: belts, arrows, numbers
    ROLE_WARN,     // NaN, infinity, mistakes
    ROLE_GOOD,     // checks that hold; the ink of the update phase
    ROLE_F,
    ROLE_I,
    ROLE_G,
    ROLE_O,
    ROLE_C,
    ROLE_H,
    ROLE_X,
    ROLE_Y, // by the field's letters
    ROLE_COUNT
} Role;

/// How a shape is inked: a role, a level for ramps and gates, and a strength.
typedef struct {
    Role role;
    float level;    // ramps: [-1, 1]; letters: [0, 1] pale to full (1 for plain ink)
    float strength; // opacity: 1 at work, about 0.35 for context
} Ink;

/// What a shape stands for: so that everything that stands for one number lights up at once.
typedef enum {
    REF_NONE,
    REF_VALUE,
    REF_GRAD,
    REF_EQUATION,
    REF_PLACE,
    REF_CONTROL,
    REF_LINK,
    REF_ASK,
    REF_TAB,
    REF_CURVE
} RefKind;

typedef struct {
    RefKind kind;
    int node;  // REF_VALUE, REF_GRAD: the node. REF_EQUATION: the equation. REF_PLACE: tells what
               // stands for one timestep apart. REF_CONTROL: the action (app/action.h); REF_LINK:
               // index into the scene's links.
               // REF_ASK: the AskPart of a question's card (view/ask_card.h). REF_TAB: the
               // PanelKind (view/stage.h). REF_CURVE: the loss over training, which is dragged
    int place; // timestep, from 1; 0 for steady nodes. REF_CONTROL: the action's argument.
               // REF_ASK: which question of the scene, from 0
    int unit;  // element, from 1; 0 for the whole node. REF_ASK: the option, from 1
} Ref;

typedef enum { SHAPE_BOX, SHAPE_PATH, SHAPE_TEXT, SHAPE_FORMULA } ShapeKind;

typedef enum { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT } TextAlign;
typedef enum { FONT_UI, FONT_MONO, FONT_MATH } FontFamily;
typedef enum { WEIGHT_REGULAR, WEIGHT_MEDIUM, WEIGHT_BOLD } FontWeight;

typedef struct {
    FontFamily family;
    FontWeight weight;
    bool italic;
    double size; // pixels
} TextStyle;

typedef enum { DASH_NONE, DASH_DOTTED, DASH_DASHED } Dash;

typedef enum { PATH_MOVE, PATH_LINE, PATH_CURVE, PATH_CLOSE } PathVerb;

typedef struct {
    PathVerb verb;
    double x, y;           // end point
    double x1, y1, x2, y2; // PATH_CURVE: control points
} PathStep;

/// How a shape comes when the playhead moves on to it (view/motion.h).
typedef enum {
    BEAT_NONE,    // with the others
    BEAT_ALONG,   // drawn from its first point to its last
    BEAT_AGAINST, // drawn from its last point to its first
    BEAT_TIP,     // when a line of the same beat has been drawn
    BEAT_VALUE,   // likewise, if it is of a number that was not known before; else with the others
    BEAT_GLIDE    // moves here from where the shape with its number was
} BeatKind;

typedef struct {
    BeatKind kind;
    float begin, end; // its part of the time that the lines take, 0 to 1
    int number;       // BEAT_GLIDE: tells it from others of its panel; lines and their tips: which
                      // run they belong to, so that the same line runs anew in the next
} Beat;

typedef struct {
    ShapeKind kind;
    Box box; // where it is; for texts the line box (filled in by scene_text), for hit-testing
    Ink fill, stroke;
    double line_width, radius;
    Dash dash;
    Ref ref;
    bool written; // its sign is written on it, so that print need not hatch it
    bool hot;     // lit because it stands for what is hovered or focused
    const PathStep *path;
    int n_path;
    const char *text; // SHAPE_TEXT: UTF-8, one line; SHAPE_FORMULA: TeX
    TextStyle style;
    TextAlign align;
    double baseline;    // y of the baseline
    const void *layout; // SHAPE_FORMULA: a MathBox (view/math.h)
    const char *label;  // alternative text, or NULL
    int panel;          // index of the panel that made it
    int clip;           // index into clips, 0 for none
    Beat beat;
} Shape;

typedef struct TextEngine TextEngine;

typedef struct {
    Arena *arena;     // frame
    TextEngine *text; // measures; borrowed
    Shape *shapes;
    int count, cap;
    Box *clips; // [0] unused
    int n_clips, cap_clips;
    const char **links;
    int n_links, cap_links;
    double width, height;
    // what is stamped on each shape that is appended
    int panel, clip;
    float strength; // multiplies ink strengths
    Beat beat;
    Ref lit[64];    // refs that are lit: hovered or focused, and what they depend on
    int n_lit;
} Scene;

/// An empty scene of that size.
Scene scene_new(Arena *frame, TextEngine *text, double width, double height);

/// Full ink of a role.
Ink ink(Role role);
/// Ink at a level of a ramp or a letter.
Ink ink_level(Role role, double level);
/// Ink at a strength (opacity).
Ink ink_soft(Role role, double strength);
/// Is there something to be seen of it?
bool ink_shows(Ink ink);
#define NO_INK ((Ink){ROLE_NONE, 0, 0})
#define NO_REF ((Ref){REF_NONE, 0, 0, 0})
/// What stands for a value, of one unit or (0) the whole node.
Ref ref_value(int node, int place, int unit);
/// What stands for a gradient.
Ref ref_grad(int node, int place, int unit);

/// Is it the beat of a line or of its tip?
bool beat_runs(BeatKind kind);

/// Each appends one shape and returns it, for further fields to be set before the next append.
/// A shape whose ref is lit (equal, or part of a lit whole) becomes hot.
Shape *scene_box(Scene *s, Box box, double radius, Ink fill, Ink stroke, double line_width,
                 Ref ref);
Shape *scene_line(Scene *s, double x0, double y0, double x1, double y1, Ink stroke,
                  double line_width, Ref ref);
Shape *scene_path(Scene *s, const PathStep *steps, int n, Ink fill, Ink stroke, double line_width,
                  Ref ref);
Shape *scene_circle(Scene *s, double cx, double cy, double r, Ink fill, Ink stroke,
                    double line_width, Ref ref);
/// An arrow head at (x, y) pointing along (dx, dy).
Shape *scene_arrow(Scene *s, double x, double y, double dx, double dy, double size, Ink fill);
/// Text on a baseline; x is its left end, middle or right end by align.
Shape *scene_text(Scene *s, double x, double baseline, const char *text, TextStyle style,
                  TextAlign align, Ink fill, Ref ref);
/// A formula on a baseline. \term{id}{...} parts become invisible boxes with refs resolved by
/// `resolve` (may be NULL), so they can be hovered and lit; \color{role}{...} names a role.
typedef Ref RefResolver(void *context, const char *id);
Shape *scene_formula(Scene *s, double x, double baseline, const char *tex, double size,
                     TextAlign align, Ink fill, RefResolver *resolve, void *context);

/// Everything appended until scene_unclip is clipped to the box.
void scene_clip(Scene *s, Box box);
/// Ends what scene_clip began.
void scene_unclip(Scene *s);

/// Width of a text.
double scene_text_width(Scene *s, const char *text, TextStyle style);
/// Width of a formula.
double scene_formula_width(Scene *s, const char *tex, double size);

/// The topmost shape at a point that stands for something, or NULL.
const Shape *scene_hit(const Scene *s, double x, double y);

/// One line a shape, numbers with one decimal: the same for every theme. Golden tests read it.
void scene_dump(const Scene *s, Buf *out);

/// A number that is equal for equal pictures; of one panel, or all with -1.
uint64_t scene_hash(const Scene *s, int panel);

/// A number that is equal for shapes that are painted equally, but for whether they are lit.
uint64_t scene_shape_hash(const Scene *s, const Shape *shape);

/// Texts that overlap another text or leave the scene or their clip, one line each: what tests
/// hold to be empty. Returns how many.
int scene_collisions(const Scene *s, Buf *out);

/// Cuts `h` pixels (or w; all there is, if it is less) off a box and returns the cut piece.
Box box_cut_top(Box *from, double h);
/// As box_cut_top.
Box box_cut_bottom(Box *from, double h);
/// As box_cut_top.
Box box_cut_left(Box *from, double w);
/// As box_cut_top.
Box box_cut_right(Box *from, double w);
/// The box with dx taken off at the left and right, dy at the top and bottom.
Box box_inset(Box b, double dx, double dy);

#endif
