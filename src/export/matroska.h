/// A film of raw pictures as a Matroska stream: what an encoder is fed with. Each picture carries
/// its own time, so one that is shown for seconds is sent once.
#ifndef EXPORT_MATROSKA_H
#define EXPORT_MATROSKA_H

#include "export/film.h"

enum { MATROSKA_TICK_MS = 40 }; // how long the last picture is shown

/// Appends the head: one track of BGRA pictures, and a chapter for each scene.
void matroska_head(Buf *out, int width, int height, const FilmStep *steps, int n);

/// Appends what stands before the pixels of a picture shown from this millisecond on.
void matroska_frame(Buf *out, int width, int height, int start);

#endif
