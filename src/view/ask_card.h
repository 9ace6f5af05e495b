/// The card of a question: predict, reveal, explain.
#ifndef VIEW_ASK_CARD_H
#define VIEW_ASK_CARD_H

#include "view/stage.h"

/// What can be used on a card: `node` of a REF_ASK.
typedef enum { ASK_SLIDER, ASK_OPTION, ASK_REVEAL, ASK_HINT, ASK_AGAIN } AskPart;

enum { ASK_KNOB = 8 }; // half the knob: the track ends this far inside the slider's box

/// How a card stands in its column, in pixels.
typedef struct {
    double x, y, width;
    double body, leading, small; // sizes of text
    bool draw;                   // false: only measure
} AskLook;

/// The control of a card. `option` counts from 1; 0 for none.
Ref ref_ask(AskPart part, int question, int option);

/// Sets question k of the view's scene; returns the height of its card.
///   units   pixels
double ask_card(Scene *s, const View *v, int k, AskLook look);

#endif
