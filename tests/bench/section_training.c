// The training step at six shapes, in double, in turns with PyTorch and numpy where they are there;
// two threads against one; what recording everything costs, in time and in memory.
//
// One LSTM layer and a head, plain SGD; a step is forward, full BPTT and the update. A single
// sequence is recorded whole, as in a lesson; a batch keeps what BPTT reads, as in training.
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "peer.h"
#include "report.h"
#include "shapes.h"

enum { ROUNDS = 31, FEW = 5, THREADS = 2 };

static const struct ShapeRow {
    Shape shape;
    double asked, aim; // how many times as long PyTorch's float32 is to take, one thread each
    double threads;    // how many times as fast two threads are to be; 0: nothing is asked
    int rounds;
} rows[] = {
    {{"a", 4, 4, 4, 10, 1, false, false, 0}, 100, 200, 0, ROUNDS},
    {{"b", 8, 16, 8, 50, 1, false, false, 0}, 60, 80, 0, ROUNDS},
    {{"c", 27, 32, 27, 100, 1, true, false, 0}, 25, 30, 0, ROUNDS},
    {{"d", 28, 128, 10, 28, 32, true, true, 0}, 0.75, 1, 1.7, ROUNDS},
    {{"e", 10, 50, 1, 10, 32, false, true, 0}, 1.5, 2, 0, ROUNDS},
    {{"long", 8, 128, 8, 10000, 1, false, false, 0}, 8, 15, 0, FEW},
};
enum { SHAPES = sizeof rows / sizeof *rows };

/// A shape's network on its way through training.
typedef struct {
    Graph *graph;
    ShapeData data;
    TrainSpec spec;
    double *params, *grad;
    Trace *trace; // of a single sequence; NULL: train() makes its own
} Job;

static Job *job_new(Arena *a, const Shape *s) {
    Job *j = ARENA_NEW(a, Job);
    *j = (Job){.graph = shape_graph(a, s, LSTM_CELL),
               .data = shape_data(a, s),
               .spec = train_spec(OPTIM_SGD)};
    j->params = ARENA_ARRAY(a, double, j->graph->n_weights);
    j->grad = ARENA_ARRAY(a, double, j->graph->n_weights);
    params_init(j->graph, 1, j->params);
    j->spec.batch = s->batch;
    j->spec.threads = 1;
    return j;
}

/// Steps of one sequence in the job's trace. The gradient is copied, as the update changes it.
static bool traced(void *context, int items, Took *took) {
    Job *j = context;
    int n = j->graph->n_weights;
    Took begin = took_now();
    for (int i = 0; i < items; i++) {
        trace_forward(j->trace, j->data.sequences, j->params);
        trace_backward(j->trace);
        memcpy(j->grad, trace_param_grads(j->trace), (size_t)n * sizeof *j->grad);
        train_update(&j->spec, n, 1, j->grad, NULL, j->params);
    }
    *took = took_since(begin);
    return true;
}

static bool begin_after_first(void *begin, int step, double loss) {
    (void)loss;
    if (step == 1) *(Took *)begin = took_now();
    return true;
}

/// Steps as training takes them. It begins with one more, which makes room.
static bool trained(void *context, int items, Took *took) {
    Job *j = context;
    Took begin;
    Arena *a = arena_new();
    j->spec.steps = items + 1;
    train(a, j->graph, &j->spec, shape_next, &j->data, begin_after_first, &begin, j->params);
    *took = took_since(begin);
    arena_free(a);
    return true;
}

/// Those who take part. A single sequence has no work for two threads, a batch no second trace.
enum { OURS, LEAN, TWO, TORCH32, TORCH64, NUMPY, TURNS };

/// How they and their ratios to ours are called; `faster` ones are told as ours against theirs.
static const struct {
    const char *name, *ratio;
    bool faster;
    TurnClock clock;
} kinds[TURNS] = {
    [OURS] = {"ours", "", false, ON_PROCESSOR},
    [LEAN] = {"only what BPTT reads", "everything recorded / only what BPTT reads", true,
              ON_PROCESSOR},
    [TWO] = {"two threads", "one thread / two threads", true, ON_CLOCK},
    [TORCH32] = {"PyTorch float32", "PyTorch float32 / ours", false, ON_PROCESSOR},
    [TORCH64] = {"PyTorch float64", "PyTorch float64 / ours", false, ON_PROCESSOR},
    [NUMPY] = {"numpy float64", "numpy float64 / ours", false, ON_PROCESSOR},
};

typedef struct {
    Report *r;
    double microseconds[SHAPES][TURNS];     // 0: not there
    double trace[SHAPES], resident[SHAPES]; // bytes of a single sequence's trace, and as they came
} Table;

static bool is_wanted(const Report *r, int k) {
    return !r->part || strcmp(r->part, rows[k].shape.name) == 0;
}

/// Memory that this process has at hand, in bytes.
static double resident(void) {
    long all, here = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f && fscanf(f, "%ld %ld", &all, &here) != 2) here = 0;
    if (f) fclose(f);
    return (double)here * (double)sysconf(_SC_PAGESIZE);
}

static Turn turn(TurnBlock *block, Job *job) {
    return (Turn){.block = block, .context = job};
}

static void set_single(Table *t, Arena *a, int k, Turn *turns) {
    const Shape *s = &rows[k].shape;
    Job *full = job_new(a, s), *lean = job_new(a, s);
    Took took;
    double before = resident();
    full->trace = trace_new(a, full->graph, s->steps);
    traced(full, 1, &took);
    t->resident[k] = resident() - before;
    t->trace[k] = (double)trace_bytes(full->graph, s->steps);
    lean->trace = trace_new_wide(a, lean->graph, s->steps, 1);
    turns[OURS] = turn(traced, full);
    turns[LEAN] = turn(traced, lean);
}

static void set_batch(Arena *a, int k, Turn *turns) {
    Job *one = job_new(a, &rows[k].shape), *two = job_new(a, &rows[k].shape);
    two->spec.threads = THREADS;
    turns[OURS] = turn(trained, one);
    turns[TWO] = turn(trained, two);
}

/// The peers of a shape, each in a process of its own: what an earlier shape left in the memory of
/// a process would count.
static void start_peers(Arena *a, const Shape *s, Peer *peers[2]) {
    const char *words = arena_printf(a, "%d %d %d %d %d %d %d", s->input, s->hidden, s->output,
                                     s->steps, s->batch, s->classes, s->last);
    peers[0] = peer_start(a, "peer_torch.py", words);
    peers[1] = peer_start(a, "peer_numpy.py", words);
}

static void tell_peers(Arena *a) {
    Peer *peers[2];
    start_peers(a, &rows[0].shape, peers);
    peer_print(peers[0], "PyTorch", "python3-torch");
    peer_print(peers[1], "numpy", "python3-numpy");
    for (int k = 0; k < 2; k++) peer_stop(peers[k]);
}

/// What a ratio is called, and what is asked of it; "" if nothing is.
static const char *asked_of(Table *t, const struct ShapeRow *row, int turn, const char *name,
                            double ratio) {
    Report *r = t->r;
    if (turn == LEAN) return report_asked(r, name, ratio, AT_MOST, 1.15, "");
    if (turn == TWO && row->threads > 0)
        return report_asked(r, name, ratio, AT_LEAST, row->threads, "");
    if (turn != TORCH32) return "";
    const char *asked = report_asked(r, name, ratio, AT_LEAST, row->asked, "");
    return arena_printf(r->arena, "%s; aim %g: %s", asked, row->aim,
                        ratio >= row->aim ? "pass" : "below");
}

static void report_turns(Table *t, int k, const Turn *turns) {
    const struct ShapeRow *row = &rows[k];
    for (int i = 0; i < TURNS; i++) {
        if (!turns[i].took) continue;
        TurnClock clock = kinds[i].clock;
        t->microseconds[k][i] = 1e6 * turns_seconds(&turns[i], row->rounds, clock).median;
        if (i == OURS) continue;
        const Turn *of = &turns[kinds[i].faster ? OURS : i];
        const Turn *base = &turns[kinds[i].faster ? i : OURS];
        Spread s = turns_ratio(of, base, row->rounds, clock);
        const char *name = arena_printf(t->r->arena, "(%s) %s", row->shape.name, kinds[i].ratio);
        report_ratio(t->r, name, &s, asked_of(t, row, i, name, s.median));
    }
}

static void measure(Table *t, int k) {
    const Shape *s = &rows[k].shape;
    Arena *a = arena_new();
    Turn turns[TURNS] = {0};
    if (s->batch == 1)
        set_single(t, a, k, turns);
    else
        set_batch(a, k, turns);
    Peer *peers[2];
    start_peers(a, s, peers);
    turns[TORCH32] = peer_turn(a, peers[0], "float32");
    if (s->steps < 1000)
        turns[TORCH64] = peer_turn(a, peers[0], "float64"); // or it would take long
    turns[NUMPY] = peer_turn(a, peers[1], "float64");
    turns_take(a, turns, TURNS, rows[k].rounds);
    for (int i = 0; i < 2; i++) peer_stop(peers[i]);
    report_turns(t, k, turns);
    arena_free(a);
}

static void print_times(const Table *t) {
    printf("\n| a step, median in us |");
    for (int i = 0; i < TURNS; i++) printf(" %s |", kinds[i].name);
    printf("\n| --- | --- | --- | --- | --- | --- | --- |\n");
    for (int k = 0; k < SHAPES; k++) {
        const Shape *s = &rows[k].shape;
        if (!is_wanted(t->r, k)) continue;
        printf("| (%s) input %d, hidden %d, output %d, %d timesteps, batch %d |", s->name, s->input,
               s->hidden, s->output, s->steps, s->batch);
        for (int i = 0; i < TURNS; i++)
            if (t->microseconds[k][i] > 0)
                printf(" %s |", report_number(t->r->arena, t->microseconds[k][i]));
            else
                printf(" |");
        printf("\n");
    }
}

static void print_memory(const Table *t) {
    printf("\n| recording everything | memory | found resident | of 8 bytes x T (21 H + I + 3 O) | "
           "asked |\n| --- | --- | --- | --- | --- |\n");
    for (int k = 0; k < SHAPES; k++) {
        const Shape *s = &rows[k].shape;
        if (s->batch > 1) continue;
        double formula = 8.0 * s->steps * (21 * s->hidden + s->input + 3 * s->output);
        double share = fmax(t->trace[k], t->resident[k]) / formula;
        printf("| (%s) | %.3f MB | %.3f MB | ", s->name, 1e-6 * t->trace[k], 1e-6 * t->resident[k]);
        if (s->steps < 1000) // what a small one has beside is not the trace
            printf("| |\n");
        else
            printf("%.2f | %s |\n", share,
                   report_asked(t->r, "memory of 10,000 timesteps", share, AT_MOST, 1.1, ""));
    }
}

/// Forward and full BPTT with the trace, without an update: shape (a).
static void print_run(const Report *r) {
    enum { RUNS = 4001 };
    double *forward = ARENA_ARRAY(r->arena, double, RUNS),
           *both = ARENA_ARRAY(r->arena, double, RUNS);
    const Shape *s = &rows[0].shape;
    Job *j = job_new(r->arena, s);
    j->trace = trace_new(r->arena, j->graph, s->steps);
    for (int i = 0; i < RUNS; i++) {
        Took begin = took_now();
        trace_forward(j->trace, j->data.sequences, j->params);
        forward[i] = took_since(begin).on[ON_PROCESSOR];
        trace_backward(j->trace);
        both[i] = took_since(begin).on[ON_PROCESSOR];
    }
    Spread f = spread_of(forward, RUNS), all = spread_of(both, RUNS);
    printf("\nForward and full BPTT with the trace, hidden %d, input %d, %d timesteps: median %.1f "
           "us, "
           "99th percentile %.1f us; of it forward %.1f us.\n",
           s->hidden, s->input, s->steps, 1e6 * all.median, 1e6 * all.p99, 1e6 * f.median);
}

void section_training(Report *r) {
    Table t = {.r = r};
    tell_peers(r->arena);
    printf("One thread each, in processor time; two threads by the clock.\n");
    report_ratios("training step, times as long");
    for (int k = 0; k < SHAPES; k++)
        if (is_wanted(r, k)) measure(&t, k);
    print_times(&t);
    if (!r->part) print_memory(&t);
    if (is_wanted(r, 0)) print_run(r);
}
