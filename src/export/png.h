/// A scene as a PNG picture.
#ifndef EXPORT_PNG_H
#define EXPORT_PNG_H

#include <cairo.h>

#include "core/buf.h"
#include "view/theme.h"

/// How a scene becomes pixels: its width and height times `scale`, rounded.
typedef struct {
    ThemeKind theme;
    double scale;
    bool transparent; // no ground behind what the scene itself paints
} PngLook;

/// A scene painted on an image surface.
///   owner   the caller destroys it
///   errors  NULL, with *why one sentence in arena a: the picture is too large
cairo_surface_t *png_paint(Arena *a, const Scene *s, PngLook look, const char **why);

/// An empty surface of so many logical pixels, with its ground.
///   owner   the caller destroys it
///   errors  as png_paint
cairo_surface_t *png_blank(Arena *a, double width, double height, Role ground, PngLook look,
                           const char **why);

/// An image surface as the bytes of a PNG file: RGB, or RGBA if the surface has an alpha channel.
///   errors  false, with *why
bool png_encode(cairo_surface_t *image, Buf *out, const char **why);

/// A scene as the bytes of a PNG file.
///   errors  as png_paint and png_encode
bool png_scene(Arena *a, const Scene *s, PngLook look, Buf *out, const char **why);

#endif
