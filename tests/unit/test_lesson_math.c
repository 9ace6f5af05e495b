#include "check.h"

#include <stdio.h>
#include <string.h>

#include "view/lesson_math.h"

static const char path[] = "build/test_lesson_math.md";
static const char twin[] = "build/test_lesson_math.zh.md";

static void put_file(const char *name, const char *text) {
    FILE *f = fopen(name, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void test_each_formula_that_cannot_be_set_is_a_mistake_in_its_place(void **state) {
    (void)state;
    Arena *a = arena_new();
    Diags d = diags_new(a);
    put_file(path, "---\ntitle: $x_$ is no formula here\n---\n# One\n\nGood $x_t$, bad $x_1_2$.\n\n"
                   "$$\na = \\begin{aligned} b \\oops\n$$\n");
    put_file(twin, "---\ntitle: 甲\n---\n# 一\n\n当$f_t$时，$\\sigm$。\n");
    assert_false(lesson_math_check(a, path, &d));
    Buf out = buf_new(a);
    diags_print(&d, &out);
    static const char *const lines[] = {
        "build/test_lesson_math.md:6:21: error: a second subscript; put braces around the first\n",
        "build/test_lesson_math.md:9:23: error: unknown command \\oops\n",
        "build/test_lesson_math.zh.md:6:10: error: unknown command \\sigm; did you mean "
        "\\sigma?\n"};
    assert_int_equal(d.count, 3);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (!strstr(buf_str(&out), lines[i])) fail_msg("%s is not in\n%s", lines[i], buf_str(&out));
    remove(path);
    remove(twin);
    assert_true(lesson_math_check(a, path, &d)); // no file: lesson_load says so
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_each_formula_that_cannot_be_set_is_a_mistake_in_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
