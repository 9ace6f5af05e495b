// A question's numbers, its range and its right options, all read off the trace. Values are
// compared as they are; gradients and parts of a sum by their size, because there the question
// "which is larger" means "which counts for more".
#include "lesson/question.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/address.h"
#include "lesson/explain.h"
#include "lesson/say.h"

enum { NAME_BYTES = 224 };

// ---- what is named

/// A quantity as written.
typedef struct {
    char name[NAME_BYTES];
    int unit, lag;
    Phase phase;
    int place; // -1: none was given
} Written;

static int node_of_name(const Graph *g, const char *name) {
    int equation = graph_find_equation(g, name), param = graph_find_param(g, name);
    if (equation >= 0) return g->equations[equation].node;
    if (param >= 0) return g->params[param].node;
    if (strcmp(name, "x") == 0) return g->x;
    return strcmp(name, "loss") == 0 ? g->loss : -1;
}

/// "forward:3:f" as phase and timestep; the rest says no more about a number. Which optimizer step
/// it is has been settled: that of the lesson.
static void read_place(const char *address, Written *out) {
    const char *slash = *address == '@' ? strchr(address, '/') : NULL;
    if (slash) address = slash + 1;
    size_t n = strcspn(address, ":");
    for (int p = 0; p < PHASE_COUNT; p++)
        if (strlen(phase_names[p]) == n && strncmp(address, phase_names[p], n) == 0)
            out->phase = (Phase)p;
    out->place = address[n] == ':' ? atoi(address + n + 1) : -1;
}

static bool read_written(const char *of, const char *fallback, Written *out) {
    *out = (Written){.place = -1};
    of += strspn(of, " ");
    size_t n = strcspn(of, "[");
    const char *at = strstr(of, " at ");
    if (at && (size_t)(at - of) < n) n = (size_t)(at - of);
    size_t end = strcspn(of, ";");
    if (n > end) n = end;
    while (n > 0 && of[n - 1] == ' ') n--;
    if (n == 0 || n >= sizeof out->name) return false;
    memcpy(out->name, of, n);
    if (of[n] == '[' && strncmp(of + n, "[t-", 3) == 0)
        out->lag = atoi(of + n + 3);
    else if (of[n] == '[')
        out->unit = atoi(of + n + 1);
    if (at && at < of + end)
        read_place(at + 4 + strspn(at + 4, " "), out);
    else if (fallback)
        read_place(fallback, out);
    return out->unit >= 0 && out->lag >= 0;
}

static double number_at(const Lesson *l, const Asked *q) {
    const Graph *g = l->graph;
    const Node *node = q->node >= 0 ? &g->nodes[q->node] : NULL;
    if (!node) return trace_loss(l->trace);
    if (q->unit < 1 || q->unit > dim_count(node->dim) || q->place > trace_steps(l->trace))
        return NAN;
    if (q->place < 1 && !node->steady) {
        int e = node->equation;
        if (e < 0 || g->equations[e].node != q->node) return NAN;
        return (q->grad ? trace_start_grad(l->trace, e) : trace_start(l->trace, e))[q->unit - 1];
    }
    int place = q->place < 1 ? 1 : q->place;
    if (!node->steady && !trace_holds(l->trace, q->node, place)) return NAN;
    return (q->grad ? trace_grad(l->trace, q->node, place)
                    : trace_value(l->trace, q->node, place))[q->unit - 1];
}

bool question_read(const Lesson *l, int scene, const char *of, Asked *out) {
    const Graph *g = l->graph;
    const StepBlock *step = &l->scenes[LANG_EN][scene].step;
    Written w;
    if (!read_written(of, step->given ? step->at : NULL, &w)) return false;
    int node = node_of_name(g, w.name);
    bool grad = w.phase == PHASE_BACKWARD;
    if (node < 0 && w.name[0] == 'd') {
        node = node_of_name(g, w.name + 1 + strspn(w.name + 1, " "));
        grad = true;
    }
    if (node < 0) return false;
    bool total = node == g->loss && w.phase == PHASE_LOSS && w.place < 0;
    const Node *n = &g->nodes[node];
    int place = w.place >= 0 ? w.place : grad ? 1 : trace_steps(l->trace);
    if (w.lag > 0) place += g->parts[n->part].backward ? w.lag : -w.lag;
    if (!n->steady && place > 0) node = trace_home(l->trace, node, place);
    *out = (Asked){grad, total ? -1 : node, n->steady || place < 0 ? 0 : place, w.unit, NAN};
    if (out->unit == 0 && (total || dim_count(n->dim) == 1)) out->unit = 1;
    if (out->unit > dim_count(n->dim)) return false;
    out->value = number_at(l, out);
    return true;
}

/// Every number of the list, "a; b".
static void read_all(const Lesson *l, int scene, const char *of, Question *q) {
    for (const char *s = of; s && q->n < QUESTION_OPTIONS; s = strchr(s, ';')) {
        if (*s == ';') s++;
        if (question_read(l, scene, s, &q->of[q->n])) q->n++;
    }
}

/// Where one number is needed and a whole node is named: the unit the scene is about, or the
/// first.
static void choose_unit(const Lesson *l, int scene, Asked *q) {
    if (q->unit > 0 || q->node < 0) return;
    const StepBlock *step = &l->scenes[LANG_EN][scene].step;
    int count = dim_count(l->graph->nodes[q->node].dim);
    q->unit = step->given && step->unit > 0 && step->unit <= count ? step->unit : 1;
    q->value = number_at(l, q);
}

// ---- the slider

/// The next of 1, 2, 5, 10, 20 ... times a power of ten from x on.
static double round_up(double x) {
    static const double leads[] = {1, 2, 5};
    double power = 1;
    if (!(x > 0) || x > 1e12) return 1;
    while (power < x) power *= 10;
    while (power > x && power > 1e-12) power /= 10;
    for (int k = 0; k < 3; k++)
        if (leads[k] * power >= x * (1 - 1e-9)) return leads[k] * power;
    return 10 * power;
}

/// The largest size among what the node held or will hold, of the unit alone in a long run;
/// *minus tells whether there was a negative number.
static double largest(const Lesson *l, const Asked *q, bool *minus) {
    enum { MOST = 20000 };
    int count = dim_count(l->graph->nodes[q->node].dim), steps = trace_steps(l->trace);
    bool all = (double)count * steps <= MOST;
    double top = 0;
    for (int place = 1; place <= steps; place++)
        for (int u = all ? 1 : q->unit; u <= (all ? count : q->unit); u++) {
            Asked one = {q->grad, q->node, place, u, 0};
            double x = number_at(l, &one);
            if (!isfinite(x)) continue;
            *minus |= x < 0;
            top = fmax(top, fabs(x));
        }
    return top;
}

static void set_range(const Lesson *l, Question *q) {
    const Asked *of = &q->of[0];
    OpKind op = of->node >= 0 ? l->graph->nodes[of->node].op : OP_COPY;
    bool gate = op == OP_SIGMOID || op == OP_HARD_SIGMOID || op == OP_HARD_SIGMOID_KERAS ||
                op == OP_SOFTMAX;
    bool minus = of->grad;
    q->low = 0;
    q->high = 1;
    if (of->node < 0) {
        q->high = round_up(2 * fabs(of->value));
    } else if (!of->grad && op == OP_TANH) {
        minus = true;
    } else if (of->grad || !gate) {
        q->high = round_up(1.1 * largest(l, of, &minus));
    }
    if (minus) q->low = -q->high;
    for (q->step = 1e-12; 10 * q->step <= (q->high - q->low) / 50; q->step *= 10) {
    }
    if (q->tolerance == 0) q->tolerance = 0.05 * (q->high - q->low);
}

double question_at_share(const Question *q, double share) {
    double x = q->low + fmin(1, fmax(0, share)) * (q->high - q->low);
    double snapped = floor(x / q->step + 0.5) * q->step;
    return fmin(q->high, fmax(q->low, snapped));
}

double question_share(const Question *q, double number) {
    return fmin(1, fmax(0, (number - q->low) / (q->high - q->low)));
}

// ---- options

static const Asked nothing = {false, -1, 0, 0, NAN};

static Asked asked_number(Number x) {
    return (Asked){false, x.node, x.place, x.unit, x.value};
}

/// One option for each way on which the gradient came.
static void paths_as_options(Arena *a, const Lesson *l, Question *q) {
    const Asked *of = &q->of[0];
    int n;
    if (of->place < 1) return;
    const Path *paths = explain_paths(a, l, of->node, of->place, of->unit, &n);
    int own = l->graph->nodes[of->node].equation;
    for (int k = 0; k < n && q->n_options < QUESTION_OPTIONS; k++) {
        int e = paths[k].equation;
        bool other = e >= 0 && (e != own || paths[k].place != of->place);
        int node = other ? l->graph->equations[e].node : paths[k].user;
        q->options[q->n_options++] =
            (AskOption){.of = {false, node, paths[k].place, 0, paths[k].share},
                        .times = nothing,
                        .weight = fabs(paths[k].share)};
    }
}

/// One option for each term that the value is a sum of.
static void terms_as_options(Arena *a, const Lesson *l, Question *q) {
    const Asked *of = &q->of[0];
    if (of->node < 0 || of->place < 1) return;
    Explained e = explain_value(a, l, of->node, of->place, of->unit);
    for (int k = 0; k < e.n_terms && q->n_options < QUESTION_OPTIONS; k++) {
        AskOption o = {.of = asked_number(e.terms[k].a), .times = nothing};
        if (e.terms[k].product) o.times = asked_number(e.terms[k].b);
        o.of.value = e.terms[k].share;
        o.weight = fabs(e.terms[k].share);
        q->options[q->n_options++] = o;
    }
}

/// One option for each number named, or for each unit of the one whole node named.
static void numbers_as_options(const Lesson *l, Question *q) {
    Asked *of = &q->of[0];
    if (q->n == 1 && of->unit == 0 && of->node >= 0) {
        int count = dim_count(l->graph->nodes[of->node].dim);
        q->n = count < QUESTION_OPTIONS ? count : QUESTION_OPTIONS;
        for (int k = q->n - 1; k >= 0; k--) {
            q->of[k] = *of;
            q->of[k].unit = k + 1;
            q->of[k].value = number_at(l, &q->of[k]);
        }
    }
    for (int k = 0; k < q->n; k++) {
        const Asked *one = &q->of[k];
        double weight = one->grad ? fabs(one->value) : one->value;
        q->options[q->n_options++] = (AskOption){.of = *one, .times = nothing, .weight = weight};
    }
}

/// All that no other option beats.
static void largest_is_right(Question *q) {
    double most = -INFINITY;
    for (int k = 0; k < q->n_options; k++) most = fmax(most, q->options[k].weight);
    for (int k = 0; k < q->n_options; k++)
        if (q->options[k].weight >= most - q->tolerance) q->right |= 1u << k;
}

static void make_larger(Arena *a, const Lesson *l, int scene, Question *q) {
    bool wide = q->of[0].unit == 0 && !q->of[0].grad;
    q->parts = q->n == 1 && !wide;
    if (!q->parts) {
        for (int k = 0; k < q->n && q->n > 1; k++) choose_unit(l, scene, &q->of[k]);
        numbers_as_options(l, q);
    } else {
        choose_unit(l, scene, &q->of[0]);
        if (q->of[0].grad)
            paths_as_options(a, l, q);
        else
            terms_as_options(a, l, q);
    }
    largest_is_right(q);
}

/// Positive, zero, negative, in this order.
static void make_sign(Question *q) {
    q->n_options = 3;
    for (int k = 0; k < 3; k++) q->options[k] = (AskOption){.of = nothing, .times = nothing};
    double x = q->of[0].value;
    if (isnan(x)) return;
    q->right = fabs(x) <= q->tolerance ? 2u : x > 0 ? 1u : 4u;
}

/// Does what an option says hold of a number? "0.97" is a number (its distance goes into *weight),
/// "< 0.5" and "> 0.5" a bound, "0 to 0.5" a range. False in *read if it is none of these.
static bool holds(const char *text, double x, double *weight, bool *read) {
    char *end;
    text += strspn(text, " ");
    const char sign = *text == '<' || *text == '>' ? *text++ : '\0';
    double from = strtod(text, &end), to = from;
    *weight = NAN;
    *read = end != text;
    end += strspn(end, " ");
    if (*read && !sign && strncmp(end, "to ", 3) == 0) {
        const char *second = end + 3;
        to = strtod(second, &end);
        *read = end != second;
        return x >= from && x <= to;
    }
    *read = *read && *end == '\0';
    if (sign) return sign == '<' ? x < from : x > from;
    *weight = -fabs(x - from);
    return false;
}

/// Options of a choice: numbers and bounds are compared with the run; as many options as numbers
/// named stand for these, and the largest is right. Of other words the run cannot tell.
static void make_choice(const Lesson *l, int scene, const AskBlock *ask, Question *q) {
    for (int k = 0; k < q->n; k++) choose_unit(l, scene, &q->of[k]);
    int n = 0;
    while (ask->options && ask->options[n] && n < QUESTION_OPTIONS) n++;
    if (n == q->n && n > 1) {
        numbers_as_options(l, q);
        largest_is_right(q);
        return;
    }
    bool nearest = true, all = true;
    for (; q->n_options < n; q->n_options++) {
        int k = q->n_options;
        double weight;
        bool read, right = holds(ask->options[k], q->of[0].value, &weight, &read);
        q->options[k] = (AskOption){.of = nothing, .times = nothing, .weight = weight};
        if (right) q->right |= 1u << k;
        nearest = nearest && !isnan(weight);
        all = all && read;
    }
    if (!all) q->right = 0;
    if (all && nearest && n > 0) largest_is_right(q);
}

static void put_labels(const AskBlock *ask, Question *q) {
    for (int k = 0; k < q->n_options && ask->options && ask->options[k]; k++)
        q->options[k].label = ask->options[k];
}

bool question_make(Arena *a, const Lesson *l, int scene, int k, Lang lang, Question *q) {
    if (scene < 0 || scene >= l->n_scenes || k < 0 || k >= l->scenes[LANG_EN][scene].n_asks)
        return false;
    // what is asked comes from the English file, the words for it from the one that is shown
    const AskBlock *ask = &l->scenes[LANG_EN][scene].asks[k];
    *q = (Question){.kind = ask->kind, .tolerance = ask->tolerance};
    read_all(l, scene, ask->of, q);
    if (q->n == 0) return false;
    bool one = ask->kind == ASK_NUMBER || ask->kind == ASK_SIGN || ask->kind == ASK_CLICK;
    if (one) choose_unit(l, scene, &q->of[0]);
    if (ask->kind == ASK_NUMBER) set_range(l, q);
    if (ask->kind == ASK_SIGN) make_sign(q);
    if (ask->kind == ASK_LARGER) make_larger(a, l, scene, q);
    if (ask->kind == ASK_CHOICE) make_choice(l, scene, ask, q);
    if (ask->kind == ASK_ORDER) {
        for (int i = 0; i < q->n && q->n > 1; i++) choose_unit(l, scene, &q->of[i]);
        numbers_as_options(l, q);
    }
    const LessonScene *shown = l->scenes[lang] ? &l->scenes[lang][scene] : NULL;
    if (shown && k < shown->n_asks) put_labels(&shown->asks[k], q);
    return true;
}

// ---- guesses

int question_index(const Lesson *l, int scene, int k) {
    if (scene < 0 || scene >= l->n_scenes || !l->scenes[LANG_EN]) return -1;
    if (k < 0 || k >= l->scenes[LANG_EN][scene].n_asks) return -1;
    for (int i = 0; i < scene; i++) k += l->scenes[LANG_EN][i].n_asks;
    return k < LESSON_ASKS ? k : -1;
}

static uint32_t mix(uint32_t h, const char *text) {
    for (; text && *text; text++) h = (h ^ (unsigned char)*text) * 16777619u;
    return (h ^ 0xFFu) * 16777619u; // the end counts: "ab", "c" is not "a", "bc"
}

uint32_t question_key(const AskBlock *ask) {
    uint32_t h = mix(2166136261u ^ (uint32_t)ask->kind, ask->of);
    for (const char *const *o = ask->options; o && *o; o++) h = mix(h, *o);
    for (size_t k = 0; k < sizeof ask->tolerance; k++)
        h = (h ^ ((const unsigned char *)&ask->tolerance)[k]) * 16777619u;
    return h ? h : 1;
}

bool question_ready(const Question *q, const Guess *guess) {
    if (guess->stage == GUESS_NONE) return false;
    return q->kind != ASK_ORDER || guess->n_picks == q->n_options;
}

static Grade grade_order(const Question *q, const Guess *guess) {
    for (int k = 0; k < q->n_options; k++)
        if (isnan(q->options[k].weight)) return GRADE_NONE;
    for (int k = 1; k < guess->n_picks; k++) {
        double before = q->options[guess->picks[k - 1]].weight;
        if (q->options[guess->picks[k]].weight < before - q->tolerance) return GRADE_WRONG;
    }
    return GRADE_RIGHT;
}

Grade question_grade(const Question *q, const Guess *guess) {
    if (!question_ready(q, guess)) return GRADE_NONE;
    if (q->kind == ASK_ORDER) return grade_order(q, guess);
    const Asked *of = &q->of[0], *c = &guess->clicked;
    if (q->kind == ASK_CLICK) {
        if (c->node < 0) return GRADE_NONE;
        bool same = c->grad == of->grad && c->node == of->node && c->unit == of->unit;
        return same && (c->place == of->place || c->place == 0) ? GRADE_RIGHT : GRADE_WRONG;
    }
    if (q->kind == ASK_NUMBER) {
        double off = fabs(guess->number - of->value), some = q->tolerance * (1 + 1e-9);
        if (isnan(off)) return GRADE_NONE;
        return off <= some ? GRADE_RIGHT : off <= 2 * some ? GRADE_NEAR : GRADE_WRONG;
    }
    if (guess->n_picks < 1 || q->right == 0) return GRADE_NONE;
    return (q->right >> guess->picks[0]) & 1u ? GRADE_RIGHT : GRADE_WRONG;
}

// ---- hiding

int question_hidden(const Lesson *l, int scene, const Guess *guesses, Asked *out, int cap) {
    int n = 0;
    if (scene < 0 || scene >= l->n_scenes || !l->scenes[LANG_EN]) return 0;
    for (int k = 0; k < l->scenes[LANG_EN][scene].n_asks && n < cap; k++) {
        const AskBlock *ask = &l->scenes[LANG_EN][scene].asks[k];
        int index = question_index(l, scene, k);
        bool asks = ask->kind == ASK_NUMBER || ask->kind == ASK_SIGN;
        if (!asks || index < 0 || guesses[index].stage == GUESS_REVEALED) continue;
        if (!question_read(l, scene, ask->of, &out[n])) continue;
        choose_unit(l, scene, &out[n]);
        if (!isnan(out[n].value)) n++;
    }
    return n;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_part_of_number(char c) {
    return is_digit(c) || c == '.';
}

/// The sentence with one number, standing by itself, replaced.
static const char *replace(Arena *a, const char *sentence, const char *number) {
    size_t n = strlen(number);
    Buf out = buf_new(a);
    bool found = false;
    for (const char *s = sentence; *s; s++) {
        // 0.5 stands neither in 10.5 nor in 0.57; a full stop may end the sentence
        bool begins = s == sentence || !is_part_of_number(s[-1]);
        bool same = strncmp(s, number, n) == 0 && !is_digit(s[n]) &&
                    !(s[n] == '.' && is_digit(s[n + 1]));
        if (begins && same) {
            buf_puts(&out, "?");
            s += n - 1;
            found = true;
        } else {
            buf_put(&out, s, 1);
        }
    }
    return found ? buf_str(&out) : sentence;
}

const char *question_censor(Arena *a, const Lesson *l, const Asked *hidden, int n,
                            const char *sentence) {
    for (int k = 0; k < n; k++)
        for (int digits = l->digits + 4; digits >= l->digits; digits--)
            sentence = replace(a, sentence, say_number(a, hidden[k].value, digits, true, LANG_EN));
    return sentence;
}
