// The table of actions: each row is an action's word, its keys, and what it does in both
// languages. The key look-up, the help screen, tooltips and test scripts all read this table, so
// that they cannot disagree; a new action is one row here and one handler in app/update.c.
#include "app/action.h"

#include <SDL_keycode.h>
#include <stdlib.h>
#include <string.h>

#include "app/export_choice.h"
#include "core/address.h"
#include "view/theme.h"

#define KEY(code)                                                                                  \
    { (code), SHIFT_ANY, false }
#define PLAIN(code)                                                                                \
    { (code), SHIFT_UP, false }
#define SHIFTED(code)                                                                              \
    { (code), SHIFT_DOWN, false }
#define CTRL_PLAIN(code)                                                                           \
    { (code), SHIFT_UP, true }
#define CTRL_SHIFTED(code)                                                                         \
    { (code), SHIFT_DOWN, true }
#define CTRL(code)                                                                                 \
    { (code), SHIFT_ANY, true }

// clang-format off
const ActionDef action_defs[ACT_COUNT] = {
    [ACT_NONE]           = {"none", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"Nothing", "无"}},
    [ACT_STEP_FORWARD]   = {"step-forward", GROUP_WALK, TAKES_NOTHING, {KEY(SDLK_RIGHT)}, "→",
                            {"One step forward", "前进一步"}},
    [ACT_STEP_BACK]      = {"step-back", GROUP_WALK, TAKES_NOTHING, {KEY(SDLK_LEFT)}, "←",
                            {"One step back", "后退一步"}},
    [ACT_GRAIN_FINER]    = {"grain-finer", GROUP_WALK, TAKES_NOTHING, {KEY(SDLK_DOWN)}, "↓",
                            {"Finer steps", "步子更细"}},
    [ACT_GRAIN_COARSER]  = {"grain-coarser", GROUP_WALK, TAKES_NOTHING, {KEY(SDLK_UP)}, "↑",
                            {"Coarser steps", "步子更粗"}},
    [ACT_NEXT_TIMESTEP]  = {"next-timestep", GROUP_WALK, TAKES_NOTHING, {KEY(SDLK_t)}, "t",
                            {"Same equation, next timestep", "同一方程，下一时间步"}},
    [ACT_PLAY]           = {"play", GROUP_WALK, TAKES_NOTHING, {KEY(SDLK_SPACE)}, "Space",
                            {"Play or pause", "播放或暂停"}},
    [ACT_FIRST]          = {"first", GROUP_WALK, TAKES_NOTHING, {KEY(SDLK_HOME)}, "Home",
                            {"To the start of the walk", "到开头"}},
    [ACT_LAST]           = {"last", GROUP_WALK, TAKES_NOTHING, {KEY(SDLK_END)}, "End",
                            {"To the end of the walk", "到结尾"}},
    [ACT_ASK_ADDRESS]    = {"ask-address", GROUP_WALK, TAKES_NOTHING, {KEY(SDLK_g)}, "g",
                            {"Go to a step address", "跳到某一步的地址"}},
    [ACT_GOTO]           = {"goto", GROUP_HIDDEN, TAKES_TEXT, {{0}}, NULL,
                            {"Go to this step", "跳到这一步"}},
    [ACT_SPEED]          = {"speed", GROUP_HIDDEN, TAKES_NUMBER, {{0}}, NULL,
                            {"Speed of play", "播放速度"}},
    [ACT_GRAIN]          = {"grain", GROUP_HIDDEN, TAKES_GRAIN, {{0}}, NULL,
                            {"Step by this grain", "按此粒度步进"}},
    [ACT_PHASE]          = {"phase", GROUP_HIDDEN, TAKES_PHASE, {{0}}, NULL,
                            {"To the start of this phase", "到这一阶段的开头"}},
    [ACT_SCRUB]          = {"scrub", GROUP_HIDDEN, TAKES_REAL, {{0}}, NULL,
                            {"Drag to any step", "拖到任意一步"}},
    [ACT_RELEASE]        = {"release", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"Let go", "松开"}},
    [ACT_TICK]           = {"tick", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"Play's clock", "播放时钟"}},
    [ACT_PASS]           = {"pass", GROUP_HIDDEN, TAKES_REAL, {{0}}, NULL,
                            {"Motion's clock", "动画时钟"}},
    [ACT_MOMENT_NEXT]    = {"moment-next", GROUP_WALK, TAKES_NOTHING,
                            {PLAIN(SDLK_RIGHTBRACKET), PLAIN(SDLK_o)}, "o  ]",
                            {"One optimizer step on in training", "训练中前进一个优化步"}},
    [ACT_MOMENT_PREVIOUS] = {"moment-previous", GROUP_WALK, TAKES_NOTHING,
                            {PLAIN(SDLK_LEFTBRACKET), SHIFTED(SDLK_o)}, "Shift o  [",
                            {"One optimizer step back", "训练中后退一个优化步"}},
    [ACT_MOMENT]         = {"moment", GROUP_HIDDEN, TAKES_NUMBER, {{0}}, NULL,
                            {"To this optimizer step", "到这一优化步"}},
    [ACT_REWIND]         = {"rewind", GROUP_HIDDEN, TAKES_REAL, {{0}}, NULL,
                            {"Drag to any optimizer step", "拖到任意一个优化步"}},
    [ACT_NEXT_SCENE]     = {"next-scene", GROUP_LESSON, TAKES_NOTHING,
                            {KEY(SDLK_PAGEDOWN), KEY(SDLK_AC_FORWARD)}, "Page Down",
                            {"Next scene", "下一节"}},
    [ACT_PREVIOUS_SCENE] = {"previous-scene", GROUP_LESSON, TAKES_NOTHING,
                            {KEY(SDLK_PAGEUP), KEY(SDLK_AC_BACK)}, "Page Up",
                            {"Previous scene", "上一节"}},
    [ACT_SCENE]          = {"scene", GROUP_HIDDEN, TAKES_NUMBER, {{0}}, NULL,
                            {"To this scene", "到这一节"}},
    [ACT_SCROLL]         = {"scroll", GROUP_HIDDEN, TAKES_REAL, {{0}}, NULL,
                            {"Scroll the text", "滚动文字"}},
    [ACT_CHOOSER]        = {"chooser", GROUP_LESSON, TAKES_NOTHING, {KEY(SDLK_BACKSPACE)},
                            "Backspace", {"All lessons", "全部课程"}},
    [ACT_CARD]           = {"card", GROUP_HIDDEN, TAKES_NUMBER, {{0}}, NULL,
                            {"Open this lesson", "打开这一课"}},
    [ACT_OPEN]           = {"open", GROUP_HIDDEN, TAKES_TEXT, {{0}}, NULL,
                            {"Open a file", "打开文件"}},
    [ACT_RELOAD]         = {"reload", GROUP_LESSON, TAKES_NOTHING, {KEY(SDLK_F5)}, "F5",
                            {"Read the lesson again", "重新读取课程"}},
    [ACT_LOADED]         = {"loaded", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"A lesson has been read", "课程已读入"}},
    [ACT_FAILED]         = {"failed", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"A lesson has mistakes", "课程有错误"}},
    [ACT_ASK_GUESS]      = {"ask-guess", GROUP_HIDDEN, TAKES_GUESS, {{0}}, NULL,
                            {"Guess this number", "猜这个数"}},
    [ACT_ASK_DRAG]       = {"ask-drag", GROUP_HIDDEN, TAKES_GUESS, {{0}}, NULL,
                            {"Drag the guess", "拖动猜测值"}},
    [ACT_ASK_CHOOSE]     = {"ask-choose", GROUP_HIDDEN, TAKES_OPTION, {{0}}, NULL,
                            {"Choose this", "选择这一项"}},
    [ACT_ASK_REVEAL]     = {"ask-reveal", GROUP_HIDDEN, TAKES_NUMBER, {{0}}, NULL,
                            {"See the answer", "查看答案"}},
    [ACT_ASK_HINT]       = {"ask-hint", GROUP_HIDDEN, TAKES_NUMBER, {{0}}, NULL,
                            {"Hint", "提示"}},
    [ACT_ASK_AGAIN]      = {"ask-again", GROUP_HIDDEN, TAKES_NUMBER, {{0}}, NULL,
                            {"Try again", "再试一次"}},
    [ACT_BIGGER]         = {"bigger", GROUP_LOOK, TAKES_NOTHING,
                            {KEY(SDLK_PLUS), KEY(SDLK_EQUALS), KEY(SDLK_KP_PLUS)}, "+",
                            {"Everything larger", "整体放大"}},
    [ACT_SMALLER]        = {"smaller", GROUP_LOOK, TAKES_NOTHING,
                            {KEY(SDLK_MINUS), KEY(SDLK_UNDERSCORE), KEY(SDLK_KP_MINUS)}, "−",
                            {"Everything smaller", "整体缩小"}},
    [ACT_THEME]          = {"theme", GROUP_LOOK, TAKES_THEME, {KEY(SDLK_d)}, "d",
                            {"Next theme of four", "换主题（共四种）"}},
    [ACT_LANGUAGE]       = {"language", GROUP_LOOK, TAKES_LANG, {KEY(SDLK_l)}, "l",
                            {"English or Chinese", "英文或中文"}},
    [ACT_MOTION]         = {"motion", GROUP_LOOK, TAKES_NUMBER, {KEY(SDLK_m)}, "m",
                            {"Motion between steps, on or off", "步间动画的开与关"}},
    [ACT_FULLSCREEN]     = {"fullscreen", GROUP_LOOK, TAKES_NOTHING, {KEY(SDLK_F11)}, "F11",
                            {"Full screen", "全屏"}},
    [ACT_HELP]           = {"help", GROUP_LOOK, TAKES_NOTHING,
                            {SHIFTED(SDLK_SLASH), KEY(SDLK_QUESTION), KEY(SDLK_F1)}, "?",
                            {"This table of keys", "本按键表"}},
    [ACT_FRAME_TIME]     = {"frame-time", GROUP_LOOK, TAKES_NOTHING, {KEY(SDLK_F12)}, "F12",
                            {"Show the time per frame", "显示每帧用时"}},
    [ACT_EXPORT]         = {"export", GROUP_TAKE, TAKES_NOTHING, {KEY(SDLK_e)}, "e",
                            {"Export pictures, films, numbers", "导出图片、影片、数字"}},
    [ACT_COPY_PNG]       = {"copy-png", GROUP_TAKE, TAKES_NOTHING, {CTRL_PLAIN(SDLK_c)}, "Ctrl C",
                            {"Copy the picture (PNG)", "复制画面（PNG）"}},
    [ACT_COPY_SVG]       = {"copy-svg", GROUP_TAKE, TAKES_NOTHING, {CTRL_SHIFTED(SDLK_c)},
                            "Ctrl Shift C", {"Copy the picture (SVG)", "复制画面（SVG）"}},
    [ACT_COPY_ADDRESS]   = {"copy-address", GROUP_TAKE, TAKES_NOTHING, {CTRL(SDLK_g)}, "Ctrl G",
                            {"Copy the step's address", "复制这一步的地址"}},
    [ACT_COPY_SYMBOLS]   = {"copy-symbols", GROUP_TAKE, TAKES_NOTHING, {CTRL_PLAIN(SDLK_e)},
                            "Ctrl E", {"Copy the equation (LaTeX)", "复制方程（LaTeX）"}},
    [ACT_COPY_NUMBERS]   = {"copy-numbers", GROUP_TAKE, TAKES_NOTHING, {CTRL_SHIFTED(SDLK_e)},
                            "Ctrl Shift E", {"The same with its numbers", "连同数字一起复制"}},
    [ACT_COPY_COMMAND]   = {"copy-command", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"Copy the command line that makes this", "复制完成同样导出的命令行"}},
    [ACT_EXPORT_PICK]    = {"export-pick", GROUP_HIDDEN, TAKES_PICK, {{0}}, NULL,
                            {"Choose this", "选择这一项"}},
    [ACT_EXPORT_FIELD]   = {"export-field", GROUP_HIDDEN, TAKES_SETTING, {{0}}, NULL,
                            {"Type here", "在此输入"}},
    [ACT_EXPORT_RUN]     = {"export-run", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"Make it (Enter)", "开始导出（Enter）"}},
    [ACT_EXPORT_REPLACE] = {"export-replace", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"Replace what is there", "替换已有的文件"}},
    [ACT_EXPORT_KEEP]    = {"export-keep", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"Leave it as it is", "保留原来的文件"}},
    [ACT_EXPORT_STOP]    = {"export-stop", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"Stop the export (Esc)", "停止导出（Esc）"}},
    [ACT_EXPORT_PROGRESS] = {"export-progress", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"How far the export is", "导出进度"}},
    [ACT_EXPORT_ENDED]   = {"export-ended", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"The export is over", "导出结束"}},
    [ACT_FOCUS_NEXT]     = {"focus-next", GROUP_FOCUS, TAKES_NOTHING, {PLAIN(SDLK_TAB)}, "Tab",
                            {"Next thing that can be used", "下一个可操作处"}},
    [ACT_FOCUS_PREVIOUS] = {"focus-previous", GROUP_FOCUS, TAKES_NOTHING, {SHIFTED(SDLK_TAB)},
                            "Shift Tab", {"The one before", "上一个可操作处"}},
    [ACT_REGION_NEXT]    = {"region-next", GROUP_FOCUS, TAKES_NOTHING, {KEY(SDLK_F6)}, "F6",
                            {"Next part of the window", "窗口的下一区域"}},
    [ACT_ACTIVATE]       = {"activate", GROUP_FOCUS, TAKES_NOTHING,
                            {KEY(SDLK_RETURN), KEY(SDLK_KP_ENTER)}, "Enter",
                            {"Use it; pin a number; reveal", "使用；钉住数字；揭晓答案"}},
    [ACT_ESCAPE]         = {"escape", GROUP_FOCUS, TAKES_NOTHING, {KEY(SDLK_ESCAPE)}, "Esc",
                            {"Close, or unpin", "关闭，或取消钉住"}},
    [ACT_HOVER]          = {"hover", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"Look at this", "查看"}},
    [ACT_CLICK]          = {"click", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"Use this", "使用"}},
    [ACT_TYPE]           = {"type", GROUP_HIDDEN, TAKES_TEXT, {{0}}, NULL,
                            {"Type into the field", "在输入框中输入"}},
    [ACT_ERASE]          = {"erase", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"Erase a letter", "删除一个字"}},
    [ACT_ERASE_NEXT]     = {"erase-next", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"Erase the next letter", "删除后一个字"}},
    [ACT_CARET]          = {"caret", GROUP_HIDDEN, TAKES_NUMBER, {{0}}, NULL,
                            {"Move in the field", "在输入框中移动"}},
    [ACT_SUBMIT]         = {"submit", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"Go", "前往"}},
    [ACT_RESIZE]         = {"resize", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"The window's size", "窗口大小"}},
    [ACT_TOLD]           = {"tell", GROUP_HIDDEN, TAKES_TEXT, {{0}}, NULL,
                            {"A message", "消息"}},
    [ACT_TOAST_OVER]     = {"toast-over", GROUP_HIDDEN, TAKES_NOTHING, {{0}}, NULL,
                            {"The message is over", "消息结束"}},
    [ACT_QUIT]           = {"quit", GROUP_LOOK, TAKES_NOTHING, {CTRL(SDLK_q)}, "Ctrl Q",
                            {"Quit", "退出"}},
};

const char *const group_titles[GROUP_COUNT][LANG_COUNT] = {
    [GROUP_WALK]   = {"The walk", "步进"},
    [GROUP_LESSON] = {"The lesson", "课程"},
    [GROUP_LOOK]   = {"The window", "窗口"},
    [GROUP_TAKE]   = {"Taking away", "导出与复制"},
    [GROUP_FOCUS]  = {"Without a mouse", "不用鼠标"},
    [GROUP_HIDDEN] = {"", ""},
};
// clang-format on

Action action(ActionKind kind) {
    return action_with(kind, -1);
}

Action action_with(ActionKind kind, int arg) {
    return (Action){.kind = kind, .arg = arg, .ref = NO_REF};
}

Ref ref_control(ActionKind kind, int arg) {
    return ref_control_with(kind, arg, 0);
}

Ref ref_control_with(ActionKind kind, int arg, int arg2) {
    return (Ref){REF_CONTROL, (int)kind, arg, arg2};
}

Action action_of_control(Ref control) {
    if (control.kind != REF_CONTROL) return action(ACT_NONE);
    Action a = action_with((ActionKind)control.node, control.place);
    a.arg2 = control.unit;
    return a;
}

static bool key_matches(Key k, int code, bool shift, bool ctrl) {
    if (k.code == 0 || k.code != code || k.ctrl != ctrl) return false;
    return k.shift == SHIFT_ANY || (k.shift == SHIFT_DOWN) == shift;
}

ActionKind action_of_key(int code, bool shift, bool ctrl) {
    for (int kind = 0; kind < ACT_COUNT; kind++)
        for (int i = 0; i < KEYS_PER_ACTION; i++)
            if (key_matches(action_defs[kind].keys[i], code, shift, ctrl)) return (ActionKind)kind;
    return ACT_NONE;
}

// The index of a word in a list of n, or -1.
static int word_index(const char *word, const char *const *words, int n) {
    for (int i = 0; i < n; i++)
        if (strcmp(word, words[i]) == 0) return i;
    return -1;
}

// A setting of the export dialog, and with `pick` one of its words.
static bool read_setting(const char *rest, bool pick, Action *out) {
    char id[32];
    size_t n = strcspn(rest, " ");
    if (n >= sizeof id) return false;
    memcpy(id, rest, n);
    id[n] = '\0';
    out->arg = (int)export_row_find(id);
    if (out->arg == SET_COUNT || pick != (rest[n] == ' ')) return false;
    if (pick) out->arg2 = export_word_find((ExportSetting)out->arg, rest + n + 1);
    return out->arg2 >= 0;
}

// Reads what follows the word; false if it does not fit.
static bool read_argument(Takes takes, const char *rest, Action *out) {
    char *end = NULL;
    switch (takes) {
    case TAKES_NOTHING: return *rest == '\0';
    case TAKES_NUMBER: out->arg = (int)strtol(rest, &end, 10); return end != rest && *end == '\0';
    case TAKES_REAL: out->number = strtod(rest, &end); return end != rest && *end == '\0';
    case TAKES_TEXT: out->text = rest; return *rest != '\0';
    case TAKES_GUESS:
        out->arg = (int)strtol(rest, &end, 10);
        if (end == rest) return false;
        rest = end;
        out->number = strtod(rest, &end);
        return end != rest && *end == '\0';
    case TAKES_OPTION:
        out->arg = (int)strtol(rest, &end, 10);
        if (end == rest) return false;
        rest = end;
        out->arg2 = (int)strtol(rest, &end, 10);
        return end != rest && *end == '\0';
    case TAKES_SETTING: return read_setting(rest, false, out);
    case TAKES_PICK: return read_setting(rest, true, out);
    case TAKES_GRAIN: out->arg = word_index(rest, grain_names, GRAIN_COUNT); break;
    case TAKES_PHASE: out->arg = word_index(rest, phase_names, PHASE_COUNT); break;
    case TAKES_THEME: out->arg = word_index(rest, theme_names, THEME_COUNT); break;
    case TAKES_LANG: out->arg = word_index(rest, lang_names, LANG_COUNT); break;
    }
    // themes and languages alone mean "the next one"
    bool may_lack = takes == TAKES_THEME || takes == TAKES_LANG;
    return out->arg >= 0 || (may_lack && *rest == '\0');
}

bool action_parse(Arena *a, const char *line, Action *out, const char **why) {
    size_t n = strcspn(line, " \t\r\n");
    const char *word = arena_copy(a, line, n);
    const char *rest = line + n + strspn(line + n, " \t");
    rest = arena_copy(a, rest, strcspn(rest, "\r\n"));
    for (int kind = 1; kind < ACT_COUNT; kind++) {
        if (strcmp(word, action_defs[kind].id) != 0) continue;
        *out = action((ActionKind)kind);
        if (read_argument(action_defs[kind].takes, rest, out)) return true;
        *why = arena_printf(a, "\"%s\" does not go with \"%s\"", word, rest);
        return false;
    }
    *why = arena_printf(a, "there is no action \"%s\"", word);
    return false;
}
