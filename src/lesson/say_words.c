// The table of sentences in both languages, and how slots are filled. A language may put the
// slots in any order; what varies with the numbers is decided in say.c, never here.
#include "lesson/say_words.h"

#include <string.h>

#include "core/unicode.h"
#include "lesson/say.h"

// clang-format off
const char *const phase_titles[PHASE_COUNT][LANG_COUNT] = {
    [PHASE_FORWARD]  = {"Forward", "前向"},
    [PHASE_LOSS]     = {"Loss", "损失"},
    [PHASE_BACKWARD] = {"Backward", "反向"},
    [PHASE_UPDATE]   = {"Update", "更新"},
};
const char *const say_sentences[SAY_COUNT][LANG_COUNT] = {
    [SAY_NOTHING] = {"Nothing has been computed yet.", "还没有进行任何计算。"},
    [SAY_OP_INNER] = {
        "At t = {t}, on the way to {eq}, {op} is {list}.",
        "t = {t} 时，在计算{eq} 的过程中，{op} 为 {list}。"},
    [SAY_OP_FINAL] = {
        "At t = {t} {op} gives {eq}: {list}.",
        "t = {t} 时，由{op} 得到{eq}：{list}。"},
    [SAY_UNIT] = {"At t = {t}, for {eq}{unit}: {rest}", "t = {t} 时，{eq}{unit}：{rest}"},
    [SAY_UNIT_GRAD] = {"At t = {t}, {grad}{unit}: {rest}", "t = {t} 时，{grad}{unit}：{rest}"},
    [SAY_EQUATION] = {"At t = {t} {eq} is {list}{gate}.", "t = {t} 时，{eq} 为 {list}{gate}。"},
    [SAY_GATE] = {
        ": on average it lets {percent}% of {what} through", "，平均让 {what} 通过 {percent}%"},
    [SAY_STATE] = {"{eq} is {list}", "{eq} 为 {list}"},
    [SAY_TIMESTEP] = {"Timestep {t} is done: {states}.", "时间步 {t} 完成：{states}。"},
    [SAY_FORWARD_DONE] = {
        "The forward pass is done; at t = {t} {states}.", "前向传播完成；t = {t} 时，{states}。"},
    [SAY_LOSS_AT] = {"At t = {t} the loss is {y}.", "t = {t} 时，损失为 {y}。"},
    [SAY_LOSS_ONE] = {
        "The total loss L is {y}, taken at t = {t} alone.", "总损失 L 为 {y}，只取自 t = {t}。"},
    [SAY_LOSS_SUM] = {
        "The total loss L is {y}, the sum over {n} timesteps.",
        "总损失 L 为 {y}，是 {n} 个时间步的损失之和。"},
    [SAY_LOSS_MEAN] = {
        "The total loss L is {y}, the mean over {n} timesteps.",
        "总损失 L 为 {y}，是 {n} 个时间步的平均值。"},
    [SAY_LOSS_MEAN_ALL] = {
        "The total loss L is {y}, the mean over all {n} numbers compared.",
        "总损失 L 为 {y}，是全部 {n} 个相比较的数的平均值。"},
    [SAY_LOSS_PREFIX] = {"At t = {t}{unit}: {rest}", "t = {t} 时{unit}：{rest}"},
    [SAY_SEED] = {
        "The way back begins at the loss of t = {t}, which enters the total loss L with the factor {y}.",
        "反向传播由此开始：t = {t} 的损失以系数 {y} 计入总损失 L。"},
    [SAY_BACK_NONE] = {
        "At t = {t} {grad} is {list}, because the loss does not depend on it.",
        "t = {t} 时，{grad} 为 {list}，因为损失与它无关。"},
    [SAY_BACK_CUT] = {
        "At t = {t} {grad} is {list}: stop cuts every way from the loss to it.",
        "t = {t} 时，{grad} 为 {list}：从损失到它的路径都被 stop 截断。"},
    [SAY_BACK_STOPS] = {
        " Here the way ends: stop lets nothing back to {to}.",
        "路径到此为止：stop 不让梯度传回 {to}。"},
    [SAY_BACK_CUT_TOO] = {
        " Nothing comes through {paths}, where stop cuts the way.",
        "经由{paths} 没有梯度传来：stop 在那里截断了路径。"},
    [SAY_BACK_PIECE] = {
        "At t = {t} {grad} is {list}: training goes back in pieces of {n} timesteps, and here one ends.",
        "t = {t} 时，{grad} 为 {list}：训练按 {n} 个时间步分段截断，一段在此结束。"},
    [SAY_BACK_PIECE_TOO] = {
        " Nothing comes through {paths}: training goes back in pieces of {n} timesteps, and here one ends.",
        "经由{paths} 没有梯度传来：训练按 {n} 个时间步分段截断，一段在此结束。"},
    [SAY_BACK_ZERO] = {
        "At t = {t} {grad} is {list}: nothing comes back through {path}.",
        "t = {t} 时，{grad} 为 {list}：没有梯度经由 {path} 传来。"},
    [SAY_BACK_ONE] = {
        "At t = {t} {grad} is {list}, all of it through {path}.",
        "t = {t} 时，{grad} 为 {list}，全部经由{path} 传来。"},
    [SAY_BACK_MANY] = {
        "At t = {t} {grad} is {list}, the sum of what comes through {paths}{example}.",
        "t = {t} 时，{grad} 为 {list}，是经由{paths} 传来的梯度之和{example}。"},
    [SAY_BACK_PARTS] = {
        "At t = {t} {grad}{unit} is {y}: {parts}.", "t = {t} 时，{grad}{unit} 为 {y}：{parts}。"},
    [SAY_BACK_EXAMPLE] = {
        "; for unit 1, {parts} = {y}", "；以单元 1 为例，{parts} = {y}"},
    [SAY_BACK_TIMESTEP] = {
        "The blame has passed back through timestep {t}: {states}.",
        "梯度已传回时间步 {t}：{states}。"},
    [SAY_BACK_STATE] = {"{grad} is {list}", "{grad} 为 {list}"},
    [SAY_BACK_DONE] = {
        "The backward pass is done: the gradient of all {n} weights and biases has the length {y}.",
        "反向传播完成：全部 {n} 个参数的梯度的模为 {y}。"},
    [SAY_PARAM] = {
        "Timestep {t} adds its part to {grad}: {list}.", "时间步 {t} 为 {grad} 增加一份：{list}。"},
    [SAY_PARAM_LARGEST] = {
        "Timestep {t} adds its part to {grad}; of its {n} numbers the largest is {y}{unit}.",
        "时间步 {t} 为 {grad} 增加一份；{n} 个数中绝对值最大的是 {y}{unit}。"},
    [SAY_PARAM_NONE] = {
        "Timestep {t} adds nothing to {grad}.", "时间步 {t} 对 {grad} 没有贡献。"},
    [SAY_PART] = {"{y} through {path}", "经由{path} 传来 {y}"},
    [SAY_PART_REST] = {
        "{y} through {n} other ways", "经由另外 {n} 条路径传来 {y}"},
    [SAY_UPDATE] = {
        "{Opt} moves {param} by at most {size}: of its {n} numbers the largest change is {y}{unit}, from {old} to {new}.",
        "{Opt} 更新 {param}，变化不超过 {size}：{n} 个数中变化最大的是{unit}，变化 {y}，由 {old} 变为 {new}。"},
    [SAY_UPDATE_UNIT] = {
        "{param}{unit}: {made}, so {opt} moves it by {y}, from {old} to {new}.",
        "{param}{unit}：{made}，因此 {opt} 使它变化 {y}，由 {old} 变为 {new}。"},
    [SAY_UPDATE_NONE] = {
        "{Opt} leaves {param} as it is.", "{Opt} 没有改变 {param}。"},
    [SAY_UPDATE_DONE] = {
        "The update is done: {opt} has moved {n} weights and biases by at most {y}, in optimizer step {t}.",
        "更新完成：在第 {t} 个优化步中，{opt} 更新了 {n} 个参数，变化不超过 {y}。"},
    [SAY_FED_LARGEST] = {
        "At t = {t} nothing is given: the network reads what it said itself at t = {before}, where {symbol} was the most probable, so {x} is {symbol}.",
        "t = {t} 时没有给定的输入：网络读入自己在 t = {before} 时说出的结果，其中概率最大的是 {symbol}，所以 {x} 就是 {symbol}。"},
    [SAY_FED_SAMPLE] = {
        "At t = {t} nothing is given: the network reads a symbol drawn with the probabilities that it gave at t = {before}, and chance took {symbol}, so {x} is {symbol}.",
        "t = {t} 时没有给定的输入：按网络在 t = {before} 时给出的概率随机抽取一个符号，抽到的是 {symbol}，所以 {x} 就是 {symbol}。"},
    [SAY_FED_VALUE] = {
        "At t = {t} nothing is given: the network reads what it said itself at t = {before}, so {x} is {list}.",
        "t = {t} 时没有给定的输入：网络读入自己在 t = {before} 时的输出，所以 {x} 为 {list}。"},
    [SAY_FED_BACK] = {
        " This input was the network's own output, so the blame goes on to {y}.",
        "这个输入是网络自己的输出，所以梯度继续传到{y}。"},
    [SAY_FED_BACK_STOPS] = {
        " Here the way ends: a small change of {y} does not change which symbol was taken.",
        "路径到此为止：{y} 稍有变化，选中的符号并不改变。"},
    [SAY_HANDED] = {
        " Here {name} is {from}, the last of the encoder.", "此处 {name} 就是编码器最后的 {from}。"},
    [SAY_EMBEDDED] = {
        "At t = {t} the symbol {symbol} takes its row of the table {table}: {eq} is {list}.",
        "t = {t} 时，从表 {table} 中取出符号 {symbol} 的那一行：{eq} 为 {list}。"},
    [SAY_EMBEDDED_BACK] = {
        " It is all in the row of {symbol}.", "它全部在 {symbol} 的那一行。"},
    [SAY_DROP] = {
        "At t = {t} dropout lets {kept} of {of} through, times {factor}, and sets {dropped} to 0.",
        "t = {t} 时，随机失活（dropout）保留 {of} 的{kept}并乘以 {factor}，把{dropped}置 0。"},
    [SAY_DROP_ALL] = {
        "At t = {t} dropout lets all units of {of} through, times {factor}.",
        "t = {t} 时，随机失活（dropout）保留 {of} 的所有单元并乘以 {factor}。"},
    [SAY_DROP_NONE] = {
        "At t = {t} dropout sets all units of {of} to 0.",
        "t = {t} 时，随机失活（dropout）把 {of} 的所有单元置 0。"},
    [SAY_DROP_BACK] = {
        " Dropout passes the blame back to {kept}, times {factor}, and nothing to {dropped}.",
        "经随机失活传回的梯度只到{kept}（乘以 {factor}），{dropped}得不到。"},
    [SAY_DROP_BACK_ALL] = {
        " Dropout passes the blame back to all units, times {factor}.",
        "经随机失活传回的梯度到所有单元（乘以 {factor}）。"},
    [SAY_DROP_BACK_NONE] = {
        " Dropout passes no blame back.", "随机失活不传回任何梯度。"},
};
// clang-format on

static const char *slot_text(const Slot *slots, const char *key, size_t n) {
    for (; slots->key; slots++)
        if (strlen(slots->key) == n && memcmp(slots->key, key, n) == 0) return slots->text;
    return NULL;
}

const char *say_fill(Arena *a, const char *sentence, const Slot *slots) {
    Buf out = buf_new(a);
    while (*sentence) {
        const char *end = *sentence == '{' ? strchr(sentence, '}') : NULL;
        const char *text =
            end ? slot_text(slots, sentence + 1, (size_t)(end - sentence - 1)) : NULL;
        if (text)
            buf_puts(&out, text);
        else
            buf_put(&out, sentence, 1);
        sentence = text ? end + 1 : sentence + 1;
    }
    return buf_str(&out);
}

const char *say_put(const Say *s, SayKind kind, const Slot *slots) {
    return say_fill(s->arena, say_sentences[kind][s->lang], slots);
}

Say say_new(Arena *a, const Lesson *lesson, Lang lang, Playhead at) {
    return (Say){a, lesson, lesson->graph, lesson->trace, lang, at, lesson->digits};
}

// ---- Chinese beside other letters ----

typedef enum { KIND_OTHER, KIND_SPACE, KIND_CHINESE, KIND_WIDE_SIGN } Kind;

static Kind kind_of(int32_t c) {
    if (c == ' ') return KIND_SPACE;
    if (c >= 0x3400 && c <= 0x9fff) return KIND_CHINESE;
    return (c >= 0x3000 && c <= 0x303f) || (c >= 0xff00 && c <= 0xff60) ? KIND_WIDE_SIGN
                                                                        : KIND_OTHER;
}

const char *say_spaced(Arena *a, const char *text) {
    Buf out = buf_new(a);
    Kind before = KIND_WIDE_SIGN; // of the last character that is no space
    bool space = false;
    for (size_t left = strlen(text); left > 0;) {
        int32_t c;
        size_t n = utf8_decode(text, left, &c);
        Kind kind = kind_of(c);
        bool mixed = (before == KIND_CHINESE) != (kind == KIND_CHINESE);
        bool wide = before == KIND_WIDE_SIGN || kind == KIND_WIDE_SIGN;
        if (kind != KIND_SPACE) {
            if (!wide && (mixed || (space && kind == KIND_OTHER))) buf_puts(&out, " ");
            buf_put(&out, text, n);
            before = kind;
        }
        space = kind == KIND_SPACE;
        text += n;
        left -= n;
    }
    return buf_str(&out);
}
