// The axis goes over all timesteps of the sequence, known or not, so that it stays where it is
// while the playhead moves; what is not known has no point. A norm of 0 has no logarithm: it stands
// below the axis as a ring.
#include "view/norms.h"

#include <math.h>
#include <string.h>

#include "core/norm.h"
#include "view/tex.h"

enum { HEADING = 24, MOST = 260 }; // logical pixels: of a heading, of the highest chart
enum { MOST_PLACES = 400, LABELS = 16, NAMES = 18, FORMULA = 12, DECADES_FEW = 5 };

typedef struct {
    const Value *p;
    bool grad;
    int every;            // of the places one is drawn
    int steps, low, high; // T; decades at the ends of the axis
    Box plot;
} Plot;

static double norm_at(const NormLine *line, bool grad, int place) {
    const Trace *tr = line->trace;
    int node = line->node;
    if (!trace_holds(tr, node, place)) return NAN;
    const double *x = grad ? trace_grad(tr, node, place) : trace_value(tr, node, place);
    double norm = norm_of(x, dim_count(trace_graph(tr)->nodes[node].dim));
    return isfinite(norm) ? norm : INFINITY;
}

static Ref ref_of(const NormLine *line, bool grad, int place) {
    return grad ? ref_grad(line->as, place, 0) : ref_value(line->as, place, 0);
}

// ---- which lines

static const char *norm_tex(const Value *p, int node, bool grad) {
    const char *name = grad ? tex_gradient(p->s->arena, p->v, node, 0, 0, true)
                            : view_node_tex(p->s->arena, p->v, node, 0, 0);
    return arena_printf(p->s->arena, "\\lVert %s\\rVert", name);
}

/// Fits a line to the logarithms of what is known, in the order of the walk. Where a gradient
/// begins the loss itself comes in: from there to the next timestep is not how it fares on its way.
static void fit(const Value *p, bool grad, NormLine *line) {
    int steps = trace_steps(p->trace), every = (steps - 1) / MOST_PLACES + 1, n = 0;
    bool back = p->g->parts[p->g->nodes[line->as].part].backward != grad, begun = !grad;
    double x_sum = 0, y_sum = 0, xx = 0, xy = 0;
    for (int k = 1; k <= steps; k += every) {
        int place = back ? steps + 1 - k : k;
        if (!trace_holds(line->trace, line->node, place)) continue;
        if (!view_known(p->v, ref_of(line, grad, place))) break;
        line->known++;
        double norm = norm_at(line, grad, place);
        if (norm == 0 || !isfinite(norm)) continue; // the loss is not there yet, or there no more
        if (!begun) {
            begun = true;
            continue;
        }
        double y = log(norm);
        n++;
        x_sum += k;
        y_sum += y;
        xx += (double)k * k;
        xy += k * y;
    }
    double spread = n * xx - x_sum * x_sum;
    line->factor = n > 1 && spread > 0 ? exp((n * xy - x_sum * y_sum) / spread) : NAN;
}

int norms_lines(const Value *p, bool grad, NormLine *out) {
    int part = view_part(p->v), n = 0;
    for (int q = 0; q < p->g->n_equations && n < NORMS_LINES; q++) {
        const Equation *e = &p->g->equations[q];
        if (e->part != part || !e->remembered) continue;
        out[n] = (NormLine){.trace = p->trace, .node = e->node, .as = e->node};
        out[n].role = view_role(p->lesson, e->node);
        out[n].tex = norm_tex(p, e->node, grad);
        fit(p, grad, &out[n++]);
    }
    return n;
}

/// A cell's name without its folder: "no-carousel".
static const char *short_name(const CellAst *cell) {
    const char *slash = strrchr(cell->name, '/');
    return slash ? slash + 1 : cell->name;
}

int norms_compared(const Value *p, bool grad, NormLine *out) {
    static const Role roles[] = {ROLE_ACCENT, ROLE_F, ROLE_I, ROLE_G};
    const Lesson *own = p->lesson->trained ? p->lesson->trained : p->lesson;
    int part = view_part(p->v);
    for (int k = 0; k <= own->n_compared; k++) {
        const Trace *tr = k ? own->compared[k - 1].trace : own->trace;
        const Part *at = &trace_graph(tr)->parts[part];
        out[k] = (NormLine){.trace = tr, .node = at->output, .as = p->g->parts[part].output};
        out[k].role = roles[k];
        out[k].cell = short_name(at->cell);
        fit(p, grad, &out[k]);
    }
    return own->n_compared + 1;
}

const char *norms_words(const Value *p, double factor) {
    const double same = 0.005; // a change by half a percent a timestep is none to speak of
    if (!isfinite(factor) || factor <= 0) return NULL;
    if (fabs(factor - 1) < same) return p->zh ? "保持不变" : "keeps its size";
    double every = log(2) / fabs(log(factor));
    const char *form = factor < 1 ? p->zh ? "每 %s 个时间步减半" : "halves every %s timesteps"
                       : p->zh    ? "每 %s 个时间步加倍"
                                  : "doubles every %s timesteps";
    int digits = every < 10 ? 1 : 0;
    return arena_printf(p->s->arena, form,
                        say_number(p->s->arena, every, digits, false, p->v->lang));
}

const char *norms_gradient_words(const Value *p, const NormLine *line) {
    const char *words = norms_words(p, line->factor);
    if (words) return words;
    if (line->known == 0) return p->zh ? "尚未计算" : "not computed yet";
    return p->zh ? "尚不能判断" : "too early to say";
}

void norms_row(Value *p, const char *tex, const char *name, const char *words) {
    double height = value_row(p) * 1.1, size = 13 * p->unit;
    if (p->left.h < height) return;
    Box row = box_cut_top(&p->left, height);
    double baseline = row.y + 14 * p->unit, room = row.w - 8;
    if (tex) {
        scene_formula(p->s, row.x, baseline, tex, size, ALIGN_LEFT, ink(ROLE_TEXT), view_resolve,
                      (void *)p->v);
        room -= scene_formula_width(p->s, tex, size);
    }
    double w = value_text(p, row.x + row.w, baseline, words, TYPE_PLAIN, ALIGN_RIGHT,
                          ink(ROLE_TEXT), NO_REF, room);
    if (!tex)
        value_text(p, row.x, baseline, name, TYPE_PLAIN, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF,
                   room - w);
}

// ---- the axis

static void find_range(Plot *plot, const NormLine *lines, int n) {
    double least = INFINITY, most = 0;
    for (int k = 0; k < n; k++)
        for (int t = 1; t <= plot->steps; t += plot->every) {
            double norm = norm_at(&lines[k], plot->grad, t);
            if (!isfinite(norm) || norm == 0) continue;
            least = fmin(least, norm);
            most = fmax(most, norm);
        }
    plot->high = most > 0 ? (int)ceil(log10(most) - 1e-9) : 0;
    plot->low = most > 0 ? (int)floor(log10(least) + 1e-9) : -1;
    if (plot->low >= plot->high) plot->low = plot->high - 1;
}

static double y_of(const Plot *plot, double norm) {
    double share = (log10(norm) - plot->low) / (plot->high - plot->low);
    return plot->plot.y + plot->plot.h * (1 - fmin(1, fmax(0, share)));
}

static double x_of(const Plot *plot, int place) {
    return plot->plot.x + plot->plot.w * (place - 0.5) / plot->steps;
}

static const char *decade_text(const Plot *plot, int decade) {
    if (decade >= -3 && decade <= 3)
        return say_number(plot->p->s->arena, pow(10, decade), decade < 0 ? -decade : 0, false,
                          plot->p->v->lang);
    return NULL;
}

static double put_decade(const Plot *plot, int decade, double x, double y, bool draw) {
    Scene *s = plot->p->s;
    TextStyle style = value_style(plot->p, TYPE_SMALL);
    const char *text = decade_text(plot, decade);
    const char *tex = arena_printf(s->arena, "10^{%d}", decade);
    double w =
        text ? scene_text_width(s, text, style) : scene_formula_width(s, tex, style.size * 1.1);
    if (!draw) return w;
    if (text)
        scene_text(s, x, y + style.size * 0.36, text, style, ALIGN_RIGHT, ink(ROLE_MUTED), NO_REF);
    else
        scene_formula(s, x - w, y + style.size * 0.36, tex, style.size * 1.1, ALIGN_LEFT,
                      ink(ROLE_MUTED), NULL, NULL);
    return w;
}

static void draw_axis(Plot *plot) {
    const Value *p = plot->p;
    int every = (plot->high - plot->low - 1) / DECADES_FEW + 1;
    while ((plot->high - plot->low) / every * 17 * p->unit > plot->plot.h) every++;
    double widest = 0;
    for (int k = plot->high; k >= plot->low; k -= every)
        widest = fmax(widest, put_decade(plot, k, 0, 0, false));
    double end = plot->plot.x + widest;
    box_cut_left(&plot->plot, widest + 6 * p->unit);
    for (int k = plot->high; k >= plot->low; k -= every) {
        double y = y_of(plot, pow(10, k));
        scene_line(p->s, plot->plot.x, y, plot->plot.x + plot->plot.w, y, ink(ROLE_LINE), 1,
                   NO_REF);
        put_decade(plot, k, end, y, true);
    }
}

static void draw_here(const Plot *plot) {
    int here = view_place(plot->p->v);
    double x = x_of(plot, here), w = fmax(3, plot->plot.w / plot->steps);
    Role role = plot->grad ? ROLE_BACKWARD : ROLE_ACCENT;
    scene_box(plot->p->s, (Box){x - w / 2, plot->plot.y, w, plot->plot.h}, 3, ink_soft(role, 0.08),
              NO_INK, 0, NO_REF);
}

static void draw_places(const Plot *plot) {
    const Value *p = plot->p;
    TextStyle style = value_style(p, TYPE_SMALL);
    int here = view_place(p->v), step = 1;
    double pitch = plot->plot.w / plot->steps, y = plot->plot.y + plot->plot.h + 13 * p->unit;
    double need =
        scene_text_width(p->s, arena_printf(p->s->arena, "%d", plot->steps), style) + 6 * p->unit;
    while (step * pitch < need) step *= step == 2 || step == 20 || step == 200 ? 5 : 2;
    for (int t = 1; t <= plot->steps; t++) {
        bool near = t != here && fabs((t - here) * pitch) < need && step > 1;
        if (t != here && (t % step != 0 || near)) continue;
        const char *text = arena_printf(p->s->arena, "%d", t);
        double half = scene_text_width(p->s, text, style) / 2, x = x_of(plot, t);
        if (t != here && x + half > plot->plot.x + plot->plot.w + 2) continue;
        x = fmin(x, plot->plot.x + plot->plot.w - half + 2);
        scene_text(p->s, x, y, text, style, ALIGN_CENTER, ink(t == here ? ROLE_TEXT : ROLE_MUTED),
                   (Ref){REF_PLACE, 0, t, 0});
    }
}

// ---- lines

static Ink line_ink(const NormLine *line) {
    return ink(line->role == ROLE_TEXT ? ROLE_ACCENT : line->role);
}

static Dash line_dash(int k) {
    return k == 0 ? DASH_NONE : k == 1 ? DASH_DASHED : DASH_DOTTED;
}

/// What a value is called; of cells that are compared what they hand on, whatever its name is.
static const char *name_words(const Plot *plot, const NormLine *line, int place) {
    const Value *p = plot->p;
    if (!line->cell) return say_name(p->s->arena, p->lesson, line->node, place, 0, p->v->lang);
    if (place < 1) return p->zh ? "输出" : "the output";
    const char *form = p->zh ? "时间步 %d 的输出" : "the output at t = %d";
    return arena_printf(p->s->arena, form, place);
}

/// What a line is: "norm of the gradient of the cell state c".
static const char *line_words(const Plot *plot, const NormLine *line, int place) {
    const Value *p = plot->p;
    const char *name = name_words(plot, line, place);
    const char *form = plot->grad ? p->zh ? "%s的梯度的范数" : "norm of the gradient of %s"
                       : p->zh    ? "%s的范数"
                                  : "norm of %s";
    const char *words = arena_printf(p->s->arena, form, name);
    if (!line->cell) return words;
    return arena_printf(p->s->arena, p->zh ? "%s：%s" : "%s: %s", line->cell, words);
}

static const char *mark_words(const Plot *plot, const NormLine *line, int place) {
    const Value *p = plot->p;
    double norm = norm_at(line, plot->grad, place);
    int digits =
        norm > 0 && isfinite(norm) ? say_decimals(norm, p->lesson->digits, 3) : p->lesson->digits;
    return arena_printf(p->s->arena, p->zh ? "%s：%s" : "%s: %s", line_words(plot, line, place),
                        say_number(p->s->arena, norm, digits, true, p->v->lang));
}

/// Lines differ by their marks too: discs, squares, and again. Place 0: in the row of names.
static void draw_mark(const Plot *plot, const NormLine *line, int k, double x, double y, bool zero,
                      int place) {
    double r = 2.6 * plot->p->unit;
    Ink fill = zero ? ink(ROLE_PANEL) : line_ink(line);
    bool shown = place > 0 && line->trace == plot->p->trace;
    Shape *s = scene_box(plot->p->s, (Box){x - r, y - r, 2 * r, 2 * r}, k % 2 ? 0.5 : r, fill,
                         line_ink(line), 1.2, shown ? ref_of(line, plot->grad, place) : NO_REF);
    if (place > 0) s->label = mark_words(plot, line, place);
}

static void draw_line(const Plot *plot, const NormLine *line, int k) {
    Scene *s = plot->p->s;
    int most = plot->steps / plot->every + 1, n = 0;
    bool marks = plot->plot.w / most > 7 * plot->p->unit, gap = true;
    PathStep *path = ARENA_ARRAY(s->arena, PathStep, most + 1);
    for (int t = 1; t <= plot->steps; t += plot->every) {
        bool known = view_known(plot->p->v, ref_of(line, plot->grad, t));
        double norm = known ? norm_at(line, plot->grad, t) : NAN;
        bool there = isfinite(norm);
        double x = x_of(plot, t), y = norm > 0 ? y_of(plot, norm) : plot->plot.y + plot->plot.h;
        if (there) path[n++] = (PathStep){gap ? PATH_MOVE : PATH_LINE, x, y, 0, 0, 0, 0};
        gap = !there;
    }
    const char *does = norms_words(plot->p, line->factor), *words = line_words(plot, line, -1);
    if (does) words = arena_printf(s->arena, plot->p->zh ? "%s：%s" : "%s: %s", words, does);
    if (n > 1) {
        Shape *shape = scene_path(s, path, n, NO_INK, line_ink(line), 1.8, NO_REF);
        shape->dash = line_dash(k);
        shape->label = words;
    }
    for (int t = 1, i = 0; t <= plot->steps && i < n; t += plot->every) {
        if (!view_known(plot->p->v, ref_of(line, plot->grad, t))) continue;
        double norm = norm_at(line, plot->grad, t);
        if (!isfinite(norm)) continue;
        if (marks || t == view_place(plot->p->v))
            draw_mark(plot, line, k, path[i].x, path[i].y, norm == 0, t);
        i++;
    }
}

static double name_width(const Value *p, const NormLine *line) {
    if (line->cell) return scene_text_width(p->s, line->cell, value_style(p, TYPE_PLAIN));
    return scene_formula_width(p->s, line->tex, FORMULA * p->unit);
}

/// The names of the lines, each with a piece of its line; in another row what one has no room for.
static void draw_names(const Plot *plot, const NormLine *lines, int n, Box *area) {
    const Value *p = plot->p;
    double u = p->unit, x = 0;
    Box row = {0};
    for (int k = 0; k < n; k++) {
        double w = name_width(p, &lines[k]);
        if (k == 0 || x + 22 * u + w > row.x + row.w) {
            row = box_cut_top(area, NAMES * u);
            x = row.x;
        }
        double y = row.y + 8 * u;
        scene_line(p->s, x, y, x + 17 * u, y, line_ink(&lines[k]), 1.8, NO_REF)->dash =
            line_dash(k);
        draw_mark(plot, &lines[k], k, x + 8.5 * u, y, false, 0);
        if (lines[k].cell)
            value_text(p, x + 21 * u, row.y + 12 * u, lines[k].cell, TYPE_PLAIN, ALIGN_LEFT,
                       ink(ROLE_TEXT), NO_REF, row.x + row.w - x - 21 * u);
        else
            scene_formula(p->s, x + 21 * u, row.y + 12 * u, lines[k].tex, FORMULA * u, ALIGN_LEFT,
                          ink(ROLE_TEXT), view_resolve, (void *)p->v);
        x += 21 * u + w + 14 * u;
    }
}

void norms_draw(const Value *p, bool grad, const NormLine *lines, int n, Box area) {
    int steps = trace_steps(p->trace);
    Plot plot = {.p = p, .grad = grad, .steps = steps, .every = (steps - 1) / MOST_PLACES + 1};
    draw_names(&plot, lines, n, &area);
    box_cut_bottom(&area, LABELS * p->unit);
    plot.plot = box_inset(area, 0, 5 * p->unit);
    if (plot.plot.h < 20) return;
    find_range(&plot, lines, n);
    draw_axis(&plot);
    draw_here(&plot);
    for (int k = 0; k < n; k++) draw_line(&plot, &lines[k], k);
    draw_places(&plot);
}

bool norms_chart(Value *p, const char *title, bool grad, const NormLine *lines, int n, int rows,
                 double height) {
    double words = rows * value_row(p) * 1.1, chart = height - HEADING * p->unit - words;
    bool room = chart >= NORMS_LEAST * p->unit;
    if (!room) chart = height - HEADING * p->unit;
    if (n == 0 || !value_heading(p, title, p->zh ? "对数尺度" : "log scale", 60 * p->unit))
        return false;
    norms_draw(p, grad, lines, n, box_cut_top(&p->left, fmin(chart, MOST * p->unit)));
    box_cut_top(&p->left, 4 * p->unit);
    return room;
}
