// One film, three ways to take its pictures.
#include "export/film_file.h"

#include "export/gif.h"
#include "export/matroska.h"
#include "export/webp.h"

typedef struct {
    const FilmStep *steps;
    int k; // pictures taken
    PagesProgress *progress;
    void *context; // of progress
    Gif *gif;
    Webp *webp;
    Process *encoder;
    bool failed;
} Taker;

static bool forward(void *context, int done, int all) {
    Taker *t = context;
    return t->progress(t->context, done, all);
}

static bool take_gif(void *context, cairo_surface_t *image, int start) {
    Taker *t = context;
    (void)start;
    const FilmStep *step = &t->steps[t->k++];
    gif_frame(t->gif, image, step->end - step->start);
    return true;
}

bool film_gif(Arena *a, TextEngine *text, const Look *look, const Frame *frames,
              const FilmStep *steps, int n, PagesProgress *progress, void *context, ByteSink *sink,
              void *to, const char **why) {
    int w, h;
    film_size(look, &w, &h);
    Taker t = {.steps = steps,
               .progress = progress,
               .context = context,
               .gif = gif_new(a, w, h, sink, to)};
    bool done = film_play(text, look, frames, steps, n, false, take_gif, forward, &t, a, why);
    return gif_end(t.gif) && done;
}

static bool take_webp(void *context, cairo_surface_t *image, int start) {
    Taker *t = context;
    t->failed = !webp_frame(t->webp, image, start);
    return !t->failed;
}

bool film_webp(Arena *a, TextEngine *text, const Look *look, const Frame *frames,
               const FilmStep *steps, int n, PagesProgress *progress, void *context, ByteSink *sink,
               void *to, const char **why) {
    enum { SIDE_MAX = 16383 };
    int w, h;
    film_size(look, &w, &h);
    if (w > SIDE_MAX || h > SIDE_MAX) {
        *why = arena_printf(a, "a WebP picture has at most %d pixels along an edge", SIDE_MAX);
        return false;
    }
    Taker t = {
        .steps = steps, .progress = progress, .context = context, .webp = webp_new(a, w, h, why)};
    if (!t.webp) return false;
    bool done = film_play(text, look, frames, steps, n, false, take_webp, forward, &t, a, why);
    if (t.failed) *why = "the pictures cannot be encoded as WebP";
    return webp_end(t.webp, steps[n - 1].end, done ? sink : NULL, to, why) && done;
}

static bool take_raw(void *context, cairo_surface_t *image, int start) {
    Taker *t = context;
    int w = cairo_image_surface_get_width(image), h = cairo_image_surface_get_height(image);
    Arena *a = arena_new();
    Buf head = buf_new(a);
    matroska_frame(&head, w, h, start);
    bool done =
        process_write(t->encoder, head.data, head.len) &&
        process_write(t->encoder, cairo_image_surface_get_data(image), (size_t)w * (size_t)h * 4);
    arena_free(a);
    return done;
}

/// The last picture, sent again at the end: a film is as long as its last picture's time.
typedef struct {
    Taker taker;
    cairo_surface_t *last;
} RawTaker;

static bool take_and_keep(void *context, cairo_surface_t *image, int start) {
    RawTaker *t = context;
    cairo_surface_destroy(t->last);
    t->last = cairo_surface_reference(image);
    return take_raw(&t->taker, image, start);
}

bool film_raw(Arena *a, TextEngine *text, const Look *look, const Frame *frames,
              const FilmStep *steps, int n, PagesProgress *progress, void *context,
              Process *encoder, const char **why) {
    int w, h;
    film_size(look, &w, &h);
    RawTaker t = {
        .taker = {.steps = steps, .progress = progress, .context = context, .encoder = encoder}};
    Buf head = buf_new(a);
    matroska_head(&head, w, h, steps, n);
    *why = NULL;
    bool done = process_write(encoder, head.data, head.len) &&
                film_play(text, look, frames, steps, n, true, take_and_keep, forward, &t, a, why) &&
                take_raw(&t.taker, t.last, steps[n - 1].end - MATROSKA_TICK_MS);
    cairo_surface_destroy(t.last);
    return done;
}
