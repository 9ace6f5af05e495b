// The rest is dimmed, never gone: every text that the stage shows, at every step of the shipped
// lessons and in every theme, can be read on its card, and every empty box can be seen.
#include "check.h"

#include <string.h>

#include "view/panels.h"
#include "view/stage.h"
#include "view/text.h"
#include "view/theme.h"

static const Places places = {"assets", "lessons"};

// WCAG 2: large or incidental text wants 3; what is not a text may be quieter, but must be there.
#define TEXT_LEAST 3.0
#define BOX_LEAST 1.9

static double linear(double x) {
    return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
}

static double luminance(Color c) {
    return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

static double contrast(ThemeKind theme, Ink fill, Role ground) {
    Color top = theme_color(theme, fill), under = theme_color(theme, ink(ground));
    Color seen = {top.r * top.a + under.r * (1 - top.a), top.g * top.a + under.g * (1 - top.a),
                  top.b * top.a + under.b * (1 - top.a), 1};
    double x = luminance(seen) + 0.05, y = luminance(under) + 0.05;
    return x > y ? x / y : y / x;
}

static bool is_text(const Shape *s) {
    return (s->kind == SHAPE_TEXT || s->kind == SHAPE_FORMULA) && s->fill.role != ROLE_ON_ACCENT &&
           s->fill.role != ROLE_PANEL && s->fill.role != ROLE_VALUE && s->fill.role != ROLE_GROUND;
}

static int flaws(const Scene *s, int step) {
    int n = 0;
    for (int k = 0; k < s->count; k++)
        for (int t = 0; t < THEME_COUNT; t++) {
            const Shape *shape = &s->shapes[k];
            bool empty = shape->kind == SHAPE_BOX && shape->dash == DASH_DOTTED;
            if (!empty && !is_text(shape)) continue;
            double least = empty ? BOX_LEAST : TEXT_LEAST;
            double ratio = contrast((ThemeKind)t, empty ? shape->stroke : shape->fill, ROLE_PANEL);
            if (ratio >= least) continue;
            if (n++ < 5)
                print_error("step %d, %s, panel %d: \"%s\" in role %d, strength %.2f: %.2f\n", step,
                            theme_names[t], shape->panel, empty ? "(empty box)" : shape->text,
                            (int)shape->fill.role, (double)shape->fill.strength, ratio);
        }
    return n;
}

static int lesson_flaws(const char *path) {
    Arena *a = arena_new(), *frame = arena_new();
    TextEngine *text = text_engine_fixed();
    Diags d = diags_new(a);
    View v = {.lesson = lesson_load(a, path, &places, NULL, NULL, &d), .grain = GRAIN_OPERATION};
    assert_non_null(v.lesson);
    int n = 0;
    for (v.at.at = 0; v.at.at <= walk_count(v.lesson->walk); v.at.at += 3)
        for (v.scene = 0; v.scene < 8; v.scene += 3) {
            arena_reset(frame);
            Scene s = scene_new(frame, text, 1600, 880);
            stage_draw(&s, &v, (Box){0, 0, 1600, 880});
            n += flaws(&s, v.at.at);
        }
    text_engine_free(text);
    arena_free(frame);
    arena_free(a);
    return n;
}

static void test_what_is_not_at_work_can_still_be_read(void **state) {
    (void)state;
    assert_int_equal(lesson_flaws("lessons/01-forward.md"), 0);
    assert_int_equal(lesson_flaws("lessons/02-backward.md"), 0);
    assert_int_equal(lesson_flaws("lessons/03-learning.md"), 0);
    assert_int_equal(lesson_flaws("lessons/04-wrong-cell.md"), 0);
    assert_int_equal(lesson_flaws("lessons/05-writing.md"), 0);
    assert_int_equal(lesson_flaws("lessons/06-two-networks.md"), 0);
    assert_int_equal(lesson_flaws("assets/cells/gru.cell"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_not_at_work_can_still_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
