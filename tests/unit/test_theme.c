// Colours that must be told apart, held to it by numbers: CIEDE2000 differences (Sharma, Wu &
// Dalal 2005) as normal, protan, deutan and tritan eyes see them (Machado, Oliveira & Fernandes
// 2009, severity 1), and contrast as WCAG 2 counts it.
#include "check.h"

#include <stdio.h>

#include "view/theme.h"

typedef struct {
    double v[3];
} Triple;

enum { VISIONS = 4 };
static const char *const vision_names[VISIONS] = {"normal", "protan", "deutan", "tritan"};

// clang-format off
static const double visions[VISIONS][9] = {
    {1, 0, 0, 0, 1, 0, 0, 0, 1},
    {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
    {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
    {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900}};
static const double rgb_to_xyz[9] = {0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522,
                                     0.0721750, 0.0193339, 0.1191920, 0.9503041};
// clang-format on

static Triple times(const double m[9], Triple a) {
    Triple b;
    for (int i = 0; i < 3; i++)
        b.v[i] = m[3 * i] * a.v[0] + m[3 * i + 1] * a.v[1] + m[3 * i + 2] * a.v[2];
    return b;
}

static double linear(double s) {
    return s <= 0.04045 ? s / 12.92 : pow((s + 0.055) / 1.055, 2.4);
}

static Triple linear_rgb(Color c) {
    return (Triple){{linear(c.r), linear(c.g), linear(c.b)}};
}

static double lab_curve(double t) {
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

static Triple lab(Color color, int vision) {
    Triple seen = times(visions[vision], linear_rgb(color));
    for (int k = 0; k < 3; k++) seen.v[k] = fmin(1, fmax(0, seen.v[k]));
    Triple xyz = times(rgb_to_xyz, seen);
    double x = lab_curve(xyz.v[0] / 0.95047), y = lab_curve(xyz.v[1]);
    double z = lab_curve(xyz.v[2] / 1.08883);
    return (Triple){{116 * y - 16, 500 * (x - y), 200 * (y - z)}};
}

#define PI 3.14159265358979323846

static double hue(double a, double b) {
    double h = a == 0 && b == 0 ? 0 : atan2(b, a);
    return h < 0 ? h + 2 * PI : h;
}

static double hue_difference(double h1, double h2, double c1c2) {
    if (c1c2 == 0) return 0;
    double d = h2 - h1;
    return d > PI ? d - 2 * PI : d < -PI ? d + 2 * PI : d;
}

static double mean_hue(double h1, double h2, double c1c2) {
    if (c1c2 == 0) return h1 + h2;
    if (fabs(h1 - h2) <= PI) return (h1 + h2) / 2;
    return h1 + h2 < 2 * PI ? (h1 + h2 + 2 * PI) / 2 : (h1 + h2 - 2 * PI) / 2;
}

static double pow7_share(double c) {
    return sqrt(pow(c, 7) / (pow(c, 7) + 6103515625.0));
}

static double ciede2000(Triple p, Triple q) {
    double g = 0.5 * (1 - pow7_share((hypot(p.v[1], p.v[2]) + hypot(q.v[1], q.v[2])) / 2));
    double a1 = p.v[1] * (1 + g), a2 = q.v[1] * (1 + g);
    double c1 = hypot(a1, p.v[2]), c2 = hypot(a2, q.v[2]);
    double h1 = hue(a1, p.v[2]), h2 = hue(a2, q.v[2]);
    double dl = q.v[0] - p.v[0], dc = c2 - c1;
    double dh = 2 * sqrt(c1 * c2) * sin(hue_difference(h1, h2, c1 * c2) / 2);
    double l = (p.v[0] + q.v[0]) / 2, c = (c1 + c2) / 2, h = mean_hue(h1, h2, c1 * c2);
    double t = 1 - 0.17 * cos(h - PI / 6) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + PI / 30) -
               0.20 * cos(4 * h - 63 * PI / 180);
    double turn = (h * 180 / PI - 275) / 25;
    double rt = -2 * pow7_share(c) * sin(PI / 3 * exp(-turn * turn));
    double l50 = (l - 50) * (l - 50);
    double kl = dl / (1 + 0.015 * l50 / sqrt(20 + l50));
    double kc = dc / (1 + 0.045 * c), kh = dh / (1 + 0.015 * c * t);
    return sqrt(kl * kl + kc * kc + kh * kh + rt * kc * kh);
}

static double difference(Color a, Color b, int vision) {
    return ciede2000(lab(a, vision), lab(b, vision));
}

static double luminance(Color c) {
    Triple l = linear_rgb(c);
    return 0.2126 * l.v[0] + 0.7152 * l.v[1] + 0.0722 * l.v[2];
}

static double contrast(Color a, Color b) {
    double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}

// Counts the visions for which two inks do not differ by `least`, naming them.
static int too_near(ThemeKind theme, Ink a, Ink b, double least) {
    int found = 0;
    for (int v = 0; v < VISIONS; v++) {
        double d = difference(theme_color(theme, a), theme_color(theme, b), v);
        if (d >= least) continue;
        print_error(
            "%s, %s vision: role %d level %.2f and role %d level %.2f differ by %.1f only\n",
            theme_names[theme], vision_names[v], (int)a.role, (double)a.level, (int)b.role,
            (double)b.level, d);
        found++;
    }
    return found;
}

static void test_the_colour_difference_is_the_published_one(void **state) {
    (void)state; // three pairs of the table by Sharma, Wu & Dalal
    double d = ciede2000((Triple){{50, 2.6772, -79.7751}}, (Triple){{50, 0, -82.7485}});
    assert_true(fabs(d - 2.0425) < 1e-4);
    d = ciede2000((Triple){{2.0776, 0.0795, -1.1350}}, (Triple){{0.9033, -0.0636, -0.5514}});
    assert_true(fabs(d - 0.9082) < 1e-4);
    d = ciede2000((Triple){{50, 2.5, 0}}, (Triple){{58, 24, 15}});
    assert_true(fabs(d - 19.4535) < 1e-4);
}

static void test_a_number_stands_out_from_its_square_at_every_level(void **state) {
    (void)state;
    static const Role ramps[][2] = {{ROLE_VALUE, ROLE_ON_VALUE}, {ROLE_GRAD, ROLE_ON_GRAD}};
    for (int t = 0; t < THEME_COUNT; t++)
        for (int r = 0; r < 2; r++)
            for (int k = -100; k <= 101; k++) {
                double level = k > 100 ? NAN : k / 100.0;
                double ratio = contrast(theme_color((ThemeKind)t, ink_level(ramps[r][0], level)),
                                        theme_color((ThemeKind)t, ink_level(ramps[r][1], level)));
                if (ratio < 4.5) fail_msg("%s, %d: %.2f", theme_names[t], k, ratio);
            }
}

static void test_text_stands_out_from_every_card(void **state) {
    (void)state;
    static const Role texts[] = {ROLE_TEXT, ROLE_MUTED, ROLE_ACCENT, ROLE_BACKWARD, ROLE_WARN,
                                 ROLE_GOOD, ROLE_F,     ROLE_I,      ROLE_G,        ROLE_O,
                                 ROLE_C,    ROLE_H,     ROLE_X,      ROLE_Y};
    static const Role grounds[] = {ROLE_PANEL, ROLE_GROUND, ROLE_CHROME};
    int low = 0;
    for (int t = 0; t < THEME_COUNT; t++)
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            for (size_t g = 0; g < 3; g++) {
                double ratio = contrast(theme_color((ThemeKind)t, ink(texts[k])),
                                        theme_color((ThemeKind)t, ink(grounds[g])));
                if (ratio >= (t == THEME_CONTRAST ? 7 : 4.5)) continue;
                print_error("%s: role %d on role %d has contrast %.2f\n", theme_names[t],
                            (int)texts[k], (int)grounds[g], ratio);
                low++;
            }
    assert_int_equal(low, 0);
}

static void test_words_stand_out_from_chips_and_chosen_chips(void **state) {
    (void)state;
    for (int t = 0; t < THEME_COUNT; t++) {
        ThemeKind theme = (ThemeKind)t;
        Color sunken = theme_color(theme, ink(ROLE_SUNKEN));
        assert_true(contrast(theme_color(theme, ink(ROLE_TEXT)), sunken) >= 4.5);
        assert_true(contrast(theme_color(theme, ink(ROLE_MUTED)), sunken) >= 4.5);
        Color on = theme_color(theme, ink(ROLE_ON_ACCENT));
        assert_true(contrast(on, theme_color(theme, ink(ROLE_ACCENT))) >= 4.5);
        assert_true(contrast(on, theme_color(theme, ink(ROLE_BACKWARD))) >= 4.5);
    }
}

// Neighbouring quarters of a ramp, and equal sizes of opposite sign from 0.5 on. (Below, and
// everywhere besides, a sign is doubled by a printed sign, a bar or hatching.)
static int ramp_flaws(ThemeKind theme, Role role) {
    int found = 0;
    for (double level = -1; level < 0.9; level += 0.25)
        found += too_near(theme, ink_level(role, level), ink_level(role, level + 0.25), 5);
    for (double level = 0.5; level <= 1; level += 0.25)
        found += too_near(theme, ink_level(role, -level), ink_level(role, level), 12);
    return found;
}

static void test_ramps_keep_their_steps_and_their_signs_apart(void **state) {
    (void)state;
    int found = 0;
    for (int t = 0; t < THEME_COUNT; t++)
        found += ramp_flaws((ThemeKind)t, ROLE_VALUE) + ramp_flaws((ThemeKind)t, ROLE_GRAD);
    assert_int_equal(found, 0);
}

static void test_a_gate_shows_quarters(void **state) {
    (void)state;
    int found = 0;
    for (int t = 0; t < THEME_COUNT; t++)
        for (Role role = ROLE_F; role <= ROLE_H; role++)
            for (double l = 0; l < 0.9; l += 0.25)
                found += too_near((ThemeKind)t, ink_level(role, l), ink_level(role, l + 0.25), 5);
    assert_int_equal(found, 0);
}

// Letters and places tell roles first, so they may come nearer than what colour alone tells.
static void test_roles_differ_for_every_eye(void **state) {
    (void)state;
    int found = 0;
    for (int t = 0; t < THEME_COUNT; t++)
        for (Role a = ROLE_F; a <= ROLE_H; a++)
            for (Role b = a + 1; b <= ROLE_H; b++)
                found += too_near((ThemeKind)t, ink(a), ink(b), 4);
    assert_int_equal(found, 0);
}

static void test_the_two_phases_differ_for_every_eye(void **state) {
    (void)state;
    int found = 0;
    for (int t = 0; t < THEME_COUNT; t++)
        found += too_near((ThemeKind)t, ink(ROLE_ACCENT), ink(ROLE_BACKWARD), 8);
    assert_int_equal(found, 0);
}

static void test_levels_beyond_the_ends_are_the_ends_and_nan_is_a_warning(void **state) {
    (void)state;
    Color end = theme_color(THEME_LIGHT, ink_level(ROLE_VALUE, 1));
    Color beyond = theme_color(THEME_LIGHT, ink_level(ROLE_VALUE, 7));
    assert_true(end.r == beyond.r && end.g == beyond.g && end.b == beyond.b);
    Color nan = theme_color(THEME_LIGHT, ink_level(ROLE_GRAD, NAN));
    Color warn = theme_color(THEME_LIGHT, ink(ROLE_WARN));
    assert_true(nan.r == warn.r && nan.g == warn.g && nan.b == warn.b);
    assert_true(theme_color(THEME_DARK, NO_INK).a == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_the_colour_difference_is_the_published_one),
        RUN(test_a_number_stands_out_from_its_square_at_every_level),
        RUN(test_text_stands_out_from_every_card),
        RUN(test_words_stand_out_from_chips_and_chosen_chips),
        RUN(test_ramps_keep_their_steps_and_their_signs_apart),
        RUN(test_a_gate_shows_quarters),
        RUN(test_roles_differ_for_every_eye),
        RUN(test_the_two_phases_differ_for_every_eye),
        RUN(test_levels_beyond_the_ends_are_the_ends_and_nan_is_a_warning),
    };
    return cmocka_run_group_tests_name("theme", tests, NULL, NULL);
}
