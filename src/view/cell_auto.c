// Lays out any cell: time and data run from left to right, an item stands one rank after the last
// thing it reads, wires that pass ranks get a slot of their own in each, orders within ranks are
// improved by sweeps that keep the best, heights follow (cell_heights.c), then wires
// (cell_route.c). The state on the belt stays on a straight lane at the top.
//   source  Sugiyama, Tagawa & Toda 1981; orders by barycentres
#include <math.h>

#include "view/cell_auto.h"
#include "view/timeline.h"

enum { LEVELS = 18, FIRST_COMPACT = 10 }; // sizes that are tried, from large to small
enum { TIGHT = 5 };                       // the least distance of rows

// ---- ranks

static bool stays_first(const CellDiagram *d, const CellItem *i) {
    return i->kind == CELL_IN && (i->lag > 0 || i->node == d->g->parts[d->first_part].input);
}

static void rank_items(Auto *a) {
    CellDiagram *d = a->d;
    bool moved = true;
    int last = 1;
    for (int pass = 0; moved && pass <= d->n_items; pass++) {
        moved = false;
        for (int k = 0; k < d->n_wires; k++) {
            CellItem *from = &d->items[d->wires[k].from], *to = &d->items[d->wires[k].to];
            if (to->rank > from->rank) continue;
            to->rank = from->rank + 1;
            if (to->rank > last) last = to->rank;
            moved = true;
        }
    }
    for (int k = 0; k < d->n_items; k++) {
        CellItem *item = &d->items[k];
        if (item->kind == CELL_OUT) item->rank = last;
        if (item->kind != CELL_IN || stays_first(d, item)) continue;
        int near = last; // sources stand just before what reads them
        for (int j = 0; j < d->n_wires; j++)
            if (d->wires[j].from == k && d->items[d->wires[j].to].rank < near)
                near = d->items[d->wires[j].to].rank;
        item->rank = near > 0 ? near - 1 : 0;
    }
    a->ranks = last + 1;
}

// The shortest way of the state from its past to its next value: a straight lane at the top. It is
// a belt only if no matrix stands on it, so that what it carries is multiplied and added to.
static void find_lane(Auto *a) {
    CellDiagram *d = a->d;
    a->lane = ARENA_ARRAY(d->s->arena, bool, d->n_items);
    a->along = ARENA_ARRAY(d->s->arena, bool, d->n_wires + 1);
    int belt =
        d->g->parts[d->first_part].kind == PART_LAYER ? timeline_belt(d->g, d->first_part) : -1;
    if (belt < 0) return;
    int node = d->g->equations[belt].node, start = cell_item_find(d, CELL_IN, node, 1);
    int end = cell_item_find(d, CELL_OUT, node, 0),
        *before = ARENA_ARRAY(d->s->arena, int, d->n_items);
    int *queue = ARENA_ARRAY(d->s->arena, int, d->n_items), head = 0, tail = 0;
    if (start < 0 || end < 0) return;
    for (int k = 0; k < d->n_items; k++) before[k] = -2;
    before[start] = -1;
    queue[tail++] = start;
    while (head < tail) {
        int at = queue[head++];
        for (int k = 0; k < d->n_wires; k++) {
            int to = d->wires[k].to;
            if (d->wires[k].from != at || before[to] != -2) continue;
            before[to] = at;
            queue[tail++] = to;
        }
    }
    bool pure = true;
    for (int at = before[end] == -2 ? -1 : end; at >= 0; at = before[at]) {
        a->lane[at] = true;
        pure = pure && d->items[at].kind != CELL_LAYER;
        for (int k = 0; k < d->n_wires; k++)
            if (d->wires[k].to == at && d->wires[k].from == before[at]) a->along[k] = true;
    }
    for (int k = 0; k < d->n_wires; k++) d->wires[k].belt = a->along[k] && pure;
}

// ---- slots

static int add_slot(Auto *a, Slot s) {
    ARENA_PUSH(a->d->s->arena, a->slots, a->n, a->cap, s);
    return a->n - 1;
}

static void add_link(Auto *a, int from, int to, int wire) {
    for (int k = 0; k < a->n_links; k++)
        if (a->links[k].from == from && a->links[k].to == to) return;
    Link link = {from, to, wire};
    ARENA_PUSH(a->d->s->arena, a->links, a->n_links, a->cap_links, link);
}

int auto_slot_of(Auto *a, int wire, int rank) {
    const CellWire *w = &a->d->wires[wire];
    if (rank == a->d->items[w->from].rank) return w->from;
    if (rank >= a->d->items[w->to].rank) return w->to;
    int *pass = &a->pass[w->from * a->ranks + rank];
    if (*pass < 0) *pass = add_slot(a, (Slot){.item = -1, .wire = wire, .rank = rank});
    a->slots[*pass].lane |= a->along[wire];
    return *pass;
}

static void make_slots(Auto *a) {
    CellDiagram *d = a->d;
    a->pass = ARENA_ARRAY(d->s->arena, int, d->n_items * a->ranks);
    for (int k = 0; k < d->n_items * a->ranks; k++) a->pass[k] = -1;
    for (int k = 0; k < d->n_items; k++)
        add_slot(a, (Slot){.item = k, .wire = -1, .rank = d->items[k].rank, .lane = a->lane[k]});
    for (int k = 0; k < d->n_wires; k++)
        for (int r = d->items[d->wires[k].from].rank; r < d->items[d->wires[k].to].rank; r++)
            add_link(a, auto_slot_of(a, k, r), auto_slot_of(a, k, r + 1), k);
    a->rank = ARENA_ARRAY(d->s->arena, int *, a->ranks);
    a->n_rank = ARENA_ARRAY(d->s->arena, int, a->ranks);
    for (int r = 0; r < a->ranks; r++) {
        a->rank[r] = ARENA_ARRAY(d->s->arena, int, a->n + 1);
        for (int k = 0; k < a->n; k++)
            if (a->slots[k].rank == r) a->rank[r][a->n_rank[r]++] = k;
    }
}

// ---- orders

static void sort_rank(Auto *a, int r) {
    int *list = a->rank[r], n = a->n_rank[r];
    for (int i = 1; i < n; i++) // insertion keeps what is equal in place
        for (int j = i; j > 0 && a->slots[list[j]].order < a->slots[list[j - 1]].order; j--) {
            int swap = list[j];
            list[j] = list[j - 1];
            list[j - 1] = swap;
        }
    for (int i = 0; i < n; i++) a->slots[list[i]].order = i;
}

static void sweep(Auto *a, int r, bool forward) {
    for (int i = 0; i < a->n_rank[r]; i++) {
        Slot *s = &a->slots[a->rank[r][i]];
        double sum = 0;
        int n = 0;
        for (int k = 0; k < a->n_links; k++) {
            int self = forward ? a->links[k].to : a->links[k].from;
            int other = forward ? a->links[k].from : a->links[k].to;
            if (self != a->rank[r][i]) continue;
            sum += a->slots[other].order;
            n++;
        }
        if (n) s->order = sum / n;
        if (s->lane) s->order = -1;
    }
    sort_rank(a, r);
}

static int crossings(const Auto *a) {
    int n = 0;
    for (int i = 0; i < a->n_links; i++)
        for (int j = i + 1; j < a->n_links; j++) {
            const Slot *f = &a->slots[a->links[i].from], *g = &a->slots[a->links[j].from];
            if (f->rank != g->rank) continue;
            double from = f->order - g->order;
            double to = a->slots[a->links[i].to].order - a->slots[a->links[j].to].order;
            n += from * to < 0;
        }
    return n;
}

static void order_slots(Auto *a) {
    int best = -1, sweeps = a->n > 120 ? 4 : 12;
    for (int r = 0; r < a->ranks; r++) {
        for (int i = 0; i < a->n_rank[r]; i++)
            a->slots[a->rank[r][i]].order = a->slots[a->rank[r][i]].lane ? -1 : i;
        sort_rank(a, r);
    }
    for (int pass = 0; pass < sweeps && best != 0; pass++) {
        if (pass % 2 == 0)
            for (int r = 1; r < a->ranks; r++) sweep(a, r, true);
        else
            for (int r = a->ranks - 2; r >= 0; r--) sweep(a, r, false);
        int n = crossings(a);
        if (best >= 0 && n >= best) continue;
        best = n;
        for (int k = 0; k < a->n; k++) a->slots[k].prev_order = (int)a->slots[k].order;
    }
    for (int k = 0; k < a->n; k++) a->slots[k].order = a->slots[k].prev_order;
    for (int r = 0; r < a->ranks; r++) sort_rank(a, r);
}

// ---- sizes

// Of a name over its value, with a distance from the ring around a box at work.
static double head_of(const CellDiagram *d) {
    return 1.05 * d->letter + fmax(6, 9 * d->unit);
}

static void size_item(const CellDiagram *d, CellItem *i) {
    double u = d->unit, w = 0, h = 0;
    if (i->kind == CELL_LAYER) w = 60 * u, h = 32 * u;
    if (i->kind == CELL_POINT) w = h = 2 * d->radius;
    if (i->kind == CELL_JOIN) w = h = 4 * u;
    if (i->kind == CELL_FUNCTION) {
        double text = scene_formula_width(d->s, i->tex, 14 * u);
        w = fmin(116 * u, fmax(28 * u, text + 16 * u));
        h = 26 * u;
    }
    i->box.w = floor(w);
    i->box.h = floor(h);
}

static bool is_named(const CellDiagram *d, const CellItem *i) {
    if (i->kind == CELL_IN || i->kind == CELL_OUT) return true;
    int e = i->node >= 0 ? d->g->nodes[i->node].equation : -1;
    if (i->kind == CELL_JOIN || e < 0 || d->g->equations[e].node != i->node) return false;
    for (int k = 0; k < d->n_items; k++) // shown where it leaves the picture
        if (d->items[k].kind == CELL_OUT && d->items[k].node == i->node) return false;
    return true;
}

static void size_slots(Auto *a) {
    CellDiagram *d = a->d;
    double u = d->unit, head = head_of(d);
    for (int k = 0; k < a->n; k++) {
        Slot *s = &a->slots[k];
        s->above = s->below = 3.5 * u;
        if (s->item < 0) continue;
        CellItem *i = &d->items[s->item];
        size_item(d, i);
        s->above = s->below = i->box.h / 2 + 3 * u;
        if (i->kind == CELL_IN || i->kind == CELL_OUT) {
            double v = cell_vector_height(d, i->node);
            s->above = v / 2 + head;
            s->below = v / 2 + 2 * u;
        } else if (a->values && is_named(d, i)) {
            s->below += cell_vector_height(d, i->node) + head;
        }
    }
}

// ---- columns

// How many upright stretches there are between rank r and the next.
static int tracks(const Auto *a, int r) {
    int n = 0;
    for (int k = 0; k < a->n_links; k++) {
        if (a->slots[a->links[k].from].rank != r) continue;
        bool first = true;
        for (int j = 0; j < k; j++) first &= a->links[j].from != a->links[k].from;
        n += first;
    }
    return n;
}

static double place_columns(Auto *a, double slack) {
    CellDiagram *d = a->d;
    double u = d->unit, x = d->area.x;
    for (int r = 0; r < a->ranks; r++) {
        double w = 0;
        for (int i = 0; i < a->n_rank[r]; i++) {
            const Slot *s = &a->slots[a->rank[r][i]];
            if (s->item < 0) continue;
            const CellItem *item = &d->items[s->item];
            w = fmax(w, item->box.w);
            bool port = item->kind == CELL_IN || item->kind == CELL_OUT;
            if (port || (a->values && is_named(d, item)))
                w = fmax(w, cell_vector_width(d, item->node) + 5 * u);
        }
        a->x[r] = x;
        a->w[r] = w;
        x += w;
        if (r + 1 < a->ranks) x += 14 * u + fmin(8, tracks(a, r)) * 4 * u + slack;
    }
    return x - d->area.x;
}

// ---- trying sizes until it fits

static void choose_sizes(Auto *a, int level, double base) {
    CellDiagram *d = a->d;
    static const double scale[LEVELS] = {1.75, 1.5,  1.25, 1.1,  1,    0.9,  0.82, 0.75, 1,
                                         0.9,  1.25, 1,    0.82, 0.75, 0.66, 0.58, 0.5,  0.42};
    bool roomy = level < 7;
    d->unit = base * scale[level];
    a->values = level < 10;
    d->letter = fmax(9, 15 * d->unit);
    d->number = fmax(8.5, 11 * d->unit);
    d->radius = fmax(6, 13 * d->unit);
    d->gap = 2;
    d->rows = roomy ? CELL_ROWS : level < 14 ? 6 : 4;
    d->square = floor(fmax(7, (roomy ? 13 : 11) * d->unit));
    if (a->compact) d->square = floor(fmax(4, 6 * d->unit));
    d->digits = level < 4                  ? d->v->lesson->digits
                : d->v->lesson->digits < 2 ? d->v->lesson->digits
                                           : 2;
    d->width = d->digits > 0 ? cell_number_width(d, d->digits) : 0;
}

// ---- where it all goes

static void place_items(Auto *a, double top, double squeeze) {
    CellDiagram *d = a->d;
    for (int k = 0; k < a->n; k++) {
        Slot *s = &a->slots[k];
        s->y = floor(d->area.y + (s->y - top) * squeeze) + 0.5;
        if (s->item < 0) continue;
        CellItem *i = &d->items[s->item];
        double x = a->x[i->rank], w = a->w[i->rank], left = x + (w - i->box.w) / 2;
        if (i->kind == CELL_IN) left = x + w;
        if (i->kind == CELL_OUT)
            left = x + w - (i->node >= 0 ? cell_vector_width(d, i->node) : 0) - 6 * d->unit;
        i->box.x = floor(left);
        i->box.y = floor(s->y - i->box.h / 2);
    }
}

// A value with its name, as it stands at a spot.
static Box room_of(const CellDiagram *d, const CellVector *v) {
    double head = head_of(d);
    double left = v->numbers == NUMBERS_LEFT && d->width > 0 ? d->width + 4 : 0;
    double w = cell_vector_width(d, v->node);
    if (v->numbers == NUMBERS_NONE && d->width > 0) w -= d->width + 4;
    return (Box){v->at.x - left, v->at.y - head, w, cell_vector_height(d, v->node) + head};
}

static double overlap(Box a, Box b) {
    double w = fmin(a.x + a.w, b.x + b.w) - fmax(a.x, b.x);
    double h = fmin(a.y + a.h, b.y + b.h) - fmax(a.y, b.y);
    return w > 0 && h > 0 ? w * h : 0;
}

// How much of the wires a box would cover, and of the room beside them.
static double covers_wires(const CellDiagram *d, Box b) {
    double sum = 0, beside = 2 * d->unit;
    for (int k = 0; k < d->n_wires; k++)
        for (int i = 0; i + 1 < d->wires[k].n; i++)
            sum += overlap(b, cell_wire_box(&d->wires[k], i, beside));
    return sum;
}

// How much of the glyphs, of the wires and of the values that are always shown a value would cover.
static double covers(const CellDiagram *d, const CellVector *v) {
    double sum = 0, outside = 0;
    Box b = room_of(d, v), area = box_inset(d->area, -4, -6);
    for (int k = 0; k < d->n_items; k++)
        sum += overlap(b, box_inset(d->items[k].box, -3 * d->unit, -3 * d->unit));
    for (int k = 0; k < d->n_vectors; k++)
        if (!d->vectors[k].transient) sum += overlap(b, room_of(d, &d->vectors[k]));
    outside = b.w * b.h - overlap(b, area);
    return sum + 3 * covers_wires(d, b) + 4 * outside;
}

// How far apart two boxes are.
static double away(Box a, Box b) {
    double dx = fmax(a.x, b.x) - fmin(a.x + a.w, b.x + b.w);
    double dy = fmax(a.y, b.y) - fmin(a.y + a.h, b.y + b.h);
    return hypot(fmax(0, dx), fmax(0, dy));
}

// What is shown only while its item is at work has no room of its own: it stands where it covers
// nothing, under its item if that can be, else over it or beside, else at the foot of the picture.
static void place_transient(CellDiagram *d) {
    const double FAR_COST = 0.6; // a wire is crossed rather than the value put far away
    double u = d->unit, head = head_of(d);
    for (int k = 0; k < d->n_vectors; k++) {
        CellVector *v = &d->vectors[k];
        if (!v->transient) continue;
        Box b = d->items[v->item].box;
        double w = cell_vector_width(d, v->node), h = cell_vector_height(d, v->node);
        double foot = d->area.y + d->area.h - h, top = d->area.y + head;
        double under = b.y + b.h + head, over = b.y - h - 6 * u, mid = b.x + b.w / 2;
        const Spot spots[] = {v->at,           {mid + 8 * u, under}, {mid - w - 8 * u, under},
                              {v->at.x, over}, {mid + 8 * u, over},  {mid - w - 8 * u, over},
                              {v->at.x, foot}, {v->at.x, top},       {b.x + b.w + 8 * u, foot},
                              {b.x - w, foot}, {b.x + b.w, top},     {b.x - w, top}};
        double least = INFINITY;
        Spot best = v->at;
        for (size_t i = 0; i < sizeof spots / sizeof *spots && least > 0; i++) {
            v->at = spots[i];
            double n = covers(d, v) + FAR_COST * u * away(room_of(d, v), b);
            if (n < least - 1) least = n, best = spots[i];
        }
        v->at = best;
    }
}

static void place_values(Auto *a) {
    CellDiagram *d = a->d;
    double u = d->unit;
    for (int k = 0; k < d->n_items; k++) {
        const CellItem *i = &d->items[k];
        if (i->node < 0 || i->kind == CELL_JOIN) continue;
        CellVector v = {.node = i->node, .lag = i->lag, .item = k, .numbers = NUMBERS_RIGHT};
        double h = cell_vector_height(d, i->node), w = cell_vector_width(d, i->node);
        double y = a->slots[k].y;
        if (i->kind == CELL_IN) {
            v.numbers = NUMBERS_LEFT;
            v.at = (Spot){i->box.x - 5 * u - (w - (d->width > 0 ? d->width + 4 : 0)), y - h / 2};
        } else if (i->kind == CELL_OUT) {
            v.at = (Spot){i->box.x + 6 * u, y - h / 2};
        } else {
            v.transient = !a->values || !is_named(d, i);
            double room = fmin(w, a->w[i->rank]);
            v.at = (Spot){i->box.x + i->box.w / 2 - room / 2, i->box.y + i->box.h + head_of(d)};
            if (w > a->w[i->rank] + 20 * u) v.numbers = NUMBERS_NONE;
            if (v.at.y + h > d->area.y + d->area.h) v.at.y = i->box.y - h - 6 * u;
        }
        cell_add_vector(d, v);
    }
}

// Where height is left over, rows stand further apart, as far as it goes: returns the height.
static double spread_heights(Auto *a, double need, double *top) {
    CellDiagram *d = a->d;
    if (need >= d->area.h) return need;
    for (int gap = 17; gap > TIGHT; gap -= 3) {
        double h = auto_heights(a, gap * d->unit, top);
        if (h <= d->area.h) return h;
    }
    return auto_heights(a, TIGHT * d->unit, top);
}

void cell_layout_auto(CellDiagram *d) {
    Auto a = {.d = d};
    double base = d->unit, top = 0, need_w = 0, need_h = 0;
    rank_items(&a);
    find_lane(&a);
    make_slots(&a);
    order_slots(&a);
    a.x = ARENA_ARRAY(d->s->arena, double, a.ranks + 1);
    a.w = ARENA_ARRAY(d->s->arena, double, a.ranks + 1);
    for (int level = 0; level < LEVELS; level++) {
        if (level == LEVELS - 1 && !a.compact && need_w <= d->area.w) { // only height lacks
            a.compact = true;
            level = FIRST_COMPACT;
        }
        choose_sizes(&a, level, base);
        size_slots(&a);
        need_w = place_columns(&a, 0);
        if (need_w > d->area.w && level < LEVELS - 1) continue;
        need_h = auto_heights(&a, TIGHT * d->unit, &top);
        if (need_h <= d->area.h) break;
    }
    need_h = spread_heights(&a, need_h, &top);
    double slack = (d->area.w - need_w) / (a.ranks > 1 ? a.ranks - 1 : 1);
    place_columns(&a, fmin(slack, 120 * base));
    double spare = d->area.w - place_columns(&a, fmin(slack, 120 * base));
    for (int r = 0; r < a.ranks && spare > 0; r++) a.x[r] += spare / 2;
    double squeeze = need_h > d->area.h ? d->area.h / need_h : 1;
    if (squeeze >= 1) top -= (d->area.h - need_h) / 2;
    place_items(&a, top, squeeze);
    place_values(&a);
    for (int k = 0; k < d->n_wires; k++) auto_route(&a, k);
    place_transient(d);
}
