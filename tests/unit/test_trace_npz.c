// The trace as NPZ says the same numbers as the trace itself.
#include "check.h"

#include <string.h>

#include "export/numbers.h"
#include "files/npz.h"
#include "lesson/reading.h"

static Arena *arena;

static Tensors exported(const char *model, Lesson **out) {
    static const Places places = {"assets", "lessons"};
    const char *text = arena_printf(arena,
                                    "---\ntitle: t\nmodel: {%s}\ndata: {inputs: [[1, 0, 2], [0, 1, "
                                    "1]], targets: [1]}\n---\n",
                                    model);
    Source s = {"tests/none.md", text, strlen(text)};
    Diags d = diags_new(arena);
    Lesson *l = lesson_from_source(arena, &s, &places, &(Training){.steps = -1}, &d);
    assert_non_null(l);
    Buf b = buf_new(arena);
    assert_true(trace_npz(l, &b));
    Source *file = ARENA_NEW(arena, Source);
    *file = (Source){"t.npz", b.data, b.len};
    Tensors t;
    assert_true(npz_read(arena, file, &t, &d));
    *out = l;
    return t;
}

static const Tensor *find(const Tensors *t, const char *name) {
    const Tensor *found = tensors_find(t, name);
    if (!found) print_error("no %s\n", name);
    assert_non_null(found);
    return found;
}

static void test_every_value_and_gradient_is_there(void **state) {
    (void)state;
    Lesson *l;
    Tensors t = exported("cell: lstm, hidden: 4, head: softmax, classes: 2, loss: cross-entropy, "
                         "loss_at: last",
                         &l);
    const Graph *g = l->graph;
    for (int e = 0; e < g->n_equations; e++) {
        const Equation *eq = &g->equations[e];
        if (eq->part == g->loss_part) continue;
        const Tensor *v = find(&t, eq->full);
        const Tensor *d = find(&t, arena_printf(arena, "grad/%s", eq->full));
        assert_int_equal(v->rank, 2);
        assert_int_equal(v->shape[0], 2);
        int n = dim_count(g->nodes[eq->node].dim);
        assert_int_equal(v->shape[1], n);
        for (int i = 0; i < n; i++) {
            CHECK_NEAR(v->at[n + i], trace_value(l->trace, eq->node, 2)[i], 0);
            CHECK_NEAR(d->at[n + i], trace_grad(l->trace, eq->node, 2)[i], 0);
        }
    }
    assert_true(isnan(find(&t, "head.y")->at[0])); // the head runs at the last timestep only
    const Tensor *w = find(&t, "grad/W_f");
    assert_int_equal(w->shape[1], 7);
    int index = graph_find_param(g, "W_f");
    CHECK_NEAR(w->at[3], trace_param_grads(l->trace)[g->params[index].offset + 3], 0);
    CHECK_NEAR(find(&t, "x")->at[2], 2, 0);
    assert_int_equal(find(&t, "loss")->rank, 0);
    CHECK_NEAR(find(&t, "loss")->at[0], trace_loss(l->trace), 0);
    assert_int_equal(find(&t, "start/c")->count, 4);
    find(&t, "grad/start/h");
    assert_int_equal(find(&t, "b_f")->rank, 1);
}

static void test_matrix_states_keep_their_shape(void **state) {
    (void)state;
    Lesson *l;
    Tensors t = exported("cell: mlstm, hidden: 2", &l);
    assert_int_equal(find(&t, "C")->rank, 3);
    assert_null(tensors_find(&t, "loss"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_every_value_and_gradient_is_there),
        RUN(test_matrix_states_keep_their_shape),
    };
    arena = arena_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
