// The picture of a cell: which cells are drawn as everyone draws them, that each step of the walk
// shows, and that nothing ever stands on anything. tests/golden/scenes holds shapes; GOLDEN=1
// rewrites them.
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/moment.h"
#include "panel_fixture.h"
#include "view/cell_layout.h"

#define LSTM "assets/cells/lstm.cell"
#define GRU "assets/cells/gru.cell"
#define RNN "assets/cells/rnn.cell"
#define STOPPED "assets/cells/lstm-1997-truncated.cell"
#define OTHER "tests/golden/graph/"

static Scene picture(Fixture *f, double w, double h) {
    arena_reset(f->frame);
    Scene s = scene_new(f->frame, f->text, w, h);
    stage_draw_panel(&s, &f->view, PANEL_CELL, (Box){0, 0, w, h});
    return s;
}

static int node_of(const Fixture *f, const char *full) {
    const Graph *g = f->view.lesson->graph;
    return g->equations[graph_find_equation(g, full)].node;
}

static const MadeSpec plain = {LSTM, 4, 3, 1, false, false};

// ---- which layout

static bool is_known(Fixture *of) {
    Fixture f = *of;
    Scene s = scene_new(f.frame, f.text, 900, 360);
    CellDiagram d = {.s = &s,
                     .v = &f.view,
                     .g = f.view.lesson->graph,
                     .trace = f.view.lesson->trace,
                     .place = 1,
                     .area = {0, 0, 900, 360},
                     .unit = 1,
                     .letter = 16,
                     .number = 11,
                     .radius = 14};
    d.first_part = d.last_part = view_part(&f.view);
    cell_items(&d);
    return cell_layout_lstm(&d) || cell_layout_gru(&d);
}

static bool is_known_structure(const char *cell) {
    Fixture f = begin((MadeSpec){cell, 4, 2, 1, false, false});
    bool known = is_known(&f);
    end(&f);
    return known;
}

static void test_the_structure_decides_which_diagram_is_drawn(void **state) {
    (void)state;
    assert_true(is_known_structure(LSTM));
    assert_true(is_known_structure("tests/golden/scenes/letters.cell"));  // other names
    assert_true(is_known_structure("tests/golden/scenes/no-gates.cell")); // only an output gate
    assert_true(is_known_structure(GRU));
    assert_true(is_known_structure("assets/cells/mingru.cell")); // no past in the gate
    assert_true(is_known_structure("assets/cells/ligru.cell"));  // no reset gate
    assert_true(is_known_structure("assets/cells/ugrnn.cell"));  // other letters
    assert_false(is_known_structure("assets/cells/mgu.cell"));   // one gate for both
    assert_false(is_known_structure(RNN));
    assert_false(is_known_structure(OTHER "peephole.cell"));
}

static void test_layers_fold_and_share_their_inputs(void **state) {
    (void)state;
    Fixture f = begin(plain);
    Scene s = scene_new(f.frame, f.text, 900, 360);
    CellDiagram d = {
        .s = &s, .v = &f.view, .g = f.view.lesson->graph, .trace = f.view.lesson->trace};
    cell_items(&d);
    int kinds[CELL_OUT + 1] = {0};
    for (int k = 0; k < d.n_items; k++) kinds[d.items[k].kind]++;
    assert_int_equal(kinds[CELL_LAYER], 4);
    assert_int_equal(kinds[CELL_POINT], 4);
    assert_int_equal(kinds[CELL_FUNCTION], 1);
    assert_int_equal(kinds[CELL_JOIN], 1);
    assert_int_equal(kinds[CELL_IN], 3);
    assert_int_equal(kinds[CELL_OUT], 2);
    for (int n = f.view.lesson->graph->parts[0].first; n <= node_of(&f, "h"); n++)
        assert_true(d.item_of[n] >= 0);
    end(&f);
}

// How many items the operations of an equation are.
static int items_of(const CellDiagram *d, const char *name) {
    const Graph *g = d->g;
    const Equation *e = &g->equations[graph_find_equation(g, name)];
    int n = 0;
    for (int k = 0; k < d->n_items; k++) {
        int node = d->items[k].node;
        bool inner = d->items[k].kind <= CELL_POINT && node >= e->first && node <= e->last;
        n += inner;
    }
    return n;
}

static void test_what_reads_one_value_and_what_a_short_formula_says_is_one_item(void **state) {
    (void)state;
    static const struct {
        const char *cell, *equation;
        int items;
    } rows[] = {
        {"lstm-layernorm", "n", 1}, // of c alone
        {"phased-lstm", "k", 1},    // of phi alone
        {"lstm-1997", "g", 1},      // 4 sigma(...) - 2
        {"mlstm", "k", 1},          // W x / sqrt(hidden) + b
        {"mlstm", "m", 1},          // max(l + m[t-1], a)
        {"clockwork", "b", 2},      // the layer; the choice with its condition
        {"lstm", "c", 3},           // f * c[t-1], i * g and their sum stay apart
        {"gru", "h", 4},            // 1 - z too
        {"found/nested", "i", 2},   // a product of gates is never hidden
        {"scrn", "s", 4},           // nor what stands on the belt
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        Arena *a = arena_new();
        const char *path = arena_printf(a, "assets/cells/%s.cell", rows[k].cell);
        Fixture f = begin((MadeSpec){path, 4, 4, 1, false, false});
        Scene s = scene_new(f.frame, f.text, 900, 360);
        CellDiagram d = {
            .s = &s, .v = &f.view, .g = f.view.lesson->graph, .trace = f.view.lesson->trace};
        cell_items(&d);
        int n = items_of(&d, rows[k].equation);
        if (n != rows[k].items) fail_msg("%s: %s is %d items", rows[k].cell, rows[k].equation, n);
        end(&f);
        arena_free(a);
    }
}

// ---- what is shown when

static int count(const Scene *s, Ref whole, bool filled) {
    int n = 0;
    for (int k = 0; k < s->count; k++) {
        const Shape *shape = &s->shapes[k];
        if (shape->kind != SHAPE_BOX || shape->ref.unit == 0) continue;
        if (shape->ref.kind != whole.kind || shape->ref.node != whole.node) continue;
        if (shape->ref.place != whole.place) continue;
        bool dotted = shape->dash == DASH_DOTTED && shape->fill.role == ROLE_NONE;
        bool painted = shape->fill.role != ROLE_NONE;
        n += filled ? painted : dotted;
    }
    return n;
}

static void test_what_is_not_computed_is_an_empty_box(void **state) {
    (void)state;
    Fixture f = begin(plain);
    go(&f, "forward:2:i");
    Scene s = picture(&f, 900, 360);
    assert_int_equal(count(&s, ref_value(node_of(&f, "f"), 2, 0), true), 4);
    assert_int_equal(count(&s, ref_value(node_of(&f, "i"), 2, 0), true), 4);
    assert_int_equal(count(&s, ref_value(node_of(&f, "o"), 2, 0), true), 0);
    assert_int_equal(count(&s, ref_value(node_of(&f, "o"), 2, 0), false), 4);
    assert_int_equal(count(&s, ref_value(node_of(&f, "c"), 1, 0), true), 4);
    end(&f);
}

static void test_backward_shows_gradients_where_they_are_known(void **state) {
    (void)state;
    Fixture f = begin(plain);
    go(&f, "backward:2:o");
    Scene s = picture(&f, 900, 360);
    assert_int_equal(count(&s, ref_grad(node_of(&f, "h"), 2, 0), true), 4);
    assert_int_equal(count(&s, ref_grad(node_of(&f, "f"), 2, 0), true), 0);
    assert_int_equal(count(&s, ref_value(node_of(&f, "f"), 2, 0), true), 4);
    end(&f);
}

static bool says(const Scene *s, const char *text) {
    for (int k = 0; k < s->count; k++)
        if (s->shapes[k].text && strstr(s->shapes[k].text, text)) return true;
    return false;
}

static void test_a_fork_says_where_gradients_come_from(void **state) {
    (void)state;
    Fixture f = begin(plain);
    go(&f, "backward:2:c.3");
    Scene s = picture(&f, 900, 360);
    assert_true(says(&s, "they add") && says(&s, "from ") && says(&s, "c_{t+1}"));
    f.view.lang = LANG_ZH;
    s = picture(&f, 900, 360);
    assert_true(says(&s, "相加") && says(&s, "来自"));
    go(&f, "backward:2:f");
    s = picture(&f, 900, 360);
    assert_false(says(&s, "相加"));
    end(&f);
}

static void test_the_head_is_shown_while_it_is_at_work(void **state) {
    (void)state;
    Fixture f = begin(plain);
    go(&f, "forward:3:head.y");
    Scene s = picture(&f, 900, 360);
    assert_true(says(&s, "THE HEAD AT t = 3"));
    assert_true(count(&s, ref_value(node_of(&f, "head.y"), 3, 0), true) > 0);
    go(&f, "forward:3:h");
    s = picture(&f, 900, 360);
    assert_true(says(&s, "THE CELL AT t = 3"));
    end(&f);
}

static void test_every_step_changes_the_picture(void **state) {
    (void)state;
    static const char *const cells[] = {LSTM, GRU, RNN, OTHER "phased.cell"};
    for (size_t k = 0; k < sizeof cells / sizeof *cells; k++) {
        Fixture f = begin((MadeSpec){cells[k], 3, 2, 1, false, true});
        uint64_t before = 0;
        int same = 0;
        for (int at = 0; at <= walk_count(f.view.lesson->walk); at++) {
            f.view.at = (Playhead){at, 0};
            Scene s = picture(&f, 900, 360);
            uint64_t hash = scene_hash(&s, -1);
            if (hash == before) print_error("%s: step %d shows nothing\n", cells[k], at);
            same += hash == before;
            before = hash;
        }
        assert_int_equal(same, 0);
        end(&f);
    }
}

static void test_stacked_layers_mark_the_past_and_the_input(void **state) {
    (void)state;
    Fixture f = begin((MadeSpec){LSTM, 3, 2, 2, false, false});
    go(&f, "forward:2:layer2.c");
    Scene s = picture(&f, 900, 380);
    assert_true(says(&s, "c_{t-1}^{(2)}"));
    assert_true(says(&s, "h_{t-1}^{(2)}"));
    assert_true(says(&s, "h_{t}^{(1)}")); // at the input's row
    end(&f);
}

static void test_a_gradient_inside_a_layer_is_named_as_one(void **state) {
    (void)state;
    Fixture f = begin(plain);
    const Walk *w = f.view.lesson->walk;
    int inner = 0;
    for (int at = 1; at <= walk_count(w); at++) {
        Step step = walk_step(w, at - 1);
        if (step.phase != PHASE_BACKWARD || step.place != 2 || step.node < 0) continue;
        if (f.view.lesson->graph->nodes[step.node].op != OP_ADD) continue;
        f.view.at = (Playhead){at, 0};
        Scene s = picture(&f, 900, 380);
        assert_true(says(&s, "\\partial L/\\partial "));
        inner++;
    }
    assert_true(inner > 3);
    end(&f);
}

// ---- nothing collides

static const double sizes[][2] = {{584, 248}, {900, 380}, {2400, 1200}};

static int collisions_in(Fixture *of, const char *cell, Lang lang) {
    Fixture f = *of;
    int n = 0;
    f.view.lang = lang;
    for (int at = 0; at <= walk_count(f.view.lesson->walk) && n < 4; at++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            f.view.at = (Playhead){at, 0};
            Scene s = picture(&f, sizes[i][0], sizes[i][1]);
            Buf out = buf_new(f.frame);
            int found = scene_collisions(&s, &out);
            if (found)
                print_error("%s, step %d, %.0f x %.0f:\n%s", cell, at, sizes[i][0], sizes[i][1],
                            buf_str(&out));
            n += found;
        }
    return n;
}

static int collisions_of(MadeSpec m, Lang lang) {
    Fixture f = begin(m);
    int n = collisions_in(&f, m.cell, lang);
    end(&f);
    return n;
}

static void test_dropout_stands_beside_the_diagram_everyone_knows(void **state) {
    (void)state;
    static const Places places = {"assets", "lessons"};
    Fixture f = begin_empty();
    Diags d = diags_new(f.arena);
    const char *why = NULL;
    const Lesson *l =
        lesson_load(f.arena, "tests/fuzz/corpus/lesson/dropout.md", &places, NULL, NULL, &d);
    f.view.lesson = moment_open(f.arena, l, 2, NULL, NULL, &why);
    f.view.grain = GRAIN_OPERATION;
    go(&f, "@2/forward:2:h_drop");
    assert_true(is_known(&f));
    for (int lang = 0; lang < LANG_COUNT; lang++)
        assert_int_equal(collisions_in(&f, "dropout", (Lang)lang), 0);
    end(&f);
}

static void test_no_text_overlaps_at_any_step_of_any_cell(void **state) {
    (void)state;
    static const MadeSpec specs[] = {{LSTM, 4, 2, 1, false, false},
                                     {LSTM, 2, 1, 2, true, true},
                                     {LSTM, 8, 1, 1, false, false},
                                     {LSTM, 64, 1, 1, false, false},
                                     {GRU, 3, 2, 1, false, true},
                                     {RNN, 5, 2, 1, false, true},
                                     {"tests/golden/scenes/letters.cell", 3, 1, 1, false, false},
                                     {"tests/golden/scenes/no-gates.cell", 3, 1, 1, false, false},
                                     {OTHER "peephole.cell", 4, 1, 1, false, false},
                                     {OTHER "slstm.cell", 4, 1, 1, false, false},
                                     {OTHER "phased.cell", 3, 1, 1, false, false},
                                     {OTHER "mlstm.cell", 3, 1, 1, false, false}};
    int n = 0;
    for (size_t k = 0; k < sizeof specs / sizeof *specs; k++)
        for (int lang = 0; lang < LANG_COUNT; lang++) n += collisions_of(specs[k], (Lang)lang);
    assert_int_equal(n, 0);
}

static void test_everything_stays_inside(void **state) {
    (void)state;
    Fixture f = begin(plain);
    for (int at = 0; at <= walk_count(f.view.lesson->walk); at += 3)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            f.view.at = (Playhead){at, 0};
            Scene s = picture(&f, sizes[i][0], sizes[i][1]);
            for (int k = 0; k < s.count; k++) {
                Box b = s.shapes[k].box;
                assert_true(b.x >= 0 && b.y >= 0 && b.x + b.w <= sizes[i][0] + 0.5 &&
                            b.y + b.h <= sizes[i][1] + 0.5);
            }
        }
    end(&f);
}

// ---- golden scenes

static void test_cells_are_golden(void **state) {
    (void)state;
    static const struct {
        const char *name;
        MadeSpec spec;
        const char *at;
    } rows[] = {{"cell-lstm-forward", {LSTM, 2, 3, 1, false, false}, "forward:2:c.2"},
                {"cell-lstm-backward", {LSTM, 2, 3, 1, false, false}, "backward:2:c.3"},
                {"cell-gru-forward", {GRU, 2, 3, 1, false, true}, "forward:2:n.1"},
                {"cell-stop-backward", {STOPPED, 2, 3, 1, false, false}, "backward:2:i.3"},
                {"cell-head", {RNN, 2, 3, 1, false, true}, "forward:3:head.y"}};
    int wrong = 0;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        Fixture f = begin(rows[k].spec);
        go(&f, rows[k].at);
        Scene s = picture(&f, 900, 380);
        wrong += !golden_scene(f.arena, rows[k].name, &s);
        end(&f);
    }
    assert_int_equal(wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_the_structure_decides_which_diagram_is_drawn),
        RUN(test_dropout_stands_beside_the_diagram_everyone_knows),
        RUN(test_layers_fold_and_share_their_inputs),
        RUN(test_what_reads_one_value_and_what_a_short_formula_says_is_one_item),
        RUN(test_what_is_not_computed_is_an_empty_box),
        RUN(test_backward_shows_gradients_where_they_are_known),
        RUN(test_a_fork_says_where_gradients_come_from),
        RUN(test_the_head_is_shown_while_it_is_at_work),
        RUN(test_every_step_changes_the_picture),
        RUN(test_stacked_layers_mark_the_past_and_the_input),
        RUN(test_a_gradient_inside_a_layer_is_named_as_one),
        RUN(test_no_text_overlaps_at_any_step_of_any_cell),
        RUN(test_everything_stays_inside),
        RUN(test_cells_are_golden),
    };
    return cmocka_run_group_tests_name("panel_cell", tests, NULL, NULL);
}
