// The two dialogs: the key table, printed from the table of actions, and the field for a step
// address. A dialog is a scene of its own, so that nothing beneath it can be hit.
#include "app/chrome.h"

enum { PAD = 28, ROW = 25, KEY_COLUMN = 104 };

static Box middle(Box area, double w, double h) {
    return (Box){area.x + (area.w - w) / 2, area.y + (area.h - h) / 2, w, h};
}

static void card(const Chrome *c, Box area, Box b, const char *title) {
    // what waits beneath is veiled, so that the eye has one place to go
    scene_box(c->scene, area, 0, ink_soft(ROLE_GROUND, 0.55), NO_INK, 0, NO_REF);
    scene_box(c->scene, b, 14, ink(ROLE_PANEL), ink(ROLE_WIRE), 1, NO_REF);
    scene_text(c->scene, b.x + PAD, b.y + PAD + 14, title, chrome_style(18, WEIGHT_BOLD),
               ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    const char *word = chrome_say(c, "Esc: close", "Esc：关闭");
    TextStyle style = chrome_style(13, WEIGHT_MEDIUM);
    double width = scene_text_width(c->scene, word, style);
    chrome_word(c, b.x + b.w - PAD - width, (Box){b.x, b.y + PAD - 10, b.w, 36}, word, false,
                ref_control(ACT_ESCAPE, -1), NULL);
}

// One group of actions; returns how high it is.
static double key_group(const Chrome *c, double x, double y, Group group) {
    double top = y;
    y += 18;
    scene_text(c->scene, x, y, group_titles[group][c->state->lang], chrome_style(13, WEIGHT_BOLD),
               ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
    y += 6;
    for (int kind = 0; kind < ACT_COUNT; kind++) {
        const ActionDef *def = &action_defs[kind];
        if (def->group != group || !def->shown) continue;
        TextStyle mono = {.family = FONT_UI, .weight = WEIGHT_BOLD, .size = 12.5};
        double width = scene_text_width(c->scene, def->shown, mono) + 16;
        if (width < 26) width = 26;
        scene_box(c->scene, (Box){x, y + 2, width, ROW - 4}, 5, ink(ROLE_SUNKEN), ink(ROLE_LINE), 1,
                  NO_REF);
        scene_text(c->scene, x + width / 2, y + ROW / 2.0 + 4.5, def->shown, mono, ALIGN_CENTER,
                   ink(ROLE_TEXT), NO_REF);
        scene_text(c->scene, x + KEY_COLUMN, y + ROW / 2.0 + 4.5, def->text[c->state->lang],
                   chrome_style(13, WEIGHT_REGULAR), ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
        y += ROW;
    }
    return y - top;
}

static Box help_dialog(const Chrome *c, Box area) {
    Box b = middle(area, 820, 572);
    card(c, area, b, chrome_say(c, "Keys", "按键"));
    double left = b.x + PAD, right = b.x + b.w / 2 + 10, y = b.y + 64;
    double high = key_group(c, left, y, GROUP_WALK);
    key_group(c, left, y + high + 10, GROUP_LESSON);
    high = key_group(c, right, y, GROUP_LOOK);
    key_group(c, right, y + high + 10, GROUP_FOCUS);
    scene_text(
        c->scene, left, b.y + b.h - 20,
        chrome_say(c, "Point at a number to see all that it depends on; click to keep it in focus.",
                   "指向一个数，它依赖的一切都会亮起；点击把它钉住。"),
        chrome_style(12.5, WEIGHT_REGULAR), ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
    return b;
}

static void address_field(const Chrome *c, Box b) {
    scene_box(c->scene, b, 8, ink(ROLE_GROUND), ink(ROLE_ACCENT), 1.5, NO_REF);
    TextStyle mono = {.family = FONT_MONO, .weight = WEIGHT_REGULAR, .size = 15};
    const char *text = c->state->field;
    // a long address shows its end, where the typing is
    while (*text && scene_text_width(c->scene, text, mono) > b.w - 28) {
        text++;
        while (((unsigned char)*text & 0xC0) == 0x80) text++;
    }
    double x = b.x + 12, y = chrome_baseline(b, 15);
    if (*text)
        scene_text(c->scene, x, y, text, mono, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    else
        scene_text(c->scene, x + 4, y, "forward:3:f", mono, ALIGN_LEFT, ink_soft(ROLE_MUTED, 0.75),
                   NO_REF);
    x += *text ? scene_text_width(c->scene, text, mono) + 1 : 0;
    scene_line(c->scene, x, b.y + 9, x, b.y + b.h - 9, ink(ROLE_TEXT), 1.5, NO_REF);
}

static Box address_dialog(const Chrome *c, Box area) {
    Box b = middle(area, 560, 252);
    card(c, area, b, chrome_say(c, "Go to a step", "跳到某一步"));
    address_field(c, (Box){b.x + PAD, b.y + 68, b.w - 2 * PAD, 40});
    const char *lines[3];
    TextStyle style = chrome_style(13, WEIGHT_REGULAR);
    bool wrong = c->state->field_error[0] != '\0';
    const char *text =
        wrong ? c->state->field_error
              : chrome_say(c,
                           "Phase, timestep, equation, operation, as in "
                           "forward:3:f, backward:2:c.1, loss.",
                           "阶段、时间步、方程、运算，例如 forward:3:f、backward:2:c.1、loss。");
    int n = chrome_wrap(c, text, style, b.w - 2 * PAD, lines, 3);
    for (int i = 0; i < n; i++)
        scene_text(c->scene, b.x + PAD, b.y + 134 + i * 20, lines[i], style, ALIGN_LEFT,
                   ink(wrong ? ROLE_WARN : ROLE_MUTED), NO_REF);
    Box row = {b.x + b.w - PAD - 110, b.y + b.h - PAD - 26, 110, 32};
    chrome_chip(c, row, chrome_say(c, "Go", "前往"), true, ROLE_ACCENT, ref_control(ACT_SUBMIT, -1),
                NULL);
    return b;
}

Box chrome_dialog(const Chrome *c, Box area) {
    c->scene->panel = CHROME_DIALOG;
    return c->state->dialog == DIALOG_HELP ? help_dialog(c, area) : address_dialog(c, area);
}
