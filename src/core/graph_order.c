// The order of a timestep: Kahn (1962), always taking the equation that stands first in the file
// among those whose operands are there. What is left over has a loop under it; each loop is named
// once and then cut, so that the next one is found too.
#include <string.h>

#include "core/graph_draft.h"

typedef struct {
    Draft *d;
    int n;           // equations
    int *waits_for;  // [n] operands of the same timestep that are not there yet
    int **followers; // [n] who reads it in the same timestep
    int *n_followers, *cap_followers;
    bool *done;
    int *heap; // ready equations, the smallest first
    int n_heap;
    int *order;
    int n_order;
} Order;

static void heap_push(Order *o, int equation) {
    int i = o->n_heap++;
    for (; i > 0 && o->heap[(i - 1) / 2] > equation; i = (i - 1) / 2)
        o->heap[i] = o->heap[(i - 1) / 2];
    o->heap[i] = equation;
}

static int heap_pop(Order *o) {
    int top = o->heap[0], last = o->heap[--o->n_heap], i = 0;
    for (int child = 1; child < o->n_heap; child = 2 * i + 1) {
        if (child + 1 < o->n_heap && o->heap[child + 1] < o->heap[child]) child++;
        if (o->heap[child] >= last) break;
        o->heap[i] = o->heap[child];
        i = child;
    }
    o->heap[i] = last;
    return top;
}

// The equation that a term reads at the same timestep, or -1.
static int reads(const Draft *d, const Term *t) {
    if (t->name < 0 || t->lag || d->names[t->name].kind != NAME_EQUATION) return -1;
    return d->names[t->name].equation;
}

static void collect(Order *o) {
    Draft *d = o->d;
    for (int e = 0; e < o->n; e++) {
        const Statement *st = &d->statements[e];
        for (int i = st->first; i < st->first + st->count; i++) {
            int from = reads(d, &d->terms[i]);
            if (from < 0) continue;
            o->waits_for[e]++;
            ARENA_PUSH(d->arena, o->followers[from], o->n_followers[from], o->cap_followers[from],
                       e);
        }
    }
    for (int e = 0; e < o->n; e++)
        if (o->waits_for[e] == 0) heap_push(o, e);
}

static void finish(Order *o, int e) {
    o->done[e] = true;
    for (int i = 0; i < o->n_followers[e]; i++) {
        int next = o->followers[e][i];
        if (--o->waits_for[next] == 0 && !o->done[next]) heap_push(o, next);
    }
}

static void run(Order *o) {
    while (o->n_heap > 0) {
        int e = heap_pop(o);
        o->order[o->n_order++] = e;
        finish(o, e);
    }
}

// ---- loops

// The place where equation e reads one that is not there yet, and which that is.
static int blocked_by(const Order *o, int e, const Expr **place) {
    const Statement *st = &o->d->statements[e];
    for (int i = st->first; i < st->first + st->count; i++) {
        int from = reads(o->d, &o->d->terms[i]);
        if (from < 0 || o->done[from]) continue;
        *place = o->d->terms[i].expr;
        return from;
    }
    return -1;
}

enum { LOOP_NAMED = 8 }; // members that a message names

// Members of the loop, in the order in which one reads the next. Returns how many.
static int find_loop(const Order *o, int from, int *loop, int *seen_at) {
    int n = 0;
    const Expr *place;
    for (int e = from; seen_at[e] < 0; e = blocked_by(o, e, &place)) {
        seen_at[e] = n;
        loop[n++] = e;
    }
    int first = seen_at[blocked_by(o, loop[n - 1], &place)];
    for (int i = 0; i < n; i++) seen_at[loop[i]] = -1;
    memmove(loop, loop + first, (size_t)(n - first) * sizeof *loop);
    return n - first;
}

static void tell_loop(const Order *o, const int *loop, int n) {
    const Draft *d = o->d;
    int least = 0;
    for (int i = 1; i < n; i++)
        if (loop[i] < loop[least]) least = i;
    const Expr *place = NULL;
    blocked_by(o, loop[least], &place);
    const char *name = d->cell->equations[loop[least]].name;
    if (n == 1) {
        draft_error(d, place->span,
                    "a loop within one timestep: %s needs itself; the value before is %s[t-1]",
                    name, name);
        return;
    }
    Buf b = buf_new(d->arena);
    for (int i = 0; i < n && i < LOOP_NAMED; i++)
        buf_printf(&b, "%s needs %s, ", d->cell->equations[loop[(least + i) % n]].name,
                   d->cell->equations[loop[(least + i + 1) % n]].name);
    if (n > LOOP_NAMED) buf_printf(&b, "and so on through %d equations; ", n);
    draft_error(d, place->span,
                "a loop within one timestep: %sso one of them must be read with a "
                "lag, such as %s[t-1]",
                buf_str(&b), name);
}

static void cut_loops(Order *o) {
    int *loop = ARENA_ARRAY(o->d->arena, int, o->n);
    int *seen_at = ARENA_ARRAY(o->d->arena, int, o->n);
    for (int e = 0; e < o->n; e++) seen_at[e] = -1;
    for (int e = 0; e < o->n; e++) {
        while (!o->done[e]) {
            int n = find_loop(o, e, loop, seen_at);
            tell_loop(o, loop, n);
            for (int i = 0; i < n; i++) finish(o, loop[i]);
            run(o);
        }
    }
}

int *graph_order(Draft *d, int *count) {
    int n = d->cell->n_equations;
    Order o = {.d = d,
               .n = n,
               .waits_for = ARENA_ARRAY(d->arena, int, n),
               .followers = ARENA_ARRAY(d->arena, int *, n),
               .n_followers = ARENA_ARRAY(d->arena, int, n),
               .cap_followers = ARENA_ARRAY(d->arena, int, n),
               .done = ARENA_ARRAY(d->arena, bool, n),
               .heap = ARENA_ARRAY(d->arena, int, n),
               .order = ARENA_ARRAY(d->arena, int, n)};
    collect(&o);
    run(&o);
    *count = o.n_order;
    cut_loops(&o);
    return o.order;
}
