// One page for a whole walk. Neighbouring frames share nearly all of their shapes, so each distinct
// element is written once, a line each, and a frame is a list of runs of line numbers. Any frame
// can be put together on its own: scrubbing backward costs the same as stepping forward.
#include "export/html.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "export/svg.h"

/// Distinct elements and their line numbers.
typedef struct {
    Arena *keep;
    const char **lines;
    int n, cap;
    int *slots; // [n_slots] a power of two; line + 1, 0 is free
    int n_slots;
} Pool;

static uint64_t hash_of(const char *text) {
    uint64_t h = 1469598103934665603u; // FNV-1a
    for (const char *p = text; *p; p++) h = (h ^ (unsigned char)*p) * 1099511628211u;
    return h ^ h >> 31;
}

static void grow(Pool *p) {
    p->n_slots = p->n_slots ? 2 * p->n_slots : 4096;
    p->slots = ARENA_ARRAY(p->keep, int, p->n_slots);
    for (int k = 0; k < p->n; k++) {
        size_t at = hash_of(p->lines[k]) & (size_t)(p->n_slots - 1);
        while (p->slots[at]) at = (at + 1) & (size_t)(p->n_slots - 1);
        p->slots[at] = k + 1;
    }
}

static int line_of(Pool *p, const char *text) {
    if (2 * p->n >= p->n_slots) grow(p);
    size_t at = hash_of(text) & (size_t)(p->n_slots - 1);
    for (; p->slots[at]; at = (at + 1) & (size_t)(p->n_slots - 1))
        if (strcmp(p->lines[p->slots[at] - 1], text) == 0) return p->slots[at] - 1;
    const char *own = arena_copy(p->keep, text, strlen(text));
    ARENA_PUSH(p->keep, p->lines, p->n, p->cap, own);
    p->slots[at] = p->n;
    return p->n - 1;
}

// Line numbers as runs: "start" or "start+length", with spaces between.
static void put_runs(Buf *out, const int *lines, int n) {
    for (int k = 0; k < n;) {
        int len = 1;
        while (k + len < n && lines[k + len] == lines[k] + len) len++;
        buf_printf(out, k ? " %d" : "%d", lines[k]);
        if (len > 1) buf_printf(out, "+%d", len);
        k += len;
    }
    buf_puts(out, "\n");
}

/// What the page holds besides the elements; a line a frame.
typedef struct {
    Buf frames, sentences, addresses, scenes;
} Texts;

static void put_line(Buf *out, const char *text) {
    Buf line = buf_new(out->arena);
    svg_escape(&line, text);
    for (size_t k = 0; k < line.len; k++)
        if (line.data[k] == '\n') line.data[k] = ' ';
    buf_printf(out, "%s\n", buf_str(&line));
}

static bool put_frames(Pool *pool, SvgStyle *style, TextEngine *text, const Look *look,
                       const Frame *frames, int n, int done, PagesProgress *progress, void *context,
                       Texts *texts) {
    Arena *a = arena_new();
    bool going = true;
    for (int k = 0; k < n && going; k++) {
        going = progress(context, done + k, LANG_COUNT * n);
        arena_reset(a);
        Scene s = picture_scene(a, text, look, &frames[k]);
        View v = picture_view(look, &frames[k]);
        int count;
        const char **elements = svg_elements(a, style, &s, &v, &count);
        int *lines = ARENA_ARRAY(a, int, count + 1);
        for (int i = 0; i < count; i++) lines[i] = line_of(pool, elements[i]);
        put_runs(&texts->frames, lines, count);
        put_line(&texts->sentences, picture_sentence(a, look, &frames[k]));
        if (done == 0) put_line(&texts->addresses, picture_address(a, look, &frames[k]));
        if (done == 0) buf_printf(&texts->scenes, "%d\n", frames[k].scene);
    }
    arena_free(a);
    return going;
}

static void put_block(Buf *out, const char *id, const Buf *text) {
    buf_printf(out, "<script type=\"text/plain\" id=\"%s\">", id);
    buf_put(out, text->data, text->len ? text->len - 1 : 0); // without the last end of line
    buf_puts(out, "</script>\n");
}

// --- prose, for whoever hears the page

static void put_prose(Buf *out, const Lesson *l, Lang lang) {
    for (int k = 0; k < l->n_scenes; k++) {
        const LessonScene *scene = &l->scenes[lang][k];
        Buf line = buf_new(out->arena);
        for (int b = 0; b < scene->n_blocks; b++) {
            const Block *block = &scene->blocks[b];
            if (block->kind == BLOCK_CODE) continue;
            for (int r = 0; r < block->n_runs; r++)
                buf_puts(&line, block->runs[r].text ? block->runs[r].text : " ");
            buf_puts(&line, " ");
        }
        put_line(out, buf_str(&line));
    }
}

static void put_color(Buf *out, const char *name, ThemeKind theme, Role role) {
    Color c = theme_color(theme, ink(role));
    buf_printf(out, "--%s:#%02x%02x%02x;", name, (unsigned)(c.r * 255 + 0.5),
               (unsigned)(c.g * 255 + 0.5), (unsigned)(c.b * 255 + 0.5));
}

static void put_style(Buf *out, const Look *look, SvgStyle *style) {
    static const struct {
        const char *name;
        Role role;
    } colors[] = {{"ground", ROLE_GROUND}, {"panel", ROLE_PANEL}, {"line", ROLE_LINE},
                  {"text", ROLE_TEXT},     {"muted", ROLE_MUTED}, {"accent", ROLE_ACCENT},
                  {"on", ROLE_ON_ACCENT}};
    buf_puts(out, "<style>\n:root{");
    for (size_t k = 0; k < sizeof colors / sizeof *colors; k++)
        put_color(out, colors[k].name, look->theme, colors[k].role);
    buf_puts(out, "}\n");
    buf_puts(out, html_css);
    svg_css(style, out);
    buf_puts(out, "</style>\n");
}

// Buttons and their names in both languages; the program fills in the texts.
static void put_body(Buf *out, const Look *look, int n, SvgStyle *style) {
    static const char *const buttons[][2] = {{"first", "M6 5v14M19 5L9 12l10 7z"},
                                             {"scene-back", "M12 5L3 12l9 7zM21 5l-9 7 9 7z"},
                                             {"back", "M17 4L6 12l11 8z"},
                                             {"next", "M7 4l11 8-11 8z"},
                                             {"scene-next", "M3 5l9 7-9 7zM12 5l9 7-9 7z"},
                                             {"last", "M18 5v14M5 5l10 7-10 7z"}};
    buf_puts(out, "<body>\n<header><h1 id=\"title\"></h1>"
                  "<button id=\"lang\" type=\"button\"></button></header>\n<main>\n"
                  "<svg id=\"stage\" role=\"img\" aria-labelledby=\"said\" ");
    buf_printf(out, "viewBox=\"0 0 %.6g %.6g\" xmlns=\"http://www.w3.org/2000/svg\">\n",
               look->width, look->height);
    svg_defs(style, out);
    buf_puts(out, "<g id=\"frame\"></g></svg>\n"
                  "<p id=\"line\"><code id=\"address\"></code> "
                  "<span id=\"said\" aria-live=\"polite\"></span></p>\n<nav>\n");
    for (size_t k = 0; k < sizeof buttons / sizeof *buttons; k++)
        buf_printf(
            out,
            "<button id=\"%s\" type=\"button\"><svg viewBox=\"0 0 24 24\" aria-hidden=\"true\">"
            "<path d=\"%s\"/></svg></button>\n",
            buttons[k][0], buttons[k][1]);
    buf_printf(out,
               "<input id=\"scrub\" type=\"range\" min=\"0\" max=\"%d\" value=\"0\">"
               "<output id=\"count\" for=\"scrub\"></output>\n</nav>\n"
               "<section id=\"prose\" class=\"heard\" aria-live=\"polite\"></section>\n"
               "<section id=\"all\"></section>\n</main>\n",
               n - 1);
}

bool html_write(Arena *a, TextEngine *text, Fonts *fonts, const Look *look, const Frame *frames,
                int n, PagesProgress *progress, void *context, Buf *out) {
    Look own = *look;
    own.caption = false; // the sentence stands in the page
    own.outlines = false;
    SvgStyle *style = svg_style_new(a, text, fonts, &own, true);
    Pool pool = {.keep = a};
    Texts texts = {buf_new(a), buf_new(a), buf_new(a), buf_new(a)};
    Buf prose = buf_new(a), titles = buf_new(a), lines = buf_new(a);
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        own.lang = (Lang)lang;
        if (!put_frames(&pool, style, text, &own, frames, n, lang * n, progress, context, &texts))
            return false;
        put_prose(&prose, look->lesson, (Lang)lang);
        const char *title = look->lesson->title[lang];
        put_line(&titles, title ? title : look->lesson->title[LANG_EN]);
    }
    for (int k = 0; k < pool.n; k++) buf_printf(&lines, "%s\n", pool.lines[k]);
    const char *title = look->lesson->title[look->lang];
    buf_printf(out,
               "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"generator\" content=\"Gatewalk " VERSION "\">\n<title>",
               look->lang == LANG_ZH ? "zh-CN" : "en");
    svg_escape(out, title ? title : look->lesson->title[LANG_EN]);
    buf_puts(out, "</title>\n");
    put_style(out, look, style);
    buf_puts(out, "</head>\n");
    put_body(out, look, n, style);
    put_block(out, "lines", &lines);
    put_block(out, "frames", &texts.frames);
    put_block(out, "sentences", &texts.sentences);
    put_block(out, "addresses", &texts.addresses);
    put_block(out, "scenes", &texts.scenes);
    put_block(out, "proses", &prose);
    put_block(out, "titles", &titles);
    buf_printf(out, "<script>\nconst LANG = %d;\n%s%s</script>\n</body>\n</html>\n",
               (int)look->lang, html_js_show, html_js_move);
    return true;
}
