// Which state is the belt, which gate its valve, and where everything goes. The belt is found in
// the graph, not by its name: the state that reaches its own next value by the shortest way.
#include <math.h>

#include "view/timeline.h"

// ---- the belt

enum { FAR = 1 << 20 };

// What an operation adds to the length of a way: products with weights far more than the rest.
static int length_of(OpKind op) {
    if (op == OP_MATMUL) return 1000;
    return op == OP_ADD || op == OP_SUB || op == OP_MUL || op == OP_COPY || !op_defs[op].is_step
               ? 1
               : 10;
}

// The shortest way from an equation's past to each node of its part; FAR where there is none.
static int *ways(Arena *a, const Graph *g, const Equation *e) {
    const Part *part = &g->parts[e->part];
    int *way = ARENA_ARRAY(a, int, part->last - part->first + 1);
    for (int n = part->first; n <= part->last; n++) {
        const Node *node = &g->nodes[n];
        int best = FAR;
        for (int k = 0; k < node->n_args; k++) {
            Arg arg = node->args[k];
            bool past = arg.lag > 0 && arg.node == e->node;
            bool inside = arg.lag == 0 && arg.node >= part->first && arg.node < n;
            int from = past ? 0 : inside ? way[arg.node - part->first] : FAR;
            if (from < best) best = from;
        }
        way[n - part->first] = best < FAR ? best + length_of(node->op) : FAR;
    }
    return way;
}

int timeline_belt(const Graph *g, int part) {
    Arena *a = arena_new();
    int best = -1, shortest = FAR;
    for (int k = 0; k < g->n_equations; k++) {
        const Equation *e = &g->equations[k];
        if (e->part != part || !e->remembered) continue;
        int way = ways(a, g, e)[e->node - g->parts[part].first];
        if (way < shortest) {
            shortest = way;
            best = k;
        }
    }
    arena_free(a);
    return best;
}

int timeline_gate(const Graph *g, int equation) {
    const Equation *e = &g->equations[equation];
    for (int n = e->first; n <= e->last; n++) {
        const Node *node = &g->nodes[n];
        if (node->op != OP_MUL) continue;
        for (int k = 0; k < 2; k++) {
            Arg past = node->args[k], other = node->args[1 - k];
            bool varies = !g->nodes[other.node].steady && other.lag == 0;
            if (past.lag > 0 && past.node == e->node && varies) return other.node;
        }
    }
    return -1;
}

// ---- columns and places

// What a column tells, the most first: the output and the states, gates, candidates, the rest.
static int rank_of(const Timeline *t, const Lane *lane, int equation) {
    const Equation *e = &t->g->equations[equation];
    Role role = view_graph_role(t->g, e->node);
    if (t->g->parts[lane->part].output == e->node || equation == lane->belt) return 0;
    if (e->remembered) return 1;
    if (role == ROLE_F || role == ROLE_I || role == ROLE_O) return 2;
    return role == ROLE_G || role == ROLE_C ? 3 : 4;
}

// The part's equations in order of execution; where there are too many, those that tell most.
static void choose_columns(Scene *s, const Timeline *t, Lane *lane) {
    enum { COLUMNS_MAX = 10, RANKS = 5 };
    int total = 0, chosen = 0;
    bool *shown = ARENA_ARRAY(s->arena, bool, t->g->n_equations + 1);
    lane->columns = ARENA_ARRAY(s->arena, int, t->g->n_equations + 1);
    for (int k = 0; k < t->g->n_equations; k++) total += t->g->equations[k].part == lane->part;
    for (int rank = 0; rank < RANKS; rank++)
        for (int k = 0; k < t->g->n_equations && chosen < COLUMNS_MAX; k++) {
            if (t->g->equations[k].part != lane->part || rank_of(t, lane, k) != rank) continue;
            shown[k] = true;
            chosen++;
        }
    for (int k = 0; k < t->g->n_equations; k++)
        if (shown[k]) lane->columns[lane->n_columns++] = k;
    lane->left_out = total - chosen;
}

// The layer of the same number in the other network; -1 if there is none.
static int counterpart(const Graph *g, int part) {
    const Part *p = &g->parts[part];
    for (int k = 0; k < g->n_parts && p->stretch != STRETCH_ALL; k++) {
        const Part *q = &g->parts[k];
        if (q->kind == PART_LAYER && q->layer == p->layer && q->stretch != p->stretch) return k;
    }
    return -1;
}

static void add_lane(Scene *s, Timeline *t, int part) {
    if (part < 0) return;
    const Part *p = &t->g->parts[part];
    int prompt = trace_sequence(t->trace)->prompt;
    Lane *lane = &t->lanes[t->n_lanes++];
    *lane = (Lane){.part = part,
                   .first = p->stretch == STRETCH_ANSWER ? prompt + 1 : 1,
                   .last = p->stretch == STRETCH_PROMPT ? prompt : t->steps,
                   .belt = timeline_belt(t->g, part)};
    lane->gate = lane->belt >= 0 ? timeline_gate(t->g, lane->belt) : -1;
    choose_columns(s, t, lane);
    if (lane->n_columns > t->n_columns) t->n_columns = lane->n_columns;
}

static void add_lanes(Scene *s, Timeline *t) {
    int other = counterpart(t->g, t->part);
    bool after = t->g->parts[t->part].stretch == STRETCH_ANSWER;
    if (after) add_lane(s, t, other);
    add_lane(s, t, t->part);
    if (!after) add_lane(s, t, other);
}

const Lane *timeline_lane(const Timeline *t, int place) {
    for (int k = 0; k < t->n_lanes; k++)
        if (place >= t->lanes[k].first && place <= t->lanes[k].last) return &t->lanes[k];
    return NULL;
}

// The rows of the states and the output, which decide how large squares are; what is taller is
// drawn in lower ones. Of a matrix, which is a grid in its column, the rows.
static int tallest(const Timeline *t) {
    int rows = 1, all = 1;
    for (int l = 0; l < t->n_lanes; l++)
        for (int k = 0; k < t->lanes[l].n_columns; k++) {
            int column = t->lanes[l].columns[k];
            int n = t->g->nodes[t->g->equations[column].node].dim.rows;
            if (n > all) all = n;
            if (n > rows && rank_of(t, &t->lanes[l], column) <= 1) rows = n;
        }
    return rows > 1 ? rows : all;
}

static void choose_places(Timeline *t, Box area) {
    double u = t->unit;
    double narrowest = t->n_columns * 9 * u + 12 * u;
    int fit = (int)(area.w / fmax(narrowest, 36 * u));
    if (fit < 1) fit = 1;
    int shown = t->steps < fit ? t->steps : fit;
    t->first = t->here - shown / 2;
    if (t->first + shown - 1 > t->steps) t->first = t->steps - shown + 1;
    if (t->first < 1) t->first = 1;
    t->last = t->first + shown - 1;
    t->left = area.x;
    t->pitch = floor(area.w / shown);
    t->step = t->n_columns ? fmin(26 * u, (t->pitch - 10 * u) / t->n_columns) : 0;
}

// Squares as large as the room allows; below 4 pixels they become stripes without gaps.
static void size_squares(Timeline *t, double room) {
    enum { STRIPE = 2 };
    int units = tallest(t);
    t->gap = 2;
    t->square = fmin(floor(fmin(18 * t->unit, t->step - 3)), floor(room / units) - t->gap);
    t->rows = units;
    if (t->square >= 4) return;
    t->gap = 0;
    t->square = room / units;
    if (t->square >= STRIPE) return;
    t->rows = (int)fmax(1, floor(room / STRIPE));
    t->square = room / t->rows;
}

static void lay_rows(Timeline *t, Box area) {
    double u = t->unit, h = area.h;
    t->belt_half = fmin(16 * u, fmax(6, h * 0.065));
    double belt = 2 * (t->belt_half + 8 * u), letters = 15 * u;
    t->chip = 20 * u;
    double bottom = t->chip + 4 * u + 12 * u;
    double room = h - belt - letters - bottom - 10 * u;
    size_squares(t, fmax(8, room));
    double used = t->rows * (t->square + t->gap), spare = fmax(0, room - used) / 4;
    double y = area.y + spare;
    t->belt_box = (Box){area.x, y, area.w, belt};
    y += belt + letters + spare / 2;
    t->letters = y - 3 * u;
    t->squares = y + 2;
    y += used + 6 * u + spare;
    t->chips = y;
    t->labels = y + t->chip + 14 * u;
}

Timeline timeline_plan(Scene *s, const View *v, Box area) {
    Timeline t = {.v = v, .g = v->lesson->graph, .trace = v->lesson->trace};
    Phase phase = view_phase(v);
    t.part = view_part(v);
    t.backward = phase == PHASE_BACKWARD || phase == PHASE_UPDATE;
    t.flow = t.g->parts[t.part].backward ? -1 : 1;
    t.steps = trace_steps(t.trace);
    t.here = view_place(v);
    t.unit = fmin(2, fmax(fmin(0.8, area.h / 125), area.h / 200));
    add_lanes(s, &t);
    bool head = t.g->head_part >= 0;
    box_cut_left(&area, 34 * t.unit);
    Box right = box_cut_right(&area, (head ? 78 : 34) * t.unit);
    choose_places(&t, area);
    lay_rows(&t, area);
    if (head) t.outputs = (Box){right.x, t.belt_box.y, right.w, t.labels - t.belt_box.y};
    return t;
}

double timeline_x(const Timeline *t, int place) {
    return t->left + (place - t->first) * t->pitch;
}

double timeline_column_x(const Timeline *t, int place, int k) {
    const Lane *lane = timeline_lane(t, place);
    int n = lane ? lane->n_columns : t->n_columns;
    double start = timeline_x(t, place) + (t->pitch - n * t->step) / 2;
    return floor(start + (k + 0.5) * t->step);
}
