/// Tasks: small generators of sequences that a recurrent network can or cannot learn. One row of
/// one table each; a new task is a new row. The same seed gives the same sequences everywhere.
#ifndef CORE_TASK_H
#define CORE_TASK_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/rng.h"

typedef enum {
    TASK_RECALL_FIRST, // keep the first symbol to the end
    TASK_PARITY,       // is the number of ones so far odd?
    TASK_COPY_MEMORY,  // hold several symbols over a gap, then give them back
    TASK_ADDING,       // add the two marked numbers
    TASK_LATCH,        // the last symbol that was no noise
    TASK_REVERSAL,     // give the symbols back from the last to the first
    TASK_ADDING_1997,  // add the two marked numbers, in the first form
    TASK_MULTIPLICATION,
    TASK_BINARY_ADDITION,
    TASK_ORDER_TWO,      // experiment 6a of 1997
    TASK_ORDER_THREE,    // 6b
    TASK_TWO_SEQUENCE,   // 3
    TASK_LAG_A,          // 2a
    TASK_LAG_B,          // 2b
    TASK_LAG_C,          // 2c
    TASK_EMBEDDED_REBER, // 1
    TASK_ANBN,
    TASK_ANBNCN,
    TASK_COUNT_AXB,
    TASK_BRACKETS,
    TASK_TRANSLATION, // number words to digits
    TASK_TEXT,
    TASK_NAMES,
    TASK_SENTIMENT,
    TASK_SINE,
    TASK_MOVING_DOT,
    TASK_FORMANTS,
    TASK_FEATURES,
    TASK_DIGITS, // drawn, row by row
    TASK_COUNT
} TaskKind;

enum {
    TASK_MAX_OPTIONS = 4,
    TASK_MAX_LENGTH = 500000000 // so that no T overflows; what memory allows is less
};

/// A whole-number option of a task, beside `seed` and, with symbols, `symbols`.
typedef struct {
    const char *name; // NULL ends the list
    int lo, hi, otherwise;
} TaskOption;

/// A task with its options settled.
typedef struct {
    TaskKind kind;
    uint64_t seed;
    int option[TASK_MAX_OPTIONS]; // in the order of the row's options
    int longer;                   // how much longer than these say a sequence may be
    const char *const *symbols;   // the alphabet, the filler last; NULL for tasks of numbers
    int n_symbols;
} TaskSpec;

/// One sequence as numbers, before one-hot columns are made of it.
typedef struct {
    int steps;       // T of this sequence; the arrays have room for the longest
    int *symbols;    // (T) into the alphabet; NULL for tasks of numbers
    double *inputs;  // (T, n_inputs); NULL for tasks of symbols
    int *classes;    // (T); NULL for tasks whose target is a number
    double *targets; // (T, task_targets); NULL for tasks with classes only
} TaskSequence;

typedef struct {
    const char *name;
    const char *about[2]; // English, Chinese: one line for `list tasks`
    const char *baseline; // the loss without memory with the default options, and why
    const char
        *alphabet[48]; // default symbols, the filler last; NULL-terminated, empty for numbers
    int min_symbols;
    int n_inputs;  // numbers per timestep; 0 for symbols
    int n_targets; // numbers in a target that is no class; 0 for one
    int n_classes; // of class targets that are no symbols; 0 otherwise
    bool targets_are_symbols;
    bool targets_are_sets; // a row of 1 for each symbol that may come next, beside its class
    bool fixed_symbols;    // the lesson cannot name them otherwise
    bool last;             // the loss stands at the last timestep unless the lesson says else
    bool says_filler;      // the filler may be the answer
    TaskOption options[TASK_MAX_OPTIONS + 1];
    void (*generate)(const TaskSpec *spec, Rng *rng, int steps, TaskSequence *out);
    bool varies; // the second option, `vary`, is how much longer than the first a sequence may be
    int (*steps)(const TaskSpec *spec);    // the longest T; NULL: as the first two options say
    int (*shortest)(const TaskSpec *spec); // the shortest; NULL: likewise, or as `steps` says
    int (*prompt)(const TaskSpec *spec);   // timesteps before the first answer; NULL: none are only
                                           // to be read
} TaskDef;

extern const TaskDef task_defs[TASK_COUNT];

/// The task of that name, or TASK_COUNT.
TaskKind task_find(const char *name);

/// A spec with every option at its default, seed 1.
TaskSpec task_spec(TaskKind kind);

/// May its sequences be `longer`: is T its first option, `length`, and nothing else?
bool task_can_be_longer(TaskKind kind);

/// T of the longest sequence, and of the shortest. They differ with the options `vary`, `word` and
/// `lead`, and with `longer`; where a length is drawn, each is as likely.
///   range   at least 1, at most INT_MAX: options are bounded so
int task_steps(const TaskSpec *spec);
int task_shortest(const TaskSpec *spec);

/// Numbers in a row of targets, for tasks that have them.
int task_targets(const TaskSpec *spec);

/// Arrays for one sequence.
///   owner   arena a; the caller has looked at task_steps
TaskSequence task_sequence_new(Arena *a, const TaskSpec *spec);

/// Fills sequence number i, i >= 0: any i gives another sequence, the same i the same one.
void task_generate(const TaskSpec *spec, int64_t i, TaskSequence *out);

#endif
