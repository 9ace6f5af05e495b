// The one function that turns (state, action) into state. Each action has a handler in the table
// at the end; a handler changes the copy that app_update made and touches nothing else, so tests,
// scripts and the window all see the same behaviour, and an update can be repeated or dropped.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/step_reason.h"
#include "app/update.h"
#include "core/address.h"
#include "lesson/moment.h"

const Walk *update_walk(const AppState *s, const World *w) {
    return s->screen == SCREEN_LESSON && w->lesson ? w->lesson->walk : NULL;
}

void update_tell(AppState *s, const char *text) {
    state_put(s->toast, sizeof s->toast, text);
    s->toasts++;
}

// The playhead goes somewhere by the learner's hand.
void update_move(AppState *s, Playhead p) {
    s->at = p;
    if (s->scene_pinned) s->pinned = NO_REF;
    s->scene_pinned = false;
}

// ---- the walk

// Do the arrow keys go through training, and not through the walk?
static bool moves_in_training(const AppState *s) {
    return s->grain == GRAIN_OPTIMIZER || s->key_focus.kind == REF_CURVE;
}

static void step_forward(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (s->dialog == DIALOG_EXPORT) {
        update_export_turn(s, w, 1);
        return;
    }
    if (s->dialog != DIALOG_NONE || s->screen != SCREEN_LESSON) {
        update_focus_move(s, w, 1);
        return;
    }
    if (update_ask_nudge(s, w, 1)) return;
    const Walk *walk = update_walk(s, w);
    s->playing = false; // the hand takes over
    if (moves_in_training(s))
        update_moment_move(s, w, 1);
    else if (walk)
        update_move(s, walk_next(walk, s->at, s->grain));
}

static void step_back(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (s->dialog == DIALOG_EXPORT) {
        update_export_turn(s, w, -1);
        return;
    }
    if (s->dialog != DIALOG_NONE || s->screen != SCREEN_LESSON) {
        update_focus_move(s, w, -1);
        return;
    }
    if (update_ask_nudge(s, w, -1)) return;
    const Walk *walk = update_walk(s, w);
    s->playing = false;
    if (moves_in_training(s))
        update_moment_move(s, w, -1);
    else if (walk)
        update_move(s, walk_previous(walk, s->at, s->grain));
}

static int coarsest(const AppState *s, const World *w) {
    return update_has_moments(s, w) ? GRAIN_OPTIMIZER : GRAIN_PHASE;
}

static void set_grain(AppState *s, const Action *a, const World *w) {
    if (a->arg < 0 || a->arg > coarsest(s, w)) return;
    s->grain = (Grain)a->arg;
}

static void grain_finer(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (s->screen != SCREEN_LESSON || s->dialog == DIALOG_EXPORT)
        update_focus_move(s, w, 1);
    else if (s->grain > 0)
        s->grain--;
}

static void grain_coarser(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (s->screen != SCREEN_LESSON || s->dialog == DIALOG_EXPORT)
        update_focus_move(s, w, -1);
    else if ((int)s->grain < coarsest(s, w))
        s->grain++;
}

static void next_timestep(AppState *s, const Action *a, const World *w) {
    (void)a;
    const Walk *walk = update_walk(s, w);
    if (walk) update_move(s, walk_next_timestep(walk, s->at));
}

static void play(AppState *s, const Action *a, const World *w) {
    (void)a;
    const Walk *walk = update_walk(s, w);
    if (s->dialog == DIALOG_EXPORT) update_export_space(s, w);
    if (!walk || s->dialog != DIALOG_NONE) return;
    s->playing = !s->playing;
    // at the end there is nothing left to play: begin again
    if (s->grain == GRAIN_OPTIMIZER) {
        if (s->playing && s->moment == 0) update_set_moment(s, w, 1);
    } else if (s->playing && s->at.at >= walk_count(walk))
        update_move(s, (Playhead){0, 0});
}

static void tick(AppState *s, const Action *a, const World *w) {
    (void)a;
    const Walk *walk = update_walk(s, w);
    if (!walk || !s->playing) return;
    if (s->grain == GRAIN_OPTIMIZER) {
        s->playing = update_moment_move(s, w, 1);
        return;
    }
    Playhead next = walk_next(walk, s->at, s->grain);
    if (next.at == s->at.at && next.unit == s->at.unit)
        s->playing = false;
    else
        update_move(s, next);
}

static void set_speed(AppState *s, const Action *a, const World *w) {
    (void)w;
    if (a->arg >= 0 && a->arg < SPEED_COUNT)
        s->speed = a->arg;
    else
        s->speed = (s->speed + 1) % SPEED_COUNT;
}

static void first(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (!update_walk(s, w)) return;
    s->playing = false;
    update_move(s, (Playhead){0, 0});
}

static void last(AppState *s, const Action *a, const World *w) {
    (void)a;
    const Walk *walk = update_walk(s, w);
    if (!walk) return;
    s->playing = false;
    update_move(s, (Playhead){walk_count(walk), 0});
}

// Forward begins with nothing done; the backward pass with its first step, so that it shows; the
// loss is one number, and shows when it is there.
static void to_phase(AppState *s, const Action *a, const World *w) {
    const Walk *walk = update_walk(s, w);
    int from, to;
    if (!walk || a->arg < 0 || a->arg >= PHASE_COUNT) return;
    if (!walk_phase_range(walk, (Phase)a->arg, &from, &to)) return;
    s->playing = false;
    int at = a->arg == PHASE_FORWARD ? from : a->arg == PHASE_LOSS ? to + 1 : from + 1;
    update_move(s, (Playhead){at, 0});
}

static void scrub(AppState *s, const Action *a, const World *w) {
    const Walk *walk = update_walk(s, w);
    if (!walk) return;
    s->playing = false;
    s->scrubbing = true;
    update_move(s, (Playhead){scrub_at(walk, a->number), 0});
}

static void release(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
    s->scrubbing = s->rewinding = false;
    s->dragging = 0;
}

bool update_go_to(AppState *s, const char *address, const World *w, const char **why) {
    const Walk *walk = update_walk(s, w);
    Playhead p = s->at;
    int moment;
    const char *rest;
    *why = s->lang == LANG_ZH ? "没有打开的课程" : "No lesson is open";
    if (!walk) return false;
    bool there = address_moment(w->scratch, address, &moment, &rest, why);
    if (there && moment && !*rest)
        there = moment_is_there(w->scratch, w->lesson, moment, moment_count(w->lesson), why);
    else if (there)
        there = moment_read(w->scratch, w->lesson, address, &moment, &p, why);
    if (!there) return *why = step_reason(w->scratch, *why, s->lang), false;
    s->playing = false;
    update_set_moment(s, w, moment);
    update_move(s, *rest || !moment ? p : s->at);
    return true;
}

static void go(AppState *s, const Action *a, const World *w) {
    const char *why;
    if (!update_go_to(s, a->text, w, &why)) update_tell(s, why);
}

// ---- the dialogs

static void ask_address(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (!update_walk(s, w)) return;
    s->dialog = DIALOG_ADDRESS;
    s->playing = false;
    s->key_focus = NO_REF;
    s->hover = NO_REF;
    s->key_index = -1;
    s->field[0] = s->field_error[0] = '\0';
    if (s->moment) snprintf(s->field, sizeof s->field, "@%d/", s->moment); // to stay in it
    s->edit = edit_end(s->field);
}

static void type(AppState *s, const Action *a, const World *w) {
    size_t size;
    char *text = state_field(s, &size);
    if (s->dialog == DIALOG_NONE && a->text) update_ask_type(s, w, a->text);
    if (!text || !a->text) return;
    edit_type(&s->edit, text, size, a->text);
    s->field_error[0] = s->export_error[0] = '\0';
}

static void erase(AppState *s, const Action *a, const World *w) {
    size_t size;
    char *text = state_field(s, &size);
    if (s->dialog == DIALOG_NONE && a->kind == ACT_ERASE) update_ask_type(s, w, NULL);
    if (!text) return;
    edit_erase(&s->edit, text, a->kind == ACT_ERASE_NEXT);
    s->field_error[0] = s->export_error[0] = '\0';
}

static void caret(AppState *s, const Action *a, const World *w) {
    (void)w;
    size_t size;
    const char *text = state_field(s, &size);
    if (text && a->arg >= CARET_LEFT && a->arg <= CARET_ALL)
        edit_move(&s->edit, text, (CaretMove)a->arg, a->arg2 == 1);
}

void update_submit(AppState *s, const Action *a, const World *w) {
    (void)a;
    const char *why;
    if (s->dialog == DIALOG_NONE) update_ask_enter(s, w);
    if (s->dialog != DIALOG_ADDRESS) return;
    if (update_go_to(s, s->field, w, &why))
        s->dialog = DIALOG_NONE;
    else
        state_put(s->field_error, sizeof s->field_error, why);
}

static void help(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
    if (s->dialog == DIALOG_EXPORT) return;
    s->dialog = s->dialog == DIALOG_HELP ? DIALOG_NONE : DIALOG_HELP;
    s->playing = false;
    s->key_focus = NO_REF;
    s->hover = NO_REF;
    s->key_index = -1;
}

static void escape(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (s->dialog == DIALOG_EXPORT) {
        update_export_escape(s, w);
        return;
    }
    bool nothing = s->dialog == DIALOG_NONE && s->key_focus.kind == REF_NONE &&
                   s->pinned.kind == REF_NONE && !s->playing;
    if (nothing) s->fullscreen = false;
    s->playing = false;
    s->key_focus = NO_REF;
    s->key_index = -1;
    if (s->dialog != DIALOG_NONE) {
        s->dialog = DIALOG_NONE;
        return;
    }
    s->pinned = NO_REF;
    s->scene_pinned = false;
}

// ---- the look

static void theme(AppState *s, const Action *a, const World *w) {
    (void)w;
    bool given = a->arg >= 0 && a->arg < THEME_COUNT;
    s->theme = given ? (ThemeKind)a->arg : (ThemeKind)((s->theme + 1) % THEME_COUNT);
}

static void language(AppState *s, const Action *a, const World *w) {
    (void)w;
    bool given = a->arg >= 0 && a->arg < LANG_COUNT;
    s->lang = given ? (Lang)a->arg : (Lang)((s->lang + 1) % LANG_COUNT);
    s->scroll = s->screen == SCREEN_LESSON ? 0 : s->scroll; // the other text has other lines
}

static void zoom(AppState *s, int by) {
    AppState before = *s;
    s->zoom += by;
    if (s->zoom < 0) s->zoom = 0;
    if (s->zoom >= ZOOM_COUNT) s->zoom = ZOOM_COUNT - 1;
    if (app_scale(s) != app_scale(&before)) {
        char text[64];
        snprintf(text, sizeof text, "%d %%", zoom_percents[s->zoom]);
        update_tell(s, text);
        return;
    }
    s->zoom = before.zoom;
    if (by > 0)
        update_tell(s, s->lang == LANG_ZH ? "窗口太小，不能再放大"
                                          : "No room for more in this window");
}

static void bigger(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
    zoom(s, 1);
}

static void smaller(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
    zoom(s, -1);
}

static void fullscreen(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
    s->fullscreen = !s->fullscreen;
}

static void frame_time(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
    s->frame_time = !s->frame_time;
}

// ---- the window

static void resize(AppState *s, const Action *a, const World *w) {
    (void)w;
    if (a->arg > 0) s->width = a->arg;
    if (a->arg2 > 0) s->height = a->arg2;
}

static void told(AppState *s, const Action *a, const World *w) {
    (void)w;
    update_tell(s, a->text);
}

static void toast_over(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
    s->toast[0] = '\0';
}

static void quit(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
    s->playing = false;
    s->want = WANT_QUIT;
}

static void nothing_at_all(AppState *s, const Action *a, const World *w) {
    (void)s, (void)a, (void)w;
}

// clang-format off
static Handler *const handlers[ACT_COUNT] = {
    [ACT_NONE] = nothing_at_all,
    [ACT_STEP_FORWARD] = step_forward, [ACT_STEP_BACK] = step_back,
    [ACT_GRAIN_FINER] = grain_finer,   [ACT_GRAIN_COARSER] = grain_coarser,
    [ACT_NEXT_TIMESTEP] = next_timestep, [ACT_PLAY] = play,
    [ACT_FIRST] = first,               [ACT_LAST] = last,
    [ACT_ASK_ADDRESS] = ask_address,   [ACT_GOTO] = go,
    [ACT_SPEED] = set_speed,           [ACT_GRAIN] = set_grain,
    [ACT_PHASE] = to_phase,            [ACT_SCRUB] = scrub,
    [ACT_RELEASE] = release,           [ACT_TICK] = tick,
    [ACT_PASS] = update_pass,                 [ACT_MOTION] = update_motion_switch,
    [ACT_MOMENT_NEXT] = update_moment_next,   [ACT_MOMENT_PREVIOUS] = update_moment_previous,
    [ACT_MOMENT] = update_to_moment,          [ACT_REWIND] = update_rewind,
    [ACT_NEXT_SCENE] = update_next_scene,     [ACT_PREVIOUS_SCENE] = update_previous_scene,
    [ACT_SCENE] = update_to_scene,            [ACT_SCROLL] = update_scroll,
    [ACT_CHOOSER] = update_chooser,           [ACT_CARD] = update_open_card,
    [ACT_OPEN] = update_open_file,            [ACT_RELOAD] = update_reload,
    [ACT_LOADED] = update_loaded,             [ACT_FAILED] = update_failed,
    [ACT_ASK_GUESS] = update_ask_guess,       [ACT_ASK_DRAG] = update_ask_drag,
    [ACT_ASK_CHOOSE] = update_ask_choose,     [ACT_ASK_REVEAL] = update_ask_reveal,
    [ACT_ASK_HINT] = update_ask_hint,         [ACT_ASK_AGAIN] = update_ask_again,
    [ACT_BIGGER] = bigger,             [ACT_SMALLER] = smaller,
    [ACT_THEME] = theme,               [ACT_LANGUAGE] = language,
    [ACT_FULLSCREEN] = fullscreen,     [ACT_EXPORT] = update_export,
    [ACT_COPY_PNG] = update_copy,             [ACT_COPY_SVG] = update_copy,
    [ACT_COPY_ADDRESS] = update_copy,         [ACT_COPY_SYMBOLS] = update_copy,
    [ACT_COPY_NUMBERS] = update_copy,         [ACT_COPY_COMMAND] = update_copy,
    [ACT_EXPORT_PICK] = update_export_pick,   [ACT_EXPORT_FIELD] = update_export_field,
    [ACT_EXPORT_RUN] = update_export_run,     [ACT_EXPORT_REPLACE] = update_export_replace,
    [ACT_EXPORT_KEEP] = update_export_keep,   [ACT_EXPORT_STOP] = update_export_stop,
    [ACT_EXPORT_PROGRESS] = update_export_progress, [ACT_EXPORT_ENDED] = update_export_ended,
    [ACT_HELP] = help,                 [ACT_FRAME_TIME] = frame_time,
    [ACT_FOCUS_NEXT] = update_focus_next,     [ACT_FOCUS_PREVIOUS] = update_focus_previous,
    [ACT_REGION_NEXT] = update_region_next,   [ACT_ACTIVATE] = update_activate,
    [ACT_ESCAPE] = escape,             [ACT_HOVER] = update_hover,
    [ACT_CLICK] = update_click,         [ACT_TYPE] = type,
    [ACT_ERASE] = erase,               [ACT_ERASE_NEXT] = erase,
    [ACT_CARET] = caret,               [ACT_SUBMIT] = update_submit,
    [ACT_RESIZE] = resize,             [ACT_TOLD] = told,
    [ACT_TOAST_OVER] = toast_over,     [ACT_QUIT] = quit,
};
// clang-format on

void update_act(AppState *s, const Action *a, const World *w) {
    if (a->kind > ACT_NONE && a->kind < ACT_COUNT) handlers[a->kind](s, a, w);
}

AppState app_update(AppState s, Action a, const World *w) {
    AppState before = s;
    s.want = WANT_NOTHING;
    update_act(&s, &a, w);
    update_motion(&s, &before, &a, w);
    return s;
}
