// PDF as bytes: what other programs make of it is asked in tests/e2e/export_pages.sh.
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "export/pdf.h"

static const char *said(Arena *a, const char *text) {
    Buf out = buf_new(a);
    pdf_put_text(&out, text);
    return buf_str(&out);
}

static void test_text_is_plain_where_it_can_be(void **state) {
    (void)state;
    Arena *a = arena_new();
    assert_string_equal(said(a, "a (b) \\ c"), "(a \\(b\\) \\\\ c)");
    assert_string_equal(said(a, "−1"), "<FEFF22120031>");
    assert_string_equal(said(a, "𝑐"), "<FEFFD835DC50>");
    assert_string_equal(said(a, ""), "()");
    arena_free(a);
}

static void test_numbers_have_at_most_two_decimals(void **state) {
    (void)state;
    static const struct {
        double x;
        const char *text;
    } rows[] = {{0, "0"},         {1, "1"},       {-1.5, "-1.5"},        {0.05, "0.05"},
                {-0.001, "0"},    {12.3456, "12.35"}, {1e12, "1000000000"}, {-1e12, "-1000000000"}};
    Arena *a = arena_new();
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        Buf out = buf_new(a);
        buf_fixed(&out, rows[k].x);
        assert_string_equal(buf_str(&out), rows[k].text);
    }
    arena_free(a);
}

static bool write_page(Arena *a, ByteSink *sink, void *to) {
    TextEngine *text = text_engine_fixed();
    PdfFonts *fonts = pdf_fonts_new(text);
    Pdf *pdf = pdf_new(a, (PdfInfo){"A title", NULL, LANG_ZH}, text, fonts, sink, to);
    for (int page = 0; page < 3; page++) {
        Scene s = scene_new(a, text, 200, 100);
        for (int k = 0; k < 2000; k++)
            scene_box(&s, (Box){k % 50, k % 30, 20, 20}, 3, ink(ROLE_TEXT), NO_INK, 0,
                      ref_value(k, page + 1, 1));
        pdf_page(pdf, 200, 100, NULL, "page");
        pdf_bookmark(pdf, 0, "page");
        PdfPlace place = {.scale = 1, .meaning = {NULL, "a figure"}};
        pdf_scene(pdf, &s, &place);
    }
    bool done = pdf_finish(pdf);
    pdf_fonts_free(fonts);
    text_engine_free(text);
    return done;
}

static void test_the_same_pages_are_the_same_bytes(void **state) {
    (void)state;
    Arena *a = arena_new();
    Buf one = buf_new(a), two = buf_new(a);
    assert_true(write_page(a, buf_take, &one));
    assert_true(write_page(a, buf_take, &two));
    assert_int_equal(one.len, two.len);
    assert_memory_equal(one.data, two.data, one.len);
    assert_memory_equal(one.data, "%PDF-1.7\n", 9);
    arena_free(a);
}

static void test_it_ends_with_where_its_table_is(void **state) {
    (void)state;
    Arena *a = arena_new();
    Buf out = buf_new(a);
    assert_true(write_page(a, buf_take, &out));
    const char *tail = out.data + out.len - 40, *start = NULL;
    for (const char *p = tail; p < out.data + out.len - 9; p++)
        if (memcmp(p, "startxref", 9) == 0) start = p + 9;
    assert_non_null(start);
    size_t at = strtoul(start, NULL, 10);
    assert_true(at < out.len);
    assert_non_null(strstr(out.data + at, " 0 obj\n<</Type /XRef"));
    arena_free(a);
}

static bool takes_some(void *context, const void *bytes, size_t n) {
    (void)bytes;
    size_t *left = context;
    if (n > *left) return false;
    *left -= n;
    return true;
}

static void test_a_full_disk_is_told_at_the_end(void **state) {
    (void)state;
    Arena *a = arena_new();
    size_t left = 300;
    assert_false(write_page(a, takes_some, &left));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_text_is_plain_where_it_can_be),
        RUN(test_numbers_have_at_most_two_decimals),
        RUN(test_the_same_pages_are_the_same_bytes),
        RUN(test_it_ends_with_where_its_table_is),
        RUN(test_a_full_disk_is_told_at_the_end),
    };
    return cmocka_run_group_tests_name("pdf", tests, NULL, NULL);
}
