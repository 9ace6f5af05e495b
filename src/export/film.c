// Time. A step is held as long as a slow reader needs for its sentence; the motion from the step
// before is that of the window, drawn from the same scenes.
#include "export/film.h"

#include <math.h>

#include "lesson/say.h"
#include "view/motion.h"
#include "view/paint.h"

// Characters a second, and the shortest and longest time for a step.
static const double STILL_LEAST = 0.9; // seconds that a picture stands after its motion
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

// How long the picture leads over to a frame.
static int motion_to(const Look *look, const Frame *before, const Frame *frame) {
    View from = picture_view(look, before), to = picture_view(look, frame);
    return motion_length(frame->grain, !motion_is_step(&from, &to));
}

static Phase phase_of(const Look *look, const Frame *frame) {
    const Walk *w = picture_view(look, frame).lesson->walk;
    return frame->at.at > 0 ? walk_step(w, frame->at.at - 1).phase : PHASE_FORWARD;
}

// A chapter begins with each scene, and with each phase within one.
static const char *chapter_of(Arena *a, const Look *look, const Frame *before, const Frame *frame) {
    const char *title = picture_title(look, frame);
    const char *phase = phase_titles[phase_of(look, frame)][look->lang];
    bool opens = !before || before->scene != frame->scene;
    if (before && phase_of(look, before) != phase_of(look, frame))
        return *title ? arena_printf(a, "%s · %s", title, phase) : phase;
    return !opens ? NULL : *title ? title : phase;
}

Look film_look(const Look *look, bool burnt) {
    Look own = *look;
    own.transparent = false;
    if (!burnt) return own;
    own.caption = true;
    own.caption_size = fmax(15, fmin(26, floor(look->height / 40)));
    return own;
}

FilmStep *film_steps(Arena *a, const Look *look, const Frame *frames, int n, const FilmPace *pace) {
    FilmStep *steps = ARENA_ARRAY(a, FilmStep, n + 1);
    int at = 0;
    for (int k = 0; k < n; k++) {
        FilmStep *s = &steps[k];
        const Frame *before = k ? &frames[k - 1] : NULL;
        s->sentence = picture_sentence(a, look, &frames[k]);
        s->start = at;
        if (before && !pace->still) s->moves = motion_to(look, before, &frames[k]);
        double reads = fmax(STILL_LEAST, reading_time(s->sentence) - s->moves / 1000.0);
        double holds = pace->hold > 0 ? pace->hold : reads;
        at += s->moves + (int)(holds * 1000 + 0.5);
        s->end = at;
        s->chapter = chapter_of(a, look, before, &frames[k]);
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

// ---- the pictures

/// A film being drawn.
typedef struct {
    const FilmPlan *film;
    FilmTake *take;
    void *taker;
    cairo_surface_t *image; // the one picture
    Arena *sides[2];        // of a step's scene, and of that of the step before
    Arena *between, *moment;
    Scene before;
} Player;

static bool paint(Player *p, const Scene *s) {
    const Look *look = p->film->look;
    cairo_t *cr = cairo_create(p->image);
    Color c = theme_color(look->theme, ink(ROLE_GROUND));
    cairo_set_source_rgb(cr, c.r, c.g, c.b);
    cairo_paint(cr);
    scene_paint(s, cr, look->theme, look->scale, -1);
    bool done = cairo_status(cr) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cr);
    cairo_surface_flush(p->image);
    return done;
}

static bool paint_step(Player *p, const Scene *now, int k, bool *painted) {
    const FilmStep *step = &p->film->steps[k];
    View from, to = picture_view(p->film->look, &p->film->frames[k]);
    int n = step->moves > 0 ? (int)fmax(1, floor(step->moves * p->film->fps / 1000 + 0.5)) : 0;
    Motion *motion = NULL;
    arena_reset(p->between);
    if (n) {
        from = picture_view(p->film->look, &p->film->frames[k - 1]);
        motion = motion_new(p->between, &p->before, &from, now, &to);
    }
    for (int i = 0; i < n; i++) {
        arena_reset(p->moment);
        Scene s = motion_scene(p->moment, motion, (i + 1.0) / (n + 1));
        *painted = paint(p, &s);
        if (!*painted || !p->take(p->taker, p->image, step->start + step->moves * i / n,
                                  step->start + step->moves * (i + 1) / n))
            return false;
    }
    *painted = paint(p, now);
    return *painted && p->take(p->taker, p->image, step->start + step->moves, step->end);
}

static bool play(Player *p, Arena *a, const char **why) {
    const FilmPlan *film = p->film;
    for (int k = 0; k < film->n; k++) {
        if (!film->progress(film->context, k, film->n)) return false;
        Arena *side = p->sides[k % 2];
        arena_reset(side);
        Scene now = picture_scene(side, film->text, film->look, &film->frames[k]);
        bool painted;
        if (!paint_step(p, &now, k, &painted)) {
            if (!painted)
                *why = arena_printf(a, "the picture of %s cannot be painted",
                                    picture_address(a, film->look, &film->frames[k]));
            return false;
        }
        p->before = now;
    }
    return true;
}

bool film_play(const FilmPlan *film, FilmTake *take, void *context, Arena *a, const char **why) {
    int w, h;
    film_size(film->look, &w, &h);
    Player p = {.film = film,
                .take = take,
                .taker = context,
                .image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h),
                .sides = {arena_new(), arena_new()},
                .between = arena_new(),
                .moment = arena_new()};
    *why = NULL;
    bool done = play(&p, a, why);
    cairo_surface_destroy(p.image);
    arena_free(p.sides[0]);
    arena_free(p.sides[1]);
    arena_free(p.between);
    arena_free(p.moment);
    return done;
}
