// `compare`: the lesson again, with another cell in each of its layers. All else is the same: data,
// sizes, head, loss, seeds and training. Weights, start values and named sizes that the lesson
// gives to its own cell say nothing of another one: it has those of its init lines, drawn from the
// same seed, its own start values where the lesson's do not fit, and its own sizes.
#include "lesson/compare.h"

#include <string.h>

typedef struct {
    const Item *word;
    Reading as; // the lesson as it is read with this cell
    Diags said; // what reading it so has to say
    Graph *graph;
    Sequence sequence; // its rows are those of this network
} Rival;

struct Rivals {
    int n;
    Rival rival[COMPARE_MOST];
};

static int compared_words(const Item *compare) {
    if (!compare) return 0;
    return compare->kind == ITEM_LIST ? compare->n : compare->kind == ITEM_TEXT;
}

static const Item *compared_word(const Item *compare, int k) {
    return compare->kind == ITEM_LIST ? compare->items[k] : compare;
}

static void exchange_cell(Reading *r, Rival *rival, const CellAst *cell) {
    rival->said = diags_new(r->arena);
    rival->as = *r;
    rival->as.diags = &rival->said;
    rival->as.told = 0;
    rival->as.weights_path = NULL;
    rival->as.layers = ARENA_ARRAY(r->arena, LayerSpec, r->n_layers + 1);
    for (int i = 0; i < r->n_layers; i++) {
        rival->as.layers[i] = r->layers[i];
        rival->as.layers[i].cell = cell;
        rival->as.layers[i].n_sizes = 0;
    }
}

/// Always false.
static bool cannot_compare(Reading *r, const Rival *rival) {
    return READING_ERROR(r, rival->word, "%s cannot be compared here: %s", rival->word->text,
                         rival->said.count ? rival->said.list[0].message
                                           : "its network cannot be built");
}

static bool stands_before(const Rivals *all, const Item *word) {
    for (int k = 0; k < all->n; k++)
        if (strcmp(all->rival[k].word->text, word->text) == 0) return true;
    return false;
}

static bool build_rival(Reading *r, Rivals *all, const Item *word) {
    const CellAst *cell = cell_load(r, word);
    if (!cell) return false; // told already
    if (stands_before(all, word))
        return READING_ERROR(r, word, "%s stands twice under compare", word->text);
    if (cell == r->layers[0].cell)
        return READING_ERROR(r, word, "%s is the lesson's own cell; compare names others",
                             word->text);
    Rival *rival = &all->rival[all->n];
    rival->word = word;
    exchange_cell(r, rival, cell);
    rival->graph = model_build(&rival->as, false);
    if (!rival->graph) return cannot_compare(r, rival);
    all->n++;
    if (rival->said.count > 0) // of start values alone: there is a network
        ARENA_PUSH(r->arena, r->notes, r->n_notes, r->cap_notes,
                   arena_printf(r->arena, "compare: %s has start values of its own: %s", word->text,
                                rival->said.list[0].message));
    rival->said = diags_new(r->arena);
    return true;
}

void compare_read(Reading *r) {
    const Item *compare = item_get(r->root, "compare");
    int n = compared_words(compare);
    if (n > COMPARE_MOST)
        READING_ERROR(r, compared_word(compare, COMPARE_MOST),
                      "at most %d cells can be compared with the lesson's own", COMPARE_MOST);
    for (int k = 0; k < n && k < COMPARE_MOST; k++) cell_load(r, compared_word(compare, k));
}

Rivals *compare_build(Reading *r) {
    const Item *compare = item_get(r->root, "compare");
    int n = compared_words(compare);
    Rivals *all = ARENA_NEW(r->arena, Rivals);
    for (int k = 0; k < n && k < COMPARE_MOST; k++) {
        const Item *word = compared_word(compare, k);
        if (word->kind == ITEM_TEXT && !item_is_null(word)) build_rival(r, all, word);
    }
    return all;
}

bool compare_fits(Reading *r, const Rivals *all, const Graph *own, const TrainSpec *train) {
    double needed = run_bytes(r, own, train, NULL);
    for (int k = 0; k < all->n; k++) needed += run_bytes(r, all->rival[k].graph, train, NULL);
    if (all->n == 0 || needed <= TRACE_MAX_GIB * 1024.0 * 1024 * 1024) return true;
    return READING_ERROR(r, item_get(r->root, "compare"),
                         "too large for memory: the lesson and what is compared with it need %s; "
                         "at most %d GiB are used for a lesson",
                         memory_words(r->arena, needed), TRACE_MAX_GIB);
}

bool compare_data(Reading *r, Rivals *all, const Lesson *lesson) {
    bool fine = true;
    for (int k = 0; k < all->n; k++) {
        Rival *rival = &all->rival[k];
        Lesson *like = ARENA_NEW(r->arena, Lesson); // for what a sequence says of symbols
        *like = *lesson;
        if (!data_sequence(&rival->as, rival->graph, like)) fine = cannot_compare(r, rival);
        rival->sequence = like->sequence;
    }
    return fine;
}

/// As the lesson's own training.
///   errors  false if it was stopped or has no network
static bool train_rival(Rival *rival, const TrainSpec *spec, const Training *training,
                        double *params) {
    Reading *r = &rival->as;
    Graph *g = spec->dropout > 0 ? model_build(r, true) : rival->graph;
    return g && train(r->arena, g, spec, train_data_next, train_data_new(r, &rival->sequence),
                      training->progress, training->context, params);
}

static bool run_rival(Rival *rival, const Lesson *lesson, const Training *training, Compared *out) {
    Reading *r = &rival->as;
    const Graph *g = rival->graph;
    double *params = ARENA_ARRAY(r->arena, double, g->n_weights + 1);
    weights_shared(r, g, params);
    if (lesson->train.steps > 0 && !train_rival(rival, &lesson->train, training, params))
        return false;
    Trace *trace = trace_new(r->arena, g, rival->sequence.steps);
    trace_forward(trace, &rival->sequence, params);
    trace_backward(trace);
    *out = (Compared){g, params, trace};
    return true;
}

void compare_run(Reading *r, Rivals *all, const Training *training, Lesson *lesson) {
    bool stopped = lesson->train.steps > 0 && history_steps(lesson->history) < lesson->train.steps;
    if (all->n == 0 || stopped || training->alone) return;
    Compared *compared = ARENA_ARRAY(r->arena, Compared, all->n);
    int n = 0;
    for (int k = 0; k < all->n; k++) n += run_rival(&all->rival[k], lesson, training, &compared[n]);
    lesson->compared = compared;
    lesson->n_compared = n;
    lesson->compared_drawn = weights_given(r);
}
