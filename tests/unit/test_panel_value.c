// The value panel: its shapes (tests/golden/value, GOLDEN=1 rewrites them), that texts keep apart
// at every step and size, that it never tells what the playhead has not reached, and that its
// parts add up.
#include "check.h"
#include "golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/address.h"
#include "lesson/explain.h"
#include "view/panels.h"
#include "view/text.h"

#define LSTM "tests/golden/say/lstm.md"
#define EVERY_OP "tests/golden/say/every-op.cell"
#define NOT_FINITE "tests/golden/say/not-finite.cell"
#define STOPPED "tests/golden/say/stop.md"

static const Places places = {"assets", "lessons"};

typedef struct {
    Arena *arena, *frame;
    TextEngine *text;
    View view;
} Fixture;

static Fixture begin(const char *path) {
    Fixture f = {arena_new(), arena_new(), text_engine_fixed(), {0}};
    Diags d = diags_new(f.arena);
    f.view.lesson = lesson_load(f.arena, path, &places, NULL, NULL, &d);
    f.view.grain = GRAIN_OPERATION;
    assert_non_null(f.view.lesson);
    return f;
}

static void end(Fixture *f) {
    text_engine_free(f->text);
    arena_free(f->frame);
    arena_free(f->arena);
}

static Scene draw(Fixture *f, double w, double h) {
    arena_reset(f->frame);
    Scene s = scene_new(f->frame, f->text, w, h);
    stage_draw_panel(&s, &f->view, PANEL_VALUE, (Box){0, 0, w, h});
    return s;
}

static void go(Fixture *f, const char *address) {
    const char *why = NULL;
    if (!address_parse(f->arena, f->view.lesson->walk, address, &f->view.at, &why))
        fail_msg("%s: %s", address, why);
}

static int node_of(const Fixture *f, const char *equation) {
    const Graph *g = f->view.lesson->graph;
    return g->equations[graph_find_equation(g, equation)].node;
}

// ---- every step

static int check_step(Fixture *f, double w, double h) {
    Scene s = draw(f, w, h);
    Buf out = buf_new(f->frame);
    int n = scene_collisions(&s, &out);
    if (n) print_error("step %d, %.0f x %.0f:\n%s", f->view.at.at, w, h, buf_str(&out));
    for (int k = 0; k < s.count; k++) {
        const Shape *shape = &s.shapes[k];
        bool number = shape->kind == SHAPE_TEXT && strpbrk(shape->text, "0123456789") &&
                      !strchr(shape->text, '?');
        Ref r = shape->ref;
        if (!number || (r.kind != REF_VALUE && r.kind != REF_GRAD) || r.unit == 0) continue;
        if (r.place < 1 || view_known(&f->view, r)) continue;
        print_error("step %d tells \"%s\" too early\n", f->view.at.at, shape->text);
        n++;
    }
    return n;
}

static int check_walk(const char *path, int every) {
    static const double sizes[][2] = {{210, 500}, {300, 760}, {420, 2000}, {240, 180}};
    Fixture f = begin(path);
    int n = 0, steps = walk_count(f.view.lesson->walk);
    for (int at = 0; at <= steps && n < 5; at += every)
        for (int k = 0; k < 4; k++) {
            f.view.at = (Playhead){at, 0};
            f.view.lang = (Lang)((at + k) % LANG_COUNT);
            n += check_step(&f, sizes[k][0], sizes[k][1]);
        }
    end(&f);
    return n;
}

static void test_texts_keep_apart_and_wait_their_turn_at_every_step(void **state) {
    (void)state;
    assert_int_equal(check_walk(LSTM, 1), 0);
    assert_int_equal(check_walk(EVERY_OP, 3), 0);
    assert_int_equal(check_walk(NOT_FINITE, 1), 0);
    assert_int_equal(check_walk(STOPPED, 2), 0);
}

static bool tells(const Scene *s, const char *text) {
    for (int k = 0; k < s->count; k++)
        if (s->shapes[k].kind == SHAPE_TEXT && strstr(s->shapes[k].text, text)) return true;
    return false;
}

static void test_a_gradient_says_where_stop_cuts_its_way(void **state) {
    (void)state;
    Fixture f = begin(STOPPED);
    f.view.focus = ref_grad(node_of(&f, "o"), 2, 1);
    go(&f, "backward:1:i");
    Scene s = draw(&f, 300, 760);
    assert_true(tells(&s, "through r at t = 3") && tells(&s, "cut by stop"));
    f.view.lang = LANG_ZH;
    f.view.focus = ref_grad(node_of(&f, "r"), 2, 1);
    s = draw(&f, 300, 760);
    assert_true(tells(&s, "stop 不再往回传"));
    end(&f);
}

static void test_a_pinned_number_keeps_its_panel_before_it_is_computed(void **state) {
    (void)state;
    Fixture f = begin(LSTM);
    go(&f, "forward:1:f");
    f.view.focus = ref_value(node_of(&f, "c"), 3, 2);
    Scene s = draw(&f, 280, 600);
    bool asked = false;
    for (int k = 0; k < s.count; k++)
        asked |= s.shapes[k].kind == SHAPE_TEXT && strcmp(s.shapes[k].text, "?") == 0;
    assert_true(asked);
    assert_int_equal(check_step(&f, 280, 600), 0);
    end(&f);
}

static void test_any_focus_is_drawn(void **state) {
    (void)state;
    Fixture f = begin(EVERY_OP);
    const Graph *g = f.view.lesson->graph;
    f.view.at = (Playhead){walk_count(f.view.lesson->walk), 0};
    for (int node = 0; node < g->n_nodes; node++)
        for (int kind = REF_VALUE; kind <= REF_GRAD; kind++)
            for (int place = 0; place <= 5; place += 5) {
                f.view.focus = (Ref){(RefKind)kind, node, place, 0};
                assert_int_equal(check_step(&f, 230, 620), 0);
            }
    f.view.focus = (Ref){REF_EQUATION, 0, 0, 0};
    assert_int_equal(check_step(&f, 230, 620), 0);
    f.view.focus = (Ref){REF_PLACE, 0, 2, 0};
    assert_int_equal(check_step(&f, 230, 620), 0);
    end(&f);
}

static void test_each_bar_across_time_stands_for_its_number(void **state) {
    (void)state;
    Fixture f = begin(LSTM);
    go(&f, "forward:3:c");
    Scene s = draw(&f, 280, 700);
    int c = node_of(&f, "c"), found[4] = {0};
    for (int k = 0; k < s.count; k++) {
        Box b = s.shapes[k].box;
        const Shape *hit = scene_hit(&s, b.x + b.w / 2, b.y + b.h / 2);
        if (!hit || hit->ref.kind != REF_VALUE || hit->ref.node != c) continue;
        if (hit->ref.place <= 3) found[hit->ref.place]++;
    }
    assert_true(found[1] && found[2] && found[3]);
    end(&f);
}

static void test_a_loss_across_time_is_as_high_as_its_largest(void **state) {
    (void)state;
    Fixture f = begin(LSTM);
    go(&f, "loss");
    Scene s = draw(&f, 280, 700);
    double highest = 0, column = 0;
    for (int k = 0; k < s.count; k++) {
        const Shape *shape = &s.shapes[k];
        if (shape->kind != SHAPE_BOX || shape->ref.node != f.view.lesson->graph->loss) continue;
        if (shape->fill.role == ROLE_VALUE) highest = fmax(highest, shape->box.h);
        column = fmax(column, shape->box.h);
    }
    assert_true(column > 20 && highest > 0.9 * column);
    end(&f);
}

static void test_a_narrow_panel_says_its_number_with_all_digits(void **state) {
    (void)state;
    Fixture f = begin(LSTM);
    go(&f, "forward:3:f");
    Scene wide = draw(&f, 280, 700);
    const char *all = NULL;
    for (int k = 0; k < wide.count && !all; k++)
        if (wide.shapes[k].kind == SHAPE_TEXT && wide.shapes[k].ref.kind == REF_VALUE)
            all = arena_copy(f.arena, wide.shapes[k].text, strlen(wide.shapes[k].text));
    assert_non_null(all);
    Scene narrow = draw(&f, 200, 700);
    bool same = false;
    for (int k = 0; k < narrow.count; k++)
        same |= narrow.shapes[k].kind == SHAPE_TEXT && !strcmp(narrow.shapes[k].text, all);
    assert_true(same);
    end(&f);
}

// ---- parts add up

static void check_terms(const Lesson *l, Arena *a, int node, int place, int unit) {
    Explained e = explain_value(a, l, node, place, unit);
    if (e.n_terms == 0) return;
    double sum = 0, size = 0;
    for (int i = 0; i < e.n_terms; i++) {
        sum += e.terms[i].share;
        size += fabs(e.terms[i].share);
    }
    if (fabs(sum - e.value) > 1e-12 * size) fail_msg("node %d: %g is not %g", node, sum, e.value);
}

static void check_paths(const Lesson *l, Arena *a, int node, int place, int unit) {
    int n;
    const Path *paths = explain_paths(a, l, node, place, unit, &n);
    double grad = trace_grad(l->trace, node, place)[unit - 1], sum = 0, size = fabs(grad);
    for (int i = 0; i < n; i++) {
        sum += paths[i].share;
        size += fabs(paths[i].share);
    }
    if (fabs(sum - grad) > 1e-12 * size) fail_msg("node %d: %g is not %g", node, sum, grad);
}

static void test_terms_add_up_to_the_value_and_paths_to_the_gradient(void **state) {
    (void)state;
    const char *const files[] = {LSTM, EVERY_OP};
    for (int k = 0; k < 2; k++) {
        Fixture f = begin(files[k]);
        const Lesson *l = f.view.lesson;
        for (int i = 0; i < walk_count(l->walk); i++) {
            Step step = walk_step(l->walk, i);
            if (step.node < 0 || l->graph->nodes[step.node].steady) continue;
            for (int u = 1; u <= walk_units(l->walk, i); u++) {
                bool back = step.phase == PHASE_BACKWARD && step.node != l->graph->loss;
                if (back) check_paths(l, f.frame, step.node, step.place, u);
                if (!back) check_terms(l, f.frame, step.node, step.place, u);
            }
            arena_reset(f.frame);
        }
        end(&f);
    }
}

static void test_shares_of_a_parameter_add_up_to_its_gradient(void **state) {
    (void)state;
    Fixture f = begin(LSTM);
    const Lesson *l = f.view.lesson;
    for (int i = 0; i < l->graph->n_params; i++) {
        int node = l->graph->params[i].node, n;
        for (int u = 1; u <= dim_count(l->graph->params[i].dim); u++) {
            double sum = 0;
            for (int place = 1; place <= trace_steps(l->trace); place++) {
                const Path *paths = explain_paths(f.frame, l, node, place, u, &n);
                for (int k = 0; k < n; k++) sum += paths[k].share;
            }
            CHECK_NEAR(sum, trace_grad(l->trace, node, 1)[u - 1], 1e-12);
        }
    }
    end(&f);
}

// ---- golden

static void check_golden(const char *address, const char *name, Lang lang) {
    Fixture f = begin(LSTM);
    f.view.lang = lang;
    go(&f, address);
    Scene s = draw(&f, 280, 640);
    assert_true(golden_scene(f.arena, arena_printf(f.arena, "value-%s", name), &s));
    end(&f);
}

static void test_the_panel_is_as_the_golden_files_have_it(void **state) {
    (void)state;
    check_golden("forward:3:f", "forward-3-f", LANG_EN);
    check_golden("forward:3:c", "forward-3-c", LANG_ZH);
    check_golden("backward:2:c", "backward-2-c", LANG_EN);
    check_golden("backward:2:W_f[3]", "backward-2-W_f", LANG_ZH);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_texts_keep_apart_and_wait_their_turn_at_every_step),
        RUN(test_a_gradient_says_where_stop_cuts_its_way),
        RUN(test_a_pinned_number_keeps_its_panel_before_it_is_computed),
        RUN(test_any_focus_is_drawn),
        RUN(test_each_bar_across_time_stands_for_its_number),
        RUN(test_a_loss_across_time_is_as_high_as_its_largest),
        RUN(test_a_narrow_panel_says_its_number_with_all_digits),
        RUN(test_terms_add_up_to_the_value_and_paths_to_the_gradient),
        RUN(test_shares_of_a_parameter_add_up_to_its_gradient),
        RUN(test_the_panel_is_as_the_golden_files_have_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
