// A paragraph is one string, with a letter in place of each formula, so that Unicode's rules say
// where it may be broken (never between a formula and the comma after it). The pieces between two
// places are put on a line while they fit; what stands on a line from one run is one text shape.
#include "view/prose_flow.h"

#include <math.h>
#include <string.h>

#include "view/math.h"
#include "view/tex_link.h"

static const double CODE_SIZE = 0.92, MATH_SIZE = 1.1; // of the text's size

/// A part of one run without a place to break inside.
typedef struct {
    int run;
    const char *text; // of a formula: TeX
    double width;     // without blanks at its end
    double blank;     // width of those blanks
    double size;      // of a formula, after fitting
    double lead;      // room before a formula that stands against a Chinese character
    double ascent, descent;
    bool may_end; // a line may end after it
    bool must_end;
} Piece;

typedef struct {
    Scene *s;
    const FlowStyle *style;
    const ProseRun *runs;
    double x, y, width; // y: top of the next line
    Piece *pieces;
    int n, cap;
} Flow;

static TextStyle run_style(const FlowStyle *style, const ProseRun *run) {
    bool code = run->kind == RUN_CODE;
    return (TextStyle){code ? FONT_MONO : FONT_UI, run->strong ? WEIGHT_BOLD : style->weight,
                       run->emphasis, code ? style->size * CODE_SIZE : style->size};
}

/// A strong word that is the label of an equation takes the colour of its letter.
static Ink run_ink(const FlowStyle *style, const ProseRun *run) {
    if (run->link) return ink(ROLE_ACCENT);
    const Lesson *l = style->view->lesson;
    if (run->strong && run->kind == RUN_TEXT)
        for (int i = 0; i < l->graph->n_equations; i++) {
            const Equation *q = &l->graph->equations[i];
            if (strcmp(q->label[style->view->lang], run->text) == 0)
                return ink(view_role(l, q->node));
        }
    return ink(style->role);
}

// --- pieces

static MathSize formula_size(Flow *f, const char *tex, double size) {
    size_t at;
    const char *why;
    const MathBox *m = math_layout(f->s->arena, f->s->text, tex, size, false, &at, &why);
    if (m) return math_size(m);
    TextSize t = text_measure(f->s->text, tex, (TextStyle){FONT_MATH, WEIGHT_REGULAR, false, size});
    return (MathSize){t.width, t.ascent, t.descent};
}

/// Does the text next to a formula begin (or end) with a Chinese character? U+4000..U+9FFF.
static bool is_chinese(const Flow *f, int run, int n_runs, bool at_end) {
    if (run < 0 || run >= n_runs || f->runs[run].kind != RUN_TEXT) return false;
    const char *text = f->runs[run].text;
    size_t n = strlen(text);
    if (n < 3) return false;
    unsigned char lead = (unsigned char)(at_end ? text[n - 3] : text[0]);
    return lead >= 0xE4 && lead <= 0xE9;
}

/// The widest that a formula may be: a comma must fit after it.
static double formula_room(const Flow *f) {
    return f->width - f->style->size * 0.4;
}

/// A formula, or a part of one that is too long for a line.
static void add_formula_part(Flow *f, int run, const char *tex, int n_runs, bool first, bool last,
                             bool may_end) {
    double size = f->style->size * MATH_SIZE, room = formula_room(f);
    MathSize m = formula_size(f, tex, size);
    if (m.width > room) {
        size *= room / m.width;
        m = formula_size(f, tex, size);
    }
    double air = 0.16 * f->style->size;
    double lead = first && is_chinese(f, run - 1, n_runs, true) ? air : 0;
    double trail = last && is_chinese(f, run + 1, n_runs, false) ? air : 0;
    Piece p = {.run = run,
               .text = tex,
               .width = lead + m.width + trail,
               .size = size,
               .lead = lead,
               .ascent = m.ascent,
               .descent = m.descent,
               .may_end = may_end};
    ARENA_PUSH(f->s->arena, f->pieces, f->n, f->cap, p);
}

static void add_formula(Flow *f, int run, int n_runs, bool may_end) {
    const char *tex = tex_linked(f->s->arena, f->style->view, f->runs[run].text);
    double size = f->style->size * MATH_SIZE, room = formula_room(f);
    int n_parts = 1;
    const char *const *parts = &tex;
    if (formula_size(f, tex, size).width > room) parts = tex_parts(f->s->arena, tex, &n_parts);
    for (int i = 0; i < n_parts; i++) {
        bool last = i == n_parts - 1;
        const char *part = last ? parts[i] : arena_printf(f->s->arena, "%s {}", parts[i]);
        add_formula_part(f, run, part, n_runs, i == 0, last, last ? may_end : true);
    }
}
static size_t character_bytes(const char *s) {
    unsigned char c = (unsigned char)*s;
    return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

/// A piece of text; if it is wider than the column, letter by letter.
static void add_text(Flow *f, int run, const char *text, size_t n, bool may_end) {
    TextStyle style = run_style(f->style, &f->runs[run]);
    size_t ink_end = n;
    while (ink_end > 0 && text[ink_end - 1] == ' ') ink_end--;
    char *all = arena_copy(f->s->arena, text, n);
    char *inked = arena_copy(f->s->arena, text, ink_end);
    double width = scene_text_width(f->s, inked, style);
    size_t first = n ? character_bytes(text) : 0;
    if (width > f->width && first < n) {
        for (size_t i = 0, step; i < n; i += step) {
            step = character_bytes(text + i);
            if (step > n - i) step = n - i;
            add_text(f, run, text + i, step, true);
        }
        return;
    }
    double blank = n > ink_end ? scene_text_width(f->s, all, style) - width : 0;
    Piece p = {.run = run, .text = all, .width = width, .blank = blank, .may_end = may_end};
    ARENA_PUSH(f->s->arena, f->pieces, f->n, f->cap, p);
}

static const char *stand_in(const ProseRun *run) {
    switch (run->kind) {
    case RUN_TEXT:
    case RUN_CODE: return run->text;
    case RUN_MATH: return "x";
    case RUN_BREAK: return "\n";
    case RUN_CELL: break;
    }
    return "";
}

/// Cuts the runs into pieces at the places where lines may end.
static void cut(Flow *f, int n_runs) {
    Buf all = buf_new(f->s->arena);
    for (int r = 0; r < n_runs; r++) buf_puts(&all, stand_in(&f->runs[r]));
    int n_breaks, b = 0, at = 0;
    const int *breaks = text_breaks(f->s->arena, buf_str(&all), &n_breaks);
    for (int r = 0; r < n_runs; r++) {
        const char *text = stand_in(&f->runs[r]);
        int end = at + (int)strlen(text);
        for (int from = at; from < end;) {
            while (b < n_breaks && breaks[b] <= from) b++;
            int to = b < n_breaks && breaks[b] < end ? breaks[b] : end;
            bool may_end = b < n_breaks && breaks[b] == to;
            if (f->runs[r].kind == RUN_MATH)
                add_formula(f, r, n_runs, may_end);
            else if (f->runs[r].kind == RUN_BREAK && f->n)
                f->pieces[f->n - 1].must_end = true;
            else if (f->runs[r].kind != RUN_BREAK)
                add_text(f, r, text + (from - at), (size_t)(to - from), may_end);
            from = to;
        }
        at = end;
    }
}

// --- lines

/// Pieces [from, to) as one shape of their run; returns the width taken.
static double put_run(Flow *f, int from, int to, bool ends_line, double x, double baseline) {
    const ProseRun *run = &f->runs[f->pieces[from].run];
    double width = 0;
    Buf text = buf_new(f->s->arena);
    for (int i = from; i < to; i++) {
        const Piece *p = &f->pieces[i];
        buf_puts(&text, p->text);
        width += p->width + (ends_line && i == to - 1 ? 0 : p->blank);
    }
    if (run->kind != RUN_MATH && to - from > 1)
        width = scene_text_width(f->s, buf_str(&text), run_style(f->style, run)) -
                (ends_line ? f->pieces[to - 1].blank : 0);
    if (!f->style->draw) return width;
    Ink color = run_ink(f->style, run);
    if (run->kind == RUN_MATH) {
        scene_formula(f->s, x + f->pieces[from].lead, baseline, f->pieces[from].text,
                      f->pieces[from].size, ALIGN_LEFT, color, view_resolve,
                      (void *)f->style->view);
        return width;
    }
    while (text.len && text.data[text.len - 1] == ' ') text.data[--text.len] = '\0';
    if (!text.len) return width;
    Ref ref = NO_REF;
    if (run->link) {
        ref = (Ref){REF_LINK, f->s->n_links, 0, 0};
        ARENA_PUSH(f->s->arena, f->s->links, f->s->n_links, f->s->cap_links, run->link);
    }
    double inked = width - (ends_line ? 0 : f->pieces[to - 1].blank);
    if (run->kind == RUN_CODE) {
        Box chip = {x - 2, baseline - f->style->size * 0.92, inked + 4, f->style->size * 1.24};
        scene_box(f->s, chip, 3, ink(ROLE_SUNKEN), NO_INK, 0, NO_REF);
    }
    scene_text(f->s, x, baseline, buf_str(&text), run_style(f->style, run), ALIGN_LEFT, color, ref);
    if (run->link)
        scene_line(f->s, x, baseline + 2.5, x + inked, baseline + 2.5, ink_soft(ROLE_ACCENT, 0.5),
                   1, NO_REF);
    return width;
}

/// One line of pieces [from, to). The line grows where a formula is higher than its leading.
static void put_line(Flow *f, int from, int to, double width) {
    const FlowStyle *style = f->style;
    double below = (style->leading - style->size * 0.72) / 2; // capitals stand in the middle
    double above = style->leading - below;
    for (int i = from; i < to; i++) {
        above = fmax(above, f->pieces[i].ascent + 3);
        below = fmax(below, f->pieces[i].descent + 2);
    }
    double x = f->x, slack = f->width - width, baseline = f->y + above;
    if (style->align == ALIGN_CENTER) x += slack / 2;
    if (style->align == ALIGN_RIGHT) x += slack;
    for (int i = from, next; i < to; i = next) {
        next = i + 1;
        bool formula = f->runs[f->pieces[i].run].kind == RUN_MATH;
        while (!formula && next < to && f->pieces[next].run == f->pieces[i].run) next++;
        x += put_run(f, i, next, next == to, x, baseline);
    }
    f->y += above + below;
}

/// The pieces from `from` on up to the next place where a line may end.
static int group_end(const Flow *f, int from) {
    while (from < f->n && !f->pieces[from].may_end && !f->pieces[from].must_end) from++;
    return from < f->n ? from + 1 : f->n;
}

/// The width of pieces [from, to) and of the blanks after them.
static double pieces_width(const Flow *f, int from, int to, double *blank) {
    double width = 0;
    *blank = 0;
    for (int i = from; i < to; i++) {
        width += *blank + f->pieces[i].width;
        *blank = f->pieces[i].blank;
    }
    return width;
}

/// How many pieces the line that begins at `from` takes; *width is that of their ink.
static int fit_line(const Flow *f, int from, double *width) {
    int to = from;
    double blank = 0, room = f->width + 0.5; // shaped together, words differ a little
    *width = 0;
    while (to < f->n) {
        int end = group_end(f, to);
        double after, w = pieces_width(f, to, end, &after);
        if (to == from && w > room) { // no place to end: anywhere is better than too wide
            end = from + 1;
            w = pieces_width(f, from, end, &after);
            while (end < f->n && w + f->pieces[end].width <= room)
                w = pieces_width(f, from, ++end, &after);
            *width = w;
            return end;
        }
        if (*width + blank + w > room) break;
        *width += blank + w;
        blank = after;
        to = end;
        if (f->pieces[to - 1].must_end) break;
    }
    return to;
}

static void fill_lines(Flow *f) {
    for (int from = 0, to; from < f->n; from = to) {
        double width;
        to = fit_line(f, from, &width);
        put_line(f, from, to, width);
    }
}

double prose_flow(Scene *s, const FlowStyle *style, const ProseRun *runs, int n, double x,
                  double top, double width) {
    Flow f = {.s = s, .style = style, .runs = runs, .x = x, .y = top, .width = fmax(width, 10)};
    cut(&f, n);
    fill_lines(&f);
    return f.y - top;
}

double prose_flow_width(Scene *s, const FlowStyle *style, const ProseRun *runs, int n) {
    Flow f = {.s = s, .style = style, .runs = runs, .width = 1e6};
    cut(&f, n);
    double blank;
    return pieces_width(&f, 0, f.n, &blank);
}
