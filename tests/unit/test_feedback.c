// Lessons in which an output becomes the next input, and lessons of an encoder and a decoder: which
// timesteps are given, what stands in the others, and what sentences and addresses say of them.
#include <string.h>

#include "check.h"
#include "core/address.h"
#include "core/buf.h"
#include "lesson/say.h"
#include "text_lesson.h"

static Arena *arena;

static Lesson *load(const char *front) {
    return text_lesson(arena, front, "");
}

/// The row that is 1 of the input at a place.
static int symbol_at(const Lesson *l, int place) {
    const double *x = trace_value(l->trace, l->graph->data, place);
    int row = -1;
    for (int i = 0; i < l->sequence.input; i++) {
        assert_true(x[i] == 0 || (x[i] == 1 && row < 0));
        if (x[i] == 1) row = i;
    }
    assert_true(row >= 0);
    return row;
}

static int largest_at(const Lesson *l, int place) {
    const double *y = trace_value(l->trace, l->graph->output, place);
    int best = 0;
    for (int i = 1; i < l->sequence.input; i++)
        if (y[i] > y[best]) best = i;
    return best;
}

static void test_symbols_after_the_given_ones_are_what_was_most_probable(void **state) {
    (void)state;
    const Lesson *l = load("model: {cell: lstm, head: softmax}\n"
                           "data: {inputs: [A, B, C], generate: 4}\n");
    assert_int_equal(l->sequence.steps, 7);
    assert_int_equal(l->sequence.fed, 4);
    for (int place = 1; place <= 3; place++) assert_int_equal(symbol_at(l, place), place - 1);
    for (int place = 4; place <= 7; place++) {
        assert_int_equal(symbol_at(l, place), largest_at(l, place - 1));
        assert_int_equal(l->input_symbols[place - 1], -1);
    }
}

static void test_numbers_are_fed_back_as_they_are(void **state) {
    (void)state;
    const Lesson *l = load("model: {cell: lstm, head: linear, loss: mse}\n"
                           "data: {task: sine, length: 9, generate: 4}\n");
    assert_int_equal(l->sequence.steps, 9);
    assert_int_equal(l->sequence.fed, 6);
    for (int place = 6; place <= 9; place++)
        assert_true(*trace_value(l->trace, l->graph->x, place) ==
                    *trace_value(l->trace, l->graph->output, place - 1));
}

static void test_a_seed_draws_the_same_symbols_again(void **state) {
    (void)state;
    static const char front[] =
        "model: {cell: lstm, head: softmax, feed: sample, temperature: %s}\n"
        "data: {inputs: [A, B, C, D], generate: 40, seed: %d}\n";
    const Lesson *one = load(arena_printf(arena, front, "1", 5));
    const Lesson *again = load(arena_printf(arena, front, "1", 5));
    const Lesson *other = load(arena_printf(arena, front, "1", 6));
    const Lesson *cold = load(arena_printf(arena, front, "0.001", 5));
    int differ = 0;
    for (int place = 5; place <= 44; place++) {
        assert_int_equal(symbol_at(one, place), symbol_at(again, place));
        differ += symbol_at(one, place) != symbol_at(other, place);
        assert_int_equal(symbol_at(cold, place), largest_at(cold, place - 1));
    }
    assert_true(differ > 0);
}

static void test_teacher_forcing_gives_the_target_of_the_timestep_before(void **state) {
    (void)state;
    const Lesson *l = load("model: {cell: lstm, head: softmax, loss: cross-entropy}\n"
                           "data: {inputs: [A, B], generate: 3, targets: [B, C, A, C, A],\n"
                           "       forcing: teacher}\n");
    assert_int_equal(l->graph->feed_part, -1); // nothing runs free
    static const int symbols[] = {0, 1, 2, 0, 2};
    for (int place = 1; place <= 5; place++) {
        assert_int_equal(symbol_at(l, place), symbols[place - 1]);
        assert_int_equal(l->input_symbols[place - 1], symbols[place - 1]);
    }
}

static void test_a_decoder_begins_where_a_task_begins_to_answer(void **state) {
    (void)state;
    const Lesson *l = load("model: {cell: lstm, hidden: 3, decoder: {}, head: softmax,\n"
                           "        loss: cross-entropy}\n"
                           "data: {task: reversal, span: 3, forcing: teacher}\n");
    assert_int_equal(l->sequence.steps, 7);
    assert_int_equal(l->sequence.prompt, 4);
    for (int place = 1; place <= 7; place++)
        assert_int_equal(l->sequence.has_loss[place - 1], place > 4);
    for (int place = 6; place <= 7; place++)
        assert_int_equal(symbol_at(l, place), l->target_classes[place - 2]);
    int c = graph_find_equation(l->graph, "decoder.c");
    assert_memory_equal(
        trace_start(l->trace, c),
        trace_value(l->trace, l->graph->equations[graph_find_equation(l->graph, "c")].node, 4),
        3 * sizeof(double));
}

static void test_what_a_decoder_does_not_say_is_as_in_the_encoder(void **state) {
    (void)state;
    const Lesson *l = load("model: {cell: [lstm, gru], hidden: [3, 4], decoder: {hidden: [3, 4]},\n"
                           "        head: softmax, loss: cross-entropy, loss_at: [3, 4]}\n"
                           "data: {inputs: [A, B, C, A], targets: [A, B]}\n");
    const Graph *g = l->graph;
    assert_string_equal(g->parts[g->decoder_part].cell->name, "lstm");
    assert_string_equal(g->parts[g->decoder_part + 1].cell->name, "gru");
    assert_string_equal(g->parts[g->decoder_part + 1].name, "decoder.layer2");
    assert_int_equal(g->parts[g->decoder_part + 1].hidden, 4);
    const Lesson *low = load("model: {cell: [lstm, gru], hidden: [3, 4], decoder: {layers: 1},\n"
                             "        head: softmax, loss: cross-entropy, loss_at: [3, 4]}\n"
                             "data: {inputs: [A, B, C, A], targets: [A, B]}\n");
    assert_int_equal(low->graph->head_part, low->graph->decoder_part + 1);
}

static void test_training_may_be_forced_where_the_lesson_runs_free(void **state) {
    (void)state;
    static const char front[] = "model: {cell: lstm, hidden: 12, decoder: {}, head: softmax,\n"
                                "        loss: cross-entropy}\n"
                                "data: {task: reversal, span: 2, symbols: [A, B, \">\", \".\"]}\n"
                                "train: {steps: 150, rate: 0.03, batch: 16%s}\n";
    const Lesson *forced = load(arena_printf(arena, front, ", forcing: teacher"));
    const Lesson *free = load(arena_printf(arena, front, ""));
    assert_true(forced->sequence.fed == 5 && free->sequence.fed == 5);
    assert_true(trace_loss(forced->trace) < 0.1 && trace_loss(free->trace) < 0.1);
    assert_true(forced->params[0] != free->params[0]);
    for (int place = 4; place <= 5; place++)
        assert_int_equal(largest_at(forced, place), forced->target_classes[place - 1]);
}

static const char *said(const Lesson *l, const char *address, Lang lang) {
    Playhead at;
    const char *why;
    if (!address_parse(arena, l->walk, address, &at, &why)) fail_msg("%s", why);
    assert_string_equal(address_format(arena, l->walk, at, GRAIN_OPERATION), address);
    return say_step(arena, l, at, GRAIN_OPERATION, lang);
}

static void test_sentences_say_where_an_input_and_a_state_come_from(void **state) {
    (void)state;
    const Lesson *l = load("model: {cell: lstm, hidden: 2, decoder: {}, head: softmax,\n"
                           "        loss: cross-entropy}\n"
                           "data: {task: reversal, span: 2, symbols: [A, B, \">\", \".\"]}\n");
    assert_non_null(
        strstr(said(l, "forward:5:x", LANG_EN), "the network reads what it said itself at t = 4"));
    assert_non_null(strstr(said(l, "forward:5:x", LANG_ZH), "网络读入自己在 t = 4 时说出的结果"));
    assert_non_null(strstr(said(l, "backward:5:x", LANG_EN), "Here the way ends"));
    assert_non_null(strstr(said(l, "forward:4:decoder.c.1", LANG_EN),
                           "Here decoder.c[t−1] is c at t = 3, the last of the encoder."));
    assert_non_null(strstr(said(l, "forward:4:decoder.f.1", LANG_ZH), "编码器最后的"));
    assert_null(strstr(said(l, "forward:5:decoder.c.1", LANG_EN), "encoder"));
    assert_non_null(strstr(said(l, "backward:3:c.3", LANG_EN), "decoder.c at t = 4"));
    assert_non_null(strstr(said(l, "backward:3:x", LANG_EN), "∂L/∂x"));
}

static void test_addresses_say_why_nothing_runs_there(void **state) {
    (void)state;
    const Lesson *l = load("model: {cell: lstm, hidden: 2, decoder: {}, head: softmax,\n"
                           "        loss: cross-entropy}\n"
                           "data: {task: reversal, span: 2, symbols: [A, B, \">\", \".\"]}\n");
    static const struct {
        const char *address, *why;
    } cases[] = {
        {"forward:2:decoder.c", "at this timestep the encoder runs"},
        {"forward:5:c", "at this timestep the decoder runs"},
        {"forward:2:x", "x is given at timestep 2"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        Playhead at;
        const char *why = "";
        assert_false(address_parse(arena, l->walk, cases[k].address, &at, &why));
        if (!strstr(why, cases[k].why)) fail_msg("%s: %s", cases[k].address, why);
    }
}

static int setup(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        EACH(test_symbols_after_the_given_ones_are_what_was_most_probable),
        EACH(test_numbers_are_fed_back_as_they_are),
        EACH(test_a_seed_draws_the_same_symbols_again),
        EACH(test_teacher_forcing_gives_the_target_of_the_timestep_before),
        EACH(test_a_decoder_begins_where_a_task_begins_to_answer),
        EACH(test_what_a_decoder_does_not_say_is_as_in_the_encoder),
        EACH(test_training_may_be_forced_where_the_lesson_runs_free),
        EACH(test_sentences_say_where_an_input_and_a_state_come_from),
        EACH(test_addresses_say_why_nothing_runs_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
