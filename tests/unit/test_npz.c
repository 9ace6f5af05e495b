// NPY and NPZ: numpy's files are read, what numpy would not trust is refused.
#include "check.h"

#include <string.h>

#include "files/npy.h"
#include "files/npz.h"

static Arena *arena;

/// A version 1 file of that header, which need not be padded.
static NpyFile npy(const char *header, const void *numbers, size_t n) {
    Buf b = buf_new(arena);
    size_t length = strlen(header);
    char head[10] = {'\x93', 'N', 'U', 'M', 'P', 'Y', 1, 0, (char)length, (char)(length >> 8)};
    buf_put(&b, head, sizeof head);
    buf_puts(&b, header);
    buf_put(&b, numbers, n);
    Source *s = ARENA_NEW(arena, Source);
    *s = (Source){"a.npy", arena_copy(arena, b.data, b.len), b.len};
    return (NpyFile){s, "", s->text, s->len};
}

static Tensor read_one(NpyFile file) {
    Tensors t = {0};
    Diags d = diags_new(arena);
    bool fine = npy_read(arena, &file, "a", &t, &d);
    Buf b = buf_new(arena);
    diags_print(&d, &b);
    if (!fine) print_error("%s", buf_str(&b));
    assert_true(fine && t.n == 1);
    return t.list[0];
}

#define HEAD(descr, order, shape)                                                                  \
    "{'descr': '" descr "', 'fortran_order': " order ", 'shape': " shape ", }\n"

static void test_every_descr_is_read_in_both_byte_orders(void **state) {
    (void)state;
    static const struct {
        const char *header, *bytes;
        size_t n;
        double value;
    } rows[] = {
        {HEAD("<f8", "False", "()"), "\0\0\0\0\0\0\xf8\xbf", 8, -1.5},
        {HEAD(">f8", "False", "()"), "\xbf\xf8\0\0\0\0\0\0", 8, -1.5},
        {HEAD("<f4", "False", "(1,)"), "\0\0\xc0\xbf", 4, -1.5},
        {HEAD(">f4", "False", "(1,)"), "\xbf\xc0\0\0", 4, -1.5},
        {HEAD("<f2", "False", "(1,1)"), "\0\xbe", 2, -1.5},
        {HEAD("|b1", "False", "(1,)"), "\1", 1, 1},
        {HEAD("|i1", "False", "(1,)"), "\xff", 1, -1},
        {HEAD("|u1", "False", "(1,)"), "\xff", 1, 255},
        {HEAD(">i2", "False", "(1,)"), "\xff\xfe", 2, -2},
        {HEAD("<i4", "False", "(1L,)"), "\xfe\xff\xff\xff", 4, -2},
        {HEAD("<u8", "False", "(1,)"), "\2\0\0\0\0\0\0\0", 8, 2},
        {"{\"shape\": (1,), \"fortran_order\":False, \"descr\":\"<i8\"}    \n", "\2\0\0\0\0\0\0\0",
         8, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Tensor t = read_one(npy(rows[i].header, rows[i].bytes, rows[i].n));
        assert_int_equal(t.count, 1);
        CHECK_NEAR(t.at[0], rows[i].value, 0);
    }
}

static void test_fortran_order_becomes_rows(void **state) {
    (void)state;
    // [[[0 1] [2 3] [4 5]] [[6 7] [8 9] [10 11]]] column by column
    static const char columns[12] = {0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11};
    Tensor t = read_one(npy(HEAD("|i1", "True", "(2, 3, 2)"), columns, 12));
    assert_int_equal(t.rank, 3);
    for (int i = 0; i < 12; i++) CHECK_NEAR(t.at[i], i, 0);
}

static void test_versions_two_and_three_have_longer_headers(void **state) {
    (void)state;
    for (char version = 2; version <= 3; version++) {
        Buf b = buf_new(arena);
        const char *header = HEAD("<f8", "False", "(0, 4)");
        buf_put(&b, "\x93NUMPY", 6);
        buf_put(&b, (char[]){version, 0, (char)strlen(header), 0, 0, 0}, 6);
        buf_puts(&b, header);
        Source s = {"a.npy", b.data, b.len};
        Tensor t = read_one((NpyFile){&s, "", b.data, b.len});
        assert_int_equal(t.rank, 2);
        assert_int_equal(t.count, 0);
    }
}

static void test_bad_npy_files_are_refused_with_a_reason(void **state) {
    (void)state;
    static const struct {
        const char *header;
        size_t n;
        const char *says;
    } rows[] = {
        {HEAD("|O", "False", "(1,)"), 8, "pickle"},
        {HEAD("O", "False", "(1,)"), 8, "pickle"},
        {HEAD("<c16", "False", "(1,)"), 16, "only booleans, integers and floats"},
        {HEAD("<U4", "False", "(1,)"), 16, "only booleans, integers and floats"},
        {HEAD("|f8", "False", "(1,)"), 8, "only booleans, integers and floats"},
        {HEAD("", "False", "(1,)"), 8, "only booleans, integers and floats"},
        {"{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }\n", 8, "records"},
        {HEAD("<f8", "false", "(1,)"), 8, "True or False"},
        {HEAD("<f8", "False", "(1)"), 8, "needs a comma"},
        {HEAD("<f8", "False", "1"), 8, "must be a tuple"},
        {HEAD("<f8", "False", "(-1,)"), 8, "at least 0"},
        {HEAD("<f8", "False", "(2 3)"), 48, "a comma or )"},
        {HEAD("<f8", "False", "(99999999999999999999,)"), 8, "larger than can be counted"},
        {HEAD("<f8", "False", "(4294967296, 4294967296)"), 0, "do not fit the 0 bytes"},
        {HEAD("<f8", "False", "(2,)"), 8, "2 numbers of 8 bytes each do not fit the 8 bytes"},
        {HEAD("<f8", "False", "(1,)"), 9, "do not fit the 9 bytes"},
        {"{'descr': '<f8', 'fortran_order': False}\n", 8, "needs descr, fortran_order and shape"},
        {"{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': ()}\n", 8, "each once"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (), 'x': 1}\n", 8, "each once"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': ()} x\n", 8, "only blanks"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': ()}", 8, "only blanks"},
        {"{'descr", 8, "has no end"},
        {"", 8, "must begin with a {"},
    };
    static const char zeros[64];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        NpyFile file = npy(rows[i].header, zeros, rows[i].n);
        Tensors t = {0};
        Diags d = diags_new(arena);
        assert_false(npy_read(arena, &file, "a", &t, &d));
        Buf b = buf_new(arena);
        diags_print(&d, &b);
        if (!strstr(buf_str(&b), rows[i].says)) print_error("%s  %s", rows[i].header, buf_str(&b));
        assert_non_null(strstr(buf_str(&b), rows[i].says));
        assert_ptr_equal(strstr(buf_str(&b), "a.npy: error: byte "), buf_str(&b));
    }
}

static Tensors two_arrays(void) {
    static const double w[6] = {1, -2.5, 1e-300, 0.1, -0.0, 3}, one[1] = {7};
    Tensors t = {0};
    tensors_add(arena, &t, "grad/W_f", 2, (size_t[]){2, 3}, w);
    tensors_add(arena, &t, "loss", 0, NULL, one);
    return t;
}

static void test_an_npy_header_is_padded_to_sixty_four_bytes(void **state) {
    (void)state;
    Buf b = buf_new(arena);
    npy_write(&b, 1, (size_t[]){2}, (double[]){1, 2});
    assert_int_equal(b.len, 128 + 16);
    assert_int_equal(b.data[127], '\n');
    assert_non_null(strstr(b.data + 10, "'shape': (2,), }"));
}

static void test_an_npz_that_is_written_is_read_back(void **state) {
    (void)state;
    Tensors t = two_arrays(), back;
    Buf b = buf_new(arena), same = buf_new(arena);
    assert_true(npz_write(&t, &b) && npz_write(&t, &same));
    assert_int_equal(b.len, same.len);
    assert_memory_equal(b.data, same.data, b.len);
    Source s = {"a.npz", b.data, b.len};
    Diags d = diags_new(arena);
    assert_true(npz_read(arena, &s, &back, &d));
    assert_int_equal(back.n, 2);
    assert_string_equal(back.list[0].name, "grad/W_f");
    assert_memory_equal(back.list[0].at, t.list[0].at, 6 * sizeof(double));
    assert_int_equal(back.list[1].rank, 0);
}

static bool reads_file(const char *path, Tensors *t, const char **said) {
    Diags d = diags_new(arena);
    const Source *s = source_read(arena, path, WEIGHTS_MAX_BYTES, &d);
    assert_non_null(s);
    bool fine = npz_read(arena, s, t, &d);
    Buf b = buf_new(arena);
    diags_print(&d, &b);
    *said = buf_str(&b);
    return fine;
}

static void test_stored_deflated_and_wide_archives_are_read(void **state) {
    (void)state;
    static const char *const files[] = {"stored", "deflated", "zip64", "streamed"};
    for (int i = 0; i < 4; i++) {
        Tensors t;
        const char *said, *path = arena_printf(arena, "tests/fuzz/corpus/npz/%s", files[i]);
        bool fine = reads_file(path, &t, &said);
        if (!fine) print_error("%s", said);
        assert_true(fine);
        assert_int_equal(t.n, 2);
        assert_string_equal(t.list[0].name, "W");
        assert_int_equal(t.list[0].count, 400);
        CHECK_NEAR(t.list[0].at[399], 99.75, 0);
    }
}

static void test_bad_archives_are_refused_with_a_reason(void **state) {
    (void)state;
    static const struct {
        const char *file, *says;
    } rows[] = {
        {"liar", "which cannot be"},
        {"twice", "already exists"},
        {"not-npy", "does not end in .npy"},
        {"bad-crc", "cannot be unpacked"},
        {"truncated", "no archive that can be read"},
        {"object", "W.npy: byte 20: an array of Python objects"},
        {"bzip", "packed by method 12"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Tensors t;
        const char *said, *path = arena_printf(arena, "tests/fuzz/corpus/npz/%s", rows[i].file);
        assert_false(reads_file(path, &t, &said));
        if (!strstr(said, rows[i].says)) print_error("%s", said);
        assert_non_null(strstr(said, rows[i].says));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_every_descr_is_read_in_both_byte_orders),
        RUN(test_fortran_order_becomes_rows),
        RUN(test_versions_two_and_three_have_longer_headers),
        RUN(test_bad_npy_files_are_refused_with_a_reason),
        RUN(test_an_npy_header_is_padded_to_sixty_four_bytes),
        RUN(test_an_npz_that_is_written_is_read_back),
        RUN(test_stored_deflated_and_wide_archives_are_read),
        RUN(test_bad_archives_are_refused_with_a_reason),
    };
    arena = arena_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
