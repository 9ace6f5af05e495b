// Trains small networks and prints a hash of all weights and losses. Every build of the core on
// every machine, with any number of threads, prints the same; see tests/bits/bits.sh.
// usage: bits [THREADS]
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "shapes.h"

// The hash of FNV-1a, a number at a time.
static uint64_t hash_numbers(uint64_t hash, const double *x, int n) {
    for (int i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        hash = (hash ^ bits) * 0x100000001b3u;
    }
    return hash;
}

// Everything there is: sums that share a stack and that do not, every function, long lags, a
// matrix used twice, a start that is learned.
static const char odd[] = "cell odd \"Odd\"\n"
                          "a = softplus(W_a @ [h[t-1]; x] + b_a) * sin(V @ x)\n"
                          "r = sigmoid(W_r @ [h[t-1]; x] + b_r) + exp(-abs(U @ h[t-1]))\n"
                          "n = tanh(W_n @ [r * h[t-1]; x] + U @ h[t-2]) - cos(a)\n"
                          "h = 0.5 * n * r + log(1 + a * a) * logsigmoid(b_h) + relu(n) / (2 + r)\n"
                          "start h = tanh(b_s)\n"
                          "output h\n";

static const struct {
    const char *cell;
    OptimKind optimizer;
    Shape shape;
} jobs[] = {
    {LSTM_CELL, OPTIM_SGD, {"a", 4, 4, 4, 10, 1, false, false, 50}},
    {LSTM_CELL, OPTIM_SGD, {"b", 8, 16, 8, 50, 1, false, false, 10}},
    {LSTM_CELL, OPTIM_ADAM, {"c", 27, 32, 27, 40, 1, true, false, 5}},
    {LSTM_CELL, OPTIM_SGD, {"d", 28, 40, 10, 12, 33, true, true, 5}},
    {LSTM_CELL, OPTIM_RMSPROP, {"e", 10, 50, 1, 10, 32, false, true, 5}},
    {odd, OPTIM_ADAM, {"odd", 5, 7, 3, 20, 1, false, false, 20}},
    {odd, OPTIM_NESTEROV, {"odd, wide", 5, 7, 3, 9, 19, true, false, 10}},
};

static bool note(void *context, int step, double loss) {
    (void)step;
    uint64_t *hash = context;
    *hash = hash_numbers(*hash, &loss, 1);
    return true;
}

int main(int argc, char **argv) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t k = 0; k < sizeof jobs / sizeof *jobs; k++) {
        const Shape *s = &jobs[k].shape;
        Arena *a = arena_new();
        Graph *g = shape_graph(a, s, jobs[k].cell);
        if (!g) {
            fprintf(stderr, "bits: no network for shape %s\n", s->name);
            return 1;
        }
        ShapeData data = shape_data(a, s);
        double *params = ARENA_ARRAY(a, double, g->n_weights);
        params_init(g, 1, params);
        TrainSpec spec = train_spec(jobs[k].optimizer);
        spec.steps = s->rounds;
        spec.batch = s->batch;
        spec.threads = argc > 1 ? atoi(argv[1]) : 1;
        train(a, g, &spec, shape_next, &data, note, &hash, params);
        hash = hash_numbers(hash, params, g->n_weights);
        arena_free(a);
    }
    printf("%016" PRIx64 "\n", hash);
    return 0;
}
