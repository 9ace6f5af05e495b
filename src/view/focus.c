// A lesson's `focus:` line: when a scene opens, what it names stays at full strength and every
// other number of the layers is dimmed, never gone. It holds as long as the playhead stays where
// the scene put it; the learner's first step ends it, and so does hovering.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/address.h"
#include "view/panels.h"

#define DIMMED 0.45f   // share of the strength that is left
#define LEAST 0.12f    // strength below which nothing is dimmed
#define READABLE 0.73f // strength that leaves every text three times as light or dark as its card

static const StepBlock *step_block(const View *v) {
    const Lesson *l = v->lesson;
    if (v->scene < 0 || v->scene >= l->n_scenes || !l->scenes[v->lang]) return NULL;
    const StepBlock *step = &l->scenes[v->lang][v->scene].step;
    return step->given && step->focus && step->focus[0] ? step : NULL;
}

static bool is_there(Arena *a, const View *v, const char *address) {
    const char *why;
    Playhead p;
    if (!address || !address_parse(a, v->lesson->walk, address, &p, &why)) return false;
    return p.at == v->at.at && p.unit == v->at.unit;
}

// Does "f", "c[t-1]" or "layer2.h" name this node of an equation at this place? Timesteps other
// than the one at work belong to a name whatever its lag.
static bool names(const View *v, const char *word, Ref ref) {
    const Graph *g = v->lesson->graph;
    const Node *node = &g->nodes[ref.node];
    const char *full = g->equations[node->equation].full;
    size_t n = strcspn(word, "[");
    int lag = 0, here = view_place(v);
    if (word[n] == '[') sscanf(word + n, "[t-%d", &lag);
    bool same = strncmp(full, word, n) == 0 && full[n] == '\0';
    return same && (ref.place != here || lag == 0);
}

// What goes in and what comes out stays readable: only the layers' own numbers are dimmed.
static bool in_focus(const View *v, const StepBlock *step, Ref ref) {
    const Graph *g = v->lesson->graph;
    bool number = ref.kind == REF_VALUE || ref.kind == REF_GRAD;
    if (!number || ref.node < 0 || ref.node >= g->n_nodes) return true;
    const Node *node = &g->nodes[ref.node];
    if (node->equation < 0 || g->parts[node->part].kind != PART_LAYER) return true;
    for (const char *const *word = step->focus; *word; word++)
        if (names(v, *word, ref)) return true;
    return false;
}

static void dim(Ink *ink, float least) {
    bool empty = ink->role == ROLE_FAINT; // quiet enough already
    if (!empty && ink->strength > least) ink->strength = fmaxf(least, ink->strength * DIMMED);
}

void view_dim(Scene *s, const View *v, int from) {
    const StepBlock *step = step_block(v);
    if (!step || v->hover.kind != REF_NONE || !is_there(s->arena, v, step->at)) return;
    for (int k = from; k < s->count; k++) {
        Shape *shape = &s->shapes[k];
        if (shape->hot || in_focus(v, step, shape->ref)) continue;
        bool reads = shape->kind == SHAPE_TEXT || shape->kind == SHAPE_FORMULA;
        dim(&shape->fill, reads ? READABLE : LEAST);
        dim(&shape->stroke, LEAST);
    }
}
