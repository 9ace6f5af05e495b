// A draft holds one part of the network: a table of names and all expressions as flat lists of
// terms, arguments before what uses them, left to right. That order is the order of evaluation,
// and it lets shapes and nodes be made by plain loops: a line may chain thousands of operators,
// so nothing here recurses over a tree.
#include "core/graph_draft.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "core/shape.h"
#include "core/unicode.h"

enum { DIAGS_COMPARED = 1000 };

bool draft_error(const Draft *d, Span span, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *message = arena_vprintf(d->arena, format, args);
    va_end(args);
    if (d->hint) message = arena_printf(d->arena, "%s%s", message, d->hint);
    // The same cell in several layers has its mistakes in each; a place is told once.
    for (int i = 0; i < d->diags->count && i < DIAGS_COMPARED; i++) {
        const Diag *old = &d->diags->list[i];
        if (old->source == d->cell->source && old->span.at == span.at && old->span.len == span.len)
            return false;
    }
    return diag_error(d->diags, d->cell->source, span, "%s", message);
}

// ---- names

static size_t hash_of(const char *s) {
    size_t h = 1469598103934665603u; // FNV-1a
    for (; *s; s++) h = (h ^ (unsigned char)*s) * 1099511628211u;
    return h;
}

static int *slot_of(const Draft *d, const char *name) {
    size_t mask = (size_t)d->n_hash - 1;
    size_t i = hash_of(name) & mask;
    while (d->hash[i] != HASH_EMPTY && strcmp(d->names[d->hash[i]].name, name) != 0)
        i = (i + 1) & mask;
    return &d->hash[i];
}

int draft_find(const Draft *d, const char *name) {
    return d->n_hash ? *slot_of(d, name) : -1;
}

static void hash_grow(Draft *d) {
    d->n_hash = d->n_hash ? 2 * d->n_hash : 64;
    d->hash = ARENA_ARRAY(d->arena, int, d->n_hash);
    for (int i = 0; i < d->n_hash; i++) d->hash[i] = HASH_EMPTY;
    for (int i = 0; i < d->n_names; i++) *slot_of(d, d->names[i].name) = i;
}

int draft_add(Draft *d, Name name) {
    assert(draft_find(d, name.name) < 0);
    name.node = name.handed = -1;
    ARENA_PUSH(d->arena, d->names, d->n_names, d->cap_names, name);
    int index = d->n_names - 1;
    if (2 * d->n_names > d->n_hash)
        hash_grow(d);
    else
        *slot_of(d, name.name) = index;
    return index;
}

static void add_number(Draft *d, const char *name, double value, bool is_size) {
    if (draft_find(d, name) >= 0) return;
    draft_add(
        d,
        (Name){
            .name = name, .kind = NAME_NUMBER, .dim = {1, 1}, .number = value, .is_size = is_size});
}

static void add_equations(Draft *d, const DraftSpec *part) {
    for (int i = 0; i < d->cell->n_equations; i++) {
        const EquationAst *eq = &d->cell->equations[i];
        if (part->kind == PART_HEAD && strcmp(eq->name, "h") == 0)
            draft_error(d, eq->name_span,
                        "in a head, h is the output of the last layer and cannot be assigned");
        if (draft_find(d, eq->name) >= 0) continue; // said by the parser
        bool is_output = strcmp(eq->name, d->cell->output) == 0;
        int rows = is_output && part->output_rows ? part->output_rows : d->hidden;
        if (part->kind == PART_LOSS && is_output) rows = 1;
        draft_add(d,
                  (Name){.name = eq->name, .kind = NAME_EQUATION, .dim = {rows, 1}, .equation = i});
    }
}

static void add_given(Draft *d, const DraftSpec *part) {
    for (int i = 0; i < part->n_inputs; i++)
        if (draft_find(d, part->input_names[i]) < 0)
            draft_add(d, (Name){.name = part->input_names[i],
                                .kind = NAME_INPUT,
                                .dim = part->input_dims[i],
                                .equation = i});
    add_number(d, "input", d->input, true);
    add_number(d, "hidden", d->hidden, true);
    if (draft_find(d, "t") < 0)
        draft_add(d, (Name){.name = "t", .kind = NAME_TIMESTEP, .dim = {1, 1}});
    for (int i = 0; i < d->cell->n_consts; i++)
        add_number(d, d->cell->consts[i].name, d->cell->consts[i].value->number, false);
}

// ---- expressions, laid flat

const Expr **expr_order(Arena *a, const Expr *root, int *count) {
    typedef struct {
        const Expr *expr;
        int next;
    } Place;
    Place *stack = NULL;
    int depth = 0, cap_stack = 0;
    const Expr **order = NULL;
    int n = 0, cap = 0;
    ARENA_PUSH(a, stack, depth, cap_stack, ((Place){root, 0}));
    while (depth > 0) {
        Place *top = &stack[depth - 1];
        if (top->next < top->expr->n_args) {
            const Expr *arg = top->expr->args[top->next++];
            ARENA_PUSH(a, stack, depth, cap_stack, ((Place){arg, 0}));
        } else {
            ARENA_PUSH(a, order, n, cap, top->expr);
            depth--;
        }
    }
    *count = n;
    return order;
}

static int param_name(Draft *d, const Expr *e) {
    bool matrix = unicode_begins_capital(e->name);
    return draft_add(
        d, (Name){.name = e->name, .kind = NAME_PARAM, .dim = {0, matrix ? 0 : 1}, .use = e});
}

// A name where it is read: what it is, and whether it may be read so.
static int read_name(Draft *d, const Expr *e, int statement, bool is_start) {
    int index = draft_find(d, e->name);
    if (index < 0) index = param_name(d, e);
    Name *n = &d->names[index];
    if (!n->use) n->use = e;
    if (e->lag) n->lagged = true;
    bool may_lag = (d->kind == PART_LAYER || d->kind == PART_FEED) &&
                   (n->kind == NAME_EQUATION || n->kind == NAME_INPUT);
    if (e->lag && !may_lag)
        draft_error(d, e->span,
                    d->kind == PART_LAYER
                        ? "%s has no earlier value: only assigned names and x are read with a lag"
                        : "%s cannot be read with a lag here: a head sees one timestep",
                    e->name);
    if (is_start && n->kind != NAME_PARAM && n->kind != NAME_NUMBER)
        draft_error(d, e->span, "a start value comes before the first timestep, so it has no %s",
                    e->name);
    if (n->kind == NAME_PARAM && (n->n_readers == 0 || n->readers[n->n_readers - 1] != statement))
        ARENA_PUSH(d->arena, n->readers, n->n_readers, n->cap_readers, statement);
    return index;
}

// A sign directly on a number of the text belongs to the number.
static bool is_signed_number(const Expr *e) {
    return e->kind == EXPR_OP && e->op == OP_NEG && e->args[0]->kind == EXPR_NUMBER &&
           !e->args[0]->bracketed;
}

static void read_slice(Draft *d, Term *t) {
    const Expr *e = t->expr;
    t->lo = size_eval(d, e->lo);
    t->hi = e->hi ? size_eval(d, e->hi) : t->lo;
    if (t->lo && t->hi && t->hi < t->lo) {
        draft_error(d, e->span, "rows %d to %d: the last row comes before the first", t->lo, t->hi);
        t->lo = t->hi = 0;
    }
}

static Term read_term(Draft *d, const Expr *e, int statement, bool is_start) {
    Term t = {.expr = e, .op = OP_CONST, .name = -1, .node = -1, .dim = {1, 1}};
    if (e->kind == EXPR_NUMBER) {
        t.number = e->number;
    } else if (is_signed_number(e)) {
        t.number = -e->args[0]->number;
    } else if (e->kind == EXPR_NAME) {
        t.op = OP_PARAM;
        t.name = read_name(d, e, statement, is_start);
        t.lag = e->lag;
    } else {
        t.op = e->kind == EXPR_SLICE ? OP_SLICE : e->op;
        t.n_args = e->n_args;
        t.dim = (Dim){0, 0};
        if (e->kind == EXPR_SLICE) read_slice(d, &t);
    }
    return t;
}

static void read_statement(Draft *d, int name, const Expr *root, Span span, bool is_start) {
    Statement st = {.root = root,
                    .span = span,
                    .name = name,
                    .is_start = is_start,
                    .first = d->n_terms,
                    .dirty = true,
                    .guessable = true};
    int n;
    const Expr **order = expr_order(d->arena, root, &n);
    int *open = ARENA_ARRAY(d->arena, int, n); // terms that wait for what uses them
    int n_open = 0;
    for (int i = 0; i < n; i++) {
        Term t = read_term(d, order[i], d->n_statements, is_start);
        if (is_signed_number(order[i])) { // the bare number before it goes
            n_open--;
            d->n_terms--;
        }
        t.first_arg = d->n_args;
        for (int k = 0; k < t.n_args; k++)
            ARENA_PUSH(d->arena, d->args, d->n_args, d->cap_args, open[n_open - t.n_args + k]);
        n_open -= t.n_args;
        open[n_open++] = d->n_terms;
        ARENA_PUSH(d->arena, d->terms, d->n_terms, d->cap_terms, t);
    }
    st.count = d->n_terms - st.first;
    ARENA_PUSH(d->arena, d->statements, d->n_statements, d->cap_statements, st);
}

static void read_statements(Draft *d) {
    for (int i = 0; i < d->cell->n_equations; i++) {
        const EquationAst *eq = &d->cell->equations[i];
        read_statement(d, draft_find(d, eq->name), eq->value, eq->name_span, false);
    }
    for (int i = 0; i < d->cell->n_starts; i++) {
        const ValueAst *s = &d->cell->starts[i];
        int name = draft_find(d, s->name);
        if (name >= 0 && d->names[name].kind == NAME_EQUATION)
            read_statement(d, name, s->value, s->name_span, true);
        else
            draft_error(d, s->name_span, "%s has no equation, so it needs no start value", s->name);
    }
}

// ---- param lines

static const char *nearest_param(const Draft *d, const char *name) {
    const char **words = ARENA_ARRAY(d->arena, const char *, d->n_names + 1);
    int n = 0;
    for (int i = 0; i < d->n_names; i++)
        if (d->names[i].kind == NAME_PARAM) words[n++] = d->names[i].name;
    return nearest_word(name, words);
}

static void unknown_param(const Draft *d, const char *name, Span span, const char *line) {
    const char *near = nearest_param(d, name);
    draft_error(d, span, "%s is no parameter of this cell, so it has no `%s` line%s%s%s", name,
                line, near ? "; is " : "", near ? near : "", near ? " meant?" : "");
}

static void read_param_line(Draft *d, const SizeAst *line) {
    int index = draft_find(d, line->name);
    if (index < 0 || d->names[index].kind != NAME_PARAM) {
        unknown_param(d, line->name, line->name_span, "param");
        return;
    }
    Name *n = &d->names[index];
    Dim dim = {size_eval(d, line->rows), line->cols ? size_eval(d, line->cols) : 1};
    if (dim.cols > 1 && !unicode_begins_capital(n->name)) {
        draft_error(d, line->dims_span,
                    "%s begins with a small letter, so it is a column: one size only, or a name "
                    "with a capital",
                    n->name);
        dim.rows = 0;
    }
    if (n->declared) draft_error(d, line->name_span, "%s has two `param` lines", n->name);
    n->declared = true;
    if (dim_known(dim)) n->dim = dim;
}

// An init line for an exact name must have that parameter; a pattern may match none.
static void check_inits(Draft *d) {
    for (int i = 0; i < d->cell->n_inits; i++) {
        const InitAst *line = &d->cell->inits[i];
        if (strchr(line->pattern, '*')) continue;
        int index = draft_find(d, line->pattern);
        if (index < 0 || d->names[index].kind != NAME_PARAM)
            unknown_param(d, line->pattern, line->span, "init");
    }
}

static void check_output(Draft *d) {
    int index = draft_find(d, d->cell->output);
    if (index >= 0 && d->names[index].kind == NAME_EQUATION) return;
    draft_error(d, d->cell->output_span,
                "the output %s has no equation; name another with an `output` line",
                d->cell->output);
}

Draft *draft_new(Arena *scratch, const NetSpec *spec, const DraftSpec *part, Diags *diags) {
    Draft *d = ARENA_NEW(scratch, Draft);
    *d = (Draft){.arena = scratch,
                 .diags = diags,
                 .spec = spec,
                 .layer = part->layer,
                 .cell = part->cell,
                 .kind = part->kind,
                 .hidden = part->hidden,
                 .input = part->input};
    add_equations(d, part);
    add_given(d, part);
    draft_sizes(d);
    read_statements(d);
    for (int i = 0; i < d->cell->n_params; i++) read_param_line(d, &d->cell->params[i]);
    check_inits(d);
    check_output(d);
    return d;
}
