/// The generators behind the table of tasks. Private to core/task*.c.
#ifndef CORE_TASK_ROWS_H
#define CORE_TASK_ROWS_H

#include "core/task.h"

/// Fills one sequence of `steps` timesteps, every element of it. One that ends sooner by its own
/// nature says so in out->steps.
typedef void TaskGenerate(const TaskSpec *spec, Rng *rng, int steps, TaskSequence *out);

/// T of the longest sequence of a task, where it is no `length`, or of the shortest.
typedef int TaskSteps(const TaskSpec *spec);

// Those that end in `prompt` give the timesteps before the first answer.

/// Memory (task_memory.c).
TaskGenerate task_recall_first, task_copy_memory, task_latch, task_reversal, task_two_sequence,
    task_order_two, task_order_three, task_lag_a, task_lag_b, task_lag_c;
TaskSteps task_copy_memory_steps, task_reversal_steps, task_lag_c_shortest, task_span_prompt;

/// Arithmetic (task_number.c).
TaskGenerate task_parity, task_adding, task_adding_1997, task_multiplication, task_binary_addition;

/// Languages whose next symbols are known as a set (task_grammar.c).
TaskSteps task_embedded_reber_shortest;
TaskGenerate task_embedded_reber, task_anbn, task_anbncn, task_count_axb, task_brackets;

/// Words and letters (task_text.c).
TaskGenerate task_translation, task_text, task_names, task_sentiment;
TaskSteps task_translation_steps, task_translation_prompt;

/// Signals (task_signal.c) and pictures (task_digits.c).
TaskGenerate task_sine, task_moving_dot, task_formants, task_features, task_digits;
TaskSteps task_digits_steps;

enum {
    DOT_SIDE = 5,    // the dot moves in a picture of 5x5
    BANDS = 8,       // of a frame of sound
    FEATURES = 3,    // numbers a timestep
    DIGIT_SIDE = 28, // rows and columns of a digit
    VOWELS = 3
};

/// The symbol that stands where nothing happens: the last.
static inline int task_filler(const TaskSpec *s) {
    return s->n_symbols - 1;
}

#endif
