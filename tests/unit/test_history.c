// The history of a training: any optimizer step is opened with the very weights that training had.
#include "core/history.h"

#include "net.h"

enum { BATCH = 5, STEPS = 23, LENGTHS = 3 };

static const NetText text = {
    .layers = {{LSTM_EQUATIONS, .hidden = 3}, {LSTM_EQUATIONS, .hidden = 3}},
    .head = SOFTMAX_HEAD,
    .loss = LOSS_CROSS_ENTROPY,
    .dropout = true};

/// A training, and what it was like as it ran.
typedef struct {
    Net net[LENGTHS * 7];
    const Graph *graph;
    TrainSpec spec;
    TrainJob job;
    double *params;             // those being trained
    double *weights[STEPS + 1]; // before step i + 1
    double losses[STEPS];
    int stop_after;
} Run;

static const Sequence *sequence_of(void *context, int64_t i) {
    return &((Run *)context)->net[i % (LENGTHS * 7)].seq;
}

static double *copy_weights(Run *r) {
    double *to = ARENA_ARRAY(r->net[0].arena, double, r->graph->n_weights);
    memcpy(to, r->params, (size_t)r->graph->n_weights * sizeof *to);
    return to;
}

static bool note(void *context, int step, double loss) {
    Run *r = context;
    r->losses[step - 1] = loss;
    r->weights[step] = copy_weights(r);
    return step != r->stop_after;
}

static void run_new(Run *r, OptimKind kind) {
    *r = (Run){.spec = train_spec(kind)};
    for (int i = 0; i < LENGTHS * 7; i++) {
        NetText one = text;
        one.dropout = false;
        one.seed = (uint64_t)i;
        one.steps = 4 + i % LENGTHS;
        r->net[i] = net_make(&one);
    }
    r->graph = net_graph(r->net[0].arena, &text);
    r->params = r->net[0].params;
    r->spec.steps = STEPS;
    r->spec.batch = BATCH;
    r->spec.clip = 0.5;
    r->spec.clip_value = 0.2;
    r->spec.truncate = 2;
    r->spec.dropout = 0.3;
    r->spec.seed = 4;
    r->spec.schedule = (Schedule){.kind = SCHEDULE_COSINE, .warmup = 4, .over = 15};
    r->spec.threads = 1;
    r->job = (TrainJob){r->graph, &r->spec, sequence_of, r};
}

static void run_free(Run *r) {
    for (int i = 0; i < LENGTHS * 7; i++) net_free(&r->net[i]);
}

/// Room for so many keyframes.
static size_t room(const Run *r, int frames) {
    size_t numbers =
        (size_t)r->graph->n_weights * (1 + (size_t)optim_defs[r->spec.optimizer].n_state);
    return (size_t)frames * numbers * sizeof(double);
}

static History *run_history(Run *r, size_t limit) {
    History *h = history_new(r->net[0].arena, &r->job, limit);
    Trained at;
    r->weights[0] = copy_weights(r);
    bool whole = history_train(h, note, r, r->params, &at);
    assert_true(whole == (r->stop_after == 0));
    assert_int_equal(at.steps, history_steps(h));
    return h;
}

/// Opens every step, the last one first.
static void check_all(const Run *r, const History *h) {
    size_t bytes = (size_t)r->graph->n_weights * sizeof(double);
    for (int t = history_steps(h); t >= 1; t--) {
        Arena *a = arena_new();
        Moment m;
        assert_true(history_open(h, a, t, NULL, NULL, &m));
        assert_memory_equal(m.params, r->weights[t - 1], bytes);
        assert_int_equal(m.from.steps, t - 1);
        assert_true(m.loss == r->losses[t - 1] && history_losses(h)[t - 1] == m.loss);
        train_update(&r->spec, r->graph->n_weights, t, m.grad, m.from.state, m.params);
        assert_memory_equal(m.params, r->weights[t], bytes);
        arena_free(a);
    }
}

static void test_any_step_opens_with_the_bits_that_training_had(void **state) {
    (void)state;
    static const int frames[] = {1, 2, 3, 6, 12, STEPS};
    for (int kind = 0; kind < OPTIM_COUNT; kind++) {
        Run r;
        run_new(&r, (OptimKind)kind);
        r.spec.with[OPTION_RATE] = 0.05;
        History *h = run_history(&r, room(&r, frames[kind % 6]));
        assert_int_equal(history_steps(h), STEPS);
        assert_memory_not_equal(r.weights[0], r.weights[STEPS], sizeof(double));
        check_all(&r, h);
        run_free(&r);
    }
}

static void test_no_number_of_threads_changes_what_is_opened(void **state) {
    (void)state;
    Run r;
    run_new(&r, OPTIM_ADAM);
    r.spec.batch = 40; // several blocks
    r.spec.threads = 3;
    check_all(&r, run_history(&r, room(&r, 4)));
    run_free(&r);
}

static void test_a_stopped_training_opens_as_far_as_it_got(void **state) {
    (void)state;
    for (int stop = 1; stop <= 9; stop += 4) {
        Run r;
        run_new(&r, OPTIM_MOMENTUM);
        r.stop_after = stop;
        History *h = run_history(&r, room(&r, 6));
        assert_int_equal(history_steps(h), stop);
        check_all(&r, h);
        run_free(&r);
    }
}

static bool stop_at_once(void *context, int step, double loss) {
    (void)loss;
    ++*(int *)context;
    return step < 0;
}

static void test_a_replay_can_be_stopped(void **state) {
    (void)state;
    Run r;
    run_new(&r, OPTIM_SGD);
    History *h = run_history(&r, room(&r, 1));
    Moment m;
    int calls = 0;
    assert_false(history_open(h, r.net[0].arena, STEPS, stop_at_once, &calls, &m));
    assert_int_equal(calls, 1);
    run_free(&r);
}

static void test_the_spacing_holds_the_memory_within_its_limit(void **state) {
    (void)state;
    TrainSpec spec = train_spec(OPTIM_ADAM);
    double frame = (1 + optim_defs[OPTIM_ADAM].n_state) * 200.0 * sizeof(double);
    spec.steps = 10000;
    size_t whole = 10000 * (size_t)frame;
    assert_int_equal(history_spacing(&spec, 200, whole), 1);
    assert_int_equal(history_spacing(&spec, 200, whole - 1), 2);
    assert_int_equal(history_spacing(&spec, 200, (size_t)frame), 16384);
    assert_int_equal(history_spacing(&spec, 200, (size_t)frame - 1), 0);
    for (int n = 10; n < 2000000; n *= 7) {
        double losses = spec.steps * (double)sizeof(double), pointers = losses;
        assert_true(history_bytes(&spec, n, HISTORY_MAX_BYTES) <=
                    HISTORY_MAX_BYTES + losses + pointers);
    }
    spec.steps = 0;
    assert_int_equal(history_spacing(&spec, 200, 1 << 20), 1);
}

static void test_what_is_kept_is_what_was_predicted(void **state) {
    (void)state;
    Run r;
    run_new(&r, OPTIM_ADAMW);
    History *h = run_history(&r, room(&r, 6));
    int spacing;
    double kept = history_kept(h, &spacing);
    assert_int_equal(spacing, 4);
    assert_true(kept == (double)room(&r, 6));
    double others = STEPS * (double)sizeof(double) + 6 * (double)sizeof(double *);
    assert_true(history_bytes(&r.spec, r.graph->n_weights, room(&r, 6)) == kept + others);
    run_free(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_any_step_opens_with_the_bits_that_training_had),
        RUN(test_no_number_of_threads_changes_what_is_opened),
        RUN(test_a_stopped_training_opens_as_far_as_it_got),
        RUN(test_a_replay_can_be_stopped),
        RUN(test_the_spacing_holds_the_memory_within_its_limit),
        RUN(test_what_is_kept_is_what_was_predicted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
