// Each generator writes symbols or numbers and a target for every timestep; which of the targets
// count is the lesson's `loss_at`. Sequence i of a seed has a stream of its own, so that training
// may ask for any of them in any order.
//
// Sources: copying, Hochreiter & Schmidhuber (1997) in the form of Arjovsky et al. (2016); adding,
// Hochreiter & Schmidhuber (1997) in the form of Le et al. (2015).
#include "core/task.h"

#include <assert.h>
#include <string.h>

static int filler(const TaskSpec *s) {
    return s->n_symbols - 1;
}

/// A B or the like first, then only filler: nothing but memory can tell at the end what came first.
static void recall_first(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    int first = rng_below(rng, filler(s));
    for (int t = 0; t < steps; t++) {
        out->symbols[t] = t == 0 ? first : filler(s);
        out->classes[t] = first;
    }
}

static void parity(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    (void)s;
    int odd = 0;
    for (int t = 0; t < steps; t++) {
        int bit = rng_below(rng, 2);
        odd ^= bit;
        out->inputs[t] = bit;
        out->classes[t] = odd;
    }
}

/// The symbols, `delay` fillers, the delimiter, then fillers; the symbols again at the end. The
/// alphabet ends in delimiter and filler. T = delay + 2 span + 1.
static void copy_memory(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    int span = s->option[0], delay = s->option[1];
    int blank = filler(s), delimiter = blank - 1;
    for (int t = 0; t < steps; t++) {
        out->symbols[t] = t < span ? rng_below(rng, delimiter) : blank;
        if (t == span + delay) out->symbols[t] = delimiter;
    }
    for (int t = 0; t < steps; t++)
        out->classes[t] = t <= span + delay ? blank : out->symbols[t - span - delay - 1];
}

static int copy_memory_steps(const TaskSpec *s) {
    return s->option[1] + 2 * s->option[0] + 1;
}

/// A value in [0, 1) and a marker; one mark in each half. The target is the sum of the marked
/// values so far, whole at the end.
static void adding(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    (void)s;
    int half = steps / 2;
    int first = rng_below(rng, half), second = half + rng_below(rng, steps - half);
    double sum = 0;
    for (int t = 0; t < steps; t++) {
        double value = rng_uniform(rng), mark = t == first || t == second;
        out->inputs[2 * t] = value;
        out->inputs[2 * t + 1] = mark;
        sum += mark * value;
        out->targets[t] = sum;
    }
}

/// A symbol now and then, filler between; the target is the latest symbol.
static void latch(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    int latest = 0, every = s->option[1];
    for (int t = 0; t < steps; t++) {
        bool event = t == 0 || rng_below(rng, every) == 0;
        if (event) latest = rng_below(rng, filler(s));
        out->symbols[t] = event ? latest : filler(s);
        out->classes[t] = latest;
    }
}

// clang-format off
const TaskDef task_defs[TASK_COUNT] = {
    [TASK_RECALL_FIRST] = {
        .name = "recall-first",
        .about = {"say at the end which symbol came first", "到最后说出第一个符号是哪一个"},
        .baseline = "ln(symbols without the filler): 0.693 with A and B",
        .alphabet = {"A", "B", "."}, .min_symbols = 2, .targets_are_symbols = true, .last = true,
        .options = {{"length", 1, TASK_MAX_LENGTH, 6}},
        .generate = recall_first},
    [TASK_PARITY] = {
        .name = "parity",
        .about = {"is the number of ones odd?", "1 的个数是奇数吗？"},
        .baseline = "ln 2 = 0.693: without all of the past both answers are as likely",
        .n_inputs = 1, .n_classes = 2, .last = true,
        .options = {{"length", 1, TASK_MAX_LENGTH, 8}},
        .generate = parity},
    [TASK_COPY_MEMORY] = {
        .name = "copy-memory",
        .about = {"hold some symbols over a gap, then repeat them", "隔一段空白之后重复先前的符号"},
        .baseline = "span x ln(symbols) / T: guessing at the end, the filler before",
        .alphabet = {"A", "B", "C", "D", ">", "."}, .min_symbols = 3, .targets_are_symbols = true,
        .says_filler = true,
        .options = {{"span", 1, TASK_MAX_LENGTH, 3}, {"delay", 0, TASK_MAX_LENGTH, 4}},
        .generate = copy_memory, .steps = copy_memory_steps},
    [TASK_ADDING] = {
        .name = "adding",
        .about = {"add the two marked numbers", "把两个带标记的数相加"},
        .baseline = "mean squared error 1/6 = 0.167, from always saying 1",
        .n_inputs = 2, .last = true,
        .options = {{"length", 2, TASK_MAX_LENGTH, 10}},
        .generate = adding},
    [TASK_LATCH] = {
        .name = "latch",
        .about = {"say which symbol came last, through the fillers", "在空白之中记住最近出现的符号"},
        .baseline = "ln(symbols without the filler) at each filler, 0 at each symbol",
        .alphabet = {"A", "B", "."}, .min_symbols = 2, .targets_are_symbols = true,
        .options = {{"length", 1, TASK_MAX_LENGTH, 8}, {"every", 1, 1000, 4}},
        .generate = latch},
};
// clang-format on

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

int task_steps(const TaskSpec *spec) {
    const TaskDef *def = &task_defs[spec->kind];
    return def->steps ? def->steps(spec) : spec->option[0];
}

TaskSequence task_sequence_new(Arena *a, const TaskSpec *spec) {
    const TaskDef *def = &task_defs[spec->kind];
    int steps = task_steps(spec);
    TaskSequence q = {0};
    if (def->n_inputs == 0)
        q.symbols = ARENA_ARRAY(a, int, steps);
    else
        q.inputs = ARENA_ARRAY(a, double, (size_t)steps *(size_t)def->n_inputs);
    if (def->targets_are_symbols || def->n_classes)
        q.classes = ARENA_ARRAY(a, int, steps);
    else
        q.targets =
            ARENA_ARRAY(a, double, (size_t)steps *(size_t)(def->n_targets ? def->n_targets : 1));
    return q;
}

void task_generate(const TaskSpec *spec, int64_t i, TaskSequence *out) {
    assert(i >= 0);
    const TaskDef *def = &task_defs[spec->kind];
    // an odd multiplier other than splitmix64's own, so that streams of neighbours do not overlap
    Rng rng = rng_new(spec->seed ^ ((uint64_t)i * UINT64_C(0xD1342543DE82EF95)));
    def->generate(spec, &rng, task_steps(spec), out);
}
