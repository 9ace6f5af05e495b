// The languages: every word is of its language, and the rows of targets are what may come next.
#include "check.h"

#include <string.h>

#include "core/buf.h"
#include "core/task.h"

static Arena *arena;

static const char *text_of(const TaskSpec *spec, const TaskSequence *q) {
    Buf b = {.arena = arena};
    for (int t = 0; t < q->steps; t++) buf_puts(&b, spec->symbols[q->symbols[t]]);
    return buf_str(&b);
}

static TaskSequence generated(const TaskSpec *spec, int64_t i) {
    TaskSequence q = task_sequence_new(arena, spec);
    task_generate(spec, i, &q);
    return q;
}

/// What every sequence of a language promises: the class is the next symbol and is allowed.
static void check_next(const TaskSpec *spec, const TaskSequence *q) {
    int n = spec->n_symbols, steps = task_steps(spec);
    for (int t = 0; t < steps; t++) {
        if (t + 1 < steps) assert_int_equal(q->classes[t], q->symbols[t + 1]);
        assert_true(q->targets[t * n + q->classes[t]] == 1);
    }
}

/// The symbols that a row of targets allows, in the order of the alphabet.
static const char *allowed(const TaskSpec *spec, const TaskSequence *q, int t) {
    Buf b = {.arena = arena};
    for (int i = 0; i < spec->n_symbols; i++)
        if (q->targets[t * spec->n_symbols + i] == 1) buf_puts(&b, spec->symbols[i]);
    return buf_str(&b);
}

// ---- Reber ----

/// The transitions of data/reber_transitions.csv, as a table of its own: state, symbol, next.
static const char reber_edges[][4] = {"0T1", "0P2", "1S1", "1X3", "2T2", "2V4",
                                      "3X2", "3S5", "4P3", "4V5", "5E6"};

static int reber_next(int state, char symbol) {
    for (size_t i = 0; i < sizeof reber_edges / sizeof *reber_edges; i++)
        if (reber_edges[i][0] - '0' == state && reber_edges[i][1] == symbol)
            return reber_edges[i][2] - '0';
    return -1;
}

/// Behind a word of the inner grammar that begins at s, or NULL.
static const char *skip_reber(const char *s) {
    if (*s++ != 'B') return NULL;
    for (int state = 0; state != 6; s++)
        if (!*s || (state = reber_next(state, *s)) < 0) return NULL;
    return s;
}

static void test_the_grammar_of_this_test_is_rebers(void **state) {
    (void)state;
    static const char *const good[] = {"BTSSXXTVVE", "BPVVE", "BTXXVPSE"};
    static const char *const bad[] = {"BTSSPXSE", "BPTVVB", "BTXXVVSE"};
    for (int i = 0; i < 3; i++) {
        assert_non_null(skip_reber(good[i]));
        assert_null(skip_reber(bad[i]));
    }
}

static void test_every_embedded_word_is_accepted_and_its_outer_symbols_agree(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_EMBEDDED_REBER);
    spec.option[0] = 2000;
    TaskSequence q = generated(&spec, 0);
    check_next(&spec, &q);
    int words = 0;
    double length = 0;
    for (const char *s = text_of(&spec, &q); *s; words++) {
        const char *word = s;
        if (strlen(s) < 60) break; // the last may be cut
        assert_int_equal(s[0], 'B');
        assert_true(s[1] == 'T' || s[1] == 'P');
        const char *end = skip_reber(s + 2);
        assert_non_null(end);
        assert_int_equal(end[0], s[1]);
        assert_int_equal(end[1], 'E');
        s = end + 2;
        length += (double)(s - word);
    }
    assert_true(words > 100);
    CHECK_NEAR(length / words, 12, 0.1); // 12 is expected
    // at the outer symbol's return exactly one is allowed, at a branch of the grammar two
    assert_string_equal(allowed(&spec, &q, 0), "TP");
    assert_string_equal(allowed(&spec, &q, 1), "B");
    assert_string_equal(allowed(&spec, &q, 2), "TP");
}

static void test_a_word_of_its_own_ends_where_its_last_symbol_is_to_be_said(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_EMBEDDED_REBER);
    spec.option[0] = 200;
    spec.option[1] = 1;
    assert_int_equal(task_shortest(&spec), 8);
    double sum = 0;
    for (int i = 0; i < 500; i++) {
        TaskSequence q = generated(&spec, i);
        assert_in_range(q.steps, 8, 199);
        const char *word = arena_printf(arena, "%.*sE", q.steps, text_of(&spec, &q));
        const char *end = skip_reber(word + 2);
        assert_non_null(end);
        assert_int_equal(end[0], word[1]);
        assert_string_equal(end + 1, "E");
        assert_string_equal(allowed(&spec, &q, q.steps - 1), "E");
        sum += q.steps + 1;
    }
    CHECK_NEAR(sum / 500, 12, 0.05); // 12 symbols are expected
    spec.option[0] = 10;             // a longer word is cut
    for (int i = 0; i < 50; i++) assert_in_range(generated(&spec, i).steps, 8, 10);
}

// ---- counting ----

static int run_of(const char **s, char letter) {
    int n = 0;
    for (; **s == letter; ++*s) n++;
    return n;
}

static void test_words_that_count_have_as_many_of_each(void **state) {
    (void)state;
    for (int i = 0; i < 40; i++) {
        TaskSpec spec = task_spec(TASK_ANBN);
        spec.option[0] = 200;
        TaskSequence q = generated(&spec, i);
        check_next(&spec, &q);
        for (const char *s = text_of(&spec, &q); strlen(s) > 20;) {
            assert_int_equal(*s++, 'S');
            int n = run_of(&s, 'a');
            assert_in_range(n, 1, 4);
            assert_int_equal(run_of(&s, 'b'), n);
            assert_int_equal(*s++, 'T');
        }
        spec = task_spec(TASK_ANBNCN);
        spec.option[0] = 200;
        q = generated(&spec, i);
        check_next(&spec, &q);
        for (const char *s = text_of(&spec, &q); strlen(s) > 20;) {
            assert_int_equal(*s++, 'S');
            int n = run_of(&s, 'a');
            assert_int_equal(run_of(&s, 'b'), n);
            assert_int_equal(run_of(&s, 'c'), n);
            assert_int_equal(*s++, 'T');
        }
        spec = task_spec(TASK_COUNT_AXB);
        spec.option[0] = 200;
        q = generated(&spec, i);
        check_next(&spec, &q);
        for (const char *s = text_of(&spec, &q); strlen(s) > 20;) {
            int n = run_of(&s, 'a');
            assert_int_equal(*s++, 'X');
            assert_int_equal(run_of(&s, 'b'), n);
            assert_int_equal(*s++, '.');
        }
    }
}

static void test_only_the_first_run_leaves_a_choice(void **state) {
    (void)state;
    static const struct {
        TaskKind kind;
        const char *behind_a; // what may come behind any a
    } rows[] = {{TASK_ANBN, "ab"}, {TASK_ANBNCN, "ab"}, {TASK_COUNT_AXB, "aX"}};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        TaskSpec spec = task_spec(rows[k].kind);
        spec.option[0] = 300;
        TaskSequence q = generated(&spec, 1);
        const char *text = text_of(&spec, &q);
        for (int t = 0; t < 300; t++) {
            if (text[t] == 'a')
                assert_string_equal(allowed(&spec, &q, t), rows[k].behind_a);
            else
                assert_int_equal(strlen(allowed(&spec, &q, t)), 1);
        }
    }
}

// ---- brackets ----

static void test_brackets_close_what_is_open(void **state) {
    (void)state;
    TaskSpec spec = task_spec(TASK_BRACKETS);
    spec.option[0] = 300;
    for (int i = 0; i < 20; i++) {
        TaskSequence q = generated(&spec, i);
        check_next(&spec, &q);
        int open[32], depth = 0;
        const char *text = text_of(&spec, &q);
        for (int t = 0; t < 300; t++) {
            if (text[t] == '(' || text[t] == '[')
                open[depth++] = text[t] == '(' ? ')' : ']';
            else
                assert_int_equal(text[t], open[--depth]);
            assert_in_range(depth, 0, 4);
            const char *may = allowed(&spec, &q, t);
            assert_true((strchr(may, '(') != NULL) == (depth < 4));
            assert_true((strchr(may, ')') != NULL) == (depth > 0 && open[depth - 1] == ')'));
            assert_true((strchr(may, ']') != NULL) == (depth > 0 && open[depth - 1] == ']'));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_the_grammar_of_this_test_is_rebers),
        RUN(test_every_embedded_word_is_accepted_and_its_outer_symbols_agree),
        RUN(test_a_word_of_its_own_ends_where_its_last_symbol_is_to_be_said),
        RUN(test_words_that_count_have_as_many_of_each),
        RUN(test_only_the_first_run_leaves_a_choice),
        RUN(test_brackets_close_what_is_open),
    };
    arena = arena_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
