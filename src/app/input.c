// Translates events to actions and keeps nothing: what is dragged, open or focused is in the state.
// While a field has the focus letters belong to it; else every key goes through the key table.
#include "app/input.h"

#include <math.h>

#include "view/ask_card.h"

enum { WHEEL_STEP = 56 }; // logical pixels

// Held down, these go on; all others act once per press.
static bool may_repeat(ActionKind kind) {
    switch ((int)kind) {
    case ACT_STEP_FORWARD:
    case ACT_STEP_BACK:
    case ACT_NEXT_TIMESTEP:
    case ACT_MOMENT_NEXT:
    case ACT_MOMENT_PREVIOUS:
    case ACT_GRAIN_FINER:
    case ACT_GRAIN_COARSER:
    case ACT_FOCUS_NEXT:
    case ACT_FOCUS_PREVIOUS:
    case ACT_ERASE:
    case ACT_ERASE_NEXT:
    case ACT_CARET:
    case ACT_BIGGER:
    case ACT_SMALLER: return true;
    default: return false;
    }
}

typedef struct {
    SDL_Keycode code;
    ActionKind kind;
    CaretMove move; // of ACT_CARET
} FieldKey;

// Keys of a field; with Shift a move selects.
static Action field_key(const AppState *s, SDL_Keycode code, bool shift) {
    static const FieldKey keys[] = {
        {SDLK_ESCAPE, ACT_ESCAPE, 0},        {SDLK_BACKSPACE, ACT_ERASE, 0},
        {SDLK_DELETE, ACT_ERASE_NEXT, 0},    {SDLK_TAB, ACT_FOCUS_NEXT, 0},
        {SDLK_LEFT, ACT_CARET, CARET_LEFT},  {SDLK_RIGHT, ACT_CARET, CARET_RIGHT},
        {SDLK_HOME, ACT_CARET, CARET_START}, {SDLK_END, ACT_CARET, CARET_END},
        {SDLK_RETURN, ACT_SUBMIT, 0},        {SDLK_KP_ENTER, ACT_SUBMIT, 0},
        {SDLK_DOWN, ACT_FOCUS_NEXT, 0},      {SDLK_UP, ACT_FOCUS_PREVIOUS, 0},
    };
    Action a = action(ACT_NONE);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (keys[i].code != code) continue;
        a = action_with(keys[i].kind, (int)keys[i].move);
        a.arg2 = shift;
    }
    if (a.kind == ACT_FOCUS_NEXT && code == SDLK_TAB && shift) a.kind = ACT_FOCUS_PREVIOUS;
    if (a.kind == ACT_SUBMIT && s->key_focus.kind != REF_NONE) a.kind = ACT_ACTIVATE;
    return a;
}

// With a dialog open, keys that would act on the lesson behind it do nothing.
static bool works_in(DialogKind dialog, ActionKind kind) {
    Group group = action_defs[kind].group;
    if (dialog == DIALOG_NONE || dialog == DIALOG_ADDRESS) return true;
    if (group == GROUP_LOOK || group == GROUP_FOCUS) return true;
    if (dialog != DIALOG_EXPORT) return false;
    return kind == ACT_STEP_FORWARD || kind == ACT_STEP_BACK || kind == ACT_GRAIN_FINER ||
           kind == ACT_GRAIN_COARSER || kind == ACT_PLAY ||
           (group == GROUP_TAKE && kind != ACT_EXPORT);
}

// A key that types a digit of a guess, as text; NULL for others. Digits and the point are no keys
// of their own; the sign and Backspace are, so they belong to a guess only while its slider has the
// focus, which typing gives it.
static const char *guess_key(const AppState *s, SDL_Keycode code, bool shift) {
    static const char digits[] = "0\0001\0002\0003\0004\0005\0006\0007\0008\0009";
    bool slider = s->key_focus.kind == REF_ASK && s->key_focus.node == ASK_SLIDER;
    if (s->screen != SCREEN_LESSON || s->dialog != DIALOG_NONE || shift) return NULL;
    if (code >= SDLK_0 && code <= SDLK_9) return digits + 2 * (code - SDLK_0);
    if (code == SDLK_KP_0) return digits;
    if (code >= SDLK_KP_1 && code <= SDLK_KP_9) return digits + 2 * (code - SDLK_KP_1 + 1);
    if (code == SDLK_PERIOD || code == SDLK_KP_PERIOD) return ".";
    if (!slider) return NULL;
    if (code == SDLK_MINUS || code == SDLK_KP_MINUS) return "-";
    return code == SDLK_BACKSPACE ? "" : NULL;
}

Action input_key(const AppState *s, SDL_Keycode code, bool shift, bool ctrl, bool repeat) {
    const char *typed = ctrl ? NULL : guess_key(s, code, shift);
    if (typed) {
        Action a = action(*typed ? ACT_TYPE : ACT_ERASE);
        a.text = typed;
        return a;
    }
    bool typing = state_typing(s);
    if (typing && ctrl && code == SDLK_a) return action_with(ACT_CARET, CARET_ALL);
    Action a =
        typing && !ctrl ? field_key(s, code, shift) : action(action_of_key(code, shift, ctrl));
    if (repeat && !may_repeat(a.kind)) a.kind = ACT_NONE;
    if (!typing && !works_in(s->dialog, a.kind)) a.kind = ACT_NONE;
    if (s->screen == SCREEN_CHOOSER && a.kind == ACT_CHOOSER) a.kind = ACT_NONE;
    return a;
}

static Action scrub_to(const AppFrame *f, double x) {
    Action a = action(ACT_SCRUB);
    a.number = f->track.w > 0 ? fmin(1, fmax(0, (x - f->track.x) / f->track.w)) : 0;
    return a;
}

// The curve of the loss, held at x.
static Action rewind_to(const AppFrame *f, double x) {
    Action a = action(ACT_REWIND);
    Box b;
    if (!frame_find(f, (Ref){REF_CURVE, 0, 0, 0}, &b) || b.w <= 0) return action(ACT_NONE);
    a.number = fmin(1, fmax(0, (x - b.x) / b.w));
    return a;
}

// The slider of a question, held at x.
static Action drag_to(const AppFrame *f, int question, double x) {
    Action a = action_with(ACT_ASK_DRAG, question);
    Box b;
    if (!frame_find(f, ref_ask(ASK_SLIDER, question, 0), &b) || b.w <= 2 * ASK_KNOB)
        return action(ACT_NONE);
    a.number = fmin(1, fmax(0, (x - b.x - ASK_KNOB) / (b.w - 2 * ASK_KNOB)));
    return a;
}

static Ref ref_at(const AppFrame *f, double x, double y) {
    const Shape *shape = frame_hit(f, x, y);
    return shape ? shape->ref : NO_REF;
}

Action input_point(const AppState *s, const AppFrame *f, double x, double y) {
    if (s->scrubbing) return scrub_to(f, x);
    if (s->rewinding) return rewind_to(f, x);
    if (s->dragging) return drag_to(f, s->dragging - 1, x);
    Action a = action(ACT_HOVER);
    a.ref = ref_at(f, x, y);
    if (ref_same(a.ref, s->hover)) a.kind = ACT_NONE;
    return a;
}

// The caret goes where the mouse is; an empty field is filled, and all of it selected.
static Action into_field(const AppState *s, const AppFrame *f, Ref ref, double x) {
    Action a = action_of_control(ref);
    AppState own = *s;
    size_t size;
    const char *text = export_text(&own.export, state_setting(ref), &size);
    const Edit *edit = ref_same(s->key_focus, ref) ? &s->edit : NULL;
    Scene measure = f->dialog;
    Box b;
    if (*text && frame_find(f, ref, &b))
        a.arg2 = 1 + chrome_field_place(&measure, b, FIELD_SIZE, text, edit, x);
    return a;
}

Action input_press(const AppState *s, const AppFrame *f, double x, double y) {
    Action a = action(ACT_CLICK);
    a.ref = ref_at(f, x, y);
    if (action_of_control(a.ref).kind == ACT_SCRUB) return scrub_to(f, x);
    if (a.ref.kind == REF_CURVE) return rewind_to(f, x);
    if (a.ref.kind == REF_ASK && a.ref.node == ASK_SLIDER) return drag_to(f, a.ref.place, x);
    if (action_of_control(a.ref).kind == ACT_EXPORT_FIELD) return into_field(s, f, a.ref, x);
    Box b = f->dialog_box;
    bool outside = x < b.x || y < b.y || x > b.x + b.w || y > b.y + b.h;
    if (s->dialog != DIALOG_NONE && outside && !s->run.running) a.kind = ACT_ESCAPE;
    return a;
}

static Action wheel(const SDL_MouseWheelEvent *e) {
    Action a = action(ACT_SCROLL);
    double lines = (double)e->preciseY;
    a.number = -lines * WHEEL_STEP * (e->direction == SDL_MOUSEWHEEL_FLIPPED ? -1 : 1);
    return a;
}

static Action window_event(const SDL_WindowEvent *e, const AppState *s) {
    Action a = action(ACT_NONE);
    if (e->event == SDL_WINDOWEVENT_LEAVE && s->hover.kind != REF_NONE) a.kind = ACT_HOVER;
    if (e->event == SDL_WINDOWEVENT_CLOSE) a.kind = ACT_QUIT;
    return a;
}

Action input_action(const SDL_Event *e, const AppState *s, const AppFrame *f, double units) {
    Action a = action(ACT_NONE);
    switch (e->type) {
    case SDL_QUIT: return action(ACT_QUIT);
    case SDL_KEYDOWN:
        return input_key(s, e->key.keysym.sym, e->key.keysym.mod & KMOD_SHIFT,
                         e->key.keysym.mod & (KMOD_CTRL | KMOD_GUI | KMOD_LALT), e->key.repeat);
    case SDL_TEXTINPUT:
        if (!state_typing(s)) return a;
        a.kind = ACT_TYPE;
        a.text = e->text.text;
        return a;
    case SDL_MOUSEMOTION: return input_point(s, f, e->motion.x * units, e->motion.y * units);
    case SDL_MOUSEBUTTONDOWN:
        if (e->button.button != SDL_BUTTON_LEFT) return a;
        return input_press(s, f, e->button.x * units, e->button.y * units);
    case SDL_MOUSEBUTTONUP: {
        bool held = s->scrubbing || s->rewinding || s->dragging;
        return action(held ? ACT_RELEASE : ACT_NONE);
    }
    case SDL_MOUSEWHEEL: return s->dialog == DIALOG_NONE ? wheel(&e->wheel) : a;
    case SDL_DROPFILE:
        a.kind = ACT_OPEN;
        a.text = e->drop.file;
        return a;
    case SDL_WINDOWEVENT: return window_event(&e->window, s);
    default: return a;
    }
}

bool input_needs_frame(const SDL_Event *e) {
    return e->type == SDL_KEYDOWN || e->type == SDL_MOUSEBUTTONDOWN || e->type == SDL_MOUSEMOTION;
}
