// The one function that turns (state, action) into state. Each action has a handler in the table
// at the end; a handler changes the copy that app_update made and touches nothing else, so tests,
// scripts and the window all see the same behaviour, and an update can be repeated or dropped.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/state.h"
#include "core/address.h"

typedef void Handler(AppState *s, const Action *a, const World *w);

static const Walk *walk_of(const AppState *s, const World *w) {
    return s->screen == SCREEN_LESSON && w->lesson ? w->lesson->walk : NULL;
}

static void tell(AppState *s, const char *text) {
    state_put(s->toast, sizeof s->toast, text);
    s->toasts++;
}

// The playhead goes somewhere by the learner's hand.
static void move_to(AppState *s, Playhead p) {
    s->at = p;
    if (s->scene_pinned) s->pinned = NO_REF;
    s->scene_pinned = false;
}

// ---- the keyboard's focus

static int stop_index(const World *w, Ref ref) {
    for (int i = 0; i < w->n_stops; i++)
        if (ref_same(w->stops[i].ref, ref)) return i;
    return -1;
}

// Scrolls a page of cards so that the focused one is seen.
static void show_stop(AppState *s, const World *w, const Stop *stop) {
    if (s->screen == SCREEN_LESSON || stop->box.y + stop->box.h < w->page.y) return;
    double below = stop->box.y + stop->box.h + 16 - (w->page.y + w->page.h);
    double above = w->page.y + 16 - stop->box.y;
    if (ref_same(stop->ref, NO_REF) || action_of_control(stop->ref).kind != ACT_CARD) return;
    if (below > 0) s->scroll += below;
    if (above > 0) s->scroll -= above;
    if (s->scroll > w->scroll_max) s->scroll = w->scroll_max;
    if (s->scroll < 0) s->scroll = 0;
}

static void focus_at(AppState *s, const World *w, int index) {
    s->key_index = index;
    s->key_focus = w->stops[index].ref;
    s->hover = NO_REF;
    show_stop(s, w, &w->stops[index]);
}

static void focus_move(AppState *s, const World *w, int by) {
    if (w->n_stops == 0) return;
    int i = s->key_focus.kind == REF_NONE ? -1 : stop_index(w, s->key_focus);
    if (i < 0 && s->key_index >= 0) i = s->key_index < w->n_stops ? s->key_index : w->n_stops - 1;
    if (i < 0) i = by > 0 ? -1 : 0;
    focus_at(s, w, (i + by + w->n_stops) % w->n_stops);
}

static void focus_next(AppState *s, const Action *a, const World *w) {
    (void)a;
    focus_move(s, w, 1);
}

static void focus_previous(AppState *s, const Action *a, const World *w) {
    (void)a;
    focus_move(s, w, -1);
}

// To the first stop of the next panel: the quick way over many numbers.
static void region_next(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (w->n_stops == 0) return;
    int i = stop_index(w, s->key_focus);
    if (i < 0) i = 0;
    int panel = w->stops[i].panel;
    for (int k = 1; k <= w->n_stops; k++) {
        int j = (i + k) % w->n_stops;
        if (w->stops[j].panel != panel) {
            focus_at(s, w, j);
            return;
        }
    }
}

// ---- the walk

static void step_forward(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (s->dialog != DIALOG_NONE || s->screen != SCREEN_LESSON) {
        focus_move(s, w, 1);
        return;
    }
    const Walk *walk = walk_of(s, w);
    if (walk) move_to(s, walk_next(walk, s->at, s->grain));
}

static void step_back(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (s->dialog != DIALOG_NONE || s->screen != SCREEN_LESSON) {
        focus_move(s, w, -1);
        return;
    }
    const Walk *walk = walk_of(s, w);
    s->playing = false;
    if (walk) move_to(s, walk_previous(walk, s->at, s->grain));
}

static void set_grain(AppState *s, const Action *a, const World *w) {
    (void)w;
    if (a->arg >= 0 && a->arg < GRAIN_COUNT) s->grain = (Grain)a->arg;
}

static void grain_finer(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (s->screen != SCREEN_LESSON)
        focus_move(s, w, 1);
    else if (s->grain > 0)
        s->grain--;
}

static void grain_coarser(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (s->screen != SCREEN_LESSON)
        focus_move(s, w, -1);
    else if (s->grain + 1 < GRAIN_COUNT)
        s->grain++;
}

static void next_timestep(AppState *s, const Action *a, const World *w) {
    (void)a;
    const Walk *walk = walk_of(s, w);
    if (walk) move_to(s, walk_next_timestep(walk, s->at));
}

static void play(AppState *s, const Action *a, const World *w) {
    (void)a;
    const Walk *walk = walk_of(s, w);
    if (!walk || s->dialog != DIALOG_NONE) return;
    s->playing = !s->playing;
    // at the end there is nothing left to play: begin again
    if (s->playing && s->at.at >= walk_count(walk)) move_to(s, (Playhead){0, 0});
}

static void tick(AppState *s, const Action *a, const World *w) {
    (void)a;
    const Walk *walk = walk_of(s, w);
    if (!walk || !s->playing) return;
    Playhead next = walk_next(walk, s->at, s->grain);
    if (next.at == s->at.at && next.unit == s->at.unit)
        s->playing = false;
    else
        move_to(s, next);
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
    if (!walk_of(s, w)) return;
    s->playing = false;
    move_to(s, (Playhead){0, 0});
}

static void last(AppState *s, const Action *a, const World *w) {
    (void)a;
    const Walk *walk = walk_of(s, w);
    if (!walk) return;
    s->playing = false;
    move_to(s, (Playhead){walk_count(walk), 0});
}

// Forward begins with nothing done; the backward pass with its first step, so that it shows; the
// loss is one number, and shows when it is there.
static void to_phase(AppState *s, const Action *a, const World *w) {
    const Walk *walk = walk_of(s, w);
    int from, to;
    if (!walk || a->arg < 0 || a->arg >= PHASE_COUNT) return;
    if (!walk_phase_range(walk, (Phase)a->arg, &from, &to)) return;
    s->playing = false;
    int at = a->arg == PHASE_FORWARD ? from : a->arg == PHASE_LOSS ? to + 1 : from + 1;
    move_to(s, (Playhead){at, 0});
}

static void scrub(AppState *s, const Action *a, const World *w) {
    const Walk *walk = walk_of(s, w);
    if (!walk) return;
    s->playing = false;
    s->scrubbing = true;
    move_to(s, (Playhead){scrub_at(walk, a->number), 0});
}

static void release(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
    s->scrubbing = false;
}

static bool go_to(AppState *s, const char *address, const World *w, const char **why) {
    const Walk *walk = walk_of(s, w);
    Playhead p;
    *why = s->lang == LANG_ZH ? "没有打开的课程" : "No lesson is open";
    if (!walk || !address_parse(w->scratch, walk, address, &p, why)) return false;
    s->playing = false;
    move_to(s, p);
    return true;
}

static void go(AppState *s, const Action *a, const World *w) {
    const char *why;
    if (!go_to(s, a->text, w, &why)) tell(s, why);
}

// ---- the dialogs

static void ask_address(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (!walk_of(s, w)) return;
    s->dialog = DIALOG_ADDRESS;
    s->playing = false;
    s->key_focus = NO_REF;
    s->hover = NO_REF;
    s->key_index = -1;
    s->field[0] = s->field_error[0] = '\0';
}

static void type(AppState *s, const Action *a, const World *w) {
    (void)w;
    size_t n = strlen(s->field);
    if (s->dialog != DIALOG_ADDRESS || !a->text) return;
    state_put(s->field + n, sizeof s->field - n, a->text);
    s->field_error[0] = '\0';
}

static void erase(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
    size_t n = strlen(s->field);
    while (n > 0 && ((unsigned char)s->field[n - 1] & 0xC0) == 0x80) n--;
    if (n > 0) s->field[n - 1] = '\0';
    s->field_error[0] = '\0';
}

static void submit(AppState *s, const Action *a, const World *w) {
    (void)a;
    const char *why;
    if (s->dialog != DIALOG_ADDRESS) return;
    if (go_to(s, s->field, w, &why))
        s->dialog = DIALOG_NONE;
    else
        state_put(s->field_error, sizeof s->field_error, why);
}

static void help(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
    s->dialog = s->dialog == DIALOG_HELP ? DIALOG_NONE : DIALOG_HELP;
    s->playing = false;
    s->key_focus = NO_REF;
    s->hover = NO_REF;
    s->key_index = -1;
}

static void escape(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
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

// ---- the lesson

// Reads "f" or "c[t-1]": the equation and its lag; -1 if there is none of that name.
static int focus_equation(const World *w, const char *word, int *lag) {
    size_t n = strcspn(word, "[");
    *lag = strncmp(word + n, "[t-", 3) == 0 ? atoi(word + n + 3) : 0;
    return graph_find_equation(w->lesson->graph, arena_copy(w->scratch, word, n));
}

// Pins what a scene's block asks for, unless the playhead stands there anyway.
static void pin_scene_focus(AppState *s, const World *w, const StepBlock *block) {
    if (!block->focus || !block->focus[0] || s->at.at == 0) return;
    int lag, e = focus_equation(w, block->focus[0], &lag);
    Step step = walk_step(w->lesson->walk, s->at.at - 1);
    if (e < 0 || (e == step.equation && lag == 0)) return;
    const Graph *g = w->lesson->graph;
    int away = g->parts[g->equations[e].part].backward ? lag : -lag;
    int place = step.place + away, unit = block->unit > 0 ? block->unit : 1;
    if (place < 1 || place > trace_steps(w->lesson->trace)) return;
    int node = g->equations[e].node;
    s->pinned =
        step.phase == PHASE_BACKWARD ? ref_grad(node, place, unit) : ref_value(node, place, unit);
    s->scene_pinned = true;
}

// Opens a scene as its ```step block says.
static void open_scene(AppState *s, const World *w, int scene) {
    if (!w->lesson || w->lesson->n_scenes == 0) return;
    if (scene < 0) scene = 0;
    if (scene >= w->lesson->n_scenes) scene = w->lesson->n_scenes - 1;
    s->scene = scene;
    s->scroll = 0;
    s->playing = false;
    s->pinned = NO_REF;
    s->scene_pinned = false;
    const StepBlock *block = &w->lesson->scenes[LANG_EN][scene].step;
    const char *why;
    if (!block->given) return;
    if (block->at) go_to(s, block->at, w, &why); // the lesson was checked: it is there
    pin_scene_focus(s, w, block);
}

static void to_scene(AppState *s, const Action *a, const World *w) {
    if (walk_of(s, w) && a->arg >= 0 && a->arg < w->lesson->n_scenes) open_scene(s, w, a->arg);
}

static void next_scene(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (walk_of(s, w) && s->scene + 1 < w->lesson->n_scenes) open_scene(s, w, s->scene + 1);
}

static void previous_scene(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (walk_of(s, w) && s->scene > 0) open_scene(s, w, s->scene - 1);
}

static void scroll(AppState *s, const Action *a, const World *w) {
    s->scroll += a->number;
    if (s->scroll > w->scroll_max) s->scroll = w->scroll_max;
    if (s->scroll < 0) s->scroll = 0;
}

// What no longer means anything once another page is shown.
static void leave(AppState *s) {
    s->playing = s->scrubbing = s->scene_pinned = false;
    s->dialog = DIALOG_NONE;
    s->pinned = s->hover = s->key_focus = NO_REF;
    s->key_index = -1;
    s->scroll = 0;
}

static void chooser(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
    leave(s);
    s->screen = SCREEN_CHOOSER;
}

static void open_path(AppState *s, const char *path) {
    s->want = WANT_OPEN;
    s->playing = false;
    state_put(s->want_path, sizeof s->want_path, path);
}

static void open_card(AppState *s, const Action *a, const World *w) {
    if (a->arg >= 0 && a->arg < w->n_cards) open_path(s, w->cards[a->arg].path);
}

static void open_file(AppState *s, const Action *a, const World *w) {
    (void)w;
    open_path(s, a->text);
}

static void reload(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
    if (s->screen == SCREEN_CHOOSER) return;
    s->want = WANT_RELOAD;
    state_put(s->want_path, sizeof s->want_path, s->lesson_path);
}

static void loaded(AppState *s, const Action *a, const World *w) {
    if (!w->lesson) return;
    bool again = strcmp(s->lesson_path, w->lesson->path) == 0;
    double scroll_kept = again && a->arg == s->scene ? s->scroll : 0;
    Grain grain_kept = s->grain;
    bool resumed = again && a->text;
    leave(s);
    s->screen = SCREEN_LESSON;
    s->grain = resumed ? grain_kept : w->lesson->grain;
    s->at = (Playhead){0, 0};
    state_put(s->lesson_path, sizeof s->lesson_path, w->lesson->path);
    open_scene(s, w, a->arg);
    const char *why;
    if (a->text && go_to(s, a->text, w, &why)) s->scroll = scroll_kept;
}

static void failed(AppState *s, const Action *a, const World *w) {
    (void)w;
    leave(s);
    s->screen = SCREEN_MISTAKES;
    if (a->text) state_put(s->lesson_path, sizeof s->lesson_path, a->text);
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
        tell(s, text);
        return;
    }
    s->zoom = before.zoom;
    if (by > 0)
        tell(s, s->lang == LANG_ZH ? "窗口太小，不能再放大" : "No room for more in this window");
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

static void export_picture(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (walk_of(s, w)) s->want = WANT_EXPORT;
}

static void frame_time(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
    s->frame_time = !s->frame_time;
}

// ---- the mouse

static void hover(AppState *s, const Action *a, const World *w) {
    (void)w;
    s->hover = a->ref;
}

// The last step of an equation at a place in the phase the playhead is in: what a click on the
// equation or on the timestep leads to. An equation or place of -1 means that of the playhead.
static void go_to_step(AppState *s, const World *w, int equation, int place) {
    const Walk *walk = walk_of(s, w);
    if (!walk) return;
    Step now = s->at.at > 0 ? walk_step(walk, s->at.at - 1) : walk_step(walk, 0);
    int from, to, found = -1;
    if (!walk_phase_range(walk, now.phase, &from, &to)) return;
    if (equation < 0) equation = now.equation;
    if (place < 1) place = now.place > 0 ? now.place : 1;
    for (int i = from; i <= to; i++) {
        Step step = walk_step(walk, i);
        if (step.equation == equation && step.place == place) found = i;
    }
    if (found < 0) return;
    s->playing = false;
    move_to(s, (Playhead){found + 1, 0});
}

static void pin(AppState *s, Ref ref) {
    s->pinned = ref_same(s->pinned, ref) ? NO_REF : ref;
    s->scene_pinned = false;
}

// A link of the text: another lesson's file, or a step address after '#'.
static void follow_link(AppState *s, const World *w, int index) {
    if (index < 0 || index >= w->n_links) return;
    const char *link = w->links[index], *why;
    size_t n = strlen(link);
    if (link[0] == '#') {
        if (!go_to(s, link + 1, w, &why)) tell(s, why);
    } else if (n > 3 && strcmp(link + n - 3, ".md") == 0 && !strstr(link, "://") && w->lesson) {
        const char *slash = strrchr(w->lesson->path, '/');
        int folder = slash ? (int)(slash - w->lesson->path) + 1 : 0;
        open_path(s, arena_printf(w->scratch, "%.*s%s", folder, w->lesson->path, link));
    } else {
        tell(s, link); // no network: the address is shown, to be copied
    }
}

static void act(AppState *s, const Action *a, const World *w);

static void click(AppState *s, const Action *a, const World *w) {
    Ref ref = a->ref;
    switch (ref.kind) {
    case REF_NONE: break;
    case REF_VALUE:
    case REF_GRAD: pin(s, ref); break;
    case REF_EQUATION: go_to_step(s, w, ref.node, ref.place); break;
    case REF_PLACE: go_to_step(s, w, -1, ref.place); break;
    case REF_LINK: follow_link(s, w, ref.node); break;
    case REF_CONTROL: {
        Action control = action_of_control(ref);
        // the bar itself is dragged, not pressed; nothing may click on itself for ever
        if (control.kind != ACT_CLICK && control.kind != ACT_ACTIVATE && control.kind != ACT_SCRUB)
            act(s, &control, w);
        break;
    }
    }
}

static void mouse_click(AppState *s, const Action *a, const World *w) {
    s->key_focus = NO_REF; // the ring is for the keyboard
    s->key_index = -1;
    click(s, a, w);
}

static void activate(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (s->key_focus.kind == REF_NONE) {
        submit(s, a, w);
        return;
    }
    Action use = {.kind = ACT_CLICK, .ref = s->key_focus};
    click(s, &use, w);
}

// ---- the window

static void resize(AppState *s, const Action *a, const World *w) {
    (void)w;
    if (a->arg > 0) s->width = a->arg;
    if (a->arg2 > 0) s->height = a->arg2;
}

static void told(AppState *s, const Action *a, const World *w) {
    (void)w;
    tell(s, a->text);
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
    [ACT_NEXT_SCENE] = next_scene,     [ACT_PREVIOUS_SCENE] = previous_scene,
    [ACT_SCENE] = to_scene,            [ACT_SCROLL] = scroll,
    [ACT_CHOOSER] = chooser,           [ACT_CARD] = open_card,
    [ACT_OPEN] = open_file,            [ACT_RELOAD] = reload,
    [ACT_LOADED] = loaded,             [ACT_FAILED] = failed,
    [ACT_BIGGER] = bigger,             [ACT_SMALLER] = smaller,
    [ACT_THEME] = theme,               [ACT_LANGUAGE] = language,
    [ACT_FULLSCREEN] = fullscreen,     [ACT_EXPORT] = export_picture,
    [ACT_HELP] = help,                 [ACT_FRAME_TIME] = frame_time,
    [ACT_FOCUS_NEXT] = focus_next,     [ACT_FOCUS_PREVIOUS] = focus_previous,
    [ACT_REGION_NEXT] = region_next,   [ACT_ACTIVATE] = activate,
    [ACT_ESCAPE] = escape,             [ACT_HOVER] = hover,
    [ACT_CLICK] = mouse_click,         [ACT_TYPE] = type,
    [ACT_ERASE] = erase,               [ACT_SUBMIT] = submit,
    [ACT_RESIZE] = resize,             [ACT_TOLD] = told,
    [ACT_TOAST_OVER] = toast_over,     [ACT_QUIT] = quit,
};
// clang-format on

static void act(AppState *s, const Action *a, const World *w) {
    if (a->kind > ACT_NONE && a->kind < ACT_COUNT) handlers[a->kind](s, a, w);
}

AppState app_update(AppState s, Action a, const World *w) {
    s.want = WANT_NOTHING;
    act(&s, &a, w);
    return s;
}
