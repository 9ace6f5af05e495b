// Markdown as blocks and runs.
#include "check.h"

#include <string.h>

#include "lesson/prose.h"

static Arena *arena;
static int count;

static Block *parse(const char *text) {
    static Source s;
    Diags d = diags_new(arena);
    s = (Source){"a.md", text, strlen(text)};
    Block *blocks = prose_parse(arena, &s, 0, &count, &d);
    assert_true(diags_ok(&d));
    return blocks;
}

static void test_a_paragraph_has_runs_of_text_and_mathematics(void **state) {
    (void)state;
    Block *b = parse("The *gate* $f_t$ and **`c`**.\n");
    assert_int_equal(count, 1);
    assert_int_equal(b[0].kind, BLOCK_PARAGRAPH);
    assert_int_equal(b[0].n_runs, 7);
    assert_true(b[0].runs[1].emphasis);
    assert_int_equal(b[0].runs[3].kind, RUN_MATH);
    assert_string_equal(b[0].runs[3].text, "f_t");
    assert_int_equal(b[0].runs[3].span.at, 12);
    assert_int_equal(b[0].runs[5].kind, RUN_CODE);
    assert_true(b[0].runs[5].strong);
}

static void test_display_mathematics_alone_is_a_block(void **state) {
    (void)state;
    Block *b = parse("$$\nc_t = f_t\n+1\n$$\n\ntext $$x$$ text\n");
    assert_int_equal(count, 2);
    assert_int_equal(b[0].kind, BLOCK_MATH);
    assert_non_null(strstr(b[0].runs[0].text, "c_t = f_t"));
    assert_int_equal(b[1].kind, BLOCK_PARAGRAPH);
}

static void test_lists_know_depth_and_number(void **state) {
    (void)state;
    Block *b = parse("- a\n- **b**\n  1. c\n  2. d\n\n3. e\n");
    assert_int_equal(count, 5);
    assert_int_equal(b[1].kind, BLOCK_ITEM);
    assert_int_equal(b[1].level, 1);
    assert_int_equal(b[1].number, 0);
    assert_true(b[1].runs[0].strong);
    assert_int_equal(b[3].level, 2);
    assert_int_equal(b[3].number, 2);
    assert_int_equal(b[4].number, 3);
}

static void test_a_table_is_rows_of_cells(void **state) {
    (void)state;
    Block *b = parse("| a | $b$ |\n| --- | --- |\n| c | d |\n");
    assert_int_equal(count, 2);
    assert_true(b[0].header);
    assert_false(b[1].header);
    assert_int_equal(b[0].n_runs, 3);
    assert_int_equal(b[0].runs[1].kind, RUN_CELL);
    assert_int_equal(b[0].runs[2].kind, RUN_MATH);
}

static void test_code_keeps_its_lines_and_its_place(void **state) {
    (void)state;
    const char *text = "a\n\n```step extra\nat: forward:1\nunit: 2\n```\n> quoted\n\n---\n";
    Block *b = parse(text);
    assert_int_equal(b[1].kind, BLOCK_CODE);
    assert_string_equal(b[1].info, "step");
    assert_string_equal(b[1].runs[0].text, "at: forward:1\nunit: 2\n");
    assert_int_equal(b[1].span.at, strstr(text, "at:") - text);
    assert_int_equal(b[1].span.len, strlen("at: forward:1\nunit: 2"));
    assert_int_equal(b[2].kind, BLOCK_QUOTE);
    assert_int_equal(b[3].kind, BLOCK_RULE);
}

static void test_long_code_takes_linear_time(void **state) {
    (void)state;
    size_t lines = 200000;
    Buf buf = buf_new(arena);
    buf_puts(&buf, "```\n");
    for (size_t i = 0; i < lines; i++) buf_puts(&buf, "a line\n");
    Block *b = parse(buf_str(&buf));
    assert_int_equal(strlen(b[0].runs[0].text), lines * 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_a_paragraph_has_runs_of_text_and_mathematics),
        RUN(test_display_mathematics_alone_is_a_block),
        RUN(test_lists_know_depth_and_number),
        RUN(test_a_table_is_rows_of_cells),
        RUN(test_code_keeps_its_lines_and_its_place),
        RUN(test_long_code_takes_linear_time),
    };
    arena = arena_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
