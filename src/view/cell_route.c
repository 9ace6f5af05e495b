// Wires of the automatic layout: from slot to slot, with one upright stretch between two ranks that
// all wires of one source share.
#include <math.h>

#include "view/cell_auto.h"

enum { ENTRIES = 16 };

// The height at which what comes from slot `from` enters an item: straight where that is possible,
// in the order of the heights it comes from, none on another.
static double entry_y(const Auto *a, int from, int to) {
    const CellDiagram *d = a->d;
    const CellItem *item = &d->items[to];
    double middle = a->slots[to].y, y[ENTRIES], self = middle;
    double reach = item->kind == CELL_POINT ? 0.7 * item->box.h / 2 : item->box.h / 2 - 5 * d->unit;
    int who[ENTRIES], n = 0;
    if (item->kind == CELL_JOIN || item->box.h <= 0) return middle;
    for (int k = 0; k < a->n_links && n < ENTRIES; k++) {
        if (a->links[k].to != to) continue;
        int at = n++;
        double source = a->slots[a->links[k].from].y;
        for (; at > 0 && a->slots[who[at - 1]].y > source; at--) who[at] = who[at - 1];
        who[at] = a->links[k].from;
    }
    bool lane = n > 2 && a->slots[who[0]].lane && a->slots[to].lane;
    double apart = n > 1 ? fmin(9 * d->unit, (lane ? 1 : 2) * reach / (n - 1)) : 0;
    for (int k = 0; k < n && lane; k++) // the lane is straight, and all others are under it
        if (who[k] == from) return middle + k * apart;
    for (int k = 0; k < n; k++) {
        double low = middle - reach + k * apart, high = middle + reach - (n - 1 - k) * apart;
        double even = middle + (k - (n - 1) / 2.0) * apart, source = a->slots[who[k]].y;
        bool near = fabs(source - middle) <= reach + 1;
        y[k] = fmin(high, fmax(low, near ? source : even));
        if (k > 0) y[k] = fmin(high, fmax(y[k], y[k - 1] + apart));
        if (who[k] == from) self = y[k];
    }
    return self;
}

static Spot entry(const Auto *a, int from, int to) {
    const CellItem *i = &a->d->items[to];
    double y = entry_y(a, from, to), off = y - a->slots[to].y;
    if (i->kind == CELL_JOIN) return (Spot){i->box.x + i->box.w / 2, y};
    if (i->kind != CELL_POINT) return (Spot){i->box.x, y};
    double r = i->box.w / 2;
    return (Spot){i->box.x + r - sqrt(fmax(0, r * r - off * off)), y};
}

// The x at which what leaves slot `from` turns: wires of one source share it.
static double track_x(const Auto *a, int from) {
    const Slot *s = &a->slots[from];
    int n = 0, before = 0;
    double down = 0, start = a->x[s->rank] + a->w[s->rank], end = a->x[s->rank + 1];
    for (int k = 0; k < a->n_links; k++)
        if (a->links[k].from == from) down += a->slots[a->links[k].to].y - s->y;
    for (int i = 0; i < a->n_rank[s->rank]; i++) {
        int other = a->rank[s->rank][i];
        double turns = 0, sum = 0;
        for (int k = 0; k < a->n_links; k++)
            if (a->links[k].from == other) {
                turns += fabs(a->slots[a->links[k].to].y - a->slots[other].y);
                sum += a->slots[a->links[k].to].y - a->slots[other].y;
            }
        if (turns < 1) continue;
        n++;
        if (other == from) continue;
        // downward: the lower one turns first; upward: the upper one
        bool first = sum < 0 ? a->slots[other].y < s->y : a->slots[other].y > s->y;
        if ((sum < 0) != (down < 0)) first = sum < 0;
        before += first;
    }
    return floor(start + (end - start) * (before + 1) / (n + 1)) + 0.5;
}

static void put(CellWire *w, Spot p) {
    if (w->n < CELL_BENDS) w->at[w->n++] = p;
}

void auto_route(Auto *a, int wire) {
    CellDiagram *d = a->d;
    CellWire *w = &d->wires[wire];
    const CellItem *from = &d->items[w->from];
    double y = a->slots[w->from].y;
    double x = from->kind == CELL_JOIN ? from->box.x + from->box.w / 2 : from->box.x + from->box.w;
    w->n = 0;
    put(w, (Spot){x, y});
    for (int r = from->rank; r < d->items[w->to].rank; r++) {
        int here = auto_slot_of(a, wire, r), next = auto_slot_of(a, wire, r + 1);
        bool last = a->slots[next].item >= 0;
        Spot end = {0, a->slots[next].y};
        if (last) end = entry(a, here, next);
        if (fabs(end.y - y) > 0.6) {
            double turn = track_x(a, here);
            put(w, (Spot){turn, y});
            put(w, (Spot){turn, end.y});
        }
        y = end.y;
        if (last) put(w, end);
    }
}
