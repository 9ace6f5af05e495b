// What the keyboard's ring and the mouse do: move over everything that can be clicked, and use it.
// A click and Enter on the ring end in the same function, so that neither can do what the other
// cannot.
#include <string.h>

#include "app/update.h"

int update_stop(const World *w, Ref ref) {
    for (int i = 0; i < w->n_stops; i++)
        if (ref_same(w->stops[i].ref, ref)) return i;
    return -1;
}

// Scrolls a question's control into sight.
static void show_control(AppState *s, const World *w, Box box) {
    double below = box.y + box.h + 40 - (w->prose.y + w->prose.h), above = w->prose.y + 40 - box.y;
    if (below > 0) s->scroll += below;
    if (above > 0) s->scroll -= above;
    s->scroll = s->scroll > w->scroll_max ? w->scroll_max : s->scroll < 0 ? 0 : s->scroll;
}

// Scrolls a page of cards so that the focused one is seen.
static void show_stop(AppState *s, const World *w, const Stop *stop) {
    if (stop->ref.kind == REF_ASK && w->prose.h > 0) show_control(s, w, stop->box);
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

void update_focus_move(AppState *s, const World *w, int by) {
    if (s->dialog == DIALOG_EXPORT) {
        update_export_focus(s, w, by);
        return;
    }
    if (w->n_stops == 0) return;
    int i = s->key_focus.kind == REF_NONE ? -1 : update_stop(w, s->key_focus);
    if (i < 0 && s->key_index >= 0) i = s->key_index < w->n_stops ? s->key_index : w->n_stops - 1;
    if (i < 0) i = by > 0 ? -1 : 0;
    focus_at(s, w, (i + by + w->n_stops) % w->n_stops);
}

void update_focus_next(AppState *s, const Action *a, const World *w) {
    (void)a;
    update_focus_move(s, w, 1);
}

void update_focus_previous(AppState *s, const Action *a, const World *w) {
    (void)a;
    update_focus_move(s, w, -1);
}

// To the first stop of the next panel: the quick way over many numbers.
void update_region_next(AppState *s, const Action *a, const World *w) {
    (void)a;
    if (w->n_stops == 0) return;
    int i = update_stop(w, s->key_focus);
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

void update_hover(AppState *s, const Action *a, const World *w) {
    (void)w;
    s->hover = a->ref;
}

// The last step of an equation at a place in the phase the playhead is in: what a click on the
// equation or on the timestep leads to. An equation or place of -1 means that of the playhead.
static void go_to_step(AppState *s, const World *w, int equation, int place) {
    const Walk *walk = update_walk(s, w);
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
    update_move(s, (Playhead){found + 1, 0});
}

static void pin(AppState *s, Ref ref) {
    s->pinned = ref_same(s->pinned, ref) ? NO_REF : ref;
    s->scene_pinned = false;
    if (s->side && !panel_defs[s->side].follows) s->side = PANEL_VALUE; // which tells of it
}

// A link of the text: another lesson's file, or a step address after '#'.
static void follow_link(AppState *s, const World *w, int index) {
    if (index < 0 || index >= w->n_links) return;
    const char *link = w->links[index], *why;
    size_t n = strlen(link);
    if (link[0] == '#') {
        if (!update_go_to(s, link + 1, w, &why)) update_tell(s, why);
    } else if (n > 3 && strcmp(link + n - 3, ".md") == 0 && !strstr(link, "://") && w->lesson) {
        const char *slash = strrchr(w->lesson->path, '/');
        int folder = slash ? (int)(slash - w->lesson->path) + 1 : 0;
        update_open_path(s, arena_printf(w->scratch, "%.*s%s", folder, w->lesson->path, link));
    } else {
        update_tell(s, link); // no network: the address is shown, to be copied
    }
}

static void click(AppState *s, const Action *a, const World *w) {
    Ref ref = a->ref;
    switch (ref.kind) {
    case REF_NONE: break;
    case REF_VALUE:
    case REF_GRAD:
        pin(s, ref);
        update_ask_click(s, w, ref);
        break;
    case REF_ASK: update_ask_use(s, w, ref); break;
    case REF_EQUATION: go_to_step(s, w, ref.node, ref.place); break;
    case REF_PLACE: go_to_step(s, w, -1, ref.place); break;
    case REF_LINK: follow_link(s, w, ref.node); break;
    case REF_TAB: s->side = ref.node; break;
    case REF_CURVE: break; // it is dragged, not pressed
    case REF_CONTROL: {
        Action control = action_of_control(ref);
        // the bar itself is dragged, not pressed; nothing may click on itself for ever
        if (control.kind != ACT_CLICK && control.kind != ACT_ACTIVATE && control.kind != ACT_SCRUB)
            update_act(s, &control, w);
        break;
    }
    }
}

void update_click(AppState *s, const Action *a, const World *w) {
    bool dialog = s->dialog == DIALOG_EXPORT && s->key_focus.kind == REF_CONTROL;
    if (dialog && action_of_control(a->ref).kind == ACT_NONE) return; // beside its controls
    s->key_focus = NO_REF; // the ring is for the keyboard
    s->key_index = -1;
    click(s, a, w);
}

void update_activate(AppState *s, const Action *a, const World *w) {
    if (s->dialog == DIALOG_EXPORT) {
        update_export_enter(s, w);
        return;
    }
    if (s->key_focus.kind == REF_NONE) {
        update_submit(s, a, w);
        return;
    }
    Action use = {.kind = ACT_CLICK, .ref = s->key_focus};
    click(s, &use, w);
}
