// Questions on a made run: what they name, what is right, what is hidden.
#include "lesson/question.h"

#include <string.h>

#include "lesson/say.h"
#include "made_lesson.h"

typedef struct {
    Arena *arena;
    Lesson *lesson;
    LessonScene scene;
    AskBlock ask;
} Fixture;

static Fixture fixture;

static int begin(void **state) {
    Fixture *f = &fixture;
    *f = (Fixture){.arena = arena_new()};
    f->lesson = made_lesson(f->arena, (MadeSpec){"build/assets/cells/lstm.cell", 3, 5, 1, 0, 0});
    f->lesson->scenes[LANG_EN] = f->lesson->scenes[LANG_ZH] = &f->scene;
    f->lesson->n_scenes = 1;
    f->scene.asks = &f->ask;
    f->scene.n_asks = 1;
    *state = f;
    return 0;
}

static int end(void **state) {
    arena_free(((Fixture *)*state)->arena);
    return 0;
}

static Question ask(Fixture *f, AskBlock block) {
    Question q;
    f->ask = block;
    f->scene.step = (StepBlock){.given = false};
    assert_true(question_make(f->arena, f->lesson, 0, 0, LANG_EN, &q));
    return q;
}

static int node_of(const Fixture *f, const char *name) {
    const Graph *g = f->lesson->graph;
    return g->equations[graph_find_equation(g, name)].node;
}

static double value_of(const Fixture *f, const char *name, int place, int unit) {
    return trace_value(f->lesson->trace, node_of(f, name), place)[unit - 1];
}

static double grad_of(const Fixture *f, const char *name, int place, int unit) {
    return trace_grad(f->lesson->trace, node_of(f, name), place)[unit - 1];
}

static void test_the_answer_is_the_number_of_the_run(void **state) {
    Fixture *f = *state;
    Question q = ask(f, (AskBlock){.kind = ASK_NUMBER, .of = "f[2] at forward:3"});
    assert_int_equal(q.n, 1);
    assert_true(q.of[0].value == value_of(f, "f", 3, 2));
    assert_true(q.low == 0 && q.high == 1);
}

static void test_a_backward_address_or_a_d_before_the_name_means_the_gradient(void **state) {
    Fixture *f = *state;
    Question q = ask(f, (AskBlock){.kind = ASK_NUMBER, .of = "c[1] at backward:2"});
    assert_true(q.of[0].grad && q.of[0].value == grad_of(f, "c", 2, 1));
    q = ask(f, (AskBlock){.kind = ASK_NUMBER, .of = "dc[3] at forward:4"});
    assert_true(q.of[0].grad && q.of[0].value == grad_of(f, "c", 4, 3));
    assert_true(q.low == -q.high);
}

static void test_no_address_means_where_the_scene_stands(void **state) {
    Fixture *f = *state;
    Asked asked;
    assert_true(question_read(f->lesson, 0, "h[1]", &asked));
    assert_int_equal(asked.place, 5);
    f->scene.step = (StepBlock){.given = true, .at = "forward:2:f"};
    assert_true(question_read(f->lesson, 0, "h[1]", &asked));
    assert_int_equal(asked.place, 2);
    assert_false(question_read(f->lesson, 0, "nobody[1] at forward:1", &asked));
    assert_false(question_read(f->lesson, 0, "h[9] at forward:1", &asked));
}

static void test_before_the_first_timestep_stand_the_start_values(void **state) {
    Fixture *f = *state;
    Asked asked;
    assert_true(question_read(f->lesson, 0, "c[1] at forward:0", &asked));
    assert_true(asked.value == 0);
    assert_true(question_read(f->lesson, 0, "c[t-1][1] at forward:1", &asked));
    assert_int_equal(asked.place, 0);
}

static void test_the_total_of_the_loss_can_be_asked_for(void **state) {
    Fixture *f = *state;
    Question q = ask(f, (AskBlock){.kind = ASK_NUMBER, .of = "loss at loss"});
    assert_int_equal(q.of[0].node, -1);
    assert_true(q.of[0].value == trace_loss(f->lesson->trace));
    assert_true(q.high > q.of[0].value);
}

static void test_ranges_hold_what_is_asked_for(void **state) {
    Fixture *f = *state;
    static const char *const names[] = {"f", "i", "g", "o", "c", "h"};
    for (int k = 0; k < 6; k++)
        for (int back = 0; back < 2; back++) {
            const char *of =
                arena_printf(f->arena, "%s[2] at %s:2", names[k], back ? "backward" : "forward");
            Question q = ask(f, (AskBlock){.kind = ASK_NUMBER, .of = of});
            assert_true(q.low <= q.of[0].value && q.of[0].value <= q.high);
            assert_true(q.low < q.high && q.step > 0 && q.tolerance > 0);
            for (int i = 0; i <= 100; i++) {
                double x = question_at_share(&q, i / 100.0);
                assert_true(x >= q.low && x <= q.high);
                CHECK_NEAR(question_at_share(&q, question_share(&q, x)), x, 1e-9);
            }
        }
    Question q = ask(f, (AskBlock){.kind = ASK_NUMBER, .of = "g[2] at forward:2"});
    assert_true(q.low == -1 && q.high == 1);
}

static void test_numbers_are_graded_by_the_tolerance(void **state) {
    Fixture *f = *state;
    Question q =
        ask(f, (AskBlock){.kind = ASK_NUMBER, .of = "f[1] at forward:2", .tolerance = 0.1});
    Guess g = {.stage = GUESS_NONE};
    assert_int_equal(question_grade(&q, &g), GRADE_NONE);
    const struct {
        double off;
        Grade grade;
    } cases[] = {{0, GRADE_RIGHT},    {0.0999, GRADE_RIGHT}, {-0.0999, GRADE_RIGHT},
                 {0.101, GRADE_NEAR}, {-0.199, GRADE_NEAR},  {0.201, GRADE_WRONG},
                 {-0.5, GRADE_WRONG}};
    g.stage = GUESS_MADE;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        g.number = q.of[0].value + cases[k].off;
        assert_int_equal(question_grade(&q, &g), cases[k].grade);
    }
    g.number = NAN; // given up
    assert_int_equal(question_grade(&q, &g), GRADE_NONE);
}

static void test_a_sign_is_positive_zero_or_negative(void **state) {
    Fixture *f = *state;
    Guess g = {.stage = GUESS_MADE, .n_picks = 1};
    for (int unit = 1; unit <= 3; unit++) {
        const char *of = arena_printf(f->arena, "h[%d] at forward:2", unit);
        Question q = ask(f, (AskBlock){.kind = ASK_SIGN, .of = of});
        g.picks[0] = value_of(f, "h", 2, unit) > 0 ? 0 : 2;
        assert_int_equal(question_grade(&q, &g), GRADE_RIGHT);
        g.picks[0] = 2 - g.picks[0];
        assert_int_equal(question_grade(&q, &g), GRADE_WRONG);
    }
    Question q = ask(f, (AskBlock){.kind = ASK_SIGN, .of = "c[1] at forward:0"});
    g.picks[0] = 1;
    assert_int_equal(question_grade(&q, &g), GRADE_RIGHT);
}

static void test_the_parts_of_a_gradient_add_up_and_the_larger_one_is_right(void **state) {
    Fixture *f = *state;
    Question q = ask(f, (AskBlock){.kind = ASK_LARGER, .of = "c[1] at backward:4"});
    assert_true(q.parts);
    assert_int_equal(q.n_options, 2); // through h, and along the belt
    double sum = q.options[0].of.value + q.options[1].of.value;
    CHECK_NEAR(sum, grad_of(f, "c", 4, 1), 1e-12);
    int larger = fabs(q.options[1].of.value) > fabs(q.options[0].of.value);
    assert_int_equal(q.right, 1u << larger);
}

static void test_the_terms_of_a_value_are_its_parts(void **state) {
    Fixture *f = *state;
    Question q = ask(f, (AskBlock){.kind = ASK_LARGER, .of = "c[2] at forward:3"});
    assert_int_equal(q.n_options, 2); // what is kept, and what is written
    CHECK_NEAR(q.options[0].of.value, value_of(f, "f", 3, 2) * value_of(f, "c", 2, 2), 1e-12);
    CHECK_NEAR(q.options[1].of.value, value_of(f, "i", 3, 2) * value_of(f, "g", 3, 2), 1e-12);
}

static void test_of_two_values_the_larger_is_right(void **state) {
    Fixture *f = *state;
    Question q =
        ask(f, (AskBlock){.kind = ASK_LARGER, .of = "f[1] at forward:2; i[1] at forward:2"});
    assert_false(q.parts);
    assert_int_equal(q.n_options, 2);
    bool second = value_of(f, "i", 2, 1) > value_of(f, "f", 2, 1);
    assert_int_equal(q.right, 1u << second);
}

static void test_an_order_is_right_only_from_small_to_large(void **state) {
    Fixture *f = *state;
    Question q = ask(f, (AskBlock){.kind = ASK_ORDER, .of = "c at forward:3"});
    assert_int_equal(q.n_options, 3); // a whole node: its units
    int right = 0;
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int k = 0; k < 6; k++) {
        Guess g = {.stage = GUESS_MADE, .n_picks = 2};
        memcpy(g.picks, orders[k], sizeof orders[k]);
        assert_int_equal(question_grade(&q, &g), GRADE_NONE); // one is still to come
        g.n_picks = 3;
        bool up = value_of(f, "c", 3, g.picks[0] + 1) <= value_of(f, "c", 3, g.picks[1] + 1) &&
                  value_of(f, "c", 3, g.picks[1] + 1) <= value_of(f, "c", 3, g.picks[2] + 1);
        assert_int_equal(question_grade(&q, &g), up ? GRADE_RIGHT : GRADE_WRONG);
        right += up;
    }
    assert_int_equal(right, 1);
}

static void test_a_choice_of_numbers_or_bounds_is_answered_by_the_run(void **state) {
    Fixture *f = *state;
    double x = value_of(f, "f", 2, 1);
    assert_true(x > 0.1 && x < 0.95);
    static const char *const numbers[] = {"0.01", "0.99", "-3", NULL};
    Question q =
        ask(f, (AskBlock){.kind = ASK_CHOICE, .of = "f[1] at forward:2", .options = numbers});
    assert_int_equal(q.right, x > 0.5 ? 2 : 1);
    assert_string_equal(q.options[1].label, "0.99");
    static const char *const bounds[] = {"< 0.1", "0.1 to 0.95", "> 0.95", NULL};
    q = ask(f, (AskBlock){.kind = ASK_CHOICE, .of = "f[1] at forward:2", .options = bounds});
    assert_int_equal(q.right, 2);
    static const char *const words[] = {"It opens", "It shuts", NULL};
    q = ask(f, (AskBlock){.kind = ASK_CHOICE, .of = "f[1] at forward:2", .options = words});
    Guess g = {.stage = GUESS_MADE, .n_picks = 1};
    assert_int_equal(question_grade(&q, &g), GRADE_NONE); // the run cannot tell
}

static void test_a_click_on_the_number_meant_is_right(void **state) {
    Fixture *f = *state;
    Question q = ask(f, (AskBlock){.kind = ASK_CLICK, .of = "c[2] at backward:3"});
    Guess g = {.stage = GUESS_MADE, .clicked = {true, node_of(f, "c"), 3, 2, NAN}};
    assert_int_equal(question_grade(&q, &g), GRADE_RIGHT);
    g.clicked.grad = false; // the value is not the gradient
    assert_int_equal(question_grade(&q, &g), GRADE_WRONG);
    g.clicked.node = -1; // given up
    assert_int_equal(question_grade(&q, &g), GRADE_NONE);
}

static void test_a_wrong_answer_has_its_own_reply_or_that_to_all(void **state) {
    Fixture *f = *state;
    const AskReply replies[] = {{"above", "too high", NO_SPAN}, {NULL, "no", NO_SPAN}};
    AskBlock block = {.kind = ASK_NUMBER, .of = "f[1] at forward:2", .replies = replies};
    block.n_replies = 2;
    Question q = ask(f, block);
    Guess low = {.stage = GUESS_MADE, .number = q.of[0].value - 1}, high = low;
    high.number += 2;
    assert_null(question_reply(&block, question_answer(&q, &low)));
    assert_string_equal(question_reply(&block, question_answer(&q, &high)), "too high");
    assert_string_equal(question_reply_to_all(&block), "no");
    const AskReply sign = {"negative", "it is not", NO_SPAN};
    block = (AskBlock){.kind = ASK_SIGN, .of = "f[1]", .replies = &sign, .n_replies = 1};
    q = ask(f, block);
    Guess third = {.stage = GUESS_MADE, .picks = {2}, .n_picks = 1};
    assert_string_equal(question_reply(&block, question_answer(&q, &third)), "it is not");
    third.picks[0] = 1;
    assert_null(question_reply(&block, question_answer(&q, &third)));
    assert_null(question_reply_to_all(&block));
}

static void test_open_questions_hide_their_number_and_revealed_ones_do_not(void **state) {
    Fixture *f = *state;
    Guess guesses[LESSON_ASKS] = {{.stage = GUESS_NONE}};
    Asked hidden[4];
    ask(f, (AskBlock){.kind = ASK_NUMBER, .of = "f[2] at forward:3"});
    assert_int_equal(question_hidden(f->lesson, 0, guesses, hidden, 4), 1);
    assert_true(hidden[0].node == node_of(f, "f") && hidden[0].place == 3 && hidden[0].unit == 2);
    guesses[0].stage = GUESS_MADE;
    assert_int_equal(question_hidden(f->lesson, 0, guesses, hidden, 4), 1);
    guesses[0].stage = GUESS_REVEALED;
    assert_int_equal(question_hidden(f->lesson, 0, guesses, hidden, 4), 0);
    guesses[0].stage = GUESS_NONE;
    ask(f, (AskBlock){.kind = ASK_CLICK, .of = "f[2] at forward:3"});
    assert_int_equal(question_hidden(f->lesson, 0, guesses, hidden, 4), 0);
}

static void test_a_sentence_does_not_give_the_number_away(void **state) {
    Fixture *f = *state;
    Asked of = {false, node_of(f, "f"), 3, 2, 0.5312};
    const char *said =
        question_censor(f->arena, f->lesson, &of, 1, "f is 0.5312, 0.53124 and 10.5312: 0.5312.");
    assert_string_equal(said, "f is ?, 0.53124 and 10.5312: ?.");
    assert_string_equal(question_censor(f->arena, f->lesson, &of, 0, "0.5312"), "0.5312");
    of.value = 0;
    said = question_censor(f->arena, f->lesson, &of, 1, "df is −0.0037, 0 and 0.");
    assert_string_equal(said, "df is −0.0037, ? and ?.");
}

static void test_no_step_of_the_walk_says_a_hidden_number(void **state) {
    Fixture *f = *state;
    Asked of = {false, node_of(f, "f"), 3, 2, value_of(f, "f", 3, 2)};
    const char *number = say_number(f->arena, of.value, f->lesson->digits, true, LANG_EN);
    for (int at = 1; at <= walk_count(f->lesson->walk); at++)
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            const char *said =
                say_step(f->arena, f->lesson, (Playhead){at, 0}, GRAIN_OPERATION, (Lang)lang);
            said = question_censor(f->arena, f->lesson, &of, 1, said);
            if (strstr(said, number)) fail_msg("%s", said);
        }
}

static void test_another_question_has_another_key(void **state) {
    (void)state;
    static const char *const options[] = {"1", "2", NULL};
    AskBlock a = {.kind = ASK_NUMBER, .of = "f[1] at forward:2", .tolerance = 0.1}, b = a;
    b.after = "only prose";
    assert_int_equal(question_key(&a), question_key(&b));
    b.of = "f[2] at forward:2";
    assert_int_not_equal(question_key(&a), question_key(&b));
    b = a;
    b.tolerance = 0.2;
    assert_int_not_equal(question_key(&a), question_key(&b));
    b = a;
    b.options = options;
    assert_int_not_equal(question_key(&a), question_key(&b));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_the_answer_is_the_number_of_the_run),
        RUN(test_a_backward_address_or_a_d_before_the_name_means_the_gradient),
        RUN(test_no_address_means_where_the_scene_stands),
        RUN(test_before_the_first_timestep_stand_the_start_values),
        RUN(test_the_total_of_the_loss_can_be_asked_for),
        RUN(test_ranges_hold_what_is_asked_for),
        RUN(test_numbers_are_graded_by_the_tolerance),
        RUN(test_a_sign_is_positive_zero_or_negative),
        RUN(test_the_parts_of_a_gradient_add_up_and_the_larger_one_is_right),
        RUN(test_the_terms_of_a_value_are_its_parts),
        RUN(test_of_two_values_the_larger_is_right),
        RUN(test_an_order_is_right_only_from_small_to_large),
        RUN(test_a_choice_of_numbers_or_bounds_is_answered_by_the_run),
        RUN(test_a_click_on_the_number_meant_is_right),
        RUN(test_a_wrong_answer_has_its_own_reply_or_that_to_all),
        RUN(test_open_questions_hide_their_number_and_revealed_ones_do_not),
        RUN(test_a_sentence_does_not_give_the_number_away),
        RUN(test_no_step_of_the_walk_says_a_hidden_number),
        RUN(test_another_question_has_another_key),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
