// The loop: waits for an event or the next deadline (play's tick, a message's end, a tooltip, a
// look at the lesson's files), runs the actions, paints what changed. With none of these pending it
// sleeps until the next event and uses no processor time.
#include "app/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/input.h"
#include "lesson/moment.h"
#include "view/text.h"

enum { TOAST_MS = 5000, TIP_MS = 350, MOVE_MS = 16 };

// ---- deadlines

// While something moves, the next frame; where a step's time only runs, its end.
static void set_move(Loop *l, Uint64 now) {
    const Moving *m = &l->session.state.moving;
    if (m->length <= 0) {
        l->move_at = 0;
        return;
    }
    if (l->move_at == 0) l->told_at = now;
    l->move_at = l->told_at + (m->seen ? MOVE_MS : (Uint64)(m->length - m->passed) + 1);
}

static void let_move(Loop *l, Uint64 now) {
    Action a = action(ACT_PASS);
    a.number = (double)(now - l->told_at);
    session_do(&l->session, a);
    l->told_at = now;
    l->move_at = now + MOVE_MS; // until the next look at what moves
}

static void set_deadlines(Loop *l, Uint64 now) {
    const AppState *st = &l->session.state;
    if (!st->playing)
        l->tick_at = 0;
    else if (l->tick_at == 0)
        l->tick_at = now + (Uint64)(1000 / play_speeds[st->speed]);
    if (st->toasts != l->toasts_seen) l->toast_at = now + TOAST_MS;
    l->toasts_seen = st->toasts;
    Ref about = st->key_focus.kind != REF_NONE ? st->key_focus : st->hover;
    if (!ref_same(about, l->tip_ref)) l->tip_at = about.kind == REF_NONE ? 0 : now + TIP_MS;
    l->tip_ref = about;
    set_move(l, now);
    bool watching = st->screen != SCREEN_CHOOSER && l->session.watch.paths;
    if (!watching)
        l->watch_at = 0;
    else if (l->watch_at == 0)
        l->watch_at = now + WATCH_INTERVAL_MS;
    if (!l->session.exporter)
        l->export_at = l->export_begin = 0;
    else if (l->export_at == 0)
        l->export_at = now + LOOP_EXPORT_MS;
    if (l->session.exporter && l->export_begin == 0) l->export_begin = now;
}

// Milliseconds until the next deadline, or -1.
static int time_left(const Loop *l, Uint64 now) {
    const Uint64 list[] = {l->tick_at,  l->toast_at,  l->tip_at,
                           l->watch_at, l->export_at, l->move_at};
    Uint64 next = 0;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (list[i] && (next == 0 || list[i] < next)) next = list[i];
    if (next == 0) return -1;
    return next > now ? (int)(next - now) : 0;
}

static bool is_due(Uint64 *deadline, Uint64 now) {
    if (*deadline == 0 || *deadline > now) return false;
    *deadline = 0;
    return true;
}

static void run_deadlines(Loop *l, Uint64 now) {
    Session *s = &l->session;
    if (is_due(&l->move_at, now)) let_move(l, now);
    if (is_due(&l->tick_at, now)) session_do(s, action(ACT_TICK));
    if (is_due(&l->toast_at, now)) session_do(s, action(ACT_TOAST_OVER));
    if (is_due(&l->tip_at, now)) s->stale = true; // the tooltip is due
    if (is_due(&l->export_at, now))
        session_look_at_export(s, (double)(now - l->export_begin) / 1000);
    if (is_due(&l->watch_at, now) && watch_changed(&s->watch)) session_do(s, action(ACT_RELOAD));
}

// ---- what the window shows of the state besides pixels

static const char *window_name(const Session *s) {
    const Lesson *lesson = s->state.screen == SCREEN_LESSON ? s->world.lesson : NULL;
    if (!lesson) return "Gatewalk";
    return arena_printf(s->scratch, "%s · Gatewalk", lesson->title[s->state.lang]);
}

static void follow_state(Loop *l) {
    const AppState *st = &l->session.state;
    window_fullscreen(l->window, st->fullscreen);
    window_pointer(l->window, st->hover.kind != REF_NONE);
    bool wants_text = state_typing(st);
    if (wants_text && !l->text_input) SDL_StartTextInput();
    if (!wants_text && l->text_input) SDL_StopTextInput();
    l->text_input = wants_text;
    Box field;
    double units = l->session.frame.scale / window_density(l->window);
    if (!wants_text || !frame_find(&l->session.frame, st->key_focus, &field)) return;
    // where an input method shows what is being composed
    SDL_SetTextInputRect(&(SDL_Rect){(int)(field.x * units), (int)(field.y * units),
                                     (int)(field.w * units), (int)(field.h * units)});
}

void loop_settle(Loop *l) {
    set_deadlines(l, SDL_GetTicks64());
    follow_state(l);
    loop_draw(l);
}

static void take_size(Loop *l) {
    Action a = action(ACT_RESIZE);
    window_pixels(l->window, &a.arg, &a.arg2);
    Settings *kept = &l->session.kept;
    if (!l->session.state.fullscreen) window_units(l->window, &kept->width, &kept->height);
    if (a.arg == l->session.state.width && a.arg2 == l->session.state.height) return;
    l->n_covered = 0;
    session_do(&l->session, a);
}

// ---- events

// Of many waiting movements of the mouse only the last matters.
static bool is_outdated(const SDL_Event *e) {
    SDL_Event next;
    return e->type == SDL_MOUSEMOTION &&
           SDL_PeepEvents(&next, 1, SDL_PEEKEVENT, SDL_FIRSTEVENT, SDL_LASTEVENT) > 0 &&
           next.type == SDL_MOUSEMOTION;
}

static void take_event(Loop *l, const SDL_Event *e) {
    Session *s = &l->session;
    if (is_outdated(e)) return;
    if (e->type == SDL_WINDOWEVENT) {
        if (e->window.event == SDL_WINDOWEVENT_EXPOSED) l->exposed = true;
        if (e->window.event == SDL_WINDOWEVENT_SIZE_CHANGED) take_size(l);
    }
    if (e->type == SDL_RENDER_TARGETS_RESET || e->type == SDL_RENDER_DEVICE_RESET)
        l->exposed = true;
    if (input_needs_frame(e)) session_frame(s);
    double units = s->frame.scale > 0 ? window_density(l->window) / s->frame.scale : 1;
    if (e->type == SDL_MOUSEMOTION) {
        l->mouse_x = e->motion.x * units;
        l->mouse_y = e->motion.y * units;
    }
    if (e->type == SDL_KEYDOWN && l->text_input && e->key.keysym.sym == SDLK_v &&
        (e->key.keysym.mod & KMOD_CTRL)) {
        char *clip = SDL_GetClipboardText();
        Action a = action(ACT_TYPE);
        a.text = clip;
        if (clip) session_do(s, a);
        SDL_free(clip);
        return;
    }
    session_do(s, input_action(e, &s->state, &s->frame, units));
    if (e->type == SDL_DROPFILE) SDL_free(e->drop.file);
}

static void wait_and_take(Loop *l) {
    SDL_Event e;
    Uint64 now = SDL_GetTicks64();
    set_deadlines(l, now);
    int left = time_left(l, now);
    int some = left < 0 ? SDL_WaitEvent(&e) : SDL_WaitEventTimeout(&e, left);
    while (some) {
        take_event(l, &e);
        some = SDL_PollEvent(&e);
    }
    run_deadlines(l, SDL_GetTicks64());
}

void loop_pass(Loop *l, double ms) {
    Uint64 end = SDL_GetTicks64() + (Uint64)ms;
    while (!l->session.over && SDL_GetTicks64() < end) {
        SDL_Event e;
        if (SDL_WaitEventTimeout(&e, 10)) take_event(l, &e);
        set_deadlines(l, SDL_GetTicks64());
        run_deadlines(l, SDL_GetTicks64());
        follow_state(l);
        loop_draw(l);
    }
}

// ---- from start to end

// Opens the lesson asked for; false if the address is not in it.
static bool open_first(Loop *l, const AppOptions *o) {
    Session *s = &l->session;
    const char *why;
    if (!o->lesson) return true;
    if (o->at)
        session_open(s, o->lesson, -1, NULL);
    else
        session_resume(s, o->lesson);
    if (!o->at || s->state.screen != SCREEN_LESSON) return true;
    Playhead p;
    int moment;
    if (!moment_read(s->app, s->world.lesson, o->at, &moment, &p, &why)) {
        fprintf(stderr, "gatewalk: %s\n", why);
        return false;
    }
    Action a = action(ACT_GOTO);
    a.text = o->at;
    session_do(s, a);
    return true;
}

static int run(Loop *l, const AppOptions *o, const char *message) {
    if (!open_first(l, o)) return LOOP_BAD_ADDRESS;
    if (message) {
        Action a = action(ACT_TOLD);
        a.text = message;
        session_do(&l->session, a);
        fprintf(stderr, "gatewalk: %s\n", message);
    }
    take_size(l);
    if (o->script) return loop_run_script(l, o->script);
    while (!l->session.over) {
        follow_state(l);
        window_title(l->window, window_name(&l->session));
        loop_draw(l);
        wait_and_take(l);
    }
    return 0;
}

// Everything the loop needs, one after the other; false with *why at the first that fails.
static bool begin(Loop *l, Arena *a, const AppOptions *o, const char **message, const char **why) {
    TextEngine *text = text_engine_new(a, o->places.assets, why);
    if (!text) return false;
    session_begin(&l->session, text, o, message);
    l->session.progress = loop_show_progress;
    l->session.progress_context = l;
    l->overlay = overlay_new(a, o->places.assets, why);
    const Settings *kept = &l->session.kept;
    if (l->overlay) l->window = window_open(a, kept->width, kept->height, why);
    return l->window != NULL;
}

static void end(Loop *l) {
    if (l->session.text) {
        session_end(&l->session);
        text_engine_free(l->session.text);
    }
    canvas_free(&l->canvas);
    if (l->overlay) overlay_free(l->overlay);
    if (l->window) window_close(l->window);
    window_stop();
}

int app_run(const AppOptions *o) {
    Arena *a = arena_new();
    Loop *l = ARENA_NEW(a, Loop);
    const char *why, *message = NULL;
    int code = LOOP_MACHINE;
    // without a display nothing else is touched, read or said
    bool ok = window_start(a, &why);
    if (ok) {
        ok = begin(l, a, o, &message, &why);
        if (ok) code = run(l, o, message);
        if (!ok) fprintf(stderr, "gatewalk: %s\n", why);
        end(l);
    } else {
        fprintf(stderr, "gatewalk: %s\n", why);
    }
    arena_free(a);
    return code;
}
