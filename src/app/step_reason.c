// Sentences about step addresses, in Chinese. A row is how the English one reads, with a * for each
// thing that varies, and the Chinese one with those things by number. What is more particular
// stands first.
#include "app/step_reason.h"

#include <string.h>

#include "core/buf.h"

enum { VARIES = 5 };

typedef struct {
    const char *english, *chinese;
} Row;

// clang-format off
static const Row rows[] = {
    {"there is no update step here: *", "这里没有更新步：课程没有训练部分"},
    {"there is no optimizer step *: the lesson has no training", "没有第 %1 个优化步：课程没有训练"},
    {"there is no optimizer step *: training has *", "没有第 %1 个优化步：训练只有 %2 步"},
    {"there is no timestep *: the sequence has *", "没有时间步 %1：序列只有 %2 步"},
    {"there is no * step here: the lesson has no loss", "这里没有 %1 的步骤：课程没有损失"},
    {"there is no '*' here; is '*' meant?", "这里没有“%1”；是指“%2”吗？"},
    {"there is no '*' here", "这里没有“%1”"},
    {"'*' is no phase; is '*' meant?", "“%1”不是阶段；是指“%2”吗？"},
    {"'*' is no phase: *", "“%1”不是阶段：地址以 forward、loss、backward 或 update 开头"},
    {"'*' is no timestep: a number from 1 to * belongs there",
     "“%1”不是时间步：这里应是 1 到 %2 的整数"},
    {"'[*]' is no unit: *", "“[%1]”不是单元：单元从 1 数起"},
    {"'*' is no optimizer step: *", "“%1”不是优化步：“@”后应是从 1 起的整数"},
    {"'*' names an optimizer step; a step of the walk follows it, as in *",
     "“%1”是一个优化步；后面还要写步骤，如 %2"},
    {"'*' is in another optimizer step", "“%1”在另一个优化步"},
    {"'*' is after training, *", "“%1”在训练之后，不在这个优化步"},
    {"'*' lacks its ']'", "“%1”缺少“]”"},
    {"the update is one for all timesteps: *",
     "更新对所有时间步只有一次：写 'update'，或对参数 W 写 'update:1:W'"},
    {"operations are counted from 1, so there is no *", "运算从 1 数起，没有 %1"},
    {"timesteps are counted from 1, so '*' has no step", "时间步从 1 数起，“%1”没有步骤"},
    {"optimizer steps are counted from 1: *", "优化步从 1 数起：@1/ 是第一步之前"},
    {"no loss is taken at timestep *, so there is no *", "时间步 %1 不计损失，没有 %2"},
    {"training ends with optimizer step *; *", "训练到第 %1 个优化步为止；其后的地址前面不写 @"},
    {"the network is too large for its training to be kept, *",
     "网络太大，训练过程无法保留，因此不能再打开任何优化步"},
    {"* is computed, not learned: *", "%1 是算出来的，不是学出来的：更新只改变权重和偏置"},
    {"* is given at timestep *: *", "%1 在时间步 %2 是给定的：输出到后面才代替它"},
    {"* is given, not learned: *", "%1 是给定的，不是学出来的：它不变"},
    {"* is given, not computed: *", "%1 是给定的，不是算出来的：它只在 backward 中有步骤"},
    {"* is one step, so there is no *", "%1 只有一步，没有 %2"},
    {"* belongs to the phase loss: *", "%1 属于 loss 阶段：%2"},
    {"* does not belong to the phase loss, *", "%1 不属于 loss 阶段，而属于 forward"},
    {"* has no step in *: at this timestep the decoder runs",
     "%1 在 %2 没有步骤：这一时间步运行的是解码器"},
    {"* has no step in *: at this timestep the encoder runs",
     "%1 在 %2 没有步骤：这一时间步运行的是编码器"},
    {"* has no step in *: no loss is taken at this timestep",
     "%1 在 %2 没有步骤：这一时间步不计损失"},
    {"* has no step in *", "%1 在 %2 没有步骤"},
    {"* has * operations, so there is no *", "%1 有 %2 步运算，没有 %3"},
    {"* has * operation, so there is no *", "%1 只有 %2 步运算，没有 %3"},
    {"* has * units, so there is no *", "%1 有 %2 个单元，没有 %3"},
    {"* has * unit, so there is no *", "%1 只有 %2 个单元，没有 %3"},
};
// clang-format on

// Does the sentence read so? What stands for each *, then: as little as can be, and the last one
// all the rest.
static bool reads(Arena *a, const char *why, const char *pattern, const char *varies[VARIES]) {
    for (int n = 0; *pattern; pattern++) {
        if (*pattern != '*') {
            if (*why++ != *pattern) return false;
            continue;
        }
        size_t after = strcspn(pattern + 1, "*");
        const char *next = arena_copy(a, pattern + 1, after);
        const char *end = after ? strstr(why, next) : why + strlen(why);
        if (!end || n == VARIES) return false;
        varies[n++] = arena_copy(a, why, (size_t)(end - why));
        why = end;
    }
    return *why == '\0';
}

const char *step_reason(Arena *a, const char *why, Lang lang) {
    const char *varies[VARIES] = {"", "", "", "", ""};
    size_t k = 0;
    if (lang == LANG_EN) return why;
    while (k < sizeof rows / sizeof *rows && !reads(a, why, rows[k].english, varies)) k++;
    if (k == sizeof rows / sizeof *rows) return why;
    Buf out = buf_new(a);
    for (const char *c = rows[k].chinese; *c; c++)
        if (*c == '%')
            buf_puts(&out, varies[*++c - '1']);
        else
            buf_put(&out, c, 1);
    return buf_str(&out);
}
