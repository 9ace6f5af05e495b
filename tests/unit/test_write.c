// Files appear whole or not at all.
#include "check.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/write.h"

static void read_back(const char *path, char *text, size_t size) {
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(text, 1, size - 1, f);
    text[n] = '\0';
    fclose(f);
}

static void test_a_file_is_replaced_whole(void **state) {
    (void)state;
    Arena *a = arena_new();
    const char *why = NULL;
    char text[64];
    const char *path = arena_printf(a, "/tmp/gatewalk-test-%ld.txt", (long)getpid());
    assert_true(write_file(a, path, "one", 3, &why));
    assert_true(write_file(a, path, "three", 5, &why));
    read_back(path, text, sizeof text);
    assert_string_equal(text, "three");
    unlink(path);
    arena_free(a);
}

static void test_a_symbolic_link_stays_a_link(void **state) {
    (void)state;
    Arena *a = arena_new();
    const char *why = NULL;
    char text[64];
    struct stat info;
    const char *path = arena_printf(a, "/tmp/gatewalk-test-%ld.a", (long)getpid());
    const char *link = arena_printf(a, "/tmp/gatewalk-test-%ld.b", (long)getpid());
    assert_true(write_file(a, path, "old", 3, &why));
    assert_int_equal(symlink(path, link), 0);
    assert_true(write_file(a, link, "new", 3, &why));
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    read_back(path, text, sizeof text);
    assert_string_equal(text, "new");
    unlink(link);
    unlink(path);
    arena_free(a);
}

static void test_a_full_device_is_a_failure_and_stays_a_device(void **state) {
    (void)state;
    Arena *a = arena_new();
    const char *why = NULL;
    struct stat info;
    assert_false(write_file(a, "/dev/full", "text", 4, &why));
    assert_non_null(strstr(why, "/dev/full"));
    assert_int_equal(stat("/dev/full", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
    arena_free(a);
}

static void test_a_missing_folder_is_named(void **state) {
    (void)state;
    Arena *a = arena_new();
    const char *why = NULL;
    assert_false(write_file(a, "/nowhere/at/all.txt", "text", 4, &why));
    assert_non_null(strstr(why, "/nowhere/at/all.txt"));
    arena_free(a);
}

static void test_pieces_appear_together_at_the_end(void **state) {
    (void)state;
    Arena *a = arena_new();
    const char *why = NULL;
    static char large[200000];
    char text[64];
    struct stat info;
    const char *path = arena_printf(a, "/tmp/gatewalk-test-%ld.c", (long)getpid());
    memset(large, 'x', sizeof large);
    Writing *w = write_begin(a, path, &why);
    assert_non_null(w);
    assert_true(write_put(w, "one", 3));
    assert_true(write_put(w, large, sizeof large));
    assert_true(access(path, F_OK) != 0);
    assert_true(write_end(w, true, &why));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_size, 3 + sizeof large);
    w = write_begin(a, path, &why);
    write_put(w, "two", 3);
    assert_true(write_end(w, false, &why)); // not kept: what was there stays
    read_back(path, text, 4);
    assert_string_equal(text, "one");
    assert_true(access(arena_printf(a, "%s.%ld.part", path, (long)getpid()), F_OK) != 0);
    unlink(path);
    arena_free(a);
}

static void test_a_full_device_is_told_when_it_ends(void **state) {
    (void)state;
    Arena *a = arena_new();
    const char *why = NULL;
    if (access("/dev/full", W_OK) != 0) skip();
    Writing *w = write_begin(a, "/dev/full", &why);
    assert_non_null(w);
    assert_true(write_put(w, "one", 3)); // waits to be written
    assert_false(write_end(w, true, &why));
    assert_non_null(strstr(why, "/dev/full"));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_pieces_appear_together_at_the_end),
        RUN(test_a_full_device_is_told_when_it_ends),
        RUN(test_a_file_is_replaced_whole),
        RUN(test_a_symbolic_link_stays_a_link),
        RUN(test_a_full_device_is_a_failure_and_stays_a_device),
        RUN(test_a_missing_folder_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
