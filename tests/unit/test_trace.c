// The trace: values, gradients, and that every gradient is the sum of the shares beside it.
#include "core/trace.h"

#include "net.h"

static const bool at_last[5] = {0, 0, 0, 0, 1};

// Networks in which something is special, each run by the tests below.
static const NetText nets[] = {
    {.layers = {{LSTM_EQUATIONS}}, .head = SOFTMAX_HEAD, .loss = LOSS_CROSS_ENTROPY},
    {.layers = {{LSTM_EQUATIONS}}, .head = LINEAR_HEAD, .loss = LOSS_MSE, .has_loss = at_last},
    {.layers = {{LSTM_EQUATIONS}}, .head = SIGMOID_HEAD, .loss = LOSS_BINARY_CROSS_ENTROPY},
    {.layers = {{LSTM_EQUATIONS}}, .loss = LOSS_PROBE},
    {.layers = {{LSTM_EQUATIONS, .backward = true}}, .head = LINEAR_HEAD, .loss = LOSS_MSE},
    {.layers = {{LSTM_EQUATIONS, .layer = 1},
                {LSTM_EQUATIONS, .layer = 1, .backward = true, .reverse = true},
                {LSTM_EQUATIONS, .layer = 2},
                {LSTM_EQUATIONS, .layer = 2, .backward = true, .reverse = true}},
     .head = SOFTMAX_HEAD,
     .loss = LOSS_CROSS_ENTROPY,
     .has_loss = at_last},
    // shared parameters, long lags, learned start values, inputs of the past
    {.layers = {{"h = tanh(W @ h[t-1] + W @ h[t-3] + U @ x + U @ x[t-2] + b * b)\n"
                 "start h = tanh(b + a)\n"
                 "output h\n"}},
     .head = LINEAR_HEAD,
     .loss = LOSS_MSE},
    {.layers = {{"h = tanh(W @ [h[t-1]; x] + b)\n"}, {"h = tanh(W @ [h[t-1]; x; x[t-1]] + b)\n"}},
     .embedding = 2,
     .head = SOFTMAX_HEAD,
     .loss = LOSS_CROSS_ENTROPY},
    // equations that only move numbers, a lag longer than the sequence
    {.layers = {{"z = [h[t-1]; x]\n"
                 "size z = hidden + input\n"
                 "h = tanh(W @ z + z[1:4] + a[t-9])\n"
                 "a = 3 * h\n"
                 "start a = v\n"}},
     .head = LINEAR_HEAD,
     .loss = LOSS_MSE},
    // rows and columns that the same operation reads at the same depth
    {.layers = {{"s = W @ h[t-1] + b\n"
                 "h = tanh((-a) @ (-B) @ x + sigmoid(s[1:4]) @ (sigmoid(s') @ h[t-1]))\n"
                 "param a : 4\n"
                 "param B : 1 x 3\n"}},
     .head = LINEAR_HEAD,
     .loss = LOSS_MSE},
    {.layers = {{LSTM_EQUATIONS}}, .head = SIGMOID_HEAD, .loss = LOSS_MSE, .steps = 1, .sum = true},
    NETS_THAT_HAND_ON,
    // the last one without a loss
    {.layers = {{LSTM_EQUATIONS}}, .head = SOFTMAX_HEAD},
};
enum { N_NETS = sizeof nets / sizeof *nets };

static bool same(double a, double b) {
    return a == b || (isnan(a) && isnan(b));
}

/// The gradient as the header promises it: shares of the uses in their order.
static void sum_of_shares(const Trace *tr, int node, int place, double *sum) {
    const Graph *g = trace_graph(tr);
    int n = dim_count(g->nodes[node].dim);
    double share[64];
    assert_in_range(n, 1, 64);
    memset(sum, 0, (size_t)n * sizeof(double));
    if (node == g->loss && trace_runs(tr, g->nodes[node].part, place))
        sum[0] = trace_loss_scale(tr);
    for (int i = 0; i < g->n_uses[node]; i++) {
        Use u = g->uses[node][i];
        int at = trace_use_place(tr, u, place);
        if (at == 0) continue;
        trace_share(tr, u.node, u.arg, at, share);
        for (int e = 0; e < n; e++) sum[e] += share[e];
    }
}

static void test_every_gradient_is_the_sum_of_its_shares_to_the_bit(void **state) {
    (void)state;
    for (int k = 0; k < N_NETS; k++) {
        Net net = net_make(&nets[k]);
        for (int node = 0; node < net.graph->n_nodes; node++) {
            if (net.graph->nodes[node].steady) continue;
            for (int place = 1; place <= net.seq.steps; place++) {
                if (!trace_holds(net.trace, node, place)) continue;
                double sum[64];
                sum_of_shares(net.trace, node, place, sum);
                for (int e = 0; e < dim_count(net.graph->nodes[node].dim); e++)
                    if (!same(sum[e], trace_grad(net.trace, node, place)[e]))
                        fail_msg("net %d, node %d, place %d, element %d", k, node, place, e);
            }
        }
        net_free(&net);
    }
}

/// Does the parameter act before the first timestep too?
static bool acts_before(const Graph *g, const Param *p) {
    for (int i = 0; i < g->n_uses[p->node]; i++)
        if (g->nodes[g->uses[p->node][i].node].steady) return true;
    for (int e = 0; e < g->n_equations; e++)
        if (g->equations[e].start == p->node) return true;
    return false;
}

static void test_a_parameters_gradient_is_the_sum_over_time_to_the_bit(void **state) {
    (void)state;
    for (int k = 0; k < N_NETS; k++) {
        Net net = net_make(&nets[k]);
        for (int p = 0; p < net.graph->n_params; p++) {
            const Param *param = &net.graph->params[p];
            double sum[64] = {0}, share[64];
            if (acts_before(net.graph, param)) continue;
            for (int place = 1; place <= net.seq.steps; place++) {
                trace_param_share(net.trace, p, place, share);
                for (int e = 0; e < dim_count(param->dim); e++) sum[e] += share[e];
            }
            for (int e = 0; e < dim_count(param->dim); e++)
                assert_true(same(sum[e], trace_param_grads(net.trace)[param->offset + e]));
        }
        net_free(&net);
    }
}

static void test_every_value_is_what_its_operation_gives_to_the_bit(void **state) {
    (void)state;
    for (int k = 0; k < N_NETS + 1; k++) {
        // one net is large enough for every width of the vectors
        NetText wide = {.layers = {{LSTM_EQUATIONS, .hidden = 47}}, .loss = LOSS_PROBE};
        Net net = net_make(k < N_NETS ? &nets[k] : &wide);
        for (int node = 0; node < net.graph->n_nodes; node++) {
            const Node *n = &net.graph->nodes[node];
            for (int place = 1; place <= net.seq.steps; place++) {
                if (n->op <= OP_START || !trace_runs(net.trace, n->part, place)) continue;
                const double *args[8];
                Dim dims[8];
                double again[64];
                for (int a = 0; a < n->n_args; a++) {
                    args[a] = trace_arg(net.trace, node, a, place);
                    dims[a] = net.graph->nodes[n->args[a].node].dim;
                }
                OpCall call = {.dim = n->dim,
                               .n_args = n->n_args,
                               .arg_dim = dims,
                               .arg = args,
                               .compare = n->compare,
                               .lo = n->lo,
                               .fused = n->fused};
                op_defs[n->op].forward(&call, again);
                assert_memory_equal(again, trace_value(net.trace, node, place),
                                    (size_t)dim_count(n->dim) * sizeof(double));
            }
        }
        net_free(&net);
    }
}

static double loss_with(Net *net, double *where, double value) {
    double kept = *where;
    *where = value;
    trace_forward(net->trace, &net->seq, net->params);
    *where = kept;
    return trace_loss(net->trace);
}

/// Central difference, with the step at which rounding and curvature are both small.
static double slope_at(Net *net, double *where) {
    double h = 0x1p-10,
           wide = (loss_with(net, where, *where + h) - loss_with(net, where, *where - h)) / (2 * h);
    double narrow =
        (loss_with(net, where, *where + h / 2) - loss_with(net, where, *where - h / 2)) / h;
    return narrow + (narrow - wide) / 3;
}

static void check_slope(double exact, double estimate) {
    if (fabs(exact - estimate) > 1e-8 * fmax(1e-2, fabs(exact)))
        fail_msg("%.17g by BPTT, %.17g by differences", exact, estimate);
}

static void test_gradients_of_inputs_agree_with_differences(void **state) {
    (void)state;
    for (int k = 0; k < N_NETS - 1; k++) {
        Net net = net_make(&nets[k]);
        int n = net.seq.input;
        for (int i = 0; i < net.seq.steps * n; i++) {
            if (net.seq.fed && i / n + 1 >= net.seq.fed) continue;
            double exact = trace_grad(net.trace, net.graph->data, i / n + 1)[i % n];
            check_slope(exact, slope_at(&net, &net.inputs[i]));
            net_run(&net);
        }
        net_free(&net);
    }
}

static void test_gradients_of_parameters_agree_with_differences(void **state) {
    (void)state;
    for (int k = 0; k < N_NETS - 1; k++) {
        Net net = net_make(&nets[k]);
        for (int i = 0; i < net.graph->n_weights; i++) {
            double exact = trace_param_grads(net.trace)[i];
            check_slope(exact, slope_at(&net, &net.params[i]));
        }
        net_free(&net);
    }
}

static void test_start_gradients_add_up_all_reads_from_before(void **state) {
    (void)state;
    double start[2] = {0.25, -0.5};
    NetText text = {.layers = {{"h = tanh(h[t-1] * 0.5 + h[t-2] * h[t-3] + U @ x)\n", .hidden = 2}},
                    .loss = LOSS_PROBE,
                    .starts = {{.full = "h", .values = start, .n = 2, .span = NO_SPAN}}};
    Net net = net_make(&text);
    int h = graph_find_equation(net.graph, "h");
    assert_true(trace_start(net.trace, h)[1] == -0.5);
    double exact[2] = {trace_start_grad(net.trace, h)[0], trace_start_grad(net.trace, h)[1]};
    for (int e = 0; e < 2; e++) {
        double loss[2], step = 0x1p-12;
        for (int side = 0; side < 2; side++) {
            NetText moved = text;
            double values[2] = {start[0], start[1]};
            values[e] += side ? step : -step;
            moved.starts[0].values = values;
            Net other = net_make(&moved);
            loss[side] = trace_loss(other.trace);
            net_free(&other);
        }
        CHECK_NEAR(exact[e], (loss[1] - loss[0]) / (2 * step), 1e-6);
    }
    net_free(&net);
}

static void test_forget_gate_of_one_keeps_c(void **state) {
    (void)state;
    double start[1] = {2};
    NetText text = {
        .layers = {{"f = sigmoid(b_f + 0 * sum(x))\nc = f * c[t-1]\noutput c\n", .hidden = 1}},
        .loss = LOSS_PROBE,
        .starts = {{.full = "c", .values = start, .n = 1, .span = NO_SPAN}}};
    Net net = net_make(&text);
    *net_param(&net, "b_f") = 100; // sigmoid(100) is 1 in doubles
    net_run(&net);
    for (int place = 1; place <= 5; place++)
        assert_true(*trace_value(net.trace, net_node(&net, "c"), place) == 2);
    net_free(&net);
}

/// One unit whose gradient grows although it is an LSTM: only the weight from h to g is not 0.
static void test_the_gradient_of_an_lstm_can_explode(void **state) {
    (void)state;
    static const double expected[] = {0.880797, 2.327410, 0, 0, 42.940228, 0, 0, 0, 0, 5531.58951};
    for (int steps = 1; steps <= 10; steps++) {
        if (expected[steps - 1] == 0) continue;
        NetText text = {.layers = {{LSTM_EQUATIONS "output c\n", .hidden = 1}},
                        .input = 1,
                        .steps = steps,
                        .loss = LOSS_PROBE};
        Net net = net_make(&text);
        memset(net.params, 0, (size_t)net.graph->n_weights * sizeof(double));
        memset(net.inputs, 0, (size_t)steps * sizeof(double));
        memset(net.targets, 0, (size_t)steps * sizeof(double));
        net.targets[steps - 1] = 1;
        *net_param(&net, "b_f") = *net_param(&net, "b_o") = 2;
        net_param(&net, "W_g")[0] = 4;
        net_run(&net);
        int c = graph_find_equation(net.graph, "c");
        CHECK_NEAR(*trace_start_grad(net.trace, c), expected[steps - 1], 1e-6);
        net_free(&net);
    }
}

static void test_the_head_runs_only_where_a_loss_is_taken(void **state) {
    (void)state;
    Net net = net_make(&nets[1]);
    int y = net_node(&net, "head.y"), head = net.graph->head_part;
    for (int place = 1; place <= 5; place++) {
        assert_int_equal(trace_runs(net.trace, head, place), place == 5);
        assert_int_equal(trace_value(net.trace, y, place)[0] != 0, place == 5);
    }
    net_free(&net);
    net = net_make(&nets[N_NETS - 1]); // without a loss
    assert_true(isnan(trace_loss(net.trace)));
    assert_true(trace_runs(net.trace, net.graph->head_part, 1));
    assert_true(trace_param_grads(net.trace)[0] == 0);
    net_free(&net);
}

static void test_moving_the_loss_clears_what_no_longer_runs(void **state) {
    (void)state;
    Net net = net_make(&nets[0]);
    int y = net_node(&net, "head.y");
    assert_true(trace_grad(net.trace, y, 1)[0] != 0 || trace_grad(net.trace, y, 1)[1] != 0 ||
                trace_grad(net.trace, y, 1)[2] != 0);
    net.has_loss[0] = false;
    net_run(&net);
    for (int e = 0; e < 3; e++) {
        assert_true(trace_value(net.trace, y, 1)[e] == 0);
        assert_true(trace_grad(net.trace, y, 1)[e] == 0);
    }
    net_free(&net);
}

static void test_a_slope_that_the_loss_never_meets_does_not_count(void **state) {
    (void)state;
    NetText text = {.layers = {{"h = sqrt(x)\n", .hidden = 3}},
                    .head = LINEAR_HEAD,
                    .loss = LOSS_MSE,
                    .has_loss = at_last};
    Net net = net_make(&text);
    for (int i = 0; i < 12; i++) net.inputs[i] = 0; // sqrt'(0) is infinite
    for (int i = 12; i < 15; i++) net.inputs[i] = 1;
    net_run(&net);
    assert_true(trace_grad(net.trace, net.graph->data, 1)[0] == 0);
    assert_true(trace_grad(net.trace, net.graph->data, 5)[0] != 0);
    net.inputs[12] = 0;
    net_run(&net);
    assert_true(isinf(trace_grad(net.trace, net.graph->data, 5)[0]));
    net_free(&net);
}

static void test_nan_flows_to_the_loss_and_back(void **state) {
    (void)state;
    Net net = net_make(&nets[0]);
    net.inputs[0] = NAN;
    net_run(&net);
    assert_true(isnan(trace_loss(net.trace)));
    assert_true(isnan(trace_param_grads(net.trace)[0]));
    net_free(&net);
}

static void test_stop_passes_nothing_even_where_all_is_infinite(void **state) {
    (void)state;
    NetText text = {.layers = {{"h = stop(log(abs(x))) + x\n", .hidden = 3}}, .loss = LOSS_PROBE};
    Net net = net_make(&text);
    net.inputs[0] = 0;
    net.targets[0] = 0.5;
    net_run(&net);
    assert_true(trace_grad(net.trace, net.graph->data, 1)[0] == 0.5);
    net_free(&net);
}

static void test_a_layer_that_reads_backward_counts_t_from_the_right(void **state) {
    (void)state;
    NetText text = {.layers = {{"h = h[t-1] + t\n", .backward = true, .hidden = 1}},
                    .loss = LOSS_PROBE};
    Net net = net_make(&text);
    static const double sums[] = {15, 10, 6, 3, 1}; // 1 + .. + t, t = 1 at the right
    int h = net_node(&net, "h");
    for (int place = 1; place <= 5; place++)
        assert_true(*trace_value(net.trace, h, place) == sums[place - 1]);
    const Equation *e = &net.graph->equations[graph_find_equation(net.graph, "h")];
    for (int i = e->first; i <= e->last; i++)
        for (int k = 0; k < net.graph->nodes[i].n_args; k++)
            if (net.graph->nodes[i].args[k].lag == 1) {
                assert_int_equal(trace_arg_place(net.trace, i, k, 5), 0);
                assert_int_equal(trace_arg_place(net.trace, i, k, 2), 3);
                assert_true(*trace_arg(net.trace, i, k, 5) == 0);
                assert_true(*trace_arg(net.trace, i, k, 2) == 6);
            }
    net_free(&net);
}

static void test_inputs_before_the_first_timestep_are_zero(void **state) {
    (void)state;
    NetText text = {.layers = {{"h = x[t-1] + 10 * x[t-2]\n", .hidden = 3},
                               {"h = x[t-1]\nstart h = 7\n", .hidden = 3}},
                    .loss = LOSS_PROBE};
    Net net = net_make(&text);
    for (int i = 0; i < 15; i++) net.inputs[i] = i / 3 + 1;
    net_run(&net);
    int one = net_node(&net, "h"), two = net_node(&net, "layer2.h");
    static const double first[] = {0, 1, 12, 23, 34}, second[] = {0, 0, 1, 12, 23};
    for (int place = 1; place <= 5; place++) {
        assert_true(*trace_value(net.trace, one, place) == first[place - 1]);
        assert_true(*trace_value(net.trace, two, place) == second[place - 1]);
    }
    net_free(&net);
}

static void test_the_loss_is_a_mean_or_a_sum(void **state) {
    (void)state;
    NetText text = nets[0];
    Net mean = net_make(&text);
    text.sum = true;
    Net sum = net_make(&text);
    CHECK_NEAR(trace_loss(sum.trace), 5 * trace_loss(mean.trace), 1e-15);
    assert_true(trace_loss_scale(sum.trace) == 1 && trace_loss_scale(mean.trace) == 0.2);
    net_free(&mean);
    net_free(&sum);
    Net squares = net_make(&nets[4]); // 5 timesteps of 3 elements
    assert_true(trace_loss_scale(squares.trace) == 1.0 / 15);
    net_free(&squares);
}

static void test_a_probe_counts_every_timestep(void **state) {
    (void)state;
    NetText text = nets[3];
    text.has_loss = at_last;
    Net net = net_make(&text), all = net_make(&nets[3]);
    assert_true(trace_loss(net.trace) == trace_loss(all.trace));
    assert_true(trace_loss_scale(net.trace) == 1);
    net_free(&net);
    net_free(&all);
}

static void test_running_twice_gives_the_same_bits(void **state) {
    (void)state;
    for (int k = 0; k < N_NETS; k++) {
        Net net = net_make(&nets[k]);
        double first[512];
        int n = net.graph->n_weights < 512 ? net.graph->n_weights : 512;
        memcpy(first, trace_param_grads(net.trace), (size_t)n * sizeof(double));
        net_run(&net);
        assert_memory_equal(first, trace_param_grads(net.trace), (size_t)n * sizeof(double));
        net_free(&net);
    }
}

static void test_the_size_of_a_trace_is_known_before_it_is_made(void **state) {
    (void)state;
    Arena *a = arena_new();
    for (int k = 0; k < N_NETS; k++) {
        Graph *g = net_graph(a, &nets[k]);
        size_t before = arena_used(a), predicted = trace_bytes(g, 100);
        trace_new(a, g, 100);
        size_t used = arena_used(a) - before;
        assert_in_range(used, predicted * 98 / 100, predicted + 1024);
    }
    Graph big = *net_graph(a, &nets[0]);
    Node *nodes = ARENA_ARRAY(a, Node, big.n_nodes);
    memcpy(nodes, big.nodes, (size_t)big.n_nodes * sizeof(Node));
    for (int i = 0; i < big.n_nodes; i++) nodes[i].dim = (Dim){2000000000, 2000000000};
    big.nodes = nodes;
    assert_true(trace_bytes(&big, 2000000000) == SIZE_MAX);
    arena_free(a);
}

/// Every value and gradient of a run at a place, one after the other.
static void look_at_all(const Net *net, int place, double *numbers) {
    int n = 0;
    for (int node = 0; node < net->graph->n_nodes; node++) {
        size_t count = (size_t)dim_count(net->graph->nodes[node].dim);
        memcpy(numbers + n, trace_value(net->trace, node, place), count * sizeof(double));
        n += (int)count;
        memcpy(numbers + n, trace_grad(net->trace, node, place), count * sizeof(double));
        n += (int)count;
    }
}

static void test_numbers_that_are_not_kept_come_again_in_any_order(void **state) {
    (void)state;
    enum { STEPS = 150, NUMBERS = 4096 };
    for (int k = 0; k < N_NETS; k++) {
        NetText text = nets[k];
        text.steps = STEPS;
        text.has_loss = NULL;
        Net net = net_make(&text);
        double *recorded = ARENA_ARRAY(net.arena, double, STEPS *NUMBERS), again[NUMBERS] = {0};
        for (int round = 0; round < 2; round++) {
            for (int t = 1; t <= STEPS; t++) look_at_all(&net, t, recorded + (t - 1) * NUMBERS);
            for (int i = 0; i < 2 * STEPS; i++) {
                int place = 1 + i * 64 % STEPS; // each is in the way of another
                look_at_all(&net, place, again);
                assert_memory_equal(again, recorded + (place - 1) * NUMBERS, sizeof again);
            }
            for (int i = 0; i < net.graph->n_weights; i++) net.params[i] *= 0.5;
            net_run(&net);
            look_at_all(&net, 1, again);
            if (net.graph->n_weights)
                assert_memory_not_equal(again, recorded, sizeof again); // another run's
        }
        net_free(&net);
    }
}

static void test_a_long_trace_keeps_21_numbers_for_each_unit(void **state) {
    (void)state;
    Arena *a = arena_new();
    for (int classes = 0; classes < 2; classes++) {
        Graph *g = net_graph(a, &(NetText){.layers = {{LSTM_EQUATIONS, .hidden = 128}},
                                           .input = 8,
                                           .head = classes ? SOFTMAX_HEAD : LINEAR_HEAD,
                                           .head_rows = 8,
                                           .loss = classes ? LOSS_CROSS_ENTROPY : LOSS_MSE});
        const size_t steps = 10000, numbers = 21 * 128 + 8 + 3 * 8;
        assert_true((double)trace_bytes(g, (int)steps) <= 1.1 * 8 * (double)(steps * numbers));
    }
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_every_gradient_is_the_sum_of_its_shares_to_the_bit),
        RUN(test_a_parameters_gradient_is_the_sum_over_time_to_the_bit),
        RUN(test_every_value_is_what_its_operation_gives_to_the_bit),
        RUN(test_gradients_of_inputs_agree_with_differences),
        RUN(test_gradients_of_parameters_agree_with_differences),
        RUN(test_start_gradients_add_up_all_reads_from_before),
        RUN(test_forget_gate_of_one_keeps_c),
        RUN(test_the_gradient_of_an_lstm_can_explode),
        RUN(test_the_head_runs_only_where_a_loss_is_taken),
        RUN(test_moving_the_loss_clears_what_no_longer_runs),
        RUN(test_a_slope_that_the_loss_never_meets_does_not_count),
        RUN(test_nan_flows_to_the_loss_and_back),
        RUN(test_stop_passes_nothing_even_where_all_is_infinite),
        RUN(test_a_layer_that_reads_backward_counts_t_from_the_right),
        RUN(test_inputs_before_the_first_timestep_are_zero),
        RUN(test_the_loss_is_a_mean_or_a_sum),
        RUN(test_a_probe_counts_every_timestep),
        RUN(test_running_twice_gives_the_same_bits),
        RUN(test_the_size_of_a_trace_is_known_before_it_is_made),
        RUN(test_numbers_that_are_not_kept_come_again_in_any_order),
        RUN(test_a_long_trace_keeps_21_numbers_for_each_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
