#include "check.h"

#include <string.h>

#include "view/math.h"

typedef struct {
    Arena *arena;
    TextEngine *text;
    size_t at;
    const char *why;
} Fixture;

static Fixture begin(void) {
    return (Fixture){arena_new(), text_engine_fixed(), 0, NULL};
}

static void end(Fixture *f) {
    text_engine_free(f->text);
    arena_free(f->arena);
}

static const MathBox *set(Fixture *f, const char *tex) {
    return math_layout(f->arena, f->text, tex, 10, false, &f->at, &f->why);
}

static MathSize size_of(Fixture *f, const char *tex) {
    const MathBox *m = set(f, tex);
    if (!m) fail_msg("%s: %zu: %s", tex, f->at, f->why);
    return math_size(m);
}

static void fails_at(Fixture *f, const char *tex, size_t at, const char *why) {
    if (set(f, tex)) fail_msg("'%s' was accepted", tex);
    if (strcmp(f->why, why) != 0) fail_msg("'%s' says: %s", tex, f->why);
    assert_int_equal(f->at, at);
}

static void test_letters_stand_side_by_side(void **state) {
    (void)state;
    Fixture f = begin();
    CHECK_NEAR(size_of(&f, "abc").width, 15, 1e-12);
    CHECK_NEAR(size_of(&f, "a b\n c").width, 15, 1e-12);
    CHECK_NEAR(size_of(&f, "").width, 0, 1e-12);
    end(&f);
}

static void test_spaces_follow_the_classes_of_neighbours(void **state) {
    (void)state;
    Fixture f = begin();
    CHECK_NEAR(size_of(&f, "a+b").width, 15 + 2 * 10 * 4 / 18.0, 1e-12);
    CHECK_NEAR(size_of(&f, "a=b").width, 15 + 2 * 10 * 5 / 18.0, 1e-12);
    CHECK_NEAR(size_of(&f, "a,b").width, 15 + 10 * 3 / 18.0, 1e-12);
    CHECK_NEAR(size_of(&f, "-a").width, 10, 1e-12);
    CHECK_NEAR(size_of(&f, "(-a)").width, 20, 1e-12);
    CHECK_NEAR(size_of(&f, "\\tanh x").width, 25 + 10 * 3 / 18.0, 1e-12);
    CHECK_NEAR(size_of(&f, "\\tanh(x)").width, 35, 1e-12);
    end(&f);
}

static void test_color_and_term_do_not_move_anything(void **state) {
    (void)state;
    Fixture f = begin();
    static const char *const pairs[][2] = {
        {"c=f*c+i*g", "c=\\color{f}{f}\\color{c}{*}c\\term{v:1}{+}i*g"},
        {"a-b", "a\\color{muted}{-b}"},
        {"-b", "\\color{muted}{-b}"},
        {"f_t=1", "\\color{f}{f}_t\\term{x}{{}=}1"},
        {"(a+b)", "\\color{muted}{(}\\term{s}{a+b}\\color{muted}{)}"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        CHECK_NEAR(size_of(&f, pairs[i][0]).width, size_of(&f, pairs[i][1]).width, 1e-12);
    end(&f);
}

static void test_scripts_are_smaller_and_stay_outside_the_line(void **state) {
    (void)state;
    Fixture f = begin();
    MathSize plain = size_of(&f, "x"), sub = size_of(&f, "x_t"), sup = size_of(&f, "x^2");
    assert_true(sub.descent > plain.descent && sub.ascent == plain.ascent);
    assert_true(sup.ascent > plain.ascent);
    assert_true(sub.width < 2 * plain.width && sub.width > plain.width);
    assert_true(size_of(&f, "x_t^2").width < size_of(&f, "x_tx^2").width);
    CHECK_NEAR(size_of(&f, "{x}_t").width, sub.width, 1e-12);
    end(&f);
}

static void test_fractions_and_roots_grow_with_their_contents(void **state) {
    (void)state;
    Fixture f = begin();
    MathSize one = size_of(&f, "\\frac{a}{b}"), two = size_of(&f, "\\frac{\\frac{a}{b}}{c}");
    assert_true(two.ascent > one.ascent);
    assert_true(size_of(&f, "\\sqrt{\\frac{a}{b}}").ascent > one.ascent);
    CHECK_NEAR(size_of(&f, "\\left(\\frac{a}{b}\\right)").width, one.width + 10, 1e-12);
    assert_true(size_of(&f, "\\dfrac{a}{b}").ascent > one.ascent);
    end(&f);
}

static void test_tables_have_rows_and_columns(void **state) {
    (void)state;
    Fixture f = begin();
    MathSize one = size_of(&f, "\\begin{matrix}a\\end{matrix}");
    MathSize two = size_of(&f, "\\begin{matrix}a\\\\b\\end{matrix}");
    MathSize wide = size_of(&f, "\\begin{matrix}a&b\\\\c\\end{matrix}");
    CHECK_NEAR(two.width, one.width, 1e-12);
    assert_true(two.ascent + two.descent > 1.9 * (one.ascent + one.descent));
    CHECK_NEAR(wide.width, 20, 1e-12);
    MathSize trailing = size_of(&f, "\\begin{matrix}a\\\\b\\\\\\end{matrix}");
    CHECK_NEAR(trailing.ascent, two.ascent, 1e-12);
    size_of(&f, "\\begin{cases} x & x>0 \\\\ 0 & x\\le 0\\end{cases}");
    size_of(&f, "\\begin{aligned} a &= b \\\\ &= c\\end{aligned}");
    size_of(&f, "\\begin{bmatrix}\\end{bmatrix}");
    end(&f);
}

static void test_terms_have_boxes_round_their_ink(void **state) {
    (void)state;
    Fixture f = begin();
    int n;
    const MathTerm *t = math_terms(set(&f, "a=\\term{v:3}{bc}+\\term{g:4}{d_{\\term{in}{e}}}"), &n);
    assert_int_equal(n, 3);
    assert_string_equal(t[0].id, "v:3");
    CHECK_NEAR(t[0].box.x, 10 + 2 * 10 * 5 / 18.0, 1e-12);
    CHECK_NEAR(t[0].box.w, 10, 1e-12);
    assert_true(t[0].box.y < 0 && t[0].box.y + t[0].box.h > 0);
    assert_string_equal(t[1].id, "g:4");
    assert_string_equal(t[2].id, "in");
    assert_true(t[2].box.x > t[1].box.x && t[2].box.x + t[2].box.w <= t[1].box.x + t[1].box.w);
    end(&f);
}

static void test_all_that_lessons_need_is_understood(void **state) {
    (void)state;
    Fixture f = begin();
    static const char *const tex[] = {
        "f_t = \\sigma(W_f [h_{t-1}; x_t] + b_f)",
        "\\frac{\\partial L}{\\partial c_t} \\odot \\left(1 - \\tanh^2(c_t)\\right)",
        "\\sum_{k=1}^{T} \\prod_{k} \\int_0^1 x \\cdot y \\times z",
        "\\left\\| x \\right\\| \\le \\lvert y \\rvert, p(x \\mid y) \\ne \\lVert z \\rVert",
        "\\left\\{ a \\middle| b \\right. \\bigl( \\Bigl[ x \\Bigr] \\bigr)",
        "\\tilde{c} \\hat y \\bar{x} \\overline{ab} \\underline{c} \\widehat{abc}",
        "\\mathbf{W} \\mathbb{R}^{n} \\mathcal{L} \\mathrm{d} \\operatorname{softmax}(x)",
        "\\underbrace{a+b}_{\\text{遗忘门}} \\overbrace{c}^{n} f'(x) f''_1 f'^2",
        "\\min_x \\max \\exp \\log \\sin \\cos \\, \\; \\quad \\! x \\to 0, x \\in \\infty",
        "σ(x) ⊙ ∂y ≤ 3 − 1 × 遗忘 ½ \\sqrt[3]{x} \\overset{?}{=} \\not= a \\%",
    };
    for (size_t i = 0; i < sizeof tex / sizeof tex[0]; i++) {
        MathSize m = size_of(&f, tex[i]);
        assert_true(m.width > 20 && m.width < 800 && m.ascent > 0 && m.ascent < 100);
    }
    end(&f);
}

static void test_mistakes_have_their_byte_and_a_hint(void **state) {
    (void)state;
    Fixture f = begin();
    fails_at(&f, "a + \\sigm(x)", 4, "unknown command \\sigm; did you mean \\sigma?");
    fails_at(&f, "x_1_2", 3, "a second subscript; put braces around the first");
    fails_at(&f, "x^a^b", 3, "a second superscript; put braces around the first");
    fails_at(&f, "{a", 0, "this { is never closed");
    fails_at(&f, "a}", 1, "a } without its {");
    fails_at(&f, "\\frac{a}", 8, "\\frac needs something after it");
    fails_at(&f, "\\left( x", 0, "this \\left has no \\right");
    fails_at(&f, "遗 \\left x", 10, "\\left needs a bracket after it, or a dot for none");
    fails_at(&f, "\\begin{bmatrx}a\\end{bmatrx}", 0,
             "unknown environment 'bmatrx'; did you mean 'bmatrix'?");
    fails_at(&f, "\\begin{cases}a\\end{matrix}", 14, "\\end{matrix} closes \\begin{cases}");
    fails_at(&f, "\\begin{cases}a", 0, "this \\begin has no \\end");
    fails_at(&f, "a & b", 2, "& stands only in environments such as aligned");
    fails_at(&f, "\\color{pink}{x}", 6, "unknown role 'pink' in \\color");
    fails_at(&f, "5%", 1, "% is written \\%");
    fails_at(&f, "a\\", 1, "a \\ at the end means nothing");
    fails_at(&f, "a\xff", 1, "this byte is not UTF-8");
    end(&f);
}

static void test_depth_and_length_are_bounded(void **state) {
    (void)state;
    Fixture f = begin();
    enum { N = 100000 };
    static const char *const parts[] = {"{",       "\\frac",     "x_",        "\\left(",
                                        "\\sqrt[", "\\hat",      "\\term{a}", "\\begin{matrix}",
                                        "'",       "\\color{f}", "&",         "\\sqrt{\\frac{"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        Buf b = buf_new(f.arena);
        while (b.len < N) buf_puts(&b, parts[i]);
        assert_null(set(&f, buf_str(&b)));
        b.len = 20000;
        b.data[b.len] = '\0';
        set(&f, buf_str(&b)); // any answer, soon
    }
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_letters_stand_side_by_side),
        RUN(test_spaces_follow_the_classes_of_neighbours),
        RUN(test_color_and_term_do_not_move_anything),
        RUN(test_scripts_are_smaller_and_stay_outside_the_line),
        RUN(test_fractions_and_roots_grow_with_their_contents),
        RUN(test_tables_have_rows_and_columns),
        RUN(test_terms_have_boxes_round_their_ink),
        RUN(test_all_that_lessons_need_is_understood),
        RUN(test_mistakes_have_their_byte_and_a_hint),
        RUN(test_depth_and_length_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
