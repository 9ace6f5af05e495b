// Optimizer step t stands at (t - 1) / steps of the width, the weights after training at its right
// end. Losses that are no numbers leave a gap.
#include "view/training_curve.h"

#include <math.h>

enum { LABEL_ROOM = 16, TICKS = 5 };

typedef struct {
    const Value *p;
    const Lesson *lesson;
    const double *losses;
    int steps;
    double low, high; // ends of the axis
    bool log;
    Box plot;
    double tick[TICKS + 1];
    int n_ticks;
} Curve;

int training_moment_at(const Lesson *lesson, double share) {
    int steps = lesson->history ? history_steps(lesson->history) : 0;
    int at = (int)floor(fmin(1, fmax(0, share)) * steps + 0.5) + 1;
    return at > steps ? 0 : at;
}

double training_share(const Lesson *lesson, int moment) {
    int steps = lesson->history ? history_steps(lesson->history) : 0;
    return moment == 0 || steps == 0 ? 1 : (double)(moment - 1) / steps;
}

static void extent(const Lesson *l, double *low, double *high) {
    const double *losses = history_losses(l->history);
    *low = INFINITY;
    *high = -INFINITY;
    for (int i = 0; i < history_steps(l->history); i++) {
        if (!isfinite(losses[i])) continue;
        *low = fmin(*low, losses[i]);
        *high = fmax(*high, losses[i]);
    }
}

bool training_is_log(const Lesson *lesson) {
    const double far = 20;
    double low, high;
    extent(lesson, &low, &high);
    return low > 0 && high > far * low;
}

// ---- the axis

/// The least of 1, 2, 5 times a power of ten that is not below x.
static double round_up(double x) {
    double power = pow(10, floor(log10(x)));
    for (int k = 0; k < 3; k++) {
        static const double leads[] = {1, 2, 5};
        if (leads[k] * power >= x * (1 - 1e-9)) return leads[k] * power;
    }
    return 10 * power;
}

static void add_tick(Curve *c, double x) {
    if (c->n_ticks <= TICKS) c->tick[c->n_ticks++] = x;
}

// Powers of ten, from the largest on; halves and fifths of them too where they are few.
static void log_axis(Curve *c) {
    const double beyond = 1.2; // the axis goes a little further than the curve
    c->low /= beyond;
    c->high *= beyond;
    int from = (int)ceil(log10(c->low)), to = (int)floor(log10(c->high));
    int every = (to - from) / TICKS + 1;
    for (int k = to + 1; k >= from - 1; k -= every)
        for (int part = 0; part < 3; part++) {
            static const double parts[] = {1, 0.5, 0.2};
            double x = parts[part] * pow(10, k);
            if ((part == 0 || to - from < 2) && x >= c->low && x <= c->high) add_tick(c, x);
        }
}

static void linear_axis(Curve *c) {
    double from = fmin(0, c->low), most = c->high > from ? c->high : from + 1;
    double step = round_up((most - from) / 3);
    c->low = floor(from / step + 1e-9) * step;
    c->high = ceil(most / step - 1e-9) * step;
    for (double x = c->low; x <= c->high + step / 2; x += step)
        add_tick(c, fabs(x) < step / 2 ? 0 : x);
}

static double height_of(const Curve *c, double loss) {
    double share =
        c->log ? log(loss / c->low) / log(c->high / c->low) : (loss - c->low) / (c->high - c->low);
    return c->plot.y + c->plot.h * (1 - share);
}

static double x_of(const Curve *c, int step) {
    return c->plot.x + c->plot.w * (step - 1) / c->steps;
}

static const char *tick_text(const Curve *c, double x) {
    double step = c->log || c->n_ticks < 2 ? fabs(x) : fabs(c->tick[1] - c->tick[0]);
    int digits = x == 0 || step <= 0 ? 0 : (int)fmax(0, ceil(-log10(step) - 1e-9));
    return say_number(c->p->s->arena, x, digits, false, c->p->v->lang);
}

static void draw_axis(Curve *c) {
    TextStyle style = value_style(c->p, TYPE_SMALL);
    double widest = 0;
    for (int k = 0; k < c->n_ticks; k++)
        widest = fmax(widest, scene_text_width(c->p->s, tick_text(c, c->tick[k]), style));
    double end = c->plot.x + widest;
    box_cut_left(&c->plot, widest + 6 * c->p->unit);
    double last = INFINITY;
    for (int k = 0; k < c->n_ticks; k++) {
        double x = c->log ? c->tick[k] : c->tick[c->n_ticks - 1 - k], y = height_of(c, x);
        if (fabs(y - last) < style.size * 1.3) continue; // a low plot has fewer
        last = y;
        scene_line(c->p->s, c->plot.x, y, c->plot.x + c->plot.w, y, ink(ROLE_LINE), 1, NO_REF);
        scene_text(c->p->s, end, y + style.size * 0.36, tick_text(c, x), style, ALIGN_RIGHT,
                   ink(ROLE_MUTED), NO_REF);
        last = y;
    }
}

// ---- the curve

/// Losses that stand on one point of the picture.
typedef struct {
    double x, mean, least, most;
    bool any;
} Column;

static Column column_of(const Curve *c, int first, int last) {
    Column col = {.least = INFINITY, .most = -INFINITY};
    int n = 0;
    for (int t = first; t <= last; t++) {
        double loss = c->losses[t - 1];
        if (!isfinite(loss)) continue;
        n++;
        col.mean += loss;
        col.least = fmin(col.least, loss);
        col.most = fmax(col.most, loss);
    }
    col.any = n > 0;
    if (n > 0) col.mean /= n;
    col.x = (x_of(c, first) + x_of(c, last)) / 2;
    return col;
}

static PathStep point(PathVerb verb, double x, double y) {
    return (PathStep){verb, x, y, 0, 0, 0, 0};
}

static void draw_band(const Curve *c, const Column *cols, int n) {
    PathStep *path = ARENA_ARRAY(c->p->s->arena, PathStep, 2 * n + 1);
    int count = 0;
    for (int k = 0; k < n; k++)
        if (cols[k].any)
            path[count] =
                point(count ? PATH_LINE : PATH_MOVE, cols[k].x, height_of(c, cols[k].most)),
            count++;
    for (int k = n - 1; k >= 0; k--)
        if (cols[k].any) path[count++] = point(PATH_LINE, cols[k].x, height_of(c, cols[k].least));
    path[count++] = point(PATH_CLOSE, 0, 0);
    if (count > 2) scene_path(c->p->s, path, count, ink_soft(ROLE_GOOD, 0.18), NO_INK, 0, NO_REF);
}

static Shape *draw_line(const Curve *c, const Column *cols, int n) {
    PathStep *path = ARENA_ARRAY(c->p->s->arena, PathStep, n + 1);
    int count = 0;
    for (int k = 0; k < n; k++) {
        bool gap = k == 0 || !cols[k - 1].any;
        if (cols[k].any)
            path[count++] =
                point(gap ? PATH_MOVE : PATH_LINE, cols[k].x, height_of(c, cols[k].mean));
    }
    return scene_path(c->p->s, path, count, NO_INK, ink(ROLE_TEXT), 1.6, NO_REF);
}

static const char *alternative(const Curve *c) {
    const char *form = c->p->zh ? "%d 个优化步的损失曲线：从 %s 到 %s"
                                : "The loss over %d optimizer steps: from %s to %s";
    int digits = c->lesson->digits;
    Lang lang = c->p->v->lang;
    Arena *a = c->p->s->arena;
    return arena_printf(a, form, c->steps, say_number(a, c->losses[0], digits, true, lang),
                        say_number(a, c->losses[c->steps - 1], digits, true, lang));
}

static void draw_losses(const Curve *c) {
    const double pitch = 1.5; // pixels from point to point
    int most = (int)(c->plot.w / pitch), per = most > 0 ? (c->steps + most - 1) / most : c->steps;
    int n = (c->steps + per - 1) / per;
    Column *cols = ARENA_ARRAY(c->p->s->arena, Column, n);
    for (int k = 0; k < n; k++) {
        int last = (k + 1) * per;
        cols[k] = column_of(c, k * per + 1, last < c->steps ? last : c->steps);
    }
    if (per > 1) draw_band(c, cols, n);
    draw_line(c, cols, n)->label = alternative(c);
    for (int k = 0; k < n && n <= most / 8; k++)
        if (cols[k].any)
            scene_circle(c->p->s, cols[k].x, height_of(c, cols[k].mean), 2, ink(ROLE_TEXT), NO_INK,
                         0, NO_REF);
}

// ---- the mark

static void draw_mark(const Curve *c) {
    int moment = c->lesson->moment;
    double x = c->plot.x + c->plot.w * training_share(c->lesson, moment);
    Scene *s = c->p->s;
    scene_line(s, x, c->plot.y, x, c->plot.y + c->plot.h, ink(ROLE_GOOD), 2, NO_REF);
    double loss = moment ? c->losses[moment - 1] : NAN;
    double y = isfinite(loss) ? height_of(c, loss) : c->plot.y + c->plot.h;
    scene_circle(s, x, y, 5, ink(ROLE_PANEL), ink(ROLE_GOOD), 2.5, NO_REF);
}

/// Labels below the axis, and the room that each has taken.
typedef struct {
    const Curve *curve;
    struct {
        double from, to;
    } taken[3];
    int n;
} Labels;

/// A label in the middle of x, unless it would stand in another one's room.
static void put_label(Labels *l, double x, const char *text, bool here) {
    const Curve *c = l->curve;
    TextStyle style = value_style(c->p, here ? TYPE_STRONG : TYPE_SMALL);
    double half = scene_text_width(c->p->s, text, style) / 2, gap = 6 * c->p->unit;
    x = fmin(fmax(x, c->plot.x + half), c->plot.x + c->plot.w - half);
    for (int k = 0; k < l->n; k++)
        if (x + half + gap > l->taken[k].from && x - half - gap < l->taken[k].to) return;
    l->taken[l->n].from = x - half;
    l->taken[l->n++].to = x + half;
    scene_text(c->p->s, x, c->plot.y + c->plot.h + 13 * c->p->unit, text, style, ALIGN_CENTER,
               ink(here ? ROLE_GOOD : ROLE_MUTED), NO_REF);
}

static void draw_labels(const Curve *c) {
    Arena *a = c->p->s->arena;
    Labels l = {.curve = c};
    int moment = c->lesson->moment;
    const char *now = moment ? arena_printf(a, "@%d", moment) : c->p->zh ? "训练后" : "after";
    put_label(&l, c->plot.x + c->plot.w * training_share(c->lesson, moment), now, true);
    put_label(&l, c->plot.x, "1", false);
    put_label(&l, x_of(c, c->steps), arena_printf(a, "%d", c->steps), false);
}

void training_curve(const Value *p, Box area) {
    Curve c = {.p = p,
               .lesson = p->lesson,
               .losses = history_losses(p->lesson->history),
               .steps = history_steps(p->lesson->history),
               .log = training_is_log(p->lesson)};
    box_cut_bottom(&area, LABEL_ROOM * p->unit);
    c.plot = box_inset(area, 0, 6 * p->unit);
    extent(p->lesson, &c.low, &c.high);
    if (c.plot.h < 20 || !isfinite(c.low)) return;
    if (c.log)
        log_axis(&c);
    else
        linear_axis(&c);
    draw_axis(&c);
    box_cut_right(&c.plot, 6); // half the mark
    draw_losses(&c);
    draw_mark(&c);
    draw_labels(&c);
    Shape *hit = scene_box(p->s, c.plot, 0, NO_INK, NO_INK, 0, (Ref){REF_CURVE, 0, 0, 0});
    hit->label = p->zh ? "拖动：任一优化步（[ ]）" : "Drag to any optimizer step ([ ])";
}
