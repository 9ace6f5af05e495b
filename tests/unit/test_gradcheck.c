// BPTT against central differences, for every cell that comes with the program.
#include "core/gradcheck.h"

#include "net.h"

static double worst_of(Net *net, const char *what) {
    const Graph *g = net->graph;
    GradCheck *rows = ARENA_ARRAY(net->arena, GradCheck, g->n_params + 1);
    double worst = 0;
    gradcheck(net->arena, g, &net->seq, net->params, rows);
    for (int p = 0; p < g->n_params; p++) {
        assert_int_equal(rows[p].param, p);
        worst = fmax(worst, rows[p].worst);
        if (rows[p].worst > 1e-7)
            print_error("%s: %s[%d]: %.17g by BPTT, %.17g by differences\n", what,
                        g->params[p].full, rows[p].worst_at, rows[p].bptt, rows[p].nudged);
    }
    return worst;
}

static void test_every_shipped_cell_has_the_gradient_of_differences(void **state) {
    (void)state;
    Arena *a = arena_new();
    for (const char **cell = net_shipped_cells(a); *cell; cell++) {
        // As many inputs as units, which some cells need.
        NetText text = {.layers = {{*cell, .hidden = 3}},
                        .input = 3,
                        .steps = 4,
                        .head = LINEAR_HEAD,
                        .loss = LOSS_MSE,
                        .seed = 11};
        Net net = net_make(&text);
        assert_true(worst_of(&net, arena_printf(a, "%.40s", *cell)) < 1e-7);
        net_free(&net);
    }
    arena_free(a);
}

static void test_every_loss_has_the_gradient_of_differences(void **state) {
    (void)state;
    static const char *const heads[] = {
        [LOSS_CROSS_ENTROPY] = SOFTMAX_HEAD,
        [LOSS_BINARY_CROSS_ENTROPY] = SIGMOID_HEAD,
        [LOSS_MSE] = SIGMOID_HEAD,
        [LOSS_PROBE] = SOFTMAX_HEAD,
    };
    for (int loss = LOSS_CROSS_ENTROPY; loss <= LOSS_PROBE; loss++) {
        NetText text = {.layers = {{LSTM_EQUATIONS, .layer = 1},
                                   {LSTM_EQUATIONS, .layer = 1, .backward = true, .reverse = true}},
                        .head = heads[loss],
                        .loss = (LossKind)loss};
        Net net = net_make(&text);
        assert_true(worst_of(&net, heads[loss]) < 1e-7);
        net_free(&net);
    }
}

static void
test_outputs_fed_back_and_states_handed_on_have_the_gradient_of_differences(void **state) {
    (void)state;
    const NetText nets[] = {NETS_THAT_HAND_ON};
    for (size_t k = 0; k < sizeof nets / sizeof *nets; k++) {
        Net net = net_make(&nets[k]);
        assert_true(worst_of(&net, "handed on") < 1e-7);
        net_free(&net);
    }
}

static void test_a_symbol_that_was_drawn_is_held_while_numbers_move(void **state) {
    (void)state;
    NetText text = {.layers = {{LSTM_EQUATIONS}},
                    .head = SOFTMAX_HEAD,
                    .loss = LOSS_CROSS_ENTROPY,
                    .feed = FEED_SAMPLE,
                    .steps = 12,
                    .fed = 2};
    for (text.seed = 1; text.seed <= 6; text.seed++) {
        Net net = net_make(&text);
        // just beyond the first symbol, where the least change takes another one
        double *draws = (double *)net.seq.draws;
        for (int t = 2; t <= 12; t++) {
            draws[t - 1] = trace_value(net.trace, net.graph->output, t - 1)[0] + 1e-9;
            net_run(&net);
        }
        assert_int_equal(graph_stops(net.graph), OP_DRAW);
        assert_true(worst_of(&net, "drawn") < 1e-7);
        net_free(&net);
    }
}

static void test_a_kink_nearby_does_not_disturb_the_differences(void **state) {
    (void)state;
    NetText text = {.layers = {{"h = relu(b + 0 * x)\n", .hidden = 3}}, .loss = LOSS_PROBE};
    Net net = net_make(&text);
    double *b = net_param(&net, "b");
    b[0] = 1e-3;
    b[1] = -1e-3;
    b[2] = 1;
    assert_true(worst_of(&net, "relu") < 1e-7);
    net_free(&net);
}

static void test_a_wrong_gradient_is_found(void **state) {
    (void)state;
    // at its kink relu has half the slope that two steps to both sides have
    NetText text = {.layers = {{"h = W @ x + relu(v)\n"}}, .loss = LOSS_PROBE};
    Net net = net_make(&text);
    memset(net_param(&net, "v"), 0, 4 * sizeof(double));
    GradCheck rows[2];
    gradcheck(net.arena, net.graph, &net.seq, net.params, rows);
    for (int p = 0; p < 2; p++) {
        bool bent = strcmp(net.graph->params[p].full, "v") == 0;
        assert_int_equal(rows[p].worst > 0.5, bent);
        if (bent) assert_true(rows[p].bptt == 0 && rows[p].nudged != 0);
    }
    net_free(&net);
}

static void test_a_gradient_that_stop_cuts_is_the_slope_with_what_it_hands_on_held(void **state) {
    (void)state;
    NetText whole = {.layers = {{"h = tanh(W @ [h[t-1]; x] + b)\n"}}, .loss = LOSS_PROBE};
    NetText cut = {.layers = {{"h = tanh(W @ [stop(h[t-1]); x] + b)\n"}}, .loss = LOSS_PROBE};
    Net a = net_make(&whole), b = net_make(&cut);
    assert_true(trace_loss(a.trace) == trace_loss(b.trace));
    assert_true(worst_of(&a, "whole") < 1e-7 && worst_of(&b, "cut") < 1e-7);
    double other = fabs(*trace_param_grads(a.trace) - *trace_param_grads(b.trace));
    assert_true(other > 1e-3 * fabs(*trace_param_grads(a.trace)));
    assert_true(graph_stops(b.graph) == OP_STOP && graph_stops(a.graph) == OP_COUNT);
    net_free(&a);
    net_free(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_every_shipped_cell_has_the_gradient_of_differences),
        RUN(test_every_loss_has_the_gradient_of_differences),
        RUN(test_outputs_fed_back_and_states_handed_on_have_the_gradient_of_differences),
        RUN(test_a_symbol_that_was_drawn_is_held_while_numbers_move),
        RUN(test_a_kink_nearby_does_not_disturb_the_differences),
        RUN(test_a_wrong_gradient_is_found),
        RUN(test_a_gradient_that_stop_cuts_is_the_slope_with_what_it_hands_on_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
