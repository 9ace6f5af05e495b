// Time. A step is held as long as a slow reader needs for its sentence; where motion is wanted, the
// pictures before it lead over from the step before, eased, as in the window.
#include "export/film.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "view/paint.h"

// Characters a second, and the shortest and longest time for a step.
static const double READ_LATIN = 17, READ_CHINESE = 6, HOLD_LEAST = 1.4, HOLD_MOST = 7;

static double reading_time(const char *sentence) {
    double latin = 0, chinese = 0;
    for (const unsigned char *p = (const unsigned char *)sentence; *p; p++) {
        if ((*p & 0xC0) == 0x80) continue;
        if (*p >= 0xE3)
            chinese++;
        else
            latin++;
    }
    return fmin(HOLD_MOST, fmax(HOLD_LEAST, 0.8 + latin / READ_LATIN + chinese / READ_CHINESE));
}

FilmStep *film_steps(Arena *a, const Look *look, const Frame *frames, int n, double hold) {
    FilmStep *steps = ARENA_ARRAY(a, FilmStep, n + 1);
    int at = 0;
    for (int k = 0; k < n; k++) {
        FilmStep *s = &steps[k];
        s->sentence = picture_sentence(a, look, &frames[k]);
        s->start = at;
        at += (int)((hold > 0 ? hold : reading_time(s->sentence)) * 1000 + 0.5);
        s->end = at;
        if (k == 0 || frames[k].scene != frames[k - 1].scene)
            s->chapter = picture_title(look, &frames[k]);
    }
    return steps;
}

static void put_time(Buf *out, int ms, char point) {
    buf_printf(out, "%02d:%02d:%02d%c%03d", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, point,
               ms % 1000);
}

void film_subtitles(const FilmStep *steps, int n, bool vtt, Buf *out) {
    if (vtt) buf_puts(out, "WEBVTT\n\n");
    for (int k = 0; k < n; k++) {
        if (!vtt) buf_printf(out, "%d\n", k + 1);
        put_time(out, steps[k].start, vtt ? '.' : ',');
        buf_puts(out, " --> ");
        put_time(out, steps[k].end, vtt ? '.' : ',');
        buf_printf(out, "\n%s\n\n", steps[k].sentence);
    }
}

void film_size(const Look *look, int *width, int *height) {
    *width = ((int)floor(look->width * look->scale + 0.5) + 1) / 2 * 2;
    *height = ((int)floor(look->height * look->scale + 0.5) + 1) / 2 * 2;
}

static cairo_surface_t *paint(Arena *a, TextEngine *text, const Look *look, const Frame *frame) {
    int w, h;
    film_size(look, &w, &h);
    Scene s = picture_scene(a, text, look, frame);
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
    cairo_t *cr = cairo_create(image);
    Color c = theme_color(look->theme, ink(ROLE_GROUND));
    cairo_set_source_rgb(cr, c.r, c.g, c.b);
    cairo_paint(cr);
    scene_paint(&s, cr, look->theme, look->scale, -1);
    bool done = cairo_status(cr) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cr);
    cairo_surface_flush(image);
    if (done) return image;
    cairo_surface_destroy(image);
    return NULL;
}

// share of b over a, 0 to 256, channel by channel.
static void mix(cairo_surface_t *out, cairo_surface_t *a, cairo_surface_t *b, uint32_t share) {
    size_t n =
        (size_t)cairo_image_surface_get_stride(a) * (size_t)cairo_image_surface_get_height(a) / 4;
    const uint32_t *p = (const void *)cairo_image_surface_get_data(a);
    const uint32_t *q = (const void *)cairo_image_surface_get_data(b);
    uint32_t *to = (void *)cairo_image_surface_get_data(out);
    for (size_t k = 0; k < n; k++) {
        uint32_t rb = ((p[k] & 0xFF00FF) * (256 - share) + (q[k] & 0xFF00FF) * share) >> 8;
        uint32_t g = ((p[k] & 0x00FF00) * (256 - share) + (q[k] & 0x00FF00) * share) >> 8;
        to[k] = p[k] == q[k] ? p[k] : (rb & 0xFF00FF) | (g & 0x00FF00);
    }
    cairo_surface_mark_dirty(out);
}

static bool lead_over(cairo_surface_t *before, cairo_surface_t *image, int start, FilmTake *take,
                      void *context) {
    cairo_surface_t *between =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, cairo_image_surface_get_width(image),
                                   cairo_image_surface_get_height(image));
    bool going = true;
    for (int i = 0; i < FILM_FADE_FRAMES && going; i++) {
        double x = (i + 1.0) / (FILM_FADE_FRAMES + 1);
        double eased = x * x * (3 - 2 * x);
        mix(between, before, image, (uint32_t)(eased * 256 + 0.5));
        going = take(context, between, start + i * FILM_FADE_MS / FILM_FADE_FRAMES);
    }
    cairo_surface_destroy(between);
    return going;
}

bool film_play(TextEngine *text, const Look *look, const Frame *frames, const FilmStep *steps,
               int n, bool fade, FilmTake *take, PagesProgress *progress, void *context, Arena *a,
               const char **why) {
    Arena *arena = arena_new();
    cairo_surface_t *before = NULL;
    bool going = true;
    *why = NULL;
    for (int k = 0; k < n && going; k++) {
        going = progress(context, k, n);
        arena_reset(arena);
        cairo_surface_t *image = going ? paint(arena, text, look, &frames[k]) : NULL;
        if (going && !image) {
            *why = arena_printf(a, "the picture of %s cannot be painted",
                                picture_address(a, look, &frames[k]));
            going = false;
        }
        bool moves = fade && before && steps[k].end - steps[k].start > 2 * FILM_FADE_MS;
        if (going && moves) going = lead_over(before, image, steps[k].start, take, context);
        if (going) going = take(context, image, steps[k].start + (moves ? FILM_FADE_MS : 0));
        cairo_surface_destroy(before);
        before = image;
    }
    cairo_surface_destroy(before);
    arena_free(arena);
    return going;
}
