/// Everything that can happen in the window, as data. Keys, mouse, test scripts and the window
/// system all become Actions; app_update (app/state.h) turns them into the next state.
#ifndef APP_ACTION_H
#define APP_ACTION_H

#include "lesson/lesson.h"
#include "view/scene.h"

typedef enum {
    ACT_NONE,
    // walk
    ACT_STEP_FORWARD,
    ACT_STEP_BACK,
    ACT_GRAIN_FINER,
    ACT_GRAIN_COARSER,
    ACT_NEXT_TIMESTEP,
    ACT_PLAY,
    ACT_FIRST,
    ACT_LAST,
    ACT_ASK_ADDRESS, // opens the field for a step address
    ACT_GOTO,        // text: the address
    ACT_SPEED,       // arg: index into play_speeds; -1: the next one
    ACT_GRAIN,       // arg: a Grain
    ACT_PHASE,       // arg: a Phase
    ACT_SCRUB,       // number: share of the scrub bar, 0 .. 1
    ACT_RELEASE,     // the mouse button is up again
    ACT_TICK,        // play's clock
    ACT_PASS,        // number: milliseconds that have passed, while something moves
    // training
    ACT_MOMENT_NEXT,
    ACT_MOMENT_PREVIOUS,
    ACT_MOMENT, // arg: the optimizer step before which to stand; 0: after training
    ACT_REWIND, // number: share of the curve of the loss, 0 .. 1; the mouse holds it until
                // ACT_RELEASE
    // lesson
    ACT_NEXT_SCENE,
    ACT_PREVIOUS_SCENE,
    ACT_SCENE,  // arg: from 0
    ACT_SCROLL, // number: logical pixels, plus is down; arg: 0 as it is, 1 prose though the mouse
                // is elsewhere
    ACT_CHOOSER,
    ACT_CARD, // arg: index into the cards
    ACT_OPEN, // text: a path
    ACT_RELOAD,
    ACT_LOADED, // world.lesson is new; arg: scene, or -1 for the first; text: address or NULL
    ACT_FAILED, // the lesson to open is wrong; world.mistakes says why
    // questions; arg: which of the scene, from 0
    ACT_ASK_GUESS,  // number: the guess
    ACT_ASK_DRAG,   // number: share of the slider, 0 .. 1; the mouse holds it until ACT_RELEASE
    ACT_ASK_CHOOSE, // arg2: the option, from 1
    ACT_ASK_REVEAL,
    ACT_ASK_HINT,
    ACT_ASK_AGAIN,
    // look
    ACT_BIGGER,
    ACT_SMALLER,
    ACT_THEME,    // arg: a ThemeKind; -1: the next one
    ACT_LANGUAGE, // arg: a Lang; -1: the other one
    ACT_MOTION,   // arg: 1 on, 0 off; -1: the other
    ACT_FULLSCREEN,
    ACT_HELP,
    ACT_FRAME_TIME,
    // taking away
    ACT_EXPORT, // opens the dialog
    ACT_COPY_PNG,
    ACT_COPY_SVG,
    ACT_COPY_ADDRESS,
    ACT_COPY_SYMBOLS,
    ACT_COPY_NUMBERS,
    ACT_COPY_COMMAND,
    ACT_EXPORT_PICK,     // arg: an ExportSetting; arg2: which of its words
    ACT_EXPORT_FIELD,    // arg: an ExportSetting, whose text is to be typed; arg2: where, from 1;
                         // 0: all of it is selected
    ACT_EXPORT_RUN,      // makes it, or asks first where something would be replaced
    ACT_EXPORT_REPLACE,  // makes it whatever is there
    ACT_EXPORT_KEEP,     // rather not
    ACT_EXPORT_STOP,     // the one that is being made
    ACT_EXPORT_PROGRESS, // arg: done; arg2: of all; number: seconds so far
    ACT_EXPORT_ENDED,    // arg: an ExportOutcome; text: its path, or why not
    // focus
    ACT_FOCUS_NEXT,
    ACT_FOCUS_PREVIOUS,
    ACT_REGION_NEXT,
    ACT_ACTIVATE,
    ACT_ESCAPE,
    ACT_HOVER, // ref: what is under the mouse
    ACT_CLICK, // ref: what was clicked
    // the field
    ACT_TYPE, // text: typed
    ACT_ERASE,
    ACT_ERASE_NEXT,
    ACT_CARET, // arg: a CaretMove; arg2: 1 selects
    ACT_SUBMIT,
    // the window
    ACT_RESIZE, // arg, arg2: pixels
    ACT_TOLD,   // text: a message to show for a while
    ACT_TOAST_OVER,
    ACT_QUIT,
    ACT_COUNT
} ActionKind;

/// How an export ended.
typedef enum { OUTCOME_MADE, OUTCOME_STOPPED, OUTCOME_FAILED } ExportOutcome;

typedef struct {
    ActionKind kind;
    int arg, arg2;
    double number;
    Ref ref;
    const char *text; // borrowed until app_update returns
} Action;

/// What follows the action's word in a script, and how `arg` is read.
typedef enum {
    TAKES_NOTHING,
    TAKES_NUMBER,
    TAKES_REAL,
    TAKES_TEXT,
    TAKES_GRAIN,
    TAKES_PHASE,
    TAKES_THEME,
    TAKES_LANG,
    TAKES_GUESS,   // a question and a number
    TAKES_OPTION,  // a question and an option
    TAKES_SETTING, // of the export dialog
    TAKES_PICK     // a setting and one of its words
} Takes;

typedef enum { SHIFT_ANY, SHIFT_UP, SHIFT_DOWN } ShiftNeed;

/// A key: SDL's key code, and whether Shift and Ctrl are held.
typedef struct {
    int code;
    ShiftNeed shift;
    bool ctrl;
} Key;

enum { KEYS_PER_ACTION = 4 };

/// The group of the key table an action stands in.
typedef enum {
    GROUP_WALK,
    GROUP_LESSON,
    GROUP_LOOK,
    GROUP_TAKE,
    GROUP_FOCUS,
    GROUP_HIDDEN,
    GROUP_COUNT
} Group;

typedef struct {
    const char *id; // its word in scripts
    Group group;
    Takes takes;
    Key keys[KEYS_PER_ACTION];
    const char *shown;            // the keys as the help screen prints them; NULL without keys
    const char *text[LANG_COUNT]; // what it does: help screen and tooltips
} ActionDef;

/// The table of all actions; the help screen prints it.
extern const ActionDef action_defs[ACT_COUNT];

extern const char *const group_titles[GROUP_COUNT][LANG_COUNT];

/// An action of a kind without argument: arg is -1 where that means "the next one".
Action action(ActionKind kind);

/// The same with an argument.
Action action_with(ActionKind kind, int arg);

/// The control that stands for an action in a scene (with one argument, or with two), and the way
/// back.
Ref ref_control(ActionKind kind, int arg);
Ref ref_control_with(ActionKind kind, int arg, int arg2);
Action action_of_control(Ref control);

/// The action of a key, or ACT_NONE.
ActionKind action_of_key(int code, bool shift, bool ctrl);

/// Reads one line of a script: "step-forward", "goto backward:2:c", "theme dark".
///   errors  false, with *why one sentence in arena a
bool action_parse(Arena *a, const char *line, Action *out, const char **why);

#endif
