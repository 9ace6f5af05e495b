// Exercises. A step is asked for by what goes into it: the operands of an operation, or what an
// equation reads; backward, for one element, by the chain rule with its numbers. The answer key is
// the same page with the boxes filled in.
#include <math.h>
#include <string.h>

#include "export/pages.h"
#include "view/equation_step.h"

enum {
    TEXT = 14,
    LEADING = 21,
    GAP = 10,
    GIVEN_MAX = 12, // numbers and names that go in
    ROWS_MAX = 6,   // of a matrix that is written out
    COLUMNS_MAX = 10,
    BOX_W = 74,
    BOX_H = 28,
    BOX_GAP = 8,
    COLUMN = 66,  // from number to number
    HEIGHT = 4000 // of the scene that is drawn on: no exercise is higher
};

/// What is given: a value or a gradient, read at a place.
typedef struct {
    Ref ref;
    Dim dim;
    const double *values;
} Given;

typedef struct {
    Scene *s;
    const Look *look;
    View view;
    const Frame *before; // the exercises before this one
    int n_before;
    bool answers;
    double y;
    Given given[GIVEN_MAX];
    int n_given;
    int hidden_by[VIEW_HIDDEN]; // the exercises, from 1, whose results the view hides
} Sheet;

static bool zh(const Sheet *w) {
    return w->look->lang == LANG_ZH;
}

static void say(Sheet *w, const char *words, FontWeight weight, Role role) {
    TextStyle style = {FONT_UI, weight, false, TEXT};
    Box area = {0, w->y, w->s->width, 0};
    w->y += picture_lines(w->s, words, area, style, LEADING, ink(role), 6, true);
}

// --- what goes in

static void give(Sheet *w, Ref ref, Dim dim, const double *values) {
    for (int k = 0; k < w->n_given; k++)
        if (w->given[k].values == values) return;
    if (w->n_given < GIVEN_MAX) w->given[w->n_given++] = (Given){ref, dim, values};
}

// Operands of a node; those of its own equation are looked through when a whole equation is asked.
static void give_operands(Sheet *w, int node, int place, bool through) {
    const Lesson *l = w->look->lesson;
    const Node *n = &l->graph->nodes[node];
    for (int k = 0; k < n->n_args; k++) {
        int from = n->args[k].node;
        const Node *arg = &l->graph->nodes[from];
        if (arg->op == OP_CONST) continue;
        bool inner = arg->equation >= 0 && arg->equation == n->equation && n->args[k].lag == 0;
        bool wiring = arg->step == 0 && arg->n_args > 0;
        if ((inner && (through || wiring)) || (wiring && arg->equation == n->equation)) {
            give_operands(w, from, place, through);
            continue;
        }
        int at = arg->steady ? 0 : trace_arg_place(l->trace, node, k, place);
        if (!arg->steady) from = trace_arg_node(l->trace, node, k, place);
        give(w, ref_value(from, at, 0), arg->dim, trace_arg(l->trace, node, k, place));
    }
}

static void give_update(Sheet *w, int node) {
    const Lesson *l = w->look->lesson;
    const Node *n = &l->graph->nodes[node];
    int at = l->graph->params[n->param].offset;
    give(w, ref_value(node, 0, 0), n->dim, l->update->before + at);
    give(w, ref_grad(node, 0, 0), n->dim, l->update->grad + at);
}

// A name as a formula where it has one, in words where it is only a step on the way.
static double put_name(Sheet *w, Ref ref) {
    const Graph *g = w->look->lesson->graph;
    const Node *n = &g->nodes[ref.node];
    Arena *a = w->s->arena;
    bool named = (n->equation >= 0 && g->equations[n->equation].node == ref.node) ||
                 n->op == OP_PARAM || ref.node == g->x;
    double baseline = w->y + TEXT;
    const char *lead = ref.kind == REF_GRAD ? "\\partial L/\\partial " : "";
    if (named) {
        const char *tex =
            arena_printf(a, "%s%s =", lead, view_node_tex(a, &w->view, ref.node, ref.place, 0));
        Shape *f = scene_formula(w->s, 18, baseline, tex, TEXT + 2, ALIGN_LEFT, ink(ROLE_TEXT),
                                 NULL, NULL);
        return f->box.x + f->box.w + 8;
    }
    TextStyle style = {FONT_UI, WEIGHT_REGULAR, false, TEXT};
    const char *name = say_name(a, w->look->lesson, ref.node, ref.place, 0, w->look->lang);
    name = arena_printf(a, zh(w) && ref.kind == REF_GRAD ? "%s的梯度 =" : "%s =", name);
    if (ref.kind == REF_GRAD && !zh(w)) name = arena_printf(a, "gradient of %s", name);
    w->y += picture_lines(w->s, name, (Box){18, w->y, w->s->width - 18, 0}, style, LEADING,
                          ink(ROLE_TEXT), 3, true);
    return 36;
}

// The exercise whose result this is, from 1; 0 for none. Its number is not given away.
static int asked_in(const Sheet *w, Ref ref) {
    for (int k = 0; k < w->n_before && !w->answers; k++) {
        if (w->before[k].at.at < 1) continue;
        Step s = walk_step(w->look->lesson->walk, w->before[k].at.at - 1);
        bool gradient = s.phase == PHASE_BACKWARD;
        if (s.node == ref.node && s.place == ref.place && gradient == (ref.kind == REF_GRAD))
            return k + 1;
    }
    return 0;
}

static void put_numbers(Sheet *w, const double *values, int n, double x) {
    TextStyle style = {FONT_MONO, WEIGHT_REGULAR, false, TEXT - 1};
    for (int k = 0; k < n && k < COLUMNS_MAX; k++) {
        const char *number =
            say_number(w->s->arena, values[k], w->look->lesson->digits, false, w->look->lang);
        scene_text(w->s, x + (k + 1) * COLUMN - 12, w->y + TEXT, number, style, ALIGN_RIGHT,
                   ink(ROLE_TEXT), NO_REF);
    }
    if (n > COLUMNS_MAX)
        scene_text(w->s, x + COLUMNS_MAX * COLUMN, w->y + TEXT, "…", style, ALIGN_LEFT,
                   ink(ROLE_MUTED), NO_REF);
    w->y += LEADING;
}

static void put_given(Sheet *w, const Given *g) {
    TextStyle style = {FONT_UI, WEIGHT_REGULAR, false, TEXT - 1};
    double x = fmax(put_name(w, g->ref), 56);
    int rows = g->dim.cols > 1 ? g->dim.rows : 1, asked = asked_in(w, g->ref);
    int cols = g->dim.cols > 1 ? g->dim.cols : g->dim.rows;
    if (asked) {
        const char *where =
            arena_printf(w->s->arena, zh(w) ? "第 %d 题的结果" : "from exercise %d", asked);
        scene_text(w->s, x + 8, w->y + TEXT, where, style, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
        w->y += LEADING;
        return;
    }
    for (int r = 0; r < rows && r < ROWS_MAX; r++) put_numbers(w, g->values + r * cols, cols, x);
    if (rows > ROWS_MAX) {
        scene_text(w->s, x + COLUMN - 12, w->y + TEXT, "⋮", style, ALIGN_RIGHT, ink(ROLE_MUTED),
                   NO_REF);
        w->y += LEADING;
    }
}

// --- what comes out

// A number as a box holds it: only in the key.
static const char *in_box(const Sheet *w, double value, int digits) {
    return w->answers ? say_number(w->s->arena, value, digits, false, w->look->lang) : "";
}

// A box to be filled in, with what it is for below it.
static void put_box(Sheet *w, double x, double y, const char *number, const char *label) {
    TextStyle style = {FONT_MONO, WEIGHT_REGULAR, false, TEXT - 1};
    TextStyle small = {FONT_UI, WEIGHT_REGULAR, false, 10};
    double middle = x + BOX_W / 2.0;
    scene_box(w->s, (Box){x, y, BOX_W, BOX_H}, 3, NO_INK, ink(ROLE_MUTED), 1, NO_REF);
    scene_text(w->s, middle, y + BOX_H + 12, label, small, ALIGN_CENTER, ink(ROLE_MUTED), NO_REF);
    scene_text(w->s, middle, y + 19, number, style, ALIGN_CENTER, ink(ROLE_TEXT), NO_REF);
}

static void put_boxes(Sheet *w, const double *values, int n) {
    int columns = (int)((w->s->width - 18) / (BOX_W + BOX_GAP));
    int shown = n > 4 * columns ? 4 * columns : n;
    for (int k = 0; k < shown; k++) {
        double x = 18 + k % columns * (BOX_W + BOX_GAP);
        double y = w->y + k / columns * (BOX_H + 20);
        put_box(w, x, y, in_box(w, values[k], w->look->lesson->digits),
                arena_printf(w->s->arena, "%d", k + 1));
    }
    w->y += (shown + columns - 1) / columns * (BOX_H + 20);
}

// A box for each path of the gradient, and one for their sum.
static void put_paths(Sheet *w, const EqStory *story, double sum) {
    enum { PITCH = BOX_W + 34 };
    TextStyle style = {FONT_UI, WEIGHT_REGULAR, false, TEXT};
    int n = story->n_paths, least = w->look->lesson->digits;
    int digits = (int)fmin(say_decimals(fabs(sum), least, 4), least + 5);
    if (n < 2 || 18 + (n + 1) * PITCH > w->s->width) n = 0;
    for (int k = 0; k <= n; k++) {
        double x = 18 + k * PITCH;
        const char *label = k < n ? story->paths[k].name : n == 0 ? "" : zh(w) ? "和" : "sum";
        double value = k < n ? story->paths[k].share : sum;
        put_box(w, x, w->y, in_box(w, value, digits), label);
        if (k < n)
            scene_text(w->s, x + BOX_W + 17, w->y + 19, k + 1 < n ? "+" : "=", style, ALIGN_CENTER,
                       ink(ROLE_MUTED), NO_REF);
    }
    w->y += BOX_H + 20;
}

static void put_equation(Sheet *w, const Step *step, int place) {
    if (step->equation < 0) return;
    const char *tex = view_equation_tex(w->s->arena, &w->view, step->equation, place);
    double room = w->s->width - 36, size = TEXT + 4;
    double width = scene_formula_width(w->s, tex, size);
    if (width > room) size *= room / width;
    scene_formula(w->s, 18, w->y + 20, tex, size, ALIGN_LEFT, ink(ROLE_TEXT), NULL, NULL);
    w->y += 36;
}

// In Chinese a space stands between Chinese and Latin letters or digits.
static const char *gap(char neighbour) {
    return (unsigned char)neighbour < 0x80 ? " " : "";
}

static void put_question(Sheet *w, const char *what, int number) {
    Arena *a = w->s->arena;
    const char *words = zh(w) ? arena_printf(a, "%d. 求%s%s。", number, gap(*what), what)
                              : arena_printf(a, "%d. Find %s.", number, what);
    say(w, words, WEIGHT_BOLD, ROLE_TEXT);
    w->y += 4;
}

static void put_total(Sheet *w, const Frame *frame, int number) {
    double loss = trace_loss(w->look->lesson->trace);
    put_question(w, zh(w) ? "损失" : "the loss", number);
    put_boxes(w, &loss, 1);
    if (w->answers)
        say(w, picture_sentence(w->s->arena, w->look, frame), WEIGHT_REGULAR, ROLE_MUTED);
}

// --- backward

// Results of earlier exercises are not given away in this one: "?" stands for them.
static void hide_earlier(Sheet *w) {
    for (int k = w->n_before - 1; k >= 0 && w->view.n_hidden < VIEW_HIDDEN; k--) {
        const Frame *f = &w->before[k];
        if (f->at.at < 1 || walk_step(w->look->lesson->walk, f->at.at - 1).phase != PHASE_BACKWARD)
            continue;
        View v = picture_view(w->look, f);
        EqWork work = eq_work(&v);
        if (work.node < 0) continue;
        w->hidden_by[w->view.n_hidden] = k + 1;
        w->view.hidden[w->view.n_hidden++] = ref_grad(work.node, work.place, work.unit);
    }
}

// "? is the result of exercise 12", for each that a line reads.
static void tell_hidden(Sheet *w, const EqLines *lines) {
    for (int k = 0; k < w->view.n_hidden; k++) {
        Ref r = w->view.hidden[k];
        Arena *a = w->s->arena;
        const char *mark =
            arena_printf(a, "\\term{g:%d:%d:%d}{\\mathbf{?}}", r.node, r.place, r.unit);
        bool read = false;
        for (int i = 0; i < lines->n; i++)
            for (int j = 0; j < lines->at[i].n; j++)
                if (strstr(lines->at[i].pieces[j].tex, mark)) read = true;
        const char *words = zh(w) ? "? 是第 %d 题的结果。" : "? is the result of exercise %d.";
        if (read) say(w, arena_printf(a, words, w->hidden_by[k]), WEIGHT_REGULAR, ROLE_MUTED);
    }
}

static double gradient_at(const Sheet *w, const EqWork *work) {
    const Trace *tr = w->look->lesson->trace;
    const Node *n = &w->look->lesson->graph->nodes[work->node];
    if (n->op != OP_PARAM) return trace_grad(tr, work->node, work->place)[work->unit - 1];
    double *share = ARENA_ARRAY(w->s->arena, double, dim_count(n->dim));
    trace_param_share(tr, n->param, work->place, share);
    return share[work->unit - 1];
}

// One element's gradient: the chain rule in symbols and in numbers, without its result.
static void put_backward(Sheet *w, const Frame *frame, int number) {
    const Lesson *l = w->look->lesson;
    Arena *a = w->s->arena;
    EqWork work = eq_work(&w->view);
    int unit = dim_count(l->graph->nodes[work.node].dim) > 1 ? work.unit : 0;
    const char *name = say_name(a, l, work.node, work.place, unit, w->look->lang);
    name = zh(w) ? arena_printf(a, "%s%s的梯度", name, gap(name[strlen(name) - 1]))
                 : arena_printf(a, "the gradient of %s", name);
    put_question(w, name, number);
    if (!w->answers) hide_earlier(w);
    EqStory story = {0};
    eq_tell_backward(w->s, &w->view, &work, &story);
    if (story.lines.n > 1) story.lines.n--; // the last one is the result
    Box area = {18, w->y, w->s->width - 36, 12 * LEADING};
    w->y += eq_lines_draw(w->s, &w->view, &story.lines, area, TEXT + 3) + GAP;
    tell_hidden(w, &story.lines);
    put_paths(w, &story, gradient_at(w, &work));
    if (w->answers) say(w, picture_sentence(a, w->look, frame), WEIGHT_REGULAR, ROLE_MUTED);
}

// --- forward, loss, update

static void put_forward(Sheet *w, const Frame *frame, const Step *step, int number) {
    const Lesson *l = w->look->lesson;
    Arena *a = w->s->arena;
    const Node *n = &l->graph->nodes[step->node];
    int place = step->place > 0 ? step->place : 1;
    const char *name = say_name(a, l, step->node, place, 0, w->look->lang);
    bool update = step->phase == PHASE_UPDATE;
    if (update) name = arena_printf(a, zh(w) ? "更新后的 %s" : "the new value of %s", name);
    put_question(w, name, number);
    put_equation(w, step, place);
    if (update)
        give_update(w, step->node);
    else
        give_operands(w, step->node, place, frame->grain >= GRAIN_EQUATION);
    for (int k = 0; k < w->n_given; k++) put_given(w, &w->given[k]);
    w->y += GAP;
    const double *values = update ? l->update->after + l->graph->params[n->param].offset
                                  : trace_value(l->trace, step->node, place);
    put_boxes(w, values, dim_count(n->dim));
    if (w->answers) say(w, picture_sentence(a, w->look, frame), WEIGHT_REGULAR, ROLE_MUTED);
}

static void put_step(Sheet *w, const Frame *frame, int number) {
    Step step = walk_step(w->look->lesson->walk, frame->at.at - 1);
    if (step.node < 0)
        put_total(w, frame, number);
    else if (step.phase == PHASE_BACKWARD)
        put_backward(w, frame, number);
    else
        put_forward(w, frame, &step, number);
}

Scene worksheet_scene(Arena *a, TextEngine *text, const Look *look, const Frame *frames, int k,
                      bool answers, double *height) {
    Scene s = scene_new(a, text, look->width, HEIGHT);
    Look own = picture_look(look, &frames[k]);
    Sheet w = {.s = &s,
               .look = &own,
               .view = picture_view(&own, &frames[k]),
               .before = frames,
               .n_before = k,
               .answers = answers};
    if (frames[k].at.at > 0) put_step(&w, &frames[k], k + 1);
    *height = w.y + 2 * GAP;
    s.height = *height;
    return s;
}
