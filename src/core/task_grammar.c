// Languages. A stream of words, cut after T symbols (or one word of Reber's, which ends where it
// ends); the class at each timestep is the symbol that comes next, the target row has a 1 for each
// symbol that may come next.
//
// Sources: Reber (1967), embedded as by Cleeremans et al. (1989) and Hochreiter & Schmidhuber
// (1997), in a stream as by Gers et al. (2000); a^n b^n and a^n b^n c^n, Gers & Schmidhuber (2001).
#include <string.h>

#include "core/task_rows.h"

static void allow(TaskSequence *out, const TaskSpec *s, int t, int symbol) {
    out->targets[(size_t)t * (size_t)s->n_symbols + (size_t)symbol] = 1;
}

static void forbid_all(const TaskSpec *s, int steps, TaskSequence *out) {
    memset(out->targets, 0, (size_t)steps * (size_t)s->n_symbols * sizeof *out->targets);
}

// ---- Reber ----

enum { REBER_B, REBER_T, REBER_S, REBER_X, REBER_P, REBER_V, REBER_E };

/// From each state two symbols with as many chances, or one.
static const struct {
    int symbol[2], next[2], n;
} reber[] = {
    {{REBER_T, REBER_P}, {1, 2}, 2}, {{REBER_S, REBER_X}, {1, 3}, 2},
    {{REBER_T, REBER_V}, {2, 4}, 2}, {{REBER_X, REBER_S}, {2, 5}, 2},
    {{REBER_P, REBER_V}, {3, 5}, 2}, {{REBER_E, 0}, {0, 0}, 1},
};

/// Where a stream of embedded words is: before symbol OUTER_B, at the outer T or P, ...
typedef struct {
    enum { OUTER_B, OUTER_TP, INNER_B, INNER, OUTER_SAME, OUTER_E } at;
    int state; // of the inner grammar
    int outer; // its T or P
} ReberPlace;

/// The symbols that may come; how many.
static int reber_options(const ReberPlace *p, int options[2]) {
    options[0] = REBER_E;
    options[1] = REBER_P;
    switch (p->at) {
    case OUTER_B:
    case INNER_B: options[0] = REBER_B; return 1;
    case OUTER_TP: options[0] = REBER_T; return 2;
    case INNER:
        memcpy(options, reber[p->state].symbol, 2 * sizeof *options);
        return reber[p->state].n;
    case OUTER_SAME: options[0] = p->outer; return 1;
    case OUTER_E: options[0] = REBER_E; return 1;
    }
    return 0;
}

/// Goes on by option number k, which is `symbol`.
static void reber_go(ReberPlace *p, int k, int symbol) {
    if (p->at == OUTER_TP) p->outer = symbol;
    if (p->at == INNER) {
        bool ends = symbol == REBER_E;
        p->state = reber[p->state].next[k];
        p->at = ends ? OUTER_SAME : INNER;
        return;
    }
    p->state = 0;
    p->at = p->at == OUTER_E ? OUTER_B : p->at + 1;
}

/// B, T or P, a word of the inner grammar, the same T or P again, E; then the next word. With the
/// option `word` there is no next one: the sequence ends where the last E is to be said.
void task_embedded_reber(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    ReberPlace p = {OUTER_B, 0, 0};
    forbid_all(s, steps, out);
    for (int t = 0; t <= steps; t++) {
        int options[2], n = reber_options(&p, options), k = n > 1 ? rng_below(rng, n) : 0;
        if (s->option[1] && t > 0 && p.at == OUTER_E) out->steps = steps = t;
        for (int i = 0; i < n && t > 0; i++) allow(out, s, t - 1, options[i]);
        if (t > 0) out->classes[t - 1] = options[k];
        if (t < steps) out->symbols[t] = options[k];
        reber_go(&p, k, options[k]);
    }
}

int task_embedded_reber_shortest(const TaskSpec *s) {
    enum { SHORTEST_WORD = 9 }; // its last symbol is no input
    bool word = s->option[1] > 0 && s->option[0] >= SHORTEST_WORD;
    return word ? SHORTEST_WORD - 1 : s->option[0];
}

// ---- counting ----

/// A word: each letter once, or n times. The first that comes n times says how often the others do.
typedef struct {
    int letter;
    bool many;
} Run;

/// n is drawn from 1 to the option `most` for each word.
static void counted(const TaskSpec *s, Rng *rng, int steps, const Run *word, int runs,
                    TaskSequence *out) {
    int most = s->option[1], n = 1 + rng_below(rng, most), run = 0, left = word[0].many ? n : 1;
    bool told = false; // has the first run of n ended, so that n is known?
    forbid_all(s, steps, out);
    for (int t = 0; t <= steps; t++) {
        int letter = word[run].letter;
        if (t > 0) {
            out->classes[t - 1] = letter;
            allow(out, s, t - 1, letter);
        }
        // within the first run of n, and at its end, both its letter and the next one may come
        bool open =
            t > 0 && !told && out->symbols[t - 1] != letter && run > 0 && word[run - 1].many;
        bool inside = t > 0 && !told && word[run].many && out->symbols[t - 1] == letter;
        if (open) allow(out, s, t - 1, word[run - 1].letter);
        if (inside) allow(out, s, t - 1, word[(run + 1) % runs].letter);
        if (open) told = true;
        if (t < steps) out->symbols[t] = letter;
        if (--left > 0) continue;
        run = (run + 1) % runs;
        if (run == 0) {
            n = 1 + rng_below(rng, most);
            told = false;
        }
        left = word[run].many ? n : 1;
    }
}

void task_anbn(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    static const Run word[] = {{2, false}, {0, true}, {1, true}, {3, false}};
    counted(s, rng, steps, word, 4, out);
}

void task_anbncn(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    static const Run word[] = {{3, false}, {0, true}, {1, true}, {2, true}, {4, false}};
    counted(s, rng, steps, word, 5, out);
}

void task_count_axb(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    static const Run word[] = {{0, true}, {1, false}, {2, true}, {3, false}};
    counted(s, rng, steps, word, 4, out);
}

// ---- brackets ----

enum { BRACKETS_DEEP = 30 };

/// Any bracket may open; only the latest that is open may close. The alphabet is pairs.
void task_brackets(const TaskSpec *s, Rng *rng, int steps, TaskSequence *out) {
    int kinds = s->n_symbols / 2, most = s->option[1], open[BRACKETS_DEEP], depth = 0;
    forbid_all(s, steps, out);
    for (int t = 0; t <= steps; t++) {
        for (int k = 0; k < kinds && t > 0 && depth < most; k++) allow(out, s, t - 1, 2 * k);
        if (t > 0 && depth > 0) allow(out, s, t - 1, open[depth - 1] + 1);
        bool opens = depth == 0 || (depth < most && rng_below(rng, 2) == 0);
        int symbol = opens ? 2 * rng_below(rng, kinds) : open[depth - 1] + 1;
        if (opens)
            open[depth++] = symbol;
        else
            depth--;
        if (t > 0) out->classes[t - 1] = symbol;
        if (t < steps) out->symbols[t] = symbol;
    }
}
