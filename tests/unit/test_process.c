// Other programs at work, on the shell that every system has.
#include <string.h>

#include "check.h"
#include "files/process.h"

static Process *shell(Arena *a, const char *script) {
    const char *argv[] = {process_find(a, "sh"), "-c", script, NULL}, *why;
    assert_non_null(argv[0]);
    Process *p = process_start(a, argv, &why);
    assert_non_null(p);
    return p;
}

static const char *wait_for_line(Process *p) {
    const char *line = NULL;
    while (!(line = process_line(p)) && !process_over(p)) continue;
    return line ? line : process_line(p);
}

static void test_lines_are_heard_while_it_works(void **state) {
    (void)state;
    Arena *a = arena_new();
    const char *why;
    Process *p = shell(a, "printf 'one\\n\\ntwo\\rthree' >&2; cat >/dev/null; exit 0");
    assert_string_equal(wait_for_line(p), "one");
    assert_string_equal(wait_for_line(p), "two");
    assert_false(process_over(p)); // it reads its input
    assert_true(process_end(p, false, &why));
    assert_null(why);
    arena_free(a);
}

static void test_a_failure_ends_with_its_last_words(void **state) {
    (void)state;
    Arena *a = arena_new();
    const char *why;
    Process *p = shell(a, "echo first >&2; printf 'no room\\n' >&2; exit 3");
    assert_false(process_end(p, false, &why));
    assert_non_null(strstr(why, "failed: no room"));
    arena_free(a);
}

static void test_what_it_left_behind_is_not_waited_for(void **state) {
    (void)state;
    Arena *a = arena_new();
    const char *why;
    // the one in the background holds the pipe, and goes when it is told to
    Process *p = shell(a, "sleep 60 & echo $! >&2");
    const char *id = wait_for_line(p);
    assert_true(process_end(p, false, &why));
    Process *end = shell(a, arena_printf(a, "kill %s", id));
    assert_true(process_end(end, false, &why)); // it was still there
    arena_free(a);
}

static void test_it_ends_when_it_is_asked_to(void **state) {
    (void)state;
    Arena *a = arena_new();
    const char *why;
    Process *p = shell(a, "trap 'echo asked >&2; exit 4' TERM; echo ready >&2; "
                          "while :; do sleep 0.05; done");
    assert_string_equal(wait_for_line(p), "ready");
    process_stop(p);
    assert_string_equal(wait_for_line(p), "asked");
    assert_false(process_end(p, false, &why));
    arena_free(a);
}

static void test_a_long_line_comes_in_pieces(void **state) {
    (void)state;
    Arena *a = arena_new();
    const char *why;
    Process *p = shell(a, "printf '%05000d' 1 >&2");
    size_t n = 0;
    for (const char *line; (line = wait_for_line(p));) n += strlen(line);
    assert_int_equal(n, 5000);
    assert_true(process_end(p, false, &why));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_lines_are_heard_while_it_works),
        RUN(test_a_failure_ends_with_its_last_words),
        RUN(test_what_it_left_behind_is_not_waited_for),
        RUN(test_it_ends_when_it_is_asked_to),
        RUN(test_a_long_line_comes_in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
