// Experiments of Hochreiter & Schmidhuber 1997 ("Long short-term memory", Neural Computation 9(8)),
// run again: their networks, their tasks, their rates and their criteria, several seeds, beside
// their numbers. usage: bench_paper [NAME ...], NAME from the first column or how it begins; "all"
// is all, without a NAME those that do not take minutes
//
// The networks: one hidden layer of memory cell blocks without forget gates. Every gate and cell
// sees the input and all cells and gates of the timestep before; the cells of a block share its two
// gates; outputs are sigmoids of cells alone. Gradients are the paper's truncated ones: what comes
// from the timestep before is given, stop(...), except along the cell state. Weights move after
// each sequence. The paper's deltas leave out the factor 2 of its squared error, so its rate is
// twice ours. The number of weights, which the paper gives, is checked.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/parse.h"
#include "core/pool.h"
#include "core/train.h"
#include "paper_rows.h"
#include "timing.h"

enum {
    SET = 256,      // words or sequences in a set
    LOOK = 100,     // training sequences between two looks at a set
    WATCH = 100,    // training sequences whose mean error tells whether it still falls
    UNSEEN = 2560,  // sequences for the last test
    FRESH = 1 << 30 // number of the first sequence that is never trained on
};

/// A network in training.
typedef struct {
    const PaperRow *row;
    Arena *arena;
    const Graph *graph;
    TrainSpec spec;
    double *params, *grad;
    Trace *traces[PAPER_LONGEST + 1]; // by T, made when one is needed
    TaskSpec task;
    TaskSequence drawn;
    double *inputs, *targets;
    bool has_loss[PAPER_LONGEST];
    Sequence sequence; // of the three above
    int64_t updates;
    double *held;           // (outputs) weights of a cell that is still to come; NULL: none is
    double watched[2];      // losses of the latest WATCH sequences so far, and of those before
    Rng order;              // in which words are trained on
    int64_t words[2 * SET]; // EVERY_WORD: numbers of those to train on, then of those to test
} Net;

static void fail(const PaperRow *row, const char *why) {
    fprintf(stderr, "bench_paper: experiment %s: %s\n", row->name, why);
    exit(1);
}

// ---- the network ----

static const Source *text_source(Arena *a, const char *path, const char *text) {
    Source *s = ARENA_NEW(a, Source);
    *s = (Source){path, text, strlen(text)};
    return s;
}

static int inputs_of(const TaskSpec *task) {
    int numbers = task_defs[task->kind].n_inputs;
    return numbers ? numbers : task->n_symbols;
}

static const Graph *build(Arena *a, const PaperRow *row, const TaskSpec *task) {
    Diags d = diags_new(a);
    const Source *head = text_source(a, "head", row->head);
    LayerSpec layer = {.cell = cell_parse(a, text_source(a, "cell", row->cell), &d),
                       .hidden = row->cells,
                       .layer = 1};
    NetSpec spec = {.source = head,
                    .span = NO_SPAN,
                    .input = inputs_of(task),
                    .layers = &layer,
                    .n_layers = 1,
                    .head = head_parse(a, head, (Span){0, head->len}, &d),
                    .head_rows = row->outputs,
                    .loss = LOSS_MSE,
                    .loss_span = NO_SPAN};
    const Graph *g = layer.cell ? graph_build(a, &spec, &d) : NULL;
    if (!g) {
        Buf b = buf_new(a);
        diags_print(&d, &b);
        fail(row, buf_str(&b));
    }
    if (g->n_weights != row->weights)
        fail(row, arena_printf(a, "the network has %d weights, the paper's %d", g->n_weights,
                               row->weights));
    return g;
}

/// Biases that do not start like weights, one for each block.
static void set_bias(Net *n, const char *name, const double *bias) {
    int p = graph_find_param(n->graph, name);
    if (p < 0) return;
    const Param *param = &n->graph->params[p];
    for (int block = 0; block < dim_count(param->dim); block++)
        if (bias[block] != 0) n->params[param->offset + block] = bias[block];
}

/// Lowers the first weights of the input gate.
static void shut_input_gate(Net *n, double by) {
    const Param *gate = &n->graph->params[graph_find_param(n->graph, "W_i")];
    for (int i = 0; i < dim_count(gate->dim); i++) n->params[gate->offset + i] -= by;
}

/// What the outputs take from the only cell: the first column of W_y. NULL: nothing.
static void set_cell_out(Net *n, const double *weights) {
    const Param *out = &n->graph->params[graph_find_param(n->graph, "W_y")];
    for (int row = 0; row < out->dim.rows; row++)
        n->params[out->offset + row * out->dim.cols] = weights ? weights[row] : 0;
}

/// Keeps the cell out of the network until it comes. Nothing flows back to it meanwhile.
static void hold_cell(Net *n) {
    const Param *out = &n->graph->params[graph_find_param(n->graph, "W_y")];
    n->held = ARENA_ARRAY(n->arena, double, out->dim.rows);
    for (int row = 0; row < out->dim.rows; row++)
        n->held[row] = n->params[out->offset + row * out->dim.cols];
    set_cell_out(n, NULL);
    n->watched[1] = INFINITY;
}

/// After an update: the cell stays out, or comes if the error has stopped falling, by less than 1%.
static void wait_for_cell(Net *n, double loss) {
    n->watched[0] += loss;
    bool stopped = n->updates % WATCH == 0 && n->watched[0] > 0.99 * n->watched[1];
    set_cell_out(n, stopped ? n->held : NULL);
    if (stopped) n->held = NULL;
    if (n->updates % WATCH != 0) return;
    n->watched[1] = n->watched[0];
    n->watched[0] = 0;
}

static Net *net_new(Arena *a, const PaperRow *row, uint64_t seed) {
    Net *n = ARENA_NEW(a, Net);
    *n = (Net){.row = row, .arena = a, .spec = train_spec(OPTIM_SGD), .task = task_spec(row->task)};
    n->spec.with[OPTION_RATE] = row->rate / 2;
    n->task.seed = seed;
    memcpy(n->task.option, row->option, sizeof row->option);
    if (row->symbols) n->task.n_symbols = row->symbols; // nobody asks for their names
    if (task_steps(&n->task) > PAPER_LONGEST) fail(row, "its sequences are too long");
    n->graph = build(a, row, &n->task);
    n->params = ARENA_ARRAY(a, double, row->weights);
    n->grad = ARENA_ARRAY(a, double, row->weights);
    n->drawn = task_sequence_new(a, &n->task);
    n->inputs = ARENA_ARRAY(a, double, PAPER_LONGEST *inputs_of(&n->task));
    n->targets = ARENA_ARRAY(a, double, PAPER_LONGEST * row->outputs);
    n->sequence = (Sequence){.input = inputs_of(&n->task),
                             .inputs = n->inputs,
                             .target = row->outputs,
                             .targets = n->targets,
                             .has_loss = n->has_loss,
                             .sum = true};
    n->order = rng_new(seed);
    for (int i = 0; i < row->weights; i++)
        n->params[i] = row->bound * (2 * rng_uniform(&n->order) - 1);
    set_bias(n, "b_i", row->input_bias);
    set_bias(n, "b_o", row->output_gate_bias);
    if (row->closed != 0) shut_input_gate(n, row->closed);
    if (row->grows) hold_cell(n);
    return n;
}

// ---- one sequence ----

/// Does the task ask for something here?
static bool asked(const Net *n, int t) {
    return !task_defs[n->task.kind].last || t == n->sequence.steps - 1;
}

/// The task's sequence in the form of the network.
static void draw(Net *n, int64_t i) {
    Sequence *s = &n->sequence;
    TaskSequence *q = &n->drawn;
    task_generate(&n->task, i, q);
    s->steps = q->steps;
    memset(n->inputs, 0, (size_t)(s->steps * s->input) * sizeof *n->inputs);
    memset(n->targets, 0, (size_t)(s->steps * s->target) * sizeof *n->targets);
    for (int t = 0; t < s->steps; t++) {
        double *x = n->inputs + t * s->input, *y = n->targets + t * s->target;
        n->has_loss[t] = asked(n, t);
        if (q->symbols)
            x[q->symbols[t]] = 1;
        else
            memcpy(x, q->inputs + t * s->input, (size_t)s->input * sizeof *x);
        if (q->classes)
            y[q->classes[t] - n->row->first_class] = 1;
        else
            y[0] = q->targets[t];
    }
}

static Trace *run(Net *n, int64_t i) {
    draw(n, i);
    Trace **tr = &n->traces[n->sequence.steps];
    if (!*tr) *tr = trace_new(n->arena, n->graph, n->sequence.steps);
    trace_forward(*tr, &n->sequence, n->params);
    return *tr;
}

/// The target of output k, without its noise if it has any.
static double wanted(const Net *n, int t, int k) {
    double mean = n->row->mean_target[n->inputs[0] > 0];
    return mean != 0 ? mean : n->targets[t * n->sequence.target + k];
}

/// The largest error of any output at any timestep for which the task asks.
static double error_of(const Net *n, const Trace *tr) {
    double worst = 0;
    for (int t = 0; t < n->sequence.steps; t++) {
        if (!asked(n, t)) continue;
        const double *y = trace_value(tr, n->graph->output, t + 1);
        for (int k = 0; k < n->sequence.target; k++)
            worst = fmax(worst, fabs(y[k] - wanted(n, t, k)));
    }
    return worst;
}

/// Runs a sequence and learns from it; its error before.
static double learn(Net *n, int64_t i) {
    Trace *tr = run(n, i);
    double error = error_of(n, tr);
    trace_backward(tr);
    memcpy(n->grad, trace_param_grads(tr), (size_t)n->row->weights * sizeof *n->grad);
    train_update(&n->spec, n->row->weights, ++n->updates, n->grad, NULL, n->params);
    if (n->held) wait_for_cell(n, trace_loss(tr));
    return error;
}

// ---- the criteria ----

typedef struct {
    bool solved;
    int sequences;
    double wrong; // share of unseen sequences; NAN: not asked for
} Result;

/// Share of unseen sequences with an error above the tolerance.
static double wrong_of(Net *n) {
    int wrong = 0;
    for (int i = 0; i < UNSEEN; i++)
        wrong += error_of(n, run(n, FRESH + SET + i)) > n->row->tolerance;
    return (double)wrong / UNSEEN;
}

static void until_recent(Net *n, Result *out) {
    const PaperRow *row = n->row;
    double *errors = ARENA_ARRAY(n->arena, double, row->recent), sum = 0;
    int wrong = 0;
    for (int i = 0; i < row->limit && !out->solved; i++) {
        double *at = &errors[i % row->recent];
        wrong -= *at > row->tolerance;
        sum -= *at;
        *at = learn(n, i);
        wrong += *at > row->tolerance;
        sum += *at;
        bool small = row->mean == 0 || sum / row->recent < row->mean;
        out->solved = i + 1 >= row->recent && wrong <= row->misses && small;
        out->sequences = i + 1 - (row->before ? row->recent : 0);
    }
}

/// The symbols of a word as one number; two words that agree in it are called the same.
static uint64_t word_hash(Net *n, int64_t i) {
    uint64_t hash = 1469598103934665603u;
    draw(n, i);
    for (int t = 0; t < n->drawn.steps; t++)
        hash = (hash ^ (uint64_t)n->drawn.symbols[t]) * 1099511628211u;
    return hash;
}

/// SET words to train on, as they come; then SET that are none of these.
static void choose_words(Net *n) {
    uint64_t train[SET];
    int count = 0;
    for (int64_t i = 0; count < 2 * SET; i++) {
        uint64_t hash = word_hash(n, i);
        bool known = false;
        for (int k = 0; k < SET && count >= SET; k++) known |= train[k] == hash;
        if (known) continue;
        if (count < SET) train[count] = hash;
        n->words[count++] = i;
    }
}

/// Are the symbols that may come next the largest outputs, everywhere in the word?
static bool ranks_word(Net *n, int64_t word) {
    const Trace *tr = run(n, word);
    int outputs = n->row->outputs;
    for (int t = 0; t < n->drawn.steps; t++) {
        const double *y = trace_value(tr, n->graph->output, t + 1);
        const double *may = n->drawn.targets + t * outputs;
        double least = INFINITY, most = -INFINITY;
        for (int k = 0; k < outputs; k++) {
            if (may[k] == 1) least = fmin(least, y[k]);
            if (may[k] == 0) most = fmax(most, y[k]);
        }
        if (least <= most) return false;
    }
    return true;
}

static void until_every_word(Net *n, Result *out) {
    choose_words(n);
    for (int i = 0; i < n->row->limit && !out->solved; i++) {
        learn(n, n->words[rng_below(&n->order, SET)]);
        out->sequences = i + 1;
        if ((i + 1) % LOOK != 0) continue;
        out->solved = true;
        for (int k = 0; k < 2 * SET && out->solved; k++) out->solved = ranks_word(n, n->words[k]);
    }
}

static void until_test_set(Net *n, Result *out) {
    const PaperRow *row = n->row;
    for (int i = 0; i < row->limit && !out->solved; i++) {
        learn(n, i);
        out->sequences = i + 1;
        if ((i + 1) % LOOK != 0) continue;
        int wrong = 0;
        double sum = 0;
        for (int k = 0; k < SET && wrong <= row->misses; k++) {
            double error = error_of(n, run(n, FRESH + k));
            wrong += error > row->tolerance;
            sum += error;
        }
        out->solved = wrong <= row->misses && sum / SET < row->mean;
    }
}

// ---- the table ----

typedef struct {
    const PaperRow *row;
    Result *results;
} Course;

static void trial(void *context, int job, int thread) {
    static void (*const until[])(Net *, Result *) = {
        [RECENT] = until_recent, [EVERY_WORD] = until_every_word, [TEST_SET] = until_test_set};
    Course *c = context;
    (void)thread;
    Arena *a = arena_new();
    Net *n = net_new(a, c->row, (uint64_t)job + 1);
    Result *r = &c->results[job];
    *r = (Result){.wrong = NAN};
    until[c->row->goal](n, r);
    if (r->solved && c->row->goal != EVERY_WORD) r->wrong = wrong_of(n);
    arena_free(a);
}

static void report(const PaperRow *row, const Result *results, double seconds) {
    int solved = 0, least = row->limit, most = 0;
    double sum = 0, wrong = 0;
    for (int i = 0; i < row->trials; i++) {
        if (!results[i].solved) continue;
        solved++;
        sum += results[i].sequences;
        wrong += results[i].wrong;
        if (results[i].sequences < least) least = results[i].sequences;
        if (results[i].sequences > most) most = results[i].sequences;
    }
    printf("| %s | %s | %d, %g | %d of %d | %s | ", row->name, row->about, row->weights, row->rate,
           solved, row->trials, row->success);
    if (solved)
        printf("%.0f (%d to %d)", sum / solved, least, most);
    else
        printf("none within %d", row->limit);
    printf(" | %s | ", row->sequences);
    if (solved && !isnan(wrong))
        printf("%.5f", wrong / solved);
    else
        printf("-");
    printf(" | %s | %.0f s |\n", row->wrong, seconds);
    fflush(stdout);
}

/// Does a row belong to what the command line names?
static bool is_wanted(const PaperRow *row, int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        size_t len = strlen(argv[i]);
        bool begins = strncmp(row->name, argv[i], len) == 0;
        bool whole = begins && (row->name[len] < '0' || row->name[len] > '9');
        if (whole || strcmp(argv[i], "all") == 0) return true;
    }
    return argc < 2 && !row->asked;
}

int main(int argc, char **argv) {
    Pool *pool = pool_new(0);
    Arena *a = arena_new();
    printf("| experiment | | weights, rate | solved | paper | training sequences, mean (range) | "
           "paper | wrong afterwards | paper | processor time |\n"
           "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (int i = 0; i < PAPER_ROWS; i++) {
        const PaperRow *row = &paper_rows[i];
        if (!is_wanted(row, argc, argv)) continue;
        Course course = {row, ARENA_ARRAY(a, Result, row->trials)};
        double start = seconds_on(CLOCK_PROCESS_CPUTIME_ID);
        pool_run(pool, row->trials, trial, &course);
        report(row, course.results, seconds_on(CLOCK_PROCESS_CPUTIME_ID) - start);
    }
    arena_free(a);
    pool_free(pool);
    return 0;
}
