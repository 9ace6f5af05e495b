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

/// With `none` the lesson is neither trained nor run.
static const char *mistakes_of(Arena *a, const char *path, bool none) {
    Diags d = diags_new(a);
    Buf out = buf_new(a);
    Training training = {.steps = -1, .none = none};
    assert_null(lesson_load_trained(a, path, &places, &training, &d));
    diags_print(&d, &out);
    return buf_str(&out);
}

static void check_one(const char *file) {
    Arena *a = arena_new();
    const char *lesson = arena_printf(a, FOLDER "/%s", file);
    const char *text = mistakes_of(a, lesson, false);
    assert_string_equal(mistakes_of(a, lesson, true), text); // what check tells
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

static void test_a_good_lesson_is_good_without_a_run(void **state) {
    (void)state;
    Arena *a = arena_new();
    int n;
    const LessonCard *cards = lesson_list(a, &places, &n);
    for (int i = 0; i < n; i++) {
        Diags d = diags_new(a);
        Training none = {.steps = -1, .none = true}, all = {.steps = 1};
        const Lesson *read = lesson_load_trained(a, cards[i].path, &places, &none, &d);
        const Lesson *run = lesson_load_trained(a, cards[i].path, &places, &all, &d);
        assert_true(read && run && read->walk);
        assert_int_equal(walk_count(read->walk), walk_count(run->walk));
        assert_null(read->history);
    }
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {RUN(test_every_bad_lesson_gets_its_mistakes),
                                       RUN(test_a_good_lesson_is_good_without_a_run)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
