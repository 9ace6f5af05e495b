// The optimizer step that is shown is the one that training would take next.
#include "core/update.h"

#include <math.h>
#include <string.h>

#include "lesson/explain_update.h"
#include "lesson/reading.h"
#include "lesson/say.h"
#include "net.h"

static const NetText text = {
    .layers = {{LSTM_EQUATIONS}}, .head = SOFTMAX_HEAD, .loss = LOSS_CROSS_ENTROPY};

static const Sequence *same(void *context, int64_t i) {
    (void)i;
    return context;
}

static TrainSpec spec_of(int kind, int steps, double clip) {
    TrainSpec spec = train_spec((OptimKind)kind);
    spec.steps = steps;
    spec.clip = clip;
    spec.schedule = (Schedule){.kind = SCHEDULE_COSINE, .over = 20};
    return spec;
}

static Update *update_after(Net *net, const TrainSpec *spec) {
    TrainJob job = {net->graph, spec, same, &net->seq};
    Trained trained = trained_new(net->arena, net->graph, spec);
    train_on(net->arena, &job, spec->steps, NULL, NULL, net->params, &trained);
    assert_int_equal(trained.steps, spec->steps);
    trace_forward(net->trace, &net->seq, net->params);
    trace_backward(net->trace);
    return update_new(net->arena, spec, &trained, net->graph->n_weights,
                      trace_param_grads(net->trace), net->params);
}

static void test_the_update_after_n_steps_is_step_n_plus_1(void **state) {
    (void)state;
    for (int kind = 0; kind < OPTIM_COUNT; kind++)
        for (int steps = 0; steps < 4; steps += 3)
            for (int clips = 0; clips < 2; clips++) {
                Net a = net_make(&text), b = net_make(&text);
                TrainSpec spec = spec_of(kind, steps, clips ? 0.01 : 0);
                size_t bytes = (size_t)a.graph->n_weights * sizeof(double);
                Update *u = update_after(&a, &spec);
                assert_int_equal(u->t, steps + 1);
                assert_memory_equal(u->before, a.params, bytes);
                spec.steps++;
                train(b.arena, b.graph, &spec, same, &b.seq, NULL, NULL, b.params);
                assert_memory_equal(u->after, b.params, bytes);
                assert_int_equal(u->scale < 1, clips);
                net_free(&a);
                net_free(&b);
            }
}

static void test_clipping_is_told_as_it_was_done(void **state) {
    (void)state;
    Net net = net_make(&text);
    TrainSpec spec = spec_of(OPTIM_SGD, 2, 0.01);
    spec.clip_value = 0.02;
    Update *u = update_after(&net, &spec);
    double squares = 0;
    for (int i = 0; i < u->n; i++) {
        double g = fmax(-0.02, fmin(0.02, u->grad[i]));
        squares += g * g;
        assert_true(fabs(u->clipped[i] - u->scale * g) < 1e-15);
    }
    assert_true(fabs(u->norm - sqrt(squares)) < 1e-12);
    net_free(&net);
}

// ---- in words

static const char *const lessons_of[] = {
    "optimizer: sgd",
    "optimizer: sgd, decay: 0.1",
    "optimizer: momentum, dampening: 0.2",
    "optimizer: nesterov, clip: 0.01",
    "optimizer: rmsprop",
    "optimizer: rmsprop, centered: yes, momentum: 0.5, clip_value: 0.001",
    "optimizer: rmsprop, centered: yes",
    "optimizer: rmsprop, momentum: 0.5",
    "optimizer: adagrad, rate_decay: 0.1",
    "optimizer: adagrad",
    "optimizer: adam, decay: 0.01, clip: 0.01, clip_value: 0.01",
    "optimizer: adamw, amsgrad: yes",
    "optimizer: adamw, decay: 0",
};
enum { LESSONS = sizeof lessons_of / sizeof *lessons_of };

static const Lesson *load(Arena *a, const char *train, int steps) {
    static const Places places = {"assets", "lessons"};
    const char *md = arena_printf(
        a,
        "---\ntitle: T\nmodel: {cell: lstm, hidden: 2, head: softmax, loss: cross-entropy}\n"
        "data: {inputs: [[1, 0], [0, 1]], targets: [1, 0]}\nweights: {seed: 3}\n"
        "train: {%s, steps: %d}\n---\n# T\n",
        train, steps);
    Source *source = ARENA_NEW(a, Source);
    *source = (Source){"t.md", md, strlen(md)};
    Diags d = diags_new(a);
    Training training = {.steps = -1};
    const Lesson *l = lesson_from_source(a, source, &places, &training, &d);
    Buf why = buf_new(a);
    diags_print(&d, &why);
    if (!l) fail_msg("%s", buf_str(&why));
    return l;
}

static void test_every_optimizer_tells_its_rule_to_the_new_value(void **state) {
    (void)state;
    for (int k = 0; k < LESSONS * 2; k++) {
        Arena *a = arena_new();
        const Lesson *l = load(a, lessons_of[k / 2], k % 2 ? 3 : 0);
        assert_non_null(l->update);
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            int n, param = graph_find_param(l->graph, "W_f");
            const UpdateLine *lines = explain_update(a, l, param, 2, (Lang)lang, &n);
            if (n < 3) fail_msg("%s has %d lines", lessons_of[k / 2], n);
            assert_int_equal(lines[0].kind, LINE_GRADIENT);
            assert_int_equal(lines[n - 2].kind, LINE_CHANGE);
            assert_int_equal(lines[n - 1].kind, LINE_WEIGHT);
            for (int i = 0; i < n; i++) {
                if (i && strpbrk(lines[i].rule, "<>*")) fail_msg("%s", lines[i].rule);
                if (i && strpbrk(lines[i].numbers, "<>*")) fail_msg("%s", lines[i].numbers);
                if (i < n - 2) assert_true(lines[i].kind != LINE_CHANGE);
            }
        }
        arena_free(a);
    }
}

static void test_the_change_is_what_the_rule_says(void **state) {
    (void)state;
    Arena *a = arena_new();
    const Lesson *l = load(a, "optimizer: adam, rate: 0.02", 5);
    int n, param = graph_find_param(l->graph, "W_g");
    const UpdateLine *x = explain_update(a, l, param, 3, LANG_EN, &n);
    assert_int_equal(n, 7); // gradient, moments, corrected moments, change, new value
    assert_true(fabs(x[3].value - x[1].value / (1 - pow(0.9, 6))) < 1e-12);
    assert_true(fabs(x[4].value - x[2].value / (1 - pow(0.999, 6))) < 1e-12);
    double change = -0.02 * x[3].value / (sqrt(x[4].value) + 1e-8);
    assert_true(fabs(x[5].value - change) < 1e-12);
    assert_string_equal(x[1].rule, "\\beta_1\\,m+(1-\\beta_1)\\,g");
    arena_free(a);
}

static void test_a_lesson_without_a_train_block_has_no_update(void **state) {
    (void)state;
    static const Places places = {"assets", "lessons"};
    Arena *a = arena_new();
    Diags d = diags_new(a);
    const Lesson *l = lesson_load(a, "tests/golden/say/lstm.md", &places, NULL, NULL, &d);
    int first, last;
    assert_non_null(l);
    assert_null(l->update);
    assert_false(walk_phase_range(l->walk, PHASE_UPDATE, &first, &last));
    arena_free(a);
}

static void test_sentences_name_optimizer_change_and_weights(void **state) {
    (void)state;
    Arena *a = arena_new();
    const Lesson *l = load(a, "optimizer: adam, rate: 0.02", 0);
    int at = walk_find(l->walk, PHASE_UPDATE, l->graph->params[0].node, 1) + 1;
    const char *all = say_step(a, l, (Playhead){at, 0}, GRAIN_OPERATION, LANG_EN);
    const char *one = say_step(a, l, (Playhead){at, 2}, GRAIN_UNIT, LANG_EN);
    const char *zh = say_step(a, l, (Playhead){at, 2}, GRAIN_UNIT, LANG_ZH);
    const char *done = say_step(a, l, (Playhead){walk_count(l->walk), 0}, GRAIN_PHASE, LANG_EN);
    assert_non_null(strstr(all, "Adam moves W_f by at most 0.0200: of its 8 numbers"));
    assert_non_null(strstr(one, "W_f, row 1, column 2: gradient "));
    assert_non_null(strstr(one, "first moment "));
    assert_non_null(strstr(zh, "一阶矩为"));
    assert_non_null(strstr(zh, "第 1 行第 2 列"));
    assert_non_null(strstr(done, "in optimizer step 1."));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_the_update_after_n_steps_is_step_n_plus_1),
        RUN(test_clipping_is_told_as_it_was_done),
        RUN(test_every_optimizer_tells_its_rule_to_the_new_value),
        RUN(test_the_change_is_what_the_rule_says),
        RUN(test_a_lesson_without_a_train_block_has_no_update),
        RUN(test_sentences_name_optimizer_change_and_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
