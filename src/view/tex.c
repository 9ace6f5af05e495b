// From the cell language to the notation of papers. The shape of an operation comes from its row
// in op_defs; here are only the names, and the brackets: an argument is bracketed when it binds
// more loosely than its place asks for.
#include "view/tex.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lesson/sign.h"

// --- names

/// Characters, counting a letter and the marks on it (U+0300..U+036F) as one.
static int letters(const char *s, size_t n) {
    int count = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        bool mark = c == 0xCC || (c == 0xCD && i + 1 < n && (unsigned char)s[i + 1] < 0xB0);
        if ((c & 0xC0) != 0x80 && !mark) count++;
    }
    return count;
}

/// One part of a name between underscores.
static void put_word(Buf *out, const char *s, size_t n) {
    if (sign_greek(s, n)) {
        buf_printf(out, "\\%.*s", (int)n, s);
    } else if (n == 3 && strncmp(s, "eps", n) == 0) {
        buf_puts(out, "\\epsilon");
    } else if (letters(s, n) > 1 && strspn(s, "0123456789") < n) {
        buf_puts(out, "\\mathrm{");
        buf_put(out, s, n);
        buf_puts(out, "}");
    } else {
        buf_put(out, s, n);
    }
}

/// A name taken apart: h1_in_tilde has the base "h", the subscript "1,in" and a tilde.
typedef struct {
    const char *base;
    size_t base_len;
    const char *digits; // at the end of the base
    size_t n_digits;
    const char *tail; // after the first underscore, up to an accent
    size_t tail_len;
    const Accent *accent;
} NameParts;

static NameParts split_name(const char *name) {
    NameParts p = {.base = name};
    size_t n = strlen(name);
    p.accent = sign_accent(name, &n);
    const char *bar = n > 1 ? memchr(name + 1, '_', n - 1) : NULL;
    p.base_len = bar ? (size_t)(bar - name) : n;
    if (bar && (size_t)(bar - name) + 1 < n) p.tail = bar + 1, p.tail_len = n - p.base_len - 1;
    size_t end = p.base_len;
    while (end > 1 && name[end - 1] >= '0' && name[end - 1] <= '9') end--;
    if (letters(name, end) == 1 || sign_greek(name, end)) {
        p.digits = name + end;
        p.n_digits = p.base_len - end;
        p.base_len = end;
    }
    return p;
}

static void put_base(Buf *out, const NameParts *p, const char *over) {
    if (over) buf_printf(out, "%s{", over);
    if (p->accent) buf_printf(out, "%s{", p->accent->tex);
    put_word(out, p->base, p->base_len);
    if (p->accent) buf_puts(out, "}");
    if (over) buf_puts(out, "}");
}

static void put_subscript(Buf *out, const NameParts *p, const char *sub) {
    const char *comma = "";
    buf_puts(out, "_{");
    if (p->n_digits) buf_put(out, p->digits, p->n_digits), comma = ",";
    for (size_t i = 0; i < p->tail_len;) {
        const char *next = memchr(p->tail + i, '_', p->tail_len - i);
        size_t n = next ? (size_t)(next - p->tail) - i : p->tail_len - i;
        if (n) {
            buf_puts(out, comma);
            if (sign_is_pair(p->base, p->base_len, p->tail + i, n))
                buf_put(out, p->tail + i, n);
            else
                put_word(out, p->tail + i, n);
            comma = ",";
        }
        i += n + 1;
    }
    if (sub) buf_printf(out, "%s%s", comma, sub);
    buf_puts(out, "}");
}

void tex_name(Buf *out, const char *name, const char *sub, const char *sup, const char *over) {
    NameParts p = split_name(name);
    put_base(out, &p, over);
    if (p.n_digits || p.tail_len || sub) put_subscript(out, &p, sub);
    if (sup) buf_printf(out, "^{%s}", sup);
}

void tex_number(Buf *out, double value) {
    char text[40];
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        double back;
        if (sscanf(text, "%lf", &back) == 1 && back == value) break;
    }
    char *e = strchr(text, 'e');
    if (!e) {
        buf_puts(out, text);
        return;
    }
    int power = 0;
    sscanf(e + 1, "%d", &power);
    *e = '\0';
    if (power > 0 && power < 7 && value == floor(value))
        buf_printf(out, "%.0f", value);
    else if (strcmp(text, "1") == 0)
        buf_printf(out, "10^{%d}", power);
    else
        buf_printf(out, "%s \\times 10^{%d}", text, power);
}

const char *tex_time(Arena *a, int place, int lag, bool backward) {
    int step = backward ? lag : -lag;
    if (place > 0) return arena_printf(a, "%d", place + step);
    return step ? arena_printf(a, "t%+d", step) : "t";
}

// --- expressions

/// How tightly a piece of TeX holds together.
enum { HOLD_LOOSE, HOLD_SUM, HOLD_NEG, HOLD_MUL, HOLD_MATMUL, HOLD_FRAC, HOLD_ATOM };

/// What an operation's TeX holds, and what it asks of its first and its other arguments.
typedef struct {
    int holds, first, others;
} Hold;

static Hold hold_of(OpKind op) {
    static const Hold rows[OP_COUNT] = {
        [OP_ADD] = {HOLD_SUM, HOLD_SUM, HOLD_MUL},
        [OP_SUB] = {HOLD_SUM, HOLD_SUM, HOLD_MUL},
        [OP_NEG] = {HOLD_NEG, HOLD_MUL, HOLD_MUL},
        [OP_MUL] = {HOLD_MUL, HOLD_NEG, HOLD_MATMUL},
        [OP_MOD] = {HOLD_MUL, HOLD_MATMUL, HOLD_MATMUL},
        [OP_DOT] = {HOLD_MUL, HOLD_MATMUL, HOLD_MATMUL},
        [OP_MATMUL] = {HOLD_MATMUL, HOLD_MATMUL, HOLD_FRAC},
        [OP_OUTER] = {HOLD_MATMUL, HOLD_ATOM, HOLD_ATOM},
        [OP_TRANSPOSE] = {HOLD_ATOM, HOLD_ATOM, HOLD_ATOM},
        [OP_DIV] = {HOLD_FRAC, HOLD_LOOSE, HOLD_LOOSE},
        [OP_CROSS_ENTROPY] = {HOLD_SUM, HOLD_ATOM, HOLD_ATOM},
        [OP_BINARY_CROSS_ENTROPY] = {HOLD_SUM, HOLD_ATOM, HOLD_ATOM},
    };
    if (op == OP_WHERE) return (Hold){HOLD_LOOSE, HOLD_LOOSE, HOLD_LOOSE};
    if (rows[op].holds == HOLD_LOOSE) return (Hold){HOLD_ATOM, HOLD_LOOSE, HOLD_LOOSE};
    return rows[op];
}

typedef struct {
    Buf *out;
    TexLeaf *leaf;
    void *context;
} Writer;

static void put_expr(const Writer *w, const Expr *e);

static int holds(const Expr *e) {
    if (e->kind == EXPR_OP) return hold_of(e->op).holds;
    if (e->kind == EXPR_NUMBER && e->number < 0) return HOLD_NEG;
    return HOLD_ATOM;
}

/// Is it higher than a line, so that brackets must grow?
static bool is_tall(const Expr *e) {
    if (e->kind == EXPR_SLICE) return is_tall(e->args[0]);
    if (e->kind != EXPR_OP) return false;
    if (e->op == OP_DIV || e->op == OP_WHERE) return true;
    for (int i = 0; i < e->n_args; i++)
        if (is_tall(e->args[i])) return true;
    return false;
}

/// An argument where at least `least` is asked for.
static void put_argument(const Writer *w, const Expr *e, int least) {
    bool delimited = least == HOLD_LOOSE;
    bool brackets = !delimited && (holds(e) < least || e->bracketed);
    if (brackets) buf_puts(w->out, is_tall(e) ? "\\left(" : "(");
    put_expr(w, e);
    if (brackets) buf_puts(w->out, is_tall(e) ? "\\right)" : ")");
}

static void put_stack(const Writer *w, const Expr *e) {
    bool tall = is_tall(e);
    buf_puts(w->out, tall ? "\\left[" : "[");
    for (int i = 0; i < e->n_args; i++) {
        if (i) buf_puts(w->out, "; ");
        put_expr(w, e->args[i]);
    }
    buf_puts(w->out, tall ? "\\right]" : "]");
}

/// A product with a plain number has no ⊙; a matrix product is two things side by side.
static const char *template_of(const Expr *e) {
    const Expr *right = e->n_args > 1 ? e->args[1] : NULL;
    if (e->op == OP_MUL && right && (right->kind == EXPR_NUMBER || e->args[0]->kind == EXPR_NUMBER))
        return right->kind == EXPR_NUMBER ? "#0 \\cdot #1" : "#0\\,#1";
    if (e->op == OP_MATMUL) return right->kind == EXPR_NAME ? "#0 #1" : "#0\\,#1";
    if (e->op == OP_TRANSPOSE) return "{#0}^{\\top}";
    if (e->op == OP_OUTER) return "#0\\,{#1}^{\\top}";
    return op_defs[e->op].tex;
}

static const char *relation(Compare c) {
    static const char *const signs[] = {"<", "\\le", ">", "\\ge", "="};
    return signs[c];
}

/// Fills an operation's template; its own brackets grow round tall arguments.
static void put_template(const Writer *w, const Expr *e, const char *tex) {
    Hold hold = hold_of(e->op);
    bool tall = e->op != OP_WHERE && is_tall(e) && e->op != OP_DIV;
    for (const char *s = tex; *s; s++) {
        if (*s == '#' && s[1] == 'r') {
            buf_puts(w->out, relation(e->compare));
            s++;
        } else if (*s == '#' && s[1] >= '0' && s[1] - '0' < e->n_args) {
            int k = *++s - '0';
            put_argument(w, e->args[k], k ? hold.others : hold.first);
        } else if (tall && (*s == '(' || *s == ')') && (s == tex || s[-1] != 't')) {
            buf_puts(w->out, *s == '(' ? "\\left(" : "\\right)");
        } else {
            buf_put(w->out, s, 1);
        }
    }
}

/// where(a, b, where(...)) is one brace with a row for each condition.
static void put_cases(const Writer *w, const Expr *e) {
    buf_puts(w->out, "\\begin{cases} ");
    const Expr *rest = e;
    for (; rest->kind == EXPR_OP && rest->op == OP_WHERE; rest = rest->args[3]) {
        put_expr(w, rest->args[2]);
        buf_puts(w->out, " & ");
        put_expr(w, rest->args[0]);
        buf_printf(w->out, " %s ", relation(rest->compare));
        put_expr(w, rest->args[1]);
        buf_puts(w->out, " \\\\ ");
    }
    put_expr(w, rest);
    buf_puts(w->out, " & \\mathrm{else} \\end{cases}");
}

static void put_call(const Writer *w, const Expr *e) {
    buf_printf(w->out, "\\operatorname{%s}(", op_defs[e->op].name);
    for (int i = 0; i < e->n_args; i++) {
        if (i) buf_puts(w->out, ", ");
        put_expr(w, e->args[i]);
    }
    buf_puts(w->out, ")");
}

static void put_slice(const Writer *w, const Expr *e) {
    put_argument(w, e->args[0], HOLD_ATOM);
    buf_puts(w->out, "[");
    put_expr(w, e->lo);
    if (e->hi) {
        buf_puts(w->out, "{:}");
        put_expr(w, e->hi);
    }
    buf_puts(w->out, "]");
}

static void put_plain_leaf(void *context, Buf *out, const Expr *leaf) {
    (void)context;
    if (leaf->kind == EXPR_NUMBER)
        tex_number(out, leaf->number);
    else
        tex_name(out, leaf->name, leaf->lag ? tex_time(out->arena, 0, leaf->lag, false) : NULL,
                 NULL, NULL);
}

static void put_expr(const Writer *w, const Expr *e) {
    switch (e->kind) {
    case EXPR_NUMBER:
    case EXPR_NAME: w->leaf(w->context, w->out, e); return;
    case EXPR_SLICE: put_slice(w, e); return;
    case EXPR_OP: break;
    }
    if (e->op == OP_STACK)
        put_stack(w, e);
    else if (e->op == OP_WHERE)
        put_cases(w, e);
    else if (op_defs[e->op].tex)
        put_template(w, e, template_of(e));
    else
        put_call(w, e);
}

void tex_expr(Buf *out, const Expr *e, TexLeaf *leaf, void *context) {
    Writer w = {out, leaf ? leaf : put_plain_leaf, context};
    put_expr(&w, e);
}
