// The one table of operations: what the parser, the shapes, both passes, the typesetting and the
// sentences know of an operation stands in its row and nowhere else. Placeholders are listed in
// core/op.h.
#include <string.h>

#include "core/op_rows.h"

// clang-format off
const OpDef op_defs[OP_COUNT] = {
    [OP_INPUT] = {
        .name = "input", .arity = 0, .shape = SHAPE_RULE_NONE,
        .title = {"input", "输入"}},
    [OP_PARAM] = {
        .name = "param", .arity = 0, .shape = SHAPE_RULE_NONE,
        .title = {"parameter", "参数"}},
    [OP_CONST] = {
        .name = "const", .arity = 0, .shape = SHAPE_RULE_NONE,
        .title = {"constant", "常数"}},
    [OP_TIMESTEP] = {
        .name = "timestep", .arity = 0, .shape = SHAPE_RULE_NONE,
        .title = {"timestep", "时间步"}},
    [OP_START] = {
        .name = "start", .arity = 0, .shape = SHAPE_RULE_NONE,
        .title = {"start value", "初始值"}},
    [OP_STACK] = {
        .name = "stack", .arity = -1, .shape = SHAPE_RULE_STACK,
        .forward = op_stack_forward, .backward = op_stack_backward,
        .spares_args = true, .spares_result = true,
        .title = {"stack", "竖直拼接"}},
    [OP_SLICE] = {
        .name = "slice", .arity = 1, .shape = SHAPE_RULE_SLICE,
        .forward = op_slice_forward, .backward = op_slice_backward,
        .spares_args = true, .spares_result = true,
        .title = {"rows", "取行"}},
    [OP_SPREAD] = {
        .name = "spread", .arity = 1, .shape = SHAPE_RULE_NONE,
        .forward = op_spread_forward, .backward = op_spread_backward,
        .tex = "#0",
        .spares_args = true, .spares_result = true,
        .title = {"spread", "扩展"}},
    [OP_COPY] = {
        .name = "copy", .is_step = true, .arity = 1, .shape = SHAPE_RULE_SAME,
        .forward = op_copy_forward, .backward = op_copy_backward,
        .tex = "#0",
        .spares_args = true, .spares_result = true,
        .title = {"copy", "复制"},
        .say = {"{name} is {a}: {y}.",
                "{name} 就是 {a}：{y}。"},
        .say_back = {"{name} is {to} under another name, so the whole blame {g} reaches {to}.",
                     "{name} 只是 {to} 的另一个名字，所以梯度 {g} 全部传给 {to}。"}},
    [OP_ADD] = {
        .name = "add", .is_step = true, .arity = 2, .shape = SHAPE_RULE_SPREAD,
        .forward = op_add_forward, .backward = op_add_backward,
        .tex = "#0 + #1",
        .spares_args = true, .spares_result = true,
        .title = {"sum", "和"},
        .say = {"{name} adds {va} and {vb}: {y}.",
                "{name} 把 {va} 与 {vb} 相加，得 {y}。"},
        .say_back = {"A sum hands its blame on unchanged to both sides: {share} reaches {to}.",
                     "加法把梯度原样传给两边：{share} 传到 {to}。"}},
    [OP_SUB] = {
        .name = "sub", .is_step = true, .arity = 2, .shape = SHAPE_RULE_SPREAD,
        .forward = op_sub_forward, .backward = op_sub_backward,
        .tex = "#0 - #1",
        .spares_args = true, .spares_result = true,
        .title = {"difference", "差"},
        .say = {"{name} takes {vb} from {va}: {y}.",
                "{name} 从 {va} 中减去 {vb}，得 {y}。"},
        .say_back = {"A difference hands its blame to the first number as it is and to the second "
                     "with the sign turned: {share} reaches {to}.",
                     "减法把梯度原样传给被减数，变号后传给减数：{share} 传到 {to}。"}},
    [OP_MUL] = {
        .name = "mul", .is_step = true, .arity = 2, .shape = SHAPE_RULE_SPREAD,
        .forward = op_mul_forward, .backward = op_mul_backward,
        .tex = "#0 \\odot #1",
        .spares_result = true,
        .title = {"product", "乘积"},
        .say = {"{name} multiplies {va} by {vb}: {y}.",
                "{name} 把 {va} 乘以 {vb}，得 {y}。"},
        .say_back = {"{name} multiplies {to} by {other} = {vother}, so the blame {g} reaches {to} "
                     "as {share}.",
                     "{name} 把 {to} 乘以 {other} = {vother}，所以梯度 {g} 传到 {to} 时变为 "
                     "{share}。"}},
    [OP_DIV] = {
        .name = "div", .is_step = true, .arity = 2, .shape = SHAPE_RULE_SPREAD,
        .forward = op_div_forward, .backward = op_div_backward,
        .tex = "\\frac{#0}{#1}",
        .title = {"quotient", "商"},
        .say = {"{name} divides {va} by {vb}: {y}.",
                "{name} 用 {va} 除以 {vb}，得 {y}。"},
        .say_back = {"If {to} grows a little, {name} changes {slope} times as much, so the blame "
                     "{g} reaches {to} as {share}.",
                     "{to} 稍有增加，{name} 的变化是它的 {slope} 倍，所以梯度 {g} 传到 {to} "
                     "时变为 {share}。"}},
    [OP_MATMUL] = {
        .name = "matmul", .is_step = true, .arity = 2, .shape = SHAPE_RULE_MATMUL,
        .forward = op_matmul_forward, .backward = op_matmul_backward,
        .tex = "#0\\,#1",
        .spares_result = true,
        .title = {"matrix product", "矩阵乘积"},
        .say = {"Each weight in this row of {a} multiplies its number in {b}, and the products "
                "are added: {terms} = {y}.",
                "{a} 这一行的每个权重乘以 {b} 中对应的数，再把乘积相加：{terms} = {y}。"},
        .say_back = {"{to} collects the blame from every sum it took part in, each times the "
                     "number it was multiplied by: {terms} = {share}.",
                     "{to} 从它参与的每个和收回梯度，各乘以当时与它相乘的数：{terms} = {share}。"}},
    [OP_NEG] = {
        .name = "neg", .is_step = true, .arity = 1, .shape = SHAPE_RULE_SAME,
        .forward = op_neg_forward, .backward = op_neg_backward, .slope = op_neg_slope,
        .tex = "-#0",
        .slope_tex = "-1",
        .spares_args = true, .spares_result = true,
        .title = {"negation", "相反数"},
        .say = {"{name} turns the sign of {va}: {y}.",
                "{name} 改变 {va} 的符号，得 {y}。"},
        .say_back = {"{name} turns the sign of {to}, so the blame {g} turns its sign too: {share}.",
                     "{name} 改变 {to} 的符号，所以梯度 {g} 也变号：{share}。"}},
    [OP_TRANSPOSE] = {
        .name = "transpose", .is_step = true, .arity = 1, .shape = SHAPE_RULE_TRANSPOSE,
        .forward = op_transpose_forward, .backward = op_transpose_backward,
        .tex = "#0^{\\mathrm{T}}",
        .spares_args = true, .spares_result = true,
        .title = {"transpose", "转置"},
        .say = {"{name} is {a} with rows and columns exchanged; here stands {y}.",
                "{name} 把 {a} 的行与列互换；此处为 {y}。"},
        .say_back = {"The blame {g} goes back to the place in {to} that the number came from.",
                     "梯度 {g} 回到该数在 {to} 中原来的位置。"}},
    [OP_SIGMOID] = {
        .name = "sigmoid", .alias = "σ", .is_function = true, .is_step = true,
        .arity = 1, .shape = SHAPE_RULE_SAME,
        .forward = op_sigmoid_forward, .backward = op_sigmoid_backward, .slope = op_sigmoid_slope,
        .tex = "\\sigma(#0)",
        .slope_tex = "#y\\,(1 - #y)",
        .spares_args = true,
        .title = {"sigmoid", "sigmoid 函数"},
        .say = {"σ squeezes {va} to {y}, between 0 and 1.",
                "σ 把 {va} 压缩为 0 与 1 之间的 {y}。"},
        .say_back = {"At {y} the curve of σ has the slope {slope}, so of the blame {g} the part "
                     "{share} reaches {to}.",
                     "σ 曲线在 {y} 处的斜率为 {slope}，所以梯度 {g} 传到 {to} 时变为 {share}。"}},
    [OP_TANH] = {
        .name = "tanh", .is_function = true, .is_step = true, .arity = 1, .shape = SHAPE_RULE_SAME,
        .forward = op_tanh_forward, .backward = op_tanh_backward, .slope = op_tanh_slope,
        .tex = "\\operatorname{tanh}(#0)",
        .slope_tex = "1 - #y^{2}",
        .spares_args = true,
        .title = {"tanh", "双曲正切"},
        .say = {"tanh squeezes {va} to {y}, between −1 and 1.",
                "tanh 把 {va} 压缩为 −1 与 1 之间的 {y}。"},
        .say_back = {"At {y} the curve of tanh has the slope {slope}, so of the blame {g} the "
                     "part {share} reaches {to}.",
                     "tanh 曲线在 {y} 处的斜率为 {slope}，所以梯度 {g} 传到 {to} 时变为 "
                     "{share}。"}},
    [OP_RELU] = {
        .name = "relu", .is_function = true, .is_step = true, .arity = 1, .shape = SHAPE_RULE_SAME,
        .forward = op_relu_forward, .backward = op_relu_backward, .slope = op_relu_slope,
        .tex = "\\operatorname{ReLU}(#0)",
        .slope_tex = "\\begin{cases} 1 & #0 > 0 \\\\ 0 & #0 \\le 0 \\end{cases}",
        .spares_result = true,
        .title = {"relu", "线性整流"},
        .say = {"relu lets positive numbers pass and makes the rest 0: {va} gives {y}.",
                "relu 让正数通过，其余变为 0：{va} 得 {y}。"},
        .say_back = {"relu lets the blame pass where {to} was positive and stops it elsewhere: "
                     "{g} becomes {share}.",
                     "{to} 为正时 relu 让梯度通过，否则截住：{g} 变为 {share}。"}},
    [OP_EXP] = {
        .name = "exp", .is_function = true, .is_step = true, .arity = 1, .shape = SHAPE_RULE_SAME,
        .forward = op_exp_forward, .backward = op_exp_backward, .slope = op_exp_slope,
        .tex = "\\operatorname{exp}(#0)",
        .slope_tex = "#y",
        .spares_args = true,
        .title = {"exponential", "指数"},
        .say = {"e to the power {va} is {y}.",
                "e 的 {va} 次方是 {y}。"},
        .say_back = {"The slope of the exponential is its own value {slope}, so the blame {g} "
                     "reaches {to} as {share}.",
                     "指数函数的斜率就是它的值 {slope}，所以梯度 {g} 传到 {to} 时变为 {share}。"}},
    [OP_LOG] = {
        .name = "log", .is_function = true, .is_step = true, .arity = 1, .shape = SHAPE_RULE_SAME,
        .forward = op_log_forward, .backward = op_log_backward, .slope = op_log_slope,
        .tex = "\\operatorname{log}(#0)",
        .slope_tex = "\\frac{1}{#0}",
        .spares_result = true,
        .title = {"logarithm", "对数"},
        .say = {"The natural logarithm of {va} is {y}.",
                "{va} 的自然对数是 {y}。"},
        .say_back = {"At this point {name} changes {slope} times as fast as {to}, so the blame "
                     "{g} reaches {to} as {share}.",
                     "在这一点，{name} 的变化是 {to} 的 {slope} 倍，所以梯度 {g} 传到 {to} "
                     "时变为 {share}。"}},
    [OP_SQRT] = {
        .name = "sqrt", .is_function = true, .is_step = true, .arity = 1, .shape = SHAPE_RULE_SAME,
        .forward = op_sqrt_forward, .backward = op_sqrt_backward, .slope = op_sqrt_slope,
        .tex = "\\sqrt{#0}",
        .slope_tex = "\\frac{1}{2\\,#y}",
        .spares_args = true,
        .title = {"square root", "平方根"},
        .say = {"The square root of {va} is {y}.",
                "{va} 的平方根是 {y}。"},
        .say_back = {"At this point {name} changes {slope} times as fast as {to}, so the blame "
                     "{g} reaches {to} as {share}.",
                     "在这一点，{name} 的变化是 {to} 的 {slope} 倍，所以梯度 {g} 传到 {to} "
                     "时变为 {share}。"}},
    [OP_ABS] = {
        .name = "abs", .is_function = true, .is_step = true, .arity = 1, .shape = SHAPE_RULE_SAME,
        .forward = op_abs_forward, .backward = op_abs_backward, .slope = op_abs_slope,
        .tex = "\\left|#0\\right|",
        .slope_tex = "\\operatorname{sgn}(#0)",
        .spares_result = true,
        .title = {"absolute value", "绝对值"},
        .say = {"{va} without its sign is {y}.",
                "{va} 去掉符号是 {y}。"},
        .say_back = {"The blame {g} keeps its sign where {to} is positive, turns it where {to} is "
                     "negative and is 0 at 0: {share}.",
                     "{to} 为正时梯度 {g} 不变，为负时变号，为 0 时是 0：{share}。"}},
    [OP_SIN] = {
        .name = "sin", .is_function = true, .is_step = true, .arity = 1, .shape = SHAPE_RULE_SAME,
        .forward = op_sin_forward, .backward = op_sin_backward, .slope = op_sin_slope,
        .tex = "\\operatorname{sin}(#0)",
        .slope_tex = "\\operatorname{cos}(#0)",
        .spares_result = true,
        .title = {"sine", "正弦"},
        .say = {"The sine of {va} is {y}.",
                "{va} 的正弦是 {y}。"},
        .say_back = {"At this point {name} changes {slope} times as fast as {to}, so the blame "
                     "{g} reaches {to} as {share}.",
                     "在这一点，{name} 的变化是 {to} 的 {slope} 倍，所以梯度 {g} 传到 {to} "
                     "时变为 {share}。"}},
    [OP_COS] = {
        .name = "cos", .is_function = true, .is_step = true, .arity = 1, .shape = SHAPE_RULE_SAME,
        .forward = op_cos_forward, .backward = op_cos_backward, .slope = op_cos_slope,
        .tex = "\\operatorname{cos}(#0)",
        .slope_tex = "-\\operatorname{sin}(#0)",
        .spares_result = true,
        .title = {"cosine", "余弦"},
        .say = {"The cosine of {va} is {y}.",
                "{va} 的余弦是 {y}。"},
        .say_back = {"At this point {name} changes {slope} times as fast as {to}, so the blame "
                     "{g} reaches {to} as {share}.",
                     "在这一点，{name} 的变化是 {to} 的 {slope} 倍，所以梯度 {g} 传到 {to} "
                     "时变为 {share}。"}},
    [OP_SOFTPLUS] = {
        .name = "softplus", .is_function = true, .is_step = true,
        .arity = 1, .shape = SHAPE_RULE_SAME,
        .forward = op_softplus_forward, .backward = op_softplus_backward,
        .slope = op_softplus_slope,
        .tex = "\\operatorname{softplus}(#0)",
        .slope_tex = "\\sigma(#0)",
        .title = {"softplus", "softplus 函数"},
        .say = {"softplus, a smooth relu, turns {va} into {y}.",
                "softplus 是平滑的 relu，把 {va} 变为 {y}。"},
        .say_back = {"At this point {name} changes {slope} times as fast as {to}, so the blame "
                     "{g} reaches {to} as {share}.",
                     "在这一点，{name} 的变化是 {to} 的 {slope} 倍，所以梯度 {g} 传到 {to} "
                     "时变为 {share}。"}},
    [OP_LOGSIGMOID] = {
        .name = "logsigmoid", .is_function = true, .is_step = true,
        .arity = 1, .shape = SHAPE_RULE_SAME,
        .forward = op_logsigmoid_forward, .backward = op_logsigmoid_backward,
        .slope = op_logsigmoid_slope,
        .tex = "\\operatorname{log}\\sigma(#0)",
        .slope_tex = "\\sigma(-#0)",
        .title = {"log of sigmoid", "对数 sigmoid"},
        .say = {"The logarithm of σ of {va} is {y}.",
                "{va} 的 σ 值的对数是 {y}。"},
        .say_back = {"At this point {name} changes {slope} times as fast as {to}, so the blame "
                     "{g} reaches {to} as {share}.",
                     "在这一点，{name} 的变化是 {to} 的 {slope} 倍，所以梯度 {g} 传到 {to} "
                     "时变为 {share}。"}},
    [OP_HARD_SIGMOID] = {
        .name = "hard_sigmoid", .is_function = true, .is_step = true,
        .arity = 1, .shape = SHAPE_RULE_SAME,
        .forward = op_hard_sigmoid_forward, .backward = op_hard_sigmoid_backward,
        .slope = op_hard_sigmoid_slope,
        .tex = "\\operatorname{hardsigmoid}(#0)",
        .slope_tex = "\\begin{cases} \\frac{1}{6} & |#0| < 3 \\\\ 0 & |#0| \\ge 3 \\end{cases}",
        .title = {"hard sigmoid", "硬 sigmoid"},
        .say = {"The hard sigmoid, three straight lines, turns {va} into {y}.",
                "硬 sigmoid 由三段直线组成，把 {va} 变为 {y}。"},
        .say_back = {"At this point {name} changes {slope} times as fast as {to}, so the blame "
                     "{g} reaches {to} as {share}.",
                     "在这一点，{name} 的变化是 {to} 的 {slope} 倍，所以梯度 {g} 传到 {to} "
                     "时变为 {share}。"}},
    [OP_HARD_SIGMOID_KERAS] = {
        .name = "hard_sigmoid_keras", .is_function = true, .is_step = true,
        .arity = 1, .shape = SHAPE_RULE_SAME,
        .forward = op_hard_sigmoid_keras_forward, .backward = op_hard_sigmoid_keras_backward,
        .slope = op_hard_sigmoid_keras_slope,
        .tex = "\\operatorname{hardsigmoid}_{\\mathrm{Keras}}(#0)",
        .slope_tex = "\\begin{cases} 0.2 & |#0| \\le 2.5 \\\\ 0 & |#0| > 2.5 \\end{cases}",
        .title = {"hard sigmoid (Keras)", "硬 sigmoid（Keras）"},
        .say = {"Keras's hard sigmoid, three straight lines, turns {va} into {y}.",
                "Keras 的硬 sigmoid 由三段直线组成，把 {va} 变为 {y}。"},
        .say_back = {"At this point {name} changes {slope} times as fast as {to}, so the blame "
                     "{g} reaches {to} as {share}.",
                     "在这一点，{name} 的变化是 {to} 的 {slope} 倍，所以梯度 {g} 传到 {to} "
                     "时变为 {share}。"}},
    [OP_SOFTMAX] = {
        .name = "softmax", .is_function = true, .is_step = true,
        .arity = 1, .shape = SHAPE_RULE_SAME,
        .forward = op_softmax_forward, .backward = op_softmax_backward,
        .tex = "\\operatorname{softmax}(#0)",
        .spares_args = true,
        .title = {"softmax", "softmax 函数"},
        .say = {"softmax turns the scores of a column into shares of 1: {va} gives {y}.",
                "softmax 把一列得分变为总和为 1 的份额：{va} 得 {y}。"},
        .say_back = {"Raising {to} raises its own share and lowers the others; together their "
                     "blame comes to {share}.",
                     "{to} 增大，它自己的份额随之增大，其余减小；合起来传回的梯度是 {share}。"}},
    [OP_SUM] = {
        .name = "sum", .is_function = true, .is_step = true, .arity = 1, .shape = SHAPE_RULE_SCALAR,
        .forward = op_sum_forward, .backward = op_sum_backward,
        .tex = "\\operatorname{sum}(#0)",
        .spares_args = true, .spares_result = true,
        .title = {"sum of all", "元素之和"},
        .say = {"{name} adds up all {n} numbers of {a}: {terms} = {y}.",
                "{name} 把 {a} 的 {n} 个数全部相加：{terms} = {y}。"},
        .say_back = {"Every number of {to} counts once in the sum, so each receives the whole "
                     "blame {g}.",
                     "{to} 的每个数在和中各计一次，所以各得全部梯度 {g}。"}},
    [OP_MEAN] = {
        .name = "mean", .is_function = true, .is_step = true,
        .arity = 1, .shape = SHAPE_RULE_SCALAR,
        .forward = op_mean_forward, .backward = op_mean_backward,
        .tex = "\\operatorname{mean}(#0)",
        .spares_args = true, .spares_result = true,
        .title = {"mean", "平均值"},
        .say = {"{name} is the mean of the {n} numbers of {a}: {y}.",
                "{name} 是 {a} 的 {n} 个数的平均值：{y}。"},
        .say_back = {"Each of the {n} numbers of {to} moves the mean by one part in {n}, so each "
                     "receives {share} of the blame {g}.",
                     "{to} 的 {n} 个数各占平均值的 {n} 分之一，所以梯度 {g} 分给每个数 {share}。"}},
    [OP_VAR] = {
        .name = "var", .is_function = true, .is_step = true, .arity = 1, .shape = SHAPE_RULE_SCALAR,
        .forward = op_var_forward, .backward = op_var_backward,
        .tex = "\\operatorname{var}(#0)",
        .spares_result = true,
        .title = {"variance", "方差"},
        .say = {"{name} is the mean squared distance of the {n} numbers of {a} from their mean: "
                "{y}.",
                "{name} 是 {a} 的 {n} 个数与其平均值之差的平方的平均：{y}。"},
        .say_back = {"The further a number of {to} lies from the mean, the more of the blame {g} "
                     "it receives: {share}.",
                     "{to} 中的数离平均值越远，分到的梯度 {g} 越多：{share}。"}},
    [OP_MAX] = {
        .name = "max", .is_function = true, .is_step = true, .arity = 2, .shape = SHAPE_RULE_SPREAD,
        .forward = op_max_forward, .backward = op_max_backward,
        .tex = "\\operatorname{max}(#0, #1)",
        .spares_result = true,
        .title = {"maximum", "较大者"},
        .say = {"{name} keeps the larger of {va} and {vb}: {y}.",
                "{name} 取 {va} 与 {vb} 中较大的：{y}。"},
        .say_back = {"The blame {g} goes to the larger number alone, and half and half in a tie: "
                     "{share} reaches {to}.",
                     "梯度 {g} 只传给较大的数，相等时各得一半：{share} 传到 {to}。"}},
    [OP_MIN] = {
        .name = "min", .is_function = true, .is_step = true, .arity = 2, .shape = SHAPE_RULE_SPREAD,
        .forward = op_min_forward, .backward = op_min_backward,
        .tex = "\\operatorname{min}(#0, #1)",
        .spares_result = true,
        .title = {"minimum", "较小者"},
        .say = {"{name} keeps the smaller of {va} and {vb}: {y}.",
                "{name} 取 {va} 与 {vb} 中较小的：{y}。"},
        .say_back = {"The blame {g} goes to the smaller number alone, and half and half in a tie: "
                     "{share} reaches {to}.",
                     "梯度 {g} 只传给较小的数，相等时各得一半：{share} 传到 {to}。"}},
    [OP_CLIP] = {
        .name = "clip", .is_function = true, .is_step = true,
        .arity = 3, .shape = SHAPE_RULE_SPREAD,
        .forward = op_clip_forward, .backward = op_clip_backward,
        .tex = "\\operatorname{clip}(#0, #1, #2)",
        .spares_result = true,
        .title = {"clip", "截断"},
        .say = {"{name} keeps {va} between {vb} and {vc}: {y}.",
                "{name} 把 {va} 限制在 {vb} 与 {vc} 之间：{y}。"},
        .say_back = {"Within the bounds the blame {g} passes to the number, outside to the bound "
                     "that held it: {share} reaches {to}.",
                     "在界限之内，梯度 {g} 传给这个数；在界限之外，传给起作用的界限：{share} "
                     "传到 {to}。"}},
    [OP_WHERE] = {
        .name = "where", .is_function = true, .is_step = true,
        .arity = 4, .shape = SHAPE_RULE_SPREAD,
        .forward = op_where_forward, .backward = op_where_backward,
        .tex = "\\begin{cases} #2 & #0 #r #1 \\\\ #3 & \\mathrm{else} \\end{cases}",
        .spares_result = true,
        .title = {"choice", "选择"},
        .say = {"{va} {relation} {vb} {holds}, so {name} takes {y} and not {refused}.",
                "{va} {relation} {vb} {holds}，所以 {name} 取 {y}，而不取 {refused}。"},
        .say_back = {"The blame {g} goes to the side that was taken, the other side and the "
                     "condition receive 0: {share} reaches {to}.",
                     "梯度 {g} 传给被选中的一边，另一边和条件得 0：{share} 传到 {to}。"}},
    [OP_MOD] = {
        .name = "mod", .is_function = true, .is_step = true, .arity = 2, .shape = SHAPE_RULE_SPREAD,
        .forward = op_mod_forward, .backward = op_mod_backward,
        .tex = "#0 \\,\\mathrm{mod}\\, #1",
        .spares_result = true,
        .title = {"remainder", "取模"},
        .say = {"{name} is what remains of {va} after whole steps of {vb}: {y}.",
                "{name} 是 {va} 减去 {vb} 的整数倍后余下的：{y}。"},
        .say_back = {"Between its jumps the remainder changes {slope} times as fast as {to}, so "
                     "the blame {g} reaches {to} as {share}.",
                     "在两次跳跃之间，余数的变化是 {to} 的 {slope} 倍，所以梯度 {g} 传到 {to} "
                     "时变为 {share}。"}},
    [OP_STOP] = {
        .name = "stop", .is_function = true, .is_step = true, .arity = 1, .shape = SHAPE_RULE_SAME,
        .forward = op_copy_forward,
        .tex = "\\operatorname{stop}(#0)",
        .spares_args = true, .spares_result = true,
        .title = {"stop gradient", "停止梯度"},
        .say = {"{name} hands on {va} as it is, and lets no gradient back.",
                "{name} 原样传递 {va}，但不让梯度返回。"}},
    [OP_OUTER] = {
        .name = "outer", .is_function = true, .is_step = true,
        .arity = 2, .shape = SHAPE_RULE_OUTER,
        .forward = op_outer_forward, .backward = op_outer_backward,
        .tex = "#0\\,#1^{\\mathrm{T}}",
        .spares_result = true,
        .title = {"outer product", "外积"},
        .say = {"{name} multiplies every number of {a} by every number of {b}; here {va} times "
                "{vb} gives {y}.",
                "{name} 用 {a} 的每个数乘以 {b} 的每个数；此处 {va} 乘以 {vb} 得 {y}。"},
        .say_back = {"{to} met every number of {other}, and collects the blame from each: {terms} "
                     "= {share}.",
                     "{to} 与 {other} 的每个数相乘过，所以从每处收回梯度：{terms} = {share}。"}},
    [OP_DOT] = {
        .name = "dot", .is_function = true, .is_step = true, .arity = 2, .shape = SHAPE_RULE_DOT,
        .forward = op_dot_forward, .backward = op_dot_backward,
        .tex = "#0 \\cdot #1",
        .spares_result = true,
        .title = {"dot product", "点积"},
        .say = {"{name} multiplies {a} and {b} number by number and adds up: {terms} = {y}.",
                "{name} 把 {a} 与 {b} 逐个相乘再相加：{terms} = {y}。"},
        .say_back = {"{to} was multiplied by {other} = {vother}, so the blame {g} reaches it as "
                     "{share}.",
                     "{to} 当时乘以 {other} = {vother}，所以梯度 {g} 传到它时变为 {share}。"}},
    [OP_PICK] = {
        .name = "pick", .is_internal = true, .is_step = true, .arity = 1,
        .shape = SHAPE_RULE_SAME,
        .forward = op_pick_forward,
        .tex = "\\operatorname{pick}(#0)",
        .title = {"pick of the largest", "取最大者"},
        .say = {"{name} is 1 where {a} is largest and 0 elsewhere: {va} gives {y}.",
                "{name} 在 {a} 最大的一行为 1，其余为 0：{va} 得 {y}。"}},
    [OP_DRAW] = {
        .name = "draw", .is_internal = true, .is_step = true, .arity = 2,
        .shape = SHAPE_RULE_DRAW,
        .forward = op_draw_forward,
        .tex = "\\operatorname{draw}(#0, #1)",
        .title = {"random draw", "随机抽取"},
        .say = {"The probabilities {a} are laid end to end, and {b} = {vb} falls on one of them, "
                "which gets 1, the others 0: {va} gives {y}.",
                "把概率 {a} 首尾相接，{b} = {vb} 落在其中一段上，该行为 1，其余为 0：{va} 得 {y}。"}},
    [OP_CROSS_ENTROPY] = {
        .name = "cross_entropy", .is_internal = true, .is_step = true,
        .arity = 3, .shape = SHAPE_RULE_LOSS,
        .forward = op_cross_entropy_forward, .backward = op_cross_entropy_backward,
        .tex = "-\\sum #1 \\odot \\operatorname{log} #0",
        .title = {"cross-entropy", "交叉熵"},
        .say = {"The loss is minus the logarithm of the probability given to the right class: {y}.",
                "损失是正确类别所得概率的对数的相反数：{y}。"},
        .say_back = {"Only the probability of the right class counts, and the smaller it was the "
                     "larger its blame: {share} reaches {to}.",
                     "只有正确类别的概率起作用，它越小，梯度越大：{share} 传到 {to}。"}},
    [OP_BINARY_CROSS_ENTROPY] = {
        .name = "binary_cross_entropy", .is_internal = true, .is_step = true,
        .arity = -1, .shape = SHAPE_RULE_LOSS,
        .forward = op_binary_cross_entropy_forward, .backward = op_binary_cross_entropy_backward,
        .tex = "-\\left(#1 \\odot \\operatorname{log} #0 + (1 - #1) \\odot \\operatorname{log}(1 "
               "- #0)\\right)",
        .title = {"binary cross-entropy", "二元交叉熵"},
        .say = {"The probability {va} against the target {vb} costs {y}.",
                "概率 {va} 对目标 {vb} 的损失是 {y}。"},
        .say_back = {"The further {to} lies from its target {vb}, the larger its blame: {share}.",
                     "{to} 离目标 {vb} 越远，梯度越大：{share}。"}},
};

const char *const op_say_back_fused[2] = {
    "Together with the loss the slope is simply {y} − {vb}, the result less its target, so the "
    "blame {g} of the loss reaches {to} as {share}.",
    "与损失合在一起，斜率就是结果减去目标：{y} − {vb}，所以损失的梯度 {g} 传到 {to} 时变为 {share}。"};

const char *const op_say_back_spread[2] = {
    "{to} is one number that {name} uses {n} times; what comes back from each use is added up: "
    "{share}.",
    "{to} 是一个数，{name} 用了它 {n} 次；把每次传回的梯度相加，得 {share}。"};
// clang-format on

OpKind op_find_function(const char *name) {
    for (int k = 0; k < OP_COUNT; k++) {
        const OpDef *def = &op_defs[k];
        if (!def->is_function) continue;
        if (strcmp(def->name, name) == 0) return (OpKind)k;
        if (def->alias && strcmp(def->alias, name) == 0) return (OpKind)k;
    }
    return OP_COUNT;
}
