/// A run of frames in time: how long each step is shown, what is said meanwhile, and the motion
/// from one to the next, which is that of the window.
#ifndef EXPORT_FILM_H
#define EXPORT_FILM_H

#include <cairo.h>

#include "export/pages.h"

/// How a film runs.
typedef struct {
    double hold; // seconds that it stands still at a step; 0: until the sentence can be read
    double fps;  // pictures a second while it moves
    bool still;  // it never moves
} FilmPace;

/// The look of a film's pictures: they have a ground; with sentences burnt in, a caption that can
/// be read from where a film is watched.
Look film_look(const Look *look, bool burnt);

/// A step in time, in milliseconds: from start to start + moves the picture leads over from the
/// step before, then it stands still until the end.
typedef struct {
    int start, end, moves;
    const char *sentence;
    const char *chapter; // what begins here: a scene, or a phase within one; NULL: it goes on
} FilmStep;

/// When each step is shown.
///   owner   arena a; n steps
FilmStep *film_steps(Arena *a, const Look *look, const Frame *frames, int n, const FilmPace *pace);

/// Appends the sentences as subtitles, SubRip or WebVTT.
void film_subtitles(const FilmStep *steps, int n, bool vtt, Buf *out);

/// Takes the next picture, shown from one millisecond to another; borrowed for the call. False
/// stops the film.
typedef bool FilmTake(void *context, cairo_surface_t *image, int start, int end);

/// A film with all that it is drawn from; borrowed.
typedef struct {
    TextEngine *text;
    const Look *look;
    const Frame *frames;
    const FilmStep *steps;
    int n;
    double fps;
    PagesProgress *progress;
    void *context; // of progress
} FilmPlan;

/// Draws the film, with one picture in memory at a time.
///   errors  false: a picture cannot be painted (*why, arena a), or it was stopped (*why NULL)
bool film_play(const FilmPlan *film, FilmTake *take, void *context, Arena *a, const char **why);

/// Pixels of a film's pictures: even numbers, as encoders want them.
void film_size(const Look *look, int *width, int *height);

#endif
