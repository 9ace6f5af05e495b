/// The state of the window, and the one pure function that changes it.
#ifndef APP_STATE_H
#define APP_STATE_H

#include "app/action.h"
#include "app/edit.h"
#include "app/export_choice.h"
#include "core/diag.h"
#include "view/stage.h"

typedef enum { SCREEN_CHOOSER, SCREEN_LESSON, SCREEN_MISTAKES } ScreenKind;
typedef enum { DIALOG_NONE, DIALOG_HELP, DIALOG_ADDRESS, DIALOG_EXPORT, DIALOG_COUNT } DialogKind;

/// What the loop is to do in the world after an update. It answers with another action.
typedef enum {
    WANT_NOTHING,
    WANT_OPEN,
    WANT_RELOAD,
    WANT_EXPORT,      // makes what the export dialog is set to
    WANT_EXPORT_STOP, // the export that is being made
    WANT_COPY,        // want_copy to the clipboard
    WANT_QUIT
} Want;

/// What can be put on the clipboard.
typedef enum {
    COPY_PNG,
    COPY_SVG,
    COPY_ADDRESS,
    COPY_SYMBOLS, // the step's equation as LaTeX
    COPY_NUMBERS, // with its numbers
    COPY_COMMAND, // of the export dialog
    COPY_FIELD,   // what is selected in a field
    COPY_COUNT
} CopyKind;

/// An export on its way.
typedef struct {
    bool running, stopping;
    int done, all;  // frames; 0 of 0 before the first is told
    double seconds; // since it began
} ExportRun;

enum { MAX_PATH_BYTES = 1024, MAX_FIELD_BYTES = 128, MAX_TOAST_BYTES = 400 };

enum { ZOOM_COUNT = 9, ZOOM_DEFAULT = 2, SPEED_COUNT = 5, SPEED_DEFAULT = 1 };

/// Per cent by which everything is enlarged, and steps a second.
extern const int zoom_percents[ZOOM_COUNT];
extern const double play_speeds[SPEED_COUNT];

/// A step on its way: the picture leads over from the one before (view/motion.h).
typedef struct {
    Playhead from;
    Ref pinned;            // before the step
    double length, passed; // milliseconds; a length of 0: nothing moves
    bool seen;             // false: the step is shown at once, and only its time runs
} Moving;

enum { MOTION_LEAST = 100 }; // milliseconds: shorter ones are not seen

/// Everything that decides what the window shows. A plain value: copying it is keeping it.
typedef struct {
    ScreenKind screen;
    DialogKind dialog;
    // the lesson
    char lesson_path[MAX_PATH_BYTES]; // of the lesson shown, or of the last one; "" for none
    int scene;
    Playhead at;
    int moment; // the optimizer step before which the lesson is shown; 0: after training
    Grain grain;
    Ref pinned;        // NO_REF: the focus follows the playhead
    bool scene_pinned; // pinned by the scene's ```step block: let go with the next step
    Ref hover;
    double scroll; // of the prose or the page, logical pixels
    bool playing;
    int speed;   // index into play_speeds
    bool motion; // steps are led over to
    Moving moving;
    bool scrubbing;             // the mouse holds the scrub bar
    bool rewinding;             // the mouse holds the curve of the loss
    int side;                   // PanelKind of the tab chosen at the side; 0: as the scene says
    Guess guesses[LESSON_ASKS]; // to the lesson's questions, by question_index
    int dragging;               // the question of the scene, from 1, whose slider the mouse holds
    // the look
    ThemeKind theme;
    Lang lang;
    int zoom; // index into zoom_percents
    bool fullscreen;
    bool frame_time;
    int width, height; // pixels
    // the keyboard
    Ref key_focus; // NO_REF for none
    int key_index; // of it among the stops, for when it is gone
    char field[MAX_FIELD_BYTES];
    char field_error[MAX_TOAST_BYTES];
    Edit edit; // of the field that has the focus
    // the export dialog
    ExportChoice export;
    ExportRun run;
    bool ask_replace;                   // what the export would write is there already
    char export_error[MAX_TOAST_BYTES]; // of the last one, or ""
    // messages
    char toast[MAX_TOAST_BYTES];
    int toasts; // how many there were: a new one is told from an old one by it
    // for the loop
    Want want;
    CopyKind want_copy;
    char want_path[MAX_PATH_BYTES];
} AppState;

/// A thing that can be clicked, in reading order, as the last frame showed it.
typedef struct {
    Ref ref;
    Box box; // logical pixels
    int panel;
} Stop;

/// What the state is about: borrowed, never changed by an update.
typedef struct {
    const Lesson *lesson; // NULL without one
    const LessonCard *cards;
    int n_cards;
    const char *const *links; // of the last frame
    int n_links;
    const Stop *stops;
    int n_stops;
    double scroll_max; // how far the prose or the page can be scrolled, logical pixels
    Box prose;         // where the lesson's text is seen
    Box page;          // where the page of the chooser or of the mistakes is seen
    // for exports
    const char *home, *here;   // folders, without a slash at the end
    const char *export_folder; // where exports go if nothing else is said
    int processors;
    const struct ExportPreview *preview; // of what the dialog is set to; NULL without it
    bool export_ready;                   // that can be made
    const char *export_missing;          // program that it needs and that is not installed; or NULL
    bool export_exists;                  // there is something of that name already
    Arena *scratch;                      // for what an update needs while it runs
} World;

/// The state at the very start: the chooser, paused, light, English.
AppState app_state_new(void);

/// The next state. Pure: the same state, action and world give the same state.
/// An action that cannot be done here leaves all as it is.
AppState app_update(AppState s, Action a, const World *w);

/// The state whose picture a motion begins with.
AppState app_before(const AppState *s);

/// Is there motion to be seen?
bool app_moves(const AppState *s);

/// The view of the lesson that a state shows.
View app_view(const AppState *s, const World *w);

/// Pixels per logical pixel for a window of this size: grows with the window, so that a
/// large one is filled and not dotted, times the zoom; never so much that less than MIN_WIDTH x
/// MIN_HEIGHT logical pixels are left.
double app_scale(const AppState *s);

enum { MIN_WIDTH = 1024, MIN_HEIGHT = 640 };

/// Equality of refs.
bool ref_same(Ref a, Ref b);

/// Share of the scrub bar to a playhead, and back. The bar gives each phase a part by its steps.
double scrub_share(const Walk *w, int at);
int scrub_at(const Walk *w, double share);

/// A phase's part of the scrub bar as shares; false if it has no steps.
bool scrub_phase(const Walk *w, Phase phase, double *from, double *to);

/// The text that is being typed in a dialog, to be changed in place, and its room in bytes; NULL if
/// none is.
char *state_field(AppState *s, size_t *size);

/// Is one? Then letters are no keys.
bool state_typing(const AppState *s);

/// The setting of the export dialog that a control belongs to, SET_COUNT for others.
ExportSetting state_setting(Ref control);

/// Can the export dialog be changed: it is open, nothing is being made or asked?
bool state_exporting(const AppState *s);

/// Copies a text into a field of a state, cut at a whole character if it is too long.
void state_put(char *into, size_t size, const char *text);

#endif
