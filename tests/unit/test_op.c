// Tests that loop over the table of operations: a new row is tested before anyone writes a test
// for it. Every backward is held against central differences of its own forward, taken twice and
// extrapolated (Richardson), so that the tolerance can be tight.
#include "core/op.h"

#include <string.h>

#include "check.h"

enum { MAX_COUNT = 48, MAX_ROWS = 20 };

// One operation with its arguments.
typedef struct {
    OpKind op;
    Dim dim;
    int n_args;
    Dim arg_dim[OP_MAX_ARGS];
    double arg[OP_MAX_ARGS][MAX_COUNT];
    Compare compare;
    int lo;
    bool fused;
} Case;

static int count(Dim d) {
    return d.rows * d.cols;
}

static void forward(const Case *c, double *y) {
    const double *arg[OP_MAX_ARGS];
    for (int k = 0; k < c->n_args; k++) arg[k] = c->arg[k];
    OpCall call = {.dim = c->dim,
                   .n_args = c->n_args,
                   .arg_dim = c->arg_dim,
                   .arg = arg,
                   .compare = c->compare,
                   .lo = c->lo,
                   .fused = c->fused};
    op_defs[c->op].forward(&call, y);
}

// What a row says its backward does not look at is not a number when it runs.
static void backward(const Case *c, const double *dy, int k, double *share) {
    const OpDef *def = &op_defs[c->op];
    double nothing[MAX_COUNT], y[MAX_COUNT];
    for (int i = 0; i < MAX_COUNT; i++) nothing[i] = NAN;
    const double *arg[OP_MAX_ARGS];
    for (int j = 0; j < c->n_args; j++)
        arg[j] = def->spares_args && !(c->fused && j == 1) ? nothing : c->arg[j];
    OpCall call = {.dim = c->dim,
                   .n_args = c->n_args,
                   .arg_dim = c->arg_dim,
                   .arg = arg,
                   .compare = c->compare,
                   .lo = c->lo,
                   .fused = c->fused};
    forward(c, y);
    def->backward(&call, def->spares_result ? nothing : y, dy, k, share);
}

// The value and the gradient of a function of single numbers, the incoming gradient being 1.
static double value1(OpKind op, double a) {
    Case c = {.op = op, .dim = {1, 1}, .n_args = 1, .arg_dim = {{1, 1}}, .arg = {{a}}};
    double y;
    forward(&c, &y);
    return y;
}

static Case pair(OpKind op, double a, double b) {
    return (Case){
        .op = op, .dim = {1, 1}, .n_args = 2, .arg_dim = {{1, 1}, {1, 1}}, .arg = {{a}, {b}}};
}

static double value2(OpKind op, double a, double b) {
    Case c = pair(op, a, b);
    double y;
    forward(&c, &y);
    return y;
}

static double grad(Case c, int k) {
    double share = NAN, dy = 1.0;
    backward(&c, &dy, k, &share);
    return share;
}

static double grad1(OpKind op, double a) {
    Case c = {.op = op, .dim = {1, 1}, .n_args = 1, .arg_dim = {{1, 1}}, .arg = {{a}}};
    return grad(c, 0);
}

// sum of dy[i] y[i], and how large its terms are, for the rounding.
static double weighted(const Case *c, const double *dy, double *size) {
    double y[MAX_COUNT], sum = 0;
    forward(c, y);
    for (int i = 0; i < count(c->dim); i++) {
        sum += dy[i] * y[i];
        *size = fmax(*size, fabs(dy[i] * y[i]));
    }
    return sum;
}

// Central differences at h and 2h, extrapolated: the error is of order h^4.
static double nudged(Case c, const double *dy, int k, int i, double h, double *size) {
    double at = c.arg[k][i], d[2];
    for (int twice = 0; twice < 2; twice++) {
        double step = twice ? 2 * h : h;
        double up = at + step, down = at - step;
        c.arg[k][i] = up;
        double above = weighted(&c, dy, size);
        c.arg[k][i] = down;
        d[twice] = (above - weighted(&c, dy, size)) / (up - down);
    }
    return (4 * d[0] - d[1]) / 3;
}

// Every element of the share of argument k, h being the step for an argument of that size.
static void check_backward(const Case *c, int k, double step, bool relative_step) {
    double dy[MAX_COUNT], share[MAX_COUNT];
    for (int i = 0; i < count(c->dim); i++) dy[i] = 0.7 + 0.31 * ((i * 7) % 5) - 0.9 * (i % 2);
    for (int i = 0; i < count(c->arg_dim[k]); i++) share[i] = 1e300; // assigned, never added
    backward(c, dy, k, share);
    for (int i = 0; i < count(c->arg_dim[k]); i++) {
        double h = relative_step ? step * fabs(c->arg[k][i]) : step, size = 0;
        double expected = nudged(*c, dy, k, i, h, &size);
        double difference = fabs(share[i] - expected);
        double rounding = 4e-16 * count(c->dim) * size / h;
        double tolerance = 1e-7 * fmax(fabs(share[i]), fabs(expected)) + rounding;
        if (isnan(share[i]) && isnan(expected)) continue;
        if (!(difference <= tolerance))
            fail_msg("%s, argument %d, element %d at %.9g: %.12g, by differences %.12g",
                     op_defs[c->op].name, k, i, c->arg[k][i], share[i], expected);
    }
}

// ---- the table ----

static void test_every_row_is_complete(void **state) {
    (void)state;
    for (int k = 0; k < OP_COUNT; k++) {
        const OpDef *d = &op_defs[k];
        bool is_value = k <= OP_START;
        assert_true(d->name && d->name[0] && d->title[0] && d->title[1]);
        assert_true(is_value == !d->forward);
        bool stops = k == OP_STOP || k == OP_PICK || k == OP_DRAW;
        if (!is_value) assert_true(!d->backward == stops);
        if (d->is_step) {
            assert_true(d->tex && d->say[0] && d->say[1]);
            assert_true(!d->backward == !d->say_back[0] && !d->backward == !d->say_back[1]);
        }
        assert_true(!d->slope == !d->slope_tex);
        assert_true(!d->is_function || d->is_step);
        assert_true(d->arity <= OP_MAX_ARGS && (is_value || d->arity != 0));
        for (int j = 0; j < k; j++) assert_string_not_equal(d->name, op_defs[j].name);
    }
}

static bool known_placeholder(const char *s, size_t n, bool back) {
    static const char *const both[] = {"name",     "y",     "a",       "b",  "c",     "d",
                                       "va",       "vb",    "vc",      "vd", "terms", "n",
                                       "relation", "holds", "refused", NULL};
    static const char *const only_back[] = {"to", "other", "vother", "g", "slope", "share", NULL};
    for (int i = 0; both[i]; i++)
        if (strlen(both[i]) == n && !strncmp(both[i], s, n)) return true;
    for (int i = 0; back && only_back[i]; i++)
        if (strlen(only_back[i]) == n && !strncmp(only_back[i], s, n)) return true;
    return false;
}

static void check_sentence(const char *s, bool back, const char *stop) {
    for (const char *p = strchr(s, '{'); p; p = strchr(p + 1, '{')) {
        const char *end = strchr(p, '}');
        assert_non_null(end);
        if (!known_placeholder(p + 1, (size_t)(end - p - 1), back)) fail_msg("%s", s);
    }
    size_t n = strlen(s), m = strlen(stop);
    if (n < m || strcmp(s + n - m, stop)) fail_msg("no full stop: %s", s);
}

static void test_every_sentence_ends_and_has_only_known_placeholders(void **state) {
    (void)state;
    for (int k = 0; k < OP_COUNT; k++)
        for (int lang = 0; lang < 2; lang++) {
            const OpDef *d = &op_defs[k];
            if (d->say[lang]) check_sentence(d->say[lang], false, lang ? "。" : ".");
            if (d->say_back[lang]) check_sentence(d->say_back[lang], true, lang ? "。" : ".");
        }
    for (int lang = 0; lang < 2; lang++) {
        check_sentence(op_say_back_fused[lang], true, lang ? "。" : ".");
        check_sentence(op_say_back_spread[lang], true, lang ? "。" : ".");
    }
}

static void test_typesetting_names_every_argument_and_no_other(void **state) {
    (void)state;
    for (int k = 0; k < OP_COUNT; k++) {
        const OpDef *d = &op_defs[k];
        if (!d->tex || d->is_internal) continue;
        int depth = 0;
        for (const char *p = d->tex; *p; p++) {
            depth += (*p == '{') - (*p == '}');
            if (*p == '#' && p[1] != 'r') assert_true(p[1] >= '0' && p[1] < '0' + d->arity);
        }
        assert_int_equal(depth, 0);
        for (int i = 0; i < d->arity; i++)
            assert_non_null(strstr(d->tex, (char[]){'#', (char)('0' + i), 0}));
    }
}

static void test_functions_are_found_by_name_and_alias(void **state) {
    (void)state;
    for (int k = 0; k < OP_COUNT; k++)
        assert_int_equal(op_find_function(op_defs[k].name), op_defs[k].is_function ? k : OP_COUNT);
    assert_int_equal(op_find_function("σ"), OP_SIGMOID);
    assert_int_equal(op_find_function("add"), OP_COUNT);
    assert_int_equal(op_find_function("cross_entropy"), OP_COUNT);
    assert_int_equal(op_find_function(""), OP_COUNT);
}

// ---- a symbol out of what a network said ----

/// The row that is 1 in one column; all others must be 0.
static int row_of_one(const double *y, int n) {
    int row = -1;
    for (int i = 0; i < n; i++) {
        assert_true(y[i] == 0 || (y[i] == 1 && row < 0));
        if (y[i] == 1) row = i;
    }
    assert_true(row >= 0);
    return row;
}

static void test_pick_takes_the_first_of_the_largest(void **state) {
    (void)state;
    static const struct {
        double a[3];
        int row;
    } cases[] = {
        {{1, 3, 2}, 1}, {{2, 2, 1}, 0}, {{-5, -4, -4}, 1}, {{0, NAN, 1}, 2}, {{NAN, 1, 2}, 0}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        Case c = {.op = OP_PICK, .dim = {3, 1}, .n_args = 1, .arg_dim = {{3, 1}}};
        double y[3];
        memcpy(c.arg[0], cases[k].a, sizeof cases[k].a);
        forward(&c, y);
        assert_int_equal(row_of_one(y, 3), cases[k].row);
    }
}

static void test_draw_takes_the_stretch_that_the_number_falls_on(void **state) {
    (void)state;
    static const struct {
        double p[4], u;
        int row;
    } cases[] = {{{0.25, 0.25, 0.5, 0}, 0, 0},
                 {{0.25, 0.25, 0.5, 0}, 0.25, 1},
                 {{0.25, 0.25, 0.5, 0}, 0.4999, 1},
                 {{0.25, 0.25, 0.5, 0}, 0.9999, 2},
                 {{0, 0.5, 0.4, 0}, 0.95, 2}, // rounding may leave a sum below 1
                 {{0, 0, 1, 0}, 0, 2}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        Case c = {.op = OP_DRAW, .dim = {4, 1}, .n_args = 2, .arg_dim = {{4, 1}, {1, 1}}};
        double y[4];
        memcpy(c.arg[0], cases[k].p, sizeof cases[k].p);
        c.arg[1][0] = cases[k].u;
        forward(&c, y);
        assert_int_equal(row_of_one(y, 4), cases[k].row);
    }
}

// ---- backward against central differences ----

// Functions that are not smooth at 0, or not defined left of it: the step must not reach it.
static bool has_edge_at_zero(int op) {
    return op == OP_RELU || op == OP_ABS || op == OP_LOG || op == OP_SQRT;
}

static void test_functions_of_one_argument_agree_with_differences(void **state) {
    (void)state;
    static const double points[] = {0,    1e-8, -1e-8, 0.3, -0.3, 1,    -1,   1.7,
                                    -1.7, 6,    -6,    50,  -50,  1000, -1000};
    for (int op = 0; op < OP_COUNT; op++) {
        if (op_defs[op].shape != SHAPE_RULE_SAME || !op_defs[op].backward) continue;
        for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
            double x = points[i];
            Case c = {
                .op = (OpKind)op, .dim = {1, 1}, .n_args = 1, .arg_dim = {{1, 1}}, .arg = {{x}}};
            double y = value1((OpKind)op, x);
            if (!isfinite(y) || (x == 0 && has_edge_at_zero(op))) continue;
            check_backward(&c, 0, 1e-3, has_edge_at_zero(op));
            if (!op_defs[op].slope) continue;
            double slope = op_defs[op].slope(x, y);
            assert_true(slope == grad1((OpKind)op, x));
        }
    }
}

// Numbers without ties, none within 0.01 of another or of a whole number; the bounds of clip stand
// within the range of what they clip, and the divisor of mod away from 0.
static void fill(Case *c, int k) {
    for (int i = 0; i < count(c->arg_dim[k]); i++) {
        int r = (i * 29 + k * 17 + ((int)c->op + 1) * 5) % 41;
        double v = (r - 20) * 0.1237 + 0.0311 * (k + 1);
        if (c->op == OP_CLIP && k > 0) v = v * 0.3 + (k == 1 ? -0.9 : 0.9);
        if (c->op == OP_MOD) v = k > 0 ? v * 0.3 - 2 : v * 2.5;
        c->arg[k][i] = v;
    }
}

static void check_all_arguments(Case *c) {
    for (int k = 0; k < c->n_args; k++) check_backward(c, k, 1e-3, false);
}

// Every choice of arguments that are 1x1, beside those that have the shape of the result.
static void test_spreading_operations_agree_with_differences(void **state) {
    (void)state;
    static const Dim dims[] = {{1, 1}, {5, 1}, {3, 4}};
    for (int op = 0; op < OP_COUNT; op++) {
        if (op_defs[op].shape != SHAPE_RULE_SPREAD) continue;
        int n = op_defs[op].arity;
        for (int small = 0; small < (1 << n); small++)
            for (int d = 0; d < 3; d++)
                for (int compare = COMPARE_LT; compare <= COMPARE_EQ; compare++) {
                    Case c = {.op = (OpKind)op, .n_args = n, .compare = (Compare)compare};
                    c.dim = small == (1 << n) - 1 ? dims[0] : dims[d];
                    for (int k = 0; k < n; k++) {
                        c.arg_dim[k] = small >> k & 1 ? dims[0] : dims[d];
                        fill(&c, k);
                    }
                    check_all_arguments(&c);
                }
    }
}

static void test_products_agree_with_differences(void **state) {
    (void)state;
    static const int sizes[][3] = {{1, 1, 1}, {4, 3, 1}, {3, 4, 5},
                                   {1, 6, 2}, {9, 2, 1}, {17, 2, 2}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int n = sizes[i][0], inner = sizes[i][1], m = sizes[i][2];
        Case c = {.op = OP_MATMUL, .dim = {n, m}, .n_args = 2, .arg_dim = {{n, inner}, {inner, m}}};
        fill(&c, 0), fill(&c, 1), check_all_arguments(&c);
        Case o = {.op = OP_OUTER, .dim = {n, m}, .n_args = 2, .arg_dim = {{n, 1}, {m, 1}}};
        fill(&o, 0), fill(&o, 1), check_all_arguments(&o);
        Case d = {.op = OP_DOT, .dim = {1, 1}, .n_args = 2, .arg_dim = {{n, 1}, {n, 1}}};
        fill(&d, 0), fill(&d, 1), check_all_arguments(&d);
    }
}

static void test_blocks_of_other_shapes_agree_with_differences(void **state) {
    (void)state;
    for (int op = 0; op < OP_COUNT; op++) {
        Case c = {.op = (OpKind)op, .n_args = 1, .dim = {4, 3}, .arg_dim = {{4, 3}}};
        if (op_defs[op].shape == SHAPE_RULE_SCALAR)
            c.dim = (Dim){1, 1};
        else if (op == OP_TRANSPOSE)
            c.dim = (Dim){3, 4};
        else if (op_defs[op].shape != SHAPE_RULE_SAME || !op_defs[op].backward || op == OP_LOG ||
                 op == OP_SQRT)
            continue;
        fill(&c, 0), check_all_arguments(&c);
    }
    Case slice = {.op = OP_SLICE, .dim = {2, 3}, .n_args = 1, .arg_dim = {{5, 3}}, .lo = 3};
    Case spread = {.op = OP_SPREAD, .dim = {2, 3}, .n_args = 1, .arg_dim = {{1, 1}}};
    Case stack = {.op = OP_STACK, .dim = {6, 2}, .n_args = 3, .arg_dim = {{1, 2}, {3, 2}, {2, 2}}};
    Case *const all[] = {&slice, &spread, &stack};
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < all[i]->n_args; k++) fill(all[i], k);
        check_all_arguments(all[i]);
    }
}

// ---- kinks, exactly ----

static void test_kinks_of_functions_are_as_documented(void **state) {
    (void)state;
    assert_true(grad1(OP_RELU, 0.0) == 0 && grad1(OP_RELU, -0.0) == 0);
    assert_true(grad1(OP_RELU, 0x1p-1074) == 1 && grad1(OP_RELU, -0x1p-1074) == 0);
    assert_true(grad1(OP_ABS, 0.0) == 0 && grad1(OP_ABS, 1e-300) == 1 && grad1(OP_ABS, -2) == -1);
    assert_true(grad1(OP_SQRT, 0.0) == HUGE_VAL);
    assert_true(grad1(OP_HARD_SIGMOID, 3) == 0 && grad1(OP_HARD_SIGMOID, -3) == 0);
    assert_true(grad1(OP_HARD_SIGMOID, nextafter(3, 0)) == 1.0 / 6);
    assert_true(value1(OP_HARD_SIGMOID, 3) == 1 && value1(OP_HARD_SIGMOID, -3) == 0);
    assert_true(grad1(OP_HARD_SIGMOID_KERAS, 2.5) == 0.2);
    assert_true(grad1(OP_HARD_SIGMOID_KERAS, -2.5) == 0.2);
    assert_true(grad1(OP_HARD_SIGMOID_KERAS, 2.6) == 0 && grad1(OP_HARD_SIGMOID_KERAS, -2.6) == 0);
    assert_true(grad1(OP_TANH, 0) == 1 && grad1(OP_SIGMOID, 0) == 0.25);
    assert_true(grad1(OP_LOG, 0.0) == HUGE_VAL);
}

static void test_a_tie_in_max_or_min_splits_half_and_half(void **state) {
    (void)state;
    for (int op = OP_MAX; op <= OP_MIN; op++) {
        assert_true(grad(pair((OpKind)op, 2, 2), 0) == 0.5);
        assert_true(grad(pair((OpKind)op, 2, 2), 1) == 0.5);
        assert_true(grad(pair((OpKind)op, 0.0, -0.0), 0) == 0.5);
        assert_true(isnan(value2((OpKind)op, NAN, 1)) && isnan(value2((OpKind)op, 1, NAN)));
    }
    assert_true(grad(pair(OP_MAX, 3, 2), 0) == 1 && grad(pair(OP_MAX, 3, 2), 1) == 0);
    assert_true(grad(pair(OP_MIN, 3, 2), 0) == 0 && grad(pair(OP_MIN, 3, 2), 1) == 1);
    assert_true(value2(OP_MAX, -HUGE_VAL, 1) == 1 && value2(OP_MIN, -HUGE_VAL, 1) == -HUGE_VAL);
}

static Case clip(double a, double lo, double hi) {
    return (Case){.op = OP_CLIP,
                  .dim = {1, 1},
                  .n_args = 3,
                  .arg_dim = {{1, 1}, {1, 1}, {1, 1}},
                  .arg = {{a}, {lo}, {hi}}};
}

static void test_clip_passes_at_its_bounds_and_to_its_bounds_outside(void **state) {
    (void)state;
    // a, lo, hi, the value, and the gradients of the three
    static const double rows[][7] = {
        {0, -1, 1, 0, 1, 0, 0},   {-1, -1, 1, -1, 1, 0, 0}, {1, -1, 1, 1, 1, 0, 0},
        {-2, -1, 1, -1, 0, 1, 0}, {2, -1, 1, 1, 0, 0, 1},   {0, 1, -1, -1, 0, 0, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Case c = clip(rows[i][0], rows[i][1], rows[i][2]);
        double y;
        forward(&c, &y);
        assert_true(y == rows[i][3]);
        for (int k = 0; k < 3; k++) assert_true(grad(c, k) == rows[i][4 + k]);
    }
    Case c = clip(NAN, -1, 1);
    double y;
    forward(&c, &y);
    assert_true(isnan(y));
}

static void test_where_takes_one_side_and_gives_nothing_to_the_other(void **state) {
    (void)state;
    static const bool holds[5][3] = {{1, 0, 0}, {1, 1, 0}, {0, 0, 1}, {0, 1, 1}, {0, 1, 0}};
    static const double left[3] = {1, 2, 3}; // below, at and above 2
    for (int compare = 0; compare < 5; compare++)
        for (int i = 0; i < 3; i++) {
            Case c = {.op = OP_WHERE,
                      .dim = {1, 1},
                      .n_args = 4,
                      .compare = (Compare)compare,
                      .arg_dim = {{1, 1}, {1, 1}, {1, 1}, {1, 1}},
                      .arg = {{left[i]}, {2}, {10}, {NAN}}};
            double y;
            forward(&c, &y);
            assert_true(holds[compare][i] ? y == 10 : isnan(y));
            double share, dy = HUGE_VAL; // even an infinite gradient does not leak
            for (int k = 0; k < 4; k++) {
                backward(&c, &dy, k, &share);
                bool taken = k == (holds[compare][i] ? 2 : 3);
                assert_true(share == (taken ? HUGE_VAL : 0));
            }
        }
}

static void test_mod_is_a_minus_n_floor_a_over_n(void **state) {
    (void)state;
    assert_true(value2(OP_MOD, 7, 3) == 1 && value2(OP_MOD, -7, 3) == 2);
    assert_true(value2(OP_MOD, 7, -3) == -2 && value2(OP_MOD, 6, 3) == 0);
    assert_true(grad(pair(OP_MOD, -7, 3), 0) == 1 && grad(pair(OP_MOD, -7, 3), 1) == 3);
    assert_true(grad(pair(OP_MOD, 6, 3), 0) == 1 && grad(pair(OP_MOD, 6, 3), 1) == -2);
}

// ---- the order of sums ----

static void test_products_sum_from_the_first_to_the_last(void **state) {
    (void)state;
    for (int n = 1; n <= MAX_ROWS; n++)
        for (int inner = 1; inner * n <= MAX_COUNT; inner++)
            for (int m = 1; m * n <= MAX_COUNT && m * inner <= MAX_COUNT; m++) {
                Case c = {.op = OP_MATMUL,
                          .dim = {n, m},
                          .n_args = 2,
                          .arg_dim = {{n, inner}, {inner, m}}};
                fill(&c, 0), fill(&c, 1);
                double y[MAX_COUNT], dy[MAX_COUNT], da[MAX_COUNT], db[MAX_COUNT];
                const double *a = c.arg[0], *b = c.arg[1];
                forward(&c, y);
                for (int i = 0; i < n * m; i++) dy[i] = 0.1 * (i % 7) - 0.333;
                backward(&c, dy, 0, da), backward(&c, dy, 1, db);
                for (int i = 0; i < n; i++)
                    for (int j = 0; j < m; j++) {
                        double sum = a[i * inner] * b[j];
                        for (int k = 1; k < inner; k++) sum += a[i * inner + k] * b[k * m + j];
                        assert_true(y[i * m + j] == sum);
                    }
                for (int i = 0; i < n; i++)
                    for (int k = 0; k < inner; k++) {
                        double sum = dy[i * m] * b[k * m];
                        for (int j = 1; j < m; j++) sum += dy[i * m + j] * b[k * m + j];
                        assert_true(da[i * inner + k] == sum);
                    }
                for (int k = 0; k < inner; k++)
                    for (int j = 0; j < m; j++) {
                        double sum = a[k] * dy[j];
                        for (int i = 1; i < n; i++) sum += a[i * inner + k] * dy[i * m + j];
                        assert_true(db[k * m + j] == sum);
                    }
            }
}

// ---- values where a naive formula overflows ----

static void test_softmax_does_not_overflow_and_works_on_each_column(void **state) {
    (void)state;
    Case c = {.op = OP_SOFTMAX,
              .dim = {3, 2},
              .n_args = 1,
              .arg_dim = {{3, 2}},
              .arg = {{1000, -1e308, 1001, 0, 999, 1e308}}};
    double y[6];
    forward(&c, y);
    long double sum = expl(-1) + 1 + expl(-2);
    CHECK_NEAR(y[0], (double)(expl(-1) / sum), 1e-15);
    CHECK_NEAR(y[2], (double)(1 / sum), 1e-15);
    CHECK_NEAR(y[4], (double)(expl(-2) / sum), 1e-15);
    assert_true(y[1] == 0 && y[3] == 0 && y[5] == 1);
}

static void test_softplus_and_logsigmoid_have_no_threshold(void **state) {
    (void)state;
    for (double x = -700; x <= 700; x += 3.7) {
        CHECK_NEAR(value1(OP_SOFTPLUS, x), (double)(fmaxl(x, 0) + log1pl(expl(-fabsl(x)))), 4e-16);
        CHECK_NEAR(value1(OP_LOGSIGMOID, x), (double)(fminl(x, 0) - log1pl(expl(-fabsl(x)))),
                   4e-16);
    }
    assert_true(value1(OP_SOFTPLUS, 25) > 25); // where a threshold of 20 would give 25
    assert_true(value1(OP_SOFTPLUS, 1e308) == 1e308);
}

static void test_variance_is_biased_and_keeps_digits_beside_a_large_mean(void **state) {
    (void)state;
    Case c = {.op = OP_VAR,
              .dim = {1, 1},
              .n_args = 1,
              .arg_dim = {{2, 2}},
              .arg = {{1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4}}};
    double y;
    forward(&c, &y);
    assert_true(y == 1.25);
    c.op = OP_MEAN;
    forward(&c, &y);
    assert_true(y == 1e9 + 2.5);
}

static void test_cross_entropy_is_taken_from_the_scores(void **state) {
    (void)state;
    Case c = {.op = OP_CROSS_ENTROPY,
              .dim = {1, 1},
              .n_args = 3,
              .arg_dim = {{3, 1}, {3, 1}, {3, 1}},
              .arg = {{0.25, 0.5, 0.25}, {0, 1, 0}, {1000, -1000, 3}}};
    double y, share[3], dy = 2;
    forward(&c, &y);
    assert_true(y == 2000);
    backward(&c, &dy, 0, share);
    assert_true(share[0] == 0 && share[1] == -4 && share[2] == 0);
    backward(&c, &dy, 2, share);
    assert_true(share[0] == 0 && share[1] == 0 && share[2] == 0);
    memcpy(c.arg[2], (double[]){0.3, 50, -0.2}, sizeof(double[3])); // a loss near 0
    forward(&c, &y);
    CHECK_NEAR(y, (double)log1pl(expl(0.3 - 50.0L) + expl(-0.2 - 50.0L)), 1e-14);
}

static void test_binary_cross_entropy_with_and_without_scores(void **state) {
    (void)state;
    for (double t = 0; t <= 1; t += 0.25)
        for (double z = -30; z <= 30; z += 1.5) {
            long double p = 1 / (1 + expl(-z)), tail = log1pl(expl(-fabsl(z)));
            long double expected = t * (fmaxl(-z, 0) + tail) + (1 - t) * (fmaxl(z, 0) + tail);
            Case c = {.op = OP_BINARY_CROSS_ENTROPY,
                      .dim = {1, 1},
                      .n_args = 3,
                      .arg_dim = {{1, 1}, {1, 1}, {1, 1}},
                      .arg = {{(double)p}, {t}, {z}}};
            double y;
            forward(&c, &y);
            CHECK_NEAR(y, (double)expected, 1e-14);
            c.n_args = 2;
            forward(&c, &y);
            if (z < 5) CHECK_NEAR(y, (double)expected, 1e-13);
            if (fabs(z) < 4) check_backward(&c, 0, 1e-4 * (double)p, false);
        }
    Case sure = pair(OP_BINARY_CROSS_ENTROPY, 1, 1); // 0 log 0 counts as 0
    double y;
    forward(&sure, &y);
    assert_true(y == 0 && grad(sure, 0) == -1);
    sure = pair(OP_BINARY_CROSS_ENTROPY, 0, 0);
    forward(&sure, &y);
    assert_true(y == 0 && grad(sure, 0) == 1);
    assert_true(grad(pair(OP_BINARY_CROSS_ENTROPY, 0.5, 0), 0) == 2);
}

// The fused form is the gradient of the loss as a function of what goes into the softmax.
static void test_fused_softmax_is_the_gradient_of_cross_entropy(void **state) {
    (void)state;
    Case loss = {.op = OP_CROSS_ENTROPY,
                 .dim = {1, 1},
                 .n_args = 3,
                 .arg_dim = {{4, 1}, {4, 1}, {4, 1}},
                 .arg = {{0}, {0, 0, 1, 0}, {0.3, -1, 0.7, 2}}};
    Case fused = {.op = OP_SOFTMAX,
                  .dim = {4, 1},
                  .n_args = 2,
                  .arg_dim = {{4, 1}, {4, 1}},
                  .arg = {{0.3, -1, 0.7, 2}, {0, 0, 1, 0}},
                  .fused = true};
    double share[4], dy = 0.5, size = 0;
    backward(&fused, &dy, 0, share);
    for (int i = 0; i < 4; i++) CHECK_NEAR(share[i], nudged(loss, &dy, 2, i, 1e-3, &size), 1e-10);
    fused.arg[0][0] = 5000; // the probability of the class is 0: no infinity
    backward(&fused, &dy, 0, share);
    assert_true(share[0] == 0.5 && share[1] == 0 && share[2] == -0.5 && share[3] == 0);
}

static void test_fused_sigmoid_is_the_gradient_of_binary_cross_entropy(void **state) {
    (void)state;
    Case fused = {.op = OP_SIGMOID,
                  .dim = {3, 1},
                  .n_args = 2,
                  .arg_dim = {{3, 1}, {3, 1}},
                  .arg = {{0, 800, -800}, {1, 0, 1}},
                  .fused = true};
    double share[3], dy[3] = {1, 2, 3};
    backward(&fused, dy, 0, share);
    assert_true(share[0] == -0.5 && share[1] == 2 && share[2] == -3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_every_row_is_complete),
        RUN(test_every_sentence_ends_and_has_only_known_placeholders),
        RUN(test_typesetting_names_every_argument_and_no_other),
        RUN(test_pick_takes_the_first_of_the_largest),
        RUN(test_draw_takes_the_stretch_that_the_number_falls_on),
        RUN(test_functions_are_found_by_name_and_alias),
        RUN(test_functions_of_one_argument_agree_with_differences),
        RUN(test_spreading_operations_agree_with_differences),
        RUN(test_products_agree_with_differences),
        RUN(test_blocks_of_other_shapes_agree_with_differences),
        RUN(test_kinks_of_functions_are_as_documented),
        RUN(test_a_tie_in_max_or_min_splits_half_and_half),
        RUN(test_clip_passes_at_its_bounds_and_to_its_bounds_outside),
        RUN(test_where_takes_one_side_and_gives_nothing_to_the_other),
        RUN(test_mod_is_a_minus_n_floor_a_over_n),
        RUN(test_products_sum_from_the_first_to_the_last),
        RUN(test_softmax_does_not_overflow_and_works_on_each_column),
        RUN(test_softplus_and_logsigmoid_have_no_threshold),
        RUN(test_variance_is_biased_and_keeps_digits_beside_a_large_mean),
        RUN(test_cross_entropy_is_taken_from_the_scores),
        RUN(test_binary_cross_entropy_with_and_without_scores),
        RUN(test_fused_softmax_is_the_gradient_of_cross_entropy),
        RUN(test_fused_sigmoid_is_the_gradient_of_binary_cross_entropy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
