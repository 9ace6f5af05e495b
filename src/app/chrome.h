/// The parts of the window that are not the stage, as shapes of a scene: what is painted and what
/// the mouse hits are the same thing, and the text engine is the stage's.
#ifndef APP_CHROME_H
#define APP_CHROME_H

#include "app/state.h"

/// Panels of the chrome; they continue the PanelKinds of the stage, whose ground is PANEL_COUNT.
enum { CHROME_TOP = PANEL_COUNT + 1, CHROME_TRANSPORT, CHROME_PAGE, CHROME_DIALOG, CHROME_COUNT };

enum { TOP_HEIGHT = 52, TRANSPORT_HEIGHT = 90 };

/// What every part is drawn from.
typedef struct {
    Scene *scene;
    const AppState *state;
    const World *world;
    Box *preview_box; // where the export dialog shows a picture; set by it
} Chrome;

/// The bar above: lessons, title, scenes, phases, language, theme, export, keys.
void chrome_top(const Chrome *c, Box area);

/// The bar below: the step's address and sentence, buttons, grains, speed, scrub bar, count.
/// Returns the track of the scrub bar.
Box chrome_transport(const Chrome *c, Box area);

/// The lesson chooser. Returns how high its content is.
double chrome_chooser(const Chrome *c, Box area);

/// The mistakes of a lesson that cannot be opened. Returns how high its content is.
///   report  as diags_print prints it
double chrome_mistakes(const Chrome *c, Box area, const char *report);

/// The dialog that is open, in the middle of the area. Returns its box.
Box chrome_dialog(const Chrome *c, Box area);

/// The export dialog, as chrome_dialog.
Box chrome_export(const Chrome *c, Box area);

/// A box of that size in the middle of an area.
Box chrome_middle(Box area, double w, double h);

/// The card of a dialog, over all that waits beneath; and the word at its top right that closes it.
void chrome_card(const Chrome *c, Box area, Box b, const char *title);
void chrome_close(const Chrome *c, Box b, const char *word);

/// The phase the playhead is in: that of the last step done.
Phase chrome_phase(const AppState *s, const Walk *w);

/// The ink of a phase, on chips and on the scrub bar.
Role chrome_phase_role(Phase phase);

// ---- widgets

/// A text in the language shown.
const char *chrome_say(const Chrome *c, const char *en, const char *zh);

/// The user interface's type at a size in logical pixels.
TextStyle chrome_style(double size, FontWeight weight);

/// A baseline that centres text of a size in a box.
double chrome_baseline(Box b, double size);

/// A rounded button with a word. `tip` is its tooltip; NULL: what its action does, with the key.
/// A chip without an action (NO_REF) is drawn muted.
void chrome_chip(const Chrome *c, Box b, const char *word, bool selected, Role selected_role,
                 Ref ref, const char *tip);

/// A field of text. With `edit` it has the focus: caret and selection are shown, and a long text
/// shows the part with the caret; else its beginning. An empty one shows `usual`, muted.
void chrome_field(const Chrome *c, Box b, double size, const char *text, const Edit *edit,
                  const char *usual, Ref ref);

/// The place in the text of such a field, in bytes, that is nearest to x.
int chrome_field_place(Scene *s, Box b, double size, const char *text, const Edit *edit, double x);

enum { FIELD_SIZE = 13 }; // of the text in the export dialog's fields

/// A word that can be clicked, without a box; returns its width. x is its left end.
double chrome_word(const Chrome *c, double x, Box row, const char *word, bool strong, Ref ref,
                   const char *tip);

/// An invisible area with an action over what was drawn; it lights up under the mouse.
void chrome_target(const Chrome *c, Box b, double radius, Ref ref, const char *tip);

/// The tooltip of a control: what it does, and its key.
const char *chrome_tip(const Chrome *c, Ref ref);

/// The text, or its beginning with "…" where it is wider than `width`.
const char *chrome_fit(const Chrome *c, const char *text, TextStyle style, double width);

/// Breaks a text into lines no wider than `width`, at most `most`; the last ends in "…" when
/// there is more. Returns how many.
int chrome_wrap(const Chrome *c, const char *text, TextStyle style, double width,
                const char **lines, int most);

#endif
