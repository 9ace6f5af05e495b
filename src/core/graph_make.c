// One draft becomes nodes. What holds a value only (parameters, constants, t) comes first, in
// order of first use; then start values; then the equations, each with nodes of its own, so that
// the last of them stands for the assigned name and for nothing else. Reading a name is an
// argument, never a node.
#include "core/graph_make.h"

#include <string.h>

#include "core/shape.h"
#include "core/unicode.h"

int make_node(Builder *b, Node node) {
    ARENA_PUSH(b->arena, b->nodes, b->n_nodes, b->cap_nodes, node);
    return b->n_nodes - 1;
}

/// "h_drop", and longer where the part has an equation of that name already.
static const char *dropout_name(Builder *b, const CellAst *cell, const char *of) {
    const char *name = arena_printf(b->arena, "%s_drop", of);
    for (int i = 0; i < cell->n_equations;)
        if (strcmp(cell->equations[i++].name, name) == 0)
            name = arena_printf(b->arena, "%s_drop", name), i = 0;
    return name;
}

static Expr *name_expr(Arena *a, const char *name) {
    Expr *e = ARENA_NEW(a, Expr);
    *e = (Expr){.kind = EXPR_NAME, .span = NO_SPAN, .op_span = NO_SPAN, .name = name};
    return e;
}

/// h_drop = h * mask_h
static const EquationAst *dropout_ast(Arena *a, const char *name, const char *of) {
    EquationAst *ast = ARENA_NEW(a, EquationAst);
    Expr *product = ARENA_NEW(a, Expr), **args = ARENA_ARRAY(a, Expr *, 2);
    args[0] = name_expr(a, of);
    args[1] = name_expr(a, arena_printf(a, "mask_%s", of));
    *product = (Expr){.kind = EXPR_OP,
                      .span = NO_SPAN,
                      .op_span = NO_SPAN,
                      .op = OP_MUL,
                      .n_args = 2,
                      .args = args};
    *ast = (EquationAst){.name = name, .name_span = NO_SPAN, .value = product};
    return ast;
}

int make_dropout(Builder *b, int equation, const Part *part) {
    Equation of = b->equations[equation];
    const char *name = dropout_name(b, part->cell, of.name);
    const EquationAst *ast = dropout_ast(b->arena, name, of.name);
    Node like = {.dim = b->nodes[of.node].dim, .part = of.part, .equation = -1};
    Node mask = like;
    mask.op = OP_INPUT;
    Arg *args = ARENA_ARRAY(b->arena, Arg, 2);
    args[0].node = of.node;
    args[1].node = make_node(b, mask);
    ARENA_PUSH(b->arena, b->masks, b->n_masks, b->cap_masks, args[1].node);
    like.op = OP_MUL;
    like.n_args = 2;
    like.args = args;
    like.step = 1;
    like.equation = b->n_equations;
    like.expr = ast->value;
    int node = make_node(b, like);
    Equation eq = {.name = name,
                   .full = arena_printf(b->arena, "%s%s", part->prefix, name),
                   .label = {name, name},
                   .ast = ast,
                   .part = of.part,
                   .node = node,
                   .first = node,
                   .last = node,
                   .n_steps = 1,
                   .start = -1,
                   .handed = -1,
                   .mask = args[1].node};
    ARENA_PUSH(b->arena, b->equations, b->n_equations, b->cap_equations, eq);
    return node;
}

// ---- values

// Longest match: a pattern with '*' matches by what stands before it.
static InitRule init_of(const CellAst *cell, const char *name) {
    InitRule rule = {.kind = INIT_UNIFORM};
    size_t longest = 0;
    for (int i = 0; i < cell->n_inits; i++) {
        const char *pattern = cell->inits[i].pattern;
        size_t n = strcspn(pattern, "*");
        bool matches = pattern[n] ? strncmp(pattern, name, n) == 0 : strcmp(pattern, name) == 0;
        if (!matches || n < longest) continue;
        longest = n;
        rule = cell->inits[i].rule;
    }
    return rule;
}

static int make_param(Builder *b, const Draft *d, const Name *n, const char *prefix) {
    Param p = {.full = arena_printf(b->arena, "%s%s", prefix, n->name),
               .name = n->name,
               .dim = n->dim,
               .is_matrix = unicode_begins_capital(n->name),
               .offset = b->n_weights > SHAPE_MAX_WEIGHTS ? 0 : (int)b->n_weights,
               .part = b->n_parts,
               .hidden = d->hidden,
               .init = init_of(d->cell, n->name)};
    p.node = make_node(b, (Node){.op = OP_PARAM,
                                 .dim = n->dim,
                                 .part = b->n_parts,
                                 .equation = -1,
                                 .steady = true,
                                 .param = b->n_params,
                                 .expr = n->use});
    b->n_weights += dim_count(n->dim);
    ARENA_PUSH(b->arena, b->params, b->n_params, b->cap_params, p);
    return p.node;
}

static int make_const(Builder *b, const Expr *expr, double number) {
    return make_node(b, (Node){.op = OP_CONST,
                               .dim = {1, 1},
                               .part = b->n_parts,
                               .equation = -1,
                               .steady = true,
                               .number = number,
                               .expr = expr});
}

static int make_timestep(Builder *b) {
    return make_node(b,
                     (Node){.op = OP_TIMESTEP, .dim = {1, 1}, .part = b->n_parts, .equation = -1});
}

// The node of a value; names keep theirs for the next reader, numbers are their own.
static void make_value(Builder *b, Draft *d, Term *t, const char *prefix) {
    if (t->op == OP_CONST) t->node = make_const(b, t->expr, t->number);
    if (t->name < 0) return;
    Name *n = &d->names[t->name];
    if (n->kind == NAME_NUMBER) {
        t->node = make_const(b, t->expr, n->number);
        return;
    }
    if (n->node < 0 && n->kind == NAME_PARAM) n->node = make_param(b, d, n, prefix);
    if (n->node < 0 && n->kind == NAME_TIMESTEP) n->node = make_timestep(b);
    t->node = n->node; // -1 for an equation, whose node comes later
}

// ---- operations

static bool is_step(OpKind op) {
    return op_defs[op].is_step;
}

static const Arg *make_args(Builder *b, const Draft *d, const Term *t) {
    Arg *args = ARENA_ARRAY(b->arena, Arg, t->n_args);
    for (int k = 0; k < t->n_args; k++) {
        const Term *from = &d->terms[term_arg(d, t, k)];
        args[k] = (Arg){from->node, from->lag};
        if (from->node < 0)
            ARENA_PUSH(b->scratch, b->pending, b->n_pending, b->cap_pending,
                       ((Pending){&args[k], from->name}));
    }
    return args;
}

// An implied node on top of another: a copy or a spread.
static int make_over(Builder *b, Node like, OpKind op, const Term *from) {
    like.op = op;
    like.n_args = 1;
    Arg *arg = ARENA_ARRAY(b->arena, Arg, 1);
    *arg = (Arg){from->node, from->lag};
    if (from->node < 0)
        ARENA_PUSH(b->scratch, b->pending, b->n_pending, b->cap_pending,
                   ((Pending){arg, from->name}));
    like.args = arg;
    return make_node(b, like);
}

// All operations of a statement; `like` holds what they have in common. Returns the last node.
static int make_statement(Builder *b, Draft *d, const Statement *st, Node like, int *n_steps) {
    int step = 0;
    for (int i = st->first; i < st->first + st->count; i++) {
        Term *t = &d->terms[i];
        if (t->n_args == 0) continue;
        Node n = like;
        n.op = t->op;
        n.dim = t->dim;
        n.step = is_step(t->op) && !like.steady ? ++step : 0;
        n.n_args = t->n_args;
        n.args = make_args(b, d, t);
        n.lo = t->op == OP_SLICE ? t->lo : 0;
        n.compare = t->expr->compare;
        n.expr = t->expr;
        t->node = make_node(b, n);
    }
    Term root = d->terms[st->first + st->count - 1];
    bool computed = root.n_args > 0 && is_step(root.op);
    like.dim = d->names[st->name].dim;
    if (!dim_equal(term_dim(d, st->first + st->count - 1), like.dim)) {
        root.node = make_over(b, like, OP_SPREAD, &root);
        root.lag = 0;
    }
    if (!computed) { // the name needs a node of its own, and a step to be computed in
        like.step = like.steady ? 0 : ++step;
        like.expr = st->root;
        root.node = make_over(b, like, OP_COPY, &root);
    }
    *n_steps = step;
    return root.node;
}

// ---- start values

/// A lesson's start value for the equation with that full name and shape, marked as used; NULL
/// if there is none, or if it has another number of values, which is a mistake.
static const StartSpec *find_start(Builder *b, const char *full, Dim dim) {
    const StartSpec *found = NULL;
    for (int i = 0; i < b->spec->n_starts; i++) {
        const StartSpec *s = &b->spec->starts[i];
        if (strcmp(s->full, full) != 0) continue;
        b->start_needs[i] = dim_count(dim);
        if (s->n == dim_count(dim)) found = s; // else it is told when all starts are looked at
    }
    return found;
}

static int *start_lines(const Draft *d, Arena *scratch) {
    int *line = ARENA_ARRAY(scratch, int, d->n_names);
    for (int i = 0; i < d->n_names; i++) line[i] = -1;
    for (int i = d->n_statements; i-- > 0;)
        if (d->statements[i].is_start) line[d->statements[i].name] = i;
    return line;
}

static int make_given(Builder *b, const StartSpec *s, Dim dim) {
    double *values = ARENA_ARRAY(b->arena, double, s->n);
    memcpy(values, s->values, (size_t)s->n * sizeof *values);
    return make_node(b, (Node){.op = OP_START,
                               .dim = dim,
                               .part = b->n_parts,
                               .equation = -1,
                               .steady = true,
                               .values = values});
}

// The encoder's equation that has a decoder's name, for names that are read with a lag.
static void find_handed(Builder *b, const char *full, Name *n) {
    const char *name = full + strlen(DECODER_PREFIX);
    for (int e = 0; n->lagged && e < b->n_equations; e++)
        if (strcmp(b->equations[e].full, name) == 0) n->handed = e;
    if (n->handed < 0) return;
    b->n_handed++;
    Dim from = b->nodes[b->equations[n->handed].node].dim;
    if (dim_equal(from, n->dim)) return;
    diag_error(b->diags, b->spec->source, b->spec->decoder_span,
               "the decoder begins with the encoder's last state, but %s is %s in the encoder and "
               "%s in the decoder",
               name, shape_words(b->scratch, from), shape_words(b->scratch, n->dim));
}

// Start values of the lesson hold values only; those of the cell are computed once, and are the
// part's nodes first_start .. last_start. Fills start (by name of the draft), -1 for zeros.
static void make_starts(Builder *b, Draft *d, Part *part, int *start) {
    const int *line = start_lines(d, b->scratch);
    for (int i = 0; i < d->n_names; i++) {
        start[i] = -1;
        if (d->names[i].kind != NAME_EQUATION || d->kind != PART_LAYER) continue;
        const char *full = arena_printf(b->scratch, "%s%s", part->prefix, d->names[i].name);
        const StartSpec *given = find_start(b, full, d->names[i].dim);
        if (given) start[i] = make_given(b, given, d->names[i].dim);
        if (!given && part->stretch == STRETCH_ANSWER) find_handed(b, full, &d->names[i]);
    }
    part->first_start = b->n_nodes;
    for (int i = 0; i < d->n_names; i++) {
        if (line[i] < 0 || start[i] >= 0 || d->names[i].handed >= 0) continue;
        int steps;
        Node like = {.part = b->n_parts, .equation = -1, .steady = true};
        start[i] = make_statement(b, d, &d->statements[line[i]], like, &steps);
    }
    part->last_start = b->n_nodes - 1;
}

// ---- equations and the part

static const char *full_name(Builder *b, const Part *part, const char *name) {
    // x cannot be assigned in a cell, so it is free for what is fed back in its place
    bool bare = part->kind == PART_LOSS || (part->kind == PART_FEED && strcmp(name, "x") == 0);
    if (bare && strcmp(name, part->cell->output) == 0) return name;
    return arena_printf(b->arena, "%s%s", part->prefix, name);
}

static void make_equation(Builder *b, Draft *d, int index, const Part *part, const int *start) {
    const Statement *st = &d->statements[index];
    const EquationAst *ast = &d->cell->equations[index];
    Name *n = &d->names[st->name];
    bool result = part->kind == PART_HEAD && strcmp(ast->name, d->cell->output) == 0;
    const char *const plain[2] = {result ? "output" : ast->name, result ? "输出" : ast->name};
    Equation eq = {.name = ast->name,
                   .full = full_name(b, part, ast->name),
                   .label = {ast->label[0] ? ast->label[0] : plain[0],
                             ast->label[1] ? ast->label[1] : plain[1]},
                   .ast = ast,
                   .part = b->n_parts,
                   .first = b->n_nodes,
                   .start = start[st->name],
                   .handed = n->handed,
                   .mask = -1,
                   .remembered = n->lagged || start[st->name] >= 0};
    Node like = {.part = b->n_parts, .equation = b->n_equations};
    eq.node = make_statement(b, d, st, like, &eq.n_steps);
    eq.last = b->n_nodes - 1;
    n->node = eq.node;
    ARENA_PUSH(b->arena, b->equations, b->n_equations, b->cap_equations, eq);
    bool inner = d->kind == PART_HEAD && !result;
    if (inner && b->spec->dropout) n->node = make_dropout(b, b->n_equations - 1, part);
}

static void settle_pending(Builder *b, const Draft *d) {
    for (int i = 0; i < b->n_pending; i++)
        b->pending[i].arg->node = d->names[b->pending[i].name].node;
    b->n_pending = 0;
}

int make_part(Builder *b, Draft *d, const int *order, int n_order, Part part, const int *inputs) {
    part.kind = d->kind;
    part.cell = d->cell;
    part.hidden = d->hidden;
    part.input = inputs[0];
    for (int i = 0; i < d->n_names; i++)
        if (d->names[i].kind == NAME_INPUT) d->names[i].node = inputs[d->names[i].equation];
    for (int i = 0; i < d->n_terms; i++)
        if (d->terms[i].n_args == 0) make_value(b, d, &d->terms[i], part.prefix);
    int *start = ARENA_ARRAY(b->scratch, int, d->n_names);
    make_starts(b, d, &part, start);
    part.first = b->n_nodes;
    for (int i = 0; i < n_order; i++) make_equation(b, d, order[i], &part, start);
    part.last = b->n_nodes - 1;
    settle_pending(b, d);
    part.output = d->names[draft_find(d, d->cell->output)].node;
    ARENA_PUSH(b->arena, b->parts, b->n_parts, b->cap_parts, part);
    return b->n_parts - 1;
}
