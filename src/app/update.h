/// The handlers behind app_update, one per kind of action. Only app/update*.c include this: nothing
/// else changes a state.
#ifndef APP_UPDATE_H
#define APP_UPDATE_H

#include "app/state.h"

/// Changes a state as an action asks; touches nothing else.
typedef void Handler(AppState *s, const Action *a, const World *w);

// of the keyboard's focus and the mouse
Handler update_focus_next, update_focus_previous, update_region_next, update_hover, update_click,
    update_activate;
// of lessons and scenes
Handler update_to_scene, update_next_scene, update_previous_scene, update_scroll, update_chooser,
    update_open_card, update_open_file, update_reload, update_loaded, update_failed;
// of training
Handler update_moment_next, update_moment_previous, update_to_moment, update_rewind;
// of questions
Handler update_ask_guess, update_ask_drag, update_ask_choose, update_ask_reveal, update_ask_hint,
    update_ask_again;
// of motion
Handler update_pass, update_motion_switch;
// Enter in the field
Handler update_submit;
// of the export dialog and the clipboard
Handler update_export, update_export_pick, update_export_field, update_export_run,
    update_export_replace, update_export_keep, update_export_stop, update_export_progress,
    update_export_ended, update_copy;

/// Runs the handler of an action.
void update_act(AppState *s, const Action *a, const World *w);

/// The walk of the lesson shown, or NULL.
const Walk *update_walk(const AppState *s, const World *w);

/// Can optimizer steps of the lesson's training be opened?
bool update_has_moments(const AppState *s, const World *w);

/// The same step of the walk in another moment of training; 0 is after it.
void update_set_moment(AppState *s, const World *w, int moment);

/// Likewise so many optimizer steps further on, or back; false at the ends.
bool update_moment_move(AppState *s, const World *w, int by);

/// Shows a message for a while.
void update_tell(AppState *s, const char *text);

/// The playhead goes somewhere by the learner's hand: a focus that the scene pinned is let go.
void update_move(AppState *s, Playhead p);

/// Begins the motion to where an action has led from the state before it, or ends the one before.
void update_motion(AppState *s, const AppState *before, const Action *a, const World *w);

/// Moves to a step address, in the optimizer step that it names; "@40" alone keeps the step of the
/// walk.
///   errors  false, with *why one sentence
bool update_go_to(AppState *s, const char *address, const World *w, const char **why);

/// The index of a ref among the stops, or -1.
int update_stop(const World *w, Ref ref);

/// Moves the keyboard's focus by so many stops.
void update_focus_move(AppState *s, const World *w, int by);

/// What a control of a question's card does.
void update_ask_use(AppState *s, const World *w, Ref control);

/// A click on a number: the answer to the scene's question that wants one.
void update_ask_click(AppState *s, const World *w, Ref ref);

/// The arrow keys on a slider that has the keyboard's focus; false if there is none.
bool update_ask_nudge(AppState *s, const World *w, int by);

/// Digits for a guess, and one of them taken back (NULL); false if no question wants them.
bool update_ask_type(AppState *s, const World *w, const char *text);

/// Enter with nothing in focus: reveals the scene's first question that has a guess.
void update_ask_enter(AppState *s, const World *w);

/// Forgets the guesses whose questions are not those of the lesson shown.
void update_ask_loaded(AppState *s, const World *w, bool same_lesson);

/// What keys do in the export dialog: an arrow turns to the next word of a row or moves the caret,
/// Tab and the other arrows go from row to row, Enter makes the export unless a button has the
/// focus, the space bar uses what has it, Esc stops, goes back or closes.
void update_export_turn(AppState *s, const World *w, int by);
void update_export_focus(AppState *s, const World *w, int by);
void update_export_enter(AppState *s, const World *w);
void update_export_space(AppState *s, const World *w);
void update_export_escape(AppState *s, const World *w);

/// Asks for a file to be opened.
void update_open_path(AppState *s, const char *path);

#endif
