// Tasks of words and letters. Their alphabets are fixed, since what they say is.
#include <string.h>

#include "core/task_rows.h"

// ---- translation ----

enum { DIGIT_ZERO = 28, TRANSLATE_GO = 38 }; // in the alphabet: 28 number words, 10 digits, > and .

/// Numbers from 0 to 99 in words, two timesteps each, then >, then their digits, two timesteps
/// each. What a number does not need is filler.
void task_translation(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    int n = s->option[0], blank = task_filler(s);
    for (int t = 0; t < steps; t++) {
        out->symbols[t] = t == 2 * n ? TRANSLATE_GO : blank;
        out->classes[t] = blank;
    }
    for (int i = 0; i < n; i++) {
        int number = rng_below(rng, 100), *word = out->symbols + 2 * i;
        int *digit = out->classes + 2 * n + 1 + 2 * i;
        bool tens = number >= 20; // "forty two": a word for the tens, 20 to 27 in the alphabet
        word[0] = tens ? 20 + number / 10 - 2 : number;
        if (tens && number % 10) word[1] = number % 10;
        if (number >= 10) digit[0] = DIGIT_ZERO + number / 10;
        digit[1] = DIGIT_ZERO + number % 10;
    }
}

int task_translation_steps(const TaskSpec *s) {
    return 4 * s->option[0] + 1;
}

int task_translation_prompt(const TaskSpec *s) {
    return 2 * s->option[0] + 1;
}

// ---- letters ----

static int letter_of(const TaskSpec *s, char c) {
    for (int i = 0; i < s->n_symbols; i++)
        if (s->symbols[i][0] == c && s->symbols[i][1] == '\0') return i;
    return c == ' ' ? 0 : task_filler(s); // the first symbol is the blank where there is one
}

/// A window of a small story, which is read again and again.
void task_text(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    static const char story[] =
        "the hare ran and ran. the hare had a nap. the tortoise ran on. "
        "on and on the tortoise ran. the tortoise sat and had a rest at the "
        "end. the hare ran into the tortoise there. ";
    int n = (int)strlen(story), at = rng_below(rng, n);
    for (int t = 0; t < steps; t++) {
        out->symbols[t] = letter_of(s, story[(at + t) % n]);
        out->classes[t] = letter_of(s, story[(at + t + 1) % n]);
    }
}

/// Names one after the other, each ended by a point.
void task_names(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    static const char *const names[] = {
        "aaron",   "adam",  "alan",  "alice", "amy",   "anna",   "anne",   "arthur",
        "betty",   "brian", "bruce", "carl",  "carol", "david",  "diana",  "donna",
        "emily",   "emma",  "eric",  "frank", "gary",  "george", "grace",  "henry",
        "jack",    "jane",  "john",  "julia", "karen", "laura",  "linda",  "mary",
        "michael", "paul",  "peter", "rose",  "ruth",  "sara",   "thomas", "walter"};
    enum { NAMES = sizeof names / sizeof *names };
    const char *at = names[rng_below(rng, NAMES)];
    for (int t = 0; t < steps; t++) {
        out->symbols[t] = *at ? letter_of(s, *at) : task_filler(s);
        at = *at ? at + 1 : names[rng_below(rng, NAMES)];
        out->classes[t] = *at ? letter_of(s, *at) : task_filler(s);
    }
}

// ---- sentiment ----

/// "the film was not good": class 1 is a good word, or a bad one behind "not". The alphabet: the,
/// three things, was, not, very, three good words, three bad ones, filler. "very" changes nothing.
void task_sentiment(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    enum { THE, THING, WAS = 4, NOT, VERY, GOOD, BAD = 10 };
    bool negated = rng_below(rng, 2), stressed = rng_below(rng, 2), good = rng_below(rng, 2);
    int phrase[6] = {THE, THING + rng_below(rng, 3), WAS}, n = 3;
    if (negated) phrase[n++] = NOT;
    if (stressed) phrase[n++] = VERY;
    phrase[n++] = (good ? GOOD : BAD) + rng_below(rng, 3);
    for (int t = 0; t < steps; t++) {
        out->symbols[t] = t < n ? phrase[t] : task_filler(s);
        out->classes[t] = good != negated;
    }
}
