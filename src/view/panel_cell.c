// The cell at the playhead's timestep, drawn from its compiled equations: the diagram everyone
// knows where the graph has that structure, an automatic one for any other, and the head with its
// loss while the walk is there.
#include <math.h>
#include <string.h>

#include "view/cell_layout.h"

static Step last_step(const View *v) {
    const Walk *w = v->lesson->walk;
    int count = walk_count(w);
    if (v->at.at < 1 || count == 0) return (Step){PHASE_FORWARD, 1, -1, -1};
    return walk_step(w, v->at.at > count ? count - 1 : v->at.at - 1);
}

// The parts whose picture is shown: that of the step at work; head and loss together.
static void choose_parts(CellDiagram *d, Step step) {
    const Graph *g = d->g;
    int part = step.node >= 0 ? g->nodes[step.node].part : -1;
    if (part < 0 && step.node >= 0) // a parameter, or x
        for (int k = 0; k < g->n_params; k++)
            if (g->params[k].node == step.node) part = g->params[k].part;
    if (step.phase == PHASE_LOSS) part = g->loss_part;
    bool end = part >= 0 && (part == g->head_part || part == g->loss_part);
    bool comes_in = part >= 0 && g->parts[part].kind < PART_LAYER;
    if (step.node == g->data && step.phase == PHASE_BACKWARD) comes_in = false; // of the layer's x
    d->first_part = d->last_part = comes_in ? part : view_part(d->v);
    if (!end) return;
    d->first_part = g->head_part >= 0 ? g->head_part : part;
    d->last_part = g->loss_part >= 0 ? g->loss_part : part;
}

// The item that a parameter, or what is made of parameters, belongs to: its step is visible too.
static int item_of_given(const CellDiagram *d, int node, int depth) {
    enum { DEEP = 16 };
    for (int k = 0; k < d->g->n_uses[node] && depth < DEEP; k++) {
        int user = d->g->uses[node][k].node, item = d->item_of[user];
        if (item < 0 && d->still[user]) item = item_of_given(d, user, depth + 1);
        if (item >= 0) return item;
    }
    return -1;
}

// By timesteps the whole picture is at work, unless the playhead stands within one.
static bool ends_timestep(const CellDiagram *d, Step step) {
    int first, last;
    if (d->v->grain < GRAIN_TIMESTEP || step.place < 1) return false;
    return walk_timestep_range(d->v->lesson->walk, step.phase, step.place, &first, &last) &&
           d->v->at.at - 1 == last;
}

static void choose_work(CellDiagram *d, Step step) {
    Grain grain = d->v->grain;
    d->work = ARENA_ARRAY(d->s->arena, bool, d->n_items + 1);
    d->work_node = d->v->at.at > 0 ? step.node : -1;
    bool total = step.phase == PHASE_LOSS && step.node < 0; // adds up what the whole picture made
    d->all = ends_timestep(d, step) || step.phase == PHASE_UPDATE || total;
    if (d->work_node < 0) return;
    int item = d->item_of[d->work_node];
    if (item < 0) item = cell_item_find(d, CELL_IN, d->work_node, 0);
    if (item < 0) item = item_of_given(d, d->work_node, 0);
    if (item >= 0) d->work[item] = true;
    if (grain != GRAIN_EQUATION || step.equation < 0) return;
    const Equation *e = &d->g->equations[step.equation];
    for (int n = e->first; n <= e->last; n++)
        if (d->item_of[n] >= 0) d->work[d->item_of[n]] = true;
}

// The greatest gradient of what is shown, over at most a few hundred timesteps of the sequence.
static double greatest_gradient(const CellDiagram *d) {
    enum { SAMPLES = 64 };
    double top = 0;
    int steps = trace_steps(d->trace);
    for (int k = 0; k < d->n_items; k++) {
        int node = d->items[k].node;
        if (node < 0 || d->items[k].lag > 0 || d->items[k].kind == CELL_IN) continue;
        int n = dim_count(d->g->nodes[node].dim);
        for (int p = 1; p <= steps; p += steps / SAMPLES + 1) {
            if (!trace_runs(d->trace, d->g->nodes[node].part, p)) continue;
            const double *x = trace_grad(d->trace, node, p);
            for (int u = 0; u < n; u++)
                if (isfinite(x[u])) top = fmax(top, fabs(x[u]));
        }
    }
    return top;
}

// ---- heading

static const char *part_title(const CellDiagram *d) {
    const Graph *g = d->g;
    Arena *a = d->s->arena;
    bool zh = d->v->lang == LANG_ZH;
    const Part *p = &g->parts[d->first_part];
    if (p->kind == PART_HEAD) return zh ? "输出层" : "THE HEAD";
    if (p->kind == PART_LOSS) return zh ? "损失" : "THE LOSS";
    if (p->kind == PART_EMBEDDING) return zh ? "嵌入层" : "THE EMBEDDING";
    if (p->kind == PART_FEED) return zh ? "输出成为输入" : "THE OUTPUT BECOMES THE INPUT";
    static const char *const networks[STRETCHES][2] = {
        {"THE", ""}, {"THE ENCODER'S", "编码器"}, {"THE DECODER'S", "解码器"}};
    const char *network = networks[p->stretch][zh];
    const char *back = !p->backward ? "" : zh ? "（反向）" : ", REVERSE";
    if (view_layers(g, p) > 1)
        return arena_printf(a, zh ? "%s第 %d 层的单元%s" : "%s CELL OF LAYER %d%s", network,
                            p->layer, back);
    return arena_printf(a, zh ? "%s%s单元" : "%s%s CELL", network, zh && *network ? "的" : "");
}

// The title up to its first aside: "mLSTM of xLSTM" of "mLSTM of xLSTM, stabilised".
static const char *short_title(Arena *a, const CellAst *cell, Lang lang) {
    static const char *const asides[] = {", ", " (", "，", "（"};
    const char *title = cell_wording(cell->title, lang), *end = NULL;
    if (!title) title = cell->name;
    if (!title) return NULL;
    for (size_t k = 0; k < sizeof asides / sizeof *asides; k++) {
        const char *at = strstr(title, asides[k]);
        if (at && (!end || at < end)) end = at;
    }
    return end ? arena_copy(a, title, (size_t)(end - title)) : title;
}

static void draw_heading(CellDiagram *d, Box *area) {
    Arena *a = d->s->arena;
    bool zh = d->v->lang == LANG_ZH;
    const char *title =
        arena_printf(a, zh ? "%s · t = %d" : "%s AT t = %d", part_title(d), d->place);
    const CellAst *cell = d->g->parts[d->first_part].cell;
    const char *note = NULL;
    if (d->g->parts[d->first_part].kind == PART_LAYER && cell) {
        const char *name = short_title(a, cell, d->v->lang);
        const char *origin = cell_wording(cell->origin, d->v->lang);
        note = origin && name ? arena_printf(a, "%s · %s", name, origin) : name;
    }
    panel_heading(d->s, area, title, note);
}

static void say_too_large(CellDiagram *d) {
    bool zh = d->v->lang == LANG_ZH;
    TextStyle style = {FONT_UI, WEIGHT_REGULAR, false, 13};
    scene_text(d->s, d->area.x + d->area.w / 2, d->area.y + d->area.h / 2,
               zh ? "运算太多，画不下。" : "Too many operations for a picture.", style,
               ALIGN_CENTER, ink(ROLE_MUTED), NO_REF);
}

void panel_cell_draw(Scene *s, const View *v, Box area) {
    CellDiagram d = {.s = s, .v = v, .g = v->lesson->graph, .trace = v->lesson->trace};
    Step step = last_step(v);
    Phase phase = view_phase(v);
    choose_parts(&d, step);
    d.place = view_place(v);
    d.backward = phase == PHASE_BACKWARD || phase == PHASE_UPDATE;
    d.focus = view_focus(v);
    draw_heading(&d, &area);
    d.area = area;
    if (area.w < 60 || area.h < 40) return;
    d.unit = fmin(2.4, fmax(0.6, fmin(area.w / 840, area.h / 300)));
    d.letter = fmax(10, 16 * d.unit);
    d.number = fmax(9, 11 * d.unit);
    d.radius = fmax(8, 14 * d.unit);
    cell_items(&d);
    if (d.too_large || d.n_items == 0) {
        say_too_large(&d);
        return;
    }
    choose_work(&d, step);
    if (d.backward) d.grad_top = greatest_gradient(&d);
    if (!cell_layout_lstm(&d) && !cell_layout_gru(&d)) cell_layout_auto(&d);
    cell_draw(&d);
}
