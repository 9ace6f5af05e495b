#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "export/film.h"
#include "export/gif.h"
#include "made_lesson.h"

typedef struct {
    Arena *arena;
    TextEngine *text;
    Look look;
    Frame frames[3];
} Fixture;

static Fixture begin(void) {
    Fixture f = {.arena = arena_new(), .text = text_engine_fixed()};
    MadeSpec spec = {"assets/cells/lstm.cell", 2, 3, 1, false, false};
    Lesson *l = made_lesson(f.arena, spec);
    f.look = (Look){.lesson = l, .panel = PANEL_TIMELINE, .width = 321, .height = 201, .scale = 1};
    for (int k = 0; k < 3; k++) f.frames[k] = (Frame){{k + 1, 0}, GRAIN_OPERATION, 0, "x", NULL};
    return f;
}

static void end(Fixture *f) {
    text_engine_free(f->text);
    arena_free(f->arena);
}

static void test_steps_follow_one_another_without_a_gap(void **state) {
    (void)state;
    Fixture f = begin();
    FilmStep *steps = film_steps(f.arena, &f.look, f.frames, 3, &(FilmPace){0, 30, false});
    assert_int_equal(steps[0].start, 0);
    for (int k = 0; k < 3; k++) {
        assert_true(steps[k].end - steps[k].start >= 1400);
        assert_true(steps[k].end - steps[k].start <= 7000);
        if (k) assert_int_equal(steps[k].start, steps[k - 1].end);
    }
    end(&f);
}

static void test_a_hold_time_is_kept(void **state) {
    (void)state;
    Fixture f = begin();
    FilmStep *steps = film_steps(f.arena, &f.look, f.frames, 3, &(FilmPace){2.5, 30, true});
    assert_int_equal(steps[2].end, 7500);
    end(&f);
}

static void test_only_the_first_frame_of_a_scene_begins_a_chapter(void **state) {
    (void)state;
    Fixture f = begin();
    f.frames[2].scene = 1;
    FilmStep *steps = film_steps(f.arena, &f.look, f.frames, 3, &(FilmPace){1, 30, false});
    assert_non_null(steps[0].chapter);
    assert_null(steps[1].chapter);
    assert_non_null(steps[2].chapter);
    end(&f);
}

static void test_subtitles_have_the_form_of_their_kind(void **state) {
    (void)state;
    Arena *a = arena_new();
    FilmStep step = {3661007, 3662500, 0, "One.", NULL};
    Buf srt = buf_new(a), vtt = buf_new(a);
    film_subtitles(&step, 1, false, &srt);
    film_subtitles(&step, 1, true, &vtt);
    assert_string_equal(buf_str(&srt), "1\n01:01:01,007 --> 01:01:02,500\nOne.\n\n");
    assert_string_equal(buf_str(&vtt), "WEBVTT\n\n01:01:01.007 --> 01:01:02.500\nOne.\n\n");
    arena_free(a);
}

static void test_a_step_moves_before_it_stands(void **state) {
    (void)state;
    Fixture f = begin();
    FilmStep *steps = film_steps(f.arena, &f.look, f.frames, 3, &(FilmPace){2.5, 30, false});
    assert_int_equal(steps[0].moves, 0); // there is no step before it
    assert_int_equal(steps[1].moves, 600);
    assert_int_equal(steps[1].end - steps[1].start, 3100);
    f.frames[2].at.at = 7; // not the next step
    steps = film_steps(f.arena, &f.look, f.frames, 3, &(FilmPace){2.5, 30, false});
    assert_true(steps[2].moves > 0 && steps[2].moves < 600);
    end(&f);
}

static void test_a_phase_within_a_scene_begins_a_chapter(void **state) {
    (void)state;
    Fixture f = begin();
    int last = walk_count(f.look.lesson->walk);
    f.frames[2].at.at = last;
    FilmStep *steps = film_steps(f.arena, &f.look, f.frames, 3, &(FilmPace){1, 30, false});
    assert_null(steps[1].chapter);
    assert_non_null(strstr(steps[2].chapter, "Backward"));
    end(&f);
}

/// What a film showed: times, and how often the picture changed.
typedef struct {
    int pictures, changes, end;
    bool gap;
    uint64_t sum;
} Shown;

static bool take(void *context, cairo_surface_t *image, int start, int end) {
    Shown *s = context;
    const unsigned char *data = cairo_image_surface_get_data(image);
    size_t n = (size_t)cairo_image_surface_get_stride(image) *
               (size_t)cairo_image_surface_get_height(image);
    uint64_t sum = 0;
    for (size_t k = 0; k < n; k++) sum = sum * 31 + data[k];
    s->gap |= start != s->end || end <= start;
    s->changes += s->pictures && sum != s->sum;
    s->pictures++;
    s->sum = sum;
    s->end = end;
    return true;
}

static bool go_on(void *context, int done, int all) {
    (void)context;
    return done < all;
}

static void test_pictures_follow_one_another_at_the_rate_asked_for(void **state) {
    (void)state;
    Fixture f = begin();
    const char *why;
    f.look.panel = PANEL_CELL;
    FilmStep *steps = film_steps(f.arena, &f.look, f.frames, 3, &(FilmPace){1, 10, false});
    FilmPlan plan = {f.text, &f.look, f.frames, steps, 3, 10, go_on, NULL};
    Shown shown = {0};
    assert_true(film_play(&plan, take, &shown, f.arena, &why));
    assert_int_equal(shown.pictures, 3 + 2 * 6);
    assert_true(shown.changes > 6);
    assert_int_equal(shown.end, steps[2].end);
    assert_false(shown.gap);
    end(&f);
}

static void test_films_have_even_sizes(void **state) {
    (void)state;
    Fixture f = begin();
    int w, h;
    film_size(&f.look, &w, &h);
    assert_int_equal(w, 322);
    assert_int_equal(h, 202);
    end(&f);
}

// Reads the codes of a GIF's last picture back: as simple as can be, for the test only.
static int unpack(const unsigned char *in, unsigned char *out, int max) {
    static struct {
        int prefix;
        unsigned char last, first;
        int length;
    } table[4096];
    for (int k = 0; k < 256; k++) {
        table[k].prefix = -1;
        table[k].first = table[k].last = (unsigned char)k;
        table[k].length = 1;
    }
    unsigned bits = 0;
    int n_bits = 0, width = 9, next = 258, before = -1, n = 0, left = *in++;
    for (;;) {
        while (n_bits < width) {
            if (!left) left = *in++;
            bits |= (unsigned)*in++ << n_bits;
            n_bits += 8;
            left--;
        }
        int code = (int)(bits & ((1u << width) - 1));
        bits >>= width;
        n_bits -= width;
        if (code == 257) return n;
        if (code == 256) {
            width = 9, next = 258, before = -1;
            continue;
        }
        int source = code < next ? code : before;
        if (before >= 0 && next < 4096) {
            table[next].prefix = before;
            table[next].first = table[before].first;
            table[next].last = table[source].first;
            table[next].length = table[before].length + 1;
            next++;
        }
        if (next == 1 << width && width < 12) width++;
        assert_true(n + table[code].length <= max);
        n += table[code].length;
        for (int c = code, at = n; c >= 0; c = table[c].prefix) out[--at] = table[c].last;
        before = code;
    }
}

static void test_a_gif_read_back_has_its_pixels(void **state) {
    (void)state;
    enum { W = 200, H = 150 };
    Arena *a = arena_new();
    Buf out = buf_new(a);
    Gif *gif = gif_new(a, W, H, buf_take, &out);
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, W, H);
    unsigned char *data = cairo_image_surface_get_data(image);
    unsigned seed = 1;
    for (int k = 0; k < W * H; k++) {
        seed = seed * 1664525u + 1013904223u;
        uint32_t pixel = (seed >> 24 & 7) * 0x1F2E3D;
        memcpy(data + 4 * k, &pixel, 4);
    }
    gif_frame(gif, image, 100);
    gif_end(gif);
    const unsigned char *bytes = (const unsigned char *)out.data;
    size_t head = 13 + 19 + 8 + 10; // the file, the loop, the control, the picture
    const unsigned char *palette = bytes + head, *codes = palette + 768 + 1;
    static unsigned char pixels[W * H];
    assert_int_equal(unpack(codes, pixels, W * H), W * H);
    for (int k = 0; k < W * H; k++) {
        uint32_t pixel;
        memcpy(&pixel, data + 4 * k, 4);
        const unsigned char *c = palette + 3 * pixels[k];
        assert_int_equal(pixel & 0xFFFFFF, (uint32_t)c[0] << 16 | (uint32_t)c[1] << 8 | c[2]);
    }
    cairo_surface_destroy(image);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps_follow_one_another_without_a_gap),
        cmocka_unit_test(test_a_hold_time_is_kept),
        cmocka_unit_test(test_only_the_first_frame_of_a_scene_begins_a_chapter),
        cmocka_unit_test(test_subtitles_have_the_form_of_their_kind),
        cmocka_unit_test(test_a_step_moves_before_it_stands),
        cmocka_unit_test(test_a_phase_within_a_scene_begins_a_chapter),
        cmocka_unit_test(test_pictures_follow_one_another_at_the_rate_asked_for),
        cmocka_unit_test(test_films_have_even_sizes),
        cmocka_unit_test(test_a_gif_read_back_has_its_pixels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
