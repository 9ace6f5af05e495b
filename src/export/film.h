/// A run of frames in time: how long each step is shown, what is said meanwhile, and the pictures
/// between two steps.
#ifndef EXPORT_FILM_H
#define EXPORT_FILM_H

#include <cairo.h>

#include "export/pages.h"

typedef struct {
    int start, end; // milliseconds
    const char *sentence;
    const char *chapter; // title of the scene that begins here; NULL inside a scene
} FilmStep;

enum { FILM_FADE_MS = 320, FILM_FADE_FRAMES = 8 };

/// When each step is shown: `hold` seconds, or with 0 as long as its sentence takes to read.
///   owner   arena a; n steps
FilmStep *film_steps(Arena *a, const Look *look, const Frame *frames, int n, double hold);

/// Appends the sentences as subtitles, SubRip or WebVTT.
void film_subtitles(const FilmStep *steps, int n, bool vtt, Buf *out);

/// Takes the next picture, shown from `start` on; borrowed for the call. False stops the film.
typedef bool FilmTake(void *context, cairo_surface_t *image, int start);

/// Draws the film: each step, with `fade` pictures in between that lead over to it.
///   errors  false: a picture cannot be painted (*why), or it was stopped (*why NULL)
bool film_play(TextEngine *text, const Look *look, const Frame *frames, const FilmStep *steps,
               int n, bool fade, FilmTake *take, PagesProgress *progress, void *context, Arena *a,
               const char **why);

/// Pixels of a film's pictures: even numbers, as encoders want them.
void film_size(const Look *look, int *width, int *height);

#endif
