/// Animated GIF (GIF89a): each picture as the rectangle that changed, with a palette of its own.
#ifndef EXPORT_GIF_H
#define EXPORT_GIF_H

#include <cairo.h>
#include <stdbool.h>

#include "core/buf.h"

typedef struct Gif Gif;

/// An animation without pictures yet, repeated for ever.
///   owner   arena a; the bytes go to the sink, and gif_end must be called
Gif *gif_new(Arena *a, int width, int height, ByteSink *sink, void *context);

/// The next picture, shown for so many milliseconds.
void gif_frame(Gif *gif, cairo_surface_t *image, int ms);

/// Ends the file.
///   errors  false: the sink failed
bool gif_end(Gif *gif);

#endif
