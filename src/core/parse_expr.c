// Recursive descent; the rule stands above its function. A chain such as
// a + b + c is a loop and may be as long as a line; whatever nests (brackets,
// calls, signs, transposes, slices) is counted, going in and coming out, so that
// neither this parser nor anyone who walks its trees runs out of stack on nesting.
#include "core/parser.h"

#include <math.h>
#include <string.h>

#include "core/op.h"

enum { MAX_LAG = 1000000000 }; // so that place + lag is an int

Span span_join(Span from, Span to) {
    return (Span){from.at, to.at + to.len - from.at};
}

static Expr *binary(Parser *p, int level);

// --- building

// An expression; NULL with one mistake when the cell has too many.
static Expr *expr_new(Parser *p, ExprKind kind, Span span) {
    if (++p->n_exprs > CELL_MAX_EXPRS) {
        if (p->n_exprs == CELL_MAX_EXPRS + 1)
            parse_fail(p, span, "the cell is too large: more than %d names, numbers and operations",
                       CELL_MAX_EXPRS);
        return NULL;
    }
    Expr *e = ARENA_NEW(p->arena, Expr);
    e->kind = kind;
    e->span = span;
    e->op_span = span;
    return e;
}

static Expr *expr_op(Parser *p, OpKind op, Span span, Span op_span, int n_args, Expr *const *args) {
    Expr *e = expr_new(p, EXPR_OP, span);
    if (!e) return NULL;
    e->op = op;
    e->op_span = op_span;
    e->n_args = n_args;
    e->args = ARENA_ARRAY(p->arena, Expr *, n_args);
    if (n_args) memcpy(e->args, args, (size_t)n_args * sizeof *args);
    return e;
}

static bool too_deep(Parser *p, Span span) {
    return parse_fail(p, span, "nested more than %d deep; give a part of it a name of its own",
                      CELL_MAX_DEPTH);
}

static bool enter(Parser *p, Span span) {
    return ++p->depth <= CELL_MAX_DEPTH || too_deep(p, span);
}

// What was read last is now inside one more bracket, call, sign or slice.
static bool nest(Parser *p, Span span) {
    return ++p->height <= CELL_MAX_DEPTH || too_deep(p, span);
}

// Stands for something wrong that is already said, so that reading can go on.
static Expr *poison(Parser *p, Span span) {
    return expr_new(p, EXPR_NUMBER, span);
}

static void note_use(Parser *p, const Expr *e, Symbol *symbol) {
    UseKind kind = p->use;
    if (kind != USE_SIZE && !symbol->used) symbol->used = true;
    NameUse use = {e, symbol, kind};
    ARENA_PUSH(p->arena, p->uses, p->n_uses, p->uses_cap, use);
}

// Steps over the bracket that closes `open`.
static bool close_bracket(Parser *p, const Token *open, TokenKind kind) {
    if (parse_accept(p, kind)) return true;
    bool ends = p->token->kind == TOKEN_END || p->token->kind == TOKEN_STRING;
    if (ends) return parse_fail(p, open->span, "this %.*s is never closed", TOKEN_TEXT(p, open));
    return parse_fail_unexpected(p, kind == TOKEN_RIGHT ? "an operator, a comma or )"
                                                        : "an operator or ]");
}

// --- calls

static bool may_call(const Parser *p, const Symbol *s) {
    return s->function != OP_COUNT &&
           (p->text == TEXT_BUILTIN || !op_defs[s->function].is_internal);
}

// An unknown function: say so, with the nearest.
static void fail_function(Parser *p, const Token *name) {
    const char *words[OP_COUNT + 1];
    int n = 0;
    for (int k = 0; k < OP_COUNT; k++)
        if (op_defs[k].is_function && !op_defs[k].is_internal) words[n++] = op_defs[k].name;
    words[n] = NULL;
    const char *near = nearest_word(name->symbol->name, words);
    if (near)
        parse_fail(p, name->span, "there is no function %s; did you mean %s?", name->symbol->name,
                   near);
    else
        parse_fail(
            p, name->span,
            "there is no function %s; if %s is a value, write * or @ between it and the bracket",
            name->symbol->name, name->symbol->name);
}

typedef struct {
    Expr **list;
    int count, cap;
} Args;

static void args_push(Parser *p, Args *args, Expr *e) {
    ARENA_PUSH(p->arena, args->list, args->count, args->cap, e);
}

// "a, lo, hi": what a function of n arguments is given, for its mistakes.
static const char *argument_names(OpKind op, int n) {
    if (op == OP_CLIP) return "a, lo, hi";
    if (op == OP_MOD) return "a, n";
    return n == 1 ? "a" : n == 2 ? "a, b" : "a, b, c";
}

static void check_arity(Parser *p, const Token *name, OpKind op, int given) {
    if (op_defs[op].is_internal) return; // only in texts of our own
    int wanted = op_defs[op].arity;
    if (wanted < 0 || given == wanted) return;
    parse_fail(p, name->span, "%s(%s) takes %d argument%s, not %d", name->symbol->name,
               argument_names(op, wanted), wanted, wanted == 1 ? "" : "s", given);
}

// expression { , expression }
static bool arguments(Parser *p, Args *args) {
    int height = 0;
    do {
        Expr *e = binary(p, 0);
        if (!e) return false;
        if (p->height > height) height = p->height;
        args_push(p, args, e);
    } while (parse_accept(p, TOKEN_COMMA));
    p->height = height;
    return true;
}

// Is the condition that begins at the next token in brackets of its own? Then the
// token that closes them, else NULL.
static const Token *bracketed_condition(const Parser *p) {
    if (p->token->kind != TOKEN_LEFT) return NULL;
    int open = 0;
    bool compares = false;
    for (const Token *t = p->token; t->kind != TOKEN_END; t++) {
        open += t->kind == TOKEN_LEFT || t->kind == TOKEN_OPEN;
        open -= t->kind == TOKEN_RIGHT || t->kind == TOKEN_CLOSE;
        compares = compares || (open == 1 && t->kind >= TOKEN_LT && t->kind <= TOKEN_EQ);
        if (open == 0) return compares && t->kind == TOKEN_RIGHT ? t : NULL;
    }
    return NULL;
}

// condition = expression ( < | <= | > | >= | == ) expression
static bool condition(Parser *p, const Token *name, Args *args, Compare *compare, int *height) {
    const Token *open = p->token;
    bool bracketed = bracketed_condition(p) != NULL;
    if (bracketed) p->token++;
    Expr *left = binary(p, 0);
    if (!left) return false;
    *height = p->height;
    TokenKind kind = p->token->kind;
    if (kind < TOKEN_LT || kind > TOKEN_EQ) {
        if (kind == TOKEN_ASSIGN) return parse_fail(p, p->token->span, "to compare, write ==");
        if (kind != TOKEN_COMMA && kind != TOKEN_RIGHT)
            return parse_fail_unexpected(p, "a comparison (< <= > >= ==)");
        return parse_fail(p, span_join(name->span, left->span),
                          "where needs a comparison first: where(a > 0, b, c)");
    }
    *compare = (Compare)(kind - TOKEN_LT);
    p->token++;
    Expr *right = binary(p, 0);
    if (!right) return false;
    if (p->height > *height) *height = p->height;
    args_push(p, args, left);
    args_push(p, args, right);
    kind = p->token->kind;
    if (kind >= TOKEN_LT && kind <= TOKEN_EQ)
        return parse_fail(p, p->token->span, "a condition has one comparison only");
    return !bracketed || close_bracket(p, open, TOKEN_RIGHT);
}

// where(condition, expression, expression)
static bool where_arguments(Parser *p, const Token *name, Args *args, Compare *compare) {
    int height = 0;
    if (!condition(p, name, args, compare, &height)) return false;
    if (parse_accept(p, TOKEN_COMMA) && !arguments(p, args)) return false;
    if (height > p->height) p->height = height;
    if (args->count != 4 && p->token->kind == TOKEN_RIGHT)
        parse_fail(p, name->span,
                   "where takes a condition and two values, where(a > 0, b, c), not %d",
                   args->count - 2);
    return true;
}

// NAME ( [arguments] )
static Expr *call(Parser *p, const Token *name) {
    const Token *open = p->token++;
    OpKind op = may_call(p, name->symbol) ? name->symbol->function : OP_COUNT;
    if (p->use == USE_SIZE)
        return parse_fail(p, name->span, "a size has no functions, only + - * / and brackets"),
               NULL;
    if (op == OP_COUNT) fail_function(p, name);
    if (!enter(p, open->span)) return NULL;

    Args args = {0};
    Compare compare = COMPARE_LT;
    p->height = 0;
    if (p->token->kind != TOKEN_RIGHT) {
        bool fine =
            op == OP_WHERE ? where_arguments(p, name, &args, &compare) : arguments(p, &args);
        if (!fine) return NULL;
    } else if (op == OP_WHERE) {
        parse_fail(p, name->span, "where takes a condition and two values: where(a > 0, b, c)");
    }
    if (p->token->kind == TOKEN_SEMICOLON)
        return parse_fail(p, p->token->span, "arguments are separated by commas"), NULL;
    const Token *close = p->token;
    if (!close_bracket(p, open, TOKEN_RIGHT) || !nest(p, open->span)) return NULL;
    p->depth--;

    Span span = span_join(name->span, close->span);
    if (op == OP_COUNT) return poison(p, span);
    if (op != OP_WHERE) check_arity(p, name, op, args.count);
    Expr *e = expr_op(p, op, span, name->span, args.count, args.list);
    if (e) e->compare = compare;
    return e;
}

// --- operands

// ( expression )
static Expr *brackets(Parser *p) {
    const Token *open = p->token++;
    if (!enter(p, open->span)) return NULL;
    Expr *e = binary(p, 0);
    if (!e) return NULL;
    const Token *close = p->token;
    if (close->kind == TOKEN_COMMA)
        return parse_fail(p, close->span, "a comma in brackets; did you mean [a; b] for a stack?"),
               NULL;
    if (!close_bracket(p, open, TOKEN_RIGHT) || !nest(p, open->span)) return NULL;
    p->depth--;
    e->span = span_join(open->span, close->span);
    e->bracketed = true;
    return e;
}

// [ expression { ; expression } ]   or   [ expression { , expression } ]
static Expr *stack(Parser *p) {
    const Token *open = p->token++;
    if (p->use == USE_SIZE)
        return parse_fail(p, open->span, "a size is one number, not a stack"), NULL;
    if (!enter(p, open->span)) return NULL;
    if (p->token->kind == TOKEN_CLOSE)
        return parse_fail(p, span_join(open->span, p->token->span),
                          "an empty stack; write [a; b] or [a, b]"),
               NULL;
    Args args = {0};
    TokenKind separator = TOKEN_END; // not known yet
    for (int height = 0;;) {
        Expr *e = binary(p, 0);
        if (!e) return NULL;
        args_push(p, &args, e);
        height = p->height = p->height > height ? p->height : height;
        TokenKind kind = p->token->kind;
        if (kind != TOKEN_SEMICOLON && kind != TOKEN_COMMA) break;
        if (separator != TOKEN_END && kind != separator)
            return parse_fail(p, p->token->span,
                              "; and , in one stack; both put the next part below, so write one "
                              "of them throughout"),
                   NULL;
        separator = kind;
        p->token++;
    }
    const Token *close = p->token;
    if (!close_bracket(p, open, TOKEN_CLOSE) || !nest(p, open->span)) return NULL;
    p->depth--;
    Span span = span_join(open->span, close->span);
    return expr_op(p, OP_STACK, span, span, args.count, args.list);
}

static Expr *name(Parser *p) {
    const Token *t = p->token++;
    Symbol *s = t->symbol;
    if (p->token->kind == TOKEN_LEFT) return call(p, t);
    if (may_call(p, s)) {
        parse_fail(p, t->span, "%s is a function; write %s(%s)", s->name, s->name,
                   argument_names(s->function, op_defs[s->function].arity));
        return poison(p, t->span);
    }
    Expr *e = expr_new(p, EXPR_NAME, t->span);
    if (!e) return NULL;
    e->name = s->name;
    note_use(p, e, s);
    return e;
}

static Expr *number(Parser *p) {
    const Token *t = p->token++;
    if (p->use == USE_SIZE && (t->number != floor(t->number) || t->number > 1e15))
        parse_fail(p, t->span, "%.*s is not a whole number of rows", TOKEN_TEXT(p, t));
    Expr *e = expr_new(p, EXPR_NUMBER, t->span);
    if (e) e->number = t->number;
    return e;
}

// operand = NUMBER | NAME | call | brackets | stack
static Expr *operand(Parser *p) {
    p->height = 0;
    switch ((int)p->token->kind) {
    case TOKEN_NUMBER: return number(p);
    case TOKEN_NAME: return name(p);
    case TOKEN_LEFT: return brackets(p);
    case TOKEN_OPEN: return stack(p);
    default:
        return parse_fail_unexpected(p,
                                     p->use == USE_SIZE ? "a whole number or a size" : "a value"),
               NULL;
    }
}

// --- what follows an operand

// Why this cannot be read at an earlier timestep, or NULL.
static const char *no_lag(const Parser *p, const Expr *e) {
    if (p->text == TEXT_HEAD) return "a head sees this timestep only; it has no lags";
    if (e->kind == EXPR_NAME && !e->bracketed && e->lag)
        return "a lag after a lag; write one, as in c[t-2]";
    if (e->kind == EXPR_SLICE) return "the lag comes before the slice: c[t-1][1:2]";
    if (e->kind != EXPR_NAME || e->bracketed)
        return "a lag stands directly on a name: c[t-1]; give this a name of its own";
    return NULL;
}

// lag = [ t - NUMBER ]
static bool lag(Parser *p, Expr *e, const Token *open) {
    const Token *t = p->token++;
    const Token *sign = p->token, *number = sign->kind == TOKEN_END ? sign : sign + 1;
    if (sign->kind == TOKEN_CLOSE)
        return parse_fail(p, span_join(open->span, sign->span),
                          "a name alone is its value at this timestep; leave [t] out");
    if (sign->kind == TOKEN_PLUS)
        return parse_fail(p, span_join(open->span, sign->span),
                          "a cell cannot read the future; a lag is [t-1], [t-2], ...");
    if (sign->kind != TOKEN_MINUS)
        return parse_fail(p, t->span, "t cannot stand in a slice; a lag is [t-1], [t-2], ...");
    if (number->kind == TOKEN_NUMBER && number[1].kind == TOKEN_END)
        return parse_fail(p, open->span, "this [ is never closed");
    if (number->kind != TOKEN_NUMBER || number[1].kind != TOKEN_CLOSE)
        return parse_fail(p, span_join(t->span, number->span),
                          "a lag is [t-1], [t-2], ... with a plain number");
    if (!(number->number >= 1 && number->number <= MAX_LAG) ||
        number->number != floor(number->number))
        return parse_fail(p, number->span, "a lag is a whole number of 1 or more");
    p->token = number + 1;
    Span span = span_join(open->span, p->token->span);
    p->token++;
    const char *why = no_lag(p, e);
    if (why) return parse_fail(p, span, "%s", why);
    e->lag = (int)number->number;
    e->span = span_join(e->span, span);
    return true;
}

// slice = [ size ]  |  [ size : size ]
static Expr *slice(Parser *p, Expr *e, const Token *open) {
    int height = p->height;
    UseKind use = p->use;
    p->use = USE_SIZE;
    if (p->token->kind == TOKEN_COLON || p->token->kind == TOKEN_CLOSE)
        return parse_fail(p, p->token->span,
                          "a slice names its rows: a[3], or a[2:4] with both ends"),
               NULL;
    Expr *hi = NULL, *lo = binary(p, 0);
    if (!lo) return NULL;
    if (parse_accept(p, TOKEN_COLON)) {
        if (p->token->kind == TOKEN_CLOSE)
            return parse_fail(p, p->token->span, "a slice names both its ends: a[2:4]"), NULL;
        if (!(hi = binary(p, 0))) return NULL;
    }
    if (p->token->kind == TOKEN_COMMA || p->token->kind == TOKEN_SEMICOLON)
        return parse_fail(p, p->token->span,
                          "a slice cuts rows only: a[2:4]; for columns, a'[2:4]'"),
               NULL;
    p->use = use;
    p->height = height;
    const Token *close = p->token;
    if (!close_bracket(p, open, TOKEN_CLOSE) || !nest(p, open->span)) return NULL;
    Expr *cut = expr_new(p, EXPR_SLICE, span_join(e->span, close->span));
    if (!cut) return NULL;
    cut->op_span = span_join(open->span, close->span);
    cut->n_args = 1;
    cut->args = ARENA_ARRAY(p->arena, Expr *, 1);
    cut->args[0] = e;
    cut->lo = lo;
    cut->hi = hi;
    return cut;
}

// postfix = operand { ' | lag | slice }
static Expr *postfix(Parser *p) {
    Expr *e = operand(p);
    while (e && p->use != USE_SIZE) {
        const Token *t = p->token;
        if (parse_accept(p, TOKEN_PRIME)) {
            if (!nest(p, t->span)) return NULL;
            e = expr_op(p, OP_TRANSPOSE, span_join(e->span, t->span), t->span, 1, &e);
        } else if (parse_accept(p, TOKEN_OPEN)) {
            bool of_time = p->token->kind == TOKEN_NAME && p->token->symbol->builtin == BUILTIN_T;
            if (!of_time)
                e = slice(p, e, t);
            else if (!lag(p, e, t))
                return NULL;
        } else {
            break;
        }
    }
    return e;
}

// unary = - unary | postfix
static Expr *unary(Parser *p) {
    const Token *t = p->token;
    if (t->kind != TOKEN_MINUS) return postfix(p);
    p->token++;
    if (!enter(p, t->span)) return NULL;
    Expr *e = unary(p);
    if (!e || !nest(p, t->span)) return NULL;
    p->depth--;
    return expr_op(p, OP_NEG, span_join(t->span, e->span), t->span, 1, &e);
}

// --- operators of two operands, from loose to tight

enum { TIGHTEST = 2 };

static const struct {
    TokenKind token;
    int level;
    OpKind op;
} operators[] = {
    {TOKEN_PLUS, 0, OP_ADD},  {TOKEN_MINUS, 0, OP_SUB}, {TOKEN_STAR, 1, OP_MUL},
    {TOKEN_SLASH, 1, OP_DIV}, {TOKEN_AT, 2, OP_MATMUL},
};

static OpKind operator_at(TokenKind kind, int level) {
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (operators[i].token == kind && operators[i].level == level) return operators[i].op;
    return OP_COUNT;
}

// expression = product { (+ | -) product }
// product    = matmul { (* | /) matmul }
// matmul     = unary { @ unary }
static Expr *binary(Parser *p, int level) {
    if (level > TIGHTEST) return unary(p);
    Expr *left = binary(p, level + 1);
    for (OpKind op; left && (op = operator_at(p->token->kind, level)) != OP_COUNT;) {
        const Token *sign = p->token++;
        int height = p->height;
        if (p->use == USE_SIZE && op == OP_MATMUL)
            return parse_fail(p, sign->span, "a size has only + - * / and brackets"), NULL;
        Expr *right = binary(p, level + 1);
        if (!right) return NULL;
        if (height > p->height) p->height = height;
        Expr *pair[] = {left, right};
        left = expr_op(p, op, span_join(left->span, right->span), sign->span, 2, pair);
    }
    return left;
}

Expr *parse_expression(Parser *p, UseKind use) {
    p->in_expression = true;
    p->use = use;
    p->depth = 0;
    return binary(p, 0);
}

Expr *parse_size(Parser *p) {
    return parse_expression(p, USE_SIZE);
}
