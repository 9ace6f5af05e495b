#include "check.h"

#include <string.h>

#include "core/parse.h"
#include "view/panel_prose.h"
#include "view/panels.h"
#include "view/tex_link.h"
#include "view/text.h"

typedef struct {
    Arena *arena;
    TextEngine *text;
    Lesson lesson;
    LessonScene scene;
    View view;
    Scene out;
} Fixture;

static const char cell_text[] = "cell r \"Test\"\n"
                                "f = sigmoid(W_f @ [h[t-1]; x] + b_f)  \"forget gate\"\n"
                                "h = f * tanh(W @ x)  \"hidden state\"\n";

/// A run of a small cell with a lesson of one scene, whose prose is this Markdown.
static Fixture begin(const char *markdown, const AskBlock *asks, int n_asks) {
    Fixture f = {.arena = arena_new(), .text = text_engine_fixed()};
    Diags d = diags_new(f.arena);
    Source *s = ARENA_NEW(f.arena, Source), *m = ARENA_NEW(f.arena, Source);
    *s = (Source){"test.cell", cell_text, strlen(cell_text)};
    *m = (Source){"test.md", markdown, strlen(markdown)};
    LayerSpec layer = {.cell = cell_parse(f.arena, s, &d), .hidden = 3, .layer = 1};
    assert_non_null(layer.cell);
    NetSpec spec = {.source = s, .span = NO_SPAN, .input = 2, .layers = &layer, .n_layers = 1};
    f.lesson.graph = graph_build(f.arena, &spec, &d);
    assert_non_null(f.lesson.graph);
    f.lesson.trace = trace_new(f.arena, f.lesson.graph, 4);
    f.lesson.walk = walk_new(f.arena, f.lesson.trace);
    f.scene.blocks = prose_parse(f.arena, m, 0, &f.scene.n_blocks, &d);
    assert_true(diags_ok(&d));
    f.scene.asks = asks;
    f.scene.n_asks = n_asks;
    return f;
}

static void draw(Fixture *f, double width, double height) {
    f->lesson.scenes[LANG_EN] = f->lesson.scenes[LANG_ZH] = &f->scene;
    f->lesson.n_scenes = 1;
    f->view.lesson = &f->lesson;
    f->out = scene_new(f->arena, f->text, width, height);
    panel_prose_draw(&f->out, &f->view, (Box){20, 10, width - 40, height - 20});
}

static void end(Fixture *f) {
    text_engine_free(f->text);
    arena_free(f->arena);
}

static const Shape *text_of(const Fixture *f, const char *text) {
    for (int i = 0; i < f->out.count; i++)
        if (f->out.shapes[i].text && strcmp(f->out.shapes[i].text, text) == 0)
            return &f->out.shapes[i];
    fail_msg("'%s' is not there", text);
    return NULL;
}

static void nothing_collides(Fixture *f) {
    Buf b = buf_new(f->arena);
    if (scene_collisions(&f->out, &b)) fail_msg("%s", buf_str(&b));
}

static void test_lines_break_between_words_and_stay_inside(void **state) {
    (void)state;
    Fixture f =
        begin("# A heading\n\nOne two three four five six seven eight nine ten.\n", NULL, 0);
    draw(&f, 190, 400);
    // 8.1 wide letters of 13.5: 150 / 7.5 at the narrow size gives 20 a line
    assert_true(text_of(&f, "One two three four")->baseline <
                text_of(&f, "five six seven eight")->baseline);
    text_of(&f, "nine ten.");
    assert_true(text_of(&f, "A heading")->style.weight == WEIGHT_BOLD);
    nothing_collides(&f);
    end(&f);
}

static void test_chinese_breaks_between_characters_but_not_before_a_comma(void **state) {
    (void)state;
    Fixture f = begin("遗忘门决定保留多少信息进入细胞，输入门决定写入多少。\n", NULL, 0);
    f.view.lang = LANG_ZH;
    draw(&f, 40 + 14.2 * 12.5, 400);
    text_of(&f, "遗忘门决定保留多少信息进入细");
    text_of(&f, "胞，输入门决定写入多少。");
    nothing_collides(&f);
    end(&f);
}

static void test_formulas_stand_on_the_baseline_of_their_line(void **state) {
    (void)state;
    Fixture f = begin("The gate $f_t$, and **forget gate**.\n", NULL, 0);
    draw(&f, 500, 300);
    int node = f.lesson.graph->equations[graph_find_equation(f.lesson.graph, "f")].node;
    const Shape *formula =
        text_of(&f, arena_printf(f.arena, "\\color{f}{\\term{v:%d:t:0}{f_t}}", node));
    assert_true(formula->kind == SHAPE_FORMULA);
    CHECK_NEAR(formula->baseline, text_of(&f, "The gate")->baseline, 1e-12);
    assert_true(text_of(&f, "forget gate")->fill.role == ROLE_F);
    const Shape *hit = scene_hit(&f.out, formula->box.x + 2, formula->baseline - 2);
    assert_true(hit && hit->ref.kind == REF_VALUE && hit->ref.node == node && hit->ref.place == 1);
    end(&f);
}

static void test_what_is_too_wide_is_made_to_fit(void **state) {
    (void)state;
    Fixture f = begin("Short $a+b+c+d+e+a+b+c+d+e+a+b+c+d+e+a+b+c+d+e$, end.\n\n"
                      "$$a+b+c+d+e+a+b+c+d+e+a+b+c+d+e+a+b+c+d+e+a+b+c+d+e$$\n\n"
                      "Anunbreakablewordthatiswiderthanthewholecolumnofthispanel\n\n"
                      "```\nlong code that does not fit into the column at all, no\n```\n\n"
                      "| a | b |\n| --- | --- |\n| some words in it | and other ones here |\n",
                      NULL, 0);
    draw(&f, 240, 700);
    nothing_collides(&f);
    for (int i = 0; i < f.out.count; i++)
        assert_true(f.out.shapes[i].box.x + f.out.shapes[i].box.w <= 220 + 4);
    end(&f);
}

static void test_links_are_links(void **state) {
    (void)state;
    Fixture f = begin("See [the paper](https://example.org/p) now.\n", NULL, 0);
    draw(&f, 500, 300);
    const Shape *link = text_of(&f, "the paper");
    assert_int_equal(link->ref.kind, REF_LINK);
    assert_string_equal(f.out.links[link->ref.node], "https://example.org/p");
    end(&f);
}

static void test_directives_are_not_printed_and_questions_are_cards(void **state) {
    (void)state;
    AskBlock ask = {.kind = ASK_NUMBER, .of = "f[2] at forward:3"};
    Fixture f = begin("Text.\n\n```step\nat: forward:3\n```\n\n```ask\nkind: number\n```\n\n"
                      "```note\nsecret\n```\n\n```python\nprinted\n```\n",
                      &ask, 1);
    draw(&f, 500, 500);
    text_of(&f, "PREDICT");
    text_of(&f, "Where will");
    text_of(&f, "printed");
    Buf b = buf_new(f.arena);
    scene_dump(&f.out, &b);
    assert_null(strstr(buf_str(&b), "secret"));
    assert_null(strstr(buf_str(&b), "forward:3"));
    nothing_collides(&f);
    end(&f);
}

static void test_questions_without_a_place_come_last(void **state) {
    (void)state;
    AskBlock asks[] = {{.kind = ASK_LARGER, .of = "h[1] at backward:2"},
                       {.kind = ASK_SIGN, .of = "h[1] at forward:2"}};
    Fixture f = begin("正文。\n", asks, 2);
    f.view.lang = LANG_ZH;
    draw(&f, 500, 500);
    assert_true(text_of(&f, " 主要沿哪条路径传来？")->baseline <
                text_of(&f, " 是正、零还是负？")->baseline);
    assert_true(text_of(&f, "正文。")->baseline < text_of(&f, " 主要沿哪条路径传来？")->baseline);
    end(&f);
}

static void test_scrolling_moves_the_text_and_stops_at_its_end(void **state) {
    (void)state;
    Fixture f = begin("one\n\ntwo\n\nthree\n\nfour\n\nfive\n\nsix\n\nseven\n\neight\n", NULL, 0);
    draw(&f, 300, 150);
    double top = text_of(&f, "one")->baseline;
    double total = panel_prose_height(&f.out, &f.view, 260);
    assert_true(total > 130);
    f.view.scroll = 50;
    draw(&f, 300, 150);
    CHECK_NEAR(text_of(&f, "one")->baseline, top - 50, 1e-12);
    f.view.scroll = 1e6;
    draw(&f, 300, 150);
    CHECK_NEAR(text_of(&f, "one")->baseline, top - (total - 130), 1e-12);
    assert_true(text_of(&f, "eight")->baseline < 140);
    nothing_collides(&f);
    end(&f);
}

static void test_only_names_with_a_timestep_are_linked(void **state) {
    (void)state;
    Fixture f = begin("x\n", NULL, 0);
    draw(&f, 300, 150);
    static const char *const same[] = {
        "W_f f(x) h",      "\\mathrm{f_t}", "f_{k}", "f_0",  "f_t^2",
        "\\color{f}{f_t}", "q_t",           "f_",    "f_{t", "f_{3,}",
        "f_{t-}",          "f_{t3}",        "\\",    "a_\\",
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        assert_string_equal(tex_linked(f.arena, &f.view, same[i]), same[i]);
    int x = f.lesson.graph->x;
    assert_string_equal(
        tex_linked(f.arena, &f.view, "W x_{t-1}+x_{3,2}"),
        arena_printf(f.arena,
                     "W \\color{x}{\\term{v:%d:t-1:0}{x_{t-1}}}+\\color{x}{\\term{v:%d:3:2}"
                     "{x_{3,2}}}",
                     x, x));
    assert_string_equal(tex_asked(f.arena, &f.view, "nobody[1] at forward:1"), "\\,?\\,");
    end(&f);
}

static void test_formulas_are_cut_outside_brackets_only(void **state) {
    (void)state;
    Arena *a = arena_new();
    int n;
    const char *const *p =
        tex_parts(a, "-a = (b + c) \\odot \\left[ d - e \\right) - \\color{f}{x+y}", &n);
    assert_int_equal(n, 4);
    assert_string_equal(p[0], "-a =");
    assert_string_equal(p[1], " (b + c) \\odot");
    assert_string_equal(p[2], " \\left[ d - e \\right) -");
    assert_string_equal(p[3], " \\color{f}{x+y}");
    tex_parts(a, "\\begin{aligned} a &= b + c \\\\ d &= e \\end{aligned}", &n);
    assert_int_equal(n, 1);
    tex_parts(a, "", &n);
    assert_int_equal(n, 1);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_lines_break_between_words_and_stay_inside),
        RUN(test_chinese_breaks_between_characters_but_not_before_a_comma),
        RUN(test_formulas_stand_on_the_baseline_of_their_line),
        RUN(test_what_is_too_wide_is_made_to_fit),
        RUN(test_links_are_links),
        RUN(test_directives_are_not_printed_and_questions_are_cards),
        RUN(test_questions_without_a_place_come_last),
        RUN(test_scrolling_moves_the_text_and_stops_at_its_end),
        RUN(test_formulas_are_cut_outside_brackets_only),
        RUN(test_only_names_with_a_timestep_are_linked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
