/// Animated WebP, lossless.
#ifndef EXPORT_WEBP_H
#define EXPORT_WEBP_H

#include <cairo.h>
#include <stdbool.h>

#include "core/buf.h"

typedef struct Webp Webp;

/// An animation without pictures yet, repeated for ever.
///   owner   arena a, and webp_end must be called
///   errors  NULL, with *why: there is no room for temporary files
Webp *webp_new(Arena *a, int width, int height, const char **why);

/// The next picture, shown from this millisecond on.
///   errors  false
bool webp_frame(Webp *webp, cairo_surface_t *image, int start);

/// Ends the animation at this millisecond and sends its bytes to the sink (NULL: throws it away).
///   errors  false, with *why unless the sink failed
bool webp_end(Webp *webp, int end, ByteSink *sink, void *context, const char **why);

#endif
