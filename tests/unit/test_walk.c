// The walk: its order, what is known when, and moving through it.
#include "core/walk.h"

#include <limits.h>

#include "net.h"

static const bool some[5] = {0, 1, 0, 0, 1};

static const NetText nets[] = {
    {.layers = {{LSTM_EQUATIONS}}, .head = SOFTMAX_HEAD, .loss = LOSS_CROSS_ENTROPY},
    {.layers = {{LSTM_EQUATIONS}, {LSTM_EQUATIONS}},
     .head = LINEAR_HEAD,
     .loss = LOSS_MSE,
     .has_loss = some},
    {.layers = {{LSTM_EQUATIONS, .layer = 1},
                {LSTM_EQUATIONS, .layer = 1, .backward = true, .reverse = true},
                {LSTM_EQUATIONS, .layer = 2},
                {LSTM_EQUATIONS, .layer = 2, .backward = true, .reverse = true}},
     .head = SOFTMAX_HEAD,
     .loss = LOSS_CROSS_ENTROPY,
     .has_loss = some},
    {.layers = {{LSTM_EQUATIONS, .backward = true}}, .loss = LOSS_PROBE},
    {.layers = {{LSTM_EQUATIONS}},
     .embedding = 2,
     .head = SOFTMAX_HEAD,
     .loss = LOSS_CROSS_ENTROPY},
    {.layers = {{"h = tanh(W @ h[t-1] + V @ x[t-2])\nstart h = a\n"}}},
    NETS_THAT_HAND_ON,
};
enum { N_NETS = sizeof nets / sizeof *nets };

typedef struct {
    Net net;
    Walk *walk;
} Case;

static Case case_make(int k) {
    Case c = {.net = net_make(&nets[k])};
    c.walk = walk_new(c.net.arena, c.net.trace);
    return c;
}

static const char *name_of(const Case *c, Step s) {
    const Graph *g = c->net.graph;
    if (s.equation >= 0) return g->equations[s.equation].full;
    if (s.node < 0) return "total";
    return g->nodes[s.node].op == OP_PARAM ? g->params[g->nodes[s.node].param].full : "x";
}

/// The names of the steps of a timestep, each equation once.
static const char *names_at(const Case *c, Phase phase, int place) {
    Buf b = buf_new(c->net.arena);
    const char *last = "";
    for (int i = 0; i < walk_count(c->walk); i++) {
        Step s = walk_step(c->walk, i);
        if (s.phase != phase || s.place != place) continue;
        if (strcmp(last, name_of(c, s)) != 0) buf_printf(&b, "%s ", name_of(c, s));
        last = name_of(c, s);
    }
    return buf_str(&b);
}

static void test_an_lstm_is_walked_in_the_order_of_its_equations(void **state) {
    (void)state;
    Case c = case_make(0);
    assert_string_equal(names_at(&c, PHASE_FORWARD, 3), "f i g c o h head.y ");
    assert_string_equal(names_at(&c, PHASE_LOSS, 3), "loss ");
    assert_string_equal(names_at(&c, PHASE_LOSS, 0), "total ");
    assert_string_equal(names_at(&c, PHASE_BACKWARD, 3),
                        "loss head.y head.W_y head.b_y h o c g i f "
                        "W_f b_f W_i b_i W_g b_g W_o b_o x ");
    net_free(&c.net);
}

static void test_layers_go_side_by_side_and_reverse_ones_alone(void **state) {
    (void)state;
    Case c = case_make(1);
    assert_string_equal(
        names_at(&c, PHASE_FORWARD, 2),
        "f i g c o h layer2.f layer2.i layer2.g layer2.c layer2.o layer2.h head.y ");
    assert_string_equal(names_at(&c, PHASE_FORWARD, 3),
                        "f i g c o h layer2.f layer2.i layer2.g layer2.c layer2.o layer2.h ");
    net_free(&c.net);
    c = case_make(2);
    int last_part = -1, last_place = 0;
    for (int i = 0; i < walk_count(c.walk); i++) {
        Step s = walk_step(c.walk, i);
        if (s.phase != PHASE_FORWARD) break;
        int part = c.net.graph->nodes[s.node].part;
        bool backward = c.net.graph->parts[part].backward;
        if (part == last_part && s.place != last_place)
            assert_true(backward ? s.place < last_place : s.place > last_place);
        if (part != last_part) assert_true(part > last_part);
        last_part = part;
        last_place = s.place;
    }
    net_free(&c.net);
}

static void test_phases_follow_each_other_without_gaps(void **state) {
    (void)state;
    for (int k = 0; k < N_NETS; k++) {
        Case c = case_make(k);
        int next = 0, first, last;
        for (int phase = 0; phase < PHASE_COUNT; phase++) {
            if (!walk_phase_range(c.walk, (Phase)phase, &first, &last)) continue;
            assert_int_equal(first, next);
            for (int i = first; i <= last; i++) assert_int_equal(walk_step(c.walk, i).phase, phase);
            next = last + 1;
        }
        assert_int_equal(next, walk_count(c.walk));
        net_free(&c.net);
    }
}

static void test_an_update_is_one_step_for_each_parameter(void **state) {
    (void)state;
    for (int k = 0; k < N_NETS; k++) {
        Case c = case_make(k);
        const Graph *g = c.net.graph;
        int before = walk_count(c.walk), first, last;
        assert_false(walk_phase_range(c.walk, PHASE_UPDATE, &first, &last));
        walk_add_update(c.walk);
        bool has = walk_phase_range(c.walk, PHASE_UPDATE, &first, &last);
        assert_int_equal(has, g->loss_part >= 0);
        if (has) {
            assert_int_equal(first, before);
            assert_int_equal(last - first + 1, g->n_params);
            for (int i = 0; i < g->n_params; i++) {
                int node = g->params[i].node, at = walk_find(c.walk, PHASE_UPDATE, node, 1);
                assert_in_range(at, first, last);
                assert_int_equal(walk_step(c.walk, at).node, node);
                assert_int_equal(walk_units(c.walk, at), dim_count(g->nodes[node].dim));
                Playhead there = {at + 1, 1};
                assert_true(walk_grad_known(c.walk, there, node, 0, 1));
                assert_true(walk_value_known(c.walk, there, node, 0, 1));
                assert_int_equal(walk_next_timestep(c.walk, there).at, at + 1);
            }
            assert_int_equal(walk_next(c.walk, (Playhead){before, 0}, GRAIN_TIMESTEP).at, last + 1);
            assert_int_equal(walk_next(c.walk, (Playhead){before, 0}, GRAIN_PHASE).at, last + 1);
            assert_int_equal(walk_next(c.walk, (Playhead){before, 0}, GRAIN_EQUATION).at,
                             before + 1);
        }
        net_free(&c.net);
    }
}

static void test_operands_are_known_before_an_operation(void **state) {
    (void)state;
    for (int k = 0; k < N_NETS; k++) {
        Case c = case_make(k);
        for (int i = 0; i < walk_count(c.walk); i++) {
            Step s = walk_step(c.walk, i);
            if (s.phase == PHASE_BACKWARD || s.node < 0) continue;
            assert_int_equal(walk_value_step(c.walk, s.node, s.place), i);
            const Node *n = &c.net.graph->nodes[s.node];
            for (int a = 0; a < n->n_args; a++) {
                int at = trace_arg_place(c.net.trace, s.node, a, s.place);
                int arg = trace_arg_node(c.net.trace, s.node, a, s.place);
                if (at > 0) assert_true(walk_value_step(c.walk, arg, at) < i);
            }
        }
        net_free(&c.net);
    }
}

static void test_readers_are_settled_before_what_they_read(void **state) {
    (void)state;
    for (int k = 0; k < N_NETS; k++) {
        Case c = case_make(k);
        for (int i = 0; i < walk_count(c.walk); i++) {
            Step s = walk_step(c.walk, i);
            if (s.phase != PHASE_BACKWARD) continue;
            assert_int_equal(walk_grad_step(c.walk, s.node, s.place), i);
            assert_int_equal(walk_find(c.walk, PHASE_BACKWARD, s.node, s.place), i);
            for (int u = 0; u < c.net.graph->n_uses[s.node]; u++) {
                Use use = c.net.graph->uses[s.node][u];
                int at = trace_use_place(c.net.trace, use, s.place);
                if (at > 0) assert_true(walk_grad_step(c.walk, use.node, at) < i);
            }
        }
        net_free(&c.net);
    }
}

static void test_every_operation_that_runs_has_its_steps(void **state) {
    (void)state;
    for (int k = 0; k < N_NETS; k++) {
        Case c = case_make(k);
        int first, last, backward = walk_phase_range(c.walk, PHASE_BACKWARD, &first, &last);
        for (int node = 0; node < c.net.graph->n_nodes; node++)
            for (int place = 1; place <= 5; place++) {
                const Node *n = &c.net.graph->nodes[node];
                if (n->step == 0 || n->steady || node == c.net.graph->data) continue;
                bool runs = trace_runs(c.net.trace, n->part, place);
                assert_int_equal(walk_value_step(c.walk, node, place) < INT_MAX, runs);
                assert_int_equal(walk_grad_step(c.walk, node, place) < INT_MAX, runs && backward);
            }
        net_free(&c.net);
    }
}

static bool same(Playhead a, Playhead b) {
    return a.at == b.at && a.unit == b.unit;
}

static void test_previous_undoes_next_at_every_grain(void **state) {
    (void)state;
    for (int k = 0; k < N_NETS; k++) {
        Case c = case_make(k);
        for (int grain = 0; grain < GRAIN_COUNT; grain++) {
            Playhead p = {0, 0};
            int moves = 0;
            for (;;) {
                Playhead next = walk_next(c.walk, p, (Grain)grain);
                if (same(next, p)) break;
                assert_true(same(walk_previous(c.walk, next, (Grain)grain), p));
                p = next;
                moves++;
            }
            assert_int_equal(p.at, walk_count(c.walk));
            assert_int_equal(p.unit, 0);
            if (grain == GRAIN_OPERATION) assert_int_equal(moves, walk_count(c.walk));
            if (grain == GRAIN_PHASE) assert_int_equal(moves, nets[k].loss ? 3 : 1);
        }
        Playhead start = {0, 0};
        assert_true(same(walk_previous(c.walk, start, GRAIN_UNIT), start));
        net_free(&c.net);
    }
}

static void test_a_coarse_move_from_the_middle_finishes_the_step(void **state) {
    (void)state;
    Case c = case_make(0);
    Playhead middle = {2, 3};
    assert_true(same(walk_next(c.walk, middle, GRAIN_OPERATION), (Playhead){2, 0}));
    assert_true(same(walk_previous(c.walk, middle, GRAIN_OPERATION), (Playhead){1, 0}));
    assert_true(same(walk_next(c.walk, middle, GRAIN_EQUATION), (Playhead){3, 0}));
    assert_true(same(walk_previous(c.walk, middle, GRAIN_EQUATION), (Playhead){0, 0}));
    net_free(&c.net);
}

static void test_the_unit_grain_counts_every_element(void **state) {
    (void)state;
    Case c = case_make(0);
    long units = 0, moves = 0;
    for (int i = 0; i < walk_count(c.walk); i++) units += walk_units(c.walk, i);
    Playhead p = {0, 0};
    for (Playhead next; !same(next = walk_next(c.walk, p, GRAIN_UNIT), p); p = next) moves++;
    assert_int_equal(moves, units);
    net_free(&c.net);
}

static void test_elements_become_known_one_by_one(void **state) {
    (void)state;
    Case c = case_make(0);
    int f = net_node(&c.net, "f"), at = walk_value_step(c.walk, f, 2);
    assert_false(walk_value_known(c.walk, (Playhead){at, 0}, f, 2, 1));
    assert_true(walk_value_known(c.walk, (Playhead){at + 1, 2}, f, 2, 2));
    assert_false(walk_value_known(c.walk, (Playhead){at + 1, 2}, f, 2, 3));
    assert_false(walk_value_known(c.walk, (Playhead){at + 1, 2}, f, 2, 0));
    assert_true(walk_value_known(c.walk, (Playhead){at + 1, 0}, f, 2, 4));
    assert_true(walk_value_known(c.walk, (Playhead){at + 2, 1}, f, 2, 4));
    at = walk_grad_step(c.walk, f, 2);
    assert_false(walk_grad_known(c.walk, (Playhead){at + 1, 2}, f, 2, 3));
    assert_true(walk_grad_known(c.walk, (Playhead){at + 1, 3}, f, 2, 3));
    assert_true(walk_value_known(c.walk, (Playhead){0, 0}, c.net.graph->data, 2, 1));
    net_free(&c.net);
}

static void test_next_timestep_stays_at_the_equation(void **state) {
    (void)state;
    Case c = case_make(1);
    int f = net_node(&c.net, "layer2.f"), y = net_node(&c.net, "head.y");
    Playhead p = {walk_find(c.walk, PHASE_FORWARD, f, 2) + 1, 0};
    Step s = walk_step(c.walk, walk_next_timestep(c.walk, p).at - 1);
    assert_true(s.node == f && s.place == 3);
    p = (Playhead){walk_find(c.walk, PHASE_FORWARD, y, 2) + 1, 0};
    s = walk_step(c.walk, walk_next_timestep(c.walk, p).at - 1);
    assert_true(s.node == y && s.place == 5);
    p = (Playhead){walk_find(c.walk, PHASE_FORWARD, y, 5) + 1, 0};
    assert_true(same(walk_next_timestep(c.walk, p), p));
    int x = c.net.graph->x;
    p = (Playhead){walk_find(c.walk, PHASE_BACKWARD, x, 3) + 1, 0};
    s = walk_step(c.walk, walk_next_timestep(c.walk, p).at - 1);
    assert_true(s.node == x && s.place == 2 && s.phase == PHASE_BACKWARD);
    net_free(&c.net);
}

static void test_next_timestep_leads_from_the_encoder_into_the_decoder(void **state) {
    (void)state;
    NetText text = {
        .layers = {{LSTM_EQUATIONS, .layer = 1}, {LSTM_EQUATIONS, .layer = 1, .decoder = true}},
        .head = LINEAR_HEAD,
        .loss = LOSS_MSE,
        .prompt = 2};
    Case c = {.net = net_make(&text)};
    c.walk = walk_new(c.net.arena, c.net.trace);
    int f = net_node(&c.net, "f"), later = net_node(&c.net, "decoder.f");
    Playhead p = {walk_find(c.walk, PHASE_FORWARD, f, 2) + 1, 0};
    Step s = walk_step(c.walk, walk_next_timestep(c.walk, p).at - 1);
    assert_true(s.node == later && s.place == 3);
    p = (Playhead){walk_find(c.walk, PHASE_BACKWARD, later, 3) + 1, 0};
    s = walk_step(c.walk, walk_next_timestep(c.walk, p).at - 1);
    assert_true(s.equation == c.net.graph->nodes[f].equation && s.place == 2);
    assert_int_equal(s.phase, PHASE_BACKWARD);
    net_free(&c.net);
}

static void test_without_a_loss_there_is_only_the_forward_phase(void **state) {
    (void)state;
    Case c = case_make(5);
    int first, last;
    assert_true(walk_phase_range(c.walk, PHASE_FORWARD, &first, &last));
    assert_int_equal(last + 1, walk_count(c.walk));
    assert_false(walk_phase_range(c.walk, PHASE_LOSS, &first, &last));
    assert_false(walk_phase_range(c.walk, PHASE_BACKWARD, &first, &last));
    assert_int_equal(walk_grad_step(c.walk, net_node(&c.net, "h"), 1), INT_MAX);
    net_free(&c.net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_an_lstm_is_walked_in_the_order_of_its_equations),
        RUN(test_layers_go_side_by_side_and_reverse_ones_alone),
        RUN(test_phases_follow_each_other_without_gaps),
        RUN(test_an_update_is_one_step_for_each_parameter),
        RUN(test_operands_are_known_before_an_operation),
        RUN(test_readers_are_settled_before_what_they_read),
        RUN(test_every_operation_that_runs_has_its_steps),
        RUN(test_previous_undoes_next_at_every_grain),
        RUN(test_a_coarse_move_from_the_middle_finishes_the_step),
        RUN(test_the_unit_grain_counts_every_element),
        RUN(test_elements_become_known_one_by_one),
        RUN(test_next_timestep_stays_at_the_equation),
        RUN(test_next_timestep_leads_from_the_encoder_into_the_decoder),
        RUN(test_without_a_loss_there_is_only_the_forward_phase),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
