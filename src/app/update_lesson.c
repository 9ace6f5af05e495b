// Opening lessons and their scenes, and what a scene's ```step block asks for. An update only says
// which file it wants; the session (app/session.c) reads it and answers with ACT_LOADED or
// ACT_FAILED.
#include <stdlib.h>
#include <string.h>

#include "app/update.h"

// Reads "f" or "c[t-1]": the equation and its lag; -1 if there is none of that name.
static int focus_equation(const World *w, const char *word, int *lag) {
    size_t n = strcspn(word, "[");
    *lag = strncmp(word + n, "[t-", 3) == 0 ? atoi(word + n + 3) : 0;
    return graph_find_equation(w->lesson->graph, arena_copy(w->scratch, word, n));
}

// Is what the step computes among the names?
static bool names_step(const World *w, const char *const *words, Step step) {
    for (; *words; words++) {
        int lag, e = focus_equation(w, *words, &lag);
        if (e >= 0 && e == step.equation && lag == 0) return true;
    }
    return false;
}

// Pins what a scene's block asks for first, unless the playhead stands at one of its names: then
// every panel tells of the step.
static void pin_scene_focus(AppState *s, const World *w, const StepBlock *block) {
    if (!block->focus || !block->focus[0] || s->at.at == 0) return;
    int lag, e = focus_equation(w, block->focus[0], &lag);
    Step step = walk_step(w->lesson->walk, s->at.at - 1);
    if (e < 0 || names_step(w, block->focus, step)) return;
    const Graph *g = w->lesson->graph;
    int away = g->parts[g->equations[e].part].backward ? lag : -lag;
    int place = step.place + away, unit = block->unit > 0 ? block->unit : 1;
    if (place < 1 || place > trace_steps(w->lesson->trace)) return;
    int node = trace_home(w->lesson->trace, g->equations[e].node, place);
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
    s->side = 0;
    s->scroll = 0;
    s->dragging = 0;
    if (s->key_focus.kind == REF_ASK) s->key_focus = NO_REF; // the other scene's
    s->playing = false;
    s->pinned = NO_REF;
    s->scene_pinned = false;
    const StepBlock *block = &w->lesson->scenes[LANG_EN][scene].step;
    const char *why;
    if (!block->given) return;
    if (block->at) update_go_to(s, block->at, w, &why); // the lesson was checked: it is there
    pin_scene_focus(s, w, block);
}

void update_to_scene(AppState *s, const Action *a, const World *w) {
    if (update_walk(s, w) && a->arg >= 0 && a->arg < w->lesson->n_scenes) open_scene(s, w, a->arg);
}

void update_next_scene(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (update_walk(s, w) && s->scene + 1 < w->lesson->n_scenes) open_scene(s, w, s->scene + 1);
}

void update_previous_scene(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (update_walk(s, w) && s->scene > 0) open_scene(s, w, s->scene - 1);
}

void update_scroll(AppState *s, const Action *a, const World *w) {
    s->scroll += a->number;
    if (s->scroll > w->scroll_max) s->scroll = w->scroll_max;
    if (s->scroll < 0) s->scroll = 0;
}

// What no longer means anything once another page is shown.
static void leave(AppState *s) {
    s->playing = s->scrubbing = s->rewinding = s->scene_pinned = false;
    s->dragging = 0;
    s->dialog = DIALOG_NONE;
    s->pinned = s->hover = s->key_focus = NO_REF;
    s->key_index = -1;
    s->scroll = 0;
}

void update_chooser(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
    leave(s);
    s->screen = SCREEN_CHOOSER;
}

void update_open_path(AppState *s, const char *path) {
    s->want = WANT_OPEN;
    s->playing = false;
    state_put(s->want_path, sizeof s->want_path, path);
}

void update_open_card(AppState *s, const Action *a, const World *w) {
    if (a->arg >= 0 && a->arg < w->n_cards) update_open_path(s, w->cards[a->arg].path);
}

void update_open_file(AppState *s, const Action *a, const World *w) {
    (void)w;
    update_open_path(s, a->text);
}

void update_reload(AppState *s, const Action *a, const World *w) {
    (void)a, (void)w;
    if (s->screen == SCREEN_CHOOSER) return;
    s->want = WANT_RELOAD;
    state_put(s->want_path, sizeof s->want_path, s->lesson_path);
}

void update_loaded(AppState *s, const Action *a, const World *w) {
    if (!w->lesson) return;
    bool again = strcmp(s->lesson_path, w->lesson->path) == 0;
    double scroll_kept = again && a->arg == s->scene ? s->scroll : 0;
    Grain grain_kept = s->grain;
    bool resumed = again && a->text;
    leave(s);
    s->screen = SCREEN_LESSON;
    s->grain = resumed ? grain_kept : w->lesson->grain;
    if (s->grain == GRAIN_OPTIMIZER && !update_has_moments(s, w)) s->grain = GRAIN_PHASE;
    s->at = (Playhead){0, 0};
    s->moment = 0;
    update_ask_loaded(s, w, again);
    state_put(s->lesson_path, sizeof s->lesson_path, w->lesson->path);
    open_scene(s, w, a->arg);
    const char *why;
    if (a->text && update_go_to(s, a->text, w, &why)) s->scroll = scroll_kept;
}

void update_failed(AppState *s, const Action *a, const World *w) {
    (void)w;
    leave(s);
    s->screen = SCREEN_MISTAKES;
    if (a->text) state_put(s->lesson_path, sizeof s->lesson_path, a->text);
}
