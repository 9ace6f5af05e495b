// Tokens, their places, names in normal form, and numbers.
#include "check.h"

#include <locale.h>
#include <string.h>

#include "core/lex.h"
#include "core/parse.h"

static Arena *arena;
static Symbols symbols;
static Tokens tokens;
static Diags diags;

static int setup(void **state) {
    (void)state;
    arena = arena_new();
    symbols = symbols_new(arena);
    tokens = (Tokens){.arena = arena};
    diags = diags_new(arena);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static bool lex_text(const char *text) {
    Source *s = ARENA_NEW(arena, Source);
    *s = (Source){"a.cell", text, strlen(text)};
    diags.count = 0;
    return lex(&tokens, &symbols, s, (Span){0, s->len}, &diags);
}

static void test_every_sign_has_its_token(void **state) {
    (void)state;
    static const TokenKind kinds[] = {
        TOKEN_ASSIGN,    TOKEN_LEFT,  TOKEN_RIGHT, TOKEN_OPEN,   TOKEN_CLOSE, TOKEN_COMMA,
        TOKEN_SEMICOLON, TOKEN_COLON, TOKEN_PLUS,  TOKEN_MINUS,  TOKEN_STAR,  TOKEN_STAR,
        TOKEN_SLASH,     TOKEN_AT,    TOKEN_AT,    TOKEN_PRIME,  TOKEN_LT,    TOKEN_LE,
        TOKEN_GT,        TOKEN_GE,    TOKEN_EQ,    TOKEN_ASSIGN, TOKEN_END};
    assert_true(lex_text("= ()[],;:+-*⊙/@·' < <= > >= == ="));
    assert_int_equal(tokens.count, sizeof kinds / sizeof *kinds);
    for (int i = 0; i < tokens.count; i++) assert_int_equal(tokens.list[i].kind, kinds[i]);
}

static void test_spans_count_bytes(void **state) {
    (void)state;
    assert_true(lex_text("õ = 12.5e-1 \"两\" # rest"));
    assert_int_equal(tokens.count, 5);
    assert_int_equal(tokens.list[0].span.len, 2);
    assert_int_equal(tokens.list[2].span.at, 5);
    assert_int_equal(tokens.list[2].span.len, 7);
    assert_true(tokens.list[2].number == 1.25);
    assert_string_equal(tokens.list[3].text, "两");
    // the end is where the last token ends
    assert_int_equal(tokens.list[4].span.at, 18);
}

static void test_a_hash_in_quotes_is_no_comment(void **state) {
    (void)state;
    assert_true(lex_text("a \"b # c\" # d \" e"));
    assert_int_equal(tokens.count, 3);
    assert_string_equal(tokens.list[1].text, "b # c");
}

static void test_a_name_typed_in_two_ways_is_one_symbol(void **state) {
    (void)state;
    assert_true(lex_text("õ o\xCC\x83 o"));
    assert_ptr_equal(tokens.list[0].symbol, tokens.list[1].symbol);
    assert_ptr_not_equal(tokens.list[0].symbol, tokens.list[2].symbol);
    assert_string_equal(tokens.list[1].symbol->name, "õ");
}

static void test_names_hold_letters_digits_underscores_and_marks(void **state) {
    (void)state;
    assert_true(lex_text("W_f2 门_1 x\xCC\x82\xCC\x83 Ω"));
    assert_int_equal(tokens.count, 5);
    static const char *const wrong[] = {"_a", "\xCC\x82", "a$", "a.b", "😀", "a\u00A0b", "₁"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(lex_text(wrong[i]));
        assert_int_equal(diags.count, 1);
    }
}

static void test_a_name_has_at_most_200_characters(void **state) {
    (void)state;
    char text[2 * 201 + 1];
    for (int i = 0; i < 201; i++) memcpy(text + 2 * i, "õ", 3);
    assert_false(lex_text(text));
    text[400] = '\0';
    assert_true(lex_text(text));
}

static void test_functions_and_reserved_names_are_known(void **state) {
    (void)state;
    assert_true(lex_text("σ sigmoid x t hidden input f"));
    assert_int_equal(tokens.list[0].symbol->function, OP_SIGMOID);
    assert_int_equal(tokens.list[1].symbol->function, OP_SIGMOID);
    assert_int_equal(tokens.list[2].symbol->builtin, BUILTIN_X);
    assert_int_equal(tokens.list[3].symbol->builtin, BUILTIN_T);
    assert_int_equal(tokens.list[4].symbol->builtin, BUILTIN_HIDDEN);
    assert_int_equal(tokens.list[5].symbol->builtin, BUILTIN_INPUT);
    assert_int_equal(tokens.list[6].symbol->function, OP_COUNT);
}

static void test_numbers_are_read_exactly_or_refused(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double value;
    } good[] = {
        {"0", 0},       {"007", 7},     {"0.5", 0.5},
        {"1e-5", 1e-5}, {"1E+3", 1000}, {"1.7976931348623157e308", 1.7976931348623157e308},
        {"1e-999", 0},  {"0.1e1", 1},   {"123456789012345678901234567890", 1.2345678901234568e29}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(lex_text(good[i].text));
        assert_int_equal(tokens.count, 2);
        assert_true(tokens.list[0].number == good[i].value);
    }
    static const char *const wrong[] = {".5",  "1.",  "1.e5", "1e",   "1e+",  "1e999", "2W",
                                        "0x1", "1_0", "1.5.", "1e5.", "1..2", "1e5e5", "2õ"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(lex_text(wrong[i]));
        assert_int_equal(diags.count, 1);
    }
}

static void test_a_locale_with_a_decimal_comma_changes_nothing(void **state) {
    (void)state;
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8")) skip();
    assert_true(lex_text("0.5"));
    setlocale(LC_NUMERIC, "C");
    assert_true(tokens.list[0].number == 0.5);
}

static void test_after_the_word_cell_a_name_may_hold_dashes_and_slashes(void **state) {
    (void)state;
    assert_true(lex_text("cell found/my-lstm_2 \"T\""));
    assert_int_equal(tokens.list[1].kind, TOKEN_CELL_NAME);
    assert_string_equal(tokens.list[1].text, "found/my-lstm_2");
    assert_true(lex_text("cell = 2"));
    assert_int_equal(tokens.list[1].kind, TOKEN_ASSIGN);
    static const char *const wrong[] = {"cell a//b", "cell /a",  "cell a/", "cell ../a",
                                        "cell -a",   "cell a.b", "cell 2"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_false(lex_text(wrong[i]));
}

static void test_bytes_that_are_no_text_are_found_wherever_they_stand(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "# \x01",           "\"\x7f\"", "a\rb",     "\xC0\x80", "\xED\xA0\x80",
        "\xF5\x80\x80\x80", "\xE4\xBD", "\xC2\x9F", "\x0B",     "\x0C"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        Source s = {"a.cell", wrong[i], strlen(wrong[i])};
        diags.count = 0;
        assert_false(lex_check_bytes(&s, (Span){0, s.len}, &diags));
        assert_int_equal(diags.count, 1);
    }
    Source nul = {"a.cell", "a\0b", 3}, fine = {"a.cell", "\tõ门😀\r\n", 14};
    assert_false(lex_check_bytes(&nul, (Span){0, 3}, &diags));
    assert_true(lex_check_bytes(&fine, (Span){0, strlen(fine.text)}, &diags));
}

#define RUN_FRESH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN_FRESH(test_every_sign_has_its_token),
        RUN_FRESH(test_spans_count_bytes),
        RUN_FRESH(test_a_hash_in_quotes_is_no_comment),
        RUN_FRESH(test_a_name_typed_in_two_ways_is_one_symbol),
        RUN_FRESH(test_names_hold_letters_digits_underscores_and_marks),
        RUN_FRESH(test_a_name_has_at_most_200_characters),
        RUN_FRESH(test_functions_and_reserved_names_are_known),
        RUN_FRESH(test_numbers_are_read_exactly_or_refused),
        RUN_FRESH(test_a_locale_with_a_decimal_comma_changes_nothing),
        RUN_FRESH(test_after_the_word_cell_a_name_may_hold_dashes_and_slashes),
        RUN_FRESH(test_bytes_that_are_no_text_are_found_wherever_they_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
