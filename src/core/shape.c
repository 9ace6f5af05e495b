// How open shapes are found. Every operator ties the sides of its operands and of its result
// together; a side that is known fills the others. Statements are looked at again when a shape in
// them became known, until nothing moves. Only then is the one guess made that the language
// allows: where something that spreads leaves a shape open, it has the shape of the whole; and
// after each statement that guessed, what follows from it for certain comes first again. So the
// result does not depend on the order of the equations.
//
// Nothing is refused here: a side that is known is never changed. shape_check.c compares.
#include "core/shape.h"

typedef struct {
    Draft *d;
    bool changed; // some side was filled
    bool guess;   // the rule for open shapes may be used
} Infer;

enum { ROWS, COLS };

static int get(const Draft *d, int term, int side) {
    Dim dim = term_dim(d, term);
    return side == ROWS ? dim.rows : dim.cols;
}

static void put(Infer *in, int term, int side, int value) {
    if (value < 1 || value > SHAPE_MAX_SIDE || get(in->d, term, side)) return;
    Term *t = &in->d->terms[term];
    Name *n = t->name >= 0 ? &in->d->names[t->name] : NULL;
    Dim *dim = n ? &n->dim : &t->dim;
    *(side == ROWS ? &dim->rows : &dim->cols) = value;
    in->changed = true;
    for (int i = 0; n && i < n->n_readers; i++) {
        in->d->statements[n->readers[i]].dirty = true;
        in->d->statements[n->readers[i]].guessable = true;
    }
}

static void tie(Infer *in, int a, int side_a, int b, int side_b) {
    put(in, a, side_a, get(in->d, b, side_b));
    put(in, b, side_b, get(in->d, a, side_a));
}

static void tie_both(Infer *in, int a, int b) {
    tie(in, a, ROWS, b, ROWS);
    tie(in, a, COLS, b, COLS);
}

static void put_both(Infer *in, int term, int rows, int cols) {
    put(in, term, ROWS, rows);
    put(in, term, COLS, cols);
}

// ---- one rule for each way a shape comes about; `r` is the result, `a` its arguments

static void infer_same(Infer *in, int r, const int *a, int n) {
    (void)n;
    tie_both(in, r, a[0]);
}

static bool is_single(const Draft *d, int term) {
    return dim_single(term_dim(d, term));
}

// Operands are the whole, or 1x1. What is more than 1 on some side is the whole; so is the only
// operand that is not 1x1.
static void infer_spread(Infer *in, int r, const int *a, int n) {
    const Draft *d = in->d;
    int n_other = 0, other = -1;
    for (int k = 0; k < n; k++)
        if (!is_single(d, a[k])) n_other++, other = a[k];
    if (n_other == 0) put_both(in, r, 1, 1);
    if (n_other == 1) tie_both(in, r, other);
    for (int side = ROWS; side <= COLS; side++) {
        int n_one = 0;
        for (int k = 0; k < n; k++) {
            Dim dim = term_dim(d, a[k]);
            if (dim.rows > 1 || dim.cols > 1) tie(in, r, side, a[k], side);
            n_one += get(d, a[k], side) == 1;
        }
        if (n_one == n) put(in, r, side, 1);
        int whole = get(d, r, side);
        for (int k = 0; k < n; k++)
            if (whole == 1 || in->guess) put(in, a[k], side, whole);
    }
}

static void infer_matmul(Infer *in, int r, const int *a, int n) {
    (void)n;
    tie(in, r, ROWS, a[0], ROWS);
    tie(in, r, COLS, a[1], COLS);
    tie(in, a[0], COLS, a[1], ROWS);
}

static void infer_transpose(Infer *in, int r, const int *a, int n) {
    (void)n;
    tie(in, r, ROWS, a[0], COLS);
    tie(in, r, COLS, a[0], ROWS);
}

static void infer_scalar(Infer *in, int r, const int *a, int n) {
    (void)a, (void)n;
    put_both(in, r, 1, 1);
}

static void infer_outer(Infer *in, int r, const int *a, int n) {
    (void)n;
    put(in, a[0], COLS, 1);
    put(in, a[1], COLS, 1);
    tie(in, r, ROWS, a[0], ROWS);
    tie(in, r, COLS, a[1], ROWS);
}

static void infer_dot(Infer *in, int r, const int *a, int n) {
    infer_scalar(in, r, a, n);
    put(in, a[0], COLS, 1);
    put(in, a[1], COLS, 1);
    tie(in, a[0], ROWS, a[1], ROWS);
}

static void infer_draw(Infer *in, int r, const int *a, int n) {
    infer_same(in, r, a, n);
    put_both(in, a[1], 1, 1);
}

// One above the other, equally wide; one part of open height has what the others leave.
static void infer_stack(Infer *in, int r, const int *a, int n) {
    int64_t sum = 0;
    int n_open = 0, open = -1;
    for (int k = 0; k < n; k++) tie(in, r, COLS, a[k], COLS);
    for (int k = n; k-- > 0;) tie(in, r, COLS, a[k], COLS);
    for (int k = 0; k < n; k++) {
        int part = get(in->d, a[k], ROWS);
        sum += part;
        if (!part) n_open++, open = a[k];
    }
    if (sum > SHAPE_MAX_SIDE) return;
    if (n_open == 0) put(in, r, ROWS, (int)sum);
    if (n_open == 1) put(in, open, ROWS, get(in->d, r, ROWS) - (int)sum);
}

static void infer_slice(Infer *in, int r, const int *a, int n) {
    (void)n;
    const Term *t = &in->d->terms[r];
    if (t->lo && t->hi) put(in, r, ROWS, t->hi - t->lo + 1);
    tie(in, r, COLS, a[0], COLS);
}

static void infer_loss(Infer *in, int r, const int *a, int n) {
    (void)n;
    tie_both(in, a[0], a[1]);
    if (in->d->terms[r].op == OP_CROSS_ENTROPY)
        put_both(in, r, 1, 1);
    else
        tie_both(in, r, a[0]);
}

typedef void InferRule(Infer *in, int r, const int *a, int n);

static InferRule *const infer_rules[] = {
    [SHAPE_RULE_SAME] = infer_same,     [SHAPE_RULE_SPREAD] = infer_spread,
    [SHAPE_RULE_MATMUL] = infer_matmul, [SHAPE_RULE_TRANSPOSE] = infer_transpose,
    [SHAPE_RULE_SCALAR] = infer_scalar, [SHAPE_RULE_OUTER] = infer_outer,
    [SHAPE_RULE_DOT] = infer_dot,       [SHAPE_RULE_STACK] = infer_stack,
    [SHAPE_RULE_SLICE] = infer_slice,   [SHAPE_RULE_LOSS] = infer_loss,
    [SHAPE_RULE_DRAW] = infer_draw};

static void infer_term(Infer *in, int term) {
    const Term *t = &in->d->terms[term];
    if (t->n_args == 0) return;
    InferRule *rule = infer_rules[op_defs[t->op].shape];
    if (rule) rule(in, term, in->d->args + t->first_arg, t->n_args);
}

// The whole of a statement is what it is assigned to, or 1x1, which then spreads.
static void infer_assigned(Infer *in, const Statement *st) {
    Dim dim = in->d->names[st->name].dim;
    int root = st->first + st->count - 1;
    if (dim.rows == 1 || in->guess) put(in, root, ROWS, dim.rows);
    if (dim.cols == 1 || in->guess) put(in, root, COLS, dim.cols);
}

static void infer_down(Infer *in, const Statement *st) {
    infer_assigned(in, st);
    for (int i = st->first + st->count; i-- > st->first;) infer_term(in, i);
}

static void infer_surely(Infer *in, Statement *st) {
    do {
        in->changed = false;
        for (int i = 0; i < st->count; i++) infer_term(in, st->first + i);
        infer_down(in, st);
    } while (in->changed);
    st->dirty = false;
}

static bool any_surely(Infer *in) {
    bool any = false;
    for (int i = 0; i < in->d->n_statements; i++) {
        if (!in->d->statements[i].dirty) continue;
        infer_surely(in, &in->d->statements[i]);
        any = true;
    }
    return any;
}

// A known shape of a whole flows down; operands that are open take it. True if any did.
static bool guess_in(Infer *in, Statement *st) {
    in->guess = true;
    in->changed = false;
    infer_down(in, st);
    in->guess = false;
    st->guessable = false;
    if (in->changed) st->dirty = true;
    return in->changed;
}

void shape_infer(Draft *d) {
    Infer in = {.d = d};
    int next = 0;
    do {
        while (any_surely(&in)) continue;
        // An earlier statement may have become guessable again by what was found since.
        for (next = 0; next < d->n_statements; next++)
            if (d->statements[next].guessable && guess_in(&in, &d->statements[next])) break;
    } while (next < d->n_statements);
}
