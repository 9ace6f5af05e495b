// What a cell's picture consists of, read from the graph. Every node of the parts shown belongs to
// one item (cell_fold.c), wiring that only spreads disappears. An item's wires are the arguments of
// its nodes that come from outside of it, so that the picture cannot say anything that is not
// computed.
#include <string.h>

#include "view/cell_fold.h"

// What is made of numbers and parameters alone, like 1 - alpha.
static bool *still_nodes(const CellDiagram *d) {
    const Graph *g = d->g;
    bool *still = ARENA_ARRAY(d->s->arena, bool, g->n_nodes);
    for (int n = 0; n < g->n_nodes; n++) {
        const Node *node = &g->nodes[n];
        still[n] = node->steady || node->op == OP_CONST || node->op == OP_PARAM;
        if (still[n] || node->n_args == 0 || node->equation < 0) continue;
        if (g->equations[node->equation].node == n) continue; // a name is worth an item
        still[n] = true;
        for (int k = 0; k < node->n_args; k++)
            still[n] &=
                node->args[k].lag == 0 && node->args[k].node < n && still[node->args[k].node];
    }
    return still;
}

// ---- items

static int add_item(CellDiagram *d, CellItem item) {
    if (d->n_items >= CELL_MAX_ITEMS) {
        d->too_large = true;
        return d->n_items - 1;
    }
    ARENA_PUSH(d->s->arena, d->items, d->n_items, d->cap_items, item);
    return d->n_items - 1;
}

int cell_item_find(const CellDiagram *d, CellKind kind, int node, int lag) {
    for (int k = 0; k < d->n_items; k++) {
        const CellItem *i = &d->items[k];
        if (i->kind == kind && i->node == node && i->lag == lag) return k;
    }
    return -1;
}

static int find_or_add(CellDiagram *d, CellKind kind, int node, int lag) {
    int k = cell_item_find(d, kind, node, lag);
    return k >= 0 ? k : add_item(d, (CellItem){.kind = kind, .node = node, .lag = lag});
}

static void add_operation(CellDiagram *d, const int *root, int n) {
    d->item_of[n] = add_item(d, cell_label(d, root, n));
}

// ---- wires

static int *wire_ends(CellDiagram *d, int from, int to) {
    for (int k = 0; k < d->n_wires; k++)
        if (d->wires[k].from == from && d->wires[k].to == to) return NULL;
    CellWire w = {.from = from, .to = to};
    ARENA_PUSH(d->s->arena, d->wires, d->n_wires, d->cap_wires, w);
    return &d->wires[d->n_wires - 1].from;
}

// What an argument comes from, through wiring that only spreads; -1 for what never changes.
static int source_of(CellDiagram *d, Arg arg) {
    const Node *n = &d->g->nodes[arg.node];
    while (n->op == OP_SPREAD && arg.lag == 0 && cell_is_shown(d, arg.node)) {
        arg = n->args[0];
        n = &d->g->nodes[arg.node];
    }
    if (arg.lag == 0 && d->still[arg.node]) return -1;
    if (arg.lag == 0 && d->item_of[arg.node] >= 0) return d->item_of[arg.node];
    return find_or_add(d, CELL_IN, arg.node, arg.lag);
}

static void add_wires(CellDiagram *d, const int *root) {
    for (int n = cell_first_node(d); n <= cell_last_node(d) && !d->too_large; n++) {
        if (root[n] < 0 || d->item_of[root[n]] < 0) continue;
        const Node *node = &d->g->nodes[n];
        int n_args = node->n_args;
        if (node->fused) n_args = 1; // the target belongs to the loss
        if (node->op == OP_CROSS_ENTROPY || node->op == OP_BINARY_CROSS_ENTROPY) n_args = 2;
        for (int k = 0; k < n_args; k++) {
            Arg arg = node->args[k];
            if (arg.lag == 0 && root[arg.node] >= 0 && root[arg.node] == root[n]) continue;
            int from = source_of(d, arg);
            if (from >= 0) wire_ends(d, from, d->item_of[root[n]]);
        }
    }
}

static void add_outs(CellDiagram *d) {
    const Graph *g = d->g;
    for (int k = 0; k < g->n_equations; k++) {
        const Equation *e = &g->equations[k];
        if (e->part < d->first_part || e->part > d->last_part) continue;
        const Part *p = &g->parts[e->part];
        bool layer = p->kind <= PART_LAYER;
        bool end = d->last_part == d->first_part || e->part == d->last_part;
        if (!(layer && e->remembered) && !(end && p->output == e->node) && e->node != g->loss)
            continue;
        int from = source_of(d, (Arg){e->node, 0});
        if (from < 0) continue;
        int to = find_or_add(d, CELL_OUT, e->node, 0);
        wire_ends(d, from, to);
    }
}

// ---- joins

static int inputs_of(const CellDiagram *d, int item, int *out, int cap) {
    int n = 0;
    for (int k = 0; k < d->n_wires; k++)
        if (d->wires[k].to == item && n < cap) out[n++] = d->wires[k].from;
    return n;
}

static bool same_inputs(const CellDiagram *d, int a, int b) {
    enum { CAP = 8 };
    int x[CAP], y[CAP];
    int n = inputs_of(d, a, x, CAP), m = inputs_of(d, b, y, CAP);
    if (n != m || n < 2 || n == CAP) return false;
    for (int i = 0; i < n; i++) {
        bool found = false;
        for (int j = 0; j < n; j++) found |= x[i] == y[j];
        if (!found || d->items[x[i]].kind != CELL_IN) return false;
    }
    return true;
}

static void remove_wires(CellDiagram *d, int to) {
    int kept = 0;
    for (int k = 0; k < d->n_wires; k++)
        if (d->wires[k].to != to) d->wires[kept++] = d->wires[k];
    d->n_wires = kept;
}

// Layers that read the same inputs read them from one place where these join.
static void join_inputs(CellDiagram *d) {
    enum { CAP = 8 };
    int n = d->n_items;
    for (int a = 0; a < n; a++) {
        int in[CAP], join = -1, same[CELL_MAX_ITEMS], n_same = 0;
        if (d->items[a].kind != CELL_LAYER) continue;
        for (int b = a + 1; b < n; b++)
            if (d->items[b].kind == CELL_LAYER && same_inputs(d, a, b)) same[n_same++] = b;
        if (!n_same) continue;
        int n_in = inputs_of(d, a, in, CAP);
        join = add_item(d, (CellItem){.kind = CELL_JOIN, .node = -1});
        same[n_same++] = a;
        for (int k = 0; k < n_in; k++) wire_ends(d, in[k], join);
        for (int k = 0; k < n_same; k++) {
            remove_wires(d, same[k]);
            wire_ends(d, join, same[k]);
        }
    }
}

void cell_items(CellDiagram *d) {
    const Graph *g = d->g;
    d->item_of = ARENA_ARRAY(d->s->arena, int, g->n_nodes);
    d->still = still_nodes(d);
    for (int n = 0; n < g->n_nodes; n++) d->item_of[n] = -1;
    if (cell_last_node(d) - cell_first_node(d) > 8 * CELL_MAX_ITEMS) {
        d->too_large = true;
        return;
    }
    int *root = cell_fold(d);
    for (int n = cell_first_node(d); n <= cell_last_node(d) && !d->too_large; n++)
        if (root[n] == n && g->nodes[n].op != OP_SPREAD) add_operation(d, root, n);
    add_wires(d, root);
    add_outs(d);
    if (!d->too_large) join_inputs(d);
    for (int n = cell_first_node(d); n <= cell_last_node(d); n++)
        if (root[n] >= 0) d->item_of[n] = d->item_of[root[n]];
}
