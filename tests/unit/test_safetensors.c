// Files of weights: what the reference reads is read, what it refuses is refused with a reason.
#include "check.h"

#include <string.h>

#include "files/safetensors.h"

static Arena *arena;

/// A file of that header and buffer.
static Source file(const char *header, const void *buffer, size_t n) {
    Buf b = buf_new(arena);
    size_t length = strlen(header);
    for (int i = 0; i < 8; i++) buf_put(&b, &(char){(char)(length >> (8 * i))}, 1);
    buf_puts(&b, header);
    buf_put(&b, buffer, n);
    // just this size, so that reading past the end is seen
    return (Source){"w.safetensors", arena_copy(arena, b.data, b.len), b.len};
}

static const char *mistake(const char *header, size_t n) {
    static const char zeros[4096];
    Source *s = ARENA_NEW(arena, Source);
    *s = file(header, zeros, n);
    Tensors t;
    Diags d = diags_new(arena);
    assert_false(safetensors_read(arena, s, &t, &d));
    Buf b = buf_new(arena);
    diags_print(&d, &b);
    return buf_str(&b);
}

static Tensors read_back(const Source *s) {
    Tensors t;
    Diags d = diags_new(arena);
    bool fine = safetensors_read(arena, s, &t, &d);
    Buf b = buf_new(arena);
    diags_print(&d, &b);
    if (!fine) print_error("%s", buf_str(&b));
    assert_true(fine);
    return t;
}

static void test_the_reference_file_of_one_tensor_is_read(void **state) {
    (void)state;
    float values[6] = {0, 1, 2, 3, 4, 5};
    Source s = file("{\"attn.0\":{\"dtype\":\"F32\",\"shape\":[1,2,3],\"data_offsets\":[0,24]}} ",
                    values, sizeof values);
    Tensors t = read_back(&s);
    assert_int_equal(t.n, 1);
    assert_string_equal(t.list[0].name, "attn.0");
    assert_int_equal(t.list[0].rank, 3);
    assert_int_equal(t.list[0].shape[2], 3);
    CHECK_NEAR(t.list[0].at[5], 5, 0);
}

static void test_the_empty_file_is_eight_bytes_and_a_padded_header(void **state) {
    (void)state;
    static const char bytes[16] = "\x08\0\0\0\0\0\0\0{}      ";
    Source s = {"w", bytes, sizeof bytes};
    assert_int_equal(read_back(&s).n, 0);
    Buf b = buf_new(arena);
    safetensors_write(&(Tensors){0}, &b);
    assert_int_equal(b.len, 16);
    assert_memory_equal(b.data, bytes, 16);
}

static void test_every_number_format_is_widened_exactly(void **state) {
    (void)state;
    static const struct {
        const char *dtype;
        unsigned char bytes[8];
        int n;
        double value;
    } rows[] = {
        {"F64", {0x18, 0x2d, 0x44, 0x54, 0xfb, 0x21, 0x09, 0x40}, 8, 3.141592653589793},
        {"F32", {0, 0, 0xc0, 0xbf}, 4, -1.5},
        {"F16", {0x00, 0x3c}, 2, 1},
        {"F16", {0x01, 0x00}, 2, 5.9604644775390625e-08},
        {"F16", {0xff, 0xfb}, 2, -65504},
        {"F16", {0x00, 0x7c}, 2, INFINITY},
        {"F16", {0x01, 0x7c}, 2, NAN},
        {"BF16", {0x80, 0x3f}, 2, 1},
        {"BF16", {0x49, 0xc0}, 2, -3.140625},
        {"F8_E5M2", {0x3c}, 1, 1},
        {"F8_E4M3", {0x7e}, 1, 448},
        {"F8_E4M3", {0x7f}, 1, NAN},
        {"I8", {0x80}, 1, -128},
        {"U8", {0xff}, 1, 255},
        {"BOOL", {1}, 1, 1},
        {"I16", {0xfe, 0xff}, 2, -2},
        {"U16", {0xfe, 0xff}, 2, 65534},
        {"I32", {0, 0, 0, 0x80}, 4, -2147483648.0},
        {"U32", {0, 0, 0, 0x80}, 4, 2147483648.0},
        {"I64", {0, 0, 0, 0, 0, 0, 0, 0x80}, 8, -9223372036854775808.0},
        {"I64", {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 8, -1},
        {"U64", {0, 0, 0, 0, 0, 0, 0, 0x80}, 8, 9223372036854775808.0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *header =
            arena_printf(arena, "{\"a\":{\"dtype\":\"%s\",\"shape\":[],\"data_offsets\":[0,%d]}}",
                         rows[i].dtype, rows[i].n);
        Source s = file(header, rows[i].bytes, (size_t)rows[i].n);
        Tensors t = read_back(&s);
        assert_int_equal(t.list[0].rank, 0);
        CHECK_NEAR(t.list[0].at[0], rows[i].value, 0);
    }
}

static void test_what_is_written_is_read_back(void **state) {
    (void)state;
    static const double w[6] = {1, -2.5, 1e-300, 0.1, -0.0, 3}, b[1] = {7};
    Tensors t = {0};
    tensors_add(arena, &t, "head.W_y", 2, (size_t[]){2, 3}, w);
    tensors_add(arena, &t, "a \"quote\"", 1, (size_t[]){1}, b);
    tensors_add(arena, &t, "empty", 2, (size_t[]){0, 5}, NULL);
    Buf out = buf_new(arena);
    safetensors_write(&t, &out);
    Source s = {"w", out.data, out.len};
    Tensors back = read_back(&s);
    assert_int_equal(back.n, 3);
    assert_string_equal(back.list[0].name, "a \"quote\""); // by name
    const Tensor *got = tensors_find(&back, "head.W_y");
    assert_non_null(got);
    assert_int_equal(got->shape[0], 2);
    assert_memory_equal(got->at, w, sizeof w);
    assert_int_equal(tensors_find(&back, "empty")->count, 0);
    assert_int_equal((out.len - 7 * 8) % 8, 0); // the header is padded
}

#define ENTRY(dtype, shape, offsets)                                                               \
    "{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":" offsets "}"

static void test_what_the_reference_refuses_is_refused_with_a_reason(void **state) {
    (void)state;
    static const struct {
        const char *header;
        size_t n;
        const char *says;
    } rows[] = {
        {"", 0, "does not begin with a {"},
        {" {}", 0, "does not begin with a {"},
        {"{", 0, "no JSON"},
        {"[]", 0, "does not begin with a {"},
        {"{}", 1, "the arrays take 0 bytes, and the file has 1"},
        {"{\"a\":" ENTRY("F32", "[2]", "[0,8]") "}", 7,
         "ends at byte 8 of the data, and the file has 7"},
        {"{\"a\":" ENTRY("F32", "[2]", "[0,8]") "}", 9,
         "the arrays take 8 bytes, and the file has 9"},
        {"{\"a\":" ENTRY("F32", "[2]", "[0,4]") "}", 4,
         "2 numbers of type F32 take 8 bytes, and it has 4"},
        {"{\"a\":" ENTRY("F32", "[1]", "[4,8]") "}", 8, "a hole"},
        {"{\"a\":" ENTRY("F32", "[2]", "[0,8]") ",\"b\":" ENTRY("F32", "[1]", "[4,8]") "}", 8,
         "an overlap"},
        {"{\"a\":" ENTRY("F32", "[1]", "[0,4]") ",\"b\":" ENTRY("F32", "[1]", "[8,12]") "}", 12,
         "a hole"},
        {"{\"a\":" ENTRY("F32", "[1]", "[4,0]") "}", 4, "before it begins"},
        {"{\"a\":" ENTRY("F32", "[-1]", "[0,4]") "}", 4, "no whole number"},
        {"{\"a\":" ENTRY("F32", "[1.0]", "[0,4]") "}", 4, "no whole number"},
        {"{\"a\":" ENTRY("F32", "[1]", "[0,4.0]") "}", 4, "two whole numbers"},
        {"{\"a\":" ENTRY("F32", "[1]", "[0,4,8]") "}", 4, "two whole numbers"},
        {"{\"a\":" ENTRY("F32", "1", "[0,4]") "}", 4, "a list of whole numbers"},
        {"{\"a\":" ENTRY("F32", "[4294967296,4294967296]", "[0,4]") "}", 4,
         "more than can be counted"},
        {"{\"a\":" ENTRY("F32", "[4611686018427387904]", "[0,0]") "}", 0,
         "more than can be counted"},
        {"{\"a\":" ENTRY("F99", "[1]", "[0,4]") "}", 4, "numbers of type F99 cannot be read"},
        {"{\"a\":" ENTRY("F32", "[1]", "[0,4]") ",\"a\":" ENTRY("F32", "[1]", "[0,4]") "}", 4,
         "duplicate"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4,
         "needs \"dtype\", \"shape\" and \"data_offsets\""},
        {"{\"a\":7}", 0, "needs \"dtype\""},
        {"{\"__metadata__\":{\"k\":1}}", 0, "a map of texts"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *said = mistake(rows[i].header, rows[i].n);
        if (!strstr(said, rows[i].says)) print_error("%s\n  %s\n", rows[i].header, said);
        assert_non_null(strstr(said, rows[i].says));
        assert_ptr_equal(strstr(said, "w.safetensors: error: "), said);
    }
}

static void test_a_header_longer_than_the_file_is_refused(void **state) {
    (void)state;
    static const struct {
        const char bytes[11];
        size_t n;
    } rows[] = {{"\xff\xff\xff\xff\xff\xff\xff\xff{}", 10},
                {"\xf8\xff\xff\xff\xff\xff\xff\xff{}", 10},
                {"\x03\0\0\0\0\0\0\0{}", 10},
                {"\x02\0\0\0\0\0\0", 7},
                {"", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Source s = {"w", rows[i].bytes, rows[i].n};
        Tensors t;
        Diags d = diags_new(arena);
        assert_false(safetensors_read(arena, &s, &t, &d));
        assert_int_equal(d.count, 1);
    }
}

static void test_metadata_and_empty_arrays_are_fine(void **state) {
    (void)state;
    Source s = file("{\"__metadata__\":{\"format\":\"pt\"},\"a\":" ENTRY(
                        "F32", "[0,3]", "[0,0]") ",\"b\":" ENTRY("F32", "[1]", "[0,4]") "}",
                    "\0\0\x80\x3f", 4);
    Tensors t = read_back(&s);
    assert_int_equal(t.n, 2);
    assert_int_equal(tensors_find(&t, "a")->count, 0);
    CHECK_NEAR(tensors_find(&t, "b")->at[0], 1, 0);
    assert_null(tensors_find(&t, "__metadata__"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_the_reference_file_of_one_tensor_is_read),
        RUN(test_the_empty_file_is_eight_bytes_and_a_padded_header),
        RUN(test_every_number_format_is_widened_exactly),
        RUN(test_what_is_written_is_read_back),
        RUN(test_what_the_reference_refuses_is_refused_with_a_reason),
        RUN(test_a_header_longer_than_the_file_is_refused),
        RUN(test_metadata_and_empty_arrays_are_fine),
    };
    arena = arena_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
