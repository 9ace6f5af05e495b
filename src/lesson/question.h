/// Questions of a lesson: what is asked, the answer from the run, and the grade of a guess. An
/// author names numbers; nobody types an answer.
#ifndef LESSON_QUESTION_H
#define LESSON_QUESTION_H

#include "lesson/lesson.h"

enum {
    QUESTION_OPTIONS = 8, // most that one question offers
    LESSON_ASKS = 64,     // questions of a lesson that can be answered; further ones are only read
    GUESS_TYPED = 16      // bytes of a typed number
};

/// A number of the run that a question names.
typedef struct {
    bool grad;
    int node;     // -1: the total of the loss
    int place;    // timestep, from 1; 0 before the first one and for steady nodes
    int unit;     // element, from 1; 0 for a whole node
    double value; // of the unit; NaN for whole nodes and where nothing was computed
} Asked;

/// One thing to choose: a number, or a product of two where `times.node` is not -1.
typedef struct {
    Asked of, times;
    double weight;     // what options are compared by
    const char *label; // the author's word for it, or NULL
} AskOption;

/// A question with its answer.
typedef struct {
    AskKind kind;
    Asked of[QUESTION_OPTIONS]; // the numbers it names
    int n;
    bool parts;       // ASK_LARGER: the options are the parts that the one number is a sum of
    double low, high; // ASK_NUMBER: ends of the slider
    double step;      // and what it snaps to, a power of ten
    double tolerance;
    AskOption options[QUESTION_OPTIONS]; // all kinds but number and click
    int n_options;
    unsigned right; // bit k: option k (from 0) is a right answer; 0: it cannot be told
} Question;

typedef enum { GUESS_NONE, GUESS_MADE, GUESS_REVEALED } GuessStage;

/// What the learner has said to a question so far.
typedef struct {
    uint32_t key; // of the question it was said to
    GuessStage stage;
    bool hint;                            // is asked for
    double number;                        // ASK_NUMBER
    char typed[GUESS_TYPED];              // its digits while they are typed, else ""
    int picks[QUESTION_OPTIONS], n_picks; // options from 0; ASK_ORDER: smallest first
    Asked clicked;                        // ASK_CLICK
} Guess;

typedef enum { GRADE_NONE, GRADE_RIGHT, GRADE_NEAR, GRADE_WRONG } Grade;

/// Reads one quantity of a scene: "f[2] at forward:3". dNAME and backward addresses mean
/// gradients; without an address, where the scene's step block stands, else the last timestep.
///   errors  false if the run has no such number
bool question_read(const Lesson *lesson, int scene, const char *of, Asked *out);

/// Question k of a scene with its answer; labels in `lang`.
///   owner   arena a
///   errors  false if it names nothing that the run has
bool question_make(Arena *a, const Lesson *lesson, int scene, int k, Lang lang, Question *out);

/// The number of question k of a scene among all of the lesson, from 0; -1 if there is no such
/// question, or if it is beyond LESSON_ASKS.
int question_index(const Lesson *lesson, int scene, int k);

/// A number that differs when the question does; never 0.
uint32_t question_key(const AskBlock *ask);

/// Has enough been said to reveal the answer?
bool question_ready(const Question *q, const Guess *guess);

/// How good a guess is. Numbers are right within the tolerance, nearly right within twice that.
/// GRADE_NONE without a guess, or where the run gives no answer.
Grade question_grade(const Question *q, const Guess *guess);

/// Which of the answers a guess is: an option's or a sign's number from 0; of a number 0 below the
/// truth, 1 above it; else 0.
int question_answer(const Question *q, const Guess *guess);

/// What the author says to this answer, were it wrong; NULL for nothing of its own.
const char *question_reply(const AskBlock *ask, int answer);

/// What the author says to every wrong answer that has nothing of its own; NULL for nothing.
const char *question_reply_to_all(const AskBlock *ask);

/// A number on the slider at a share of its length, 0 .. 1, snapped; and back, within 0 .. 1.
double question_at_share(const Question *q, double share);
double question_share(const Question *q, double number);

/// The numbers that the scene's open questions ask for: what is to be hidden. Returns how many.
///   guesses  LESSON_ASKS of them
int question_hidden(const Lesson *lesson, int scene, const Guess *guesses, Asked *out, int cap);

/// A sentence with the hidden numbers written as "?".
///   owner   arena a, or the sentence itself
const char *question_censor(Arena *a, const Lesson *lesson, const Asked *hidden, int n,
                            const char *sentence);

#endif
