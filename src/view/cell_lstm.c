// The diagram everyone knows: the state on a belt along the top, what is learned in boxes at the
// bottom, circles where numbers meet. It fits every cell whose state is a sum, c = f * c[t-1] + i *
// g, and whose output is that state, o * tanh(c); each gate and the function may be missing.
// Whether a cell is one is read from its items and wires alone, never from its name or its letters.
//   source  the grammar of Olah 2015, "Understanding LSTM Networks"
#include <math.h>

#include "view/cell_layout.h"

enum { NONE = -1 };

typedef struct {
    int c_in, h_in, x_in, join; // items
    int keep, sum, write;       // f * c[t-1], the sum, i * g
    int f, i, g, o;             // layers
    int squash, read;           // tanh(c), o * ...
    int c_out, h_out;
    int mask, drop; // of dropout: h * mask
} Lstm;

// ---- what is what

static bool is_point(const CellDiagram *d, int item, OpKind op) {
    return item >= 0 && d->items[item].kind == CELL_POINT &&
           d->g->nodes[d->items[item].node].op == op;
}

static bool is_layer(const CellDiagram *d, int item) {
    return item >= 0 && d->items[item].kind == CELL_LAYER;
}

int cell_wire_find(const CellDiagram *d, int from, int to) {
    for (int k = 0; k < d->n_wires; k++)
        if (d->wires[k].from == from && d->wires[k].to == to) return k;
    return NONE;
}

Box cell_wire_box(const CellWire *w, int i, double beside) {
    Spot p = w->at[i], q = w->at[i + 1];
    Box b = {fmin(p.x, q.x), fmin(p.y, q.y), fabs(p.x - q.x), fabs(p.y - q.y)};
    return box_inset(b, -beside, -beside);
}

void cell_mark_belt(CellDiagram *d, const int (*ends)[2], int n) {
    for (int k = 0; k < n; k++) {
        int wire = cell_wire_find(d, ends[k][0], ends[k][1]);
        if (wire >= 0) d->wires[wire].belt = true;
    }
}

bool cell_two_sources(const CellDiagram *d, int item, int *a, int *b) {
    int n = 0;
    *a = *b = NONE;
    for (int k = 0; k < d->n_wires; k++) {
        if (d->wires[k].to != item) continue;
        if (n == 0) *a = d->wires[k].from;
        if (n == 1) *b = d->wires[k].from;
        n++;
    }
    return n == 2;
}

static int only_source(const CellDiagram *d, int item) {
    int a, b;
    return cell_two_sources(d, item, &a, &b) || b != NONE ? NONE : a;
}

static bool is_past(const CellDiagram *d, int item, int node) {
    return item >= 0 && d->items[item].kind == CELL_IN && d->items[item].node == node &&
           d->items[item].lag == 1;
}

// One side of the sum: the past, whole or under a gate.
static bool match_keep(const CellDiagram *d, Lstm *l, int side, int node) {
    int a, b;
    if (is_past(d, side, node)) {
        l->c_in = side;
        return true;
    }
    if (!is_point(d, side, OP_MUL) || !cell_two_sources(d, side, &a, &b)) return false;
    bool first = is_past(d, a, node);
    if (!first && !is_past(d, b, node)) return false;
    l->keep = side;
    l->c_in = first ? a : b;
    l->f = first ? b : a;
    return is_layer(d, l->f);
}

// The other side: what is written, whole or under a gate.
static bool match_write(const CellDiagram *d, Lstm *l, int side) {
    int a, b;
    if (is_layer(d, side)) {
        l->g = side;
        return true;
    }
    if (!is_point(d, side, OP_MUL) || !cell_two_sources(d, side, &a, &b)) return false;
    bool first = d->items[a].gate && !d->items[b].gate;
    bool second = d->items[b].gate && !d->items[a].gate;
    l->write = side;
    l->i = second && !first ? b : a;
    l->g = l->i == a ? b : a;
    return is_layer(d, l->i) && is_layer(d, l->g);
}

static bool match_state(const CellDiagram *d, Lstm *l, const Equation *e) {
    int a, b;
    l->sum = d->item_of[e->node];
    if (!is_point(d, l->sum, OP_ADD) || !cell_two_sources(d, l->sum, &a, &b)) return false;
    Lstm empty = *l;
    if (match_keep(d, l, a, e->node) && match_write(d, l, b)) return true;
    *l = empty;
    return match_keep(d, l, b, e->node) && match_write(d, l, a);
}

// The function of the state alone, or the state.
static bool match_squash(const CellDiagram *d, Lstm *l, int item) {
    if (item == l->sum) return true;
    if (item < 0 || d->items[item].kind != CELL_FUNCTION) return false;
    l->squash = item;
    return only_source(d, item) == l->sum;
}

static bool match_output(const CellDiagram *d, Lstm *l, const Equation *e) {
    int end = d->item_of[e->node], a, b;
    if (end < 0 || end == l->sum) return false;
    if (match_squash(d, l, end)) return true;
    l->squash = NONE;
    if (!is_point(d, end, OP_MUL) || !cell_two_sources(d, end, &a, &b)) return false;
    l->read = end;
    l->o = is_layer(d, a) ? a : b;
    return is_layer(d, l->o) && match_squash(d, l, l->o == a ? b : a);
}

// Every layer reads the same two things: the last output, and x.
static bool match_inputs(CellDiagram *d, Lstm *l, int h) {
    const int layers[] = {l->f, l->i, l->g, l->o};
    int a, b;
    l->join = NONE;
    for (int k = 0; k < 4; k++) {
        if (layers[k] < 0) continue;
        int from = only_source(d, layers[k]);
        if (from < 0 || d->items[from].kind != CELL_JOIN || d->items[from].node >= 0) return false;
        if (l->join >= 0 && l->join != from) return false;
        l->join = from;
    }
    if (l->join < 0 || !cell_two_sources(d, l->join, &a, &b)) return false;
    bool first = is_past(d, a, h);
    l->h_in = first ? a : b;
    l->x_in = first ? b : a;
    return is_past(d, l->h_in, h) && d->items[l->x_in].lag == 0;
}

// What is handed on times its mask, in a moment of training.
static void match_dropout(const CellDiagram *d, Lstm *l, const Equation *h) {
    for (int m = 0; m < d->g->n_masks; m++) {
        const Equation *e = graph_dropout(d->g, d->g->masks[m]);
        if (d->g->nodes[e->node].args[0].node != h->node) continue;
        l->mask = cell_item_find(d, CELL_IN, e->mask, 0);
        l->drop = d->item_of[e->node];
    }
}

static int count_of(const Lstm *l) {
    const int all[] = {l->c_in,  l->h_in,  l->x_in,  l->join, l->keep, l->sum,
                       l->write, l->f,     l->i,     l->g,    l->o,    l->squash,
                       l->read,  l->c_out, l->h_out, l->mask, l->drop};
    int n = 0;
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) n += all[k] >= 0;
    return n;
}

static bool match(CellDiagram *d, Lstm *l) {
    const Graph *g = d->g;
    if (d->first_part != d->last_part) return false;
    for (int c = 0; c < g->n_equations; c++) {
        for (int h = 0; h < g->n_equations; h++) {
            const Equation *ec = &g->equations[c], *eh = &g->equations[h];
            if (c == h || ec->part != d->first_part || eh->part != d->first_part) continue;
            *l = (Lstm){NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
                        NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE};
            if (!ec->remembered || !eh->remembered) continue;
            if (!match_state(d, l, ec) || !match_output(d, l, eh)) continue;
            if (!match_inputs(d, l, eh->node)) continue;
            l->c_out = cell_item_find(d, CELL_OUT, ec->node, 0);
            l->h_out = cell_item_find(d, CELL_OUT, eh->node, 0);
            match_dropout(d, l, eh);
            if (l->c_out >= 0 && l->h_out >= 0 && count_of(l) == d->n_items) return true;
        }
    }
    return false;
}

// ---- where everything goes

// Heights, from the top: the belt, where products meet, the layers, the rail under them.
typedef struct {
    double belt, meet, layer, rail, x_row; // middles
    double box_w, box_h;
    double in, out;           // ends of wires at the left and right
    double f, i, ig, g, o, h; // upright wires
    double left, right;       // of the squares of states
    double row, x, join;      // the input's row, its end, where its wire joins
} Plan;

static void size_squares(CellDiagram *d, const Lstm *l) {
    double u = d->unit;
    int n = dim_count(d->g->nodes[d->items[l->sum].node].dim);
    d->rows = n <= CELL_ROWS ? n : CELL_ROWS;
    double room = (d->area.h - 150 * u) / 2;
    double pitch = fmin(19 * u, room / d->rows);
    d->gap = 2;
    d->square = fmax(3, floor(pitch) - d->gap);
}

// Width that everything needs at the least, with the room between added to `p` from its left.
static double place_columns(const CellDiagram *d, const Lstm *l, Plan *p, double slack) {
    double u = d->unit, v = cell_vector_width(d, d->items[l->sum].node) + 8 * u, x;
    double box = 62 * u + 10 * u;
    p->left = d->area.x + d->width + (d->width > 0 ? 4 : 0);
    p->in = p->left + d->square + 5 * u;
    x = p->in + 16 * u + slack;
    if (l->f >= 0) {
        x += fmax(v, 22 * u);
        p->f = x;
        x += fmax(v, 36 * u) + slack;
    }
    double before = l->i >= 0 ? v : 20 * u;
    if (l->f >= 0) before = fmax(before, box - fmax(v, 36 * u) - slack);
    x += before;
    if (l->i >= 0) {
        p->i = x;
        p->ig = x + 36 * u + slack / 2;
        p->g = p->ig + fmax(36 * u, v + 2 * u) + slack / 2;
    } else {
        p->g = p->ig = x + 10 * u;
    }
    x = p->g + v + slack;
    if (l->o >= 0) {
        p->o = x = fmax(x + v, p->g + box);
        p->h = x + 50 * u + slack / 2;
    } else {
        p->h = x + 30 * u;
    }
    p->out = p->h + fmax(v + 18 * u, 34 * u) + slack;
    return p->out + 12 * u + d->square + d->width + 4 - d->area.x;
}

// The input is a row: its wire starts at its right end.
static void place_x(const CellDiagram *d, const Lstm *l, Plan *p) {
    double pitch = d->square + d->gap, u = d->unit;
    int n = dim_count(d->g->nodes[d->items[l->x_in].node].dim);
    double wide = fmin(n, CELL_ROWS) * pitch;
    const char *name = view_node_tex(d->s->arena, d->v, d->items[l->x_in].node, 0, 0);
    double room = fmax(1.3 * d->letter, scene_formula_width(d->s, name, d->letter) + 4);
    p->row = fmax(fmin(p->left, p->in - 5 * u - wide), d->area.x + room);
    p->x = fmax(p->in, p->row + wide + 4 * u);
    p->join = fmax(p->in + 20 * u, p->x + 14 * u);
}

static void place_rows(const CellDiagram *d, const Lstm *l, Plan *p) {
    double u = d->unit, head = 1.05 * d->letter + 6,
           v = cell_vector_height(d, d->items[l->sum].node);
    double bottom = d->area.y + d->area.h;
    p->belt = d->area.y + fmax(head + v / 2, d->radius + 6 * u);
    p->x_row = bottom - fmax(1 + d->square / 2, 0.45 * d->letter);
    p->rail =
        p->x_row - fmax(d->square / 2, 0.45 * d->letter) - fmax(7 * u, 4) - fmax(v / 2, 10 * u);
    p->box_w = 62 * u;
    p->box_h = 36 * u;
    p->layer = p->rail - 22 * u - p->box_h / 2;
    p->meet = p->layer - p->box_h / 2 - 24 * u;
    double *const rows[] = {&p->belt, &p->meet, &p->layer, &p->rail, &p->x_row};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) *rows[k] = floor(*rows[k]) + 0.5;
    place_x(d, l, p);
}

// Of the column at the right in which dropout stands.
static double dropout_width(const CellDiagram *d, const Lstm *l) {
    return l->drop < 0 ? 0 : 2 * d->radius + 34 * d->unit + d->square + d->width;
}

static void choose_columns(CellDiagram *d, const Lstm *l, Plan *p) {
    double need = 0;
    for (d->digits = d->v->lesson->digits; d->digits >= 0; d->digits--) {
        d->width = d->digits > 0 ? cell_number_width(d, d->digits) : 0;
        need = place_columns(d, l, p, 0);
        if (need + dropout_width(d, l) <= d->area.w || d->digits == 0) break;
    }
    d->area.w -= dropout_width(d, l);
    double slack = fmax(0, fmin(40 * d->unit, (d->area.w - need) / 6.5));
    need = place_columns(d, l, p, slack);
    // What is left goes between the last wire and the states at the right.
    p->right = d->area.x + d->area.w - d->width - 4 - d->square;
    p->out = p->right - 7 * d->unit;
}

static Box around(double x, double y, double w, double h) {
    return (Box){x - w / 2, y - h / 2, w, h};
}

static void place_items(CellDiagram *d, const Lstm *l, const Plan *p) {
    double r = d->radius, u = d->unit, read = p->meet + 10 * u;
    const struct {
        int item;
        double x, y, w, h;
    } rows[] = {{l->c_in, p->in, p->belt, 0, 0},
                {l->h_in, p->in, p->rail, 0, 0},
                {l->x_in, p->x, p->x_row, 0, 0},
                {l->join, p->join, p->rail, 0, 0},
                {l->keep, p->f, p->belt, 2 * r, 2 * r},
                {l->sum, p->ig, p->belt, 2 * r, 2 * r},
                {l->write, p->ig, p->meet, 2 * r, 2 * r},
                {l->f, p->f, p->layer, p->box_w, p->box_h},
                {l->i, p->i, p->layer, p->box_w, p->box_h},
                {l->g, p->g, p->layer, p->box_w, p->box_h},
                {l->o, p->o, p->layer, p->box_w, p->box_h},
                {l->squash, p->h, (p->belt + read) / 2 - 2 * u, 50 * u, 26 * u},
                {l->read, p->h, read, 2 * r, 2 * r},
                {l->c_out, p->out, p->belt, 0, 0},
                {l->h_out, p->out, p->rail, 0, 0}};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        if (rows[k].item >= 0)
            d->items[rows[k].item].box = around(rows[k].x, rows[k].y, rows[k].w, rows[k].h);
}

// ---- wires

static Spot middle(const CellDiagram *d, int item) {
    Box b = d->items[item].box;
    return (Spot){b.x + b.w / 2, b.y + b.h / 2};
}

// From one item to another: straight, or with one corner, first along x or first along y.
static void run_wire(CellDiagram *d, int from, int to, bool level_first) {
    int k = cell_wire_find(d, from, to);
    if (k < 0) return;
    CellWire *w = &d->wires[k];
    Spot a = middle(d, from), b = middle(d, to);
    Spot corner = level_first ? (Spot){b.x, a.y} : (Spot){a.x, b.y};
    Box ba = d->items[from].box, bb = d->items[to].box;
    Spot next = fabs(corner.x - a.x) + fabs(corner.y - a.y) > 0.5 ? corner : b;
    Spot last = fabs(corner.x - b.x) + fabs(corner.y - b.y) > 0.5 ? corner : a;
    double sx = (next.x > a.x) - (next.x < a.x), sy = (next.y > a.y) - (next.y < a.y);
    double ex = (b.x > last.x) - (b.x < last.x), ey = (b.y > last.y) - (b.y < last.y);
    if (fabs(next.x - a.x) > fabs(next.y - a.y))
        sy = 0;
    else
        sx = 0;
    if (fabs(b.x - last.x) > fabs(b.y - last.y))
        ey = 0;
    else
        ex = 0;
    w->n = 0;
    w->at[w->n++] = (Spot){a.x + sx * ba.w / 2, a.y + sy * ba.h / 2};
    bool bends = fabs(a.x - b.x) > 1 && fabs(a.y - b.y) > 1;
    if (bends) w->at[w->n++] = corner;
    w->at[w->n++] = (Spot){b.x - ex * bb.w / 2, b.y - ey * bb.h / 2};
}

static void run_wires(CellDiagram *d, const Lstm *l) {
    int kept = l->keep >= 0 ? l->keep : l->c_in;
    int written = l->write >= 0 ? l->write : l->g;
    int squashed = l->squash >= 0 ? l->squash : l->sum;
    const int layers[] = {l->f, l->i, l->g, l->o};
    run_wire(d, l->c_in, l->keep, true);
    run_wire(d, kept, l->sum, true);
    run_wire(d, written, l->sum, false);
    run_wire(d, l->f, l->keep, false);
    run_wire(d, l->i, l->write, false);
    run_wire(d, l->g, l->write, false);
    run_wire(d, l->sum, l->c_out, true);
    run_wire(d, l->sum, l->squash >= 0 ? l->squash : l->read, true);
    run_wire(d, squashed, l->read, true);
    run_wire(d, l->o, l->read, false);
    run_wire(d, l->read >= 0 ? l->read : squashed, l->h_out, false);
    run_wire(d, l->h_in, l->join, true);
    run_wire(d, l->x_in, l->join, true);
    for (int k = 0; k < 4; k++)
        if (layers[k] >= 0) run_wire(d, l->join, layers[k], true);
    const int belt[][2] = {{l->c_in, l->keep}, {kept, l->sum}, {l->sum, l->c_out}};
    cell_mark_belt(d, belt, 3);
}

// ---- values

static void place_values(CellDiagram *d, const Lstm *l, const Plan *p) {
    double u = d->unit, sq = d->square, v = cell_vector_height(d, d->items[l->sum].node);
    double top = 1.05 * d->letter + 6, low = p->layer - p->box_h / 2 - 6 * u - v;
    double high = p->belt + d->radius + top + 3 * u, mid = fmin(low, (low + high) / 2);
    double beside = 8 * u;
    cell_add_value(d, l->c_in, (Spot){p->left, p->belt - v / 2}, NUMBERS_LEFT, false);
    cell_add_value(d, l->h_in, (Spot){p->left, p->rail - v / 2}, NUMBERS_LEFT, false);
    cell_add_value(d, l->c_out, (Spot){p->right, p->belt - v / 2}, NUMBERS_RIGHT, false);
    cell_add_value(d, l->h_out, (Spot){p->right, p->rail - v / 2}, NUMBERS_RIGHT, false);
    cell_add_vector(d, (CellVector){.node = d->items[l->x_in].node,
                                    .row = true,
                                    .item = l->x_in,
                                    .at = {p->row, p->x_row - d->square / 2}});
    cell_add_value(d, l->f, (Spot){p->f - beside - sq, mid}, NUMBERS_LEFT, false);
    cell_add_value(d, l->i, (Spot){p->i - beside - sq, mid}, NUMBERS_LEFT, false);
    cell_add_value(d, l->g, (Spot){p->g + beside, l->write >= 0 ? mid : low}, NUMBERS_RIGHT, false);
    cell_add_value(d, l->o, (Spot){p->o - beside - sq, mid}, NUMBERS_LEFT, false);
    cell_add_value(d, l->keep, (Spot){p->f + beside, fmax(high, mid)}, NUMBERS_RIGHT, true);
    double slot = fmin(high, p->meet - d->radius - v);
    cell_add_value(d, l->write, (Spot){p->ig + beside, slot}, NUMBERS_RIGHT, true);
    double under = l->squash >= 0 ? d->items[l->squash].box.y + 26 * u + top : high;
    cell_add_value(d, l->squash, (Spot){p->h + d->radius + 2 * beside, under + 5 * u},
                   NUMBERS_RIGHT, true);
}

// ---- dropout, in a column of its own at the right

static void place_dropout(CellDiagram *d, const Lstm *l, const Plan *p, double left) {
    double u = d->unit, r = d->radius, v = cell_vector_height(d, d->items[l->drop].node);
    double x = left + 14 * u + r, low = p->x_row;
    double top = p->rail - fmax(r + 24 * u, v / 2 + 1.7 * d->letter) - v;
    d->items[l->drop].box = around(x, p->rail, 2 * r, 2 * r);
    d->items[l->mask].box = around(x, top + v + 4 * u, 0, 0);
    run_wire(d, l->mask, l->drop, false);
    int read = l->read >= 0 ? l->read : l->squash >= 0 ? l->squash : l->sum;
    int k = cell_wire_find(d, read, l->drop);
    if (k >= 0) { // under the state that goes on
        Box from = d->items[read].box;
        const Spot way[] = {{p->h, from.y + from.h}, {p->h, low}, {x, low}, {x, p->rail + r}};
        d->wires[k].n = 4;
        for (int i = 0; i < 4; i++) d->wires[k].at[i] = way[i];
    }
    cell_add_value(d, l->mask, (Spot){x - d->square / 2, top}, NUMBERS_RIGHT, false);
    cell_add_value(d, l->drop, (Spot){x + r + 8 * u, p->rail - v / 2}, NUMBERS_RIGHT, false);
}

bool cell_layout_lstm(CellDiagram *d) {
    Lstm l;
    if (!match(d, &l)) return false;
    Plan p = {0};
    Box whole = d->area;
    size_squares(d, &l);
    choose_columns(d, &l, &p);
    place_rows(d, &l, &p);
    place_items(d, &l, &p);
    run_wires(d, &l);
    place_values(d, &l, &p);
    if (l.drop >= 0) place_dropout(d, &l, &p, d->area.x + d->area.w);
    d->area = whole;
    return true;
}
