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
// Enter in the field
Handler update_submit;

/// Runs the handler of an action.
void update_act(AppState *s, const Action *a, const World *w);

/// The walk of the lesson shown, or NULL.
const Walk *update_walk(const AppState *s, const World *w);

/// Shows a message for a while.
void update_tell(AppState *s, const char *text);

/// The playhead goes somewhere by the learner's hand: a focus that the scene pinned is let go.
void update_move(AppState *s, Playhead p);

/// Moves to a step address.
///   errors  false, with *why one sentence
bool update_go_to(AppState *s, const char *address, const World *w, const char **why);

/// Moves the keyboard's focus by so many stops.
void update_focus_move(AppState *s, const World *w, int by);

/// Asks for a file to be opened.
void update_open_path(AppState *s, const char *path);

#endif
