#include "check.h"

#include <string.h>

#include "core/parse.h"
#include "view/math.h"
#include "view/tex.h"

typedef struct {
    Arena *arena;
    Lesson lesson;
    View view;
} Fixture;

static CellAst *cell_of(Arena *a, const char *text) {
    Diags d = diags_new(a);
    Source *s = ARENA_NEW(a, Source);
    *s = (Source){"test.cell", text, strlen(text)};
    CellAst *cell = cell_parse(a, s, &d);
    if (!cell) fail_msg("%s", d.list[0].message);
    return cell;
}

/// A run of layers of one cell, over five timesteps.
static Fixture begin_layers(CellAst *cell, Arena *a, const LayerSpec *layers, int n) {
    Diags d = diags_new(a);
    NetSpec spec = {
        .source = cell->source, .span = NO_SPAN, .input = 3, .layers = layers, .n_layers = n};
    Fixture f = {.arena = a};
    f.lesson.graph = graph_build(a, &spec, &d);
    if (!f.lesson.graph) fail_msg("%s", d.list[0].message);
    f.lesson.cell = cell;
    f.lesson.trace = trace_new(a, f.lesson.graph, 5);
    f.lesson.walk = walk_new(a, f.lesson.trace);
    return f;
}

static Fixture begin(const char *text) {
    Arena *a = arena_new();
    CellAst *cell = cell_of(a, text);
    LayerSpec layer = {.cell = cell, .hidden = 3, .layer = 1};
    return begin_layers(cell, a, &layer, 1);
}

static Fixture begin_shipped(const char *path) {
    Arena *a = arena_new();
    Diags d = diags_new(a);
    const Source *s = source_read(a, path, CELL_MAX_BYTES, &d);
    assert_non_null(s);
    LayerSpec layer = {.cell = cell_parse(a, s, &d), .hidden = 3, .layer = 1};
    assert_non_null(layer.cell);
    return begin_layers((CellAst *)layer.cell, a, &layer, 1);
}

static void end(Fixture *f) {
    arena_free(f->arena);
}

/// TeX without \color and \term, as a reader sees it.
static const char *bare(Arena *a, const char *tex) {
    Buf out = buf_new(a);
    int depth = 0, drop[64], n = 0;
    for (const char *s = tex; *s; s++) {
        if (strncmp(s, "\\color{", 7) == 0 || strncmp(s, "\\term{", 6) == 0) {
            s = strchr(s, '}') + 1; // the brace that opens the contents
            drop[n++] = depth++;
        } else if (*s == '}' && n && drop[n - 1] == depth - 1) {
            depth--;
            n--;
        } else {
            depth += *s == '{' ? 1 : *s == '}' ? -1 : 0;
            buf_put(&out, s, 1);
        }
    }
    return buf_str(&out);
}

static void equation_is(Fixture *f, const char *full, int place, const char *want) {
    f->view.lesson = &f->lesson;
    int q = graph_find_equation(f->lesson.graph, full);
    assert_true(q >= 0);
    const char *tex = view_equation_tex(f->arena, &f->view, q, place);
    assert_string_equal(bare(f->arena, tex), want);
    // and it can be set
    TextEngine *e = text_engine_fixed();
    size_t at;
    const char *why;
    if (!math_layout(f->arena, e, tex, 16, false, &at, &why)) fail_msg("%s: %s", tex, why);
    text_engine_free(e);
}

static void test_the_lstm_is_written_as_papers_do(void **state) {
    (void)state;
    Fixture f = begin_shipped("assets/cells/lstm.cell");
    equation_is(&f, "f", 0, "f_{t} = \\sigma(W_{f}\\,[h_{t-1}; x_{t}] + b_{f})");
    equation_is(&f, "g", 0, "g_{t} = \\operatorname{tanh}(W_{g}\\,[h_{t-1}; x_{t}] + b_{g})");
    equation_is(&f, "c", 0, "c_{t} = f_{t} \\odot c_{t-1} + i_{t} \\odot g_{t}");
    equation_is(&f, "c", 3, "c_{3} = f_{3} \\odot c_{2} + i_{3} \\odot g_{3}");
    equation_is(&f, "h", 1, "h_{1} = o_{1} \\odot \\operatorname{tanh}(c_{1})");
    equation_is(&f, "c", 1, "c_{1} = f_{1} \\odot c_{0} + i_{1} \\odot g_{1}");
    end(&f);
}

static void test_the_gru_keeps_its_brackets(void **state) {
    (void)state;
    Fixture f = begin_shipped("assets/cells/gru.cell");
    equation_is(&f, "n", 0,
                "n_{t} = \\operatorname{tanh}(W_{n}\\,[r_{t} \\odot h_{t-1}; x_{t}] + b_{n})");
    equation_is(&f, "h", 0, "h_{t} = (1 - z_{t}) \\odot n_{t} + z_{t} \\odot h_{t-1}");
    end(&f);
}

static void test_colours_and_ids_are_on_every_value(void **state) {
    (void)state;
    Fixture f = begin_shipped("assets/cells/lstm.cell");
    f.view.lesson = &f.lesson;
    const Graph *g = f.lesson.graph;
    int c = graph_find_equation(g, "c"), node = g->equations[c].node;
    const char *tex = view_node_tex(f.arena, &f.view, node, 3, 2);
    assert_string_equal(tex, arena_printf(f.arena, "\\color{c}{\\term{v:%d:3:2}{c_{3,2}}}", node));
    tex = view_node_tex(f.arena, &f.view, node, 0, 0);
    assert_string_equal(tex, arena_printf(f.arena, "\\color{c}{\\term{v:%d:t:0}{c_{t}}}", node));
    assert_string_equal(bare(f.arena, tex_gradient(f.arena, &f.view, node, 3, 2, true)),
                        "\\partial L/\\partial c_{3,2}");
    int b = g->params[graph_find_param(g, "b_f")].node;
    assert_string_equal(view_node_tex(f.arena, &f.view, b, 3, 2),
                        arena_printf(f.arena, "\\term{v:%d:0:2}{b_{f,2}}", b));
    int w = g->params[graph_find_param(g, "W_f")].node;
    assert_string_equal(bare(f.arena, view_node_tex(f.arena, &f.view, w, 3, 8)), "W_{f,2,2}");
    end(&f);
}

static void same(Ref a, Ref b) {
    assert_int_equal(a.kind, b.kind);
    assert_int_equal(a.node, b.node);
    assert_int_equal(a.place, b.place);
    assert_int_equal(a.unit, b.unit);
}

static void test_ids_lead_back_to_the_numbers(void **state) {
    (void)state;
    Fixture f = begin_shipped("assets/cells/lstm.cell");
    f.view.lesson = &f.lesson;
    const Graph *g = f.lesson.graph;
    int node = g->equations[graph_find_equation(g, "h")].node;
    const char *id = arena_printf(f.arena, "v:%d:3:2", node);
    same(view_resolve(&f.view, id), ref_value(node, 3, 2));
    same(view_resolve(&f.view, arena_printf(f.arena, "g:%d:5:0", node)), ref_grad(node, 5, 0));
    // at the first step of the walk, t is 1
    same(view_resolve(&f.view, arena_printf(f.arena, "v:%d:t:1", node)), ref_value(node, 1, 1));
    same(view_resolve(&f.view, arena_printf(f.arena, "v:%d:t-1:1", node)), NO_REF);
    same(view_resolve(&f.view, "e:2"), (Ref){REF_EQUATION, 2, 0, 0});
    static const char *const bad[] = {"",         "v",        "v:",      "v:999:1:1",
                                      "v:0:9:0",  "e:77",     "v:0:1:9", "q:1:1",
                                      "v:0:1:1x", "v:-1:1:1", "v:0:t+:1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        same(view_resolve(&f.view, bad[i]), NO_REF);
    end(&f);
}

static void test_brackets_stand_where_they_are_needed(void **state) {
    (void)state;
    Fixture f = begin("cell t \"Test\"\n"
                      "a = (x[1] + b) / (b - 2)\n"
                      "b = -c * 0.5 - (x[1] - 1)\n"
                      "c = 2 * W @ x + relu(V' @ (h[t-1] / 2))\n"
                      "d = where(a > 0, a, exp(a) - 1)\n"
                      "e = (a / b) * a + max(a, b / c)\n"
                      "h = clip(a, -1, 1) * (M * W) @ x + d + e\n"
                      "const k = 3\n");
    equation_is(&f, "a", 0, "a_{t} = \\frac{x_{t}[1] + b_{t}}{b_{t} - 2}");
    equation_is(&f, "b", 0, "b_{t} = -c_{t} \\cdot 0.5 - (x_{t}[1] - 1)");
    equation_is(&f, "c", 0,
                "c_{t} = 2\\,W x_{t} + \\operatorname{ReLU}\\left({V}^{\\top}\\,"
                "\\left(\\frac{h_{t-1}}{2}\\right)\\right)");
    equation_is(&f, "d", 0,
                "d_{t} = \\begin{cases} a_{t} & a_{t} > 0 \\\\ \\operatorname{exp}(a_{t}) - 1 & "
                "\\mathrm{else} \\end{cases}");
    equation_is(&f, "e", 0,
                "e_{t} = \\left(\\frac{a_{t}}{b_{t}}\\right) \\odot a_{t} + "
                "\\operatorname{max}\\left(a_{t}, \\frac{b_{t}}{c_{t}}\\right)");
    equation_is(&f, "h", 0,
                "h_{t} = \\operatorname{clip}(a_{t}, -1, 1) \\odot (M \\odot W) x_{t} + d_{t} + "
                "e_{t}");
    end(&f);
}

static void test_names_are_set_by_their_parts(void **state) {
    (void)state;
    Arena *a = arena_new();
    static const char *const names[][2] = {
        {"W_f", "W_{f,t}"},
        {"alpha", "\\alpha_{t}"},
        {"gate", "\\mathrm{gate}_{t}"},
        {"c_tilde", "\\tilde{c}_{t}"},
        {"h1", "h_{1,t}"},
        {"W_in_2", "W_{\\mathrm{in},2,t}"},
        {"õ", "õ_{t}"},
        {"beta_hat", "\\hat{\\beta}_{t}"},
        {"x_", "x_{t}"},
        {"mu_x", "\\mu_{x,t}"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        Buf out = buf_new(a);
        tex_name(&out, names[i][0], "t", NULL, NULL);
        assert_string_equal(buf_str(&out), names[i][1]);
    }
    Buf out = buf_new(a);
    tex_name(&out, "h", "t", "(2)", "\\overleftarrow");
    assert_string_equal(buf_str(&out), "\\overleftarrow{h}_{t}^{(2)}");
    arena_free(a);
}

static void test_two_letters_under_a_weight_are_no_greek_letter(void **state) {
    (void)state;
    static const char *const rows[][2] = {{"W_xi", "W_{xi}"},           {"W_hf", "W_{hf}"},
                                          {"b_ci", "b_{ci}"},           {"xi", "\\xi"},
                                          {"W_mu", "W_{\\mu}"},         {"xi_h", "\\xi_{h}"},
                                          {"B_re", "B_{\\mathrm{re}}"}, {"U_eta", "U_{\\eta}"},
                                          {"mu_xi", "\\mu_{\\xi}"}};
    Arena *a = arena_new();
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        Buf out = buf_new(a);
        tex_name(&out, rows[k][0], NULL, NULL, NULL);
        assert_string_equal(buf_str(&out), rows[k][1]);
    }
    arena_free(a);
}

static void test_nested_choices_are_one_brace(void **state) {
    (void)state;
    Fixture f = begin("cell t \"T\"\n"
                      "h = where(x[1] < 1, 2, where(x[1] < 3, 4, 5))\n");
    equation_is(&f, "h", 0,
                "h_{t} = \\begin{cases} 2 & x_{t}[1] < 1 \\\\ 4 & x_{t}[1] < 3 \\\\ 5 & "
                "\\mathrm{else} \\end{cases}");
    end(&f);
}

static void test_numbers_are_plain_where_they_are_short(void **state) {
    (void)state;
    Arena *a = arena_new();
    static const struct {
        double value;
        const char *tex;
    } rows[] = {{0.5, "0.5"},
                {100000, "100000"},
                {1e-5, "10^{-5}"},
                {3, "3"},
                {2.5e-7, "2.5 \\times 10^{-7}"},
                {-2, "-2"},
                {0.1, "0.1"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Buf out = buf_new(a);
        tex_number(&out, rows[i].value);
        assert_string_equal(buf_str(&out), rows[i].tex);
    }
    arena_free(a);
}

static void test_layers_and_directions_are_marked(void **state) {
    (void)state;
    Arena *a = arena_new();
    CellAst *cell = cell_of(a, "cell r \"Test\"\nh = tanh(W @ [h[t-1]; x] + b)\n");
    LayerSpec layers[] = {
        {.cell = cell, .hidden = 2, .layer = 1},
        {.cell = cell, .hidden = 2, .layer = 1, .backward = true, .reverse = true},
        {.cell = cell, .hidden = 2, .layer = 2}};
    Fixture f = begin_layers(cell, a, layers, 3);
    equation_is(&f, "reverse.h", 0,
                "\\overleftarrow{h}_{t}^{(1)} = \\operatorname{tanh}(\\overleftarrow{W}^{(1)}\\,"
                "[\\overleftarrow{h}_{t+1}^{(1)}; x_{t}] + \\overleftarrow{b}^{(1)})");
    equation_is(&f, "layer2.h", 3,
                "h_{3}^{(2)} = \\operatorname{tanh}(W^{(2)}\\,[h_{2}^{(2)}; x_{3}^{(2)}] + "
                "b^{(2)})");
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_the_lstm_is_written_as_papers_do),
        RUN(test_the_gru_keeps_its_brackets),
        RUN(test_colours_and_ids_are_on_every_value),
        RUN(test_ids_lead_back_to_the_numbers),
        RUN(test_brackets_stand_where_they_are_needed),
        RUN(test_names_are_set_by_their_parts),
        RUN(test_two_letters_under_a_weight_are_no_greek_letter),
        RUN(test_nested_choices_are_one_brace),
        RUN(test_numbers_are_plain_where_they_are_short),
        RUN(test_layers_and_directions_are_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
