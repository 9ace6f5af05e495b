// Data as the trace takes it: symbols become one-hot columns, classes one-hot targets. Everything
// of length T is made here, after the caller has looked at the size.
#include <string.h>

#include "core/feed.h"
#include "lesson/data_file.h"

struct TrainData {
    const Reading *reading;
    TaskSequence task;
    double *inputs, *targets; // what next points to
    bool *has_loss;
    Sequence next;
};

/// Of a task: the first sequence that is held out, further than any training comes.
static const int64_t FIRST_HELD = INT64_C(1) << 40;

static void one_hot(int n, int index, double *row) {
    memset(row, 0, (size_t)n * sizeof *row);
    row[index] = 1;
}

/// Does a task or a file give the sequences, and not the lesson itself?
static bool is_generated(const DataSpec *data) {
    return data->is_task || data->file;
}

static TaskSequence sequence_new(Arena *a, const DataSpec *data) {
    return data->file ? data_file_sequence_new(a, data->file) : task_sequence_new(a, &data->task);
}

/// A sequence of the task or the file in the form of the network.
static void spread(const Reading *r, const TaskSequence *q, int target, double *inputs,
                   double *targets) {
    const DataSpec *data = &r->data;
    size_t input = (size_t)data->input, rows = (size_t)target, given = (size_t)data->target_rows;
    for (int t = 0; t < q->steps; t++) {
        double *x = inputs + (size_t)t * input, *y = targets + (size_t)t * rows;
        if (q->symbols)
            one_hot(data->input, q->symbols[t], x);
        else
            memcpy(x, q->inputs + (size_t)t * input, input * sizeof *x);
        if (!target) continue;
        if (data->targets == TARGETS_ROWS && q->targets)
            memcpy(y, q->targets + (size_t)t * given, (given < rows ? given : rows) * sizeof *y);
        else if (data->targets == TARGETS_ROWS)
            y[0] = q->classes[t];
        else if (q->classes[t] < target)
            one_hot(target, q->classes[t], y);
    }
}

static bool is_one_hot(int n, const double *row) {
    int ones = 0;
    for (int i = 0; i < n; i++) {
        if (row[i] != 0 && row[i] != 1) return false;
        ones += row[i] == 1;
    }
    return ones == 1;
}

/// The class of an inline target.
static int class_of(Reading *r, const Item *e) {
    int64_t value = 0;
    if (r->data.targets == TARGETS_SYMBOLS)
        return alphabet_find(r->arena, &r->data.alphabet, e->text, false);
    return item_whole(e, &value) == NUMBER_FINE ? (int)value : 0;
}

static bool spread_entry(Reading *r, const Item *e, int rows, double *y) {
    if (r->data.targets != TARGETS_ROWS) {
        int class = class_of(r, e);
        if (class >= rows)
            return READING_ERROR(r, e,
                                 "this is class %d, so the network's result needs %d rows, "
                                 "and it has %d",
                                 class, class + 1, rows);
        one_hot(rows, class, y);
        return true;
    }
    Numbers numbers;
    if (!numbers_read(r, e, "a target", &numbers)) return false;
    memcpy(y, numbers.at, (size_t)rows * sizeof *y);
    for (int i = 0; i < rows && r->loss == LOSS_BINARY_CROSS_ENTROPY; i++)
        if (!(y[i] >= 0 && y[i] <= 1))
            return READING_ERROR(r, e, "binary-cross-entropy takes targets from 0 to 1, not %g",
                                 y[i]);
    if (r->loss == LOSS_CROSS_ENTROPY && !is_one_hot(rows, y))
        return READING_ERROR(r, e,
                             "cross-entropy takes classes: a class number, a symbol, or a "
                             "row with a single 1");
    return true;
}

static bool spread_inline(Reading *r, int rows, double *targets) {
    const DataSpec *data = &r->data;
    bool fine = true;
    for (int t = 0; t < data->steps; t++)
        if (data->entries[t])
            fine &= spread_entry(r, data->entries[t], rows, targets + (size_t)t * (size_t)rows);
    return fine;
}

/// Does a row of targets have as many numbers as the network's result?
static bool rows_fit(Reading *r, int rows) {
    const DataSpec *data = &r->data;
    if (data->targets == TARGETS_ROWS && data->target_rows && data->target_rows != rows)
        return diag_error(r->diags, r->source, data->targets_place,
                          "a row of targets has %d number%s, and the network's result has %d row%s",
                          data->target_rows, data->target_rows == 1 ? "" : "s", rows,
                          rows == 1 ? "" : "s");
    // the filler of a task that is never an answer needs no row
    int needed = data->n_classes;
    if (data->is_task && data->targets == TARGETS_SYMBOLS &&
        !task_defs[data->task.kind].says_filler)
        needed--;
    if (is_generated(data) && data->targets != TARGETS_ROWS && needed > rows)
        return diag_error(r->diags, r->source, data->targets_place,
                          "the %s has %d classes, and the network's result has %d row%s",
                          data->file ? "file" : "task", needed, rows, rows == 1 ? "" : "s");
    return true;
}

static double *inline_inputs(const Reading *r, Arena *a) {
    const DataSpec *data = &r->data;
    double *x = ARENA_ARRAY(a, double, (size_t)data->steps *(size_t)data->input);
    size_t given = (size_t)data->given * (size_t)data->input;
    if (data->inputs) memcpy(x, data->inputs, given * sizeof *x);
    for (int t = 0; !data->inputs && t < data->given; t++)
        one_hot(data->input, data->symbols[t], x + (size_t)t * (size_t)data->input);
    return x;
}

/// The symbols that are given as inputs, -1 where what the network says stands in their place.
static const int *given_symbols(Reading *r, int steps, const int *symbols, const int *classes) {
    const DataSpec *data = &r->data;
    int prompt, fed = feedback_places(r, steps, &prompt);
    if (!fed || !symbols) return symbols;
    int *given = ARENA_ARRAY(r->arena, int, steps);
    for (int t = 0; t < steps; t++) {
        bool there = t + 1 < fed;
        if (there || (data->forced && !feedback_replaces(r)))
            given[t] = symbols[t];
        else if (!data->forced || data->targets != TARGETS_SYMBOLS)
            given[t] = -1;
        else
            given[t] = data->entries ? class_of(r, data->entries[t - 1]) : classes[t - 1];
    }
    return given;
}

static void fill_symbols(Reading *r, const int *symbols, const int *classes, Lesson *lesson) {
    const DataSpec *data = &r->data;
    if (data->alphabet.n) lesson->symbols = data->alphabet.names;
    lesson->input_symbols = given_symbols(r, lesson->sequence.steps, symbols, classes);
    if (data->targets != TARGETS_CLASSES && data->targets != TARGETS_SYMBOLS) return;
    int steps = lesson->sequence.steps, *shown = ARENA_ARRAY(r->arena, int, steps);
    for (int t = 0; t < steps; t++) {
        bool counts = data_has_loss(r, t + 1, steps);
        if (is_generated(data))
            shown[t] = counts ? classes[t] : -1;
        else
            shown[t] = data->entries[t] ? class_of(r, data->entries[t]) : -1;
    }
    lesson->target_classes = shown;
}

/// Where the loss is taken in a sequence of `steps`.
static void place_losses(const Reading *r, int steps, bool *has_loss) {
    for (int t = 0; t < steps; t++)
        has_loss[t] = r->loss != LOSS_NONE && data_has_loss(r, t + 1, steps);
}

/// Says where the sequence goes on by itself, or puts the targets there.
static void hand_on(const Reading *r, bool forced, double *inputs, Sequence *q) {
    int fed = feedback_places(r, q->steps, &q->prompt);
    q->fed = forced || !r->feed ? 0 : fed;
    feedback_force(r, forced, q, inputs);
    q->inputs = inputs;
}

bool data_sequence(Reading *r, const Graph *g, Lesson *lesson) {
    DataSpec *data = &r->data;
    bool loss = r->loss != LOSS_NONE;
    int rows = loss ? dim_count(g->nodes[g->output].dim) : 0;
    bool fits = !loss || (rows_fit(r, rows) && feedback_fits(r, rows));
    double *targets = ARENA_ARRAY(r->arena, double, (size_t)data->steps *(size_t)rows + 1);
    bool *has_loss = ARENA_ARRAY(r->arena, bool, data->steps);
    Sequence *q = &lesson->sequence;
    *q = (Sequence){.steps = data->steps,
                    .input = data->input,
                    .target = rows,
                    .targets = targets,
                    .has_loss = has_loss,
                    .sum = r->sum || r->loss == LOSS_PROBE};
    if (g->draw >= 0) {
        double *draws = ARENA_ARRAY(r->arena, double, data->steps);
        feed_draws(schema_seed(item_get(r->root, "data")), 0, data->steps, draws);
        q->draws = draws;
    }
    if (!is_generated(data)) {
        place_losses(r, q->steps, has_loss);
        fits = fits && (!loss || spread_inline(r, rows, targets));
        hand_on(r, fits && data->forced, inline_inputs(r, r->arena), q);
        fill_symbols(r, data->symbols, NULL, lesson);
        return fits;
    }
    TaskSequence task = sequence_new(r->arena, data);
    if (data->file)
        data_file_sequence(data->file, data_file_shown(data->file), &task);
    else
        task_generate(&data->task, 0, &task);
    q->steps = task.steps;
    place_losses(r, q->steps, has_loss);
    double *inputs = ARENA_ARRAY(r->arena, double, (size_t)data->steps *(size_t)data->input);
    spread(r, &task, rows, inputs, targets);
    hand_on(r, fits && data->forced, inputs, q);
    fill_symbols(r, task.symbols, task.classes, lesson);
    return fits;
}

TrainData *train_data_new(Reading *r, const Sequence *shown) {
    TrainData *t = ARENA_NEW(r->arena, TrainData);
    *t = (TrainData){.reading = r, .next = *shown};
    if (!is_generated(&r->data)) {
        hand_on(r, r->data.train_forced, inline_inputs(r, r->arena), &t->next);
        return t;
    }
    t->task = sequence_new(r->arena, &r->data);
    size_t steps = (size_t)r->data.steps;
    t->inputs = ARENA_ARRAY(r->arena, double, steps *(size_t)shown->input);
    t->targets = ARENA_ARRAY(r->arena, double, steps *(size_t)shown->target + 1);
    t->has_loss = ARENA_ARRAY(r->arena, bool, steps);
    t->next.inputs = t->inputs;
    t->next.targets = t->targets;
    t->next.has_loss = t->has_loss;
    return t;
}

/// Brings what stands in t->task into the form of the network.
static const Sequence *form(TrainData *t, bool forced) {
    t->next.steps = t->task.steps;
    place_losses(t->reading, t->next.steps, t->has_loss);
    spread(t->reading, &t->task, t->next.target, t->inputs, t->targets);
    hand_on(t->reading, forced, t->inputs, &t->next);
    return &t->next;
}

const Sequence *train_data_next(void *context, int64_t i) {
    TrainData *t = context;
    const DataSpec *data = &t->reading->data;
    if (!is_generated(data)) return &t->next;
    // number 0 is the one on the stage: training does not see it more than any other
    if (data->file)
        data_file_sequence(data->file, data_file_drawn(data->file, i), &t->task);
    else
        task_generate(&data->task, i + 1, &t->task);
    return form(t, data->train_forced);
}

TrainData *test_data_new(Reading *r, const Sequence *shown) {
    return train_data_new(r, shown);
}

const Sequence *test_data_next(void *context, int64_t i) {
    TrainData *t = context;
    const DataSpec *data = &t->reading->data;
    const FileData *file = data->file;
    if (file)
        data_file_sequence(file->other ? file->other : file,
                           file->other ? (int)i : file->count - data->held + (int)i, &t->task);
    else
        task_generate(&data->task, FIRST_HELD + i, &t->task);
    return form(t, data->forced);
}
