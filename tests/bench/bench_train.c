// The training step at six shapes, in double, on one thread and on two, beside PyTorch and numpy in
// the same run where they are; and what recording the full trace costs.
// usage: bench_train [SHAPE ...]
//
// One LSTM layer and a head, plain SGD; a step is forward, full BPTT and the update.
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "shapes.h"
#include "timing.h"

static const Shape shapes[] = {
    {"a", 4, 4, 4, 10, 1, false, false, 4000},   {"b", 8, 16, 8, 50, 1, false, false, 800},
    {"c", 27, 32, 27, 100, 1, true, false, 300}, {"d", 28, 128, 10, 28, 32, true, true, 60},
    {"e", 10, 50, 1, 10, 32, false, true, 300},  {"long", 8, 128, 8, 10000, 1, false, false, 7},
};
enum { SHAPES = sizeof shapes / sizeof *shapes, THREAD_COUNTS = 2 };

static double now(void) {
    return seconds_on(CLOCK_MONOTONIC);
}

static double median(double *times, int n) {
    qsort(times, (size_t)n, sizeof *times, ascending);
    return 1e6 * times[n / 2];
}

typedef struct {
    double *times, last;
    int count;
} Clock;

static bool note(void *context, int step, double loss) {
    Clock *c = context;
    (void)step;
    (void)loss;
    double t = now();
    c->times[c->count++] = t - c->last;
    c->last = t;
    return true;
}

/// The median time of a step in microseconds, as training takes it.
static double measure(const Shape *s, int threads) {
    Arena *a = arena_new();
    Graph *g = shape_graph(a, s, LSTM_CELL);
    ShapeData data = shape_data(a, s);
    double *params = ARENA_ARRAY(a, double, g->n_weights);
    params_init(g, 1, params);
    TrainSpec spec = train_spec(OPTIM_SGD);
    spec.steps = s->rounds;
    spec.batch = s->batch;
    spec.threads = threads;
    Clock clock = {ARENA_ARRAY(a, double, s->rounds), now(), 0};
    train(a, g, &spec, shape_next, &data, note, &clock, params);
    double time = median(clock.times, clock.count);
    arena_free(a);
    return time;
}

// ---- recording

/// A step of one sequence in a trace of either kind. Its gradient is copied, as the update changes
/// it.
static double step(Trace *tr, const Sequence *seq, const TrainSpec *spec, int n, double *params,
                   double *grad) {
    double begin = now();
    trace_forward(tr, seq, params);
    trace_backward(tr);
    memcpy(grad, trace_param_grads(tr), (size_t)n * sizeof *grad);
    train_update(spec, n, 1, grad, NULL, params);
    return now() - begin;
}

/// A step with everything recorded, against one that keeps only what BPTT reads: no value before a
/// sigmoid or tanh, no gradient of the data, and nothing to show. Turn by turn.
static void report_recording(const Shape *s) {
    Arena *a = arena_new();
    Graph *g = shape_graph(a, s, LSTM_CELL);
    ShapeData data = shape_data(a, s);
    int n = g->n_weights;
    double *params = ARENA_ARRAY(a, double, n), *grad = ARENA_ARRAY(a, double, n);
    params_init(g, 1, params);
    TrainSpec spec = train_spec(OPTIM_SGD);
    Trace *full = trace_new(a, g, s->steps), *lean = trace_new_wide(a, g, s->steps, 1);
    double *with = ARENA_ARRAY(a, double, s->rounds), *without = ARENA_ARRAY(a, double, s->rounds);
    for (int i = 0; i < s->rounds; i++) {
        with[i] = step(full, data.sequences, &spec, n, params, grad);
        without[i] = step(lean, data.sequences, &spec, n, params, grad);
    }
    double recorded = median(with, s->rounds), bare = median(without, s->rounds);
    double numbers = (double)s->steps * (21 * s->hidden + s->input + 3 * s->output);
    double bytes = (double)trace_bytes(g, s->steps);
    printf("| (%s) | %.1f us | %.1f us | %.2f | %.3f MB | %.2f |\n", s->name, recorded, bare,
           recorded / bare, 1e-6 * bytes, bytes / (8 * numbers));
    fflush(stdout);
    arena_free(a);
}

// ---- peers

/// What a peer's script prints for a shape: up to two numbers, microseconds; 0: not there.
static void measure_peer(const char *script, const Shape *s, double out[2]) {
    char command[256], line[256];
    snprintf(command, sizeof command,
             "/usr/bin/python3 tests/bench/%s %d %d %d %d %d %d %d 2>/dev/null", script, s->input,
             s->hidden, s->output, s->steps, s->batch, s->classes, s->last);
    out[0] = out[1] = 0;
    FILE *pipe = popen(command, "r");
    if (!pipe) return;
    if (fgets(line, sizeof line, pipe)) sscanf(line, "%lf %lf", &out[0], &out[1]);
    pclose(pipe);
}

static void print_peer(double theirs, double ours) {
    if (theirs > 0)
        printf(" %.0f us, %.2f times ours |", theirs, theirs / ours);
    else
        printf(" not there |");
}

static void report(const Shape *s) {
    double one = measure(s, 1), all = measure(s, THREAD_COUNTS), torch[2], numpy[2];
    measure_peer("bench_torch.py", s, torch);
    measure_peer("bench_numpy.py", s, numpy);
    printf("| (%s) I%d H%d O%d T%d B%d | %.1f us | %.1f us | %.2f |", s->name, s->input, s->hidden,
           s->output, s->steps, s->batch, one, all, one / all);
    print_peer(torch[0], one);
    print_peer(torch[1], one);
    print_peer(numpy[0], one);
    printf("\n");
    fflush(stdout);
}

/// PyTorch and numpy are as fast as the BLAS behind them.
static void tell_blas(void) {
    char line[256];
    FILE *pipe =
        popen("readlink -f $(ldconfig -p | awk '/libblas.so.3 / { print $NF; exit }')", "r");
    if (!pipe) return;
    if (fgets(line, sizeof line, pipe)) printf("BLAS behind PyTorch and numpy: %s\n", line);
    pclose(pipe);
}

static bool is_wanted(const Shape *s, int argc, char **argv) {
    for (int k = 1; k < argc; k++)
        if (strcmp(argv[k], s->name) == 0) return true;
    return argc < 2;
}

int main(int argc, char **argv) {
    tell_blas();
    printf("| training step | one thread | %d threads | faster by | PyTorch float32, 1 thread | "
           "float64 | numpy float64 |\n| --- | --- | --- | --- | --- | --- | --- |\n",
           THREAD_COUNTS);
    for (int i = 0; i < SHAPES; i++)
        if (is_wanted(&shapes[i], argc, argv)) report(&shapes[i]);
    printf(
        "\n| recording, batch 1 | everything | only what BPTT reads | ratio | trace | of 8 bytes x "
        "T (21 H + I + 3 O) |\n| --- | --- | --- | --- | --- | --- |\n");
    for (int i = 0; i < SHAPES; i++)
        if (shapes[i].batch == 1 && is_wanted(&shapes[i], argc, argv)) report_recording(&shapes[i]);
    struct rusage use;
    if (getrusage(RUSAGE_SELF, &use) == 0)
        printf("\nmost memory of this process: %ld MB\n", use.ru_maxrss / 1024);
    return 0;
}
