// The stage of networks that go on by themselves, and of encoders with decoders.
#include <stdio.h>
#include <string.h>

#include "panel_fixture.h"
#include "text_lesson.h"
#include "view/timeline.h"

static Fixture begin_lesson(const char *front) {
    Fixture f = begin_empty();
    f.view.lesson = text_lesson(f.arena, front, "# One\n");
    f.view.grain = GRAIN_OPERATION;
    return f;
}

static const char *const fronts[] = {
    "model: {cell: lstm, hidden: 3, decoder: {}, head: softmax, loss: cross-entropy}\n"
    "data: {task: reversal, span: 2, symbols: [A, B, \">\", \".\"]}\n",
    "model: {cell: [lstm, gru], hidden: [3, 4], decoder: {layers: 1}, head: softmax,\n"
    "        loss: cross-entropy, feed: sample, temperature: 0.5, embedding: 2}\n"
    "data: {inputs: [A, B, C], generate: 3, targets: [C, B, A, B]}\n",
    "model: {cell: lstm, hidden: 4, head: linear, loss: mse}\n"
    "data: {task: sine, length: 8, generate: 4}\n",
    "model: {cell: rnn, hidden: 2, head: softmax, loss: cross-entropy, feed: sample,\n"
    "        temperature: 0.5}\n"
    "data: {inputs: [A, B, C], generate: 2, targets: [B, C, A, B, C]}\n",
};

static Scene timeline(Fixture *f, double w, double h) {
    Scene s = scene_new(f->arena, f->text, w, h);
    stage_draw_panel(&s, &f->view, PANEL_TIMELINE, (Box){0, 0, w, h});
    return s;
}

static void test_encoder_and_decoder_have_a_lane_each(void **state) {
    (void)state;
    Fixture f = begin_lesson(fronts[0]);
    go(&f, "forward:2:c");
    Scene s = scene_new(f.arena, f.text, 900, 250);
    Timeline t = timeline_plan(&s, &f.view, (Box){0, 0, 900, 250});
    assert_int_equal(t.n_lanes, 2);
    for (int place = 1; place <= 5; place++) {
        const Lane *lane = timeline_lane(&t, place);
        const char *full = t.g->equations[lane->belt].full;
        assert_string_equal(full, place <= 3 ? "c" : "decoder.c");
    }
    assert_null(timeline_lane(&t, 6));
    end(&f);
}

static void test_a_decoder_of_fewer_layers_leaves_its_places_empty(void **state) {
    (void)state;
    Fixture f = begin_lesson(fronts[1]);
    go(&f, "forward:2:layer2.h");
    Scene s = scene_new(f.arena, f.text, 900, 250);
    Timeline t = timeline_plan(&s, &f.view, (Box){0, 0, 900, 250});
    assert_int_equal(t.n_lanes, 1);
    assert_non_null(timeline_lane(&t, 2));
    assert_null(timeline_lane(&t, 3));
    end(&f);
}

/// The line from what was said to the input at a place; NULL if there is none.
static const Shape *way_to(const Scene *s, int data, int place) {
    for (int k = 0; k < s->count; k++) {
        const Shape *shape = &s->shapes[k];
        bool of_input = shape->ref.kind == REF_VALUE && shape->ref.node == data;
        if (shape->kind == SHAPE_PATH && of_input && shape->ref.place == place) return shape;
    }
    return NULL;
}

static void test_a_way_leads_to_each_input_that_was_said_before(void **state) {
    (void)state;
    Fixture f = begin_lesson(fronts[2]);
    int data = f.view.lesson->graph->data;
    go(&f, "forward:6:x");
    Scene s = timeline(&f, 1400, 250);
    for (int place = 1; place <= 4; place++) assert_null(way_to(&s, data, place));
    for (int place = 5; place <= 8; place++) {
        const Shape *way = way_to(&s, data, place);
        assert_non_null(way);
        assert_int_equal(way->dash, place <= 6 ? DASH_NONE : DASH_DOTTED);
    }
    end(&f);
}

static void test_what_is_fed_back_is_drawn_as_the_golden_files_have_it(void **state) {
    (void)state;
    static const struct {
        const char *name, *at;
        int front;
        PanelKind panel;
    } rows[] = {{"timeline-decoder", "forward:5:decoder.c", 0, PANEL_TIMELINE},
                {"cell-handed", "forward:4:decoder.c", 0, PANEL_CELL},
                {"cell-largest", "forward:5:x", 0, PANEL_CELL},
                {"cell-drawn", "forward:4:x", 3, PANEL_CELL},
                {"timeline-values", "backward:6:x", 2, PANEL_TIMELINE},
                {"value-fed", "backward:6:x", 2, PANEL_VALUE}};
    int wrong = 0;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        Fixture f = begin_lesson(fronts[rows[k].front]);
        go(&f, rows[k].at);
        bool value = rows[k].panel == PANEL_VALUE;
        double w = value ? 360 : 900, h = value ? 700 : 320;
        Scene s = scene_new(f.arena, f.text, w, h);
        stage_draw_panel(&s, &f.view, rows[k].panel, (Box){0, 0, w, h});
        wrong += !golden_scene(f.arena, rows[k].name, &s);
        end(&f);
    }
    assert_int_equal(wrong, 0);
}

static int collisions(Fixture *f, int step, double w, double h) {
    f->view.at = (Playhead){step, 0};
    Scene s = scene_new(f->arena, f->text, w, h);
    stage_draw(&s, &f->view, (Box){0, 0, w, h});
    Buf out = buf_new(f->arena);
    int n = scene_collisions(&s, &out);
    const Walk *walk = f->view.lesson->walk;
    if (n)
        print_error("%s at %.0f x %.0f:\n%s",
                    address_format(f->arena, walk, f->view.at, GRAIN_OPERATION), w, h,
                    buf_str(&out));
    return n;
}

static void test_no_text_overlaps_at_any_step(void **state) {
    (void)state;
    static const double sizes[][2] = {{1024, 526}, {1366, 660}, {1920, 966}, {3840, 2046}};
    int n = 0;
    for (size_t k = 0; k < sizeof fronts / sizeof *fronts; k++) {
        Fixture f = begin_lesson(fronts[k]);
        int steps = walk_count(f.view.lesson->walk), at = 0;
        for (int step = 1; step <= steps; step += 3, at++) {
            f.view.lang = (Lang)(at % LANG_COUNT);
            n += collisions(&f, step, sizes[at / 2 % 4][0], sizes[at / 2 % 4][1]);
        }
        end(&f);
    }
    assert_int_equal(n, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_encoder_and_decoder_have_a_lane_each),
        RUN(test_a_decoder_of_fewer_layers_leaves_its_places_empty),
        RUN(test_a_way_leads_to_each_input_that_was_said_before),
        RUN(test_what_is_fed_back_is_drawn_as_the_golden_files_have_it),
        RUN(test_no_text_overlaps_at_any_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
