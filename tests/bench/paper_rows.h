/// The experiments of Hochreiter & Schmidhuber 1997 that bench_paper runs: a row each.
#ifndef TESTS_BENCH_PAPER_ROWS_H
#define TESTS_BENCH_PAPER_ROWS_H

#include "core/task.h"

/// When training has succeeded.
typedef enum {
    RECENT,     // the latest training sequences were right, on the way
    EVERY_WORD, // of two sets of 256 words, all possible next symbols are the largest outputs
    TEST_SET    // few of 256 fresh sequences are wrong, and their mean error is small
} PaperGoal;

enum { PAPER_MAX_BLOCKS = 8, PAPER_LONGEST = 128 }; // timesteps

typedef struct {
    const char *name;  // as in the paper's table 10
    const char *about; // and what differs from it, if anything does
    bool asked;        // it takes minutes: run only when it is named
    // the network
    const char *cell, *head;
    int cells, outputs;
    int weights;  // as the paper counts them
    double bound; // of the first weights
    double input_bias[PAPER_MAX_BLOCKS], output_gate_bias[PAPER_MAX_BLOCKS]; // 0: like a weight
    double closed; // is taken from all first weights of the input gate, so that it starts shut
    double rate;   // as the paper writes it
    bool grows;    // the cell and its gate come when the error stops falling
    // the task
    TaskKind task;
    int option[TASK_MAX_OPTIONS];
    int symbols;           // 0: the task's own alphabet
    int first_class;       // class of output 1
    double mean_target[2]; // of sequences that begin low and high, for targets with noise; else 0
    // the criterion
    PaperGoal goal;
    double tolerance; // an output further off makes a sequence wrong
    int recent;       // RECENT: how many sequences are looked at
    int misses;       // so many of them may be wrong
    double mean;      // their mean error must be below this; 0: need not
    bool before;      // counted up to the first of the recent ones
    int limit;        // training sequences; then the trial has failed
    int trials;
    // the paper's numbers, as it prints them
    const char *success, *sequences, *wrong;
} PaperRow;

// The cells of 1997. z is all that gates and cells see, and its gradient is cut: the truncation of
// the paper. A block of two cells hands each gate to both: the first cells of all blocks, then the
// second ones.
#define CELL "cell paper \"LSTM of 1997\"\n"
#define TRUNCATED "z = stop([h[t-1]; i[t-1]; o[t-1]; x])\n"
#define WHOLE "z = [h[t-1]; i[t-1]; o[t-1]; x]\n"
#define GATES(bias_i, bias_o)                                                                      \
    "i = sigmoid(W_i @ z" bias_i ")\n"                                                             \
    "o = sigmoid(W_o @ z" bias_o ")\n"
#define GATES_BIASED GATES(" + b_i", " + b_o") "g = 4 * sigmoid(W_c @ z) - 2\n"
#define ALL_BIASED GATES(" + b_i", " + b_o") "g = 4 * sigmoid(W_c @ z + b_c) - 2\n"
#define UNBIASED GATES("", "") "g = 4 * sigmoid(W_c @ z) - 2\n"
#define ONE_CELL                                                                                   \
    "size z = 3 * hidden + input\n"                                                                \
    "c = c[t-1] + i * g\n"                                                                         \
    "h = o * (2 * sigmoid(c) - 1)\n"
#define TWO_CELLS                                                                                  \
    "size blocks = hidden / 2\n"                                                                   \
    "size i = blocks\n"                                                                            \
    "size o = blocks\n"                                                                            \
    "size z = 2 * hidden + input\n"                                                                \
    "c = c[t-1] + [i; i] * g\n"                                                                    \
    "h = [o; o] * (2 * sigmoid(c) - 1)\n"
// Experiments 2a and 2b: no output gate, nothing recurrent but the cell; the outputs see the input.
#define LAG_CELL                                                                                   \
    "size h = hidden + input\n"                                                                    \
    "i = sigmoid(W_i @ x)\n"                                                                       \
    "g = sigmoid(W_c @ x)\n"                                                                       \
    "c = c[t-1] + i * g\n"                                                                         \
    "h = [c; x]\n"

#define SIGMOIDS "y = sigmoid(W_y @ h)"
#define SIGMOIDS_BIASED "y = sigmoid(W_y @ h + b_y)"
#define LINEAR_BIASED "y = W_y @ h + b_y"

// clang-format off
#define REBER .task = TASK_EMBEDDED_REBER, .option = {60, 1}, .goal = EVERY_WORD
#define REBER_OUT .outputs = 7, .bound = 0.2
#define BLOCKS_2(cells_, outputs_) .cell = CELL TRUNCATED TWO_CELLS ALL_BIASED, .cells = cells_, .outputs = outputs_, .bound = 0.1
#define LAG_NET .cell = CELL LAG_CELL, .head = SIGMOIDS, .cells = 1, .outputs = 101, .weights = 10504, .bound = 0.2, .grows = true, .rate = 1.0
#define LAG .option = {100}, .symbols = 101, .goal = RECENT, .tolerance = 0.25, .recent = 10000, .before = true
#define TWO_SEQUENCE_NET .cell = CELL TRUNCATED ONE_CELL ALL_BIASED, .head = SIGMOIDS, .cells = 3, .outputs = 1, .weights = 102, .bound = 0.1, .input_bias = {-1, -3, -5}, .output_gate_bias = {-2, -4, -6}
#define TWO_SEQUENCE(variant_) .task = TASK_TWO_SEQUENCE, .option = {100, 10, 3, variant_}, .goal = TEST_SET
#define ADDING .task = TASK_ADDING_1997, .option = {100, 10}, .goal = RECENT, .tolerance = 0.04, .recent = 2000, .mean = 0.01
#define ADDING_NET BLOCKS_2(4, 1), .weights = 93, .input_bias = {-3, -6}, .rate = 0.5
#define ORDER .option = {100, 10}, .goal = RECENT, .tolerance = 0.3, .recent = 2000, .mean = 0.1

static const PaperRow paper_rows[] = {
    {"1-1", "embedded Reber grammar, 4 blocks of 1",
     .cell = CELL TRUNCATED ONE_CELL GATES_BIASED, .head = SIGMOIDS, REBER_OUT, .cells = 4, .weights = 264,
     .output_gate_bias = {-1, -2, -3, -4}, .rate = 0.1, REBER, .limit = 100000, .trials = 10,
     .success = "100%", .sequences = "39,740", .wrong = "-"},
    {"1-1", "gradients not truncated, outputs biased",
     .cell = CELL WHOLE ONE_CELL GATES_BIASED, .head = SIGMOIDS_BIASED, REBER_OUT, .cells = 4, .weights = 271,
     .output_gate_bias = {-1, -2, -3, -4}, .rate = 0.2, REBER, .limit = 100000, .trials = 30,
     .success = "-", .sequences = "-", .wrong = "-"},
    {"1-5", "3 blocks of 2",
     .cell = CELL TRUNCATED TWO_CELLS GATES_BIASED, .head = SIGMOIDS, REBER_OUT, .cells = 6, .weights = 276,
     .output_gate_bias = {-1, -2, -3}, .rate = 0.5, REBER, .limit = 100000, .trials = 10,
     .success = "100%", .sequences = "8,440", .wrong = "-"},
    {"1-5", "6 blocks of 2",
     .cell = CELL TRUNCATED TWO_CELLS GATES_BIASED, .head = SIGMOIDS, REBER_OUT, .cells = 12, .weights = 840,
     .output_gate_bias = {-1, -1.5, -2, -2.5, -3, -3.5}, .rate = 0.5, REBER, .limit = 100000, .trials = 30,
     .success = "-", .sequences = "-", .wrong = "-"},
    {"1-3", "8 blocks of 2",
     .cell = CELL TRUNCATED TWO_CELLS GATES_BIASED, .head = SIGMOIDS, REBER_OUT, .cells = 16, .weights = 1376,
     .output_gate_bias = {-1, -1.4, -1.8, -2.2, -2.6, -3, -3.4, -3.8}, .rate = 0.2, REBER, .limit = 100000, .trials = 30,
     .success = "-", .sequences = "-", .wrong = "-"},
    {"2a", "long lag, p = 100", .asked = true, LAG_NET, .task = TASK_LAG_A, LAG,
     .limit = 40000, .trials = 2,
     .success = "100%", .sequences = "5,040", .wrong = "-"},
    {"2a", "the input gate starts shut", .asked = true, LAG_NET, .closed = 3, .task = TASK_LAG_A, LAG,
     .limit = 100000, .trials = 4,
     .success = "-", .sequences = "-", .wrong = "-"},
    {"2b", "random symbols between, the input gate starts shut", LAG_NET, .closed = 3, .task = TASK_LAG_B, LAG,
     .limit = 100000, .trials = 4,
     .success = "100%", .sequences = "5,680", .wrong = "-"},
    {"2c-1", "long lag with noise, q = p = 50",
     .cell = CELL TRUNCATED ONE_CELL UNBIASED, .head = SIGMOIDS, .cells = 2, .outputs = 2,
     .weights = 364, .bound = 0.2, .rate = 0.01,
     .task = TASK_LAG_C, .option = {120, 50, 0}, .symbols = 54, .first_class = 52,
     .goal = RECENT, .tolerance = 0.2, .recent = 10000, .before = true, .limit = 200000, .trials = 8,
     .success = "100%", .sequences = "30,000", .wrong = "-"},
    {"3a", "two sequences, T = 100, N = 3", TWO_SEQUENCE_NET, .rate = 1.0, TWO_SEQUENCE(1),
     .tolerance = 0.2, .mean = 0.01, .limit = 200000, .trials = 6,
     .success = "100%", .sequences = "39,850", .wrong = "0.00020"},
    {"3b", "noise on the first 3 too", TWO_SEQUENCE_NET, .rate = 1.0, TWO_SEQUENCE(2),
     .tolerance = 0.2, .misses = 5, .mean = 0.04, .limit = 200000, .trials = 6,
     .success = "100%", .sequences = "43,250", .wrong = "0.00828"},
    {"3c", "noise on the targets", .asked = true, TWO_SEQUENCE_NET, .rate = 0.1, TWO_SEQUENCE(3),
     .mean_target = {0.8, 0.2}, .tolerance = 0.1, .mean = 0.015, .limit = 800000, .trials = 2,
     .success = "100%", .sequences = "269,650", .wrong = "0.00558"},
    {"4-1", "adding, T = 100", ADDING_NET, .head = SIGMOIDS_BIASED, ADDING,
     .limit = 150000, .trials = 2,
     .success = "100%", .sequences = "74,000", .wrong = "0.00039"},
    {"4-1", "the output linear", ADDING_NET, .head = LINEAR_BIASED, ADDING,
     .limit = 300000, .trials = 10,
     .success = "100%", .sequences = "74,000", .wrong = "0.00039"},
    {"5", "multiplication, T = 100, the output linear",
     BLOCKS_2(4, 1), .head = LINEAR_BIASED, .weights = 93, .rate = 0.1,
     .task = TASK_MULTIPLICATION, .option = {100, 10}, .goal = RECENT, .tolerance = 0.04,
     .recent = 2000, .misses = 139, .limit = 800000, .trials = 2,
     .success = "100%", .sequences = "482,000", .wrong = "0.05430"},
    {"6a", "temporal order of two symbols",
     BLOCKS_2(4, 4), .head = SIGMOIDS_BIASED, .weights = 156, .input_bias = {-2, -4},
     .rate = 0.5, .task = TASK_ORDER_TWO, ORDER, .limit = 200000, .trials = 10,
     .success = "100%", .sequences = "31,390", .wrong = "0.00039"},
    {"6b", "temporal order of three symbols", .asked = true,
     BLOCKS_2(6, 8), .head = SIGMOIDS_BIASED, .weights = 308, .input_bias = {-2, -4, -6},
     .rate = 0.1, .task = TASK_ORDER_THREE, ORDER, .limit = 1000000, .trials = 2,
     .success = "100%", .sequences = "571,100", .wrong = "0.00078"},
};
// clang-format on

enum { PAPER_ROWS = sizeof paper_rows / sizeof *paper_rows };

#endif
