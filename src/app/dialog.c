// The small dialogs: the key table, printed from the table of actions, and the field for a step
// address. A dialog is a scene of its own, so that nothing beneath it can be hit.
#include "app/chrome.h"

enum { PAD = 28, ROW = 25, KEY_COLUMN = 104 };

Box chrome_middle(Box area, double w, double h) {
    return (Box){area.x + (area.w - w) / 2, area.y + (area.h - h) / 2, w, h};
}

void chrome_card(const Chrome *c, Box area, Box b, const char *title) {
    // what waits beneath is veiled, so that the eye has one place to go
    scene_box(c->scene, area, 0, ink_soft(ROLE_GROUND, 0.55), NO_INK, 0, NO_REF);
    scene_box(c->scene, b, 14, ink(ROLE_PANEL), ink(ROLE_WIRE), 1, NO_REF);
    scene_text(c->scene, b.x + PAD, b.y + PAD + 14, title, chrome_style(18, WEIGHT_BOLD),
               ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
}

void chrome_close(const Chrome *c, Box b, const char *word) {
    TextStyle style = chrome_style(13, WEIGHT_MEDIUM);
    double width = scene_text_width(c->scene, word, style);
    chrome_word(c, b.x + b.w - PAD - width, (Box){b.x, b.y + PAD - 10, b.w, 36}, word, false,
                ref_control(ACT_ESCAPE, -1), NULL);
}

static void card(const Chrome *c, Box area, Box b, const char *title) {
    chrome_card(c, area, b, title);
    chrome_close(c, b, chrome_say(c, "Esc: close", "Esc：关闭"));
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

// The groups in columns, one under the other.
static const Group columns[][3] = {{GROUP_WALK, GROUP_LESSON, GROUP_HIDDEN},
                                   {GROUP_LOOK, GROUP_FOCUS, GROUP_HIDDEN},
                                   {GROUP_TAKE, GROUP_HIDDEN, GROUP_HIDDEN}};

static Box help_dialog(const Chrome *c, Box area) {
    enum { COLUMNS = sizeof columns / sizeof *columns };
    Box b = chrome_middle(area, 992, 572);
    card(c, area, b, chrome_say(c, "Keys", "按键"));
    double width = (b.w - 2 * PAD) / COLUMNS;
    for (int k = 0; k < COLUMNS; k++) {
        double y = b.y + 64;
        for (const Group *g = columns[k]; *g != GROUP_HIDDEN; g++)
            y += key_group(c, b.x + PAD + k * width, y, *g) + 10;
    }
    scene_text(
        c->scene, b.x + PAD, b.y + b.h - 20,
        chrome_say(c, "Point at a number to see all that it depends on; click to keep it in focus.",
                   "指向一个数，它依赖的一切都会亮起；点击把它钉住。"),
        chrome_style(12.5, WEIGHT_REGULAR), ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
    return b;
}

static Box address_dialog(const Chrome *c, Box area) {
    Box b = chrome_middle(area, 560, 252);
    card(c, area, b, chrome_say(c, "Go to a step", "跳到某一步"));
    bool on_button = c->state->key_focus.kind != REF_NONE;
    chrome_field(c, (Box){b.x + PAD, b.y + 68, b.w - 2 * PAD, 40}, 15, c->state->field,
                 on_button ? NULL : &c->state->edit, "forward:3:f", NO_REF);
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
    static Box (*const dialogs[DIALOG_COUNT])(const Chrome *c,
                                              Box area) = {[DIALOG_HELP] = help_dialog,
                                                           [DIALOG_ADDRESS] = address_dialog,
                                                           [DIALOG_EXPORT] = chrome_export};
    return dialogs[c->state->dialog](c, area);
}
