// The tree as text, one line an item. Operations are written as calls, so that
// the text shows what binds what. Trees can be as deep as a line is long (a + b +
// c + ...), so what is still to be printed is kept in a list, not on the stack.
#include "core/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Either a piece of text or an expression.
typedef struct {
    const char *text;
    const Expr *expr;
} Piece;

typedef struct {
    Arena *arena;
    Piece *list;
    int count, cap;
} Pieces;

static void push(Pieces *todo, const char *text, const Expr *expr) {
    Piece piece = {text, expr};
    ARENA_PUSH(todo->arena, todo->list, todo->count, todo->cap, piece);
}

static void put_number(Buf *out, double number) {
    char text[32];
    for (int digits = 15; digits <= 17; digits++) { // the fewest that read back the same
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number) break;
    }
    buf_puts(out, text);
}

static const char *head_of(Arena *a, const Expr *e) {
    static const char *const compares[] = {"<", "<=", ">", ">=", "=="};
    if (e->kind == EXPR_SLICE) return "slice(";
    if (e->op == OP_WHERE) return arena_printf(a, "where %s(", compares[e->compare]);
    return arena_printf(a, "%s(", op_defs[e->op].name);
}

// Prints the start of an operation and leaves its arguments for later, in reverse.
static void open_operation(Pieces *todo, const Expr *e, Buf *out) {
    buf_puts(out, head_of(todo->arena, e));
    push(todo, ")", NULL);
    if (e->kind == EXPR_SLICE && e->hi) push(todo, NULL, e->hi), push(todo, ":", NULL);
    if (e->kind == EXPR_SLICE) push(todo, NULL, e->lo), push(todo, ", ", NULL);
    for (int i = e->n_args - 1; i >= 0; i--) {
        push(todo, NULL, e->args[i]);
        if (i > 0) push(todo, ", ", NULL);
    }
}

static void put_expr(Buf *out, const Expr *e) {
    Pieces todo = {.arena = out->arena};
    push(&todo, NULL, e);
    while (todo.count > 0) {
        Piece p = todo.list[--todo.count];
        if (p.text) {
            buf_puts(out, p.text);
            continue;
        }
        e = p.expr;
        if (e->kind == EXPR_NUMBER)
            put_number(out, e->number);
        else if (e->kind == EXPR_NAME && e->lag)
            buf_printf(out, "%s[t-%d]", e->name, e->lag);
        else if (e->kind == EXPR_NAME)
            buf_puts(out, e->name);
        else
            open_operation(&todo, e, out);
    }
}

static void put_text(Buf *out, const char *word, const char *text) {
    if (text) buf_printf(out, "%s \"%s\"\n", word, text);
}

// English, Chinese
static void put_labels(Buf *out, const char *const text[2]) {
    if (text[0]) buf_printf(out, " \"%s\"", text[0]);
    if (text[1]) buf_printf(out, " zh \"%s\"", text[1]);
    buf_puts(out, "\n");
}

static void put_texts(Buf *out, const char *word, const char *const text[2]) {
    if (!text[0] && !text[1]) return;
    buf_puts(out, word);
    put_labels(out, text);
}

static void put_size(Buf *out, const char *word, const SizeAst *s) {
    buf_printf(out, "%s %s ", word, s->name);
    put_expr(out, s->rows);
    if (s->cols) buf_puts(out, " x "), put_expr(out, s->cols);
    buf_puts(out, "\n");
}

static void put_equation(Buf *out, const EquationAst *eq) {
    buf_printf(out, "equation %s ", eq->name);
    put_expr(out, eq->value);
    put_labels(out, eq->label);
}

static void put_value(Buf *out, const char *word, const ValueAst *v) {
    buf_printf(out, "%s %s ", word, v->name);
    put_expr(out, v->value);
    buf_puts(out, "\n");
}

static void put_init(Buf *out, const InitAst *init) {
    static const char *const kinds[] = {"constant", "uniform", "glorot", "orthogonal",
                                        "identity", "normal",  "chrono"};
    buf_printf(out, "init %s %s ", init->pattern, kinds[init->rule.kind]);
    put_number(out, init->rule.a);
    buf_puts(out, "\n");
}

void cell_dump(const CellAst *c, Buf *out) {
    buf_printf(out, "cell %s\n", c->name);
    put_text(out, "title", c->title[0]);
    put_text(out, "zh", c->title[1]);
    put_texts(out, "source", c->origin);
    put_texts(out, "note", c->note);
    for (int i = 0; i < c->n_sizes; i++) put_size(out, "size", &c->sizes[i]);
    for (int i = 0; i < c->n_params; i++) put_size(out, "param", &c->params[i]);
    for (int i = 0; i < c->n_consts; i++) put_value(out, "const", &c->consts[i]);
    for (int i = 0; i < c->n_equations; i++) put_equation(out, &c->equations[i]);
    for (int i = 0; i < c->n_starts; i++) put_value(out, "start", &c->starts[i]);
    for (int i = 0; i < c->n_inits; i++) put_init(out, &c->inits[i]);
    buf_printf(out, "output %s\n", c->output);
}
