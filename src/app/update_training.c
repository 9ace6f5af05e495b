// Moving through training: the stage stays at the same step of the walk, and the weights become
// those that another optimizer step found. An update only says which; the session opens it.
#include <stdio.h>

#include "app/update.h"
#include "lesson/moment.h"
#include "view/training_curve.h"

static int count(const AppState *s, const World *w) {
    return update_walk(s, w) ? moment_count(w->lesson) : 0;
}

bool update_has_moments(const AppState *s, const World *w) {
    return count(s, w) > 0;
}

// Refs to numbers and equations are of one network.
static Ref ref_left(Ref ref) {
    bool bound = ref.kind == REF_VALUE || ref.kind == REF_GRAD || ref.kind == REF_EQUATION;
    return bound ? NO_REF : ref;
}

void update_set_moment(AppState *s, const World *w, int moment) {
    if (moment_walk(w->lesson, s->moment) != moment_walk(w->lesson, moment)) {
        s->at = moment_step(w->lesson, s->moment, moment, s->at);
        s->pinned = ref_left(s->pinned);
        s->hover = ref_left(s->hover);
        s->key_focus = ref_left(s->key_focus);
        s->scene_pinned = false;
    }
    s->moment = moment;
}

bool update_moment_move(AppState *s, const World *w, int by) {
    int steps = count(s, w), before = s->moment;
    if (steps == 0) return false;
    int at = (before == 0 ? steps + 1 : before) + by; // after training comes last
    at = at < 1 ? 1 : at;
    update_set_moment(s, w, at > steps ? 0 : at);
    return s->moment != before;
}

void update_moment_next(AppState *s, const Action *a, const World *w) {
    (void)a;
    s->playing = false;
    update_moment_move(s, w, 1);
}

void update_moment_previous(AppState *s, const Action *a, const World *w) {
    (void)a;
    s->playing = false;
    update_moment_move(s, w, -1);
}

void update_to_moment(AppState *s, const Action *a, const World *w) {
    if (a->arg < 0 || a->arg > count(s, w)) return;
    s->playing = false;
    update_set_moment(s, w, a->arg);
}

void update_rewind(AppState *s, const Action *a, const World *w) {
    if (count(s, w) == 0) return;
    s->playing = false;
    s->rewinding = true;
    update_set_moment(s, w, training_moment_at(w->lesson, a->number));
}
