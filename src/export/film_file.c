// One film, three ways to take its pictures.
#include "export/film_file.h"

#include "export/gif.h"
#include "export/matroska.h"
#include "export/webp.h"

// GIF counts in hundredths of a second: each picture ends at the one nearest to its end, so that
// what is lost in one is not lost in all.
static bool take_gif(void *context, cairo_surface_t *image, int start, int end) {
    int hundredths = (end + 5) / 10 - (start + 5) / 10;
    gif_frame(context, image, 10 * hundredths);
    return true;
}

bool film_gif(Arena *a, const FilmPlan *film, ByteSink *sink, void *to, const char **why) {
    int w, h;
    film_size(film->look, &w, &h);
    Gif *gif = gif_new(a, w, h, sink, to);
    bool done = film_play(film, take_gif, gif, a, why);
    return gif_end(gif) && done;
}

typedef struct {
    Webp *webp;
    bool failed;
} WebpTaker;

static bool take_webp(void *context, cairo_surface_t *image, int start, int end) {
    WebpTaker *t = context;
    (void)end;
    t->failed = !webp_frame(t->webp, image, start);
    return !t->failed;
}

bool film_webp(Arena *a, const FilmPlan *film, ByteSink *sink, void *to, const char **why) {
    enum { SIDE_MAX = 16383 };
    int w, h;
    film_size(film->look, &w, &h);
    if (w > SIDE_MAX || h > SIDE_MAX) {
        *why = arena_printf(a, "a WebP picture has at most %d pixels along an edge", SIDE_MAX);
        return false;
    }
    WebpTaker t = {.webp = webp_new(a, w, h, why)};
    if (!t.webp) return false;
    bool done = film_play(film, take_webp, &t, a, why);
    if (t.failed) *why = "the pictures cannot be encoded as WebP";
    return webp_end(t.webp, film->steps[film->n - 1].end, done ? sink : NULL, to, why) && done;
}

typedef struct {
    Process *encoder;
    cairo_surface_t *last;
} RawTaker;

static bool send_raw(const RawTaker *t, int start) {
    int w = cairo_image_surface_get_width(t->last), h = cairo_image_surface_get_height(t->last);
    Arena *a = arena_new();
    Buf head = buf_new(a);
    matroska_frame(&head, w, h, start);
    bool done =
        process_write(t->encoder, head.data, head.len) &&
        process_write(t->encoder, cairo_image_surface_get_data(t->last), (size_t)w * (size_t)h * 4);
    arena_free(a);
    return done;
}

static bool take_raw(void *context, cairo_surface_t *image, int start, int end) {
    RawTaker *t = context;
    (void)end;
    cairo_surface_destroy(t->last);
    t->last = cairo_surface_reference(image);
    return send_raw(t, start);
}

// The last picture is sent again at the end: a film is as long as its last picture's time.
bool film_raw(Arena *a, const FilmPlan *film, Process *encoder, const char **why) {
    int w, h;
    film_size(film->look, &w, &h);
    RawTaker t = {.encoder = encoder};
    Buf head = buf_new(a);
    matroska_head(&head, w, h, film->steps, film->n);
    *why = NULL;
    bool done = process_write(encoder, head.data, head.len) &&
                film_play(film, take_raw, &t, a, why) &&
                send_raw(&t, film->steps[film->n - 1].end - MATROSKA_TICK_MS);
    cairo_surface_destroy(t.last);
    return done;
}
