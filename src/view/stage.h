/// The stage: panels laid out side by side, a pure function of what is shown.
#ifndef VIEW_STAGE_H
#define VIEW_STAGE_H

#include "lesson/question.h"
#include "lesson/say.h"
#include "view/scene.h"
#include "view/theme.h"

enum { VIEW_HIDDEN = 8 };

/// All that decides what the stage shows.
typedef struct {
    const Lesson *lesson;
    int scene; // of the lesson, from 0
    Playhead at;
    Grain grain;
    Ref focus; // pinned by a click; NO_REF follows the playhead
    Ref hover; // under the mouse; NO_REF for none
    Lang lang;
    ThemeKind theme; // only for what cannot wait for the painter; panels should not look
    double scroll;   // of the prose, logical pixels
    bool tabs;       // the card at the right has a tab for each panel that could stand there
    int side;        // with tabs, the PanelKind that was chosen; 0: none
    // questions; view_ask fills the rest from the guesses
    const Guess *guesses; // LESSON_ASKS, or NULL: none is being answered, as in exports
    Ref touched;          // REF_ASK under the mouse or the keyboard's ring; or NO_REF
    Ref hidden[VIEW_HIDDEN];
    int n_hidden;
    Ref marked; // the right answer of a revealed ASK_CLICK
} View;

/// Draws one panel into its area of the scene.
typedef void PanelDraw(Scene *s, const View *v, Box area);

/// Where on the stage a panel stands.
typedef enum { STAND_LEFT, STAND_MIDDLE, STAND_SIDE } PanelStand;

typedef struct {
    const char *name; // "timeline"
    const char *title[LANG_COUNT];
    PanelDraw *draw;
    PanelStand stand;           // in the middle one below the other, at the side one at a time
    double share;               // of the middle's height
    bool follows;               // at the side: tells of the number that is pinned
    bool (*has)(const View *v); // is there anything to show in it? NULL: always
} PanelDef;

typedef enum {
    PANEL_PROSE,
    PANEL_TIMELINE,
    PANEL_CELL,
    PANEL_EQUATIONS,
    PANEL_VALUE,
    PANEL_WEIGHTS,
    PANEL_GRADIENTS,
    PANEL_BLAME,
    PANEL_MEMORY,
    PANEL_COMPARE,
    PANEL_TRAINING,
    PANEL_COUNT
} PanelKind;

extern const PanelDef panel_defs[PANEL_COUNT];

/// The panel with that name, or PANEL_COUNT.
PanelKind panel_find(const char *name);

/// Where each panel goes in `area`; a box of width 0 for those not shown.
typedef struct {
    Box box[PANEL_COUNT];
    Box tabs;                   // within the side's box, at its top; a width of 0 without tabs
    PanelKind tab[PANEL_COUNT]; // their panels
    int tab_row[PANEL_COUNT];   // the row of each, from 0
    double tab_gap;             // room between two
    int n_tabs;
} StageLayout;

/// Where the panels go that the scene, else the lesson, asks for. Of those at the side the first
/// one asked for stands there; with tabs, the chosen one.
StageLayout stage_layout(const View *v, Box area);

/// How many pixels a logical pixel takes on a stage of so many pixels: 1 up to 1600 x 1000, then
/// more in quarters, so that text is as large a part of a large screen as of a small one.
double stage_scale(double width, double height);

/// Appends the whole stage: ground, cards, panels. Shapes carry the PanelKind as `panel`.
void stage_draw(Scene *s, const View *v, Box area);

/// Appends one panel alone.
void stage_draw_panel(Scene *s, const View *v, PanelKind panel, Box area);

/// What the focus is when none is pinned: the step's own value (forward) or gradient (backward),
/// at the playhead's unit, else the lesson's, else 1.
Ref view_focus(const View *v);

/// Refs that light up with `ref`: itself, then what it depends on (forward: its operands;
/// backward: the gradients it is summed from; of a parameter: what it meets at this timestep, and
/// what comes of it). Returns how many, at most cap.
int view_related(const View *v, Ref ref, Ref *out, int cap);

/// May the value (or gradient) of a ref be shown at the playhead?
bool view_known(const View *v, Ref ref);

/// Fills what the view hides and marks for the scene's questions. To be called when scene or
/// guesses are set; without guesses nothing is hidden.
void view_ask(View *v);

/// Is the ref an element that an open question asks for? It is drawn as a "?".
bool view_hidden(const View *v, Ref ref);

/// The ref of a number that a question names.
Ref ref_asked(const Asked *asked);

/// The number behind a ref with a unit; NaN for whole nodes.
double view_number(const View *v, Ref ref);

/// The role of a node: by what its equation does where that is plain (a gate on a state's past is
/// f, on what is written i, what is written g, a carried state c, the output h), else by its
/// letter, ROLE_TEXT for others. A step inside an equation has the role of its equation.
Role view_role(const Lesson *lesson, int node);

/// As view_role, of a graph alone.
Role view_graph_role(const Graph *g, int node);

/// The word of \color for a role of a letter ("f"), NULL for other roles.
const char *view_role_word(Role role);

/// Node as TeX: "f_{t}", "c_{t-1}", with \color by role and \term ids that view_resolve reads.
const char *view_node_tex(Arena *a, const View *v, int node, int place, int unit);

/// An equation of a cell as TeX, in symbols, coloured and with \term ids.
const char *view_equation_tex(Arena *a, const View *v, int equation, int place);

/// Reads the ids that view_node_tex writes. A RefResolver; context is the View.
Ref view_resolve(void *context, const char *id);

#endif
