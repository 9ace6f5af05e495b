// The elementary functions against long double ones, in units in the last place, and their bits
// against a committed hash, which fails on a machine or compiler that computes anything else.
#include "core/vmath.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static long double sigmoid_reference(long double x) {
    return x < 0 ? expl(x) / (1 + expl(x)) : 1 / (1 + expl(-x));
}
static long double softplus_reference(long double x) {
    return (x > 0 ? x : 0) + log1pl(expl(-fabsl(x)));
}
static long double logsigmoid_reference(long double x) {
    return -softplus_reference(-x);
}

typedef struct {
    const char *name;
    double (*f)(double);
    void (*array)(int n, const double *x, double *y);
    long double (*reference)(long double);
    double ulp; // what vmath.h promises
} Function;

// clang-format off
static const Function functions[] = {
    {"exp", vm_exp, vm_exp_n, expl, 0.8},
    {"log", vm_log, vm_log_n, logl, 0.9},
    {"log1p", vm_log1p, vm_log1p_n, log1pl, 0.9},
    {"tanh", vm_tanh, vm_tanh_n, tanhl, 1.4},
    {"sigmoid", vm_sigmoid, vm_sigmoid_n, sigmoid_reference, 1.2},
    {"softplus", vm_softplus, vm_softplus_n, softplus_reference, 1.6},
    {"logsigmoid", vm_logsigmoid, vm_logsigmoid_n, logsigmoid_reference, 1.6},
    {"sin", vm_sin, vm_sin_n, sinl, 0.8},
    {"cos", vm_cos, vm_cos_n, cosl, 0.8},
};
// clang-format on
enum { N_FUNCTIONS = sizeof functions / sizeof *functions, SAMPLES = 40000 };

// A plain generator of its own: the tests should not depend on what they do not test.
static uint64_t next(uint64_t *state) {
    *state += 0x9e3779b97f4a7c15u;
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static double uniform(uint64_t *state, double lo, double hi) {
    return lo + (hi - lo) * (double)(next(state) >> 11) * 0x1p-53;
}

static double from_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t to_bits(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double error_in_ulp(double y, long double reference) {
    if (isnan(y) || isnan((double)reference))
        return isnan(y) && isnan((double)reference) ? 0 : HUGE_VAL;
    if ((long double)y == reference) return 0;
    if (isinf(y) || isinf((double)reference)) return y == (double)reference ? 0 : HUGE_VAL;
    int exponent;
    frexp((double)reference, &exponent);
    if (exponent < DBL_MIN_EXP) exponent = DBL_MIN_EXP;
    return (double)(fabsl(y - reference) / ldexpl(1, exponent - DBL_MANT_DIG));
}

static void check_at(const Function *f, double x) {
    double error = error_in_ulp(f->f(x), f->reference(x));
    if (error <= f->ulp) return;
    fail_msg("%s(%.17g) = %.17g is %.3f ulp off", f->name, x, f->f(x), error);
}

static void test_errors_stay_below_what_the_header_says(void **state) {
    (void)state;
    static const double ranges[][2] = {{-0.01, 0.01}, {-1, 1},     {-5, 5},       {-40, 40},
                                       {-745, 710},   {-1e6, 1e6}, {-1e15, 1e15}, {0, 3}};
    uint64_t seed = 1;
    for (int k = 0; k < N_FUNCTIONS; k++)
        for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++)
            for (int i = 0; i < SAMPLES / 4; i++)
                check_at(&functions[k], uniform(&seed, ranges[r][0], ranges[r][1]));
}

static void test_any_bit_pattern_is_answered_correctly(void **state) {
    (void)state;
    uint64_t seed = 2;
    for (int k = 0; k < N_FUNCTIONS; k++)
        for (int i = 0; i < SAMPLES; i++) check_at(&functions[k], from_bits(next(&seed)));
}

static void test_tiny_and_subnormal_arguments_keep_their_digits(void **state) {
    (void)state;
    uint64_t seed = 3;
    for (int k = 0; k < N_FUNCTIONS; k++)
        for (int i = 0; i < SAMPLES / 4; i++) {
            check_at(&functions[k], ldexp(uniform(&seed, -2, 2), -(int)(next(&seed) % 80)));
            check_at(&functions[k], from_bits(next(&seed) >> 12)); // subnormals
        }
    assert_true(to_bits(vm_tanh(-0x1p-1074)) == to_bits(-0x1p-1074));
    assert_true(vm_tanh(1e-8) == 1e-8);
    CHECK_NEAR(vm_sigmoid(-700), (double)expl(-700), 1e-15);
}

// The doubles nearest to multiples of pi/2: the hardest there are for a reduction.
static void test_sin_and_cos_next_to_multiples_of_half_pi(void **state) {
    (void)state;
    for (int k = 1; k < 700000; k += 97) {
        double near = (double)(k * 1.57079632679489661923132169163975144L);
        check_at(&functions[7], near), check_at(&functions[8], near);
        check_at(&functions[7], -near), check_at(&functions[8], -near);
    }
    double worst = ldexp(6381956970095103.0, 797); // Muller's, 4.7e-19 from one
    CHECK_NEAR(vm_cos(worst), -4.68716592425462761112e-19, 1e-15);
    assert_true(vm_sin(worst) == 1.0);
    for (double x = 0x1p20; x < 0x1p1000; x *= 1.37) {
        check_at(&functions[7], x), check_at(&functions[8], -x);
        check_at(&functions[7], -x), check_at(&functions[8], x);
    }
    check_at(&functions[7], DBL_MAX), check_at(&functions[8], DBL_MAX);
    for (double x = 0x1p20 - 1; x < 0x1p20 + 1; x += 0x1p-10) { // where the two paths meet
        check_at(&functions[7], x), check_at(&functions[8], x);
    }
}

static void test_exp_overflows_and_underflows_where_it_should(void **state) {
    (void)state;
    const double last = 0x1.62e42fefa39efp+9;
    assert_true(isfinite(vm_exp(last)));
    assert_true(vm_exp(nextafter(last, 1000)) == HUGE_VAL);
    assert_true(vm_exp(-745.13) == 0x1p-1074);
    assert_true(vm_exp(-745.14) == 0.0);
    assert_true(vm_exp(0.0) == 1.0 && vm_exp(-0.0) == 1.0);
    for (double x = -745.2; x < -707; x += 0.001) check_at(&functions[0], x);
    for (double x = 709; x < 710; x += 0.0001) check_at(&functions[0], x);
    assert_true(vm_softplus(1e300) == 1e300 && vm_logsigmoid(-1e300) == -1e300);
}

static void test_nan_infinity_and_signed_zero(void **state) {
    (void)state;
    const double inf = HUGE_VAL;
    for (int k = 0; k < N_FUNCTIONS; k++) assert_true(isnan(functions[k].f(NAN)));
    assert_true(vm_exp(inf) == inf && to_bits(vm_exp(-inf)) == 0);
    assert_true(vm_log(inf) == inf && vm_log(0.0) == -inf && vm_log(-0.0) == -inf);
    assert_true(isnan(vm_log(-1)) && isnan(vm_log(-inf)) && vm_log(1) == 0);
    assert_true(vm_log1p(inf) == inf && vm_log1p(-1) == -inf && isnan(vm_log1p(-1.5)));
    assert_true(isnan(vm_log1p(-inf)));
    assert_true(vm_tanh(inf) == 1 && vm_tanh(-inf) == -1);
    assert_true(vm_sigmoid(inf) == 1 && vm_sigmoid(-inf) == 0 && vm_sigmoid(0) == 0.5);
    assert_true(vm_softplus(inf) == inf && vm_softplus(-inf) == 0);
    assert_true(vm_logsigmoid(inf) == 0 && vm_logsigmoid(-inf) == -inf);
    assert_true(isnan(vm_sin(inf)) && isnan(vm_cos(-inf)) && vm_cos(0) == 1);
    const uint64_t minus_zero = to_bits(-0.0);
    assert_true(to_bits(vm_tanh(-0.0)) == minus_zero && to_bits(vm_sin(-0.0)) == minus_zero);
    assert_true(to_bits(vm_log1p(-0.0)) == minus_zero && to_bits(vm_log1p(0.0)) == 0);
}

// Odd lengths too, so that both the vector body and the rest of the loops are used.
static void test_arrays_give_the_bits_of_single_numbers(void **state) {
    (void)state;
    uint64_t seed = 4;
    static const double special[] = {0.0, -0.0, HUGE_VAL, -HUGE_VAL, 1e9, -1e300, 800, -800, NAN};
    double x[67], y[67];
    for (int round = 0; round < 200; round++) {
        int n = (int)(next(&seed) % 68);
        for (int i = 0; i < n; i++) {
            x[i] = round % 2 ? uniform(&seed, -9, 9) : from_bits(next(&seed));
            if (next(&seed) % 8 == 0) x[i] = special[next(&seed) % 9];
        }
        for (int k = 0; k < N_FUNCTIONS; k++) {
            functions[k].array(n, x, y);
            for (int i = 0; i < n; i++) {
                double one = functions[k].f(x[i]);
                assert_true((isnan(one) && isnan(y[i])) || to_bits(one) == to_bits(y[i]));
            }
        }
    }
}

static void test_bits_are_the_same_on_every_machine(void **state) {
    (void)state;
    uint64_t seed = 5, hash = 0xcbf29ce484222325u; // FNV-1a, a word at a time
    for (int i = 0; i < SAMPLES; i++)
        for (int k = 0; k < N_FUNCTIONS; k++) {
            double y = functions[k].f(uniform(&seed, -30, i % 2 ? 30 : 3000000));
            if (!isnan(y)) hash = (hash ^ to_bits(y)) * 0x100000001b3u;
        }
    if (hash != 0x49b4b956e89f5b63u) fail_msg("the hash is 0x%016llxu", (unsigned long long)hash);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_errors_stay_below_what_the_header_says),
        RUN(test_any_bit_pattern_is_answered_correctly),
        RUN(test_tiny_and_subnormal_arguments_keep_their_digits),
        RUN(test_sin_and_cos_next_to_multiples_of_half_pi),
        RUN(test_exp_overflows_and_underflows_where_it_should),
        RUN(test_nan_infinity_and_signed_zero),
        RUN(test_arrays_give_the_bits_of_single_numbers),
        RUN(test_bits_are_the_same_on_every_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
