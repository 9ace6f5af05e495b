// The sums of shares on the way back, against adding what the trace says.
#include <string.h>

#include "core/buf.h"
#include "core/shares.h"
#include "made_lesson.h"
#include "text_lesson.h"

/// The sums after 0 .. count shares, one after the other: (count + 1, n).
static double *sums_of(Arena *a, const Lesson *l, const Shares *s, int param) {
    int n = dim_count(l->graph->params[param].dim), count = shares_count(s, param);
    double *sums = ARENA_ARRAY(a, double, n *(count + 1)), *share = ARENA_ARRAY(a, double, n);
    for (int k = 1; k <= count; k++) {
        trace_param_share(l->trace, param, shares_place(s, param, k), share);
        for (int u = 0; u < n; u++) sums[k * n + u] = sums[(k - 1) * n + u] + share[u];
    }
    return sums;
}

static double norm_of(const double *x, int n) {
    double sum = 0;
    for (int u = 0; u < n; u++) sum += x[u] * x[u];
    return sqrt(sum);
}

/// Asks for all sums of a parameter in an order that goes back and forth.
static void check_param(Arena *a, const Lesson *l, Shares *s, int param) {
    int n = dim_count(l->graph->params[param].dim), count = shares_count(s, param);
    const double *sums = sums_of(a, l, s, param);
    const double *whole = trace_param_grads(l->trace) + l->graph->params[param].offset;
    double largest = 0;
    for (int j = 0; j < 3 * (count + 1); j++) {
        int k = j * 7 % (count + 1);
        const double *sum = shares_sum(s, param, k);
        const double *right = k == count ? whole : sums + (size_t)k * (size_t)n;
        assert_memory_equal(sum, right, (size_t)n * sizeof *sum);
        CHECK_NEAR(shares_sum_norm(s, param, k), norm_of(right, n), 1e-14);
    }
    for (int k = 1; k <= count; k++)
        for (int u = 0; u < n; u++) largest = fmax(largest, fabs(sums[k * n + u]));
    assert_true(shares_largest(s, param) == largest);
    for (int u = 0; u < n; u++) // the last sum is the gradient but for the order of summation
        assert_true(fabs(whole[u] - sums[count * n + u]) <= 1e-14 * (1e-300 + largest));
}

static void check_lesson(Arena *a, const Lesson *l) {
    Shares *s = shares_new(a, l->trace);
    assert_non_null(s);
    for (int k = 0; k < l->graph->n_params; k++) check_param(a, l, s, k);
}

static void test_sums_grow_by_one_share_after_the_other(void **state) {
    (void)state;
    Arena *a = arena_new();
    check_lesson(a, made_lesson(a, (MadeSpec){"assets/cells/lstm.cell", 4, 7, 1, false, true}));
    check_lesson(a, made_lesson(a, (MadeSpec){"assets/cells/gru.cell", 3, 5, 2, true, true}));
    arena_free(a);
}

static void test_shares_come_in_the_order_of_the_way_back(void **state) {
    (void)state;
    Arena *a = arena_new();
    Lesson *l = made_lesson(a, (MadeSpec){"assets/cells/gru.cell", 3, 5, 1, true, true});
    Shares *s = shares_new(a, l->trace);
    int forward = graph_find_param(l->graph, "W_z"), head = graph_find_param(l->graph, "head.W_y");
    int reverse = graph_find_param(l->graph, "reverse.W_z");
    for (int k = 1; k <= 5; k++) {
        assert_int_equal(shares_place(s, forward, k), 6 - k);
        assert_int_equal(shares_place(s, reverse, k), k);
    }
    assert_int_equal(shares_count(s, head), 1); // it runs where the loss is
    assert_int_equal(shares_place(s, head, 1), 5);
    arena_free(a);
}

/// A lesson with an embedding of so many symbols.
static Lesson *embedded(Arena *a, int symbols, int rows) {
    Buf front = buf_new(a);
    buf_printf(&front,
               "model: {cell: rnn, hidden: 3, embedding: %d, head: softmax, classes: 2,\n"
               "        loss: cross-entropy}\n"
               "data: {inputs: [s1, s7, s3, s7, s1], targets: [0, 1, 0, 1, 1], symbols: [",
               rows);
    for (int k = 0; k < symbols; k++) buf_printf(&front, "%ss%d", k ? ", " : "", k);
    buf_puts(&front, "]}\n");
    return text_lesson(a, buf_str(&front), "# One\n");
}

static void test_an_embedding_keeps_the_rows_of_its_symbols_alone(void **state) {
    (void)state;
    Arena *a = arena_new();
    Lesson *large = embedded(a, 4200, 16), *small = embedded(a, 9, 16);
    check_lesson(a, large);
    check_lesson(a, small);
    Shares *s = shares_new(a, large->trace);
    int param = graph_find_param(large->graph, "embedding.E");
    int n = dim_count(large->graph->params[param].dim);
    double *share = ARENA_ARRAY(a, double, n), x;
    for (int t = 1; t <= 5; t++) {
        trace_param_share(large->trace, param, t, share);
        for (int unit = 1; unit <= 9 * 16; unit++) {
            assert_true(shares_element(s, param, t, unit, &x));
            assert_true(x == share[unit - 1]);
        }
    }
    s = shares_new(a, small->trace);
    assert_false(shares_element(s, graph_find_param(small->graph, "embedding.E"), 1, 1, &x));
    arena_free(a);
}

static void test_there_are_none_without_a_loss(void **state) {
    (void)state;
    Arena *a = arena_new();
    Lesson *l = text_lesson(a, "model: {cell: lstm, hidden: 2}\ndata: {inputs: [1, 2]}\n", "# A\n");
    assert_null(shares_new(a, l->trace));
    assert_null(l->shares);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_sums_grow_by_one_share_after_the_other),
        RUN(test_shares_come_in_the_order_of_the_way_back),
        RUN(test_an_embedding_keeps_the_rows_of_its_symbols_alone),
        RUN(test_there_are_none_without_a_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
