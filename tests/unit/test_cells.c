// The shipped cells: each is whole, runs, and has the gradients of differences; and where two of
// them are the same cell in other words, they have the same numbers, forward and backward.
#include "core/gradcheck.h"
#include "lesson/lesson.h"
#include "net.h"

static const Places places = {"assets", "lessons"};

// ---- every file ----

static Lesson *run_cell(Arena *a, const char *name) {
    Diags d = diags_new(a);
    Lesson *l =
        lesson_load(a, arena_printf(a, "assets/cells/%s.cell", name), &places, NULL, NULL, &d);
    net_expect_ok(a, &d);
    assert_non_null(l);
    return l;
}

static void for_every_cell(void (*check)(const char *name, const Lesson *l)) {
    Arena *names = arena_new();
    const char *const *name = lesson_cells(names, &places);
    int n = 0;
    for (; *name; name++, n++) {
        Arena *a = arena_new();
        check(*name, run_cell(a, *name));
        arena_free(a);
    }
    assert_in_range(n, 50, 1000);
    arena_free(names);
}

static bool written(const char *text) {
    return text && *text;
}

static void check_texts(const char *name, const Lesson *l) {
    const CellAst *cell = l->cell;
    assert_string_equal(cell->name, name);
    if (!written(cell->title[0]) || !written(cell->title[1])) fail_msg("%s: a title lacks", name);
    if (!written(cell->origin[0])) fail_msg("%s: no source", name);
    if (!written(cell->note[0]) || !written(cell->note[1])) fail_msg("%s: a note lacks", name);
    for (int i = 0; i < cell->n_equations; i++) {
        const EquationAst *e = &cell->equations[i];
        if (!written(e->label[0]) || !written(e->label[1]))
            fail_msg("%s: a label of %s lacks", name, e->name);
    }
}

static void test_every_cell_is_named_after_its_place_and_labelled_in_both_languages(void **state) {
    (void)state;
    for_every_cell(check_texts);
}

static void check_finite(const char *name, const Lesson *l) {
    const Graph *g = l->graph;
    assert_true(isfinite(trace_loss(l->trace)));
    for (int n = 0; n < g->n_nodes; n++)
        for (int place = 1; place <= l->sequence.steps; place++)
            for (int i = 0;
                 trace_runs(l->trace, g->nodes[n].part, place) && i < dim_count(g->nodes[n].dim);
                 i++)
                if (!isfinite(trace_value(l->trace, n, place)[i]) ||
                    !isfinite(trace_grad(l->trace, n, place)[i]))
                    fail_msg("%s: node %d at %d is not finite", name, n, place);
    double size = 0;
    for (int i = 0; i < g->n_weights; i++) size += fabs(trace_param_grads(l->trace)[i]);
    if (!(size > 0)) fail_msg("%s learns nothing", name);
}

static void test_every_cell_runs_as_a_lesson_with_finite_numbers(void **state) {
    (void)state;
    for_every_cell(check_finite);
}

static void check_gradient(const char *name, const Lesson *l) {
    const Graph *g = l->graph;
    Arena *a = arena_new();
    GradCheck *rows = ARENA_ARRAY(a, GradCheck, g->n_params);
    gradcheck(a, g, &l->sequence, l->params, rows);
    for (int p = 0; p < g->n_params; p++)
        if (!(rows[p].worst < GRADCHECK_BOUND))
            fail_msg("%s: %s[%d]: %.17g by BPTT, %.17g by differences", name, g->params[p].full,
                     rows[p].worst_at, rows[p].bptt, rows[p].nudged);
    arena_free(a);
}

static void test_every_cell_has_the_gradient_of_differences(void **state) {
    (void)state;
    for_every_cell(check_gradient);
}

static void test_every_cell_has_numbers_of_a_program_apart(void **state) {
    (void)state;
    Arena *a = arena_new();
    Diags d = diags_new(a);
    const Source *values = source_read(a, "tests/oracle/cells.txt", 1 << 24, &d);
    const Source *trained = source_read(a, "tests/oracle/cells_train.txt", 1 << 24, &d);
    net_expect_ok(a, &d);
    for (const char *const *name = lesson_cells(a, &places); *name; name++) {
        const char *line = arena_printf(a, "\ncell %s\n", *name);
        if (!strstr(values->text, line) || !strstr(trained->text, line))
            fail_msg("%s has no numbers of PyTorch's", *name);
    }
    arena_free(a);
}

// ---- one cell in two forms ----

static Arena *arena;

static int set_up(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

enum { INPUT = 3, HIDDEN = 4 };

/// A network of one cell, a name in assets/cells or a text of equations, with random weights and a
/// probe at every timestep; the same inputs and probe for every cell.
static Net cell_net(const char *cell, int hidden) {
    if (!strchr(cell, '=')) cell = net_shipped_cell(arena, cell);
    NetText text = {.layers = {{cell, .hidden = hidden}}, .input = INPUT, .loss = LOSS_PROBE};
    Net net = net_make(&text);
    Rng r = rng_new(5);
    for (int i = 0; i < net.graph->n_weights; i++) net.params[i] = 2 * rng_uniform(&r) - 1;
    net_run(&net);
    return net;
}

/// Columns of `into`, from `column` on, become those of `from`, times a factor.
static void put(Net *to, const char *into, int column, const Net *of, const char *from,
                double factor) {
    const Param *source = &of->graph->params[graph_find_param(of->graph, from)];
    const Param *place = &to->graph->params[graph_find_param(to->graph, into)];
    const double *s = net_param(of, from);
    double *p = net_param(to, into);
    assert_int_equal(source->dim.rows, place->dim.rows);
    assert_true(column + source->dim.cols <= place->dim.cols);
    for (int r = 0; r < source->dim.rows; r++)
        for (int c = 0; c < source->dim.cols; c++)
            p[r * place->dim.cols + column + c] = factor * s[r * source->dim.cols + c];
}

static void fill(Net *net, const char *name, double value) {
    const Param *p = &net->graph->params[graph_find_param(net->graph, name)];
    for (int i = 0; i < dim_count(p->dim); i++) net_param(net, name)[i] = value;
}

/// Every parameter of `to` that `of` has under the same name.
static void put_same(Net *to, const Net *of) {
    for (int p = 0; p < to->graph->n_params; p++) {
        const char *name = to->graph->params[p].full;
        if (graph_find_param(of->graph, name) >= 0) put(to, name, 0, of, name, 1);
    }
}

/// W = [R, W] and b of one gate.
static void put_gate(Net *stacked, const char *into, const Net *split, const char *from) {
    const char *w = arena_printf(arena, "W_%s", into), *b = arena_printf(arena, "b_%s", into);
    put(stacked, w, 0, split, arena_printf(arena, "R_%s", from), 1);
    put(stacked, w, HIDDEN, split, arena_printf(arena, "W_%s", from), 1);
    put(stacked, b, 0, split, arena_printf(arena, "b_%s", from), 1);
}

static void near(double a, double b) {
    if (!(fabs(a - b) <= 1e-12 * fmax(1, fmax(fabs(a), fabs(b)))))
        fail_msg("%.17g and %.17g differ by %.3g", a, b, fabs(a - b));
}

/// The same output, loss and gradient of the inputs.
static void check_same(Net *a, Net *b) {
    net_run(a);
    net_run(b);
    int rows = dim_count(a->graph->nodes[a->graph->output].dim);
    assert_int_equal(rows, dim_count(b->graph->nodes[b->graph->output].dim));
    double size = 0;
    for (int t = 1; t <= a->seq.steps; t++) {
        for (int i = 0; i < rows; i++)
            near(trace_value(a->trace, a->graph->output, t)[i],
                 trace_value(b->trace, b->graph->output, t)[i]);
        for (int i = 0; i < INPUT; i++) {
            near(trace_grad(a->trace, a->graph->data, t)[i],
                 trace_grad(b->trace, b->graph->data, t)[i]);
            size += fabs(trace_grad(a->trace, a->graph->data, t)[i]);
        }
    }
    near(trace_loss(a->trace), trace_loss(b->trace));
    assert_true(size > 0.01);
    net_free(a);
    net_free(b);
}

static void test_without_peepholes_it_is_the_lstm(void **state) {
    (void)state;
    Net np = cell_net("greff/np", HIDDEN), lstm = cell_net("lstm", HIDDEN);
    put_gate(&lstm, "f", &np, "f");
    put_gate(&lstm, "i", &np, "i");
    put_gate(&lstm, "g", &np, "z");
    put_gate(&lstm, "o", &np, "o");
    check_same(&np, &lstm);
}

static void test_peepholes_of_nothing_are_none(void **state) {
    (void)state;
    Net np = cell_net("greff/np", HIDDEN), vanilla = cell_net("greff/vanilla", HIDDEN);
    put_same(&vanilla, &np);
    fill(&vanilla, "p_i", 0);
    fill(&vanilla, "p_f", 0);
    fill(&vanilla, "p_o", 0);
    check_same(&np, &vanilla);
}

static void test_a_gate_that_is_left_out_is_a_gate_that_is_wide_open(void **state) {
    (void)state;
    static const char *const gates[][2] = {
        {"greff/nig", "b_i"}, {"greff/nfg", "b_f"}, {"greff/nog", "b_o"}};
    for (int k = 0; k < 3; k++) {
        Net without = cell_net(gates[k][0], HIDDEN), vanilla = cell_net("greff/vanilla", HIDDEN);
        put_same(&vanilla, &without);
        fill(&vanilla, gates[k][1], 100);
        check_same(&without, &vanilla);
    }
}

static void test_the_coupled_forget_gate_is_an_input_gate_of_opposite_weights(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"W_f", "W_i"}, {"R_f", "R_i"}, {"p_f", "p_i"}, {"b_f", "b_i"}};
    Net cifg = cell_net("greff/cifg", HIDDEN), vanilla = cell_net("greff/vanilla", HIDDEN);
    put_same(&vanilla, &cifg);
    for (int k = 0; k < 4; k++) put(&vanilla, pairs[k][0], 0, &cifg, pairs[k][1], -1);
    check_same(&cifg, &vanilla);
}

static void test_both_ways_to_couple_gates_are_one_family(void **state) {
    (void)state;
    Net cifg = cell_net("greff/cifg", HIDDEN), coupled = cell_net("lstm-coupled", HIDDEN);
    fill(&cifg, "p_i", 0);
    fill(&cifg, "p_o", 0);
    put(&coupled, "W_f", 0, &cifg, "R_i", -1);
    put(&coupled, "W_f", HIDDEN, &cifg, "W_i", -1);
    put(&coupled, "b_f", 0, &cifg, "b_i", -1);
    put_gate(&coupled, "g", &cifg, "z");
    put_gate(&coupled, "o", &cifg, "o");
    check_same(&cifg, &coupled);
}

static void test_gates_that_do_not_hear_gates_are_the_vanilla_ones(void **state) {
    (void)state;
    Net fgr = cell_net("greff/fgr", HIDDEN), vanilla = cell_net("greff/vanilla", HIDDEN);
    put_same(&vanilla, &fgr);
    for (const char *from = "ifo"; *from; from++)
        for (const char *to = "ifo"; *to; to++)
            fill(&fgr, arena_printf(arena, "R_%c%c", *from, *to), 0);
    check_same(&fgr, &vanilla);
}

static void test_graves_and_greff_have_the_same_peepholes(void **state) {
    (void)state;
    Net graves = cell_net("lstm-peephole", HIDDEN), greff = cell_net("greff/vanilla", HIDDEN);
    static const char gates[][2] = {"ii", "ff", "oo", "zc"};
    for (int k = 0; k < 4; k++) {
        char to = gates[k][0], from = gates[k][1];
        put(&greff, arena_printf(arena, "W_%c", to), 0, &graves, arena_printf(arena, "W_x%c", from),
            1);
        put(&greff, arena_printf(arena, "R_%c", to), 0, &graves, arena_printf(arena, "W_h%c", from),
            1);
        put(&greff, arena_printf(arena, "b_%c", to), 0, &graves, arena_printf(arena, "b_%c", from),
            1);
        if (to != 'z')
            put(&greff, arena_printf(arena, "p_%c", to), 0, &graves,
                arena_printf(arena, "w_c%c", from), 1);
    }
    check_same(&graves, &greff);
}

static void test_stacked_peepholes_are_matrices_side_by_side(void **state) {
    (void)state;
    Net full = cell_net("lstm-peephole-full", HIDDEN), found = cell_net("found/peep-old", HIDDEN);
    for (const char *gate = "ifo"; *gate; gate++) {
        const char *w = arena_printf(arena, "W_%c", *gate), *b = arena_printf(arena, "b_%c", *gate);
        put(&found, w, 0, &full, arena_printf(arena, "V_%c", *gate), 1);
        put(&found, w, HIDDEN, &full, arena_printf(arena, "R_%c", *gate), 1);
        put(&found, w, 2 * HIDDEN, &full, w, 1);
        put(&found, b, 0, &full, b, 1);
    }
    put_gate(&found, "c", &full, "g");
    check_same(&full, &found);
}

static void test_a_projection_that_changes_nothing_leaves_an_lstm(void **state) {
    (void)state;
    enum { PROJ = 2 };
    Net lstm = cell_net("lstm", PROJ), projected = cell_net("lstm-projection", PROJ);
    put_same(&projected, &lstm);
    fill(&projected, "W_h", 0);
    for (int i = 0; i < PROJ; i++) net_param(&projected, "W_h")[i * PROJ + i] = 1;
    check_same(&lstm, &projected);
}

static void test_a_projected_state_is_shorter_than_the_cell_state(void **state) {
    (void)state;
    Net net = cell_net("lstm-projection", HIDDEN);
    const Graph *g = net.graph;
    assert_int_equal(g->nodes[net_node(&net, "h")].dim.rows, 2);
    assert_int_equal(g->nodes[net_node(&net, "c")].dim.rows, HIDDEN);
    assert_int_equal(g->params[graph_find_param(g, "W_f")].dim.cols, 2 + INPUT);
    net_free(&net);
}

static void test_before_or_after_is_one_where_units_do_not_meet(void **state) {
    (void)state;
    Net before = cell_net("gru", HIDDEN), after = cell_net("gru-after", HIDDEN);
    for (int i = 0; i < HIDDEN; i++)
        for (int k = 0; k < HIDDEN; k++)
            if (i != k) net_param(&after, "R_n")[i * HIDDEN + k] = 0;
    fill(&after, "d_n", 0);
    put(&before, "W_n", 0, &after, "R_n", 1);
    put(&before, "W_n", HIDDEN, &after, "W_n", 1);
    put(&before, "b_n", 0, &after, "b_n", 1);
    put(&before, "W_r", 0, &after, "W_r", 1);
    put(&before, "b_r", 0, &after, "b_r", 1);
    put(&before, "W_z", 0, &after, "W_z", 1);
    put(&before, "b_z", 0, &after, "b_z", 1);
    check_same(&before, &after);
}

static void test_the_stabiliser_of_slstm_changes_nothing(void **state) {
    (void)state;
    Net with = cell_net("slstm", HIDDEN);
    Net without = cell_net("i = exp(W_i @ x + R_i @ h[t-1] + b_i)\n"
                           "f = sigmoid(W_f @ x + R_f @ h[t-1] + b_f)\n"
                           "z = tanh(W_z @ x + R_z @ h[t-1] + b_z)\n"
                           "o = sigmoid(W_o @ x + R_o @ h[t-1] + b_o)\n"
                           "c = f * c[t-1] + i * z\n"
                           "n = f * n[t-1] + i\n"
                           "h = o * (c / n)\n",
                           HIDDEN);
    put_same(&without, &with);
    check_same(&with, &without);
}

static void test_the_stabiliser_of_mlstm_changes_nothing(void **state) {
    (void)state;
    Net with = cell_net("mlstm", HIDDEN);
    Net without = cell_net("size i = 1\n"
                           "size f = 1\n"
                           "size C = hidden x hidden\n"
                           "q = W_q @ x + b_q\n"
                           "k = (W_k @ x) / sqrt(hidden) + b_k\n"
                           "v = W_v @ x + b_v\n"
                           "i = exp(w_i' @ x + b_i)\n"
                           "f = sigmoid(w_f' @ x + b_f)\n"
                           "C = f * C[t-1] + i * (v @ k')\n"
                           "n = f * n[t-1] + i * k\n"
                           "o = sigmoid(W_o @ x + b_o)\n"
                           "h = o * (C @ q) / max(abs(n' @ q), 1)\n",
                           HIDDEN);
    put_same(&without, &with);
    check_same(&with, &without);
}

static void test_a_stabilised_sum_does_not_overflow(void **state) {
    (void)state;
    static const char *const cells[] = {"slstm", "mlstm"};
    for (int k = 0; k < 2; k++) {
        Net net = cell_net(cells[k], HIDDEN);
        fill(&net, "b_i", 2000); // exp(2000) has no double
        net_run(&net);
        for (int i = 0; i < HIDDEN; i++)
            assert_true(isfinite(trace_value(net.trace, net.graph->output, net.seq.steps)[i]));
        net_free(&net);
    }
}

static void test_a_clockwork_group_keeps_its_value_between_ticks(void **state) {
    (void)state;
    Net net = cell_net("clockwork", HIDDEN);
    int medium = net_node(&net, "b"), slow = net_node(&net, "c");
    for (int t = 1; t <= net.seq.steps; t++) {
        double b = trace_value(net.trace, medium, t)[0], c = trace_value(net.trace, slow, t)[0];
        double b1 = t > 1 ? trace_value(net.trace, medium, t - 1)[0] : 0;
        double c1 = t > 1 ? trace_value(net.trace, slow, t - 1)[0] : 0;
        assert_int_equal(b != b1, t % 2 == 0);
        assert_int_equal(c != c1, t % 4 == 0);
    }
    net_free(&net);
}

static void test_an_irnn_starts_as_a_copy_of_its_past(void **state) {
    (void)state;
    Net net = cell_net("irnn", HIDDEN);
    params_init(net.graph, 1, net.params);
    for (int i = 0; i < HIDDEN; i++) {
        CHECK_NEAR(net_param(&net, "b")[i], 0, 0);
        for (int k = 0; k < HIDDEN; k++)
            CHECK_NEAR(net_param(&net, "R")[i * HIDDEN + k], i == k, 0);
    }
    net_free(&net);
}

static void test_the_gates_of_minlstm_share_one_whole(void **state) {
    (void)state;
    Net net = cell_net("minlstm", HIDDEN);
    for (int t = 1; t <= net.seq.steps; t++)
        for (int i = 0; i < HIDDEN; i++)
            CHECK_NEAR(trace_value(net.trace, net_node(&net, "f_hat"), t)[i] +
                           trace_value(net.trace, net_node(&net, "i_hat"), t)[i],
                       1, 1e-15);
    net_free(&net);
}

static void test_an_output_gated_twice_is_never_negative(void **state) {
    (void)state;
    Net net = cell_net("found/gated-twice", HIDDEN);
    int negative_gates = 0;
    for (int t = 1; t <= net.seq.steps; t++)
        for (int i = 0; i < HIDDEN; i++) {
            assert_true(trace_value(net.trace, net_node(&net, "h"), t)[i] >= 0);
            negative_gates += trace_value(net.trace, net_node(&net, "i"), t)[i] < 0;
        }
    assert_true(negative_gates > 0);
    net_free(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_every_cell_is_named_after_its_place_and_labelled_in_both_languages),
        RUN(test_every_cell_runs_as_a_lesson_with_finite_numbers),
        RUN(test_every_cell_has_the_gradient_of_differences),
        RUN(test_every_cell_has_numbers_of_a_program_apart),
        RUN(test_without_peepholes_it_is_the_lstm),
        RUN(test_peepholes_of_nothing_are_none),
        RUN(test_a_gate_that_is_left_out_is_a_gate_that_is_wide_open),
        RUN(test_the_coupled_forget_gate_is_an_input_gate_of_opposite_weights),
        RUN(test_both_ways_to_couple_gates_are_one_family),
        RUN(test_gates_that_do_not_hear_gates_are_the_vanilla_ones),
        RUN(test_graves_and_greff_have_the_same_peepholes),
        RUN(test_stacked_peepholes_are_matrices_side_by_side),
        RUN(test_a_projection_that_changes_nothing_leaves_an_lstm),
        RUN(test_a_projected_state_is_shorter_than_the_cell_state),
        RUN(test_before_or_after_is_one_where_units_do_not_meet),
        RUN(test_the_stabiliser_of_slstm_changes_nothing),
        RUN(test_the_stabiliser_of_mlstm_changes_nothing),
        RUN(test_a_stabilised_sum_does_not_overflow),
        RUN(test_a_clockwork_group_keeps_its_value_between_ticks),
        RUN(test_an_irnn_starts_as_a_copy_of_its_past),
        RUN(test_the_gates_of_minlstm_share_one_whole),
        RUN(test_an_output_gated_twice_is_never_negative),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
