// Mistakes as they are printed: order, carets, bytes that cannot be shown, limits, and files that
// are not files.
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/diag.h"
#include "core/unicode.h"

static Arena *arena;

static int setup(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static Source text_source(const char *text) {
    return (Source){"a.cell", text, strlen(text)};
}

static const char *printed(const Diags *d) {
    Buf out = buf_new(arena);
    diags_print(d, &out);
    return buf_str(&out);
}

// What one mistake about `n` bytes from `at` looks like.
static const char *one(const char *text, size_t at, size_t n, const char *message) {
    Source s = text_source(text);
    Diags d = diags_new(arena);
    assert_false(diag_error(&d, &s, (Span){at, n}, "%s", message));
    return printed(&d);
}

static void test_nothing_wrong_prints_nothing(void **state) {
    (void)state;
    Diags d = diags_new(arena);
    assert_true(diags_ok(&d));
    assert_string_equal(printed(&d), "");
}

static void test_carets_stand_under_the_culprit(void **state) {
    (void)state;
    assert_string_equal(one("cell a\nh = foo(x)\n", 11, 3, "no such function"),
                        "a.cell:2:5: error: no such function\nh = foo(x)\n    ^^^\n");
}

static void test_a_place_after_the_last_byte_gets_one_caret(void **state) {
    (void)state;
    assert_string_equal(one("h = ", 4, 0, "m"), "a.cell:1:5: error: m\nh = \n    ^\n");
    assert_string_equal(one("", 0, 0, "m"), "a.cell:1:1: error: m\n\n^\n");
    assert_string_equal(one("h\n", 99, 5, "m"), "a.cell:2:1: error: m\n\n^\n");
}

static void test_a_span_over_lines_is_cut_at_the_end_of_its_first(void **state) {
    (void)state;
    assert_string_equal(one("ab\r\ncd\n", 1, 5, "m"), "a.cell:1:2: error: m\nab\n ^\n");
}

static void test_a_tab_is_one_column_and_keeps_carets_aligned(void **state) {
    (void)state;
    assert_string_equal(one("\th = y\n", 5, 1, "m"), "a.cell:1:6: error: m\n\th = y\n\t    ^\n");
}

static void test_columns_count_characters_not_bytes(void **state) {
    (void)state;
    assert_string_equal(one("õ = σ(y)\n", 9 - 2, 1, "m"),
                        "a.cell:1:6: error: m\nõ = σ(y)\n     ^\n");
}

static void test_wide_characters_take_two_cells(void **state) {
    (void)state;
    assert_string_equal(one("门 = 值\n", 6, 3, "m"),
                        "a.cell:1:5: error: m\n门 = 值\n\u3000   ^^\n");
}

static void test_a_byte_order_mark_is_no_column(void **state) {
    (void)state;
    assert_string_equal(one("\xEF\xBB\xBFh = y\n", 7, 1, "m"),
                        "a.cell:1:5: error: m\nh = y\n    ^\n");
    assert_string_equal(one("\xEF\xBB\xBFh\n", 0, 1, "m"), "a.cell:1:1: error: m\nh\n^\n");
}

static void test_bytes_that_cannot_be_shown_are_written_out(void **state) {
    (void)state;
    assert_string_equal(one("a\xff\x1b[2J", 2, 1, "m \x07"),
                        "a.cell:1:3: error: m \\x07\na\\xFF\\x1B[2J\n     ^^^^\n");
    Source s = {"n\033.cell", "a\0b", 3};
    Diags d = diags_new(arena);
    diag_error(&d, &s, (Span){1, 1}, "NUL");
    assert_string_equal(printed(&d), "n\\x1B.cell:1:2: error: NUL\na\\x00b\n ^^^^\n");
}

static void test_a_long_line_is_cut_around_the_culprit(void **state) {
    (void)state;
    char *line = arena_alloc(arena, 5001, 1);
    memset(line, 'a', 5000);
    line[3000] = 'B';
    const char *text = one(line, 3000, 1, "m");
    const char *shown = strchr(text, '\n') + 1, *carets = strchr(shown, '\n') + 1;
    assert_true(strlen(text) < 400);
    assert_memory_equal(shown, "…aaa", strlen("…aaa"));
    // "…" is three bytes but one cell
    assert_int_equal(strchr(shown, 'B') - shown - 2, strchr(carets, '^') - carets);
    // a culprit near the start leaves the start in view
    line[30] = 'C';
    assert_memory_equal(strchr(one(line, 30, 1, "m"), '\n') + 1, "aaaa", 4);
}

static void test_mistakes_come_in_order_without_duplicates(void **state) {
    (void)state;
    Source s = text_source("ab\n"), z = {"b.cell", "c", 1};
    Diags d = diags_new(arena);
    diag_error(&d, &s, (Span){1, 1}, "second");
    diag_error(&d, &z, (Span){0, 1}, "other file");
    diag_error(&d, &s, (Span){0, 1}, "first");
    diag_error(&d, &s, (Span){1, 1}, "second");
    diag_error(&d, &s, NO_SPAN, "whole");
    assert_string_equal(printed(&d), "a.cell: error: whole\n"
                                     "a.cell:1:1: error: first\nab\n^\n"
                                     "a.cell:1:2: error: second\nab\n ^\n"
                                     "b.cell:1:1: error: other file\nc\n^\n");
}

static void test_after_twenty_mistakes_the_rest_is_counted(void **state) {
    (void)state;
    Source s = text_source("0123456789012345678901234567890");
    Diags d = diags_new(arena);
    for (size_t i = 25; i-- > 0;) diag_error(&d, &s, (Span){i, 1}, "digit %zu", i);
    const char *text = printed(&d);
    assert_non_null(strstr(text, "digit 19\n"));
    assert_null(strstr(text, "digit 20\n"));
    assert_non_null(strstr(text, "\n… 5 more mistakes\n"));
}

static void test_millions_of_mistakes_stay_countable(void **state) {
    (void)state;
    Source s = text_source("x");
    Diags d = diags_new(arena);
    for (int i = 0; i < 50000; i++) diag_error(&d, &s, (Span){0, 1}, "%d", i);
    assert_int_equal(d.count, DIAGS_KEPT);
    assert_non_null(strstr(printed(&d), "… 49980 more mistakes\n"));
}

static void test_all_messages_of_a_run_fit_in_64_kib(void **state) {
    (void)state;
    char *name = arena_alloc(arena, 100001, 1);
    memset(name, '\x01', 100000);
    Source s = {name, name, 100000};
    Diags d = diags_new(arena);
    for (size_t i = 0; i < 30; i++) diag_error(&d, &s, (Span){i * 100, 50000}, "%s", name);
    size_t n = strlen(printed(&d));
    assert_in_range(n, 1000, 64 * 1024);
}

static void test_a_pipe_a_folder_and_a_device_are_refused_without_blocking(void **state) {
    (void)state;
    char path[] = "build/fifo-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    const char *const paths[] = {path, "tests", "/dev/zero", "no/such/file", ""};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        Diags d = diags_new(arena);
        assert_null(source_read(arena, paths[i], 1000, &d));
        assert_int_equal(d.count, 1);
        const char *start = arena_printf(arena, "%s: error: ", paths[i]);
        assert_memory_equal(printed(&d), start, strlen(start));
    }
    unlink(path);
}

static void test_a_file_is_read_whole_or_refused_for_its_size(void **state) {
    (void)state;
    char path[] = "build/text-XXXXXX";
    int fd = mkstemp(path);
    assert_int_equal(write(fd, "a\0b\n", 4), 4);
    close(fd);
    Diags d = diags_new(arena);
    const Source *s = source_read(arena, path, 4, &d);
    assert_non_null(s);
    assert_int_equal(s->len, 4);
    assert_memory_equal(s->text, "a\0b\n", 5);
    assert_null(source_read(arena, path, 3, &d));
    assert_int_equal(d.count, 1);
    unlink(path);
}

static void test_the_nearest_word_is_found_or_nothing(void **state) {
    (void)state;
    const char *const words[] = {"sigmoid", "tanh", "softplus", "softmax", "relu", "exp", NULL};
    assert_string_equal(nearest_word("sigmod", words), "sigmoid");
    assert_string_equal(nearest_word("simgoid", words), "sigmoid");
    assert_string_equal(nearest_word("ReLU", words), "relu");
    assert_string_equal(nearest_word("tahn", words), "tanh");
    assert_null(nearest_word("gate", words));
    assert_null(nearest_word("", words));
    assert_null(nearest_word("q", words));
}

static void test_letters_however_typed_are_one(void **state) {
    (void)state;
    assert_string_equal(unicode_nfc(arena, "o\xCC\x83", 3), "õ");
    assert_string_equal(unicode_nfc(arena, "W_f", 3), "W_f");
    assert_null(unicode_nfc(arena, "\xff", 1));
    assert_true(unicode_begins_capital("Ω"));
    assert_true(unicode_begins_capital("W"));
    assert_false(unicode_begins_capital("σ"));
    assert_false(unicode_begins_capital("门"));
    assert_false(unicode_begins_capital(""));
}

#define RUN_FRESH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN_FRESH(test_nothing_wrong_prints_nothing),
        RUN_FRESH(test_carets_stand_under_the_culprit),
        RUN_FRESH(test_a_place_after_the_last_byte_gets_one_caret),
        RUN_FRESH(test_a_span_over_lines_is_cut_at_the_end_of_its_first),
        RUN_FRESH(test_a_tab_is_one_column_and_keeps_carets_aligned),
        RUN_FRESH(test_columns_count_characters_not_bytes),
        RUN_FRESH(test_wide_characters_take_two_cells),
        RUN_FRESH(test_a_byte_order_mark_is_no_column),
        RUN_FRESH(test_bytes_that_cannot_be_shown_are_written_out),
        RUN_FRESH(test_a_long_line_is_cut_around_the_culprit),
        RUN_FRESH(test_mistakes_come_in_order_without_duplicates),
        RUN_FRESH(test_after_twenty_mistakes_the_rest_is_counted),
        RUN_FRESH(test_millions_of_mistakes_stay_countable),
        RUN_FRESH(test_all_messages_of_a_run_fit_in_64_kib),
        RUN_FRESH(test_a_pipe_a_folder_and_a_device_are_refused_without_blocking),
        RUN_FRESH(test_a_file_is_read_whole_or_refused_for_its_size),
        RUN_FRESH(test_the_nearest_word_is_found_or_nothing),
        RUN_FRESH(test_letters_however_typed_are_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
