// Equations as LaTeX. Our formulas are LaTeX but for two commands of our own, which are rewritten.
// Numbers take the places of names: a name's id says which value it stands for (view/tex.h).
#include "export/latex.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "core/unicode.h"
#include "view/math_tree.h"
#include "view/tex.h"

// Signs that TeX calls otherwise than the mathematics engine does, or that it would set as others.
static const struct {
    const char *sign, *tex;
} signs[] = {{"−", "-"},
             {"·", "\\cdot "},
             {"…", "\\ldots "},
             {"′", "'"},
             {"ŷ", "\\hat y"},
             {"◀", "\\triangleleft "},
             {"◁", "\\triangleleft "},
             {"▶", "\\triangleright "},
             {"⁰", "{}^0"},
             {"¹", "{}^1"},
             {"²", "{}^2"},
             {"³", "{}^3"},
             {"⁴", "{}^4"},
             {"⁵", "{}^5"},
             {"⁶", "{}^6"},
             {"⁷", "{}^7"},
             {"⁸", "{}^8"},
             {"⁹", "{}^9"}};

// A sign written as itself, as TeX's own; its length, 0 if there is none at p.
static size_t put_sign(Buf *out, const char *p, bool in_text) {
    const char *tex = NULL;
    size_t len = 0;
    for (size_t k = 0; k < sizeof signs / sizeof *signs && !len; k++)
        if (strncmp(p, signs[k].sign, strlen(signs[k].sign)) == 0) {
            tex = signs[k].tex;
            len = strlen(signs[k].sign);
        }
    int32_t code;
    size_t n = utf8_decode(p, strlen(p), &code);
    const MathCommand *known = len || code < 128 ? NULL : math_character((uint32_t)code);
    if (known && isalpha((unsigned char)*known->name)) {
        tex = arena_printf(out->arena, "\\%s ", known->name);
        len = n;
    }
    if (tex) buf_printf(out, in_text ? "\\ensuremath{%s}" : "%s", tex);
    return len;
}

void latex_text(Buf *out, const char *text) {
    for (const char *p = text; *p;) {
        size_t len = put_sign(out, p, true);
        p += len;
        if (len) continue;
        if (*p == '\\')
            buf_puts(out, "\\textbackslash{}");
        else if (*p == '~' || *p == '^')
            buf_printf(out, "\\%c{}", *p);
        else if (strchr("<>|", *p)) // letters of other shapes in TeX's old fonts
            buf_printf(out, "\\ensuremath{%c}", *p);
        else
            buf_printf(out, strchr("#$%&_{}", *p) ? "\\%c" : "%c", *p);
        p++;
    }
}

// The end of the group that begins at p ('{'), behind its '}'.
static const char *group_end(const char *p) {
    int depth = 0;
    for (; *p; p++) {
        if (*p == '\\' && p[1]) {
            p++;
            continue;
        }
        depth += *p == '{';
        depth -= *p == '}';
        if (*p == '}' && depth == 0) return p + 1;
    }
    return p;
}

// Would what stands around take only the first letter of a part that had no braces?
static bool needs_braces(const Buf *out, const char *after) {
    char before = out->len ? out->data[out->len - 1] : ' ';
    return *after == '_' || *after == '^' || before == '_' || before == '^' ||
           isalpha((unsigned char)before);
}

static void put_formula(Buf *out, const char *p, const char *end, bool roles) {
    while (p < end) {
        bool term = strncmp(p, "\\term{", 6) == 0, color = strncmp(p, "\\color{", 7) == 0;
        if (!term && !color) {
            size_t sign = put_sign(out, p, false);
            bool escaped = out->len > 0 && out->data[out->len - 1] == '\\';
            if (*p == '%' && !escaped) buf_puts(out, "\\"); // no comments in our formulas
            if (!sign) buf_put(out, p, 1);
            p += sign ? sign : 1;
            continue;
        }
        const char *word = p + (term ? 5 : 6), *body = group_end(word), *after = group_end(body);
        if (*body != '{' || after > end) return;
        bool braces = roles || needs_braces(out, after);
        if (braces) buf_puts(out, "{");
        if (color && roles) buf_printf(out, "\\color{gw%.*s}", (int)(body - word - 2), word + 1);
        put_formula(out, body + 1, after - 1, roles);
        if (braces) buf_puts(out, "}");
        p = after;
    }
}

void latex_formula(Buf *out, const char *tex, bool roles) {
    put_formula(out, tex, tex + strlen(tex), roles);
}

// --- numbers

typedef struct {
    const Look *look;
    View view;
    int part, place;
} Numbers;

// What say_number writes: digits, raised ones, and the signs −, ≈ and ×.
static void put_number(Buf *out, const Lesson *l, double x) {
    const char *text = say_number(out->arena, x, l->digits, false, LANG_EN);
    if (!isfinite(x)) {
        buf_printf(out, "\\text{%s}", text);
        return;
    }
    for (const char *p = text; *p;) {
        size_t len = put_sign(out, p, false);
        if (!len) buf_put(out, p, len = 1);
        p += len;
    }
}

enum { MATRIX_MAX = 8 }; // rows and columns that are written out

static void put_matrix(Buf *out, const Lesson *l, const double *values, Dim dim) {
    if (dim_count(dim) == 1) {
        put_number(out, l, values[0]);
        return;
    }
    buf_puts(out, "\\begin{bmatrix}");
    for (int r = 0; r < dim.rows && r <= MATRIX_MAX; r++) {
        for (int c = 0; c < dim.cols && c <= MATRIX_MAX; c++) {
            if (c) buf_puts(out, " & ");
            if (r == MATRIX_MAX || c == MATRIX_MAX)
                buf_puts(out, "\\cdots");
            else
                put_number(out, l, values[r * dim.cols + c]);
        }
        buf_puts(out, r + 1 < dim.rows ? " \\\\ " : "");
    }
    buf_puts(out, "\\end{bmatrix}");
}

// The numbers behind a name, or NULL if it stands for none.
static const double *values_of(const Lesson *l, Ref r) {
    const Node *n = &l->graph->nodes[r.node];
    if (n->steady || r.place >= 1) return trace_value(l->trace, r.node, r.place >= 1 ? r.place : 1);
    return n->equation >= 0 ? trace_start(l->trace, n->equation) : NULL;
}

// A leaf of the expression: its id tells what it stands for.
static void number_leaf(void *context, Buf *out, const Expr *leaf) {
    Numbers *w = context;
    Buf name = buf_new(out->arena);
    tex_leaf(&name, w->look->lesson, w->part, leaf, w->place, 0);
    const char *id = strstr(buf_str(&name), "\\term{");
    if (id) {
        const char *end = group_end(id + 5);
        Ref r = view_resolve(&w->view, arena_copy(out->arena, id + 6, (size_t)(end - id - 7)));
        const double *values = r.kind == REF_VALUE ? values_of(w->look->lesson, r) : NULL;
        if (values) {
            put_matrix(out, w->look->lesson, values, w->look->lesson->graph->nodes[r.node].dim);
            return;
        }
    }
    buf_puts(out, buf_str(&name));
}

// --- the document

// With brackets as high as the matrices between them.
static void put_grown(Buf *out, const char *tex) {
    Buf plain = buf_new(out->arena);
    latex_formula(&plain, tex, false);
    for (const char *p = buf_str(&plain); *p; p++) {
        bool escaped = p > plain.data && p[-1] == '\\';
        if (strchr("([", *p) && !escaped) buf_puts(out, "\\left");
        if (strchr(")]", *p) && !escaped) buf_puts(out, "\\right");
        buf_put(out, p, 1);
    }
}

// An equation with its first sign of equality where lines are aligned.
static void put_aligned(Buf *out, const char *tex, bool roles) {
    const char *p = tex;
    while (*p && *p != '=') p = *p == '{' ? group_end(p) : p + 1;
    put_formula(out, tex, p, roles);
    buf_puts(out, "&");
    latex_formula(out, p, roles);
}

// The step a frame stands at; false if it belongs to no equation.
static bool equation_step(const Lesson *l, const Frame *frame, Step *step) {
    if (frame->at.at < 1) return false;
    *step = walk_step(l->walk, frame->at.at - 1);
    return step->equation >= 0 && step->place >= 1;
}

static void put_equation(Arena *a, const Look *look, const Frame *frame, bool roles, Buf *out) {
    const Look own = picture_look(look, frame);
    const Lesson *l = own.lesson;
    Step step;
    if (!equation_step(l, frame, &step)) return;
    const Equation *e = &l->graph->equations[step.equation];
    Numbers w = {&own, picture_view(&own, frame), e->part, step.place};
    buf_puts(out, "\\begin{align*}\n");
    put_aligned(out, view_equation_tex(a, &w.view, step.equation, step.place), roles);
    if (e->ast && e->ast->value && step.phase != PHASE_BACKWARD) {
        Buf numbers = buf_new(a);
        tex_expr(&numbers, e->ast->value, number_leaf, &w);
        buf_puts(out, " \\\\\n&= ");
        put_grown(out, buf_str(&numbers));
    }
    const Node *n = &l->graph->nodes[e->node];
    if (step.phase == PHASE_BACKWARD) {
        buf_puts(out, " \\\\\n");
        latex_formula(out, tex_gradient(a, &w.view, e->node, step.place, 0, false), roles);
        buf_puts(out, " &= ");
        put_matrix(out, l, trace_grad(l->trace, e->node, step.place), n->dim);
    } else {
        buf_puts(out, " \\\\\n&= ");
        put_matrix(out, l, trace_value(l->trace, e->node, step.place), n->dim);
    }
    buf_puts(out, "\n\\end{align*}\n");
}

bool latex_equation(Arena *a, const Look *look, const Frame *frame, bool numbers, Buf *out) {
    const Look own = picture_look(look, frame);
    Step step;
    if (!equation_step(own.lesson, frame, &step)) return false;
    View view = picture_view(&own, frame);
    if (numbers)
        put_equation(a, look, frame, false, out);
    else
        latex_formula(out, view_equation_tex(a, &view, step.equation, step.place), false);
    return true;
}

static void put_table(const Lesson *l, int equation, bool grads, Buf *out) {
    const Equation *e = &l->graph->equations[equation];
    int rows = dim_count(l->graph->nodes[e->node].dim), steps = trace_steps(l->trace);
    enum { STEPS_MAX = 10 };
    int last = steps < STEPS_MAX ? steps : STEPS_MAX;
    buf_puts(out, "\\begin{tabular}{l");
    for (int t = 1; t <= last; t++) buf_puts(out, "r");
    buf_puts(out, "}\n\\hline\n");
    if (grads) buf_puts(out, "$\\partial L/\\partial{}$");
    latex_text(out, e->full);
    for (int t = 1; t <= last; t++) buf_printf(out, " & $t=%d$", t);
    buf_puts(out, " \\\\\n\\hline\n");
    for (int r = 0; r < rows; r++) {
        buf_printf(out, "%d", r + 1);
        for (int t = 1; t <= last; t++) {
            buf_puts(out, " & ");
            if (!trace_runs(l->trace, e->part, t)) continue;
            buf_puts(out, "$");
            put_number(out, l, (grads ? trace_grad : trace_value)(l->trace, e->node, t)[r]);
            buf_puts(out, "$");
        }
        buf_puts(out, " \\\\\n");
    }
    buf_puts(out, "\\hline\n\\end{tabular}\n\n\\medskip\n");
}

static void put_tables(const Look *look, bool grads, Buf *out) {
    static const char *const titles[2][LANG_COUNT] = {{"Values", "数值"}, {"Gradients", "梯度"}};
    const Graph *g = look->lesson->graph;
    buf_printf(out, "\\section*{%s}\n", titles[grads][look->lang]);
    for (int e = 0; e < g->n_equations; e++)
        if (!grads || g->equations[e].part != g->loss_part) put_table(look->lesson, e, grads, out);
}

void latex_document(Arena *a, const Look *look, const Frame *frames, int n, Buf *out) {
    const Lesson *l = look->lesson;
    const char *title = l->title[look->lang] ? l->title[look->lang] : l->title[LANG_EN];
    buf_printf(out, "\\documentclass{%s}\n", look->lang == LANG_ZH ? "ctexart" : "article");
    buf_puts(out, "\\usepackage[margin=20mm]{geometry}\n\\usepackage{amsmath,amssymb,xcolor}\n"
                  "\\setcounter{MaxMatrixCols}{20}\n" LATEX_COMMANDS);
    latex_roles(look, out);
    buf_puts(out, "\\title{");
    latex_text(out, title);
    buf_puts(out, "}\n\\date{}\n\\begin{document}\n\\maketitle\n");
    for (int k = 0; k < n; k++) {
        if (frames[k].at.at < 1) continue;
        buf_puts(out, "\\paragraph{\\texttt{");
        latex_text(out, picture_address(a, look, &frames[k]));
        buf_puts(out, "}} ");
        latex_text(out, picture_sentence(a, look, &frames[k]));
        buf_puts(out, "\n");
        put_equation(a, look, &frames[k], true, out);
    }
    put_tables(look, false, out);
    if (l->graph->loss_part >= 0) put_tables(look, true, out);
    buf_puts(out, "\\end{document}\n");
}
