// Training on one page: the loss of every optimizer step, where in it the stage stands, what that
// step is like, and how much is kept of the training.
#include <math.h>

#include "lesson/explain_update.h"
#include "view/training_curve.h"

enum { LEAST_CURVE = 70, MOST_CURVE = 260 };

static const char *number(const Value *p, double x, int kept) {
    int digits = isfinite(x) && x != 0 ? say_decimals(fabs(x), p->digits, kept) : p->digits;
    return say_number(p->s->arena, x, digits, true, p->v->lang);
}

/// "of 140 optimizer steps" at the left, what the number is at the right; the latter alone where
/// the card is narrow.
static void draw_below(Value *p, int steps) {
    Arena *a = p->s->arena;
    const char *form = p->zh ? "共 %d 个优化步" : steps == 1 ? "of %d step" : "of %d steps";
    const char *of = p->lesson->moment ? arena_printf(a, form, steps) : "";
    const char *what = p->zh ? "本序列的损失" : "loss of this sequence";
    TextStyle style = value_style(p, TYPE_PLAIN);
    Box row = box_cut_top(&p->left, 17 * p->unit);
    double baseline = row.y + 12.5 * p->unit, w = scene_text_width(p->s, what, style);
    if (scene_text_width(p->s, of, style) + w + 10 <= row.w)
        value_text(p, row.x, baseline, of, TYPE_PLAIN, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF, row.w);
    value_text(p, row.x + row.w, baseline, what, TYPE_PLAIN, ALIGN_RIGHT, ink(ROLE_MUTED), NO_REF,
               row.w);
}

/// "Before step 40", with the loss.
static void draw_top(Value *p) {
    enum { SIZE = 15, NUMBER = 21 };
    const Lesson *l = p->lesson;
    int steps = history_steps(l->history);
    const char *form = l->moment ? p->zh ? "第 %d 步之前" : "Before step %d"
                       : p->zh   ? "%d 步之后"
                                 : "After %d steps";
    const char *where = arena_printf(p->s->arena, form, l->moment ? l->moment : steps);
    const char *loss = number(p, trace_loss(l->trace), 3);
    TextStyle bold = {FONT_UI, WEIGHT_BOLD, false, SIZE * p->unit};
    TextStyle large = {FONT_UI, WEIGHT_BOLD, false, NUMBER * p->unit};
    double both = scene_text_width(p->s, where, bold) + scene_text_width(p->s, loss, large);
    Box row = box_cut_top(&p->left, NUMBER * 1.2 * p->unit);
    double baseline = row.y + NUMBER * p->unit;
    scene_text(p->s, row.x, baseline, where, bold, ALIGN_LEFT, ink(ROLE_TEXT), NO_REF);
    if (both + 12 > row.w) {
        row = box_cut_top(&p->left, NUMBER * 1.2 * p->unit);
        baseline = row.y + NUMBER * p->unit;
    }
    Ink fill = isfinite(trace_loss(l->trace)) ? ink(ROLE_GOOD) : ink(ROLE_WARN);
    scene_text(p->s, row.x + row.w, baseline, loss, large, ALIGN_RIGHT, fill, NO_REF);
    draw_below(p, steps);
}

// ---- the numbers of the step

static int first_that_is_none(const History *h) {
    for (int t = 1; t <= history_steps(h); t++)
        if (!isfinite(history_losses(h)[t - 1])) return t;
    return 0;
}

static void draw_warning(Value *p) {
    int t = first_that_is_none(p->lesson->history);
    if (t == 0) return;
    const char *form =
        p->zh ? "从第 %d 步起有损失不是数" : "from step %d on, losses are no numbers";
    value_line(p, arena_printf(p->s->arena, form, t), TYPE_PLAIN, ink(ROLE_WARN));
}

static void draw_step(Value *p) {
    const Update *u = p->lesson->update;
    const char *batch =
        arena_printf(p->s->arena, p->zh ? "本批 %d 个序列的损失" : "loss of its batch of %d",
                     p->lesson->train.batch);
    const char *title =
        arena_printf(p->s->arena, p->zh ? "第 %d 步" : "STEP %d", p->lesson->moment);
    if (!value_heading(p, title, u ? explain_optimizer(p->lesson, p->v->lang) : NULL, value_row(p)))
        return;
    value_pair(p, batch, number(p, history_losses(p->lesson->history)[p->lesson->moment - 1], 3),
               ink(ROLE_TEXT), NO_REF);
    if (!u) return;
    value_pair(p, p->zh ? "学习率" : "learning rate", number(p, u->with[OPTION_RATE], 3),
               ink(ROLE_TEXT), NO_REF);
    value_pair(p, p->zh ? "梯度的范数" : "norm of the gradient", number(p, u->norm, 3),
               ink(ROLE_TEXT), NO_REF);
    if (u->clip > 0)
        value_pair(p, p->zh ? "裁剪系数" : "clip factor",
                   u->scale < 1 ? number(p, u->scale, 3) : "1", ink(ROLE_TEXT), NO_REF);
}

/// How well the sequences are done that were held out.
static void draw_test(Value *p) {
    const Score *test = &p->lesson->test;
    Arena *a = p->s->arena;
    if (test->sequences == 0) return;
    const char *form = p->zh ? "%lld 个留出序列的损失" : "loss of %lld held out";
    value_pair(p, arena_printf(a, form, (long long)test->sequences),
               number(p, test->loss / (double)test->sequences, 3), ink(ROLE_TEXT), NO_REF);
    if (test->answers == 0) return;
    double percent = 100 * (double)test->right / (double)test->answers;
    value_pair(p, p->zh ? "其中答对" : "of these right", arena_printf(a, "%.2f%%", percent),
               ink(ROLE_TEXT), NO_REF);
}

static void draw_whole(Value *p) {
    const Lesson *l = p->lesson;
    if (!value_heading(p, p->zh ? "训练" : "TRAINING",
                       l->update ? explain_optimizer(l, p->v->lang) : NULL, 2 * value_row(p)))
        return;
    value_pair(p, p->zh ? "训练前的损失" : "loss before it", number(p, l->untrained, 3),
               ink(ROLE_TEXT), NO_REF);
    value_pair(p, p->zh ? "训练后的损失" : "loss after it", number(p, trace_loss(l->trace), 3),
               ink(ROLE_TEXT), NO_REF);
    value_pair(p, p->zh ? "每步的序列数" : "sequences a step",
               arena_printf(p->s->arena, "%d", l->train.batch), ink(ROLE_TEXT), NO_REF);
    draw_test(p);
}

/// What is kept, and what replaying means.
static void draw_kept(Value *p) {
    Arena *a = p->s->arena;
    int spacing;
    double mib = history_kept(p->lesson->history, &spacing) / (1024 * 1024);
    if (!value_heading(p, p->zh ? "保存" : "KEPT", NULL, value_row(p))) return;
    const char *every = arena_printf(a,
                                     spacing == 0   ? p->zh ? "网络太大" : "too large"
                                     : spacing == 1 ? p->zh ? "每一步" : "every step"
                                     : p->zh        ? "每 %d 步"
                                                    : "every %d steps",
                                     spacing);
    value_pair(p, p->zh ? "权重" : "weights", every, ink(ROLE_TEXT), NO_REF);
    int limit = HISTORY_MAX_BYTES >> 20;
    value_pair(p, arena_printf(a, p->zh ? "内存（至多 %d MiB）" : "memory (%d MiB at most)", limit),
               arena_printf(a, mib < 0.1 ? "< 0.1 MiB" : "%.1f MiB", mib), ink(ROLE_TEXT), NO_REF);
}

bool panel_training_has(const View *v) {
    return v->lesson->history && history_steps(v->lesson->history) > 0;
}

void panel_training_draw(Scene *s, const View *v, Box area) {
    Value p = value_plain(s, v, area);
    const Lesson *l = v->lesson;
    if (area.w < 60) return;
    scene_clip(s, area);
    if (!panel_training_has(v)) {
        value_line(&p, p.zh ? "这一课没有训练" : "This lesson is not trained", TYPE_PLAIN,
                   ink(ROLE_MUTED));
        scene_unclip(s);
        return;
    }
    draw_top(&p);
    draw_warning(&p);
    box_cut_top(&p.left, 8 * p.unit);
    bool log = training_is_log(l);
    const char *note = log ? p.zh ? "对数尺度" : "log scale" : p.zh ? "线性尺度" : "linear scale";
    double lines = l->test.sequences > 0 && !l->moment ? 8.5 : 6.5;
    double rows = lines * 1.1 * value_row(&p) + 2 * 24 * p.unit, heading = 24 * p.unit;
    if (p.left.h - heading - rows < LEAST_CURVE * p.unit) rows = 0;
    value_heading(&p, p.zh ? "各优化步的损失" : "LOSS OF EACH STEP'S BATCH", note, 0);
    double h = rows > 0 ? fmin(p.left.h - rows, MOST_CURVE * p.unit) : p.left.h;
    training_curve(&p, box_cut_top(&p.left, h));
    box_cut_top(&p.left, 6 * p.unit);
    if (l->moment)
        draw_step(&p);
    else
        draw_whole(&p);
    box_cut_top(&p.left, 6 * p.unit);
    draw_kept(&p);
    scene_unclip(s);
}
