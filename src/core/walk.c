// The walk as index arithmetic. Steps come in blocks: one part at one place in one phase. What a
// block's steps are depends on the part and the phase alone, so a block is three numbers and the
// steps of a part are listed once; a walk of a million steps is some tens of thousands of blocks.
//
// Invariants: blocks lie in the order of the walk, none is empty, and find_block knows each by
// (phase, part, place).
#include "core/walk.h"

#include <assert.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    int first; // index of its first step
    int part;  // -1: the total of the loss
    int place;
    Phase phase;
} Block;

// The steps of a part at any place: nodes in order. The forward list serves the loss phase too.
typedef struct {
    const int *nodes;
    int count;
} StepList;

// Which of a part's lists a phase goes through.
typedef enum { LIST_FORWARD, LIST_BACKWARD, LIST_UPDATE, LISTS } ListKind;

struct Walk {
    const Trace *trace;
    const Graph *graph;
    int steps, count;
    int moment; // the optimizer step that the weights stand before; 0: after training
    Block *blocks;
    int n_blocks;
    StepList *lists[LISTS]; // [n_parts] as list_of gives them
    int *position[LISTS];   // [n_nodes] within its list; -1: no step
    int *holder[LISTS];     // [n_nodes] the part whose list holds it
    int *block_of[LISTS];   // [n_parts * steps] -1: does not run
    int phase_first[PHASE_COUNT + 1];
};

static ListKind list_of(Phase phase) {
    return phase == PHASE_BACKWARD ? LIST_BACKWARD
           : phase == PHASE_UPDATE ? LIST_UPDATE
                                   : LIST_FORWARD;
}

static int block_length(const Walk *w, const Block *b) {
    return b->part < 0 ? 1 : w->lists[list_of(b->phase)][b->part].count;
}

static int node_at(const Walk *w, const Block *b, int i) {
    return w->lists[list_of(b->phase)][b->part].nodes[i - b->first];
}

static int *block_slot(const Walk *w, ListKind list, int part, int place) {
    return &w->block_of[list][(size_t)part * (size_t)w->steps + (size_t)(place - 1)];
}

// ---- what the steps of a part are

static bool param_varies(const Graph *g, const Param *p) {
    for (int i = 0; i < g->n_uses[p->node]; i++)
        if (!g->nodes[g->uses[p->node][i].node].steady) return true;
    return false;
}

static int first_layer(const Graph *g) {
    int p = 0;
    while (g->parts[p].kind != PART_LAYER) p++;
    return p;
}

/// Is the gradient of the given x a step of this part: of the first layer, and of the first layer
/// of a decoder? x is then the last of its backward steps.
static bool settles_x(const Graph *g, int part) {
    return g->x == g->data && (part == first_layer(g) || part == g->decoder_part);
}

static StepList list_forward(Arena *a, const Graph *g, int part) {
    const Part *p = &g->parts[part];
    int *nodes = ARENA_ARRAY(a, int, p->last - p->first + 1 > 0 ? p->last - p->first + 1 : 1);
    int n = 0;
    for (int i = p->first; i <= p->last; i++)
        if (g->nodes[i].step > 0) nodes[n++] = i;
    return (StepList){nodes, n};
}

static StepList list_backward(Arena *a, const Graph *g, int part, StepList forward) {
    int *nodes = ARENA_ARRAY(a, int, forward.count + g->n_params + 1), n = 0;
    for (int i = forward.count - 1; i >= 0; i--)
        if (forward.nodes[i] != g->x || g->x != g->data) nodes[n++] = forward.nodes[i];
    for (int i = 0; i < g->n_params; i++)
        if (g->params[i].part == part && param_varies(g, &g->params[i]))
            nodes[n++] = g->params[i].node;
    if (settles_x(g, part)) nodes[n++] = g->x;
    return (StepList){nodes, n};
}

static StepList list_update(Arena *a, const Graph *g, int part) {
    int *nodes = ARENA_ARRAY(a, int, g->n_params + 1), n = 0;
    for (int i = 0; i < g->n_params; i++)
        if (g->params[i].part == part) nodes[n++] = g->params[i].node;
    return (StepList){nodes, n};
}

static void list_steps(Arena *a, Walk *w) {
    const Graph *g = w->graph;
    for (int d = 0; d < LISTS; d++) {
        w->lists[d] = ARENA_ARRAY(a, StepList, g->n_parts);
        w->position[d] = ARENA_ARRAY(a, int, g->n_nodes);
        w->holder[d] = ARENA_ARRAY(a, int, g->n_nodes);
        for (int i = 0; i < g->n_nodes; i++) w->position[d][i] = w->holder[d][i] = -1;
    }
    for (int p = 0; p < g->n_parts; p++) {
        w->lists[LIST_FORWARD][p] = list_forward(a, g, p);
        w->lists[LIST_BACKWARD][p] = list_backward(a, g, p, w->lists[LIST_FORWARD][p]);
        w->lists[LIST_UPDATE][p] = list_update(a, g, p);
        for (int d = 0; d < LISTS; d++)
            for (int i = 0; i < w->lists[d][p].count; i++) {
                w->position[d][w->lists[d][p].nodes[i]] = i;
                w->holder[d][w->lists[d][p].nodes[i]] = p;
            }
    }
}

// ---- blocks in order

static void add_block(Walk *w, Phase phase, int part, int place) {
    Block b = {w->count, part, place, phase};
    int length = block_length(w, &b);
    if (length == 0) return;
    if (part >= 0) *block_slot(w, list_of(phase), part, place) = w->n_blocks;
    w->blocks[w->n_blocks++] = b;
    w->count += length;
}

/// The last part of the sweep that part `first` begins: parts that read forward go side by side,
/// one that reads backward goes alone.
static int sweep_end(const Graph *g, int first) {
    int last = first;
    if (g->parts[first].backward) return last;
    while (last + 1 < g->n_parts && !g->parts[last + 1].backward && last + 1 != g->loss_part)
        last++;
    return last;
}

static int sweep_start(const Graph *g, int last) {
    int first = last;
    if (g->parts[last].backward) return first;
    while (first > 0 && !g->parts[first - 1].backward) first--;
    return first;
}

static void add_forward_sweep(Walk *w, int first, int last) {
    for (int t = 1; t <= w->steps; t++) {
        int place = w->graph->parts[first].backward ? w->steps + 1 - t : t;
        for (int p = first; p <= last; p++)
            if (trace_runs(w->trace, p, place)) add_block(w, PHASE_FORWARD, p, place);
    }
}

static void add_backward_sweep(Walk *w, int first, int last) {
    for (int t = w->steps; t >= 1; t--) {
        int place = w->graph->parts[first].backward ? w->steps + 1 - t : t;
        for (int p = last; p >= first; p--)
            if (trace_runs(w->trace, p, place)) add_block(w, PHASE_BACKWARD, p, place);
    }
}

static void add_blocks(Walk *w) {
    const Graph *g = w->graph;
    int loss = g->loss_part, layers = loss >= 0 ? loss : g->n_parts;
    for (int p = 0; p < layers; p = sweep_end(g, p) + 1) add_forward_sweep(w, p, sweep_end(g, p));
    w->phase_first[PHASE_LOSS] = w->count;
    if (loss >= 0) {
        for (int place = 1; place <= w->steps; place++)
            if (trace_runs(w->trace, loss, place)) add_block(w, PHASE_LOSS, loss, place);
        add_block(w, PHASE_LOSS, -1, 0);
    }
    w->phase_first[PHASE_BACKWARD] = w->count;
    if (loss >= 0) {
        add_backward_sweep(w, loss, loss);
        for (int p = layers - 1; p >= 0; p = sweep_start(g, p) - 1)
            add_backward_sweep(w, sweep_start(g, p), p);
    }
    for (int phase = PHASE_UPDATE; phase <= PHASE_COUNT; phase++) w->phase_first[phase] = w->count;
}

Walk *walk_new(Arena *a, const Trace *tr) {
    Walk *w = ARENA_NEW(a, Walk);
    const Graph *g = w->graph = trace_graph(tr);
    w->trace = tr;
    w->steps = trace_steps(tr);
    list_steps(a, w);
    size_t slots = (size_t)g->n_parts * (size_t)w->steps;
    w->blocks = ARENA_ARRAY(a, Block, 2 * slots + 1 + (size_t)g->n_parts);
    for (int d = 0; d < LISTS; d++) {
        w->block_of[d] = ARENA_ARRAY(a, int, slots);
        for (size_t i = 0; i < slots; i++) w->block_of[d][i] = -1;
    }
    add_blocks(w);
    return w;
}

void walk_add_update(Walk *w) {
    assert(w->phase_first[PHASE_UPDATE] == w->count);
    if (w->graph->loss_part < 0) return;
    for (int p = 0; p < w->graph->n_parts; p++) add_block(w, PHASE_UPDATE, p, 1);
    w->phase_first[PHASE_COUNT] = w->count;
}

void walk_set_moment(Walk *w, int moment) {
    assert(moment >= 0);
    w->moment = moment;
}

int walk_moment(const Walk *w) {
    return w->moment;
}

// ---- steps

const Graph *walk_graph(const Walk *w) {
    return w->graph;
}

int walk_timesteps(const Walk *w) {
    return w->steps;
}

int walk_count(const Walk *w) {
    return w->count;
}

/// The block that holds step i.
static int find_block(const Walk *w, int i) {
    assert(i >= 0 && i < w->count);
    int low = 0, high = w->n_blocks - 1;
    while (low < high) {
        int middle = low + (high - low + 1) / 2;
        if (w->blocks[middle].first <= i)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

static Step step_in(const Walk *w, const Block *b, int i) {
    if (b->part < 0) return (Step){b->phase, 0, -1, -1};
    int node = node_at(w, b, i);
    bool own = w->graph->nodes[node].step > 0;
    return (Step){b->phase, b->place, node, own ? w->graph->nodes[node].equation : -1};
}

Step walk_step(const Walk *w, int i) {
    return step_in(w, &w->blocks[find_block(w, i)], i);
}

int walk_units(const Walk *w, int i) {
    int node = walk_step(w, i).node;
    return node < 0 ? 1 : dim_count(w->graph->nodes[node].dim);
}

bool walk_phase_range(const Walk *w, Phase phase, int *first, int *last) {
    *first = w->phase_first[phase];
    *last = w->phase_first[phase + 1] - 1;
    return *first <= *last;
}

// ---- when numbers become known

/// The index of the step of this node at a place, INT_MAX if there is none.
static int step_of(const Walk *w, ListKind list, int node, int place) {
    int part = w->holder[list][node], position = w->position[list][node];
    if (part < 0 || place < 1 || place > w->steps) return INT_MAX;
    if (settles_x(w->graph, part) && node == w->graph->x && !trace_runs(w->trace, part, place)) {
        part = first_layer(w->graph); // the decoder's list came last
        position = w->lists[list][part].count - 1;
    }
    int block = *block_slot(w, list, part, place);
    return block < 0 ? INT_MAX : w->blocks[block].first + position;
}

static int later(int a, int b) {
    return a > b ? a : b;
}

/// Is this the data, and not an output fed back in its place?
static bool is_given(const Walk *w, int node, int place) {
    const Node *n = &w->graph->nodes[node];
    return node == w->graph->data && (n->op == OP_INPUT || !trace_runs(w->trace, n->part, place));
}

int walk_value_step(const Walk *w, int node, int place) {
    const Node *n = &w->graph->nodes[node];
    if (n->steady || n->op <= OP_START) return -1;
    if (is_given(w, node, place)) return -1;
    if (n->step > 0) return step_of(w, LIST_FORWARD, node, place);
    if (!trace_runs(w->trace, n->part, place)) return INT_MAX;
    int known = -1;
    for (int k = 0; k < n->n_args; k++) {
        int from = trace_arg_place(w->trace, node, k, place);
        int arg = trace_arg_node(w->trace, node, k, place);
        if (from > 0) known = later(known, walk_value_step(w, arg, from));
    }
    return known;
}

/// The last backward step of a part at the place where its walk back ends.
static int part_settled(const Walk *w, int part) {
    if (part < 0) return INT_MAX;
    int place = w->graph->parts[part].backward ? w->steps : 1;
    int step = w->graph->parts[part].backward ? -1 : 1;
    for (; place >= 1 && place <= w->steps; place += step) {
        int block = *block_slot(w, LIST_BACKWARD, part, place);
        if (block >= 0) return w->blocks[block].first + block_length(w, &w->blocks[block]) - 1;
    }
    return INT_MAX;
}

/// The gradient of wiring and of inputs is known when those of all its readers are.
static int readers_settled(const Walk *w, int node, int place) {
    int known = w->phase_first[PHASE_BACKWARD];
    for (int i = 0; i < w->graph->n_uses[node]; i++) {
        Use u = w->graph->uses[node][i];
        int at = trace_use_place(w->trace, u, place);
        if (at > 0) known = later(known, walk_grad_step(w, u.node, at));
    }
    return known;
}

int walk_grad_step(const Walk *w, int node, int place) {
    const Graph *g = w->graph;
    const Node *n = &g->nodes[node];
    int first, last;
    if (!walk_phase_range(w, PHASE_BACKWARD, &first, &last) || n->op == OP_CONST ||
        n->op == OP_TIMESTEP || node == g->target)
        return INT_MAX;
    bool given = !n->steady && is_given(w, node, place), symbols = given && node != g->x;
    if (w->holder[LIST_BACKWARD][node] >= 0 && (!n->steady || place > 0) && !symbols)
        return step_of(w, LIST_BACKWARD, node, place);
    if (n->steady) return part_settled(w, n->op == OP_PARAM ? g->params[n->param].part : n->part);
    if (!given && n->part >= 0 && !trace_runs(w->trace, n->part, place)) return INT_MAX;
    return readers_settled(w, node, place);
}

/// Is element `unit` of step i done?
static bool is_done(Playhead p, int i, int unit) {
    if (i == INT_MAX || i >= p.at) return false;
    return i < p.at - 1 || p.unit == 0 || (unit > 0 && unit <= p.unit);
}

bool walk_value_known(const Walk *w, Playhead p, int node, int place, int unit) {
    int i = walk_value_step(w, node, place);
    if (i < 0) return true;
    // Of wiring the elements are not the step's own, so they wait for the whole step.
    return is_done(p, i, w->graph->nodes[node].step > 0 ? unit : 0);
}

bool walk_grad_known(const Walk *w, Playhead p, int node, int place, int unit) {
    int i = walk_grad_step(w, node, place);
    return is_done(p, i, w->holder[LIST_BACKWARD][node] >= 0 ? unit : 0);
}

// ---- moving

/// True if b continues the timestep of the block before it.
static bool same_timestep(const Walk *w, const Block *a, const Block *b) {
    if (a->phase != b->phase || a->place != b->place || a->part < 0 || b->part < 0) return false;
    if (a->phase == PHASE_UPDATE) return true;
    if (a->part == w->graph->loss_part || b->part == w->graph->loss_part) return false;
    const Part *parts = w->graph->parts;
    return !parts[a->part].backward && !parts[b->part].backward;
}

/// What is one equation: its operations; a parameter's share and x stand alone.
static int equation_key(const Walk *w, const Block *b, int i) {
    Step s = step_in(w, b, i);
    return s.equation >= 0 ? s.equation : -2 - s.node;
}

/// Steps [*first, *last] of the group of this grain that holds step i.
static void group_of(const Walk *w, int i, Grain grain, int *first, int *last) {
    int at = find_block(w, i);
    const Block *b = &w->blocks[at];
    *first = *last = i;
    if (grain == GRAIN_PHASE) walk_phase_range(w, b->phase, first, last);
    if (grain == GRAIN_OPTIMIZER) *first = 0, *last = w->count - 1;
    if (grain == GRAIN_EQUATION) {
        int end = b->first + block_length(w, b) - 1, key = equation_key(w, b, i);
        while (*first > b->first && equation_key(w, b, *first - 1) == key) --*first;
        while (*last < end && equation_key(w, b, *last + 1) == key) ++*last;
    }
    if (grain == GRAIN_TIMESTEP) {
        int from = at, to = at;
        while (from > 0 && same_timestep(w, &w->blocks[from - 1], &w->blocks[from])) from--;
        while (to + 1 < w->n_blocks && same_timestep(w, &w->blocks[to], &w->blocks[to + 1])) to++;
        *first = w->blocks[from].first;
        *last = w->blocks[to].first + block_length(w, &w->blocks[to]) - 1;
    }
}

int walk_find(const Walk *w, Phase phase, int node, int place) {
    int i = step_of(w, list_of(phase), node, place);
    return i >= w->phase_first[phase] && i < w->phase_first[phase + 1] ? i : -1;
}

bool walk_timestep_range(const Walk *w, Phase phase, int place, int *first, int *last) {
    int latest = -1;
    if (place < 1 || place > w->steps) return false;
    for (int p = 0; p < w->graph->n_parts; p++) {
        int block = *block_slot(w, list_of(phase), p, place);
        if (block > latest && w->blocks[block].phase == phase) latest = block;
    }
    if (latest >= 0) group_of(w, w->blocks[latest].first, GRAIN_TIMESTEP, first, last);
    return latest >= 0;
}

static Playhead next_unit(const Walk *w, Playhead p) {
    if (p.unit == 0 && p.at == w->count) return p;
    int at = p.unit > 0 ? p.at : p.at + 1, unit = p.unit + 1;
    return (Playhead){at, unit < walk_units(w, at - 1) ? unit : 0};
}

static Playhead previous_unit(const Walk *w, Playhead p) {
    if (p.at == 0) return p;
    int unit = (p.unit > 0 ? p.unit : walk_units(w, p.at - 1)) - 1;
    return unit > 0 ? (Playhead){p.at, unit} : (Playhead){p.at - 1, 0};
}

Playhead walk_next(const Walk *w, Playhead p, Grain grain) {
    int first, last;
    if (grain == GRAIN_UNIT) return next_unit(w, p);
    if (p.unit == 0 && p.at == w->count) return p;
    group_of(w, p.unit > 0 ? p.at - 1 : p.at, grain, &first, &last);
    return (Playhead){last + 1, 0};
}

Playhead walk_previous(const Walk *w, Playhead p, Grain grain) {
    int first, last;
    if (grain == GRAIN_UNIT) return previous_unit(w, p);
    if (p.at == 0) return p;
    group_of(w, p.at - 1, grain, &first, &last);
    return (Playhead){first, 0};
}

/// The equation's node in the other network that has its name and layer; -1 if there is none.
static int twin_node(const Graph *g, int equation) {
    if (equation < 0) return -1;
    const Equation *e = &g->equations[equation];
    const Part *own = &g->parts[e->part];
    for (int k = 0; k < g->n_equations && own->stretch && own->layer; k++) {
        const Part *p = &g->parts[g->equations[k].part];
        bool other = p->stretch != own->stretch && p->layer == own->layer;
        if (other && strcmp(g->equations[k].name, e->name) == 0) return g->equations[k].node;
    }
    return -1;
}

Playhead walk_next_timestep(const Walk *w, Playhead p) {
    if (p.at == 0) return walk_next(w, p, GRAIN_TIMESTEP);
    const Block *b = &w->blocks[find_block(w, p.at - 1)];
    if (b->part < 0 || b->phase == PHASE_UPDATE) return p;
    bool backward = b->phase == PHASE_BACKWARD;
    int way = w->graph->parts[b->part].backward == backward ? 1 : -1, place = b->place + way;
    for (; place >= 1 && place <= w->steps; place += way) {
        int next = *block_slot(w, list_of(b->phase), b->part, place);
        if (next < 0) continue;
        int first, last;
        group_of(w, w->blocks[next].first + (p.at - 1 - b->first), GRAIN_EQUATION, &first, &last);
        return (Playhead){last + 1, 0};
    }
    // an encoder ends where its decoder goes on
    int twin = twin_node(w->graph, step_in(w, b, p.at - 1).equation), first, last;
    int step = twin < 0 ? -1 : walk_find(w, b->phase, twin, b->place + way);
    if (step < 0) return p;
    group_of(w, step, GRAIN_EQUATION, &first, &last);
    return (Playhead){last + 1, 0};
}
