// The items of a gradient add up to it, for every kind of loss.
#include "core/blame.h"
#include "text_lesson.h"

static const char *const fronts[] = {
    "model: {cell: lstm, hidden: 3, head: softmax, loss: cross-entropy, loss_at: every}\n"
    "data: {inputs: [A, B, A, C], targets: [B, A, C, A], symbols: [A, B, C]}\n",
    "model: {cell: gru, hidden: 2, head: linear, loss: mse, loss_at: [2, 5]}\n"
    "data: {inputs: [0.1, 0.5, -0.3, 0.2, 0.9], targets: [0.4, -0.2]}\n",
    "model: {cell: lstm, hidden: 2, loss: probe}\n"
    "data: {inputs: [1, 2, 3], targets: [[1, 0], [0, 0], [0.5, -2]]}\n",
    "model: {cell: [rnn, gru], hidden: [3, 2], direction: bidirectional, head: sigmoid,\n"
    "        loss: binary-cross-entropy, loss_at: every, reduction: sum}\n"
    "data: {inputs: [0.1, 0.5, -0.3], targets: [1, 0, 1]}\n",
    "model: {cell: lstm, hidden: 3, decoder: {}, head: softmax, loss: cross-entropy}\n"
    "data: {task: reversal, span: 2, symbols: [A, B, \">\", \".\"]}\n",
};

static void check_items(const Lesson *l, Blame *b, int equation) {
    const Graph *g = l->graph;
    int node = g->equations[equation].node, n = dim_count(g->nodes[node].dim);
    for (int t = 1; t <= trace_steps(l->trace); t++) {
        if (!trace_holds(l->trace, node, t)) continue;
        const double *whole = trace_grad(l->trace, node, t);
        for (int u = 0; u < n; u++) {
            double sum = 0, size = 0;
            for (int k = 1; k <= blame_count(b); k++) {
                double x = blame_grad(b, equation, t, k)[u];
                sum += x;
                size += fabs(x);
            }
            assert_true(fabs(sum - whole[u]) <= 1e-12 * (1e-3 + size));
        }
    }
}

static void test_the_items_of_a_gradient_add_up_to_it(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof fronts / sizeof *fronts; i++) {
        Arena *a = arena_new();
        const Lesson *l = text_lesson(a, fronts[i], "# One\n");
        Blame *b = blame_new(a, l->trace);
        assert_non_null(b);
        for (int e = 0; e < l->graph->n_equations; e++)
            if (l->graph->parts[l->graph->equations[e].part].kind != PART_LOSS)
                check_items(l, b, e);
        arena_free(a);
    }
}

static void test_no_loss_is_to_blame_at_timesteps_after_it(void **state) {
    (void)state;
    Arena *a = arena_new();
    const Lesson *l = text_lesson(a, fronts[0], "# One\n");
    Blame *b = blame_new(a, l->trace);
    int c = graph_find_equation(l->graph, "c");
    assert_int_equal(blame_count(b), 4);
    for (int k = 1; k <= 4; k++)
        for (int t = 1; t <= 4; t++) {
            assert_int_equal(blame_place(b, k), k);
            assert_true((blame_grad(b, c, t, k)[0] != 0) == (t <= k));
        }
    arena_free(a);
}

static void test_one_loss_has_nothing_to_itemise(void **state) {
    (void)state;
    Arena *a = arena_new();
    const Lesson *l =
        text_lesson(a,
                    "model: {cell: lstm, hidden: 2, head: linear, loss: mse, loss_at: last}\n"
                    "data: {inputs: [1, 2], targets: [1]}\n",
                    "# A\n");
    assert_null(blame_new(a, l->trace));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_the_items_of_a_gradient_add_up_to_it),
        RUN(test_no_loss_is_to_blame_at_timesteps_after_it),
        RUN(test_one_loss_has_nothing_to_itemise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
