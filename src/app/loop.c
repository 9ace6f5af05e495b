// The loop: waits for an event or the next deadline (play's tick, a message's end, a tooltip, a
// look at the lesson's files), runs the actions, paints what changed. With none of these pending it
// sleeps until the next event and uses no processor time.
#include <SDL.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/canvas.h"
#include "app/input.h"
#include "app/overlay.h"
#include "app/script.h"
#include "app/session.h"
#include "app/window.h"
#include "core/address.h"
#include "export/png.h"
#include "files/write.h"
#include "lesson/moment.h"
#include "view/ask_card.h"
#include "view/text.h"
#include "view/theme.h"

enum { EXIT_BAD_SCRIPT = 1, EXIT_BAD_ADDRESS = 2, EXIT_MACHINE = 3 };
enum { TOAST_MS = 5000, TIP_MS = 350, EXPORT_MS = 40, MOVE_MS = 16, TIMES = 32 };
enum { PROGRESS_MS = 100, PROGRESS_DELAY_MS = 200 };

typedef struct {
    Session session;
    AppWindow *window;
    Overlay *overlay;
    Canvas canvas;
    SDL_Rect covered[OVERLAY_PARTS]; // by the overlay, on the window
    int n_covered;
    bool exposed; // the window lost its pixels
    bool text_input;
    // deadlines, in SDL's milliseconds; 0: none
    Uint64 tick_at, toast_at, tip_at, watch_at, export_at, progress_at, move_at;
    Uint64 export_begin; // of the export that is being made
    Uint64 told_at;      // what moves knows of the time up to here
    int toasts_seen;
    double mouse_x, mouse_y; // logical pixels
    Ref tip_ref;             // what the tooltip is about
    double times[TIMES];     // of the last frames, ms
    int n_frames;
} Loop;

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
        l->export_at = now + EXPORT_MS;
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

// ---- painting

static int compare_doubles(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_time(const Loop *l) {
    double sorted[TIMES];
    int n = l->n_frames < TIMES ? l->n_frames : TIMES;
    if (n == 0) return 0;
    memcpy(sorted, l->times, sizeof sorted);
    qsort(sorted, (size_t)n, sizeof *sorted, compare_doubles);
    return sorted[n / 2];
}

static OverlayContent overlay_content(Loop *l) {
    Session *s = &l->session;
    const AppState *st = &s->state;
    OverlayContent c = {0};
    Box box;
    if (frame_find(&s->frame, st->key_focus, &box)) c.ring = c.anchor = box;
    bool tip_shown =
        l->tip_at == 0 && l->tip_ref.kind != REF_NONE && !st->scrubbing && !st->dragging;
    if (tip_shown && frame_find_at(&s->frame, l->tip_ref, l->mouse_x, l->mouse_y, &c.anchor)) {
        c.tip = frame_tip(&s->frame, st, l->tip_ref);
        bool card = l->tip_ref.kind == REF_ASK;
        c.tip_above = l->tip_ref.kind != REF_CONTROL && !card;
        // a card says what its controls do; only the slider's keys are news, to the keyboard
        bool keys = l->tip_ref.node == ASK_SLIDER && ref_same(l->tip_ref, st->key_focus);
        if (card && !keys) c.tip = NULL;
    }
    if (st->toast[0]) c.toast = st->toast;
    c.toast_bottom = s->frame.scene.height - TRANSPORT_HEIGHT - 16;
    if (st->dialog == DIALOG_EXPORT) c.toast_bottom = s->frame.dialog_box.y + 50; // on its title
    if (st->frame_time)
        c.corner =
            arena_printf(s->frame.arena, "%.2f ms, median %.2f ms",
                         l->n_frames ? l->times[(l->n_frames - 1) % TIMES] : 0.0, median_time(l));
    return c;
}

// Copies what changed from the canvas, wipes the old overlay off, draws the new one.
static void present(Loop *l, SDL_Rect *parts, int n) {
    SDL_Surface *on = window_surface(l->window);
    Session *s = &l->session;
    if (!on || !l->canvas.pixels) return;
    for (int i = 0; i < l->n_covered; i++) parts[n++] = l->covered[i];
    for (int i = 0; i < n; i++)
        SDL_BlitSurface(l->canvas.pixels, &parts[i], on, &(SDL_Rect){parts[i].x, parts[i].y, 0, 0});
    OverlayContent content = overlay_content(l);
    l->n_covered = overlay_draw(l->overlay, on, &content, s->state.theme, s->frame.scale,
                                s->frame.arena, l->covered);
    for (int i = 0; i < l->n_covered; i++) parts[n++] = l->covered[i];
    SDL_Rect whole = {0, 0, on->w, on->h};
    for (int i = 0; i < n; i++) SDL_IntersectRect(&parts[i], &whole, &parts[i]);
    if (n > 0) window_show(l->window, parts, n);
}

static void draw(Loop *l) {
    Session *s = &l->session;
    SDL_Rect parts[CANVAS_PARTS + 2 * OVERLAY_PARTS];
    if (!s->stale && !s->unpainted && !l->exposed) return;
    Uint64 begin = SDL_GetPerformanceCounter();
    const Scene *scene = session_scene(s);
    int n = canvas_paint(&l->canvas, &s->frame, scene, &s->state, l->exposed, parts);
    l->exposed = s->unpainted = false;
    if (n > 0) {
        Uint64 ticks = SDL_GetPerformanceCounter() - begin;
        l->times[l->n_frames++ % TIMES] =
            1e3 * (double)ticks / (double)SDL_GetPerformanceFrequency();
    }
    present(l, parts, n);
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

// ---- training before a lesson opens, and the replay of some of it

// Esc, or the window's cross.
static bool is_told_to_stop(void) {
    SDL_Event e;
    SDL_PumpEvents();
    if (SDL_PeepEvents(&e, 1, SDL_PEEKEVENT, SDL_QUIT, SDL_QUIT) > 0) return true;
    while (SDL_PeepEvents(&e, 1, SDL_GETEVENT, SDL_KEYDOWN, SDL_KEYDOWN) > 0)
        if (e.key.keysym.sym == SDLK_ESCAPE) return true;
    return false;
}

// Short work shows nothing: what is on the screen stays.
static bool show_progress(void *context, int step, double loss) {
    Loop *l = context;
    Session *s = &l->session;
    Uint64 now = SDL_GetTicks64();
    if (s->work_begins) l->progress_at = now + PROGRESS_DELAY_MS;
    s->work_begins = false;
    if (now < l->progress_at) return true;
    l->progress_at = now + PROGRESS_MS;
    if (is_told_to_stop()) return false;
    SDL_Surface *on = window_surface(l->window);
    if (!on) return true;
    bool zh = s->state.lang == LANG_ZH;
    OverlayContent c = {0};
    bool replays = s->world.lesson && s->world.lesson->moment != s->state.moment;
    const char *what = replays ? zh ? "重放训练" : "Replaying training"
                       : zh    ? "正在训练"
                               : "Training";
    c.toast = arena_printf(s->scratch,
                           zh ? "%s：第 %d 步，损失 %.4f（Esc：停止）"
                              : "%s: step %d, loss %.4f (Esc: stop)",
                           what, step, loss);
    c.toast_bottom = s->state.height / app_scale(&s->state) / 2;
    Color ground = theme_color(s->state.theme, ink(ROLE_GROUND));
    if (!l->canvas.pixels || SDL_BlitSurface(l->canvas.pixels, NULL, on, NULL) != 0)
        SDL_FillRect(on, NULL,
                     SDL_MapRGB(on->format, (Uint8)lround(255 * ground.r),
                                (Uint8)lround(255 * ground.g), (Uint8)lround(255 * ground.b)));
    overlay_draw(l->overlay, on, &c, s->state.theme, app_scale(&s->state), s->scratch, l->covered);
    window_show(l->window, &(SDL_Rect){0, 0, on->w, on->h}, 1);
    l->exposed = true;
    return true;
}

// ---- scripts

static bool screenshot(Loop *l, const char *path, const char **why) {
    SDL_Surface *on = window_surface(l->window);
    *why = "the window has no pixels";
    if (!on) return false;
    cairo_surface_t *surface = cairo_image_surface_create_for_data(on->pixels, CAIRO_FORMAT_RGB24,
                                                                   on->w, on->h, on->pitch);
    Buf png = buf_new(l->session.frame.arena);
    bool ok = png_encode(surface, &png, why);
    cairo_surface_destroy(surface);
    return ok && write_file(l->session.frame.arena, path, png.data, png.len, why);
}

// The scene's questions in a word: "-" not guessed, "?" guessed, then "right", "nearly", "wrong".
static const char *asks_word(const Session *s) {
    static const char *const words[] = {
        [GRADE_NONE] = "shown", [GRADE_RIGHT] = "right", [GRADE_NEAR] = "nearly", "wrong"};
    Buf out = buf_new(s->scratch);
    for (int k = 0; s->state.screen == SCREEN_LESSON; k++) {
        int index = question_index(s->world.lesson, s->state.scene, k);
        Question q;
        if (index < 0) break;
        const Guess *g = &s->state.guesses[index];
        if (!question_make(s->scratch, s->world.lesson, s->state.scene, k, LANG_EN, &q)) continue;
        const char *word = g->stage == GUESS_REVEALED ? words[question_grade(&q, g)]
                           : question_ready(&q, g)    ? "?"
                                                      : "-";
        buf_printf(&out, "%s%s", k ? "," : "", word);
    }
    return out.len ? buf_str(&out) : "none";
}

static void print_state(const Session *s) {
    static const char *const screens[] = {"chooser", "lesson", "mistakes"};
    static const char *const dialogs[DIALOG_COUNT] = {"none", "help", "address", "export"};
    const AppState *st = &s->state;
    const Lesson *lesson = st->screen == SCREEN_LESSON ? s->world.lesson : NULL;
    printf("screen %s dialog %s scene %d step %d unit %d at %s grain %s theme %s lang %s scale %d "
           "asks %s playing %d moved %.2f pinned %d,%d,%d,%d focus %d,%d,%d,%d toast %s\n",
           screens[st->screen], dialogs[st->dialog], st->scene, st->at.at, st->at.unit,
           lesson ? address_format(s->scratch, lesson->walk, st->at, GRAIN_UNIT) : "-",
           grain_names[st->grain], theme_names[st->theme], lang_names[st->lang],
           zoom_percents[st->zoom], asks_word(s), st->playing,
           st->moving.length > 0 ? st->moving.passed / st->moving.length : 1.0,
           (int)st->pinned.kind, st->pinned.node, st->pinned.place, st->pinned.unit,
           (int)st->key_focus.kind, st->key_focus.node, st->key_focus.place, st->key_focus.unit,
           st->export_error[0] ? st->export_error
           : st->toast[0]      ? st->toast
                               : "-");
    fflush(stdout);
}

static void print_clipboard(void) {
    char *text = SDL_GetClipboardText();
    puts(text ? text : "");
    fflush(stdout);
    SDL_free(text);
}

// Runs as the loop runs, for this long.
static void let_pass(Loop *l, double ms) {
    Uint64 end = SDL_GetTicks64() + (Uint64)ms;
    while (!l->session.over && SDL_GetTicks64() < end) {
        SDL_Event e;
        if (SDL_WaitEventTimeout(&e, 10)) take_event(l, &e);
        set_deadlines(l, SDL_GetTicks64());
        run_deadlines(l, SDL_GetTicks64());
        follow_state(l);
        draw(l);
    }
}

static bool run_line(Loop *l, const ScriptLine *line, const char **why) {
    Session *s = &l->session;
    session_frame(s);
    switch (line->kind) {
    case LINE_ACTION: session_do(s, line->action); break;
    case LINE_POINT:
        l->mouse_x = line->x;
        l->mouse_y = line->y;
        session_do(s, input_point(&s->state, &s->frame, line->x, line->y));
        break;
    case LINE_PRESS: session_do(s, input_press(&s->state, &s->frame, line->x, line->y)); break;
    case LINE_KEY:
        session_do(s, input_key(&s->state, SDL_GetKeyFromName(line->text), false, false, false));
        break;
    case LINE_WAIT: let_pass(l, line->x); break;
    case LINE_EXPORTED:
        while (s->exporter && !s->over) let_pass(l, EXPORT_MS);
        break;
    case LINE_PRINT: print_state(s); break;
    case LINE_CLIPBOARD: print_clipboard(); break;
    case LINE_SCREENSHOT: return screenshot(l, line->text, why);
    }
    set_deadlines(l, SDL_GetTicks64());
    follow_state(l);
    draw(l);
    return true;
}

static int run_script(Loop *l, const char *path) {
    Session *s = &l->session;
    Diags mistakes = diags_new(s->app);
    int count;
    const ScriptLine *lines = script_read(s->app, path, &count, &mistakes);
    if (!lines) {
        Buf report = buf_new(s->app);
        diags_print(&mistakes, &report);
        fputs(buf_str(&report), stderr);
        return EXIT_BAD_SCRIPT;
    }
    s->state.motion = false; // `motion 1` turns it on, and `pass` is its clock
    let_pass(l, 50);         // the window system's first events
    for (int i = 0; i < count && !s->over; i++) {
        const char *why;
        if (run_line(l, &lines[i], &why)) continue;
        fprintf(stderr, "gatewalk: %s\n", why);
        return EXIT_MACHINE;
    }
    return 0;
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
    if (!open_first(l, o)) return EXIT_BAD_ADDRESS;
    if (message) {
        Action a = action(ACT_TOLD);
        a.text = message;
        session_do(&l->session, a);
        fprintf(stderr, "gatewalk: %s\n", message);
    }
    take_size(l);
    if (o->script) return run_script(l, o->script);
    while (!l->session.over) {
        follow_state(l);
        window_title(l->window, window_name(&l->session));
        draw(l);
        wait_and_take(l);
    }
    return 0;
}

// Everything the loop needs, one after the other; false with *why at the first that fails.
static bool begin(Loop *l, Arena *a, const AppOptions *o, const char **message, const char **why) {
    TextEngine *text = text_engine_new(a, o->places.assets, why);
    if (!text) return false;
    session_begin(&l->session, text, o, message);
    l->session.progress = show_progress;
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
    int code = EXIT_MACHINE;
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
