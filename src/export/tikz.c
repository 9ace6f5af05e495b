// A scene as TikZ: its marks (view/mark.h), a line each. Units are those of the scene, y turned
// down, so numbers can be found again; letters are set by TeX.
#include <math.h>

#include "export/latex.h"
#include "export/svg.h"
#include "view/mark.h"

typedef struct {
    Buf *out;
    const Scene *scene;
    ThemeKind theme;
    double points; // of TeX per logical pixel
} Tikz;

static void put_point(Tikz *t, double x, double y) {
    buf_puts(t->out, "(");
    buf_fixed(t->out, x);
    buf_puts(t->out, ",");
    buf_fixed(t->out, y);
    buf_puts(t->out, ")");
}

static void put_color(Tikz *t, const char *name, Ink ink) {
    Color c = theme_color(t->theme, ink);
    buf_printf(t->out, "%s={rgb,1:red,%.3f;green,%.3f;blue,%.3f},", name, c.r, c.g, c.b);
}

static void put_options(Tikz *t, const Mark *m) {
    if (ink_shows(m->fill)) {
        put_color(t, "fill", m->fill);
        if (m->fill.strength < 1)
            buf_printf(t->out, "fill opacity=%.3g,", (double)m->fill.strength);
    }
    if (!ink_shows(m->stroke)) return;
    put_color(t, "draw", m->stroke);
    if (m->stroke.strength < 1)
        buf_printf(t->out, "draw opacity=%.3g,", (double)m->stroke.strength);
    buf_printf(t->out, "line width=%.3gpt,line join=round,", m->line_width * t->points);
    double lengths[2];
    if (mark_dashes(m->dash, m->line_width, lengths))
        buf_printf(t->out, "dash pattern=on %.3gpt off %.3gpt,", lengths[0] * t->points,
                   lengths[1] * t->points);
}

static void put_rectangle(Tikz *t, Box b) {
    put_point(t, b.x, b.y);
    buf_puts(t->out, " rectangle ");
    put_point(t, b.x + b.w, b.y + b.h);
    buf_puts(t->out, ";\n");
}

static void put_box(Tikz *t, const Mark *m) {
    double radius = m->radius;
    Box b = ink_shows(m->stroke) ? mark_line(m, &radius) : m->box;
    radius = fmin(radius, fmin(b.w, b.h) / 2);
    buf_puts(t->out, "\\path[");
    put_options(t, m);
    if (radius > 0) buf_printf(t->out, "rounded corners=%.3gpt,", radius * t->points);
    buf_puts(t->out, "] ");
    put_rectangle(t, b);
}

static void put_path(Tikz *t, const Mark *m) {
    buf_puts(t->out, "\\path[");
    put_options(t, m);
    buf_puts(t->out, "] ");
    for (int k = 0; k < m->n_path; k++) {
        const PathStep *q = &m->path[k];
        if (q->verb == PATH_CLOSE) {
            buf_puts(t->out, " -- cycle ");
            continue;
        }
        if (q->verb == PATH_LINE) buf_puts(t->out, " -- ");
        if (q->verb == PATH_CURVE) {
            buf_puts(t->out, " .. controls ");
            put_point(t, q->x1, q->y1);
            buf_puts(t->out, " and ");
            put_point(t, q->x2, q->y2);
            buf_puts(t->out, " .. ");
        }
        put_point(t, q->x, q->y);
    }
    buf_puts(t->out, ";\n");
}

static void begin_clip(Tikz *t, Box b) {
    buf_puts(t->out, "\\begin{scope}\\clip ");
    put_rectangle(t, b);
}

static void end_clip(Tikz *t) {
    buf_puts(t->out, "\\end{scope}\n");
}

static void put_hatch(Tikz *t, const Mark *m) {
    begin_clip(t, m->box);
    put_path(t, m);
    end_clip(t);
}

// By its anchor, not its left end: TeX's letters are a little wider or narrower than ours. Where
// they are much wider, as small mathematics is, \gwfit makes them smaller: what had room here has
// it there. A long formula gets our width: tints lie on parts of it.
static void put_words(Tikz *t, const Shape *s) {
    static const char *const anchors[] = {"base west", "base", "base east"};
    static const double shares[] = {0, 0.5, 1};
    enum { SLACK = 6, LONG = 60 }; // logical pixels: what is free beside any text
    double size = s->style.size * t->points;
    buf_printf(t->out, "\\node[anchor=%s,inner sep=0pt,outer sep=0pt,", anchors[s->align]);
    put_color(t, "text", s->fill);
    if (s->fill.strength < 1) buf_printf(t->out, "text opacity=%.3g,", (double)s->fill.strength);
    buf_printf(t->out, "font=\\fontsize{%.3g}{%.3g}\\selectfont%s%s] at ", size, size * 1.2,
               s->style.family == FONT_MONO ? "\\ttfamily" : "\\sffamily",
               s->style.weight == WEIGHT_BOLD ? "\\bfseries" : "");
    put_point(t, s->box.x + s->box.w * shares[s->align], s->baseline);
    bool is_long = s->kind == SHAPE_FORMULA && s->box.w > LONG;
    if (is_long)
        buf_printf(t->out, " {\\resizebox{%.5gpt}{!}{", s->box.w * t->points);
    else
        buf_printf(t->out, " {\\gwfit{%.5gpt}{", (s->box.w + SLACK) * t->points);
    if (s->kind == SHAPE_FORMULA) {
        buf_puts(t->out, "$");
        latex_formula(t->out, s->text, true);
        buf_puts(t->out, "$");
    } else if (s->style.family == FONT_MATH) {
        buf_puts(t->out, s->style.italic ? "\\textit{" : "\\textrm{");
        latex_text(t->out, s->text);
        buf_puts(t->out, "}");
    } else {
        latex_text(t->out, s->text);
    }
    buf_puts(t->out, "}};\n");
}

static void put_mark(Tikz *t, const Shape *s, const Mark *m) {
    switch (m->kind) {
    case MARK_BOX:
    case MARK_RING: put_box(t, m); break;
    case MARK_PATH: put_path(t, m); break;
    case MARK_HATCH: put_hatch(t, m); break;
    case MARK_WORDS: put_words(t, s); break;
    }
}

static void put_marks(Tikz *t, const MarkWalk *w) {
    int clip = w->shape->clip;
    if (clip) begin_clip(t, t->scene->clips[clip]);
    for (int k = 0; k < w->n; k++) put_mark(t, w->shape, &w->marks[k]);
    if (clip) end_clip(t);
}

void latex_roles(const Look *look, Buf *out) {
    static const struct {
        const char *name;
        Role role;
    } roles[] = {{"f", ROLE_F},
                 {"i", ROLE_I},
                 {"g", ROLE_G},
                 {"o", ROLE_O},
                 {"c", ROLE_C},
                 {"h", ROLE_H},
                 {"x", ROLE_X},
                 {"y", ROLE_Y},
                 {"text", ROLE_TEXT},
                 {"muted", ROLE_MUTED},
                 {"backward", ROLE_BACKWARD},
                 {"accent", ROLE_ACCENT},
                 {"faint", ROLE_FAINT},
                 {"warn", ROLE_WARN},
                 {"good", ROLE_GOOD},
                 {"wire", ROLE_WIRE},
                 {"line", ROLE_LINE}};
    for (size_t k = 0; k < sizeof roles / sizeof *roles; k++) {
        Color c = theme_color(look->theme, ink(roles[k].role));
        buf_printf(out, "\\definecolor{gw%s}{rgb}{%.3f,%.3f,%.3f}\n", roles[k].name, c.r, c.g, c.b);
    }
}

void latex_tikz(Arena *a, const Scene *s, const Look *look, Buf *out) {
    (void)a;
    double bp = picture_points(look);
    Tikz t = {out, s, look->theme, bp * 72.27 / 72};
    // a document that inputs this one reads only what stands in the picture
    buf_puts(out,
             "% Another document can \\input this, with amsmath, amssymb, tikz, standalone and,\n"
             "% for letters of any size, fix-cm. Chinese needs XeLaTeX or LuaLaTeX, with ctex.\n"
             "\\documentclass[tikz,border=1pt]{standalone}\n\\usepackage{amsmath,amssymb}\n");
    buf_puts(out, look->lang == LANG_ZH ? "\\usepackage{ctex}\n" : "\\usepackage{fix-cm}\n");
    buf_puts(out, "\\begin{document}\n\\begin{tikzpicture}");
    buf_printf(out, "[x=%.5gbp,y=-%.5gbp]\n" LATEX_COMMANDS, bp, bp);
    latex_roles(look, out);
    buf_puts(out, "\\newcommand\\gwfit[2]{\\sbox0{#2}"
                  "\\ifdim\\wd0>#1\\relax\\resizebox{#1}{!}{\\box0}\\else\\box0\\fi}\n");
    buf_printf(out, "\\useasboundingbox (0,0) rectangle (%.6g,%.6g);\n", s->width, s->height);
    for (MarkWalk w = mark_walk(s, look->theme, 0, -1); mark_next(&w);)
        if (w.n > 0) put_marks(&t, &w);
    buf_puts(out, "\\end{tikzpicture}\n\\end{document}\n");
}
