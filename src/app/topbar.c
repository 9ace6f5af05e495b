// The bar above the stage. It is laid out from both ends: the way back, the title and the scenes
// from the left, language, theme, export and keys from the right, the phases in the middle where
// there is room and beside the right end where there is not.
#include <math.h>

#include "app/chrome.h"
#include "lesson/say.h"
#include "view/theme.h"

enum { EDGE = 18, CHIP_HEIGHT = 28, DOT_STEP = 16 };

// clang-format off
static const char *const theme_words[THEME_COUNT][LANG_COUNT] = {
    [THEME_LIGHT]    = {"light", "浅色"},
    [THEME_DARK]     = {"dark", "深色"},
    [THEME_CONTRAST] = {"high contrast", "高对比"},
    [THEME_PRINT]    = {"print", "打印"},
};
// clang-format on

Phase chrome_phase(const AppState *s, const Walk *w) {
    return s->at.at > 0 ? walk_step(w, s->at.at - 1).phase : PHASE_FORWARD;
}

Role chrome_phase_role(Phase phase) {
    return phase == PHASE_BACKWARD ? ROLE_BACKWARD
           : phase == PHASE_UPDATE ? ROLE_GOOD
                                   : ROLE_ACCENT;
}

static bool shows_lesson(const Chrome *c) {
    return c->state->screen == SCREEN_LESSON && c->world->lesson;
}

// A disc, one half filled: light on one side, dark on the other.
static void theme_icon(const Chrome *c, double x, double y) {
    const double r = 6.5, k = 0.5523 * r; // a quarter circle as a Bezier curve
    scene_circle(c->scene, x, y, r, NO_INK, ink(ROLE_MUTED), 1.4, NO_REF);
    PathStep half[] = {{PATH_MOVE, x, y - r, 0, 0, 0, 0},
                       {PATH_CURVE, x + r, y, x + k, y - r, x + r, y - k},
                       {PATH_CURVE, x, y + r, x + r, y + k, x + k, y + r},
                       {PATH_CLOSE, 0, 0, 0, 0, 0, 0}};
    scene_path(c->scene, half, 4, ink(ROLE_MUTED), NO_INK, 0, NO_REF);
}

// A disc that leaves lines behind; without motion, the disc alone.
static void motion_icon(const Chrome *c, double x, double y) {
    const double r = 4;
    scene_circle(c->scene, x + 3.5, y, r, c->state->motion ? ink(ROLE_MUTED) : NO_INK,
                 ink(ROLE_MUTED), 1.4, NO_REF);
    for (int k = -1; k <= 1 && c->state->motion; k++)
        scene_line(c->scene, x - 8 + fabs(2.0 * k), y + 3.5 * k, x - 3, y + 3.5 * k,
                   ink(ROLE_MUTED), 1.4, NO_REF);
}

// From the right end leftward; returns where it begins.
static double right_end(const Chrome *c, Box area) {
    double x = area.x + area.w - EDGE;
    TextStyle style = chrome_style(13, WEIGHT_MEDIUM), bold = chrome_style(13, WEIGHT_BOLD);
    x -= scene_text_width(c->scene, "?", bold);
    chrome_word(c, x, area, "?", false, ref_control(ACT_HELP, -1), NULL);
    if (shows_lesson(c)) {
        const char *word = chrome_say(c, "Export", "导出");
        x -= 24 + scene_text_width(c->scene, word, style);
        chrome_word(c, x, area, word, false, ref_control(ACT_EXPORT, -1), NULL);
    }
    x -= 24 + 14;
    theme_icon(c, x + 7, area.y + area.h / 2);
    chrome_target(c, (Box){x - 7, area.y + area.h / 2 - 14, 28, 28}, 6, ref_control(ACT_THEME, -1),
                  arena_printf(c->scene->arena, chrome_say(c, "Theme: %s (d)", "主题：%s（d）"),
                               theme_words[c->state->theme][c->state->lang]));
    if (shows_lesson(c)) {
        x -= 14 + 20;
        motion_icon(c, x + 8, area.y + area.h / 2);
        chrome_target(c, (Box){x - 5, area.y + area.h / 2 - 14, 26, 28}, 6,
                      ref_control(ACT_MOTION, -1), NULL);
    }
    x -= 24 + scene_text_width(c->scene, "中文", bold);
    chrome_word(c, x, area, "中文", c->state->lang == LANG_ZH, ref_control(ACT_LANGUAGE, LANG_ZH),
                "中文 (l)");
    x -= 18 + scene_text_width(c->scene, "EN", bold);
    chrome_word(c, x, area, "EN", c->state->lang == LANG_EN, ref_control(ACT_LANGUAGE, LANG_EN),
                "English (l)");
    return x - 24;
}

static int phase_list(const Walk *w, Phase *out) {
    int n = 0, first, last;
    for (int p = 0; p < PHASE_COUNT; p++)
        if (walk_phase_range(w, (Phase)p, &first, &last)) out[n++] = (Phase)p;
    return n;
}

// Returns where the chips begin.
static double phase_chips(const Chrome *c, Box area, double right, double left_need) {
    Phase list[PHASE_COUNT];
    int n = phase_list(c->world->lesson->walk, list);
    double chip = area.w >= 1300 ? 98 : 84, gap = 8, width = n * chip + (n - 1) * gap;
    double x = area.x + (area.w - width) / 2;
    if (x + width > right || x < left_need) x = right - width;
    Phase now = chrome_phase(c->state, c->world->lesson->walk);
    for (int i = 0; i < n; i++) {
        Box b = {x + i * (chip + gap), area.y + (area.h - CHIP_HEIGHT) / 2, chip, CHIP_HEIGHT};
        chrome_chip(c, b, phase_titles[list[i]][c->state->lang], list[i] == now,
                    chrome_phase_role(now), ref_control(ACT_PHASE, (int)list[i]), NULL);
    }
    return x;
}

static const char *scene_tip(const Chrome *c, int i) {
    const Lesson *l = c->world->lesson;
    return arena_printf(c->scene->arena, "%d · %s", i + 1, l->scenes[c->state->lang][i].title);
}

static void scene_dots(const Chrome *c, double x, Box area) {
    double y = area.y + area.h / 2;
    for (int i = 0; i < c->world->lesson->n_scenes; i++, x += DOT_STEP) {
        bool here = i == c->state->scene;
        Ink fill = ink(i <= c->state->scene ? ROLE_TEXT : ROLE_LINE);
        scene_circle(c->scene, x + DOT_STEP / 2.0, y, here ? 4.5 : 3.2, fill, NO_INK, 0, NO_REF);
        if (here)
            scene_circle(c->scene, x + DOT_STEP / 2.0, y, 7, NO_INK, ink(ROLE_TEXT), 1, NO_REF);
        chrome_target(c, (Box){x, y - 12, DOT_STEP, 24}, 5, ref_control(ACT_SCENE, i),
                      scene_tip(c, i));
    }
}

// Where dots have no room: ‹ 2/14 ›.
static double scene_counter(const Chrome *c, double x, Box area, bool draw) {
    TextStyle style = chrome_style(13, WEIGHT_MEDIUM);
    const char *text =
        arena_printf(c->scene->arena, "%d/%d", c->state->scene + 1, c->world->lesson->n_scenes);
    double width = scene_text_width(c->scene, text, style);
    if (!draw) return width + 44;
    chrome_word(c, x + 4, area, "‹", false, ref_control(ACT_PREVIOUS_SCENE, -1), NULL);
    scene_text(c->scene, x + 22, chrome_baseline(area, 13), text, style, ALIGN_LEFT,
               ink(ROLE_MUTED), NO_REF);
    chrome_word(c, x + 32 + width, area, "›", false, ref_control(ACT_NEXT_SCENE, -1), NULL);
    return width + 44;
}

// Title and scenes between the way back and the chips.
static void title_and_scenes(const Chrome *c, Box area, double left, double right) {
    const Lesson *l = c->world->lesson;
    TextStyle style = chrome_style(16, WEIGHT_BOLD);
    const char *name = l->title[c->state->lang];
    const char *title =
        l->number > 0 ? arena_printf(c->scene->arena, "%d · %s", l->number, name) : name;
    double wanted = scene_text_width(c->scene, title, style), room = right - left - 18;
    double dots = l->n_scenes > 1 ? l->n_scenes * DOT_STEP : 0;
    bool as_dots = wanted + 20 + dots <= room;
    double scenes = as_dots ? dots : scene_counter(c, 0, area, false);
    const char *shown = chrome_fit(c, title, style, room - scenes - 20);
    double width = scene_text_width(c->scene, shown, style);
    Shape *text = scene_text(c->scene, left, chrome_baseline(area, 16), shown, style, ALIGN_LEFT,
                             ink(ROLE_TEXT), NO_REF);
    text->label = title;
    if (l->n_scenes < 2) return;
    if (as_dots)
        scene_dots(c, left + width + 20, area);
    else
        scene_counter(c, left + width + 20, area, true);
}

void chrome_top(const Chrome *c, Box area) {
    scene_box(c->scene, area, 0, ink(ROLE_CHROME), NO_INK, 0, NO_REF);
    double bottom = area.y + area.h - 0.5;
    scene_line(c->scene, area.x, bottom, area.x + area.w, bottom, ink(ROLE_LINE), 1, NO_REF);
    double left = area.x + EDGE;
    if (c->state->screen == SCREEN_CHOOSER) {
        scene_text(c->scene, left, chrome_baseline(area, 16), "Gatewalk",
                   chrome_style(16, WEIGHT_BOLD), ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
        right_end(c, area);
        return;
    }
    left += chrome_word(c, left, area, chrome_say(c, "‹ Lessons", "‹ 课程"), false,
                        ref_control(ACT_CHOOSER, -1), NULL) +
            22;
    double right = right_end(c, area);
    if (!shows_lesson(c)) return;
    double need = left + 20 + 18 + c->world->lesson->n_scenes * DOT_STEP +
                  scene_text_width(c->scene, c->world->lesson->title[c->state->lang],
                                   chrome_style(16, WEIGHT_BOLD)) +
                  40;
    title_and_scenes(c, area, left, phase_chips(c, area, right, need));
}
