// Sizes: whole-number expressions of numbers, `input`, `hidden` and named sizes. A named size may
// stand on others, in any order of the file, so they are settled with a stack of those that wait;
// one that waits for itself is a mistake. Every intermediate result is bounded, so that nothing
// overflows.
#include <math.h>
#include <string.h>

#include "core/shape.h"

static const int64_t SIZE_MAX_BETWEEN = 1000000000000; // of intermediate results

static bool size_number(const Draft *d, const Expr *e, int64_t *out) {
    if (e->number != floor(e->number) || e->number > (double)SIZE_MAX_BETWEEN)
        return draft_error(d, e->span, "a size is a whole number below %d", SHAPE_MAX_SIDE + 1);
    *out = (int64_t)e->number;
    return true;
}

static bool size_name(const Draft *d, const Expr *e, int64_t *out) {
    int index = draft_find(d, e->name);
    if (index < 0 || !d->names[index].is_size || e->lag)
        return draft_error(d, e->span,
                           "%s is no size: sizes are made of whole numbers, input, hidden and "
                           "names with a `size` line",
                           e->name);
    *out = (int64_t)d->names[index].number;
    return *out > 0; // 0 after a mistake that was told
}

static bool size_divide(const Draft *d, const Expr *e, int64_t a, int64_t b, int64_t *out) {
    if (b == 0) return draft_error(d, e->span, "a size cannot be divided by zero");
    if (a % b)
        return draft_error(d, e->span, "%lld / %lld does not come out even", (long long)a,
                           (long long)b);
    *out = a / b;
    return true;
}

static bool size_operator(const Draft *d, const Expr *e, const int64_t *v, int64_t *out) {
    double product = 0;
    if (e->op == OP_ADD) {
        *out = v[0] + v[1];
    } else if (e->op == OP_SUB) {
        *out = v[0] - v[1];
    } else if (e->op == OP_NEG) {
        *out = -v[0];
    } else if (e->op == OP_DIV) {
        return size_divide(d, e, v[0], v[1], out);
    } else if (e->op == OP_MUL) {
        product = (double)v[0] * (double)v[1];
        *out = fabs(product) > (double)SIZE_MAX_BETWEEN ? 0 : v[0] * v[1];
    } else {
        return draft_error(d, e->op_span, "a size is made with + - * / and brackets only");
    }
    if (fabs(product) > (double)SIZE_MAX_BETWEEN || *out > SIZE_MAX_BETWEEN ||
        *out < -SIZE_MAX_BETWEEN)
        return draft_error(d, e->span, "this size is too large; the limit is %d", SHAPE_MAX_SIDE);
    return true;
}

int size_eval(const Draft *d, const Expr *root) {
    int n;
    const Expr **order = expr_order(d->arena, root, &n);
    int64_t *stack = ARENA_ARRAY(d->arena, int64_t, n);
    int depth = 0;
    for (int i = 0; i < n; i++) {
        const Expr *e = order[i];
        int64_t value = 0;
        bool ok = false;
        depth -= e->n_args;
        if (e->kind == EXPR_NUMBER)
            ok = size_number(d, e, &value);
        else if (e->kind == EXPR_NAME)
            ok = size_name(d, e, &value);
        else if (e->kind == EXPR_OP)
            ok = size_operator(d, e, stack + depth, &value);
        else
            ok = draft_error(d, e->span, "a size is made with + - * / and brackets only");
        if (!ok) return 0;
        stack[depth++] = value;
    }
    int64_t size = stack[0];
    if (size < 1 || size > SHAPE_MAX_SIDE) {
        draft_error(d, root->span, "a size is from 1 to %d, and this is %lld", SHAPE_MAX_SIDE,
                    (long long)size);
        return 0;
    }
    return (int)size;
}

// ---- named sizes

typedef enum { SIZE_WAITS, SIZE_OPEN, SIZE_DONE } SizeState;

// A named size on its way: its expression laid flat, read as far as `at`.
typedef struct {
    const SizeAst *line; // NULL for names that are no named sizes
    SizeState state;
    const Expr **order;
    int n, at;
} NamedSize;

typedef struct {
    Draft *d;
    NamedSize *sizes; // [n_names]
    int *stack;       // of names that wait for the one above
    int depth, cap;
} Settling;

static const int *override_of(const Draft *d, const char *name) {
    for (int i = 0; d->layer && i < d->layer->n_sizes; i++)
        if (strcmp(d->layer->size_names[i], name) == 0) return &d->layer->size_values[i];
    return NULL;
}

// The next named size in an expression that is not settled, or -1.
static int next_waiting(const Settling *s, NamedSize *size) {
    if (!size->order) size->order = expr_order(s->d->arena, size->line->rows, &size->n);
    for (; size->at < size->n; size->at++) {
        if (size->order[size->at]->kind != EXPR_NAME) continue;
        int index = draft_find(s->d, size->order[size->at]->name);
        if (index >= 0 && s->sizes[index].line && s->sizes[index].state != SIZE_DONE) return index;
    }
    return -1;
}

static void settle_size(Settling *s, int name) {
    Draft *d = s->d;
    s->depth = 0;
    ARENA_PUSH(d->arena, s->stack, s->depth, s->cap, name);
    while (s->depth > 0) {
        int top = s->stack[s->depth - 1];
        NamedSize *size = &s->sizes[top];
        const int *given = override_of(d, size->line->name);
        size->state = SIZE_OPEN;
        int waiting = given ? -1 : next_waiting(s, size);
        if (waiting >= 0 && s->sizes[waiting].state == SIZE_OPEN) {
            draft_error(d, size->line->dims_span, "the size %s stands on itself", size->line->name);
        } else if (waiting >= 0) {
            ARENA_PUSH(d->arena, s->stack, s->depth, s->cap, waiting);
            continue;
        } else {
            d->names[top].number = given ? *given : size_eval(d, size->line->rows);
        }
        size->state = SIZE_DONE;
        s->depth--;
    }
}

// Overrides of named sizes that the cell does not have.
static void check_overrides(const Draft *d) {
    if (!d->layer) return;
    const NetSpec *spec = d->spec;
    for (int i = 0; i < d->layer->n_sizes; i++) {
        const char *name = d->layer->size_names[i];
        int value = d->layer->size_values[i];
        int index = draft_find(d, name);
        bool named = index >= 0 && d->names[index].is_size && d->names[index].sized;
        if (named && value >= 1 && value <= SHAPE_MAX_SIDE) continue;
        if (named) {
            diag_error(d->diags, spec->source, spec->span, "%s is from 1 to %d, and this is %d",
                       name, SHAPE_MAX_SIDE, value);
            continue;
        }
        Buf known = buf_new(d->arena);
        for (int k = 0; k < d->cell->n_sizes; k++) {
            int size = draft_find(d, d->cell->sizes[k].name);
            if (size >= 0 && d->names[size].is_size && d->names[size].sized)
                buf_printf(&known, "%s%s", known.len ? ", " : "", d->names[size].name);
        }
        if (known.len)
            diag_error(d->diags, spec->source, spec->span, "%s has no size %s; it has %s",
                       d->cell->name, name, buf_str(&known));
        else
            diag_error(d->diags, spec->source, spec->span,
                       "%s has no size %s, and no other to set either", d->cell->name, name);
    }
}

static void add_named_size(Draft *d, const SizeAst *line) {
    if (line->cols) {
        draft_error(d, line->dims_span,
                    "%s has no equation, so this names a size, one number; the shape of a "
                    "parameter stands in a `param` line",
                    line->name);
        return;
    }
    if (draft_find(d, line->name) >= 0) return; // said by the parser
    draft_add(d, (Name){.name = line->name,
                        .kind = NAME_NUMBER,
                        .dim = {1, 1},
                        .is_size = true,
                        .sized = true});
}

static void size_assigned(Draft *d, Name *n, const SizeAst *line) {
    Dim dim = {size_eval(d, line->rows), line->cols ? size_eval(d, line->cols) : 1};
    n->sized = true;
    if (!dim_known(dim)) return;
    if ((int64_t)dim.rows * dim.cols > SHAPE_MAX_COUNT) {
        draft_error(d, line->dims_span,
                    "%s is too large for one block, which holds at most %d numbers",
                    shape_words(d->arena, dim), SHAPE_MAX_COUNT);
        return;
    }
    n->dim = dim;
}

void draft_sizes(Draft *d) {
    const CellAst *cell = d->cell;
    for (int i = 0; i < cell->n_sizes; i++) {
        int index = draft_find(d, cell->sizes[i].name);
        if (index < 0 || d->names[index].kind != NAME_EQUATION) add_named_size(d, &cell->sizes[i]);
    }
    Settling s = {.d = d, .sizes = ARENA_ARRAY(d->arena, NamedSize, d->n_names)};
    for (int i = 0; i < cell->n_sizes; i++) {
        int index = draft_find(d, cell->sizes[i].name);
        if (index >= 0 && d->names[index].is_size && d->names[index].sized && !s.sizes[index].line)
            s.sizes[index].line = &cell->sizes[i];
    }
    check_overrides(d);
    for (int i = 0; i < d->n_names; i++)
        if (s.sizes[i].line && s.sizes[i].state != SIZE_DONE) settle_size(&s, i);
    for (int i = 0; i < cell->n_sizes; i++) {
        int index = draft_find(d, cell->sizes[i].name);
        if (index >= 0 && d->names[index].kind == NAME_EQUATION)
            size_assigned(d, &d->names[index], &cell->sizes[i]);
    }
}
