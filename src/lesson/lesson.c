// A lesson from file to run. Each part is read even when one before it failed, so that all
// mistakes are told of in one run; what comes after needs what came before it:
//   front matter -> model, data -> graph -> sequence, weights -> trace, walk -> directives
// Nothing of the length of the sequence is allocated before trace_bytes has been looked at.
#include "lesson/lesson.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/address.h"
#include "core/blame.h"
#include "core/init.h"
#include "core/parse.h"
#include "core/shares.h"
#include "lesson/compare.h"
#include "lesson/proof.h"

const char *const lang_names[LANG_COUNT] = {"en", "zh"};

enum { DIGITS_OTHERWISE = 3 };

static const char *const panels_otherwise[] = {"prose",     "timeline", "cell",
                                               "equations", "value",    NULL};

static void read_front(Reading *r, Lesson *lesson) {
    const Item *view = item_get(r->root, "view");
    const char *title = schema_text(r->root, "title", lesson->slug);
    lesson->title[LANG_EN] = lesson->title[LANG_ZH] = title;
    lesson->about[LANG_EN] = lesson->about[LANG_ZH] = schema_text(r->root, "about", "");
    lesson->digits = schema_whole(view, "digits", 0, 12, DIGITS_OTHERWISE);
    lesson->panels = schema_texts(r->arena, view, "panels");
    if (!lesson->panels) lesson->panels = panels_otherwise;
    const char *by = schema_text(view, "by", "operation");
    lesson->grain = GRAIN_OPERATION;
    for (int k = 0; k < GRAIN_COUNT; k++)
        if (strcmp(grain_names[k], by) == 0) lesson->grain = (Grain)k;
    weights_file_find(r);
    compare_read(r);
}

/// Does the walk end with an optimizer step?
static bool takes_update(const Reading *r, const Graph *g) {
    return g->loss_part >= 0 && item_get(r->root, "train");
}

double run_bytes(const Reading *r, const Graph *g, const TrainSpec *train, double *network) {
    bool trains = train->steps > 0;
    double one = (double)trace_bytes(g, 1), all = (double)trace_bytes(g, r->data.steps);
    if (train->dropout > 0) all *= 2; // its moments run another network
    double data = (double)r->data.steps * (r->data.input + 8.0) * sizeof(double);
    if (trains) data *= 1.0 + train->batch; // a batch is copied
    // values; in training gradients, their sums over blocks of at least 16 sequences, and the
    // optimizer's up to three numbers for each as well
    double sums = trains ? 6.0 + train->batch / 16.0 : 1.0;
    double weights = sums * g->n_weights * sizeof(double);
    if (trains) all *= 2, one *= 2; // a trace of its own
    if (trains) weights += history_bytes(train, g->n_weights, HISTORY_MAX_BYTES);
    if (takes_update(r, g)) weights += update_bytes(train, g->n_weights);
    if (network) *network = one + weights;
    return all + data + weights;
}

/// Is there memory for the run? Tells of the larger of network and sequence.
static bool fits_memory(Reading *r, const Graph *g, const TrainSpec *train) {
    const double gib = 1024.0 * 1024 * 1024;
    double least, needed = run_bytes(r, g, train, &least);
    if (needed <= TRACE_MAX_GIB * gib) return true;
    bool network = least > TRACE_MAX_GIB * gib;
    const Item *hidden = item_get(item_get(r->root, "model"), "hidden");
    Span place = !network ? r->data.place
                 : hidden ? hidden->span
                          : item_key(r->root, "model")->span;
    return diag_error(r->diags, r->source, place,
                      "too large for memory: this network over %d timestep%s needs %s; at most %d "
                      "GiB are used for a lesson",
                      r->data.steps, r->data.steps == 1 ? "" : "s", memory_words(r->arena, needed),
                      TRACE_MAX_GIB);
}

void lesson_run(Arena *a, Lesson *lesson) {
    trace_forward(lesson->trace, &lesson->sequence, lesson->params);
    trace_backward(lesson->trace);
    lesson->proof = proof_new(a, lesson->trace);
    lesson->shares = shares_new(a, lesson->trace);
    lesson->blame = blame_new(a, lesson->trace);
    lesson->walk = walk_new(a, lesson->trace);
}

/// The optimizer step after training, at the end of the walk.
static void add_update(Reading *r, Lesson *lesson, const Trained *trained) {
    if (!takes_update(r, lesson->graph)) return;
    lesson->update = update_new(r->arena, &lesson->train, trained, lesson->graph->n_weights,
                                trace_param_grads(lesson->trace), lesson->params);
    walk_add_update(lesson->walk);
}

/// The walk of the lesson's moments. With dropout it has steps that the lesson itself has not.
static const Walk *training_walk(Reading *r, const Lesson *lesson) {
    if (lesson->training_graph == lesson->graph) return lesson->walk;
    Sequence q = lesson->sequence;
    train_masks(r->arena, lesson->training_graph, &lesson->train, 0, &q);
    Trace *trace = trace_new(r->arena, lesson->training_graph, q.steps);
    trace_take(trace, &q);
    Walk *walk = walk_new(r->arena, trace);
    if (takes_update(r, lesson->graph)) walk_add_update(walk);
    return walk;
}

/// Trains the parameters, a lesson's own array.
static void train_lesson(Reading *r, Lesson *lesson, double *params, Training *training,
                         Trained *out) {
    trace_forward(lesson->trace, &lesson->sequence, params);
    lesson->untrained = trace_loss(lesson->trace);
    TrainData *sequences = train_data_new(r, &lesson->sequence);
    training->all = lesson->train.steps;
    const Graph *g = lesson->training_graph;
    // several traces at once are for short sequences
    const size_t long_trace = (size_t)256 << 20;
    if (trace_bytes(g, r->data.steps) > long_trace) lesson->train.threads = 1;
    TrainJob job = {g, &lesson->train, train_data_next, sequences};
    History *history = history_new(r->arena, &job, HISTORY_MAX_BYTES);
    lesson->history = history;
    history_train(history, training->progress, training->context, params, out);
}

/// Tests what was trained, or the weights as they are, on what is held out of training.
static void test_lesson(Reading *r, Lesson *lesson, const Training *training) {
    if (r->data.held == 0) return;
    TrainSpec spec = lesson->train;
    spec.truncate = spec.reach = 0;
    TrainJob job = {lesson->graph, &spec, test_data_next, test_data_new(r, &lesson->sequence)};
    Arena *scratch = arena_new();
    train_score(scratch, &job, 0, r->data.held, lesson->params, training->testing,
                training->context, &lesson->test);
    arena_free(scratch);
}

static void build(Reading *r, Lesson *lesson, Training *training) {
    bool trains = train_read(r, &lesson->train);
    Graph *g = model_build(r, false);
    if (!g) return;
    Rivals *rivals = compare_build(r);
    if (!fits_memory(r, g, &lesson->train)) return;
    if (!compare_fits(r, rivals, g, &lesson->train)) return;
    if (trains) trains = train_fits(r, g, &lesson->train);
    double *params = ARENA_ARRAY(r->arena, double, g->n_weights + 1);
    bool weights = weights_read(r, g, params);
    bool data = data_sequence(r, g, lesson);
    data = data && compare_data(r, rivals, lesson);
    lesson->graph = g;
    lesson->params = params;
    lesson->trace = trace_new(r->arena, g, lesson->sequence.steps);
    lesson->training_graph = lesson->train.dropout > 0 ? model_build(r, true) : g;
    if (!lesson->training_graph) return; // with the masks it is too large
    if (training->none) {                // addresses ask what runs where, not what comes of it
        trace_take(lesson->trace, &lesson->sequence);
        lesson->walk = walk_new(r->arena, lesson->trace);
        if (takes_update(r, g)) walk_add_update(lesson->walk);
        lesson->training_walk = training_walk(r, lesson);
        return;
    }
    // a lesson with mistakes is run only to check its addresses: untrained will do
    bool clean = data && weights && trains && r->diags->count == r->told;
    Trained trained = {0};
    if (clean && lesson->train.steps > 0) train_lesson(r, lesson, params, training, &trained);
    if (clean) test_lesson(r, lesson, training);
    if (clean) compare_run(r, rivals, training, lesson);
    lesson_run(r->arena, lesson);
    add_update(r, lesson, &trained);
    lesson->training_walk = training_walk(r, lesson);
}

static Reading reading_new(Arena *a, const Source *source, const Places *places, Diags *d) {
    Reading r = {.arena = a,
                 .source = source,
                 .places = places,
                 .diags = d,
                 .told = d->count,
                 .folder = path_folder(a, source->path)};
    ARENA_PUSH(a, r.watch, r.n_watch, r.cap_watch, source->path);
    return r;
}

static Lesson *lesson_new(Arena *a, const char *path) {
    Lesson *lesson = ARENA_NEW(a, Lesson);
    lesson->path = arena_copy(a, path, strlen(path));
    lesson_name(a, path, &lesson->number, &lesson->slug);
    lesson->untrained = NAN;
    return lesson;
}

static void finish(Reading *r, Lesson *lesson) {
    ARENA_PUSH(r->arena, r->watch, r->n_watch, r->cap_watch, NULL);
    lesson->watch = r->watch;
    ARENA_PUSH(r->arena, r->notes, r->n_notes, r->cap_notes, NULL);
    lesson->notes = r->notes;
    if (r->n_layers) lesson->cell = r->layers[0].cell;
}

Lesson *lesson_from_source(Arena *a, const Source *source, const Places *places, Training *training,
                           Diags *d) {
    const char *path = source->path;
    Reading *r = ARENA_NEW(a, Reading); // training is replayed from it as long as the lesson lives
    *r = reading_new(a, source, places, d);
    r->train_steps = training->steps;
    Lesson *lesson = lesson_new(a, path);
    if (!front_read(r)) {
        int n; // the body may have mistakes of its own
        if (r->body) scenes_read(r, lesson->slug, &n);
        return NULL;
    }
    read_front(r, lesson);
    model_read(r);
    data_read(r);
    lesson->scenes[LANG_EN] = scenes_read(r, lesson->title[LANG_EN], &lesson->n_scenes);
    twin_read(r, path, lesson);
    build(r, lesson, training);
    if (lesson->walk) scenes_check(r, lesson);
    finish(r, lesson);
    return d->count == r->told ? lesson : NULL;
}

// ---- a cell as a lesson ----

enum { CELL_HIDDEN = 4, CELL_INPUT = 3, CELL_STEPS = 5, CELL_SEED = 1 };

/// Random input in [-1, 1], and a probe of ones at the last timestep.
static void cell_sequence(Arena *a, const Graph *g, Sequence *q) {
    int rows = dim_count(g->nodes[g->output].dim), input = dim_count(g->nodes[g->data].dim);
    double *inputs = ARENA_ARRAY(a, double, CELL_STEPS *input);
    double *targets = ARENA_ARRAY(a, double, (size_t)CELL_STEPS *(size_t)rows);
    bool *has_loss = ARENA_ARRAY(a, bool, CELL_STEPS);
    Rng rng = rng_new(CELL_SEED);
    for (int i = 0; i < CELL_STEPS * input; i++) inputs[i] = 2 * rng_uniform(&rng) - 1;
    for (int u = 0; u < rows; u++) targets[(size_t)(CELL_STEPS - 1) * (size_t)rows + (size_t)u] = 1;
    for (int t = 0; t < CELL_STEPS; t++) has_loss[t] = true;
    *q = (Sequence){.steps = CELL_STEPS,
                    .input = input,
                    .inputs = inputs,
                    .target = rows,
                    .targets = targets,
                    .has_loss = has_loss,
                    .sum = true};
}

/// One scene: the cell's title, and its note (else its source) as prose.
static const LessonScene *cell_scene(Arena *a, const CellAst *cell, const char *title, Lang lang) {
    const char *note = cell_wording(cell->note, lang);
    if (!note) note = cell_wording(cell->origin, lang);
    if (!note) note = "";
    Source source = {.path = cell->source->path, .text = note, .len = strlen(note)};
    Diags quiet = diags_new(a);
    int n;
    const Block *prose = prose_parse(a, &source, 0, &n, &quiet);
    ProseRun *run = ARENA_NEW(a, ProseRun);
    *run = (ProseRun){.kind = RUN_TEXT, .text = title, .span = NO_SPAN};
    Block *blocks = ARENA_ARRAY(a, Block, n + 1);
    blocks[0] =
        (Block){.kind = BLOCK_HEADING, .level = 1, .runs = run, .n_runs = 1, .span = NO_SPAN};
    for (int i = 0; i < n; i++) blocks[i + 1] = prose[i];
    LessonScene *scene = ARENA_NEW(a, LessonScene);
    *scene = (LessonScene){.title = title, .blocks = blocks, .n_blocks = n + 1};
    return scene;
}

static void describe_cell(Arena *a, const CellAst *cell, Lesson *lesson) {
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        const char *title = cell_wording(cell->title, lang);
        lesson->title[lang] = title ? title : cell->name;
        lesson->scenes[lang] = cell_scene(a, cell, lesson->title[lang], lang);
    }
    lesson->n_scenes = 1;
    lesson->has_chinese = cell->title[LANG_ZH] != NULL;
    for (int lang = 0; lang < LANG_COUNT; lang++)
        lesson->about[lang] = cell->origin[lang] ? cell->origin[lang] : "";
    lesson->digits = DIGITS_OTHERWISE;
    lesson->panels = panels_otherwise;
    lesson->grain = GRAIN_OPERATION;
}

/// The graph of a cell alone, with as many inputs as hidden units if it builds only so.
static Graph *cell_graph(Arena *a, NetSpec *spec, Diags *d) {
    Diags usual = diags_new(a), square = diags_new(a);
    Graph *g = graph_build(a, spec, &usual);
    if (g) return g;
    spec->input = CELL_HIDDEN;
    if ((g = graph_build(a, spec, &square))) return g;
    for (int i = 0; i < usual.count; i++)
        diag_error(d, usual.list[i].source, usual.list[i].span, "%s", usual.list[i].message);
    return NULL;
}

static Lesson *load_cell(Arena *a, const Source *source, const Places *places, Diags *d) {
    Reading r = reading_new(a, source, places, d);
    const CellAst *cell = cell_parse(a, r.source, d);
    if (!cell) return NULL;
    Lesson *lesson = lesson_new(a, source->path);
    LayerSpec layer = {.cell = cell, .hidden = CELL_HIDDEN, .layer = 1};
    NetSpec spec = {.source = r.source,
                    .span = NO_SPAN,
                    .input = CELL_INPUT,
                    .layers = &layer,
                    .n_layers = 1,
                    .loss = LOSS_PROBE,
                    .loss_span = NO_SPAN};
    Graph *g = cell_graph(a, &spec, d);
    lesson->graph = lesson->training_graph = g;
    if (!g) return NULL;
    if (trace_bytes(g, CELL_STEPS) > (size_t)TRACE_MAX_GIB << 30) {
        diag_error(d, r.source, NO_SPAN,
                   "too large for memory: this cell needs %s; at most %d GiB are used",
                   memory_words(a, (double)trace_bytes(g, CELL_STEPS)), TRACE_MAX_GIB);
        return NULL;
    }
    double *params = ARENA_ARRAY(a, double, g->n_weights + 1);
    params_init(g, CELL_SEED, params);
    lesson->params = params;
    cell_sequence(a, g, &lesson->sequence);
    describe_cell(a, cell, lesson);
    lesson->trace = trace_new(a, g, CELL_STEPS);
    lesson_run(a, lesson);
    lesson->training_walk = lesson->walk;
    finish(&r, lesson);
    lesson->cell = cell;
    return lesson;
}

bool lesson_is_cell(const char *path) {
    static const char ending[] = ".cell";
    size_t n = strlen(path), k = sizeof ending - 1;
    return n >= k && strcmp(path + n - k, ending) == 0;
}

Lesson *lesson_load_trained(Arena *a, const char *path, const Places *places, Training *training,
                            Diags *d) {
    bool is_cell = lesson_is_cell(path);
    if (!is_cell) path = lesson_english(a, path);
    const Source *source = source_read(a, path, LESSON_MAX_BYTES, d);
    if (!source) return NULL;
    if (is_cell) return load_cell(a, source, places, d);
    return lesson_from_source(a, source, places, training, d);
}

Lesson *lesson_load(Arena *a, const char *path, const Places *places, TrainProgress *progress,
                    void *progress_context, Diags *d) {
    Training training = {.steps = -1, .progress = progress, .context = progress_context};
    return lesson_load_trained(a, path, places, &training, d);
}
