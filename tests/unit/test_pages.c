// Pages: every frame is on one, once, and what stands on a page stays on it. Legends fit.
#include "check.h"

#include <string.h>

#include "export/pages.h"
#include "view/legend.h"

static const Places places = {"assets", "lessons"};

typedef struct {
    Arena *arena;
    TextEngine *text;
    Look look;
    Frame *frames;
    int n;
} Fixture;

static Fixture begin(void) {
    Fixture f = {.arena = arena_new(), .text = text_engine_fixed()};
    Diags d = diags_new(f.arena);
    const Lesson *l = lesson_load(f.arena, "lessons/01-forward.md", &places, NULL, NULL, &d);
    if (!l) fail_msg("%s", d.list[0].message);
    f.look = (Look){.lesson = l, .panel = PANEL_COUNT, .width = 1200, .height = 750, .scale = 1};
    Playhead last = {walk_count(l->walk), 0};
    f.frames = frames_list(f.arena, l, BY_EQUATION, (Playhead){1, 0}, last, &f.n);
    if (f.n > 30) f.n = 30;
    return f;
}

static void end(Fixture *f) {
    text_engine_free(f->text);
    arena_free(f->arena);
}

static void check_parts(const Page *page) {
    for (int k = 0; k < page->n; k++) {
        const PagePart *p = &page->parts[k];
        assert_true(p->x > -0.01 && p->y > -0.01);
        assert_true(p->x + p->scene.width * p->scale < page->width + 0.01);
        assert_true(p->y + p->scene.height * p->scale < page->height + 0.01);
    }
}

// How many pages there are; every frame begins on one of them, in order.
static int check_run(Fixture *f, PageRun run) {
    Arena *a = arena_new();
    Page page;
    int pages = 0;
    const Frame *next = f->frames;
    while (pages_next(&run, a, &page)) {
        assert_ptr_equal(page.first, next);
        assert_true(page.n_frames > 0);
        check_parts(&page);
        next += page.n_frames;
        pages++;
        arena_reset(a);
    }
    assert_ptr_equal(next, f->frames + f->n);
    arena_free(a);
    return pages;
}

static void test_every_frame_is_on_one_page(void **state) {
    (void)state;
    Fixture f = begin();
    static const int pages[LAYOUT_COUNT] = {
        [LAYOUT_FRAMES] = 30, [LAYOUT_SHEET] = 4, [LAYOUT_HANDOUT] = 10, [LAYOUT_SLIDES] = 30};
    for (int layout = 0; layout < LAYOUT_COUNT; layout++) {
        PageRun run = pages_begin(f.text, &f.look, (PageLayout)layout, f.frames, f.n, 0);
        int n = check_run(&f, run);
        if (pages[layout]) assert_int_equal(n, pages[layout]);
    }
    end(&f);
}

static void test_pages_hold_as_many_as_asked_for(void **state) {
    (void)state;
    Fixture f = begin();
    for (int n = 1; n <= HANDOUT_MOST; n++) {
        PageRun run = pages_begin(f.text, &f.look, LAYOUT_HANDOUT, f.frames, f.n, n);
        assert_int_equal(check_run(&f, run), (f.n + n - 1) / n);
    }
    PageRun run = pages_begin(f.text, &f.look, LAYOUT_SHEET, f.frames, f.n, 4);
    assert_int_equal(check_run(&f, run), 8);
    end(&f);
}

static void test_a_sheet_of_its_own_grows_with_its_pictures(void **state) {
    (void)state;
    Fixture f = begin();
    assert_int_equal(check_run(&f, pages_sheets(f.text, &f.look, f.frames, f.n, 0)), 1);
    assert_int_equal(check_run(&f, pages_sheets(f.text, &f.look, f.frames, f.n, 10)), 3);
    end(&f);
}

static void test_a_figure_grows_with_its_caption_and_legend(void **state) {
    (void)state;
    Fixture f = begin();
    Look figure = f.look;
    figure.millimetres = 84;
    figure.width = 390;
    figure.height = 220;
    figure.caption = figure.legend = true;
    picture_settle(f.text, &figure, f.frames, f.n);
    assert_true(figure.height > 220 + 100);
    Look picture = f.look;
    picture.caption = true;
    picture_settle(f.text, &picture, f.frames, f.n);
    assert_true(picture.height == f.look.height && picture.caption_height > 0);
    end(&f);
}

static void test_nothing_in_a_legend_stands_on_anything(void **state) {
    (void)state;
    Fixture f = begin();
    for (int lang = 0; lang < LANG_COUNT; lang++)
        for (int k = 0; k < f.n; k += 7)
            for (double width = 360; width < 1800; width += 240) {
                Arena *a = arena_new();
                f.look.lang = (Lang)lang;
                View v = picture_view(&f.look, &f.frames[k]);
                Scene s = scene_new(a, f.text, width + 40, 400);
                Box area = {20, 20, width, 0};
                double measured = legend_draw(&s, &v, area, false);
                assert_int_equal(s.count, 0);
                assert_true(legend_draw(&s, &v, area, true) == measured);
                Buf out = buf_new(a);
                if (scene_collisions(&s, &out)) fail_msg("%.0f wide: %s", width, buf_str(&out));
                arena_free(a);
            }
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_every_frame_is_on_one_page),
        RUN(test_pages_hold_as_many_as_asked_for),
        RUN(test_a_sheet_of_its_own_grows_with_its_pictures),
        RUN(test_a_figure_grows_with_its_caption_and_legend),
        RUN(test_nothing_in_a_legend_stands_on_anything),
    };
    return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
