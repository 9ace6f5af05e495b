// Settings: kept, read back, set aside when damaged.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/settings.h"
#include "check.h"

typedef struct {
    Arena *a;
    char folder[64];
    const char *path;
} Fixture;

static int begin(void **state) {
    Fixture *f = calloc(1, sizeof *f);
    f->a = arena_new();
    strcpy(f->folder, "/tmp/gatewalk-settings-XXXXXX");
    if (!f || !mkdtemp(f->folder)) return -1;
    f->path = arena_printf(f->a, "%s/gatewalk/settings.json", f->folder);
    *state = f;
    return 0;
}

static int end(void **state) {
    Fixture *f = *state;
    remove(arena_printf(f->a, "%s.damaged", f->path));
    remove(f->path);
    rmdir(arena_printf(f->a, "%s/gatewalk", f->folder));
    rmdir(f->folder);
    arena_free(f->a);
    free(f);
    return 0;
}

static void put(const Fixture *f, const char *text) {
    mkdir(arena_printf(f->a, "%s/gatewalk", f->folder), 0700);
    FILE *file = fopen(f->path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void test_without_a_file_the_defaults_hold_and_nothing_is_said(void **state) {
    Fixture *f = *state;
    const char *message = "";
    Settings s = settings_load(f->a, f->path, &message), d = settings_default();
    assert_null(message);
    assert_memory_equal(&s, &d, sizeof s);
}

static void test_what_is_saved_is_read_back(void **state) {
    Fixture *f = *state;
    const char *message, *why;
    Settings s = settings_default();
    strcpy(s.lesson, "lessons/03-\"遗忘门\".md");
    strcpy(s.address, "backward:2:c.1[3]");
    s.scene = 4;
    s.motion = false;
    s.grain = GRAIN_UNIT;
    s.theme = THEME_DARK;
    s.lang = LANG_ZH;
    s.zoom = 4;
    s.width = 1920;
    assert_true(settings_save(f->a, f->path, &s, &why));
    Settings back = settings_load(f->a, f->path, &message);
    assert_null(message);
    assert_memory_equal(&s, &back, sizeof s);
}

static void test_damaged_files_are_set_aside_and_said(void **state) {
    Fixture *f = *state;
    static const char *const damaged[] = {
        "",
        "{",
        "[]",
        "{\"theme\": \"mauve\"}",
        "{\"theme\": 3}",
        "{\"width\": -5}",
        "{\"width\": 1e99}",
        "{\"scale\": 101}",
        "{\"lesson\": [1]}",
        "{\"theme\": \"dark\", \"theme\": \"dark\"}",
        "\xFF\xFE garbage",
    };
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        const char *message = NULL;
        put(f, damaged[i]);
        Settings s = settings_load(f->a, f->path, &message), d = settings_default();
        assert_memory_equal(&s, &d, sizeof s);
        assert_non_null(message);
        assert_non_null(strstr(message, "settings.json.damaged"));
        assert_int_not_equal(access(f->path, F_OK), 0);
        assert_int_equal(access(arena_printf(f->a, "%s.damaged", f->path), F_OK), 0);
    }
}

static void test_keys_of_a_newer_program_do_no_harm(void **state) {
    Fixture *f = *state;
    const char *message;
    put(f, "{\"version\": 2, \"future\": {\"a\": 1}, \"theme\": \"dark\"}");
    assert_int_equal(settings_load(f->a, f->path, &message).theme, THEME_DARK);
    assert_null(message);
}

static void test_settings_live_where_the_desktop_says(void **state) {
    Fixture *f = *state;
    setenv("XDG_CONFIG_HOME", "/somewhere", 1);
    assert_string_equal(settings_path(f->a), "/somewhere/gatewalk/settings.json");
    setenv("XDG_CONFIG_HOME", "relative", 1);
    setenv("HOME", "/home/me", 1);
    assert_string_equal(settings_path(f->a), "/home/me/.config/gatewalk/settings.json");
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("HOME");
    assert_null(settings_path(f->a));
}

static void test_a_desktop_without_motion_is_followed_at_the_first_start(void **state) {
    Fixture *f = *state;
    const char *message, *gtk = arena_printf(f->a, "%s/gtk-3.0", f->folder);
    const char *ini = arena_printf(f->a, "%s/settings.ini", gtk), *was = getenv("XDG_CONFIG_HOME");
    const char *config = was ? arena_printf(f->a, "%s", was) : NULL;
    mkdir(gtk, 0700);
    setenv("XDG_CONFIG_HOME", f->folder, 1);
    for (int on = 0; on < 2; on++) {
        FILE *file = fopen(ini, "w");
        assert_non_null(file);
        fprintf(file, "[Settings]\ngtk-enable-animations = %d\n", on);
        fclose(file);
        assert_int_equal(settings_load(f->a, f->path, &message).motion, on);
    }
    put(f, "{\"motion\": false}");
    assert_false(settings_load(f->a, f->path, &message).motion); // what was chosen stands
    remove(ini);
    rmdir(gtk);
    if (config)
        setenv("XDG_CONFIG_HOME", config, 1);
    else
        unsetenv("XDG_CONFIG_HOME");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_without_a_file_the_defaults_hold_and_nothing_is_said,
                                        begin, end),
        cmocka_unit_test_setup_teardown(test_what_is_saved_is_read_back, begin, end),
        cmocka_unit_test_setup_teardown(test_damaged_files_are_set_aside_and_said, begin, end),
        cmocka_unit_test_setup_teardown(test_keys_of_a_newer_program_do_no_harm, begin, end),
        cmocka_unit_test_setup_teardown(test_settings_live_where_the_desktop_says, begin, end),
        cmocka_unit_test_setup_teardown(
            test_a_desktop_without_motion_is_followed_at_the_first_start, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
