// The equations panel at every step of made and of shipped lessons: nothing overlaps or is cut, and
// what it says are the trace's own numbers. tests/golden/scenes holds its shapes; GOLDEN=1
// rewrites them.
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "panel_fixture.h"
#include "view/equation_step.h"
#include "view/panels.h"

#define LSTM "assets/cells/lstm.cell"
#define GRU "assets/cells/gru.cell"
#define RNN "assets/cells/rnn.cell"

static Scene draw(Fixture *f, double w, double h) {
    Scene s = scene_new(f->frame, f->text, w, h);
    stage_draw_panel(&s, &f->view, PANEL_EQUATIONS, (Box){0, 0, w, h});
    return s;
}

// ---- nothing collides

/// TeX that could not be set stands as text in the warning colour.
static int broken_formulas(const Scene *s, Buf *out) {
    int n = 0;
    for (int k = 0; k < s->count; k++) {
        const Shape *shape = &s->shapes[k];
        if (shape->kind != SHAPE_TEXT || shape->fill.role != ROLE_WARN) continue;
        buf_printf(out, "not set: %s\n", shape->text);
        n++;
    }
    return n;
}

static int collisions(Fixture *f, double w, double h) {
    arena_reset(f->frame);
    Scene s = draw(f, w, h);
    Buf out = buf_new(f->frame);
    int n = scene_collisions(&s, &out) + broken_formulas(&s, &out);
    if (n)
        print_error("%s at %.0f x %.0f, grain %d, language %d:\n%s",
                    address_format(f->frame, f->view.lesson->walk, f->view.at, GRAIN_UNIT), w, h,
                    (int)f->view.grain, (int)f->view.lang, buf_str(&out));
    return n;
}

static int collisions_at_all_steps(Fixture *f, int stride) {
    static const double sizes[][2] = {{560, 150}, {900, 220}, {2400, 700}};
    const Walk *w = f->view.lesson->walk;
    int n = 0;
    for (int at = 0; at <= walk_count(w) && n < 8; at += at < 60 ? 1 : stride)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            Grain grain = (Grain)((at + (int)i) % 3);
            int units = at > 0 && grain == GRAIN_UNIT ? walk_units(w, at - 1) : 0;
            f->view.grain = grain;
            f->view.at = (Playhead){at, units > 1 ? units / 2 : 0};
            f->view.lang = (Lang)((at + (int)i / 2) % 2);
            n += collisions(f, sizes[i][0], sizes[i][1]);
        }
    return n;
}

static const Places places = {"assets", "lessons"};

static int collisions_of(const char *path, int stride) {
    Fixture f = begin_empty();
    Diags d = diags_new(f.arena);
    f.view.lesson = lesson_load(f.arena, path, &places, NULL, NULL, &d);
    assert_non_null(f.view.lesson);
    int n = collisions_at_all_steps(&f, stride);
    if (n) print_error("in %s\n", path);
    end(&f);
    return n;
}

static void test_no_step_of_a_shipped_lesson_collides(void **state) {
    (void)state;
    Arena *a = arena_new();
    int count, n = 0;
    const LessonCard *cards = lesson_list(a, &places, &count);
    assert_true(count >= 2);
    for (int k = 0; k < count; k++) n += collisions_of(cards[k].path, 7);
    assert_int_equal(n, 0);
    arena_free(a);
}

static void test_no_step_of_any_shipped_cell_collides(void **state) {
    (void)state;
    Arena *a = arena_new();
    int n = 0;
    for (const char *const *name = lesson_cells(a, &places); *name; name++)
        n += collisions_of(arena_printf(a, "assets/cells/%s.cell", *name), 11);
    assert_int_equal(n, 0);
    arena_free(a);
}

static void test_every_operation_can_be_written(void **state) {
    (void)state;
    assert_int_equal(collisions_of("tests/cells/odd.cell", 1), 0);
    assert_int_equal(collisions_of("tests/cells/not-a-number.cell", 1), 0);
}

static void test_no_step_of_a_made_network_collides(void **state) {
    (void)state;
    static const MadeSpec specs[] = {{LSTM, 4, 3, 1, false, false},
                                     {GRU, 3, 3, 1, false, true},
                                     {RNN, 64, 3, 1, false, false},
                                     {LSTM, 3, 3, 2, true, true},
                                     {LSTM, 1, 2, 1, false, true}};
    for (size_t k = 0; k < sizeof specs / sizeof *specs; k++) {
        Fixture f = begin(specs[k]);
        assert_int_equal(collisions_at_all_steps(&f, 3), 0);
        end(&f);
    }
}

// ---- what it says

static void test_the_paths_of_a_gradient_add_up_to_it(void **state) {
    (void)state;
    Fixture f = begin((MadeSpec){LSTM, 3, 4, 2, true, false});
    const Walk *w = f.view.lesson->walk;
    const Graph *g = f.view.lesson->graph;
    for (int at = 1; at <= walk_count(w); at++) {
        f.view.at = (Playhead){at, 0};
        EqWork work = eq_work(&f.view);
        if (work.phase != PHASE_BACKWARD || work.node == g->loss) continue;
        arena_reset(f.frame);
        Scene s = scene_new(f.frame, f.text, 900, 200);
        EqStory story = {.curve = {.node = -1}};
        eq_tell_backward(&s, &f.view, &work, &story);
        double sum = 0, total;
        for (int k = 0; k < story.n_paths; k++) sum += story.paths[k].share;
        if (g->nodes[work.node].op == OP_PARAM) {
            double *share = ARENA_ARRAY(f.frame, double, dim_count(g->nodes[work.node].dim));
            trace_param_share(f.view.lesson->trace, g->nodes[work.node].param, work.place, share);
            total = share[work.unit - 1];
        } else {
            total = trace_grad(f.view.lesson->trace, work.node, work.place)[work.unit - 1];
        }
        CHECK_NEAR(sum, total, 1e-12);
    }
    end(&f);
}

static void test_numbers_stand_for_their_place_in_the_trace(void **state) {
    (void)state;
    Fixture f = begin((MadeSpec){LSTM, 4, 6, 1, false, false});
    go(&f, "forward:3:c");
    const Graph *g = f.view.lesson->graph;
    int c = g->equations[graph_find_equation(g, "c")].node;
    Scene s = draw(&f, 900, 200);
    bool result = false, past = false;
    for (int k = 0; k < s.count; k++) {
        Ref r = s.shapes[k].ref;
        if (r.kind != REF_VALUE || r.node != c || r.unit != 1) continue;
        result |= r.place == 3;
        past |= r.place == 2;
    }
    assert_true(result && past);
    end(&f);
}

static void test_an_equation_can_be_clicked(void **state) {
    (void)state;
    Fixture f = begin((MadeSpec){LSTM, 4, 6, 1, false, false});
    go(&f, "forward:2:f");
    Scene s = draw(&f, 900, 200);
    int rows = 0;
    for (int k = 0; k < s.count; k++) rows += s.shapes[k].ref.kind == REF_EQUATION;
    assert_int_equal(rows, 6);
    end(&f);
}

static void test_a_long_equation_is_seen_whole_beside_its_step(void **state) {
    (void)state;
    Fixture f = begin_empty();
    Diags d = diags_new(f.arena);
    f.view.lesson =
        lesson_load(f.arena, "assets/cells/lstm-peephole.cell", &places, NULL, NULL, &d);
    assert_non_null(f.view.lesson);
    go(&f, "forward:2:h");
    Scene s = draw(&f, 560, 150);
    int whole = 0;
    for (int k = 0; k < s.count; k++) {
        if (s.shapes[k].kind != SHAPE_FORMULA) continue;
        assert_null(strstr(s.shapes[k].text, "= \\cdots"));
        whole += strstr(s.shapes[k].text, "tanh") != NULL;
    }
    assert_true(whole >= 2);
    end(&f);
}

static void test_a_playhead_in_the_middle_shows_its_unit(void **state) {
    (void)state;
    Fixture f = begin((MadeSpec){LSTM, 4, 6, 1, false, false});
    f.view.grain = GRAIN_UNIT;
    go(&f, "forward:2:f.3[3]");
    assert_int_equal(eq_work(&f.view).unit, 3);
    end(&f);
}

// ---- golden scenes

static void test_equations_are_golden(void **state) {
    (void)state;
    static const struct {
        const char *name, *cell, *at;
        Grain grain;
    } rows[] = {{"equations-lstm-forward", LSTM, "forward:2:f", GRAIN_EQUATION},
                {"equations-lstm-product", LSTM, "forward:2:f.1", GRAIN_OPERATION},
                {"equations-lstm-backward", LSTM, "backward:2:c", GRAIN_EQUATION},
                {"equations-gru-backward", GRU, "backward:1:h", GRAIN_EQUATION},
                {"equations-total", RNN, "loss", GRAIN_OPERATION}};
    int wrong = 0;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        Fixture f = begin((MadeSpec){rows[k].cell, 2, 3, 1, false, false});
        f.view.grain = rows[k].grain;
        go(&f, rows[k].at);
        Scene s = draw(&f, 800, 200);
        wrong += !golden_scene(f.arena, rows[k].name, &s);
        end(&f);
    }
    assert_int_equal(wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_no_step_of_a_shipped_lesson_collides),
        RUN(test_no_step_of_any_shipped_cell_collides),
        RUN(test_every_operation_can_be_written),
        RUN(test_no_step_of_a_made_network_collides),
        RUN(test_the_paths_of_a_gradient_add_up_to_it),
        RUN(test_numbers_stand_for_their_place_in_the_trace),
        RUN(test_an_equation_can_be_clicked),
        RUN(test_a_long_equation_is_seen_whole_beside_its_step),
        RUN(test_a_playhead_in_the_middle_shows_its_unit),
        RUN(test_equations_are_golden),
    };
    return cmocka_run_group_tests_name("panel_equations", tests, NULL, NULL);
}
