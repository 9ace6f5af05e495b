// Step addresses, read and written. Writing tries the shortest form that the grain allows and
// goes finer until reading it leads back, so the two can never disagree.
//
// Grammar: ["@" N "/"] PHASE [":" T [":" NAME ["." OP] ["[" UNIT "]"]]], numbers from 1; T may be 0
// for "before the phase".
#include "core/address.h"

#include <limits.h>
#include <string.h>

#include "core/diag.h"
#include "core/unicode.h"

const char *const phase_names[PHASE_COUNT] = {"forward", "loss", "backward", "update"};
const char *const grain_names[GRAIN_COUNT] = {"unit",     "operation", "equation",
                                              "timestep", "phase",     "optimizer-step"};

typedef struct {
    Arena *arena;
    const Walk *walk;
    const Graph *graph;
    const char **why;
    const char *text; // the whole address
    Phase phase;
    int place;
} Reader;

static bool fail(Reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool fail(Reader *r, const char *format, ...) {
    va_list args;
    va_start(args, format);
    *r->why = arena_vprintf(r->arena, format, args);
    va_end(args);
    return false;
}

/// A whole number that is all of s; -1 if s is none, INT_MAX if it is too large for an int.
static int whole_number(const char *s) {
    int n = 0;
    if (*s == '\0') return -1;
    for (; *s; s++) {
        if (*s < '0' || *s > '9') return -1;
        n = n > (INT_MAX - 9) / 10 ? INT_MAX : n * 10 + (*s - '0');
    }
    return n;
}

static bool read_phase(Reader *r, const char *word) {
    for (int i = 0; i < PHASE_COUNT; i++) {
        if (strcmp(word, phase_names[i]) != 0) continue;
        r->phase = (Phase)i;
        int first, last;
        if (walk_phase_range(r->walk, r->phase, &first, &last)) return true;
        if (i == PHASE_UPDATE)
            return fail(r, "there is no update step here: the lesson has no train block");
        return fail(r, "there is no %s step here: the lesson has no loss", word);
    }
    const char *words[PHASE_COUNT + 1] = {0};
    memcpy(words, phase_names, sizeof phase_names);
    const char *near = nearest_word(word, words);
    if (near) return fail(r, "'%s' is no phase; is '%s' meant?", word, near);
    return fail(r, "'%s' is no phase: an address begins with forward, loss, backward or update",
                word);
}

static bool read_place(Reader *r, const char *word, int steps) {
    r->place = whole_number(word);
    if (r->place < 0)
        return fail(r, "'%s' is no timestep: a number from 1 to %d belongs there", word, steps);
    if (r->place > 1 && r->phase == PHASE_UPDATE)
        return fail(r, "the update is one for all timesteps: 'update', or 'update:1:W' for a W");
    if (r->place > steps)
        return fail(r, "there is no timestep %s: the sequence has %d", word, steps);
    return true;
}

static bool unknown_name(Reader *r, const char *name) {
    const Graph *g = r->graph;
    const char **words = ARENA_ARRAY(r->arena, const char *, g->n_equations + g->n_params + 2);
    int n = 0;
    for (int i = 0; i < g->n_equations; i++) words[n++] = g->equations[i].full;
    for (int i = 0; i < g->n_params; i++) words[n++] = g->params[i].full;
    words[n] = "x";
    const char *near = nearest_word(name, words);
    if (near) return fail(r, "there is no '%s' here; is '%s' meant?", name, near);
    return fail(r, "there is no '%s' here", name);
}

/// The step at which an equation, or its operation op (0: none named), is done.
static bool find_operation(Reader *r, int equation, int op, int *at) {
    const Equation *e = &r->graph->equations[equation];
    const char *phase = phase_names[r->phase];
    if (r->phase == PHASE_UPDATE)
        return fail(r, "%s is computed, not learned: in the update only weights and biases move",
                    e->full);
    if (op > e->n_steps || (op == 0 && e->n_steps == 0))
        return fail(r, "%s has %d operation%s, so there is no %s.%d", e->full, e->n_steps,
                    e->n_steps == 1 ? "" : "s", e->full, op ? op : 1);
    int wanted = op ? op : r->phase == PHASE_BACKWARD ? 1 : e->n_steps, node = e->first;
    while (node < e->last && r->graph->nodes[node].step != wanted) node++;
    *at = walk_find(r->walk, r->phase, node, r->place);
    if (*at >= 0) return true;
    bool loss = e->part == r->graph->loss_part;
    if (e->part == r->graph->feed_part)
        return fail(r, "%s is given at timestep %d: an output is fed back in its place only later",
                    e->full, r->place);
    if (r->graph->parts[e->part].stretch && r->graph->parts[e->part].kind == PART_LAYER)
        return fail(r, "%s has no step in %s:%d: at this timestep the %s runs", e->full, phase,
                    r->place,
                    r->graph->parts[e->part].stretch == STRETCH_PROMPT ? "decoder" : "encoder");
    if (loss && r->phase == PHASE_FORWARD)
        return fail(r, "%s belongs to the phase loss: 'loss:%d'", e->full, r->place);
    if (!loss && r->phase == PHASE_LOSS)
        return fail(r, "%s does not belong to the phase loss, but to forward", e->full);
    return fail(r, "%s has no step in %s:%d: no loss is taken at this timestep", e->full, phase,
                r->place);
}

static bool find_share(Reader *r, const char *name, int node, int *at) {
    *at = walk_find(r->walk, r->phase, node, r->place);
    if (*at >= 0) return true;
    if (r->phase == PHASE_UPDATE)
        return fail(r, "%s is given, not learned: it does not move", name);
    if (r->phase != PHASE_BACKWARD)
        return fail(r, "%s is given, not computed: it has steps only in backward", name);
    return fail(r, "%s has no step in backward:%d", name, r->place);
}

/// Finds NAME or NAME.OP; the name is changed in place.
static bool find_name(Reader *r, char *name, int *at) {
    const Graph *g = r->graph;
    int equation = graph_find_equation(g, name), op = 0;
    char *dot = strrchr(name, '.');
    if (equation < 0 && dot && whole_number(dot + 1) >= 0) {
        op = whole_number(dot + 1);
        *dot = '\0';
        equation = graph_find_equation(g, name);
        if (op == 0) return fail(r, "operations are counted from 1, so there is no %s.0", name);
        if (equation < 0 && (graph_find_param(g, name) >= 0 || strcmp(name, "x") == 0))
            return fail(r, "%s is one step, so there is no %s.%d", name, name, op);
    }
    bool given = equation >= 0 && g->equations[equation].node == g->x && g->x == g->data;
    if (given && op == 0 && r->phase == PHASE_BACKWARD) return find_share(r, name, g->x, at);
    if (equation >= 0) return find_operation(r, equation, op, at);
    int param = graph_find_param(g, name);
    if (param >= 0) return find_share(r, name, g->params[param].node, at);
    if (strcmp(name, "x") == 0) return find_share(r, name, g->x, at);
    return unknown_name(r, name);
}

/// Takes "[UNIT]" off the end of a name; *unit is 0 without one.
static bool take_unit(Reader *r, char *name, int *unit) {
    char *open = strchr(name, '[');
    size_t n = strlen(name);
    *unit = 0;
    if (!open) return true;
    if (name[n - 1] != ']') return fail(r, "'%s' lacks its ']'", name);
    name[n - 1] = '\0';
    *open = '\0';
    *unit = whole_number(open + 1);
    if (*unit < 1) return fail(r, "'[%s]' is no unit: units are counted from 1", open + 1);
    return true;
}

static bool read_name(Reader *r, char *name, Playhead *out) {
    int unit, at;
    if (r->place == 0) return fail(r, "timesteps are counted from 1, so '%s' has no step", r->text);
    if (!take_unit(r, name, &unit) || !find_name(r, name, &at)) return false;
    int units = walk_units(r->walk, at);
    if (unit > units)
        return fail(r, "%s has %d unit%s, so there is no [%d]", name, units, units == 1 ? "" : "s",
                    unit);
    *out = (Playhead){at + 1, unit == units ? 0 : unit};
    return true;
}

static bool read_timestep(Reader *r, Playhead *out) {
    int first, last;
    if (r->place == 0) {
        walk_phase_range(r->walk, r->phase, &first, &last);
        *out = (Playhead){first, 0};
        return true;
    }
    if (!walk_timestep_range(r->walk, r->phase, r->place, &first, &last))
        return fail(r, "no loss is taken at timestep %d, so there is no %s", r->place, r->text);
    *out = (Playhead){last + 1, 0};
    return true;
}

/// Cuts s at the first ':'; what follows it, or NULL.
static char *cut(char *s) {
    char *colon = strchr(s, ':');
    if (colon) *colon = '\0';
    return colon ? colon + 1 : NULL;
}

bool address_moment(Arena *a, const char *text, int *moment, const char **rest, const char **why) {
    Reader r = {.arena = a, .why = why, .text = text};
    *moment = 0;
    *rest = text;
    if (*text != '@') return true;
    size_t n = strcspn(text, "/");
    const char *number = arena_copy(a, text + 1, n - 1);
    *moment = whole_number(number);
    *rest = text + n + (text[n] == '/');
    if (*moment < 0)
        return fail(&r, "'%s' is no optimizer step: a number from 1 belongs after the '@'", number);
    if (*moment == 0)
        return fail(&r, "optimizer steps are counted from 1: @1/ is before the first of them");
    return true;
}

bool address_parse(Arena *a, const Walk *w, const char *text, Playhead *out, const char **why) {
    Reader r = {.arena = a, .walk = w, .graph = walk_graph(w), .why = why, .text = text};
    int moment;
    if (!address_moment(a, text, &moment, &text, why)) return false;
    if (moment && *text == '\0')
        return fail(&r,
                    "'%s' names an optimizer step; a step of the walk follows it, as in "
                    "@%d/forward:3",
                    r.text, moment);
    if (moment != walk_moment(w))
        return fail(&r, "'%s' is %s", r.text,
                    moment ? "in another optimizer step"
                           : "after training, not in this step of it");
    const char *nfc = unicode_nfc(a, text, strlen(text));
    if (!nfc) return fail(&r, "'%s' is not UTF-8", text);
    char *phase = arena_copy(a, nfc, strlen(nfc)), *place = cut(phase), *name = NULL;
    int first, last;
    if (!read_phase(&r, phase)) return false;
    if (!place) {
        walk_phase_range(w, r.phase, &first, &last);
        *out = (Playhead){last + 1, 0};
        return true;
    }
    name = cut(place);
    if (!read_place(&r, place, walk_timesteps(w))) return false;
    return name ? read_name(&r, name, out) : read_timestep(&r, out);
}

/// The address of the last step done, as coarse as the grain; it may lead elsewhere.
static const char *candidate(Arena *a, const Walk *w, Playhead p, Grain grain) {
    const Graph *g = walk_graph(w);
    Step s = walk_step(w, p.at - 1);
    const char *phase = phase_names[s.phase];
    if (grain >= GRAIN_PHASE || s.node < 0) return phase;
    if (grain == GRAIN_TIMESTEP) return arena_printf(a, "%s:%d", phase, s.place);
    const Node *n = &g->nodes[s.node];
    const char *name = "x";
    if (s.equation >= 0)
        name = g->equations[s.equation].full;
    else if (n->op == OP_PARAM)
        name = g->params[n->param].full;
    bool several = s.equation >= 0 && g->equations[s.equation].n_steps > 1;
    if (several && grain <= GRAIN_OPERATION) name = arena_printf(a, "%s.%d", name, n->step);
    if (grain > GRAIN_UNIT || p.unit == 0) return arena_printf(a, "%s:%d:%s", phase, s.place, name);
    return arena_printf(a, "%s:%d:%s[%d]", phase, s.place, name, p.unit);
}

const char *address_format(Arena *a, const Walk *w, Playhead p, Grain grain) {
    int moment = walk_moment(w);
    const char *before = moment ? arena_printf(a, "@%d/", moment) : "";
    if (p.at == 0) return arena_printf(a, "%sforward:0", before);
    for (; grain > GRAIN_UNIT; grain--) {
        Playhead back;
        const char *why, *text = arena_printf(a, "%s%s", before, candidate(a, w, p, grain));
        if (address_parse(a, w, text, &back, &why) && back.at == p.at && back.unit == p.unit)
            return text;
    }
    return arena_printf(a, "%s%s", before, candidate(a, w, p, GRAIN_UNIT));
}

const char *address_file_name(Arena *a, const Walk *w, Playhead p, Grain grain) {
    const char *text = address_format(a, w, p, grain);
    bool moment = *text == '@';
    char *name = arena_printf(a, "%s%s", moment ? "step-" : "", text + moment), *to = name;
    for (const char *c = name; *c; c++)
        if (*c != ']') *to++ = strchr(":[/", *c) ? '-' : *c;
    *to = '\0';
    return name;
}
