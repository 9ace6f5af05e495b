// The table of actions: complete, in both languages, no key for two things.
#include <SDL_keycode.h>
#include <string.h>

#include "app/action.h"
#include "check.h"

static void test_every_action_says_what_it_does_in_both_languages(void **state) {
    (void)state;
    for (int k = 0; k < ACT_COUNT; k++) {
        assert_non_null(action_defs[k].id);
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            assert_non_null(action_defs[k].text[lang]);
            assert_true(strlen(action_defs[k].text[lang]) > 0);
        }
        assert_true((unsigned char)action_defs[k].text[LANG_ZH][0] >= 0xE0); // a Chinese character
    }
}

static void test_every_action_with_a_key_is_in_the_key_table(void **state) {
    (void)state;
    for (int k = 0; k < ACT_COUNT; k++) {
        bool has_key = action_defs[k].keys[0].code != 0;
        assert_int_equal(has_key, action_defs[k].shown != NULL);
        assert_int_equal(has_key, action_defs[k].group != GROUP_HIDDEN);
    }
}

static bool may_be_same(Key a, Key b) {
    bool shifts_differ = a.shift != SHIFT_ANY && b.shift != SHIFT_ANY && a.shift != b.shift;
    return a.code && a.code == b.code && a.ctrl == b.ctrl && !shifts_differ;
}

static void test_no_key_stands_for_two_actions(void **state) {
    (void)state;
    enum { ALL = ACT_COUNT * KEYS_PER_ACTION };
    for (int i = 0; i < ALL; i++)
        for (int j = 0; j < i; j++) {
            Key a = action_defs[i / KEYS_PER_ACTION].keys[i % KEYS_PER_ACTION];
            Key b = action_defs[j / KEYS_PER_ACTION].keys[j % KEYS_PER_ACTION];
            assert_false(may_be_same(a, b));
        }
}

static void test_no_word_stands_for_two_actions(void **state) {
    (void)state;
    for (int i = 0; i < ACT_COUNT; i++)
        for (int j = 0; j < i; j++) assert_string_not_equal(action_defs[i].id, action_defs[j].id);
}

static void test_keys_lead_to_their_actions(void **state) {
    (void)state;
    assert_int_equal(action_of_key(SDLK_RIGHT, false, false), ACT_STEP_FORWARD);
    assert_int_equal(action_of_key(SDLK_SLASH, true, false), ACT_HELP);
    assert_int_equal(action_of_key(SDLK_SLASH, false, false), ACT_NONE);
    assert_int_equal(action_of_key(SDLK_TAB, true, false), ACT_FOCUS_PREVIOUS);
    assert_int_equal(action_of_key(SDLK_TAB, false, false), ACT_FOCUS_NEXT);
    assert_int_equal(action_of_key(SDLK_d, false, true), ACT_NONE);
    assert_int_equal(action_of_key(SDLK_q, false, true), ACT_QUIT);
}

static void test_script_lines_are_actions(void **state) {
    (void)state;
    Arena *a = arena_new();
    const char *why;
    Action act;
    assert_true(action_parse(a, "goto backward:2:c\n", &act, &why));
    assert_int_equal(act.kind, ACT_GOTO);
    assert_string_equal(act.text, "backward:2:c");
    assert_true(action_parse(a, "theme dark", &act, &why));
    assert_int_equal(act.arg, 1);
    assert_true(action_parse(a, "theme", &act, &why));
    assert_int_equal(act.arg, -1);
    assert_true(action_parse(a, "scrub 0.5", &act, &why));
    CHECK_NEAR(act.number, 0.5, 0);
    assert_false(action_parse(a, "theme purple", &act, &why));
    assert_false(action_parse(a, "step-forward 3", &act, &why));
    assert_false(action_parse(a, "jump", &act, &why));
    assert_string_equal(why, "there is no action \"jump\"");
    arena_free(a);
}

static void test_controls_and_actions_are_two_names_of_one_thing(void **state) {
    (void)state;
    Action a = action_of_control(ref_control(ACT_SCENE, 3));
    assert_int_equal(a.kind, ACT_SCENE);
    assert_int_equal(a.arg, 3);
    assert_int_equal(action_of_control(ref_value(ACT_QUIT, 1, 1)).kind, ACT_NONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_every_action_says_what_it_does_in_both_languages),
        RUN(test_every_action_with_a_key_is_in_the_key_table),
        RUN(test_no_key_stands_for_two_actions),
        RUN(test_no_word_stands_for_two_actions),
        RUN(test_keys_lead_to_their_actions),
        RUN(test_script_lines_are_actions),
        RUN(test_controls_and_actions_are_two_names_of_one_thing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
