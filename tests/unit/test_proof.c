// Gradients of a lesson's numbers, inside the run too, against two runs with the number moved.
#include "check.h"

#include <string.h>

#include "lesson/proof.h"

static const Places places = {"assets", "lessons"};

static Lesson *load(Arena *a, const char *path) {
    Diags d = diags_new(a);
    Lesson *l = lesson_load(a, path, &places, NULL, NULL, &d);
    assert_non_null(l);
    assert_non_null(l->proof);
    return l;
}

/// How many numbers of the run were proved.
static int prove_all(const Lesson *l, double tolerance) {
    const Graph *g = l->graph;
    int proved = 0;
    for (int node = 0; node < g->n_nodes; node++)
        for (int place = 1; place <= trace_steps(l->trace); place++)
            for (int u = 1; u <= dim_count(g->nodes[node].dim); u++) {
                Nudged n;
                if (!proof_ask(l->proof, node, place, u, &n)) continue;
                double bptt = trace_grad(l->trace, node, place)[u - 1];
                if (fabs(bptt - n.slope) > tolerance * fmax(1, fabs(bptt)))
                    fail_msg("node %d at %d, unit %d: %.12g, nudged %.12g", node, place, u, bptt,
                             n.slope);
                proved++;
            }
    return proved;
}

static void test_every_gradient_is_the_slope_of_two_runs(void **state) {
    (void)state;
    static const char *const files[] = {"lessons/02-backward.md", "assets/cells/lstm.cell",
                                        "assets/cells/gru.cell", "assets/cells/mlstm.cell",
                                        "assets/cells/lstm-1997-truncated.cell"};
    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        Arena *a = arena_new();
        assert_true(prove_all(load(a, files[k]), 1e-6) > 100);
        arena_free(a);
    }
}

static void test_a_proof_leaves_the_run_as_it_was(void **state) {
    (void)state;
    Arena *a = arena_new();
    Lesson *l = load(a, "lessons/02-backward.md");
    double loss = trace_loss(l->trace);
    int c = l->graph->equations[graph_find_equation(l->graph, "c")].node;
    double before = trace_value(l->trace, c, 3)[1];
    Nudged first, again, other;
    assert_true(proof_ask(l->proof, c, 3, 2, &first));
    assert_true(proof_ask(l->proof, c, 4, 2, &other));
    assert_true(proof_ask(l->proof, c, 3, 2, &again));
    assert_true(first.slope == again.slope && first.slope != other.slope);
    assert_true(trace_loss(l->trace) == loss && trace_value(l->trace, c, 3)[1] == before);
    arena_free(a);
}

static void test_targets_constants_and_a_bypassed_answer_are_not_moved(void **state) {
    (void)state;
    Arena *a = arena_new();
    Lesson *l = load(a, "lessons/02-backward.md");
    Nudged n;
    assert_false(proof_ask(l->proof, l->graph->target, 6, 1, &n));
    assert_false(proof_ask(l->proof, l->graph->output, 6, 1, &n));
    assert_false(proof_ask(NULL, l->graph->data, 1, 1, &n));
    assert_true(proof_ask(l->proof, l->graph->data, 1, 1, &n));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_gradient_is_the_slope_of_two_runs),
        cmocka_unit_test(test_a_proof_leaves_the_run_as_it_was),
        cmocka_unit_test(test_targets_constants_and_a_bypassed_answer_are_not_moved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
