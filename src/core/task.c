// What all tasks share. Each generator writes symbols or numbers and a target for every timestep;
// which of the targets count is the lesson's `loss_at`. Sequence i of a seed has a stream of its
// own, so that training may ask for any of them in any order.
#include "core/task.h"

#include <assert.h>
#include <string.h>

TaskKind task_find(const char *name) {
    for (int k = 0; k < TASK_COUNT; k++)
        if (strcmp(task_defs[k].name, name) == 0) return (TaskKind)k;
    return TASK_COUNT;
}

TaskSpec task_spec(TaskKind kind) {
    const TaskDef *def = &task_defs[kind];
    TaskSpec spec = {.kind = kind, .seed = 1};
    for (int i = 0; i < TASK_MAX_OPTIONS && def->options[i].name; i++)
        spec.option[i] = def->options[i].otherwise;
    if (def->n_inputs == 0) {
        spec.symbols = def->alphabet;
        while (def->alphabet[spec.n_symbols]) spec.n_symbols++;
    }
    return spec;
}

bool task_can_be_longer(TaskKind kind) {
    const TaskDef *def = &task_defs[kind];
    return !def->steps && !def->shortest;
}

/// How much longer than its first option says a sequence may be.
static int more_steps(const TaskSpec *spec) {
    return spec->longer + (task_defs[spec->kind].varies ? spec->option[1] : 0);
}

int task_steps(const TaskSpec *spec) {
    const TaskDef *def = &task_defs[spec->kind];
    return def->steps ? def->steps(spec) : spec->option[0] + more_steps(spec);
}

int task_shortest(const TaskSpec *spec) {
    const TaskDef *def = &task_defs[spec->kind];
    if (def->shortest) return def->shortest(spec);
    return task_can_be_longer(spec->kind) ? spec->option[0] : task_steps(spec);
}

int task_targets(const TaskSpec *spec) {
    const TaskDef *def = &task_defs[spec->kind];
    if (def->targets_are_sets) return spec->n_symbols;
    return def->n_targets ? def->n_targets : 1;
}

TaskSequence task_sequence_new(Arena *a, const TaskSpec *spec) {
    const TaskDef *def = &task_defs[spec->kind];
    int steps = task_steps(spec);
    TaskSequence q = {.steps = steps};
    if (def->n_inputs == 0)
        q.symbols = ARENA_ARRAY(a, int, steps);
    else
        q.inputs = ARENA_ARRAY(a, double, (size_t)steps *(size_t)def->n_inputs);
    bool classes = def->targets_are_symbols || def->n_classes;
    if (classes) q.classes = ARENA_ARRAY(a, int, steps);
    if (!classes || def->targets_are_sets)
        q.targets = ARENA_ARRAY(a, double, (size_t)steps *(size_t)task_targets(spec));
    return q;
}

void task_generate(const TaskSpec *spec, int64_t i, TaskSequence *out) {
    assert(i >= 0);
    const TaskDef *def = &task_defs[spec->kind];
    // an odd multiplier other than splitmix64's own, so that streams of neighbours do not overlap
    Rng rng = rng_new(spec->seed ^ ((uint64_t)i * UINT64_C(0xD1342543DE82EF95)));
    out->steps = task_steps(spec);
    if (more_steps(spec) > 0) out->steps = spec->option[0] + rng_below(&rng, more_steps(spec) + 1);
    def->generate(spec, &rng, out->steps, out);
}
