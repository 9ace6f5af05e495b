// The bar below the stage: what the last step did, in a sentence, and all ways to move. The scrub
// bar is the walk itself: its parts are the phases, its ticks the timesteps.
#include <stdio.h>

#include "app/chrome.h"
#include "core/address.h"
#include "lesson/moment.h"
#include "view/theme.h"

enum { EDGE = 18, BUTTON = 34, PLAY = 42, CHIP_HEIGHT = 28, TRACK = 8, SENTENCE_HEIGHT = 34 };

// clang-format off
static const char *const grain_words[GRAIN_COUNT][LANG_COUNT] = {
    [GRAIN_UNIT]      = {"unit", "单元"},
    [GRAIN_OPERATION] = {"operation", "运算"},
    [GRAIN_EQUATION]  = {"equation", "方程"},
    [GRAIN_TIMESTEP]  = {"timestep", "时间步"},
    [GRAIN_PHASE]     = {"phase", "阶段"},
    [GRAIN_OPTIMIZER] = {"optimizer step", "优化步"},
};
// clang-format on

static void triangle(const Chrome *c, double x, double y, double dx, double size, Ink fill) {
    PathStep path[] = {{PATH_MOVE, x - dx * size / 2, y - size * 0.6, 0, 0, 0, 0},
                       {PATH_LINE, x + dx * size / 2, y, 0, 0, 0, 0},
                       {PATH_LINE, x - dx * size / 2, y + size * 0.6, 0, 0, 0, 0},
                       {PATH_CLOSE, 0, 0, 0, 0, 0, 0}};
    scene_path(c->scene, path, 4, fill, NO_INK, 0, NO_REF);
}

static void bar(const Chrome *c, double x, double y, double w, double h, Ink fill) {
    scene_box(c->scene, (Box){x - w / 2, y - h / 2, w, h}, 0.5, fill, NO_INK, 0, NO_REF);
}

static void button_icon(const Chrome *c, ActionKind kind, double x, double y) {
    Ink text = ink(ROLE_TEXT), on = ink(ROLE_ON_ACCENT);
    if (kind == ACT_STEP_FORWARD) triangle(c, x + 1, y, 1, 9, text);
    if (kind == ACT_STEP_BACK) triangle(c, x - 1, y, -1, 9, text);
    if (kind == ACT_FIRST) {
        triangle(c, x + 2, y, -1, 8, text);
        bar(c, x - 4.5, y, 2, 10, text);
    }
    if (kind == ACT_LAST) {
        triangle(c, x - 2, y, 1, 8, text);
        bar(c, x + 4.5, y, 2, 10, text);
    }
    if (kind != ACT_PLAY) return;
    if (!c->state->playing) {
        triangle(c, x + 1, y, 1, 11, on);
        return;
    }
    bar(c, x - 3.5, y, 3.5, 13, on);
    bar(c, x + 3.5, y, 3.5, 13, on);
}

static double round_buttons(const Chrome *c, double x, Box row) {
    static const ActionKind list[] = {ACT_FIRST, ACT_STEP_BACK, ACT_PLAY, ACT_STEP_FORWARD,
                                      ACT_LAST};
    double y = row.y + row.h / 2;
    for (int i = 0; i < 5; i++) {
        double d = list[i] == ACT_PLAY ? PLAY : BUTTON;
        Ink fill = ink(list[i] == ACT_PLAY ? ROLE_ACCENT : ROLE_SUNKEN);
        scene_circle(c->scene, x + d / 2, y, d / 2, fill, NO_INK, 0, NO_REF);
        button_icon(c, list[i], x + d / 2, y);
        chrome_target(c, (Box){x, y - d / 2, d, d}, d / 2, ref_control(list[i], -1), NULL);
        x += d + 7;
    }
    return x - 7;
}

static double grain_chips(const Chrome *c, double x, Box row, double pad) {
    TextStyle bold = chrome_style(13, WEIGHT_BOLD);
    int coarsest = moment_count(c->world->lesson) > 0 ? GRAIN_OPTIMIZER : GRAIN_PHASE;
    for (int g = coarsest; g >= 0; g--) {
        bool brief = g == GRAIN_OPTIMIZER && pad < 16;
        const char *word =
            brief ? chrome_say(c, "training", "训练") : grain_words[g][c->state->lang];
        double width = scene_text_width(c->scene, word, bold) + 2 * pad;
        chrome_chip(c, (Box){x, row.y + (row.h - CHIP_HEIGHT) / 2, width, CHIP_HEIGHT}, word,
                    (int)c->state->grain == g, ROLE_ACCENT, ref_control(ACT_GRAIN, g),
                    arena_printf(c->scene->arena,
                                 chrome_say(c, "Step by: %s (↑ ↓)", "步进粒度：%s（↑ ↓）"), word));
        x += width + 4;
    }
    return x - 4;
}

static double speed_chip(const Chrome *c, double x, Box row) {
    char word[16];
    snprintf(word, sizeof word, "%g×", play_speeds[c->state->speed]);
    Box b = {x, row.y + (row.h - CHIP_HEIGHT) / 2, 48, CHIP_HEIGHT};
    chrome_chip(c, b, word, false, ROLE_ACCENT, ref_control(ACT_SPEED, -1),
                arena_printf(c->scene->arena,
                             chrome_say(c, "Play: %g steps a second", "播放：每秒 %g 步"),
                             play_speeds[c->state->speed]));
    return x + b.w;
}

// "step 34 of 198", right-aligned, with room for the largest number; returns its left end.
static double step_count(const Chrome *c, double right, Box row) {
    Arena *a = c->scene->arena;
    int count = walk_count(c->world->lesson->walk), at = c->state->at.at;
    TextStyle plain = chrome_style(13, WEIGHT_REGULAR), bold = chrome_style(13, WEIGHT_BOLD);
    const char *before = chrome_say(c, "step ", "第 ");
    const char *middle = arena_printf(a, "%d", at), *most = arena_printf(a, "%d", count);
    const char *after = arena_printf(a, chrome_say(c, " of %d", " 步，共 %d 步"), count);
    double y = chrome_baseline(row, 13), after_w = scene_text_width(c->scene, after, plain);
    double number_w = scene_text_width(c->scene, middle, bold);
    double before_w = scene_text_width(c->scene, before, plain);
    double widest = before_w + scene_text_width(c->scene, most, bold) + after_w;
    double x = right - after_w;
    scene_text(c->scene, x, y, after, plain, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
    x -= number_w;
    scene_text(c->scene, x, y, middle, bold, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    scene_text(c->scene, x - before_w, y, before, plain, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
    return right - widest;
}

// A line across the track wherever the next timestep begins, if there is room to tell them apart.
static void timestep_ticks(const Chrome *c, Box track, Phase phase, double from, double to) {
    const Walk *w = c->world->lesson->walk;
    enum { MOST_STEPS = 20000 };
    const double least_gap = 5;
    int first, last;
    walk_phase_range(w, phase, &first, &last);
    if (last - first > MOST_STEPS) return;
    int steps = trace_steps(c->world->lesson->trace);
    if ((to - from) * track.w / steps < least_gap) return;
    for (int i = first + 1; i <= last; i++) {
        int place = walk_step(w, i).place;
        if (place == walk_step(w, i - 1).place || place == 0) continue;
        double x = track.x + track.w * (from + (to - from) * (i - first) / (last - first + 1));
        scene_line(c->scene, x, track.y, x, track.y + track.h, ink(ROLE_CHROME), 1.5, NO_REF);
    }
}

static void scrub_bar(const Chrome *c, Box track) {
    const Walk *w = c->world->lesson->walk;
    double knob = track.x + track.w * scrub_share(w, c->state->at.at);
    for (int p = 0; p < PHASE_COUNT; p++) {
        double from, to;
        if (!scrub_phase(w, (Phase)p, &from, &to)) continue;
        Box part = {track.x + track.w * from + 1, track.y, track.w * (to - from) - 2, track.h};
        scene_box(c->scene, part, part.h / 2, ink_soft(chrome_phase_role((Phase)p), 0.22), NO_INK,
                  0, NO_REF);
        Box done = part;
        if (knob < part.x + part.w) done.w = knob - part.x;
        if (done.w > 1)
            scene_box(c->scene, done, part.h / 2, ink_soft(chrome_phase_role((Phase)p), 0.85),
                      NO_INK, 0, NO_REF)
                ->beat = (Beat){BEAT_GLIDE, 0, 0, p + 1};
        timestep_ticks(c, track, (Phase)p, from, to);
    }
    Role role = chrome_phase_role(chrome_phase(c->state, w));
    scene_circle(c->scene, knob, track.y + track.h / 2, 8.5, ink(ROLE_CHROME), ink(role), 3, NO_REF)
        ->beat = (Beat){BEAT_GLIDE, 0, 0, PHASE_COUNT + 1};
    Shape *hit = scene_box(c->scene, (Box){track.x - 9, track.y - 14, track.w + 18, track.h + 28},
                           6, NO_INK, NO_INK, 0, ref_control(ACT_SCRUB, -1));
    hit->label = chrome_tip(c, hit->ref);
}

// The sentence in the largest size that fits.
static void sentence(const Chrome *c, Box row) {
    const Lesson *l = c->world->lesson;
    Arena *a = c->scene->arena;
    const char *address = address_format(a, l->walk, c->state->at, c->state->grain);
    TextStyle mono = {.family = FONT_MONO, .weight = WEIGHT_MEDIUM, .size = 12};
    double width = scene_text_width(c->scene, address, mono) + 20;
    Box chip = {row.x + EDGE, row.y + (row.h - 22) / 2, width, 22};
    scene_box(c->scene, chip, 6, ink(ROLE_SUNKEN), NO_INK, 0, NO_REF);
    scene_text(c->scene, chip.x + 10, chrome_baseline(chip, 12), address, mono, ALIGN_LEFT,
               ink(ROLE_TEXT), NO_REF);
    chrome_target(c, chip, 6, ref_control(ACT_ASK_ADDRESS, -1), NULL);
    const char *text = c->state->at.at == 0
                           ? chrome_say(c, "Nothing is computed yet. Press → for the first step.",
                                        "尚未开始计算。按 → 走第一步。")
                           : say_step(a, l, c->state->at, c->state->grain, c->state->lang);
    Asked hidden[VIEW_HIDDEN];
    int n = question_hidden(l, c->state->scene, c->state->guesses, hidden, VIEW_HIDDEN);
    text = question_censor(a, l, hidden, n, text);
    double x = chip.x + chip.w + 14, room = row.x + row.w - EDGE - x;
    TextStyle style = chrome_style(14, WEIGHT_REGULAR);
    while (style.size > 11.5 && scene_text_width(c->scene, text, style) > room) style.size -= 0.5;
    scene_text(c->scene, x, chrome_baseline(row, style.size), chrome_fit(c, text, style, room),
               style, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
}

Box chrome_transport(const Chrome *c, Box area) {
    scene_box(c->scene, area, 0, ink(ROLE_CHROME), NO_INK, 0, NO_REF);
    scene_line(c->scene, area.x, area.y + 0.5, area.x + area.w, area.y + 0.5, ink(ROLE_LINE), 1,
               NO_REF);
    Box row = area;
    Box above = box_cut_top(&row, SENTENCE_HEIGHT);
    row.h -= 6;
    sentence(c, above);
    double x = round_buttons(c, row.x + EDGE, row) + 20;
    bool wide = area.w >= 1400;
    if (wide) {
        const char *word = chrome_say(c, "step by", "步进");
        TextStyle style = chrome_style(13, WEIGHT_REGULAR);
        scene_text(c->scene, x, chrome_baseline(row, 13), word, style, ALIGN_LEFT, ink(ROLE_MUTED),
                   NO_REF);
        x += scene_text_width(c->scene, word, style) + 12;
    }
    x = grain_chips(c, x, row, wide ? 16 : 9) + 10;
    x = speed_chip(c, x, row) + 26;
    double right = step_count(c, row.x + row.w - EDGE, row) - 26;
    Box track = {x, row.y + row.h / 2 - TRACK / 2.0, right - x, TRACK};
    scrub_bar(c, track);
    return track;
}
