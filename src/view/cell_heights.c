// Heights of the automatic layout: the least squares under the order of each rank, then small steps
// are taken out, and wires on their way run level as far as there is room.
//   source  heights by isotonic regression
#include <math.h>

#include "view/cell_auto.h"

// Least squares for one rank under its order and distances: pools of slots that touch.
static void settle(Auto *a, int r, double gap) {
    int n = a->n_rank[r], pools = 0;
    double *mean = ARENA_ARRAY(a->d->s->arena, double, n + 1),
           *weight = ARENA_ARRAY(a->d->s->arena, double, n + 1);
    int *size = ARENA_ARRAY(a->d->s->arena, int, n + 1);
    double offset = 0;
    for (int i = 0; i < n; i++) {
        const Slot *s = &a->slots[a->rank[r][i]];
        if (i > 0) offset += a->slots[a->rank[r][i - 1]].below + s->above + gap;
        mean[pools] = s->y - offset;
        weight[pools] = s->lane ? 1e6 : s->item < 0 ? 3 : 1; // a wire straight rather than near
        size[pools++] = 1;
        while (pools > 1 && mean[pools - 2] > mean[pools - 1]) {
            double w = weight[pools - 2] + weight[pools - 1];
            mean[pools - 2] =
                (mean[pools - 2] * weight[pools - 2] + mean[pools - 1] * weight[pools - 1]) / w;
            weight[pools - 2] = w;
            size[pools - 2] += size[pools - 1];
            pools--;
        }
    }
    offset = 0;
    for (int p = 0, i = 0; p < pools; p++)
        for (int k = 0; k < size[p]; k++, i++) {
            Slot *s = &a->slots[a->rank[r][i]];
            if (i > 0) offset += a->slots[a->rank[r][i - 1]].below + s->above + gap;
            s->y = mean[p] + offset;
        }
}

static void pull(Auto *a, int slot) {
    double sum = 0, n = 0;
    for (int k = 0; k < a->n_links; k++) {
        int other = a->links[k].from == slot ? a->links[k].to
                    : a->links[k].to == slot ? a->links[k].from
                                             : -1;
        if (other < 0) continue;
        double w = a->slots[slot].item < 0 && a->slots[other].item < 0 ? 40 : 1;
        sum += w * a->slots[other].y;
        n += w;
    }
    if (n > 0) a->slots[slot].y = sum / n;
    if (a->slots[slot].lane) a->slots[slot].y = 0;
}

// May the i-th slot of a rank stand at y without touching the next ones?
static bool is_free(const Auto *a, int r, int i, double y, double gap) {
    const Slot *s = &a->slots[a->rank[r][i]];
    const Slot *over = i > 0 ? &a->slots[a->rank[r][i - 1]] : NULL;
    const Slot *under = i + 1 < a->n_rank[r] ? &a->slots[a->rank[r][i + 1]] : NULL;
    if (over && y - s->above - gap < over->y + over->below) return false;
    return !under || y + s->below + gap <= under->y - under->above;
}

// Takes out small steps: what stands nearly as high as what it comes from is put on its height.
static void straighten(Auto *a, double gap) {
    double small = 16 * a->d->unit;
    for (int r = 1; r < a->ranks; r++)
        for (int i = 0; i < a->n_rank[r]; i++) {
            Slot *s = &a->slots[a->rank[r][i]];
            double best = INFINITY;
            for (int k = 0; k < a->n_links; k++) {
                if (a->links[k].to != a->rank[r][i]) continue;
                double y = a->slots[a->links[k].from].y;
                bool near = fabs(y - s->y) < small && fabs(y - s->y) < fabs(best - s->y);
                if (near && is_free(a, r, i, y, gap)) best = y;
            }
            if (isfinite(best) && !s->lane) s->y = best;
        }
    for (int k = a->n_links - 1; k >= 0; k--) { // and wires on their way as those after them
        Slot *s = &a->slots[a->links[k].from];
        const Slot *next = &a->slots[a->links[k].to];
        if (s->item >= 0 || next->item >= 0 || s->lane || fabs(next->y - s->y) > small) continue;
        for (int i = 0; i < a->n_rank[s->rank]; i++)
            if (a->rank[s->rank][i] == a->links[k].from && is_free(a, s->rank, i, next->y, gap))
                s->y = next->y;
    }
}

// ---- level ways

// How far up and down a slot may move between its neighbours.
static void room_of(const Auto *a, int slot, double gap, double *low, double *high) {
    const Slot *s = &a->slots[slot];
    int r = s->rank, i = (int)s->order;
    const Slot *over = i > 0 ? &a->slots[a->rank[r][i - 1]] : NULL;
    const Slot *under = i + 1 < a->n_rank[r] ? &a->slots[a->rank[r][i + 1]] : NULL;
    *low = over ? over->y + over->below + gap + s->above : -INFINITY;
    *high = under ? under->y - under->above - gap - s->below : INFINITY;
}

// Where the last slot of a way goes on to; NAN where it is not one item.
static double goal_of(const Auto *a, int slot) {
    double y = NAN;
    for (int k = 0; k < a->n_links; k++)
        if (a->links[k].from == slot) y = isnan(y) ? a->slots[a->links[k].to].y : INFINITY;
    return isfinite(y) ? y : NAN;
}

// What leaves an item passes ranks on few heights: as far as there is room, each stretch is level,
// on the height of what is before it, else of what it goes to.
static void level_way(Auto *a, int item, double gap) {
    int first = a->d->items[item].rank + 1, last = first;
    double before = a->slots[item].y;
    while (last < a->ranks && a->pass[item * a->ranks + last] >= 0) last++;
    for (int r = first, end; r < last; r = end) {
        double low = -INFINITY, high = INFINITY, l, h;
        for (end = r; end < last; end++) {
            room_of(a, a->pass[item * a->ranks + end], gap, &l, &h);
            if (fmax(low, l) > fmin(high, h)) break;
            low = fmax(low, l), high = fmin(high, h);
        }
        if (end == r)
            before = a->slots[a->pass[item * a->ranks + end++]].y;
        else {
            double goal = end == last ? goal_of(a, a->pass[item * a->ranks + last - 1]) : NAN;
            bool straight = before >= low && before <= high;
            if (!straight && goal >= low && goal <= high) before = goal;
            before = fmin(high, fmax(low, before));
            for (int q = r; q < end; q++) a->slots[a->pass[item * a->ranks + q]].y = before;
        }
    }
}

static void level_ways(Auto *a, double gap) {
    for (int k = 0; k < a->d->n_items; k++)
        if (!a->lane[k]) level_way(a, k, gap);
}

double auto_heights(Auto *a, double gap, double *top) {
    int passes = a->n > 120 ? 4 : 10;
    for (int k = 0; k < a->n; k++) a->slots[k].y = 0;
    for (int r = 0; r < a->ranks; r++) settle(a, r, gap);
    for (int pass = 0; pass < passes; pass++)
        for (int i = 0; i < a->ranks; i++) {
            int r = pass % 2 ? a->ranks - 1 - i : i;
            for (int k = 0; k < a->n_rank[r]; k++) pull(a, a->rank[r][k]);
            settle(a, r, gap);
        }
    enum { ROUNDS = 3 }; // each moves what stood in the way of another
    for (int round = 0; round < ROUNDS; round++) {
        straighten(a, gap);
        level_ways(a, gap);
    }
    double low = INFINITY, high = -INFINITY;
    for (int k = 0; k < a->n; k++) {
        low = fmin(low, a->slots[k].y - a->slots[k].above);
        high = fmax(high, a->slots[k].y + a->slots[k].below);
    }
    *top = low;
    return high - low;
}
