// What the author says to wrong answers: one text for all of them, or a text for each by its name.
// An answer is called what the card calls it: a sign by its word, an option by its place on the
// card, a number by the side on which it misses.
#include <string.h>

#include "lesson/question.h"
#include "lesson/reading.h"

static const char *const sides[] = {"below", "above", NULL};
static const char *const signs[] = {"positive", "zero", "negative", NULL};
static const char *const options[QUESTION_OPTIONS + 1] = {"1", "2", "3", "4", "5", "6", "7", "8"};

// By kind; NULL where there is but one way to be wrong.
static const char *const *const answers[] = {
    [ASK_NUMBER] = sides,   [ASK_SIGN] = signs, [ASK_LARGER] = options,
    [ASK_CHOICE] = options, [ASK_CLICK] = NULL, [ASK_ORDER] = NULL};

static bool is_text(Reading *r, const Item *item, const char *name) {
    if (item->kind == ITEM_TEXT && *item->text && !item_is_null(item)) return true;
    return READING_ERROR(r, item, "%s must be a text", name);
}

static bool is_answer(Reading *r, const Item *key, AskKind kind) {
    if (r->is_twin) return true; // compared with the English file when the two are put together
    if (!answers[kind])
        return READING_ERROR(r, key, "all wrong answers to this question are alike: write one "
                                     "text, wrong: ...");
    if (schema_find(answers[kind], key->text) >= 0) return true;
    return schema_unknown_word(r->arena, r->source, key->span, "an answer", key->text,
                               answers[kind], r->diags);
}

void replies_read(Reading *r, const Item *wrong, AskBlock *ask) {
    if (!wrong) return;
    if (wrong->kind != ITEM_MAP) {
        if (!is_text(r, wrong, "wrong")) return;
        AskReply *one = ARENA_ARRAY(r->arena, AskReply, 1);
        *one = (AskReply){NULL, wrong->text, wrong->span};
        ask->replies = one;
        ask->n_replies = 1;
        return;
    }
    AskReply *all = ARENA_ARRAY(r->arena, AskReply, wrong->n + 1);
    ask->replies = all;
    for (int i = 0; i < wrong->n; i++)
        if (is_answer(r, wrong->keys[i], ask->kind) && is_text(r, wrong->items[i], "a reply"))
            all[ask->n_replies++] =
                (AskReply){wrong->keys[i]->text, wrong->items[i]->text, wrong->keys[i]->span};
}

static const AskReply *find(const AskBlock *ask, const char *answer) {
    for (int k = 0; k < ask->n_replies; k++) {
        const char *of = ask->replies[k].answer;
        if (of && answer ? strcmp(of, answer) == 0 : of == answer) return &ask->replies[k];
    }
    return NULL;
}

void replies_match(Reading *twin, const AskBlock *english, const AskBlock *chinese) {
    for (int k = 0; k < chinese->n_replies; k++) {
        const AskReply *reply = &chinese->replies[k];
        if (!find(english, reply->answer))
            diag_error(twin->diags, twin->source, reply->span,
                       "the English question has no such reply to a wrong answer");
    }
}

int question_answer(const Question *q, const Guess *guess) {
    if (q->kind == ASK_NUMBER) return guess->number > q->of[0].value;
    return answers[q->kind] && guess->n_picks > 0 ? guess->picks[0] : 0;
}

const char *question_reply(const AskBlock *ask, int answer) {
    const char *const *words = answers[ask->kind];
    const AskReply *reply = words && answer >= 0 ? find(ask, words[answer]) : NULL;
    return reply ? reply->text : NULL;
}

const char *question_reply_to_all(const AskBlock *ask) {
    const AskReply *reply = find(ask, NULL);
    return reply ? reply->text : NULL;
}
