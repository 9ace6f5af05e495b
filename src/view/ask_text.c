// What a card says. Texts come in pairs, one for each language; numbers and names are put in as
// runs of their own, so that the flow can break lines between them.
#include "view/ask_text.h"

#include <math.h>
#include <string.h>

#include "view/tex.h"
#include "view/tex_link.h"

enum { RUNS = 40 };

/// Runs being put together.
typedef struct {
    ProseRun *runs;
    int n;
} Runs;

static Runs runs_new(Arena *a) {
    return (Runs){ARENA_ARRAY(a, ProseRun, RUNS), 0};
}

static void put(Runs *r, RunKind kind, const char *text, bool strong) {
    if (r->n < RUNS && *text)
        r->runs[r->n++] = (ProseRun){.kind = kind, .strong = strong, .text = text, .span = NO_SPAN};
}

static void put_text(Runs *r, const char *text) {
    put(r, RUN_TEXT, text, false);
}

static void put_math(Runs *r, const char *tex) {
    put(r, RUN_MATH, tex, false);
}

static const char *asked_tex(Arena *a, const View *v, const Asked *of) {
    if (of->node < 0) return "L";
    int unit = dim_count(v->lesson->graph->nodes[of->node].dim) == 1 ? 0 : of->unit;
    if (of->grad) return tex_gradient(a, v, of->node, of->place, unit, true);
    return view_node_tex(a, v, of->node, of->place, unit);
}

// ---- the author's words

/// The text with what would begin a quotation, a heading or a list made an ordinary sign.
static const char *plain_start(Arena *a, const char *text) {
    bool starred = *text == '*' && text[1] == ' ';
    return starred || (*text && strchr(">#-+=", *text)) ? arena_printf(a, "\\%s", text) : text;
}

ProseRun *ask_author_runs(Arena *a, const char *text, int *n) {
    Runs out = runs_new(a);
    text = plain_start(a, text);
    Diags unheard = diags_new(a); // the lesson was checked
    Source *source = ARENA_NEW(a, Source);
    *source = (Source){"", text, strlen(text)};
    int count = 0;
    const Block *blocks = prose_parse(a, source, 0, &count, &unheard);
    for (int i = 0; blocks && i < count; i++) {
        if (i > 0) put(&out, RUN_BREAK, "\n", false);
        for (int k = 0; k < blocks[i].n_runs && out.n < RUNS; k++)
            out.runs[out.n++] = blocks[i].runs[k];
    }
    *n = out.n;
    return out.runs;
}

// ---- the question

// By kind, before and after the quantity.
// clang-format off
static const char *const questions[][LANG_COUNT][2] = {
    [ASK_NUMBER] = {{"Where will ", " land?"}, {"", " 会是多少？"}},
    [ASK_SIGN]   = {{"Will ", " be positive, zero or negative?"}, {"", " 是正、零还是负？"}},
    [ASK_LARGER] = {{"Which is larger: ", "?"}, {"哪一个更大：", "？"}},
    [ASK_CHOICE] = {{"What is true of ", "?"}, {"关于 ", "，哪一项正确？"}},
    [ASK_CLICK]  = {{"Find ", " on the stage and click it."}, {"在图中找到 ", " 并点击它。"}},
    [ASK_ORDER]  = {{"Put in order, smallest first: ", "."}, {"从小到大排序：", "。"}},
};
// of one number, whose parts are compared; the size counts, not the sign
static const char *const larger_part[2][LANG_COUNT][2] = {
    {{"Which part of ", " is larger in size?"}, {"", " 的哪一部分绝对值更大？"}},
    {{"Through which path does most of ", " come?"}, {"", " 主要沿哪条路径传来？"}}};
static const char *const sizes[LANG_COUNT][2] = {
    {"Order by size, smallest first: ", "."}, {"按绝对值从小到大排序：", "。"}};
static const char *const larger_size[LANG_COUNT][2] = {
    {"Which is larger in size: ", "?"}, {"哪一个绝对值更大：", "？"}};
static const char *const signs[3][LANG_COUNT] = {
    {"positive", "正"}, {"zero", "零"}, {"negative", "负"}};
static const char *const verdicts[][LANG_COUNT] = {
    [GRADE_NONE] = {"", ""},
    [GRADE_RIGHT] = {"Right.", "正确。"},
    [GRADE_NEAR] = {"Nearly right.", "很接近。"},
    [GRADE_WRONG] = {"Not quite.", "不对。"},
};
// clang-format on

/// The formula without its links: what is to be found must not light up by itself.
static const char *unlinked(Arena *a, const char *tex) {
    enum { DEEPEST = 32 };
    static const char command[] = "\\term{";
    int depth = 0, links = 0, ends[DEEPEST];
    Buf out = buf_new(a);
    for (const char *s = tex; *s; s++) {
        if (strncmp(s, command, sizeof command - 1) == 0 && links < DEEPEST) {
            s = strchr(s, '}'); // of the id, which holds no braces
            if (!s || s[1] != '{') return tex;
            ends[links++] = depth++;
            s++;
            continue;
        }
        if (*s == '{') depth++;
        if (*s == '}') depth--;
        if (*s == '}' && links > 0 && ends[links - 1] == depth)
            links--;
        else
            buf_put(&out, s, 1);
    }
    return buf_str(&out);
}

ProseRun *ask_question_runs(Arena *a, const View *v, const AskBlock *ask, const Question *q,
                            int *n) {
    Runs out = runs_new(a);
    const char *const *words = questions[ask->kind][v->lang];
    bool grad = q->n > 0 && q->of[0].grad;
    if (q->parts) words = larger_part[grad][v->lang];
    if (ask->kind == ASK_LARGER && !q->parts && grad) words = larger_size[v->lang];
    if (ask->kind == ASK_ORDER && grad) words = sizes[v->lang];
    put_text(&out, words[0]);
    bool one = q->n == 1 && !(ask->kind == ASK_ORDER);
    const char *tex = one ? asked_tex(a, v, &q->of[0]) : tex_asked(a, v, ask->of);
    put_math(&out, ask->kind == ASK_CLICK ? unlinked(a, tex) : tex);
    put_text(&out, words[1]);
    *n = out.n;
    return out.runs;
}

// ---- options

static const char *option_tex(Arena *a, const View *v, const Question *q, int k) {
    const AskOption *o = &q->options[k];
    if (q->parts && q->of[0].grad) return view_node_tex(a, v, o->of.node, o->of.place, 0);
    const char *tex = asked_tex(a, v, &o->of);
    if (o->times.node < 0) return tex;
    return arena_printf(a, "%s\\,%s", tex, asked_tex(a, v, &o->times));
}

ProseRun *ask_option_runs(Arena *a, const View *v, const Question *q, int k, int *n) {
    const AskOption *o = &q->options[k];
    if (o->label) return ask_author_runs(a, o->label, n);
    Runs out = runs_new(a);
    if (q->kind == ASK_SIGN) {
        put_text(&out, signs[k][v->lang]);
    } else if (o->of.node >= 0) {
        if (q->parts && q->of[0].grad) put_text(&out, v->lang == LANG_ZH ? "经过 " : "through ");
        put_math(&out, option_tex(a, v, q, k));
    } else {
        put_math(&out, "L");
    }
    *n = out.n;
    return out.runs;
}

ProseRun *ask_chosen_runs(Arena *a, const View *v, const Asked *clicked, int *n) {
    Runs out = runs_new(a);
    put_text(&out, v->lang == LANG_ZH ? "你选的是 " : "You chose ");
    put_math(&out, asked_tex(a, v, clicked));
    put_text(&out, v->lang == LANG_ZH ? "。" : ".");
    *n = out.n;
    return out.runs;
}

// ---- the verdict

static void put_truth(Arena *a, Runs *out, const View *v, const Question *q) {
    const Asked *of = &q->of[0];
    bool zh = v->lang == LANG_ZH;
    const char *number = say_number(a, of->value, v->lesson->digits, true, v->lang);
    put_math(out, asked_tex(a, v, of));
    put_text(out, zh ? " 等于 " : " is ");
    put(out, RUN_TEXT, number, true);
    put_text(out, zh ? "。" : ".");
}

/// The numbers in their order: "f < i < g".
static void put_order(Arena *a, Runs *out, const View *v, const Question *q) {
    int order[QUESTION_OPTIONS];
    for (int k = 0; k < q->n_options; k++) {
        int at = k;
        for (; at > 0 && q->options[order[at - 1]].weight > q->options[k].weight; at--)
            order[at] = order[at - 1];
        order[at] = k;
    }
    for (int k = 0; k < q->n_options; k++) {
        const AskOption *o = &q->options[order[k]];
        put_math(out, asked_tex(a, v, &o->of));
        put_text(out, " ");
        put(out, RUN_TEXT, say_number(a, o->of.value, v->lesson->digits, true, v->lang), true);
        if (k + 1 < q->n_options)
            put_text(out, v->lang == LANG_ZH ? "，" : ", ");
        else
            put_text(out, v->lang == LANG_ZH ? "。" : ".");
    }
}

ProseRun *ask_verdict_runs(Arena *a, const View *v, const Question *q, const Guess *guess, int *n) {
    Runs out = runs_new(a);
    bool zh = v->lang == LANG_ZH;
    Grade grade = question_grade(q, guess);
    put(&out, RUN_TEXT, verdicts[grade][v->lang], true);
    if (out.n > 0 && !zh) put_text(&out, " ");
    if (q->kind == ASK_CLICK) {
        put_text(&out, zh ? "它现在在图中亮着：" : "It is lit on the stage: ");
        put_truth(a, &out, v, q);
    } else if (q->kind == ASK_ORDER) {
        put_order(a, &out, v, q);
    } else if (q->kind == ASK_NUMBER || q->kind == ASK_SIGN || q->n == 1) {
        if (!q->parts) put_truth(a, &out, v, q);
        if (q->parts && out.n == 0) put_text(&out, zh ? "如上所示。" : "It is as shown.");
    }
    *n = out.n;
    return out.runs;
}
