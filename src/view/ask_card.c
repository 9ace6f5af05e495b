// A question's card from the top down: what is asked, the controls to guess with, and after Reveal
// the verdict in words, the true number beside the guess, and the author's explanation. The card is
// set twice, first to measure the ground it stands on. Controls carry REF_ASK refs; what they do is
// the business of app/update_ask.c.
#include "view/ask_card.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "view/ask_text.h"
#include "view/tex.h"
#include "view/tex_link.h"

enum { PAD = 14, BUTTON = 30, GAP = 8 };

static const Guess no_guess = {.stage = GUESS_NONE};

/// A card while it is set.
typedef struct {
    Scene *s;
    const View *v;
    const AskBlock *ask;
    Question q;
    const Guess *guess;
    int k;     // of the scene's questions
    bool live; // it can be answered: no picture in a file
    bool zh;
    AskLook look; // x, y, width: the room left inside
} Card;

Ref ref_ask(AskPart part, int question, int option) {
    return (Ref){REF_ASK, (int)part, question, option};
}

static bool revealed(const Card *c) {
    return c->guess->stage == GUESS_REVEALED;
}

static const char *say(const Card *c, const char *en, const char *zh) {
    return c->zh ? zh : en;
}

static TextStyle type(const Card *c, double size, FontWeight weight) {
    (void)c;
    return (TextStyle){FONT_UI, weight, false, size};
}

static FlowStyle flow_style(const Card *c, Role role, FontWeight weight) {
    return (FlowStyle){.size = c->look.body,
                       .leading = c->look.leading,
                       .weight = weight,
                       .role = role,
                       .view = c->v,
                       .draw = c->look.draw};
}

static void flow(Card *c, const FlowStyle *style, const ProseRun *runs, int n) {
    c->look.y += prose_flow(c->s, style, runs, n, c->look.x, c->look.y, c->look.width);
}

/// A text of the author, with its formulas.
static void flow_author(Card *c, const char *text, Role role) {
    int n;
    const ProseRun *runs = ask_author_runs(c->s->arena, text, &n);
    FlowStyle style = flow_style(c, role, WEIGHT_REGULAR);
    if (n > 0) flow(c, &style, runs, n);
}

static bool same(Ref a, Ref b) {
    return a.kind == b.kind && a.node == b.node && a.place == b.place && a.unit == b.unit;
}

/// What can be pressed, over what was drawn; it lights up under the mouse.
static void target(const Card *c, Box box, double radius, Ref ref, const char *label) {
    if (!c->live || !c->look.draw) return;
    bool under = same(c->v->touched, ref);
    Shape *shape =
        scene_box(c->s, box, radius, NO_INK, under ? ink_soft(ROLE_MUTED, 0.8) : NO_INK, 1, ref);
    shape->label = label;
}

// ---- the slider

static Role role_of(const Card *c) {
    const Asked *of = &c->q.of[0];
    if (of->grad) return ROLE_BACKWARD;
    Role role = of->node >= 0 ? view_role(c->v->lesson, of->node) : ROLE_TEXT;
    return role == ROLE_TEXT || role == ROLE_X ? ROLE_ACCENT : role;
}

/// Decimals that the slider's steps have.
static int step_digits(const Question *q) {
    int digits = 0;
    for (double x = q->step; x < 0.999 && digits < 12; x *= 10) digits++;
    return digits;
}

/// Decimals that a round number needs, at most so many.
static int round_digits(double x, int most) {
    int digits = 0;
    for (; digits < most && fabs(x - floor(x + 0.5)) > 1e-6; x *= 10) digits++;
    return digits;
}

static const char *slider_number(const Card *c, double x, int digits) {
    const char *text = say_number(c->s->arena, x, digits, true, c->v->lang);
    bool sign = c->q.low < 0 && x > 0;
    return sign ? arena_printf(c->s->arena, "+%s", text) : text;
}

/// Text in the middle of x, moved so that it stays within the card.
static void put_label(const Card *c, double x, double baseline, const char *text, TextStyle style,
                      Ink color, Ref ref) {
    double half = scene_text_width(c->s, text, style) / 2;
    double left = c->look.x + half, right = c->look.x + c->look.width - half;
    scene_text(c->s, fmax(left, fmin(x, right)), baseline, text, style, ALIGN_CENTER, color, ref);
}

typedef struct {
    double from, length, y; // of the track
    double knob, zero;      // x of them
} Track;

static void draw_track(const Card *c, const Track *t, Role role) {
    Scene *s = c->s;
    scene_box(s, (Box){t->from, t->y - 2.5, t->length, 5}, 2.5, ink(ROLE_LINE), NO_INK, 0, NO_REF);
    bool guessed = c->guess->stage != GUESS_NONE && !isnan(c->guess->number);
    double a = fmin(t->zero, t->knob), b = fmax(t->zero, t->knob);
    if (guessed) scene_box(s, (Box){a, t->y - 2.5, b - a, 5}, 2.5, ink(role), NO_INK, 0, NO_REF);
    if (c->q.low < 0)
        scene_line(s, t->zero, t->y - 6, t->zero, t->y + 6, ink(ROLE_MUTED), 1, NO_REF);
}

/// The true number above the track, with a pointer down to its place.
static void draw_truth(const Card *c, const Track *t) {
    double answer = c->q.of[0].value, x = t->from + t->length * question_share(&c->q, answer);
    if (!isfinite(answer)) return;
    scene_arrow(c->s, x, t->y - 3, 0, 1, 9, ink(ROLE_TEXT));
    const char *text = slider_number(c, answer, c->v->lesson->digits);
    put_label(c, x, t->y - 16, text, type(c, c->look.body, WEIGHT_BOLD), ink(ROLE_TEXT),
              ref_asked(&c->q.of[0]));
}

/// The ends of the track and, below the knob, what it says; an end that would stand under it is
/// left out.
static void draw_scale(const Card *c, const Track *t, Role role) {
    double y = t->y + 24;
    int digits = step_digits(&c->q);
    TextStyle small = type(c, c->look.small, WEIGHT_REGULAR), bold = small;
    bold.weight = WEIGHT_BOLD;
    bold.size = c->look.body;
    bool typed = c->guess->typed[0] != '\0', guessed = c->guess->stage != GUESS_NONE;
    const char *said = typed                     ? c->guess->typed
                       : !guessed                ? "?"
                       : isnan(c->guess->number) ? ""
                                                 : slider_number(c, c->guess->number, digits);
    double half = scene_text_width(c->s, said, bold) / 2 + 8;
    for (int k = 0; k < 2; k++) {
        double number = k ? c->q.high : c->q.low;
        const char *text = slider_number(c, number, round_digits(number, digits));
        double w = scene_text_width(c->s, text, small), end = k ? t->from + t->length : t->from;
        if (fabs(t->knob - end) < half + w) continue;
        scene_text(c->s, k ? end + ASK_KNOB : end - ASK_KNOB, y, text, small,
                   k ? ALIGN_RIGHT : ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
    }
    if (*said) put_label(c, t->knob, y, said, bold, ink(guessed ? role : ROLE_MUTED), NO_REF);
}

static void set_slider(Card *c) {
    bool guessed = c->guess->stage != GUESS_NONE && !isnan(c->guess->number);
    double top = c->look.y;
    c->look.y += (revealed(c) ? 38 : 20) + 30;
    if (!c->look.draw) return;
    Track t = {.from = c->look.x + ASK_KNOB, .length = c->look.width - 2 * ASK_KNOB};
    t.y = top + (revealed(c) ? 38 : 20);
    t.zero = t.from + t.length * question_share(&c->q, fmax(0, c->q.low));
    t.knob = t.from + t.length * (guessed ? question_share(&c->q, c->guess->number) : 0.5);
    Role role = role_of(c);
    bool gave_up = revealed(c) && !guessed;
    draw_track(c, &t, role);
    if (!gave_up) {
        Ink edge = guessed ? ink(role) : ink(ROLE_MUTED);
        scene_circle(c->s, t.knob, t.y, ASK_KNOB - 1, ink(ROLE_PANEL), edge, 2.5, NO_REF);
    }
    draw_scale(c, &t, role);
    if (revealed(c)) {
        draw_truth(c, &t);
        return;
    }
    target(c, (Box){c->look.x, t.y - 11, c->look.width, 22}, 11, ref_ask(ASK_SLIDER, c->k, 0),
           say(c, "Drag, or type a number; ← → change it", "拖动，或直接输入数字；用 ← → 调整"));
}

// ---- options

static int picked_at(const Card *c, int option) {
    for (int i = 0; i < c->guess->n_picks; i++)
        if (c->guess->picks[i] == option) return i;
    return -1;
}

/// A tick, drawn: not every font has one.
static void draw_tick(const Card *c, double x, double y, double size) {
    PathStep path[] = {{PATH_MOVE, x - 0.5 * size, y, 0, 0, 0, 0},
                       {PATH_LINE, x - 0.1 * size, y + 0.4 * size, 0, 0, 0, 0},
                       {PATH_LINE, x + 0.6 * size, y - 0.5 * size, 0, 0, 0, 0}};
    scene_path(c->s, path, 3, NO_INK, ink(ROLE_GOOD), 2, NO_REF);
}

/// The mark before an option: a circle, filled when chosen; in an order its number.
static void draw_mark(const Card *c, double x, double y, int option) {
    int at = picked_at(c, option);
    bool order = c->q.kind == ASK_ORDER;
    double r = order ? 8 : 5;
    scene_circle(c->s, x, y, r, at >= 0 && order ? ink(ROLE_ACCENT) : NO_INK,
                 ink(at >= 0 ? ROLE_ACCENT : ROLE_MUTED), 1.2, NO_REF);
    if (at < 0) return;
    if (!order) {
        scene_circle(c->s, x, y, 2.6, ink(ROLE_ACCENT), NO_INK, 0, NO_REF);
        return;
    }
    char number[12];
    snprintf(number, sizeof number, "%d", at + 1);
    scene_text(c->s, x, y + 4, number, type(c, 11, WEIGHT_BOLD), ALIGN_CENTER, ink(ROLE_ON_ACCENT),
               NO_REF);
}

/// What stands at the right of an option once the answer is out.
static const char *option_value(const Card *c, int option) {
    const AskOption *o = &c->q.options[option];
    if (!revealed(c) || isnan(o->of.value)) return NULL;
    return say_number(c->s->arena, o->of.value, c->v->lesson->digits, false, c->v->lang);
}

static void set_option(Card *c, int option) {
    const AskLook before = c->look;
    enum { INDENT = 26 };
    double top = c->look.y + 4;
    const char *value = option_value(c, option);
    TextStyle bold = type(c, c->look.body, WEIGHT_BOLD);
    double room = value ? scene_text_width(c->s, value, bold) + 26 : 0;
    int n;
    const ProseRun *runs = ask_option_runs(c->s->arena, c->v, &c->q, option, &n);
    c->look.x += INDENT;
    c->look.width -= INDENT + 8 + room;
    c->look.y = top;
    FlowStyle style = flow_style(c, ROLE_TEXT, WEIGHT_REGULAR);
    flow(c, &style, runs, n);
    double bottom = c->look.y + 4;
    c->look = before;
    c->look.y = bottom + 4;
    if (!c->look.draw) return;
    Box box = {before.x, top - 4, before.width, bottom - top + 4};
    double middle = box.y + box.h / 2;
    draw_mark(c, box.x + 12, middle, option);
    bool right = revealed(c) && ((c->q.right >> option) & 1u);
    double end = box.x + box.w - 8;
    if (right) draw_tick(c, end - 6, middle, 11);
    if (value)
        scene_text(c->s, end - (c->q.right ? 18 : 0), middle + 0.36 * bold.size, value, bold,
                   ALIGN_RIGHT, ink(ROLE_TEXT), NO_REF);
    scene_box(c->s, box, 7, NO_INK, ink(ROLE_LINE), 1, NO_REF);
    if (!revealed(c))
        target(c, box, 7, ref_ask(ASK_OPTION, c->k, option + 1), say(c, "Choose", "选择"));
}

static void set_controls(Card *c) {
    c->look.y += 4;
    if (c->q.kind == ASK_NUMBER) set_slider(c);
    for (int k = 0; k < c->q.n_options; k++) set_option(c, k);
    if (c->q.kind != ASK_CLICK || c->guess->stage == GUESS_NONE || c->guess->clicked.node < 0)
        return;
    int n;
    const ProseRun *runs = ask_chosen_runs(c->s->arena, c->v, &c->guess->clicked, &n);
    FlowStyle style = flow_style(c, ROLE_MUTED, WEIGHT_REGULAR);
    flow(c, &style, runs, n);
}

// ---- below the controls

/// A word that can be clicked; x is its left end, or with ALIGN_RIGHT its right one.
static void put_word(const Card *c, double x, double baseline, const char *word, TextAlign align,
                     Ref ref) {
    TextStyle style = type(c, c->look.body - 0.5, WEIGHT_MEDIUM);
    Shape *text = scene_text(c->s, x, baseline, word, style, align, ink(ROLE_ACCENT), NO_REF);
    Box box = text->box;
    scene_line(c->s, box.x, baseline + 3, box.x + box.w, baseline + 3, ink_soft(ROLE_ACCENT, 0.5),
               1, NO_REF);
    target(c, box_inset(box, -6, -5), 6, ref, word);
}

/// Reveal, what key does it, and the hint.
static void set_buttons(Card *c) {
    double top = c->look.y + 6, middle = top + BUTTON / 2.0;
    c->look.y = top + BUTTON;
    if (!c->look.draw) return;
    bool ready = question_ready(&c->q, c->guess);
    TextStyle style = type(c, c->look.body, WEIGHT_BOLD);
    const char *word = ready ? say(c, "Reveal", "揭晓") : say(c, "Show me", "直接看答案");
    double w = scene_text_width(c->s, word, style) + 36, x = c->look.x;
    Box box = {x, top, w, BUTTON};
    scene_box(c->s, box, BUTTON / 2.0, ready ? ink(ROLE_ACCENT) : ink(ROLE_PANEL),
              ready ? NO_INK : ink(ROLE_LINE), 1, NO_REF);
    double baseline = middle + 0.36 * style.size;
    scene_text(c->s, x + w / 2, baseline, word, style, ALIGN_CENTER,
               ready ? ink(ROLE_ON_ACCENT) : ink(ROLE_MUTED), NO_REF);
    target(c, box, BUTTON / 2.0, ref_ask(ASK_REVEAL, c->k, 0),
           say(c, "See the answer", "查看答案"));
    const char *hint = say(c, "Hint", "提示");
    TextStyle small = type(c, c->look.small, WEIGHT_REGULAR);
    double end = c->look.x + c->look.width;
    bool has_hint = c->ask->hint && !c->guess->hint;
    double right = has_hint ? end - 2 - scene_text_width(c->s, hint, style) - 10 : end;
    const char *key = say(c, "or press Enter", "或按 Enter");
    if (ready && x + w + 12 + scene_text_width(c->s, key, small) < right)
        scene_text(c->s, x + w + 12, baseline, key, small, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
    if (has_hint) put_word(c, end - 4, baseline, hint, ALIGN_RIGHT, ref_ask(ASK_HINT, c->k, 0));
}

static void set_hint(Card *c) {
    if (!c->guess->hint || !c->ask->hint) return;
    c->look.y += GAP / 2.0;
    flow_author(c, c->ask->hint, ROLE_MUTED);
    c->look.y += GAP / 2.0;
}

static void set_verdict(Card *c) {
    c->look.y += 4;
    int n;
    const ProseRun *runs = ask_verdict_runs(c->s->arena, c->v, &c->q, c->guess, &n);
    FlowStyle style = flow_style(c, ROLE_TEXT, WEIGHT_REGULAR);
    flow(c, &style, runs, n);
    const char *reply = NULL;
    if (question_grade(&c->q, c->guess) == GRADE_WRONG) {
        reply = question_reply(c->ask, question_answer(&c->q, c->guess));
        if (!reply) reply = question_reply_to_all(c->ask);
    }
    const char *const texts[] = {reply, c->ask->after};
    for (int k = 0; k < 2; k++) {
        if (!texts[k]) continue;
        c->look.y += GAP / 2.0;
        flow_author(c, texts[k], ROLE_TEXT);
    }
    if (!c->live) return;
    c->look.y += 22;
    if (c->look.draw)
        put_word(c, c->look.x, c->look.y, say(c, "Try again", "再试一次"), ALIGN_LEFT,
                 ref_ask(ASK_AGAIN, c->k, 0));
    c->look.y += 4;
}

// ---- the whole

static void set_inside(Card *c) {
    TextStyle label = type(c, c->look.small - 1, WEIGHT_BOLD);
    c->look.y += PAD + 8;
    if (c->look.draw)
        scene_text(c->s, c->look.x, c->look.y, say(c, "PREDICT", "预测"), label, ALIGN_LEFT,
                   ink(c->q.n > 0 ? role_of(c) : ROLE_ACCENT), NO_REF);
    c->look.y += 6;
    int n;
    const ProseRun *runs = ask_question_runs(c->s->arena, c->v, c->ask, &c->q, &n);
    FlowStyle style = flow_style(c, ROLE_TEXT, WEIGHT_REGULAR);
    flow(c, &style, runs, n);
    set_controls(c);
    if (revealed(c)) {
        set_verdict(c);
    } else {
        set_hint(c);
        if (c->live) set_buttons(c);
    }
    c->look.y += PAD - 2;
}

double ask_card(Scene *s, const View *v, int k, AskLook look) {
    int index = question_index(v->lesson, v->scene, k);
    Card c = {.s = s, .v = v, .k = k, .look = look, .zh = v->lang == LANG_ZH};
    c.ask = &v->lesson->scenes[v->lang][v->scene].asks[k];
    c.live =
        v->guesses && index >= 0 && question_make(s->arena, v->lesson, v->scene, k, v->lang, &c.q);
    if (!c.live && !question_make(s->arena, v->lesson, v->scene, k, v->lang, &c.q))
        c.q = (Question){.kind = c.ask->kind, .low = 0, .high = 1, .step = 0.01};
    c.guess = c.live ? &v->guesses[index] : &no_guess;
    c.look.x += PAD;
    c.look.width -= 2 * PAD;
    c.look.draw = false;
    Card measured = c;
    set_inside(&measured);
    double height = measured.look.y - look.y;
    if (!look.draw) return height;
    scene_box(s, (Box){look.x, look.y, look.width, height}, 8, ink(ROLE_SUNKEN), NO_INK, 0, NO_REF);
    c.look.draw = true;
    set_inside(&c);
    return height;
}
