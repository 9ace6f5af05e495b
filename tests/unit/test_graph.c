// Graphs of whole networks: how cells, heads and losses become nodes, and what is refused.
// tests/golden/graph holds cells with the dump of their graph or the mistakes they get.
#include "check.h"
#include "golden.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/graph.h"
#include "core/parse.h"

typedef struct {
    Arena *arena;
    Diags diags;
    Source lesson; // what mistakes of the network point into
    NetSpec spec;
    LayerSpec layers[8];
} Bench;

static int set_up(void **state) {
    Arena *a = arena_new();
    Bench *b = ARENA_NEW(a, Bench);
    b->arena = a;
    b->diags = diags_new(a);
    b->lesson = (Source){"lesson.md", "model: here", 11};
    b->spec = (NetSpec){
        .source = &b->lesson, .span = {0, 6}, .loss_span = {7, 4}, .input = 3, .layers = b->layers};
    *state = b;
    return 0;
}

static int tear_down(void **state) {
    arena_free(((Bench *)*state)->arena);
    return 0;
}

static Source *source_of(Bench *b, const char *text) {
    Source *s = ARENA_NEW(b->arena, Source);
    *s = (Source){"test.cell", text, strlen(text)};
    return s;
}

static const char *mistakes(Bench *b) {
    Buf out = buf_new(b->arena);
    diags_print(&b->diags, &out);
    return buf_str(&out);
}

static LayerSpec *add_layer(Bench *b, const char *text) {
    CellAst *cell = cell_parse(b->arena, source_of(b, text), &b->diags);
    if (!cell) fail_msg("%s", mistakes(b));
    LayerSpec *layer = &b->layers[b->spec.n_layers++];
    *layer = (LayerSpec){.cell = cell, .hidden = 4, .layer = b->spec.n_layers};
    return layer;
}

static void set_head(Bench *b, const char *text, int rows) {
    Source *s = source_of(b, text);
    b->spec.head = head_parse(b->arena, s, (Span){0, s->len}, &b->diags);
    b->spec.head_rows = rows;
    if (!b->spec.head) fail_msg("%s", mistakes(b));
}

static Graph *build(Bench *b) {
    Graph *g = graph_build(b->arena, &b->spec, &b->diags);
    if (!g) fail_msg("%s", mistakes(b));
    const char *why;
    if (!graph_check(g, &why)) fail_msg("%s", why);
    return g;
}

static void refuses(Bench *b, const char *part_of_message) {
    Graph *g = graph_build(b->arena, &b->spec, &b->diags);
    assert_null(g);
    if (!strstr(mistakes(b), part_of_message)) fail_msg("%s", mistakes(b));
}

static const Param *param(const Graph *g, const char *full, int rows, int cols) {
    int i = graph_find_param(g, full);
    if (i < 0) fail_msg("no parameter %s", full);
    assert_int_equal(g->params[i].dim.rows, rows);
    assert_int_equal(g->params[i].dim.cols, cols);
    return &g->params[i];
}

static const Equation *equation(const Graph *g, const char *full) {
    int i = graph_find_equation(g, full);
    if (i < 0) fail_msg("no equation %s", full);
    return &g->equations[i];
}

static OpKind op_of(const Graph *g, const char *full) {
    return g->nodes[equation(g, full)->node].op;
}

static const char LSTM[] = "cell lstm \"lstm\"\n"
                           "f = sigmoid(W_f @ [h[t-1]; x] + b_f) \"forget gate\" zh \"遗忘门\"\n"
                           "i = sigmoid(W_i @ [h[t-1]; x] + b_i)\n"
                           "g = tanh(W_g @ [h[t-1]; x] + b_g)\n"
                           "c = f * c[t-1] + i * g\n"
                           "h = o * tanh(c)\n"
                           "o = sigmoid(W_o @ [h[t-1]; x] + b_o)\n"
                           "init b_f = 1\n";

static void test_lstm_has_its_shapes_and_order(void **state) {
    Bench *b = *state;
    add_layer(b, LSTM);
    Graph *g = build(b);
    param(g, "W_f", 4, 7);
    assert_int_equal(param(g, "b_f", 4, 1)->init.kind, INIT_CONSTANT);
    assert_int_equal(param(g, "b_o", 4, 1)->init.kind, INIT_UNIFORM);
    assert_int_equal(g->n_weights, 4 * (4 * 7 + 4));
    const char *order[] = {"f", "i", "g", "c", "o", "h"};
    for (int i = 0; i < 6; i++) assert_string_equal(g->equations[i].full, order[i]);
    assert_true(equation(g, "c")->remembered && equation(g, "h")->remembered);
    assert_false(equation(g, "f")->remembered);
    assert_string_equal(equation(g, "f")->label[1], "遗忘门");
    assert_string_equal(equation(g, "i")->label[0], "i");
    assert_int_equal(g->output, equation(g, "h")->node);
}

static void test_steps_are_numbered_as_they_are_evaluated(void **state) {
    Bench *b = *state;
    add_layer(b, LSTM);
    Graph *g = build(b);
    const Equation *c = equation(g, "c");
    assert_int_equal(c->n_steps, 3);
    OpKind ops[] = {OP_MUL, OP_MUL, OP_ADD};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(g->nodes[c->first + i].op, ops[i]);
        assert_int_equal(g->nodes[c->first + i].step, i + 1);
    }
    assert_int_equal(equation(g, "f")->n_steps, 3);
    assert_int_equal(equation(g, "f")->last - equation(g, "f")->first, 3); // and the stack
}

static void test_uses_are_listed_by_reader_then_argument(void **state) {
    Bench *b = *state;
    add_layer(b, "cell c \"c\"\nh = x * x[t-1] + h[t-1] * h[t-1] + x\nsize h = input\n");
    Graph *g = build(b);
    assert_int_equal(g->n_uses[g->x], 3);
    assert_int_equal(g->uses[g->x][0].arg, 0);
    assert_int_equal(g->uses[g->x][1].arg, 1);
    assert_int_equal(g->uses[g->x][1].lag, 1);
    assert_int_equal(g->n_uses[g->output], 2);
    assert_int_equal(g->uses[g->output][0].node, g->uses[g->output][1].node);
}

static void test_stacked_bidirectional_layers_have_prefixes(void **state) {
    Bench *b = *state;
    for (int i = 0; i < 4; i++) {
        LayerSpec *layer = add_layer(b, LSTM);
        layer->layer = 1 + i / 2;
        layer->backward = layer->reverse = i % 2;
    }
    Graph *g = build(b);
    param(g, "W_f", 4, 7);
    param(g, "reverse.W_f", 4, 7);
    param(g, "layer2.W_f", 4, 12);
    param(g, "layer2.reverse.b_f", 4, 1);
    assert_int_equal(g->n_parts, 4);
    assert_string_equal(g->parts[0].name, "layer1");
    assert_string_equal(g->parts[3].name, "layer2.reverse");
    assert_true(g->parts[3].backward && !g->parts[2].backward);
    assert_int_equal(g->parts[2].input, g->parts[3].input);
    assert_int_equal(g->nodes[g->parts[2].input].op, OP_STACK);
    assert_int_equal(g->nodes[g->parts[2].input].args[0].node, equation(g, "h")->node);
    assert_int_equal(g->nodes[g->parts[2].input].args[1].node, equation(g, "reverse.h")->node);
    assert_int_equal(g->nodes[g->output].dim.rows, 8);
    assert_int_equal(g->nodes[g->output].op, OP_STACK);
}

static void test_single_backward_layer_has_no_prefix(void **state) {
    Bench *b = *state;
    add_layer(b, LSTM)->backward = true;
    Graph *g = build(b);
    param(g, "W_f", 4, 7);
    assert_true(g->parts[0].backward);
}

static void test_softmax_head_is_fused_with_cross_entropy(void **state) {
    Bench *b = *state;
    add_layer(b, LSTM);
    set_head(b, "y = softmax(W_y @ h + b_y)", 2);
    b->spec.loss = LOSS_CROSS_ENTROPY;
    Graph *g = build(b);
    param(g, "head.W_y", 2, 4);
    param(g, "head.b_y", 2, 1);
    const Node *y = &g->nodes[g->output], *loss = &g->nodes[g->loss];
    assert_true(y->fused && y->op == OP_SOFTMAX && y->n_args == 2);
    assert_int_equal(y->args[1].node, g->target);
    assert_int_equal(loss->op, OP_CROSS_ENTROPY);
    assert_int_equal(loss->n_args, 3);
    assert_int_equal(loss->args[2].node, y->args[0].node);
    assert_int_equal(g->n_uses[g->target], 0);
    assert_int_equal(g->n_uses[g->output], 1);
    assert_int_equal(g->n_uses[y->args[0].node], 1);
    assert_string_equal(equation(g, "head.y")->name, "y");
    assert_string_equal(equation(g, "loss")->name, "loss");
}

static void test_sigmoid_head_is_fused_with_binary_cross_entropy(void **state) {
    Bench *b = *state;
    add_layer(b, LSTM);
    set_head(b, "y = sigmoid(W_y @ h + b_y)", 1);
    b->spec.loss = LOSS_BINARY_CROSS_ENTROPY;
    Graph *g = build(b);
    assert_true(g->nodes[g->output].fused);
    assert_int_equal(g->nodes[g->loss].op, OP_SUM);
    assert_int_equal(g->nodes[g->loss - 1].n_args, 3);
}

static void test_binary_cross_entropy_of_anything_else_is_not_fused(void **state) {
    Bench *b = *state;
    add_layer(b, LSTM);
    b->spec.loss = LOSS_BINARY_CROSS_ENTROPY;
    Graph *g = build(b);
    assert_false(g->nodes[g->output].fused);
    assert_int_equal(g->nodes[g->loss - 1].n_args, 2);
}

static void test_cross_entropy_without_softmax_is_refused(void **state) {
    Bench *b = *state;
    add_layer(b, LSTM);
    b->spec.loss = LOSS_CROSS_ENTROPY;
    refuses(b, "lesson.md:1:8: error: cross-entropy needs a head that ends in softmax, and there "
               "is no head");
    b->diags = diags_new(b->arena);
    set_head(b, "y = W_y @ h", 2);
    refuses(b, "this one ends in matmul");
}

static void test_mse_and_probe_act_on_the_output(void **state) {
    Bench *b = *state;
    add_layer(b, LSTM);
    b->spec.loss = LOSS_MSE;
    Graph *g = build(b);
    assert_int_equal(g->nodes[g->target].dim.rows, 4);
    assert_int_equal(op_of(g, "loss"), OP_SUM);
    assert_int_equal(op_of(g, "loss.e"), OP_SUB);
    b->spec.loss = LOSS_PROBE;
    set_head(b, "y = W_y @ h + b_y", 0);
    g = build(b);
    assert_int_equal(g->nodes[g->target].dim.rows, 4);
}

static void test_embedding_makes_x_from_symbols(void **state) {
    Bench *b = *state;
    add_layer(b, LSTM);
    b->spec.input = 5;
    b->spec.embedding = 2;
    Graph *g = build(b);
    param(g, "embedding.E", 5, 2);
    param(g, "W_f", 4, 6);
    assert_int_equal(g->nodes[g->data].dim.rows, 5);
    assert_int_equal(g->nodes[g->x].dim.rows, 2);
    assert_int_equal(g->parts[0].kind, PART_EMBEDDING);
    assert_string_equal(g->equations[0].full, "embedding.x");
}

static void test_lesson_sizes_override_those_of_the_cell(void **state) {
    Bench *b = *state;
    const char text[] = "cell p \"p\"\nsize proj = 2\nsize h = proj\nh = W @ [h[t-1]; x]\n";
    LayerSpec *layer = add_layer(b, text);
    layer->size_names = (const char *const[]){"proj"};
    layer->size_values = (const int[]){3};
    layer->n_sizes = 1;
    param(build(b), "W", 3, 6);
    layer->size_names = (const char *const[]){"prog"};
    refuses(b, "p has no size prog; it has proj");
}

static void test_start_values_of_the_lesson_replace_the_cells(void **state) {
    Bench *b = *state;
    add_layer(b, "cell s \"s\"\nstart h = h_0\nh = tanh(W @ [h[t-1]; x])\n");
    b->spec.starts = &(StartSpec){"h", (const double[]){1, 2, 3, 4}, 4, {7, 4}};
    b->spec.n_starts = 1;
    Graph *g = build(b);
    const Node *start = &g->nodes[equation(g, "h")->start];
    assert_int_equal(start->op, OP_START);
    assert_true(start->values[3] == 4);
    b->spec.starts = &(StartSpec){"h", (const double[]){1, 2, 3}, 3, {7, 4}};
    refuses(b, "h has 4 values, but 3 are given");
    b->diags = diags_new(b->arena);
    b->spec.starts = &(StartSpec){"layer2.h", (const double[]){1, 2, 3, 4}, 4, {7, 4}};
    refuses(b, "lesson.md:1:8: error: no layer has an equation layer2.h");
}

static void test_open_shape_does_not_depend_on_the_order_of_equations(void **state) {
    Bench *b = *state;
    add_layer(b, "cell a \"a\"\nh = (S @ x) * h[t-1]\nk = S @ x\nsize k = 1\n");
    param(build(b), "S", 1, 3);
    b->spec.n_layers = 0;
    add_layer(b, "cell b \"b\"\nsize k = 1\nk = S @ x\nh = (S @ x) * h[t-1]\n");
    param(build(b), "S", 1, 3);
    b->spec.n_layers = 0;
    add_layer(b, "cell c \"c\"\nh = (S @ x) * h[t-1] * sum(x)\n");
    param(build(b), "S", 4, 3);
}

static void test_mistakes_of_one_cell_in_two_layers_are_told_once(void **state) {
    Bench *b = *state;
    LayerSpec *one = add_layer(b, "cell b \"b\"\nh = W @ x @ x\n");
    b->layers[1] = *one;
    b->layers[1].layer = 2;
    b->spec.n_layers = 2;
    refuses(b, "error:");
    assert_int_equal(b->diags.count, 1);
}

static void test_long_chains_need_no_stack(void **state) {
    Bench *b = *state;
    Buf text = buf_new(b->arena);
    buf_puts(&text, "cell long \"long\"\nh = h[t-1]");
    for (int i = 0; i < 10000; i++) buf_puts(&text, " + b");
    buf_puts(&text, "\n");
    add_layer(b, buf_str(&text));
    Graph *g = build(b);
    assert_int_equal(equation(g, "h")->n_steps, 10000);
}

static void test_head_may_have_several_equations(void **state) {
    Bench *b = *state;
    add_layer(b, LSTM);
    set_head(b, "z = W_z @ h; y = softmax(z / hidden + b_y)", 3);
    b->spec.loss = LOSS_CROSS_ENTROPY;
    refuses(b, "y is a column of 3, as the targets need, but its equation gives a column "
               "of 4");
    b->diags = diags_new(b->arena);
    set_head(b, "z = tanh(W_z @ h); y = softmax(W_y @ z + b_y)", 3);
    Graph *g = build(b);
    param(g, "head.W_z", 4, 4);
    param(g, "head.W_y", 3, 4);
    assert_int_equal(g->params[graph_find_param(g, "head.b_y")].hidden, 4);
    assert_true(g->nodes[g->output].fused);
}

static void test_head_of_a_bidirectional_layer_sees_both_halves(void **state) {
    Bench *b = *state;
    add_layer(b, LSTM);
    LayerSpec *reverse = add_layer(b, LSTM);
    reverse->layer = 1;
    reverse->backward = reverse->reverse = true;
    set_head(b, "y = sigmoid(W_y @ h + b_y)", 1);
    Graph *g = build(b);
    param(g, "head.W_y", 1, 8);
    assert_int_equal(g->parts[g->head_part].hidden, 8);
    assert_int_equal(g->nodes[g->parts[g->head_part].input].op, OP_STACK);
}

static void test_start_values_have_the_prefix_of_their_layer(void **state) {
    Bench *b = *state;
    add_layer(b, LSTM);
    add_layer(b, LSTM);
    b->spec.starts = &(StartSpec){"layer2.c", (const double[]){1, 2, 3, 4}, 4, {7, 4}};
    b->spec.n_starts = 1;
    Graph *g = build(b);
    assert_int_equal(equation(g, "c")->start, -1);
    assert_int_equal(g->nodes[equation(g, "layer2.c")->start].op, OP_START);
}

static void test_second_layer_reads_the_first_with_a_lag(void **state) {
    Bench *b = *state;
    const char text[] = "cell l \"l\"\nh = tanh(W @ [x[t-1]; x[t-2]] + b)\n";
    add_layer(b, text);
    add_layer(b, text);
    Graph *g = build(b);
    param(g, "W", 4, 6);
    param(g, "layer2.W", 4, 8);
    assert_false(equation(g, "h")->remembered); // x is 0 before the first timestep
    assert_int_equal(g->n_uses[equation(g, "h")->node], 2);
}

static void test_network_too_large_is_refused_with_its_size(void **state) {
    Bench *b = *state;
    for (int i = 0; i < 8; i++) add_layer(b, LSTM)->hidden = 5000;
    refuses(b, "the parameters of this network take");
}

static void test_sizes_of_the_network_are_checked(void **state) {
    Bench *b = *state;
    add_layer(b, LSTM)->hidden = 0;
    refuses(b, "lesson.md:1:1: error: hidden is from 1 to 1000000, and this is 0");
}

static void test_longest_init_pattern_wins_then_the_later(void **state) {
    Bench *b = *state;
    add_layer(b, "cell i \"i\"\nh = W_h @ h[t-1] + W_x @ x + b_h + b_x\ninit W_* = orthogonal\n"
                 "init * = 0\ninit W_x = glorot\ninit b_* = 1\ninit b_* = 2\n");
    Graph *g = build(b);
    assert_int_equal(param(g, "W_h", 4, 4)->init.kind, INIT_ORTHOGONAL);
    assert_int_equal(param(g, "W_x", 4, 3)->init.kind, INIT_GLOROT);
    assert_true(param(g, "b_h", 4, 1)->init.a == 2);
}

// ---- golden files

static const char *read_all(Bench *b, const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) return "";
    Buf text = buf_new(b->arena);
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;) buf_put(&text, piece, n);
    fclose(f);
    return buf_str(&text);
}

static const char *dump_or_mistakes(Bench *b, const char *path) {
    const char *text = read_all(b, path);
    Source s = {strrchr(path, '/') + 1, text, strlen(text)};
    CellAst *cell = cell_parse(b->arena, &s, &b->diags);
    b->layers[0] = (LayerSpec){.cell = cell, .hidden = 4, .layer = 1};
    b->spec.n_layers = 1;
    Graph *g = cell ? graph_build(b->arena, &b->spec, &b->diags) : NULL;
    if (!g) return mistakes(b);
    const char *why;
    if (!graph_check(g, &why)) fail_msg("%s: %s", path, why);
    Buf out = buf_new(b->arena);
    graph_dump(g, &out);
    return buf_str(&out);
}

static bool is_golden(Bench *b, const char *path) {
    const char *got = dump_or_mistakes(b, path);
    const char *golden = arena_printf(b->arena, "%.*s.txt", (int)strlen(path) - 5, path);
    return golden_same(b->arena, golden, got);
}

static void test_graphs_and_mistakes_are_golden(void **state) {
    (void)state;
    glob_t found;
    assert_int_equal(glob("tests/golden/graph/*.cell", 0, NULL, &found), 0);
    bool same = true;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        void *bench;
        set_up(&bench);
        same = is_golden(bench, found.gl_pathv[i]) && same;
        tear_down(&bench);
    }
    globfree(&found);
    assert_true(same);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_lstm_has_its_shapes_and_order),
        TEST(test_steps_are_numbered_as_they_are_evaluated),
        TEST(test_uses_are_listed_by_reader_then_argument),
        TEST(test_stacked_bidirectional_layers_have_prefixes),
        TEST(test_single_backward_layer_has_no_prefix),
        TEST(test_softmax_head_is_fused_with_cross_entropy),
        TEST(test_sigmoid_head_is_fused_with_binary_cross_entropy),
        TEST(test_binary_cross_entropy_of_anything_else_is_not_fused),
        TEST(test_cross_entropy_without_softmax_is_refused),
        TEST(test_mse_and_probe_act_on_the_output),
        TEST(test_embedding_makes_x_from_symbols),
        TEST(test_lesson_sizes_override_those_of_the_cell),
        TEST(test_start_values_of_the_lesson_replace_the_cells),
        TEST(test_open_shape_does_not_depend_on_the_order_of_equations),
        TEST(test_mistakes_of_one_cell_in_two_layers_are_told_once),
        TEST(test_long_chains_need_no_stack),
        TEST(test_head_may_have_several_equations),
        TEST(test_head_of_a_bidirectional_layer_sees_both_halves),
        TEST(test_start_values_have_the_prefix_of_their_layer),
        TEST(test_second_layer_reads_the_first_with_a_lag),
        TEST(test_network_too_large_is_refused_with_its_size),
        TEST(test_sizes_of_the_network_are_checked),
        TEST(test_longest_init_pattern_wins_then_the_later),
        TEST(test_graphs_and_mistakes_are_golden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
