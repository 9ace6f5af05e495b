// Four themes as one table of paints, and the rule that turns a level into a shade: ramps are
// interpolated piecewise, a gate's colour is mixed from pale to full over the card it stands on.
// tests/unit/test_theme.c holds every pair that must be told apart to normal, protan, deutan and
// tritan vision, and every text to its contrast.
#include "view/theme.h"

#include <math.h>
#include <stdint.h>

enum { RAMP_MAX = 9 };

typedef struct {
    uint32_t paint[ROLE_COUNT]; // RRGGBB
    int n_value, n_grad;
    uint32_t value[RAMP_MAX], grad[RAMP_MAX]; // from level -1 to 1
    double pale;                              // share of a letter's colour at level 0
} Theme;

const char *const theme_names[THEME_COUNT] = {"light", "dark", "contrast", "print"};

// clang-format off
static const Theme themes[THEME_COUNT] = {
    [THEME_LIGHT] = {
        .paint = {
            [ROLE_GROUND] = 0xF7F6F2, [ROLE_PANEL] = 0xFFFFFF, [ROLE_CHROME] = 0xFFFFFF,
            [ROLE_SUNKEN] = 0xEFEDE6, [ROLE_LINE] = 0xE2E0D8, [ROLE_WIRE] = 0x6B7280,
            [ROLE_TEXT] = 0x1D2330, [ROLE_MUTED] = 0x5C6370, [ROLE_FAINT] = 0xB4B1A8,
            [ROLE_ACCENT] = 0x2F3A56, [ROLE_ON_ACCENT] = 0xFFFFFF,
            [ROLE_BACKWARD] = 0x6A3D9A, [ROLE_WARN] = 0xB42318, [ROLE_GOOD] = 0x1B7048,
            [ROLE_F] = 0xB03A5B, [ROLE_I] = 0x156A4A, [ROLE_G] = 0x8F6300, [ROLE_O] = 0x535F78,
            [ROLE_C] = 0x2F3A56, [ROLE_H] = 0x0D7B86, [ROLE_X] = 0x1D2330, [ROLE_Y] = 0x1D2330},
        .n_value = 9, .n_grad = 9,
        .value = {0xB35806, 0xE08214, 0xFDB863, 0xFEE0B6, 0xF7F7F7, 0xD1E5F0, 0x92C5DE, 0x4393C3,
                  0x2166AC},
        .grad = {0x762A83, 0x9970AB, 0xC2A5CF, 0xE7D4E8, 0xF7F7F7, 0xD9F0D3, 0xA6DBA0, 0x5AAE61,
                 0x1B7837},
        .pale = 0.10},
    [THEME_DARK] = {
        .paint = {
            [ROLE_GROUND] = 0x14171C, [ROLE_PANEL] = 0x1B1F26, [ROLE_CHROME] = 0x1B1F26,
            [ROLE_SUNKEN] = 0x232830, [ROLE_LINE] = 0x2C323C, [ROLE_WIRE] = 0x949AA6,
            [ROLE_TEXT] = 0xE8E6E1, [ROLE_MUTED] = 0x9AA1AD, [ROLE_FAINT] = 0x535B69,
            [ROLE_ACCENT] = 0xB4BFE0, [ROLE_ON_ACCENT] = 0x14171C,
            [ROLE_BACKWARD] = 0xBA8CF2, [ROLE_WARN] = 0xFF8A7A, [ROLE_GOOD] = 0x6FD3A0,
            [ROLE_F] = 0xF08CA8, [ROLE_I] = 0x74D6AC, [ROLE_G] = 0xD8A63C, [ROLE_O] = 0x9AA9BA,
            [ROLE_C] = 0xBAC4EA, [ROLE_H] = 0x45BFCB, [ROLE_X] = 0xE8E6E1, [ROLE_Y] = 0xE8E6E1},
        .n_value = 7, .n_grad = 7,
        .value = {0xFFC87A, 0xE69F00, 0x8A5A00, 0x2A2D34, 0x1F5F8A, 0x3FA0DC, 0x9AD4FF},
        .grad = {0xE6C8F2, 0xB07FC7, 0x6A4A7E, 0x2A2D34, 0x3B7147, 0x5DA76E, 0xB4EBBB},
        .pale = 0.10},
    [THEME_CONTRAST] = {
        .paint = {
            [ROLE_GROUND] = 0x000000, [ROLE_PANEL] = 0x000000, [ROLE_CHROME] = 0x000000,
            [ROLE_SUNKEN] = 0x1C1C1C, [ROLE_LINE] = 0xB0B0B0, [ROLE_WIRE] = 0xD8D8D8,
            [ROLE_TEXT] = 0xFFFFFF, [ROLE_MUTED] = 0xDADADA, [ROLE_FAINT] = 0x8C8C8C,
            [ROLE_ACCENT] = 0xFFE14D, [ROLE_ON_ACCENT] = 0x000000,
            [ROLE_BACKWARD] = 0xD9B3FF, [ROLE_WARN] = 0xFF8F80, [ROLE_GOOD] = 0x6FF0A8,
            [ROLE_F] = 0xFF8FB4, [ROLE_I] = 0x6BF0B4, [ROLE_G] = 0xFFC62E, [ROLE_O] = 0xA9BCD0,
            [ROLE_C] = 0xC9D3FF, [ROLE_H] = 0x38D5E6, [ROLE_X] = 0xFFFFFF, [ROLE_Y] = 0xFFFFFF},
        .n_value = 7, .n_grad = 7,
        .value = {0xFFD08A, 0xFFA500, 0x8F5A00, 0x202226, 0x1C6AA0, 0x45AEF0, 0xAADDFF},
        .grad = {0xEFD0FF, 0xBE85DC, 0x71488A, 0x202226, 0x357A45, 0x58BE70, 0xBDF7C6},
        .pale = 0.14},
    [THEME_PRINT] = {
        .paint = {
            [ROLE_GROUND] = 0xFFFFFF, [ROLE_PANEL] = 0xFFFFFF, [ROLE_CHROME] = 0xFFFFFF,
            [ROLE_SUNKEN] = 0xF3F3F3, [ROLE_LINE] = 0xBDBDBD, [ROLE_WIRE] = 0x404040,
            [ROLE_TEXT] = 0x000000, [ROLE_MUTED] = 0x404040, [ROLE_FAINT] = 0xA8A8A8,
            [ROLE_ACCENT] = 0x000000, [ROLE_ON_ACCENT] = 0xFFFFFF,
            [ROLE_BACKWARD] = 0x5A2D8A, [ROLE_WARN] = 0x8E1B12, [ROLE_GOOD] = 0x145C3A,
            [ROLE_F] = 0x9C2C4C, [ROLE_I] = 0x0F5C3E, [ROLE_G] = 0x7A5400, [ROLE_O] = 0x4C5A72,
            [ROLE_C] = 0x1F2A46, [ROLE_H] = 0x0B7A88, [ROLE_X] = 0x000000, [ROLE_Y] = 0x000000},
        .n_value = 9, .n_grad = 9,
        .value = {0xB35806, 0xE08214, 0xFDB863, 0xFEE0B6, 0xFFFFFF, 0xD1E5F0, 0x92C5DE, 0x4393C3,
                  0x2166AC},
        .grad = {0x762A83, 0x9970AB, 0xC2A5CF, 0xE7D4E8, 0xFFFFFF, 0xD9F0D3, 0xA6DBA0, 0x5AAE61,
                 0x1B7837},
        .pale = 0.06},
};
// clang-format on

static Color unpack(uint32_t rgb) {
    return (Color){(rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0, 1};
}

static Color blend(Color a, Color b, double share_of_b) {
    double s = share_of_b, r = 1 - s;
    return (Color){a.r * r + b.r * s, a.g * r + b.g * s, a.b * r + b.b * s, a.a * r + b.a * s};
}

static Color ramp(const uint32_t *stops, int n, double level) {
    double at = (fmin(1, fmax(-1, level)) + 1) / 2 * (n - 1);
    int k = at >= n - 1 ? n - 2 : (int)at;
    return blend(unpack(stops[k]), unpack(stops[k + 1]), at - k);
}

static double linear(double s) {
    return s <= 0.04045 ? s / 12.92 : pow((s + 0.055) / 1.055, 2.4);
}

// Black or white, whichever stands out more (contrast as WCAG 2 has it): one of them has 4.58.
static Color text_on(Color ground) {
    double y = 0.2126 * linear(ground.r) + 0.7152 * linear(ground.g) + 0.0722 * linear(ground.b);
    return (y + 0.05) * (y + 0.05) > 1.05 * 0.05 ? (Color){0, 0, 0, 1} : (Color){1, 1, 1, 1};
}

Color theme_color(ThemeKind theme, Ink ink) {
    const Theme *t = &themes[theme];
    if (ink.role == ROLE_NONE) return (Color){0, 0, 0, 0};
    if (ink.role == ROLE_ON_VALUE || ink.role == ROLE_ON_GRAD) {
        Role ground = ink.role == ROLE_ON_VALUE ? ROLE_VALUE : ROLE_GRAD;
        Color color = text_on(theme_color(theme, (Ink){ground, ink.level, 1}));
        color.a = fmin(1, fmax(0, (double)ink.strength));
        return color;
    }
    Color color = unpack(t->paint[ink.role]);
    double level = (double)ink.level;
    bool has_level = ink.role == ROLE_VALUE || ink.role == ROLE_GRAD || ink.role >= ROLE_F;
    if (has_level && isnan(level))
        color = unpack(t->paint[ROLE_WARN]);
    else if (ink.role == ROLE_VALUE)
        color = ramp(t->value, t->n_value, level);
    else if (ink.role == ROLE_GRAD)
        color = ramp(t->grad, t->n_grad, level);
    else if (ink.role >= ROLE_F && level < 1)
        color =
            blend(unpack(t->paint[ROLE_PANEL]), color, t->pale + (1 - t->pale) * fmax(0, level));
    color.a = fmin(1, fmax(0, (double)ink.strength));
    return color;
}
