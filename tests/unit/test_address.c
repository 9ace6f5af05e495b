// Step addresses: reading, writing, and what is said of bad ones.
#include "core/address.h"

#include "net.h"

static const bool some[5] = {0, 1, 0, 0, 1};

static const NetText nets[] = {
    {.layers = {{LSTM_EQUATIONS}},
     .head = SOFTMAX_HEAD,
     .loss = LOSS_CROSS_ENTROPY,
     .has_loss = some},
    {.layers = {{LSTM_EQUATIONS, .layer = 1},
                {LSTM_EQUATIONS, .layer = 1, .backward = true, .reverse = true},
                {LSTM_EQUATIONS, .layer = 2}},
     .head = LINEAR_HEAD,
     .loss = LOSS_MSE},
    {.layers = {{LSTM_EQUATIONS, .backward = true}}, .loss = LOSS_PROBE},
    {.layers = {{LSTM_EQUATIONS}},
     .embedding = 2,
     .head = SIGMOID_HEAD,
     .loss = LOSS_BINARY_CROSS_ENTROPY},
    {.layers = {{LSTM_EQUATIONS}}},
};
enum { N_NETS = sizeof nets / sizeof *nets };

static void test_every_position_reads_back_from_its_address(void **state) {
    (void)state;
    for (int k = 0; k < N_NETS; k++) {
        Net net = net_make(&nets[k]);
        Walk *w = walk_new(net.arena, net.trace);
        walk_add_update(w);
        for (int grain = 0; grain < GRAIN_COUNT; grain++) {
            Playhead p = {0, 0}, back, next;
            for (;; p = next) {
                const char *why = "", *text = address_format(net.arena, w, p, (Grain)grain);
                if (!address_parse(net.arena, w, text, &back, &why))
                    fail_msg("net %d: %s: %s", k, text, why);
                if (back.at != p.at || back.unit != p.unit)
                    fail_msg("net %d: %s: at %d [%d], not %d [%d]", k, text, back.at, back.unit,
                             p.at, p.unit);
                next = walk_next(w, p, GRAIN_UNIT); // finer positions than the grain's too
                if (next.at == p.at && next.unit == p.unit) break;
            }
        }
        net_free(&net);
    }
}

typedef struct {
    const char *text;
    Phase phase;
    int place;
    const char *equation;
    int step, unit;
} Example;

static void test_addresses_lead_where_they_say(void **state) {
    (void)state;
    static const Example examples[] = {
        {"forward:3:f", PHASE_FORWARD, 3, "f", 3, 0},
        {"forward:3:f.1", PHASE_FORWARD, 3, "f", 1, 0},
        {"forward:3:f.2[1]", PHASE_FORWARD, 3, "f", 2, 1},
        {"forward:3:f[2]", PHASE_FORWARD, 3, "f", 3, 2},
        {"forward:3:f[4]", PHASE_FORWARD, 3, "f", 3, 0},
        {"forward:3", PHASE_FORWARD, 3, "h", 2, 0},
        {"forward", PHASE_FORWARD, 5, "head.y", 3, 0},
        {"forward:5:head.y.2", PHASE_FORWARD, 5, "head.y", 2, 0},
        {"loss:2", PHASE_LOSS, 2, "loss", 1, 0},
        {"backward:2:c.1", PHASE_BACKWARD, 2, "c", 1, 0},
        {"backward:2:c.3", PHASE_BACKWARD, 2, "c", 3, 0},
        {"backward:2:c", PHASE_BACKWARD, 2, "c", 1, 0},
    };
    Net net = net_make(&nets[0]);
    Walk *w = walk_new(net.arena, net.trace);
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const Example *e = &examples[i];
        Playhead p;
        const char *why = "";
        if (!address_parse(net.arena, w, e->text, &p, &why)) fail_msg("%s: %s", e->text, why);
        Step s = walk_step(w, p.at - 1);
        assert_int_equal(s.phase, e->phase);
        assert_int_equal(s.place, e->place);
        assert_string_equal(net.graph->equations[s.equation].full, e->equation);
        assert_int_equal(net.graph->nodes[s.node].step, e->step);
        assert_int_equal(p.unit, e->unit);
    }
    net_free(&net);
}

static void test_parameters_and_x_stand_for_their_backward_steps(void **state) {
    (void)state;
    Net net = net_make(&nets[0]);
    Walk *w = walk_new(net.arena, net.trace);
    Playhead p;
    const char *why;
    assert_true(address_parse(net.arena, w, "backward:3:W_f", &p, &why));
    assert_int_equal(walk_step(w, p.at - 1).node,
                     net.graph->params[graph_find_param(net.graph, "W_f")].node);
    assert_true(address_parse(net.arena, w, "backward:3:x[2]", &p, &why));
    assert_int_equal(walk_step(w, p.at - 1).node, net.graph->x);
    assert_int_equal(p.unit, 2);
    assert_true(address_parse(net.arena, w, "loss", &p, &why));
    assert_int_equal(walk_step(w, p.at - 1).node, -1);
    assert_true(address_parse(net.arena, w, "backward", &p, &why));
    assert_int_equal(p.at, walk_count(w));
    assert_true(address_parse(net.arena, w, "forward:0", &p, &why));
    assert_int_equal(p.at, 0);
    net_free(&net);
}

static void test_addresses_are_as_short_as_the_grain_allows(void **state) {
    (void)state;
    Net net = net_make(&nets[0]);
    Walk *w = walk_new(net.arena, net.trace);
    static const char *const expected[GRAIN_COUNT] = {
        "forward:3:h.2", "forward:3:h.2", "forward:3:h", "forward:3", "forward:3", "forward:3"};
    Playhead p;
    const char *why;
    assert_true(address_parse(net.arena, w, "forward:3", &p, &why));
    for (int grain = 0; grain < GRAIN_COUNT; grain++)
        assert_string_equal(address_format(net.arena, w, p, (Grain)grain), expected[grain]);
    assert_string_equal(address_file_name(net.arena, w, p, GRAIN_OPERATION), "forward-3-h.2");
    p.unit = 1;
    assert_string_equal(address_format(net.arena, w, p, GRAIN_PHASE), "forward:3:h.2[1]");
    assert_string_equal(address_file_name(net.arena, w, p, GRAIN_UNIT), "forward-3-h.2-1");
    net_free(&net);
}

static void test_bad_addresses_are_told_why(void **state) {
    (void)state;
    static const char *const bad[][2] = {
        {"", "'' is no phase: an address begins with forward, loss, backward or update"},
        {"foward:3", "'foward' is no phase; is 'forward' meant?"},
        {"update", "there is no update step here: the lesson has no train block"},
        {"@40/backward:2:c", "'@40/backward:2:c' is in another optimizer step"},
        {"@40", "'@40' names an optimizer step; a step of the walk follows it, as in "
                "@40/forward:3"},
        {"@40/", "'@40/' names an optimizer step; a step of the walk follows it, as in "
                 "@40/forward:3"},
        {"@0/forward:1", "optimizer steps are counted from 1: @1/ is before the first of them"},
        {"@", "'' is no optimizer step: a number from 1 belongs after the '@'"},
        {"@/loss", "'' is no optimizer step: a number from 1 belongs after the '@'"},
        {"@-3/loss", "'-3' is no optimizer step: a number from 1 belongs after the '@'"},
        {"@4x/loss", "'4x' is no optimizer step: a number from 1 belongs after the '@'"},
        {"forward:1:\xFF", "'forward:1:\xFF' is not UTF-8"},
        {"forward:9", "there is no timestep 9: the sequence has 5"},
        {"forward:99999999999999999999", "there is no timestep 99999999999999999999: the sequence "
                                         "has 5"},
        {"forward:x", "'x' is no timestep: a number from 1 to 5 belongs there"},
        {"forward:", "'' is no timestep: a number from 1 to 5 belongs there"},
        {"forward:-1", "'-1' is no timestep: a number from 1 to 5 belongs there"},
        {"forward:0:f", "timesteps are counted from 1, so 'forward:0:f' has no step"},
        {"forward:3:f.4", "f has 3 operations, so there is no f.4"},
        {"forward:3:f.0", "operations are counted from 1, so there is no f.0"},
        {"forward:3:f[5]", "f has 4 units, so there is no [5]"},
        {"forward:3:f[0]", "'[0]' is no unit: units are counted from 1"},
        {"forward:3:f[2", "'f[2' lacks its ']'"},
        {"forward:3:head.z", "there is no 'head.z' here; is 'head.y' meant?"},
        {"forward:3:something", "there is no 'something' here"},
        {"forward:3:W_f", "W_f is given, not computed: it has steps only in backward"},
        {"backward:3:W_f.1", "W_f is one step, so there is no W_f.1"},
        {"forward:3:head.y", "head.y has no step in forward:3: no loss is taken at this timestep"},
        {"loss:3", "no loss is taken at timestep 3, so there is no loss:3"},
        {"forward:2:loss", "loss belongs to the phase loss: 'loss:2'"},
        {"loss:2:f", "f does not belong to the phase loss, but to forward"},
    };
    Net net = net_make(&nets[0]);
    Walk *w = walk_new(net.arena, net.trace);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Playhead p;
        const char *why = "nothing";
        if (address_parse(net.arena, w, bad[i][0], &p, &why)) fail_msg("%s is read", bad[i][0]);
        assert_string_equal(why, bad[i][1]);
    }
    net_free(&net);
    net = net_make(&nets[4]);
    w = walk_new(net.arena, net.trace);
    Playhead p;
    const char *why;
    assert_false(address_parse(net.arena, w, "backward:2:c", &p, &why));
    assert_string_equal(why, "there is no backward step here: the lesson has no loss");
    net_free(&net);
}

static void test_addresses_of_the_update_name_parameters(void **state) {
    (void)state;
    static const char *const bad[][2] = {
        {"update:2:W_f", "the update is one for all timesteps: 'update', or 'update:1:W' for a W"},
        {"update:1:f", "f is computed, not learned: in the update only weights and biases move"},
        {"update:1:x", "x is given, not learned: it does not move"},
        {"update:1:W_g[99]", "W_g has 28 units, so there is no [99]"},
    };
    Net net = net_make(&nets[0]);
    Walk *w = walk_new(net.arena, net.trace);
    walk_add_update(w);
    Playhead p;
    const char *why = "nothing";
    const Graph *g = net.graph;
    int first, last, node = g->params[graph_find_param(g, "W_f")].node;
    assert_true(walk_phase_range(w, PHASE_UPDATE, &first, &last));
    assert_true(address_parse(net.arena, w, "update:1:W_f[3]", &p, &why));
    assert_int_equal(p.at, walk_find(w, PHASE_UPDATE, node, 1) + 1);
    assert_int_equal(p.unit, 3);
    assert_string_equal(address_format(net.arena, w, p, GRAIN_UNIT), "update:1:W_f[3]");
    assert_string_equal(address_file_name(net.arena, w, p, GRAIN_UNIT), "update-1-W_f-3");
    assert_true(address_parse(net.arena, w, "update", &p, &why));
    assert_int_equal(p.at, last + 1);
    assert_string_equal(address_format(net.arena, w, p, GRAIN_PHASE), "update");
    assert_true(address_parse(net.arena, w, "update:0", &p, &why));
    assert_int_equal(p.at, first);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (address_parse(net.arena, w, bad[i][0], &p, &why)) fail_msg("%s is read", bad[i][0]);
        assert_string_equal(why, bad[i][1]);
    }
    net_free(&net);
}

static void test_addresses_in_training_begin_with_their_optimizer_step(void **state) {
    (void)state;
    Net net = net_make(&nets[0]);
    Walk *w = walk_new(net.arena, net.trace), *later = walk_new(net.arena, net.trace);
    walk_set_moment(later, 40);
    assert_int_equal(walk_moment(later), 40);
    const char *why = "nothing";
    for (int at = 0; at <= walk_count(w); at++)
        for (int grain = 0; grain < GRAIN_COUNT; grain++) {
            Playhead p = {at, 0}, back;
            const char *plain = address_format(net.arena, w, p, (Grain)grain);
            const char *text = address_format(net.arena, later, p, (Grain)grain);
            assert_string_equal(text, arena_printf(net.arena, "@40/%s", plain));
            assert_true(address_parse(net.arena, later, text, &back, &why));
            assert_true(back.at == at && back.unit == 0);
            assert_false(address_parse(net.arena, w, text, &back, &why));
            assert_false(address_parse(net.arena, later, plain, &back, &why));
        }
    assert_string_equal(
        why,
        arena_printf(net.arena, "'%s' is after training, not in this step of it",
                     address_format(net.arena, w, (Playhead){walk_count(w), 0}, GRAIN_COUNT - 1)));
    Playhead p;
    assert_true(address_parse(net.arena, later, "@40/backward:2:c.1[3]", &p, &why));
    assert_string_equal(address_file_name(net.arena, later, p, GRAIN_UNIT),
                        "step-40-backward-2-c.1-3");
    net_free(&net);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_every_position_reads_back_from_its_address),
        RUN(test_addresses_lead_where_they_say),
        RUN(test_parameters_and_x_stand_for_their_backward_steps),
        RUN(test_addresses_are_as_short_as_the_grain_allows),
        RUN(test_bad_addresses_are_told_why),
        RUN(test_addresses_of_the_update_name_parameters),
        RUN(test_addresses_in_training_begin_with_their_optimizer_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
