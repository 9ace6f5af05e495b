// The training step at five shapes, in double, on one thread and on all, beside PyTorch in the same
// run where there is one. usage: bench_train [SHAPE ...]
//
// One LSTM layer and a head, plain SGD; a step is forward, full BPTT and the update.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/init.h"
#include "core/parse.h"
#include "core/rng.h"
#include "core/train.h"
#include "timing.h"

typedef struct {
    const char *name;
    int input, hidden, output, steps, batch;
    bool classes, last; // cross-entropy, else squared error; loss at the last step only
    int rounds;
} Shape;

static const Shape shapes[] = {
    {"a", 4, 4, 4, 10, 1, false, false, 4000},   {"b", 8, 16, 8, 50, 1, false, false, 800},
    {"c", 27, 32, 27, 100, 1, true, false, 300}, {"d", 28, 128, 10, 28, 32, true, true, 60},
    {"e", 10, 50, 1, 10, 32, false, true, 300},
};
enum { SHAPES = sizeof shapes / sizeof *shapes, THREAD_COUNTS = 2 };

static const char lstm[] = "cell lstm \"LSTM\"\n"
                           "f = sigmoid(W_f @ [h[t-1]; x] + b_f)\n"
                           "i = sigmoid(W_i @ [h[t-1]; x] + b_i)\n"
                           "g = tanh(W_g @ [h[t-1]; x] + b_g)\n"
                           "c = f * c[t-1] + i * g\n"
                           "o = sigmoid(W_o @ [h[t-1]; x] + b_o)\n"
                           "h = o * tanh(c)\n";

static double now(void) { return seconds_on(CLOCK_MONOTONIC); }

typedef struct {
    Sequence *sequences;
    int n;
    double *times, last;
    int count;
} Run;

static const Sequence *next(void *context, int64_t i) {
    Run *r = context;
    return &r->sequences[i % r->n];
}

static bool note(void *context, int step, double loss) {
    Run *r = context;
    (void)step;
    (void)loss;
    double t = now();
    r->times[r->count++] = t - r->last;
    r->last = t;
    return true;
}

static const Source *text_source(Arena *a, const char *path, const char *text) {
    Source *s = ARENA_NEW(a, Source);
    *s = (Source){path, text, strlen(text)};
    return s;
}

static Graph *build(Arena *a, const Shape *s) {
    Diags d = diags_new(a);
    const char *text = s->classes ? "y = softmax(W_y @ h + b_y)" : "y = W_y @ h + b_y";
    const Source *lesson = text_source(a, "bench.md", text);
    LayerSpec layer = {.cell = cell_parse(a, text_source(a, "lstm.cell", lstm), &d),
                       .hidden = s->hidden,
                       .layer = 1};
    NetSpec spec = {.source = lesson,
                    .span = NO_SPAN,
                    .input = s->input,
                    .layers = &layer,
                    .n_layers = 1,
                    .head = head_parse(a, lesson, (Span){0, lesson->len}, &d),
                    .head_rows = s->output,
                    .loss = s->classes ? LOSS_CROSS_ENTROPY : LOSS_MSE,
                    .loss_span = NO_SPAN};
    return graph_build(a, &spec, &d);
}

static Sequence sequence(Arena *a, const Shape *s, Rng *rng) {
    double *x = ARENA_ARRAY(a, double, s->steps * s->input);
    double *y = ARENA_ARRAY(a, double, s->steps * s->output);
    bool *has_loss = ARENA_ARRAY(a, bool, s->steps);
    for (int i = 0; i < s->steps * s->input; i++) x[i] = 2 * rng_uniform(rng) - 1;
    for (int t = 0; t < s->steps; t++) {
        has_loss[t] = !s->last || t == s->steps - 1;
        for (int i = 0; i < s->output && !s->classes; i++)
            y[t * s->output + i] = 2 * rng_uniform(rng) - 1;
        if (s->classes) y[t * s->output + rng_below(rng, s->output)] = 1;
    }
    return (Sequence){.steps = s->steps,
                      .input = s->input,
                      .inputs = x,
                      .target = s->output,
                      .targets = y,
                      .has_loss = has_loss,
                      .sum = false};
}

/// The median time of a step in microseconds.
static double measure(const Shape *s, int threads) {
    Arena *a = arena_new();
    Graph *g = build(a, s);
    Rng rng = rng_new(1);
    Run run = {.sequences = ARENA_ARRAY(a, Sequence, s->batch), .n = s->batch};
    for (int i = 0; i < s->batch; i++) run.sequences[i] = sequence(a, s, &rng);
    double *params = ARENA_ARRAY(a, double, g->n_weights);
    params_init(g, 1, params);
    TrainSpec spec = train_spec(OPTIM_SGD);
    spec.steps = s->rounds;
    spec.batch = s->batch;
    spec.threads = threads;
    run.times = ARENA_ARRAY(a, double, s->rounds);
    run.last = now();
    train(a, g, &spec, next, &run, note, &run, params);
    qsort(run.times, (size_t)run.count, sizeof *run.times, ascending);
    double median = 1e6 * run.times[run.count / 2];
    arena_free(a);
    return median;
}

typedef struct {
    double f32, f64; // microseconds; 0: not measured
} Peer;

/// What tests/bench/bench_torch.py prints for a shape: two numbers.
static Peer measure_torch(const Shape *s) {
    char command[256], line[256];
    snprintf(command, sizeof command,
             "/usr/bin/python3 tests/bench/bench_torch.py %d %d %d %d %d %d %d 2>/dev/null",
             s->input, s->hidden, s->output, s->steps, s->batch, s->classes, s->last);
    Peer p = {0, 0};
    FILE *pipe = popen(command, "r");
    if (!pipe) return p;
    if (!fgets(line, sizeof line, pipe) || sscanf(line, "%lf %lf", &p.f32, &p.f64) != 2)
        p = (Peer){0, 0};
    pclose(pipe);
    return p;
}

static void report(const Shape *s) {
    double one = measure(s, 1), all = measure(s, THREAD_COUNTS);
    Peer torch = measure_torch(s);
    printf("| (%s) I%d H%d O%d T%d B%d | %.1f us | %.1f us | %.2f |", s->name, s->input, s->hidden,
           s->output, s->steps, s->batch, one, all, one / all);
    if (torch.f32 > 0)
        printf(" %.0f us, %.2f times ours | %.0f us, %.2f times ours |\n", torch.f32,
               torch.f32 / one, torch.f64, torch.f64 / one);
    else
        printf(" not there | |\n");
    fflush(stdout);
}

int main(int argc, char **argv) {
    printf("| training step | one thread | %d threads | faster by | PyTorch float32, 1 thread | "
           "float64 |\n| --- | --- | --- | --- | --- | --- |\n",
           THREAD_COUNTS);
    for (int i = 0; i < SHAPES; i++) {
        bool wanted = argc < 2;
        for (int k = 1; k < argc; k++) wanted |= strcmp(argv[k], shapes[i].name) == 0;
        if (wanted) report(&shapes[i]);
    }
    return 0;
}
