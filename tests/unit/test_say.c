// The sentences of a small LSTM, of a cell with every operation, of one that is not finite, and of
// networks that read what they said are in tests/golden/say, in both languages. GOLDEN=1 rewrites
// them.
#include "check.h"
#include "golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/op.h"
#include "lesson/moment.h"
#include "lesson/say.h"
#include "lesson/sign.h"

#define FOLDER "tests/golden/say"
static const Places places = {"assets", "lessons"};
static const char *const langs[LANG_COUNT] = {"en", "zh"};

static const Lesson *load(Arena *a, const char *path) {
    Diags d = diags_new(a);
    const Lesson *l = lesson_load(a, path, &places, NULL, NULL, &d);
    Buf text = buf_new(a);
    diags_print(&d, &text);
    if (!l) fail_msg("%s", buf_str(&text));
    return l;
}

static bool ends_with(const char *text, const char *end) {
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/// What every sentence must be, whatever it says.
static void check_sentence(const char *text, Lang lang) {
    bool stop = ends_with(text, lang == LANG_ZH ? "。" : ".");
    bool once = !ends_with(text, lang == LANG_ZH ? "。。" : "..");
    bool braces = strpbrk(text, "{}\n\r\t`") != NULL;
    bool words = !strstr(text, "nan") && !strstr(text, "inf ") && !strstr(text, "NaN");
    bool spaces = !strstr(text, "  ") && !strstr(text, " ,") && !strstr(text, " .");
    if (!stop || !once || braces || !words || !spaces) fail_msg("%s", text);
}

static void say_all(Arena *a, const Lesson *l, Grain grain, Lang lang, Buf *out) {
    Playhead at = {0, 0};
    for (;;) {
        const char *text = say_step(a, l, at, grain, lang);
        check_sentence(text, lang);
        buf_printf(out, "%s\n", text);
        Playhead next = walk_next(l->walk, at, grain);
        if (next.at == at.at && next.unit == at.unit) return;
        at = next;
    }
}

static void check_moment(const char *file, const char *name, int moment, Grain from, Grain to) {
    for (Lang lang = LANG_EN; lang < LANG_COUNT; lang++) {
        Arena *a = arena_new();
        const char *why = NULL;
        const Lesson *l =
            moment_open(a, load(a, arena_printf(a, FOLDER "/%s", file)), moment, NULL, NULL, &why);
        assert_null(why);
        Buf out = buf_new(a);
        for (Grain grain = from; grain <= to; grain++) {
            buf_printf(
                &out, "## %s\n",
                (const char *[]){"unit", "operation", "equation", "timestep", "phase"}[grain]);
            say_all(a, l, grain, lang, &out);
        }
        assert_true(
            golden_same(a, arena_printf(a, FOLDER "/%s.%s.txt", name, langs[lang]), buf_str(&out)));
        arena_free(a);
    }
}

static void check_golden(const char *file, const char *name, Grain from, Grain to) {
    check_moment(file, name, 0, from, to);
}

static void test_truncation_is_told_as_the_golden_file_tells_it(void **state) {
    (void)state;
    check_moment("truncated.md", "truncated", 2, GRAIN_OPERATION, GRAIN_TIMESTEP);
}

static void test_dropout_is_told_as_the_golden_file_tells_it(void **state) {
    (void)state;
    check_moment("dropout.md", "dropout", 2, GRAIN_UNIT, GRAIN_TIMESTEP);
}

static void test_stop_is_told_as_the_golden_file_tells_it(void **state) {
    (void)state;
    check_golden("stop.md", "stop", GRAIN_UNIT, GRAIN_TIMESTEP);
}

static void
test_both_ways_behind_an_embedding_are_told_as_the_golden_file_tells_them(void **state) {
    (void)state;
    check_golden("both-ways.md", "both-ways", GRAIN_OPERATION, GRAIN_PHASE);
}

static void test_what_is_fed_back_is_told_as_the_golden_files_tell_it(void **state) {
    (void)state;
    static const char *const names[] = {"drawn", "decoder", "values"};
    for (int k = 0; k < 3; k++) {
        char file[32];
        snprintf(file, sizeof file, "%s.md", names[k]);
        check_golden(file, names[k], GRAIN_OPERATION, GRAIN_TIMESTEP);
    }
}

static void test_lstm_is_told_as_the_golden_file_tells_it(void **state) {
    (void)state;
    check_golden("lstm.md", "lstm", GRAIN_UNIT, GRAIN_PHASE);
}

static void test_every_operation_is_told_as_the_golden_file_tells_it(void **state) {
    (void)state;
    check_golden("every-op.cell", "every-op", GRAIN_OPERATION, GRAIN_PHASE);
}

static void test_what_is_not_finite_is_told_in_words(void **state) {
    (void)state;
    check_golden("not-finite.cell", "not-finite", GRAIN_OPERATION, GRAIN_OPERATION);
}

static void test_every_unit_of_every_operation_has_a_whole_sentence(void **state) {
    (void)state;
    const char *const files[] = {FOLDER "/every-op.cell", FOLDER "/not-finite.cell"};
    for (int f = 0; f < 2; f++) {
        Arena *a = arena_new();
        const Lesson *l = load(a, files[f]);
        for (Lang lang = LANG_EN; lang < LANG_COUNT; lang++) {
            Buf out = buf_new(a);
            say_all(a, l, GRAIN_UNIT, lang, &out);
        }
        arena_free(a);
    }
}

static void test_every_op_that_cells_have_is_in_the_cell_of_every_operation(void **state) {
    (void)state;
    Arena *a = arena_new();
    const Lesson *l = load(a, FOLDER "/every-op.cell");
    for (OpKind op = OP_COPY; op < OP_COUNT; op++) {
        if (op_defs[op].is_internal) continue;
        bool found = false;
        for (int i = 0; i < l->graph->n_nodes; i++) found |= l->graph->nodes[i].op == op;
        if (!found) fail_msg("%s is not in it", op_defs[op].name);
    }
    arena_free(a);
}

static const char *number(Arena *a, double value) {
    return say_number(a, value, 3, true, LANG_EN);
}

static void test_numbers_are_plain_decimals(void **state) {
    (void)state;
    Arena *a = arena_new();
    assert_string_equal(number(a, 0.97312), "0.973");
    assert_string_equal(number(a, -0.25), "−0.250");
    assert_string_equal(number(a, 0), "0");
    assert_string_equal(number(a, -0.0), "0");
    assert_string_equal(number(a, 0.0003), "0.0003");
    assert_string_equal(number(a, -0.00000041), "−0.0000004");
    assert_string_equal(number(a, 0.0005), "0.001");
    assert_string_equal(number(a, 1e-13), "almost 0");
    assert_string_equal(number(a, 123456.789), "123456.789");
    assert_string_equal(number(a, 1234567890123), "1234567890123");
    assert_string_equal(number(a, -1.5e18), "−1.50 × 10¹⁸");
    assert_string_equal(say_number(a, 2.5, 0, true, LANG_EN), "2");
    assert_string_equal(say_number(a, 0.4, 0, true, LANG_EN), "0.4");
    arena_free(a);
}

static void test_what_is_no_number_is_named(void **state) {
    (void)state;
    Arena *a = arena_new();
    assert_string_equal(number(a, NAN), "not a number");
    assert_string_equal(number(a, -INFINITY), "minus infinity");
    assert_string_equal(say_number(a, NAN, 3, true, LANG_ZH), "非数");
    assert_string_equal(say_number(a, INFINITY, 3, true, LANG_ZH), "正无穷");
    assert_string_equal(say_number(a, -INFINITY, 3, false, LANG_ZH), "−∞");
    assert_string_equal(say_number(a, NAN, 3, false, LANG_ZH), "NaN");
    arena_free(a);
}

static void test_names_say_unit_and_timestep(void **state) {
    (void)state;
    Arena *a = arena_new();
    const Lesson *l = load(a, FOLDER "/lstm.md");
    const Graph *g = l->graph;
    int f = g->equations[graph_find_equation(g, "f")].node;
    int w = g->params[graph_find_param(g, "W_f")].node;
    assert_string_equal(say_name(a, l, f, 3, 2, LANG_EN), "the forget gate f, unit 2, at t = 3");
    assert_string_equal(say_name(a, l, f, 3, 2, LANG_ZH), "t = 3 时的遗忘门 f，单元 2");
    assert_string_equal(say_name(a, l, f, 3, 0, LANG_EN), "the forget gate f, at t = 3");
    assert_string_equal(say_name(a, l, w, 0, 7, LANG_EN), "W_f, row 2, column 3");
    assert_string_equal(say_name(a, l, g->x, 1, 1, LANG_ZH), "t = 1 时的输入 x，单元 1");
    arena_free(a);
}

static void test_a_fork_adds_its_paths(void **state) {
    (void)state;
    Arena *a = arena_new();
    const Lesson *l = load(a, FOLDER "/lstm.md");
    int c = l->graph->equations[graph_find_equation(l->graph, "c")].node;
    Playhead at = {walk_grad_step(l->walk, c, 2) + 1, 1};
    const char *text = say_step(a, l, at, GRAIN_UNIT, LANG_EN);
    assert_non_null(strstr(text, "At t = 2 ∂L/∂c, unit 1 is "));
    assert_non_null(strstr(text, " through h."));
    assert_non_null(strstr(text, " through c at t = 3 and "));
    arena_free(a);
}

static void test_every_shipped_cell_is_told_in_whole_sentences(void **state) {
    (void)state;
    Arena *names = arena_new();
    for (const char *const *name = lesson_cells(names, &places); *name; name++)
        for (Lang lang = LANG_EN; lang < LANG_COUNT; lang++) {
            Arena *a = arena_new();
            Buf out = buf_new(a);
            const Lesson *l = load(a, arena_printf(a, "assets/cells/%s.cell", *name));
            say_all(a, l, GRAIN_OPERATION, lang, &out);
            const char *raw[] = {"_tilde", "_hat", "lambda", "where(", "outer("};
            for (size_t i = 0; i < sizeof raw / sizeof *raw; i++)
                if (strstr(buf_str(&out), raw[i])) fail_msg("%s: %s", *name, raw[i]);
            arena_free(a);
        }
    arena_free(names);
}

static void test_names_are_written_with_their_letters_and_accents(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"h_tilde", "h\u0303"}, {"layer2.reverse.f_hat", "layer2.reverse.f\u0302"},
        {"b_theta", "b_θ"},     {"lambda_re", "λ_re"},
        {"phi_bar", "φ\u0304"}, {"W_xi", "W_xi"},
        {"eta_xi", "η_ξ"},      {"tilde", "tilde"},
        {"_a", "_a"},           {"õ", "õ"},
        {"h_", "h_"},           {"W_x_tilde", "W\u0303_x"}};
    Arena *a = arena_new();
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_string_equal(sign_name(a, pairs[i][0]), pairs[i][1]);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_what_is_fed_back_is_told_as_the_golden_files_tell_it),
        RUN(test_lstm_is_told_as_the_golden_file_tells_it),
        RUN(test_stop_is_told_as_the_golden_file_tells_it),
        RUN(test_both_ways_behind_an_embedding_are_told_as_the_golden_file_tells_them),
        RUN(test_dropout_is_told_as_the_golden_file_tells_it),
        RUN(test_truncation_is_told_as_the_golden_file_tells_it),
        RUN(test_every_operation_is_told_as_the_golden_file_tells_it),
        RUN(test_what_is_not_finite_is_told_in_words),
        RUN(test_every_unit_of_every_operation_has_a_whole_sentence),
        RUN(test_every_op_that_cells_have_is_in_the_cell_of_every_operation),
        RUN(test_numbers_are_plain_decimals),
        RUN(test_what_is_no_number_is_named),
        RUN(test_names_say_unit_and_timestep),
        RUN(test_a_fork_adds_its_paths),
        RUN(test_every_shipped_cell_is_told_in_whole_sentences),
        RUN(test_names_are_written_with_their_letters_and_accents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
