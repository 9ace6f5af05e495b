// Prose as HTML: the blocks that the prose panel sets, in the same order. Letters are counted as
// shown, so that the page carries them in its fonts; mixed with a system's they would look torn.
#include <string.h>

#include "export/html_page.h"
#include "view/math.h"
#include "view/tex_link.h"

enum { TEXT_SIZE = 16 }; // pixels, of body text; everything is written relative to it

/// Where a scene's blocks go.
typedef struct {
    const HtmlPage *page;
    Arena *a;
    View view;
    const LessonScene *scene;
    int n_asks; // questions so far
    int depth;  // of lists that are open
    bool ordered[8];
    Buf *out;
} Prose;

static void show(const HtmlPage *p, const char *text, const ProseRun *run) {
    TextStyle style = {run->kind == RUN_CODE ? FONT_MONO : FONT_UI,
                       run->strong ? WEIGHT_BOLD : WEIGHT_REGULAR, run->emphasis, TEXT_SIZE};
    fonts_show(p->job->fonts, text, style);
}

// One formula, or a part of one, as a picture that stands on the line.
static void put_drawn(const HtmlPage *p, Arena *a, const View *v, const char *tex, double size,
                      Buf *out) {
    Scene s = scene_new(a, p->job->text, 0, 0);
    scene_formula(&s, 0, 0, tex, size, ALIGN_LEFT, ink(ROLE_TEXT), NULL, NULL);
    Box b = s.shapes[0].box;
    int n;
    const char **elements = svg_elements(a, p->style, &s, v, &n);
    buf_printf(out, "<svg aria-hidden=\"true\" viewBox=\"0 %.5g %.5g %.5g\" ", b.y, b.w, b.h);
    buf_printf(out, "style=\"width:%.4gem;height:%.4gem;vertical-align:%.4gem\">", b.w / TEXT_SIZE,
               b.h / TEXT_SIZE, -(b.y + b.h) / TEXT_SIZE);
    for (int k = 0; k < n; k++) buf_puts(out, elements[k]);
    buf_puts(out, "</svg>");
}

// In parts, where it is long, between which a line may end.
static void put_display(const HtmlPage *p, Arena *a, const View *v, const char *linked, double size,
                        Buf *out) {
    enum { LONG = 230 }; // pixels: the room that there is in any case
    const char *whole = arena_printf(a, "\\displaystyle %s", linked);
    Scene s = scene_new(a, p->job->text, 0, 0);
    int n = 1;
    const char *const *parts = NULL;
    if (scene_formula_width(&s, whole, size) > LONG) parts = tex_parts(a, linked, &n);
    if (n < 2) {
        put_drawn(p, a, v, whole, size, out);
        return;
    }
    for (int k = 0; k < n; k++) {
        const char *end = k + 1 < n ? " {}" : "";
        put_drawn(p, a, v, arena_printf(a, "\\displaystyle %s%s", parts[k], end), size, out);
        buf_puts(out, " ");
    }
}

/// Appends a formula: drawn, and as MathML for whoever hears the page.
///   size    pixels, where the text around it has 16
static void put_formula(const HtmlPage *p, Arena *a, const View *v, const char *tex, double size,
                        bool display, Buf *out) {
    const char *linked = tex_linked(a, v, tex);
    buf_printf(out, "<span class=\"%s\">", display ? "math display" : "math");
    if (display)
        put_display(p, a, v, linked, size, out);
    else
        put_drawn(p, a, v, linked, size, out);
    html_mathml(a, tex, display, out);
    buf_puts(out, "</span>");
}

static void put_words(const HtmlPage *p, const ProseRun *run, Buf *out) {
    static const char *const tags[] = {"strong", "em", "code"};
    bool wanted[] = {run->strong, run->emphasis, run->kind == RUN_CODE};
    for (int k = 0; k < 3; k++)
        if (wanted[k]) buf_printf(out, "<%s>", tags[k]);
    show(p, run->text, run);
    svg_escape(out, run->text);
    for (int k = 2; k >= 0; k--)
        if (wanted[k]) buf_printf(out, "</%s>", tags[k]);
}

// Only addresses of the web become links: whatever else a lesson names is not beside the page.
static bool leads_out(const char *link) {
    return link && (strncmp(link, "https://", 8) == 0 || strncmp(link, "http://", 7) == 0);
}

void html_runs(const HtmlPage *p, Arena *a, const View *v, const ProseRun *runs, int n, Buf *out) {
    for (int k = 0; k < n; k++) {
        const ProseRun *run = &runs[k];
        bool link = leads_out(run->link) && run->text;
        if (link) {
            buf_puts(out, "<a href=\"");
            svg_escape(out, run->link);
            buf_puts(out, "\">");
        }
        if (run->kind == RUN_MATH)
            put_formula(p, a, v, run->text, TEXT_SIZE * 1.08, false, out);
        else if (run->kind == RUN_BREAK)
            buf_puts(out, "<br>");
        else if (run->kind == RUN_CELL)
            buf_puts(out, "</td><td>");
        else if (run->text)
            put_words(p, run, out);
        if (link) buf_puts(out, "</a>");
    }
}

static void put_runs(Prose *p, const Block *b) {
    html_runs(p->page, p->a, &p->view, b->runs, b->n_runs, p->out);
}

// --- blocks

static void put_tagged(Prose *p, const Block *b, const char *tag) {
    buf_printf(p->out, "<%s>", tag);
    put_runs(p, b);
    buf_printf(p->out, "</%s>\n", tag);
}

static void put_heading(Prose *p, const Block *b) {
    static const char *const tags[] = {"h2", "h2", "h3", "h4", "h5", "h6"};
    int level = b->level < 1 ? 1 : b->level > 6 ? 6 : b->level;
    put_tagged(p, b, tags[level - 1]);
}

static void put_paragraph(Prose *p, const Block *b) {
    put_tagged(p, b, "p");
}

static void put_quote(Prose *p, const Block *b) {
    put_tagged(p, b, "blockquote");
}

static void put_rule(Prose *p, const Block *b) {
    (void)b;
    buf_puts(p->out, "<hr>\n");
}

static void put_math(Prose *p, const Block *b) {
    if (b->n_runs == 0) return;
    put_formula(p->page, p->a, &p->view, b->runs[0].text, TEXT_SIZE * 1.2, true, p->out);
    buf_puts(p->out, "\n");
}

static void put_code(Prose *p, const Block *b) {
    const char *text = b->n_runs ? b->runs[0].text : "";
    ProseRun run = {.kind = RUN_CODE};
    show(p->page, text, &run);
    buf_puts(p->out, "<pre><code>");
    svg_escape(p->out, text);
    buf_puts(p->out, "</code></pre>\n");
}

static void close_lists(Prose *p, int depth) {
    for (; p->depth > depth; p->depth--)
        buf_puts(p->out, p->ordered[p->depth - 1] ? "</li></ol>\n" : "</li></ul>\n");
}

static void put_item(Prose *p, const Block *b) {
    enum { DEEPEST = sizeof p->ordered / sizeof *p->ordered };
    int level = b->level < 1 ? 1 : b->level > DEEPEST ? DEEPEST : b->level;
    close_lists(p, level);
    if (b->number < 0 && p->depth == level) { // a further paragraph of the item
        put_paragraph(p, b);
        return;
    }
    if (p->depth == level) buf_puts(p->out, "</li><li>");
    for (; p->depth < level; p->depth++) {
        p->ordered[p->depth] = b->number > 0;
        buf_puts(p->out, b->number > 0 ? "<ol><li>" : "<ul><li>");
    }
    put_runs(p, b);
}

static int put_table(Prose *p, const Block *b, int n) {
    int rows = 0;
    buf_puts(p->out, "<table>\n");
    for (; rows < n && b[rows].kind == BLOCK_TABLE_ROW; rows++) {
        int first = b[rows].n_runs && b[rows].runs[0].kind == RUN_CELL ? 1 : 0;
        buf_puts(p->out, b[rows].header ? "<tr class=\"head\"><td>" : "<tr><td>");
        html_runs(p->page, p->a, &p->view, b[rows].runs + first, b[rows].n_runs - first, p->out);
        buf_puts(p->out, "</td></tr>\n");
    }
    buf_puts(p->out, "</table>\n");
    return rows;
}

static bool is_directive(const Block *b, const char *word) {
    return b->info && strcmp(b->info, word) == 0;
}

static void put_next_ask(Prose *p) {
    if (p->n_asks < p->scene->n_asks)
        html_ask(p->page, p->a, p->view.scene, p->n_asks++, p->view.lang, p->out);
}

// A question is a form, other directives are not seen.
static void put_fenced(Prose *p, const Block *b) {
    if (is_directive(b, "step") || is_directive(b, "try") || is_directive(b, "note")) return;
    if (is_directive(b, "ask"))
        put_next_ask(p);
    else
        put_code(p, b);
}

void html_scene(const HtmlPage *page, Arena *a, int scene, Lang lang, Buf *out) {
    static void (*const writers[])(Prose *, const Block *) = {
        [BLOCK_HEADING] = put_heading, [BLOCK_PARAGRAPH] = put_paragraph, [BLOCK_ITEM] = put_item,
        [BLOCK_QUOTE] = put_quote,     [BLOCK_CODE] = put_fenced,         [BLOCK_MATH] = put_math,
        [BLOCK_RULE] = put_rule};
    const Lesson *l = html_lesson(page, scene);
    Prose p = {.page = page, .a = a, .scene = &l->scenes[lang][scene], .out = out};
    p.view = (View){.lesson = l, .scene = scene, .lang = lang};
    for (int k = 0; k < p.scene->n_blocks; k++) {
        const Block *b = &p.scene->blocks[k];
        if (b->kind != BLOCK_ITEM) close_lists(&p, 0);
        if (b->kind == BLOCK_TABLE_ROW)
            k += put_table(&p, b, p.scene->n_blocks - k) - 1;
        else
            writers[b->kind](&p, b);
    }
    close_lists(&p, 0);
    while (p.n_asks < p.scene->n_asks) put_next_ask(&p); // a twin need not repeat their places
}
