// The panels of parameters: weights, their gradients, and how large what is carried is over time.
// Drawn without overlaps at every step and size, and never ahead of the playhead.
#include <stdlib.h>
#include <string.h>

#include "core/shares.h"
#include "panel_fixture.h"
#include "text_lesson.h"
#include "view/matrices.h"
#include "view/norms.h"

static const char trained[] =
    "model: {cell: lstm, hidden: 3, head: softmax, loss: cross-entropy, loss_at: last}\n"
    "data: {task: recall-first, length: 4, seed: 7}\n"
    "weights: {seed: 3}\n"
    "train: {optimizer: adam, rate: 0.02, steps: 3, batch: 2, clip: 0.1}\n";

static Fixture begin_text(const char *front) {
    Fixture f = begin_empty();
    f.view.lesson = text_lesson(f.arena, front, "# One\n");
    f.view.grain = GRAIN_OPERATION;
    return f;
}

static Scene draw(Fixture *f, PanelKind panel, double w, double h) {
    arena_reset(f->frame);
    Scene s = scene_new(f->frame, f->text, w, h);
    stage_draw_panel(&s, &f->view, panel, (Box){0, 0, w, h});
    return s;
}

static bool says(const Scene *s, const char *text) {
    for (int k = 0; k < s->count; k++)
        if (s->shapes[k].text && strstr(s->shapes[k].text, text)) return true;
    return false;
}

static const Shape *square(const Scene *s, Ref ref) {
    for (int k = 0; k < s->count; k++) {
        Ref r = s->shapes[k].ref;
        if (s->shapes[k].kind == SHAPE_BOX && r.kind == ref.kind && r.node == ref.node &&
            r.unit == ref.unit && s->shapes[k].fill.role != ROLE_NONE)
            return &s->shapes[k];
    }
    return NULL;
}

static int node_of(const Fixture *f, const char *param) {
    const Graph *g = f->view.lesson->graph;
    return g->params[graph_find_param(g, param)].node;
}

// ---- which parameters stand together

static ParamBlock *blocks(Fixture *f, int *n) {
    Scene *s = ARENA_NEW(f->arena, Scene);
    *s = scene_new(f->arena, f->text, 300, 600);
    Value *p = ARENA_NEW(f->arena, Value);
    *p = value_plain(s, &f->view, (Box){0, 0, 300, 600});
    return blocks_of(p, n);
}

static void test_a_block_is_an_equations_parameters_by_what_they_meet(void **state) {
    (void)state;
    Fixture f = begin((MadeSpec){"assets/cells/lstm.cell", 4, 3, 1, false, false});
    int n, unit;
    const ParamBlock *b = blocks(&f, &n);
    assert_int_equal(n, 5); // four gates and the head
    assert_true(b[0].rows == 4 && b[0].cols == 8 && b[0].n_groups == 3);
    assert_non_null(strstr(b[0].groups[0].tex, "h_{t-1}"));
    assert_non_null(strstr(b[0].groups[1].tex, "x_{t}"));
    assert_string_equal(b[0].groups[1].names[2], "·");
    assert_string_equal(b[0].groups[2].tex, "b");
    assert_true(block_reads_same(&b[0], &b[3]) && !block_reads_same(&b[3], &b[4]));
    const Graph *g = f.view.lesson->graph;
    assert_int_equal(block_element(g, &b[1], 2, 5, &unit), graph_find_param(g, "W_i"));
    assert_int_equal(unit, 2 * 7 + 6);
    assert_int_equal(block_element(g, &b[1], 3, 7, &unit), graph_find_param(g, "b_i"));
    assert_int_equal(unit, 4);
    end(&f);
}

static void test_an_embedding_has_a_row_for_each_symbol(void **state) {
    (void)state;
    Fixture f = begin_text("model: {cell: rnn, hidden: 2, embedding: 3, head: softmax,\n"
                           "        loss: cross-entropy}\n"
                           "data: {inputs: [B, A], targets: [A, C], symbols: [A, B, C]}\n");
    int n;
    const ParamBlock *b = blocks(&f, &n);
    assert_true(b[0].turned && b[0].rows == 3 && b[0].cols == 3);
    assert_string_equal(b[0].names[1], "B");
    go(&f, "forward:1:embedding.x");
    Scene s = draw(&f, PANEL_WEIGHTS, 320, 600);
    assert_true(says(&s, "embedding"));
    assert_non_null(square(&s, ref_value(node_of(&f, "embedding.E"), 0, 4)));
    end(&f);
}

// ---- every step, every size

static void check_sizes(Fixture *f, const char *what) {
    static const double sizes[][2] = {{212, 470}, {264, 600}, {348, 830}, {900, 380}, {640, 900}};
    for (int panel = PANEL_WEIGHTS; panel <= PANEL_MEMORY; panel++)
        for (int lang = 0; lang < LANG_COUNT; lang++)
            for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
                f->view.lang = (Lang)lang;
                Scene s = draw(f, (PanelKind)panel, sizes[i][0], sizes[i][1]);
                Buf out = buf_new(f->frame);
                if (scene_collisions(&s, &out))
                    fail_msg("%s, step %d, %s, %.0f x %.0f:\n%s", what, f->view.at.at,
                             panel_defs[panel].name, sizes[i][0], sizes[i][1], buf_str(&out));
            }
}

static void test_nothing_stands_on_anything_else_at_any_step(void **state) {
    (void)state;
    Fixture f = begin_text(trained);
    int count = walk_count(f.view.lesson->walk);
    for (int at = 0; at <= count; at += 3) {
        f.view.at = (Playhead){at, at % 2};
        check_sizes(&f, "lstm");
    }
    f.view.at = (Playhead){count, 0};
    check_sizes(&f, "lstm");
    end(&f);
}

static Lesson *large_lesson(Arena *a) {
    Lesson *l = made_lesson(a, (MadeSpec){"assets/cells/lstm.cell", 128, 12, 1, false, true});
    l->shares = shares_new(a, l->trace);
    return l;
}

static void test_a_large_matrix_is_a_map_and_its_surroundings(void **state) {
    (void)state;
    Fixture f = begin_empty();
    Lesson *l = large_lesson(f.arena);
    f.view.lesson = l;
    f.view.grain = GRAIN_OPERATION;
    int node = node_of(&f, "W_i"), unit = 100 * 131 + 60;
    f.view.focus = ref_value(node, 0, unit);
    go(&f, "backward:9:c");
    Scene s = draw(&f, PANEL_WEIGHTS, 320, 800);
    assert_true(s.count < 4000);
    assert_true(says(&s, "each square: the largest of"));
    assert_true(says(&s, "forget gate  128 × 132")); // in the list
    const Shape *own = square(&s, ref_value(node, 0, unit)), *beside;
    beside = square(&s, ref_value(node, 0, unit + 131));
    assert_true(own && beside && own->written && own->box.w > 20);
    CHECK_NEAR(beside->box.y - own->box.y, own->box.h + 2, 0.2);
    // a square of the map is the largest of its elements
    const double *w = l->params + l->graph->params[graph_find_param(l->graph, "W_i")].offset;
    double most = 0;
    for (int k = 0; k < 128 * 131; k++) most = fmax(most, fabs(w[k]));
    for (int k = 0; k < 128 * 131; k++)
        if (fabs(w[k]) == most) assert_non_null(square(&s, ref_value(node, 0, k + 1)));
    check_sizes(&f, "large");
    end(&f);
}

// ---- what is known

static void test_gradients_grow_with_the_shares_that_the_way_back_has_passed(void **state) {
    (void)state;
    Fixture f = begin_text(trained);
    const Lesson *l = f.view.lesson;
    int param = graph_find_param(l->graph, "W_g"), node = node_of(&f, "W_g");
    go(&f, "backward:4:g");
    Scene s = draw(&f, PANEL_GRADIENTS, 348, 830);
    assert_null(square(&s, ref_grad(node, 4, 1)));
    assert_true(says(&s, "not computed yet"));
    double before = 0;
    for (int place = 4; place >= 1; place--) {
        go(&f, arena_printf(f.arena, "backward:%d:W_g", place));
        s = draw(&f, PANEL_GRADIENTS, 348, 830);
        const Shape *q = square(&s, ref_grad(node, place, 1));
        assert_true(q && q->fill.role == ROLE_GRAD && q->ref.place == place);
        double sum = view_param_gradient(&f.view, param, 1), share[3 * 6];
        trace_param_share(l->trace, param, place, share);
        if (place > 1) assert_true(sum == before + share[0]);
        before = sum;
        assert_true(says(&s, place > 1 ? "so far" : "sum over all timesteps"));
    }
    assert_true(before == trace_param_grads(l->trace)[l->graph->params[param].offset]);
    end(&f);
}

static void test_in_the_middle_of_a_share_the_first_units_are_ahead(void **state) {
    (void)state;
    Fixture f = begin_text(trained);
    int param = graph_find_param(f.view.lesson->graph, "b_g");
    go(&f, "backward:3:b_g");
    double after[3], before[3];
    for (int u = 1; u <= 3; u++) after[u - 1] = view_param_gradient(&f.view, param, u);
    go(&f, "backward:4:b_g");
    for (int u = 1; u <= 3; u++) before[u - 1] = view_param_gradient(&f.view, param, u);
    go(&f, "backward:3:b_g");
    f.view.at.unit = 2;
    arena_reset(f.frame);
    Scene s = scene_new(f.frame, f.text, 300, 600);
    Value p = value_plain(&s, &f.view, (Box){0, 0, 300, 600});
    int known;
    const double *x = grown_gradient(&p, param, &known);
    assert_true(known == 3 && x[0] == after[0] && x[1] == after[1] && x[2] == before[2]);
    end(&f);
}

static void test_the_update_marks_what_it_moved(void **state) {
    (void)state;
    Fixture f = begin_text(trained);
    const Lesson *l = f.view.lesson;
    int node = node_of(&f, "W_f");
    go(&f, "backward:1:c");
    double old = view_number(&f.view, ref_value(node, 0, 2));
    go(&f, "update:1:W_f");
    assert_true(view_number(&f.view, ref_value(node, 0, 2)) == l->update->after[1]);
    assert_true(old == l->update->before[1]);
    f.view.focus = ref_value(node, 0, 2);
    Scene s = draw(&f, PANEL_WEIGHTS, 348, 830);
    assert_true(says(&s, "old value") && says(&s, "change"));
    int marks = 0, moved = 0;
    for (int k = 0; k < 3 * 6; k++) moved += l->update->after[k] != l->update->before[k];
    for (int k = 0; k < s.count; k++)
        marks += s.shapes[k].kind == SHAPE_PATH && s.shapes[k].fill.role == ROLE_GOOD;
    assert_true(moved > 6 && marks == moved);
    s = draw(&f, PANEL_GRADIENTS, 348, 830);
    assert_true(says(&s, "clipped to") && says(&s, "clip factor"));
    end(&f);
}

// ---- the mouse

static bool lit(const Ref *refs, int n, Ref ref) {
    for (int k = 0; k < n; k++)
        if (refs[k].kind == ref.kind && refs[k].node == ref.node && refs[k].place == ref.place &&
            refs[k].unit == ref.unit)
            return true;
    return false;
}

static void test_a_weight_lights_what_it_meets_and_what_comes_of_it(void **state) {
    (void)state;
    Fixture f = begin((MadeSpec){"assets/cells/lstm.cell", 4, 3, 1, false, false});
    const Graph *g = f.view.lesson->graph;
    int h = g->equations[graph_find_equation(g, "h")].node;
    int gate = g->equations[graph_find_equation(g, "f")].node, w = node_of(&f, "W_f");
    go(&f, "forward:3:c");
    Ref out[64];
    int n = view_related(&f.view, ref_value(w, 0, 7 + 3), out, 64); // row 2, column 3
    assert_true(n == 3 && lit(out, n, ref_value(h, 2, 3)) && lit(out, n, ref_value(gate, 3, 2)));
    n = view_related(&f.view, ref_value(w, 0, 7 + 6), out, 64); // column 6: x_2
    assert_true(n == 3 && lit(out, n, ref_value(g->data, 3, 2)));
    go(&f, "backward:2:W_f");
    n = view_related(&f.view, ref_grad(w, 2, 3 * 7 + 1), out, 64);
    assert_true(n == 3 && lit(out, n, ref_value(h, 1, 1)) && lit(out, n, ref_grad(gate, 2, 4)));
    end(&f);
}

static void test_the_mouse_moves_nothing(void **state) {
    (void)state;
    Fixture f = begin_empty();
    f.view.lesson = large_lesson(f.arena);
    f.view.grain = GRAIN_OPERATION;
    go(&f, "forward:9:f.1");
    Scene calm = draw(&f, PANEL_WEIGHTS, 320, 800);
    Buf boxes = buf_new(f.arena);
    for (int k = 0; k < calm.count; k++) buf_printf(&boxes, "%.2f ", calm.shapes[k].box.y);
    f.view.hover = ref_value(node_of(&f, "W_o"), 0, 5000);
    Scene hovered = draw(&f, PANEL_WEIGHTS, 320, 800);
    Buf again = buf_new(f.arena);
    for (int k = 0; k < hovered.count; k++) buf_printf(&again, "%.2f ", hovered.shapes[k].box.y);
    assert_string_equal(buf_str(&boxes), buf_str(&again));
    end(&f);
}

// ---- over time

static void test_a_gradient_that_shrinks_says_in_how_many_timesteps_it_halves(void **state) {
    (void)state;
    Fixture f = begin_text("model: {cell: rnn, hidden: 1, head: none, loss: probe}\n"
                           "data: {inputs: [0, 0, 0, 0, 0, 0], targets: [0, 0, 0, 0, 0, 1]}\n"
                           "weights: {values: {W: [[0.5, 0]], b: [0]}}\n");
    go(&f, "backward");
    Scene s = draw(&f, PANEL_MEMORY, 348, 830);
    assert_true(says(&s, "halves every 1.0 timesteps"));
    f.view.lang = LANG_ZH;
    s = draw(&f, PANEL_MEMORY, 348, 830);
    assert_true(says(&s, "每 1.0 个时间步减半"));
    go(&f, "forward:3:h");
    s = draw(&f, PANEL_MEMORY, 348, 830);
    assert_true(says(&s, "尚未计算"));
    end(&f);
}

// ---- by the losses it comes from

static const char every[] =
    "model: {cell: lstm, hidden: 3, head: softmax, loss: cross-entropy, loss_at: every}\n"
    "data: {inputs: [A, B, A, C], targets: [B, A, C, A], symbols: [A, B, C]}\n"
    "weights: {seed: 3}\n";

static void test_blame_is_drawn_at_every_step_and_not_before_it_is_known(void **state) {
    (void)state;
    Fixture f = begin_text(every);
    for (int at = 0; at <= walk_count(f.view.lesson->walk); at += 4) {
        f.view.at = (Playhead){at, at % 2};
        check_sizes(&f, "every");
    }
    go(&f, "backward:2:c");
    f.view.lang = LANG_EN;
    Scene s = draw(&f, PANEL_BLAME, 348, 600);
    int squares = 0;
    for (int k = 0; k < s.count; k++) {
        const Shape *q = &s.shapes[k];
        bool item = q->ref.kind == REF_PLACE && q->ref.node > 0 && q->kind == SHAPE_BOX;
        if (item) assert_true(q->ref.place >= 2 && q->ref.node >= q->ref.place && q->label);
        squares += item;
    }
    assert_int_equal(squares, 3 + 2 + 1); // at t = 2, 3 and 4
    assert_true(says(&s, "from the loss at t = "));
    // of one unit the items have signs
    const Graph *g = f.view.lesson->graph;
    f.view.focus = ref_grad(g->equations[graph_find_equation(g, "c")].node, 2, 1);
    s = draw(&f, PANEL_BLAME, 348, 600);
    int minus = 0;
    for (int k = 0; k < s.count; k++)
        minus += s.shapes[k].ref.kind == REF_PLACE && s.shapes[k].fill.level < 0;
    assert_true(minus > 0);
    end(&f);
}

static void test_panels_without_anything_to_show_say_so(void **state) {
    (void)state;
    Fixture f = begin_text("model: {cell: lstm, hidden: 2}\ndata: {inputs: [1]}\n");
    Scene s = draw(&f, PANEL_GRADIENTS, 420, 500);
    assert_true(says(&s, "Without a loss there are no gradients"));
    s = draw(&f, PANEL_MEMORY, 420, 500);
    assert_true(says(&s, "Nothing is carried to a next timestep"));
    assert_false(panel_gradients_has(&f.view) || panel_memory_has(&f.view));
    assert_true(panel_weights_has(&f.view));
    end(&f);
}

// ---- golden scenes

static void test_scenes_are_those_of_the_golden_files(void **state) {
    (void)state;
    static const struct {
        const char *name, *at;
        PanelKind panel;
    } scenes[] = {{"weights-lstm-forward", "forward:2:f.1", PANEL_WEIGHTS},
                  {"weights-lstm-update", "update:1:W_i", PANEL_WEIGHTS},
                  {"gradients-lstm-backward", "backward:2:W_f", PANEL_GRADIENTS},
                  {"memory-lstm-backward", "backward:2:c", PANEL_MEMORY}};
    Fixture f = begin_text(trained);
    bool same = true;
    for (size_t k = 0; k < sizeof scenes / sizeof *scenes; k++) {
        go(&f, scenes[k].at);
        Scene s = draw(&f, scenes[k].panel, 348, 780);
        same &= golden_scene(f.arena, scenes[k].name, &s);
    }
    end(&f);
    f = begin_text(every);
    go(&f, "backward:2:c");
    Scene s = draw(&f, PANEL_BLAME, 348, 600);
    same &= golden_scene(f.arena, "blame-lstm-backward", &s);
    assert_true(same);
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_a_block_is_an_equations_parameters_by_what_they_meet),
        RUN(test_an_embedding_has_a_row_for_each_symbol),
        RUN(test_nothing_stands_on_anything_else_at_any_step),
        RUN(test_a_large_matrix_is_a_map_and_its_surroundings),
        RUN(test_gradients_grow_with_the_shares_that_the_way_back_has_passed),
        RUN(test_in_the_middle_of_a_share_the_first_units_are_ahead),
        RUN(test_the_update_marks_what_it_moved),
        RUN(test_a_weight_lights_what_it_meets_and_what_comes_of_it),
        RUN(test_the_mouse_moves_nothing),
        RUN(test_a_gradient_that_shrinks_says_in_how_many_timesteps_it_halves),
        RUN(test_blame_is_drawn_at_every_step_and_not_before_it_is_known),
        RUN(test_panels_without_anything_to_show_say_so),
        RUN(test_scenes_are_those_of_the_golden_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
