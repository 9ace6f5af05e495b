// Random numbers and initialisers.
#include "core/init.h"

#include "core/rng.h"
#include "net.h"

static void test_the_generator_gives_the_published_numbers(void **state) {
    (void)state;
    // xoshiro256** from a state of four splitmix64 numbers, computed by another program
    static const uint64_t expected[] = {0x30a3a1c363600467, 0x19405f0f579929ca, 0x115beaac046ddbd9,
                                        0xeb17caf48f27d7f6};
    Rng r = rng_new(1234567);
    assert_true(r.s[0] == 6457827717110365317u && r.s[3] == 4593380528125082431u);
    for (int i = 0; i < 4; i++) assert_true(rng_next(&r) == expected[i]);
}

static void test_uniform_numbers_fill_their_range_evenly(void **state) {
    (void)state;
    Rng r = rng_new(1);
    double sum = 0, squares = 0, least = 1, most = 0;
    enum { N = 100000 };
    for (int i = 0; i < N; i++) {
        double u = rng_uniform(&r);
        sum += u;
        squares += u * u;
        least = fmin(least, u);
        most = fmax(most, u);
    }
    assert_true(least >= 0 && least < 1e-3 && most < 1 && most > 0.999);
    assert_true(fabs(sum / N - 0.5) < 0.005 && fabs(squares / N - 1.0 / 3) < 0.005);
}

static void test_normal_numbers_have_mean_0_and_variance_1(void **state) {
    (void)state;
    Rng r = rng_new(2);
    double sum = 0, squares = 0, fourths = 0;
    enum { N = 100000 };
    for (int i = 0; i < N; i++) {
        double z = rng_normal(&r);
        sum += z;
        squares += z * z;
        fourths += z * z * z * z;
    }
    assert_true(fabs(sum / N) < 0.02 && fabs(squares / N - 1) < 0.02 &&
                fabs(fourths / N - 3) < 0.15);
}

static void test_numbers_below_n_come_equally_often(void **state) {
    (void)state;
    Rng r = rng_new(3);
    int seen[7] = {0};
    for (int i = 0; i < 70000; i++) seen[rng_below(&r, 7)]++;
    for (int i = 0; i < 7; i++) assert_in_range(seen[i], 9600, 10400);
    for (int i = 0; i < 100; i++) assert_int_equal(rng_below(&r, 1), 0);
}

static Param param_of(InitKind kind, double a, int rows, int cols) {
    return (Param){.full = "W", .dim = {rows, cols}, .hidden = 16, .init = {kind, a}};
}

enum { MOST = 4096 };

static void fill(Param p, uint64_t seed, double *w) {
    Graph g = {.params = &p, .n_params = 1, .n_weights = dim_count(p.dim)};
    params_init(&g, seed, w);
}

static void check_range(Param p, double least, double most) {
    static double w[MOST];
    double low = INFINITY, high = -INFINITY, width = most - least;
    fill(p, 5, w);
    for (int i = 0; i < dim_count(p.dim); i++) {
        low = fmin(low, w[i]);
        high = fmax(high, w[i]);
    }
    assert_true(low >= least && high <= most);
    assert_true(low < least + 0.02 * width && high > most - 0.02 * width);
}

static void test_uniform_rules_keep_to_their_bounds(void **state) {
    (void)state;
    check_range(param_of(INIT_UNIFORM, 0, 40, 50), -0.25, 0.25); // 1 / sqrt(16)
    check_range(param_of(INIT_UNIFORM, 0.08, 40, 50), -0.08, 0.08);
    check_range(param_of(INIT_GLOROT, 0, 40, 56), -0.25, 0.25); // sqrt(6 / 96)
    check_range(param_of(INIT_CHRONO, 101, 2000, 1), 0, log(100));
}

static void test_identity_and_constants_are_exact(void **state) {
    (void)state;
    double w[6];
    fill(param_of(INIT_IDENTITY, 0, 2, 3), 1, w);
    static const double identity[6] = {1, 0, 0, 0, 1, 0};
    assert_memory_equal(w, identity, sizeof identity);
    fill(param_of(INIT_CONSTANT, -1.5, 2, 3), 1, w);
    for (int i = 0; i < 6; i++) assert_true(w[i] == -1.5);
}

static void check_orthonormal(int rows, int cols) {
    static double w[MOST];
    fill(param_of(INIT_ORTHOGONAL, 0, rows, cols), 9, w);
    bool wide = rows < cols;
    int lines = wide ? rows : cols, length = wide ? cols : rows;
    for (int i = 0; i < lines; i++)
        for (int j = 0; j <= i; j++) {
            double dot = 0;
            for (int k = 0; k < length; k++)
                dot += wide ? w[i * cols + k] * w[j * cols + k] : w[k * cols + i] * w[k * cols + j];
            assert_true(fabs(dot - (i == j)) < 1e-14);
        }
}

static void test_orthogonal_matrices_are_orthonormal(void **state) {
    (void)state;
    check_orthonormal(30, 30);
    check_orthonormal(4, 9);
    check_orthonormal(9, 4);
    check_orthonormal(1, 1);
}

static void test_a_seed_decides_every_weight(void **state) {
    (void)state;
    double a[64], b[64], c[64];
    Param p = param_of(INIT_NORMAL, 0.1, 8, 8);
    fill(p, 7, a);
    fill(p, 7, b);
    fill(p, 8, c);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_the_generator_gives_the_published_numbers),
        RUN(test_uniform_numbers_fill_their_range_evenly),
        RUN(test_normal_numbers_have_mean_0_and_variance_1),
        RUN(test_numbers_below_n_come_equally_often),
        RUN(test_uniform_rules_keep_to_their_bounds),
        RUN(test_identity_and_constants_are_exact),
        RUN(test_orthogonal_matrices_are_orthonormal),
        RUN(test_a_seed_decides_every_weight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
