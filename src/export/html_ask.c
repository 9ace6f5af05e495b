// Questions of a page as forms. The answers stand in the page, for the page's program to compare
// with; whoever looks for them in its source may find them there, as in any exercise book.
#include <math.h>
#include <string.h>

#include "export/html_page.h"
#include "view/ask_text.h"

static const char *const kinds[] = {
    [ASK_NUMBER] = "number", [ASK_SIGN] = "sign",   [ASK_LARGER] = "larger",
    [ASK_CHOICE] = "choice", [ASK_CLICK] = "click", [ASK_ORDER] = "order"};

/// A card being written.
typedef struct {
    const HtmlPage *page;
    Arena *a;
    View view;
    const AskBlock *ask;
    Question q;
    int index; // among all questions of the lesson
    Buf *out;
} Card;

static const char *word(const Card *c, const char *en, const char *zh) {
    const char *text = c->view.lang == LANG_ZH ? zh : en;
    fonts_show(c->page->job->fonts, text, (TextStyle){FONT_UI, WEIGHT_BOLD, false, 16});
    fonts_show(c->page->job->fonts, text, (TextStyle){FONT_UI, WEIGHT_REGULAR, false, 16});
    return text;
}

static void put_runs(const Card *c, const ProseRun *runs, int n) {
    html_runs(c->page, c->a, &c->view, runs, n, c->out);
}

static void put_author(const Card *c, const char *text) {
    int n;
    const ProseRun *runs = ask_author_runs(c->a, text, &n);
    put_runs(c, runs, n);
}

// The answer as attributes: what the program compares a guess with.
static void put_answer(const Card *c) {
    const Question *q = &c->q;
    const Asked *of = &q->of[0];
    buf_printf(c->out, " data-kind=\"%s\"", kinds[q->kind]);
    if (q->kind == ASK_NUMBER)
        buf_printf(c->out, " data-value=\"%.17g\" data-tolerance=\"%.17g\"", of->value,
                   q->tolerance);
    else if (q->kind == ASK_CLICK)
        buf_printf(c->out, " data-right=\"%s\"",
                   svg_ref(c->a, c->view.lesson->graph, ref_asked(of)));
    else if (q->kind != ASK_ORDER)
        buf_printf(c->out, " data-right=\"%u\"", q->right);
}

static void put_slider(const Card *c) {
    const Question *q = &c->q;
    buf_printf(
        c->out,
        "<p class=\"slider\"><input type=\"range\" min=\"%.10g\" max=\"%.10g\" step=\"%.10g\" "
        "value=\"%.10g\" aria-label=\"%s\"><output>?</output></p>\n",
        q->low, q->high, q->step, question_at_share(q, 0.5), word(c, "Your guess", "你的猜测"));
}

// Options to choose one of; or, for an order, to press one after the other.
static void put_options(const Card *c) {
    bool order = c->q.kind == ASK_ORDER;
    buf_printf(c->out, "<div class=\"options\">\n");
    for (int k = 0; k < c->q.n_options; k++) {
        int n;
        const ProseRun *runs = ask_option_runs(c->a, &c->view, &c->q, k, &n);
        if (order)
            buf_printf(c->out, "<button type=\"button\" class=\"pick\" data-weight=\"%.17g\">",
                       c->q.options[k].weight);
        else
            buf_printf(c->out, "<label><input type=\"radio\" name=\"ask%d%s\" value=\"%d\"><span>",
                       c->index, c->view.lang == LANG_ZH ? "zh" : "en", k);
        put_runs(c, runs, n);
        buf_puts(c->out, order ? "</button>\n" : "</span></label>\n");
    }
    buf_puts(c->out, "</div>\n");
}

static void put_controls(const Card *c) {
    if (c->q.kind == ASK_NUMBER)
        put_slider(c);
    else if (c->q.kind == ASK_CLICK)
        buf_printf(c->out, "<p class=\"clicked\" role=\"status\"></p>\n");
    else
        put_options(c);
    buf_printf(c->out,
               "<p class=\"do\"><button type=\"submit\" data-ready=\"%s\">%s</button></p>\n",
               word(c, "Reveal", "揭晓"), word(c, "Show me", "直接看答案"));
    if (!c->ask->hint) return;
    buf_printf(c->out, "<details><summary>%s</summary>", word(c, "Hint", "提示"));
    put_author(c, c->ask->hint);
    buf_puts(c->out, "</details>\n");
}

static void put_reply(const Card *c, const char *to, const char *text) {
    if (!text) return;
    buf_printf(c->out, "<p data-reply=\"%s\" hidden>", to);
    put_author(c, text);
    buf_puts(c->out, "</p>\n");
}

// What is said to wrong answers; the program shows the one that fits.
static void put_replies(const Card *c) {
    int answers = c->q.kind == ASK_NUMBER ? 2 : c->q.n_options;
    for (int k = 0; k < answers; k++)
        put_reply(c, arena_printf(c->a, "%d", k), question_reply(c->ask, k));
    put_reply(c, "all", question_reply_to_all(c->ask));
}

static void put_verdict(const Card *c) {
    int n;
    Guess none = {0};
    const ProseRun *truth = ask_verdict_runs(c->a, &c->view, &c->q, &none, &n);
    buf_puts(c->out, "<div class=\"verdict\" role=\"status\" hidden>\n<p>");
    buf_printf(c->out, "<strong data-grade=\"right\" hidden>%s </strong>",
               word(c, "Right.", "正确。"));
    buf_printf(c->out, "<strong data-grade=\"near\" hidden>%s </strong>",
               word(c, "Nearly right.", "很接近。"));
    buf_printf(c->out, "<strong data-grade=\"wrong\" hidden>%s </strong>",
               word(c, "Not quite.", "不对。"));
    put_runs(c, truth, n);
    buf_puts(c->out, "</p>\n");
    for (int k = 0; k < c->q.n_options && c->q.kind != ASK_ORDER && c->q.right; k++) {
        if (!(c->q.right >> k & 1u)) continue;
        const ProseRun *runs = ask_option_runs(c->a, &c->view, &c->q, k, &n);
        buf_printf(c->out, "<p class=\"right\">✓ ");
        put_runs(c, runs, n);
        buf_puts(c->out, "</p>\n");
    }
    put_replies(c);
    if (c->ask->after) {
        buf_puts(c->out, "<p>");
        put_author(c, c->ask->after);
        buf_puts(c->out, "</p>\n");
    }
    buf_printf(c->out, "<p class=\"do\"><button type=\"reset\">%s</button></p></div>\n",
               word(c, "Try again", "再试一次"));
}

void html_ask(const HtmlPage *p, Arena *a, int scene, int k, Lang lang, Buf *out) {
    const Lesson *l = html_lesson(p, scene);
    Card c = {.page = p, .a = a, .ask = &l->scenes[lang][scene].asks[k], .out = out};
    c.view = (View){.lesson = l, .scene = scene, .lang = lang};
    c.index = question_index(l, scene, k);
    if (c.index < 0 || !question_make(a, l, scene, k, lang, &c.q)) return;
    int n;
    const ProseRun *runs = ask_question_runs(a, &c.view, c.ask, &c.q, &n);
    buf_printf(out, "<form class=\"ask\" data-ask=\"%d\"", c.index);
    put_answer(&c);
    buf_printf(out, ">\n<fieldset><legend>%s</legend>\n<p>", word(&c, "Predict", "预测"));
    put_runs(&c, runs, n);
    buf_puts(out, "</p>\n");
    put_controls(&c);
    buf_puts(out, "</fieldset>\n");
    put_verdict(&c);
    buf_puts(out, "</form>\n");
}

bool html_clicks(const Lesson *l) {
    for (int s = 0; s < l->n_scenes; s++)
        for (int k = 0; k < l->scenes[LANG_EN][s].n_asks; k++)
            if (l->scenes[LANG_EN][s].asks[k].kind == ASK_CLICK) return true;
    return false;
}
