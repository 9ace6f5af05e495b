// Editing a line of text.
#include <string.h>

#include "app/edit.h"
#include "check.h"

static void test_typing_replaces_what_is_selected(void **state) {
    (void)state;
    char text[16] = "picture";
    Edit e = edit_all(text);
    edit_type(&e, text, sizeof text, "门a");
    assert_string_equal(text, "门a");
    assert_int_equal(e.caret, 4);
    edit_move(&e, text, CARET_LEFT, false);
    edit_type(&e, text, sizeof text, "-\n");
    assert_string_equal(text, "门-a"); // no control characters
}

static void test_erasing_takes_whole_characters(void **state) {
    (void)state;
    char text[16] = "遗忘门";
    Edit e = edit_end(text);
    edit_erase(&e, text, false);
    assert_string_equal(text, "遗忘");
    edit_move(&e, text, CARET_START, false);
    edit_erase(&e, text, false); // nothing before it
    edit_erase(&e, text, true);
    assert_string_equal(text, "忘");
    edit_erase(&e, text, true);
    edit_erase(&e, text, true);
    assert_string_equal(text, "");
}

static void test_a_field_never_overflows_nor_cuts_a_character(void **state) {
    (void)state;
    char text[8] = "";
    Edit e = edit_end(text);
    for (int i = 0; i < 20; i++) edit_type(&e, text, sizeof text, "遗");
    assert_string_equal(text, "遗遗");
}

static void test_an_arrow_lets_go_of_the_selection(void **state) {
    (void)state;
    char text[16] = "abcd";
    Edit e = edit_all(text);
    edit_move(&e, text, CARET_LEFT, false);
    assert_int_equal(e.caret, 0);
    edit_move(&e, text, CARET_RIGHT, true);
    edit_move(&e, text, CARET_RIGHT, true);
    edit_type(&e, text, sizeof text, "x");
    assert_string_equal(text, "xcd");
}

static void test_a_caret_outside_a_text_that_changed_is_brought_back(void **state) {
    (void)state;
    char text[16] = "门";
    Edit e = {9, 1};
    edit_type(&e, text, sizeof text, "a");
    assert_string_equal(text, "a"); // from within the character to beyond the end
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_typing_replaces_what_is_selected),
        RUN(test_erasing_takes_whole_characters),
        RUN(test_a_field_never_overflows_nor_cuts_a_character),
        RUN(test_an_arrow_lets_go_of_the_selection),
        RUN(test_a_caret_outside_a_text_that_changed_is_brought_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
