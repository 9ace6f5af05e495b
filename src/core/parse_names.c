// What can be said about names only when all lines are read: the order of lines
// does not matter in a cell. Everything here is a loop over flat lists, so a
// large cell costs time in proportion to its size and no stack.
#include "core/parser.h"

#include <string.h>

enum { MOST_HINTS = 100 }; // a nearest name is searched among all; 20 mistakes are shown

static bool has(const Symbol *s, Role role) {
    return s->role[role].line > 0;
}

static bool is_named_size(const Symbol *s) {
    return has(s, ROLE_SIZE) && !has(s, ROLE_ASSIGNED);
}

static Symbol *symbol_of(Parser *p, const char *name) {
    return symbols_get(&p->symbols, name);
}

/// " (did you mean NAME?)" for the nearest name with one of the roles, or "".
static const char *name_hint(Parser *p, const char *name, unsigned roles) {
    if (p->n_hints++ >= MOST_HINTS) return "";
    const char *near = symbols_nearest(&p->symbols, name, roles);
    return near ? arena_printf(p->arena, " (did you mean %s?)", near) : "";
}

// --- uses

static void check_lag(Parser *p, const NameUse *u) {
    const Symbol *s = u->symbol;
    if (has(s, ROLE_ASSIGNED) || s->builtin == BUILTIN_X) return;
    Span at = u->expr->span;
    if (s->builtin != BUILTIN_NONE)
        parse_fail(p, at, "%s has no lag; only assigned names and x are read at earlier timesteps",
                   s->name);
    else if (has(s, ROLE_CONST) || has(s, ROLE_SIZE))
        parse_fail(p, at, "%s is one number at all timesteps and has no lag", s->name);
    else
        parse_fail(
            p, at,
            "%s is never assigned: a parameter is the same at all timesteps and has no lag%s",
            s->name, name_hint(p, s->name, 1u << ROLE_ASSIGNED));
}

static void check_in_start(Parser *p, const NameUse *u) {
    const Symbol *s = u->symbol;
    Span at = u->expr->span;
    if (s->builtin == BUILTIN_X || s->builtin == BUILTIN_T)
        parse_fail(p, at, "a start value comes before the first timestep: there is no %s yet",
                   s->name);
    else if (has(s, ROLE_ASSIGNED))
        parse_fail(p, at, "a start value comes before the first timestep: %s is not computed yet",
                   s->name);
    else if (u->expr->lag)
        check_lag(p, u);
}

static void check_in_size(Parser *p, const NameUse *u) {
    Symbol *s = u->symbol;
    Span at = u->expr->span;
    if (s->builtin == BUILTIN_INPUT || s->builtin == BUILTIN_HIDDEN || is_named_size(s)) return;
    if (s->builtin == BUILTIN_X || s->builtin == BUILTIN_T)
        parse_fail(p, at,
                   "%s cannot stand in a size; sizes are numbers, input, hidden and named sizes",
                   s->name);
    else if (has(s, ROLE_CONST))
        parse_fail(p, at, "%s is a constant; for a size, write size %s = ... instead of const",
                   s->name, s->name);
    else if (has(s, ROLE_ASSIGNED))
        parse_fail(p, at,
                   "%s is a value, not a size; sizes are numbers, input, hidden and named sizes",
                   s->name);
    else
        parse_fail(p, at, "there is no size %s%s; to name one, add the line size %s = ROWS",
                   s->name, name_hint(p, s->name, 1u << ROLE_SIZE), s->name);
}

static void check_use(Parser *p, const NameUse *u) {
    const Symbol *s = u->symbol;
    if (u->kind == USE_SIZE)
        check_in_size(p, u);
    else if (u->kind == USE_START)
        check_in_start(p, u);
    else if (p->text == TEXT_HEAD && s->builtin == BUILTIN_X)
        parse_fail(p, u->expr->span,
                   "a head does not see x; what it sees is h, the last layer's output");
    else if (u->expr->lag)
        check_lag(p, u);
}

// --- lines

// Why a name that is never assigned and stands in a param or init line cannot, if so.
static void check_is_param(Parser *p, const Symbol *s, Span at, const char *line) {
    if (has(s, ROLE_ASSIGNED))
        parse_fail(p, at, "%s is assigned, so it is no parameter; %s", s->name,
                   strcmp(line, "init") == 0 ? "its value before the first timestep is a start line"
                                             : "its shape is a size line");
    else if (has(s, ROLE_CONST) || has(s, ROLE_SIZE))
        parse_fail(p, at, "%s is %s, so it is no parameter", s->name,
                   has(s, ROLE_CONST) ? "a constant" : "a named size");
    else if (!s->used && !p->has_unread)
        parse_fail(p, at, "no expression uses %s, so it is no parameter%s", s->name,
                   name_hint(p, s->name, 0));
}

static void check_lines(Parser *p) {
    const CellAst *c = p->cell;
    for (int i = 0; i < c->n_params; i++)
        check_is_param(p, symbol_of(p, c->params[i].name), c->params[i].name_span, "param");
    for (int i = 0; i < c->n_inits; i++)
        if (!strchr(c->inits[i].pattern, '*'))
            check_is_param(p, symbol_of(p, c->inits[i].pattern), c->inits[i].span, "init");
    for (int i = 0; i < c->n_consts; i++) {
        const Symbol *s = symbol_of(p, c->consts[i].name);
        if (has(s, ROLE_ASSIGNED) || has(s, ROLE_SIZE))
            parse_fail(p, c->consts[i].name_span, "%s is a constant and also %s on line %d",
                       s->name, has(s, ROLE_ASSIGNED) ? "assigned" : "a size",
                       s->role[has(s, ROLE_ASSIGNED) ? ROLE_ASSIGNED : ROLE_SIZE].line);
    }
    for (int i = 0; i < c->n_starts; i++) {
        const Symbol *s = symbol_of(p, c->starts[i].name);
        if (!has(s, ROLE_ASSIGNED))
            parse_fail(p, c->starts[i].name_span,
                       "%s is never assigned%s; only assigned names have a value before the first "
                       "timestep",
                       s->name, name_hint(p, s->name, 1u << ROLE_ASSIGNED));
    }
    for (int i = 0; i < c->n_sizes; i++)
        if (c->sizes[i].cols && is_named_size(symbol_of(p, c->sizes[i].name)))
            parse_fail(
                p, c->sizes[i].dims_span,
                "%s is never assigned, so this names a size, which is one number; the shape of a "
                "parameter is param %s : ROWS x COLS",
                c->sizes[i].name, c->sizes[i].name);
}

static void check_output(Parser *p) {
    CellAst *c = p->cell;
    if (c->output_span.len) {
        const Symbol *s = symbol_of(p, c->output);
        if (!has(s, ROLE_ASSIGNED))
            parse_fail(p, c->output_span, "%s is never assigned, so the layer cannot hand it on%s",
                       c->output, name_hint(p, c->output, 1u << ROLE_ASSIGNED));
        return;
    }
    c->output = "h";
    c->output_span = NO_SPAN;
    if (has(symbol_of(p, "h"), ROLE_ASSIGNED)) return;
    Span at = p->cell_span;
    parse_fail(p, at,
               c->n_equations ? "nothing is named h; add the line output NAME with what the layer "
                                "hands on"
                              : "the cell has no equation; add at least h = EXPRESSION");
}

// --- named sizes that lead back to themselves

static int size_index(const CellAst *c, Span at) {
    int lo = 0, hi = c->n_sizes; // in the order of the file
    while (hi - lo > 1) {
        int mid = (lo + hi) / 2;
        if (c->sizes[mid].name_span.at <= at.at)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

static bool within(Span inner, Span outer) {
    return inner.at >= outer.at && inner.at < outer.at + outer.len;
}

// Size `to` stands in the line of size `from`.
typedef struct {
    int from, to;
} SizeLink;

static SizeLink *size_links(Parser *p, int *count) {
    const CellAst *c = p->cell;
    SizeLink *links = NULL;
    int cap = 0;
    *count = 0;
    for (int i = 0; i < p->n_uses && c->n_sizes; i++) {
        const NameUse *u = &p->uses[i];
        if (u->kind != USE_SIZE || !is_named_size(u->symbol)) continue;
        Span line = u->symbol->role[ROLE_SIZE].span;
        SizeLink link = {size_index(c, u->expr->span), size_index(c, line)};
        if (!within(u->expr->span, c->sizes[link.from].dims_span)) continue; // of a slice
        if (c->sizes[link.to].name_span.at != line.at) continue; // its own line has a mistake
        ARENA_PUSH(p->arena, links, *count, cap, link);
    }
    return links;
}

// Takes away the sizes that wait for none, over and over (Kahn 1962). Of those left, each waits for
// one that is left: next[k], or -1 for a size taken away.
static int *size_waits(Parser *p) {
    int n_links, n = p->cell->n_sizes;
    SizeLink *links = size_links(p, &n_links);
    int *waits = ARENA_ARRAY(p->arena, int, n + 1), *next = ARENA_ARRAY(p->arena, int, n + 1);
    for (int k = 0; k < n_links; k++) waits[links[k].from]++;
    for (bool freed = true; freed;) {
        freed = false;
        int kept = 0;
        for (int k = 0; k < n_links; k++) {
            if (waits[links[k].to] > 0)
                links[kept++] = links[k];
            else
                waits[links[k].from]--, freed = true;
        }
        n_links = kept;
    }
    for (int k = 0; k < n; k++) next[k] = -1;
    for (int k = 0; k < n_links; k++) next[links[k].from] = links[k].to;
    return next;
}

static void fail_size_loop(Parser *p, int at, const int *next) {
    const SizeAst *sizes = p->cell->sizes;
    Buf names = buf_new(p->arena);
    int k = at;
    for (int shown = 0; shown < 8 && (shown == 0 || k != at); shown++, k = next[k])
        buf_printf(&names, "%s, then ", sizes[k].name);
    buf_puts(&names, k == at ? sizes[at].name : "others");
    parse_fail(p, sizes[at].name_span, "the size %s needs itself: %s", sizes[at].name,
               buf_str(&names));
}

// Follows each chain of waiting sizes into its loop; every loop is said once.
static void check_size_loops(Parser *p) {
    int n = p->cell->n_sizes, *next = size_waits(p);
    int *walk = ARENA_ARRAY(p->arena, int, n + 1); // that came by first, from 1
    for (int k = 0; k < n; k++) {
        int at = k;
        while (at >= 0 && !walk[at]) {
            walk[at] = k + 1;
            at = next[at];
        }
        if (at >= 0 && walk[at] == k + 1) fail_size_loop(p, at, next);
    }
}

void parse_check_names(Parser *p) {
    for (int i = 0; i < p->n_uses; i++) check_use(p, &p->uses[i]);
    if (p->text != TEXT_CELL) return;
    check_lines(p);
    check_size_loops(p);
    check_output(p);
}
