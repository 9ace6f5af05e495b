/// Keys and mouse to Actions.
#ifndef APP_INPUT_H
#define APP_INPUT_H

#include <SDL.h>

#include "app/frame.h"

/// The action an event stands for in a state, looking at the frame on the screen; ACT_NONE if it
/// means nothing here. Changes nothing.
///   units   logical pixels per unit of mouse positions
///   text    borrowed from the event
Action input_action(const SDL_Event *e, const AppState *s, const AppFrame *f, double units);

/// The same for a point in logical pixels: the mouse moved there, or pressed.
Action input_point(const AppState *s, const AppFrame *f, double x, double y);
Action input_press(const AppState *s, const AppFrame *f, double x, double y);

/// The action of a key.
Action input_key(const AppState *s, SDL_Keycode code, bool shift, bool ctrl, bool repeat);

/// Does this event need the frame to be that of the state (a click, a step of the focus)?
bool input_needs_frame(const SDL_Event *e);

#endif
