// Every value and gradient against PyTorch's: networks and training from tests/oracle/pytorch.txt,
// the shipped cells from tests/oracle/cells.txt and cells_train.txt, torch.nn's own layers in
// training on batches of packed sequences from tests/oracle/layers.txt. And random cells against an
// interpreter of the cell language in numpy, from tests/oracle/random.txt. What is run is run as
// training runs it too, in a trace of its own and several sequences side by side where that can be.
//
// Numbers must agree to 1e-12 of the larger, or to 1e-15 for those that are nearly zero (sums of
// parts near 1 that cancel have no more digits than that).
#include <stdlib.h>

#include "core/train.h"
#include "net.h"

enum { MAX_ARRAYS = 256 };

typedef struct {
    char kind[16], name[32];
    int rows, cols;
    double *at;
} Array;

typedef struct {
    const char *name;
    char head[64], loss[32], optimizer[16];
    TrainSpec train;
    int piece, reach; // of truncated BPTT
    int prompt, fed;
    int embedding;             // rows of its table's columns
    int lengths[4], n_lengths; // of the sequences of a batch; none: one sequence
    bool sum, has_loss[16];
    const char *cell_name[4], *cell_text[4];
    int n_cells;
    NetLayer layers[6];
    int n_layers;
    Array arrays[MAX_ARRAYS];
    int n_arrays;
} Case;

static const char *const loss_names[] = {
    [LOSS_NONE] = "none",
    [LOSS_CROSS_ENTROPY] = "cross-entropy",
    [LOSS_BINARY_CROSS_ENTROPY] = "binary-cross-entropy",
    [LOSS_MSE] = "mse",
    [LOSS_PROBE] = "probe",
};

static void read_array(Arena *a, Case *c, const char *line) {
    Array *r = &c->arrays[c->n_arrays++];
    assert_true(c->n_arrays < MAX_ARRAYS);
    int taken;
    if (sscanf(line, "%15s %31s %d %d%n", r->kind, r->name, &r->rows, &r->cols, &taken) != 4)
        fail_msg("not an array: %.40s", line);
    r->at = ARENA_ARRAY(a, double, r->rows * r->cols);
    char *rest = (char *)line + taken;
    for (int i = 0; i < r->rows * r->cols; i++) r->at[i] = strtod(rest, &rest);
    assert_true(*rest == '\0');
}

/// A cell without lines of text is a shipped one.
static void read_layer(Arena *a, Case *c, const char *line) {
    char cell[32];
    int hidden, number, backward, reverse, decoder = 0;
    assert_in_range(sscanf(line, "layer %31s %d %d %d %d %d", cell, &hidden, &number, &backward,
                           &reverse, &decoder),
                    5, 6);
    for (int i = 0; i < c->n_cells; i++)
        if (strcmp(c->cell_name[i], cell) == 0) {
            const char *text = c->cell_text[i];
            if (!*text) text = net_shipped_cell(a, cell);
            c->layers[c->n_layers++] =
                (NetLayer){text, backward != 0, reverse != 0, number, hidden, decoder != 0};
        }
}

/// What a `train` line sets beside the options of optimizers.
static bool set_other(TrainSpec *spec, const char *name, double value) {
    Schedule *s = &spec->schedule;
    if (strcmp(name, "clip") == 0) return spec->clip = value, true;
    if (strcmp(name, "clip_value") == 0) return spec->clip_value = value, true;
    if (strcmp(name, "warmup") == 0) return s->warmup = (int)value, true;
    if (strcmp(name, "every") == 0) return s->every = (int)value, s->kind = SCHEDULE_STEP, true;
    if (strcmp(name, "factor") == 0) return s->factor = value, true;
    if (strcmp(name, "over") == 0) return s->over = (int)value, s->kind = SCHEDULE_COSINE, true;
    if (strcmp(name, "floor") == 0) return s->floor = value, true;
    return false;
}

/// "OPTIMIZER NAME VALUE NAME VALUE ...": what is not named stays as the table has it.
static void read_training(Case *c, const char *text) {
    char name[32];
    double value;
    int taken;
    assert_int_equal(sscanf(text, "%15s%n", c->optimizer, &taken), 1);
    int kind = 0;
    while (strcmp(optim_defs[kind].name, c->optimizer) != 0) assert_true(++kind < OPTIM_COUNT);
    c->train = train_spec((OptimKind)kind);
    for (text += taken; sscanf(text, " %31s %lf%n", name, &value, &taken) == 2; text += taken) {
        int option = 0;
        while (option < OPTION_COUNT && strcmp(optim_options[option].name, name) != 0) option++;
        if (option == OPTION_COUNT && !set_other(&c->train, name, value))
            fail_msg("%s: no option %s", c->name, name);
        if (option < OPTION_COUNT) c->train.with[option] = value;
    }
    assert_true(*text == '\0');
}

static void read_line(Arena *a, Case *c, const char *line) {
    if (strncmp(line, "cell ", 5) == 0) {
        c->cell_name[c->n_cells] = line + 5;
        c->cell_text[c->n_cells++] = "";
    } else if (line[0] == '|') {
        const char **text = &c->cell_text[c->n_cells - 1];
        *text = arena_printf(a, "%s%s\n", *text, line + 2);
    } else if (strncmp(line, "layer ", 6) == 0) {
        read_layer(a, c, line);
    } else if (strncmp(line, "head ", 5) == 0) {
        snprintf(c->head, sizeof c->head, "%s", line + 5);
    } else if (strncmp(line, "loss ", 5) == 0) {
        int sum;
        assert_int_equal(sscanf(line, "loss %31s %d", c->loss, &sum), 2);
        c->sum = sum != 0;
    } else if (strncmp(line, "at ", 3) == 0) {
        for (int i = 0; line[3 + 2 * i - (i > 0)] && i < 6; i++)
            c->has_loss[i] = line[3 + 2 * i] == '1';
    } else if (strncmp(line, "truncate ", 9) == 0) {
        if (sscanf(line, "truncate %d %d", &c->piece, &c->reach) == 1) c->reach = c->piece;
    } else if (strncmp(line, "embedding ", 10) == 0) {
        c->embedding = atoi(line + 10);
    } else if (strncmp(line, "lengths ", 8) == 0) {
        c->n_lengths = sscanf(line + 8, "%d %d %d %d", &c->lengths[0], &c->lengths[1],
                              &c->lengths[2], &c->lengths[3]);
        for (int i = 0; i < 16; i++) c->has_loss[i] = true;
    } else if (strncmp(line, "hand ", 5) == 0) {
        assert_int_equal(sscanf(line, "hand %d %d", &c->prompt, &c->fed), 2);
    } else if (strncmp(line, "train ", 6) == 0) {
        read_training(c, line + 6);
    } else {
        read_array(a, c, line);
    }
}

static const Array *find(const Case *c, const char *kind, const char *name) {
    for (int i = 0; i < c->n_arrays; i++)
        if (!strcmp(c->arrays[i].kind, kind) && !strcmp(c->arrays[i].name, name))
            return &c->arrays[i];
    return NULL;
}

static Net build(Arena *a, const Case *c) {
    const Array *x = find(c, "inputs", "x"), *y = find(c, "targets", "y");
    NetText text = {.input = x->cols,
                    .head = c->head[0] ? c->head : NULL,
                    .sum = c->sum,
                    .embedding = c->embedding};
    memcpy(text.layers, c->layers, sizeof text.layers);
    if (c->fed) text.feed = FEED_VALUE;
    int n_starts = 0;
    for (int i = 0; i < c->n_arrays; i++) {
        const Array *r = &c->arrays[i];
        if (strcmp(r->kind, "start") == 0)
            text.starts[n_starts++] = (StartSpec){r->name, r->at, r->rows, NO_SPAN};
    }
    while (strcmp(loss_names[text.loss], c->loss) != 0) text.loss++;
    const Array *masks = find(c, "masks", "all");
    text.dropout = masks != NULL;
    text.head_rows = y->cols;
    Net net = {.arena = a, .graph = net_graph(a, &text)};
    net.seq = (Sequence){.steps = x->rows,
                         .input = x->cols,
                         .inputs = x->at,
                         .target = y->cols,
                         .targets = y->at,
                         .has_loss = c->has_loss,
                         .prompt = c->prompt,
                         .fed = c->fed,
                         .sum = c->sum};
    if (masks) net.seq.mask = masks->cols;
    if (masks) net.seq.masks = masks->at;
    net.params = ARENA_ARRAY(a, double, net.graph->n_weights);
    int filled = 0;
    for (int i = 0; i < c->n_arrays; i++) {
        const Array *r = &c->arrays[i];
        if (strcmp(r->kind, "param") != 0) continue;
        memcpy(net_param(&net, r->name), r->at, sizeof(double) * (size_t)(r->rows * r->cols));
        filled += r->rows * r->cols;
    }
    assert_int_equal(filled, net.graph->n_weights);
    return net;
}

static void compare(const Case *c, const Array *r, int row, const double *ours) {
    const double *theirs = r->at + row * r->cols;
    for (int i = 0; i < r->cols; i++) {
        double difference = fabs(ours[i] - theirs[i]);
        if (difference <= 1e-15 || difference <= 1e-12 * fmax(fabs(ours[i]), fabs(theirs[i])))
            continue;
        fail_msg("%s: %s %s row %d number %d: %.17g, but the oracle has %.17g", c->name, r->kind,
                 r->name, row + 1, i + 1, ours[i], theirs[i]);
    }
}

/// Our numbers for a row of an array; NULL for arrays that are no results.
static const double *ours(const Net *net, const Array *r, int row) {
    const Graph *g = net->graph;
    const Trace *tr = net->trace;
    if (!strcmp(r->kind, "value")) return trace_value(tr, net_node(net, r->name), row + 1);
    if (!strcmp(r->kind, "grad") && !strcmp(r->name, "x")) return trace_grad(tr, g->data, row + 1);
    if (!strcmp(r->kind, "grad")) return trace_grad(tr, net_node(net, r->name), row + 1);
    if (!strcmp(r->kind, "startgrad"))
        return trace_start_grad(tr, graph_find_equation(g, r->name)) + row;
    if (!strcmp(r->kind, "paramgrad"))
        return trace_param_grads(tr) + g->params[graph_find_param(g, r->name)].offset +
               row * r->cols;
    return NULL;
}

/// The same in a trace for training: the loss, and the gradients of all parameters.
static void check_wide(const Net *net, const Case *c) {
    const Graph *g = net->graph;
    int width = c->reach == c->piece && trace_can_widen(g) ? 2 : 1;
    Trace *tr = trace_new_wide(net->arena, g, net->seq.steps, width);
    trace_truncate(net->arena, tr, c->piece, c->reach);
    const Sequence *sequences[] = {&net->seq, &net->seq};
    trace_forward_wide(tr, sequences, net->params);
    trace_backward(tr);
    for (int column = 0; column < width; column++) {
        double loss = trace_loss_of(tr, column);
        compare(c, find(c, "total", "loss"), 0, &loss);
    }
    double *grads = ARENA_ARRAY(net->arena, double, g->n_weights + 1);
    trace_add_grads(tr, grads);
    for (int i = 0; i < g->n_weights; i++) grads[i] /= width;
    for (int i = 0; i < c->n_arrays; i++) {
        const Array *r = &c->arrays[i];
        for (int row = 0; row < r->rows && !strcmp(r->kind, "paramgrad"); row++)
            compare(c, r, row,
                    grads + g->params[graph_find_param(g, r->name)].offset + row * r->cols);
    }
}

static int check_run(Net *net, const Case *c) {
    int compared = 0;
    net->trace = trace_new(net->arena, net->graph, net->seq.steps);
    trace_truncate(net->arena, net->trace, c->piece, c->reach);
    net_run(net);
    double loss = trace_loss(net->trace);
    compare(c, find(c, "total", "loss"), 0, &loss);
    for (int i = 0; i < c->n_arrays; i++)
        for (int row = 0; row < c->arrays[i].rows; row++) {
            const double *numbers = ours(net, &c->arrays[i], row);
            if (numbers) compare(c, &c->arrays[i], row, numbers);
            compared += numbers != NULL;
        }
    check_wide(net, c);
    return compared;
}

typedef struct {
    const Case *it;
    const Sequence *all; // one sequence, or those of a batch one behind the other
    Sequence one;
} Training;

static const Sequence *next_sequence(void *context, int64_t i) {
    Training *t = context;
    if (t->it->n_lengths == 0) return t->all;
    t->one = *t->all;
    int which = (int)(i % t->it->n_lengths);
    for (int k = 0; k < which; k++) {
        t->one.inputs += t->it->lengths[k] * t->all->input;
        t->one.targets += t->it->lengths[k] * t->all->target;
    }
    t->one.steps = t->it->lengths[which];
    return &t->one;
}

static bool compare_loss(void *context, int step, double loss) {
    const Case *c = ((Training *)context)->it;
    compare(c, find(c, "losses", "loss"), step - 1, &loss);
    return true;
}

static int check_training(Net *net, const Case *c) {
    TrainSpec spec = c->train;
    spec.steps = 10;
    if (c->n_lengths) spec.batch = c->n_lengths;
    Training t = {.it = c, .all = &net->seq};
    assert_true(
        train(net->arena, net->graph, &spec, next_sequence, &t, compare_loss, &t, net->params));
    int compared = 0;
    for (int i = 0; i < c->n_arrays; i++) {
        const Array *r = &c->arrays[i];
        for (int row = 0; row < r->rows && !strcmp(r->kind, "after"); row++, compared++)
            compare(c, r, row, net_param(net, r->name) + row * r->cols);
    }
    return compared;
}

/// Runs every case of a file; the number of cases.
static int check_file(const char *path) {
    Arena *a = arena_new();
    Diags d = diags_new(a);
    const Source *file = source_read(a, path, 1 << 24, &d);
    net_expect_ok(a, &d);
    Case *c = NULL;
    int cases = 0;
    for (char *line = strtok((char *)file->text, "\n"); line; line = strtok(NULL, "\n")) {
        if (line[0] == '#') continue;
        if (strncmp(line, "case ", 5) == 0) {
            c = ARENA_NEW(a, Case);
            c->name = line + 5;
        } else if (strcmp(line, "end") == 0) {
            Net net = build(a, c);
            int compared = c->optimizer[0] ? check_training(&net, c) : check_run(&net, c);
            assert_in_range(compared, 8, 1000);
            cases++;
        } else {
            read_line(a, c, line);
        }
    }
    arena_free(a);
    return cases;
}

static void test_pytorch_has_the_same_numbers(void **state) {
    (void)state;
    assert_int_equal(check_file("tests/oracle/pytorch.txt"), 55);
}

static void test_cells_have_the_numbers_of_their_papers(void **state) {
    (void)state;
    assert_int_equal(check_file("tests/oracle/cells.txt"), 56);
}

static void test_cells_are_where_pytorch_has_them_after_ten_optimizer_steps(void **state) {
    (void)state;
    assert_int_equal(check_file("tests/oracle/cells_train.txt"), 56);
}

static void test_layers_of_pytorch_train_alike_on_sequences_of_different_lengths(void **state) {
    (void)state;
    assert_int_equal(check_file("tests/oracle/layers.txt"), 16);
}

static void test_random_cells_have_the_numbers_of_an_interpreter_apart(void **state) {
    (void)state;
    assert_int_equal(check_file("tests/oracle/random.txt"), 80);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_pytorch_has_the_same_numbers),
        RUN(test_cells_have_the_numbers_of_their_papers),
        RUN(test_cells_are_where_pytorch_has_them_after_ten_optimizer_steps),
        RUN(test_layers_of_pytorch_train_alike_on_sequences_of_different_lengths),
        RUN(test_random_cells_have_the_numbers_of_an_interpreter_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
