// Every tests/golden/lessons/NAME.md is a bad lesson; its mistakes must be NAME.err to the letter.
//   GOLDEN=1 build/obj/release/tests/test_front && git diff tests/golden/lessons
#include "check.h"
#include "golden.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/lesson.h"

#define FOLDER "tests/golden/lessons"

static const Places places = {"assets", "lessons"};

static const char *mistakes_of(Arena *a, const char *path) {
    Diags d = diags_new(a);
    Buf out = buf_new(a);
    assert_null(lesson_load(a, path, &places, NULL, NULL, &d));
    diags_print(&d, &out);
    return buf_str(&out);
}

static void check_one(const char *file) {
    Arena *a = arena_new();
    const char *text = mistakes_of(a, arena_printf(a, FOLDER "/%s", file));
    const char *path = arena_printf(a, FOLDER "/%.*s.err", (int)strlen(file) - 3, file);
    assert_true(golden_same(a, path, text));
    arena_free(a);
}

static void test_every_bad_lesson_gets_its_mistakes(void **state) {
    (void)state;
    int count = 0;
    DIR *folder = opendir(FOLDER);
    assert_non_null(folder);
    for (struct dirent *e; (e = readdir(folder));) {
        size_t n = strlen(e->d_name);
        if (n < 4 || strcmp(e->d_name + n - 3, ".md") != 0) continue;
        if (n > 6 && strcmp(e->d_name + n - 6, ".zh.md") == 0) continue;
        check_one(e->d_name);
        count++;
    }
    closedir(folder);
    assert_true(count >= 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {RUN(test_every_bad_lesson_gets_its_mistakes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
