// One number on a page: its name and size, what made it, where it goes, its course over time; in
// the backward phase the paths on which blame came, and two runs that prove it. Sections are
// written from the top down; when the panel is low, rows of the longest list go first, then whole
// sections from the bottom.
#include <math.h>
#include <string.h>

#include "view/tex.h"
#include "view/value.h"

enum { SYMBOL = 24, NUMBER = 21, GAP = 14 };

// ---- the number at the top

static bool is_equation(const Graph *g, int node) {
    int e = g->nodes[node].equation;
    return e >= 0 && g->equations[e].node == node;
}

static TextStyle big(const Value *p) {
    return (TextStyle){FONT_UI, WEIGHT_BOLD, false, NUMBER * p->unit};
}

static Ink number_ink(const Value *p) {
    if (!p->known) return ink(ROLE_MUTED);
    if (!isfinite(p->value)) return ink(ROLE_WARN);
    if (p->grad) return ink(ROLE_BACKWARD);
    return ink(p->role);
}

void value_top(Value *p) {
    const char *tex = value_tex(p, p->ref.node, p->ref.place, p->ref.unit, p->grad);
    const char *title = value_title(p, p->ref.node);
    const char *text = p->known ? value_exact(p, p->value) : "?";
    double w = p->left.w, number = scene_text_width(p->s, text, big(p));
    Name name = value_fit(p, tex, SYMBOL * p->unit, title, w, INFINITY);
    bool beside = name.width + number + 12 <= w;
    double up = fmax(name.ascent, NUMBER * p->unit), down = fmax(name.descent, 6 * p->unit);
    Box row = box_cut_top(&p->left, up + down + 3);
    double baseline = row.y + up;
    value_put(p, name, row.x, baseline, ink(ROLE_TEXT));
    if (!beside) {
        row = box_cut_top(&p->left, NUMBER * 1.25 * p->unit);
        baseline = row.y + NUMBER * p->unit;
    }
    scene_text(p->s, row.x + w, baseline, text, big(p), ALIGN_RIGHT, number_ink(p), p->ref);
}

// ---- the line below it

typedef struct {
    const char *word[6];
    int n;
} Words;

static void say_word(Words *w, const char *word) {
    if (*word) w->word[w->n++] = word;
}

static const char *label_of(const Value *p) {
    const Node *n = &p->g->nodes[p->ref.node];
    if (p->ref.node == p->g->loss) return p->zh ? "损失" : "loss";
    if (is_equation(p->g, p->ref.node)) return p->g->equations[n->equation].label[p->v->lang];
    if (n->op == OP_PARAM) {
        bool matrix = p->dim.cols > 1;
        return p->zh ? matrix ? "权重" : "偏置" : matrix ? "weight" : "bias";
    }
    return op_defs[n->op].title[p->v->lang];
}

static const char *of_words(const Value *p, const char *of) {
    bool latin = (unsigned char)of[0] < 0x80;
    if (!p->zh) return arena_printf(p->s->arena, "of %s", of);
    return arena_printf(p->s->arena, latin ? "属于 %s" : "属于%s", of);
}

static const char *element_of(const Value *p) {
    Arena *a = p->s->arena;
    int unit = p->ref.unit, cols = p->dim.cols;
    if (dim_count(p->dim) == 1) return "";
    if (cols == 1) return arena_printf(a, p->zh ? "单元 %d" : "unit %d", unit);
    return arena_printf(a, p->zh ? "第 %d 行第 %d 列" : "row %d, column %d", (unit - 1) / cols + 1,
                        (unit - 1) % cols + 1);
}

static const char *time_of(const Value *p) {
    bool steady = p->g->nodes[p->ref.node].steady;
    if (steady && !p->grad) return p->zh ? "各时间步相同" : "the same at every timestep";
    if (steady && p->partial) return p->zh ? "目前累计" : "sum so far";
    if (steady) return p->zh ? "全部时间步之和" : "sum over all timesteps";
    if (p->ref.place < 1) return p->zh ? "第一步之前" : "before the first timestep";
    return arena_printf(p->s->arena, p->zh ? "时间步 %d" : "timestep %d", p->ref.place);
}

void value_words(Value *p) {
    Words w = {.n = 0};
    const Node *n = &p->g->nodes[p->ref.node];
    if (p->grad) say_word(&w, p->zh ? "梯度" : "blame");
    say_word(&w, label_of(p));
    if (n->step > 0 && !is_equation(p->g, p->ref.node)) {
        const char *of = p->g->equations[n->equation].label[p->v->lang];
        say_word(&w, of_words(p, of));
    }
    say_word(&w, element_of(p));
    say_word(&w, time_of(p));
    const char *line = "";
    for (int i = 0; i < w.n; i++) {
        const char *longer =
            *line ? arena_printf(p->s->arena, "%s · %s", line, w.word[i]) : w.word[i];
        bool fits = scene_text_width(p->s, longer, value_style(p, TYPE_PLAIN)) <= p->left.w;
        if (!fits && *line) value_line(p, line, TYPE_PLAIN, ink(ROLE_MUTED));
        line = fits || !*line ? longer : w.word[i];
    }
    value_line(p, line, TYPE_PLAIN, ink(ROLE_MUTED));
    if (p->known) return;
    const char *why = p->zh ? "还没有算到这里" : "not computed yet";
    if (p->hidden) why = p->zh ? "请先预测" : "predict it first";
    value_line(p, why, TYPE_PLAIN, ink(ROLE_MUTED));
}

// ---- what it is about

/// The number the panel tells of: the focus, or for wholes and equations their first element.
static Ref subject(const View *v) {
    Ref ref = view_focus(v);
    const Graph *g = v->lesson->graph;
    if (ref.kind == REF_EQUATION && ref.node >= 0 && ref.node < g->n_equations)
        ref = ref_value(g->equations[ref.node].node, view_place(v), 1);
    bool number = ref.kind == REF_VALUE || ref.kind == REF_GRAD;
    if (!number && v->focus.kind != REF_NONE) {
        View follows = *v;
        follows.focus = NO_REF;
        ref = view_focus(&follows);
        number = ref.kind == REF_VALUE || ref.kind == REF_GRAD;
    }
    if (!number || ref.node < 0 || ref.node >= g->n_nodes) return NO_REF;
    int count = dim_count(g->nodes[ref.node].dim);
    ref.unit = ref.unit < 1 ? 1 : ref.unit > count ? count : ref.unit;
    return ref;
}

/// The size that decides the decimals of everything about a gradient: its largest over time.
static double largest_gradient(const Value *p) {
    const Node *n = &p->g->nodes[p->ref.node];
    double most = fabs(p->value);
    if (n->steady) return most;
    return p->ref.place < 1
               ? most
               : fabs(trace_grad(p->trace, p->ref.node, p->ref.place)[p->ref.unit - 1]);
}

Value value_begin(Scene *s, const View *v, Box area, Ref ref) {
    const Lesson *l = v->lesson;
    Value p = value_plain(s, v, area);
    p.ref = ref;
    p.dim = p.g->nodes[ref.node].dim;
    p.grad = ref.kind == REF_GRAD;
    p.hidden = view_known(v, ref) && view_hidden(v, ref);
    p.known = view_known(v, ref) && !p.hidden;
    p.value = view_number(v, ref);
    p.role = view_role(l, ref.node);
    p.digits = area.w < 215 && l->digits > 2 ? 2 : l->digits;
    if (p.g->nodes[ref.node].op == OP_PARAM && p.grad) { // it grows while its shares come in
        int all, shares = view_param_shares(v, p.g->nodes[ref.node].param, ref.unit, &all);
        p.known = shares > 0 && !isnan(p.value) && !p.hidden;
        p.partial = shares < all && view_phase(v) != PHASE_UPDATE;
    }
    if (p.grad) p.digits = say_decimals(largest_gradient(&p), p.digits, 3);
    if (p.digits > l->digits + 4) p.digits = l->digits + 4;
    p.line_digits = p.grad ? p.digits : l->digits;
    return p;
}

/// The panel as a whole tells of one number: only what is hovered needs a mark in it.
static void unmark(Scene *s, const View *v, int from) {
    for (int k = from; k < s->count && v->hover.kind == REF_NONE; k++) s->shapes[k].hot = false;
}

void panel_value_draw(Scene *s, const View *v, Box area) {
    Ref ref = subject(v);
    if (ref.kind == REF_NONE || area.w < 60) return;
    Value p = value_begin(s, v, area, ref);
    int from = s->count;
    scene_clip(s, area);
    value_top(&p);
    value_words(&p);
    box_cut_top(&p.left, GAP * p.unit * 0.6);
    value_update(&p);
    double time = value_time_height(&p), goes = p.known && !p.grad ? value_goes_height(&p) : 0;
    double least = 7 * value_row(&p);
    // a low panel keeps the rows that made the number, then where it goes
    if (p.left.h - time - goes < least) time = 0;
    if (p.left.h - goes < least) goes = 0;
    double room = p.left.h - time - goes;
    if (p.known && p.grad) value_paths(&p, room);
    if (p.known && !p.grad) value_made(&p, room);
    if (goes > 0) value_goes(&p, p.left.h - time);
    if (time > 0) value_time(&p);
    if (time > 0) value_units(&p);
    if (p.known && p.grad && !p.partial) value_proof(&p);
    scene_unclip(s);
    unmark(s, v, from);
}
