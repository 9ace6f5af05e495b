// The reader of YAML: texts stay what was written, places are right, abuse ends quickly.
#include "check.h"

#include <string.h>

#include "lesson/yaml.h"

static Arena *arena;
static Diags diags;

static const Source *source_of(const char *text) {
    Source *s = ARENA_NEW(arena, Source);
    *s = (Source){"a.md", text, strlen(text)};
    return s;
}

static const Item *parse(const char *text) {
    diags = diags_new(arena);
    const Source *s = source_of(text);
    return yaml_parse(arena, s, (Span){0, s->len}, &diags);
}

static const char *mistake(const char *text) {
    const Item *item = parse(text);
    assert_false(diags_ok(&diags));
    (void)item;
    return diags.list[0].message;
}

static void test_words_stay_texts(void **state) {
    (void)state;
    const Item *map = parse("y: no\non: [1e3, 0x10, ~, \"1\"]\n");
    assert_string_equal(item_get(map, "y")->text, "no");
    const Item *list = item_get(map, "on");
    assert_int_equal(list->n, 4);
    assert_string_equal(list->items[0]->text, "1e3");
    assert_string_equal(list->items[1]->text, "0x10");
    assert_true(item_is_null(list->items[2]));
    assert_true(list->items[3]->quoted);
}

static void test_an_index_behind_a_name_is_part_of_it(void **state) {
    (void)state;
    const Item *list = item_get(parse("focus: [f, c[t-1], h[2]]\n"), "focus");
    assert_true(diags_ok(&diags));
    assert_int_equal(list->n, 3);
    assert_string_equal(list->items[1]->text, "c[t-1]");
    assert_string_equal(list->items[2]->text, "h[2]");
    assert_int_equal(list->items[1]->span.at, 11);
    assert_int_equal(list->items[1]->span.len, 6);
}

static void test_spans_count_bytes_behind_chinese(void **state) {
    (void)state;
    const char *text = "标题: 遗忘门\nb: {c: '引号', d: [1, 2]}\n";
    const Item *map = parse(text);
    const Item *d = item_get(item_get(map, "b"), "d");
    assert_int_equal(d->items[1]->span.at, strstr(text, "2]") - text);
    assert_int_equal(d->span.at, strstr(text, "[1") - text);
    assert_int_equal(d->span.len, 6);
    assert_int_equal(item_get(item_get(map, "b"), "c")->span.len, 8);
}

static void test_numbers_are_strict(void **state) {
    (void)state;
    static const struct {
        const char *text;
        NumberResult result;
        double value;
    } rows[] = {{"1", NUMBER_FINE, 1},
                {"-0.5", NUMBER_FINE, -0.5},
                {"+2e-3", NUMBER_FINE, 2e-3},
                {"1e3", NUMBER_FINE, 1000},
                {"0x1F", NUMBER_NONE, 0},
                {"0o7", NUMBER_NONE, 0},
                {"1_000", NUMBER_NONE, 0},
                {"'1'", NUMBER_NONE, 0},
                {"1e999", NUMBER_TOO_LARGE, 0},
                {".inf", NUMBER_FINE, INFINITY},
                {"-.inf", NUMBER_FINE, -INFINITY},
                {".nan", NUMBER_FINE, NAN},
                {".", NUMBER_NONE, 0},
                {"1e", NUMBER_NONE, 0},
                {"nan", NUMBER_NONE, 0},
                {"2020-01-01", NUMBER_NONE, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double value = 0;
        const Item *map = parse(arena_printf(arena, "a: %s\n", rows[i].text));
        assert_int_equal(item_number(item_get(map, "a"), &value), rows[i].result);
        if (rows[i].result == NUMBER_FINE) CHECK_NEAR(value, rows[i].value, 0);
    }
}

static void test_what_lessons_do_not_use_is_refused(void **state) {
    (void)state;
    assert_non_null(strstr(mistake("a: &x 1\nb: *x\n"), "anchors"));
    assert_non_null(strstr(mistake("a: !!str 1\n"), "tags"));
    assert_non_null(strstr(mistake("%TAG ! x\n---\na: 1\n"), "%"));
    assert_non_null(strstr(mistake("a: 1\n---\nb: 2\n"), "second"));
    assert_non_null(strstr(mistake("a: 1\nb: 2\na: 3\n"), "stands twice"));
    assert_non_null(strstr(mistake("[a]: 1\n"), "a key is one word"));
    assert_non_null(strstr(mistake("a: [1, 2\n"), "not YAML"));
    assert_non_null(strstr(mistake("a: \"\\0\"\n"), "NUL"));
}

static void test_deep_nesting_is_refused_quickly(void **state) {
    (void)state;
    static const char *const units[] = {"[", "{a: ", "- ", "? ", "[a,"};
    for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
        size_t n = 400000, one = strlen(units[k]);
        char *text = arena_alloc(arena, n + 1, 1);
        for (size_t i = 0; i + one < n; i += one) memcpy(text + i, units[k], one);
        assert_non_null(strstr(mistake(text), "deep"));
    }
}

static void test_an_empty_document_is_an_empty_map(void **state) {
    (void)state;
    const Item *map = parse("# nothing\n");
    assert_int_equal(map->kind, ITEM_MAP);
    assert_int_equal(map->n, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_words_stay_texts),
        RUN(test_an_index_behind_a_name_is_part_of_it),
        RUN(test_spans_count_bytes_behind_chinese),
        RUN(test_numbers_are_strict),
        RUN(test_what_lessons_do_not_use_is_refused),
        RUN(test_deep_nesting_is_refused_quickly),
        RUN(test_an_empty_document_is_an_empty_map),
    };
    arena = arena_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
