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

bool update_moment_move(AppState *s, const World *w, int by) {
    int steps = count(s, w), before = s->moment;
    if (steps == 0) return false;
    int at = (before == 0 ? steps + 1 : before) + by; // after training comes last
    at = at < 1 ? 1 : at;
    s->moment = at > steps ? 0 : at;
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
    s->moment = a->arg;
}

void update_rewind(AppState *s, const Action *a, const World *w) {
    if (count(s, w) == 0) return;
    s->playing = false;
    s->rewinding = true;
    s->moment = training_moment_at(w->lesson, a->number);
}
