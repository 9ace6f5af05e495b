/// The writers of a page's parts among themselves.
#ifndef EXPORT_HTML_PAGE_H
#define EXPORT_HTML_PAGE_H

#include "export/html.h"
#include "export/svg.h"

/// A page being written.
typedef struct {
    const HtmlJob *job;
    SvgStyle *style;
    ThemeKind themes[SVG_THEMES];
    int n_themes;
    bool *scenes;    // [n_scenes] is it in the page?
    bool *opens;     // [n_scenes] its opening is, too
    Frame *openings; // [n_scenes]
} HtmlPage;

/// The lesson in the moment of training in which a scene opens.
const Lesson *html_lesson(const HtmlPage *p, int scene);

/// The number of steps' pictures in the page: frames, and the openings of its scenes.
int html_pictures(const HtmlPage *p);

/// Packs the pictures and sentences of all frames, and of the opening of each scene, as lines of
/// text that the page's program puts together (see html_walk.c).
///   errors  false if it was stopped
bool html_walk(const HtmlPage *p, Pack *into);

/// Appends a scene's prose and its questions as HTML.
void html_scene(const HtmlPage *p, Arena *a, int scene, Lang lang, Buf *out);

/// Appends question k of a scene as a form; nothing if the run has no answer to it.
void html_ask(const HtmlPage *p, Arena *a, int scene, int k, Lang lang, Buf *out);

/// Does a question of the lesson want a click on the stage?
bool html_clicks(const Lesson *lesson);

/// Appends runs of prose.
void html_runs(const HtmlPage *p, Arena *a, const View *v, const ProseRun *runs, int n, Buf *out);

/// Appends TeX as MathML; what cannot be read, as text.
void html_mathml(Arena *a, const char *tex, bool display, Buf *out);

#endif
