// Shapes: the rule of each operation, words, and what inference finds in small cells.
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "core/graph.h"
#include "core/parse.h"
#include "core/shape.h"

static Graph *build_with(Arena *a, const char *lines, int input, Diags *d) {
    Source *s = ARENA_NEW(a, Source);
    const char *text = arena_printf(a, "cell test \"Test\"\n%s", lines);
    *s = (Source){"test.cell", text, strlen(text)};
    CellAst *cell = cell_parse(a, s, d);
    if (!cell) return NULL;
    LayerSpec layer = {.cell = cell, .hidden = 4, .layer = 1};
    NetSpec spec = {.source = s, .span = NO_SPAN, .input = input, .layers = &layer, .n_layers = 1};
    return graph_build(a, &spec, d);
}

// The shape of one parameter of a cell with hidden 4 and input 3, "4x7", or the first mistake.
static const char *shape_in(Arena *a, const char *lines, const char *name) {
    Diags d = diags_new(a);
    Graph *g = build_with(a, lines, 3, &d);
    if (!g) return d.list[0].message;
    int i = graph_find_param(g, name);
    if (i < 0) return "no such parameter";
    return arena_printf(a, "%dx%d", g->params[i].dim.rows, g->params[i].dim.cols);
}

typedef struct {
    const char *lines, *name, *shape;
} Case;

static const Case cases[] = {
    {"h = tanh(W @ [h[t-1]; x] + b)", "W", "4x7"},
    {"h = tanh(W @ [h[t-1]; x] + b)", "b", "4x1"},
    {"h = 2 * W @ x", "W", "4x3"},
    {"h = W @ x + U @ h[t-1]", "U", "4x4"},
    {"h = W' @ x", "W", "3x4"},
    {"h = W @ t", "W", "4x1"},
    {"h = W @ [x'; x']' @ u\nparam u : 2", "W", "4x3"},
    {"h = W @ (x + v)", "v", "3x1"},
    {"h = V @ (W @ x)\nparam W : 5 x 3", "V", "4x5"},
    {"h = V @ relu(W @ x + b)\nparam b : 6", "W", "6x3"},
    {"h = [a; b; x[1]]\nparam a : 2", "b", "1x1"},
    {"h = [W, V] @ x\nparam W : 1 x 3", "V", "3x3"},
    {"h = tanh(W @ [h[t-1], x] + b)", "W", "4x7"},
    {"h = dot(u, x) * h[t-1]", "u", "3x1"},
    {"h = outer(h[t-1], u) @ x", "u", "3x1"},
    {"size C = hidden x input\nC = outer(a, b)\nh = C @ x", "a", "4x1"},
    {"size C = hidden x input\nC = C[t-1] * M\nh = C @ x", "M", "4x3"},
    {"h = s * h[t-1]", "s", "4x1"},
    {"h = s * h[t-1]\nparam s : 1", "s", "1x1"},
    {"size k = 1\nk = dot(h[t-1], h[t-1]) * s\nh = k * h[t-1]", "s", "1x1"},
    {"h = where(h[t-1] > l, a, 0)", "l", "4x1"},
    {"h = where(h[t-1] > l, a, 0)", "a", "4x1"},
    {"h = clip(h[t-1], lo, hi)", "hi", "4x1"},
    {"h = mod(h[t-1], n)", "n", "4x1"},
    {"h = b", "b", "4x1"},
    {"h = sum(a * x) * h[t-1]", "a", "3x1"},
    {"start h = h_0\nh = h[t-1]", "h_0", "4x1"},
    {"start C = C_0\nsize C = 2 x 3\nC = C[t-1]\nh = sum(C)", "C_0", "2x3"},
    {"h = softmax(W @ x)[1:2] @ r'\nsize h = 2 x 5\nparam W : 3 x input", "r", "5x1"},
    {"h = x * W @ h[t-1]\nsize h = input", "W", "3x3"},
    {"h = Ä @ x", "Ä", "4x3"},
    {"h = 门 * x[1]", "门", "4x1"},
    {"h = a[1] * h[t-1]", "a",
     "the shape of a does not follow from the equations: add the line `param a : ROWS`"},
    {"h = A @ B @ x", "A",
     "the shape of A does not follow from the equations: add the line `param A : 4 x COLS`"},
    {"h = sum(s) * x[1]", "s",
     "the shape of s does not follow from the equations: add the line `param s : ROWS`"},
    {"h = W @ [h[t-1]; x]\nparam W : 4 x 6", "W",
     "W is 4×6, but the column under it has 7 rows: h[t-1] (4) and x (3)"},
    {"h = W @ x + W @ h[t-1]", "W",
     "W is 4×3, but the column h[t-1] under it has 4 rows; the cell needs input and hidden to be "
     "the same, here they are 3 and 4"},
    {"h = M * h[t-1]\nparam M : 4 x 4", "M",
     "M is 4×4, but h[t-1] is a column of 4; only a single number spreads over the other"},
    {"size C = 4 x 4\nC = s * C[t-1]\nh = C @ h[t-1]", "s",
     "s is a column of 4, but C[t-1] is 4×4; only a single number spreads over the other; with the "
     "line `param s : 1`, s is one"},
    {"h = h[t-1] @ x", "",
     "h[t-1] and x are columns (4 and 3 rows), and @ is the matrix product: write h[t-1] * x for "
     "element by element, dot(h[t-1], x) for one number"},
    {"h = x", "",
     "h is a column of 4, but its equation gives a column of 3: add the line `size h = 3`; the "
     "cell needs input and hidden to be the same, here they are 3 and 4"},
    {"h = x + h[t-1]", "",
     "x is a column of 3, but h[t-1] is a column of 4; only a single number spreads over the "
     "other; the cell needs input and hidden to be the same, here they are 3 and 4"},
    {"start h = [a; b]\nparam a : 2\nparam b : 3\nh = h[t-1]", "",
     "h is a column of 4, but its start value is a column of 5"},
};

static void test_open_shapes_are_found_or_asked_for(void **state) {
    (void)state;
    bool all = true;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena *a = arena_new();
        const char *got = shape_in(a, cases[i].lines, cases[i].name);
        if (strcmp(got, cases[i].shape) != 0) {
            print_error("%s\n  %s: %s\n  not %s\n", cases[i].lines, cases[i].name, got,
                        cases[i].shape);
            all = false;
        }
        arena_free(a);
    }
    assert_true(all);
}

static void test_rules_give_the_shape_of_the_result(void **state) {
    (void)state;
    Dim out, m[] = {{4, 3}, {3, 2}}, s[] = {{1, 1}, {4, 3}}, c[] = {{4, 1}, {4, 1}};
    assert_true(shape_of(OP_MATMUL, 2, m, &out) && dim_equal(out, (Dim){4, 2}));
    assert_true(shape_of(OP_MUL, 2, s, &out) && dim_equal(out, (Dim){4, 3}));
    assert_true(shape_of(OP_TRANSPOSE, 1, m, &out) && dim_equal(out, (Dim){3, 4}));
    assert_true(shape_of(OP_OUTER, 2, c, &out) && dim_equal(out, (Dim){4, 4}));
    assert_true(shape_of(OP_DOT, 2, c, &out) && dim_single(out));
    assert_true(shape_of(OP_STACK, 2, c, &out) && dim_equal(out, (Dim){8, 1}));
    assert_true(shape_of(OP_SUM, 1, m, &out) && dim_single(out));
    assert_false(shape_of(OP_ADD, 2, m, &out));
    assert_false(shape_of(OP_OUTER, 2, m, &out));
    assert_false(shape_of(OP_STACK, 2, m, &out));
}

static void test_every_operation_has_a_rule_or_is_a_value(void **state) {
    (void)state;
    for (int op = OP_COPY; op < OP_COUNT; op++) {
        Dim out, args[OP_MAX_ARGS] = {{1, 1}, {1, 1}, {1, 1}, {1, 1}};
        if (!shape_of((OpKind)op, op_defs[op].arity < 0 ? 2 : op_defs[op].arity, args, &out))
            fail_msg("%s", op_defs[op].name);
        assert_true(dim_single(out));
    }
}

static void test_words_for_shapes(void **state) {
    (void)state;
    Arena *a = arena_new();
    assert_string_equal(shape_words(a, (Dim){1, 1}), "a single number");
    assert_string_equal(shape_words(a, (Dim){4, 1}), "a column of 4");
    assert_string_equal(shape_words(a, (Dim){1, 4}), "1×4");
    arena_free(a);
}

static void test_sizes_that_stand_on_each_other_in_a_long_chain(void **state) {
    (void)state;
    Arena *a = arena_new();
    Buf text = buf_new(a);
    for (int i = 0; i < 4000; i++) buf_printf(&text, "size s%d = s%d + 1\n", i, i + 1);
    buf_puts(&text, "size s4000 = 1\nsize k = s0\nk = W @ x\nh = V @ k\n");
    assert_string_equal(shape_in(a, buf_str(&text), "W"), "4001x3");
    arena_free(a);
}

static void test_chain_of_parameters_is_followed_backwards(void **state) {
    (void)state;
    Arena *a = arena_new();
    Buf text = buf_new(a);
    // each equation settles the parameter of the one before it
    for (int i = 0; i < 2000; i++) buf_printf(&text, "k%d = sum(W%d * W%d)\n", i, i, i + 1);
    buf_puts(&text, "h = k0\nparam W2000 : 3 x 2\n");
    assert_string_equal(shape_in(a, buf_str(&text), "W0"), "3x2");
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_open_shapes_are_found_or_asked_for),
        RUN(test_rules_give_the_shape_of_the_result),
        RUN(test_every_operation_has_a_rule_or_is_a_value),
        RUN(test_words_for_shapes),
        RUN(test_sizes_that_stand_on_each_other_in_a_long_chain),
        RUN(test_chain_of_parameters_is_followed_backwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
