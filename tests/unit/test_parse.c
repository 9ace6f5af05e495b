// What binds what, where it stands, heads, built-in texts, limits, and inputs made to hurt. The
// messages themselves are in tests/golden/cells.
#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/parse.h"

static Arena *arena;
static Diags diags;

static int setup(void **state) {
    (void)state;
    arena = arena_new();
    diags = diags_new(arena);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static const Source *source_of(const char *text, size_t len) {
    Source *s = ARENA_NEW(arena, Source);
    *s = (Source){"a.cell", text, len};
    return s;
}

static CellAst *parse(const char *text) {
    diags = diags_new(arena);
    return cell_parse(arena, source_of(text, strlen(text)), &diags);
}

// The value of h in a cell whose only equation that is.
static Expr *value_of(const char *expression) {
    CellAst *c = parse(arena_printf(arena, "cell a \"A\"\nh = %s\n", expression));
    assert_non_null(c);
    return c->equations[0].value;
}

// The expression as the tree says it is bound.
static const char *bound(const char *expression) {
    value_of(expression);
    Buf out = buf_new(arena);
    cell_dump(parse(arena_printf(arena, "cell a \"A\"\nh = %s\n", expression)), &out);
    char *line = strstr(buf_str(&out), "equation h ") + strlen("equation h ");
    *strchr(line, '\n') = '\0';
    return line;
}

static void test_operators_bind_as_the_format_says(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"a - b - c", "sub(sub(a, b), c)"},
        {"a / b * c", "mul(div(a, b), c)"},
        {"A @ B @ c", "matmul(matmul(A, B), c)"},
        {"2 * W @ x", "mul(2, matmul(W, x))"},
        {"(M * W) @ x", "matmul(mul(M, W), x)"},
        {"W @ a * b", "mul(matmul(W, a), b)"},
        {"a + b * c - d", "sub(add(a, mul(b, c)), d)"},
        {"-a @ b", "matmul(neg(a), b)"},
        {"-a'", "neg(transpose(a))"},
        {"a - -b", "sub(a, neg(b))"},
        {"W[1:3] @ x", "matmul(slice(W, 1:3), x)"},
        {"h[t-1][1:2]", "slice(h[t-1], 1:2)"},
        {"tanh(x)'[2]", "slice(transpose(tanh(x)), 2)"},
        {"(a + b)[1 : hidden - 1 * 2]", "slice(add(a, b), 1:sub(hidden, mul(1, 2)))"},
        {"[a; b; c]", "stack(a, b, c)"},
        {"[a, [b; c]]", "stack(a, stack(b, c))"},
        {"a⊙b·c", "mul(a, matmul(b, c))"},
        {"where((a + b) > c, d, e)", "where >(add(a, b), c, d, e)"},
        {"where((a > (b)), d, e)", "where >(a, b, d, e)"},
        {"where(where(a < b, c, d) >= e, f, g)", "where >=(where <(a, b, c, d), e, f, g)"},
        {"x [ t - 2 ]", "x[t-2]"},
        {"3[1] + t[1]", "add(slice(3, 1), slice(t, 1))"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(bound(rows[i][0]), rows[i][1]);
}

static void assert_span(const Source *s, Span span, const char *text) {
    assert_int_equal(span.len, strlen(text));
    assert_memory_equal(s->text + span.at, text, span.len);
}

static void test_everything_keeps_its_place(void **state) {
    (void)state;
    CellAst *c = parse("cell a \"A\"\nsize h = 2 x hidden\nh = (a + tanh( b[t-1] ))[1:2]'  # c\n"
                       "b = x\n");
    assert_non_null(c);
    const Expr *e = c->equations[0].value;
    assert_span(c->source, c->equations[0].name_span, "h");
    assert_span(c->source, c->sizes[0].dims_span, "2 x hidden");
    assert_span(c->source, e->span, "(a + tanh( b[t-1] ))[1:2]'");
    assert_span(c->source, e->op_span, "'");
    assert_span(c->source, e->args[0]->op_span, "[1:2]");
    assert_span(c->source, e->args[0]->hi->span, "2");
    const Expr *sum = e->args[0]->args[0];
    assert_true(sum->bracketed);
    assert_span(c->source, sum->op_span, "+");
    assert_span(c->source, sum->args[1]->op_span, "tanh");
    assert_span(c->source, sum->args[1]->args[0]->span, "b[t-1]");
    assert_int_equal(sum->args[1]->args[0]->lag, 1);
    assert_span(c->source, c->equations[1].value->span, "x");
}

static void test_labels_and_their_chinese_are_both_optional(void **state) {
    (void)state;
    CellAst *c =
        parse("cell a \"A\"\nh = x \"one\" zh \"二\"\na = x zh \"三\"\nb = x \"four\"\nzh = x");
    assert_non_null(c);
    assert_string_equal(c->equations[0].label[0], "one");
    assert_string_equal(c->equations[0].label[1], "二");
    assert_null(c->equations[1].label[0]);
    assert_string_equal(c->equations[1].label[1], "三");
    assert_null(c->equations[2].label[1]);
    assert_string_equal(c->equations[3].name, "zh");
}

static void test_the_output_is_h_unless_said(void **state) {
    (void)state;
    CellAst *c = parse("cell a \"A\"\nh = x\n");
    assert_string_equal(c->output, "h");
    assert_int_equal(c->output_span.at, NO_SPAN.at);
    assert_string_equal(parse("cell a \"A\"\noutput y\ny = x")->output, "y");
}

static void test_a_word_is_a_keyword_only_without_an_equals_sign(void **state) {
    (void)state;
    CellAst *c =
        parse("cell a \"A\"\ncell = x\nsize = cell\nparam=x\nconst = x\nstart = x\ninit = x\n"
              "zh = x\nsource = x\nnote = x\noutput = x\noutput output\n");
    assert_non_null(c);
    assert_int_equal(c->n_equations, 10);
}

static CellAst *head(const char *text) {
    diags = diags_new(arena);
    const char *file = arena_printf(arena, "head: \"%s\" # more", text);
    return head_parse(arena, source_of(file, strlen(file)), (Span){7, strlen(text)}, &diags);
}

static void test_a_head_is_equations_over_h(void **state) {
    (void)state;
    CellAst *c = head("y = softmax(W_y @ h + b_y)");
    assert_non_null(c);
    assert_int_equal(c->n_equations, 1);
    assert_string_equal(c->output, "y");
    c = head(" z = tanh(W @ [h; h]); y = softmax(V @ z) ");
    assert_non_null(c);
    assert_int_equal(c->n_equations, 2);
    assert_string_equal(c->output, "y");
    assert_string_equal(c->equations[0].name, "z");
}

static void test_a_head_refuses_x_lags_and_assigning_h(void **state) {
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"y = x", "a head does not see x"},
        {"y = h[t-1]", "a head sees this timestep only"},
        {"h = tanh(h)", "in a head, h is what the last layer hands on"},
        {"y = ", "a value is missing"},
        {"", "the head is empty"},
        {"softmax", "softmax is a function"},
        {"y = z; y = h", "y is assigned twice"},
        {"y = h h", "two values side by side"},
        {"y = foo(h)", "there is no function foo"},
        {"cell a", "="},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_null(head(rows[i].text));
        assert_true(diags.count > 0);
        assert_non_null(strstr(diags.list[0].message, rows[i].message));
        Buf out = buf_new(arena);
        diags_print(&diags, &out);
        assert_memory_equal(buf_str(&out), "a.cell:1:", 9);
    }
    assert_null(head("y = h +; z = W @; k = x"));
    assert_int_equal(diags.count, 3);
}

static void test_a_built_in_text_may_call_losses(void **state) {
    (void)state;
    CellAst *c = builtin_parse(arena, "loss = cross_entropy(y, target, z)\n");
    assert_int_equal(c->equations[0].value->op, OP_CROSS_ENTROPY);
    assert_string_equal(c->output, "loss");
    c = builtin_parse(arena, "e = binary_cross_entropy(y, target)\nloss = mean(e)");
    assert_int_equal(c->equations[0].value->n_args, 2);
    assert_string_equal(c->output, "loss");
}

// --- limits and inputs made to hurt: each must take well under a second

static char *repeated(const char *piece, size_t times, const char *before, const char *after) {
    Buf b = buf_new(arena);
    buf_puts(&b, before);
    for (size_t i = 0; i < times; i++) buf_puts(&b, piece);
    buf_puts(&b, after);
    return b.data;
}

static void assert_refused_fast(const char *text, size_t len) {
    clock_t start = clock();
    diags = diags_new(arena);
    assert_null(cell_parse(arena, source_of(text, len), &diags));
    Buf out = buf_new(arena);
    diags_print(&diags, &out);
    assert_in_range(out.len, 1, 64 * 1024);
#if !defined(__SANITIZE_ADDRESS__)
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 0.5);
#else
    (void)start;
#endif
}

static void test_nesting_that_is_too_deep_is_refused_without_a_crash(void **state) {
    (void)state;
    static const char *const pieces[] = {"(",        "-",       "[",  "tanh(", "[x;",   "x[",
                                         "where(x<", "where((", "x'", "x+(",   "x[1:2]"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        const char *piece = pieces[i];
        char *text = repeated(piece, 60000 / strlen(piece), "cell a \"A\"\nh = ", "\n");
        assert_refused_fast(text, strlen(text));
        text = repeated(piece, 100000, "cell a \"A\"\nh = ", "\n"); // a line that is too long, too
        assert_refused_fast(text, strlen(text));
    }
    static const char *const after[] = {"'", "[1:2]", "[t-1]", "[1]"};
    for (size_t i = 0; i < sizeof after / sizeof *after; i++) {
        char *text = repeated(after[i], 60000 / strlen(after[i]), "cell a \"A\"\nh = h", "\n");
        assert_refused_fast(text, strlen(text));
    }
}

static void test_two_hundred_levels_are_fine(void **state) {
    (void)state;
    char *open = repeated("(", 200, "cell a \"A\"\nh = ", "x");
    assert_non_null(parse(repeated(")", 200, open, "\n")));
    assert_non_null(parse(repeated("-", 200, "cell a \"A\"\nh = ", "x\n")));
    assert_non_null(parse(repeated("'", 200, "cell a \"A\"\nh = x", "\n")));
    assert_null(parse(repeated("'", 201, "cell a \"A\"\nh = x", "\n")));
    // nested in pieces: each below the limit, together above
    open = repeated("'", 150, "cell a \"A\"\nh = (x", ")");
    assert_null(parse(repeated("'", 150, open, "\n")));
}

static void test_a_chain_as_long_as_a_line_is_fine(void **state) {
    (void)state;
    char *text = repeated("+x", 32000, "cell a \"A\"\nh = x", "\n");
    CellAst *c = parse(text);
    assert_non_null(c);
    Buf out = buf_new(arena);
    cell_dump(c, &out);
    assert_true(out.len > 32000);
}

static void test_a_line_has_at_most_64_kib(void **state) {
    (void)state;
    assert_non_null(parse(repeated("#", 65536, "cell a \"A\"\nh = x\n", "\n")));
    assert_null(parse(repeated("#", 65537, "cell a \"A\"\nh = x\n", "\n")));
    assert_int_equal(diags.count, 1);
    char *text = repeated("a", 1 << 20, "cell a \"A\"\nh = ", "\n");
    assert_refused_fast(text, strlen(text));
    assert_int_equal(diags.count, 1);
}

static void test_many_notes_are_one_in_memory_of_their_size(void **state) {
    (void)state;
    enum { NOTES = 20000 };
    Buf text = buf_new(arena);
    buf_puts(&text, "cell a \"A\"\nh = W @ x\n");
    for (int i = 0; i < NOTES; i++) buf_puts(&text, "note \"0123456789\"\n");
    size_t before = arena_used(arena);
    CellAst *cell = parse(buf_str(&text));
    assert_non_null(cell);
    assert_int_equal(strlen(cell->note[0]), 11 * NOTES - 1);
    // copied at every line it was thousands of times the text
    assert_true(arena_used(arena) - before < 100 * text.len);
}

static char *equations(int count) {
    Buf b = buf_new(arena);
    buf_puts(&b, "cell a \"A\"\nh = x\n");
    for (int i = 1; i < count; i++) buf_printf(&b, "y%d = h[t-1] + y%d\n", i, i - 1);
    return b.data;
}

static void test_a_cell_has_at_most_5000_equations(void **state) {
    (void)state;
    assert_non_null(parse(equations(5000)));
    assert_null(parse(equations(5001)));
    assert_int_equal(diags.count, 1);
    assert_null(parse(equations(50000)));
    assert_int_equal(diags.count, 1);
}

static void test_megabytes_of_mistakes_are_refused_fast(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "\xff\n",   "h = x\n", "y = foo(x)\n",  "size a = b\n", "init q = 1\n", "start s = x\n",
        "z[t-1]\n", "\n(",     "param p : q\n", "a\n",          "h = x[t-1\n"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        char *text = repeated(pieces[i], (1 << 20) / strlen(pieces[i]), "cell a \"A\"\n", "");
        assert_refused_fast(text, strlen(text));
    }
    char *zeros = arena_alloc(arena, CELL_MAX_BYTES + 1, 1);
    assert_refused_fast(zeros, CELL_MAX_BYTES);
    assert_refused_fast(zeros, CELL_MAX_BYTES + 1);
}

static void test_named_sizes_in_a_long_chain_are_fine(void **state) {
    (void)state;
    Buf b = buf_new(arena);
    buf_puts(&b, "cell a \"A\"\nh = x\nsize s0 = 1\n");
    for (int i = 1; i < 4900; i++) buf_printf(&b, "size s%d = s%d\n", i, i - 1);
    assert_non_null(parse(b.data));
    buf_puts(&b, "size u = v\nsize v = u\n");
    assert_refused_fast(b.data, b.len);
    assert_int_equal(diags.count, 1);
}

// Every prefix of a cell, and every cell with one byte changed, is read without a crash.
static void test_damaged_cells_never_crash(void **state) {
    (void)state;
    const Source *s = source_read(arena, "tests/golden/cells/everything.cell", 1 << 20, &diags);
    assert_non_null(s);
    static const char bytes[] = "\0\"'[](=-#\xff 0t";
    for (size_t i = 0; i < s->len; i++) {
        Arena *a = arena_new();
        char *copy = arena_copy(a, s->text, s->len);
        Source cut = {"cut.cell", copy, i}, changed = {"changed.cell", copy, s->len};
        Diags d = diags_new(a);
        cell_parse(a, &cut, &d);
        copy[i] = bytes[i % (sizeof bytes - 1)];
        cell_parse(a, &changed, &d);
        Buf out = buf_new(a);
        diags_print(&d, &out);
        arena_free(a);
    }
}

#define RUN_FRESH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN_FRESH(test_operators_bind_as_the_format_says),
        RUN_FRESH(test_everything_keeps_its_place),
        RUN_FRESH(test_labels_and_their_chinese_are_both_optional),
        RUN_FRESH(test_the_output_is_h_unless_said),
        RUN_FRESH(test_a_word_is_a_keyword_only_without_an_equals_sign),
        RUN_FRESH(test_a_head_is_equations_over_h),
        RUN_FRESH(test_a_head_refuses_x_lags_and_assigning_h),
        RUN_FRESH(test_a_built_in_text_may_call_losses),
        RUN_FRESH(test_nesting_that_is_too_deep_is_refused_without_a_crash),
        RUN_FRESH(test_two_hundred_levels_are_fine),
        RUN_FRESH(test_a_chain_as_long_as_a_line_is_fine),
        RUN_FRESH(test_a_line_has_at_most_64_kib),
        RUN_FRESH(test_many_notes_are_one_in_memory_of_their_size),
        RUN_FRESH(test_a_cell_has_at_most_5000_equations),
        RUN_FRESH(test_megabytes_of_mistakes_are_refused_fast),
        RUN_FRESH(test_named_sizes_in_a_long_chain_are_fine),
        RUN_FRESH(test_damaged_cells_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
