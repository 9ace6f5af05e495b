// How far back a network remembers, and how far back it learns: the norms of what it carries from
// timestep to timestep, and of their gradients, on logarithmic axes, with the time in which they
// halve.
#include <math.h>

#include "view/norms.h"
#include "view/timeline.h"

enum { GATE_PLACES = 400 };

bool panel_memory_has(const View *v) {
    const Graph *g = v->lesson->graph;
    if (trace_steps(v->lesson->trace) < 2) return false;
    for (int q = 0; q < g->n_equations; q++)
        if (g->equations[q].remembered && g->parts[g->equations[q].part].kind == PART_LAYER)
            return true;
    return false;
}

/// What the gate on a state's past leaves of it from one timestep to the next: the mean over all
/// units and the timesteps that are known, of the logarithms since it multiplies.
static double kept_by(const Value *p, int gate) {
    double sum = 0;
    int n = 0, units = dim_count(p->g->nodes[gate].dim), steps = trace_steps(p->trace);
    for (int t = 1; t <= steps; t += (steps - 1) / GATE_PLACES + 1) {
        bool holds = trace_holds(p->trace, gate, t) && view_known(p->v, ref_value(gate, t, 0));
        const double *f = holds ? trace_value(p->trace, gate, t) : NULL;
        for (int k = 0; f && k < units; k++, n++) sum += log(f[k]);
    }
    return n > 0 ? exp(sum / n) : NAN;
}

/// "the gate keeps 94%: a half every 11 timesteps".
static void draw_gate(Value *p, const NormLine *line) {
    int gate = timeline_gate(p->g, p->g->nodes[line->node].equation);
    if (gate < 0 || !view_is_gate(p->g, gate)) return;
    double kept = kept_by(p, gate);
    const char *tex = view_node_tex(p->s->arena, p->v, gate, 0, 0);
    if (!(kept > 0) || !isfinite(kept)) {
        norms_row(p, tex, NULL, p->zh ? "尚未计算" : "not computed yet");
        return;
    }
    const char *form = p->zh ? "每步保留 %s%%，%s" : "keeps %s%%: %s";
    const char *half = norms_words(p, kept);
    const char *percent = say_number(p->s->arena, 100 * kept, 0, false, p->v->lang);
    norms_row(p, tex, NULL, arena_printf(p->s->arena, form, percent, half));
}

static void draw_part(Value *p, bool grad, double height) {
    NormLine lines[NORMS_LINES];
    int n = norms_lines(p, grad, lines);
    const char *title = grad    ? p->zh ? "梯度：反向的路上" : "GRADIENTS, ON THE WAY BACK"
                        : p->zh ? "状态：正向的路上"
                                : "STATES, ON THE WAY FORWARD";
    if (!norms_chart(p, title, grad, lines, n, n, height)) return;
    for (int k = 0; k < n; k++) {
        if (grad)
            norms_row(p, lines[k].tex, NULL, norms_gradient_words(p, &lines[k]));
        else
            draw_gate(p, &lines[k]);
    }
}

void panel_memory_draw(Scene *s, const View *v, Box area) {
    Value p = value_plain(s, v, area);
    if (area.w < 60) return;
    scene_clip(s, area);
    if (!panel_memory_has(v)) {
        value_line(&p,
                   p.zh ? "这里没有状态传到下一个时间步" : "Nothing is carried to a next timestep",
                   TYPE_PLAIN, ink(ROLE_MUTED));
        scene_unclip(s);
        return;
    }
    bool both = v->lesson->graph->loss >= 0;
    double half = both ? (p.left.h - 14 * p.unit) / 2 : p.left.h;
    if (both) draw_part(&p, true, half);
    box_cut_top(&p.left, 10 * p.unit);
    draw_part(&p, false, fmin(half, p.left.h));
    scene_unclip(s);
}
