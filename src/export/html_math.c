// TeX as MathML, from the tree that the mathematics engine sets: the picture of a formula is for
// the eye, this is for screen readers and for copying.
#include <string.h>

#include "export/html_page.h"
#include "view/math_tree.h"

static void put_list(Buf *out, const MathNode *list);

static void put_row(Buf *out, const MathNode *list) {
    while (list && !list->next && list->kind == NODE_GROUP) list = list->a; // {a} is a
    buf_puts(out, "<mrow>");
    put_list(out, list);
    buf_puts(out, "</mrow>");
}

static void put_sign(Buf *out, const char *tag, uint32_t code) {
    char bytes[5] = {0};
    if (!code || code == '.') return; // \left. has no sign
    math_encode(code, bytes);
    buf_printf(out, "<%s>", tag);
    svg_escape(out, bytes);
    buf_printf(out, "</%s>", tag);
}

static void put_text(Buf *out, const char *tag, const char *text) {
    buf_printf(out, "<%s>", tag);
    svg_escape(out, text ? text : "");
    buf_printf(out, "</%s>", tag);
}

static void put_symbol(Buf *out, const MathNode *n) {
    bool digit = n->code >= '0' && n->code <= '9';
    put_sign(out, digit ? "mn" : n->cls == MATH_ORD ? "mi" : "mo", n->code);
}

static void put_primes(Buf *out, int n) {
    for (int k = 0; k < n; k++) buf_puts(out, "<mo>′</mo>");
}

// b is the subscript, c the superscript.
static void put_scripts(Buf *out, const MathNode *n) {
    bool sub = n->b != NULL, sup = n->c != NULL || n->n > 0;
    bool limits = n->limits == LIMITS_ALWAYS || (n->a && n->a->large && n->limits != LIMITS_NEVER);
    static const char *const tags[2][4] = {{"mrow", "msub", "msup", "msubsup"},
                                           {"mrow", "munder", "mover", "munderover"}};
    const char *tag = tags[limits][(sub ? 1 : 0) + (sup ? 2 : 0)];
    buf_printf(out, "<%s>", tag);
    put_row(out, n->a);
    if (sub) put_row(out, n->b);
    if (sup) {
        buf_puts(out, "<mrow>");
        put_primes(out, n->n);
        put_list(out, n->c);
        buf_puts(out, "</mrow>");
    }
    buf_printf(out, "</%s>", tag);
}

static void put_over(Buf *out, const char *tag, const MathNode *base, uint32_t sign) {
    buf_printf(out, "<%s>", tag);
    put_row(out, base);
    put_sign(out, "mo", sign);
    buf_printf(out, "</%s>", tag);
}

static void put_root(Buf *out, const MathNode *n) {
    if (!n->b) {
        buf_puts(out, "<msqrt>");
        put_list(out, n->a);
        buf_puts(out, "</msqrt>");
        return;
    }
    buf_puts(out, "<mroot>");
    put_row(out, n->a);
    put_row(out, n->b);
    buf_puts(out, "</mroot>");
}

static void put_matrix(Buf *out, const MathMatrix *m) {
    buf_puts(out, "<mtable>");
    for (int r = 0; r < m->rows; r++) {
        buf_puts(out, "<mtr>");
        for (int c = 0; c < m->cols; c++) {
            buf_puts(out, "<mtd>");
            put_list(out, m->cells[r * m->cols + c]);
            buf_puts(out, "</mtd>");
        }
        buf_puts(out, "</mtr>");
    }
    buf_puts(out, "</mtable>");
}

static void put_fraction(Buf *out, const MathNode *n) {
    buf_puts(out, "<mfrac>");
    put_row(out, n->a);
    put_row(out, n->b);
    buf_puts(out, "</mfrac>");
}

// a with b above and c below.
static void put_stack(Buf *out, const MathNode *n) {
    const char *tag = n->b && n->c ? "munderover" : n->b ? "mover" : "munder";
    buf_printf(out, "<%s>", tag);
    put_row(out, n->a);
    if (n->c) put_row(out, n->c);
    if (n->b) put_row(out, n->b);
    buf_printf(out, "</%s>", tag);
}

static void put_node(Buf *out, const MathNode *n) {
    switch (n->kind) {
    case NODE_SYMBOL: put_symbol(out, n); break;
    case NODE_NAME: put_text(out, "mi", n->text); break;
    case NODE_TEXT: put_text(out, "mtext", n->text); break;
    case NODE_GROUP:
    case NODE_COLOR:
    case NODE_TERM: put_row(out, n->a); break;
    case NODE_SCRIPTS: put_scripts(out, n); break;
    case NODE_FRAC: put_fraction(out, n); break;
    case NODE_SQRT: put_root(out, n); break;
    case NODE_ACCENT: put_over(out, "mover", n->a, n->code); break;
    case NODE_LINE: put_over(out, n->n > 0 ? "mover" : "munder", n->a, 0xAF); break;
    case NODE_BRACE: put_over(out, n->n > 0 ? "mover" : "munder", n->a, n->code); break;
    case NODE_FENCE:
        put_sign(out, "mo", n->code);
        put_row(out, n->a);
        put_sign(out, "mo", n->code2);
        break;
    case NODE_MIDDLE:
    case NODE_BIG: put_sign(out, "mo", n->code); break;
    case NODE_MATRIX: put_matrix(out, n->matrix); break;
    case NODE_STACK: put_stack(out, n); break;
    case NODE_SPACE:
    case NODE_STYLE: break;
    }
}

static void put_list(Buf *out, const MathNode *list) {
    for (; list; list = list->next) put_node(out, list);
}

void html_mathml(Arena *a, const char *tex, bool display, Buf *out) {
    MathNode *list;
    size_t at;
    const char *why;
    buf_printf(out, "<math class=\"heard\"%s>", display ? " display=\"block\"" : "");
    if (math_parse(a, tex, &list, &at, &why))
        put_list(out, list);
    else
        put_text(out, "mtext", tex);
    buf_puts(out, "</math>");
}
