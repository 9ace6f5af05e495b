// The gradient of every parameter as the way back sums it up, timestep after timestep; how large it
// is all together, and what clipping leaves of it; and how large the gradients of the states are on
// their way, where one sees them vanish or explode.
#include <math.h>

#include "core/norm.h"
#include "core/shares.h"
#include "lesson/explain_update.h"
#include "view/matrices.h"
#include "view/norms.h"

enum {
    CHART = 112,
    HEADING = 24,
    LEAST_MATRICES = 170,
    GOOD_ROW = 8, // of squares, where there is more to show than them
    LEGEND = 25
};

bool panel_gradients_has(const View *v) {
    return v->lesson->graph->n_params > 0 && v->lesson->graph->loss >= 0;
}

/// Does the panel show what the optimizer takes: in the update, which may be the mean of a batch?
static bool takes_update(const Value *p) {
    return view_phase(p->v) == PHASE_UPDATE && p->lesson->update;
}

/// The largest size of a parameter's gradient at any time of the way back: the same colours all
/// along.
static double largest_of(const Value *p, int param) {
    const Param *q = &p->g->params[param];
    bool takes = takes_update(p);
    if (p->lesson->shares && !takes) return shares_largest(p->lesson->shares, param);
    const double *x = (takes ? p->lesson->update->grad : trace_param_grads(p->trace)) + q->offset;
    double most = 0;
    for (int k = 0; k < dim_count(q->dim); k++)
        if (fabs(x[k]) > most && isfinite(x[k])) most = fabs(x[k]);
    return most;
}

static Sheet sheet_of(const Value *p, int param) {
    const Param *q = &p->g->params[param];
    Sheet sheet = {.known = dim_count(q->dim), .largest = largest_of(p, param)};
    bool takes = takes_update(p);
    sheet.x = takes ? p->lesson->update->grad + q->offset : grown_gradient(p, param, &sheet.known);
    sheet.place = view_phase(p->v) == PHASE_UPDATE ? 0 : grown_place(p, param);
    bool kept = !takes && p->lesson->shares;
    sheet.norm = kept ? grown_norm(p, param) : sheet.x ? norm_of(sheet.x, sheet.known) : NAN;
    return sheet;
}

static const char *number(const Value *p, double x) {
    int digits =
        isfinite(x) && x != 0 ? say_decimals(fabs(x), p->lesson->digits, 3) : p->lesson->digits;
    if (digits > p->lesson->digits + 6) digits = p->lesson->digits + 6;
    return say_number(p->s->arena, x, digits, true, p->v->lang);
}

// ---- below the squares

static double norm_of_all(const Value *p, const Sheet *sheets) {
    double sum = 0;
    bool any = false;
    for (int k = 0; k < p->g->n_params; k++) {
        if (isnan(sheets[k].norm)) continue;
        any = true;
        sum += sheets[k].norm * sheets[k].norm;
    }
    return any ? sqrt(sum) : NAN;
}

/// Of all parameters together; in the update with what clipping leaves.
static void draw_norms(Value *p, const Sheet *sheets) {
    bool takes = takes_update(p), zh = p->zh;
    bool whole = takes || view_known(p->v, ref_grad(p->g->params[0].node, 0, 0));
    const Update *u = p->lesson->update;
    double norm = takes ? u->norm : norm_of_all(p, sheets);
    const char *label = whole ? zh ? "全部参数的梯度范数" : "norm of all together"
                        : zh  ? "全部参数目前的范数"
                              : "norm of all so far";
    if (takes && u->batch > 0)
        label = arena_printf(
            p->s->arena, zh ? "本批 %d 个序列平均的范数" : "norm, mean of a batch of %d", u->batch);
    value_pair(p, label, isnan(norm) ? "?" : number(p, norm),
               ink(isnan(norm) ? ROLE_MUTED : ROLE_BACKWARD), NO_REF);
    if (!takes || !(u->clip > 0)) return;
    value_pair(p, zh ? "范数上限" : "clipped to", number(p, u->clip), ink(ROLE_TEXT), NO_REF);
    value_pair(p, zh ? "裁剪系数" : "clip factor", u->scale < 1 ? number(p, u->scale) : "1",
               ink(ROLE_TEXT), NO_REF);
}

static double norms_height(const Value *p) {
    bool clips = takes_update(p) && p->lesson->update->clip > 0;
    return (clips ? 3 : 1) * 21 * p->unit;
}

static void draw_chart(Value *p, double height) {
    NormLine lines[NORMS_LINES];
    int n = norms_lines(p, true, lines);
    const char *note = p->zh ? "对数尺度" : "log scale";
    if (n == 0) return;
    value_heading(p, p->zh ? "状态的梯度" : "GRADIENTS OF THE STATES", note, 0);
    norms_draw(p, true, lines, n, box_cut_top(&p->left, height - HEADING * p->unit));
}

// ---- the panel

/// What the panel has room for beside its squares.
typedef struct {
    bool norms, chart, shares;
} Sections;

/// From the most to the least important: squares, norm, the chart of the states, the shares of the
/// timesteps. Squares of all blocks come before the chart, and higher ones before the shares.
static Sections choose(const Value *p, const Matrices *m) {
    double u = p->unit, room = p->left.h - LEGEND * u, w = p->left.w;
    double all = matrices_least(m, w, MATRICES_ROW), high = matrices_least(m, w, GOOD_ROW);
    if (all > room) all = high = LEAST_MATRICES * u;              // one block and a list
    bool batch = takes_update(p) && p->lesson->update->batch > 0; // whose shares are not kept
    Sections s = {.norms = room >= all + norms_height(p)};
    if (s.norms) room -= norms_height(p);
    s.chart = panel_memory_has(p->v) && room >= all + CHART * u;
    if (s.chart) room -= CHART * u;
    double shares = value_time_height(p);
    s.shares = !batch && shares > 0 && room >= high + shares;
    return s;
}

static void draw_sections(Value *p, Matrices *m) {
    Sections has = choose(p, m);
    Value squares = *p;
    double u = p->unit, below = LEGEND * u;
    if (has.norms) below += norms_height(p);
    if (has.chart) draw_chart(p, CHART * u);
    if (has.shares) below += value_time_height(p);
    squares.left = box_cut_top(&p->left, fmax(0, p->left.h - below));
    m->p = &squares;
    matrices_draw(m, squares.left);
    box_cut_top(&p->left, 3 * u);
    matrices_legend(m, box_cut_top(&p->left, (LEGEND - 3) * u));
    if (has.norms) draw_norms(p, m->sheets);
    if (has.shares) value_time(p);
}

void panel_gradients_draw(Scene *s, const View *v, Box area) {
    Value p = value_plain(s, v, area);
    if (area.w < 60) return;
    scene_clip(s, area);
    if (!panel_gradients_has(v)) {
        value_line(&p, p.zh ? "没有损失，就没有梯度" : "Without a loss there are no gradients",
                   TYPE_PLAIN, ink(ROLE_MUTED));
        scene_unclip(s);
        return;
    }
    int n, work, unit;
    ParamBlock *blocks = blocks_of(&p, &n);
    Pick at = matrices_subject(&p, blocks, n, trace_param_grads(p.trace), &work);
    int param = block_element(p.g, &blocks[at.block], at.row, at.col, &unit), from = s->count;
    Sheet *sheets = ARENA_ARRAY(s->arena, Sheet, p.g->n_params);
    for (int k = 0; k < p.g->n_params; k++) sheets[k] = sheet_of(&p, k);
    int place = sheets[param].place;
    p = value_begin(s, v, area, ref_grad(p.g->params[param].node, place, unit));
    if (takes_update(&p)) p.value = sheets[param].x[unit - 1];
    value_top(&p);
    value_words(&p);
    bool waits = !v->lesson->shares && view_phase(v) == PHASE_BACKWARD && !sheets[param].x;
    if (waits) // adding it up anew for each picture would take too long
        value_line(
            &p, p.zh ? "序列很长：反向走完才求和" : "a long sequence: summed at its first timestep",
            TYPE_PLAIN, ink(ROLE_MUTED));
    Matrices m = {.p = &p, .blocks = blocks, .n = n, .sheets = sheets, .pick = at, .work = work};
    m.under = block_pick(&p, blocks, n, v->hover, trace_param_grads(p.trace));
    m.grad = true;
    box_cut_top(&p.left, 4 * p.unit);
    draw_sections(&p, &m);
    scene_unclip(s);
    matrices_unmark(s, v, from);
}
