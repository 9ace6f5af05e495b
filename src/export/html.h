/// A lesson as one page for a browser: steps forward and back by keys, buttons, scrub and touch, in
/// both languages, without a network.
#ifndef EXPORT_HTML_H
#define EXPORT_HTML_H

#include "export/fonts.h"
#include "export/pages.h"

/// The page of those frames; opens in look->lang.
///   errors  false if it was stopped
bool html_write(Arena *a, TextEngine *text, Fonts *fonts, const Look *look, const Frame *frames,
                int n, PagesProgress *progress, void *context, Buf *out);

/// The page's own style sheet, and its program.
extern const char html_css[];
extern const char html_js_show[], html_js_move[];

#endif
