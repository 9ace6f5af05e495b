// Between the pure update and the world: loads the lessons that a state wants, keeps the settings,
// and holds what the state is about. A lesson with mistakes never replaces a good one half way: it
// is loaded into an arena of its own, which becomes the session's only when all went well.
#include "app/session.h"

#include <stdlib.h>
#include <string.h>

#include "app/step_reason.h"
#include "core/address.h"
#include "lesson/moment.h"
#include "view/ask_card.h"

static const char no_report[] = "";

// The same file has the same path wherever the program is started from: settings rely on it.
static const char *whole_path(Arena *a, const char *path) {
    char *found = path ? realpath(path, NULL) : NULL;
    if (!found) return path; // not there: it is said when it is opened
    const char *copy = arena_printf(a, "%s", found);
    free(found); // realpath's own memory
    return copy;
}

static void list_lessons(Session *s) {
    s->world.cards = lesson_list(s->app, &s->places, &s->world.n_cards);
}

// What the settings know goes into the first state.
static void take_settings(Session *s) {
    AppState *st = &s->state;
    st->theme = s->kept.theme;
    st->lang = s->kept.lang;
    st->zoom = s->kept.zoom;
    st->speed = s->kept.speed;
    st->motion = s->kept.motion;
    st->export = s->kept.export;
    st->width = s->kept.width;
    st->height = s->kept.height;
    state_put(st->lesson_path, sizeof st->lesson_path, s->kept.lesson);
}

void session_begin(Session *s, TextEngine *text, const AppOptions *options, const char **message) {
    const Places *places = &options->places;
    *s = (Session){.places = *places,
                   .program = options->program,
                   .state = app_state_new(),
                   .stale = true,
                   .text = text,
                   .app = arena_new(),
                   .report_arena = arena_new(),
                   .frame_arena = arena_new(),
                   .preview_arena = arena_new(),
                   .before_arena = arena_new(),
                   .motion_arena = arena_new(),
                   .moving_arena = arena_new(),
                   .scratch = arena_new(),
                   .report = no_report};
    s->places.lessons = whole_path(s->app, places->lessons);
    s->settings_path = settings_path(s->app);
    s->kept = s->saved = settings_load(s->app, s->settings_path, message);
    s->world.scratch = s->scratch;
    session_look_around(s);
    take_settings(s);
    list_lessons(s);
}

void session_end(Session *s) {
    if (s->exporter) exporter_stop(s->exporter);
    exporter_free(s->exporter);
    session_keep(s, true);
    arena_free(s->moment);
    arena_free(s->lesson);
    arena_free(s->report_arena);
    arena_free(s->frame_arena);
    arena_free(s->preview_arena);
    arena_free(s->before_arena);
    arena_free(s->motion_arena);
    arena_free(s->moving_arena);
    arena_free(s->scratch);
    arena_free(s->app);
}

void session_keep(Session *s, bool write) {
    const AppState *st = &s->state;
    Settings *k = &s->kept;
    k->theme = st->theme;
    k->lang = st->lang;
    k->zoom = st->zoom;
    k->speed = st->speed;
    k->export = st->export;
    if (st->screen == SCREEN_LESSON && s->world.lesson) {
        const char *at = address_format(s->scratch, s->world.lesson->walk, st->at, GRAIN_UNIT);
        state_put(k->lesson, sizeof k->lesson, st->lesson_path);
        state_put(k->address, sizeof k->address, at);
        k->scene = st->scene;
        k->grain = st->grain;
    }
    const char *why;
    if (!write || !s->settings_path || memcmp(k, &s->saved, sizeof *k) == 0) return;
    if (settings_save(s->scratch, s->settings_path, k, &why)) s->saved = *k;
}

void session_frame(Session *s) {
    if (!s->stale) return;
    session_look_at_dialog(s);
    frame_build(&s->frame, s->frame_arena, s->text, &s->state, &s->world, s->report);
    s->stale = false;
    s->unpainted = true;
    s->motion = NULL;
    if (!app_moves(&s->state) || !s->world.lesson) return;
    AppState before = app_before(&s->state);
    frame_build(&s->before, s->before_arena, s->text, &before, &s->world, s->report);
    s->before.view.guesses = s->frame.view.guesses; // those of `before` end with it
    arena_reset(s->motion_arena);
    s->motion = motion_new(s->motion_arena, &s->before.scene, &s->before.view, &s->frame.scene,
                           &s->frame.view);
}

const Scene *session_scene(Session *s) {
    const Moving *m = &s->state.moving;
    session_frame(s);
    if (!s->motion || !app_moves(&s->state)) return &s->frame.scene;
    arena_reset(s->moving_arena);
    s->moving = motion_scene(s->moving_arena, s->motion, m->passed / m->length);
    return &s->moving;
}

// Files whose change may mend a lesson: itself and all that its mistakes are in.
static const char *const *mistaken_files(Arena *a, const char *path, const Diags *d) {
    const char **list = NULL;
    int n = 0, cap = 0;
    ARENA_PUSH(a, list, n, cap, arena_printf(a, "%s", path));
    for (int i = 0; i < d->count; i++) {
        if (!d->list[i].source) continue;
        const char *file = d->list[i].source->path;
        bool listed = false;
        for (int k = 0; k < n; k++) listed = listed || strcmp(list[k], file) == 0;
        if (!listed) ARENA_PUSH(a, list, n, cap, arena_printf(a, "%s", file));
    }
    ARENA_PUSH(a, list, n, cap, NULL);
    return list;
}

static void show_mistakes(Session *s, const char *path, const Diags *d) {
    arena_reset(s->report_arena);
    Buf report = buf_new(s->report_arena);
    diags_print(d, &report);
    s->report = buf_str(&report);
    s->watch = watch_new(s->report_arena, mistaken_files(s->report_arena, path, d));
    Action a = action(ACT_FAILED);
    a.text = path;
    session_do(s, a);
}

void session_open(Session *s, const char *path, int scene, const char *address) {
    // the path may live in the lesson that is about to go
    char kept_path[MAX_PATH_BYTES], kept_address[MAX_FIELD_BYTES];
    state_put(kept_path, sizeof kept_path, whole_path(s->scratch, path));
    state_put(kept_address, sizeof kept_address, address ? address : "");
    Arena *arena = arena_new();
    Diags mistakes = diags_new(arena);
    s->work_begins = true;
    Lesson *lesson = lesson_load(arena, arena_printf(arena, "%s", kept_path), &s->places,
                                 s->progress, s->progress_context, &mistakes);
    if (!lesson) {
        show_mistakes(s, kept_path, &mistakes);
        arena_free(arena);
        return;
    }
    Arena *old = s->lesson, *old_moment = s->moment;
    s->lesson = arena;
    s->moment = NULL;
    s->world.lesson = lesson;
    s->watch = watch_new(arena, lesson->watch);
    s->world.links = NULL; // they were the old lesson's
    s->preview_key = NULL;
    s->world.n_links = 0;
    Action a = action_with(ACT_LOADED, scene);
    a.text = address ? kept_address : NULL;
    session_do(s, a);
    session_frame(s); // nothing of the old lesson is left in a frame
    arena_free(old_moment);
    arena_free(old);
}

// The state says in which moment of training the lesson is shown. Where it cannot be opened, the
// one that is shown stays.
static void open_moment(Session *s) {
    const Lesson *shown = s->world.lesson;
    if (!shown || shown->moment == s->state.moment) return;
    Arena *arena = arena_new();
    const char *why;
    s->work_begins = true;
    const Lesson *opened =
        moment_open(arena, shown, s->state.moment, s->progress, s->progress_context, &why);
    if (!opened) {
        Action back = action_with(ACT_MOMENT, shown->moment), tell = action(ACT_TOLD);
        tell.text = why ? step_reason(arena, why, s->state.lang) : NULL;
        session_do(s, back);
        if (why) session_do(s, tell);
        arena_free(arena);
        return;
    }
    Arena *old = s->moment;
    s->moment = arena;
    s->world.lesson = opened;
    s->stale = true;
    s->preview_key = NULL;
    session_frame(s); // nothing of the old moment is left in a frame
    arena_free(old);
}

void session_resume(Session *s, const char *path) {
    const Settings *k = &s->kept;
    bool known = strcmp(whole_path(s->scratch, path), k->lesson) == 0 && k->address[0];
    session_open(s, path, known ? k->scene : -1, known ? k->address : NULL);
}

// Actions that need to know what can be reached by the keyboard.
static bool moves_focus(ActionKind kind) {
    return kind == ACT_FOCUS_NEXT || kind == ACT_FOCUS_PREVIOUS || kind == ACT_REGION_NEXT ||
           kind == ACT_STEP_FORWARD || kind == ACT_STEP_BACK || kind == ACT_GRAIN_FINER ||
           kind == ACT_GRAIN_COARSER;
}

static void look_at_frame(Session *s, ActionKind kind) {
    World *w = &s->world;
    if (s->state.dialog == DIALOG_EXPORT) session_look_at_dialog(s);
    if (moves_focus(kind)) {
        session_frame(s);
        w->stops = frame_stops(&s->frame, &w->n_stops);
    }
    w->links = s->frame.scene.links;
    w->n_links = s->frame.scene.n_links;
    w->scroll_max = s->frame.scroll_max;
    w->prose = s->frame.region[PANEL_PROSE];
    w->page = s->frame.region[CHROME_PAGE];
}

// A card grew by a hint or an answer: what stands at its end is scrolled into sight.
static void show_card_end(Session *s, const Guess *before) {
    const AppState *st = &s->state;
    for (int k = 0; st->screen == SCREEN_LESSON && k < LESSON_ASKS; k++) {
        int index = question_index(s->world.lesson, st->scene, k);
        if (index < 0) return;
        const Guess *now = &st->guesses[index];
        bool answered = now->stage == GUESS_REVEALED && before[index].stage != GUESS_REVEALED;
        bool hinted = now->hint && !before[index].hint;
        Box end, room;
        if (!answered && !hinted) continue;
        session_frame(s);
        room = s->frame.region[PANEL_PROSE];
        if (!frame_find(&s->frame, ref_ask(answered ? ASK_AGAIN : ASK_REVEAL, k, 0), &end)) return;
        Action a = action(ACT_SCROLL);
        a.number = end.y + end.h + 24 - (room.y + room.h);
        if (a.number > 0) session_do(s, a);
    }
}

// Time passes: the frame stays, only what leads over to it changes.
static void pass(Session *s, Action a) {
    bool moved = app_moves(&s->state);
    s->state = app_update(s->state, a, &s->world);
    s->unpainted = s->unpainted || moved;
}

void session_do(Session *s, Action a) {
    if (a.kind == ACT_NONE) return;
    if (a.kind == ACT_PASS) {
        pass(s, a);
        return;
    }
    Guess before_guesses[LESSON_ASKS];
    memcpy(before_guesses, s->state.guesses, sizeof before_guesses);
    look_at_frame(s, a.kind);
    arena_reset(s->scratch);
    bool may_leave = a.kind != ACT_HOVER && a.kind != ACT_TICK && a.kind != ACT_SCRUB;
    if (may_leave) session_keep(s, false);
    ScreenKind before = s->state.screen;
    s->state = app_update(s->state, a, &s->world);
    s->stale = true;
    if (a.kind == ACT_MOTION) s->kept.motion = s->state.motion; // a script's own choice is not kept
    open_moment(s);
    if (s->state.screen == SCREEN_CHOOSER && before != SCREEN_CHOOSER) list_lessons(s);
    if (may_leave && s->state.want == WANT_NOTHING) session_keep(s, s->state.screen != before);
    switch (s->state.want) {
    case WANT_NOTHING: show_card_end(s, before_guesses); break;
    case WANT_OPEN:
    case WANT_RELOAD: session_resume(s, s->state.want_path); break;
    case WANT_EXPORT: session_start_export(s); break;
    case WANT_EXPORT_STOP:
        if (s->exporter) exporter_stop(s->exporter);
        break;
    case WANT_COPY: session_copy(s); break;
    case WANT_QUIT: s->over = true; break;
    }
}
