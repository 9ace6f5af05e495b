// What things are called in prose: equations by label and letter, operations inside an equation
// by their formula, short enough to be read in one breath.
#include <math.h>
#include <string.h>

#include "lesson/say_words.h"
#include "lesson/sign.h"

enum { FORMULA_MOST = 40, DEEPEST = 12 };

// ---- names ----

/// The name of an equation or parameter as prose writes it; without `head.` or `loss.` where
/// nothing else is called so.
static const char *sign_of(const Say *s, const char *full) {
    static const char *const ends[] = {"head.", "loss."};
    const char *bare = full;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (strncmp(full, ends[i], strlen(ends[i])) == 0) bare = full + strlen(ends[i]);
    bool other = bare != full && (graph_find_equation(s->graph, bare) >= 0 ||
                                  graph_find_param(s->graph, bare) >= 0);
    return sign_name(s->arena, other ? full : bare);
}

// ---- equations ----

/// English words of a label take an article, unless they bring one.
static bool wants_article(const char *label) {
    bool word = label[0] >= 'a' && label[0] <= 'z';
    static const char *const first[] = {"the ", "a ", "an ", "what ", "how ", "which ", "where "};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        if (!strncmp(label, first[i], strlen(first[i]))) return false;
    return word;
}

const char *say_data(const Say *s) {
    return s->graph->data == s->graph->x ? "x" : "s";
}

const char *say_equation(const Say *s, int equation) {
    const Graph *g = s->graph;
    const Equation *e = &g->equations[equation];
    if (e->node == g->loss) return s->lang == LANG_ZH ? "损失" : "the loss";
    if (e->node == g->data)
        return arena_printf(s->arena, "%s %s", s->lang == LANG_ZH ? "输入" : "the input",
                            say_data(s));
    const char *label = e->label[s->lang];
    if (strcmp(label, e->name) == 0) return sign_of(s, e->full);
    bool article = s->lang == LANG_EN && wants_article(label);
    return arena_printf(s->arena, "%s%s %s", article ? "the " : "", label, sign_of(s, e->full));
}

// ---- formulas ----

const char *const say_relations[] = {"<", "≤", ">", "≥", "="};

// Precedence of what a formula shows last; what is looser goes into brackets.
enum { LOOSE_SUM = 1, LOOSE_PRODUCT, LOOSE_MATRIX, LOOSE_NEG, LOOSE_ATOM };

typedef struct {
    OpKind op;
    const char *sign;
    int level;
} Infix;

static const Infix infixes[] = {{OP_ADD, " + ", LOOSE_SUM},     {OP_SUB, " − ", LOOSE_SUM},
                                {OP_MUL, " × ", LOOSE_PRODUCT}, {OP_DIV, " / ", LOOSE_PRODUCT},
                                {OP_MATMUL, "·", LOOSE_MATRIX}, {OP_DOT, "·", LOOSE_MATRIX},
                                {OP_OUTER, "·", LOOSE_MATRIX},  {OP_MOD, " mod ", LOOSE_MATRIX}};

static const Infix *infix_of(OpKind op) {
    for (size_t i = 0; i < sizeof infixes / sizeof *infixes; i++)
        if (infixes[i].op == op) return &infixes[i];
    return NULL;
}

static bool is_equation(const Graph *g, int node) {
    int e = g->nodes[node].equation;
    return e >= 0 && g->equations[e].node == node;
}

/// The name of a node that has one, else NULL.
static const char *plain_name(const Say *s, int node) {
    const Graph *g = s->graph;
    const Node *n = &g->nodes[node];
    if (node == g->data) return say_data(s);
    if (node == g->draw) return "u";
    const Equation *dropout = graph_dropout(g, node);
    if (dropout && node == dropout->mask)
        return arena_printf(s->arena, "%s%s", g->parts[dropout->part].prefix,
                            graph_mask_name(dropout));
    if (node == g->loss) return s->lang == LANG_ZH ? "损失" : "the loss";
    if (is_equation(g, node)) return sign_of(s, g->equations[n->equation].full);
    if (n->op == OP_PARAM) return sign_of(s, g->params[n->param].full);
    if (node == g->target) return s->lang == LANG_ZH ? "目标" : "target";
    if (n->op == OP_INPUT || node == g->x) return "x";
    if (n->op == OP_TIMESTEP) return "t";
    if (n->op == OP_START) return s->lang == LANG_ZH ? "初始值" : "the start value";
    return NULL;
}

static int level_of(const Say *s, int node) {
    const Node *n = &s->graph->nodes[node];
    if (plain_name(s, node)) return LOOSE_ATOM;
    const Infix *i = infix_of(n->op);
    if (n->op == OP_SPREAD) return level_of(s, n->args[0].node);
    return i ? i->level : n->op == OP_NEG ? LOOSE_NEG : LOOSE_ATOM;
}

static void write_node(const Say *s, Buf *out, int node, int depth);

static void write_arg(const Say *s, Buf *out, Arg arg, int least, int depth) {
    bool bracket = level_of(s, arg.node) < least;
    if (bracket) buf_puts(out, "(");
    write_node(s, out, arg.node, depth + 1);
    if (bracket) buf_puts(out, ")");
    if (arg.lag > 0) buf_printf(out, "[t−%d]", arg.lag);
}

static void write_list(const Say *s, Buf *out, const Node *n, int n_args, const char *between,
                       int depth) {
    for (int k = 0; k < n_args && out->len <= 4 * FORMULA_MOST; k++) {
        if (k) buf_puts(out, between);
        write_arg(s, out, n->args[k], 0, depth);
    }
}

static void write_constant(const Say *s, Buf *out, const Node *n) {
    if (n->expr && n->expr->kind == EXPR_NAME) {
        buf_puts(out, sign_name(s->arena, n->expr->name));
    } else if (n->number == floor(n->number) && fabs(n->number) < 1e9) {
        buf_puts(out, say_number(s->arena, n->number, 0, true, s->lang));
    } else {
        buf_printf(out, n->number < 0 ? "−%g" : "%g", fabs(n->number));
    }
}

/// "(a if x < y, else b)".
static void write_where(const Say *s, Buf *out, const Node *n, int depth) {
    bool zh = s->lang == LANG_ZH;
    buf_puts(out, zh ? "（若 " : "(");
    if (!zh) write_arg(s, out, n->args[2], 0, depth), buf_puts(out, " if ");
    write_arg(s, out, n->args[0], 0, depth);
    buf_printf(out, " %s ", say_relations[n->compare]);
    write_arg(s, out, n->args[1], 0, depth);
    if (zh) buf_puts(out, " 则 "), write_arg(s, out, n->args[2], 0, depth);
    buf_puts(out, zh ? "，否则 " : ", else ");
    write_arg(s, out, n->args[3], 0, depth);
    buf_puts(out, zh ? "）" : ")");
}

/// What stands before and behind the arguments of a function, where that is not NAME(...).
static const struct {
    OpKind op;
    const char *before, *behind;
} calls[] = {
    {OP_SIGMOID, "σ(", ")"},
    {OP_LOGSIGMOID, "log σ(", ")"},
    {OP_HARD_SIGMOID, "hard σ(", ")"},
    {OP_HARD_SIGMOID_KERAS, "hard σ(", ")"},
    {OP_SQRT, "√(", ")"},
    {OP_ABS, "|", "|"},
};

static void write_call(const Say *s, Buf *out, const Node *n, int depth) {
    // A fused result has its target as a further argument, which is none of the formula's.
    int n_args = n->fused ? 1 : n->n_args;
    if (n->op == OP_CROSS_ENTROPY || n->op == OP_BINARY_CROSS_ENTROPY) n_args = 2;
    const char *before = arena_printf(s->arena, "%s(", op_defs[n->op].name), *behind = ")";
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (calls[i].op == n->op) before = calls[i].before, behind = calls[i].behind;
    buf_puts(out, before);
    write_list(s, out, n, n_args, ", ", depth);
    buf_puts(out, behind);
}

/// The operation itself, whatever it is called.
static void write_operation(const Say *s, Buf *out, int node, int depth) {
    const Node *n = &s->graph->nodes[node];
    const Infix *infix = infix_of(n->op);
    if (depth > DEEPEST || out->len > 4 * FORMULA_MOST) {
        buf_puts(out, "…………………………………………………"); // too long: see formula_of
    } else if (infix && n->n_args == 2) {
        bool strict = n->op == OP_SUB || n->op == OP_DIV || n->op == OP_MOD;
        write_arg(s, out, n->args[0], infix->level, depth);
        buf_puts(out, infix->sign);
        write_arg(s, out, n->args[1], infix->level + strict, depth);
        if (n->op == OP_OUTER) buf_puts(out, "ᵀ");
    } else if (n->op == OP_CONST) {
        write_constant(s, out, n);
    } else if (n->op == OP_STACK) {
        buf_puts(out, "[");
        write_list(s, out, n, n->n_args, "; ", depth);
        buf_puts(out, "]");
    } else if (n->op == OP_SLICE) {
        int last = n->lo + n->dim.rows - 1;
        write_arg(s, out, n->args[0], LOOSE_ATOM, depth);
        buf_printf(out, last > n->lo ? "[%d:%d]" : "[%d]", n->lo, last);
    } else if (n->op == OP_SPREAD || n->op == OP_COPY) {
        write_arg(s, out, n->args[0], 0, depth);
    } else if (n->op == OP_NEG) {
        buf_puts(out, "−");
        write_arg(s, out, n->args[0], LOOSE_MATRIX, depth);
    } else if (n->op == OP_TRANSPOSE) {
        write_arg(s, out, n->args[0], LOOSE_ATOM, depth);
        buf_puts(out, "ᵀ");
    } else if (n->op == OP_WHERE) {
        write_where(s, out, n, depth);
    } else {
        write_call(s, out, n, depth);
    }
}

static void write_node(const Say *s, Buf *out, int node, int depth) {
    const char *name = plain_name(s, node);
    if (name)
        buf_puts(out, name);
    else
        write_operation(s, out, node, depth);
}

static size_t characters(const char *text) {
    size_t n = 0;
    for (; *text; text++) n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

/// The formula of an operation with a space before it, or nothing where it is too long.
static const char *formula_of(const Say *s, int node) {
    Buf out = buf_new(s->arena);
    buf_puts(&out, " ");
    write_operation(s, &out, node, 0);
    bool fits = characters(buf_str(&out)) <= FORMULA_MOST + 1;
    return fits ? buf_str(&out) : "";
}

const char *say_operation(const Say *s, int node) {
    const OpDef *def = &op_defs[s->graph->nodes[node].op];
    const char *formula = formula_of(s, node);
    OpKind op = s->graph->nodes[node].op;
    bool zh = s->lang == LANG_ZH; // where a title beside the formula reads badly, save for products
    bool product = op == OP_MATMUL || op == OP_OUTER || op == OP_DOT;
    bool plain = op == OP_COPY || (def->is_function && op != OP_SIGMOID);
    if (*formula && !product && (zh || plain)) return formula + 1;
    const char *form = !zh ? "the %s%s" : *formula ? "%s%s" : "这个%s";
    return arena_printf(s->arena, form, def->title[s->lang], formula);
}

static const char *titled(const Say *s, int node) {
    const char *title = op_defs[s->graph->nodes[node].op].title[s->lang];
    return arena_printf(s->arena, s->lang == LANG_ZH ? "这个%s" : "the %s", title);
}

const char *say_symbol(const Say *s, int node) {
    const char *name = plain_name(s, node);
    if (name) return name;
    const char *formula = formula_of(s, node);
    return *formula ? formula + 1 : titled(s, node);
}

const char *say_symbol_at(const Say *s, int node, int place, int lag, int here) {
    const char *symbol = say_symbol(s, node);
    if (s->graph->nodes[node].steady) return symbol;
    if (lag > 0 && place != here) return arena_printf(s->arena, "%s[t−%d]", symbol, lag);
    if (place == here || place < 1) return symbol;
    if (s->lang == LANG_ZH) return arena_printf(s->arena, " t = %d 时的 %s", place, symbol);
    return arena_printf(s->arena, "%s at t = %d", symbol, place);
}

const char *say_gradient(const Say *s, int node) {
    const char *name = plain_name(s, node);
    if (node == s->graph->loss) name = s->lang == LANG_ZH ? "损失" : "loss";
    if (name) return arena_printf(s->arena, "∂L/∂%s", name);
    const char *form = s->lang == LANG_ZH ? "%s 的梯度" : "the blame of %s";
    return arena_printf(s->arena, form, say_operation(s, node));
}

const char *say_unit(const Say *s, int node, int unit) {
    Dim d = s->graph->nodes[node].dim;
    bool zh = s->lang == LANG_ZH;
    if (dim_count(d) == 1 || unit < 1) return "";
    if (d.cols == 1) return arena_printf(s->arena, zh ? "，单元 %d" : ", unit %d", unit);
    return arena_printf(s->arena, zh ? "，第 %d 行第 %d 列" : ", row %d, column %d",
                        (unit - 1) / d.cols + 1, (unit - 1) % d.cols + 1);
}

static const char *called(const Say *s, int node) {
    const Graph *g = s->graph;
    const Node *n = &g->nodes[node];
    bool zh = s->lang == LANG_ZH;
    if (is_equation(g, node)) return say_equation(s, n->equation);
    if (node == g->target) return zh ? "目标" : "the target";
    if (n->op == OP_INPUT || node == g->x) return zh ? "输入 x" : "the input x";
    if (n->op == OP_PARAM || n->op == OP_TIMESTEP || n->op == OP_CONST) return say_symbol(s, node);
    return say_operation(s, node);
}

static const char *name_of(const Say *s, int node, int place, int unit) {
    const char *name = called(s, node), *element = say_unit(s, node, unit);
    if (s->graph->nodes[node].steady || place < 0)
        return arena_printf(s->arena, "%s%s", name, element);
    if (place == 0)
        return arena_printf(s->arena,
                            s->lang == LANG_ZH ? "%s的初始值%s" : "the start value of %s%s", name,
                            element);
    if (s->lang == LANG_ZH) return arena_printf(s->arena, "t = %d 时的%s%s", place, name, element);
    return arena_printf(s->arena, "%s%s, at t = %d", name, element, place);
}

const char *say_name(Arena *a, const Lesson *lesson, int node, int place, int unit, Lang lang) {
    Say s = say_new(a, lesson, lang, (Playhead){0, 0});
    const char *text = name_of(&s, node, place, unit);
    return lang == LANG_ZH ? say_spaced(a, text) : text;
}
