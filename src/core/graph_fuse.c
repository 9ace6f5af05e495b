// What is known only when the whole network stands: the loss is fused with the head's softmax or
// sigmoid, and every node learns who reads it.
//
// Fusing: -log softmax(z)[k] and its gradient y - target are computed from z, so the loss gets z
// as its third argument and the softmax gets the target as its second. Neither argument carries a
// gradient. Sigmoid and binary cross-entropy likewise.
#include <stdint.h>
#include <string.h>

#include "core/graph_fuse.h"
#include "core/loss.h"

bool graph_arg_carries(const Node *n, int k) {
    bool is_loss = n->op == OP_CROSS_ENTROPY || n->op == OP_BINARY_CROSS_ENTROPY;
    return k == 0 || !(is_loss || n->fused);
}

// ---- fusing

static const Arg *with_arg(Arena *a, const Node *n, Arg more) {
    Arg *args = ARENA_ARRAY(a, Arg, n->n_args + 1);
    memcpy(args, n->args, (size_t)n->n_args * sizeof *args);
    args[n->n_args] = more;
    return args;
}

/// Readers that pass gradient back.
static int count_readers(const Graph *g, int node) {
    int n = 0;
    for (int i = 0; i < g->n_nodes; i++)
        for (int k = 0; k < g->nodes[i].n_args; k++)
            n += g->nodes[i].args[k].node == node && op_defs[g->nodes[i].op].backward;
    return n;
}

static bool lacks_softmax(const Graph *g, const NetSpec *spec, const LossDef *def, Diags *d) {
    if (g->head_part < 0)
        return diag_error(d, spec->source, spec->loss_span,
                          "%s needs a head that ends in %s, and there is no head", def->name,
                          op_defs[def->ends_in].name);
    return diag_error(d, spec->source, spec->loss_span,
                      "%s needs a head that ends in %s, and this one ends in %s", def->name,
                      op_defs[def->ends_in].name, op_defs[g->nodes[g->output].op].name);
}

bool graph_fuse(Arena *a, Graph *g, const NetSpec *spec, Diags *d) {
    const LossDef *def = &loss_defs[g->loss_kind];
    if (g->loss < 0 || def->ends_in == OP_COUNT) return true;
    Node *y = &g->nodes[g->output];
    bool ends = g->head_part >= 0 && y->part == g->head_part && y->op == def->ends_in;
    if (!ends) return !def->needs_it || lacks_softmax(g, spec, def, d);
    if (def->needs_it && y->dim.cols != 1)
        return diag_error(d, spec->source, spec->loss_span,
                          "%s needs one column of probabilities, and the head gives %d×%d",
                          def->name, y->dim.rows, y->dim.cols);
    const Part *part = &g->parts[g->loss_part];
    for (int i = part->first; i <= part->last; i++) {
        Node *loss = &g->nodes[i];
        if (loss->op != def->op) continue;
        bool alone = count_readers(g, g->output) == 1;
        loss->args = with_arg(a, loss, y->args[0]);
        loss->n_args++;
        if (!alone) continue;
        y->args = with_arg(a, y, (Arg){g->target, 0});
        y->n_args++;
        y->fused = true;
    }
    return true;
}

// ---- uses

void graph_link_uses(Arena *a, Graph *g) {
    int *n_uses = ARENA_ARRAY(a, int, g->n_nodes);
    Use **uses = ARENA_ARRAY(a, Use *, g->n_nodes);
    for (int i = 0; i < g->n_nodes; i++)
        for (int k = 0; k < g->nodes[i].n_args; k++)
            if (graph_arg_carries(&g->nodes[i], k)) {
                int handed = graph_handed(g, i, g->nodes[i].args[k]);
                n_uses[g->nodes[i].args[k].node]++;
                if (handed >= 0) n_uses[handed]++;
            }
    for (int i = 0; i < g->n_nodes; i++) {
        if (n_uses[i]) uses[i] = ARENA_ARRAY(a, Use, n_uses[i]);
        n_uses[i] = 0;
    }
    for (int i = 0; i < g->n_nodes; i++)
        for (int k = 0; k < g->nodes[i].n_args; k++) {
            if (!graph_arg_carries(&g->nodes[i], k)) continue;
            Arg arg = g->nodes[i].args[k];
            int handed = graph_handed(g, i, arg);
            uses[arg.node][n_uses[arg.node]++] = (Use){i, k, arg.lag};
            if (handed >= 0) uses[handed][n_uses[handed]++] = (Use){i, k, arg.lag};
        }
    g->uses = (const Use *const *)uses;
    g->n_uses = n_uses;
}
