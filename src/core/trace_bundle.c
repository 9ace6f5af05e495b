// Which operations are one call. Operations of equal depth (the longest way from what a timestep
// reads) do not depend on each other; those of one kind stand side by side in every block, in the
// order of what reads them. So the four gates of an LSTM are one product of a matrix of 4 H rows,
// one sum with the biases, one sigmoid of three gates, and backward likewise.
//
// What is really contiguous is looked at afterwards, place by place: a bundle that does not fit
// falls apart into its nodes, and nothing else happens.
#include "core/trace_bundle.h"

#include <stdlib.h>

// ---- order

typedef struct {
    int depth, op, reader, node;
} Key;

static int compare_depths(const void *a, const void *b) {
    const Key *x = a, *y = b;
    if (x->depth != y->depth) return x->depth < y->depth ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

static int compare_keys(const void *a, const void *b) {
    const Key *x = a, *y = b;
    if (x->op != y->op) return x->op < y->op ? -1 : 1;
    if (x->reader != y->reader) return x->reader < y->reader ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

/// The depth of each node of a part, and its first reader in the same timestep.
static void measure(const Graph *g, const Part *part, Key *keys, int *reader) {
    for (int i = part->first; i <= part->last; i++) {
        const Node *n = &g->nodes[i];
        Key *key = &keys[i - part->first];
        *key = (Key){.op = (int)n->op, .node = i};
        reader[i] = -1;
        for (int k = 0; k < n->n_args; k++) {
            Arg arg = n->args[k];
            if (arg.lag > 0 || arg.node < part->first || arg.node >= i) continue;
            int depth = keys[arg.node - part->first].depth + 1;
            if (depth > key->depth) key->depth = depth;
            if (reader[arg.node] < 0) reader[arg.node] = i;
        }
    }
}

/// From the deepest on, so that readers have their rank before what they read.
static void order_part(const Graph *g, const Part *part, Key *keys, int *reader, int *rank,
                       Layout *out) {
    int n = part->last - part->first + 1;
    if (n <= 0) return;
    measure(g, part, keys, reader);
    qsort(keys, (size_t)n, sizeof *keys, compare_depths);
    for (int end = n, first; end > 0; end = first) {
        for (first = end - 1; first > 0 && keys[first - 1].depth == keys[end - 1].depth;) first--;
        for (int i = first; i < end; i++) {
            int reads = reader[keys[i].node];
            keys[i].reader = reads < 0 ? n : rank[reads];
        }
        qsort(keys + first, (size_t)(end - first), sizeof *keys, compare_keys);
        for (int i = first; i < end; i++) rank[keys[i].node] = i;
    }
    for (int i = 0; i < n; i++) {
        out->order[part->first + i] = keys[i].node;
        out->seats[keys[i].node].depth = keys[i].depth;
    }
}

void bundle_order(Arena *a, const Graph *g, Layout *out) {
    Arena *scratch = arena_new();
    Key *keys = ARENA_ARRAY(scratch, Key, g->n_nodes);
    int *reader = ARENA_ARRAY(scratch, int, g->n_nodes);
    int *rank = ARENA_ARRAY(scratch, int, g->n_nodes);
    out->order = ARENA_ARRAY(a, int, g->n_nodes);
    for (int i = 0; i < g->n_nodes; i++) out->order[i] = i;
    for (int p = 0; p < g->n_parts; p++) order_part(g, &g->parts[p], keys, reader, rank, out);
    arena_free(scratch);
}

// ---- forward

static bool is_pointwise(OpKind op) {
    return (op >= OP_ADD && op <= OP_DIV) || op == OP_NEG ||
           (op >= OP_SIGMOID && op <= OP_HARD_SIGMOID_KERAS);
}

/// Does b's value stand right behind a's?
static bool value_follows(const Graph *g, const Layout *l, int a, int b) {
    const Seat *s = &l->seats[a], *t = &l->seats[b];
    return g->nodes[a].steady == g->nodes[b].steady && s->value_passes == t->value_passes &&
           t->value_at == s->value_at + s->count && s->same == a && t->same == b;
}

static bool is_parameter(const Graph *g, Arg arg) {
    return g->nodes[arg.node].op == OP_PARAM;
}

static bool arg_follows(const Graph *g, const Layout *l, int a, int b, int k) {
    Arg x = g->nodes[a].args[k], y = g->nodes[b].args[k];
    if (x.lag > 0 || y.lag > 0) return false;
    if (l->seats[x.node].count != l->seats[a].count) return false;
    if (l->seats[y.node].count != l->seats[b].count) return false;
    if (is_parameter(g, x) && is_parameter(g, y)) return true; // they are packed
    return !g->nodes[x.node].steady && value_follows(g, l, x.node, y.node);
}

/// Can b's operation be done in one with a's, right behind it?
static bool op_follows(const Graph *g, const Layout *l, int a, int b) {
    const Node *x = &g->nodes[a], *y = &g->nodes[b];
    if (x->op != y->op || l->seats[a].depth != l->seats[b].depth) return false;
    if (x->fused || y->fused || !value_follows(g, l, a, b)) return false;
    if (x->op == OP_MATMUL) {
        if (!l->seats[a].turns || !l->seats[b].turns) return false;
        return l->seats[x->args[1].node].same == l->seats[y->args[1].node].same &&
               x->args[1].lag == y->args[1].lag;
    }
    if (!is_pointwise(x->op)) return false;
    for (int k = 0; k < x->n_args; k++)
        if (!arg_follows(g, l, a, b, k)) return false;
    return true;
}

static size_t padded(ptrdiff_t n) {
    return ((size_t)n + 7) / 8 * 8;
}

/// Where a run's matrices stand turned, and packed for the way back; where its biases do.
static void pack(const Graph *g, Layout *l, Run *run) {
    int head = l->order[run->first];
    const Node *n = &g->nodes[head];
    for (int i = 0; i < run->n; i++) run->rows += dim_count(g->nodes[l->order[run->first + i]].dim);
    run->packed = (ptrdiff_t)l->packed;
    if (run->n > 1) l->run_args += (size_t)n->n_args;
    if (l->seats[head].turns) {
        ptrdiff_t row = 0;
        for (int i = 0; i < run->n; i++) {
            Seat *s = &l->seats[l->order[run->first + i]];
            s->turned_at = (ptrdiff_t)l->turned + row;
            s->turned_step = run->rows;
            row += g->nodes[l->order[run->first + i]].dim.rows;
        }
        l->turned += padded(g->nodes[n->args[1].node].dim.rows * run->rows);
        run->wanted = l->seats[head].wanted;
        run->step = (ptrdiff_t)padded(run->wanted);
        if (run->n > 1) l->packed += (size_t)(run->rows * run->step);
        return;
    }
    for (int k = 0; run->n > 1 && k < n->n_args; k++)
        if (is_parameter(g, n->args[k])) l->packed += padded(run->rows);
}

static void find_runs(Arena *a, const Graph *g, Layout *l) {
    l->runs = ARENA_ARRAY(a, Run, g->n_nodes);
    l->first_run = ARENA_ARRAY(a, int, g->n_parts + 1);
    for (int p = 0; p < g->n_parts; p++) {
        l->first_run[p] = l->n_runs;
        for (int i = g->parts[p].first; i <= g->parts[p].last; i++) {
            int node = l->order[i];
            if (layout_is_value(g->nodes[node].op) || l->seats[node].same != node) continue;
            if (l->seats[node].once) continue; // it runs before all timesteps
            Run *before = l->n_runs > l->first_run[p] ? &l->runs[l->n_runs - 1] : NULL;
            bool follows = before && before->first + before->n == i && l->width == 1 &&
                           op_follows(g, l, l->order[i - 1], node);
            if (follows)
                before->n++;
            else
                l->runs[l->n_runs++] = (Run){.first = i, .n = 1};
        }
    }
    l->first_run[g->n_parts] = l->n_runs;
    for (int r = 0; r < l->n_runs; r++) pack(g, l, &l->runs[r]);
    for (int i = 0; i < g->n_nodes; i++) {
        Seat *s = &l->seats[i];
        if (!s->turns || s->turned_step > 0) continue; // start expressions stand in no run
        s->turned_at = (ptrdiff_t)l->turned;
        s->turned_step = g->nodes[i].dim.rows;
        l->turned += padded(s->turned_step * g->nodes[g->nodes[i].args[1].node].dim.rows);
    }
}

// ---- backward

/// Which block a gradient stands in: frames or the room.
static GradKind block_of(const Layout *l, int node) {
    const Seat *s = &l->seats[node];
    return s->grad == GRAD_HANDED ? l->seats[s->lender].grad : s->grad;
}

static bool grad_follows(const Layout *l, int a, int b) {
    return block_of(l, a) == block_of(l, b) &&
           l->seats[b].grad_at == l->seats[a].grad_at + l->seats[a].count;
}

/// The one use that gives a node its gradient, by an operation in the same timestep.
static const Pull *only_pull(const Layout *l, int node) {
    const Seat *s = &l->seats[node];
    const Pull *p = &l->pulls[l->first_pull[node]];
    bool own = (s->grad == GRAD_KEPT || s->grad == GRAD_PASSES) && s->sum < 0;
    bool one = l->first_pull[node + 1] - l->first_pull[node] == 1;
    return own && one && p->moved < 0 && p->shift == 0 ? p : NULL;
}

/// Do the nodes from order[i] on take their gradients from one argument of all that this run does?
static bool backs_run(const Graph *g, const Layout *l, const Run *run, int arg, int i, int end) {
    if (run->n < 2 || i + run->n > end || !is_pointwise(g->nodes[l->order[run->first]].op))
        return false;
    for (int k = 0; k < run->n; k++) {
        int node = l->order[i + k], user = l->order[run->first + k];
        const Pull *p = only_pull(l, node);
        if (!p || p->user != user || p->arg != arg) return false;
        if (k > 0 && (!grad_follows(l, l->order[i + k - 1], node) ||
                      !grad_follows(l, l->order[run->first + k - 1], user)))
            return false;
    }
    return true;
}

/// Is this the sum of what a run of products passes to the stack that they share?
static bool sums_run(const Layout *l, const Run *run, int node) {
    if (l->seats[node].sum != node) return false;
    const Pull *p = &l->pulls[l->first_pull[node]];
    int n = l->first_pull[node + 1] - l->first_pull[node];
    if (run->wanted == 0 || n != run->n || n > BUNDLE_SUMMED) return false;
    for (int k = 0; k < n; k++) {
        if (l->seats[p[k].user].run != l->seats[p[0].user].run) return false;
        if (l->seats[p[k].user].count != l->seats[p[0].user].count) return false;
    }
    for (int k = 1; k < n; k++)
        if (!grad_follows(l, l->order[run->first + k - 1], l->order[run->first + k])) return false;
    return true;
}

static const Run *run_of(const Layout *l, const Pull *p) {
    return l->seats[p->user].run < 0 ? NULL : &l->runs[l->seats[p->user].run];
}

static void find_backs(Arena *a, const Graph *g, Layout *l) {
    for (int r = 0; r < l->n_runs; r++)
        for (int k = 0; k < l->runs[r].n; k++) l->seats[l->order[l->runs[r].first + k]].run = r;
    l->backs = ARENA_ARRAY(a, Back, g->n_nodes);
    l->first_back = ARENA_ARRAY(a, int, g->n_parts + 1);
    for (int p = 0; p < g->n_parts; p++) {
        l->first_back[p] = l->n_backs;
        int end = g->parts[p].last + 1;
        for (int i = g->parts[p].first, n; i < end; i += n) {
            int node = l->order[i];
            const Pull *one = only_pull(l, node), *first = &l->pulls[l->first_pull[node]];
            bool pulls = l->first_pull[node + 1] > l->first_pull[node];
            const Run *run = pulls && l->width == 1 ? run_of(l, first) : NULL;
            n = 1;
            const Seat *seat = &l->seats[node];
            bool borrows =
                seat->grad == GRAD_HANDED || seat->once || (seat->sum >= 0 && seat->sum != node);
            if (layout_is_value(g->nodes[node].op) || borrows) continue;
            Back back = {.first = i, .n = 1, .run = -1};
            if (run && one && backs_run(g, l, run, one->arg, i, end))
                back = (Back){i, run->n, l->seats[first->user].run, one->arg};
            else if (run && sums_run(l, run, node))
                back.run = l->seats[first->user].run;
            n = back.n;
            l->backs[l->n_backs++] = back;
        }
    }
    l->first_back[g->n_parts] = l->n_backs;
}

void bundle_make(Arena *a, const Graph *g, Layout *out) {
    find_runs(a, g, out);
    find_backs(a, g, out);
}
