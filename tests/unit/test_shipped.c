// The shipped lessons: what their prose says in numbers is so, and their questions can be answered.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "core/address.h"
#include "lesson/moment.h"
#include "lesson/question.h"
#include "view/ask_text.h"

static const Places places = {"assets", "lessons"};
static Arena *arena;

static const Lesson *open_shipped(int k, const LessonCard **cards, int *n) {
    *cards = lesson_list(arena, &places, n);
    Diags d = diags_new(arena);
    const Lesson *l = lesson_load(arena, (*cards)[k].path, &places, NULL, NULL, &d);
    Buf b = buf_new(arena);
    diags_print(&d, &b);
    if (!l) fail_msg("%s", buf_str(&b));
    return l;
}

/// Calls `check` with each shipped lesson.
static void each_lesson(void (*check)(const Lesson *)) {
    int n = 1;
    const LessonCard *cards;
    for (int k = 0; k < n; k++) {
        arena = arena_new();
        check(open_shipped(k, &cards, &n));
        arena_free(arena);
    }
    assert_true(n >= 3);
}

// ---- numbers of the prose that lead to their step

/// "−0.534" and "12%" as a number, with the size of half its last digit. False for other words.
static bool read_number(const char *text, double *number, double *half) {
    const char *minus = "−";
    bool negative = strncmp(text, minus, strlen(minus)) == 0;
    if (negative) text += strlen(minus);
    char *end;
    *number = strtod(text, &end);
    if (end == text || (*end && strcmp(end, "%") != 0)) return false;
    const char *point = strchr(text, '.');
    *half = 0.5 * (point ? pow(10, -(double)(end - point - 1)) : 1);
    if (*end) *number /= 100, *half /= 100;
    if (negative) *number = -*number;
    return true;
}

/// The element that an address names, from 0. A playhead at the last one has no unit: with it the
/// operation is whole.
static int element_of(const char *address) {
    const char *open = strrchr(address, '[');
    return open ? atoi(open + 1) - 1 : 0;
}

/// What can be read off the stage at a step.
static int numbers_at(const Lesson *l, Playhead at, int e, double *out) {
    int n = 0;
    const Step step = walk_step(l->walk, at.at - 1);
    int count = step.node >= 0 ? dim_count(l->graph->nodes[step.node].dim) : 0;
    out[n++] = trace_loss(l->trace);
    if (step.phase == PHASE_UPDATE && l->update) {
        out[n++] = l->update->norm;
        out[n++] = l->update->scale;
        if (e >= count) return n;
        size_t k = (size_t)l->graph->params[l->graph->nodes[step.node].param].offset + (size_t)e;
        out[n++] = l->update->before[k];
        out[n++] = l->update->after[k];
    } else if (e < count) {
        bool back = step.phase == PHASE_BACKWARD;
        out[n++] = (back ? trace_grad : trace_value)(l->trace, step.node, step.place)[e];
    }
    return n;
}

static int links;

static void check_run(const Lesson *l, const ProseRun *run) {
    double number, half, there[8];
    if (!run->link || run->link[0] != '#') return;
    const Lesson *moment = l;
    Playhead at;
    const char *why = "";
    if (!moment_find(arena, &moment, run->link + 1, &at, &why))
        fail_msg("%s: %s: %s", l->path, run->link, why);
    if (!read_number(run->text, &number, &half)) return;
    bool said = false;
    for (int k = numbers_at(moment, at, element_of(run->link), there) - 1; k >= 0; k--)
        said |= fabs(there[k] - number) <= half * (1 + 1e-9);
    if (!said) fail_msg("%s: %s is not at %s", l->path, run->text, run->link);
    links++;
}

static void check_author(const Lesson *l, const char *text) {
    int n = 0;
    const ProseRun *runs = text ? ask_author_runs(arena, text, &n) : NULL;
    for (int k = 0; k < n; k++) check_run(l, &runs[k]);
}

static void check_prose(const Lesson *l) {
    for (int i = 0; i < LANG_COUNT * l->n_scenes; i++) {
        const LessonScene *s = &l->scenes[i % LANG_COUNT][i / LANG_COUNT];
        for (int b = 0; b < s->n_blocks; b++)
            for (int k = 0; k < s->blocks[b].n_runs; k++) check_run(l, &s->blocks[b].runs[k]);
        for (int k = 0; k < s->n_asks; k++) {
            check_author(l, s->asks[k].hint);
            check_author(l, s->asks[k].after);
            for (int r = 0; r < s->asks[k].n_replies; r++)
                check_author(l, s->asks[k].replies[r].text);
        }
    }
}

static void test_a_number_that_leads_to_a_step_stands_there(void **state) {
    (void)state;
    links = 0;
    each_lesson(check_prose);
    assert_true(links > 10);
}

// ---- questions

/// The moment in which a scene asks.
static const Lesson *moment_of(const Lesson *l, int scene) {
    Playhead at;
    const char *why, *address = l->scenes[LANG_EN][scene].step.at;
    const Lesson *moment = l;
    if (address) assert_true(moment_find(arena, &moment, address, &at, &why));
    return moment;
}

static void check_question(const Lesson *l, int scene, int k) {
    const Lesson *moment = moment_of(l, scene);
    Question q;
    if (!question_make(arena, moment, scene, k, LANG_EN, &q))
        fail_msg("%s, scene %d: question %d cannot be asked", l->path, scene + 1, k + 1);
    bool options = q.kind == ASK_SIGN || q.kind == ASK_LARGER || q.kind == ASK_CHOICE;
    if (!options) assert_true(isfinite(q.of[0].value));
    if (options && (q.right == 0 || (q.right & (q.right - 1)) != 0))
        fail_msg("%s, scene %d: not one right answer", l->path, scene + 1);
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        const AskBlock *ask = &l->scenes[lang][scene].asks[k];
        int answers = q.kind == ASK_NUMBER ? 2 : options ? q.n_options : 1;
        for (int a = 0; a < answers; a++) {
            bool right = options && (q.right >> a & 1u);
            const char *own = question_reply(ask, a);
            if (!right && !own && !question_reply_to_all(ask))
                fail_msg("%s, scene %d, %s: nothing is said to wrong answer %d", l->path, scene + 1,
                         lang_names[lang], a + 1);
            if (right && own)
                fail_msg("%s, scene %d: answer %d is right, and called wrong", l->path, scene + 1,
                         a + 1);
        }
        if (!ask->hint || !ask->after)
            fail_msg("%s, scene %d: no hint or no after", l->path, scene + 1);
    }
}

static void check_questions(const Lesson *l) {
    int n = 0;
    for (int scene = 0; scene < l->n_scenes; scene++)
        for (int k = 0; k < l->scenes[LANG_EN][scene].n_asks; k++, n++) check_question(l, scene, k);
    assert_true(n >= 2);
}

static void test_every_question_has_one_answer_and_a_word_to_each_wrong_one(void **state) {
    (void)state;
    each_lesson(check_questions);
}

// ---- both languages

static void check_twin(const Lesson *l) {
    assert_true(l->has_chinese);
    assert_string_not_equal(l->title[LANG_EN], l->title[LANG_ZH]);
    assert_string_not_equal(l->about[LANG_EN], l->about[LANG_ZH]);
    for (int i = 0; i < l->n_scenes; i++) {
        const LessonScene *en = &l->scenes[LANG_EN][i], *zh = &l->scenes[LANG_ZH][i];
        assert_string_not_equal(en->title, zh->title);
        assert_int_equal(en->n_asks, zh->n_asks);
        if (en->note && strcmp(en->note, zh->note) == 0)
            fail_msg("%s, scene %d: the note has no Chinese", l->path, i + 1);
        for (int k = 0; k < en->n_asks; k++)
            assert_string_not_equal(en->asks[k].after, zh->asks[k].after);
    }
}

static void test_every_scene_stands_in_both_languages(void **state) {
    (void)state;
    each_lesson(check_twin);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_a_number_that_leads_to_a_step_stands_there),
        RUN(test_every_question_has_one_answer_and_a_word_to_each_wrong_one),
        RUN(test_every_scene_stands_in_both_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
