// Each optimizer is a few rules, rows of one table; a rule is a template in which "<m>" stands for
// a quantity, as a letter in symbols and as its number with numbers, and "*" for a product. Rules
// of options that are off fall away. What is remembered, and the new weight, are read from the
// update as it was taken; what lies between is worked out again from them.
#include "lesson/explain_update.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "lesson/say.h"

// Quantities: first the options, then those of one weight.
enum {
    Q_COUNTER = OPTION_COUNT,
    Q_GRADIENT,
    Q_SCALE,
    Q_LIMIT,
    Q_G, // what enters the rule
    Q_CLIPPED,
    Q_DECAYED,
    Q_RATE_NOW,
    Q_FIRST, // mean gradient or momentum: old, new
    Q_FIRST_NEW,
    Q_SECOND, // mean or sum of squares
    Q_SECOND_NEW,
    Q_THIRD, // RMSprop's momentum, AMSGrad's largest
    Q_THIRD_NEW,
    Q_FIRST_HAT,
    Q_SECOND_HAT,
    Q_VARIANCE,
    Q_CHANGE,
    Q_WEIGHT,
    Q_WEIGHT_NEW,
    Q_COUNT
};

// clang-format off
static const struct {
    const char *key, *symbol;
} quantities[Q_COUNT] = {
    [OPTION_RATE] = {"rate", "\\eta"},          [OPTION_MOMENTUM] = {"mu", "\\mu"},
    [OPTION_DAMPENING] = {"damp", "\\tau"},     [OPTION_DECAY] = {"decay", "\\lambda"},
    [OPTION_EPS] = {"eps", "\\varepsilon"},     [OPTION_SMOOTHING] = {"a", "\\alpha"},
    [OPTION_RATE_DECAY] = {"fall", "\\gamma"},  [OPTION_BETA1] = {"b1", "\\beta_1"},
    [OPTION_BETA2] = {"b2", "\\beta_2"},        [Q_COUNTER] = {"k", "k"},
    [Q_GRADIENT] = {"grad", "g"},               [Q_SCALE] = {"scale", "s"},
    [Q_LIMIT] = {"limit", "l"},                 [Q_G] = {"g", "g"},
    [Q_CLIPPED] = {"clipped", "\\bar{g}"},      [Q_DECAYED] = {"decayed", "\\tilde{g}"},
    [Q_RATE_NOW] = {"now", "\\eta'"},           [Q_FIRST] = {"m", "m"},
    [Q_FIRST_NEW] = {"m'", "m'"},               [Q_SECOND] = {"v", "v"},
    [Q_SECOND_NEW] = {"v'", "v'"},              [Q_THIRD] = {"b", "b"},
    [Q_THIRD_NEW] = {"b'", "b'"},               [Q_FIRST_HAT] = {"mh", "\\hat{m}"},
    [Q_SECOND_HAT] = {"vh", "\\hat{v}"},        [Q_VARIANCE] = {"var", "u"},
    [Q_CHANGE] = {"change", "\\Delta"},
    [Q_WEIGHT] = {"w", "w"},                    [Q_WEIGHT_NEW] = {"w'", "w'"},
};

static const char *const titles[OPTIM_COUNT][LANG_COUNT] = {
    [OPTIM_SGD]      = {"Gradient descent", "梯度下降"},
    [OPTIM_MOMENTUM] = {"Gradient descent with momentum", "带动量的梯度下降"},
    [OPTIM_NESTEROV] = {"Nesterov momentum", "Nesterov 动量法"},
    [OPTIM_RMSPROP]  = {"RMSprop", "RMSprop"},
    [OPTIM_ADAGRAD]  = {"AdaGrad", "AdaGrad"},
    [OPTIM_ADAM]     = {"Adam", "Adam"},
    [OPTIM_ADAMW]    = {"AdamW", "AdamW"},
};

#define ANY ((1u << OPTIM_COUNT) - 1)
#define SGD (1u << OPTIM_SGD | 1u << OPTIM_MOMENTUM | 1u << OPTIM_NESTEROV)
#define RMSPROP (1u << OPTIM_RMSPROP)
#define ADAGRAD (1u << OPTIM_ADAGRAD)
#define ADAMW (1u << OPTIM_ADAMW)
#define ADAM (1u << OPTIM_ADAM | ADAMW)
#define ON(option) (1u << OPTION_##option)
#define FIRST (1u << OPTION_COUNT)       // the first optimizer step
#define CLIPS (1u << (OPTION_COUNT + 1)) // clipping to a norm has shortened the gradient
#define LIMITS (1u << (OPTION_COUNT + 2)) // clipping by value has cut this number
#define BATCH (1u << (OPTION_COUNT + 3)) // the gradient is that of a batch in training

static const struct {
    unsigned of;      // optimizers, a bit each
    unsigned on, off; // what must be so, and what must not
    UpdateLineKind kind;
    int makes;
    const char *name[LANG_COUNT];
    const char *tex; // NULL: it is given
} rules[] = {
    {ANY, 0, BATCH, LINE_GRADIENT, Q_GRADIENT, {"gradient", "梯度"}, NULL},
    {ANY, BATCH, 0, LINE_GRADIENT, Q_GRADIENT, {"batch gradient", "小批量梯度"}, NULL},
    {ANY, CLIPS, LIMITS, LINE_CLIPPED, Q_CLIPPED, {"clipped gradient", "裁剪后的梯度"}, "<scale>*<grad>"},
    {ANY, LIMITS, CLIPS, LINE_CLIPPED, Q_CLIPPED, {"clipped gradient", "裁剪后的梯度"}, "\\min(\\max(<grad>, -<limit>), <limit>)"},
    {ANY, LIMITS | CLIPS, 0, LINE_CLIPPED, Q_CLIPPED, {"clipped gradient", "裁剪后的梯度"}, "<scale>*\\min(\\max(<grad>, -<limit>), <limit>)"},
    {ANY & ~ADAMW, ON(DECAY), 0, LINE_DECAYED, Q_DECAYED, {"with weight decay", "加上权重衰减"}, "<g>+<decay>*<w>"},
    {ADAGRAD, ON(RATE_DECAY), 0, LINE_RATE, Q_RATE_NOW, {"learning rate", "学习率"}, "<rate>/(1+(<k>-1)*<fall>)"},

    {SGD, ON(MOMENTUM) | FIRST, 0, LINE_MOMENT, Q_FIRST_NEW, {"momentum", "动量"}, "<g>"},
    {SGD, ON(MOMENTUM), FIRST | ON(DAMPENING), LINE_MOMENT, Q_FIRST_NEW, {"momentum", "动量"}, "<mu>*<m>+<g>"},
    {SGD, ON(MOMENTUM) | ON(DAMPENING), FIRST, LINE_MOMENT, Q_FIRST_NEW, {"momentum", "动量"}, "<mu>*<m>+(1-<damp>)*<g>"},
    {SGD, 0, ON(MOMENTUM), LINE_CHANGE, Q_CHANGE, {"change", "变化量"}, "-<rate>*<g>"},
    {SGD, ON(MOMENTUM), ON(NESTEROV), LINE_CHANGE, Q_CHANGE, {"change", "变化量"}, "-<rate>*<m'>"},
    {SGD, ON(MOMENTUM) | ON(NESTEROV), 0, LINE_CHANGE, Q_CHANGE, {"change", "变化量"}, "-<rate>*(<g>+<mu>*<m'>)"},

    {RMSPROP, 0, 0, LINE_MOMENT, Q_SECOND_NEW, {"mean of squares", "平方的均值"}, "<a>*<v>+(1-<a>)*<g>^2"},
    {RMSPROP, ON(CENTERED), 0, LINE_MOMENT, Q_FIRST_NEW, {"mean gradient", "梯度的均值"}, "<a>*<m>+(1-<a>)*<g>"},
    {RMSPROP, ON(CENTERED), 0, LINE_DERIVED, Q_VARIANCE, {"variance", "方差"}, "<v'>-<m'>^2"},
    {RMSPROP, ON(MOMENTUM), ON(CENTERED), LINE_MOMENT, Q_THIRD_NEW, {"momentum", "动量"}, "<mu>*<b>+<g>/(\\sqrt{<v'>}+<eps>)"},
    {RMSPROP, ON(MOMENTUM) | ON(CENTERED), 0, LINE_MOMENT, Q_THIRD_NEW, {"momentum", "动量"}, "<mu>*<b>+<g>/(\\sqrt{<var>}+<eps>)"},
    {RMSPROP, ON(MOMENTUM), 0, LINE_CHANGE, Q_CHANGE, {"change", "变化量"}, "-<rate>*<b'>"},
    {RMSPROP, ON(CENTERED), ON(MOMENTUM), LINE_CHANGE, Q_CHANGE, {"change", "变化量"}, "-<rate>*<g>/(\\sqrt{<var>}+<eps>)"},
    {RMSPROP, 0, ON(MOMENTUM) | ON(CENTERED), LINE_CHANGE, Q_CHANGE, {"change", "变化量"}, "-<rate>*<g>/(\\sqrt{<v'>}+<eps>)"},

    {ADAGRAD, 0, 0, LINE_MOMENT, Q_SECOND_NEW, {"sum of squares", "平方和"}, "<v>+<g>^2"},
    {ADAGRAD, 0, ON(RATE_DECAY), LINE_CHANGE, Q_CHANGE, {"change", "变化量"}, "-<rate>*<g>/(\\sqrt{<v'>}+<eps>)"},
    {ADAGRAD, ON(RATE_DECAY), 0, LINE_CHANGE, Q_CHANGE, {"change", "变化量"}, "-<now>*<g>/(\\sqrt{<v'>}+<eps>)"},

    {ADAM, 0, 0, LINE_MOMENT, Q_FIRST_NEW, {"first moment", "一阶矩"}, "<b1>*<m>+(1-<b1>)*<g>"},
    {ADAM, 0, 0, LINE_MOMENT, Q_SECOND_NEW, {"second moment", "二阶矩"}, "<b2>*<v>+(1-<b2>)*<g>^2"},
    {ADAM, ON(AMSGRAD), 0, LINE_MOMENT, Q_THIRD_NEW, {"largest second moment", "二阶矩的最大值"}, "\\max(<b>, <v'>)"},
    {ADAM, 0, 0, LINE_DERIVED, Q_FIRST_HAT, {"first, corrected", "校正后的一阶矩"}, "<m'>/(1-<b1>^{<k>})"},
    {ADAM, 0, ON(AMSGRAD), LINE_DERIVED, Q_SECOND_HAT, {"second, corrected", "校正后的二阶矩"}, "<v'>/(1-<b2>^{<k>})"},
    {ADAM, ON(AMSGRAD), 0, LINE_DERIVED, Q_SECOND_HAT, {"second, corrected", "校正后的二阶矩"}, "<b'>/(1-<b2>^{<k>})"},
    {ADAM & ~ADAMW, 0, 0, LINE_CHANGE, Q_CHANGE, {"change", "变化量"}, "-<rate>*<mh>/(\\sqrt{<vh>}+<eps>)"},
    {ADAMW, 0, ON(DECAY), LINE_CHANGE, Q_CHANGE, {"change", "变化量"}, "-<rate>*<mh>/(\\sqrt{<vh>}+<eps>)"},
    {ADAMW, ON(DECAY), 0, LINE_CHANGE, Q_CHANGE, {"change", "变化量"}, "-<rate>*<mh>/(\\sqrt{<vh>}+<eps>)-<rate>*<decay>*<w>"},

    {ANY, 0, 0, LINE_WEIGHT, Q_WEIGHT_NEW, {"new value", "新值"}, "<w>+<change>"},
};
// clang-format on

enum { RULES = sizeof rules / sizeof *rules };

typedef struct {
    Arena *arena;
    const Lesson *lesson;
    const Update *update;
    Lang lang;
    unsigned set;      // what is on
    double q[Q_COUNT]; // the numbers
    int digits;        // of weights and the change
} Telling;

// ---- the numbers

static unsigned what_is_on(const Update *u, int i) {
    unsigned set = 0;
    for (int k = 0; k < OPTION_COUNT; k++)
        if (u->with[k] > 0) set |= 1u << k;
    if (u->t == 1) set |= FIRST;
    if (u->batch > 0) set |= BATCH;
    if (u->scale < 1) set |= CLIPS;
    if (u->clip_value > 0 && fabs(u->grad[i]) > u->clip_value) set |= LIMITS;
    return set;
}

static double power(double x, int64_t n) {
    double result = 1;
    for (; n > 0; n >>= 1, x *= x)
        if (n & 1) result *= x;
    return result;
}

/// Slot k of what the optimizer remembers of weight i, before and after.
static void remember(Telling *t, int k, int i, int quantity) {
    const Update *u = t->update;
    if (k >= u->n_state) return;
    size_t at = (size_t)k * (size_t)u->n + (size_t)i;
    t->q[quantity] = u->state_before[at];
    t->q[quantity + 1] = u->state[at];
}

static void put_state(Telling *t, int i) {
    unsigned kind = 1u << t->update->optimizer;
    bool adam = (kind & ADAM) != 0;
    if (kind & (SGD | ADAM)) remember(t, 0, i, Q_FIRST);
    if (kind & (RMSPROP | ADAGRAD)) remember(t, 0, i, Q_SECOND);
    if (kind & ADAM) remember(t, 1, i, Q_SECOND);
    if (kind & RMSPROP) remember(t, 1, i, Q_FIRST);
    if (kind & (RMSPROP | ADAM)) remember(t, 2, i, Q_THIRD);
    const double *q = t->q;
    double square = adam && t->set & ON(AMSGRAD) ? q[Q_THIRD_NEW] : q[Q_SECOND_NEW];
    t->q[Q_FIRST_HAT] = q[Q_FIRST_NEW] / (1 - power(q[OPTION_BETA1], t->update->t));
    t->q[Q_SECOND_HAT] = square / (1 - power(q[OPTION_BETA2], t->update->t));
    t->q[Q_VARIANCE] = q[Q_SECOND_NEW] - q[Q_FIRST_NEW] * q[Q_FIRST_NEW];
}

static void put_numbers(Telling *t, int i) {
    const Update *u = t->update;
    double *q = t->q;
    memcpy(q, u->with, sizeof u->with);
    q[Q_COUNTER] = (double)u->t;
    q[Q_GRADIENT] = u->grad[i];
    q[Q_SCALE] = u->scale;
    q[Q_LIMIT] = u->clip_value;
    q[Q_CLIPPED] = u->clipped[i];
    q[Q_DECAYED] = u->clipped[i] + u->with[OPTION_DECAY] * u->before[i];
    q[Q_G] = u->clipped[i];
    q[Q_RATE_NOW] = u->with[OPTION_RATE] / (1 + (double)(u->t - 1) * u->with[OPTION_RATE_DECAY]);
    q[Q_WEIGHT] = u->before[i];
    q[Q_WEIGHT_NEW] = u->after[i];
    q[Q_CHANGE] = u->after[i] - u->before[i];
    put_state(t, i);
}

/// The place of a parameter's element in the flat arrays.
static int flat(const Lesson *l, int param, int unit) {
    return l->graph->params[param].offset + unit - 1;
}

static Telling telling_of(Arena *a, const Lesson *l, int param, int unit, Lang lang) {
    enum { KEPT = 3, MOST = 9 };
    Telling t = {.arena = a, .lesson = l, .update = l->update, .lang = lang};
    int i = flat(l, param, unit);
    t.set = what_is_on(l->update, i);
    put_numbers(&t, i);
    double change = fabs(t.q[Q_CHANGE]);
    t.digits = isfinite(change) ? say_decimals(change, l->digits, KEPT) : l->digits;
    if (t.digits > MOST && l->digits < MOST) t.digits = MOST;
    return t;
}

// ---- as text

/// An option in as few digits as say it whole.
static const char *exact(Arena *a, double x) {
    char text[64];
    for (int digits = 0; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*f", digits, x);
        if (strtod(text, NULL) == x) break;
    }
    return arena_copy(a, text, strlen(text));
}

static const char *number_of(const Telling *t, int quantity) {
    enum { KEPT = 3, SHORT = 8 }; // a schedule makes rates that are not short
    double x = t->q[quantity];
    bool option = quantity <= Q_COUNTER || quantity == Q_LIMIT;
    const char *whole = option ? exact(t->arena, x) : "";
    if (option && (quantity != OPTION_RATE || strlen(whole) <= SHORT)) return whole;
    bool weight = quantity >= Q_CHANGE;
    int own = isfinite(x) ? say_decimals(fabs(x), t->lesson->digits, KEPT) : t->lesson->digits;
    return say_number(t->arena, x, weight ? t->digits : own, !isfinite(x), t->lang);
}

/// Symbols of what enters the rules: the gradient as it stands after clipping and decay.
static const char *symbol_of(const Telling *t, int quantity) {
    bool decays = t->set & ON(DECAY) && t->update->optimizer != OPTIM_ADAMW;
    if (quantity != Q_G) return quantities[quantity].symbol;
    return quantities[decays                      ? Q_DECAYED
                      : t->set & (CLIPS | LIMITS) ? Q_CLIPPED
                                                  : Q_GRADIENT]
        .symbol;
}

static int find_quantity(const char *key, size_t n) {
    for (int i = 0; i < Q_COUNT; i++)
        if (quantities[i].key && strlen(quantities[i].key) == n &&
            memcmp(quantities[i].key, key, n) == 0)
            return i;
    return Q_G;
}

static void put_number(const Telling *t, Buf *out, int quantity) {
    double x = t->q[quantity];
    char before = out->len ? buf_str(out)[out->len - 1] : '{';
    bool brackets = x < 0 && before != '{' && before != '(';
    const char *text = number_of(t, quantity);
    if (!isfinite(x)) text = arena_printf(t->arena, "\\text{%s}", text);
    buf_printf(out, brackets ? "(%s)" : "%s", text);
}

static const char *filled(const Telling *t, const char *tex, bool numbers) {
    Buf out = buf_new(t->arena);
    for (; *tex; tex++) {
        const char *end = *tex == '<' ? strchr(tex, '>') : NULL;
        if (end) {
            int quantity = find_quantity(tex + 1, (size_t)(end - tex - 1));
            if (numbers)
                put_number(t, &out, quantity);
            else
                buf_puts(&out, symbol_of(t, quantity));
            tex = end;
        } else if (*tex == '*') {
            buf_puts(&out, numbers ? " \\cdot " : "\\,");
        } else {
            buf_put(&out, tex, 1);
        }
    }
    return buf_str(&out);
}

static bool applies(const Telling *t, int rule) {
    bool of = (rules[rule].of >> t->update->optimizer & 1u) != 0;
    return of && (t->set & rules[rule].on) == rules[rule].on && !(t->set & rules[rule].off);
}

/// A rule for the gradient that follows clipping takes what clipping left.
static void enter(Telling *t, int makes) {
    if (makes == Q_DECAYED) t->q[Q_G] = t->q[Q_DECAYED];
}

/// In its own rule the gradient has not decayed yet.
static const char *decay_rule(const Telling *t, bool numbers) {
    bool clipped = (t->set & (CLIPS | LIMITS)) != 0;
    return filled(t, clipped ? "<clipped>+<decay>*<w>" : "<grad>+<decay>*<w>", numbers);
}

UpdateLine *explain_update(Arena *a, const Lesson *lesson, int param, int unit, Lang lang,
                           int *count) {
    Telling t = telling_of(a, lesson, param, unit, lang);
    UpdateLine *lines = ARENA_ARRAY(a, UpdateLine, RULES);
    *count = 0;
    for (int k = 0; k < RULES; k++) {
        if (!applies(&t, k)) continue;
        const char *tex = rules[k].tex;
        bool decay = rules[k].makes == Q_DECAYED;
        lines[(*count)++] = (UpdateLine){.kind = rules[k].kind,
                                         .name = rules[k].name[lang],
                                         .symbol = quantities[rules[k].makes].symbol,
                                         .rule = decay ? decay_rule(&t, false)
                                                 : tex ? filled(&t, tex, false)
                                                       : NULL,
                                         .numbers = decay ? decay_rule(&t, true)
                                                    : tex ? filled(&t, tex, true)
                                                          : NULL,
                                         .text = number_of(&t, rules[k].makes),
                                         .value = t.q[rules[k].makes]};
        enter(&t, rules[k].makes);
    }
    return lines;
}

double *explain_changes(Arena *a, const Lesson *lesson, int param) {
    const Graph *g = lesson->graph;
    int n = dim_count(g->nodes[g->params[param].node].dim);
    double *changes = ARENA_ARRAY(a, double, n);
    for (int u = 1; u <= n; u++) {
        int i = flat(lesson, param, u);
        changes[u - 1] = lesson->update->after[i] - lesson->update->before[i];
    }
    return changes;
}

const char *explain_optimizer(const Lesson *lesson, Lang lang) {
    return titles[lesson->update->optimizer][lang];
}

const char *explain_optimizer_within(Arena *a, const Lesson *lesson, Lang lang) {
    const char *title = explain_optimizer(lesson, lang);
    bool words = title[0] == 'G'; // gradient descent; the others are names
    return lang == LANG_EN && words ? arena_printf(a, "g%s", title + 1) : title;
}

const char *explain_old_weight(Arena *a, const Lesson *lesson, int param, int unit, Lang lang) {
    Telling t = telling_of(a, lesson, param, unit, lang);
    return number_of(&t, Q_WEIGHT);
}
