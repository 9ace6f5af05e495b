// One page for a whole walk: what stands still (words, prose, questions, buttons) as HTML that is
// read without the program too, then the walk as lines of text, then the colours and fonts that it
// turned out to need. Everything is written as soon as it is known.
#include "export/html.h"

#include <stdio.h>
#include <string.h>

#include "core/diag.h"
#include "export/html_page.h"

enum { PART_BYTES = 1 << 20 }; // of the page's style sheet and program

static const char *const html_langs[LANG_COUNT] = {"en", "zh-CN"};

// Does a scene open between the first frame and the last? Where the page begins with the walk, what
// is before the first step belongs to it.
static bool opens_within(const HtmlJob *job, Frame opening) {
    Playhead first = job->frames[0].at;
    if (first.at <= 1) first = (Playhead){0, 0};
    return frame_order(first, opening.at) <= 0 &&
           frame_order(opening.at, job->frames[job->n - 1].at) <= 0;
}

int html_pictures(const HtmlPage *p) {
    int n = p->job->n;
    for (int s = 0; s < p->job->look->lesson->n_scenes; s++) n += p->opens[s];
    return n;
}

const Lesson *html_lesson(const HtmlPage *p, int scene) {
    const Lesson *own = p->opens[scene] ? p->openings[scene].lesson : NULL;
    return own ? own : p->job->look->lesson;
}

// What a scene opens with; one that does not say where stays where the scene before it was.
static bool find_opening(Arena *a, const HtmlPage *p, int scene, Frame *out) {
    const Lesson *l = p->job->look->lesson;
    if (frame_opening(a, l, scene, out)) return opens_within(p->job, *out);
    if (scene > 0 && !p->opens[scene - 1]) return false;
    *out = scene > 0 ? p->openings[scene - 1] : (Frame){{0, 0}, GRAIN_OPERATION, 0, NULL, l};
    out->scene = scene;
    return scene > 0 || opens_within(p->job, *out);
}

// Those that a frame belongs to, and those that open among the frames.
static void choose_scenes(Arena *a, HtmlPage *p) {
    const Lesson *l = p->job->look->lesson;
    p->scenes = ARENA_ARRAY(a, bool, l->n_scenes + 1);
    p->opens = ARENA_ARRAY(a, bool, l->n_scenes + 1);
    p->openings = ARENA_ARRAY(a, Frame, l->n_scenes + 1);
    for (int s = 0; s < l->n_scenes; s++)
        p->scenes[s] = p->opens[s] = find_opening(a, p, s, &p->openings[s]);
    for (int k = 0; k < p->job->n; k++)
        if (p->job->frames[k].scene < l->n_scenes) p->scenes[p->job->frames[k].scene] = true;
}

// A page for print is only that. Others go with the reader's system, or open as they are told.
static void choose_themes(HtmlPage *p) {
    if (p->job->look->theme == THEME_PRINT) {
        p->themes[p->n_themes++] = THEME_PRINT;
        return;
    }
    p->themes[p->n_themes++] = THEME_LIGHT;
    p->themes[p->n_themes++] = THEME_DARK;
    p->themes[p->n_themes++] = THEME_CONTRAST;
}

// --- colours

static void put_color(Buf *out, const char *name, ThemeKind theme, Role role) {
    Color c = theme_color(theme, ink(role));
    buf_printf(out, "--%s:#%02x%02x%02x;", name, (unsigned)(c.r * 255 + 0.5),
               (unsigned)(c.g * 255 + 0.5), (unsigned)(c.b * 255 + 0.5));
}

static void put_page_colors(Buf *out, ThemeKind theme) {
    static const struct {
        const char *name;
        Role role;
    } colors[] = {{"ground", ROLE_GROUND}, {"panel", ROLE_PANEL},  {"sunken", ROLE_SUNKEN},
                  {"line", ROLE_LINE},     {"text", ROLE_TEXT},    {"muted", ROLE_MUTED},
                  {"accent", ROLE_ACCENT}, {"on", ROLE_ON_ACCENT}, {"back", ROLE_BACKWARD},
                  {"good", ROLE_GOOD},     {"warn", ROLE_WARN},    {"wire", ROLE_WIRE}};
    for (size_t k = 0; k < sizeof colors / sizeof *colors; k++)
        put_color(out, colors[k].name, theme, colors[k].role);
}

// For each theme what `fill` says; on paper the first one, whatever is on the screen.
static void put_themes(const HtmlPage *p, Buf *out, void (*fill)(const HtmlPage *, int, Buf *)) {
    for (int k = 0; k < p->n_themes; k++) {
        if (k == 0)
            buf_puts(out, ":root{");
        else
            buf_printf(out, "@media screen{:root[data-theme=%s]{", theme_names[p->themes[k]]);
        fill(p, k, out);
        buf_puts(out, k ? "}}\n" : "}\n");
    }
}

static void fill_page_colors(const HtmlPage *p, int k, Buf *out) {
    bool dark = p->themes[k] == THEME_DARK;
    buf_printf(out, "color-scheme:%s;", dark ? "dark" : "light");
    put_page_colors(out, p->themes[k]);
}

static void fill_paints(const HtmlPage *p, int k, Buf *out) {
    svg_paints(p->style, k, out);
}

// --- the parts

static const char *read_part(const HtmlPage *p, Arena *a, const char *name, const char **why) {
    const char *path = arena_printf(a, "%s/page/%s", p->job->assets, name);
    Diags d = diags_new(a);
    const Source *part = source_read(a, path, PART_BYTES, &d);
    if (!part) *why = arena_printf(a, "cannot read %s", path);
    return part ? part->text : NULL;
}

static void put_head(const HtmlPage *p, const char *css, Buf *out) {
    const Look *look = p->job->look;
    const char *title = look->lesson->title[look->lang];
    buf_printf(out,
               "<!doctype html>\n<html lang=\"%s\" data-open=\"%s\">\n<head>\n"
               "<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"generator\" content=\"Gatewalk " VERSION "\">\n<title>",
               html_langs[look->lang], theme_names[look->theme]);
    svg_escape(out, title ? title : look->lesson->title[LANG_EN]);
    buf_puts(out, "</title>\n<style>\n");
    put_themes(p, out, fill_page_colors);
    buf_printf(out, "%s</style>\n</head>\n", css);
}

static void put_titles(const HtmlPage *p, Buf *out) {
    const Lesson *l = p->job->look->lesson;
    buf_puts(out, "<h1>");
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        buf_printf(out, "<span lang=\"%s\">", html_langs[lang]);
        svg_escape(out, l->title[lang] ? l->title[lang] : l->title[LANG_EN]);
        buf_puts(out, "</span>");
    }
    buf_puts(out, "</h1>");
}

// A button's name is filled in by the program, in the language shown.
static void put_button(Buf *out, const char *id, const char *path) {
    buf_printf(out,
               "<button id=\"%s\" type=\"button\"><svg viewBox=\"0 0 24 24\" aria-hidden=\"true\">"
               "<path d=\"%s\"/></svg></button>\n",
               id, path);
}

static void put_controls(const HtmlPage *p, Buf *out) {
    static const char *const buttons[][2] = {{"first", "M6 5v14M19 5L9 12l10 7z"},
                                             {"back", "M17 4L6 12l11 8z"},
                                             {"next", "M7 4l11 8-11 8z"},
                                             {"last", "M18 5v14M5 5l10 7-10 7z"},
                                             {"play", "M8 5v14M16 5v14"}};
    buf_puts(out, "<nav id=\"controls\">\n<div id=\"buttons\">\n");
    for (size_t k = 0; k < sizeof buttons / sizeof *buttons; k++)
        put_button(out, buttons[k][0], buttons[k][1]);
    buf_printf(out,
               "</div>\n<div id=\"track\"><input id=\"scrub\" type=\"range\" min=\"0\" max=\"%d\" "
               "value=\"0\"></div>\n<output id=\"count\" for=\"scrub\"></output>\n</nav>\n",
               p->job->n - 1);
}

// A panel has a picture for wide screens and one for narrow ones; the style sheet shows one.
static void put_panels(Buf *out) {
    buf_puts(out, "<div id=\"room\"><div id=\"stage\">\n");
    for (int k = 0; k < PANEL_COUNT; k++) {
        if (k == PANEL_PROSE) continue;
        buf_printf(out,
                   "<figure id=\"%s\" class=\"panel\" role=\"img\" data-en=\"%s\" data-zh=\"%s\">"
                   "<svg class=\"wide\"></svg><svg class=\"narrow\"></svg></figure>\n",
                   panel_defs[k].name, panel_defs[k].title[LANG_EN], panel_defs[k].title[LANG_ZH]);
    }
    buf_puts(out, "</div></div>\n");
}

static void put_prose(const HtmlPage *p, Arena *a, Buf *out) {
    const Lesson *l = p->job->look->lesson;
    buf_puts(out, "<article id=\"prose\">\n<nav id=\"scenes\">");
    put_button(out, "scene-back", "M15 5l-7 7 7 7");
    buf_puts(out, "<span id=\"scene\"></span>");
    put_button(out, "scene-next", "M9 5l7 7-7 7");
    buf_puts(out, "</nav>\n");
    for (int lang = 0; lang < LANG_COUNT; lang++)
        for (int s = 0; s < l->n_scenes; s++) {
            if (!p->scenes[s]) continue;
            buf_printf(out, "<section class=\"scene\" data-scene=\"%d\" lang=\"%s\">\n", s,
                       html_langs[lang]);
            html_scene(p, a, s, (Lang)lang, out);
            buf_puts(out, "</section>\n");
        }
    buf_puts(out, "</article>\n");
}

static void put_body(const HtmlPage *p, Arena *a, Buf *out) {
    buf_puts(out, "<body>\n<header>");
    put_titles(p, out);
    buf_puts(out, "<nav id=\"phases\"></nav>\n");
    put_button(out, "theme", "M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9z");
    buf_puts(out, "<button id=\"lang\" type=\"button\"></button>\n"
                  "<button id=\"help\" type=\"button\">?</button></header>\n<main>\n");
    put_prose(p, a, out);
    put_panels(out);
    buf_puts(out, "</main>\n<footer>\n<p id=\"line\"><code id=\"address\"></code> "
                  "<span id=\"said\" role=\"status\" aria-live=\"polite\"></span></p>\n");
    put_controls(p, out);
    buf_puts(out,
             "</footer>\n<dialog id=\"keys\"></dialog>\n<section id=\"paper\"></section>\n"
             "<noscript><p>The steps need JavaScript. 逐步演示需要 JavaScript。</p></noscript>\n"
             "<script type=\"text/plain\" id=\"walk\">\n");
}

static void put_foot(const HtmlPage *p, const char *js, Buf *out) {
    buf_puts(out, "</script>\n<svg id=\"shared\" aria-hidden=\"true\">");
    svg_defs(p->style, out);
    buf_puts(out, "</svg>\n<script type=\"text/plain\" id=\"looks\">\n");
    put_themes(p, out, fill_paints);
    svg_css(p->style, out);
    buf_printf(out, "</script>\n<script>\n%s</script>\n</body>\n</html>\n", js);
}

static bool put(const HtmlPage *p, const Buf *text) {
    return p->job->put(p->job->sink, text->data, text->len);
}

static bool put_walk(const HtmlPage *p, Arena *a, const char **why) {
    Pack *walk = pack_begin(a, p->job->put, p->job->sink);
    if (!walk) {
        *why = "no memory to pack the page";
        return false;
    }
    bool good = html_walk(p, walk);
    return pack_end(walk) && good;
}

bool html_write(Arena *a, const HtmlJob *job, const char **why) {
    HtmlPage p = {.job = job};
    *why = NULL;
    choose_scenes(a, &p);
    choose_themes(&p);
    p.style = svg_style_page(a, job->text, job->fonts, p.themes, p.n_themes);
    if (html_clicks(job->look->lesson)) svg_style_asks(p.style);
    const char *css = read_part(&p, a, "page.css", why), *js = read_part(&p, a, "page.js", why);
    if (!css || !js) return false;
    Buf head = buf_new(a), foot = buf_new(a);
    put_head(&p, css, &head);
    put_body(&p, a, &head);
    if (!put(&p, &head) || !put_walk(&p, a, why)) return false;
    put_foot(&p, js, &foot);
    return put(&p, &foot);
}
