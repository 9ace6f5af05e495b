/// The parts that sentences are made of. Private to lesson/say*.c.
#ifndef LESSON_SAY_WORDS_H
#define LESSON_SAY_WORDS_H

#include "core/buf.h"
#include "lesson/explain.h"
#include "lesson/say.h"

/// Sentences and parts of sentences, each in every language, with {slots}.
typedef enum {
    SAY_NOTHING,
    SAY_OP_INNER,
    SAY_OP_FINAL,
    SAY_UNIT,
    SAY_UNIT_GRAD,
    SAY_EQUATION,
    SAY_GATE,
    SAY_STATE,
    SAY_TIMESTEP,
    SAY_FORWARD_DONE,
    SAY_LOSS_AT,
    SAY_LOSS_ONE,
    SAY_LOSS_SUM,
    SAY_LOSS_MEAN,
    SAY_LOSS_MEAN_ALL,
    SAY_LOSS_PREFIX,
    SAY_SEED,
    SAY_BACK_NONE,
    SAY_BACK_CUT,
    SAY_BACK_STOPS,
    SAY_BACK_CUT_TOO,
    SAY_BACK_PIECE, // the same where truncated BPTT cuts
    SAY_BACK_PIECE_TOO,
    SAY_BACK_ZERO,
    SAY_BACK_ONE,
    SAY_BACK_MANY,
    SAY_BACK_PARTS,
    SAY_BACK_EXAMPLE,
    SAY_BACK_TIMESTEP,
    SAY_BACK_STATE,
    SAY_BACK_DONE,
    SAY_PARAM,
    SAY_PARAM_LARGEST,
    SAY_PARAM_NONE,
    SAY_PART,
    SAY_PART_REST,
    SAY_UPDATE,
    SAY_UPDATE_UNIT,
    SAY_UPDATE_NONE,
    SAY_UPDATE_DONE,
    SAY_FED_LARGEST,
    SAY_FED_SAMPLE,
    SAY_FED_VALUE,
    SAY_FED_BACK,
    SAY_FED_BACK_STOPS,
    SAY_HANDED,
    SAY_EMBEDDED,
    SAY_EMBEDDED_BACK,
    SAY_DROP, // of some units; then of all, of none
    SAY_DROP_ALL,
    SAY_DROP_NONE,
    SAY_DROP_BACK, // likewise
    SAY_DROP_BACK_ALL,
    SAY_DROP_BACK_NONE,
    SAY_COUNT
} SayKind;

extern const char *const say_sentences[SAY_COUNT][LANG_COUNT];

/// Comparisons as signs, in the order of Compare.
extern const char *const say_relations[];

/// What stands for {key} in a sentence.
typedef struct {
    const char *key, *text;
} Slot;

/// Puts the slots (the last one has key NULL) into a sentence.
///   owner   arena a
const char *say_fill(Arena *a, const char *sentence, const Slot *slots);

/// Everything a sentence is about.
typedef struct {
    Arena *arena;
    const Lesson *lesson;
    const Graph *graph;
    const Trace *trace;
    Lang lang;
    Playhead at;
    int digits; // decimals; more than the lesson's where all numbers of a sentence are small
} Say;

/// A sentence to be made, with the decimals of the lesson.
Say say_new(Arena *a, const Lesson *lesson, Lang lang, Playhead at);

/// In Chinese: a space between Chinese and other letters, none elsewhere beside Chinese.
const char *say_spaced(Arena *a, const char *text);

/// As say_fill, with a row of the table.
const char *say_put(const Say *s, SayKind kind, const Slot *slots);

/// A number in words where it has no digits.
const char *say_value(const Say *s, double value);
/// A whole number.
const char *say_count(const Say *s, int n);
/// "0.973, 0.912 and 0.900": up to four, then how many more.
const char *say_values(const Say *s, const double *values, int n);
/// ", unit 2", ", row 2, column 3" or nothing for a single number.
const char *say_unit(const Say *s, int node, int unit);

/// What the data is called: "x", or "s" where an embedding makes x of it.
const char *say_data(const Say *s);
/// "the forget gate f".
const char *say_equation(const Say *s, int equation);
/// "f", "W_f", "x", or the formula of an operation inside an equation, shortened to its title.
const char *say_symbol(const Say *s, int node);
/// The symbol as seen from timestep `here`: "c[t−1]" for a lag, "h at t = 4" for another timestep.
const char *say_symbol_at(const Say *s, int node, int place, int lag, int here);
/// "the matrix product W_f·x", "tanh(c)": an operation with its formula, or its title alone.
const char *say_operation(const Say *s, int node);
/// "∂L/∂f", or "the blame of the sum W_f·x + b_f".
const char *say_gradient(const Say *s, int node);

/// Is this the input at a place where it is what the network said before?
bool say_is_fed(const Say *s, int node, int place);
/// The sentence for that input.
const char *say_fed(const Say *s, int place);
/// Where its gradient goes on, a sentence after the one about the gradient.
const char *say_fed_back(const Say *s, int place);
/// A sentence more where an operation of a decoder reads the encoder's state; else nothing.
const char *say_handed(const Say *s, int node, int place);

/// The sentence for what an embedding makes of a symbol; NULL for other nodes, and where what it
/// reads is no symbol.
const char *say_embedded(const Say *s, int node, int place);
/// Which row of the table a timestep's share goes to, a sentence after the one about it; nothing
/// for parameters that are no such table.
const char *say_embedded_back(const Say *s, int node, int place);

/// What dropout lets through; NULL for a node that is not dropout's.
const char *say_dropped(const Say *s, int node, int place);
/// A sentence more where a value's gradient comes through dropout; else nothing.
const char *say_dropped_back(const Say *s, int node, int place);

/// The sentence for a parameter's step in the update, of one element or (unit 0) of all.
const char *say_update(const Say *s, Step step, int unit);
/// The sentence for the whole update.
const char *say_update_done(const Say *s);

/// A term list "0.5 × 0.2 + (−1) × 0.3"; of long ones the largest.
const char *say_terms(const Say *s, const Term *terms, int n);

/// The sentence of an operation's row for one element, without the prefix.
const char *say_forward_unit(const Say *s, int node, int place, int unit);
/// How the gradient of `path` came to an element of `node` at a place.
const char *say_backward_unit(const Say *s, int node, int place, int unit, Path path);

#endif
