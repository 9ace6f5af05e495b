// Optimizers and the training loop. (Agreement with PyTorch is in test_oracle.c.)
#include "core/train.h"

#include "net.h"

static void test_every_optimizer_goes_downhill(void **state) {
    (void)state;
    for (int kind = 0; kind < OPTIM_COUNT; kind++) {
        double w[2] = {1, -2}, grad[2], memory[8] = {0}, with[OPTION_COUNT];
        memcpy(with, optim_defs[kind].with, sizeof with);
        with[OPTION_RATE] = kind == OPTIM_ADAGRAD ? 0.3 : 0.01; // its steps grow smaller
        for (int t = 1; t <= 2000; t++) {
            for (int i = 0; i < 2; i++) grad[i] = 2 * w[i]; // of the sum of squares
            optim_defs[kind].step(2, with, t, grad, memory, w);
        }
        assert_true(fabs(w[0]) < 6e-3 && fabs(w[1]) < 6e-3); // RMSprop ends by going to and fro
        assert_in_range(optim_defs[kind].n_state, 0, 4);
        assert_true(optim_takes((OptimKind)kind, OPTION_RATE));
        assert_non_null(optim_defs[kind].name);
    }
}

static void test_adams_first_step_has_the_size_of_the_rate(void **state) {
    (void)state;
    double w[2] = {0, 0}, grad[2] = {1000, -1e-3}, memory[6] = {0};
    TrainSpec spec = train_spec(OPTIM_ADAM);
    spec.with[OPTION_RATE] = 0.02;
    optim_defs[OPTIM_ADAM].step(2, spec.with, 1, grad, memory, w);
    CHECK_NEAR(w[0], -0.02, 1e-10);
    CHECK_NEAR(w[1], 0.02, 1.1e-5); // epsilon against 1e-3
}

static void test_clipping_keeps_short_gradients_and_scales_long_ones(void **state) {
    (void)state;
    double grad[2] = {3, 4};
    CHECK_NEAR(grad_clip(2, 10, grad), 5, 0);
    assert_true(grad[0] == 3 && grad[1] == 4);
    CHECK_NEAR(grad_clip(2, 1, grad), 5, 0);
    CHECK_NEAR(grad[0], 3 / (5 + 1e-6), 1e-15);
}

static void test_clipping_by_value_holds_each_number_within_bounds(void **state) {
    (void)state;
    double grad[4] = {3, -4, 0.5, -0.0};
    grad_clip_value(4, 1, grad);
    assert_true(grad[0] == 1 && grad[1] == -1 && grad[2] == 0.5 && grad[3] == 0);
}

static void test_schedules_warm_up_and_come_down(void **state) {
    (void)state;
    Schedule none = {0}, warm = {SCHEDULE_WARMUP, .warmup = 4};
    Schedule cosine = {SCHEDULE_COSINE, .warmup = 2, .over = 10, .floor = 0.2};
    Schedule steps = {SCHEDULE_STEP, .every = 3, .factor = 0.5};
    for (int t = 1; t < 20; t++) assert_true(schedule_factor(&none, t) == 1);
    assert_true(schedule_factor(&warm, 1) == 0.25 && schedule_factor(&warm, 4) == 1);
    assert_true(schedule_factor(&warm, 1000) == 1);
    assert_true(schedule_factor(&cosine, 2) == 1 && schedule_factor(&cosine, 3) == 1);
    CHECK_NEAR(schedule_factor(&cosine, 8), 0.6, 1e-15);
    assert_true(schedule_factor(&cosine, 13) == 0.2 && schedule_factor(&cosine, 99) == 0.2);
    assert_true(schedule_factor(&steps, 3) == 1 && schedule_factor(&steps, 4) == 0.5);
    assert_true(schedule_factor(&steps, 7) == 0.25);
    for (int kind = 0; kind < SCHEDULE_COUNT; kind++) assert_non_null(schedule_defs[kind].name);
}

static TrainSpec spec_of(OptimKind kind, double rate, int steps, int batch) {
    TrainSpec spec = train_spec(kind);
    spec.with[OPTION_RATE] = rate;
    spec.steps = steps;
    spec.batch = batch;
    return spec;
}

typedef struct {
    Net *nets[3];
    int asked, stop_after, steps;
    double first, last;
} Training;

static const Sequence *next_sequence(void *context, int64_t i) {
    Training *t = context;
    t->asked++;
    return &t->nets[i % 3]->seq;
}

static bool note_loss(void *context, int step, double loss) {
    Training *t = context;
    if (step == 1) t->first = loss;
    t->last = loss;
    t->steps = step;
    return step != t->stop_after;
}

static const NetText text = {
    .layers = {{LSTM_EQUATIONS}}, .head = SOFTMAX_HEAD, .loss = LOSS_CROSS_ENTROPY};

static void test_training_lowers_the_loss_on_sequences_of_any_length(void **state) {
    (void)state;
    NetText other = text;
    other.seed = 5;
    other.steps = 9;
    Net a = net_make(&text), b = net_make(&other), c = net_make(&text);
    Training t = {.nets = {&a, &b, &c}};
    TrainSpec spec = spec_of(OPTIM_ADAM, 0.02, 200, 3);
    assert_true(train(a.arena, a.graph, &spec, next_sequence, &t, note_loss, &t, a.params));
    assert_int_equal(t.asked, 600);
    assert_int_equal(t.steps, 200);
    assert_true(t.last < 0.5 * t.first);
    net_free(&a);
    net_free(&b);
    net_free(&c);
}

static void test_a_batch_of_one_sequence_thrice_is_that_sequence(void **state) {
    (void)state;
    Net a = net_make(&text), b = net_make(&text);
    Training one = {.nets = {&a, &a, &a}}, three = {.nets = {&b, &b, &b}};
    TrainSpec spec = spec_of(OPTIM_SGD, 0.1, 5, 1);
    train(a.arena, a.graph, &spec, next_sequence, &one, NULL, NULL, a.params);
    spec.batch = 3;
    train(b.arena, b.graph, &spec, next_sequence, &three, NULL, NULL, b.params);
    for (int i = 0; i < a.graph->n_weights; i++)
        assert_true(fabs(a.params[i] - b.params[i]) < 1e-14);
    net_free(&a);
    net_free(&b);
}

static void test_training_stops_when_told_and_repeats_exactly(void **state) {
    (void)state;
    Net a = net_make(&text), b = net_make(&text);
    Training t = {.nets = {&a, &a, &a}, .stop_after = 4}, u = {.nets = {&b, &b, &b}};
    TrainSpec spec = spec_of(OPTIM_ADAM, 0.02, 50, 2);
    spec.clip = 0.5;
    assert_false(train(a.arena, a.graph, &spec, next_sequence, &t, note_loss, &t, a.params));
    assert_int_equal(t.steps, 4);
    spec.steps = 4;
    assert_true(train(b.arena, b.graph, &spec, next_sequence, &u, note_loss, &u, b.params));
    assert_memory_equal(a.params, b.params, (size_t)a.graph->n_weights * sizeof(double));
    net_free(&a);
    net_free(&b);
}

// ---- several sequences at once

/// Networks that run side by side, and some that cannot.
static const NetText nets[] = {
    {.layers = {{LSTM_EQUATIONS}}, .head = SOFTMAX_HEAD, .loss = LOSS_CROSS_ENTROPY},
    {.layers = {{LSTM_EQUATIONS, .hidden = 9}}, .head = LINEAR_HEAD, .loss = LOSS_MSE},
    {.layers = {{LSTM_EQUATIONS, .hidden = 5}, {LSTM_EQUATIONS, .hidden = 3}},
     .head = SIGMOID_HEAD,
     .loss = LOSS_BINARY_CROSS_ENTROPY},
    {.layers = {{LSTM_EQUATIONS, .layer = 1}, {LSTM_EQUATIONS, true, true, .layer = 1}},
     .head = SOFTMAX_HEAD,
     .loss = LOSS_CROSS_ENTROPY},
    {.layers = {{"z = sigmoid(W_z @ [h[t-1]; x] + b_z)\nn = tanh(W_n @ [z * h[t-1]; x] + b_n)\n"
                 "h = (1 - z) * n + z * h[t-1]\nstart h = tanh(p)\n"}},
     .head = LINEAR_HEAD,
     .loss = LOSS_MSE},
    {.layers = {{"z = W @ [h[t-1]; x; 1] + b\n" // one number of a sequence, against many
                 "h = a * tanh((z - mean(z)) / sqrt(var(z) + 1e-5)) + dot(z, v) / sqrt(hidden)\n"
                 "param a : 1\nparam v : 4\nstart h = a\n"}},
     .head = LINEAR_HEAD,
     .loss = LOSS_MSE},
    {.layers = {{"k = w' @ x\nsize k = 1\n"
                 "z = clip(W @ [h[t-1]; x] + b * t, -k, 0.9)\n"
                 "h = where(mod(t, 2) < 1, max(z, k), min(z, 0.1)) - mean(x) * stop(h[t-1])\n"}},
     .head = LINEAR_HEAD,
     .loss = LOSS_MSE},
    {.layers = {{"h = tanh(W @ h[t-1] + W @ h[t-1] + V @ x)\n"}}, // W twice: one by one
     .head = LINEAR_HEAD,
     .loss = LOSS_MSE},
    {.layers = {{LSTM_EQUATIONS}}, // behind a table of symbols
     .embedding = 9,
     .input = 5,
     .head = SOFTMAX_HEAD,
     .loss = LOSS_CROSS_ENTROPY},
    {.layers = {{"h = tanh(W' @ [h[t-1]; x] + b)\n"},
                {"h = tanh(A @ x + h[t-1])\nA = V'\nsize A = 4 x 4\n"}},
     .head = "y = W_y' @ h",
     .loss = LOSS_MSE},
    {.layers =
         {{"C = C[t-1] + outer(v, v)\nv = tanh(V @ x)\nh = C @ v\nsize C = hidden x hidden\n"}},
     .loss = LOSS_PROBE},
    NETS_THAT_HAND_ON,
};
enum { NETS = sizeof nets / sizeof *nets, BATCH = 21 };

typedef struct {
    Net of[BATCH];
} Sequences;

static const Sequence *one_of(void *context, int64_t i) {
    return &((Sequences *)context)->of[i % BATCH].seq;
}

/// Sequences of one length, or of three.
static void make_sequences(const NetText *like, bool mixed, Sequences *out) {
    for (int i = 0; i < BATCH; i++) {
        NetText one = *like;
        one.seed = (uint64_t)i;
        one.steps = mixed ? 5 + i / 3 % 3 : 6;
        out->of[i] = net_make(&one);
    }
}

static void free_sequences(Sequences *s) {
    for (int i = 0; i < BATCH; i++) net_free(&s->of[i]);
}

static void test_sequences_side_by_side_give_the_bits_of_one_after_the_other(void **state) {
    (void)state;
    int wide = 0;
    for (int k = 0; k < NETS; k++) {
        Sequences s;
        make_sequences(&nets[k], false, &s);
        const Graph *g = s.of[0].graph;
        if (!trace_can_widen(g)) {
            free_sequences(&s);
            continue;
        }
        wide++;
        const Sequence *column[BATCH];
        double *sum = ARENA_ARRAY(s.of[0].arena, double, 2 * g->n_weights),
               *other = sum + g->n_weights;
        Trace *tr = trace_new_wide(s.of[0].arena, g, 6, BATCH);
        for (int j = 0; j < BATCH; j++) column[j] = &s.of[j].seq;
        trace_forward_wide(tr, column, s.of[0].params);
        trace_backward(tr);
        trace_add_grads(tr, sum);
        for (int j = 0; j < BATCH; j++) {
            Trace *one = s.of[j].trace;
            trace_forward(one, column[j], s.of[0].params);
            trace_backward(one);
            assert_true(trace_loss(one) == trace_loss_of(tr, j));
            for (int i = 0; i < g->n_weights; i++) other[i] += trace_param_grads(one)[i];
        }
        for (int i = 0; i < g->n_weights; i++)
            if (sum[i] != other[i])
                fail_msg("net %d weight %d: %.17g, %.17g", k, i, sum[i], other[i]);
        free_sequences(&s);
    }
    assert_int_equal(wide, NETS - 2);
}

static void test_no_number_of_threads_changes_a_bit(void **state) {
    (void)state;
    static const int threads[] = {1, 2, 3, 5, 0};
    for (int k = 0; k < 2 * NETS; k++) {
        Sequences s;
        make_sequences(&nets[k / 2], k % 2, &s);
        const Graph *g = s.of[0].graph;
        TrainSpec spec = spec_of(OPTIM_ADAM, 0.02, 4, 2 * BATCH);
        size_t bytes = (size_t)g->n_weights * sizeof(double);
        double *first = ARENA_ARRAY(s.of[0].arena, double, 2 * g->n_weights);
        double *params = first + g->n_weights;
        for (int i = 0; i < 5; i++) {
            spec.threads = threads[i];
            memcpy(params, s.of[0].params, bytes);
            train(s.of[0].arena, g, &spec, one_of, &s, NULL, NULL, params);
            if (i == 0) memcpy(first, params, bytes);
            assert_memory_equal(first, params, bytes);
        }
        assert_memory_not_equal(first, s.of[0].params, bytes);
        free_sequences(&s);
    }
}

static void test_a_score_is_that_of_each_sequence_whatever_the_threads(void **state) {
    (void)state;
    static const int threads[] = {1, 2, 5};
    for (int k = 0; k < 2 * NETS; k++) {
        Sequences s;
        make_sequences(&nets[k / 2], k % 2, &s);
        const Graph *g = s.of[0].graph;
        Score first = {0};
        for (int i = 0; i < 3; i++) {
            TrainSpec spec = spec_of(OPTIM_SGD, 0, 0, 1);
            spec.threads = threads[i];
            TrainJob job = {g, &spec, one_of, &s};
            Score score;
            const double *params = s.of[0].params;
            assert_true(train_score(s.of[0].arena, &job, 0, BATCH, params, NULL, NULL, &score));
            if (i == 0) first = score;
            assert_true(score.loss == first.loss && score.right == first.right);
            assert_true(score.answers == first.answers && score.sequences == BATCH);
        }
        double sum = 0;
        int64_t right = 0, answers = 0;
        for (int j = 0; j < BATCH; j++) {
            Net *net = &s.of[j];
            trace_forward(net->trace, &net->seq, s.of[0].params);
            sum += trace_loss(net->trace);
            right += trace_right_of(net->trace, 0, &answers);
        }
        if (g->draw < 0) CHECK_NEAR(first.loss, sum, 1e-12); // chance is drawn from the seed
        if (g->draw < 0) assert_int_equal(right, first.right);
        assert_int_equal(answers, first.answers);
        bool asks = g->loss_kind == LOSS_CROSS_ENTROPY || g->loss_kind == LOSS_BINARY_CROSS_ENTROPY;
        assert_true((answers > 0) == asks && right <= answers);
        free_sequences(&s);
    }
}

// ---- truncation and dropout

static void test_a_piece_as_long_as_the_sequence_cuts_nothing(void **state) {
    (void)state;
    Net net = net_make(&text);
    Trace *cut = trace_new(net.arena, net.graph, net.seq.steps);
    size_t bytes = (size_t)net.graph->n_weights * sizeof(double);
    for (int piece = 1; piece <= 6; piece++) {
        trace_truncate(net.arena, cut, piece, piece);
        trace_forward(cut, &net.seq, net.params);
        trace_backward(cut);
        bool same = !memcmp(trace_param_grads(cut), trace_param_grads(net.trace), bytes);
        assert_true(same == (piece >= net.seq.steps));
    }
    net_free(&net);
}

// ---- losses that go back further than their piece

static const NetText reaching = {
    .layers = {{LSTM_EQUATIONS, .hidden = 3}, {LSTM_EQUATIONS, .hidden = 2}},
    .head = SOFTMAX_HEAD,
    .loss = LOSS_CROSS_ENTROPY,
    .steps = 7,
    .sum = true};
static const char *const states[] = {"c", "h", "layer2.c", "layer2.h"};

/// Adds what full BPTT gives for timesteps from .. to alone, begun with the states of the whole run
/// before them, and with the losses from `first` on.
static void add_alone(const Net *whole, int from, int first, int to, double *sum) {
    NetText text_alone = reaching;
    text_alone.steps = to - from + 1;
    for (int k = 0; k < 4 && from > 1; k++) {
        int node = net_node(whole, states[k]);
        text_alone.starts[k] = (StartSpec){states[k], trace_value(whole->trace, node, from - 1),
                                           dim_count(whole->graph->nodes[node].dim), NO_SPAN};
    }
    Net alone = net_make(&text_alone);
    alone.seq.inputs = whole->inputs + (from - 1) * whole->seq.input;
    alone.seq.targets = whole->targets + (from - 1) * whole->seq.target;
    for (int place = from; place <= to; place++) alone.has_loss[place - from] = place >= first;
    trace_forward(alone.trace, &alone.seq, whole->params);
    trace_backward(alone.trace);
    assert_int_equal(alone.graph->n_weights, whole->graph->n_weights);
    for (int i = 0; i < whole->graph->n_weights; i++) sum[i] += trace_param_grads(alone.trace)[i];
    net_free(&alone);
}

static void test_losses_of_a_piece_go_back_as_far_as_they_may(void **state) {
    (void)state;
    static const int ways[][2] = {{1, 1}, {1, 3}, {2, 3}, {2, 5}, {3, 4}, {3, 5}, {3, 20}, {4, 6}};
    Net net = net_make(&reaching);
    int n = net.graph->n_weights, steps = net.seq.steps;
    for (size_t k = 0; k < sizeof ways / sizeof *ways; k++) {
        int every = ways[k][0], back = ways[k][1];
        Trace *cut = trace_new(net.arena, net.graph, steps);
        trace_truncate(net.arena, cut, every, back);
        double *sum = ARENA_ARRAY(net.arena, double, n);
        for (int begin = 1; begin <= steps; begin += every) {
            int whole = begin + every - 1, from = whole - back + 1;
            add_alone(&net, from < 1 ? 1 : from, begin, whole < steps ? whole : steps, sum);
        }
        for (int again = 0; again < 2; again++) { // nothing of one run is left in the next
            trace_forward(cut, &net.seq, net.params);
            trace_backward(cut);
            for (int i = 0; i < n; i++) CHECK_NEAR(trace_param_grads(cut)[i], sum[i], 1e-13);
        }
        bool same = true;
        for (int i = 0; i < n; i++) same &= fabs(trace_param_grads(net.trace)[i] - sum[i]) < 1e-13;
        assert_true(same == (every + back > steps && back >= steps));
    }
    net_free(&net);
}

static void
test_a_reach_beyond_the_sequence_is_full_bptt_and_one_of_a_piece_is_the_piece(void **state) {
    (void)state;
    Net net = net_make(&reaching);
    size_t bytes = (size_t)net.graph->n_weights * sizeof(double);
    Trace *pieces = trace_new(net.arena, net.graph, 7), *cut = trace_new(net.arena, net.graph, 7);
    trace_truncate(net.arena, pieces, 7, 7);
    trace_truncate(net.arena, cut, 7, 9);
    Trace *traces[] = {pieces, cut};
    for (int k = 0; k < 2; k++) {
        trace_forward(traces[k], &net.seq, net.params);
        trace_backward(traces[k]);
        assert_memory_equal(trace_param_grads(traces[k]), trace_param_grads(net.trace), bytes);
    }
    net_free(&net);
}

static void test_pieces_that_reach_back_to_the_start_add_up_to_full_bptt(void **state) {
    (void)state;
    const NetText handing[] = {NETS_THAT_HAND_ON};
    for (size_t k = 0; k < sizeof handing / sizeof *handing; k++) {
        Net net = net_make(&handing[k]);
        int n = net.graph->n_weights;
        for (int every = 1; every <= 3; every++) {
            Trace *pieces = trace_new(net.arena, net.graph, net.seq.steps);
            trace_truncate(net.arena, pieces, every, 50);
            trace_forward(pieces, &net.seq, net.params);
            trace_backward(pieces);
            for (int i = 0; i < n; i++)
                assert_true(fabs(trace_param_grads(pieces)[i] - trace_param_grads(net.trace)[i]) <
                            1e-13);
        }
        net_free(&net);
    }
}

static void test_only_networks_that_read_forward_can_reach_back(void **state) {
    (void)state;
    for (int k = 0; k < NETS; k++) {
        Net net = net_make(&nets[k]);
        bool backs = false;
        for (int i = 0; i < 6; i++) backs |= nets[k].layers[i].backward;
        assert_true(trace_can_reach(net.graph) == !backs);
        net_free(&net);
    }
}

static bool sum_losses(void *context, int step, double loss) {
    (void)step;
    *(double *)context += loss;
    return true;
}

static void test_dropout_is_drawn_anew_and_repeats_with_its_seed(void **state) {
    (void)state;
    NetText dropped = nets[2];
    dropped.dropout = true;
    Sequences plain, s;
    make_sequences(&nets[2], true, &plain);
    for (int i = 0; i < BATCH; i++) s.of[i] = plain.of[i];
    const Graph *g = net_graph(plain.of[0].arena, &dropped);
    assert_int_equal(g->n_masks, 2); // between the layers, and before the head
    assert_int_equal(g->n_weights, plain.of[0].graph->n_weights);
    double losses[4] = {0};
    for (int i = 0; i < 4; i++) {
        TrainSpec spec = spec_of(OPTIM_SGD, 0, 10, BATCH);
        spec.dropout = i == 0 ? 0 : 0.5;
        spec.seed = i == 3 ? 2 : 1;
        train(plain.of[0].arena, g, &spec, one_of, &s, sum_losses, &losses[i], plain.of[0].params);
    }
    double without = 0;
    TrainSpec spec = spec_of(OPTIM_SGD, 0, 10, BATCH);
    train(plain.of[0].arena, plain.of[0].graph, &spec, one_of, &s, sum_losses, &without,
          plain.of[0].params);
    assert_true(losses[0] == without);
    assert_true(losses[1] != without && losses[1] == losses[2] && losses[3] != losses[1]);
    free_sequences(&plain);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_every_optimizer_goes_downhill),
        RUN(test_adams_first_step_has_the_size_of_the_rate),
        RUN(test_clipping_keeps_short_gradients_and_scales_long_ones),
        RUN(test_clipping_by_value_holds_each_number_within_bounds),
        RUN(test_schedules_warm_up_and_come_down),
        RUN(test_training_lowers_the_loss_on_sequences_of_any_length),
        RUN(test_a_batch_of_one_sequence_thrice_is_that_sequence),
        RUN(test_training_stops_when_told_and_repeats_exactly),
        RUN(test_sequences_side_by_side_give_the_bits_of_one_after_the_other),
        RUN(test_no_number_of_threads_changes_a_bit),
        RUN(test_a_score_is_that_of_each_sequence_whatever_the_threads),
        RUN(test_a_piece_as_long_as_the_sequence_cuts_nothing),
        RUN(test_losses_of_a_piece_go_back_as_far_as_they_may),
        RUN(test_a_reach_beyond_the_sequence_is_full_bptt_and_one_of_a_piece_is_the_piece),
        RUN(test_pieces_that_reach_back_to_the_start_add_up_to_full_bptt),
        RUN(test_only_networks_that_read_forward_can_reach_back),
        RUN(test_dropout_is_drawn_anew_and_repeats_with_its_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
