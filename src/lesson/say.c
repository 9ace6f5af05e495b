// One sentence for one step. Which sentence depends on the step's phase, the grain and how many
// ways a gradient came; the words are in say_words.c and in the table of operations.
//
// A step that has not reached the end of its equation (timestep, phase) has no result to tell at
// that grain yet, so the next finer grain's sentence is said.
#include "lesson/say.h"

#include <math.h>
#include <string.h>

#include "lesson/say_words.h"

#define END                                                                                        \
    { NULL, NULL }

static const Node *node_of(const Say *s, int node) {
    return &s->graph->nodes[node];
}

static int count_of(const Say *s, int node) {
    return dim_count(node_of(s, node)->dim);
}

static const char *values_of(const Say *s, int node, int place) {
    return say_values(s, trace_value(s->trace, node, place), count_of(s, node));
}

static bool all_zero(const double *values, int n) {
    for (int i = 0; i < n; i++)
        if (values[i] != 0) return false; // NaN is not zero
    return true;
}

/// The largest size among numbers; NaN counts for nothing.
static double largest(const double *values, int n) {
    double most = 0;
    for (int i = 0; i < n; i++)
        if (fabs(values[i]) > most) most = fabs(values[i]);
    return most;
}

/// As s, with decimals for numbers of this size: so that the parts of a gradient, often small, add
/// up as they are written.
static Say finer(const Say *s, double size) {
    enum { KEPT = 3, MOST = 9 };
    Say fine = *s;
    int digits = isfinite(size) ? say_decimals(size, s->digits, KEPT) : s->digits;
    fine.digits = digits < MOST || s->digits > MOST ? digits : MOST;
    return fine;
}

static const char *with_more(const Say *s, const char *text, const char *more) {
    return *more ? arena_printf(s->arena, "%s%s", text, more) : text;
}

// ---- forward ----

static const char *op_unit(const Say *s, Step step, int unit) {
    const Graph *g = s->graph;
    const char *rest = say_forward_unit(s, step.node, step.place, unit);
    bool loss = node_of(s, step.node)->part == g->loss_part;
    const Slot slots[] = {{"t", say_count(s, step.place)},
                          {"eq", say_equation(s, step.equation)},
                          {"unit", say_unit(s, step.node, unit)},
                          {"rest", rest},
                          END};
    const char *text = say_put(s, loss ? SAY_LOSS_PREFIX : SAY_UNIT, slots);
    return with_more(s, text, say_handed(s, step.node, step.place));
}

static const char *op_whole(const Say *s, Step step) {
    if (say_is_fed(s, step.node, step.place)) return say_fed(s, step.place);
    const char *told = say_dropped(s, step.node, step.place);
    if (!told) told = say_embedded(s, step.node, step.place);
    if (told) return told;
    if (count_of(s, step.node) == 1) return op_unit(s, step, 1);
    bool final = s->graph->equations[step.equation].node == step.node;
    const Slot slots[] = {{"t", say_count(s, step.place)},
                          {"eq", say_equation(s, step.equation)},
                          {"op", say_operation(s, step.node)},
                          {"list", values_of(s, step.node, step.place)},
                          END};
    const char *text = say_put(s, final ? SAY_OP_FINAL : SAY_OP_INNER, slots);
    return with_more(s, text, say_handed(s, step.node, step.place));
}

static bool is_gate(OpKind op) {
    return op == OP_SIGMOID || op == OP_HARD_SIGMOID || op == OP_HARD_SIGMOID_KERAS;
}

/// What a gate opens for: the other factor of the product that it goes into, at this timestep.
static const char *gated(const Say *s, int node) {
    const Graph *g = s->graph;
    for (int i = 0; i < g->n_uses[node]; i++) {
        Use u = g->uses[node][i];
        const Node *product = &g->nodes[u.node];
        if (product->op != OP_MUL || u.lag > 0) continue;
        Arg other = product->args[1 - u.arg];
        const char *symbol = say_symbol(s, other.node);
        bool same = g->nodes[other.node].dim.rows == g->nodes[node].dim.rows;
        if (!same || g->nodes[other.node].op == OP_CONST) continue;
        return other.lag ? arena_printf(s->arena, "%s[t−%d]", symbol, other.lag) : symbol;
    }
    return NULL;
}

static const char *gate_words(const Say *s, int node, int place) {
    if (!is_gate(node_of(s, node)->op)) return "";
    const char *what = gated(s, node);
    const double *values = trace_value(s->trace, node, place);
    double sum = 0;
    for (int i = 0; i < count_of(s, node); i++) sum += values[i];
    double percent = floor(100 * sum / count_of(s, node) + 0.5);
    if (!what || !isfinite(percent)) return "";
    const Slot slots[] = {
        {"percent", say_number(s->arena, percent, 0, false, s->lang)}, {"what", what}, END};
    return say_put(s, SAY_GATE, slots);
}

static const char *equation_done(const Say *s, int equation, int place) {
    int node = s->graph->equations[equation].node;
    if (node == s->graph->loss) {
        const double *loss = trace_value(s->trace, node, place);
        const Slot slots[] = {{"t", say_count(s, place)}, {"y", say_value(s, *loss)}, END};
        return say_put(s, SAY_LOSS_AT, slots);
    }
    if (say_is_fed(s, node, place)) return say_fed(s, place);
    const char *told = say_dropped(s, node, place);
    if (!told) told = say_embedded(s, node, place);
    if (told) return told;
    const Slot slots[] = {{"t", say_count(s, place)},
                          {"eq", say_equation(s, equation)},
                          {"list", values_of(s, node, place)},
                          {"gate", gate_words(s, node, place)},
                          END};
    return say_put(s, SAY_EQUATION, slots);
}

// ---- states: what a timestep leaves behind ----

enum { STATES_MOST = 4 };

static bool is_state(const Graph *g, int equation) {
    const Equation *e = &g->equations[equation];
    const Part *part = &g->parts[e->part];
    if (part->kind == PART_LOSS || part->kind == PART_EMBEDDING || part->kind == PART_FEED)
        return false;
    return e->remembered || e->node == part->output;
}

static const char *one_state(const Say *s, int equation, int place, bool gradient) {
    int node = s->graph->equations[equation].node;
    const double *grad = trace_grad(s->trace, node, place);
    Say fine = finer(s, largest(grad, count_of(s, node)));
    const char *list = say_values(&fine, grad, count_of(s, node));
    const Slot slots[] = {{"eq", say_equation(s, equation)},
                          {"grad", say_gradient(s, node)},
                          {"list", gradient ? list : values_of(s, node, place)},
                          END};
    return say_put(s, gradient ? SAY_BACK_STATE : SAY_STATE, slots);
}

/// The states at a timestep that the playhead has reached; NULL if none is.
static const char *states(const Say *s, int place, bool gradient) {
    const Graph *g = s->graph;
    Buf out = buf_new(s->arena);
    int n = 0;
    for (int e = 0; e < g->n_equations && n < STATES_MOST; e++) {
        int node = g->equations[e].node;
        if (!is_state(g, e) || !trace_runs(s->trace, g->equations[e].part, place)) continue;
        int unit = count_of(s, node);
        const Walk *w = s->lesson->walk;
        bool known = gradient ? walk_grad_known(w, s->at, node, place, unit)
                              : walk_value_known(w, s->at, node, place, unit);
        if (!known) continue;
        if (n++) buf_puts(&out, s->lang == LANG_ZH ? "；" : "; ");
        buf_puts(&out, one_state(s, e, place, gradient));
    }
    return n ? buf_str(&out) : NULL;
}

// ---- loss ----

static const char *total_loss(const Say *s) {
    const Graph *g = s->graph;
    int n = 0, only = 0;
    for (int t = 1; t <= trace_steps(s->trace); t++) {
        if (!trace_runs(s->trace, g->loss_part, t)) continue;
        n++;
        only = t;
    }
    double scale = trace_loss_scale(s->trace);
    int parts = scale > 0 ? (int)floor(1 / scale + 0.5) : n;
    SayKind kind = n == 1 && parts == 1 ? SAY_LOSS_ONE
                   : scale == 1         ? SAY_LOSS_SUM
                   : parts == n         ? SAY_LOSS_MEAN
                                        : SAY_LOSS_MEAN_ALL;
    const Slot slots[] = {{"y", say_value(s, trace_loss(s->trace))},
                          {"t", say_count(s, only)},
                          {"n", say_count(s, kind == SAY_LOSS_MEAN_ALL ? parts : n)},
                          END};
    return say_put(s, kind, slots);
}

// ---- backward ----

/// Do the parts, as they are written with so many decimals, add up to what is written for the
/// total?
static bool adds_up(const Path *paths, int n, double total, int digits) {
    double sum = 0, unit = 1;
    for (int i = 0; i < digits; i++) unit /= 10;
    for (int i = 0; i < n; i++) {
        bool small = fabs(paths[i].share) < unit / 2; // gets more decimals
        sum += small ? paths[i].share : round(paths[i].share / unit) * unit;
    }
    return fabs(sum - round(total / unit) * unit) < unit / 2;
}

/// As s, with decimals for the parts of a sum: few where they cancel, one or two more where
/// rounding would show.
static Say adding(const Say *s, const Path *paths, int n, double total) {
    enum { MORE = 2 };
    double most = 0;
    for (int i = 0; i < n; i++)
        if (fabs(paths[i].share) > most) most = fabs(paths[i].share);
    Say fine = *s;
    fine.digits = s->lesson->digits;
    fine = fabs(total) < 1e-6 * most ? finer(&fine, most) : *s;
    if (n < 2 || !isfinite(most)) return fine;
    for (int more = 0; more <= MORE; more++)
        if (adds_up(paths, n, total, fine.digits + more)) return fine.digits += more, fine;
    return fine;
}

static const char *gradients(const Say *s, Step step) {
    return say_values(s, trace_grad(s->trace, step.node, step.place), count_of(s, step.node));
}

static const char *path_name_at(const Say *s, Step step, Path p, int here) {
    const Graph *g = s->graph;
    bool own = p.equation >= 0 && p.equation == node_of(s, step.node)->equation;
    int through =
        p.equation >= 0 && !(own && p.place == step.place) ? g->equations[p.equation].node : p.user;
    if (through == g->loss) return s->lang == LANG_ZH ? "损失" : "the loss";
    return say_symbol_at(s, through, p.place, 0, here);
}

static const char *path_name(const Say *s, Step step, Path p) {
    return path_name_at(s, step, p, step.place);
}

/// The timestep of all paths if it is one other than the step's, else 0.
static int common_place(Step step, const Path *paths, int n) {
    for (int i = 0; i < n; i++)
        if (paths[i].place != paths[0].place) return 0;
    return n > 1 && paths[0].place != step.place ? paths[0].place : 0;
}

static const char *path_names(const Say *s, Step step, const Path *paths, int n) {
    enum { SHOWN = 4 };
    Buf out = buf_new(s->arena);
    bool zh = s->lang == LANG_ZH;
    int shown = n <= SHOWN ? n : SHOWN, common = common_place(step, paths, n);
    if (zh && common) buf_printf(&out, "t = %d 时的 ", common);
    for (int i = 0; i < shown; i++) {
        if (i) buf_puts(&out, zh ? "、" : i == n - 1 ? " and " : ", ");
        buf_puts(&out, path_name_at(s, step, paths[i], common ? common : step.place));
    }
    if (!zh && common) buf_printf(&out, " at t = %d", common);
    if (n > shown) buf_printf(&out, zh ? " 等 %d 条路径" : " and %d more", zh ? n : n - shown);
    return buf_str(&out);
}

/// "0.0086 through h and 0.0214 through c at t = 4".
static const char *path_parts(const Say *s, Step step, const Path *paths, int n) {
    enum { SHOWN = 4 };
    Buf out = buf_new(s->arena);
    bool zh = s->lang == LANG_ZH;
    int shown = n <= SHOWN ? n : SHOWN - 1;
    double rest = 0;
    for (int i = 0; i < n; i++) {
        bool last = i == shown - 1 && n == shown;
        if (i >= shown) {
            rest += paths[i].share;
            continue;
        }
        if (i) buf_puts(&out, zh ? "，" : last ? " and " : ", ");
        const Slot slots[] = {
            {"y", say_value(s, paths[i].share)}, {"path", path_name(s, step, paths[i])}, END};
        buf_puts(&out, say_put(s, SAY_PART, slots));
    }
    if (n > shown) {
        const Slot slots[] = {{"y", say_value(s, rest)}, {"n", say_count(s, n - shown)}, END};
        buf_puts(&out, zh ? "，" : " and ");
        buf_puts(&out, say_put(s, SAY_PART_REST, slots));
    }
    return buf_str(&out);
}

/// "; for unit 1, 0.009 + 0.021 = 0.030".
static const char *path_example(const Say *s, Step step, const Path *paths, int n) {
    enum { SHOWN = 4 };
    if (n > SHOWN || node_of(s, step.node)->dim.cols != 1) return "";
    Term terms[SHOWN];
    for (int i = 0; i < n; i++) terms[i] = (Term){.a.value = paths[i].share};
    const double *grad = trace_grad(s->trace, step.node, step.place);
    Say fine = adding(s, paths, n, grad[0]);
    const Slot slots[] = {
        {"parts", say_terms(&fine, terms, n)}, {"y", say_value(&fine, grad[0])}, END};
    return say_put(s, SAY_BACK_EXAMPLE, slots);
}

static const char *seed(const Say *s, Step step) {
    double scale = *trace_grad(s->trace, step.node, step.place);
    bool whole = scale == floor(scale);
    const char *y = say_number(s->arena, scale, whole ? 0 : s->digits, true, s->lang);
    const Slot slots[] = {{"t", say_count(s, step.place)}, {"y", y}, END};
    return say_put(s, SAY_SEED, slots);
}

/// Has the only user of a gradient a sentence of its own?
static bool has_sentence(const Say *s, const Path *paths, int n) {
    if (n != 1 || paths[0].merged) return false;
    const Node *user = node_of(s, paths[0].user);
    return op_defs[user->op].say_back[s->lang] != NULL;
}

/// A sentence more where stop cuts a way: the one on from here, or some that would lead here.
static const char *cut_words(const Say *s, Step step, const Path *cuts, int n_cuts, bool others) {
    const Node *n = node_of(s, step.node);
    const Slot slots[] = {{"to", n->op == OP_STOP ? say_symbol(s, n->args[0].node) : ""},
                          {"paths", path_names(s, step, cuts, n_cuts)},
                          {"n", say_count(s, trace_piece(s->trace))},
                          END};
    bool piece = n_cuts > 0 && cuts[0].truncated;
    SayKind kind = piece ? SAY_BACK_PIECE_TOO : SAY_BACK_CUT_TOO;
    const char *too = n_cuts > 0 && others ? say_put(s, kind, slots) : "";
    return n->op == OP_STOP ? with_more(s, too, say_put(s, SAY_BACK_STOPS, slots)) : too;
}

/// The sentence about a gradient to which no way leads.
static SayKind no_way(const Path *cuts, int n_cuts) {
    return n_cuts == 0 ? SAY_BACK_NONE : cuts[0].truncated ? SAY_BACK_PIECE : SAY_BACK_CUT;
}

static const char *back_unit(const Say *s, Step step, int unit) {
    if (step.node == s->graph->loss) return seed(s, step);
    int n, n_cuts;
    const Path *paths = explain_paths(s->arena, s->lesson, step.node, step.place, unit, &n);
    const Path *cuts = explain_cuts(s->arena, s->lesson, step.node, step.place, &n_cuts);
    const double *grad = trace_grad(s->trace, step.node, step.place);
    bool told = has_sentence(s, paths, n);
    Say fine = adding(s, paths, n, grad[unit - 1]);
    const Slot slots[] = {
        {"t", say_count(s, step.place)},
        {"grad", say_gradient(s, step.node)},
        {"unit", say_unit(s, step.node, unit)},
        {"y", say_value(&fine, grad[unit - 1])},
        {"list", say_value(&fine, grad[unit - 1])},
        {"parts", path_parts(&fine, step, paths, n)},
        {"rest", told ? say_backward_unit(s, step.node, step.place, unit, paths[0]) : ""},
        END};
    const char *text = say_put(s,
                               told ? SAY_UNIT_GRAD
                               : n  ? SAY_BACK_PARTS
                                    : no_way(cuts, n_cuts),
                               slots);
    return with_more(s, text, cut_words(s, step, cuts, n_cuts, n > 0));
}

static const char *back_whole(const Say *s, Step step) {
    if (step.node == s->graph->loss) return seed(s, step);
    int n, n_cuts;
    const Path *paths = explain_paths(s->arena, s->lesson, step.node, step.place, 1, &n);
    const Path *cuts = explain_cuts(s->arena, s->lesson, step.node, step.place, &n_cuts);
    if (count_of(s, step.node) == 1) return back_unit(s, step, 1);
    const Slot slots[] = {{"t", say_count(s, step.place)},
                          {"grad", say_gradient(s, step.node)},
                          {"list", gradients(s, step)},
                          {"path", path_names(s, step, paths, n)},
                          {"paths", path_names(s, step, paths, n)},
                          {"example", path_example(s, step, paths, n)},
                          {"n", say_count(s, trace_piece(s->trace))},
                          END};
    const double *grad = trace_grad(s->trace, step.node, step.place);
    bool zero = n == 1 && all_zero(grad, count_of(s, step.node));
    const char *text = say_put(s,
                               n == 0   ? no_way(cuts, n_cuts)
                               : zero   ? SAY_BACK_ZERO
                               : n == 1 ? SAY_BACK_ONE
                                        : SAY_BACK_MANY,
                               slots);
    text = with_more(s, text, cut_words(s, step, cuts, n_cuts, n > 0));
    return n ? with_more(s, text, say_dropped_back(s, step.node, step.place)) : text;
}

// ---- parameters ----

static const char *param_unit(const Say *s, Step step, int unit, const double *share) {
    int n;
    const Path *paths = explain_paths(s->arena, s->lesson, step.node, step.place, unit, &n);
    bool told = has_sentence(s, paths, n);
    const Slot slots[] = {
        {"t", say_count(s, step.place)},
        {"grad", say_gradient(s, step.node)},
        {"unit", say_unit(s, step.node, unit)},
        {"y", say_value(s, share[unit - 1])},
        {"parts", path_parts(s, step, paths, n)},
        {"rest", told ? say_backward_unit(s, step.node, step.place, unit, paths[0]) : ""},
        END};
    return say_put(s, told ? SAY_UNIT_GRAD : n ? SAY_BACK_PARTS : SAY_PARAM_NONE, slots);
}

static const char *param_whole(const Say *s, Step step, const double *share) {
    enum { LISTED = 4 };
    int n = count_of(s, step.node), at = 1;
    for (int u = 1; u <= n; u++)
        if (isnan(share[u - 1]) || fabs(share[u - 1]) > fabs(share[at - 1])) at = u;
    double most = share[at - 1];
    const Slot slots[] = {{"t", say_count(s, step.place)},
                          {"grad", say_gradient(s, step.node)},
                          {"n", say_count(s, n)},
                          {"list", say_values(s, share, n)},
                          {"y", say_value(s, most)},
                          {"unit", say_unit(s, step.node, at)},
                          END};
    const char *text = say_put(s,
                               most == 0     ? SAY_PARAM_NONE
                               : n <= LISTED ? SAY_PARAM
                                             : SAY_PARAM_LARGEST,
                               slots);
    return most == 0 ? text : with_more(s, text, say_embedded_back(s, step.node, step.place));
}

static const char *param_step(const Say *s, Step step, int unit) {
    int n = count_of(s, step.node);
    double *share = ARENA_ARRAY(s->arena, double, n);
    trace_param_share(s->trace, node_of(s, step.node)->param, step.place, share);
    Say fine = finer(s, unit ? fabs(share[unit - 1]) : largest(share, n));
    return unit ? param_unit(&fine, step, unit, share) : param_whole(&fine, step, share);
}

// ---- grains ----

static const char *op_step(const Say *s, Step step, int unit) {
    if (step.node < 0) return total_loss(s);
    if (step.phase == PHASE_UPDATE) return say_update(s, step, unit);
    if (step.phase != PHASE_BACKWARD) return unit ? op_unit(s, step, unit) : op_whole(s, step);
    if (node_of(s, step.node)->op == OP_PARAM) return param_step(s, step, unit);
    const double *grad = trace_grad(s->trace, step.node, step.place);
    double size = unit ? fabs(grad[unit - 1]) : largest(grad, count_of(s, step.node));
    Say fine = finer(s, size);
    const char *text = unit ? back_unit(&fine, step, unit) : back_whole(&fine, step);
    bool fed = say_is_fed(s, step.node, step.place);
    return with_more(s, text, fed ? say_fed_back(s, step.place) : "");
}

/// Is the playhead at the last step of a group of this grain?
static bool at_end(const Say *s, Grain grain) {
    const Walk *w = s->lesson->walk;
    if (s->at.unit > 0) return false;
    Playhead before = walk_previous(w, s->at, grain);
    Playhead after = walk_next(w, before, grain);
    return after.at == s->at.at && after.unit == 0;
}

static const char *equation_step(const Say *s, Step step) {
    if (step.equation < 0 || !at_end(s, GRAIN_EQUATION)) return op_step(s, step, s->at.unit);
    if (step.phase != PHASE_BACKWARD) return equation_done(s, step.equation, step.place);
    step.node = s->graph->equations[step.equation].node;
    return op_step(s, step, 0);
}

static const char *timestep_step(const Say *s, Step step) {
    if (step.phase == PHASE_UPDATE)
        return at_end(s, GRAIN_TIMESTEP) ? say_update_done(s) : op_step(s, step, s->at.unit);
    bool back = step.phase == PHASE_BACKWARD;
    bool loss = step.phase == PHASE_LOSS || step.node < 0 ||
                node_of(s, step.node)->part == s->graph->loss_part;
    const char *told = !loss && at_end(s, GRAIN_TIMESTEP) ? states(s, step.place, back) : NULL;
    if (!told) return equation_step(s, step);
    const Slot slots[] = {{"t", say_count(s, step.place)}, {"states", told}, END};
    return say_put(s, back ? SAY_BACK_TIMESTEP : SAY_TIMESTEP, slots);
}

static const char *backward_done(const Say *s) {
    const double *grads = trace_param_grads(s->trace);
    double sum = 0;
    for (int i = 0; i < s->graph->n_weights; i++) sum += grads[i] * grads[i];
    const Slot slots[] = {
        {"n", say_count(s, s->graph->n_weights)}, {"y", say_value(s, sqrt(sum))}, END};
    return say_put(s, SAY_BACK_DONE, slots);
}

static const char *phase_step(const Say *s, Step step) {
    int first, last;
    bool has = walk_phase_range(s->lesson->walk, step.phase, &first, &last);
    if (!has || last != s->at.at - 1 || s->at.unit > 0) return timestep_step(s, step);
    if (step.phase == PHASE_BACKWARD) return backward_done(s);
    if (step.phase == PHASE_UPDATE) return say_update_done(s);
    const char *told = step.phase == PHASE_FORWARD ? states(s, step.place, false) : NULL;
    if (!told) return timestep_step(s, step);
    const Slot slots[] = {{"t", say_count(s, step.place)}, {"states", told}, END};
    return say_put(s, SAY_FORWARD_DONE, slots);
}

static const char *sentence(const Say *s, Grain grain) {
    const Walk *w = s->lesson->walk;
    if (s->at.at < 1 || walk_count(w) == 0) return say_sentences[SAY_NOTHING][s->lang];
    Step step = walk_step(w, s->at.at - 1);
    if (grain == GRAIN_UNIT)
        return op_step(s, step, s->at.unit ? s->at.unit : walk_units(w, s->at.at - 1));
    if (s->at.unit > 0 || grain == GRAIN_OPERATION) return op_step(s, step, s->at.unit);
    if (grain == GRAIN_EQUATION) return equation_step(s, step);
    return grain == GRAIN_TIMESTEP ? timestep_step(s, step) : phase_step(s, step);
}

const char *say_step(Arena *a, const Lesson *lesson, Playhead at, Grain grain, Lang lang) {
    Say s = say_new(a, lesson, lang, at);
    const char *text = sentence(&s, grain);
    return lang == LANG_ZH ? say_spaced(a, text) : text;
}
