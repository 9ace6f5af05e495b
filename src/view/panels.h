/// The panels of the stage, one file each (view/panel_NAME.c), and what they share.
/// A panel gets the inside of its card, padding taken off, and draws its own heading.
#ifndef VIEW_PANELS_H
#define VIEW_PANELS_H

#include "view/stage.h"

/// One for each row of panel_defs.
PanelDraw panel_prose_draw;
PanelDraw panel_timeline_draw;
PanelDraw panel_cell_draw;
PanelDraw panel_equations_draw;
PanelDraw panel_value_draw;
PanelDraw panel_weights_draw;
PanelDraw panel_gradients_draw;
PanelDraw panel_blame_draw;
PanelDraw panel_memory_draw;
PanelDraw panel_compare_draw;
PanelDraw panel_training_draw;

/// Has the lesson anything to show in this panel?
bool panel_weights_has(const View *v);
/// As panel_weights_has.
bool panel_gradients_has(const View *v);
/// As panel_weights_has.
bool panel_blame_has(const View *v);
/// As panel_weights_has.
bool panel_memory_has(const View *v);
/// As panel_weights_has.
bool panel_compare_has(const View *v);
/// As panel_weights_has.
bool panel_training_has(const View *v);

/// A small bold heading at the top left, a quiet note (may be NULL) at the top right, left out
/// where it does not fit. Cuts them off `area`. English headings are written in capitals.
void panel_heading(Scene *s, Box *area, const char *text, const char *note);

/// The part whose cell the stage shows: the part at work if it is a layer; of what comes in the
/// first layer that runs there, else the last layer.
int view_part(const View *v);

/// Layers beside this one that run at the same timesteps, itself and other directions included.
int view_layers(const Graph *g, const Part *like);

/// Is the input at this place what the network said at the place before?
bool view_is_fed(const View *v, int place);

/// The timestep the stage is about: that of the playhead's step (of the first step before any),
/// the last one for the total of the loss, the one where the way back ended for the update.
int view_place(const View *v);

/// The phase of the last step done; PHASE_FORWARD before any.
Phase view_phase(const View *v);

/// Is the value of this node always in [0, 1]: drawn as a gate, not on the diverging ramp?
bool view_is_gate(const Graph *g, int node);

/// The ink of a number on a square: a gate's letter from pale to full, or the diverging ramp.
Ink view_value_ink(const View *v, int node, double value);

/// Has the optimizer moved this element of a parameter at the playhead? False for other nodes.
bool view_is_updated(const View *v, int node, int unit);

/// How many of the timesteps' shares of an element of a parameter's gradient the way back has
/// passed, of how many.
int view_param_shares(const View *v, int param, int unit, int *all);

/// An element of a parameter's gradient as far as the way back has summed it; NaN where that is not
/// kept (Lesson.shares) and not all of it is known.
double view_param_gradient(const View *v, int param, int unit);

/// What row k (from 0) of the network's result is called: a symbol, or a number.
const char *view_class_name(Arena *a, const View *v, int k);

/// A "?" in the place of a number that is to be predicted.
void view_draw_hidden(Scene *s, Box box, double radius, Ref ref);

/// A cross on the square of a number that dropout sets to 0, or of the 0 in its mask; nothing on
/// others.
void view_mark_dropped(Scene *s, const View *v, Box box, Ref ref);

/// Dims the shapes from index `from` on whose numbers the scene's `focus:` does not name, while the
/// playhead is where the scene put it.
void view_dim(Scene *s, const View *v, int from);

#endif
