// Motion between steps, as the state knows it: from where, how long, how much of it has passed.
// What it looks like is the view's (view/motion.h); the clock is told by ACT_PASS. A step that
// comes before the motion of the last one is over is shown at once, so that a key held down never
// lags.
#include <math.h>

#include "app/update.h"
#include "view/motion.h"

#define PLAY_SHARE 0.6 // of the time from step to step that a motion may take

void update_pass(AppState *s, const Action *a, const World *w) {
    (void)w;
    s->moving.passed += fmax(0, a->number);
    if (s->moving.passed >= s->moving.length) s->moving = (Moving){0};
}

void update_motion_switch(AppState *s, const Action *a, const World *w) {
    (void)w;
    bool given = a->arg == 0 || a->arg == 1, zh = s->lang == LANG_ZH;
    s->motion = given ? a->arg == 1 : !s->motion;
    update_tell(s, s->motion ? (zh ? "步间动画：开" : "Motion between steps: on")
                             : (zh ? "步间动画：关" : "Motion between steps: off"));
}

// Of these the learner does not want the motion to end.
static bool lets_move(ActionKind kind) {
    return kind == ACT_NONE || kind == ACT_PASS || kind == ACT_HOVER || kind == ACT_RELEASE ||
           kind == ACT_RESIZE || kind == ACT_TOLD || kind == ACT_TOAST_OVER;
}

static bool same_place(Playhead a, Playhead b) {
    return a.at == b.at && a.unit == b.unit;
}

// How long the motion lasts to where an action has led; 0: it is not one step.
static double length_of(const AppState *s, const AppState *before, const Walk *w) {
    bool there =
        before->screen == s->screen && before->scene == s->scene && before->moment == s->moment;
    if (!w || !there || same_place(s->at, before->at)) return 0;
    if (same_place(walk_next(w, before->at, s->grain), s->at))
        return motion_length(s->grain, false);
    bool near = same_place(walk_previous(w, before->at, s->grain), s->at) ||
                same_place(walk_next_timestep(w, before->at), s->at);
    return near ? motion_length(s->grain, true) : 0;
}

void update_motion(AppState *s, const AppState *before, const Action *a, const World *w) {
    if (lets_move(a->kind)) return;
    s->moving = (Moving){0};
    if (!s->motion || a->kind == ACT_SCRUB || a->kind == ACT_LOADED) return;
    double length = length_of(s, before, update_walk(s, w));
    if (s->playing) length = fmin(length, PLAY_SHARE * 1000 / play_speeds[s->speed]);
    if (length < MOTION_LEAST) return;
    bool soon = before->moving.length > 0;
    s->moving = (Moving){before->at, before->pinned, length, 0, !soon};
}
