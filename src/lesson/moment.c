// A moment of training is a lesson in its own right, so that everything that shows, tells or
// exports a lesson does so with a moment too. Only what depends on the weights is made anew.
#include "lesson/moment.h"

#include "core/address.h"
#include "lesson/reading.h"

static const Lesson *after_training(const Lesson *lesson) {
    return lesson->trained ? lesson->trained : lesson;
}

static bool refuse(const char **why, const char *reason) {
    *why = reason;
    return false;
}

bool moment_is_there(Arena *a, const Lesson *lesson, int moment, int steps, const char **why) {
    if (moment == 0) return true;
    if (steps == 0)
        return refuse(why, arena_printf(a,
                                        "there is no optimizer step %d: the lesson has no "
                                        "training",
                                        moment));
    if (moment == steps + 1)
        return refuse(why, arena_printf(a,
                                        "training ends with optimizer step %d; what stands "
                                        "after it has no '@%d/' before it",
                                        steps, moment));
    if (moment > steps)
        return refuse(
            why, arena_printf(a, "there is no optimizer step %d: training has %d", moment, steps));
    if (history_spacing(&lesson->train, lesson->graph->n_weights, HISTORY_MAX_BYTES) == 0)
        return refuse(why, "the network is too large for its training to be kept, so that no "
                           "optimizer step can be opened again");
    return true;
}

int moment_count(const Lesson *lesson) {
    int spacing = 0;
    if (lesson->history) history_kept(lesson->history, &spacing);
    return spacing > 0 ? history_steps(lesson->history) : 0;
}

static int steps_of(const Lesson *lesson) {
    return lesson->history ? history_steps(lesson->history) : 0;
}

const Lesson *moment_open(Arena *a, const Lesson *lesson, int moment, TrainProgress *progress,
                          void *progress_context, const char **why) {
    const Lesson *base = after_training(lesson);
    if (!moment_is_there(a, base, moment, steps_of(base), why)) return NULL;
    if (moment == 0) return base;
    Moment found;
    *why = NULL;
    if (!history_open(base->history, a, moment, progress, progress_context, &found)) return NULL;
    Lesson *l = ARENA_NEW(a, Lesson);
    *l = *base;
    l->moment = moment;
    l->trained = base;
    l->params = found.params;
    l->graph = base->training_graph;
    train_masks(a, l->graph, &l->train, (int64_t)(moment - 1) * l->train.batch, &l->sequence);
    l->trace = trace_new(a, l->graph, l->sequence.steps);
    // pieces that overlap give values no one gradient to show
    int piece = l->train.reach > l->train.truncate ? 0 : l->train.truncate;
    trace_truncate(a, l->trace, piece, piece);
    lesson_run(a, l);
    walk_set_moment(l->walk, moment);
    if (!base->update) return l;
    Update *update =
        update_new(a, &l->train, &found.from, l->graph->n_weights, found.grad, found.params);
    update->batch = l->train.batch;
    update->batch_loss = found.loss;
    l->update = update;
    walk_add_update(l->walk);
    return l;
}

// ---- the same step with and without masks

const Walk *moment_walk(const Lesson *lesson, int moment) {
    const Lesson *base = after_training(lesson);
    return moment ? base->training_walk : base->walk;
}

/// Of dropout are the nodes of a mask and of the product, which follows it. All others are the same
/// in both networks, in the same order.
static int without_masks(const Graph *with, int node) {
    const Equation *dropout = graph_dropout(with, node);
    if (dropout) node = with->nodes[dropout->node].args[0].node;
    int before = 0;
    while (before < with->n_masks && with->masks[before] < node) before++;
    return node - 2 * before;
}

static int with_masks(const Graph *with, int node) {
    for (int m = 0; m < with->n_masks && with->masks[m] <= node; m++) node += 2;
    return node;
}

Playhead moment_step(const Lesson *lesson, int from, int to, Playhead at) {
    const Walk *walk = moment_walk(lesson, from), *other = moment_walk(lesson, to);
    if (walk == other || at.at == 0) return at;
    Step step = walk_step(walk, at.at - 1);
    int found, first;
    if (step.node < 0)
        walk_phase_range(other, step.phase, &first, &found);
    else
        found = walk_find(other, step.phase,
                          to ? with_masks(walk_graph(other), step.node)
                             : without_masks(walk_graph(walk), step.node),
                          step.place);
    return (Playhead){found + 1, at.unit};
}

bool moment_read(Arena *a, const Lesson *lesson, const char *address, int *moment, Playhead *at,
                 const char **why) {
    const Lesson *base = after_training(lesson);
    const char *rest;
    int n;
    if (!address_moment(a, address, &n, &rest, why) ||
        !moment_is_there(a, base, n, steps_of(base), why))
        return false;
    // without a step of the walk, the whole address is what is wrong
    if (!address_parse(a, moment_walk(base, n), n && !*rest ? address : rest, at, why))
        return false;
    *moment = n;
    return true;
}

bool moment_find(Arena *a, const Lesson **lesson, const char *address, Playhead *at,
                 const char **why) {
    int moment;
    Playhead found;
    if (!moment_read(a, *lesson, address, &moment, &found, why)) return false;
    const Lesson *opened =
        moment == (*lesson)->moment ? *lesson : moment_open(a, *lesson, moment, NULL, NULL, why);
    if (!opened) return false;
    *lesson = opened;
    *at = found;
    return true;
}
