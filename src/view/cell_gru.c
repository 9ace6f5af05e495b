// The gated unit's diagram: the state h on a belt along the top, reset and update gates and the
// candidate in boxes at the bottom, h = (1 - z) * n + z * h[t-1] or the other way round, with or
// without a reset gate. Whether a cell is one is read from its items and wires, never its name.
//   source  the grammar of Olah 2015, "Understanding LSTM Networks"
#include <math.h>

#include "view/cell_layout.h"

enum { NONE = -1 };

typedef struct {
    int h_in, x_in, join;              // join: NONE where gates read x alone
    int keep, sum, write, rest, reset; // z * h[t-1], the sum, (1 - z) * n, 1 - z, r * h[t-1]
    int r, z, n;                       // layers
    int h_out;
    bool rest_keeps; // 1 - z multiplies the past
} Gru;

typedef struct {
    double belt, write, meet, layer, rail, x_row; // heights
    double left, in, tap, r, z, turn, n, out, right;
    double row, x;
    double box_w, box_h;
} Plan;

// ---- what is what

static bool is_mul(const CellDiagram *d, int item) {
    return item >= 0 && d->items[item].kind == CELL_POINT &&
           d->g->nodes[d->items[item].node].op == OP_MUL;
}

static bool is_layer(const CellDiagram *d, int item) {
    return item >= 0 && d->items[item].kind == CELL_LAYER;
}

static bool is_past(const CellDiagram *d, int item, int node) {
    return item >= 0 && d->items[item].kind == CELL_IN && d->items[item].node == node &&
           d->items[item].lag == 1;
}

// The other one of an item's two sources; NONE if it has not both.
static int other_source(const CellDiagram *d, int item, int one) {
    int a, b;
    if (!cell_two_sources(d, item, &a, &b)) return NONE;
    return a == one ? b : b == one ? a : NONE;
}

static int only_source(const CellDiagram *d, int item) {
    int a, b;
    return cell_two_sources(d, item, &a, &b) || b != NONE ? NONE : a;
}

// Which of the two gates is 1 minus the other?
static bool match_gates(const CellDiagram *d, Gru *l, int keeps, int writes) {
    l->rest_keeps = keeps >= 0 && d->items[keeps].kind == CELL_FUNCTION;
    l->z = l->rest_keeps ? writes : keeps;
    l->rest = l->rest_keeps ? keeps : writes;
    if (!is_layer(d, l->z) || !d->items[l->z].gate || l->rest < 0) return false;
    const Node *rest = &d->g->nodes[d->items[l->rest].node];
    return d->items[l->rest].kind == CELL_FUNCTION && rest->op == OP_SUB &&
           only_source(d, l->rest) == l->z;
}

static bool match_state(const CellDiagram *d, Gru *l, int keep, int write) {
    int a, b;
    l->keep = keep;
    l->write = write;
    if (!is_mul(d, keep) || !is_mul(d, write) || l->h_in < 0) return false;
    int gate = other_source(d, keep, l->h_in);
    if (gate < 0 || !cell_two_sources(d, write, &a, &b)) return false;
    for (int k = 0; k < 2; k++) {
        l->n = k ? a : b;
        if (is_layer(d, l->n) && match_gates(d, l, gate, k ? b : a) && l->n != l->z) return true;
    }
    return false;
}

// The gates read x, and h[t-1] through a join; the candidate x, and h[t-1] under a reset gate.
static bool match_inputs(CellDiagram *d, Gru *l) {
    int a, b;
    l->join = l->reset = l->r = NONE;
    l->x_in = only_source(d, l->z);
    if (l->x_in >= 0 && d->items[l->x_in].kind == CELL_IN)
        return only_source(d, l->n) == l->x_in; // no past in the gates
    l->join = l->x_in;
    if (l->join < 0 || d->items[l->join].kind != CELL_JOIN) return false;
    l->x_in = other_source(d, l->join, l->h_in);
    if (l->x_in < 0 || d->items[l->x_in].kind != CELL_IN || d->items[l->x_in].lag) return false;
    if (only_source(d, l->n) == l->join) return true; // no reset gate
    if (!cell_two_sources(d, l->n, &a, &b)) return false;
    l->reset = a == l->x_in ? b : a;
    if (!is_mul(d, l->reset) || (a != l->x_in && b != l->x_in)) return false;
    l->r = other_source(d, l->reset, l->h_in);
    return is_layer(d, l->r) && l->r != l->z && only_source(d, l->r) == l->join;
}

static bool match(CellDiagram *d, Gru *l) {
    const Part *p = &d->g->parts[d->first_part];
    int a, b;
    if (d->first_part != d->last_part || p->kind != PART_LAYER) return false;
    l->sum = d->item_of[p->output];
    l->h_out = cell_item_find(d, CELL_OUT, p->output, 0);
    l->h_in = cell_item_find(d, CELL_IN, p->output, 1);
    if (l->sum < 0 || l->h_out < 0 || !is_past(d, l->h_in, p->output)) return false;
    if (d->items[l->sum].kind != CELL_POINT || d->g->nodes[p->output].op != OP_ADD) return false;
    if (!cell_two_sources(d, l->sum, &a, &b)) return false;
    if (!match_state(d, l, a, b) && !match_state(d, l, b, a)) return false;
    if (!match_inputs(d, l)) return false;
    const int all[] = {l->h_in, l->x_in,  l->join, l->keep, l->sum, l->write,
                       l->rest, l->reset, l->r,    l->z,    l->n,   l->h_out};
    int n = 0;
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) n += all[k] >= 0;
    return n == d->n_items;
}

// ---- where everything goes

static double place_columns(const CellDiagram *d, const Gru *l, Plan *p, double slack) {
    double u = d->unit, v = cell_vector_width(d, d->items[l->sum].node) + 10 * u;
    p->left = d->area.x + d->width + (d->width > 0 ? 4 : 0);
    p->in = p->left + d->square + 5 * u;
    p->tap = p->in + 22 * u + slack / 2;
    double x = p->tap;
    if (l->r >= 0) {
        p->r = x = x + fmax(v + 8 * u, 44 * u) + slack;
        x += 30 * u;
    }
    p->z = x = x + fmax(v + 8 * u, 48 * u) + slack;
    p->turn = x + 44 * u + slack / 2;
    p->n = fmax(p->turn + 46 * u, x + 100 * u) + slack;
    p->out = p->n + fmax(v, 40 * u) + 20 * u + slack;
    return p->out + 12 * u + d->square + d->width + 4 - d->area.x;
}

static void place_rows(const CellDiagram *d, const Gru *l, Plan *p) {
    double u = d->unit, head = 1.05 * d->letter + 6,
           v = cell_vector_height(d, d->items[l->sum].node);
    p->belt = d->area.y + fmax(head + v / 2, d->radius + 6 * u);
    p->x_row = d->area.y + d->area.h - fmax(1 + d->square / 2, 0.45 * d->letter);
    p->rail = p->x_row - fmax(26 * u, d->square);
    p->box_w = 62 * u;
    p->box_h = 36 * u;
    p->layer = p->rail - 18 * u - p->box_h / 2;
    p->meet = p->layer - p->box_h / 2 - 22 * u;
    p->write = p->belt + (p->meet - p->belt) * (l->rest_keeps ? 0.66 : 0.5);
    double *const rows[] = {&p->belt, &p->write, &p->meet, &p->layer, &p->rail, &p->x_row};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) *rows[k] = floor(*rows[k]) + 0.5;
    double pitch = d->square + d->gap;
    double wide = fmin(dim_count(d->g->nodes[d->items[l->x_in].node].dim), CELL_ROWS) * pitch;
    const char *name = view_node_tex(d->s->arena, d->v, d->items[l->x_in].node, 0, 0);
    double room = fmax(1.3 * d->letter, scene_formula_width(d->s, name, d->letter) + 4);
    p->row = fmax(fmin(p->left, p->in - 5 * u - wide), d->area.x + room);
    p->x = fmax(p->in, p->row + wide + 4 * u);
    p->tap = fmax(p->tap, p->x + 14 * u);
}

static void choose_sizes(CellDiagram *d, const Gru *l, Plan *p) {
    double u = d->unit, need = 0;
    int n = dim_count(d->g->nodes[d->items[l->sum].node].dim);
    d->rows = n <= CELL_ROWS ? n : CELL_ROWS;
    d->gap = 2;
    d->square = fmax(3, floor(fmin(19 * u, (d->area.h - 190 * u) / 1.6 / d->rows)) - d->gap);
    for (d->digits = d->v->lesson->digits; d->digits >= 0; d->digits--) {
        d->width = d->digits > 0 ? cell_number_width(d, d->digits) : 0;
        need = place_columns(d, l, p, 0);
        if (need <= d->area.w || d->digits == 0) break;
    }
    place_columns(d, l, p, fmax(0, fmin(80 * u, (d->area.w - need) / 5.5)));
    p->right = d->area.x + d->area.w - d->width - 4 - d->square;
    p->out = p->right - 7 * u;
}

static void place_items(CellDiagram *d, const Gru *l, const Plan *p) {
    double r = 2 * d->radius, u = d->unit, w = p->box_w, h = p->box_h;
    double rest_x = l->rest_keeps ? p->z : (p->z + p->n) / 2;
    double rest_y = l->rest_keeps ? (p->belt + p->write) / 2 : p->write;
    const struct {
        int item;
        double x, y, w, h;
    } rows[] = {{l->h_in, p->in, p->belt, 0, 0},
                {l->x_in, p->x, p->x_row, 0, 0},
                {l->join, p->tap, p->rail, 0, 0},
                {l->keep, p->z, p->belt, r, r},
                {l->sum, p->n, p->belt, r, r},
                {l->write, p->n, p->write, r, r},
                {l->rest, rest_x, rest_y, 34 * u, 24 * u},
                {l->reset, p->r, p->meet, r, r},
                {l->r, p->r, p->layer, w, h},
                {l->z, p->z, p->layer, w, h},
                {l->n, p->n, p->layer, w, h},
                {l->h_out, p->out, p->belt, 0, 0}};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        if (rows[k].item >= 0)
            d->items[rows[k].item].box =
                (Box){rows[k].x - rows[k].w / 2, rows[k].y - rows[k].h / 2, rows[k].w, rows[k].h};
}

// ---- wires

static void run(CellDiagram *d, int from, int to, int n, const Spot *at) {
    int k = cell_wire_find(d, from, to);
    if (k < 0) return;
    d->wires[k].n = n;
    for (int i = 0; i < n; i++) d->wires[k].at[i] = at[i];
}
#define RUN_WIRE(from, to, ...)                                                                    \
    run(d, from, to, (int)(sizeof((Spot[]){__VA_ARGS__}) / sizeof(Spot)), (Spot[]){__VA_ARGS__})

static void run_wires(CellDiagram *d, const Gru *l, const Plan *p) {
    double r = d->radius, w = p->box_w / 2, h = p->box_h / 2, u = d->unit;
    double over = p->layer - h, under = p->layer + h, side = 17 * u, half = 12 * u;
    double rest_x = l->rest_keeps ? p->z : (p->z + p->n) / 2;
    double rest_y = l->rest_keeps ? (p->belt + p->write) / 2 : p->write;
    RUN_WIRE(l->h_in, l->keep, {p->in, p->belt}, {p->z - r, p->belt});
    RUN_WIRE(l->keep, l->sum, {p->z + r, p->belt}, {p->n - r, p->belt});
    RUN_WIRE(l->sum, l->h_out, {p->n + r, p->belt}, {p->out, p->belt});
    RUN_WIRE(l->h_in, l->join, {p->in, p->belt}, {p->tap, p->belt}, {p->tap, p->rail});
    RUN_WIRE(l->x_in, l->join, {p->x, p->x_row}, {p->tap, p->x_row}, {p->tap, p->rail});
    RUN_WIRE(l->h_in, l->reset, {p->in, p->belt}, {p->r, p->belt}, {p->r, p->meet - r});
    RUN_WIRE(l->r, l->reset, {p->r, over}, {p->r, p->meet + r});
    RUN_WIRE(l->reset, l->n, {p->r + r, p->meet}, {p->turn, p->meet}, {p->turn, p->layer},
             {p->n - w, p->layer});
    const int layers[] = {l->r, l->z, l->n};
    const double xs[] = {p->r, p->z, p->n};
    for (int k = 0; k < 3; k++) {
        RUN_WIRE(l->join, layers[k], {p->tap, p->rail}, {xs[k], p->rail}, {xs[k], under});
        RUN_WIRE(l->x_in, layers[k], {p->x, p->x_row}, {xs[k], p->x_row}, {xs[k], under});
    }
    RUN_WIRE(l->n, l->write, {p->n, over}, {p->n, p->write + r});
    RUN_WIRE(l->write, l->sum, {p->n, p->write - r}, {p->n, p->belt + r});
    if (l->rest_keeps) {
        RUN_WIRE(l->z, l->rest, {p->z, over}, {p->z, rest_y + half});
        RUN_WIRE(l->rest, l->keep, {p->z, rest_y - half}, {p->z, p->belt + r});
        RUN_WIRE(l->z, l->write, {p->z, over}, {p->z, p->write}, {p->n - r, p->write});
    } else {
        RUN_WIRE(l->z, l->keep, {p->z, over}, {p->z, p->belt + r});
        RUN_WIRE(l->z, l->rest, {p->z, over}, {p->z, rest_y}, {rest_x - side, rest_y});
        RUN_WIRE(l->rest, l->write, {rest_x + side, rest_y}, {p->n - r, p->write});
    }
    const int belt[][2] = {{l->h_in, l->keep}, {l->keep, l->sum}, {l->sum, l->h_out}};
    cell_mark_belt(d, belt, 3);
}

// ---- values

static void place_values(CellDiagram *d, const Gru *l, const Plan *p) {
    double u = d->unit, sq = d->square, v = cell_vector_height(d, d->items[l->sum].node);
    double head = 1.05 * d->letter + 6, beside = 8 * u, high = p->belt + d->radius + head;
    double low = p->layer - p->box_h / 2 - 6 * u - v, past = p->meet - 9 * u - v;
    double aside = l->rest_keeps ? 14 * u : 0; // the box of 1 - z stands over the wire
    cell_add_value(d, l->h_in, (Spot){p->left, p->belt - v / 2}, NUMBERS_LEFT, false);
    cell_add_value(d, l->h_out, (Spot){p->right, p->belt - v / 2}, NUMBERS_RIGHT, false);
    cell_add_vector(d, (CellVector){.node = d->items[l->x_in].node,
                                    .row = true,
                                    .item = l->x_in,
                                    .at = {p->row, p->x_row - sq / 2}});
    cell_add_value(d, l->r, (Spot){p->r - beside - sq - 8 * u, fmax(high, low)}, NUMBERS_LEFT,
                   false);
    cell_add_value(d, l->z, (Spot){p->z - beside - sq - aside, fmax(high, l->r >= 0 ? past : low)},
                   NUMBERS_LEFT, false);
    cell_add_value(d, l->n, (Spot){p->n + beside + d->radius, fmax(high, low)}, NUMBERS_RIGHT,
                   false);
    cell_add_value(d, l->reset, (Spot){p->r + beside + 4 * u, fmax(high, past)}, NUMBERS_RIGHT,
                   true);
    cell_add_value(d, l->keep, (Spot){p->z + beside, high}, NUMBERS_RIGHT, true);
    cell_add_value(d, l->rest, (Spot){p->z + beside, fmax(high, p->write + 16 * u + head)},
                   NUMBERS_RIGHT, true);
    cell_add_value(d, l->write, (Spot){p->n + beside + d->radius, high}, NUMBERS_RIGHT, true);
}

bool cell_layout_gru(CellDiagram *d) {
    Gru l = {NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, false};
    if (!match(d, &l)) return false;
    Plan p = {0};
    choose_sizes(d, &l, &p);
    place_rows(d, &l, &p);
    place_items(d, &l, &p);
    run_wires(d, &l, &p);
    place_values(d, &l, &p);
    return true;
}
