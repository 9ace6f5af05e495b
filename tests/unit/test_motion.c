// Motion between steps: it begins and ends with the pictures at rest, and never shows what is in
// neither of them.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "panel_fixture.h"
#include "view/motion.h"
#include "view/motion_parts.h"

static const MadeSpec lstm = {"assets/cells/lstm.cell", 2, 3, 1, false, false};
static const MadeSpec gru = {"assets/cells/gru.cell", 2, 3, 1, false, false};
static const MadeSpec automatic = {"assets/cells/mgu.cell", 2, 2, 1, false, false};
static const MadeSpec deep = {"assets/cells/lstm.cell", 2, 2, 2, true, false};

static Scene draw(Fixture *f, const View *v, PanelKind panel) {
    enum { WIDTH = 1600, HEIGHT = 900 };
    Scene s = scene_new(f->frame, f->text, WIDTH, HEIGHT);
    Box area = {0, 0, WIDTH, HEIGHT};
    if (panel == PANEL_COUNT)
        stage_draw(&s, v, area);
    else
        stage_draw_panel(&s, v, panel, area);
    return s;
}

typedef struct {
    View before, after;
    Scene from, to;
    Motion *motion;
} Pass;

// Between a playhead and the one that follows, either way.
static void make_pass(Fixture *f, Pass *p, Playhead at, bool back, PanelKind panel) {
    const Walk *w = f->view.lesson->walk;
    p->before = p->after = f->view;
    p->before.at = at;
    p->after.at = walk_next(w, at, f->view.grain);
    if (back) {
        View other = p->before;
        p->before = p->after;
        p->after = other;
    }
    p->from = draw(f, &p->before, panel);
    p->to = draw(f, &p->after, panel);
    p->motion = motion_new(f->frame, &p->from, &p->before, &p->to, &p->after);
}

static void check_same(Arena *a, const Scene *want, const Scene *got) {
    Buf w = buf_new(a), g = buf_new(a);
    scene_dump(want, &w);
    scene_dump(got, &g);
    assert_string_equal(buf_str(&g), buf_str(&w));
    assert_true(scene_hash(want, -1) == scene_hash(got, -1));
}

static int compare(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static uint64_t *sorted_hashes(Arena *a, const Scene *s) {
    uint64_t *list = ARENA_ARRAY(a, uint64_t, s->count + 1);
    for (int k = 0; k < s->count; k++)
        list[k] = 2 * scene_shape_hash(s, &s->shapes[k]) + s->shapes[k].hot;
    qsort(list, (size_t)s->count, sizeof *list, compare);
    return list;
}

// Is each shape of a picture in the other, as often?
static void check_holds(Arena *a, const Scene *all, const Scene *some) {
    const uint64_t *have = sorted_hashes(a, all), *want = sorted_hashes(a, some);
    int at = 0;
    for (int k = 0; k < some->count; k++, at++) {
        while (at < all->count && have[at] < want[k]) at++;
        assert_true(at < all->count && have[at] == want[k]);
    }
}

static double line_length(const Shape *s) {
    double length = 0;
    for (int k = 1; k < s->n_path; k++)
        length += hypot(s->path[k].x - s->path[k - 1].x, s->path[k].y - s->path[k - 1].y);
    return length;
}

// What is painted of a shape that has just begun to come.
static bool is_seen(const Shape *s) {
    bool inked = (s->fill.role != ROLE_NONE && (double)s->fill.strength > 1e-6) ||
                 (s->stroke.role != ROLE_NONE && (double)s->stroke.strength > 1e-6);
    bool there = s->kind == SHAPE_PATH ? line_length(s) > 1e-6 : s->box.w > 1e-6 && s->box.h > 1e-6;
    return inked && there;
}

static int seen(const Scene *s) {
    int n = 0;
    for (int k = 0; k < s->count; k++) n += is_seen(&s->shapes[k]);
    return n;
}

// A moment after the beginning and before the end the pictures are those at rest, but for wipes,
// whose clips are of no size or already whole.
static void check_ends(Fixture *f, const Pass *p) {
    const double moment = 1e-12;
    Scene first = motion_scene(f->frame, p->motion, 0);
    Scene last = motion_scene(f->frame, p->motion, 1);
    check_same(f->frame, &p->from, &first);
    check_same(f->frame, &p->to, &last);
    Scene begun = motion_scene(f->frame, p->motion, moment);
    Scene done = motion_scene(f->frame, p->motion, 1 - moment);
    check_holds(f->frame, &begun, &p->from);
    assert_int_equal(seen(&begun), seen(&p->from));
    check_holds(f->frame, &done, &p->to);
    check_holds(f->frame, &p->to, &done);
}

static bool has_text(const Scene *s, const Shape *shape) {
    for (int k = 0; k < s->count; k++) {
        const Shape *other = &s->shapes[k];
        if (other->text && strcmp(other->text, shape->text) == 0) return true;
    }
    return false;
}

static bool same_ink(Ink a, Ink b) {
    return a.role == b.role && a.level == b.level && a.strength <= b.strength;
}

// Levels and lengths of what stands for a number are of one picture or the other.
static bool has_level(const Scene *s, const Shape *shape) {
    for (int k = 0; k < s->count; k++) {
        const Shape *other = &s->shapes[k];
        bool same = other->ref.kind == shape->ref.kind && other->ref.node == shape->ref.node &&
                    other->ref.place == shape->ref.place && other->ref.unit == shape->ref.unit;
        if (same && (shape->fill.role == ROLE_NONE || same_ink(shape->fill, other->fill)))
            return true;
    }
    return false;
}

static void check_truth(Fixture *f, const Pass *p) {
    for (double phase = 0.05; phase < 1; phase += 0.15) {
        Scene s = motion_scene(f->frame, p->motion, phase);
        for (int k = 0; k < s.count; k++) {
            const Shape *shape = &s.shapes[k];
            if (shape->text) assert_true(has_text(&p->from, shape) || has_text(&p->to, shape));
            if (shape->ref.kind != REF_NONE)
                assert_true(has_level(&p->from, shape) || has_level(&p->to, shape));
        }
    }
}

// A text that turns into itself in another ink is one text.
static bool is_twin(const Scene *s, int n, const Shape *text) {
    for (int k = 0; k < n; k++) {
        const Shape *other = &s->shapes[k];
        if (other->text && text->text && strcmp(other->text, text->text) == 0 &&
            fabs(other->box.x - text->box.x) < 5 && fabs(other->box.y - text->box.y) < 5)
            return true;
    }
    return false;
}

// Texts that can be read do not stand on each other, and nothing leaves the picture.
static void check_room(Fixture *f, const Pass *p) {
    for (double phase = 0.02; phase < 1; phase += phase < 0.4 ? 0.02 : 0.1) {
        Scene s = motion_scene(f->frame, p->motion, phase);
        int n = 0;
        for (int k = 0; k < s.count; k++) {
            Shape shape = s.shapes[k];
            bool read = (double)shape.fill.strength > 0.3 && !is_twin(&s, n, &shape);
            if (read) s.shapes[n++] = shape;
        }
        s.count = n;
        Buf found = buf_new(f->frame);
        if (scene_collisions(&s, &found))
            fail_msg("to step %d, phase %.2f: %s", p->after.at.at, phase, buf_str(&found));
    }
}

static void walk_through(MadeSpec spec, Grain grain, int stride,
                         void (*check)(Fixture *, const Pass *)) {
    Fixture f = begin(spec);
    f.view.grain = grain;
    const Walk *w = f.view.lesson->walk;
    int n = 0;
    for (Playhead at = {0, 0}; at.at < walk_count(w); at = walk_next(w, at, grain)) {
        if (n++ % stride) continue;
        arena_reset(f.frame);
        Pass p;
        make_pass(&f, &p, at, n % 2, PANEL_COUNT);
        check(&f, &p);
    }
    assert_true(n > 2);
    end(&f);
}

static void test_motion_begins_and_ends_with_the_pictures_at_rest(void **state) {
    (void)state;
    for (int g = GRAIN_UNIT; g < GRAIN_PHASE; g++) {
        walk_through(lstm, (Grain)g,
                     g == GRAIN_UNIT        ? 7
                     : g == GRAIN_OPERATION ? 3
                                            : 1,
                     check_ends);
        walk_through(gru, (Grain)g, 11 - 3 * g, check_ends);
        walk_through(automatic, (Grain)g, 11 - 3 * g, check_ends);
    }
    walk_through(deep, GRAIN_EQUATION, 3, check_ends);
}

static void test_no_number_and_no_level_is_shown_that_is_in_neither_picture(void **state) {
    (void)state;
    walk_through(lstm, GRAIN_OPERATION, 3, check_truth);
    walk_through(lstm, GRAIN_TIMESTEP, 1, check_truth);
    walk_through(gru, GRAIN_EQUATION, 2, check_truth);
    walk_through(automatic, GRAIN_UNIT, 9, check_truth);
}

static void test_nothing_that_can_be_read_stands_on_anything(void **state) {
    (void)state;
    for (int g = GRAIN_UNIT; g < GRAIN_PHASE; g++) {
        walk_through(lstm, (Grain)g, g == GRAIN_UNIT ? 13 : 4 - g, check_room);
        walk_through(gru, (Grain)g, g == GRAIN_UNIT ? 13 : 4 - g, check_room);
        walk_through(automatic, (Grain)g, g == GRAIN_UNIT ? 13 : 4 - g, check_room);
    }
    walk_through(deep, GRAIN_EQUATION, 5, check_room);
}

static void pass_to(Fixture *f, Pass *p, const char *address, PanelKind panel) {
    go(f, address);
    make_pass(f, p, walk_previous(f->view.lesson->walk, f->view.at, f->view.grain), false, panel);
}

static const Shape *square_of(const Scene *s, Ref ref) {
    const Shape *found = NULL;
    for (int k = 0; k < s->count; k++) {
        const Shape *shape = &s->shapes[k];
        bool same = shape->ref.kind == ref.kind && shape->ref.node == ref.node &&
                    shape->ref.place == ref.place && shape->ref.unit == ref.unit;
        if (same && shape->kind == SHAPE_BOX) found = shape; // the last one is on top
    }
    return found;
}

static void test_a_result_fills_its_empty_box_after_colour_has_run_to_it(void **state) {
    (void)state;
    static const char *const steps[] = {"forward:2:c", "backward:2:c"};
    for (int k = 0; k < 2; k++) {
        Fixture f = begin(lstm);
        f.view.grain = GRAIN_EQUATION;
        Pass p;
        pass_to(&f, &p, steps[k], PANEL_TIMELINE);
        Ref ref = view_focus(&p.after);
        Scene early = motion_scene(f.frame, p.motion, 0.6);
        Scene late = motion_scene(f.frame, p.motion, 0.8);
        const Shape *empty = square_of(&early, ref), *filling = square_of(&late, ref);
        const Shape *full = square_of(&p.to, ref);
        assert_int_equal(empty->dash, DASH_DOTTED);
        assert_true(filling->box.w > 0 && filling->box.w < full->box.w);
        assert_true(filling->fill.level == full->fill.level);
        end(&f);
    }
}

static const Shape *line_with(const Scene *s, BeatKind beat) {
    for (int k = 0; k < s->count; k++)
        if (s->shapes[k].beat.kind == beat) return &s->shapes[k];
    return NULL;
}

static void test_colour_runs_forward_to_the_operation_and_backward_from_what_used_it(void **state) {
    (void)state;
    Fixture f = begin(gru);
    Pass p;
    pass_to(&f, &p, "forward:2:h.3", PANEL_CELL);
    Scene s = motion_scene(f.frame, p.motion, 0.3);
    const Shape *part = line_with(&s, BEAT_ALONG), *whole = line_with(&p.to, BEAT_ALONG);
    assert_true(part->path[0].x == whole->path[0].x && part->path[0].y == whole->path[0].y);
    assert_true(line_length(part) > 0 && line_length(part) < 0.8 * line_length(whole));
    end(&f);
    f = begin(gru);
    pass_to(&f, &p, "backward:2:h.3", PANEL_CELL);
    s = motion_scene(f.frame, p.motion, 0.3);
    part = line_with(&s, BEAT_AGAINST);
    whole = line_with(&p.to, BEAT_AGAINST);
    const PathStep *last = &whole->path[whole->n_path - 1];
    assert_true(part->path[0].x == last->x && part->path[0].y == last->y);
    assert_true(line_length(part) < 0.8 * line_length(whole));
    end(&f);
}

static int lines_of(const Scene *s) {
    int n = 0;
    for (int k = 0; k < s->count; k++)
        n += s->shapes[k].kind == SHAPE_FORMULA && strchr(s->shapes[k].text, '=') != NULL;
    return n;
}

static void test_the_line_with_the_result_comes_with_the_result(void **state) {
    (void)state;
    Fixture f = begin(lstm);
    f.view.grain = GRAIN_EQUATION;
    Pass p;
    pass_to(&f, &p, "forward:2:c", PANEL_EQUATIONS);
    Scene early = motion_scene(f.frame, p.motion, 0.5);
    Scene late = motion_scene(f.frame, p.motion, 0.9);
    assert_int_equal(lines_of(&early), lines_of(&p.to) - 1);
    assert_int_equal(lines_of(&late), lines_of(&p.to));
    end(&f);
}

static void test_the_frame_of_the_timestep_glides(void **state) {
    (void)state;
    Fixture f = begin(lstm);
    f.view.grain = GRAIN_TIMESTEP;
    Pass p;
    pass_to(&f, &p, "forward:2", PANEL_TIMELINE);
    Scene s = motion_scene(f.frame, p.motion, 0.2);
    double from = line_with(&p.from, BEAT_GLIDE)->box.x, to = line_with(&p.to, BEAT_GLIDE)->box.x;
    double x = line_with(&s, BEAT_GLIDE)->box.x;
    assert_true(from < x && x < to);
    end(&f);
}

static void test_motions_last_from_0_3_to_1_second_and_finer_ones_less(void **state) {
    (void)state;
    for (int g = GRAIN_UNIT; g < GRAIN_PHASE; g++) {
        int length = motion_length((Grain)g, false);
        assert_true(length >= 300 && length <= 1000);
        if (g) assert_true(length > motion_length((Grain)(g - 1), false));
        assert_true(motion_length((Grain)g, true) <= length);
    }
    assert_int_equal(motion_length(GRAIN_PHASE, false), 0);
}

static void test_scenes_in_the_middle_of_a_motion_are_golden(void **state) {
    (void)state;
    static const struct {
        const char *name, *at;
        MadeSpec spec;
        double phase;
    } rows[] = {{"motion-lstm-forward", "forward:2:c", lstm, 0.5},
                {"motion-gru-backward", "backward:2:h", gru, 0.5},
                {"motion-auto-result", "forward:2:h", automatic, 0.85}};
    bool fine = true;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        Fixture f = begin(rows[k].spec);
        f.view.grain = GRAIN_EQUATION;
        Pass p;
        pass_to(&f, &p, rows[k].at, PANEL_CELL);
        Scene s = motion_scene(f.frame, p.motion, rows[k].phase);
        fine &= golden_scene(f.arena, rows[k].name, &s);
        end(&f);
    }
    assert_true(fine);
}

static void test_a_part_of_a_path_is_cut_where_its_length_says(void **state) {
    (void)state;
    Arena *a = arena_new();
    PathStep path[] = {{PATH_MOVE, 0, 0, 0, 0, 0, 0},
                       {PATH_LINE, 10, 0, 0, 0, 0, 0},
                       {PATH_CURVE, 20, 10, 15, 0, 20, 5},
                       {PATH_LINE, 20, 20, 0, 0, 0, 0}};
    int n;
    PathStep *part = path_part(a, path, 4, 0.1, false, &n);
    assert_int_equal(n, 2);
    assert_true(part[1].x > 0 && part[1].x < 10 && part[1].y == 0);
    part = path_part(a, path, 4, 0.5, false, &n);
    assert_int_equal(n, 3);
    assert_int_equal(part[2].verb, PATH_CURVE);
    assert_true(fabs(part[2].x + part[2].y - 20) < 0.2); // the curve's middle, by symmetry
    part = path_part(a, path, 4, 0.1, true, &n);
    assert_true(part[0].x == 20 && part[0].y == 20 && part[1].x == 20 && part[1].y > 10);
    part = path_part(a, path, 4, 0.9, true, &n);
    assert_int_equal(n, 4);
    assert_true(part[2].verb == PATH_CURVE && part[2].x == 10 && part[2].x1 == 20);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_motion_begins_and_ends_with_the_pictures_at_rest),
        RUN(test_no_number_and_no_level_is_shown_that_is_in_neither_picture),
        RUN(test_nothing_that_can_be_read_stands_on_anything),
        RUN(test_a_result_fills_its_empty_box_after_colour_has_run_to_it),
        RUN(test_colour_runs_forward_to_the_operation_and_backward_from_what_used_it),
        RUN(test_the_line_with_the_result_comes_with_the_result),
        RUN(test_the_frame_of_the_timestep_glides),
        RUN(test_motions_last_from_0_3_to_1_second_and_finer_ones_less),
        RUN(test_scenes_in_the_middle_of_a_motion_are_golden),
        RUN(test_a_part_of_a_path_is_cut_where_its_length_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
