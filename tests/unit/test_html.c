// Parts of a page: formulas for whoever hears them, and the packing of what is much.
#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "export/html_page.h"

static Arena *arena;

static const char *mathml(const char *tex) {
    Buf out = buf_new(arena);
    html_mathml(arena, tex, false, &out);
    return buf_str(&out);
}

static void test_formulas_keep_their_structure(void **state) {
    (void)state;
    assert_non_null(strstr(mathml("c_t"), "<msub><mrow>"));
    assert_non_null(strstr(mathml("x^2_k"), "<msubsup>"));
    assert_non_null(strstr(mathml("\\sum_{k=1}^n a"), "<munderover>"));
    assert_non_null(strstr(mathml("\\frac{1}{2}"),
                           "<mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac>"));
    assert_non_null(strstr(mathml("\\sqrt[3]{x}"), "<mroot>"));
    assert_non_null(strstr(mathml("\\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix}"),
                           "<mtr><mtd><mn>3</mn></mtd><mtd><mn>4</mn></mtd></mtr>"));
}

static void test_what_is_no_formula_is_read_as_text(void **state) {
    (void)state;
    assert_string_equal(mathml("\\frac{1"), "<math class=\"heard\"><mtext>\\frac{1</mtext></math>");
    assert_non_null(strstr(mathml("a < b"), "<mo>&lt;</mo>"));
}

// --- packing

static bool keep(void *sink, const void *bytes, size_t n) {
    buf_put(sink, bytes, n);
    return true;
}

static bool refuse(void *sink, const void *bytes, size_t n) {
    (void)sink, (void)bytes, (void)n;
    return false;
}

static int digit(char c) {
    return c >= 'a'   ? c - 'a' + 26
           : c >= 'A' ? c - 'A'
           : c >= '0' ? c - '0' + 52
           : c == '+' ? 62
                      : 63;
}

static size_t decode(const Buf *text, unsigned char *out) {
    size_t n = 0;
    for (size_t k = 0; k + 3 < text->len; k += 4) {
        unsigned long b = 0;
        for (size_t i = 0; i < 4; i++)
            b = b << 6 | (text->data[k + i] == '=' ? 0 : (unsigned long)digit(text->data[k + i]));
        out[n++] = (unsigned char)(b >> 16);
        if (text->data[k + 2] != '=') out[n++] = (unsigned char)(b >> 8);
        if (text->data[k + 3] != '=') out[n++] = (unsigned char)b;
    }
    return n;
}

static Buf noise(size_t n) {
    Buf out = buf_new(arena);
    unsigned x = 1;
    for (size_t k = 0; k < n; k++) {
        x = x * 1103515245u + 12345u;
        buf_put(&out, &(char){(char)(x >> 24)}, 1);
    }
    return out;
}

static void test_what_is_packed_is_unpacked(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 3, 1000, 48 * 1024, 200001}; // of what does not shrink
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        Buf packed = buf_new(arena), text = noise(sizes[k]);
        Pack *p = pack_begin(arena, keep, &packed);
        assert_non_null(p);
        for (int twice = 0; twice < 2; twice++) assert_true(pack_put(p, &text));
        assert_true(pack_end(p));
        unsigned char *bytes = arena_alloc(arena, packed.len + 4, 1);
        unsigned char *plain = arena_alloc(arena, 2 * sizes[k] + 1, 1);
        uLongf length = 2 * sizes[k] + 1;
        assert_int_equal(uncompress(plain, &length, bytes, decode(&packed, bytes)), Z_OK);
        assert_int_equal(length, 2 * sizes[k]);
        if (length) assert_memory_equal(plain + sizes[k], text.data, sizes[k]);
    }
}

static void test_packing_stops_where_nothing_is_taken(void **state) {
    (void)state;
    Buf text = noise(200000);
    Pack *p = pack_begin(arena, refuse, NULL);
    assert_non_null(p);
    assert_false(pack_put(p, &text));
    assert_false(pack_end(p));
}

static int setup(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formulas_keep_their_structure),
        cmocka_unit_test(test_what_is_no_formula_is_read_as_text),
        cmocka_unit_test(test_what_is_packed_is_unpacked),
        cmocka_unit_test(test_packing_stops_where_nothing_is_taken),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
