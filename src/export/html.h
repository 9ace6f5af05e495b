/// A lesson as one page for a browser: prose, questions, pictures and sentences, in both languages,
/// stepped through by keys, buttons, scrub and touch, without a network.
#ifndef EXPORT_HTML_H
#define EXPORT_HTML_H

#include "export/fonts.h"
#include "export/pack.h"
#include "export/pages.h"

/// What a page is made of, and where it goes.
typedef struct {
    TextEngine *text;
    Fonts *fonts;
    const char *assets; // folder with page/page.css and page/page.js
    const Look *look;   // opens in its language and theme
    const Frame *frames;
    int n;
    PagesProgress *progress;
    void *context;
    PackPut *put;
    void *sink;
} HtmlJob;

/// Writes the page of those frames. What is in memory does not grow with their number.
///   errors  false, with *why in arena a, or *why NULL if put or progress stopped it
bool html_write(Arena *a, const HtmlJob *job, const char **why);

#endif
