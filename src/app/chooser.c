// The lesson chooser: a card for each shipped lesson, in as many columns as the window holds.
// All cards are laid out, seen or not, so that the keyboard reaches every one.
#include <math.h>
#include <string.h>

#include "app/chrome.h"

enum { EDGE = 40, GAP = 16, CARD_WIDTH = 300, CARD_HEIGHT = 136, HEAD = 104, INSIDE = 20 };

static void head(const Chrome *c, Box area, double y) {
    scene_text(c->scene, area.x + EDGE, y + 48, chrome_say(c, "Lessons", "课程"),
               chrome_style(28, WEIGHT_BOLD), ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    scene_text(
        c->scene, area.x + EDGE, y + 76,
        chrome_say(c,
                   "Walk through a recurrent network, one operation at a time, forward and back.",
                   "一步一个运算，走过循环网络的前向与反向。"),
        chrome_style(14, WEIGHT_REGULAR), ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
}

static void card(const Chrome *c, Box b, int index) {
    const LessonCard *l = &c->world->cards[index];
    const AppState *s = c->state;
    Ref ref = ref_control(ACT_CARD, index);
    bool last = s->lesson_path[0] && strcmp(s->lesson_path, l->path) == 0;
    scene_box(c->scene, b, 12, ink(ROLE_PANEL), ink(last ? ROLE_ACCENT : ROLE_LINE), last ? 1.5 : 1,
              NO_REF);
    double x = b.x + INSIDE, y = b.y + 38;
    if (l->number > 0) {
        const char *number = arena_printf(c->scene->arena, "%d", l->number);
        TextStyle style = chrome_style(18, WEIGHT_BOLD);
        scene_text(c->scene, x, y, number, style, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
        x += fmax(30, scene_text_width(c->scene, number, style) + 14);
    }
    double width = b.x + b.w - INSIDE - x;
    const char *lines[3];
    const char *title = l->title[s->lang] ? l->title[s->lang] : l->title[LANG_EN];
    TextStyle bold = chrome_style(16, WEIGHT_BOLD), plain = chrome_style(13, WEIGHT_REGULAR);
    int n = chrome_wrap(c, title, bold, width, lines, 2);
    for (int i = 0; i < n; i++, y += 21)
        scene_text(c->scene, x, y, lines[i], bold, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    y += 3;
    const char *about = l->about[s->lang];
    n = about ? chrome_wrap(c, about, plain, width, lines, last ? 2 : 3) : 0;
    for (int i = 0; i < n && y < b.y + b.h - 8; i++, y += 18)
        scene_text(c->scene, x, y, lines[i], plain, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
    if (last)
        scene_text(c->scene, x, b.y + b.h - 16, chrome_say(c, "Continue", "继续"),
                   chrome_style(12.5, WEIGHT_BOLD), ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    chrome_target(c, b, 12, ref, title);
}

double chrome_chooser(const Chrome *c, Box area) {
    scene_box(c->scene, area, 0, ink(ROLE_GROUND), NO_INK, 0, NO_REF);
    scene_clip(c->scene, area);
    double y = area.y - c->state->scroll;
    head(c, area, y);
    double room = area.w - 2 * EDGE;
    int columns = (int)fmax(1, floor((room + GAP) / (CARD_WIDTH + GAP)));
    double width = (room - (columns - 1) * GAP) / columns;
    for (int i = 0; i < c->world->n_cards; i++) {
        int column = i % columns, row = i / columns;
        card(c,
             (Box){area.x + EDGE + column * (width + GAP), y + HEAD + row * (CARD_HEIGHT + GAP),
                   width, CARD_HEIGHT},
             i);
    }
    if (c->world->n_cards == 0)
        scene_text(c->scene, area.x + EDGE, y + HEAD + 30,
                   chrome_say(c, "No lessons were found. Drop a lesson file here to open it.",
                              "没有找到课程。把课程文件拖到这里打开。"),
                   chrome_style(15, WEIGHT_REGULAR), ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    scene_unclip(c->scene);
    int rows = (c->world->n_cards + columns - 1) / columns;
    return HEAD + rows * (CARD_HEIGHT + GAP) + 24;
}
