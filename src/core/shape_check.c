// Every shape of a part is computed once more from its parameters upward, now that those are
// known, and where operands do not fit the message says so with their names and sizes in words.
// One mistake an equation: what follows from a wrong shape is not worth reading.
#include <string.h>

#include "core/shape.h"
#include "core/unicode.h"

// ---- words

const char *shape_words(Arena *a, Dim dim) {
    if (dim_single(dim)) return "a single number";
    if (dim.cols == 1) return arena_printf(a, "a column of %d", dim.rows);
    return arena_printf(a, "%d×%d", dim.rows, dim.cols);
}

enum { WORDS_MAX = 40 }; // characters of an expression that a message repeats

/// The text of an expression as the user wrote it, cut when long.
static const char *words_of(Arena *a, const CellAst *cell, const Expr *e) {
    if (e->kind == EXPR_NAME && e->lag == 0) return e->name;
    if (e->kind == EXPR_NAME) return arena_printf(a, "%s[t-%d]", e->name, e->lag);
    const char *text = cell->source->text + e->span.at;
    size_t at = 0;
    for (int n = 0; at < e->span.len && n < WORDS_MAX; n++) {
        int32_t c;
        at += utf8_decode(text + at, e->span.len - at, &c);
    }
    return arena_printf(a, "%.*s%s", (int)at, text, at < e->span.len ? " …" : "");
}

static const char *term_words(const Draft *d, int term) {
    return words_of(d->arena, d->cell, d->terms[term].expr);
}

// "h[t-1] (4) and x (2)": what a stack is made of.
static const char *stack_words(const Draft *d, const Term *t) {
    Buf b = buf_new(d->arena);
    for (int k = 0; k < t->n_args; k++) {
        int part = term_arg(d, t, k);
        Dim dim = term_dim(d, part);
        const char *comma = k == 0 ? "" : k == t->n_args - 1 ? " and " : ", ";
        buf_printf(&b, "%s%s (%d)", comma, term_words(d, part), dim.rows);
    }
    return buf_str(&b);
}

// ---- the rules once more, on known shapes

static bool fits(Dim dim, Dim whole) {
    return dim_single(dim) || dim_equal(dim, whole);
}

static bool shape_spread(int n, const Dim *args, Dim *out) {
    Dim whole = {1, 1};
    for (int k = 0; k < n; k++)
        if (!dim_single(args[k]) && dim_single(whole)) whole = args[k];
    *out = whole;
    for (int k = 0; k < n; k++)
        if (!fits(args[k], whole)) return false;
    return true;
}

static bool shape_stack(int n, const Dim *args, Dim *out) {
    int64_t rows = 0;
    for (int k = 0; k < n; k++) {
        if (args[k].cols != args[0].cols) return false;
        rows += args[k].rows;
    }
    *out = (Dim){rows > SHAPE_MAX_SIDE ? SHAPE_MAX_SIDE + 1 : (int)rows, args[0].cols};
    return true;
}

static bool shape_columns(const Dim *args) {
    return args[0].cols == 1 && args[1].cols == 1;
}

bool shape_of(OpKind op, int n, const Dim *args, Dim *out) {
    switch (op_defs[op].shape) {
    case SHAPE_RULE_SAME: *out = args[0]; return true;
    case SHAPE_RULE_SPREAD: return shape_spread(n, args, out);
    case SHAPE_RULE_MATMUL:
        *out = (Dim){args[0].rows, args[1].cols};
        return args[0].cols == args[1].rows;
    case SHAPE_RULE_TRANSPOSE: *out = (Dim){args[0].cols, args[0].rows}; return true;
    case SHAPE_RULE_SCALAR: *out = (Dim){1, 1}; return true;
    case SHAPE_RULE_OUTER: *out = (Dim){args[0].rows, args[1].rows}; return shape_columns(args);
    case SHAPE_RULE_DOT:
        *out = (Dim){1, 1};
        return shape_columns(args) && args[0].rows == args[1].rows;
    case SHAPE_RULE_DRAW: *out = args[0]; return args[1].rows == 1;
    case SHAPE_RULE_STACK: return shape_stack(n, args, out);
    case SHAPE_RULE_LOSS:
        *out = op == OP_CROSS_ENTROPY ? (Dim){1, 1} : args[0];
        return dim_equal(args[0], args[1]);
    case SHAPE_RULE_NONE:
    case SHAPE_RULE_SLICE: break;
    }
    return false; // values and slices have no rule on arguments alone
}

// ---- messages

static bool matmul_error(const Draft *d, const Term *t, const Dim *dim) {
    int left = term_arg(d, t, 0), right = term_arg(d, t, 1);
    const Term *under = &d->terms[right];
    const char *a = term_words(d, left), *b = term_words(d, right);
    if (dim[0].cols == 1 && dim[1].cols == 1)
        return draft_error(d, t->expr->span,
                           "%s and %s are columns (%d and %d rows), and @ is the matrix product: "
                           "write %s * %s for element by element, dot(%s, %s) for one number",
                           a, b, dim[0].rows, dim[1].rows, a, b, a, b);
    const char *kind = dim[1].cols == 1 ? "column" : "matrix";
    if (under->op == OP_STACK)
        return draft_error(d, t->expr->span, "%s is %d×%d, but the %s under it has %d rows: %s", a,
                           dim[0].rows, dim[0].cols, kind, dim[1].rows, stack_words(d, under));
    return draft_error(d, t->expr->span, "%s is %d×%d, but the %s %s under it has %d row%s", a,
                       dim[0].rows, dim[0].cols, kind, b, dim[1].rows, dim[1].rows == 1 ? "" : "s");
}

// A parameter without a `param` line was taken for the shape of the whole; it may be meant as one
// number.
static const char *single_hint(const Draft *d, int term) {
    int name = d->terms[term].name;
    if (name < 0 || d->names[name].kind != NAME_PARAM || d->names[name].declared) return NULL;
    return arena_printf(d->arena, "; with the line `param %s : 1`, %s is one", d->names[name].name,
                        d->names[name].name);
}

// The first operand that is the whole, and the first that does not fit it.
static bool spread_error(const Draft *d, const Term *t, const Dim *dim) {
    int whole = 0, other = 0;
    while (dim_single(dim[whole])) whole++;
    while (fits(dim[other], dim[whole])) other++;
    int one = term_arg(d, t, whole), two = term_arg(d, t, other);
    const char *hint = single_hint(d, two);
    if (!hint) hint = single_hint(d, one);
    return draft_error(d, t->expr->span,
                       "%s is %s, but %s is %s; only a single number spreads over the other%s",
                       term_words(d, one), shape_words(d->arena, dim[whole]), term_words(d, two),
                       shape_words(d->arena, dim[other]), hint ? hint : "");
}

static bool columns_error(const Draft *d, const Term *t, const Dim *dim) {
    const char *name = op_defs[t->op].name;
    for (int k = 0; k < 2; k++)
        if (dim[k].cols != 1)
            return draft_error(d, t->expr->span, "%s is of two columns, and %s is %s", name,
                               term_words(d, term_arg(d, t, k)), shape_words(d->arena, dim[k]));
    return draft_error(d, t->expr->span,
                       "%s needs columns of the same size, and %s has %d rows, %s has %d", name,
                       term_words(d, term_arg(d, t, 0)), dim[0].rows,
                       term_words(d, term_arg(d, t, 1)), dim[1].rows);
}

static bool stack_error(const Draft *d, const Term *t, const Dim *dim) {
    int k = 1;
    while (dim[k].cols == dim[0].cols) k++;
    return draft_error(d, t->expr->span,
                       "parts of [a; b] need equally many columns: %s is %s, %s is %s",
                       term_words(d, term_arg(d, t, 0)), shape_words(d->arena, dim[0]),
                       term_words(d, term_arg(d, t, k)), shape_words(d->arena, dim[k]));
}

static bool loss_error(const Draft *d, const Term *t, const Dim *dim) {
    return draft_error(d, t->expr->span, "the output is %s, but the target is %s",
                       shape_words(d->arena, dim[0]), shape_words(d->arena, dim[1]));
}

typedef bool ShapeError(const Draft *d, const Term *t, const Dim *dim);

static ShapeError *const shape_errors[] = {
    [SHAPE_RULE_SPREAD] = spread_error, [SHAPE_RULE_MATMUL] = matmul_error,
    [SHAPE_RULE_OUTER] = columns_error, [SHAPE_RULE_DOT] = columns_error,
    [SHAPE_RULE_STACK] = stack_error,   [SHAPE_RULE_LOSS] = loss_error};

// ---- terms, statements, parameters

static bool check_slice(const Draft *d, Term *t) {
    int arg = term_arg(d, t, 0);
    Dim dim = term_dim(d, arg);
    if (!t->lo || !t->hi) return false; // told when the bounds were read
    if (t->hi > dim.rows)
        return draft_error(d, t->expr->span, "%s has %d row%s, so there is no row %d",
                           term_words(d, arg), dim.rows, dim.rows == 1 ? "" : "s", t->hi);
    t->dim = (Dim){t->hi - t->lo + 1, dim.cols};
    return true;
}

static bool check_size(const Draft *d, const Term *t) {
    Dim dim = t->dim;
    if (dim.rows <= SHAPE_MAX_SIDE && dim.cols <= SHAPE_MAX_SIDE &&
        (int64_t)dim.rows * dim.cols <= SHAPE_MAX_COUNT)
        return true;
    return draft_error(d, t->expr->span,
                       "this is %s: too large, a block has at most %d rows, %d columns and %d "
                       "numbers",
                       shape_words(d->arena, dim), SHAPE_MAX_SIDE, SHAPE_MAX_SIDE, SHAPE_MAX_COUNT);
}

static bool check_term(const Draft *d, Term *t) {
    if (t->n_args == 0) return true;
    if (t->op == OP_SLICE) return check_slice(d, t);
    Dim *dim = ARENA_ARRAY(d->arena, Dim, t->n_args);
    for (int k = 0; k < t->n_args; k++) dim[k] = term_dim(d, term_arg(d, t, k));
    if (!shape_of(t->op, t->n_args, dim, &t->dim))
        return shape_errors[op_defs[t->op].shape](d, t, dim);
    return check_size(d, t);
}

static const char *size_line(const Draft *d, const char *name, Dim dim) {
    if (dim.cols == 1) return arena_printf(d->arena, "size %s = %d", name, dim.rows);
    return arena_printf(d->arena, "size %s = %d x %d", name, dim.rows, dim.cols);
}

static bool check_assigned(const Draft *d, const Statement *st) {
    const Name *n = &d->names[st->name];
    Dim got = term_dim(d, st->first + st->count - 1);
    if (fits(got, n->dim)) return true;
    bool is_target = d->spec->head_rows && strcmp(n->name, d->cell->output) == 0;
    const char *is = shape_words(d->arena, n->dim), *gives = shape_words(d->arena, got);
    if (st->is_start)
        return draft_error(d, st->root->span, "%s is %s, but its start value is %s", n->name, is,
                           gives);
    if (d->kind == PART_HEAD)
        return draft_error(d, st->root->span, "%s is %s, as %s, but its equation gives %s", n->name,
                           is, is_target ? "the targets need" : "h is", gives);
    return draft_error(d, st->root->span, "%s is %s, but its equation gives %s: %s `%s`", n->name,
                       is, gives, n->sized ? "change its line to" : "add the line",
                       size_line(d, n->name, got));
}

static bool is_open(const Draft *d, const Statement *st) {
    for (int i = st->first; i < st->first + st->count; i++)
        if (d->terms[i].name >= 0 && !dim_known(term_dim(d, i))) return true;
    return false;
}

static bool check_statement(const Draft *d, const Statement *st) {
    if (is_open(d, st)) return true; // told once for the parameter
    for (int i = st->first; i < st->first + st->count; i++)
        if (!check_term(d, &d->terms[i])) return false;
    return check_assigned(d, st);
}

// Does the parameter stand beside a slice whose rows are wrong, which was told?
static bool beside_wrong_slice(const Draft *d, const Name *n) {
    for (int i = 0; i < n->n_readers; i++) {
        const Statement *st = &d->statements[n->readers[i]];
        for (int k = st->first; k < st->first + st->count; k++) {
            const Term *t = &d->terms[k];
            if (t->op == OP_SLICE && (t->lo == 0 || t->hi == 0 || t->lo > t->hi)) return true;
        }
    }
    return false;
}

static bool param_open(const Draft *d, const Name *n) {
    if (n->declared) return false; // its own line was wrong, and that was told
    if (beside_wrong_slice(d, n)) return false;
    if (d->kind == PART_HEAD) // a head has no `param` lines
        return draft_error(
            d, n->use->span,
            "the shape of %s does not follow from the head: give what it makes a "
            "name of its own, which is a column as long as h: \"z = %s @ h; y = ...\"",
            n->name, n->name);
    const char *rows = n->dim.rows ? arena_printf(d->arena, "%d", n->dim.rows) : "ROWS";
    const char *cols = n->dim.cols ? arena_printf(d->arena, "%d", n->dim.cols) : "COLS";
    const char *shape = n->dim.cols == 1 ? rows : arena_printf(d->arena, "%s x %s", rows, cols);
    return draft_error(d, n->use->span,
                       "the shape of %s does not follow from the equations: add the line "
                       "`param %s : %s`",
                       n->name, n->name, shape);
}

static bool check_param(const Draft *d, const Name *n) {
    if (n->kind != NAME_PARAM) return true;
    if (!dim_known(n->dim)) return param_open(d, n);
    if ((int64_t)n->dim.rows * n->dim.cols <= SHAPE_MAX_COUNT) return true;
    const double gib = 1024.0 * 1024 * 1024 / sizeof(double);
    return draft_error(d, n->use->span,
                       "%s is %s: too large for memory, it needs %.3g GiB and a block has at most "
                       "%.3g GiB",
                       n->name, shape_words(d->arena, n->dim),
                       (double)n->dim.rows * n->dim.cols / gib, SHAPE_MAX_COUNT / gib);
}

bool shape_check(Draft *d) {
    bool ok = true;
    for (int i = 0; i < d->n_names; i++) ok = check_param(d, &d->names[i]) && ok;
    for (int i = 0; i < d->n_statements; i++) ok = check_statement(d, &d->statements[i]) && ok;
    return ok;
}
