// Questions: guessing, revealing, trying again. What the learner said stands in the state, one
// Guess for each question of the lesson; the answer is never in the state, but made from the run
// whenever it is needed.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/update.h"
#include "view/ask_card.h"

enum { NUDGES = 50 }; // arrow keys from end to end of a slider

/// A question of the scene with what was said to it; NULL if there is none that can be answered.
static Guess *find(AppState *s, const World *w, int k, Question *q) {
    if (!update_walk(s, w)) return NULL;
    int index = question_index(w->lesson, s->scene, k);
    if (index < 0 || !question_make(w->scratch, w->lesson, s->scene, k, s->lang, q)) return NULL;
    return &s->guesses[index];
}

static void clear(Guess *g) {
    *g = (Guess){.key = g->key};
}

static bool is_open(const Guess *g) {
    return g && g->stage != GUESS_REVEALED;
}

static void say_number_to(Guess *g, double number) {
    g->stage = GUESS_MADE;
    g->number = number;
    g->typed[0] = '\0';
}

void update_ask_guess(AppState *s, const Action *a, const World *w) {
    Question q;
    Guess *g = find(s, w, a->arg, &q);
    if (is_open(g) && q.kind == ASK_NUMBER && isfinite(a->number)) say_number_to(g, a->number);
}

void update_ask_drag(AppState *s, const Action *a, const World *w) {
    Question q;
    Guess *g = find(s, w, a->arg, &q);
    if (!is_open(g) || q.kind != ASK_NUMBER || !isfinite(a->number)) return;
    s->dragging = a->arg + 1;
    s->key_focus = NO_REF; // the ring is for the keyboard
    s->hover = ref_ask(ASK_SLIDER, a->arg, 0);
    say_number_to(g, question_at_share(&q, a->number));
}

// An order grows by a choice, and loses what is chosen again; others have one choice.
static void choose(Guess *g, AskKind kind, int option) {
    int at = 0;
    g->stage = GUESS_MADE;
    if (kind != ASK_ORDER) g->n_picks = 0;
    while (at < g->n_picks && g->picks[at] != option) at++;
    if (at == g->n_picks) {
        g->picks[g->n_picks++] = option;
        return;
    }
    for (g->n_picks--; at < g->n_picks; at++) g->picks[at] = g->picks[at + 1];
    if (g->n_picks == 0) g->stage = GUESS_NONE;
}

void update_ask_choose(AppState *s, const Action *a, const World *w) {
    Question q;
    Guess *g = find(s, w, a->arg, &q);
    if (is_open(g) && a->arg2 >= 1 && a->arg2 <= q.n_options) choose(g, q.kind, a->arg2 - 1);
}

void update_ask_reveal(AppState *s, const Action *a, const World *w) {
    Question q;
    Guess *g = find(s, w, a->arg, &q);
    if (!is_open(g)) return;
    if (!question_ready(&q, g)) { // given up: nothing is said to have been guessed
        g->number = NAN;
        g->n_picks = 0;
        g->clicked.node = -1;
    }
    g->stage = GUESS_REVEALED;
    g->typed[0] = '\0';
    s->dragging = 0;
    if (s->key_focus.kind == REF_ASK) s->key_focus = NO_REF; // what had it is gone
}

void update_ask_hint(AppState *s, const Action *a, const World *w) {
    Question q;
    Guess *g = find(s, w, a->arg, &q);
    if (is_open(g)) g->hint = true;
}

void update_ask_again(AppState *s, const Action *a, const World *w) {
    Question q;
    Guess *g = find(s, w, a->arg, &q);
    if (g && g->stage == GUESS_REVEALED) clear(g);
    if (s->key_focus.kind == REF_ASK) s->key_focus = NO_REF;
}

// ---- mouse and keyboard

void update_ask_use(AppState *s, const World *w, Ref control) {
    static const ActionKind kinds[] = {[ASK_OPTION] = ACT_ASK_CHOOSE,
                                       [ASK_REVEAL] = ACT_ASK_REVEAL,
                                       [ASK_HINT] = ACT_ASK_HINT,
                                       [ASK_AGAIN] = ACT_ASK_AGAIN};
    // Enter on the slider: what was set is meant
    ActionKind kind = control.node == ASK_SLIDER ? ACT_ASK_REVEAL : kinds[control.node];
    Action a = action_with(kind, control.place);
    Question q;
    const Guess *g = find(s, w, control.place, &q);
    a.arg2 = control.unit;
    if (control.node == ASK_SLIDER && (!g || !question_ready(&q, g))) return;
    update_act(s, &a, w);
}

void update_ask_click(AppState *s, const World *w, Ref ref) {
    const LessonScene *scene =
        update_walk(s, w) && w->lesson->n_scenes ? &w->lesson->scenes[LANG_EN][s->scene] : NULL;
    for (int k = 0; scene && k < scene->n_asks; k++) {
        Question q;
        Guess *g = scene->asks[k].kind == ASK_CLICK ? find(s, w, k, &q) : NULL;
        if (!is_open(g)) continue;
        g->stage = GUESS_MADE;
        g->clicked = (Asked){ref.kind == REF_GRAD, ref.node, ref.place, ref.unit, NAN};
        return;
    }
}

bool update_ask_nudge(AppState *s, const World *w, int by) {
    Question q;
    if (s->key_focus.kind != REF_ASK || s->key_focus.node != ASK_SLIDER) return false;
    Guess *g = find(s, w, s->key_focus.place, &q);
    if (!is_open(g) || q.kind != ASK_NUMBER) return false;
    double at = g->stage == GUESS_NONE ? 0.5 : question_share(&q, g->number);
    say_number_to(g, question_at_share(&q, at + (double)by / NUDGES));
    return true;
}

// The question that digits are for: that of the slider in focus, else the first open one.
static int question_to_type(AppState *s, const World *w) {
    if (s->key_focus.kind == REF_ASK) return s->key_focus.place;
    int n =
        update_walk(s, w) && w->lesson->n_scenes ? w->lesson->scenes[LANG_EN][s->scene].n_asks : 0;
    for (int k = 0; k < n; k++) {
        Question q;
        Guess *g = w->lesson->scenes[LANG_EN][s->scene].asks[k].kind == ASK_NUMBER
                       ? find(s, w, k, &q)
                       : NULL;
        if (is_open(g)) return k;
    }
    return -1;
}

bool update_ask_type(AppState *s, const World *w, const char *text) {
    Question q;
    int k = question_to_type(s, w);
    Guess *g = find(s, w, k, &q);
    if (!is_open(g) || q.kind != ASK_NUMBER) return false;
    size_t n = strlen(g->typed);
    bool fits = text && strspn(text, "0123456789.-") == strlen(text);
    if (text && !fits) return false;
    if (text && n + strlen(text) < sizeof g->typed) memcpy(g->typed + n, text, strlen(text) + 1);
    if (!text && n > 0) g->typed[n - 1] = '\0';
    char *end;
    double number = strtod(g->typed, &end);
    bool is_number = end != g->typed && *end == '\0';
    if (text && end != g->typed + strlen(g->typed) && strspn(g->typed, "-.") != strlen(g->typed))
        g->typed[n] = '\0'; // a second point or sign is not taken
    else if (is_number)
        g->number = number;
    g->stage = is_number || g->stage == GUESS_MADE ? GUESS_MADE : GUESS_NONE;
    if (!g->typed[0]) g->stage = GUESS_NONE;
    s->key_focus = ref_ask(ASK_SLIDER, k, 0);
    s->hover = NO_REF;
    return true;
}

void update_ask_enter(AppState *s, const World *w) {
    int n =
        update_walk(s, w) && w->lesson->n_scenes ? w->lesson->scenes[LANG_EN][s->scene].n_asks : 0;
    for (int k = 0; k < n; k++) {
        Question q;
        Guess *g = find(s, w, k, &q);
        if (!is_open(g) || !question_ready(&q, g)) continue;
        Action a = action_with(ACT_ASK_REVEAL, k);
        update_ask_reveal(s, &a, w);
        return;
    }
}

// ---- another lesson, or the same again

void update_ask_loaded(AppState *s, const World *w, bool same_lesson) {
    const Lesson *l = w->lesson;
    uint32_t keys[LESSON_ASKS] = {0};
    for (int i = 0; l->scenes[LANG_EN] && i < l->n_scenes; i++)
        for (int k = 0; k < l->scenes[LANG_EN][i].n_asks; k++) {
            int index = question_index(l, i, k);
            if (index >= 0) keys[index] = question_key(&l->scenes[LANG_EN][i].asks[k]);
        }
    for (int i = 0; i < LESSON_ASKS; i++) {
        Guess *g = &s->guesses[i];
        if (same_lesson && g->key == keys[i]) continue;
        g->key = keys[i];
        clear(g);
    }
}
