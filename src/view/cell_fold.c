// Which operations of a cell's picture are one item. Folding never crosses equations, and never
// hides a value that something outside of the item reads.
#include "view/cell_fold.h"

bool cell_is_shown(const CellDiagram *d, int node) {
    int part = d->g->nodes[node].part;
    bool op = op_defs[d->g->nodes[node].op].forward != NULL && !d->still[node];
    return op && part >= d->first_part && part <= d->last_part;
}

int cell_first_node(const CellDiagram *d) {
    return d->g->parts[d->first_part].first;
}

// Of a layer, without the stack that puts both directions on each other.
int cell_last_node(const CellDiagram *d) {
    const Part *p = &d->g->parts[d->last_part];
    int last = p->last;
    while (last > p->first && d->g->nodes[last].equation < 0) last--;
    return last;
}

bool cell_is_function(const Node *n) {
    return n->op == OP_SOFTMAX || (op_defs[n->op].slope && n->op != OP_NEG);
}

bool cell_is_product(const CellDiagram *d, int node) {
    const Node *n = &d->g->nodes[node];
    if (n->op == OP_MATMUL) return d->still[n->args[0].node];
    return n->op == OP_DOT && cell_moving(d, node) >= 0;
}

int cell_moving(const CellDiagram *d, int node) {
    const Node *n = &d->g->nodes[node];
    if (n->n_args != 2) return -1;
    bool a = n->args[0].lag == 0 && d->still[n->args[0].node];
    bool b = n->args[1].lag == 0 && d->still[n->args[1].node];
    return a == b ? -1 : a ? 1 : 0;
}

// The only node that reads this one, in the same equation and timestep; -1 for others.
static int only_user(const CellDiagram *d, int node) {
    const Graph *g = d->g;
    if (g->n_uses[node] != 1 || g->uses[node][0].lag > 0) return -1;
    int user = g->uses[node][0].node;
    return cell_is_shown(d, user) && g->nodes[user].equation == g->nodes[node].equation ? user : -1;
}

// ---- layers

// A product with weights that is only scaled before its bias is added or its function taken.
static bool is_scaled(const CellDiagram *d, int node) {
    const Node *n = &d->g->nodes[node];
    int moving = cell_moving(d, node), user = only_user(d, node);
    bool scales = (n->op == OP_MUL || n->op == OP_DIV) && moving >= 0 && user >= 0;
    if (!scales || n->args[moving].lag > 0 || !cell_is_product(d, n->args[moving].node))
        return false;
    const Node *then = &d->g->nodes[user];
    bool sum = then->op == OP_ADD || then->op == OP_SUB;
    return cell_is_function(then) || (sum && cell_moving(d, user) >= 0);
}

static bool is_linear(const CellDiagram *d, int node) {
    const Node *n = &d->g->nodes[node];
    if (n->op == OP_ADD || n->op == OP_SUB || n->op == OP_NEG || n->op == OP_COPY) return true;
    if (n->op == OP_MATMUL || n->op == OP_DOT) return cell_is_product(d, node);
    for (int k = 0; n->op == OP_MUL && k < 2; k++) // weights of each unit's own, as peepholes
        if (d->g->nodes[n->args[k].node].op == OP_PARAM) return true;
    return is_scaled(d, node);
}

// May this node be part of the layer of the only one that reads it?
static bool joins_layer(const CellDiagram *d, const int *root, int n) {
    const Graph *g = d->g;
    int user = only_user(d, n);
    if (user < 0) return false;
    if (g->nodes[n].op == OP_STACK) return g->nodes[user].op == OP_MATMUL && root[user] >= 0;
    if (!is_linear(d, n)) return false;
    return cell_is_function(&g->nodes[user]) || (root[user] >= 0 && is_linear(d, user));
}

// Only what multiplies by weights is a layer: learned[n] for the last node of one.
static bool *fold_layers(const CellDiagram *d, int *root) {
    const Graph *g = d->g;
    bool *learned = ARENA_ARRAY(d->s->arena, bool, g->n_nodes);
    for (int n = cell_last_node(d); n >= cell_first_node(d); n--) {
        if (!cell_is_shown(d, n)) continue;
        root[n] = n;
        if (joins_layer(d, root, n)) root[n] = root[g->uses[n][0].node];
        if (cell_is_product(d, n)) learned[root[n]] = true;
    }
    for (int n = cell_first_node(d); n <= cell_last_node(d); n++)
        if (root[n] >= 0 && !learned[root[n]]) root[n] = n;
    return learned;
}

static void move(const CellDiagram *d, int *root, int from, int to) {
    for (int n = cell_first_node(d); n <= cell_last_node(d); n++)
        if (root[n] == from) root[n] = to;
}

// ---- 4 σ(...) - 2

static bool ends_in_function(const CellDiagram *d, const int *root, int item) {
    for (int n = item; n >= cell_first_node(d);) {
        if (root[n] != item) return false;
        if (cell_is_function(&d->g->nodes[n])) return true;
        int moving = cell_moving(d, n);
        if (moving < 0 || d->g->nodes[n].args[moving].lag > 0) return false;
        n = d->g->nodes[n].args[moving].node;
    }
    return false;
}

static void fold_tails(const CellDiagram *d, int *root, bool *learned) {
    for (int n = cell_first_node(d); n <= cell_last_node(d); n++) {
        const Node *node = &d->g->nodes[n];
        bool half =
            node->op == OP_ADD || node->op == OP_SUB || node->op == OP_MUL || node->op == OP_DIV;
        int moving = cell_moving(d, n);
        if (root[n] != n || !half || moving < 0 || node->args[moving].lag > 0) continue;
        int before = node->args[moving].node;
        if (root[before] != before || only_user(d, before) != n) continue;
        if (!ends_in_function(d, root, before)) continue;
        learned[n] = learned[before];
        move(d, root, before, n);
    }
}

// ---- functions of few values

enum { GROUP_MOST = 24, SOURCES = 3 };

typedef struct {
    bool *in; // [nodes] what would be one item
    int n, steps;
    Arg source[SOURCES + 1]; // the values that it reads from outside, as far as there are few
    int n_sources;
    bool named; // each is a value with a name
} Group;

static bool used_inside(const CellDiagram *d, const Group *group, int node) {
    for (int k = 0; k < d->g->n_uses[node]; k++)
        if (d->g->uses[node][k].lag > 0 || !group->in[d->g->uses[node][k].node]) return false;
    return d->g->n_uses[node] > 0;
}

// Sums, differences and functions: what a formula of a few letters says as well as wires do.
static bool is_plain(const CellDiagram *d, int node) {
    OpKind op = d->g->nodes[node].op;
    bool sum = op == OP_ADD || op == OP_SUB || op == OP_NEG || op == OP_SPREAD;
    bool pick = op == OP_MAX || op == OP_MIN || op == OP_DOT;
    return sum || pick || cell_is_function(&d->g->nodes[node]);
}

// May the group take in an operation that it reads?
static bool takes_in(const CellDiagram *d, const int *root, const bool *learned, const Group *group,
                     Arg arg, int equation) {
    int n = arg.node;
    if (arg.lag > 0 || !cell_is_shown(d, n) || d->g->nodes[n].equation != equation) return false;
    if (root[n] >= 0 && learned[root[n]]) return false;
    return d->g->equations[equation].node != n && used_inside(d, group, n);
}

static void add_node(const CellDiagram *d, Group *group, int node) {
    group->in[node] = true;
    group->n++;
    group->steps += op_defs[d->g->nodes[node].op].is_step;
}

static void add_source(const CellDiagram *d, Group *group, Arg arg) {
    for (int k = 0; k < group->n_sources; k++)
        if (group->source[k].node == arg.node && group->source[k].lag == arg.lag) return;
    if (group->n_sources <= SOURCES) group->source[group->n_sources++] = arg;
    int e = d->g->nodes[arg.node].equation;
    group->named &= arg.lag > 0 || e < 0 || d->g->equations[e].node == arg.node;
}

// Nodes stand in the order of execution, so that one pass backward meets all users of a node first.
static Group group_of(const CellDiagram *d, const int *root, const bool *learned, int last,
                      bool plain) {
    Group group = {.in = ARENA_ARRAY(d->s->arena, bool, d->g->n_nodes), .named = true};
    int equation = d->g->nodes[last].equation;
    for (int n = cell_first_node(d); n <= last; n++)
        if (root[n] == last) add_node(d, &group, n);
    for (int n = last; n >= cell_first_node(d); n--) {
        const Node *node = &d->g->nodes[n];
        for (int k = 0; group.in[n] && k < node->n_args; k++) {
            Arg arg = node->args[k];
            if (arg.lag == 0 && (d->still[arg.node] || group.in[arg.node])) continue;
            bool inside = takes_in(d, root, learned, &group, arg, equation);
            if (inside && (!plain || is_plain(d, arg.node)))
                add_node(d, &group, arg.node);
            else
                add_source(d, &group, arg);
        }
    }
    return group;
}

static bool is_one(const CellDiagram *d, const Group *group, int last) {
    bool one = group->n_sources == 1 && group->named;
    if (!one || group->n > GROUP_MOST || group->steps < 2) return false;
    return cell_is_end(d, last) || cell_short_tex(d, last);
}

// What only says when a choice is taken, by the timestep alone, belongs to the choice.
static void fold_conditions(const CellDiagram *d, int *root, const bool *learned, int choice) {
    const Node *node = &d->g->nodes[choice];
    for (int k = 0; node->op == OP_WHERE && k < 2; k++) {
        int n = node->args[k].node;
        if (node->args[k].lag > 0 || !cell_is_shown(d, n) || only_user(d, n) != choice) continue;
        Group group = group_of(d, root, learned, n, false);
        bool clock = group.n_sources == 1 && d->g->nodes[group.source[0].node].op == OP_TIMESTEP;
        for (int m = cell_first_node(d); m <= n && clock; m++)
            if (group.in[m]) root[m] = root[choice];
    }
}

static bool is_few(const CellDiagram *d, const Group *group, int last) {
    const Node *n = &d->g->nodes[last];
    bool function = cell_is_function(n) || n->op == OP_MAX || n->op == OP_MIN;
    bool few = group->n_sources > 0 && group->n_sources <= SOURCES && group->named;
    return function && few && group->steps > 1 && cell_short_tex(d, last);
}

static void fold_groups(const CellDiagram *d, int *root, const bool *learned) {
    for (int n = cell_last_node(d); n >= cell_first_node(d); n--) {
        if (root[n] != n || learned[n] || d->g->nodes[n].op == OP_SPREAD) continue;
        if (d->g->parts[d->g->nodes[n].part].kind != PART_LAYER) continue;
        Group group = group_of(d, root, learned, n, false);
        bool whole = is_one(d, &group, n);
        if (!whole) {
            group = group_of(d, root, learned, n, true);
            whole = is_few(d, &group, n);
        }
        for (int m = cell_first_node(d); m <= n && whole; m++)
            if (group.in[m]) root[m] = n;
        if (!whole) fold_conditions(d, root, learned, n);
    }
}

int *cell_fold(const CellDiagram *d) {
    int *root = ARENA_ARRAY(d->s->arena, int, d->g->n_nodes);
    for (int n = 0; n < d->g->n_nodes; n++) root[n] = -1;
    bool *learned = fold_layers(d, root);
    fold_tails(d, root, learned);
    fold_groups(d, root, learned);
    return root;
}
