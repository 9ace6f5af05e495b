/// The fonts a page carries with it: of each face only the characters that the page shows.
#ifndef EXPORT_FONTS_H
#define EXPORT_FONTS_H

#include "core/buf.h"
#include "view/text.h"

/// The faces of an engine, and what is shown of each. Cut faces are kept, so that the next page
/// with the same characters costs nothing.
typedef struct Fonts Fonts;

/// Nothing shown yet.
///   owner   the caller frees it; the engine is borrowed
Fonts *fonts_new(TextEngine *text);

/// Frees it. NULL is allowed.
void fonts_free(Fonts *f);

/// Forgets what is shown, keeping the faces that were cut.
void fonts_begin(Fonts *f);

/// A line is shown in a style: its characters are looked for as the engine does.
void fonts_show(Fonts *f, const char *text, TextStyle style);

/// Is the mathematics face's glyph for this character this one? level 1 or 2: its form for
/// subscripts is. -1 if not.
int fonts_math_level(Fonts *f, uint32_t code, uint32_t glyph);

/// Appends the families of a style as CSS writes them: "Inter","Noto Sans CJK SC",...
void fonts_families(Fonts *f, TextStyle style, Buf *out);

/// Appends an @font-face rule with the font itself for each face of which something is shown.
void fonts_css(Fonts *f, Buf *out);

#endif
