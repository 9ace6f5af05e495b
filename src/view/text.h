/// Text set with our own fonts only: Pango on a private font map, never the system's fonts, so
/// that a picture is the same everywhere. Measures and draws from one cache of shaped lines.
#ifndef VIEW_TEXT_H
#define VIEW_TEXT_H

#include <cairo.h>

#include "core/diag.h"
#include "view/scene.h"

/// Opens the fonts of `assets`/fonts.
///   owner   the caller frees the engine; *why: arena a
///   errors  NULL, with *why naming the folder and the missing file
TextEngine *text_engine_new(Arena *a, const char *assets, const char **why);

/// An engine without fonts for tests: every character is 0.6 em wide (Chinese 1 em), ascent 0.8,
/// descent 0.2.
TextEngine *text_engine_fixed(void);

/// Frees an engine and all it has cached. NULL is allowed.
void text_engine_free(TextEngine *e);

typedef struct {
    double width, ascent, descent;
} TextSize;

/// Width of one line; ascent and descent of its family.
TextSize text_measure(TextEngine *e, const char *text, TextStyle style);

/// Draws one line with its left end at (x, baseline) in the current source.
void text_draw(TextEngine *e, cairo_t *cr, const char *text, TextStyle style, double x,
               double baseline);

/// Appends the outlines of one line to the current path; its left end at (x, baseline).
void text_path(TextEngine *e, cairo_t *cr, const char *text, TextStyle style, double x,
               double baseline);

/// Where outlines are traced: without bounds, for cairo leaves out glyphs beyond them.
///   owner   the caller destroys it
cairo_t *text_tracer(void);

/// Appends the outline of a glyph of the mathematics font to the current path.
void text_math_path(TextEngine *e, cairo_t *cr, uint32_t glyph, double size, double x,
                    double baseline);

/// A piece of a line that is set in one face.
typedef struct {
    int face;                  // of text_face; -1: none of them
    cairo_scaled_font_t *font; // the engine's
    cairo_glyph_t *glyphs;     // [n] positions from the left end of the baseline
    int n;
    const char *said; // the bytes of the text that the glyphs stand for
    int n_said;
    cairo_text_cluster_t *clusters; // which bytes are which glyphs; none if that cannot be told
    int n_clusters;
} TextRun;

/// The pieces of one line.
///   owner   the engine, until the next call that measures or draws
const TextRun *text_runs(TextEngine *e, const char *text, TextStyle style, int *count);

/// The characters a line is set with: those of the text, or the mathematics font's italics.
///   owner   arena a, or the text itself
const char *text_as_set(Arena *a, const char *text, TextStyle style);

/// A font file of the engine.
typedef struct {
    const char *path, *family;
    int weight; // as CSS counts: 400, 500, 700
    bool italic;
} TextFace;

/// Face k, from 0; NULL beyond the last one and for a fixed engine.
const TextFace *text_face(const TextEngine *e, int k);

enum { TEXT_CHAIN = 3 };
/// The faces in which a character of this style is looked for, in order.
void text_chain(TextStyle style, int chain[TEXT_CHAIN]);

/// Byte offsets at which a line may be broken (Unicode line breaking, Chinese included).
///   owner   arena a; *count offsets, ascending, the end of the text last
const int *text_breaks(Arena *a, const char *text, int *count);

/// The FreeType face and HarfBuzz font of the mathematics font, for view/math.c. NULL for a
/// fixed engine, where the math engine uses the fixed measure.
void *text_math_ft_face(TextEngine *e);

/// The mathematics font for cairo, without hinting; the engine's own. NULL for a fixed engine.
cairo_font_face_t *text_math_cairo_face(TextEngine *e);

/// What other files of the view keep from frame to frame; it dies with the engine.
typedef enum { KEPT_FORMULAS, KEPT_MASKS, KEPT_COUNT } Kept;

/// The place of one such thing, NULL at first; `forget` is called with it before the fonts go.
void **text_kept(TextEngine *e, Kept what, void (*forget)(void *thing));

#endif
