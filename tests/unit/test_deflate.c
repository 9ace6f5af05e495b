#include "check.h"

#include <string.h>
#include <zlib.h>

#include "export/deflate.h"

// What zlib makes of the stream must be what went in.
static void there_and_back(const unsigned char *bytes, size_t n, int pixel, int stride) {
    Arena *a = arena_new();
    Buf out = buf_new(a);
    deflate_rows(bytes, n, pixel, stride, &out);
    unsigned char *back = arena_alloc(a, n + 1, 1);
    uLongf len = n + 1;
    assert_int_equal(uncompress(back, &len, (const Bytef *)out.data, out.len), Z_OK);
    assert_int_equal(len, n);
    assert_true(n == 0 || memcmp(back, bytes, n) == 0);
    arena_free(a);
}

static void test_every_run_length_comes_back(void **state) {
    (void)state;
    static unsigned char bytes[1200];
    for (size_t n = 0; n < 600; n++) {
        memset(bytes, 7, n);
        bytes[n] = 9;
        there_and_back(bytes, n + 1, 3, 301);
    }
}

static void test_noise_comes_back(void **state) {
    (void)state;
    static unsigned char bytes[70001];
    unsigned seed = 5;
    for (size_t k = 0; k < sizeof bytes; k++) {
        seed = seed * 1664525u + 1013904223u;
        bytes[k] = (unsigned char)(seed >> 24);
    }
    there_and_back(bytes, sizeof bytes, 4, 257);
}

static void test_repeats_at_every_distance_come_back(void **state) {
    (void)state;
    static unsigned char bytes[90000];
    for (int stride = 1; stride < 40000; stride += stride / 3 + 1) {
        for (size_t k = 0; k < sizeof bytes; k++)
            bytes[k] = (unsigned char)(k % (size_t)stride * 37 % 251 + (k % 9973 == 0));
        there_and_back(bytes, sizeof bytes, 3, stride);
    }
}

static void test_flat_pictures_become_small(void **state) {
    (void)state;
    static unsigned char bytes[3 * 1000 * 100];
    Arena *a = arena_new();
    Buf out = buf_new(a);
    deflate_rows(bytes, sizeof bytes, 3, 3000, &out);
    assert_true(out.len < sizeof bytes / 90);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_run_length_comes_back),
        cmocka_unit_test(test_noise_comes_back),
        cmocka_unit_test(test_repeats_at_every_distance_come_back),
        cmocka_unit_test(test_flat_pictures_become_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
