// How much of a gradient came back on each path: one bar, divided. Shares of both signs stand on
// either side of a zero line, since percents of a sum that cancels would lie.
#include <math.h>

#include "view/equation_step.h"

static bool same_sign(const EqStory *story) {
    bool plus = false, minus = false;
    for (int k = 0; k < story->n_paths; k++) {
        plus |= story->paths[k].share > 0;
        minus |= story->paths[k].share < 0;
    }
    return plus != minus;
}

static double sum_of(const EqStory *story, int sign) {
    double sum = 0;
    for (int k = 0; k < story->n_paths; k++)
        if (sign * story->paths[k].share > 0) sum += fabs(story->paths[k].share);
    return sum;
}

static const char *label_of(Scene *s, const View *v, const EqPath *p, bool percent, double sum) {
    double part = 100 * fabs(p->share) / sum;
    if (percent && part > 0 && part < 0.5) return arena_printf(s->arena, "<1%% %s", p->name);
    if (percent && part < 100 && part > 99.5) return arena_printf(s->arena, ">99%% %s", p->name);
    if (percent) return arena_printf(s->arena, "%.0f%% %s", floor(part + 0.5), p->name);
    const char *number = say_number(s->arena, p->share, v->lesson->digits, false, v->lang);
    return arena_printf(s->arena, "%s%s %s",
                        p->share > 0 && number[0] >= '0' && number[0] <= '9' ? "+" : "", number,
                        p->name);
}

/// The name in its piece of the bar, so that colour is not all that tells them apart.
static void draw_letter(Scene *s, const EqPath *p, Box box) {
    TextStyle small = {FONT_UI, WEIGHT_BOLD, false, box.h * 0.78};
    if (small.size < 7 || scene_text_width(s, p->letter, small) + 6 > box.w) return;
    scene_text(s, box.x + box.w / 2, box.y + box.h / 2 + 0.36 * small.size, p->letter, small,
               ALIGN_CENTER, ink(ROLE_PANEL), NO_REF);
}

static void draw_bar(Scene *s, const EqStory *story, Box bar) {
    double plus = sum_of(story, 1), minus = sum_of(story, -1), all = plus + minus;
    double zero = bar.x + bar.w * minus / all, right = zero, left = zero;
    for (int k = 0; k < story->n_paths; k++) {
        double w = bar.w * fabs(story->paths[k].share) / all;
        if (!(w > 0)) continue;
        double x = story->paths[k].share > 0 ? right : left - w;
        if (story->paths[k].share > 0) right += w;
        if (story->paths[k].share < 0) left -= w;
        double gap = w > 6 ? 1 : 0;
        scene_box(s, (Box){x + gap, bar.y, fmax(0.5, w - 2 * gap), bar.h}, fmin(bar.h, w) / 2.5,
                  ink(story->paths[k].role), NO_INK, 0, NO_REF);
        draw_letter(s, &story->paths[k], (Box){x, bar.y, w, bar.h});
    }
    if (minus > 0 && plus > 0)
        scene_line(s, zero, bar.y - 3, zero, bar.y + bar.h + 3, ink(ROLE_TEXT), 1.5, NO_REF);
}

/// The legend in rows below `top`; returns its lower end, INFINITY where a word is wider than all.
static double legend(Scene *s, const View *v, const EqStory *story, Box box, double top,
                     double label, bool draw) {
    double all = sum_of(story, 1) + sum_of(story, -1), row = label * 1.5, dot = label * 0.75;
    TextStyle small = {FONT_UI, WEIGHT_REGULAR, false, label};
    bool percent = same_sign(story);
    double x = box.x, y = top + row;
    for (int k = 0; k < story->n_paths; k++) {
        const EqPath *p = &story->paths[k];
        if (p->share == 0) continue;
        const char *text = label_of(s, v, p, percent, all);
        double w = dot + 5 + scene_text_width(s, text, small);
        if (x > box.x && x + w > box.x + box.w) x = box.x, y += row;
        if (x + w > box.x + box.w) return INFINITY;
        if (draw) {
            scene_box(s, (Box){x, y - dot, dot, dot}, 2, ink(p->role), NO_INK, 0, NO_REF);
            scene_text(s, x + dot + 5, y, text, small, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
        }
        x += w + 16;
    }
    return y + 3;
}

/// The letters of the legend.
static double label_size(double size) {
    return fmax(9.5, fmin(0.68 * size, 18));
}

static double bar_height(double size) {
    return fmax(9, size * 0.72);
}

double eq_paths_height(Scene *s, const View *v, const EqStory *story, Box box, double size) {
    double all = sum_of(story, 1) + sum_of(story, -1);
    if (story->n_paths < 2 || !(all > 0) || !isfinite(all)) return 0;
    double end = legend(s, v, story, box, box.y + bar_height(size), label_size(size), false);
    return end - box.y <= 0.45 * box.h ? end - box.y : 0;
}

void eq_paths_draw(Scene *s, const View *v, const EqStory *story, Box box, double size) {
    double bar = bar_height(size);
    draw_bar(s, story, (Box){box.x, box.y, box.w, bar});
    legend(s, v, story, box, box.y + bar, label_size(size), true);
}
