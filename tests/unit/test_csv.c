// CSV and IDX: what the files say, and where they are wrong.
#include "check.h"

#include <string.h>

#include "files/csv.h"
#include "files/idx.h"

static Arena *arena;

static const Source *file(const char *path, const char *bytes, size_t n) {
    Source *s = ARENA_NEW(arena, Source);
    *s = (Source){path, arena_copy(arena, bytes, n), n};
    return s;
}

static Table table(const char *text) {
    Table t;
    Diags d = diags_new(arena);
    bool fine = csv_read(arena, file("t.csv", text, strlen(text)), &t, &d);
    Buf b = buf_new(arena);
    diags_print(&d, &b);
    if (!fine) print_error("%s", buf_str(&b));
    assert_true(fine);
    return t;
}

static void test_columns_are_found_by_name(void **state) {
    (void)state;
    Table t = table("\xEF\xBB\xBFyear,month,value\r\n1949,1,112\r\n1949, 2 ,-1.5e2\r\n");
    assert_int_equal(t.cols, 3);
    assert_int_equal(t.rows, 2);
    assert_int_equal(csv_column(&t, "year"), 0);
    assert_int_equal(csv_column(&t, "value"), 2);
    assert_int_equal(csv_column(&t, "valu"), -1);
    double numbers[2];
    Diags d = diags_new(arena);
    assert_true(csv_numbers(arena, &t, 1, numbers, &d));
    CHECK_NEAR(numbers[1], 2, 0);
    assert_true(csv_numbers(arena, &t, 2, numbers, &d));
    CHECK_NEAR(numbers[0], 112, 0);
    CHECK_NEAR(numbers[1], -150, 0);
}

static void test_quoted_fields_may_hold_anything(void **state) {
    (void)state;
    Table t = table("\"a,b\",c\n\"say \"\"hi\"\"\",\"1\"\n\"two\nlines\",\n\nx,y");
    assert_string_equal(t.names[0], "a,b");
    assert_int_equal(t.rows, 3);
    assert_string_equal(csv_text(arena, &t, 0, 0), "say \"hi\"");
    assert_string_equal(csv_text(arena, &t, 1, 0), "two\nlines");
    assert_string_equal(csv_text(arena, &t, 1, 1), "");
    assert_string_equal(csv_text(arena, &t, 2, 1), "y");
    assert_true(csv_is_number(&t, 0, 1));
    assert_false(csv_is_number(&t, 1, 1));
    assert_int_equal(t.lines[2], 6);
}

static void test_bad_tables_are_refused_with_their_row(void **state) {
    (void)state;
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"", "must name the columns"},
        {"\n1,2\n", "must name the columns"},
        {"a,,b\n", "the name of column 2 is empty"},
        {"a,b,a\n", "two columns are called 'a'"},
        {"a;b\n1;2\n", "not parted by commas"},
        {"a,b\n1,2\n3\n", "row 2 (line 3) has 1 field, and there are 2 columns"},
        {"a,b\n\n1,2,3\n", "row 1 (line 3) has 3 fields"},
        {"a,b\n1,\"2\n", "row 1 (line 2): a quote never closes"},
        {"a,b\n1,\"2\"x\n", "row 1 (line 2): behind a quoted field"},
        {"a,b\n1,2\"\n", "row 1 (line 2): a field with a quote"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Table t;
        Diags d = diags_new(arena);
        assert_false(csv_read(arena, file("t.csv", rows[i].text, strlen(rows[i].text)), &t, &d));
        Buf b = buf_new(arena);
        diags_print(&d, &b);
        if (!strstr(buf_str(&b), rows[i].says)) print_error("%s", buf_str(&b));
        assert_non_null(strstr(buf_str(&b), rows[i].says));
        assert_ptr_equal(strstr(buf_str(&b), "t.csv: error: "), buf_str(&b));
    }
}

static void test_numbers_are_strict(void **state) {
    (void)state;
    Table t = table("v,w\n1,0\nNA,0\n0x1F,0\n1e999,0\n,0\n1 2,0\n.,0\nnan,0\n");
    double numbers[8];
    Diags d = diags_new(arena);
    assert_false(csv_numbers(arena, &t, 0, numbers, &d));
    assert_int_equal(d.count, 5);
    Buf b = buf_new(arena);
    diags_print(&d, &b);
    assert_non_null(
        strstr(buf_str(&b), "t.csv: error: row 2 (line 3), column 'v': 'NA' is no number"));
    assert_non_null(strstr(buf_str(&b), "row 4 (line 5), column 'v': '1e999' is too large"));
    assert_non_null(strstr(buf_str(&b), "row 5 (line 6), column 'v': a number is missing here"));
}

// ---- IDX ----

static void test_pictures_are_read_one_at_a_time(void **state) {
    (void)state;
    static const char bytes[] = "\0\0\x08\x03\0\0\0\2\0\0\0\1\0\0\0\3\1\2\3\4\5\xff";
    Idx idx;
    Diags d = diags_new(arena);
    assert_true(idx_read(arena, file("i", bytes, sizeof bytes - 1), &idx, &d));
    assert_int_equal(idx.rank, 3);
    assert_int_equal(idx.shape[0], 2);
    assert_int_equal(idx.item, 3);
    double item[3];
    idx_item(&idx, 1, item);
    CHECK_NEAR(item[0], 4, 0);
    CHECK_NEAR(item[2], 255, 0);
}

static void test_numbers_of_idx_are_big_endian(void **state) {
    (void)state;
    static const char bytes[] = "\0\0\x0d\1\0\0\0\1\xbf\xc0\0\0";
    Idx idx;
    Diags d = diags_new(arena);
    assert_true(idx_read(arena, file("i", bytes, sizeof bytes - 1), &idx, &d));
    double item;
    idx_item(&idx, 0, &item);
    CHECK_NEAR(item, -1.5, 0);
}

static void test_bad_idx_files_are_refused_with_the_byte(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        const char *says;
    } rows[] = {
        {"", 0, "byte 0"},
        {"\0\1\x08\1", 4, "two zeros"},
        {"\0\0\x07\1\0\0\0\0", 8, "byte 2: there is no type of numbers 0x07"},
        {"\0\0\x08\0", 4, "byte 3"},
        {"\0\0\x08\2\0\0\0\1", 8, "byte 8: the file ends within its 2 sides"},
        {"\0\0\x08\1\0\0\0\2x", 9, "2 numbers of 1 byte each do not fit the 1 bytes"},
        {"\0\0\x08\1\0\0\0\1xy", 10, "do not fit the 2 bytes"},
        {"\0\0\x08\3\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 16,
         "do not fit the 0 bytes"},
        {"\0\0\x08\3\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff", 16, "do not fit the 0 bytes"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Idx idx;
        Diags d = diags_new(arena);
        assert_false(idx_read(arena, file("i", rows[i].bytes, rows[i].n), &idx, &d));
        Buf b = buf_new(arena);
        diags_print(&d, &b);
        if (!strstr(buf_str(&b), rows[i].says)) print_error("%s", buf_str(&b));
        assert_non_null(strstr(buf_str(&b), rows[i].says));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_columns_are_found_by_name),
        RUN(test_quoted_fields_may_hold_anything),
        RUN(test_bad_tables_are_refused_with_their_row),
        RUN(test_numbers_are_strict),
        RUN(test_pictures_are_read_one_at_a_time),
        RUN(test_numbers_of_idx_are_big_endian),
        RUN(test_bad_idx_files_are_refused_with_the_byte),
    };
    arena = arena_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
