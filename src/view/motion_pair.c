// Which shapes of two pictures belong together. Most are painted alike in both: those are found by
// their hashes. Of the few that are left, one that stands where another stood takes its place.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "view/motion_parts.h"

enum { BOX_NEAR = 2, TEXT_NEAR = 4, PATH_NEAR = 10 }; // pixels between two edges, at most

typedef struct {
    const Scene *from, *to;
    Pair *of_from, *of_to;
} Pairs;

static void join(Pairs *p, int from, int to, PairKind kind) {
    p->of_from[from] = (Pair){kind, to};
    p->of_to[to] = (Pair){kind, from};
}

static uint64_t key_of(const Scene *s, int k) {
    const Shape *shape = &s->shapes[k];
    uint64_t key = scene_shape_hash(s, shape) * 31 + (uint64_t)shape->panel;
    return beat_runs(shape->beat.kind) ? key * 31 + (uint64_t)shape->beat.number : key;
}

enum { EMPTY = -1, USED = -2 }; // of a slot: never taken; all its shapes are paired

// A table from a key to the first shape of `from` with it; shapes of one key in a chain.
typedef struct {
    uint64_t *keys;
    int *first, *next;
    uint32_t mask;
} Table;

static uint32_t slot_of(const Table *t, uint64_t key) {
    uint32_t at = (uint32_t)(key ^ key >> 32) & t->mask;
    while (t->first[at] != EMPTY && t->keys[at] != key) at = (at + 1) & t->mask;
    return at;
}

static Table table_of(Arena *a, const Scene *s) {
    Table t = {.mask = 15};
    while (t.mask < 2 * (uint32_t)s->count) t.mask = 2 * t.mask + 1;
    t.keys = ARENA_ARRAY(a, uint64_t, t.mask + 1);
    t.first = ARENA_ARRAY(a, int, t.mask + 1);
    t.next = ARENA_ARRAY(a, int, s->count + 1);
    for (uint32_t k = 0; k <= t.mask; k++) t.first[k] = EMPTY;
    for (int k = s->count - 1; k >= 0; k--) { // so that the first is met first
        uint64_t key = key_of(s, k);
        uint32_t at = slot_of(&t, key);
        t.keys[at] = key;
        t.next[k] = t.first[at];
        t.first[at] = k;
    }
    return t;
}

static void pair_same(Arena *scratch, Pairs *p) {
    Table t = table_of(scratch, p->from);
    for (int k = 0; k < p->to->count; k++) {
        uint32_t at = slot_of(&t, key_of(p->to, k));
        int from = t.first[at];
        if (from < 0) continue;
        join(p, from, k, PAIR_SAME);
        t.first[at] = t.next[from] >= 0 ? t.next[from] : USED;
    }
}

// How far the edges of two boxes are apart; INFINITY if one has moved further than `most`.
static double apart(Box a, Box b, double most) {
    double left = fabs(a.x - b.x), top = fabs(a.y - b.y);
    double right = fabs(a.x + a.w - b.x - b.w), bottom = fabs(a.y + a.h - b.y - b.h);
    if (left > most || top > most || right > most || bottom > most) return INFINITY;
    return left + top + right + bottom;
}

// How little two shapes are in one place; INFINITY if they cannot be.
static double unlike(const Shape *a, const Shape *b) {
    if (a->kind != b->kind || a->panel != b->panel || a->n_path != b->n_path) return INFINITY;
    if (a->beat.kind == BEAT_GLIDE || b->beat.kind == BEAT_GLIDE) return INFINITY;
    switch (a->kind) {
    case SHAPE_BOX: return apart(a->box, b->box, BOX_NEAR);
    case SHAPE_PATH: return apart(a->box, b->box, PATH_NEAR);
    case SHAPE_TEXT:
    case SHAPE_FORMULA:
        return strcmp(a->text, b->text) == 0 ? apart(a->box, b->box, TEXT_NEAR) : INFINITY;
    }
    return INFINITY;
}

static void pair_gliding(Pairs *p) {
    for (int k = 0; k < p->to->count; k++) {
        const Shape *b = &p->to->shapes[k];
        if (b->beat.kind != BEAT_GLIDE || p->of_to[k].kind != PAIR_NONE) continue;
        for (int i = 0; i < p->from->count; i++) {
            const Shape *a = &p->from->shapes[i];
            bool one = a->beat.kind == BEAT_GLIDE && a->beat.number == b->beat.number &&
                       a->panel == b->panel;
            if (!one || p->of_from[i].kind != PAIR_NONE) continue;
            join(p, i, k, PAIR_GLIDE);
            break;
        }
    }
}

// A shape of the first picture without a partner, and where it begins.
typedef struct {
    double x;
    int shape;
} Left;

static int by_x(const void *a, const void *b) {
    const Left *l = a, *r = b;
    if (l->x != r->x) return l->x < r->x ? -1 : 1;
    return l->shape - r->shape;
}

// The first one that begins at x or further right.
static int first_at(const Left *list, int n, double x) {
    int low = 0;
    while (n > low) {
        int middle = low + (n - low) / 2;
        if (list[middle].x < x)
            low = middle + 1;
        else
            n = middle;
    }
    return low;
}

static void pair_places(Arena *scratch, Pairs *p) {
    Left *left = ARENA_ARRAY(scratch, Left, p->from->count + 1);
    int n = 0;
    for (int k = 0; k < p->from->count; k++)
        if (p->of_from[k].kind == PAIR_NONE) left[n++] = (Left){p->from->shapes[k].box.x, k};
    qsort(left, (size_t)n, sizeof *left, by_x);
    for (int k = 0; k < p->to->count; k++) {
        const Shape *shape = &p->to->shapes[k];
        double best = INFINITY, end = shape->box.x + PATH_NEAR;
        int found = -1;
        if (p->of_to[k].kind != PAIR_NONE) continue;
        for (int i = first_at(left, n, shape->box.x - PATH_NEAR); i < n && left[i].x <= end; i++) {
            if (p->of_from[left[i].shape].kind != PAIR_NONE) continue;
            double d = unlike(&p->from->shapes[left[i].shape], shape);
            if (d >= best) continue;
            best = d;
            found = left[i].shape;
        }
        if (found >= 0) join(p, found, k, PAIR_PLACE);
    }
}

void motion_pair(Arena *scratch, const Scene *from, const Scene *to, Pair *of_from, Pair *of_to) {
    Pairs p = {from, to, of_from, of_to};
    for (int k = 0; k < from->count; k++) of_from[k] = (Pair){PAIR_NONE, -1};
    for (int k = 0; k < to->count; k++) of_to[k] = (Pair){PAIR_NONE, -1};
    pair_same(scratch, &p);
    pair_gliding(&p);
    pair_places(scratch, &p);
}
