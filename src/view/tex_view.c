// Nodes and equations of a run as TeX: which layer and direction a name belongs to, at which
// timestep and unit it is read, its colour, and the id by which a pointer finds the number again.
//
// Ids:  v:NODE:PLACE:UNIT  a value        g:NODE:PLACE:UNIT  a gradient      e:EQUATION
// PLACE is a number (0 for what is the same at all timesteps), or t, t-1, t+1 ... for the place
// at which the playhead stands.
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "view/tex.h"

/// What a name of a part's text stands for.
typedef struct {
    int node; // -1: a constant or a size
    bool steady;
    bool is_input; // handed in from outside the part
} Meaning;

static const Equation *part_equation(const Graph *g, int part, const char *name) {
    for (int i = 0; i < g->n_equations; i++)
        if (g->equations[i].part == part && strcmp(g->equations[i].name, name) == 0)
            return &g->equations[i];
    return NULL;
}

/// The equation whose result a node is, or -1.
static int equation_of(const Graph *g, int node) {
    int q = g->nodes[node].equation;
    return q >= 0 && g->equations[q].node == node ? q : -1;
}

const char *tex_input_name(const Graph *g, int part, int node) {
    static const char *const names[] = {[PART_FEED] = "y",
                                        [PART_EMBEDDING] = "s",
                                        [PART_LAYER] = "x",
                                        [PART_HEAD] = "h",
                                        [PART_LOSS] = "y"};
    const Equation *dropout = graph_dropout(g, node);
    if (dropout && dropout->mask == node) return graph_mask_name(dropout);
    return node == g->target ? "target" : node == g->draw ? "u" : names[g->parts[part].kind];
}

static Meaning meaning_of(const Graph *g, int part, const char *name) {
    const Equation *q = part_equation(g, part, name);
    if (q) return (Meaning){q->node, false, false};
    for (int i = 0; i < g->n_params; i++)
        if (g->params[i].part == part && strcmp(g->params[i].name, name) == 0)
            return (Meaning){g->params[i].node, true, false};
    for (int i = 0; i < g->n_masks; i++) {
        const Equation *dropout = graph_dropout(g, g->masks[i]);
        if (dropout->part == part && strcmp(graph_mask_name(dropout), name) == 0)
            return (Meaning){g->masks[i], false, false};
    }
    const Part *p = &g->parts[part];
    const int inputs[] = {p->input, p->kind == PART_LOSS ? g->target : -1,
                          p->kind == PART_FEED ? g->draw : -1};
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
        if (inputs[i] >= 0 && strcmp(name, tex_input_name(g, part, inputs[i])) == 0)
            return (Meaning){inputs[i], false, true};
    return (Meaning){-1, true, false};
}

// --- layers and directions

static bool is_reverse(const Part *p) {
    return strstr(p->name, ".reverse") != NULL;
}

/// Is there another layer (or, with the same number, another direction)?
static bool has_sibling(const Graph *g, const Part *p, bool direction) {
    for (int i = 0; i < g->n_parts; i++) {
        const Part *q = &g->parts[i];
        if (q == p || q->kind != PART_LAYER || q->stretch != p->stretch) continue;
        if (direction == (q->layer == p->layer)) return true;
    }
    return false;
}

/// The layer's number as a superscript, and whether it is of the decoder; NULL where there is only
/// one layer.
static const char *layer_sup(Arena *a, const Graph *g, const Part *p) {
    if (p->kind != PART_LAYER) return NULL;
    const char *decoder = p->stretch == STRETCH_ANSWER ? "\\mathrm{dec}" : NULL;
    if (!has_sibling(g, p, false)) return decoder;
    return arena_printf(a, decoder ? "(%d)\\,%s" : "(%d)", p->layer, decoder);
}

static const char *direction_mark(const Graph *g, const Part *p) {
    if (p->kind != PART_LAYER || !has_sibling(g, p, true)) return NULL;
    return is_reverse(p) ? "\\overleftarrow" : "\\overrightarrow";
}

// --- one name

/// A name as it is to be written.
typedef struct {
    const Graph *graph;
    int part, node;
    const char *name;
    bool steady, is_input;
    int place, lag, unit; // place 0: symbolic
} Named;

static const char *subscript(Arena *a, const Named *n) {
    const Part *p = &n->graph->parts[n->part];
    const char *time = n->steady ? NULL : tex_time(a, n->place, n->lag, p->backward);
    if (!n->unit) return time;
    const Node *node = n->node >= 0 ? &n->graph->nodes[n->node] : NULL;
    const char *unit = arena_printf(a, "%d", n->unit);
    if (node && node->dim.cols > 1)
        unit = arena_printf(a, "%d,%d", (n->unit - 1) / node->dim.cols + 1,
                            (n->unit - 1) % node->dim.cols + 1);
    return time ? arena_printf(a, "%s,%s", time, unit) : unit;
}

static const char *term_place(Arena *a, const Named *n) {
    if (n->steady) return "0";
    return tex_time(a, n->place, n->lag, n->graph->parts[n->part].backward);
}

/// The name alone, without colour or id.
static void put_symbol(Buf *out, const Named *n) {
    const Part *p = &n->graph->parts[n->part];
    bool loss = p->kind == PART_LOSS && strcmp(n->name, "loss") == 0;
    const char *name = loss ? "L" : n->name;
    // what comes in belongs to no direction, and in the first layer to no layer
    bool outside = n->is_input && p->layer < 2;
    tex_name(out, name, subscript(out->arena, n),
             outside ? NULL : layer_sup(out->arena, n->graph, p),
             n->is_input ? NULL : direction_mark(n->graph, p));
}

/// The colour of a name; NULL for plain ink.
static const char *role_word(const Named *n) {
    if (n->steady) return NULL;
    if (n->node < 0 || n->is_input) return strcmp(n->name, "x") ? NULL : "x";
    return view_role_word(view_graph_role(n->graph, n->node));
}

static void put_named(Buf *out, const Named *n, char kind) {
    const char *role = role_word(n);
    if (role) buf_printf(out, "\\color{%s}{", role);
    if (n->node >= 0)
        buf_printf(out, "\\term{%c:%d:%s:%d}{", kind, n->node, term_place(out->arena, n), n->unit);
    put_symbol(out, n);
    if (n->node >= 0) buf_puts(out, "}");
    if (role) buf_puts(out, "}");
}

void tex_leaf(Buf *out, const Lesson *lesson, int part, const Expr *leaf, int place, int unit) {
    if (leaf->kind == EXPR_NUMBER) {
        tex_number(out, leaf->number);
        return;
    }
    if (strcmp(leaf->name, "t") == 0) { // the reserved name; not a value with a subscript
        if (place > 0)
            buf_printf(out, "%d", place);
        else
            buf_puts(out, "t");
        return;
    }
    const Graph *g = lesson->graph;
    Meaning m = meaning_of(g, part, leaf->name);
    Named n = {g, part, m.node, leaf->name, m.steady, m.is_input, place, leaf->lag, unit};
    int from = m.is_input ? equation_of(g, m.node) : -1;
    if (from >= 0) { // the layer below knows it by its own name
        n.part = g->equations[from].part;
        n.name = g->equations[from].name;
        n.is_input = false;
    }
    int home = n.lag > 0 && place > n.lag && n.node >= 0 && !n.steady
                   ? trace_home(lesson->trace, n.node, place - n.lag)
                   : n.node;
    if (home != n.node) { // the encoder's, with which the decoder begins
        n.node = home;
        n.part = g->nodes[home].part;
    }
    put_named(out, &n, 'v');
}

// --- equations

/// Where the leaves of an expression are read.
typedef struct {
    const Lesson *lesson;
    int part, place;
} Reading;

static void put_reading_leaf(void *context, Buf *out, const Expr *leaf) {
    const Reading *r = context;
    tex_leaf(out, r->lesson, r->part, leaf, r->place, 0);
}

const char *view_equation_tex(Arena *a, const View *v, int equation, int place) {
    const Graph *g = v->lesson->graph;
    const Equation *q = &g->equations[equation];
    Buf out = buf_new(a);
    Named name = {g, q->part, q->node, q->name, false, false, place, 0, 0};
    put_named(&out, &name, 'v');
    buf_puts(&out, " = ");
    Reading r = {v->lesson, q->part, place};
    tex_expr(&out, q->ast->value, put_reading_leaf, &r);
    return buf_str(&out);
}

// --- nodes

/// The name of a node that has one; false for a step inside an equation.
static bool name_node(const Graph *g, int node, Named *n) {
    const Node *at = &g->nodes[node];
    *n = (Named){.graph = g, .part = at->part, .node = node, .steady = at->steady};
    int q = equation_of(g, node);
    if (q >= 0) return n->part = g->equations[q].part, n->name = g->equations[q].name, true;
    if (at->op == OP_PARAM) {
        n->part = g->params[at->param].part;
        n->steady = true;
        return n->name = g->params[at->param].name, true;
    }
    const Equation *dropout = graph_dropout(g, node);
    if (dropout) return n->name = graph_mask_name(dropout), true;
    n->is_input = true;
    if (node == g->target) return n->part = g->loss_part, n->name = "target", true;
    if (node == g->x) return n->name = "x", true;
    if (node == g->data) return n->name = "s", true;
    if (node == g->draw) return n->part = g->feed_part, n->name = "u", true;
    n->is_input = false;
    for (int i = 0; i < g->n_equations; i++)
        if (g->equations[i].start == node) {
            n->part = g->equations[i].part;
            return n->name = g->equations[i].name, true;
        }
    return false;
}

/// A start value is the name at 0, or behind the end for a layer that reads backward.
static const char *start_tex(Buf *out, const View *v, const Named *n, int unit) {
    const Part *p = &v->lesson->graph->parts[n->part];
    Named at = *n;
    int first = p->backward ? trace_steps(v->lesson->trace) : 1;
    at.steady = false;
    at.place = first;
    at.lag = 1;
    at.unit = unit;
    put_symbol(out, &at);
    return buf_str(out);
}

static bool is_start(const Graph *g, int node) {
    for (int i = 0; i < g->n_equations; i++)
        if (g->equations[i].start == node) return true;
    return false;
}

/// A step inside an equation: its expression, in brackets when a unit of it is meant.
static void put_step(Buf *out, const View *v, int node, int place, int unit, char kind) {
    const Node *at = &v->lesson->graph->nodes[node];
    if (at->op == OP_TIMESTEP) {
        buf_puts(out, tex_time(out->arena, place, 0, false));
        return;
    }
    if (at->op == OP_CONST && !at->expr) {
        tex_number(out, at->number);
        return;
    }
    if (!at->expr) {
        if (at->n_args > 0)
            buf_puts(out, view_node_tex(out->arena, v, at->args[0].node, place, 0));
        else
            buf_puts(out, "\\cdot");
        return;
    }
    Reading r = {v->lesson, at->part, place};
    const char *time = at->steady ? "0" : place > 0 ? arena_printf(out->arena, "%d", place) : "t";
    buf_printf(out, "\\term{%c:%d:%s:%d}{", kind, node, time, unit);
    if (unit) buf_puts(out, "\\left(");
    tex_expr(out, at->expr, put_reading_leaf, &r);
    if (unit) buf_printf(out, "\\right)_{%d}", unit);
    buf_puts(out, "}");
}

const char *view_node_tex(Arena *a, const View *v, int node, int place, int unit) {
    const Graph *g = v->lesson->graph;
    Buf out = buf_new(a);
    Named n;
    if (!name_node(g, node, &n)) {
        put_step(&out, v, node, place, unit, 'v');
        return buf_str(&out);
    }
    if (is_start(g, node)) return start_tex(&out, v, &n, unit);
    n.place = place;
    n.unit = unit;
    put_named(&out, &n, 'v');
    return buf_str(&out);
}

const char *tex_gradient(Arena *a, const View *v, int node, int place, int unit, bool inline_) {
    const Graph *g = v->lesson->graph;
    Buf out = buf_new(a);
    Named n;
    buf_puts(&out, inline_ ? "\\partial L/\\partial " : "\\frac{\\partial L}{\\partial ");
    if (name_node(g, node, &n)) {
        n.place = place;
        n.unit = unit;
        put_named(&out, &n, 'g');
    } else {
        put_step(&out, v, node, place, unit ? unit : 0, 'g');
    }
    if (!inline_) buf_puts(&out, "}");
    return buf_str(&out);
}

// --- and back

/// The place at which the playhead stands: that of the step just done.
static int playhead_place(const View *v) {
    const Walk *w = v->lesson->walk;
    int last = walk_count(w) - 1, at = v->at.at - 1;
    if (last < 0) return 1;
    Step s = walk_step(w, at < 0 ? 0 : at > last ? last : at);
    return s.place > 0 ? s.place : 1;
}

static bool read_number(const char **s, int *out) {
    char *end;
    long value = strtol(*s, &end, 10);
    if (end == *s || value < INT_MIN || value > INT_MAX) return false;
    *out = (int)value;
    *s = end;
    return true;
}

static bool read_place(const char **s, const View *v, int *place) {
    if (**s != 't') return read_number(s, place);
    ++*s;
    int step = 0;
    if (**s == '+' || **s == '-')
        if (!read_number(s, &step)) return false;
    *place = playhead_place(v) + step;
    return *place > 0;
}

Ref view_resolve(void *context, const char *id) {
    const View *v = context;
    const Graph *g = v->lesson->graph;
    int node, place, unit;
    char kind = id[0];
    if (!kind || !strchr("vge", kind) || id[1] != ':') return NO_REF;
    const char *s = id + 2;
    if (!read_number(&s, &node) || node < 0) return NO_REF;
    if (kind == 'e') {
        if (*s || node >= g->n_equations) return NO_REF;
        return (Ref){REF_EQUATION, node, 0, 0};
    }
    if (node >= g->n_nodes || *s++ != ':' || !read_place(&s, v, &place) || *s++ != ':')
        return NO_REF;
    if (!read_number(&s, &unit) || *s) return NO_REF;
    if (place < 0 || place > trace_steps(v->lesson->trace)) return NO_REF;
    if (place == 0 && !g->nodes[node].steady) return NO_REF;
    if (unit < 0 || unit > dim_count(g->nodes[node].dim)) return NO_REF;
    return kind == 'v' ? ref_value(node, place, unit) : ref_grad(node, place, unit);
}
