// weights.file: the same network from Gatewalk's own names, PyTorch's, Keras's and ONNX's.
#include "check.h"

#include <string.h>

#include "files/npz.h"
#include "files/safetensors.h"
#include "files/write.h"
#include "lesson/reading.h"

static Arena *arena;
static const Places places = {"assets", "lessons"};

enum { H = 2, X = 3, MOST_GATES = 4 };

/// A number for each gate, row and column: no two the same.
static double x_at(char gate, int row, int col) {
    return gate + 0.1 * row + 0.01 * col;
}
static double h_at(char gate, int row, int col) {
    return -gate - 0.1 * row - 0.01 * col;
}
static double b_at(char gate, int row) {
    return 0.5 * gate + row;
}
static double d_at(char gate, int row) {
    return 0.25 * gate - row;
}

static const double *block(const char *order, double (*at)(char, int, int), int cols,
                           bool columns) {
    int rows = H * (int)strlen(order);
    double *out = ARENA_ARRAY(arena, double, rows *cols);
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < cols; c++)
            out[columns ? c * rows + r : r * cols + c] = at(order[r / H], r % H, c);
    return out;
}

static double *bias(const char *order, bool x, bool h, bool apart) {
    int rows = H * (int)strlen(order);
    double *out = ARENA_ARRAY(arena, double, 2 * rows);
    for (int r = 0; r < rows; r++) {
        out[r] += x ? b_at(order[r / H], r % H) : 0;
        out[apart ? rows + r : r] += h ? d_at(order[r / H], r % H) : 0;
    }
    return out;
}

static void add(Tensors *t, const char *name, size_t a, size_t b, size_t c, const double *at) {
    size_t shape[] = {a, b, c};
    tensors_add(arena, t, name, c ? 3 : b ? 2 : 1, shape, at);
}

static const char *write_weights(const char *name, const Tensors *t) {
    Buf out = buf_new(arena);
    if (strstr(name, ".npz"))
        assert_true(npz_write(t, &out));
    else
        safetensors_write(t, &out);
    const char *why;
    assert_true(write_folder(arena, "build/test-weights", &why));
    assert_true(write_file(arena, arena_printf(arena, "build/test-weights/%s", name), out.data,
                           out.len, &why));
    return name;
}

static Lesson *load(const char *model, const char *file, const char **said) {
    const char *text = arena_printf(arena,
                                    "---\ntitle: t\nmodel: {%s}\ndata: {inputs: [[1, 0, 2], [0, 1, "
                                    "1]], targets: [0, 1]}\nweights: {file: %s}\n---\n",
                                    model, file);
    Source *s = ARENA_NEW(arena, Source);
    *s = (Source){"build/test-weights/lesson.md", text, strlen(text)};
    Diags d = diags_new(arena);
    Lesson *lesson = lesson_from_source(arena, s, &places, &(Training){.steps = -1}, &d);
    Buf b = buf_new(arena);
    diags_print(&d, &b);
    *said = buf_str(&b);
    return lesson;
}

static Lesson *loaded(const char *model, const char *file) {
    const char *said;
    Lesson *lesson = load(model, file, &said);
    if (!lesson) print_error("%s", said);
    assert_non_null(lesson);
    return lesson;
}

static const double *param(const Lesson *l, const char *name) {
    int i = graph_find_param(l->graph, name);
    if (i < 0) print_error("no %s\n", name);
    assert_true(i >= 0);
    return l->params + l->graph->params[i].offset;
}

/// Is W_gate of this layer [h | x], and its bias the sum asked for?
static void check_gate(const Lesson *l, const char *prefix, char gate, bool x, bool h) {
    const double *w = param(l, arena_printf(arena, "%sW_%c", prefix, gate));
    const double *b = param(l, arena_printf(arena, "%sb_%c", prefix, gate));
    for (int r = 0; r < H; r++) {
        for (int c = 0; c < H; c++) CHECK_NEAR(w[r * (H + X) + c], h_at(gate, r, c), 0);
        for (int c = 0; c < X; c++) CHECK_NEAR(w[r * (H + X) + H + c], x_at(gate, r, c), 0);
        CHECK_NEAR(b[r], (x ? b_at(gate, r) : 0) + (h ? d_at(gate, r) : 0), 1e-15);
    }
}

static void test_pytorch_lstm_with_a_head(void **state) {
    (void)state;
    static const double head[4] = {1, 2, 3, 4}, head_bias[2] = {5, 6};
    Tensors t = {0};
    add(&t, "lstm.weight_ih_l0", 4 * H, X, 0, block("ifgo", x_at, X, false));
    add(&t, "lstm.weight_hh_l0", 4 * H, H, 0, block("ifgo", h_at, H, false));
    add(&t, "lstm.bias_ih_l0", 4 * H, 0, 0, bias("ifgo", true, false, false));
    add(&t, "lstm.bias_hh_l0", 4 * H, 0, 0, bias("ifgo", false, true, false));
    add(&t, "fc.weight", 2, H, 0, head);
    add(&t, "fc.bias", 2, 0, 0, head_bias);
    Lesson *l = loaded("cell: lstm, hidden: 2, head: softmax, loss: cross-entropy",
                       write_weights("torch.safetensors", &t));
    for (const char *gate = "ifgo"; *gate; gate++) check_gate(l, "", *gate, true, true);
    assert_memory_equal(param(l, "head.W_y"), head, sizeof head);
    assert_memory_equal(param(l, "head.b_y"), head_bias, sizeof head_bias);
    assert_string_equal(l->notes[0], "build/test-weights/torch.safetensors: note: PyTorch's names; "
                                     "gates in the order i, f, g, o; the two biases are added");
    assert_null(l->notes[1]);
}

static void test_pytorch_without_biases_has_zeros(void **state) {
    (void)state;
    Tensors t = {0};
    add(&t, "weight_ih", 4 * H, X, 0, block("ifgo", x_at, X, false));
    add(&t, "weight_hh", 4 * H, H, 0, block("ifgo", h_at, H, false));
    Lesson *l = loaded("cell: lstm, hidden: 2, head: none", write_weights("cell.npz", &t));
    for (const char *gate = "ifgo"; *gate; gate++) check_gate(l, "", *gate, false, false);
}

static void test_pytorch_gru_keeps_the_biases_of_its_candidate_apart(void **state) {
    (void)state;
    Tensors t = {0};
    add(&t, "weight_ih_l0", 3 * H, X, 0, block("rzn", x_at, X, false));
    add(&t, "weight_hh_l0", 3 * H, H, 0, block("rzn", h_at, H, false));
    add(&t, "bias_ih_l0", 3 * H, 0, 0, bias("rzn", true, false, false));
    add(&t, "bias_hh_l0", 3 * H, 0, 0, bias("rzn", false, true, false));
    const char *said, *file = write_weights("gru.safetensors", &t);
    Lesson *l = loaded("cell: gru-after, hidden: 2", file);
    check_gate(l, "", 'r', true, true);
    check_gate(l, "", 'z', true, true);
    for (int r = 0; r < H; r++) {
        CHECK_NEAR(param(l, "W_n")[r * X + 1], x_at('n', r, 1), 0);
        CHECK_NEAR(param(l, "R_n")[r * H + 1], h_at('n', r, 1), 0);
        CHECK_NEAR(param(l, "b_n")[r], b_at('n', r), 0);
        CHECK_NEAR(param(l, "d_n")[r], d_at('n', r), 0);
    }
    assert_null(load("cell: gru, hidden: 2", file, &said));
    assert_non_null(strstr(said, "the cell gru-after, not gru"));
}

static void test_pytorch_layers_and_directions(void **state) {
    (void)state;
    Tensors t = {0};
    static const char *const endings[] = {"l0", "l0_reverse", "l1", "l1_reverse"};
    for (int i = 0; i < 4; i++) {
        int input = i < 2 ? X : 2 * H;
        double *x = ARENA_ARRAY(arena, double, H *input), *h = ARENA_ARRAY(arena, double, H *H);
        x[0] = 10 + i;
        h[0] = 20 + i;
        add(&t, arena_printf(arena, "rnn.weight_ih_%s", endings[i]), H, (size_t)input, 0, x);
        add(&t, arena_printf(arena, "rnn.weight_hh_%s", endings[i]), H, H, 0, h);
    }
    Lesson *l = loaded("cell: rnn, hidden: 2, layers: 2, direction: bidirectional",
                       write_weights("deep.safetensors", &t));
    static const char *const names[] = {"W", "reverse.W", "layer2.W", "layer2.reverse.W"};
    for (int i = 0; i < 4; i++) {
        CHECK_NEAR(param(l, names[i])[0], 20 + i, 0);
        CHECK_NEAR(param(l, names[i])[H], 10 + i, 0);
    }
}

static void test_keras_lstm_stands_on_the_other_side_of_the_product(void **state) {
    (void)state;
    static const double head[4] = {1, 3, 2, 4}, head_bias[2] = {5, 6};
    Tensors t = {0};
    add(&t, "lstm/lstm_cell/kernel:0", X, 4 * H, 0, block("ifgo", x_at, X, true));
    add(&t, "lstm/lstm_cell/recurrent_kernel:0", H, 4 * H, 0, block("ifgo", h_at, H, true));
    add(&t, "lstm/lstm_cell/bias:0", 4 * H, 0, 0, bias("ifgo", true, false, false));
    add(&t, "dense/kernel:0", H, 2, 0, head);
    add(&t, "dense/bias:0", 2, 0, 0, head_bias);
    Lesson *l = loaded("cell: lstm, hidden: 2, head: softmax, loss: cross-entropy",
                       write_weights("keras.npz", &t));
    for (const char *gate = "ifgo"; *gate; gate++) check_gate(l, "", *gate, true, false);
    for (int i = 0; i < 4; i++) CHECK_NEAR(param(l, "head.W_y")[i], i + 1, 0);
    assert_string_equal(l->notes[0], "build/test-weights/keras.npz: note: Keras's names; gates in "
                                     "the order i, f, g, o");
}

static void test_keras_gru_tells_its_form_by_its_bias(void **state) {
    (void)state;
    const char *said;
    for (int after = 0; after < 2; after++) {
        Tensors t = {0};
        add(&t, "kernel", X, 3 * H, 0, block("zrn", x_at, X, true));
        add(&t, "recurrent_kernel", H, 3 * H, 0, block("zrn", h_at, H, true));
        add(&t, "bias", after ? 2 : 3 * H, after ? 3 * H : 0, 0, bias("zrn", true, after, true));
        const char *file = write_weights("keras-gru.npz", &t);
        Lesson *l = loaded(after ? "cell: gru-after, hidden: 2" : "cell: gru, hidden: 2", file);
        check_gate(l, "", 'r', true, after);
        check_gate(l, "", 'z', true, after);
        if (!after) check_gate(l, "", 'n', true, false);
        if (after) CHECK_NEAR(param(l, "d_n")[1], d_at('n', 1), 0);
        assert_null(
            load(after ? "cell: gru, hidden: 2" : "cell: gru-after, hidden: 2", file, &said));
        assert_non_null(strstr(said, after ? "after the product" : "before the product"));
    }
}

static void test_keras_layers_stand_in_natural_order(void **state) {
    (void)state;
    Tensors t = {0};
    static const char *const groups[] = {"rnn_10", "rnn", "rnn_2"};
    for (int i = 0; i < 3; i++) {
        size_t input = i == 1 ? X : H;
        double *x = ARENA_ARRAY(arena, double, X *H);
        x[0] = i;
        add(&t, arena_printf(arena, "%s/kernel", groups[i]), input, H, 0, x);
        add(&t, arena_printf(arena, "%s/recurrent_kernel", groups[i]), H, H, 0, x);
    }
    Lesson *l = loaded("cell: rnn, hidden: 2, layers: 3", write_weights("order.npz", &t));
    CHECK_NEAR(param(l, "W")[0], 1, 0);
    CHECK_NEAR(param(l, "layer2.W")[0], 2, 0);
    CHECK_NEAR(param(l, "layer3.W")[0], 0, 0);
}

static void test_onnx_lstm_in_both_directions(void **state) {
    (void)state;
    Tensors t = {0};
    size_t x = 4 * H * X, h = 4 * H * H, b = 8 * H;
    double *w = ARENA_ARRAY(arena, double, 2 * x), *r = ARENA_ARRAY(arena, double, 2 * h);
    double *bs = ARENA_ARRAY(arena, double, 2 * b);
    memcpy(w + x, block("iofg", x_at, X, false), x * sizeof *w); // forward stays zero
    memcpy(r + h, block("iofg", h_at, H, false), h * sizeof *r);
    memcpy(bs + b, bias("iofg", true, true, true), b * sizeof *bs);
    add(&t, "W", 2, 4 * H, X, w);
    add(&t, "R", 2, 4 * H, H, r);
    add(&t, "B", 2, 8 * H, 0, bs);
    Lesson *l =
        loaded("cell: lstm, hidden: 2, direction: bidirectional", write_weights("onnx.npz", &t));
    for (const char *gate = "ifgo"; *gate; gate++) check_gate(l, "reverse.", *gate, true, true);
    CHECK_NEAR(param(l, "W_f")[3], 0, 0);
    assert_non_null(strstr(l->notes[0], "ONNX's names; gates in the order i, o, f, g"));
}

static void test_own_names_may_leave_some_out_and_say_so(void **state) {
    (void)state;
    Tensors t = {0};
    static const double w[H * (H + X)] = {7, 8}, b[H] = {3, 4};
    add(&t, "W_f", H, H + X, 0, w);
    add(&t, "b_f", H, 0, 0, b);
    Lesson *l = loaded("cell: lstm, hidden: 2", write_weights("own.safetensors", &t));
    CHECK_NEAR(param(l, "W_f")[1], 8, 0);
    CHECK_NEAR(param(l, "b_f")[1], 4, 0);
    assert_non_null(strstr(l->notes[0], "left as they start: W_i, b_i"));
}

static void test_files_that_do_not_fit_say_both_numbers(void **state) {
    (void)state;
    static const double zeros[64];
    const char *said;
    Tensors t = {0};
    add(&t, "W_f", H, X, 0, zeros);
    add(&t, "W_k", H, X, 0, zeros);
    assert_null(load("cell: lstm, hidden: 2", write_weights("bad.npz", &t), &said));
    assert_non_null(
        strstr(said, "bad.npz: error: W_f is 2×3 in the file, and 2×5 in this network"));
    assert_non_null(strstr(said, "has no parameter 'W_k'; did you mean 'W_"));

    t = (Tensors){0};
    add(&t, "weight_ih_l0", 4 * H, 4, 0, zeros);
    add(&t, "weight_hh_l0", 4 * H, H, 0, zeros);
    assert_null(load("cell: lstm, hidden: 2", write_weights("bad.npz", &t), &said));
    assert_non_null(
        strstr(said, "weight_ih_l0 is 8×4, and layer1 (lstm, hidden 2, input 3) needs 8×3"));
    assert_null(load("cell: lstm, hidden: 2, layers: 2", "bad.npz", &said));
    assert_non_null(strstr(said, "the file has 1 recurrent layer, and the lesson 2"));
    assert_null(load("cell: lstm, hidden: 2, direction: bidirectional", "bad.npz", &said));
    assert_non_null(strstr(said, "the file has 0 reverse directions, and the lesson 1"));
    assert_null(load("cell: lstm-peephole, hidden: 2", "bad.npz", &said));
    assert_non_null(strstr(said, "takes Gatewalk's own"));

    t = (Tensors){0};
    add(&t, "alpha", H, 0, 0, zeros);
    assert_null(load("cell: lstm, hidden: 2", write_weights("bad.npz", &t), &said));
    assert_non_null(strstr(said, "the name 'alpha' is not known"));
    assert_null(load("cell: lstm, hidden: 2", "model.pt", &said));
    assert_non_null(
        strstr(said, "lesson.md:5:17: error: a .pt file cannot be read: it is a pickle"));
    assert_null(load("cell: lstm, hidden: 2", "none.npz", &said));
    assert_non_null(strstr(said, "there is no such file"));
    assert_null(load("cell: lstm, hidden: 2", "../x.npz", &said));
    assert_non_null(strstr(said, "may not leave the folder"));
}

static void test_weights_that_are_no_numbers_are_refused_with_their_place(void **state) {
    (void)state;
    static const double broken[H] = {1, NAN}, endless[H] = {-INFINITY, 2};
    const char *said;
    Tensors t = {0};
    add(&t, "b_f", H, 0, 0, broken);
    assert_null(load("cell: lstm, hidden: 2", write_weights("nan.safetensors", &t), &said));
    assert_non_null(strstr(said, "nan.safetensors: error: b_f: number 2 of 2 is NaN"));
    t = (Tensors){0};
    add(&t, "bias_ih_l0", H, 0, 0, endless);
    assert_null(load("cell: lstm, hidden: 2", write_weights("inf.npz", &t), &said));
    assert_non_null(strstr(said, "inf.npz: error: bias_ih_l0: number 1 of 2 is infinite"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_pytorch_lstm_with_a_head),
        RUN(test_pytorch_without_biases_has_zeros),
        RUN(test_pytorch_gru_keeps_the_biases_of_its_candidate_apart),
        RUN(test_pytorch_layers_and_directions),
        RUN(test_keras_lstm_stands_on_the_other_side_of_the_product),
        RUN(test_keras_gru_tells_its_form_by_its_bias),
        RUN(test_keras_layers_stand_in_natural_order),
        RUN(test_onnx_lstm_in_both_directions),
        RUN(test_own_names_may_leave_some_out_and_say_so),
        RUN(test_files_that_do_not_fit_say_both_numbers),
        RUN(test_weights_that_are_no_numbers_are_refused_with_their_place),
    };
    arena = arena_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
